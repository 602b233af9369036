//! Time that was spent: when it began, as it was typed or by the server's clock, and what runs since long before that.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::api::ids::{TicketId, UserId};
use crate::api::resources::tickets::{self, Timer};
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::dates;
use crate::error::{Error, Result};
use crate::operations::{self, Worker};
use crate::write::{RetryPolicy, Snapshot, lately, snapshot};

/// When work began, as it was typed behind `flag`, and what should be said of it.
///
/// # Errors
/// Exit 2 for what cannot be understood, or lies ahead.
pub fn began(
    ctx: &Context,
    flag: &str,
    typed: Option<&str>,
) -> Result<Option<(Timestamp, Option<String>)>> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let now = ctx.present();
    let found =
        dates::past_moment(typed, &now).map_err(|why| Error::usage(format!("{flag}: {why}")))?;
    let note = found.note.map(|note| note.to_string());
    Ok(Some((found.at.timestamp(), note)))
}

/// The present in whole seconds, as timer entries have them.
#[must_use]
pub fn present(now: Timestamp) -> Timestamp {
    Timestamp::from_second(now.as_second()).unwrap_or(now)
}

/// So many minutes before a moment.
///
/// # Errors
/// Exit 2 beyond the beginning of time.
pub fn before(at: Timestamp, minutes: u64) -> Result<Timestamp> {
    let length = i64::try_from(minutes).ok().and_then(SignedDuration::try_from_mins);
    length
        .and_then(|length| at.checked_sub(length).ok())
        .ok_or_else(|| Error::usage("the time is too long for a timer entry"))
}

/// The timers of `user` that have run on other tickets than `ticket` since before those that a start asks about: nobody meant
/// them to. Of those from before then one page is read, and only to help.
///
/// # Errors
/// Those of the read: then nobody can tell.
pub async fn forgotten(
    reader: &Reader,
    user: UserId,
    ticket: TicketId,
) -> Result<Vec<Record<Timer>>> {
    let day = lately(reader.now());
    let wanted = move |timer: &Timer| {
        let entered = timer.created_at.or(timer.start_time);
        let is_old = entered.is_some_and(|at| at.to_zoned(TimeZone::UTC).date() < day);
        let is_running = timer.goes_on() == Some(true);
        let is_elsewhere = timer.ticket_id.is_some_and(|other| other != ticket);
        is_old && is_running && is_elsewhere && timer.user_id == Some(user)
    };
    let list = tickets::timers().asking("created_at_lt", day).keep(wanted);
    let found = reader.all_if_there(list.unless_longer_than(1)).await?;
    Ok(found.map_or_else(Vec::new, |found| found.items))
}

/// What was seen of a ticket, and what tells whether its worker has entered the same time on other ones.
///
/// # Errors
/// Those of the reads.
pub async fn with_others(reader: &Reader, seen: Snapshot, worker: &Worker) -> Result<Snapshot> {
    let mut view = seen;
    loop {
        let needs = operations::worked_reads(&view, worker.worked, Some(worker.user));
        let more = view.lacks(needs);
        if more.is_nothing() {
            return Ok(view);
        }
        view = view.and(snapshot(reader, None, more, RetryPolicy::Retry).await?);
    }
}
