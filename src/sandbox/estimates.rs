//! Estimates: made, given lines, mailed, printed, and turned into an invoice.
//!
//! A refusal names its fields without anything around them.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::clock;
use super::invoice_lines::{self, On};
use super::invoices;
use super::listing::{is_blank, short_page};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{Record, integer, parse_instant, public, record, text};

/// `GET /estimates`: the newest first, twice as many on a page as elsewhere.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let mut found: Vec<&Record> = state
        .all(Table::Estimates)
        .filter(|estimate| {
            let mine = integer(estimate, "_user_id") == Some(call.user);
            (call.asked("mine") != Some("true") || mine)
                && call
                    .asked("status")
                    .is_none_or(|status| text(estimate, "status").eq_ignore_ascii_case(status))
        })
        .collect();
    sorting::sort_by_key(&mut found, |estimate| Reverse(integer(estimate, "id")));
    Reply::list("estimates", short_page(call, found, call.list_page * 2), public)
}

/// Returns the estimate that the path names, or else the one that `number` names.
pub(super) fn find(state: &State, call: &Call, id: &str) -> Option<i64> {
    let by_id = id.parse().ok().filter(|id| state.get(Table::Estimates, *id).is_some());
    by_id.or_else(|| {
        let number = call.asked("number")?;
        let found =
            state.all(Table::Estimates).find(|estimate| text(estimate, "number") == number)?;
        integer(found, "id")
    })
}

/// `POST /estimates`: `line_items` are ignored.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let mut problems = Record::new();
    for field in ["customer_id", "date"] {
        if is_blank(&call.body, field) {
            problems.insert(field.to_owned(), json!(["can't be blank"]));
        }
    }
    let owner = state.named(Table::Customers, &call.body, "customer_id");
    let Some(owner) = owner.filter(|_| problems.is_empty()) else {
        if problems.is_empty() {
            problems.insert("customer".to_owned(), json!(["must exist"]));
        }
        return Reply::json(422, Value::Object(problems));
    };
    let count = state.all(Table::Estimates).count();
    let mut estimate = blank(Table::Estimates);
    estimate.extend(record(json!({
        "customer_business_then_name": text(owner, "business_then_name"),
        "number": format!("E{}", 2_200 + count),
        "employee": call.user_name(state),
        "_user_id": call.user,
    })));
    estimate.extend(given(Table::Estimates, &call.body));
    let id = state.add(Table::Estimates, call.now, estimate);
    wrapped(state, id)
}

/// `GET /estimates/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    wrapped(state, id)
}

/// `DELETE /estimates/{id}`: its lines go with it.
pub(super) fn delete(state: &mut State, _: &Call, id: i64) -> Reply {
    state.remove_belonging(Table::InvoiceLines, On::Estimate(id).field(), id);
    let number = state.get(Table::Estimates, id).map_or("", |estimate| text(estimate, "number"));
    let message = format!("Estimate {number} is deleted.");
    state.remove(Table::Estimates, id);
    Reply::ok(json!({ "message": message }))
}

/// `POST /estimates/{id}/line_items`.
pub(super) fn add_line(state: &mut State, call: &Call, id: i64) -> Reply {
    match invoice_lines::add(state, call, On::Estimate(id)) {
        Ok(line) => Reply::ok(json!({
            "estimate": state.get(Table::Estimates, id).map(public),
            "line_item": invoice_lines::alone(state, line),
        })),
        Err(refused) => refused,
    }
}

/// `PUT /estimates/{id}/line_items/{id}`.
pub(super) fn update_line(state: &mut State, call: &Call, id: i64, line: i64) -> Reply {
    invoice_lines::change(state, call, On::Estimate(id), line)
}

/// `DELETE /estimates/{id}/line_items/{id}`.
pub(super) fn delete_line(state: &mut State, call: &Call, id: i64, line: i64) -> Reply {
    let on = On::Estimate(id);
    if !invoice_lines::is_own(state, on, line) {
        return Reply::not_found();
    }
    invoice_lines::remove(state, call.now, on, line);
    wrapped(state, id)
}

/// `PUT /estimates/{id}`.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    for field in ["customer_id", "date"] {
        if call.body.contains_key(field) && is_blank(&call.body, field) {
            let mut problem = Record::new();
            problem.insert(field.to_owned(), json!(["can't be blank"]));
            return Reply::json(422, Value::Object(problem));
        }
    }
    state.change(Table::Estimates, id, call.now, given(Table::Estimates, &call.body));
    wrapped(state, id)
}

/// `POST /estimates/{id}/convert_to_invoice`: makes an invoice of the same lines; the estimate keeps its own.
pub(super) fn convert(state: &mut State, call: &Call, id: i64) -> Reply {
    let estimate = state.get(Table::Estimates, id).cloned().unwrap_or_default();
    let lines = lines(state, id);
    if lines.is_empty() {
        return Reply::json(422, json!({"error": "An invoice needs a line"}));
    }
    let day = parse_instant(text(&estimate, "date")).unwrap_or_else(|| clock::day(call.now));
    let mut invoice = invoices::fresh(day);
    for field in ["customer_id", "customer_business_then_name", "ticket_id"] {
        let value = estimate.get(field).cloned();
        invoice.insert(field.to_owned(), value.unwrap_or_default());
    }
    let number = state.invoice_number().to_string();
    invoice.extend(record(json!({"number": number, "user_id": call.user})));
    let made = state.add(Table::Invoices, call.now, invoice);
    for mut line in lines {
        for own in ["id", "created_at", "updated_at", On::Estimate(id).field()] {
            line.remove(own);
        }
        line.insert(On::Invoice(made).field().to_owned(), json!(made));
        state.add(Table::InvoiceLines, call.now, line);
    }
    invoice_lines::total(state, call.now, On::Invoice(made));
    let done = record(json!({"invoice_id": made, "status": "Approved"}));
    state.change(Table::Estimates, id, call.now, done);
    Reply::ok(json!({"invoice": state.get(Table::Invoices, made).map(public)}))
}

fn lines(state: &State, id: i64) -> Vec<Record> {
    state.belonging(Table::InvoiceLines, On::Estimate(id).field(), id).cloned().collect()
}

fn wrapped(state: &State, id: i64) -> Reply {
    Reply::wrapped("estimate", state.get(Table::Estimates, id).map(public))
}
