//! `syncro line list`: what a ticket will put on its invoice, and what it has put there.

use crate::commands::answer;
use crate::commands::listing::{Limit, Total, look};
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
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let mut ticket = reading::ticket(ctx, &reader, &args.ticket).await?;
    let mut lines = std::mem::take(&mut ticket.view.line_items);
    let shown = args.limit.count().min(lines.len());
    let total = Total::all_of(&lines);
    if ctx.how().json {
        lines.truncate(shown);
        answer::array(ctx, lines)?;
    } else if lines.is_empty() {
        ctx.ui().note(&format!("ticket #{} has no line items", ticket.number));
    } else {
        ctx.ui().stdout(&render::line::list(&lines, shown, &look(ctx)))?;
    }
    total.say(ctx.ui(), shown);
    Ok(())
}
