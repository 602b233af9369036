//! Answers gone wrong: what a client may get to see instead of what was done.
//!
//! Only answers are made here; whether the request was applied was decided before.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use serde_json::{Value, json};

use super::call::Call;
use super::kind::{ComeBack, Kind};
use super::references;
use super::reply::{Body, Reply};
use super::spelling;
use super::state::{State, Table};
use super::value::{Record, integer, public};

/// Returns the answer that the fault leaves of the right one.
pub(super) fn distort(kind: Kind, right: Reply) -> Reply {
    match kind {
        Kind::Garbled => {
            let mut text = match &right.body {
                Body::Json(value) => value.to_string(),
                _ => "{\"ticket\": ".to_owned(),
            };
            // Half of it, and a stray bracket, so that no parser can be lenient about it.
            let half = text.char_indices().nth(text.chars().count() / 2);
            text.truncate(half.map_or(0, |(at, _)| at));
            text.push_str("]<");
            Reply::new(200, Body::Broken(text))
        }
        Kind::Empty => Reply::new(200, Body::Broken(String::new())),
        Kind::Null => Reply::ok(Value::Null),
        Kind::Nulls => match right.body {
            Body::Json(value) => Reply::ok(nulls(value)),
            _ => Reply::ok(Value::Null),
        },
        Kind::Foreign => Reply::ok(json!({
            "widgets": [{"id": 77_001, "name": "Not what you asked for"}],
            "total": 1,
        })),
        Kind::Nested => references::nested(right),
        Kind::Spelled(spelling) => spelling::spelled(spelling, right),
        _ => right,
    }
}

/// Keeps the shape and empties everything in it.
fn nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, nulls(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(nulls).collect(),
        _ => Value::Null,
    }
}

/// Returns the answer of a server, or of the proxy before it, that has failed.
pub(super) fn server_error(status: u16) -> Reply {
    match status {
        500 => {
            Reply::json(500, json!({"status": 500, "error": "Something went wrong on our side"}))
        }
        502 => Reply::page(502, "502 Bad Gateway", "The proxy got no answer it could use."),
        503 => Reply::new(503, Body::Text("Service unavailable, back in a moment.\n")),
        other => Reply::new(other, Body::Text("The upstream server took too long.\n")),
    }
}

/// Returns a 429 that says, or does not say, when to come back.
pub(super) fn too_many(come_back: ComeBack, now: Timestamp) -> Reply {
    let api = Reply::json(
        429,
        json!({"error": "Rate limit exceeded: too many requests from this address"}),
    );
    match come_back {
        ComeBack::Unsaid => api,
        ComeBack::Seconds(seconds) => api.header("Retry-After", seconds.to_string()),
        ComeBack::Date(seconds) => {
            let span = jiff::SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0));
            let date = now
                .checked_add(span)
                .ok()
                .and_then(|at| DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok());
            match date {
                Some(date) => api.header("Retry-After", date),
                None => api,
            }
        }
        ComeBack::Page => Reply::page(429, "Too many requests", "Slow down, please."),
    }
}

/// Returns a refusal; `turn` picks the shape where the fault leaves it open.
pub(super) fn refused(status: u16, shape: Option<u8>, turn: u8) -> Reply {
    match status {
        200 => Reply::json(200, json!({"error": "Subscription expired"})),
        404 => Reply::not_found(),
        401 => Reply::shaped(401, 1, "Key", "is not authorized"),
        403 => Reply::shaped(403, shape.unwrap_or(6), "User", "may not do this"),
        409 => Reply::shaped(409, shape.unwrap_or(2), "Record", "was changed meanwhile"),
        other => Reply::shaped(other, shape.unwrap_or(turn % 7 + 1), "Base", "is not acceptable"),
    }
}

/// Returns a refusal as a page, as proxies and frameworks make them.
pub(super) fn refused_page(status: u16) -> Reply {
    match status {
        403 | 503 => Reply::page(status, "Just a moment...", "Checking that you are not a robot."),
        404 => Reply::page(404, "Not found", "The page you were looking for does not exist."),
        _ => Reply::bad_request(),
    }
}

/// Puts another record of the same kind into the answer.
pub(super) fn another(state: &State, call: &Call, right: Reply) -> Reply {
    let Body::Json(Value::Object(mut answer)) = right.body else {
        return right;
    };
    let wrapped = [
        ("ticket", Table::Tickets),
        ("comment", Table::Comments),
        ("ticket_line_item", Table::Lines),
        ("invoice", Table::Invoices),
        ("customer", Table::Customers),
        ("asset", Table::Assets),
        ("payment", Table::Payments),
        ("estimate", Table::Estimates),
        ("schedule", Table::Schedules),
        ("schedule_line_item", Table::ScheduleLines),
        ("line_item", Table::InvoiceLines),
        ("alert", Table::Alerts),
        ("rmm_alert", Table::Alerts),
        ("product", Table::Products),
        ("appointment", Table::Appointments),
        ("ticket_timer", Table::Timers),
        ("user", Table::Users),
    ];
    let lists = [
        ("tickets", Table::Tickets),
        ("comments", Table::Comments),
        ("invoices", Table::Invoices),
        ("customers", Table::Customers),
        ("phones", Table::Phones),
        ("contacts", Table::Contacts),
        ("assets", Table::Assets),
        ("payments", Table::Payments),
        ("estimates", Table::Estimates),
        ("contracts", Table::Contracts),
        ("schedules", Table::Schedules),
        ("rmm_alerts", Table::Alerts),
        ("line_items", Table::InvoiceLines),
        ("products", Table::Products),
        ("appointments", Table::Appointments),
        ("ticket_timers", Table::Timers),
        ("timelogs", Table::Timelogs),
    ];
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let flat = match path.as_slice() {
        ["contacts", ..] => Table::Contacts,
        ["contracts", ..] => Table::Contracts,
        ["customers", _, "phones", ..] => Table::Phones,
        [.., "timer_entry" | "update_timer_entry" | "charge_timer_entry"] => Table::Timers,
        _ => Table::Lines,
    };
    if let Some((name, table)) = wrapped.iter().find(|(name, _)| answer.contains_key(*name)) {
        if let Some(Value::Object(inner)) = answer.get_mut(*name) {
            overlay(state, *table, inner);
        }
    } else if let Some((name, table)) = lists.iter().find(|(name, _)| answer.contains_key(*name)) {
        if let Some(Value::Array(items)) = answer.get_mut(*name) {
            for item in items.iter_mut().filter_map(Value::as_object_mut) {
                match item.get_mut("appointment").and_then(Value::as_object_mut) {
                    Some(wrapped) => overlay(state, *table, wrapped),
                    None => overlay(state, *table, item),
                }
            }
        }
    } else if let Some(Value::Array(results)) = answer.get_mut("results") {
        for result in results {
            shift(result.pointer_mut("/table/_id"));
        }
    } else if let Some(Value::Array(pairs)) = answer.get_mut("users") {
        for pair in pairs {
            shift(pair.get_mut(0));
        }
    } else if let Some(Value::Number(user)) =
        answer.get("user_id").filter(|_| answer.contains_key("user_email"))
    {
        let other = user.as_i64().unwrap_or_default() + 1;
        answer.insert("user_id".to_owned(), Value::from(other));
    } else {
        overlay(state, flat, &mut answer);
    }
    Reply::json(right.status, Value::Object(answer))
}

/// Makes an id another one.
fn shift(id: Option<&mut Value>) {
    if let Some(id) = id {
        *id = id.as_i64().map_or(Value::Null, |id| Value::from(id + 1));
    }
}

/// Overwrites the fields of a record with those of its neighbour, or at least its id.
fn overlay(state: &State, table: Table, record: &mut Record) {
    let Some(id) = integer(record, "id") else {
        return;
    };
    let before =
        state.all(table).rev().find(|other| integer(other, "id").is_some_and(|other| other < id));
    match before.or_else(|| state.all(table).find(|other| integer(other, "id") != Some(id))) {
        Some(other) => {
            for (name, value) in public(other) {
                if let Some(field) = record.get_mut(&name) {
                    *field = value;
                }
            }
        }
        None => {
            record.insert("id".to_owned(), Value::from(id + 1));
        }
    }
}
