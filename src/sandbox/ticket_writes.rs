//! Tickets made, changed and removed, and the files that are hung on them.
//!
//! A PUT changes what it names, but `customer_reply`, a boolean, goes back to its default when it is left out.
//! Times that cannot be read and assets that do not exist are dropped without a word.

use serde_json::{Value, json};

use super::call::Call;
use super::reply::{Body, Reply};
use super::settings::{CLOSED, STATUSES, TICKET_TYPES};
use super::state::{State, Table};
use super::table::blank;
use super::value::{Record, instant, integer, record, text, truth};
use super::{clock, comments, tickets};

/// Fields that are kept as they come.
const PLAIN: [&str; 7] =
    ["subject", "problem_type", "status", "priority", "properties", "location_id", "address_id"];

const TIMES: [&str; 3] = ["due_date", "start_at", "end_at"];

/// Days until a ticket is due that names no date.
const DUE: i64 = 3;

/// `POST /tickets`: `line_items` are ignored, and nobody is assigned who is not named.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    if call.body.get("customer_id").is_none_or(Value::is_null) {
        return Reply::json(422, json!({"error": "Customer is required"}));
    }
    if !call.body.contains_key("subject") {
        return blank_subject();
    }
    if let Some(refusal) = refusal(state, &call.body) {
        return refusal;
    }
    let mut ticket = blank(Table::Tickets);
    let due = call.now.checked_add(jiff::SignedDuration::from_hours(24 * DUE));
    ticket.extend(record(json!({
        "number": state.ticket_number(),
        "due_date": due.ok().map(instant),
        "creator_name_or_email": call.user_name(state),
    })));
    ticket.extend(fields(state, &call.body));
    if text(&ticket, "status") == "Resolved" {
        ticket.insert("resolved_at".to_owned(), Value::String(instant(call.now)));
    }
    let id = state.add(Table::Tickets, call.now, ticket);
    add_comments(state, call, id);
    tickets::get(state, call, id)
}

/// `PUT /tickets/{id}`.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    if let Some(refusal) = refusal(state, &call.body) {
        return refusal;
    }
    let mut changes = fields(state, &call.body);
    let reply = truth(&call.body, "customer_reply").unwrap_or(false);
    changes.insert("customer_reply".to_owned(), Value::Bool(reply));
    if changes.contains_key("asset_ids") {
        let_go_of_assets(state, call, id);
    }
    set_status(state, call, id, changes);
    add_comments(state, call, id);
    tickets::get(state, call, id)
}

/// Changes fields of a ticket; a status brings the date of its resolution along.
pub(super) fn set_status(state: &mut State, call: &Call, id: i64, mut fields: Record) {
    let was = state
        .get(Table::Tickets, id)
        .map(|ticket| text(ticket, "status").to_owned())
        .unwrap_or_default();
    match text(&fields, "status").to_owned().as_str() {
        "Resolved" if was != "Resolved" => {
            fields.insert("resolved_at".to_owned(), Value::String(instant(call.now)));
        }
        "" => {}
        status if !CLOSED.contains(&status) => {
            fields.insert("resolved_at".to_owned(), Value::Null);
        }
        _ => {}
    }
    state.change(Table::Tickets, id, call.now, fields);
}

/// `DELETE /tickets/{id}`: with all that hangs on it, unless it was invoiced.
pub(super) fn delete(state: &mut State, _: &Call, id: i64) -> Reply {
    if state.belonging(Table::Invoices, "ticket_id", id).next().is_some() {
        return Reply::invalid(json!(["Ticket has an invoice and stays"]));
    }
    for table in [Table::Comments, Table::Lines, Table::Timers, Table::Appointments] {
        state.remove_belonging(table, "ticket_id", id);
    }
    state.remove(Table::Tickets, id);
    Reply::ok(json!({"message": "The ticket is deleted."}))
}

/// `POST /tickets/{id}/print`: it prints somewhere else, and says nothing of it.
pub(super) fn print(_: &mut State, _: &Call, _: i64) -> Reply {
    Reply::new(200, Body::Nothing)
}

/// `POST /tickets/{id}/attach_file_url`: fetched later, says the server, and it is there at once.
pub(super) fn attach(state: &mut State, call: &Call, id: i64) -> Reply {
    let files: Option<Vec<&Record>> = call
        .body
        .get("files")
        .and_then(Value::as_array)
        .map(|files| files.iter().filter_map(Value::as_object).collect());
    let Some(files) = files.filter(|files| !files.is_empty()) else {
        return Reply::json(
            422,
            json!({"error": "The files are missing, or are no array of url and filename"}),
        );
    };
    let mut all = tickets::attachments(state, id);
    for file in files {
        let last = all.last().and_then(Value::as_object).and_then(|last| integer(last, "id"));
        all.push(json!({
            "id": last.map_or(id * 100 + 1, |last| last + 1),
            "file_name": text(file, "filename"),
            "created_at": instant(call.now),
            "file": {"url": text(file, "url")},
        }));
    }
    let fields = record(json!({ "_attachments": all }));
    state.change(Table::Tickets, id, call.now, fields);
    Reply::ok(json!({"message": "Being fetched; look at the ticket in a moment."}))
}

/// `POST /tickets/{id}/delete_attachment`.
pub(super) fn detach(state: &mut State, call: &Call, id: i64) -> Reply {
    let wanted = integer(&call.body, "attachment_id");
    let mut all = tickets::attachments(state, id);
    let before = all.len();
    all.retain(|one| one.get("id").and_then(Value::as_i64) != wanted);
    if all.len() == before {
        return Reply::not_found();
    }
    let fields = record(json!({ "_attachments": all }));
    state.change(Table::Tickets, id, call.now, fields);
    Reply::ok(json!({"success": true}))
}

/// Returns what a body says about a ticket, as it is stored.
fn fields(state: &State, body: &Record) -> Record {
    let mut fields = Record::new();
    for (name, value) in body {
        match name.as_str() {
            plain if PLAIN.contains(&plain) => {
                fields.insert(name.clone(), value.clone());
            }
            time if TIMES.contains(&time) => {
                fields.insert(name.clone(), clock::stored(value));
            }
            "tag_list" => {
                fields.insert(name.clone(), tags(value));
            }
            "asset_ids" => {
                fields.insert(name.clone(), assets(state, value));
            }
            "user_id" => {
                fields.insert(name.clone(), json!(integer(body, name)));
            }
            _ => {}
        }
    }
    let named = |field: &str, table: Table, name: &str| {
        state.named(table, body, field).and_then(|record| record.get(name))
    };
    if body.contains_key("customer_id") {
        let name = named("customer_id", Table::Customers, "business_then_name");
        fields.extend(record(json!({
            "customer_id": integer(body, "customer_id"), "customer_business_then_name": name,
        })));
    }
    if body.contains_key("contact_id") {
        let name = named("contact_id", Table::Contacts, "name");
        fields.extend(record(json!({
            "contact_id": integer(body, "contact_id"), "contact_fullname": name,
        })));
    }
    if body.contains_key("ticket_type_id") {
        let kind = ticket_type(body);
        fields.extend(record(json!({
            "ticket_type_id": kind.map(|(id, _)| id), "ticket_type_name": kind.map(|(_, name)| name),
        })));
    }
    fields
}

fn ticket_type(body: &Record) -> Option<&'static (i64, &'static str)> {
    let id = integer(body, "ticket_type_id")?;
    TICKET_TYPES.iter().find(|(known, _)| *known == id)
}

/// A list, or words with commas between them.
fn tags(value: &Value) -> Value {
    match value {
        Value::String(words) => words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(Value::from)
            .collect(),
        Value::Array(_) => value.clone(),
        _ => json!([]),
    }
}

fn assets(state: &State, value: &Value) -> Value {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter(|id| id.as_i64().is_some_and(|id| state.get(Table::Assets, id).is_some()))
        .cloned()
        .collect()
}

/// Those that were on the ticket from the first day are no longer, once a list of them is sent.
fn let_go_of_assets(state: &mut State, call: &Call, ticket: i64) {
    let held: Vec<i64> = state
        .belonging(Table::Assets, "_ticket_id", ticket)
        .filter_map(|asset| integer(asset, "id"))
        .collect();
    for asset in held {
        let free = record(json!({"_ticket_id": null}));
        state.change(Table::Assets, asset, call.now, free);
    }
}

fn sent_comments(body: &Record) -> Vec<Record> {
    let sent = body.get("comments_attributes").and_then(Value::as_array);
    sent.into_iter().flatten().cloned().map(record).collect()
}

fn add_comments(state: &mut State, call: &Call, ticket: i64) {
    for comment in sent_comments(&call.body) {
        let tech = match text(&comment, "tech") {
            "" => call.user_name(state).to_owned(),
            named => named.to_owned(),
        };
        let fields = record(json!({
            "subject": text(&comment, "subject"),
            "body": text(&comment, "body"),
            "tech": tech,
            "hidden": truth(&comment, "hidden").unwrap_or(false),
            "user_id": call.user,
            "_do_not_email": truth(&comment, "do_not_email").unwrap_or(false),
        }));
        comments::write(state, call, ticket, fields);
    }
}

fn blank_subject() -> Reply {
    Reply::invalid(json!(["Subject can't be blank"]))
}

/// Returns what is said against the values of a body, new ticket or old.
fn refusal(state: &State, body: &Record) -> Option<Reply> {
    if let Some(status) = body.get("status")
        && !status.as_str().is_some_and(|status| STATUSES.contains(&status))
    {
        return Some(Reply::shaped(422, 4, "Status", "is not included in the list"));
    }
    if body.contains_key("subject") && text(body, "subject").trim().is_empty() {
        return Some(blank_subject());
    }
    let given = |field: &str| body.get(field).is_some_and(|id| !id.is_null());
    for (field, table, name) in [
        ("user_id", Table::Users, "User"),
        ("customer_id", Table::Customers, "Customer"),
        ("contact_id", Table::Contacts, "Contact"),
    ] {
        let known = state.named(table, body, field);
        if given(field) && known.is_none() {
            return Some(Reply::shaped(422, 5, name, "must exist"));
        }
    }
    if given("ticket_type_id") && ticket_type(body).is_none() {
        return Some(Reply::shaped(422, 5, "Ticket type", "must exist"));
    }
    if sent_comments(body).iter().any(|comment| text(comment, "body").trim().is_empty()) {
        return Some(Reply::invalid(json!(["Comments body can't be blank"])));
    }
    None
}
