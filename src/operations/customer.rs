//! Customers: they are above all others, so that one is its own customer. One that is there already is looked for by name
//! and by mail address, in three lists; to put one out of use is guarded as its removal is.

use serde_json::{Map, Value};

use super::body;
use super::guard::{Finding, Guard};
use super::resource::{Alike, Removal, Resource, ResourceField};
use crate::api::Record;
use crate::api::fields::{at, to_id};
use crate::api::ids::CustomerId;
use crate::api::resources::customers::{self, Customer, Found};
use crate::api::resources::invoices::Invoice;
use crate::config::Settings;
use crate::names;
use crate::render::counted;
use crate::write::{
    Collection, FieldKind, Noun, ReadSet, RecordRef, Snapshot, field_shown, is_yes,
};

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

/// What makes invoices for a customer again and again.
fn schedules(customer: CustomerId) -> Collection {
    Collection::of_customer_if_readable(Noun::Schedule, customer.into())
}

fn contracts(customer: CustomerId) -> Collection {
    Collection::of_customer_if_readable(Noun::Contract, customer.into())
}

fn removal_reads(customer: CustomerId) -> ReadSet {
    ReadSet::NOTHING
        .collection(&Collection::open_tickets(customer.into()))
        .collection(&Collection::unpaid_invoices(customer.into()))
        .collection(&schedules(customer))
        .collection(&contracts(customer))
}

/// What is left to be done and paid for the customer, and what goes on.
fn removal(seen: &Snapshot, customer: CustomerId, _: u64, settings: &Settings) -> Removal {
    let (asked, said) = goes_on(seen, customer);
    let findings = open_work(seen, customer, settings).into_iter().chain(asked);
    let findings = findings.map(|text| Finding::new(Guard::OpenWork, text)).collect();
    Removal { findings, notices: said }
}

/// Those that name the customer. One that names nobody may be theirs.
fn theirs<'s>(
    seen: &'s Snapshot,
    customer: CustomerId,
    list: &Collection,
) -> impl Iterator<Item = &'s Value> + use<'s> {
    let records = seen.records(list).into_iter();
    records.filter(move |one| to_id(at(one, "customer_id")).is_none_or(|id| id == customer.0))
}

fn open_work(seen: &Snapshot, customer: CustomerId, settings: &Settings) -> Option<String> {
    let closed = |ticket: &Value| {
        let status = ticket["status"].as_str();
        status.is_some_and(|status| names::is_among(status, &settings.tickets.closed))
    };
    let is_owed = |invoice: &Value| {
        let read = Record::<Invoice>::read(invoice.clone());
        read.map_or(None, |invoice| invoice.is_owed()) != Some(false)
    };
    let open = theirs(seen, customer, &Collection::open_tickets(customer.into()));
    let open = open.filter(|ticket| !closed(ticket)).count();
    let unpaid = theirs(seen, customer, &Collection::unpaid_invoices(customer.into()));
    let unpaid = unpaid.filter(|invoice| is_owed(invoice)).count();
    (open + unpaid > 0).then(|| {
        let tickets = counted(open, "open ticket", "open tickets");
        let invoices = counted(unpaid, "unpaid invoice", "unpaid invoices");
        format!("it has {tickets} and {invoices}")
    })
}

/// Schedules that go on billing the customer, which is asked about as what cannot be read is, and contracts, which are said.
fn goes_on(seen: &Snapshot, customer: CustomerId) -> (Option<String>, Vec<String>) {
    let (schedules, contracts) = (schedules(customer), contracts(customer));
    let runs = theirs(seen, customer, &schedules);
    // One of which nobody can tell whether it rests may run.
    let runs: Vec<&Value> = runs.filter(|one| is_yes(at(one, "paused")) != Some(true)).collect();
    let may = |what: &str| format!("{what}: one may go on billing it");
    let asked = match runs.len() {
        _ if seen.is_blind_to(&schedules) => Some(may("its schedules cannot be read")),
        0 => None,
        1 => Some(format!("a schedule goes on billing it: {}", called(&runs))),
        count => Some(format!("{count} schedules go on billing it: {}", called(&runs))),
    };
    let unseen = seen.has_no_such(&schedules);
    let unseen = unseen.then(|| may("cannot see its schedules"));
    let there: Vec<&Value> = theirs(seen, customer, &contracts).collect();
    let stays = match there.len() {
        _ if seen.is_blind_to(&contracts) => Some("its contracts cannot be read".to_owned()),
        _ if seen.has_no_such(&contracts) => Some("cannot see its contracts".to_owned()),
        0 => None,
        count => {
            let contracts = counted(count, "contract", "contracts");
            Some(format!("it has {contracts}: {}", called(&there)))
        }
    };
    (asked, unseen.into_iter().chain(stays).collect())
}

/// So many are named at most.
const NAMED: usize = 3;

/// Records by their names.
fn called(records: &[&Value]) -> String {
    let name = |one: &&Value| {
        let said = at(one, "name").as_str().map(str::trim).filter(|name| !name.is_empty());
        said.map_or_else(|| format!("id {}", field_shown(at(one, "id"))), str::to_owned)
    };
    let names: Vec<String> = records.iter().take(NAMED).map(name).collect();
    let more = match records.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", names.join(", "))
}
