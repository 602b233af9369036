//! `syncro invoice list`: invoices, filtered by the server where it can and again here.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::api::ids::{CustomerId, TicketId};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::{List, Reader};
use crate::commands::answer::{Search, Shown};
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, CustomerArg, TicketArg, reading};
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Result};
use crate::render;

/// List invoices
///
/// Syncro cannot filter invoices by customer. With --customer, pages are read until enough invoices are found.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice list --unpaid
  syncro invoice list --customer Mossgate --since 3m
  syncro invoice list --ticket 32176 --json | jq '.[].total'")]
pub struct ListArgs {
    /// Only unpaid invoices
    #[arg(long, conflicts_with = "paid")]
    pub unpaid: bool,
    /// Only paid invoices
    #[arg(long)]
    pub paid: bool,
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// Only for this ticket
    #[arg(long, value_name = "NUMBER")]
    pub ticket: Option<TicketArg>,
    /// Only invoices dated on or after this day: 2026-03-01, monday, 30d
    #[arg(long, value_name = "DAY")]
    pub since: Option<String>,
    #[command(flatten)]
    limit: Limit,
}

/// Which are wanted, resolved.
struct Wanted {
    paid: Option<bool>,
    customer: Option<CustomerId>,
    since: Option<Date>,
}

impl Wanted {
    fn asked(&self, ticket: Option<TicketId>) -> List<Invoice> {
        let mut list = match ticket {
            Some(ticket) => invoices::of_ticket(ticket),
            None => invoices::all(),
        };
        if let Some(paid) = self.paid {
            list = list.with(if paid { "paid" } else { "unpaid" }, true);
        }
        if let Some(customer) = self.customer {
            list = list.with("customer_id", customer);
        }
        // Nothing is made after it last changed. The server's zone is not known: two days are early enough.
        if let Some(since) = self.since {
            list = list.with("since_updated_at", since.saturating_sub(2.days()));
        }
        list
    }
}

/// Runs `syncro invoice list`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let zone = ctx.settings().timezone.clone();
    let now = jiff::Zoned::now().with_time_zone(zone);
    let day = |typed: &String| dates::day(typed, &now, Lean::Past).map_err(Error::usage);
    let since = args.since.as_ref().map(day).transpose()?;
    let reader = ctx.reader()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let wanted = Wanted { paid: (args.paid || args.unpaid).then_some(args.paid), customer, since };
    let shown = match &args.ticket {
        Some(typed) => {
            let read = |ticket| read(ctx, &reader, args, &wanted, Some(ticket));
            reading::of_ticket(ctx, &reader, typed, read).await?
        }
        None => read(ctx, &reader, args, &wanted, None).await?,
    };
    shown.print(ctx, &render::invoice::LIST, "no matching invoices", render::invoice::list)
}

async fn read(
    ctx: &Context,
    reader: &Reader,
    args: &ListArgs,
    wanted: &Wanted,
    ticket: Option<TicketId>,
) -> Result<Shown<Invoice>> {
    let zone = &ctx.settings().timezone;
    let made = |invoice: &Invoice| match invoice.created_at {
        Some(at) => Some(at.to_zoned(zone.clone()).date()),
        None => invoice.date,
    };
    let keep = |invoice: &Invoice| {
        wanted.paid.is_none_or(|paid| invoice.is_paid == paid)
            && wanted.customer.is_none_or(|id| invoice.customer_id == Some(id))
            && ticket.is_none_or(|id| invoice.ticket_id == Some(id))
            && wanted.since.is_none_or(|since| made(invoice) >= Some(since))
    };
    let search = Search {
        list: wanted.asked(ticket),
        limit: args.limit,
        keep: &keep,
        same_filter: wanted.customer.is_none() && wanted.since.is_none(),
    };
    search.read(reader).await
}
