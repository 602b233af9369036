//! What the same person has entered on other tickets for the time that is typed: where that is charged, the same time would
//! be billed twice; else it may be right, and is said. The list of everybody's entries only helps: where it is missing or
//! cannot be read, nothing is known of other tickets, which is said as well.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::api::Record;
use crate::api::ids::{TicketId, UserId};
use crate::api::resources::tickets::Timer;
use crate::render::when;
use crate::write::{Collection, Noun, ReadSet, Snapshot, field_shown};

/// How far back time is looked for on other tickets.
pub(super) const BACK: SignedDuration = SignedDuration::from_hours(72);

/// So many entries are named at most.
const MOST: usize = 3;

/// Time that is typed for a ticket.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spent {
    /// From when to when.
    pub(super) time: (Timestamp, Timestamp),
    /// Whose it is; none where that is not known yet.
    pub(super) user: Option<UserId>,
    /// The ticket, whose own entries are not meant.
    pub(super) ticket: TicketId,
}

/// The list that shows what was entered elsewhere for time that began then; none where that is long ago.
#[must_use]
pub fn others(begins: Timestamp) -> Option<Collection> {
    let age = Timestamp::now().duration_since(begins);
    let day = begins.to_zoned(TimeZone::UTC).date().saturating_sub(1.day());
    (age < BACK).then(|| Collection::other_timers(day))
}

impl Spent {
    /// What must be read to know what it overlaps, and the tickets by whose numbers that is named.
    pub(super) fn reads(&self, seen: &Snapshot) -> ReadSet {
        let list = others(self.time.0);
        let needs = list.iter().fold(ReadSet::NOTHING, ReadSet::collection);
        let tickets = self.overlapping(seen).into_iter().filter_map(|timer| timer.ticket_id);
        tickets.fold(needs, |needs, id| needs.record(&Noun::Ticket.record(id)))
    }

    /// Whether nothing is known of other tickets.
    pub(super) fn is_blind(&self, seen: &Snapshot) -> bool {
        others(self.time.0).is_some_and(|list| seen.has_no_such(&list))
    }

    /// What it overlaps, in words, that is charged already.
    pub(super) fn charged(&self, seen: &Snapshot, zone: &TimeZone) -> Vec<String> {
        let charged = self.overlapping(seen).into_iter().filter(is_charged);
        charged.map(|timer| named(&timer, seen, zone)).collect()
    }

    /// The same of what is not.
    pub(super) fn uncharged(&self, seen: &Snapshot, zone: &TimeZone) -> Vec<String> {
        let others = self.overlapping(seen).into_iter().filter(|timer| !is_charged(timer));
        others.map(|timer| named(&timer, seen, zone)).collect()
    }

    /// The entries that it overlaps, the charged ones first; none before it is known whose time it is.
    fn overlapping(&self, seen: &Snapshot) -> Vec<Record<Timer>> {
        let (Some(list), Some(user), (begins, ends)) = (others(self.time.0), self.user, self.time)
        else {
            return Vec::new();
        };
        let overlaps = |timer: &Record<Timer>| {
            let until = timer.end_time.unwrap_or(Timestamp::MAX);
            let from = timer.start_time;
            timer.user_id == Some(user)
                && timer.ticket_id.is_some_and(|other| other != self.ticket)
                && (is_unclear(timer)
                    || from.is_some_and(|from| from < ends && begins < until && from < until))
        };
        let all = seen.records(&list).into_iter();
        let all = all.filter_map(|raw| Record::<Timer>::read(raw.clone()).ok());
        let (mut found, rest): (Vec<_>, Vec<_>) = all.filter(overlaps).partition(is_charged);
        found.extend(rest);
        found.truncate(MOST);
        found
    }
}

/// Whether nobody can tell when it was: it may be any time.
fn is_unclear(timer: &Record<Timer>) -> bool {
    timer.unreadable.among(&["start_time", "end_time"]).is_some()
}

/// Whether it is charged, as far as anybody can tell.
fn is_charged(timer: &Record<Timer>) -> bool {
    timer.recorded || timer.unreadable.raw("recorded").is_some()
}

/// `timer entry 48700001 of the same user on ticket #32179 (Tue 2026-03-17 08:00-08:45)`.
fn named(timer: &Record<Timer>, seen: &Snapshot, zone: &TimeZone) -> String {
    let number =
        |id: TicketId| Some(field_shown(&seen.record(&Noun::Ticket.record(id))?["number"]));
    let on = match timer.ticket_id {
        Some(id) => number(id).map_or_else(|| format!("id:{id}"), |number| format!("#{number}")),
        None => "unknown".to_owned(),
    };
    let range = match timer.start_time.filter(|_| !is_unclear(timer)) {
        Some(from) => when::range(from, timer.end_time, zone),
        None => "at a time that cannot be read".to_owned(),
    };
    format!("timer entry {} of the same user on ticket {on} ({range})", timer.id)
}
