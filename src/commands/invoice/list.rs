//! `syncro invoice list`: invoices, filtered by the server where it can and again here.

use jiff::Zoned;
use jiff::civil::Date;

use crate::api::List;
use crate::api::ids::{CustomerId, TicketId};
use crate::api::resources::invoices::{self, Invoice};
use crate::billing::balance::Standing;
use crate::commands::answer::{self, Shown};
use crate::commands::days::{DayFlags, Days};
use crate::commands::listing::Limit;
use crate::commands::payment::received::payments_of;
use crate::commands::resolve::{self, CustomerArg, TicketArg, reading};
use crate::commands::sort::{By, SortFlags, SortKey, by};
use crate::context::Context;
use crate::error::Result;
use crate::render;

/// List invoices
///
/// Syncro cannot filter invoices by customer or --until. For these, pages are read until enough invoices are found.
#[derive(Debug, Clone, clap::Args)]
#[command(mut_arg("sort", by(&FIELDS)), after_help = "\
Examples:
  syncro invoice list --unpaid
  syncro invoice list --overdue --sort due
  syncro invoice list --since 2026-03-01 --until 2026-03-31 --all
  syncro invoice list --customer Mossgate --since 3m
  syncro invoice list --ticket 32176 --json | jq '.[].total'")]
pub struct ListArgs {
    /// Only unpaid invoices
    #[arg(long, conflicts_with = "paid")]
    pub unpaid: bool,
    /// Only paid invoices
    #[arg(long)]
    pub paid: bool,
    /// Only unpaid invoices that are past their due date
    #[arg(long, conflicts_with = "paid")]
    pub overdue: bool,
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    /// Only for this ticket
    #[arg(long, value_name = "NUMBER")]
    pub ticket: Option<TicketArg>,
    #[command(flatten)]
    days: DayFlags,
    #[command(flatten)]
    sort: SortFlags,
    #[command(flatten)]
    limit: Limit,
}

/// What invoices can be sorted by.
static FIELDS: [By<Invoice>; 5] = [
    By { name: "number", column: "number", falls: true, key: |one| SortKey::number(&one.number.0) },
    By { name: "date", column: "date", falls: true, key: |one| one.date.map(SortKey::Day) },
    By { name: "due", column: "due_date", falls: false, key: |one| one.due_date.map(SortKey::Day) },
    By { name: "total", column: "total", falls: true, key: |one| one.total.map(SortKey::Amount) },
    By {
        name: "customer",
        column: "customer_business_then_name",
        falls: false,
        key: |one| SortKey::word(&one.customer_business_then_name),
    },
];

/// Which invoices are wanted.
#[derive(Debug, Clone)]
struct Filter {
    paid: Option<bool>,
    overdue: bool,
    customer: Option<CustomerId>,
    days: Days,
    now: Zoned,
}

impl Filter {
    fn list(&self, ticket: Option<TicketId>) -> List<Invoice> {
        let all = ticket.map_or_else(invoices::all, invoices::of_ticket);
        let list = match self.paid {
            None => all,
            Some(paid) => invoices::judged_by(all, paid),
        };
        let today = self.now.date();
        let list = match self.overdue {
            false => list,
            true => list.keep(move |one| is_overdue(one, today)),
        };
        let customer = self.customer;
        let list = match customer {
            None => list,
            Some(_) => list.near("customer_id", customer, move |one| one.customer_id == customer),
        };
        let days = self.days.clone();
        if days.is_any() {
            return list;
        }
        let (zone, asked) = (self.now.time_zone().clone(), days.asked());
        invoices::dated_since(list, asked, move |one| {
            one.unreadable.judged("date", days.have(one.day(&zone)))
        })
    }
}

/// Whether it is late; `None` where nobody can tell when it is due, or whether it is paid.
fn is_overdue(invoice: &Invoice, today: Date) -> Option<bool> {
    let standing = Standing::of(invoice, today);
    let fits = invoice.unreadable.judged("due_date", standing == Standing::Overdue);
    fits.filter(|_| standing != Standing::MarkedPaid)
}

/// Runs `syncro invoice list`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ListArgs) -> Result<()> {
    let now = ctx.present();
    let days = args.days.days(&now)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let overdue = args.overdue;
    let paid = (args.paid || args.unpaid || overdue).then_some(args.paid);
    let filter = Filter { paid, overdue, customer, days, now };
    let sorting = args.sort.sorting(&FIELDS);
    let read = |ticket| Shown::sorted(&reader, filter.list(ticket), args.limit, sorting.as_ref());
    let mut shown = match &args.ticket {
        Some(typed) => reading::of_ticket(ctx, &reader, typed, |ticket| read(Some(ticket))).await?,
        None => read(None).await?,
    };
    // What is open rests on them.
    let list = &render::invoice::LIST;
    let shows_open = ctx.output().columns.is_none() || answer::is_named(ctx, list, "open");
    if !ctx.how().json && shows_open {
        payments_of(&reader, &mut shown.items).await;
    }
    shown.print(ctx, list, "no matching invoices", render::invoice::list)
}
