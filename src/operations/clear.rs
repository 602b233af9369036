//! No write rests on what cannot be understood: a field that is there in no known spelling is refused where a write would
//! be made of it, and shown as it came.

use std::fmt::Display;

use crate::api::fields::Unread;
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
