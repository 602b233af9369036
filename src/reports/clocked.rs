//! When people were at work: by their time logs, without their lunches; for those without any, so many hours on each
//! business day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, Zoned};
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
    /// When the account works, where it says so.
    pub hours: Option<&'o BusinessHours>,
    /// So long is a business day of somebody who does not clock in.
    pub day_hours: Decimal,
}

/// What somebody has clocked on a day.
#[derive(Debug, Clone, Default)]
pub(super) struct Shift {
    /// When they were at work.
    pub(super) spans: Vec<Span>,
    /// Whether they have not clocked out, and the day is over.
    pub(super) is_open: bool,
}

impl Shift {
    /// The hours.
    pub(super) fn hours(&self) -> AtLeast {
        let all = self.spans.iter().fold(0, |sum: u64, span| sum.saturating_add(seconds(*span)));
        AtLeast { known: exact_hours(all), misses: self.is_open }
    }
}

/// What everybody has clocked.
#[derive(Debug, Default)]
pub(super) struct Shifts {
    /// The shifts, by the day on which they began.
    pub(super) by: BTreeMap<UserId, BTreeMap<Date, Shift>>,
    /// Who has a log that cannot be read: there may be more of them.
    pub(super) unclear: BTreeSet<UserId>,
}

impl Office<'_> {
    /// Whether that is a day of work. Where the account does not say when it works, Monday to Friday are.
    pub(super) fn is_open(&self, day: Date) -> bool {
        let weekday = day.weekday();
        let works = self.hours.and_then(|hours| hours.works(weekday));
        works.unwrap_or(!matches!(weekday, Weekday::Saturday | Weekday::Sunday))
    }

    /// What was clocked on the days that `has` names.
    pub(super) fn shifts(
        &self,
        user: Option<UserId>,
        has: impl Fn(Date) -> bool,
        now: &Zoned,
        left_out: &mut LeftOut,
    ) -> Shifts {
        let mut unclear = BTreeSet::new();
        let mut work: BTreeMap<UserId, Vec<Clocked>> = BTreeMap::new();
        let mut lunches: BTreeMap<UserId, Vec<Span>> = BTreeMap::new();
        for log in self.logs {
            let is_theirs = |id: UserId| user.is_none_or(|user| user == id);
            if log.user_id.is_some_and(|id| !is_theirs(id)) {
                continue;
            }
            match (log.user_id, clocked(log, now)) {
                (Some(_), Some(one)) if !has(one.day) => {}
                (Some(id), Some(one)) if log.lunch => {
                    lunches.entry(id).or_default().push(one.span);
                }
                (Some(id), Some(one)) => work.entry(id).or_default().push(one),
                // One of another day may be left aside, whatever else it says.
                (id, None) if log.in_at.is_none_or(|at| has(day_of(at, now))) => {
                    left_out.note(why::LOG, None);
                    unclear.extend(id);
                }
                _ => {}
            }
        }
        let none = Vec::new();
        let of = |(id, work)| (id, by_day(work, lunches.get(&id).unwrap_or(&none)));
        Shifts { by: work.into_iter().map(of).collect(), unclear }
    }
}

/// A time log that is understood.
struct Clocked {
    span: Span,
    day: Date,
    is_open: bool,
}

/// What a time log says; nothing where a part of it cannot be understood. Who is at work has been so until now.
fn clocked(log: &Timelog, now: &Zoned) -> Option<Clocked> {
    if log.unreadable.among(&Timelog::TIME).is_some() {
        return None;
    }
    let begins = log.in_at?;
    let day = day_of(begins, now);
    let is_open = log.out_at.is_none() && day != now.date();
    let ends = log.out_at.unwrap_or(if is_open { begins } else { now.timestamp() });
    Some(Clocked { span: (begins, ends), day, is_open })
}

pub(super) fn day_of(at: Timestamp, now: &Zoned) -> Date {
    at.to_zoned(now.time_zone().clone()).date()
}

/// Somebody's time logs by day. What two of them have is counted once.
fn by_day(mut work: Vec<Clocked>, lunches: &[Span]) -> BTreeMap<Date, Shift> {
    work.sort_unstable_by_key(|one| one.span);
    let mut taken = lunches.to_vec();
    let mut days: BTreeMap<Date, Shift> = BTreeMap::new();
    for one in work {
        let shift = days.entry(one.day).or_default();
        shift.spans.extend(rest(one.span, &taken));
        shift.is_open |= one.is_open;
        taken.push(one.span);
    }
    days
}
