//! When people were at work: by their time logs, without their lunches; for those without any, so many hours on each
//! business day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::{SignedDuration, Timestamp, Zoned};
use rust_decimal::Decimal;

use super::parts::exact_hours;
use super::spans::{Span, rest, seconds};
use super::{AtLeast, LeftOut, why};
use crate::api::Record;
use crate::api::ids::UserId;
use crate::api::resources::timelogs::Timelog;
use crate::dates::BusinessHours;

/// What is known of when people work.
#[derive(Debug)]
pub struct Office<'o> {
    /// The time logs.
    pub logs: &'o [Record<Timelog>],
    /// Whether there are more, of which nobody can tell whose they are.
    pub misses: bool,
    /// When the account works, where it says so.
    pub hours: Option<&'o BusinessHours>,
    /// So long is a business day of somebody who does not clock in.
    pub day_hours: Decimal,
}

/// Nobody is at work for longer: who has not clocked out by then has forgotten it.
const LONGEST: SignedDuration = SignedDuration::from_hours(16);

/// What somebody has clocked on a day.
#[derive(Debug, Clone, Default)]
pub(super) struct Shift {
    /// When they were at work.
    pub(super) spans: Vec<Span>,
    /// Whether a part of it has no end, though it is over.
    pub(super) forgotten: Option<Forgotten>,
}

/// What somebody has not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Forgotten {
    /// Work.
    Work,
    /// A lunch; all after its begin may have been one.
    Lunch,
}

impl Forgotten {
    /// What is said of it.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Work => "not clocked out",
            Self::Lunch => "lunch not ended",
        }
    }
}

impl Shift {
    /// The hours.
    pub(super) fn hours(&self) -> AtLeast {
        let all = self.spans.iter().fold(0, |sum: u64, span| sum.saturating_add(seconds(*span)));
        AtLeast { known: exact_hours(all), misses: self.forgotten.is_some() }
    }
}

/// What everybody has clocked.
#[derive(Debug, Default)]
pub(super) struct Shifts {
    /// The shifts, by the day on which they began.
    pub(super) by: BTreeMap<UserId, BTreeMap<Date, Shift>>,
    /// Who has a log that cannot be read: there may be more of them.
    unclear: BTreeSet<UserId>,
    /// Whether there is one of which nobody can tell whose it is.
    misses: bool,
}

impl Shifts {
    /// Whether somebody may have been at work when nothing shows it.
    pub(super) fn is_unclear(&self, user: UserId) -> bool {
        self.misses || self.unclear.contains(&user)
    }
}

impl Office<'_> {
    /// Whether that is a day of work. Where the account does not say when it works, Monday to Friday are.
    pub(super) fn is_open(&self, day: Date) -> bool {
        let weekday = day.weekday();
        let works = self.hours.and_then(|hours| hours.works(weekday));
        works.unwrap_or(!matches!(weekday, Weekday::Saturday | Weekday::Sunday))
    }

    /// What was clocked on the days that `has` names. Which hours a day has depends on no other day that is asked for.
    pub(super) fn shifts(
        &self,
        user: Option<UserId>,
        has: impl Fn(Date) -> bool,
        now: &Zoned,
        left_out: &mut LeftOut,
    ) -> Shifts {
        let mut shifts = Shifts { misses: self.misses, ..Shifts::default() };
        let mut theirs: BTreeMap<UserId, (Vec<Clocked>, Vec<Clocked>)> = BTreeMap::new();
        // One of another day may be left aside, whatever else it says; one of the next night is of this day.
        let is_near = |at: Timestamp| {
            let day = day_of(at, now);
            [Ok(day), day.yesterday(), day.tomorrow()].into_iter().flatten().any(&has)
        };
        for log in self.logs {
            if log.user_id.is_some_and(|id| user.is_some_and(|user| user != id)) {
                continue;
            }
            match (log.user_id, Clocked::of(log)) {
                (Some(id), Some(one)) => {
                    let (work, lunches) = theirs.entry(id).or_default();
                    if log.lunch { lunches.push(one) } else { work.push(one) }
                }
                (id, _) if log.in_at.is_none_or(is_near) => {
                    left_out.note(why::LOG, None);
                    shifts.misses |= id.is_none();
                    shifts.unclear.extend(id);
                }
                _ => {}
            }
        }
        for (id, (work, lunches)) in theirs {
            let mut days = by_day(work, &lunches, now);
            // Who clocks in on other days does so.
            days.retain(|day, _| has(*day));
            shifts.by.insert(id, days);
        }
        shifts
    }
}

/// A time log that is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Clocked {
    begins: Timestamp,
    /// None while it goes on, or where somebody forgot to end it.
    ends: Option<Timestamp>,
}

impl Clocked {
    /// What a time log says; nothing where a part of it cannot be understood.
    fn of(log: &Timelog) -> Option<Self> {
        match log.unreadable.among(&Timelog::TIME) {
            Some(_) => None,
            None => Some(Self { begins: log.in_at?, ends: log.out_at }),
        }
    }

    /// Whether it goes on, unless something shows the contrary.
    fn goes_on(self, now: &Zoned) -> bool {
        self.ends.is_none() && now.timestamp().duration_since(self.begins) <= LONGEST
    }
}

pub(super) fn day_of(at: Timestamp, now: &Zoned) -> Date {
    at.to_zoned(now.time_zone().clone()).date()
}

/// Somebody's time logs by day. What two of them have is counted once.
fn by_day(mut work: Vec<Clocked>, lunches: &[Clocked], now: &Zoned) -> BTreeMap<Date, Shift> {
    work.sort_unstable();
    let lunch = |one: &Clocked| {
        let is_over =
            |other: &Clocked| other.begins.max(other.ends.unwrap_or_default()) > one.begins;
        let goes_on = one.goes_on(now) && !work.iter().any(is_over);
        // One that nobody ended takes what is left of its shift, and nothing of the next one.
        let shift = work.iter().filter(|other| other.begins <= one.begins);
        let left = shift.filter_map(|other| other.ends).filter(|ends| *ends > one.begins).max();
        let latest = match goes_on {
            true => one.begins.checked_add(LONGEST).ok(),
            false => left,
        };
        let ends = one.ends.or(latest).unwrap_or(one.begins);
        (one.begins, ends, one.ends.is_none() && !goes_on)
    };
    let lunches: Vec<(Timestamp, Timestamp, bool)> = lunches.iter().map(lunch).collect();
    let mut taken: Vec<Span> = lunches.iter().map(|(from, to, _)| (*from, *to)).collect();
    let mut days: BTreeMap<Date, Shift> = BTreeMap::new();
    for (at, one) in work.iter().enumerate() {
        // Who comes to work again has left before.
        let goes_on = one.goes_on(now) && at + 1 == work.len();
        let is_forgotten = one.ends.is_none() && !goes_on;
        let ends = one.ends.unwrap_or(if goes_on { now.timestamp() } else { one.begins });
        let span = (one.begins, ends);
        let has_open = |(from, _, is_open): &(Timestamp, Timestamp, bool)| {
            *is_open && one.begins <= *from && *from < ends
        };
        let shift = days.entry(day_of(one.begins, now)).or_default();
        shift.spans.extend(rest(span, &taken));
        let lunch = lunches.iter().any(has_open).then_some(Forgotten::Lunch);
        let forgotten = is_forgotten.then_some(Forgotten::Work).or(lunch);
        shift.forgotten = shift.forgotten.or(forgotten);
        taken.push(span);
    }
    days
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;
    use serde_json::{Value, json};

    use super::*;

    const ASH: UserId = UserId(1);

    fn log(from: &str, to: Option<&str>, lunch: bool) -> Value {
        let at = |text: &str| format!("2026-11-{text}:00.000Z");
        json!({"user_id": 1, "in_at": at(from), "out_at": to.map(at), "lunch": lunch})
    }

    /// The shifts of these logs on the days from `first` to the 26th, at noon of which it is.
    fn shifts(logs: &[Value], first: i8, last: i8) -> (Shifts, LeftOut) {
        let logs: Vec<Record<Timelog>> =
            logs.iter().map(|raw| Record::read(raw.clone()).unwrap()).collect();
        let now = date(2026, 11, 26).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
        let office =
            Office { logs: &logs, misses: false, hours: None, day_hours: Decimal::from(8) };
        let has = |day: Date| (first..=last).contains(&day.day());
        let mut left_out = LeftOut::default();
        (office.shifts(None, has, &now, &mut left_out), left_out)
    }

    /// The hours of a day of [`ASH`]'s, and what was forgotten.
    fn day(
        logs: &[Value],
        (first, last): (i8, i8),
        day: i8,
    ) -> Option<(String, Option<Forgotten>)> {
        let (shifts, _) = shifts(logs, first, last);
        let shift = shifts.by.get(&ASH)?.get(&date(2026, 11, day))?;
        Some((shift.hours().known.round_dp(2).normalize().to_string(), shift.forgotten))
    }

    #[test]
    fn the_hours_of_a_day_are_the_same_whatever_days_are_asked_for() {
        let logs = [
            log("23T22:00", Some("24T06:00"), false),
            log("24T01:00", Some("24T01:30"), true),
            // What two of them have is of the first.
            log("24T05:00", Some("24T09:00"), false),
        ];
        for (days, of, hours) in
            [((23, 23), 23, "7.5"), ((23, 26), 23, "7.5"), ((24, 24), 24, "3"), ((23, 26), 24, "3")]
        {
            assert_eq!(day(&logs, days, of), Some((hours.to_owned(), None)), "{days:?}");
        }
        // Who has clocked in before is not somebody who never does.
        let (shifts, _) = shifts(&logs, 26, 26);
        assert!(shifts.by.get(&ASH).is_some_and(BTreeMap::is_empty));
    }

    #[test]
    fn a_lunch_that_nobody_ended_takes_nothing_of_the_next_day() {
        let logs = [
            log("24T09:00", Some("24T18:00"), false),
            log("24T17:00", None, true),
            log("25T08:00", Some("25T16:00"), false),
        ];
        for days in [(24, 25), (25, 25)] {
            assert_eq!(day(&logs, days, 25), Some(("8".to_owned(), None)));
        }
        let lunch = Some(Forgotten::Lunch);
        assert_eq!(day(&logs, (24, 24), 24), Some(("8".to_owned(), lunch)));
    }

    #[test]
    fn what_has_no_end_is_at_work_or_forgotten() {
        let all = (23, 26);
        let said = |hours: &str, forgotten| Some((hours.to_owned(), forgotten));
        // At work since last night, and not for days.
        assert_eq!(day(&[log("25T22:00", None, false)], all, 25), said("14", None));
        let work = Some(Forgotten::Work);
        assert_eq!(day(&[log("24T22:00", None, false)], all, 24), said("0", work));
        // Who comes again has left before.
        let again = [log("26T08:00", None, false), log("26T11:00", None, false)];
        assert_eq!(day(&again, all, 26), said("1", work));
        // At lunch; and one that nobody ended, after which there may have been no work.
        let lunch = [log("26T09:00", None, false), log("26T11:30", None, true)];
        assert_eq!(day(&lunch, all, 26), said("2.5", None));
        let open = [log("25T09:00", Some("25T17:00"), false), log("25T12:00", None, true)];
        assert_eq!(day(&open, all, 25), said("3", Some(Forgotten::Lunch)));
        let (shifts, _) = shifts(&open, 25, 25);
        assert!(shifts.by[&ASH][&date(2026, 11, 25)].hours().misses);
    }

    #[test]
    fn one_of_nobody_may_be_anybodys() {
        for user in [Value::Null, json!({"is": "unclear"})] {
            let mut of_nobody = log("25T09:00", Some("25T17:00"), false);
            of_nobody["user_id"] = user;
            let (known, left_out) = shifts(&[of_nobody.clone()], 25, 25);
            assert!(known.is_unclear(ASH) && known.by.is_empty());
            assert_eq!(left_out.counts(), [(why::LOG, 1)]);
            let (others, left_out) = shifts(&[of_nobody], 10, 11);
            assert!(!others.is_unclear(ASH) && left_out.is_empty());
        }
    }
}
