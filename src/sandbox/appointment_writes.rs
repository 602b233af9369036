//! Appointments made, moved and removed. Description and location fill themselves.
//!
//! An end that is left out is an hour after the start, on a PUT too; so is `all_day` no more, a boolean, when a PUT
//! leaves it out. "Do not invite" is nothing that the API knows.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::call::Call;
use super::reply::Reply;
use super::settings::APPOINTMENT_TYPES;
use super::state::{State, Table};
use super::table::blank;
use super::value::{Record, instant, integer, parse_instant, record, text, truth};
use super::{appointments, clock};

/// Minutes until an appointment ends that does not say when.
const ORDINARY: i64 = 60;

/// Heading above the lines that the server adds to a description.
const DETAILS: &str = "-- Details --";

/// `POST /appointments`: answered with 201.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    if let Some(refusal) = refusal(state, &call.body, true) {
        return refusal;
    }
    let mut appointment = blank(Table::Appointments);
    appointment.extend(record(json!({"user_id": call.user, "all_day": null})));
    let mut sent = fields(&call.body);
    if !sent.contains_key("customer_id") {
        let ticket = state.named(Table::Tickets, &sent, "ticket_id");
        let customer = ticket.and_then(|ticket| integer(ticket, "customer_id"));
        sent.insert("customer_id".to_owned(), json!(customer));
    }
    appointment.extend(sent);
    fill_in(state, &mut appointment);
    let id = state.add(Table::Appointments, call.now, appointment);
    mail(state, call, id);
    answer(state, 201, id)
}

/// `PUT /appointments/{id}`: the start is needed even when it is not to change.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let mut appointment = state.get(Table::Appointments, id).cloned().unwrap_or_default();
    if let Some(refusal) = refusal(state, &call.body, false) {
        return refusal;
    }
    appointment.insert("all_day".to_owned(), Value::Bool(false));
    appointment.extend(fields(&call.body));
    if call.body.contains_key("description") {
        fill_in(state, &mut appointment);
    }
    state.change(Table::Appointments, id, call.now, appointment);
    mail(state, call, id);
    answer(state, 200, id)
}

/// `DELETE /appointments/{id}`.
pub(super) fn delete(state: &mut State, _: &Call, id: i64) -> Reply {
    state.remove(Table::Appointments, id);
    Reply::ok(json!({"message": "The appointment is deleted."}))
}

fn answer(state: &State, status: u16, id: i64) -> Reply {
    match state.get(Table::Appointments, id) {
        Some(appointment) => {
            Reply::json(status, json!({"appointment": appointments::shown(state, appointment)}))
        }
        None => Reply::not_found(),
    }
}

/// Returns what a body says about an appointment, as it is stored.
fn fields(body: &Record) -> Record {
    let mut fields = Record::new();
    for (name, value) in body {
        let stored = match name.as_str() {
            "summary" | "description" | "location" => value.clone(),
            "customer_id" | "ticket_id" | "user_id" | "appointment_type_id" => {
                json!(integer(body, name))
            }
            "user_ids" => json!(value.as_array().map_or(&[][..], Vec::as_slice)),
            "all_day" => json!(truth(body, name)),
            "do_not_email" => json!(if truth(body, name) == Some(true) { "1" } else { "0" }),
            _ => continue,
        };
        fields.insert(name.clone(), stored);
    }
    let start = clock::read(text(body, "start_at"));
    let end = clock::read(text(body, "end_at")).or_else(|| {
        let minutes = integer(body, "appointment_duration").unwrap_or(ORDINARY);
        let length = SignedDuration::try_from_mins(minutes)?;
        start?.checked_add(length).ok()
    });
    fields.extend(record(json!({
        "start_at": start.map(instant), "end_at": end.map(instant),
    })));
    fields
}

/// Puts the customer under the description, and a place where there is none.
fn fill_in(state: &State, appointment: &mut Record) {
    let customer = state.named(Table::Customers, appointment, "customer_id");
    let written = text(appointment, "description");
    let own = written.split(DETAILS).next().unwrap_or("").trim_end();
    let mut description = own.to_owned();
    if let Some(customer) = customer {
        if !description.is_empty() {
            description.push_str("\n\n");
        }
        description.push_str(DETAILS);
        for (label, field) in [
            ("Customer", "business_then_name"),
            ("Contact", "fullname"),
            ("Phone", "phone"),
            ("Mail", "email"),
        ] {
            let value = text(customer, field);
            if !value.is_empty() {
                description.push_str(&format!("\n{label}: {value}"));
            }
        }
    }
    if text(appointment, "location").is_empty() {
        let place = place(appointment, customer);
        appointment.insert("location".to_owned(), Value::String(place));
    }
    appointment.insert("description".to_owned(), Value::String(description));
}

fn place(appointment: &Record, customer: Option<&Record>) -> String {
    let kind = integer(appointment, "appointment_type_id")
        .and_then(|id| APPOINTMENT_TYPES.iter().find(|(known, _)| *known == id));
    let field = |name: &str| customer.map_or("", |customer| text(customer, name));
    match kind.map(|(_, name)| *name) {
        Some("Onsite visit") => [field("address"), field("city")]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(", "),
        Some("Phone call") => field("phone").to_owned(),
        Some(_) => "Remote".to_owned(),
        None => "In the office".to_owned(),
    }
}

/// Mails the customer where that was asked for, and not forbidden at the same time: `email_customer` says no more than that.
/// Whether the contact of a ticket gets it instead is not known of Syncro; whoever asks for it must reckon with either.
fn mail(state: &mut State, call: &Call, id: i64) {
    let asked = truth(&call.body, "email_customer") == Some(true)
        && truth(&call.body, "do_not_email") != Some(true);
    let Some(appointment) = state.get(Table::Appointments, id).filter(|_| asked) else {
        return;
    };
    let customer = state
        .named(Table::Customers, appointment, "customer_id")
        .filter(|customer| truth(customer, "no_email") != Some(true));
    let to = customer.map_or("", |customer| text(customer, "email"));
    if to.is_empty() {
        return;
    }
    let mailed = record(json!({
        "appointment_id": id,
        "ticket_id": integer(appointment, "ticket_id"),
        "to": to,
        "at": instant(call.now),
    }));
    state.add(Table::Mailed, call.now, mailed);
}

fn refusal(state: &State, body: &Record, new: bool) -> Option<Reply> {
    let mut problems = Vec::new();
    if (new || body.contains_key("summary")) && text(body, "summary").trim().is_empty() {
        problems.push("Summary can't be blank");
    }
    if clock::read(text(body, "start_at")).is_none() {
        problems.push("Start at can't be blank");
        if new && clock::read(text(body, "end_at")).is_none() {
            problems.push("End at can't be blank");
        }
    }
    for (field, table, problem) in [
        ("customer_id", Table::Customers, "Customer must exist"),
        ("ticket_id", Table::Tickets, "Ticket must exist"),
        ("user_id", Table::Users, "User must exist"),
    ] {
        let given = body.get(field).is_some_and(|id| !id.is_null());
        let known = state.named(table, body, field);
        if given && known.is_none() {
            problems.push(problem);
        }
    }
    if problems.is_empty() {
        return None;
    }
    let sentence = problems.join(",");
    Some(Reply::json(
        422,
        json!({"success": false, "error": sentence, "message": sentence, "params": body}),
    ))
}

/// Returns when an appointment begins and ends.
pub(super) fn span(appointment: &Record) -> Option<(Timestamp, Timestamp)> {
    Some((
        parse_instant(text(appointment, "start_at"))?,
        parse_instant(text(appointment, "end_at"))?,
    ))
}
