//! `syncro line list`: what a ticket will put on its invoice, and what it has put there.

use crate::api::resources::{invoices, tickets};
use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::commands::resolve::{Target, TicketArg, reading};
use crate::commands::ticket::unmarked;
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
    let reader = ctx.reader_to_show()?;
    // Syncro's own mark is all that a script reads.
    let is_json = ctx.how().json;
    let read = |target: Target| {
        let reader = &reader;
        async move {
            let invoices = async {
                match is_json {
                    true => Ok(Vec::new()),
                    false => {
                        let list = invoices::of_ticket(target.id).partly();
                        reader.all(list).await.map(|found| found.items)
                    }
                }
            };
            tokio::try_join!(reader.get(tickets::get(target.id)), invoices)
        }
    };
    let (mut ticket, invoices) =
        reading::with_ticket(ctx, &reader, &args.ticket, read, |(ticket, _)| ticket).await?;
    let unmarked = unmarked(&reader, &ticket, &invoices).await;
    let lines = std::mem::take(&mut ticket.view.line_items);
    let shown = Shown::whole(&lines, args.limit);
    let nothing = format!("ticket #{} has no line items", ticket.number);
    shown.print(ctx, &render::line::LIST, &nothing, |items, _| {
        render::line::list(&lines, items.len(), &unmarked)
    })
}
