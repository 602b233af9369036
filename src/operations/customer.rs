//! Customers: they are above all others, so that one is its own customer. One that is there already is looked for by name
//! and by mail address, in three lists; to put one out of use is guarded as its removal is.

use serde_json::{Map, Value};

use super::body;
use super::guard::{Finding, Guard};
use super::resource::{Alike, Resource, ResourceField};
use crate::api::Record;
use crate::api::fields::{at, to_id};
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer, Found};
use crate::api::resources::invoices::Invoice;
use crate::config::Settings;
use crate::names;
use crate::render::counted;
use crate::write::{Collection, FieldKind, Noun, ReadSet, RecordRef, Snapshot};

/// Customers.
pub(super) const CUSTOMER: Resource = Resource {
    noun: Noun::Customer,
    name,
    list,
    fields: &[
        ResourceField::new("business_name", "business").identifying(),
        ResourceField::new("firstname", "first name").identifying(),
        ResourceField::new("lastname", "last name").identifying(),
        ResourceField::new("email", "email").identifying(),
        ResourceField::new("phone", "phone").kind(FieldKind::Phone).advisory(),
        ResourceField::new("mobile", "mobile").kind(FieldKind::Phone).advisory(),
        ResourceField::new("address", "address").advisory(),
        ResourceField::new("city", "city").advisory(),
        ResourceField::new("state", "state").advisory(),
        ResourceField::new("zip", "postal code").advisory(),
        ResourceField::new("notes", "notes").advisory(),
        ResourceField::new("no_email", "emails stopped").kind(FieldKind::Flag).advisory(),
        ResourceField::new("opt_out", "email opt-out").kind(FieldKind::Flag).advisory(),
        ResourceField::new(Customer::DISABLED, "disabled").kind(FieldKind::Flag).advisory(),
    ],
    resets: &["get_sms", "opt_out", "no_email", Customer::DISABLED],
    // Syncro makes them of others.
    side_effects: &["business_then_name", "business_and_full_name", "fullname"],
    telling: &["email"],
    typed_again: Some("name"),
    alike_reads,
    alike,
    retired_by: Some(Customer::DISABLED),
    removal_reads,
    removal,
    ..Resource::PLAIN
};

/// The name that people use: the business, else the person, else the address.
fn name(fields: &Map<String, Value>) -> String {
    let person = format!("{} {}", body::text(fields, "firstname"), body::text(fields, "lastname"));
    let said = ["business_then_name", "business_name", "fullname"]
        .iter()
        .find_map(|field| body::said(fields, field))
        .or_else(|| Some(person.trim()).filter(|person| !person.is_empty()))
        .or_else(|| body::said(fields, "email"));
    said.unwrap_or("(no name)").to_owned()
}

/// The filter by which a new one is looked for.
fn list(body: &Map<String, Value>) -> Option<Collection> {
    let mut fields = ["business_name", "email", "lastname"].iter();
    fields.find_map(|field| Some(Collection::customers(field, body::said(body, field)?)))
}

/// The list of those with the same mail address.
fn of_email(body: &Map<String, Value>) -> Option<Collection> {
    body::said(body, "email").map(|email| Collection::customers("email", email))
}

/// The fast look-up of a name: it finds names that only look alike, too.
fn look_up(body: &Map<String, Value>) -> RecordRef {
    RecordRef::answer(&customers::autocomplete(&name(body)))
}

fn alike_reads(body: &Map<String, Value>) -> ReadSet {
    let needs = ReadSet::NOTHING.record(&look_up(body));
    of_email(body).iter().fold(needs, ReadSet::collection)
}

/// Customers with the same name or address, and those that look like it.
fn alike(seen: &Snapshot, list: &Collection, body: &Map<String, Value>) -> Alike {
    let of_email = of_email(body);
    let lists = [Some(list), of_email.as_ref()].into_iter().flatten();
    let listed = lists.flat_map(|list| seen.records(list));
    let listed = listed.filter_map(|raw| Record::<Customer>::read(raw.clone()).ok());
    let looked_up = seen.typed_record::<Found>(&look_up(body));
    let looked_up = looked_up.map(|found| found.view.customers).unwrap_or_default();
    let mut known: Vec<Record<Customer>> = Vec::new();
    for one in listed.chain(looked_up) {
        if known.iter().all(|other| other.id != one.id) {
            known.push(one);
        }
    }
    let plain = names::plain;
    let (called, email) = (plain(&name(body)), body::said(body, "email").map(plain));
    let mut found = Alike::default();
    for one in known {
        let names = [&one.business_name, &one.business_then_name, &one.fullname];
        let same_name = names.into_iter().any(|name| plain(name) == called);
        let same_email = email.as_ref().is_some_and(|email| plain(&one.email) == *email);
        let why = if same_name { "name" } else { "email address" };
        if found.same.is_none() && (same_name || same_email) {
            let state = if one.disabled { ", disabled" } else { "" };
            let text = format!("{} (id {}{state}) has the same {why}", one.name(), one.id);
            found.same = Some(Finding::new(Guard::SameCustomer, text));
        } else {
            found.similar.push(format!("{} (id {}) also exists", one.name(), one.id));
        }
    }
    found
}

fn removal_reads(customer: CustomerId) -> ReadSet {
    ReadSet::NOTHING
        .collection(&Collection::open_tickets(customer.into()))
        .collection(&Collection::unpaid_invoices(customer.into()))
}

/// What is left to be done and paid for the customer.
fn removal(seen: &Snapshot, customer: CustomerId, _: u64, settings: &Settings) -> Option<Finding> {
    let theirs = |list: Collection| {
        let records = seen.records(&list).into_iter();
        // One that names nobody may be theirs.
        records.filter(|one| to_id(at(one, "customer_id")).is_none_or(|id| id == customer.0))
    };
    let closed = |ticket: &Value| {
        let status = ticket["status"].as_str();
        status.is_some_and(|status| names::is_among(status, &settings.tickets.closed))
    };
    let is_owed = |invoice: &Value| {
        let read = Record::<Invoice>::read(invoice.clone());
        read.map_or(None, |invoice| invoice.is_owed()) != Some(false)
    };
    let open = theirs(Collection::open_tickets(customer.into()));
    let open = open.filter(|ticket| !closed(ticket)).count();
    let unpaid = theirs(Collection::unpaid_invoices(customer.into()));
    let unpaid = unpaid.filter(|invoice| is_owed(invoice)).count();
    (open + unpaid > 0).then(|| {
        let tickets = counted(open, "open ticket", "open tickets");
        let invoices = counted(unpaid, "unpaid invoice", "unpaid invoices");
        Finding::new(Guard::OpenWork, format!("it has {tickets} and {invoices}"))
    })
}
