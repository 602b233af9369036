//! `syncro report time`, and `syncro today`: time by user and day.

use std::collections::BTreeSet;

use jiff::{ToSpan as _, Zoned};
use serde_json::json;

use super::flags::{CheckFlags, Wanted};
use super::named;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::account::names;
use crate::api::ids::{CustomerId, TicketId, UserId};
use crate::api::resources::tickets::{self, Ticket, Timer};
use crate::api::resources::timelogs::{self, Timelog};
use crate::api::{Error as ApiError, List, Listing, Reader, Record};
use crate::commands::days::Days;
use crate::commands::resolve::{self, CustomerArg, UserArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::list::Shape;
use crate::render::report_time::{self as render, TIME, TODAY};
use crate::reports::time::{By, Input, Report, Wanted as Whose, report, undecided};
use crate::reports::{LeftOut, Office, why};

/// Show time by user and day, and how much of it is billed
///
/// Time counts as it would be billed, on the day it began. "No entry" is labor on tickets that no timer entry was charged as.
/// "Clocked" are Syncro's time logs without lunches, of other users only with the permission Timelogs - Manage; without one, a
/// business day counts 8 hours (`reports.day_hours`). "Used" is the billable part of that, in percent. --check exits with 11
/// for time entered twice, labor without an entry, timers left running on an earlier day, and time logs left open. Reads each
/// ticket changed since the first day: about a request per ticket. Whether a new line item counts as a change of its ticket is
/// Syncro's decision; use an earlier --since to be sure.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report time
  syncro report time --user mika --since \"last month\" --by customer
  syncro report time --jq '.totals.users[] | {user, logged, utilisation}'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct TimeArgs {
    /// Only this user's time: a name, an id, or me
    #[arg(long, value_name = "USER", aliases = ["assignee", "assign", "owner"])]
    user: Option<UserArg>,
    /// First day [default: Monday of the week of the last day]
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Last day [default: today]
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    #[command(flatten)]
    flags: TimeFlags,
}

/// Show your time today: `report time`
///
/// The same report for one user and one day. Labor without a timer entry is found on tickets that Syncro counts as changed today.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro today
  syncro today --by ticket
  syncro today --user mika --json

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct TodayArgs {
    /// Another user's time: a name or an id [default: me]
    #[arg(long, value_name = "USER", aliases = ["assignee", "assign", "owner"])]
    user: Option<UserArg>,
    #[command(flatten)]
    flags: TimeFlags,
}

/// The flags of both.
#[derive(Debug, Clone, clap::Args)]
struct TimeFlags {
    /// Only for this customer: an id or a name; without what is clocked
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    /// A row for each customer or ticket of a day
    #[arg(long, value_enum, value_name = "WHAT")]
    by: Option<Part>,
    #[command(flatten)]
    check: CheckFlags,
}

/// What days are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Customers
    Customer,
    /// Tickets
    Ticket,
}

impl TimeFlags {
    const fn by(&self) -> By {
        match self.by {
            None => By::Day,
            Some(Part::Customer) => By::Customer,
            Some(Part::Ticket) => By::Ticket,
        }
    }
}

/// Runs `syncro report time`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &TimeArgs) -> Result<()> {
    let days = |now: &Zoned| days(args.since.as_deref(), args.until.as_deref(), now);
    show(ctx, &TIME, args.user.as_ref(), &days, &args.flags).await
}

/// Runs `syncro today`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn today(ctx: &Context, args: &TodayArgs) -> Result<()> {
    let user = args.user.as_ref().unwrap_or(&UserArg::Me);
    let days = |now: &Zoned| Days::new(Some(now.date()), Some(now.date()), now.time_zone());
    show(ctx, &TODAY, Some(user), &days, &args.flags).await
}

/// The days that were typed; where no first one was, the week of the last one.
fn days(since: Option<&str>, until: Option<&str>, now: &Zoned) -> Result<Days> {
    let typed = Days::typed(since, until, now)?.begun(now)?;
    let last = typed.last().unwrap_or_else(|| now.date());
    let monday = || last.saturating_sub(i64::from(last.weekday().to_monday_zero_offset()).days());
    let first = typed.first().unwrap_or_else(monday);
    Days::new(Some(first), Some(last), now.time_zone())?.begun(now)
}

/// What the report is made of.
struct Read {
    timers: Vec<Record<Timer>>,
    tickets: Vec<Record<Ticket>>,
    logs: Vec<Record<Timelog>>,
    /// Whether there may be more of them.
    misses_logs: bool,
    left_out: LeftOut,
}

async fn show(
    ctx: &Context,
    shape: &'static Shape,
    typed: Option<&UserArg>,
    days: &(dyn Fn(&Zoned) -> Result<Days> + Sync),
    flags: &TimeFlags,
) -> Result<()> {
    let by = flags.by();
    let shape = render::shape(shape, by);
    check_columns(ctx, shape, &by.members())?;
    // What is no day is said before anything is read, and which day it is by the server's clock.
    days(&ctx.present())?;
    let reader = ctx.reader_to_show()?;
    let user = match typed {
        Some(typed) => Some(resolve::user(ctx, &reader, typed).await?),
        None => None,
    };
    let customer = resolve::customer_id(ctx, &reader, flags.customer.as_ref()).await?;
    let now = ctx.present();
    let days = days(&now)?;
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(()) };
    let whose = Whose { user: user.as_ref().map(|(id, _)| *id), first, last };
    let mut permission = Permission::of(&reader);
    let read = read(ctx, &reader, whose.user, customer, &days, &now, &mut permission).await?;
    let ids = undecided(&read.tickets, whose, &now).into_iter();
    let products = named::products_of(ctx, &reader, ids, &mut permission).await?;
    let mut left_out = read.left_out;
    let hours = match customer {
        Some(_) => None,
        None => reading::business_hours(ctx, why::WEEK, &mut left_out)?,
    };
    let day_hours = ctx.settings().reports.day_hours;
    let misses = read.misses_logs;
    let office = Office { logs: &read.logs, misses, hours: hours.as_ref(), day_hours };
    let input = Input {
        timers: &read.timers,
        tickets: &read.tickets,
        products: &products,
        labor_types: &ctx.settings().labor,
        office: customer.is_none().then_some(&office),
        whose,
        by,
        now: &now,
    };
    let mut report = report(&input, left_out);
    name(ctx, &reader, &mut report, user, &mut permission).await?;
    let program = ctx.program();
    let answer = Answer {
        shape,
        name: "time",
        as_of: now.timestamp(),
        filters: json!({
            "customer_id": customer,
            "user_id": whose.user,
            "since": first,
            "until": last,
            "by": flags.by.map(|part| format!("{part:?}").to_lowercase()),
        }),
        found: report.findings(),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::time(&report, shape, &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "no time in these days",
    };
    print(ctx, answer, flags.check)
}

/// Reads it. A customer's time is on their tickets; of everybody's, the list of all entries tells of tickets that do not
/// count as changed.
///
/// # Errors
/// Those of the list of tickets, of the permission, and what stops all reads.
async fn read(
    ctx: &Context,
    reader: &Reader,
    user: Option<UserId>,
    customer: Option<CustomerId>,
    days: &Days,
    now: &Zoned,
    permission: &mut Permission,
) -> Result<Read> {
    let mut left_out = LeftOut::default();
    // What was done on a day is on tickets that changed then, or later.
    let since = Days::new(days.first(), None, now.time_zone())?;
    let wanted = Wanted::changed(customer, since, now.clone());
    let begun = reading::begin_tickets(reader, &wanted);
    let (begun, timers, logs) = match customer {
        Some(_) => (begun.await, Ok(None), Ok(None)),
        None => tokio::join!(
            begun,
            reader.begin_if_there(entries(user, days)),
            reader.begin_if_there(timelogs::of(user)),
        ),
    };
    let beside = reading::left_if_there(&timers) + reading::left_if_there(&logs);
    let beside = beside + names::requests(ctx);
    // Entries name more tickets, and of some lines only their products tell what they are.
    let entries =
        timers.as_ref().map_or(0, |list| list.as_ref().map_or(0, |list| list.records().1));
    let needs = |tickets: usize| (tickets.saturating_add(beside), tickets.saturating_add(entries));
    let (listing, unread) = reading::listed(ctx, reader, begun, permission, needs).await?;
    left_out.join(unread);
    let timers = reading::rest_if_there(ctx, reader, permission, timers).await??;
    if timers.as_ref().is_some_and(|listing| !listing.complete) {
        left_out.add(why::TIMERS, None);
    }
    let timers = timers.map_or_else(Vec::new, |listing| listing.items);
    let ids = which(&listing.items, &timers, days);
    let tickets = reading::pages(ctx, reader, ids, permission, &mut left_out).await?;
    let logs = reading::rest_if_there(ctx, reader, permission, logs).await?;
    let (logs, misses_logs) = match customer {
        Some(_) => (Vec::new(), false),
        None => all_of(ctx, logs, &mut left_out)?,
    };
    Ok(Read { timers, tickets, logs, misses_logs, left_out })
}

/// The list of the timer entries of these days, and perhaps others.
fn entries(user: Option<UserId>, days: &Days) -> List<Timer> {
    // Only to read less: whose they are, and of when, is seen later.
    let list = tickets::timers();
    let list = days.asked().into_iter().fold(list, |list, day| list.asking("created_at_gt", day));
    list.near("user_id", user, |_| true)
}

/// The tickets whose pages are read: those that changed, but for younger ones than the last day, and those of the entries.
fn which(
    changed: &[Record<Ticket>],
    timers: &[Record<Timer>],
    days: &Days,
) -> Vec<(TicketId, Option<CustomerId>)> {
    let of_timers = timers.iter().filter(|timer| days.hold(timer.start_time));
    let timed: BTreeSet<TicketId> = of_timers.filter_map(|timer| timer.ticket_id).collect();
    let is_young = |ticket: &Record<Ticket>| {
        ticket.created_at.is_some_and(|at| days.were_over(at)) && !timed.contains(&ticket.id)
    };
    let mut all: Vec<_> = changed
        .iter()
        .filter(|ticket| !is_young(ticket))
        .map(|ticket| (ticket.id, ticket.customer_id))
        .collect();
    let known: BTreeSet<TicketId> = all.iter().map(|(id, _)| *id).collect();
    all.extend(timed.difference(&known).map(|id| (*id, None)));
    all
}

/// The time logs that the key may see, and whether there may be more of them; none where the account has no such list. Where
/// they cannot be read, that is said.
///
/// # Errors
/// What stops all reads.
fn all_of(
    ctx: &Context,
    logs: Result<Option<Listing<Timelog>>, ApiError>,
    left_out: &mut LeftOut,
) -> Result<(Vec<Record<Timelog>>, bool)> {
    match logs {
        Ok(Some(listing)) => {
            if !listing.complete {
                left_out.note(why::LOGS, None);
            }
            listing.unclear.iter().for_each(|_| left_out.note(why::LOG, None));
            let misses = !listing.complete || !listing.unclear.is_empty();
            Ok((listing.items, misses))
        }
        Ok(None) => {
            ctx.ui()
                .note("this account has no time logs: a business day counts `reports.day_hours`");
            Ok((Vec::new(), false))
        }
        Err(error) if error.stops_all() => Err(error.into()),
        // The key was good for all that was read before: this it may not read.
        Err(_) => {
            left_out.note(why::LOGS, None);
            Ok((Vec::new(), true))
        }
    }
}

/// Names the users, as far as that can be read.
///
/// # Errors
/// Those of the permission.
async fn name(
    ctx: &Context,
    reader: &Reader,
    report: &mut Report,
    user: Option<(UserId, String)>,
    permission: &mut Permission,
) -> Result<()> {
    let is_known = |id: UserId| user.as_ref().is_some_and(|(known, _)| *known == id);
    if report.rows.iter().filter_map(|row| row.user).all(is_known) {
        report.name(|_| user.as_ref().map(|(_, name)| name.clone()));
        return Ok(());
    }
    permission.spend(ctx, names::requests(ctx)).await?;
    let names = names::names(ctx, reader).await;
    report.name(|id| names.users.get(&id).filter(|name| !name.is_empty()).cloned());
    Ok(())
}
