//! Contacts: flat in and out, twice as many on a page as elsewhere.
//!
//! A `title` is kept in `properties`, which no write takes. There is no field that disables a
//! contact: `opt_out` only keeps mail away.

use serde_json::{Value, json};

use super::call::Call;
use super::listing::{bad_email, is_blank, page, same_id};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given, unsaved};
use super::value::{Record, flags, integer, public, record};

/// `GET /contacts`.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let found: Vec<&Record> = state
        .all(Table::Contacts)
        .filter(|contact| same_id(call, contact, "customer_id"))
        .collect();
    Reply::list("contacts", page(call, found, call.list_page * 2), public)
}

/// `GET /contacts/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    Reply::flat(state.get(Table::Contacts, id).map(public))
}

/// `POST /contacts`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let mut contact = blank(Table::Contacts);
    let fields = written(&call.body, &contact);
    contact.extend(fields);
    if let Some(problem) = problem(&contact) {
        let unsaved = unsaved(Table::Contacts, contact);
        return Reply::json(422, json!({"record": unsaved, "errors": problem}));
    }
    if !has_customer(state, &contact) {
        return Reply::json(404, json!({"message": "There is no such customer"}));
    }
    let id = state.add(Table::Contacts, call.now, contact);
    get(state, call, id)
}

/// `PUT /contacts/{id}`.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let Some(contact) = state.get(Table::Contacts, id) else {
        return Reply::not_found();
    };
    let fields = written(&call.body, contact);
    let after = state.with(Table::Contacts, id, &fields);
    let mut problem = problem(&after);
    if fields.contains_key("name") && is_blank(&fields, "name") {
        problem = Some("Name can't be blank");
    }
    if problem.is_none() && !has_customer(state, &after) {
        problem = Some("Customer must exist");
    }
    if let Some(problem) = problem {
        return Reply::json(422, json!({"record": public(contact), "errors": problem}));
    }
    state.change(Table::Contacts, id, call.now, fields);
    get(state, call, id)
}

/// `DELETE /contacts/{id}`.
pub(super) fn delete(state: &mut State, _: &Call, id: i64) -> Reply {
    state.remove(Table::Contacts, id);
    Reply::ok(json!({"message": "The contact is deleted."}))
}

/// Returns what a body sets in the contact.
fn written(body: &Record, contact: &Record) -> Record {
    let mut fields = given(Table::Contacts, body);
    let mut properties = contact.get("properties").cloned().map(record).unwrap_or_default();
    if let Some(title) = body.get("title") {
        properties.insert("title".to_owned(), title.clone());
    }
    fields.insert("properties".to_owned(), Value::Object(properties));
    fields.extend(flags(body, &["opt_out"]));
    fields
}

fn has_customer(state: &State, contact: &Record) -> bool {
    integer(contact, "customer_id").is_some_and(|id| state.get(Table::Customers, id).is_some())
}

fn problem(contact: &Record) -> Option<&'static str> {
    if is_blank(contact, "customer_id") {
        return Some("Customer can't be blank");
    }
    bad_email(contact, "email").then_some("Email is not an address")
}
