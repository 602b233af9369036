//! Customers, read only, and the shape in which they are embedded elsewhere.

use serde_json::{Value, json};

use super::reply::Reply;
use super::route::{Call, page};
use super::state::{State, Table};
use super::value::{Record, public, text, truth};

/// Entries that the fast look-up answers with.
const AUTOCOMPLETE: usize = 10;

/// `GET /customers`: the full look-up.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let disabled_too = call.asked("include_disabled") == Some("true");
    let found: Vec<Value> = state
        .all(Table::Customers)
        .filter(|customer| disabled_too || truth(customer, "disabled") != Some(true))
        .filter(|customer| {
            ["business_name", "firstname", "lastname", "email"]
                .iter()
                .all(|field| match call.asked(field) {
                    Some(wanted) => text(customer, field).eq_ignore_ascii_case(wanted),
                    None => true,
                })
        })
        .filter(|customer| {
            call.asked("query")
                .is_none_or(|query| matches(customer, query))
        })
        .map(|customer| with_contacts(state, customer))
        .collect();
    let (customers, meta) = page(call, found, call.list_page);
    Reply::ok(json!({"customers": customers, "meta": meta}))
}

/// `GET /customers/autocomplete`: the fast look-up, without `meta`.
pub(super) fn autocomplete(state: &State, call: &Call) -> Reply {
    let found: Vec<Value> = state
        .all(Table::Customers)
        .filter(|customer| truth(customer, "disabled") != Some(true))
        .filter(|customer| {
            call.asked("query")
                .is_none_or(|query| matches(customer, query))
        })
        .take(AUTOCOMPLETE)
        .map(|customer| with_contacts(state, customer))
        .collect();
    Reply::ok(json!({ "customers": found }))
}

/// `GET /customers/{id}`.
pub(super) fn get(state: &State, id: &str) -> Reply {
    let found = id
        .parse()
        .ok()
        .and_then(|id| state.get(Table::Customers, id));
    match found {
        Some(customer) => Reply::ok(json!({"customer": with_contacts(state, customer)})),
        None => Reply::not_found(),
    }
}

/// Returns the customer with its contacts, as tickets and invoices embed it too.
pub(super) fn with_contacts(state: &State, customer: &Record) -> Value {
    let mut shown = public(customer);
    let contacts: Vec<Record> = super::value::integer(customer, "id")
        .map(|id| {
            state
                .belonging(Table::Contacts, "customer_id", id)
                .map(public)
                .collect()
        })
        .unwrap_or_default();
    shown.insert("contacts".to_owned(), json!(contacts));
    Value::Object(shown)
}

/// Whether all words of the query occur somewhere in the customer's names or mail address.
pub(super) fn matches(customer: &Record, query: &str) -> bool {
    let haystack = ["business_name", "fullname", "email", "phone"]
        .iter()
        .map(|field| text(customer, field).to_lowercase())
        .collect::<Vec<_>>()
        .join(" ");
    query
        .to_lowercase()
        .split_whitespace()
        .all(|word| haystack.contains(word))
}
