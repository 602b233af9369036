//! Timers on tickets. There is no call that stops one: it is given a duration instead.
//!
//! Charging one makes a line each time it is asked for; whether it was charged before, nobody checks.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Value, json};

use super::call::Call;
use super::clock;
use super::kind::Kind;
use super::lines;
use super::listing::short_page;
use super::reply::Reply;
use super::state::{State, Table};
use super::table::blank;
use super::value::{
    Record, decimal, in_cents, instant, integer, number, parse_instant, public, record, string,
    text, truth,
};

/// What a timer does, in the words of the API.
const RUNNING: &str = "status_running";
const PAUSED: &str = "status_paused";
const STOPPED: &str = "status_stopped";

/// `GET /ticket_timers`: those of all tickets, the newest first. Those that were begun in the older way show no status.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let found: Vec<Record> = state
        .all(Table::Timers)
        .rev()
        .filter(|timer| {
            let at = parse_instant(text(timer, "created_at"));
            let limit = |name: &str| call.asked(name).and_then(clock::read);
            limit("created_at_gt").is_none_or(|after| at > Some(after))
                && limit("created_at_lt").is_none_or(|before| at < Some(before))
        })
        .map(|timer| shown(timer, call.now))
        .collect();
    let (timers, meta) = short_page(call, found, call.list_page);
    Reply::ok(json!({"ticket_timers": timers, "meta": meta}))
}

/// `POST /tickets/{id}/timer_entry`: running when neither an end nor a duration is given.
pub(super) fn start(state: &mut State, call: &Call, ticket: i64) -> Reply {
    let Some(start) = clock::read(text(&call.body, "start_at")) else {
        return Reply::json(422, json!({"error": "start_at is needed and must be a time"}));
    };
    let end = match duration(&call.body) {
        Some(duration) => start.checked_add(duration).ok(),
        None => clock::read(text(&call.body, "end_at")),
    };
    let mut fields = record(json!({
        "user_id": integer(&call.body, "user_id").unwrap_or(call.user),
        "start_time": instant(start),
        "end_time": end.map(instant),
        "notes": call.body.get("notes"),
        "product_id": integer(&call.body, "product_id"),
        "active_duration": seconds(start, end),
        "billable_time": seconds(start, end),
    }));
    // One that runs can be paused, but in an account that is not so new.
    if end.is_none() && call.fault != Some(Kind::NoStatus) {
        fields.insert("status".to_owned(), Value::from(RUNNING));
    }
    let id = write(state, call, ticket, fields);
    match (call.fault, end) {
        (Some(Kind::Charged), Some(_)) => charge_entry(state, call, ticket, id),
        _ => flat(state, call, id),
    }
}

/// Adds a timer with all the fields that the caller does not care about, and returns its id.
pub(super) fn write(state: &mut State, call: &Call, ticket: i64, fields: Record) -> i64 {
    let mut timer = blank(Table::Timers);
    timer.insert("ticket_id".to_owned(), json!(ticket));
    timer.extend(fields);
    let id = state.add(Table::Timers, call.now, timer);
    state.change(Table::Tickets, ticket, call.now, Record::new());
    id
}

/// `PUT /tickets/{id}/update_timer_entry`: an `end_at` is ignored, a duration stops the timer.
///
/// A user who is left out becomes the key's owner, whoever's timer it was.
pub(super) fn update(state: &mut State, call: &Call, ticket: i64) -> Reply {
    let Some(id) = own_timer(state, call, ticket) else {
        return Reply::not_found();
    };
    let Some(timer) = state.get(Table::Timers, id) else {
        return Reply::not_found();
    };
    let start = clock::read(text(&call.body, "start_at"))
        .or_else(|| parse_instant(text(timer, "start_time")));
    let mut fields = Record::new();
    if let Some(notes) = call.body.get("notes") {
        fields.insert("notes".to_owned(), notes.clone());
    }
    if call.body.contains_key("product_id") {
        let product = json!(integer(&call.body, "product_id"));
        fields.insert("product_id".to_owned(), product);
    }
    if call.body.contains_key("billable_override") {
        let set = json!(integer(&call.body, "billable_override"));
        fields.insert("billable_override".to_owned(), set);
    }
    let user = integer(&call.body, "user_id").unwrap_or(call.user);
    fields.insert("user_id".to_owned(), Value::from(user));
    let is_free = integer(timer, "billable_time") == Some(0);
    if let Some(start) = start {
        let end = match duration(&call.body) {
            Some(duration) => start.checked_add(duration).ok(),
            None => parse_instant(text(timer, "end_time")),
        };
        fields.extend(record(json!({
            "start_time": instant(start),
            "end_time": end.map(instant),
            "active_duration": seconds(start, end),
            "billable_time": seconds(start, end).map(|spent| if is_free { 0 } else { spent }),
        })));
        if timer.contains_key("status") && end.is_some() {
            fields.extend(record(json!({"status": STOPPED, "_counted": seconds(start, end)})));
        }
    }
    state.change(Table::Timers, id, call.now, fields);
    flat(state, call, id)
}

/// `POST /tickets/{id}/delete_timer_entry`.
pub(super) fn delete(state: &mut State, call: &Call, ticket: i64) -> Reply {
    let Some(id) = own_timer(state, call, ticket) else {
        return Reply::not_found();
    };
    state.remove(Table::Timers, id);
    Reply::ok(json!({"success": true}))
}

/// Returns the timer as the account shows it: of one that was begun in the newer way, also how long it has run.
pub(super) fn shown(timer: &Record, now: Timestamp) -> Record {
    let mut shown = public(timer);
    if timer.contains_key("status") {
        shown.insert("elapsed_seconds".to_owned(), Value::from(elapsed(timer, now)));
    }
    shown
}

/// The seconds of its runs, without its pauses. One that was never paused has run since it began.
fn elapsed(timer: &Record, now: Timestamp) -> i64 {
    let since = parse_instant(text(timer, "_since"))
        .or_else(|| parse_instant(text(timer, "start_time")))
        .filter(|_| status(timer) == RUNNING);
    let this_run = since.and_then(|since| seconds(since, Some(now))).unwrap_or(0);
    integer(timer, "_counted").unwrap_or(0).saturating_add(this_run)
}

/// What a timer does, also one from before it could be paused.
fn status(timer: &Record) -> &str {
    match text(timer, "status") {
        "" if text(timer, "end_time").is_empty() => RUNNING,
        "" => STOPPED,
        status => status,
    }
}

/// `POST /ticket_timers`: a new one that runs, or the caller's own on that ticket, which goes on.
pub(super) fn begin(state: &mut State, call: &Call) -> Reply {
    let Some(ticket) = integer(&call.body, "ticket_id") else {
        return Reply::json(422, json!({"errors": ["Ticket can't be blank"]}));
    };
    if state.get(Table::Tickets, ticket).is_none() {
        return Reply::json(404, json!({"errors": ["Ticket not found"]}));
    }
    let mine = state
        .belonging(Table::Timers, "ticket_id", ticket)
        .find(|timer| integer(timer, "user_id") == Some(call.user) && status(timer) != STOPPED);
    if let Some(id) = mine.and_then(|timer| integer(timer, "id")) {
        return becomes(state, call, id, RUNNING);
    }
    let fields = record(json!({
        "user_id": call.user,
        "start_time": instant(call.now),
        "notes": call.body.get("notes"),
        "product_id": integer(&call.body, "product_id"),
        "comment_id": integer(&call.body, "comment_id"),
        "billable": truth(&call.body, "billable").unwrap_or(true),
        "status": RUNNING,
    }));
    let id = write(state, call, ticket, fields);
    Reply::json(
        201,
        json!({"ticket_timer": state.get(Table::Timers, id).map(|timer| shown(timer, call.now))}),
    )
}

/// `POST /ticket_timers/{id}/start`: one that is paused goes on.
pub(super) fn resume(state: &mut State, call: &Call, id: i64) -> Reply {
    match state.get(Table::Timers, id).map(status) {
        Some(PAUSED) => becomes(state, call, id, RUNNING),
        _ => Reply::json(422, json!({"errors": ["The timer is not paused"]})),
    }
}

/// `POST /ticket_timers/{id}/pause`.
pub(super) fn pause(state: &mut State, call: &Call, id: i64) -> Reply {
    match state.get(Table::Timers, id).map(status) {
        Some(RUNNING) => becomes(state, call, id, PAUSED),
        _ => Reply::json(422, json!({"errors": ["The timer is not running"]})),
    }
}

/// `POST /ticket_timers/{id}/stop`: charges it, too, where the account does that.
pub(super) fn stop(state: &mut State, call: &Call, id: i64) -> Reply {
    let timer = state.get(Table::Timers, id).cloned().unwrap_or_default();
    if status(&timer) == STOPPED {
        return Reply::json(422, json!({"errors": ["The timer is already stopped"]}));
    }
    let begun = parse_instant(text(&timer, "start_time"));
    let spent = match timer.contains_key("status") {
        true => Some(elapsed(&timer, call.now)),
        false => begun.and_then(|begun| seconds(begun, Some(call.now))),
    };
    let mut changes = record(json!({"end_time": instant(call.now), "active_duration": spent}));
    let ticket = integer(&timer, "ticket_id").unwrap_or_default();
    let charges = matches!(call.fault, Some(Kind::Charges | Kind::ChargesFree));
    if charges && truth(&timer, "billable") != Some(false) {
        let line = line(state, call, &timer, spent.unwrap_or(0));
        let line = lines::write(state, call, ticket, line);
        changes.extend(record(json!({"recorded": true, "ticket_line_item_id": line})));
    }
    state.change(Table::Timers, id, call.now, changes);
    becomes(state, call, id, STOPPED)
}

fn becomes(state: &mut State, call: &Call, id: i64, status: &str) -> Reply {
    let counted = state.get(Table::Timers, id).map(|timer| elapsed(timer, call.now));
    let since = instant(call.now);
    let fields = record(json!({"status": status, "_counted": counted, "_since": since}));
    state.change(Table::Timers, id, call.now, fields);
    Reply::wrapped("ticket_timer", state.get(Table::Timers, id).map(|timer| shown(timer, call.now)))
}

/// `POST /tickets/{id}/charge_timer_entry`: makes a line, and another one if asked again.
///
/// One that runs is stopped by it.
pub(super) fn charge(state: &mut State, call: &Call, ticket: i64) -> Reply {
    match own_timer(state, call, ticket) {
        Some(id) => charge_entry(state, call, ticket, id),
        None => Reply::not_found(),
    }
}

fn charge_entry(state: &mut State, call: &Call, ticket: i64, id: i64) -> Reply {
    let Some(timer) = state.get(Table::Timers, id).cloned() else {
        return Reply::not_found();
    };
    let mut changes = Record::new();
    let spent = integer(&timer, "active_duration").or_else(|| {
        let start = parse_instant(text(&timer, "start_time"))?;
        let spent = seconds(start, Some(call.now));
        changes.extend(record(json!({
            "end_time": instant(call.now), "active_duration": spent, "billable_time": spent,
        })));
        spent
    });
    let line = line(state, call, &timer, spent.unwrap_or(0));
    let line = lines::write(state, call, ticket, line);
    let line = (call.fault != Some(Kind::Unnamed)).then_some(line);
    changes.extend(record(json!({"recorded": true, "ticket_line_item_id": line})));
    state.change(Table::Timers, id, call.now, changes);
    flat(state, call, id)
}

/// Returns the line that charging a timer makes, in hours of its product: of what somebody has set as billable, else of
/// what was spent.
fn line(state: &State, call: &Call, timer: &Record, spent: i64) -> Record {
    let spent = integer(timer, "billable_override").unwrap_or(spent);
    let hours = Decimal::from(spent) / Decimal::from(3600);
    let quarters = Decimal::from(4);
    let hours = match call.fault {
        Some(Kind::RoundedUp) => (hours * quarters).ceil() / quarters,
        Some(Kind::RoundedDown) => (hours * quarters).floor() / quarters,
        Some(Kind::RoundedNearest) => {
            let nearest = RoundingStrategy::MidpointAwayFromZero;
            (hours * quarters).round_dp_with_strategy(0, nearest) / quarters
        }
        _ => hours.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero),
    };
    let product = integer(timer, "product_id")
        .filter(|_| call.fault != Some(Kind::LostProduct))
        .and_then(|id| state.get(Table::Products, id));
    let retail = product
        .filter(|_| !matches!(call.fault, Some(Kind::LostPrice | Kind::ChargesFree)))
        .and_then(|product| decimal(product, "price_retail"))
        .unwrap_or_default();
    record(json!({
        "name": product.map_or("Labor", |product| text(product, "name")),
        "description": text(timer, "notes"),
        "product_id": product.and_then(|product| product.get("id")),
        "product_category": product.and_then(|product| product.get("product_category")),
        "quantity": string(hours),
        "taxable": product.and_then(|product| truth(product, "taxable")).unwrap_or(false),
        "user_id": call.user,
        "retail_cents": in_cents(retail),
        "price_retail": number(retail),
    }))
}

/// `PATCH /ticket_timers/{id}`: the one thing to change stands in the body, or in the address, as it did at first. The mark
/// leaves the time that is counted as billable as it is.
pub(super) fn patch(state: &mut State, call: &Call, id: i64) -> Reply {
    let billable = match (truth(&call.body, "billable"), call.asked("billable")) {
        (Some(billable), _) => billable,
        (None, Some("true")) => true,
        (None, Some("false")) => false,
        _ => {
            return Reply::json(422, json!({"errors": ["billable is neither true nor false"]}));
        }
    };
    let spent = state.get(Table::Timers, id).and_then(|timer| integer(timer, "active_duration"));
    let is_free = !billable && call.fault == Some(Kind::Uncounted);
    let time = spent.map(|spent| if is_free { 0 } else { spent });
    let fields = record(json!({ "billable": billable, "billable_time": time }));
    state.change(Table::Timers, id, call.now, fields);
    Reply::wrapped("ticket_timer", state.get(Table::Timers, id).map(|timer| shown(timer, call.now)))
}

fn own_timer(state: &State, call: &Call, ticket: i64) -> Option<i64> {
    let id = integer(&call.body, "timer_entry_id")?;
    let timer = state.get(Table::Timers, id)?;
    (integer(timer, "ticket_id") == Some(ticket)).then_some(id)
}

fn flat(state: &State, call: &Call, id: i64) -> Reply {
    Reply::flat(state.get(Table::Timers, id).map(|timer| shown(timer, call.now)))
}

fn duration(body: &Record) -> Option<SignedDuration> {
    let minutes = decimal(body, "duration_minutes")?;
    Some(SignedDuration::from_secs((minutes * Decimal::from(60)).to_i64()?))
}

fn seconds(start: Timestamp, end: Option<Timestamp>) -> Option<i64> {
    Some(end?.duration_since(start).as_secs())
}
