//! `syncro line remove`: takes a line item off its ticket. One that is invoiced stays, unless it is said twice.

use crate::api::ids::LineItemId;
use crate::api::resources::line_items;
use crate::commands::on_ticket::OnTicket;
use crate::commands::resolve::TicketArg;
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
  syncro line remove 32178 2964400000 --yes --json")]
pub struct RemoveArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Line item id, as `syncro line list` shows it
    #[arg(value_name = "LINE")]
    pub line: u64,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::InvoicedLine]) }>,
}

/// Runs `syncro line remove`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &RemoveArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let request = |ticket| line_items::remove(ticket, LineItemId(args.line));
    on.write(&approval, "line remove", &args.overrides.allowed, request).await
}
