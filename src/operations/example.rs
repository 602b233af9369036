//! An invented office, for the tests of rules by value.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Env, Names, Operation, Proposed};
use crate::api::ids::UserId;
use crate::api::resources::users::Me;
use crate::api::{Method, Record};
use crate::config::{Environment, Overrides, Settings};
use crate::error::Result;
use crate::write::{Account, Noun, Request, Snapshot, Step};

/// Who works there, and by what settings.
pub(super) struct Office {
    me: Me,
    account: Account,
    settings: Settings,
    names: Names,
}

impl Office {
    pub(super) fn new() -> Self {
        let environment = Environment {
            subdomain: Some("acme".to_owned()),
            state_dir: Some("/nowhere".into()),
            ..Environment::default()
        };
        let me = json!({"user_id": 7, "user_name": "Robin", "user_email": "robin@acme.example"});
        Self {
            me: serde_json::from_value(me).unwrap(),
            account: Account {
                base: "https://acme.example".to_owned(),
                profile: None,
                owner: UserId(7),
                owner_name: "Robin".to_owned(),
                owner_email: "robin@acme.example".to_owned(),
                config: None,
            },
            settings: Settings::load_from(&Overrides::default(), &environment).unwrap(),
            names: Names::default(),
        }
    }

    /// What a request comes to there, after the steps of the same plan `before` it.
    pub(super) fn propose(
        &self,
        request: &Request,
        seen: &Snapshot,
        before: &[Step],
    ) -> Result<Proposed> {
        Operation::of(request).unwrap().propose(seen, &self.env(before))
    }

    /// What proposals there depend on.
    pub(super) fn env<'e>(&'e self, before: &'e [Step]) -> Env<'e> {
        Env {
            me: &self.me,
            account: &self.account,
            settings: &self.settings,
            names: &self.names,
            now: Timestamp::UNIX_EPOCH,
            as_typed: false,
            before,
            kept: &[],
        }
    }
}

pub(super) fn request(method: Method, path: &str, body: Value) -> Request {
    Request { method, path: path.to_owned(), body: Some(body) }
}

/// Ticket #100 of customer 2, whose contact is 3, with more of it.
pub(super) fn ticket(more: Value) -> Snapshot {
    let mut ticket = json!({
        "id": 1, "number": 100, "subject": "Blank page", "status": "New", "customer_id": 2,
        "customer_business_then_name": "Books", "contact_id": 3, "line_items": [], "ticket_timers": [],
        "contact": {"id": 3, "name": "Ada", "email": "ada@books.example", "customer_id": 2},
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        ticket[name] = value.clone();
    }
    Snapshot::default().with_ticket(Record::read(ticket).unwrap())
}

/// And customer 2.
pub(super) fn with_customer(seen: Snapshot) -> Snapshot {
    let customer = json!({
        "id": 2, "business_name": "Books", "email": "office@books.example",
        "contacts": [{"id": 3, "name": "Ada", "email": "ada@books.example"}],
    });
    seen.with_record(Noun::Customer.record(crate::api::ids::CustomerId(2)), Some(customer))
}
