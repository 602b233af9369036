//! Which tickets are wanted: what the server is asked for, and the same again for what it answers, since it ignores what it
//! does not know. Pure.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::api::ids::{ContactId, CustomerId, UserId};
use crate::api::resources::tickets::{Asked, NOT_CLOSED, Ticket};
use crate::error::{Error, Result};
use crate::names;

/// The wishes of a list, resolved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Where they stand.
    pub status: Status,
    /// Whose they are.
    pub customer: Option<CustomerId>,
    /// Whom they are for.
    pub contact: Option<Contact>,
    /// Who works on them.
    pub assignee: Option<Assignee>,
    /// When they were opened, or last changed.
    pub days: Days,
    /// Whether the days are those of the last change.
    pub updated: bool,
}

/// Where tickets stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Not closed for the server, and in none of these statuses.
    Open(Vec<String>),
    /// Anywhere.
    All,
    /// In this status of the account's.
    Only(String),
}

impl Default for Status {
    fn default() -> Self {
        Self::Open(Vec::new())
    }
}

/// Whom tickets are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    /// A contact.
    Id(ContactId),
    /// Anybody whose name or mail address has these words.
    Named(String),
}

/// Who works on tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// A user.
    User(UserId),
    /// Nobody.
    Nobody,
}

/// Days, first and last one included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Days {
    first: Option<(Date, Timestamp)>,
    /// The instant at which the last day is over.
    end: Option<Timestamp>,
}

impl Days {
    /// The days from `since` to `until`, as `zone` has them.
    ///
    /// # Errors
    /// Exit 2 when the first comes after the last.
    pub fn new(since: Option<Date>, until: Option<Date>, zone: &TimeZone) -> Result<Self> {
        if let (Some(since), Some(until)) = (since, until)
            && since > until
        {
            return Err(Error::usage(format!("--since {since} is after --until {until}")));
        }
        let begins = |day: Date| {
            day.to_zoned(zone.clone())
                .map(|zoned| zoned.timestamp())
                .map_err(|error| Error::usage(format!("{day}: {error}")))
        };
        Ok(Self {
            first: since.map(|day| begins(day).map(|at| (day, at))).transpose()?,
            end: until.map(|day| begins(day.saturating_add(1.day()))).transpose()?,
        })
    }

    /// Whether there is no limit.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.first.is_none() && self.end.is_none()
    }

    fn hold(&self, instant: Option<Timestamp>) -> bool {
        let Some(instant) = instant else {
            return self.is_any();
        };
        self.first.is_none_or(|(_, first)| instant >= first)
            && self.end.is_none_or(|end| instant < end)
    }

    /// The day to ask the server for. It does not say in which zone it reads a day, nor whether that day is in or out:
    /// two days earlier is early enough in any case.
    fn asked(&self) -> Option<Date> {
        self.first.map(|(day, _)| day.saturating_sub(2.days()))
    }
}

impl Filter {
    /// What the server is asked for.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let after = self.days.asked();
        Asked {
            status: match &self.status {
                Status::Open(_) => Some(NOT_CLOSED.to_owned()),
                Status::All => None,
                Status::Only(status) => Some(status.clone()),
            },
            customer: self.customer,
            contact: match self.contact {
                Some(Contact::Id(id)) => Some(id),
                _ => None,
            },
            user: match self.assignee {
                Some(Assignee::User(id)) => Some(id),
                _ => None,
            },
            created_after: after.filter(|_| !self.updated),
            updated_after: after.filter(|_| self.updated),
            query: None,
        }
    }

    /// Whether the server, if it knows all that it is asked for, leaves nothing to be left out here.
    #[must_use]
    pub fn is_the_servers(&self) -> bool {
        !matches!(self.status, Status::Open(_))
            && !matches!(self.contact, Some(Contact::Named(_)))
            && self.assignee != Some(Assignee::Nobody)
            && self.days.is_any()
    }

    /// Whether nothing but the status matters.
    #[must_use]
    pub const fn is_everybodys(&self) -> bool {
        self.customer.is_none()
            && self.contact.is_none()
            && self.assignee.is_none()
            && self.days.is_any()
    }

    /// Whether a ticket is wanted.
    #[must_use]
    pub fn wants(&self, ticket: &Ticket) -> bool {
        let at = match self.updated {
            true => ticket.updated_at,
            false => ticket.created_at,
        };
        self.status.wants(&ticket.status)
            && self.customer.is_none_or(|customer| ticket.customer_id == Some(customer))
            && self.contact.as_ref().is_none_or(|contact| contact.wants(ticket))
            && match self.assignee {
                None => true,
                Some(Assignee::Nobody) => ticket.user_id.is_none(),
                Some(Assignee::User(user)) => ticket.user_id == Some(user),
            }
            && self.days.hold(at)
    }
}

impl Status {
    fn wants(&self, status: &str) -> bool {
        let is = |other: &str| names::same(status, other);
        match self {
            Self::Open(closed) => !closed.iter().any(|closed| is(closed)),
            Self::All => true,
            Self::Only(only) => is(only),
        }
    }
}

impl Contact {
    fn wants(&self, ticket: &Ticket) -> bool {
        match self {
            Self::Id(id) => ticket.contact_id == Some(*id),
            Self::Named(words) => {
                let mut name = names::plain(&ticket.contact_fullname);
                if let Some(contact) = &ticket.contact {
                    name.push(' ');
                    name.push_str(&names::plain(&format!("{} {}", contact.name, contact.email)));
                }
                let words = names::plain(words);
                words.split_whitespace().all(|word| name.contains(word))
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn ticket(change: Value) -> Ticket {
        let mut ticket = json!({
            "id": 1, "number": 1, "status": "New", "customer_id": 7, "contact_id": 8, "user_id": 9,
            "contact_fullname": "Ada Quist", "created_at": "2026-03-10T23:30:00Z", "updated_at": "2026-03-12T10:00:00Z",
        });
        let (Some(ticket_map), Value::Object(change)) = (ticket.as_object_mut(), change) else {
            return serde_json::from_value(ticket).unwrap();
        };
        ticket_map.extend(change);
        serde_json::from_value(ticket).unwrap()
    }

    #[test]
    fn each_wish_leaves_out_what_the_server_threw_in() {
        let open =
            Filter { status: Status::Open(vec!["Resolved".to_owned()]), ..Filter::default() };
        let cases = [
            (open.clone(), json!({"status": "resolved "})),
            (
                Filter { status: Status::Only("New".to_owned()), ..open.clone() },
                json!({"status": "Newer"}),
            ),
            (Filter { customer: Some(CustomerId(7)), ..open.clone() }, json!({"customer_id": 70})),
            (
                Filter { contact: Some(Contact::Id(ContactId(8))), ..open.clone() },
                json!({"contact_id": null}),
            ),
            (
                Filter { contact: Some(Contact::Named("quist ada".to_owned())), ..open.clone() },
                json!({"contact_fullname": "Bo Quist"}),
            ),
            (
                Filter { assignee: Some(Assignee::User(UserId(9))), ..open.clone() },
                json!({"user_id": 90}),
            ),
        ];
        for (filter, other) in cases {
            assert!(filter.wants(&ticket(json!({}))), "{filter:?}");
            assert!(!filter.wants(&ticket(other)), "{filter:?}");
        }
        let nobody = Filter { assignee: Some(Assignee::Nobody), ..open };
        assert!(nobody.wants(&ticket(json!({"user_id": null}))));
        assert!(!nobody.wants(&ticket(json!({}))));
    }

    #[test]
    fn days_are_those_of_the_zone_and_are_asked_for_early_enough() {
        let oslo = TimeZone::get("Europe/Oslo").unwrap();
        let day = |text: &str| Some(text.parse().unwrap());
        let days = |since, until| Days::new(since, until, &oslo).unwrap();
        let filter = |days, updated| Filter { days, updated, ..Filter::default() };
        // Half past eleven in the evening UTC is the next day in Oslo.
        let one = ticket(json!({}));
        for (since, until, updated, wanted) in [
            (day("2026-03-11"), day("2026-03-11"), false, true),
            (day("2026-03-12"), None, false, false),
            (None, day("2026-03-10"), false, false),
            (day("2026-03-12"), day("2026-03-12"), true, true),
            (None, day("2026-03-11"), true, false),
        ] {
            let filter = filter(days(since, until), updated);
            assert_eq!(filter.wants(&one), wanted, "{filter:?}");
        }
        let asked = filter(days(day("2026-03-11"), None), true).asked();
        assert_eq!(asked.updated_after, day("2026-03-09"));
        assert_eq!(asked.created_after, None);
        assert!(Days::new(day("2026-03-11"), day("2026-03-10"), &oslo).is_err());
        let undated = ticket(json!({"created_at": null}));
        assert!(!filter(days(day("2026-03-11"), None), false).wants(&undated));
        assert!(filter(Days::default(), false).wants(&undated));
    }
}
