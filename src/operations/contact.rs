//! Contacts: the people at a customer. Their title is sent as a field of its own and kept among the properties.

use serde_json::{Map, Value};

use super::body;
use super::guard::{Finding, Guard};
use super::resource::{Alike, Removal, Resource, ResourceField};
use crate::api::fields::{at, to_id};
use crate::api::ids::CustomerId;
use crate::config::Settings;
use crate::names;
use crate::write::{Collection, FieldKind, Noun, ReadSet, Snapshot, field_shown, same_value};

/// Contacts.
pub(super) const CONTACT: Resource = Resource {
    noun: Noun::Contact,
    list: |body| Some(Collection::contacts(body::reference(body, "customer_id")?)),
    fields: &[
        ResourceField::new("name", "name").identifying(),
        ResourceField::new("email", "email"),
        ResourceField::new("phone", "phone").kind(FieldKind::Phone).advisory(),
        ResourceField::new("mobile", "mobile").kind(FieldKind::Phone).advisory(),
        ResourceField::new("address1", "address").advisory(),
        ResourceField::new("city", "city").advisory(),
        ResourceField::new("state", "state").advisory(),
        ResourceField::new("zip", "postal code").advisory(),
        ResourceField::new("notes", "notes").advisory(),
        ResourceField::new("title", "title").shown_at("properties.title").advisory(),
        ResourceField::new("opt_out", "email opt-out").kind(FieldKind::Flag).advisory(),
    ],
    resets: &["opt_out"],
    required: &["name"],
    whole: &["properties"],
    telling: &["email"],
    opens: &["enable_portal_user"],
    alike,
    removal_reads,
    removal,
    ..Resource::PLAIN
};

/// A contact of the customer with the same name or address. A server may take the name in two parts.
fn alike(seen: &Snapshot, list: &Collection, body: &Map<String, Value>) -> Alike {
    let same = |body: &Map<String, Value>, contact: &Value, field: &str| {
        let lower = |text: &str| Value::from(names::plain(text));
        let there = contact[field].as_str().unwrap_or_default();
        body::said(body, field).is_some_and(|said| same_value(&lower(there), &lower(said)))
    };
    let (first, last) = (body::said(body, "firstname"), body::said(body, "lastname"));
    let both = [first, last].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let both = Map::from_iter([("name".to_owned(), Value::from(both))]);
    let same = seen.records(list).into_iter().find_map(|contact| {
        let by_name = same(body, contact, "name") || same(&both, contact, "name");
        let why = match (by_name, same(body, contact, "email")) {
            (true, _) => "name",
            (_, true) => "email address",
            _ => return None,
        };
        let name = body::shown_name(contact);
        let text = format!("contact {name} (id {}) has the same {why}", contact["id"]);
        Some(Finding::new(Guard::SameContact, text))
    });
    Alike { same, similar: Vec::new() }
}

fn removal_reads(customer: CustomerId) -> ReadSet {
    ReadSet::NOTHING.collection(&Collection::open_tickets(customer.into()))
}

/// The open tickets of its customer that name the contact.
fn removal(seen: &Snapshot, customer: CustomerId, id: u64, _: &Settings) -> Removal {
    let open = seen.records(&Collection::open_tickets(customer.into())).into_iter();
    let theirs = open.filter(|ticket| to_id(at(ticket, "contact_id")) == Some(id));
    let numbers: Vec<String> =
        theirs.map(|ticket| format!("#{}", field_shown(&ticket["number"]))).collect();
    let found = (!numbers.is_empty()).then(|| {
        let text = format!("contact {id} is named by open tickets: {}", numbers.join(", "));
        Finding::new(Guard::OpenTickets, text)
    });
    Removal { findings: found.into_iter().collect(), ..Removal::default() }
}
