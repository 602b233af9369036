//! Appointments, read only: each wrapped in an object of its own, and no `meta` around them.

use serde_json::{Value, json};

use super::customers;
use super::reply::Reply;
use super::route::{Call, page};
use super::state::{State, Table};
use super::value::{Record, integer, parse_instant, public, text};

/// `GET /appointments`: only `date_from` and `date_to` filter.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let from = call.asked("date_from").and_then(parse_instant);
    let to = call
        .asked("date_to")
        .and_then(parse_instant)
        // The last day counts as a whole.
        .and_then(|day| day.checked_add(jiff::SignedDuration::from_hours(24)).ok());
    let mut found: Vec<(jiff::Timestamp, Value)> = state
        .all(Table::Appointments)
        .filter_map(|appointment| {
            Some((parse_instant(text(appointment, "start_at"))?, appointment))
        })
        .filter(|(start, _)| {
            from.is_none_or(|from| *start >= from) && to.is_none_or(|to| *start < to)
        })
        .map(|(start, appointment)| (start, json!({"appointment": shown(state, appointment)})))
        .collect();
    found.sort_by_key(|(start, _)| *start);
    let all = found.into_iter().map(|(_, shown)| shown).collect();
    let (appointments, _) = page(call, all, call.list_page);
    Reply::ok(json!({ "appointments": appointments }))
}

/// `GET /appointments/{id}`.
pub(super) fn get(state: &State, id: &str) -> Reply {
    let found = id
        .parse()
        .ok()
        .and_then(|id| state.get(Table::Appointments, id));
    match found {
        Some(appointment) => Reply::ok(json!({"appointment": shown(state, appointment)})),
        None => Reply::not_found(),
    }
}

/// Returns the appointment with its customer and ticket.
pub(super) fn shown(state: &State, appointment: &Record) -> Record {
    let mut shown = public(appointment);
    let customer = integer(appointment, "customer_id")
        .and_then(|id| state.get(Table::Customers, id))
        .map_or(Value::Null, |customer| {
            customers::with_contacts(state, customer)
        });
    let ticket = integer(appointment, "ticket_id")
        .and_then(|id| state.get(Table::Tickets, id))
        .map_or(Value::Null, |ticket| Value::Object(public(ticket)));
    shown.insert("ticket".to_owned(), ticket);
    shown.insert("customer".to_owned(), customer);
    shown
}
