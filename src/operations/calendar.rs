//! The calendar around an appointment: where it is read, what it says in a line, and whose other time it would take. Pure.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};
use serde_json::Value;

use crate::api::Record;
use crate::api::ids::{AppointmentId, UserId};
use crate::api::resources::appointments::Appointment;
use crate::dates::spelled;
use crate::error::{Error, Result};
use crate::render::{sanitise, when};
use crate::write::{Collection, Snapshot};

/// How long Syncro makes an appointment without an end, and how long one is taken to last whose end is not known.
const WITHOUT_END: SignedDuration = SignedDuration::from_mins(60);

/// What is asked about an appointment that has passed.
pub const PAST: &str = "it would start in the past";

/// A start and an end, in the configured zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Times {
    /// When it begins.
    pub start: Zoned,
    /// When it ends.
    pub end: Zoned,
}

impl Times {
    /// The times of an appointment; none where the server names no start, or they cannot be read.
    #[must_use]
    pub fn of(appointment: &Appointment, zone: &TimeZone) -> Option<Self> {
        let start = appointment.start_at?;
        let end = start.saturating_add(span(appointment)?).unwrap_or(start);
        Some(Self::between(start, Some(end), zone))
    }

    /// From one instant to another; without an end, as long as Syncro makes it.
    #[must_use]
    pub fn between(start: Timestamp, end: Option<Timestamp>, zone: &TimeZone) -> Self {
        let start = start.to_zoned(zone.clone());
        let end =
            end.map_or_else(|| start.saturating_add(WITHOUT_END), |end| end.to_zoned(zone.clone()));
        Self { start, end }
    }

    /// From when until when: "Sat 2026-05-23 14:00 EDT to 15:30"; with the end's zone where the clocks change between.
    #[must_use]
    pub fn says(&self) -> String {
        let (start, end) = (&self.start, &self.end);
        let until = match (end.date() == start.date(), end.offset() == start.offset()) {
            (true, true) => end.strftime("%H:%M").to_string(),
            (true, false) => end.strftime("%H:%M %Z").to_string(),
            (false, _) => spelled(end),
        };
        format!("{} to {until}", spelled(start))
    }

    /// What is in the way of `owners`, for people; `but` is the appointment itself.
    #[must_use]
    pub fn overlaps(
        &self,
        all: &[Record<Appointment>],
        owners: &[UserId],
        but: Option<AppointmentId>,
    ) -> Vec<String> {
        if owners.is_empty() {
            return vec![
                "Syncro does not say whose it is, so overlaps were not looked for".to_owned(),
            ];
        }
        let others = all.iter().filter(|other| Some(other.id) != but && !other.all_day);
        let shared = others.filter(|other| other.users().iter().any(|user| owners.contains(user)));
        shared.filter_map(|other| self.overlap(other)).collect()
    }

    /// That another one is in the way, or may be.
    fn overlap(&self, other: &Appointment) -> Option<String> {
        if let Some(found) = other.unclear() {
            let may_be = other.start_at.is_none_or(|start| start < self.end.timestamp());
            let text = || format!("may overlap \"{}\": cannot read {found}", other.summary);
            return may_be.then(text);
        }
        let times = Self::of(other, self.start.time_zone())?;
        let is_in_the_way = times.start < self.end && times.end > self.start;
        is_in_the_way.then(|| format!("overlaps \"{}\", {}", other.summary, times.says()))
    }
}

/// How long an appointment lasts that has times; none where they cannot be read.
fn span(appointment: &Appointment) -> Option<SignedDuration> {
    match (appointment.start_at, appointment.end_at) {
        _ if appointment.unclear().is_some() => None,
        (Some(start), Some(end)) if end > start => Some(end.duration_since(start)),
        _ => Some(WITHOUT_END),
    }
}

/// How long an appointment lasts.
///
/// # Errors
/// Why that is not known, for people.
pub fn length(appointment: &Appointment) -> Result<SignedDuration, String> {
    let what = format!("appointment {}", appointment.id);
    match (span(appointment), appointment.unclear()) {
        _ if appointment.all_day => Err(format!("{what} takes the whole day")),
        (None, Some(found)) => Err(format!("cannot read {found} of {what}")),
        (length, _) => Ok(length.unwrap_or(WITHOUT_END)),
    }
}

/// When an appointment is, in words; a whole day has no times. As it came, where that cannot be read.
#[must_use]
pub fn when(appointment: &Appointment, zone: &TimeZone) -> String {
    let unclear = appointment.unclear().map(|found| sanitise::one_line(&found.to_string()));
    let start = appointment.start_at.map(|start| spelled(&start.to_zoned(zone.clone())));
    match (Times::of(appointment, zone), unclear) {
        (_, Some(unclear)) => start.into_iter().chain([unclear]).collect::<Vec<_>>().join(", "),
        (None, None) => "no time".to_owned(),
        (Some(times), None) if appointment.all_day => {
            format!("{}, all day", when::day(times.start.date()))
        }
        (Some(times), None) => times.says(),
    }
}

/// Everybody's appointments from a day before an instant to a day after it, whatever zone the account is in: the server
/// takes the days in that zone.
#[must_use]
pub fn around(start: Timestamp) -> Collection {
    let day = |days: i8, offset: i8| {
        let at = start.saturating_add(SignedDuration::from_hours(i64::from(days) * 24));
        Offset::constant(offset).to_datetime(at.unwrap_or(start)).date()
    };
    Collection::appointments(day(-1, -12), day(1, 14))
}

/// The appointments of a list that was read.
///
/// # Errors
/// Exit 5 for one that cannot be understood: it may be in the way.
pub fn listed(seen: &Snapshot, list: &Collection) -> Result<Vec<Record<Appointment>>> {
    let records = seen.records(list).into_iter();
    let read = |record: &Value| {
        Record::read(record.clone()).map_err(|why| {
            let id = &record["id"];
            Error::refused(format!("cannot read appointment {id}: {why}")).nothing_written()
        })
    };
    records.map(read).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_calendar_is_read_a_day_to_either_side_in_every_zone() {
        for (start, from, to) in [
            ("2026-05-23T15:00:00Z", "2026-05-22", "2026-05-25"),
            ("2026-05-23T00:30:00Z", "2026-05-21", "2026-05-24"),
            ("2026-05-23T23:30:00Z", "2026-05-22", "2026-05-25"),
        ] {
            let list = Collection::appointments(from.parse().unwrap(), to.parse().unwrap());
            assert_eq!(around(start.parse().unwrap()), list, "{start}");
        }
    }

    #[test]
    fn what_overlaps_is_of_the_same_people_at_the_same_time() {
        let zone = TimeZone::get("America/Chicago").unwrap();
        let of = |id: u64, start: &str, end: Option<&str>, users: &[u64], all_day: bool| {
            let one = json!({
                "id": id, "summary": format!("Visit {id}"), "start_at": start, "end_at": end,
                "user_ids": users, "all_day": all_day,
            });
            Record::read(one).unwrap()
        };
        let all = [
            of(1, "2026-05-23T14:30:00Z", Some("2026-05-23T15:30:00Z"), &[7], false),
            of(2, "2026-05-23T15:00:00Z", Some("2026-05-23T16:00:00Z"), &[8], false),
            of(3, "2026-05-23T14:00:00Z", Some("2026-05-23T15:00:00Z"), &[7], false),
            of(4, "2026-05-23T16:00:00Z", Some("2026-05-23T17:00:00Z"), &[7], false),
            of(5, "2026-05-23T05:00:00Z", Some("2026-05-24T04:59:00Z"), &[7], true),
            of(6, "2026-05-23T10:45:00-05:00", None, &[9, 7], false),
        ];
        let start = "2026-05-23T15:00:00Z".parse().unwrap();
        let times = Times::between(start, None, &zone);
        assert_eq!(times.says(), "Sat 2026-05-23 10:00 CDT to 11:00");
        let found = times.overlaps(&all, &[UserId(7)], None);
        assert_eq!(
            found,
            [
                "overlaps \"Visit 1\", Sat 2026-05-23 09:30 CDT to 10:30",
                "overlaps \"Visit 6\", Sat 2026-05-23 10:45 CDT to 11:45",
            ]
        );
        assert_eq!(times.overlaps(&all, &[UserId(7)], Some(AppointmentId(1))).len(), 1);
        assert_eq!(times.overlaps(&all, &[], None).len(), 1);
    }
}
