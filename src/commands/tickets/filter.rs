//! Which tickets are wanted: what the server is asked for, and the same again for what it answers, since it ignores what it
//! does not know. Pure.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::api::List;
use crate::api::ids::{ContactId, CustomerId, UserId};
use crate::api::resources::tickets::{self, NOT_CLOSED, Ticket};
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
        instant.is_some_and(|instant| {
            self.first.is_none_or(|(_, first)| instant >= first)
                && self.end.is_none_or(|end| instant < end)
        })
    }

    /// The day to ask the server for. It does not say in which zone it reads a day, nor whether that day is in or out:
    /// two days earlier is early enough in any case.
    fn asked(&self) -> Option<Date> {
        self.first.map(|(day, _)| day.saturating_sub(2.days()))
    }
}

impl Filter {
    /// The list of those tickets.
    #[must_use]
    pub fn list(&self) -> List<Ticket> {
        let all = tickets::all();
        let list = match self.status.clone() {
            Status::All => all,
            Status::Only(only) => {
                let status = Some(only.clone());
                all.filter("status", status, move |one| names::same(&one.status, &only))
            }
            Status::Open(closed) => all.near("status", Some(NOT_CLOSED), move |one| {
                !closed.iter().any(|closed| names::same(&one.status, closed))
            }),
        };
        let customer = self.customer;
        let list = list.filter("customer_id", customer, move |one| one.customer_id == customer);
        let list = match self.contact.clone() {
            None => list,
            Some(Contact::Id(id)) => {
                list.filter("contact_id", Some(id), move |one| one.contact_id == Some(id))
            }
            Some(Contact::Named(words)) => list.keep(move |one| is_for(one, &words)),
        };
        let list = match self.assignee {
            None => list,
            Some(Assignee::User(id)) => {
                list.filter("user_id", Some(id), move |one| one.user_id == Some(id))
            }
            Some(Assignee::Nobody) => list.keep(|one| one.user_id.is_none()),
        };
        let (days, after) = (self.days.clone(), self.days.asked());
        match (days.is_any(), self.updated) {
            (true, _) => list,
            (false, true) => {
                list.near("since_updated_at", after, move |one| days.hold(one.updated_at))
            }
            (false, false) => {
                list.near("created_after", after, move |one| days.hold(one.created_at))
            }
        }
    }

    /// Whether nothing but the status matters.
    #[must_use]
    pub const fn is_everybodys(&self) -> bool {
        self.customer.is_none()
            && self.contact.is_none()
            && self.assignee.is_none()
            && self.days.is_any()
    }
}

/// Whether a ticket is for somebody whose name or mail address has these words.
fn is_for(ticket: &Ticket, words: &str) -> bool {
    let contact = ticket.contact.as_ref();
    let more = contact.map(|contact| [contact.name.as_str(), &contact.email]);
    let parts = more.into_iter().flatten().chain([ticket.contact_fullname.as_str()]);
    names::fits(words, parts)
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
            assert!(filter.list().fits(&ticket(json!({}))), "{filter:?}");
            assert!(!filter.list().fits(&ticket(other)), "{filter:?}");
        }
        let nobody = Filter { assignee: Some(Assignee::Nobody), ..open };
        assert!(nobody.list().fits(&ticket(json!({"user_id": null}))));
        assert!(!nobody.list().fits(&ticket(json!({}))));
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
            assert_eq!(filter.list().fits(&one), wanted, "{filter:?}");
        }
        let asked = filter(days(day("2026-03-11"), None), true).list().target();
        assert_eq!(asked, "/tickets?status=Not+Closed&since_updated_at=2026-03-09");
        assert!(Days::new(day("2026-03-11"), day("2026-03-10"), &oslo).is_err());
        let undated = ticket(json!({"created_at": null}));
        assert!(!filter(days(day("2026-03-11"), None), false).list().fits(&undated));
        assert!(filter(Days::default(), false).list().fits(&undated));
    }
}
