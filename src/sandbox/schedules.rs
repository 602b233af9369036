//! Schedules: invoices that come again and again. A PUT changes only what it says; a removal has no way back.

use serde_json::{Value, json};

use super::call::Call;
use super::listing::{is_blank, page, same_id};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{
    Record, cents, decimal, flags, in_cents, integer, number, public, record, string,
};

const FREQUENCIES: [&str; 9] = [
    "Daily",
    "Weekly",
    "Biweekly",
    "Monthly",
    "Quarterly",
    "Semi-Annually",
    "Annually",
    "Biennially",
    "Triennially",
];

/// `GET /schedules`.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let found: Vec<&Record> = state
        .all(Table::Schedules)
        .filter(|schedule| same_id(call, schedule, "customer_id"))
        .collect();
    let (found, meta) = page(call, found, call.list_page);
    let schedules: Vec<Value> =
        found.into_iter().filter_map(|one| shown(state, integer(one, "id")?)).collect();
    Reply::ok(json!({"schedules": schedules, "meta": meta}))
}

/// `GET /schedules/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    Reply::ok(json!({"schedule": shown(state, id)}))
}

fn shown(state: &State, id: i64) -> Option<Value> {
    let mut schedule = public(state.get(Table::Schedules, id)?);
    let lines: Vec<Record> =
        state.belonging(Table::ScheduleLines, "schedule_id", id).map(public).collect();
    let amount = |line: &Record| {
        let get = |field: &str| decimal(line, field).unwrap_or_default();
        cents(get("quantity").saturating_mul(get("price_retail")))
    };
    schedule.insert("subtotal".to_owned(), number(lines.iter().map(amount).sum()));
    schedule.insert("lines".to_owned(), json!(lines));
    Some(Value::Object(schedule))
}

/// `POST /schedules`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let mut schedule = blank(Table::Schedules);
    schedule.extend(given(Table::Schedules, &call.body));
    if let Some(refused) = problem(state, &schedule) {
        return refused;
    }
    let id = state.add(Table::Schedules, call.now, schedule);
    get(state, call, id)
}

/// `PUT /schedules/{id}`.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let fields = given(Table::Schedules, &call.body);
    if let Some(refused) = problem(state, &state.with(Table::Schedules, id, &fields)) {
        return refused;
    }
    state.change(Table::Schedules, id, call.now, fields);
    get(state, call, id)
}

fn problem(state: &State, schedule: &Record) -> Option<Reply> {
    let mut problems = Vec::new();
    let frequency = schedule.get("frequency").and_then(Value::as_str).unwrap_or_default();
    if !FREQUENCIES.contains(&frequency) {
        problems.push("Frequency Must be a valid selection");
    }
    for (field, text) in [("next_run", "Next run can't be blank"), ("name", "Name can't be blank")]
    {
        if is_blank(schedule, field) {
            problems.push(text);
        }
    }
    let owner = integer(schedule, "customer_id");
    if owner.and_then(|id| state.get(Table::Customers, id)).is_none() {
        problems.push("Customer can't be blank");
    }
    (!problems.is_empty()).then(|| Reply::json(422, json!({ "error": problems })))
}

/// `DELETE /schedules/{id}`: its lines go with it.
pub(super) fn delete(state: &mut State, _: &Call, id: i64) -> Reply {
    state.remove_belonging(Table::ScheduleLines, "schedule_id", id);
    state.remove(Table::Schedules, id);
    Reply::ok(json!({"success": true}))
}

/// `POST /schedules/{id}/line_items`, and its older name.
pub(super) fn add_line(state: &mut State, call: &Call, id: i64) -> Reply {
    let mut line = blank(Table::ScheduleLines);
    if let Some(product) = state.named(Table::Products, &call.body, "product_id") {
        for field in ["name", "description", "taxable"] {
            line.insert(field.to_owned(), product.get(field).cloned().unwrap_or_default());
        }
    }
    line.extend(written(&call.body));
    if is_blank(&line, "name") {
        return Reply::json(422, json!({"error": ["Name can't be blank"]}));
    }
    let position = state.belonging(Table::ScheduleLines, "schedule_id", id).count() + 1;
    line.extend(record(json!({"schedule_id": id, "user_id": call.user, "position": position})));
    let made = state.add(Table::ScheduleLines, call.now, line);
    alone(state, made)
}

/// `PUT /schedules/{id}/line_items/{id}`: changes what is sent.
pub(super) fn update_line(state: &mut State, call: &Call, id: i64, line: i64) -> Reply {
    if !is_own(state, id, line) {
        return Reply::not_found();
    }
    let fields = written(&call.body);
    if fields.contains_key("name") && is_blank(&fields, "name") {
        return Reply::json(422, json!({"error": ["Name can't be blank"]}));
    }
    state.change(Table::ScheduleLines, line, call.now, fields);
    alone(state, line)
}

/// `DELETE /schedules/{id}/line_items/{id}`.
pub(super) fn delete_line(state: &mut State, _: &Call, id: i64, line: i64) -> Reply {
    if !is_own(state, id, line) {
        return Reply::not_found();
    }
    state.remove(Table::ScheduleLines, line);
    Reply::ok(json!({"success": true}))
}

/// `POST /schedules/{id}/remove_line_item`: the older name of the same.
pub(super) fn remove_line(state: &mut State, call: &Call, id: i64) -> Reply {
    match integer(&call.body, "schedule_line_item_id") {
        Some(line) => delete_line(state, call, id, line),
        None => Reply::not_found(),
    }
}

fn is_own(state: &State, id: i64, line: i64) -> bool {
    let line = state.get(Table::ScheduleLines, line);
    line.is_some_and(|line| integer(line, "schedule_id") == Some(id))
}

fn alone(state: &State, line: i64) -> Reply {
    Reply::wrapped("schedule_line_item", state.get(Table::ScheduleLines, line).map(public))
}

fn written(body: &Record) -> Record {
    let mut fields = given(Table::ScheduleLines, body);
    if let Some(quantity) = decimal(body, "quantity") {
        fields.insert("quantity".to_owned(), string(quantity));
    }
    for (price, in_its_cents) in [("price_retail", "retail_cents"), ("price_cost", "cost_cents")] {
        let cents =
            decimal(body, in_its_cents).map(|cents| cents / rust_decimal::Decimal::ONE_HUNDRED);
        if let Some(amount) = decimal(body, price).or(cents) {
            fields.insert(price.to_owned(), number(amount));
            fields.insert(in_its_cents.to_owned(), in_cents(amount));
        }
    }
    fields.extend(flags(body, &["taxable"]));
    fields
}
