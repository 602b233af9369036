//! Time that was spent: when it began, as it was typed or by the server's clock.

use jiff::{SignedDuration, Timestamp};

use crate::context::Context;
use crate::dates;
use crate::error::{Error, Result};

/// When work began, as it was typed, and what should be said of it.
///
/// # Errors
/// Exit 2 for what cannot be understood, or lies ahead.
pub fn began(ctx: &Context, typed: Option<&str>) -> Result<Option<(Timestamp, Option<String>)>> {
    let Some(typed) = typed else {
        return Ok(None);
    };
    let now = Timestamp::now().to_zoned(ctx.settings().timezone.clone());
    let found =
        dates::past_moment(typed, &now).map_err(|why| Error::usage(format!("--start: {why}")))?;
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
