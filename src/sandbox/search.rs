//! The search over everything: here, over tickets and customers.
//!
//! Its answer wraps each record in the words of the search engine behind it.

use serde_json::{Value, json};

use super::call::Call;
use super::customers;
use super::reply::Reply;
use super::state::{State, Table};
use super::tickets;
use super::value::{Record, integer, text};

/// Records that one answer has at most.
const MOST: usize = 25;

/// `GET /search`: customers first, then tickets, the newest first.
pub(super) fn search(state: &State, call: &Call) -> Reply {
    let Some(query) = call.asked("query") else {
        return Reply::ok(json!({"quick_result": null, "results": [], "error": null}));
    };
    let customers = state
        .all(Table::Customers)
        .filter(|customer| customers::matches(customer, query))
        .map(|customer| found("customer", customer, customer_source(customer)));
    let tickets = state
        .all(Table::Tickets)
        .rev()
        .filter(|ticket| tickets::mentions(state, ticket, query))
        .map(|ticket| found("ticket", ticket, ticket_source(ticket)));
    let results: Vec<Value> = customers.chain(tickets).take(MOST).collect();
    Reply::ok(json!({"quick_result": null, "results": results, "error": null}))
}

fn found(kind: &str, record: &Record, source: Value) -> Value {
    json!({"table": {
        "_id": integer(record, "id"),
        "_type": kind,
        "_index": format!("{kind}s"),
        "_source": {"table": source},
    }})
}

fn customer_source(customer: &Record) -> Value {
    json!({
        "firstname": text(customer, "firstname"),
        "lastname": text(customer, "lastname"),
        "email": customer.get("email"),
        "business_name": customer.get("business_name"),
        "phones": [{
            "label": "Phone",
            "number": customer.get("phone"),
            "customer_id": customer.get("id"),
            "extension": null,
        }],
    })
}

fn ticket_source(ticket: &Record) -> Value {
    json!({
        "number": ticket.get("number"),
        "subject": ticket.get("subject"),
        "status": ticket.get("status"),
        "problem_type": ticket.get("problem_type"),
        "customer_id": ticket.get("customer_id"),
        "customer_business_then_name": ticket.get("customer_business_then_name"),
        "created_at": ticket.get("created_at"),
    })
}
