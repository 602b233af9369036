//! What the same person has entered on other tickets for time that is typed or charged: where that is charged, the same time
//! would be billed twice; else it may be right, and is said. An account that lacks the list of everybody's entries, or does not
//! show it to this key, says nothing of other tickets, which is said as well; a list that cannot be read may have anything, which
//! is asked about.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::guard::{Finding, Guard};
use crate::api::Record;
use crate::api::ids::{TicketId, UserId};
use crate::api::resources::tickets::Timer;
use crate::render::when;
use crate::write::{
    BACK, Collection, Noun, Precondition, ReadSet, RecordRef, Snapshot, Which, field_shown,
};

/// What is said where nothing is known of other tickets.
pub(super) const BLIND: &str = "cannot see timers on other tickets";

/// What becomes of time that is charged already and would be charged once more.
pub(super) const TWICE: &str = "the same time would be billed twice";

/// So many entries are named at most.
const MOST: usize = 3;

/// Time that is typed for a ticket, or charged on it.
#[derive(Debug, Clone)]
pub(super) struct Spent {
    /// From when to when.
    pub(super) time: (Timestamp, Timestamp),
    /// Whose it is; none where that is not known yet.
    pub(super) user: Option<UserId>,
    /// The ticket, whose own entries are not meant.
    pub(super) ticket: TicketId,
    /// The list that shows what was entered elsewhere; none where nobody looks there.
    pub(super) list: Option<Collection>,
    /// Whether what is not charged there is said, too.
    pub(super) all: bool,
}

/// What time comes to because of other time of the same user: what is said of it, what is asked, and what that rests on.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) notices: Vec<String>,
    pub(super) findings: Vec<Finding>,
    pub(super) ground: Option<Precondition>,
}

/// The list that shows what was entered elsewhere for time that began then; none where that is long ago by now.
#[must_use]
pub fn others(begins: Timestamp, now: Timestamp) -> Option<Collection> {
    let day = begins.to_zoned(TimeZone::UTC).date().saturating_sub(1.day());
    (now.duration_since(begins) < BACK).then(|| Collection::other_timers(day))
}

/// The one list that shows it for all of several times.
pub(super) fn others_of(
    begins: impl Iterator<Item = Timestamp>,
    seen: &Snapshot,
) -> Option<Collection> {
    // How long ago they are, the server's clock says as soon as it has answered.
    let now = seen.now();
    others(begins.filter(|at| others(*at, now).is_some()).min()?, now)
}

impl Spent {
    /// What must be read to know what it overlaps, and the tickets by whose numbers that is named.
    pub(super) fn reads(&self, seen: &Snapshot) -> ReadSet {
        let needs = self.list.iter().fold(ReadSet::NOTHING, ReadSet::collection);
        let tickets = self.overlapping(seen).into_iter().filter_map(|timer| timer.ticket_id);
        tickets.fold(needs, |needs, id| needs.record(&called(id)))
    }

    /// What it comes to because of what was entered elsewhere; `what` it is called.
    pub(super) fn beside(&self, seen: &Snapshot, zone: &TimeZone, what: &str) -> Beside {
        let mut notices: Vec<String> = self.blind(seen).into_iter().map(str::to_owned).collect();
        let unread = self.unread(seen).map(|text| Finding::new(Guard::Overlap, text));
        let mut findings: Vec<Finding> = unread.into_iter().collect();
        for timer in self.overlapping(seen) {
            let text = format!("{what} overlaps {}", named(&timer, seen, zone));
            match timer.may_be_charged() {
                true => {
                    let text = format!("{text}, which is charged already; {TWICE}");
                    findings.push(Finding::new(Guard::Overlap, text));
                }
                false => notices.push(text),
            }
        }
        Beside { notices, findings, ground: self.ground(seen) }
    }

    /// What is said where nothing is known of other tickets.
    pub(super) fn blind(&self, seen: &Snapshot) -> Option<&'static str> {
        self.list.as_ref().filter(|list| seen.has_no_such(list)).map(|_| BLIND)
    }

    /// What is asked where the list cannot be read: what is charged there is not known.
    pub(super) fn unread(&self, seen: &Snapshot) -> Option<String> {
        let is_unread = self.list.as_ref().is_some_and(|list| seen.is_blind_to(list));
        let text = || format!("timers on other tickets cannot be read: if one is charged, {TWICE}");
        is_unread.then(text)
    }

    /// That no other entry which it overlaps is charged by the time of a write: the same time would be billed twice.
    pub(super) fn ground(&self, seen: &Snapshot) -> Option<Precondition> {
        let (label, names) = ("charged time on other tickets", ["start_time", "end_time"]);
        Precondition::some_listed((self.list.as_ref()?, self.which(true)?), label, seen, &names)
    }

    /// What it overlaps, in words, that is charged already.
    pub(super) fn charged(&self, seen: &Snapshot, zone: &TimeZone) -> Option<String> {
        let charged = self.overlapping(seen).into_iter().filter(|timer| timer.may_be_charged());
        charged.into_iter().next().map(|timer| named(&timer, seen, zone))
    }

    /// Which entries it overlaps; none before it is known whose time it is.
    fn which(&self, charged: bool) -> Option<Which> {
        let (user, besides, (begins, ends)) = (self.user?, self.ticket, self.time);
        Some(Which::TimeOf { user, besides, begins, ends, charged })
    }

    /// The entries that it overlaps, the charged ones first.
    fn overlapping(&self, seen: &Snapshot) -> Vec<Record<Timer>> {
        let (Some(list), Some(which)) = (&self.list, self.which(!self.all)) else {
            return Vec::new();
        };
        let all = seen.records(list).into_iter().filter(|raw| which.fits(raw));
        let all = all.filter_map(|raw| Record::<Timer>::read(raw.clone()).ok());
        // One that does not say where it is may be the ticket's own.
        let own = seen.ticket().map_or(&[][..], |ticket| &ticket.ticket_timers);
        let is_own = |timer: &Record<Timer>| own.iter().any(|one| one.id == timer.id);
        let all = all.filter(|timer| timer.ticket_id.is_some() || !is_own(timer));
        let (mut found, rest): (Vec<_>, Vec<_>) = all.partition(|timer| timer.may_be_charged());
        found.extend(rest);
        found.truncate(MOST);
        found
    }
}

/// A ticket as it is read to be called by its number.
pub(super) const fn called(id: TicketId) -> RecordRef {
    RecordRef::Named { noun: Noun::Ticket, id: id.0 }
}

/// `timer entry 48700001 of the same user on ticket #32179 (Tue 2026-03-17 08:00-08:45)`
fn named(timer: &Record<Timer>, seen: &Snapshot, zone: &TimeZone) -> String {
    let number = |id| seen.record(&called(id)).map(|ticket| field_shown(&ticket["number"]));
    let on = match timer.ticket_id.map(|id| (id, number(id))) {
        Some((_, Some(number))) => format!("ticket #{number}"),
        Some((id, None)) => format!("ticket id:{id}"),
        None => "a ticket that cannot be read".to_owned(),
    };
    let whose =
        if timer.user_id.is_some() { "the same user" } else { "a user that cannot be read" };
    let range = match timer.start_time.filter(|_| !timer.is_of_unclear_time()) {
        Some(from) => when::range(from, timer.end_time, zone),
        None => "at a time that cannot be read".to_owned(),
    };
    format!("timer entry {} of {whose} on {on} ({range})", timer.id)
}
