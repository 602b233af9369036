//! No write rests on what cannot be understood: a field that is there in no known spelling is refused where a write would
//! be made of it, and shown as it came. A flag on which a guard rests is that guard's to ask about.

use std::fmt::Display;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::guard::{Finding, Guard};
use crate::api::fields::{Unread, Unreadable};
use crate::error::{Error, Result};

/// That `fields` of what people call `what` can be understood, as far as they are there.
///
/// # Errors
/// Exit 5, with the field as it came.
pub fn readable(unread: &Unread, fields: &[&str], what: impl Display) -> Result<()> {
    let Some(found) = unread.among(fields) else {
        return Ok(());
    };
    let text = format!("cannot read {found} of {what}: it is {}", found.sort.refusal());
    Err(Error::refused(text)
        .nothing_written()
        .hint("correct it in Syncro, then run the command again"))
}

/// The finding of a guard that rests on a field: what it says of `what`, and where it cannot be understood, that. Neither
/// yes nor no is guessed.
pub(super) fn state(
    guard: Guard,
    (unread, field, is_so): (&Unread, &str, bool),
    what: impl Display,
    state: &str,
) -> Option<Finding> {
    match unread.among(&[field]) {
        Some(found) => Some(Finding::new(guard, unclear(what, state, found))),
        None => is_so.then(|| Finding::new(guard, format!("{what} is {state}"))),
    }
}

/// The same of a flag of a record as it came.
pub(super) fn flagged(
    guard: Guard,
    (raw, field): (&Value, &str),
    what: impl Display,
    state: &str,
) -> Option<Finding> {
    let (unread, is_so) = Unread::flag(raw, field);
    self::state(guard, (&unread, field, is_so), what, state)
}

/// What is said where nobody can tell whether `what` is `state`.
pub(super) fn unclear(what: impl Display, state: &str, found: &Unreadable) -> String {
    format!("{what} may be {state}: cannot read {found}")
}

/// Whether something was made within a day. What is of an unknown age may have been, and so may what is older than any record
/// there is: a date that says nothing is not that of long ago.
pub(super) fn is_recent(made: Option<Timestamp>, now: Timestamp) -> bool {
    let made = made.filter(|made| *made > Timestamp::UNIX_EPOCH);
    made.is_none_or(|made| now.duration_since(made) <= SignedDuration::from_hours(24))
}
