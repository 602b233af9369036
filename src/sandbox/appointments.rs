//! Appointments: looked up and listed, each wrapped in an object of its own, and no `meta` around them.
//!
//! Making and changing them is left to `appointment_writes.rs`.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Number, Value, json};

use crate::sorting;

use super::account::ACCOUNT;
use super::call::Call;
use super::clock;
use super::customers;
use super::listing::page;
use super::reply::Reply;
use super::settings::APPOINTMENT_TYPES;
use super::state::{State, Table};
use super::value::{Record, instant, integer, parse_instant, public, record, text};

/// `GET /appointments`: only `date_from`, `date_to` and `mine` filter; the earliest first.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let all: Vec<Value> = found(state, call)
        .into_iter()
        .map(|appointment| json!({"appointment": shown(state, appointment)}))
        .collect();
    let (appointments, _) = page(call, all, call.list_page);
    Reply::ok(json!({ "appointments": appointments }))
}

/// Returns what the list has, whatever the page.
pub(super) fn found<'a>(state: &'a State, call: &Call) -> Vec<&'a Record> {
    let from = call.asked("date_from").and_then(clock::read);
    let to = call.asked("date_to").and_then(end);
    let mine = call.asked("mine") == Some("true");
    let mut found: Vec<(Timestamp, &Record)> = state
        .all(Table::Appointments)
        .filter_map(|appointment| {
            Some((parse_instant(text(appointment, "start_at"))?, appointment))
        })
        .filter(|(start, appointment)| {
            from.is_none_or(|from| *start >= from)
                && to.is_none_or(|to| *start < to)
                && (!mine || has_part(appointment, call.user))
        })
        .collect();
    sorting::sort_by_key(&mut found, |(start, _)| *start);
    found.into_iter().map(|(_, found)| found).collect()
}

/// The last day counts as a whole.
fn end(written: &str) -> Option<Timestamp> {
    let Ok(day) = written.parse::<Date>() else {
        return clock::read(written);
    };
    if written.trim().len() > "2026-01-01".len() {
        return clock::read(written);
    }
    let next = day.tomorrow().ok()?.to_zoned(clock::zone()).ok()?;
    Some(next.timestamp())
}

fn has_part(appointment: &Record, user: i64) -> bool {
    let others = appointment.get("user_ids").and_then(Value::as_array);
    integer(appointment, "user_id") == Some(user)
        || others.is_some_and(|ids| ids.iter().any(|id| id.as_i64() == Some(user)))
}

/// `GET /appointments/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    let found = state.get(Table::Appointments, id);
    Reply::wrapped("appointment", found.map(|appointment| shown(state, appointment)))
}

/// Returns the appointment with its length, its customer and its ticket.
pub(super) fn shown(state: &State, appointment: &Record) -> Record {
    let mut shown = public(appointment);
    let start = parse_instant(text(appointment, "start_at"));
    let end = parse_instant(text(appointment, "end_at"));
    let label = start.map(|start| {
        let local = start.to_zoned(clock::zone());
        local.strftime("%a %m-%d-%y %I:%M %p").to_string()
    });
    let customer = state
        .named(Table::Customers, appointment, "customer_id")
        .map_or(Value::Null, |customer| customers::with_contacts(state, customer));
    let ticket = state
        .named(Table::Tickets, appointment, "ticket_id")
        .map_or(Value::Null, |ticket| Value::Object(public(ticket)));
    shown.insert("duration".to_owned(), hours(start, end));
    shown.insert("start_at_label".to_owned(), json!(label));
    shown.insert("ticket".to_owned(), ticket);
    shown.insert("customer".to_owned(), customer);
    shown
}

/// The time between the two in hours: `1`, `0.75`.
fn hours(start: Option<Timestamp>, end: Option<Timestamp>) -> Value {
    let (Some(start), Some(end)) = (start, end) else {
        return Value::Null;
    };
    let seconds = end.duration_since(start).as_secs();
    let hours = (Decimal::from(seconds) / Decimal::from(3600)).round_dp(2).normalize();
    hours.to_string().parse::<Number>().map_or(Value::Null, Value::Number)
}

/// `GET /appointment_types`.
pub(super) fn types() -> Reply {
    let all: Vec<Record> = APPOINTMENT_TYPES.iter().map(kind).collect();
    Reply::ok(json!({ "appointment_types": all }))
}

/// `GET /appointment_types/{id}`: flat, where the others are wrapped.
pub(super) fn one_type(_: &State, _: &Call, id: i64) -> Reply {
    Reply::flat(APPOINTMENT_TYPES.iter().find(|(known, _)| *known == id).map(kind))
}

fn kind((id, name): &(i64, &str)) -> Record {
    let opened = instant(Timestamp::from_second(1_700_000_000).unwrap_or_default());
    record(json!({
        "id": id,
        "account_id": ACCOUNT,
        "name": name,
        "email_instructions": null,
        "location_type": if *name == "Onsite visit" { "customer_address" } else { "manual_entry" },
        "location_hard_code": null,
        "created_at": opened,
        "updated_at": opened,
        "buffer": null,
        "appointment_reminders_schedule_id": null,
    }))
}
