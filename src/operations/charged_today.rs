//! Time that is typed on a day of which the same person's time was charged already, and waits on the ticket for its invoice:
//! an account charges the timers that are stopped, and who types the minutes once more bills them twice. Where it is said
//! when the time began, only what it overlaps can be the same. Pure.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::elsewhere::{Spent, TWICE, others_of};
use super::guard::{Finding, Guard};
use super::unbilled::unmarked;
use crate::api::ids::UserId;
use crate::billing::expected::of_line;
use crate::billing::uninvoiced::is_open;
use crate::render::when;
use crate::write::{Precondition, ReadSet, Snapshot};

/// Who types time, when, and by which clock a day of the account's begins.
#[derive(Debug, Clone)]
pub struct Worker {
    /// The key's owner.
    pub user: UserId,
    /// When it is typed.
    pub now: Timestamp,
    /// The account's zone.
    pub zone: TimeZone,
    /// What is said of when the time was worked.
    pub worked: Worked,
}

/// What is said of when time was worked that is typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Worked {
    /// Nothing: it may be any of that day.
    #[default]
    Unsaid,
    /// From when to when.
    Between(Timestamp, Timestamp),
    /// It is entered from when it was: what such an entry overlaps is asked about by itself.
    Entered,
}

impl Worker {
    fn day(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }

    /// Whether what is typed may be the time of an entry.
    fn may_mean(&self, start: Timestamp, end: Option<Timestamp>) -> bool {
        match self.worked {
            Worked::Unsaid => self.day(start) == self.day(self.now),
            Worked::Between(begins, ends) => start < ends && end.is_none_or(|end| begins < end),
            Worked::Entered => false,
        }
    }
}

/// A charged timer entry of the worker that may be the time which is typed: one of the ticket whose line item waits for its
/// invoice, or where it is said when the time began, one of another ticket.
#[must_use]
pub fn charged_today(seen: &Snapshot, worker: &Worker) -> Option<Finding> {
    charged_here(seen, worker).or_else(|| {
        let spent = spent(seen, worker.worked, Some(worker.user))?;
        let other = spent.charged(seen, &worker.zone);
        let other = other.map(|other| format!("{other} is charged already; {TWICE}"));
        let text = other.or_else(|| spent.unread(seen))?;
        Some(Finding::new(Guard::ChargedToday, text))
    })
}

/// What typed time of a plan rests on besides: what is charged on other tickets when it was worked; none where that was not
/// said, or cannot be known.
pub(super) fn worked_ground(seen: &Snapshot, worker: &Worker) -> Option<Precondition> {
    spent(seen, worker.worked, Some(worker.user))?.ground(seen)
}

/// What is said of such time where nothing is known of other tickets.
pub(super) fn worked_blind(seen: &Snapshot, worked: Worked) -> Option<&'static str> {
    spent(seen, worked, None)?.blind(seen)
}

/// What must be read to know that of other tickets.
pub fn worked_reads(seen: &Snapshot, worked: Worked, user: Option<UserId>) -> ReadSet {
    spent(seen, worked, user).map_or(ReadSet::NOTHING, |spent| spent.reads(seen))
}

fn spent(seen: &Snapshot, worked: Worked, user: Option<UserId>) -> Option<Spent> {
    let Worked::Between(begins, ends) = worked else {
        return None;
    };
    let list = others_of([begins].into_iter(), seen);
    Some(Spent { time: (begins, ends), user, ticket: seen.ticket()?.id, list, all: false })
}

fn charged_here(seen: &Snapshot, worker: &Worker) -> Option<Finding> {
    let unmarked = unmarked(seen);
    seen.ticket()?.ticket_timers.iter().find_map(|timer| {
        let start = timer.start_time.filter(|_| timer.user_id == Some(worker.user))?;
        let is_meant = worker.may_mean(start, timer.end_time);
        let line = timer.ticket_line_item_id.filter(|_| is_meant)?;
        let line = seen.lines().iter().find(|one| one.id == line && is_open(one, &unmarked))?;
        let range = when::range(start, timer.end_time, &worker.zone);
        let text = format!(
            "your time of {range} is charged already and not invoiced yet (line item {}: {}); {TWICE}",
            line.id,
            of_line(line)
        );
        Some(Finding::new(Guard::ChargedToday, text))
    })
}
