//! `syncro line remove`: takes a line item off its ticket. One that is invoiced stays, unless it is said twice.

use crate::api::ids::LineItemId;
use crate::api::resources::line_items;
use crate::commands::on_ticket::{OnTicket, Part};
use crate::commands::resolve::{IdOrName, TicketArg};
use crate::context::Context;
use crate::error::Result;
use crate::operations::Guard;
use crate::workflow::{Approval, Overrides, guards};

/// Remove a line item from a ticket
///
/// An invoiced line item requires --invoiced-line, because the invoice refers to it.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line remove 32178 2964400000
  syncro line remove 32178 \"SSD 1 TB\"
  syncro line remove 32178 2964400000 --yes --json")]
pub struct RemoveArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Line item: an id, a name or part of one
    #[arg(value_name = "LINE")]
    pub line: IdOrName,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::InvoicedLine, Guard::ChargedTimer]) }>,
}

/// Runs `syncro line remove`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &RemoveArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let request = |ticket, line| line_items::remove(ticket, LineItemId(line));
    let command = ("line remove", &args.overrides.allowed);
    on.write_to(&approval, command, (Part::LineItem, &args.line), request).await
}
