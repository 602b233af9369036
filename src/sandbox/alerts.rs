//! Alerts of machines: under one name when they are made, under another when they are read.
//!
//! A DELETE resolves one and leaves it in place.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::listing::short_page;
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{Record, integer, parse_instant, public, record, text, truth};

const SPANS: [&str; 7] = ["1-hour", "1-day", "2-days", "1-week", "2-weeks", "1-month", "forever"];

/// `GET /rmm_alerts`: the active ones unless `status` says otherwise, made after a moment if it names one, the newest first.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let mut found: Vec<&Record> = state
        .all(Table::Alerts)
        .filter(|alert| {
            let limit = call.asked("created_after").and_then(parse_instant);
            limit.is_none_or(|limit| parse_instant(text(alert, "created_at")) > Some(limit))
        })
        .filter(|alert| {
            let resolved = truth(alert, "resolved") == Some(true);
            match call.asked("status") {
                Some("all") => true,
                Some("resolved") => resolved,
                _ => !resolved,
            }
        })
        .collect();
    sorting::sort_by_key(&mut found, |alert| Reverse(integer(alert, "id")));
    Reply::list("rmm_alerts", short_page(call, found, call.list_page), |alert| shown(state, alert))
}

/// `POST /rmm_alerts`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let mut alert = blank(Table::Alerts);
    alert.extend(given(Table::Alerts, &call.body));
    let asset = state.named(Table::Assets, &alert, "asset_id");
    let name = asset.map(|asset| json!(text(asset, "name")));
    alert.insert("computer_name".to_owned(), name.unwrap_or_default());
    let id = state.add(Table::Alerts, call.now, alert);
    let made = state.get(Table::Alerts, id).map(public);
    Reply::json(201, json!({"success": true, "alert": made}))
}

/// `GET /rmm_alerts/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    Reply::wrapped("rmm_alert", state.get(Table::Alerts, id).map(|alert| shown(state, alert)))
}

/// `DELETE /rmm_alerts/{id}`.
pub(super) fn resolve(state: &mut State, call: &Call, id: i64) -> Reply {
    change(state, call, id, json!({"resolved": true, "status": "resolved"}))
}

/// `POST /rmm_alerts/{id}/mute`.
pub(super) fn mute(state: &mut State, call: &Call, id: i64) -> Reply {
    let span = call.asked("mute_for").unwrap_or(text(&call.body, "mute_for"));
    if !SPANS.contains(&span) {
        return Reply::shaped(422, 1, "Mute for", "is not included in the list");
    }
    change(state, call, id, json!({ "_muted_for": span }))
}

fn change(state: &mut State, call: &Call, id: i64, fields: Value) -> Reply {
    state.change(Table::Alerts, id, call.now, record(fields));
    Reply::ok(json!({"success": "true"}))
}

/// Returns the alert as it is read: with its ticket's number in place of the account.
fn shown(state: &State, alert: &Record) -> Record {
    let ticket = state.named(Table::Tickets, alert, "ticket_id");
    let mut shown = public(alert);
    shown.remove("account_id");
    shown.remove("ticket_id");
    shown.extend(record(json!({
        "ticket_number": ticket.and_then(|ticket| ticket.get("number")),
        "ticket_status": ticket.and_then(|ticket| ticket.get("status")),
    })));
    shown
}
