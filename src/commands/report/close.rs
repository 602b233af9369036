//! `syncro report close`: what to look at before a month is closed.

use jiff::Zoned;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::flags::{CheckFlags, Wanted};
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading::Read;
use super::{drift, prepaid, reading, uninvoiced};
use crate::api::resources::customers::Customer;
use crate::api::resources::{invoices, payments};
use crate::api::{Begun, Reader, Record};
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Kind, Result};
use crate::render::report_close::{self as render, CLOSE};
use crate::reports::close::{Input, MEMBERS, leave_later, report};
use crate::reports::prepaid::Report as Prepaid;
use crate::reports::{LeftOut, Seen, Takes, Why, kept, why};

/// Show what to check before you close a month
///
/// A line each, of the month and before: "drift" are losses of `report drift`, as they are today, on tickets made by then;
/// "uninvoiced" is work without an invoice, "running" are running timers, "prepaid-over" are blocks that do not cover that work
/// today, "unpaid-zero" are unpaid $0.00 invoices, "recurring" are recurring invoices that did not run, "payments" are payments
/// for no invoice. Reads the page of each ticket that changed since the month began, or in the last 180 days. Whether a new
/// timer entry or line item counts as a change of its ticket is Syncro's decision; an earlier --month reads more tickets.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report close
  syncro report close --month 2026-02
  syncro report close --check --quiet > /dev/null || echo \"look at it\"

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct CloseArgs {
    /// The month, like 2026-02 or "this month" [default: last month]
    #[arg(long, value_name = "MONTH")]
    month: Option<String>,
    #[command(flatten)]
    check: CheckFlags,
}

/// Runs `syncro report close`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &CloseArgs) -> Result<()> {
    check_columns(ctx, &CLOSE, &MEMBERS)?;
    let typed = args.month.as_deref().unwrap_or("last month");
    // What is no month is said before anything is read, and which one it is by the server's clock.
    month(typed, &ctx.present())?;
    let reader = ctx.reader_to_show()?;
    let mut permission = Permission::of(&reader);
    let (unpaid, paid, customers) = tokio::join!(
        reader.begin(invoices::not_paid(None).keeping(&kept::INVOICE)),
        reader.begin(payments::all().keeping(&kept::PAYMENT)),
        prepaid::begin_customers(&reader),
    );
    let beside = reading::left(&unpaid) + reading::left(&paid) + reading::left(&customers);
    let now = ctx.present();
    let first = month(typed, &now)?;
    let (last, zone) = (first.last_of_month(), now.time_zone());
    let (wanted, since) = Wanted::lately_and_since(ctx, first)?;
    let found = drift::read(ctx, &reader, &wanted, beside, &mut permission).await?;
    let blocks = blocks(ctx, &reader, customers, &mut permission).await?;
    let mut seen: Vec<Seen> = found.cases.into_iter().map(|case| case.seen).collect();
    seen.iter_mut().for_each(|seen| leave_later(seen, last, zone));
    let takes = Takes::of(found.schedules.as_deref().map_err(|why| *why));
    let read = uninvoiced::Read { seen: &seen, takes: &takes, left_out: LeftOut::default() };
    let uninvoiced = uninvoiced::judged(ctx, &reader, read, &wanted, &mut permission).await?;
    let prepaid = over(ctx, &reader, blocks, seen, &mut permission).await?;
    let unpaid = rest(ctx, &reader, &mut permission, unpaid, why::UNPAID).await?;
    let paid = rest(ctx, &reader, &mut permission, paid, why::PAYMENTS).await?;
    let input = Input {
        last,
        today: now.date(),
        zone,
        since,
        drift: &found.report,
        uninvoiced: &uninvoiced,
        prepaid: &prepaid,
        unpaid: unpaid.as_deref().map_err(|why| *why),
        schedules: found.schedules.as_deref().map_err(|why| *why),
        payments: paid.as_deref().map_err(|why| *why),
    };
    let report = report(&input, &found.left_out);
    let program = ctx.program();
    let answer = Answer {
        shape: &CLOSE,
        name: "close",
        as_of: ctx.now(),
        filters: json!({
            "month": first.strftime("%Y-%m").to_string(),
            "since": wanted.json()["since"],
        }),
        found: report.found(),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::close(&report, &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "nothing to look at",
    };
    print(ctx, answer, args.check)
}

/// The first day of a month that was typed: `2026-02`, or any day of it.
///
/// # Errors
/// Exit 2 for what is neither, and for a month that has not begun.
fn month(typed: &str, now: &Zoned) -> Result<Date> {
    let whole = format!("{typed}-01").parse::<Date>();
    let day = whole.or_else(|_| dates::day(typed, now, Lean::Past));
    let day = day.map_err(|why| Error::usage(format!("--month: {why}")).hint(HOW))?;
    match day.first_of_month() {
        first if first > now.date() => {
            Err(Error::usage(format!("--month {typed} is in the future")).hint(HOW))
        }
        first => Ok(first),
    }
}

/// How a month is typed.
const HOW: &str = "use 2026-02, \"last month\" or a day of the month";

/// The rest of a list of the account, where that is whole; or why nothing follows from it.
///
/// # Errors
/// Those of the permission, and what stops all reads.
async fn rest<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    begun: Read<Begun<T>>,
    why: Why,
) -> Result<std::result::Result<Vec<Record<T>>, Why>> {
    match reading::rest(ctx, reader, permission, begun).await? {
        Ok(listing) if listing.complete && listing.unclear.is_empty() => Ok(Ok(listing.items)),
        Err(error) if error.stops_all() => Err(error.into()),
        Ok(_) | Err(_) => Ok(Err(why)),
    }
}

/// The customers, and what of their blocks could not be read; none where their list cannot be.
async fn blocks(
    ctx: &Context,
    reader: &Reader,
    begun: Read<Begun<Customer>>,
    permission: &mut Permission,
) -> Result<(Vec<Record<Customer>>, LeftOut)> {
    let unread = match ctx.is_offline() {
        // What is not in the mirror is said as that.
        true => [].as_slice(),
        false => &[Kind::NotAuthorised, Kind::NotFound, Kind::Unavailable],
    };
    match prepaid::customers(ctx, reader, Some(begun), None, permission).await {
        Err(error) if unread.contains(&error.kind) => {
            let mut left_out = LeftOut::default();
            left_out.add(why::ALL_CUSTOMERS, None);
            Ok((Vec::new(), left_out))
        }
        customers => customers,
    }
}

/// The prepaid blocks, with what waits to be taken from them; what was taken lately is another question.
async fn over(
    ctx: &Context,
    reader: &Reader,
    (customers, left_out): (Vec<Record<Customer>>, LeftOut),
    mut seen: Vec<Seen>,
    permission: &mut Permission,
) -> Result<Prepaid> {
    let ids = prepaid::with_block(&customers);
    // A ticket that names nobody may be theirs.
    seen.retain(|seen| seen.ticket.customer_id.is_none_or(|id| ids.contains(&id)));
    let read = prepaid::Read { customers, invoices: Vec::new(), left_out };
    prepaid::judged(ctx, reader, read, &seen, permission).await
}
