//! Invoices and estimates on their way out: mailed or printed. No GET shows that they were.

use serde_json::json;

use super::call::Call;
use super::reply::Reply;
use super::state::{State, Table};
use super::value::{Record, instant, record, text, truth};

/// `POST /invoices/{id}/email`.
pub(super) fn invoice(state: &mut State, call: &Call, id: i64) -> Reply {
    email(state, call, Table::Invoices, "invoice_id", id)
}

/// `POST /estimates/{id}/email`.
pub(super) fn estimate(state: &mut State, call: &Call, id: i64) -> Reply {
    email(state, call, Table::Estimates, "estimate_id", id)
}

/// `POST /invoices/{id}/print`.
pub(super) fn print_invoice(state: &mut State, call: &Call, id: i64) -> Reply {
    print(state, call, "invoice_id", id)
}

/// `POST /estimates/{id}/print`.
pub(super) fn print_estimate(state: &mut State, call: &Call, id: i64) -> Reply {
    print(state, call, "estimate_id", id)
}

/// Mails the document to its customer, and to whoever gets copies of invoices: that it may name a contact changes nothing.
///
/// The answer is the same where there is nobody to mail it to.
fn email(state: &mut State, call: &Call, table: Table, field: &str, id: i64) -> Reply {
    let found = state.get(table, id);
    for to in found.map(|document| recipients(state, document)).unwrap_or_default() {
        let mail = record(json!({"to": to, "at": instant(call.now), field: id}));
        state.add(Table::Mailed, call.now, mail);
    }
    Reply::ok(json!({"message": "It is on its way."}))
}

fn recipients(state: &State, document: &Record) -> Vec<String> {
    let Some(customer) = state.named(Table::Customers, document, "customer_id") else {
        return Vec::new();
    };
    if truth(customer, "no_email") == Some(true) {
        return Vec::new();
    }
    let copies = text(customer, "invoice_cc_emails").split([',', ';']);
    [text(customer, "email")]
        .into_iter()
        .chain(copies)
        .map(|address| address.trim().to_owned())
        .filter(|address| !address.is_empty())
        .collect()
}

/// Queues the document for the printer.
fn print(state: &mut State, call: &Call, field: &str, id: i64) -> Reply {
    let job = record(json!({"at": instant(call.now), field: id}));
    state.add(Table::Printed, call.now, job);
    Reply::ok(json!({"message": "It is in the queue of the printer."}))
}
