//! Timers where they run, as newer accounts have it: such an account shows what a timer does. That alone decides between the
//! newer way and the older one, since a POST sent only to find out might do something.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::api::resources::tickets::Timer;
use crate::api::{Error as ApiError, Record, fields};
use crate::error::{Error, Hint, Result};
use crate::operations::timer::running;
use crate::write::Snapshot;

/// The difference between two counts of the same time, in seconds, that is no pause.
const NO_PAUSE: i64 = 60;

/// Whether the account has the newer way, by the timers of all tickets and those of this one.
pub(super) fn is_newer(view: &Snapshot) -> bool {
    let listed = view.records(&running()).into_iter();
    let own = view.ticket().into_iter().flat_map(|ticket| &ticket.ticket_timers);
    listed.chain(own.map(|timer| &timer.raw)).any(shows_status)
}

/// A timer as the account shows what it does; none where it does not.
pub(super) fn live<'v>(view: &'v Snapshot, timer: &'v Record<Timer>) -> Option<&'v Value> {
    let id = Value::from(timer.id.0);
    let mut listed = view.records(&running()).into_iter().filter(|raw| raw["id"] == id);
    listed.find(|raw| shows_status(raw)).or(Some(&timer.raw).filter(|raw| shows_status(raw)))
}

/// Refuses to choose between the two ways by a page that came in place of the list of all timers: only the API can say that
/// the account has none.
///
/// # Errors
/// Exit 8.
pub(super) fn is_told(view: &Snapshot) -> Result<()> {
    if !view.is_blind_to(&running()) {
        return Ok(());
    }
    let read = ApiError::Foreign {
        what: "GET /ticket_timers".to_owned(),
        cause: "answered 404 with a page, which does not say that the account has none".to_owned(),
        status: Some(404),
    };
    Err(Error::from(read).nothing_written())
}

fn shows_status(raw: &Value) -> bool {
    raw["status"].is_string()
}

/// Refuses to give a timer a length that would count its pauses, or may. `is_typed` says whether its notes ask for it, so
/// that it can be stopped without.
///
/// # Errors
/// Exit 5.
pub(super) fn never_paused(
    raw: &Value,
    timer: &Timer,
    now: Timestamp,
    update: Option<String>,
) -> Result<()> {
    let since = timer.start_time.map(|start| now.as_second() - start.as_second());
    let counted = fields::to_decimal(&raw["elapsed_seconds"]);
    let differs = |(counted, since): (Decimal, i64)| {
        counted.saturating_sub(since.into()).abs() > NO_PAUSE.into()
    };
    // Without a readable count, nobody knows.
    let was_paused = counted.zip(since).is_none_or(differs);
    if !was_paused && raw["status"] != Timer::PAUSED {
        return Ok(());
    }
    let id = timer.id;
    let (text, hint) = match update {
        None => (
            format!("timer entry {id} may have been paused: with --notes its pauses would count"),
            Hint::from("stop it without --notes, then set them with `timer update`"),
        ),
        Some(update) => (
            format!(
                "this account cannot stop a timer where it runs, and timer entry {id} may have been paused: its pauses would count"
            ),
            Hint::from("set its length: ").line(update),
        ),
    };
    Err(Error::refused(text).nothing_written().hint(hint))
}
