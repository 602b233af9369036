//! The calendar around an appointment that `create` is to make, read.

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};

use crate::api::ids::{AppointmentId, UserId};
use crate::api::resources::appointments::{self, Appointment};
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::error::Result;
pub use crate::operations::calendar::PAST;
use crate::operations::calendar::{Times, neighbors};
use crate::write::whole;

/// From when until when.
#[must_use]
pub fn span(start: &Zoned, end: &Zoned) -> String {
    Times { start: start.clone(), end: end.clone() }.says()
}

/// Everybody's appointments around a day: the day before and after too, since the account may be in another zone.
///
/// # Errors
/// Those of the reader; a list that is not complete.
pub async fn around(reader: &Reader, day: Date) -> Result<Vec<Record<Appointment>>> {
    let (from, to) = neighbors(day);
    let list = reader.all(appointments::between(from, to, false).fresh());
    Ok(whole(list.await?)?)
}

/// What is in the way of `owners` between two instants, for people; `but` is the appointment itself.
#[must_use]
pub fn overlaps(
    ctx: &Context,
    all: &[Record<Appointment>],
    owners: &[UserId],
    (from, to): (Timestamp, Timestamp),
    but: Option<AppointmentId>,
) -> Vec<String> {
    Times::between(from, Some(to), &ctx.settings().timezone).overlaps(all, owners, but)
}
