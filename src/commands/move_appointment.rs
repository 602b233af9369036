//! `syncro move-appointment <customer>`: finds the customer's appointment, takes a new time, shows what it overlaps, and
//! reads back that it moved.

use std::time::Instant;

use jiff::Zoned;
use serde_json::{Map, Value, json};

use super::appointment::add::until;
use super::appointment::cancel::read;
use super::appointment::find::{Found, Wanted, missing, only, search};
use crate::api::ids::AppointmentId;
use crate::api::resources::appointments::{self, Appointment};
use crate::api::resources::customers::Customer;
use crate::api::{Reader, Record};
use crate::commands::resolve::{self, CustomerArg, IdOrName};
use crate::context::Context;
use crate::dates::{self, NewTime};
use crate::error::{Error, Result};
use crate::operations::appointment::scope;
use crate::operations::calendar;
use crate::operations::{Guard, readable};
use crate::render::preview::Sheet;
use crate::ui::{HELP, Ui};
use crate::workflow::{self, Approval, Known, Overrides, Writing, guards};
use crate::write::Noun;

/// What the new times and the customer were taken from.
const MADE_OF: [&str; 6] =
    ["customer_id", "customer.id", "ticket_id", "start_at", "end_at", "all_day"];

/// Move one of a customer's appointments
///
/// Searches the next 14 days, or the days given with --date. Shows the old and the new time with weekday and time zone,
/// and any overlaps. The duration stays the same unless you use --end.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro move-appointment \"Quillfeather Books\" --to \"tomorrow 2pm\"
  syncro move-appointment quillfeather --date \"next 7d\" --to \"fri 14:00\"
  syncro move-appointment quillfeather --to 3pm
  syncro move-appointment quillfeather --to \"fri 9:30\" --end 11:00 --yes")]
pub struct MoveArgs {
    /// Customer: an id, a name, or part of a name
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// Days to search: a day, "next week", 2026-05-20..2026-05-27 [default: the next 14 days]
    #[arg(long, value_name = "DAYS")]
    pub date: Option<String>,
    /// Appointment, if there are several: an id, a day, a time or a summary
    #[arg(long, value_name = "APPOINTMENT")]
    pub appointment: Option<IdOrName>,
    /// New start time: "2026-05-23 14:00", "tomorrow 2pm"; "3pm" keeps the day, "tomorrow" the time
    #[arg(long, value_name = "WHEN")]
    pub to: Option<String>,
    /// New end time: "15:30", "+45m" [default: keep the duration]
    #[arg(long, value_name = "WHEN", requires = "to")]
    pub end: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::Past, Guard::Disabled]) }>,
}

/// Runs `syncro move-appointment`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &MoveArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    if args.to.is_none() && !approval.may_ask() {
        return Err(Error::usage("the new time is missing")
            .nothing_written()
            .hint("use --to \"tomorrow 2pm\""));
    }
    let to = args.to.as_deref();
    // What cannot be understood costs no request.
    let to = to.map(|to| understood(ctx, to, args.end.as_deref())).transpose()?;
    let reader = ctx.reader()?;
    let customer = resolve::customer(ctx, &reader, &args.customer).await?;
    let at = Instant::now();
    let id = args.appointment.as_ref().and_then(IdOrName::id);
    let chosen = match id {
        Some(id) => of_customer(read(&reader, AppointmentId(id)).await?, &customer)?,
        None => pick(ctx, &reader, args, &customer).await?,
    };
    // Understood once: "in 90m" must not move on while somebody thinks.
    let to = match to {
        Some(to) => to,
        None => ask(ctx, &chosen).await?,
    };
    let now = now(ctx);
    let old = chosen.start_at.map(|start| start.to_zoned(now.time_zone().clone()));
    let time = old.as_ref().filter(|_| !chosen.all_day).map(Zoned::time);
    if !matches!(to, NewTime::At(_)) {
        readable(
            &chosen.unreadable,
            &["start_at", "all_day"],
            format_args!("appointment {}", chosen.id),
        )?;
    }
    let start = to.seen_from(old.map(|old| old.date()), time, &now).map_err(Error::usage)?;
    let length = match (&args.end, calendar::length(&chosen)) {
        (None, Err(why)) => {
            return Err(Error::usage(format!("{why}, so it has no duration to keep"))
                .nothing_written()
                .hint("use --end 15:30 or --end +45m"));
        }
        (_, length) => length.unwrap_or_default(),
    };
    let (start, end, notes) = until(start, args.end.as_deref(), length, &now)?;
    let (id, by_id) = (chosen.id, id.is_some());
    let request = appointments::update(id, body(&chosen, &start, &end));
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        remarks: Sheet::default().all_notices(&notes),
        ..Writing::of("move-appointment", scope(&chosen), request)?
    };
    let of = Noun::Appointment.record(id);
    let mut writing = writing.made_of(of, &format!("appointment {id}"), &chosen.raw, &MADE_OF);
    writing.known.at = at;
    if !by_id {
        // A list may show less of it than its own page does.
        writing.known = Known::default();
    }
    workflow::write(ctx, &approval, &writing).await
}

/// The new times. They end that it takes the whole day.
fn body(chosen: &Appointment, start: &Zoned, end: &Zoned) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("start_at".to_owned(), json!(start.timestamp().to_string()));
    body.insert("end_at".to_owned(), json!(end.timestamp().to_string()));
    if chosen.all_day {
        body.insert("all_day".to_owned(), json!(false));
    }
    body
}

fn of_customer(found: Record<Appointment>, customer: &Customer) -> Result<Record<Appointment>> {
    if found.is_with(customer) {
        return Ok(found);
    }
    Err(Error::refused(format!(
        "appointment {} (\"{}\") is not one of {}",
        found.id,
        found.summary,
        customer.name()
    ))
    .nothing_written()
    .hint("use the customer of the appointment"))
}

/// The customer's appointment in the window; several are chosen among on a terminal, and named in a script.
async fn pick(
    ctx: &Context,
    reader: &Reader,
    args: &MoveArgs,
    customer: &Customer,
) -> Result<Record<Appointment>> {
    let named = args.appointment.as_ref();
    let wanted = Wanted {
        customer: Some(customer),
        days: args.date.as_deref(),
        name: named.and_then(IdOrName::name),
    };
    let Found { from, to, appointments, unclear } = search(ctx, reader, &wanted).await?;
    let called = named.map_or_else(String::new, |typed| format!(" {typed}"));
    let days = format!("from {from} to {to}");
    let (name, count) = (customer.name(), appointments.len());
    let several = format!("{name} has {count} appointments{called} {days}");
    let found = only(ctx, several, appointments, "choose one with --appointment ID").await?;
    let found = found.ok_or_else(|| {
        missing(format!("{name} has no appointment{called} {days}"), unclear)
            .hint("use other days: --date \"last week\" or --date 2026-05-01..2026-05-31")
    })?;
    // Nobody can tell whether it is one of these days.
    let what = format!("appointment {}", found.id);
    readable(&found.unreadable, &["start_at"], what)
        .map_err(|error| error.hint(format!("or choose it with --appointment {}", found.id)))?;
    Ok(found)
}

/// An appointment in a line.
fn line(ctx: &Context, one: &Appointment) -> String {
    format!("{}  {}  {}", one.id, calendar::when(one, &ctx.settings().timezone), one.summary)
}

/// What `?` says where the new time is asked for.
const HOW: &str = "type a day, a time or both: tomorrow 2pm, 2026-05-23 14:00; a time alone keeps the day, a day alone the time";

async fn ask(ctx: &Context, chosen: &Appointment) -> Result<NewTime> {
    ctx.ui().note(&line(ctx, chosen));
    let now = now(ctx);
    ctx.blocking(move |ui: &Ui| {
        let check = |typed: &str| match typed {
            HELP => Err(HOW.to_owned()),
            typed => dates::new_time(typed, &now),
        };
        ui.recalled("time", "New time (tomorrow 2pm, 3pm, fri)", None, check)
    })
    .await
}

/// The new time that was typed; with an end that has to fit it, where it is a whole one.
fn understood(ctx: &Context, to: &str, end: Option<&str>) -> Result<NewTime> {
    let now = now(ctx);
    let to = dates::new_time(to, &now).map_err(Error::usage)?;
    if let (NewTime::At(start), Some(end)) = (&to, end) {
        dates::end_seen_from(end, &start.at, &now).map_err(Error::usage)?;
    }
    Ok(to)
}

fn now(ctx: &Context) -> Zoned {
    ctx.present()
}
