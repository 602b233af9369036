//! Which records of a list a step rests on, where the others do not matter to it: as data, so that a plan keeps the rule.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::Record;
use crate::api::ids::{TicketId, UserId};
use crate::api::resources::tickets::{Ticket, Timer};
use crate::api::same as normal;
use crate::names;

/// Which records of a list count.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// All of them.
    #[default]
    All,
    /// Timer entries of a user on other tickets that may be of some of this time.
    TimeOf {
        /// Whose.
        user: UserId,
        /// The ticket whose own entries are not meant.
        besides: TicketId,
        /// Since when.
        begins: Timestamp,
        /// Until when.
        ends: Timestamp,
        /// Whether only those count that are charged, or may be.
        charged: bool,
    },
    /// Timers of a user that run, or may.
    RunningOf {
        /// Whose.
        user: UserId,
    },
    /// Tickets in none of these statuses whose subject is the same or has words in common with this one.
    OpenLike {
        /// The subject.
        subject: String,
        /// The statuses.
        closed: Vec<String>,
    },
}

impl Which {
    /// The user whose time it is about, if it is.
    pub(super) const fn whose_time(&self) -> Option<UserId> {
        match self {
            Self::TimeOf { user, .. } | Self::RunningOf { user } => Some(*user),
            Self::All | Self::OpenLike { .. } => None,
        }
    }

    pub(super) const fn is_all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// Whether one of them that goes leaves nothing to ask: what stood in the way is no more.
    pub(super) const fn may_go(&self) -> bool {
        self.whose_time().is_some()
    }

    /// Whether a record counts. A timer entry that is none at all is nobody's; a ticket that cannot be read may be like any.
    pub fn fits(&self, raw: &Value) -> bool {
        match self {
            Self::All => true,
            Self::TimeOf { user, besides, begins, ends, charged } => {
                timer(raw).is_some_and(|timer| {
                    let until = timer.end_time.unwrap_or(Timestamp::MAX);
                    let from = timer.start_time;
                    // What cannot be read may be anybody's, and on any ticket.
                    let or_unread = |is, field| is || timer.unreadable.among(&[field]).is_some();
                    or_unread(timer.user_id == Some(*user), "user_id")
                        && or_unread(timer.ticket_id.is_some_and(|id| id != *besides), "ticket_id")
                        && (timer.is_of_unclear_time()
                            || from.is_some_and(|from| {
                                from < *ends && *begins < until && from < until
                            }))
                        && (!charged || timer.may_be_charged())
                })
            }
            Self::RunningOf { user } => timer(raw).is_some_and(|timer| {
                timer.user_id == Some(*user) && timer.goes_on() != Some(false)
            }),
            Self::OpenLike { subject, closed } => {
                let ticket = Record::<Ticket>::read(raw.clone());
                ticket.map_or(true, |ticket| {
                    let is_same = || normal::text(&ticket.subject) == normal::text(subject);
                    !ticket.is_in(closed)
                        && (is_same() || names::likeness(subject, &ticket.subject).is_some())
                })
            }
        }
    }
}

fn timer(raw: &Value) -> Option<Record<Timer>> {
    Record::read(raw.clone()).ok()
}
