//! `syncro timer delete`: removes a timer entry. One that is charged stays, unless it is said twice.

use crate::api::ids::TimerId;
use crate::api::resources::timers;
use crate::commands::on_ticket::{OnTicket, Part};
use crate::commands::resolve::{IdOrName, TicketArg};
use crate::context::Context;
use crate::error::Result;
use crate::operations::Guard;
use crate::workflow::{Approval, Overrides, guards};

/// Delete a timer entry of a ticket
///
/// A charged entry requires --charged-timer; its line item stays on the ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer delete 32168 48700003
  syncro timer delete 32168 48700003 --yes --json")]
pub struct DeleteArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry: an id, a labor type, part of the notes, or running
    #[arg(value_name = "TIMER")]
    pub timer: IdOrName,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::ChargedTimer]) }>,
}

/// Runs `syncro timer delete`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let request = |ticket, timer| timers::delete(ticket, TimerId(timer));
    let command = ("timer delete", &args.overrides.allowed);
    on.write_to(&approval, command, (Part::TimerEntry, &args.timer), request).await
}
