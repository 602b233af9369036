//! What is set off and shown nowhere: tickets made after a blueprint, scripts on machines.

use serde_json::{Value, json};

use super::call::Call;
use super::reply::Reply;
use super::state::{State, Table};
use super::table::blank;
use super::value::{Record, integer, record, text};

/// The one blueprint: what its tickets are about, the parent first.
const BLUEPRINT: i64 = 7_301;
const SUBJECTS: [&str; 3] = ["New employee", "New employee: computer", "New employee: mailbox"];

/// The one script.
const SCRIPT: i64 = 4_401;

/// `GET /ticket_blueprints`.
pub(super) fn list() -> Reply {
    let children = SUBJECTS.len() - 1;
    let blueprint = json!({
        "id": BLUEPRINT, "name": "New employee", "role": "parent", "children_count": children,
    });
    let meta = json!({"page": 1, "per_page": 20, "total_pages": 1, "total_entries": 1});
    Reply::ok(json!({"ticket_blueprints": [blueprint], "meta": meta}))
}

/// `POST /ticket_blueprints/{id}/apply`: a ticket with all its children, and no way back.
pub(super) fn apply(state: &mut State, call: &Call, id: i64) -> Reply {
    let customer = integer(&call.body, "customer_id");
    let customer = customer.and_then(|id| state.get(Table::Customers, id)).cloned();
    let Some(customer) = customer.filter(|_| id == BLUEPRINT) else {
        return Reply::not_found();
    };
    let mut made = SUBJECTS.iter().map(|subject| {
        let number = state.ticket_number();
        let ticket = ticket(&customer, subject, number);
        state.add(Table::Tickets, call.now, ticket)
    });
    let parent = made.next();
    let children: Vec<i64> = made.collect();
    Reply::json(201, json!({"ticket_id": parent, "child_ticket_ids": children}))
}

fn ticket(customer: &Record, subject: &str, number: i64) -> Record {
    let mut ticket = blank(Table::Tickets);
    ticket.extend(record(json!({
        "number": number,
        "subject": subject,
        "status": "New",
        "customer_id": customer.get("id"),
        "customer_business_then_name": text(customer, "business_then_name"),
    })));
    ticket
}

/// `POST /rmm/public_scripts/{id}/schedule`: once, and without a trace that a GET shows.
pub(super) fn run(state: &mut State, call: &Call, asset: i64) -> Reply {
    if integer(&call.body, "script_id") != Some(SCRIPT) {
        return Reply::json(404, json!({"error": "Script not found"}));
    }
    match call.body.get("freq").and_then(Value::as_str).unwrap_or("once") {
        "once" => {
            let runs = state.get(Table::Assets, asset).and_then(|asset| integer(asset, "_runs"));
            let runs = record(json!({"_runs": runs.unwrap_or_default() + 1}));
            state.change(Table::Assets, asset, call.now, runs);
            Reply::ok(json!({"message": "Script scheduled"}))
        }
        _ => Reply::json(422, json!({"error": "Recurring schedules are not supported"})),
    }
}
