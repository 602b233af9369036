//! The calendar around an appointment: who else's time it would take, and what it says in a line.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, Zoned};

use crate::api::ids::{AppointmentId, UserId};
use crate::api::resources::appointments::{self, Appointment};
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::dates::spelled;
use crate::error::Result;
use crate::write::whole;

/// How long an appointment without an end is taken to last.
const UNKNOWN: SignedDuration = SignedDuration::from_mins(60);

/// What is asked about an appointment that has passed.
pub const PAST: &str = "it would start in the past";

/// From when until when: "Sat 2026-05-23 14:00 EDT to 15:30"; with the end's zone where the clocks change between.
#[must_use]
pub fn span(start: &Zoned, end: &Zoned) -> String {
    let until = match (end.date() == start.date(), end.offset() == start.offset()) {
        (true, true) => end.strftime("%H:%M").to_string(),
        (true, false) => end.strftime("%H:%M %Z").to_string(),
        (false, _) => spelled(end),
    };
    format!("{} to {until}", spelled(start))
}

/// The start in the configured zone; none where the server names none.
#[must_use]
pub fn start(ctx: &Context, appointment: &Appointment) -> Option<Zoned> {
    let zone = ctx.settings().timezone.clone();
    appointment.start_at.map(|at| at.to_zoned(zone))
}

/// How long it lasts.
#[must_use]
pub fn length(appointment: &Appointment) -> SignedDuration {
    match (appointment.start_at, appointment.end_at) {
        (Some(start), Some(end)) if end > start => end.duration_since(start),
        _ => UNKNOWN,
    }
}

/// Everybody's appointments around a day: the day before and after too, since the account may be in another zone.
///
/// # Errors
/// Those of the reader; a list that is not complete.
pub async fn around(reader: &Reader, day: Date) -> Result<Vec<Record<Appointment>>> {
    let (from, to) = neighbours(day);
    let list = reader.all(appointments::between(from, to, false).fresh());
    Ok(whole(list.await?)?)
}

/// The day before and the day after.
#[must_use]
pub fn neighbours(day: Date) -> (Date, Date) {
    (day.yesterday().unwrap_or(day), day.tomorrow().unwrap_or(day))
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
    if owners.is_empty() {
        return vec!["Syncro does not say whose it is, so overlaps were not looked for".to_owned()];
    }
    let mut found = Vec::new();
    for other in all.iter().filter(|other| Some(other.id) != but && !other.all_day) {
        let Some(begins) = start(ctx, other) else {
            continue;
        };
        let ends = begins.saturating_add(length(other));
        let shared = other.users().iter().any(|user| owners.contains(user));
        if shared && begins.timestamp() < to && ends.timestamp() > from {
            found.push(format!("overlaps \"{}\", {}", other.summary, span(&begins, &ends)));
        }
    }
    found
}
