//! `syncro line list`: what a ticket will put on its invoice, and what it has put there.

use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::commands::resolve::{TicketArg, reading};
use crate::context::Context;
use crate::error::Result;
use crate::render;

/// List a ticket's line items
///
/// Shows the ids to use with `line update` and `line remove`, and the total that is not invoiced yet.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro line list 32178
  syncro line list 32178 --json | jq '.[] | select(.converted == false)'")]
pub struct ListArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    #[command(flatten)]
    limit: Limit,
}

/// Runs `syncro line list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let mut ticket = reading::ticket(ctx, &reader, &args.ticket).await?;
    let lines = std::mem::take(&mut ticket.view.line_items);
    let shown = Shown::whole(&lines, args.limit);
    let nothing = format!("ticket #{} has no line items", ticket.number);
    shown.print(ctx, &render::line::LIST, &nothing, |items, _| {
        render::line::list(&lines, items.len())
    })
}
