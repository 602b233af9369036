//! `syncro ticket <number>`: one ticket on a page, or whole with `--json`.

use std::cmp::Reverse;

use serde_json::Value;

use crate::api::folder::TICKETS;
use crate::api::ids::TicketId;
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error as ApiError, Listing, Reader, Record};
use crate::billing::uninvoiced::{self, Unmarked};
use crate::commands::listing::look;
use crate::commands::open::{self, WebFlag};
use crate::commands::resolve::{Target, TicketArg, reading};
use crate::context::Context;
use crate::error::Result;
use crate::output::OfflineFlag;
use crate::render::{COMMENTS, Look, TicketPage, ticket_page};
use crate::reports::kept::INVOICE;
use crate::sorting;
use crate::workflow::shown_page;

/// Show one ticket with comments, time and billing state
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro ticket 32181
  syncro ticket 32181 --all-comments
  syncro ticket 32181 --json | jq .line_items")]
pub struct TicketArgs {
    /// Ticket number (#32181 and id:108443837 also work)
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Show all comments instead of the last five
    #[arg(long)]
    pub all_comments: bool,
    /// In the browser
    #[command(flatten)]
    pub browser: WebFlag,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// Everything on the page.
struct Page {
    ticket: Record<Ticket>,
    comments: Listing<Comment>,
    invoices: Vec<Record<Invoice>>,
    /// Lines that one of the invoices has without Syncro's mark.
    unmarked: Unmarked,
    customer: Option<Record<Customer>>,
}

/// Runs `syncro ticket`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &TicketArgs) -> Result<()> {
    if args.browser.web {
        return open::ticket(ctx, &args.ticket).await;
    }
    let reader = ctx.reader_to_show()?;
    let all = args.all_comments || ctx.how().json;
    let read = |target| read(&reader, target, all);
    let page = reading::with_ticket(ctx, &reader, &args.ticket, read, |page| &page.ticket).await?;
    if ctx.how().json {
        return ctx.json(&json(page));
    }
    ctx.ui().page(&text(ctx, &page, args.all_comments))
}

/// All at once; the customer with them when it is known from before. Of the comments `all`, or the newest page.
async fn read(reader: &Reader, target: Target, all: bool) -> Result<Page, ApiError> {
    let id = target.id;
    let ticket = async |reader: &Reader| reader.get(tickets::get(id)).await;
    let comments = async |reader: &Reader| newest_first(reader, id, all).await;
    let invoices = async |reader: &Reader| reader.all(invoices::of_ticket(id).partly()).await;
    let customer = async |reader: &Reader| match target.customer {
        Some(customer) => reader.get(customers::get(customer)).await.map(Some),
        None => Ok(None),
    };
    let page = async |reader: &Reader| reader.both(&ticket, &comments).await;
    let beside = async |reader: &Reader| reader.both(&invoices, &customer).await;
    let ((ticket, comments), (invoices, customer)) = reader.both(page, beside).await?;
    let same = |customer: &Record<Customer>| Some(customer.id) == ticket.customer_id;
    let customer = async {
        match (customer.filter(same), ticket.customer_id) {
            (None, Some(id)) => reader.get(customers::get(id)).await.map(Some),
            (customer, _) => Ok(customer),
        }
    };
    let (customer, unmarked) = tokio::join!(customer, unmarked(reader, &ticket, &invoices.items));
    let (customer, invoices) = (customer?, invoices.items);
    Ok(Page { ticket, comments, invoices, unmarked, customer })
}

/// The lines that an invoice has without Syncro's mark. The lines of the ticket's invoices are asked only where a line may be
/// on one of them.
pub(super) async fn unmarked(
    reader: &Reader,
    ticket: &Ticket,
    invoices: &[Record<Invoice>],
) -> Unmarked {
    let invoices = invoices.iter().filter(|one| uninvoiced::may_have(one, &ticket.line_items));
    let pages = invoices.map(|one| invoices::get(one.id).keeping(&INVOICE)).collect();
    // One that cannot be read proves nothing.
    let pages = reader.several("invoices", pages).await.unwrap_or_default();
    uninvoiced::unmarked(&ticket.line_items, &pages.into_iter().flatten().collect::<Vec<_>>())
}

/// The comments, newest first, also where the server sorts them otherwise: then the newest may be on any page.
async fn newest_first(
    reader: &Reader,
    id: TicketId,
    all: bool,
) -> Result<Listing<Comment>, ApiError> {
    let list = || comments::of_ticket(id).partly();
    let is_sorted = |found: &Listing<Comment>| {
        found.items.is_sorted_by(|newer, older| newer.created_at >= older.created_at)
    };
    let does = |found: &Listing<Comment>| found.complete || found.short || is_sorted(found);
    let newest = async |reader: &Reader| reader.all(list().enough(COMMENTS)).await;
    let whole = async |reader: &Reader| reader.all(list()).await;
    let mut found = match all {
        true => reader.all_with(list(), comments::among_all(id).partly()).await?,
        false => reader.or_again(newest, does, whole).await?,
    };
    if !is_sorted(&found) {
        sorting::sort_by_key(&mut found.items, |one| Reverse((one.created_at, one.id)));
    }
    Ok(found)
}

/// The API's own ticket, with all its comments and its invoices.
fn json(page: Page) -> Value {
    let mut ticket = page.ticket.raw;
    ticket["comments"] = page.comments.items.into_iter().map(|comment| comment.raw).collect();
    ticket["invoices"] = page.invoices.into_iter().map(|invoice| invoice.raw).collect();
    ticket
}

fn text(ctx: &Context, page: &Page, all_comments: bool) -> String {
    let settings = ctx.settings();
    let address = shown_page(ctx, TICKETS, page.ticket.id.0);
    let look = Look { all_comments, address, ..look(ctx) };
    let page = TicketPage {
        ticket: &page.ticket,
        comments: &page.comments.items,
        comment_count: match page.comments.complete || page.comments.short {
            true => u64::try_from(page.comments.items.len()).ok(),
            false => page.comments.total,
        },
        customer: page.customer.as_ref(),
        invoices: &page.invoices,
        unmarked: &page.unmarked,
        closed: &settings.tickets.closed,
    };
    ticket_page(&page, &look)
}
