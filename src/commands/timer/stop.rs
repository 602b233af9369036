//! `syncro timer stop`: ends a running timer. An account that does not show what a timer does has no call for it, and of the
//! others not all have: the entry is given a length instead.

use jiff::Timestamp;
use serde_json::{Map, json};

use super::live::{is_told, live, never_paused};
use crate::api::ids::TimerId;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::resources::timers;
use crate::api::{Method, Reader, Record, Write};
use crate::commands::on_ticket::{OnTicket, Part, Seen};
use crate::commands::resolve::candidates::lines;
use crate::commands::resolve::named::among;
use crate::commands::resolve::{Candidate, IdOrName, TicketArg};
use crate::commands::spent::present;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::operations::timer::{find, running};
use crate::operations::{Allowed, Guard, readable};
use crate::render::hidden::{TIMERS, refuse_hidden};
use crate::render::stopped::with_another_length;
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::{Outcome, ReadSet, Snapshot};

/// Stop a running timer of a ticket
///
/// The duration is rounded up to whole minutes, at least one, except where the account can pause timers: there it is counted
/// without the pauses, and the account may charge it at once. To set another duration, use `syncro timer update`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro timer stop 32175
  syncro timer stop 32175 --notes \"Export fixed\" --large --yes
  syncro timer stop 32175 48700000")]
pub struct StopArgs {
    /// Ticket number
    #[arg(value_name = "NUMBER")]
    pub ticket: TicketArg,
    /// Timer entry, if several are running [default: your running timer]
    #[arg(value_name = "TIMER")]
    pub timer: Option<IdOrName>,
    /// Description of the work [default: keep the notes]
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        {
            guards(&[
                Guard::Overlap,
                Guard::Large,
                Guard::Zero,
                Guard::Disabled,
                Guard::AllowSecrets,
            ])
        },
    >,
}

/// Runs `syncro timer stop`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &StopArgs) -> Result<()> {
    let outcome = in_either_way(ctx, async |again| stop(ctx, args, again).await).await?;
    outcome.map_or(Ok(()), |outcome| workflow::report(ctx, &outcome))
}

/// Has `stop` stop timers, and where the account turns out to lack that, once more in the older way; it is told then what was
/// allowed in the first one.
///
/// # Errors
/// Those of `stop`.
pub async fn in_either_way(
    ctx: &Context,
    stop: impl AsyncFn(Option<Allowed>) -> Result<Option<Outcome>>,
) -> Result<Option<Outcome>> {
    let outcome = stop(None).await?;
    let lacked = outcome.as_ref().and_then(Outcome::path_not_found);
    if lacked.is_none_or(|path| ctx.reader().is_ok_and(|reader| !reader.lacks(path))) {
        return Ok(outcome);
    }
    ctx.ui().note("this account cannot stop a timer where it runs; its length is set instead");
    let again = stop(outcome.as_ref().map(|first| workflow::allowed_of(&first.plan))).await;
    if let (Err(_), Some(first)) = (&again, &outcome) {
        // It tells of the request that was sent; why nothing came of it is the error of the second way.
        let _told = workflow::report(ctx, first);
    }
    again
}

/// The text of this run as a person left it, who may have edited it at the preview of the first way.
pub fn left(ctx: &Context) -> Option<String> {
    ctx.texts().held().map(|(_, text)| text)
}

/// Stops it in the way that the account is not known to lack.
async fn stop(ctx: &Context, args: &StopArgs, again: Option<Allowed>) -> Result<Option<Outcome>> {
    let approval = Approval::of(ctx);
    let on = OnTicket::find(ctx, &args.ticket).await?;
    let edited = again.as_ref().and_then(|_| left(ctx));
    let notes = edited.as_deref().or(args.notes.as_deref());
    on.keep(&approval, "timer stop", notes)?;
    let turn = workflow::begin(ctx, &on.scope())?;
    let seen = on.read(ReadSet::NOTHING.collection(&running())).await?;
    let timer = chosen(ctx, &seen, args.timer.as_ref()).await?;
    let request = stopping(on.reader(), &seen.view, (&seen.ticket, timer), notes)?;
    let number = &seen.ticket.number;
    // The newer way may have charged it.
    let next = match request.method {
        Method::Post => format!("timer list {number}"),
        _ => format!("timer charge {number} {}", timer.id),
    };
    let once_charged = Some(format!("invoice create {number}"));
    let writing = Writing {
        allowed: again.unwrap_or_else(|| args.overrides.allowed.clone()),
        next: Some(next),
        once_charged,
        ..Writing::of("timer stop", seen.scope(), request)?
    };
    let update = with_another_length(number, timer.id);
    let writing = Writing { known: seen.known(), ..writing };
    let written = workflow::write_steps(ctx, &approval, &writing, turn).await;
    written.map_err(|error| match error.kind {
        Kind::Cancelled => error.hint(Hint::from("to stop it with another time: ").line(update)),
        _ => error,
    })
}

/// The request that stops a timer, with the notes that were typed. `view` has shown the timers of all tickets.
///
/// # Errors
/// Exit 8 where nothing tells which way it is stopped; exit 5 for one that has no start, or has yet to start, and for notes
/// of one that was paused.
pub fn stopping(
    reader: &Reader,
    view: &Snapshot,
    (ticket, timer): (&Record<Ticket>, &Record<Timer>),
    notes: Option<&str>,
) -> Result<Write> {
    is_told(view)?;
    let stop = timers::act(timer.id, timers::STOP);
    if let Some(raw) = live(view, timer) {
        // Only the list shows what became of it.
        let is_lacking = reader.lacks(&stop.path) || view.has_no_such(&running());
        if notes.is_none() && !is_lacking {
            return Ok(stop);
        }
        // One request sets both, as long as the length is that of the work.
        let update = is_lacking.then(|| with_another_length(&ticket.number, timer.id));
        never_paused(raw, timer, present(reader.now()), update)?;
    }
    let mut fields = Map::new();
    fields.insert("duration_minutes".to_owned(), json!(spent(timer, present(reader.now()))?));
    fields.extend(notes.map(|notes| ("notes".to_owned(), json!(notes))));
    Ok(timers::update(ticket.id, timer.id, fields))
}

/// The entry that was named, else the one of the key's owner that runs.
pub(super) async fn chosen<'s>(
    ctx: &Context,
    seen: &'s Seen,
    named: Option<&IdOrName>,
) -> Result<&'s Record<Timer>> {
    let number = &seen.ticket.number;
    refuse_hidden(&seen.ticket, TIMERS)?;
    if let Some(named) = named {
        let id = Part::TimerEntry.id_of(ctx, &seen.ticket, named).await?;
        let timer = find(&seen.ticket, TimerId(id))?;
        clear(timer)?;
        return match timer.is_running() {
            true => Ok(timer),
            false => {
                Err(Error::refused(format!("timer entry {id} is not running")).nothing_written())
            }
        };
    }
    let all = seen.ticket.ticket_timers.iter();
    let running: Vec<&Record<Timer>> = all.filter(|timer| timer.is_running()).collect();
    let own = |timer: &&&Record<Timer>| timer.user_id.is_none_or(|user| user == seen.me.user_id);
    let mine: Vec<&Record<Timer>> = running.iter().filter(own).copied().collect();
    if mine.is_empty() {
        seen.ticket.ticket_timers.iter().try_for_each(|timer| clear(timer))?;
    }
    let candidates = |timers: &[&Record<Timer>]| {
        let all = timers.iter().map(|timer| Candidate::timer(timer, ctx.settings(), ctx.now()));
        lines(&all.collect::<Vec<_>>())
    };
    match (mine.as_slice(), running.as_slice()) {
        ([one], _) => Ok(one),
        ([], []) => {
            Err(Error::refused(format!("no timer is running on ticket #{number}"))
                .nothing_written())
        }
        ([], others) => Err(Error::refused(format!(
            "you have no running timer on ticket #{number}, but someone else has: {}",
            candidates(others).join("; ")
        ))
        .nothing_written()
        .hint("to use that one, add its id")),
        (several, _) => {
            let count = several.len();
            let text = format!("you have {count} running timers on ticket #{number}");
            let at = among(ctx, text, candidates(several), "use its id").await;
            Ok(several[at.map_err(Error::nothing_written)?])
        }
    }
}

/// Refuses one of which nobody can tell whether it runs.
///
/// # Errors
/// Exit 5.
fn clear(timer: &Timer) -> Result<()> {
    match timer.runs() {
        Some(_) => Ok(()),
        None => readable(&timer.unreadable, &Timer::TIME, format_args!("timer entry {}", timer.id)),
    }
}

/// So many seconds apart two commands may see the server's clock, which tells whole seconds.
const APART: i64 = 1;

/// The minutes since it began, each that has begun.
fn spent(timer: &Timer, now: Timestamp) -> Result<u64> {
    let start = timer.start_time.ok_or_else(|| {
        Error::refused(format!("timer entry {} has no start time", timer.id)).nothing_written()
    })?;
    let seconds = now.as_second() - start.as_second();
    let seconds = if seconds.saturating_neg() <= APART { seconds.max(0) } else { seconds };
    let seconds = u64::try_from(seconds).map_err(|_| {
        Error::refused(format!("timer entry {} starts in the future", timer.id)).nothing_written()
    })?;
    Ok(seconds.div_ceil(60).max(1))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn each_minute_that_has_begun_counts() {
        let timer = json!({ "id": 1, "start_time": "2026-03-17T14:00:00Z" });
        let timer = Record::<Timer>::read(timer).unwrap();
        let at = |now: &str| spent(&timer, now.parse().unwrap());
        for (now, minutes) in [
            ("2026-03-17T13:59:59Z", 1),
            ("2026-03-17T14:00:00Z", 1),
            ("2026-03-17T14:01:00Z", 1),
            ("2026-03-17T14:01:01Z", 2),
        ] {
            assert_eq!(at(now).unwrap(), minutes, "{now}");
        }
        assert!(at("2026-03-17T13:59:58Z").is_err());
    }
}
