//! `syncro invoice show`: one invoice with lines, amounts, payments and its ticket.

use super::find::{InvoiceArg, find_or_customers};
use crate::api::Reader;
use crate::api::folder::INVOICES;
use crate::api::ids::TicketId;
use crate::api::resources::tickets;
use crate::commands::listing::look;
use crate::commands::open::{self, WebFlag};
use crate::context::Context;
use crate::error::Result;
use crate::output::OfflineFlag;
use crate::render::{self, Look};
use crate::workflow::shown_page;

/// Show one invoice: line items, amounts, payments, ticket
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice show 67410
  syncro invoice show mossgate
  syncro invoice show id:1652300001 --json | jq .line_items")]
pub struct ShowArgs {
    /// Invoice number, id:1652300001, or a customer: the only open invoice, or one of several
    #[arg(value_name = "NUMBER")]
    pub invoice: InvoiceArg,
    /// In the browser
    #[command(flatten)]
    pub browser: WebFlag,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// Runs `syncro invoice show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    if args.browser.web {
        return open::invoice(ctx, &args.invoice).await;
    }
    let reader = ctx.reader_to_show()?;
    let invoice = find_or_customers(ctx, &reader, &args.invoice).await?;
    if ctx.how().json {
        return ctx.json(&invoice.raw);
    }
    let ticket = match invoice.ticket_id {
        Some(id) => Some(ticket(ctx, &reader, id).await),
        None => None,
    };
    let look = Look { address: shown_page(ctx, INVOICES, invoice.id.0), ..look(ctx) };
    let page = render::invoice::page(&invoice, ticket.as_deref(), &look);
    ctx.ui().page(&page)
}

/// The ticket in a line, which the invoice knows by its id alone.
async fn ticket(ctx: &Context, reader: &Reader, id: TicketId) -> String {
    // Only a help: one that cannot be read is shown by its id.
    match reader.get(tickets::get(id)).await {
        Ok(ticket) if ticket.id == id => {
            if let Ok(known) = ctx.ticket_numbers() {
                known.remember(&ticket);
            }
            format!("#{} {}", ticket.number, ticket.subject)
        }
        _ => format!("id:{id}"),
    }
}
