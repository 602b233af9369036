//! Tickets: looked up, listed, and shown with all that hangs on them.
//!
//! Making and changing them is left to `ticket_writes.rs`.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::listing::short_page;
use super::reply::Reply;
use super::settings::{CLOSED, TICKET_TYPES};
use super::state::{State, Table};
use super::value::{Record, integer, parse_instant, public, record, text};
use super::{appointments, comments, customers, timers};

/// `GET /tickets`: the newest first.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let mut found: Vec<&Record> =
        state.all(Table::Tickets).filter(|ticket| wanted(state, call, ticket)).collect();
    sorting::sort_by_key(&mut found, |ticket| {
        Reverse((integer(ticket, "number"), integer(ticket, "id")))
    });
    Reply::list("tickets", short_page(call, found, call.list_page), |ticket| {
        in_list(state, call, ticket)
    })
}

pub(super) fn wanted(state: &State, call: &Call, ticket: &Record) -> bool {
    let same_id = |asked: &str, field: &str| {
        call.asked(asked).is_none_or(|id| id.parse().ok() == integer(ticket, field))
    };
    let after = |asked: &str, field: &str| {
        call.asked(asked)
            .and_then(parse_instant)
            .is_none_or(|limit| parse_instant(text(ticket, field)) > Some(limit))
    };
    let status = match call.asked("status") {
        Some("Not Closed") => !CLOSED.contains(&text(ticket, "status")),
        Some(status) => text(ticket, "status") == status,
        None => true,
    };
    let mine = call.asked("mine") != Some("true") || integer(ticket, "user_id") == Some(call.user);
    status
        && mine
        && same_id("number", "number")
        && same_id("customer_id", "customer_id")
        && same_id("contact_id", "contact_id")
        && same_id("user_id", "user_id")
        && after("created_after", "created_at")
        && after("since_updated_at", "updated_at")
        && after("resolved_after", "resolved_at")
        && call.asked("query").is_none_or(|query| mentions(state, ticket, query))
}

/// Returns true when number, subject, customer or a comment contain the query.
pub(super) fn mentions(state: &State, ticket: &Record, query: &str) -> bool {
    let query = query.to_lowercase();
    let contains = |hay: &str| hay.to_lowercase().contains(&query);
    let number = integer(ticket, "number").unwrap_or_default().to_string();
    contains(&number)
        || contains(text(ticket, "subject"))
        || contains(text(ticket, "customer_business_then_name"))
        || integer(ticket, "id").is_some_and(|id| {
            state
                .belonging(Table::Comments, "ticket_id", id)
                .any(|comment| contains(text(comment, "body")))
        })
}

fn in_list(state: &State, call: &Call, ticket: &Record) -> Value {
    let mut shown = public(ticket);
    // Assets are on the ticket's own page only.
    shown.remove("asset_ids");
    shown.insert("comments".to_owned(), Value::Array(some_comments(state, call, ticket)));
    shown.insert("user".to_owned(), user(state, ticket));
    Value::Object(shown)
}

/// Only the first comment, unless all of them are asked for.
fn some_comments(state: &State, call: &Call, ticket: &Record) -> Vec<Value> {
    let Some(id) = integer(ticket, "id") else {
        return Vec::new();
    };
    let most = match call.asked("all_comments") {
        Some("true") => usize::MAX,
        _ => 1,
    };
    let mut all: Vec<&Record> = state.belonging(Table::Comments, "ticket_id", id).collect();
    sorting::sort_by_key(&mut all, |comment| {
        (parse_instant(text(comment, "created_at")), integer(comment, "id"))
    });
    all.into_iter()
        .take(most)
        .map(|comment| comments::shown(state, comment, call.asked("comment_format")))
        .collect()
}

fn user(state: &State, ticket: &Record) -> Value {
    state
        .named(Table::Users, ticket, "user_id")
        .map_or(Value::Null, |user| Value::Object(public(user)))
}

/// `GET /tickets/{id}`.
pub(super) fn get(state: &State, call: &Call, id: i64) -> Reply {
    let found = state.get(Table::Tickets, id);
    Reply::wrapped("ticket", found.map(|ticket| whole(state, call, ticket, id)))
}

/// The assets that the ticket lists, and those that it had from the first day.
fn assets(state: &State, ticket: &Record, id: i64) -> Vec<Record> {
    let listed = ticket.get("asset_ids").and_then(Value::as_array);
    let listed = |asset: &Record| {
        listed.is_some_and(|ids| asset.get("id").is_some_and(|asset| ids.contains(asset)))
    };
    state
        .all(Table::Assets)
        .filter(|asset| integer(asset, "_ticket_id") == Some(id) || listed(asset))
        .map(public)
        .collect()
}

/// Returns the files that hang on a ticket.
pub(super) fn attachments(state: &State, id: i64) -> Vec<Value> {
    state
        .get(Table::Tickets, id)
        .and_then(|ticket| ticket.get("_attachments"))
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// Returns the ticket with everything that hangs on it.
fn whole(state: &State, call: &Call, ticket: &Record, id: i64) -> Record {
    let all = |table: Table| -> Vec<Record> {
        state.belonging(table, "ticket_id", id).map(public).collect()
    };
    let timers = state.belonging(Table::Timers, "ticket_id", id);
    let timers: Vec<Record> = timers.map(|timer| timers::shown(timer, call.now)).collect();
    let customer = state.named(Table::Customers, ticket, "customer_id");
    let contact = state.named(Table::Contacts, ticket, "contact_id");
    let kind = integer(ticket, "ticket_type_id")
        .and_then(|id| TICKET_TYPES.iter().find(|(known, _)| *known == id));
    let assets = assets(state, ticket, id);
    let asset_ids: Vec<Option<i64>> = assets.iter().map(|asset| integer(asset, "id")).collect();
    let appointments: Vec<Record> = state
        .belonging(Table::Appointments, "ticket_id", id)
        .map(|appointment| {
            let mut shown = appointments::shown(state, appointment);
            shown.remove("ticket");
            shown.remove("customer");
            shown
        })
        .collect();
    let mut shown = public(ticket);
    shown.extend(record(json!({
        "comments": some_comments(state, call, ticket),
        "attachments": attachments(state, id),
        "ticket_timers": timers,
        "line_items": all(Table::Lines),
        "worksheet_results": [],
        "asset_ids": asset_ids,
        "assets": assets,
        "appointments": appointments,
        "ticket_fields": [],
        "ticket_answers": [],
        "customer": customer.map(|customer| customers::with_contacts(state, customer)),
        "contact": contact.map(public),
        "user": user(state, ticket),
        "ticket_type": kind.map(|(id, name)| json!({"id": id, "name": name})),
        "address": null,
    })));
    shown
}
