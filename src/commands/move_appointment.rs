//! `syncro move-appointment <customer>`: finds the customer's appointment, takes a new time, shows what it overlaps, and
//! reads back that it moved.

use std::time::Instant;

use jiff::Zoned;
use serde_json::{Map, Value, json};

use super::appointment::add::times;
use super::appointment::calendar;
use super::appointment::cancel::{read, scope};
use crate::api::ids::AppointmentId;
use crate::api::resources::appointments::{self, Appointment};
use crate::api::resources::customers::Customer;
use crate::api::resources::users;
use crate::api::{Reader, Record};
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::dates;
use crate::error::{Error, Kind, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::ui::Ui;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Change, Effect, Noun, Plan, Step, whole};

/// Fields that move with the times.
pub(crate) const ALONG: [&str; 5] =
    ["start_at", "end_at", "duration", "appointment_duration", "description"];

/// Yes-and-noes that a PUT may set to their defaults when they are left out.
pub(crate) const BOOLEANS: [&str; 2] = ["all_day", "do_not_email"];

/// Days that are looked through when none are named.
const COMING: i64 = 14;

/// Move one of a customer's appointments
///
/// Searches the next 14 days, or the days given with --date. Shows the old and the new time with weekday and time zone,
/// and any overlaps. The duration stays the same unless you use --end.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro move-appointment \"Quillfeather Books\" --to \"tomorrow 2pm\"
  syncro move-appointment quillfeather --date \"next week\" --to \"2026-05-23 14:00\"
  syncro move-appointment 31204551 --appointment 5560900001 --to \"fri 9:30\" --end 11:00 --yes")]
pub struct MoveArgs {
    /// Customer: an id, a name, or part of a name
    #[arg(value_name = "CUSTOMER")]
    pub customer: CustomerArg,
    /// Days to search: a day, "next week", 2026-05-20..2026-05-27 [default: the next 14 days]
    #[arg(long, value_name = "DAYS")]
    pub date: Option<String>,
    /// Appointment id, if there are several
    #[arg(long, value_name = "ID")]
    pub appointment: Option<u64>,
    /// New start time: "2026-05-23 14:00", "tomorrow 2pm", "fri 9:30"
    #[arg(long, value_name = "WHEN")]
    pub to: Option<String>,
    /// New end time: "15:30", "+45m" [default: keep the duration]
    #[arg(long, value_name = "WHEN", requires = "to")]
    pub end: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::Past, Guard::AllowSecrets]) }>,
}

/// Runs `syncro move-appointment`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &MoveArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    if args.to.is_none() && !approval.may_ask() {
        return Err(Error::usage("the new time is missing; nothing was written")
            .hint("use --to \"tomorrow 2pm\""));
    }
    if let Some(to) = &args.to {
        // What cannot be understood costs no request.
        times(ctx, to, args.end.as_deref(), jiff::SignedDuration::from_mins(1))?;
    }
    let reader = ctx.reader()?;
    let customer = resolve::customer(ctx, &reader, &args.customer).await?;
    let chosen = match args.appointment {
        Some(id) => of_customer(read(&reader, AppointmentId(id)).await?, &customer)?,
        None => pick(ctx, &reader, args, &customer, approval.may_ask()).await?,
    };
    let to = match &args.to {
        Some(to) => to.clone(),
        None => ask(ctx, &chosen).await?,
    };
    // Understood once: "in 90m" must not move on while somebody thinks.
    let (start, end, notes) = times(ctx, &to, args.end.as_deref(), calendar::length(&chosen))?;
    if chosen.all_day && args.end.is_none() {
        return Err(Error::usage(format!(
            "appointment {} takes the whole day, so it has no duration to keep; nothing was written",
            chosen.id
        ))
        .hint("use --end 15:30 or --end +45m"));
    }
    let wish = Move { start, end, notes };
    let allowed = args.overrides.allowed.clone();
    let id = chosen.id;
    let scope = scope(&chosen);
    let gather = || gather(ctx, &reader, id, &customer, &wish);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// The new time.
struct Move {
    start: Zoned,
    end: Zoned,
    notes: Vec<String>,
}

fn of_customer(found: Record<Appointment>, customer: &Customer) -> Result<Record<Appointment>> {
    if found.is_with(customer) {
        return Ok(found);
    }
    Err(Error::refused(format!(
        "appointment {} (\"{}\") is not one of {}; nothing was written",
        found.id,
        found.summary,
        customer.name()
    ))
    .hint("use the customer of the appointment"))
}

/// The customer's appointment in the window; several are chosen among on a terminal, and named in a script.
async fn pick(
    ctx: &Context,
    reader: &Reader,
    args: &MoveArgs,
    customer: &Customer,
    may_ask: bool,
) -> Result<Record<Appointment>> {
    let now = jiff::Timestamp::now().to_zoned(ctx.settings().timezone.clone());
    let (from, to) = match &args.date {
        Some(typed) => {
            dates::window(typed, &now).map_err(|why| Error::usage(format!("--date: {why}")))?
        }
        None => {
            let last = now.date().saturating_add(jiff::Span::new().days(COMING));
            (now.date(), last)
        }
    };
    // A day more on either side, since the account may be in another zone; what is outside is left out here.
    let (before, _) = calendar::neighbours(from);
    let (_, after) = calendar::neighbours(to);
    let all = whole(reader.all(appointments::between(before, after, false).fresh()).await?)?;
    let mut found: Vec<Record<Appointment>> = all
        .into_iter()
        .filter(|one| one.is_with(customer))
        .filter(|one| {
            let day = calendar::start(ctx, one).map(|start| start.date());
            day.is_some_and(|day| day >= from && day <= to)
        })
        .collect();
    found.sort_by_key(|one| one.start_at);
    let lines: Vec<String> = found.iter().map(|one| line(ctx, one)).collect();
    match found.len() {
        0 => Err(Error::new(
            Kind::NotFound,
            format!("{} has no appointment from {from} to {to}", customer.name()),
        )
        .hint("use other days: --date \"last week\" or --date 2026-05-01..2026-05-31")),
        1 => Ok(found.remove(0)),
        _ if may_ask => {
            let prompt = "Which one";
            let chosen = ctx.blocking(move |ui: &Ui| ui.select(prompt, &lines)).await?;
            Ok(found.swap_remove(chosen.min(found.len() - 1)))
        }
        count => Err(Error::usage(format!(
            "{} has {count} appointments from {from} to {to}; nothing was written\n{}",
            customer.name(),
            lines.join("\n")
        ))
        .hint("choose one with --appointment ID")),
    }
}

/// An appointment in a line.
fn line(ctx: &Context, one: &Appointment) -> String {
    format!("{}  {}  {}", one.id, time(ctx, one), one.summary)
}

/// From when until when it is.
fn time(ctx: &Context, one: &Appointment) -> String {
    match calendar::start(ctx, one) {
        None => "no time".to_owned(),
        Some(start) if one.all_day => format!("{}, all day", when::day(start.date())),
        Some(start) => calendar::span(&start, &start.saturating_add(calendar::length(one))),
    }
}

async fn ask(ctx: &Context, chosen: &Appointment) -> Result<String> {
    ctx.ui().note(&line(ctx, chosen));
    let zone = ctx.settings().timezone.clone();
    ctx.blocking(move |ui: &Ui| {
        let now = jiff::Timestamp::now().to_zoned(zone);
        let check = |typed: &str| dates::moment(typed, &now).map(|_| typed.to_owned());
        ui.input("New time (tomorrow 2pm, fri 9:30)", None, check)
    })
    .await
}

async fn gather(
    ctx: &Context,
    reader: &Reader,
    id: AppointmentId,
    customer: &Record<Customer>,
    wish: &Move,
) -> Result<Proposal> {
    let at = Instant::now();
    let (found, calendar, me) =
        tokio::try_join!(read(reader, id), calendar::around(reader, wish.start.date()), async {
            Ok(reader.get(users::me()).await?)
        },)?;
    let found = of_customer(found, customer)?;
    let (start, end) = (wish.start.timestamp(), wish.end.timestamp());
    let mut changes: Vec<Change> = [("start_at", "start", start), ("end_at", "end", end)]
        .into_iter()
        .map(|(field, label, to)| Change::new(&found.raw, field, label, to.to_string()))
        .collect();
    if found.all_day {
        changes.push(Change::new(&found.raw, "all_day", "all day", false));
    }
    changes.retain(Change::is_one);
    if changes.is_empty() {
        return Err(Error::refused(format!(
            "appointment {id} is already at that time; nothing was written"
        )));
    }
    let old = time(ctx, &found);
    let new = calendar::span(&wish.start, &wish.end);
    let mut sheet = Sheet::default()
        .customer(customer)
        .row("Appointment", format!("{} (id {id})", found.summary))
        .by(&me)
        .row("From", &old)
        .row("To", &new);
    let overlaps = calendar::overlaps(ctx, &calendar, &found.users(), (start, end), Some(id));
    if found.all_day {
        sheet = sheet.notice("it takes the whole day now; the new time changes that");
    }
    let sheet = sheet.all_notices(wish.notes.iter().chain(&overlaps));
    let past = (start < jiff::Timestamp::now()).then(|| Finding::new(Guard::Past, calendar::PAST));
    let effect = Effect::updated(
        Noun::Appointment.record(id),
        &format!("appointment {id}"),
        changes,
        &ALONG,
    );
    let says = format!("move appointment {id} to {new}");
    let write = appointments::update(id, body(&found, start, end));
    let step = Step::new("move_appointment", says, write, effect)
        .requires_unchanged(&found.raw, &["do_not_email", "customer_id", "ticket_id"])
        .reports(format!("{old} -> {new}"));
    let title = format!("Move an appointment of {}", customer.name());
    let plan = Plan::new("move-appointment", title, ctx.account(&me)?, scope(&found))
        .noticing(sheet.notices())
        .previewed(sheet.text())
        .step(step)
        .then(format!("appointment show {id}"));
    Ok(Proposal { plan, findings: past.into_iter().collect(), me: me.view, at })
}

/// The new times, by which it no longer takes the whole day, and the other boolean as it is: left out, it may fall back
/// to a default.
fn body(
    found: &Record<Appointment>,
    start: jiff::Timestamp,
    end: jiff::Timestamp,
) -> Map<String, Value> {
    let mut body = Map::new();
    body.insert("start_at".to_owned(), json!(start.to_string()));
    body.insert("end_at".to_owned(), json!(end.to_string()));
    for name in BOOLEANS {
        if let Some(value) = found.raw.get(name).filter(|value| !value.is_null()) {
            let now = match name {
                "all_day" => json!(false),
                _ => value.clone(),
            };
            body.insert(name.to_owned(), now);
        }
    }
    body
}
