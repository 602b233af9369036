//! Which tickets are wanted: what the server is asked for, and the same again for what it answers, since it ignores what it
//! does not know. Pure.

use jiff::Zoned;

use crate::api::List;
use crate::api::ids::{AssetId, ContactId, CustomerId, UserId};
use crate::api::resources::tickets::{self, NOT_CLOSED, Ticket};
use crate::commands::days::Days;
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
    /// How urgent they are: a priority of the account's.
    pub priority: Option<String>,
    /// Their issue type.
    pub issue_type: Option<String>,
    /// Only late ones.
    pub late: Option<Late>,
    /// The asset that they are about, and its name. Where the list does not show assets, each ticket's own page does.
    pub asset: Option<(AssetId, String)>,
    /// When they were opened, or last changed.
    pub days: Days,
    /// Whether the days are those of the last change.
    pub updated: bool,
    /// The members that are kept of each; all without them.
    pub kept: Option<&'static [&'static str]>,
}

/// Where tickets stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Not closed for the server, and in none of these statuses.
    Open(Vec<String>),
    /// Anywhere.
    All,
    /// In one of these statuses of the account's.
    Only(Vec<String>),
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

/// What late tickets are: due before then, and not in one of these statuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// The present, in the reader's zone.
    pub now: Zoned,
    /// The statuses that count as closed.
    pub closed: Vec<String>,
}

impl Late {
    /// Whether a ticket is late; `None` where its due date cannot be read.
    fn is(&self, ticket: &Ticket) -> Option<bool> {
        match ticket.is_in(&self.closed) {
            true => Some(false),
            false => ticket.due_date.is_past(&self.now),
        }
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
                // The server takes one of them.
                let one = (only.len() == 1).then(|| only[0].clone());
                all.filter("status", one, move |one| one.is_in(&only))
            }
            Status::Open(closed) => {
                all.near("status", Some(NOT_CLOSED), move |one| !one.is_in(&closed))
            }
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
            // A user without an id that can be read is not nobody.
            Some(Assignee::Nobody) => list.keep(|one| match (&one.user_id, &one.user) {
                (None, Some(_)) => None,
                (id, _) => Some(id.is_none()),
            }),
        };
        let list = self.dated(self.kept_here(list));
        match self.kept {
            Some(paths) => list.keeping(paths),
            None => list,
        }
    }

    /// The filters that the server does not have.
    fn kept_here(&self, list: List<Ticket>) -> List<Ticket> {
        let list = match self.priority.clone() {
            None => list,
            Some(priority) => list.keep(move |one| names::same(&one.priority, &priority)),
        };
        let list = match self.issue_type.clone() {
            None => list,
            Some(kind) => list.keep(move |one| names::same(&one.problem_type, &kind)),
        };
        let list = match self.late.clone() {
            None => list,
            Some(late) => list.keep(move |one| late.is(one)),
        };
        match self.asset.clone() {
            None => list,
            // Newer accounts know the name, or a part of it.
            Some((id, name)) => {
                list.near("asset_name", Some(name), move |one| one.has_asset(id).unwrap_or(true))
            }
        }
    }

    fn dated(&self, list: List<Ticket>) -> List<Ticket> {
        let (days, after) = (self.days.clone(), self.days.asked());
        match (days.is_any(), self.updated) {
            (true, _) => list,
            (false, true) => list.near("since_updated_at", after, move |one| {
                one.unreadable.judged("updated_at", days.hold(one.updated_at))
            }),
            (false, false) => list.near("created_after", after, move |one| {
                one.unreadable.judged("created_at", days.hold(one.created_at))
            }),
        }
    }

    /// The filters whose lists together are this one's: the server takes one status at a time.
    #[must_use]
    pub fn parts(&self) -> Vec<Self> {
        let Status::Only(several) = &self.status else {
            return vec![self.clone()];
        };
        let one =
            |status: &String| Self { status: Status::Only(vec![status.clone()]), ..self.clone() };
        several.iter().map(one).collect()
    }

    /// Whether nothing but the status matters.
    #[must_use]
    pub fn is_everybodys(&self) -> bool {
        *self == Self { status: self.status.clone(), updated: self.updated, ..Self::default() }
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
    use jiff::tz::TimeZone;
    use serde_json::{Value, json};

    use super::*;
    use crate::api::Record;

    /// As a list reads it.
    fn ticket(change: Value) -> Ticket {
        let mut ticket = json!({
            "id": 1, "number": 1, "status": "New", "customer_id": 7, "contact_id": 8, "user_id": 9,
            "contact_fullname": "Ada Quist", "created_at": "2026-03-10T23:30:00Z", "updated_at": "2026-03-12T10:00:00Z",
        });
        ticket.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        Record::read(ticket).unwrap().view
    }

    #[test]
    fn each_wish_leaves_out_what_the_server_threw_in() {
        let open =
            Filter { status: Status::Open(vec!["Resolved".to_owned()]), ..Filter::default() };
        let cases = [
            (open.clone(), json!({"status": "resolved "})),
            (
                Filter { status: Status::Only(vec!["New".to_owned()]), ..open.clone() },
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
            assert_eq!(filter.list().fits(&ticket(json!({}))), Some(true), "{filter:?}");
            assert_eq!(filter.list().fits(&ticket(other)), Some(false), "{filter:?}");
        }
        let nobody = Filter { assignee: Some(Assignee::Nobody), ..open };
        assert_eq!(nobody.list().fits(&ticket(json!({"user_id": null}))), Some(true));
        assert_eq!(nobody.list().fits(&ticket(json!({}))), Some(false));
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
            assert_eq!(filter.list().fits(&one), Some(wanted), "{filter:?}");
        }
        let asked = filter(days(day("2026-03-11"), None), true).list().target();
        assert_eq!(asked, "/tickets?status=Not+Closed&since_updated_at=2026-03-09");
        assert!(Days::new(day("2026-03-11"), day("2026-03-10"), &oslo).is_err());
        let undated = ticket(json!({"created_at": null}));
        let since = filter(days(day("2026-03-11"), None), false);
        assert_eq!(since.list().fits(&undated), Some(false));
        assert_eq!(filter(Days::default(), false).list().fits(&undated), Some(true));
    }

    #[test]
    fn of_what_cannot_be_read_nobody_tells_unless_another_filter_does() {
        let utc = TimeZone::UTC;
        let since = Days::new(Some("2026-03-11".parse().unwrap()), None, &utc).unwrap();
        let now = "2026-03-12T12:00:00Z".parse::<jiff::Timestamp>().unwrap().to_zoned(utc);
        let late = Late { now, closed: vec!["Resolved".to_owned()] };
        let odd = |field: &str| json!({field: "Friday noon"});
        for (filter, change, fits) in [
            (Filter { days: since.clone(), ..Filter::default() }, odd("created_at"), None),
            (Filter { days: since, updated: true, ..Filter::default() }, odd("updated_at"), None),
            (Filter { late: Some(late.clone()), ..Filter::default() }, odd("due_date"), None),
            (
                Filter {
                    late: Some(late.clone()),
                    customer: Some(CustomerId(70)),
                    ..Filter::default()
                },
                odd("due_date"),
                Some(false),
            ),
            (
                Filter { late: Some(late.clone()), status: Status::All, ..Filter::default() },
                json!({"due_date": "Friday noon", "status": "resolved"}),
                Some(false),
            ),
            (
                Filter { assignee: Some(Assignee::Nobody), ..Filter::default() },
                json!({"user_id": "nine", "user": {"id": "nine"}}),
                None,
            ),
        ] {
            assert_eq!(filter.list().fits(&ticket(change)), fits, "{filter:?}");
        }
        let filter = Filter { late: Some(late), ..Filter::default() };
        for (due, fits) in [
            (json!("2026-03-11"), true),
            (json!("2026-03-12"), false),
            (json!("2026-03-12T00:00:00.000Z"), false),
            (json!("2026-03-12T11:59:00Z"), true),
            (json!("2026-03-12T12:01:00Z"), false),
            (json!(null), false),
            (json!(""), false),
        ] {
            let one = ticket(json!({"due_date": due}));
            assert_eq!(filter.list().fits(&one), Some(fits), "{due}");
        }
    }
}
