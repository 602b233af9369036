//! Time that was spent: when it began, as it was typed or by the server's clock, and what else the same user has entered for
//! that time.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::api::ids::{TicketId, UserId};
use crate::api::resources::tickets::{self, Timer};
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::dates;
use crate::error::{Error, Result};
use crate::operations::timer::{BACK, lately};
use crate::render::when;

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
    let now = Timestamp::now().to_zoned(ctx.settings().timezone.clone());
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
pub async fn forgotten(reader: &Reader, user: UserId, ticket: TicketId) -> Vec<Record<Timer>> {
    let day = lately();
    let wanted = move |timer: &Timer| {
        let entered = timer.created_at.or(timer.start_time);
        let is_old = entered.is_some_and(|at| at.to_zoned(TimeZone::UTC).date() < day);
        let is_running = timer.is_running() && timer.status != Timer::PAUSED;
        let is_elsewhere = timer.ticket_id.is_some_and(|other| other != ticket);
        is_old && is_running && is_elsewhere && timer.user_id == Some(user)
    };
    let list = tickets::timers().asking("created_at_lt", day).keep(wanted);
    let found = reader.all_if_there(list.unless_longer_than(1)).await;
    found.ok().flatten().map_or_else(Vec::new, |found| found.items)
}

/// So many pages of it at most.
const PAGES: u64 = 4;

/// The timer entries of all tickets since `begins`; none where that is long ago. They only help: a list that is not there, or
/// cannot be read, is as good as an empty one.
pub async fn of_all_tickets(reader: &Reader, begins: Timestamp) -> Vec<Record<Timer>> {
    let day = match Timestamp::now().duration_since(begins) {
        age if age < BACK => begins.to_zoned(TimeZone::UTC).date().saturating_sub(1.day()),
        _ => return Vec::new(),
    };
    let list = tickets::timers().asking("created_at_gt", day).unless_longer_than(PAGES);
    let found = reader.all_if_there(list).await.ok().flatten();
    found.map_or_else(Vec::new, |listing| listing.items)
}

/// What is said of time that overlaps other time of the same user on other tickets. It may be right, so that it is no more
/// than said.
#[must_use]
pub fn also_elsewhere(
    all: &[Record<Timer>],
    (user, ticket): (UserId, TicketId),
    (begins, ends): (Timestamp, Timestamp),
    zone: &TimeZone,
) -> Vec<String> {
    let overlaps = |timer: &Timer| {
        let until = timer.end_time.unwrap_or(Timestamp::MAX);
        timer.start_time.is_some_and(|from| from < ends && begins < until && from < until)
    };
    let theirs = |timer: &&Record<Timer>| {
        timer.user_id == Some(user)
            && timer.ticket_id.is_some_and(|other| other != ticket)
            && timer.unclear().is_none()
            && overlaps(timer)
    };
    let says = |timer: &Record<Timer>| {
        let range = timer.start_time.map(|from| when::range(from, timer.end_time, zone));
        let (id, range) = (timer.id, range.unwrap_or_default());
        let on = timer.ticket_id.map_or_else(String::new, |on| format!(" on ticket id:{on}"));
        format!("it overlaps timer entry {id} of the same user{on} ({range})")
    };
    all.iter().filter(theirs).map(says).collect()
}
