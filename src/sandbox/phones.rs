//! The telephone numbers of a customer: flat answers, and an empty one to a removal.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::Call;
use super::listing::is_blank;
use super::reply::{Body, Reply};
use super::state::{State, Table};
use super::table::given;
use super::value::{Record, integer, public, record, text};

/// `GET /customers/{id}/phones`: the newest first, without `meta`.
pub(super) fn list(state: &State, _: &Call, customer: i64) -> Reply {
    let phones: Vec<Record> =
        state.belonging(Table::Phones, "customer_id", customer).rev().map(public).collect();
    Reply::ok(json!({ "phones": phones }))
}

/// `POST /customers/{id}/phones`.
pub(super) fn create(state: &mut State, call: &Call, customer: i64) -> Reply {
    if is_blank(&call.body, "number") {
        return refused(call);
    }
    let mut phone = fresh(customer);
    phone.extend(written(&call.body));
    let id = state.add(Table::Phones, call.now, phone);
    flat(state, id)
}

/// `PUT /customers/{id}/phones/{id}`.
pub(super) fn update(state: &mut State, call: &Call, customer: i64, id: i64) -> Reply {
    if !is_own(state, customer, id) {
        return Reply::not_found();
    }
    if call.body.contains_key("number") && is_blank(&call.body, "number") {
        return refused(call);
    }
    state.change(Table::Phones, id, call.now, written(&call.body));
    flat(state, id)
}

/// `DELETE /customers/{id}/phones/{id}`.
pub(super) fn delete(state: &mut State, _: &Call, customer: i64, id: i64) -> Reply {
    if !is_own(state, customer, id) {
        return Reply::not_found();
    }
    state.remove(Table::Phones, id);
    Reply::new(200, Body::Nothing)
}

/// Lists the numbers that the customer itself has.
pub(super) fn write_first(state: &mut State, now: Timestamp, customer: i64) {
    let Some(owner) = state.get(Table::Customers, customer) else {
        return;
    };
    let numbers: Vec<(&str, Value)> = [("Phone", "phone"), ("Mobile", "mobile")]
        .into_iter()
        .filter(|(_, field)| !is_blank(owner, field))
        .filter_map(|(label, field)| Some((label, owner.get(field)?.clone())))
        .collect();
    for (label, number) in numbers {
        let mut phone = fresh(customer);
        phone.extend(record(json!({"label": label, "number": number})));
        state.add(Table::Phones, now, phone);
    }
}

fn fresh(customer: i64) -> Record {
    record(json!({
        "label": null, "number": null, "customer_id": customer, "extension": null,
    }))
}

fn written(body: &Record) -> Record {
    let mut fields = given(Table::Phones, body);
    keep_digits(&mut fields, &["number"]);
    fields
}

/// Makes numbers what the server stores of them: their digits, where there are any.
pub(super) fn keep_digits(fields: &mut Record, names: &[&str]) {
    for name in names {
        let digits: String = text(fields, name).chars().filter(char::is_ascii_digit).collect();
        if !digits.is_empty() {
            fields.insert((*name).to_owned(), Value::String(digits));
        }
    }
}

fn is_own(state: &State, customer: i64, id: i64) -> bool {
    state
        .get(Table::Phones, id)
        .is_some_and(|phone| integer(phone, "customer_id") == Some(customer))
}

fn refused(call: &Call) -> Reply {
    Reply::invalid_of(&call.body, json!(["Number can't be blank"]))
}

fn flat(state: &State, id: i64) -> Reply {
    Reply::flat(state.get(Table::Phones, id).map(public))
}
