//! `syncro ticket <number>`: one ticket on a page, or whole with `--json`.

use futures_util::future::join_all;
use serde_json::Value;

use crate::api::Record;
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error as ApiError, Reader};
use crate::billing::uninvoiced::{self, Unmarked};
use crate::commands::resolve::{self, Target, TicketArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::{Look, TicketPage, ticket_page};

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
}

/// Everything on the page.
struct Page {
    ticket: Record<Ticket>,
    comments: Vec<Record<Comment>>,
    invoices: Vec<Record<Invoice>>,
    /// Lines that one of the invoices has without Syncro's mark.
    unmarked: Unmarked,
    customer: Option<Record<Customer>>,
}

/// Runs `syncro ticket`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &TicketArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let known = ctx.ticket_numbers()?;
    let target = resolve::target(&reader, &known, &args.ticket).await?;
    let page = match read(&reader, &target).await {
        Ok(page) if resolve::proves(&args.ticket, &page.ticket) => page,
        Err(error) if !matches!(error, ApiError::NotFound { .. }) => return Err(error.into()),
        // A remembered id that is another ticket's, or nobody's, is asked for again.
        _ => match &args.ticket {
            TicketArg::Number(number) if target.remembered => {
                read(&reader, &resolve::find(&reader, number).await?).await?
            }
            typed => return Err(resolve::not_found(typed)),
        },
    };
    known.remember(&page.ticket);
    if ctx.how().json {
        return ctx.ui().json(&json(page));
    }
    ctx.ui().stdout(&text(ctx, &page, args.all_comments))
}

/// All at once; the customer with them when it is known from before.
async fn read(reader: &Reader, target: &Target) -> Result<Page, ApiError> {
    let id = target.id;
    let customer = async {
        match target.customer {
            Some(customer) => reader.get(customers::get(customer)).await.map(Some),
            None => Ok(None),
        }
    };
    let (ticket, comments, mut invoices, customer) = tokio::try_join!(
        reader.get(tickets::get(id)),
        reader.all(comments::of_ticket(id)),
        reader.all(invoices::of_ticket(id)),
        customer,
    )?;
    invoices.items.retain(|invoice| invoice.ticket_id == Some(id));
    let same = |customer: &Record<Customer>| Some(customer.id) == ticket.customer_id;
    let customer = async {
        match (customer.filter(same), ticket.customer_id) {
            (None, Some(id)) => reader.get(customers::get(id)).await.map(Some),
            (customer, _) => Ok(customer),
        }
    };
    let (customer, unmarked) = tokio::join!(customer, unmarked(reader, &ticket, &invoices.items));
    let (customer, invoices) = (customer?, invoices.items);
    Ok(Page { ticket, comments: comments.items, invoices, unmarked, customer })
}

/// The lines of the ticket's invoices are asked only where a line may be on one of them.
async fn unmarked(reader: &Reader, ticket: &Ticket, invoices: &[Record<Invoice>]) -> Unmarked {
    let invoices = invoices.iter().filter(|one| uninvoiced::may_have(one, &ticket.line_items));
    let pages = invoices.map(|one| reader.get(invoices::get(one.id)));
    // One that cannot be read proves nothing.
    let pages: Vec<_> = join_all(pages).await.into_iter().filter_map(Result::ok).collect();
    uninvoiced::unmarked(&ticket.line_items, &pages)
}

/// The API's own ticket, with all its comments.
fn json(page: Page) -> Value {
    let mut ticket = page.ticket.raw;
    ticket["comments"] = page.comments.into_iter().map(|comment| comment.raw).collect();
    ticket
}

fn text(ctx: &Context, page: &Page, all_comments: bool) -> String {
    let settings = ctx.settings();
    let look = Look {
        width: ctx.ui().width(),
        zone: settings.timezone.clone(),
        now: jiff::Timestamp::now(),
        colour: ctx.ui().colour(),
        all_comments,
    };
    let page = TicketPage {
        ticket: &page.ticket,
        comments: &page.comments,
        customer: page.customer.as_ref(),
        invoices: &page.invoices,
        unmarked: &page.unmarked,
        closed: &settings.tickets.closed,
    };
    ticket_page(&page, &look)
}
