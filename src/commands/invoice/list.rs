//! `syncro invoice list`: invoices, filtered by the server where it can and again here.

use jiff::ToSpan as _;

use crate::api::ids::TicketId;
use crate::api::resources::invoices::{self, Invoice};
use crate::commands::answer::Shown;
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

/// Runs `syncro invoice list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let zone = ctx.settings().timezone.clone();
    let now = jiff::Zoned::now().with_time_zone(zone.clone());
    let day = |typed: &String| dates::day(typed, &now, Lean::Past).map_err(Error::usage);
    let since = args.since.as_ref().map(day).transpose()?;
    let reader = ctx.reader()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let paid = (args.paid || args.unpaid).then_some(args.paid);
    let list = |ticket: Option<TicketId>| {
        let zone = zone.clone();
        let made = move |invoice: &Invoice| match invoice.created_at {
            Some(at) => Some(at.to_zoned(zone.clone()).date()),
            None => invoice.date,
        };
        let all = ticket.map_or_else(invoices::all, invoices::of_ticket);
        let list = match paid {
            None => all,
            Some(true) => all.filter("paid", Some(true), |one| one.is_paid),
            Some(false) => all.filter("unpaid", Some(true), |one| !one.is_paid),
        };
        let list = match customer {
            None => list,
            Some(_) => list.near("customer_id", customer, move |one| one.customer_id == customer),
        };
        match since {
            None => list,
            // Nothing is made after it last changed. The server's zone is not known: two days are early enough.
            Some(day) => {
                let early = day.saturating_sub(2.days());
                list.near("since_updated_at", Some(early), move |one| made(one) >= since)
            }
        }
    };
    let shown = match &args.ticket {
        Some(typed) => {
            let read = |ticket| Shown::read(&reader, list(Some(ticket)), args.limit);
            reading::of_ticket(ctx, &reader, typed, read).await?
        }
        None => Shown::read(&reader, list(None), args.limit).await?,
    };
    shown.print(ctx, &render::invoice::LIST, "no matching invoices", render::invoice::list)
}
