//! `syncro timer stop`: ends a running timer. The server has no call for it; the entry is given a length instead.

use jiff::Timestamp;
use rust_decimal::Decimal;

use super::{KEPT, Present, Wanted, body, ended, find, written};
use crate::api::Record;
use crate::api::ids::TimerId;
use crate::api::resources::tickets::Timer;
use crate::api::resources::timers;
use crate::commands::bill::timers::{named, names};
use crate::commands::on_ticket::{OnTicket, Seen};
use crate::commands::resolve::TicketArg;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Change, Effect, Noun, ReadSet, Step};

/// Stop a running timer of a ticket
///
/// The duration is rounded up to whole minutes, at least one. To set another duration, use `syncro timer update`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer stop 32175
  syncro timer stop 32175 --notes \"Export fixed\" --yes
  syncro timer stop 32175 48700001")]
pub struct StopArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry id, if several are running [default: your running timer]
    #[arg(value_name = "TIMER")]
    pub timer: Option<u64>,
    /// Description of the work [default: keep the notes]
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::Large, Guard::AllowSecrets]) }>,
}

/// Runs `syncro timer stop`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &StopArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let allowed = args.overrides.allowed.clone();
    let present = Present::default();
    let gather = || gather(ctx, &on, args, &present);
    let scope = on.scope();
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

async fn gather(
    ctx: &Context,
    on: &OnTicket<'_>,
    args: &StopArgs,
    present: &Present,
) -> Result<Proposal> {
    let seen = on.read(ReadSet::NOTHING).await?;
    let timer = chosen(&seen, args.timer)?;
    let names = names(ctx, on.reader(), &seen.ticket, &seen.me, [&timer.view]).await;
    let now = present.of(on.reader());
    let zone = &ctx.settings().timezone;
    let (start, minutes) = spent(timer, now)?;
    let end = ended(start, minutes)?;
    let what = format!("timer entry {}", timer.id);
    let length = when::length(minutes);
    let range = when::range(start, Some(end), zone);
    let notes = args.notes.as_deref().unwrap_or(&timer.notes);
    let sheet = Sheet::default()
        .ticket(&seen.ticket)
        .whose(&seen.ticket)
        .by(&seen.me)
        .row("Stop", named(timer, &seen.ticket, &seen.me, &names, zone))
        .row("Duration", format!("{length} ({range})"))
        .maybe("Notes", Some(notes).filter(|notes| !notes.is_empty()));
    let wanted = Wanted { minutes: Some(minutes), notes: args.notes.clone(), ..Wanted::default() };
    let mut changes = vec![Change::new(&timer.raw, "end_time", "end", written(end, zone))];
    let notes = args.notes.as_deref();
    let notes = notes.map(|notes| Change::new(&timer.raw, "notes", "notes", notes));
    changes.extend(notes.filter(Change::is_one));
    let effect = Effect::updated(
        Noun::Timer.record(timer.id),
        &what,
        changes,
        &["active_duration", "billable_time"],
    );
    let step = Step::new(
        "stop_timer",
        format!("stop {what} after {length}"),
        timers::update(seen.ticket.id, timer.id, body(timer, &wanted)),
        effect,
    )
    .requires_unchanged(&timer.raw, &KEPT)
    .reports(format!("stopped after {length} ({range})"));
    let title = format!("Stop a timer of ticket #{}", seen.ticket.number);
    let plan = seen
        .plan("timer stop", title)
        .previewed(sheet.text())
        .step(step)
        .then(format!("timer charge {} {}", seen.ticket.number, timer.id));
    Ok(Proposal {
        findings: large(ctx, minutes, &length).into_iter().collect(),
        plan,
        me: seen.me.view,
        at: seen.at,
    })
}

/// The entry that was named, else the one of the key's owner that runs.
fn chosen(seen: &Seen, named: Option<u64>) -> Result<&Record<Timer>> {
    let number = &seen.ticket.number;
    if let Some(id) = named {
        let timer = find(&seen.ticket, TimerId(id))?;
        return match timer.is_running() {
            true => Ok(timer),
            false => {
                Err(Error::refused(format!("timer entry {id} is not running; nothing was written")))
            }
        };
    }
    let all = seen.ticket.ticket_timers.iter();
    let running: Vec<&Record<Timer>> = all.filter(|timer| timer.is_running()).collect();
    let own = |timer: &&&Record<Timer>| timer.user_id.is_none_or(|user| user == seen.me.user_id);
    let mine: Vec<&Record<Timer>> = running.iter().filter(own).copied().collect();
    let ids = |timers: &[&Record<Timer>]| {
        let ids: Vec<String> = timers.iter().map(|timer| timer.id.to_string()).collect();
        ids.join(", ")
    };
    match (mine.as_slice(), running.as_slice()) {
        ([one], _) => Ok(one),
        ([], []) => Err(Error::refused(format!(
            "no timer is running on ticket #{number}; nothing was written"
        ))),
        ([], others) => Err(Error::refused(format!(
            "you have no running timer on ticket #{number}, but someone else has: {}; nothing was written",
            ids(others)
        ))
        .hint("to use that one, add its id")),
        (several, _) => Err(Error::usage(format!(
            "you have {} running timers on ticket #{number}: {}",
            several.len(),
            ids(several)
        ))
        .hint("use its id")),
    }
}

/// When it began, and the minutes since then, each that has begun.
fn spent(timer: &Timer, now: Timestamp) -> Result<(Timestamp, u64)> {
    let start = timer.start_time.ok_or_else(|| {
        Error::refused(format!("timer entry {} has no start time; nothing was written", timer.id))
    })?;
    let seconds = now.as_second() - start.as_second();
    let seconds = u64::try_from(seconds).map_err(|_| {
        Error::refused(format!(
            "timer entry {} starts in the future; nothing was written",
            timer.id
        ))
    })?;
    Ok((start, seconds.div_ceil(60).max(1)))
}

/// A timer that somebody forgot.
fn large(ctx: &Context, minutes: u64, length: &str) -> Option<Finding> {
    let most = ctx.settings().guards.large_hours;
    let hours = Decimal::from(minutes) / Decimal::from(60);
    (hours > most).then(|| {
        Finding::new(Guard::Large,
            format!(
                "{length} is unusually long (more than {} hours); to set another duration, use `syncro timer update`",
                most.normalize()
            ),
        )
    })
}
