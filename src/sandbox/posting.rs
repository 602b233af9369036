//! Invoices and estimates on their way out: mailed or printed. No GET shows that they were.

use serde_json::json;

use super::reply::Reply;
use super::route::Call;
use super::state::{State, Table};
use super::value::{Record, instant, integer, record, text, truth};

/// Mails the document to its contact or customer, and to whoever gets copies of invoices.
///
/// The answer is the same where there is nobody to mail it to.
pub(super) fn email(state: &mut State, call: &Call, what: &str, document: &Record) -> Reply {
    for to in recipients(state, document) {
        let mut mail = record(json!({"to": to, "at": instant(call.now)}));
        mail.insert(what.to_owned(), json!(integer(document, "id")));
        state.add(Table::Mailed, call.now, mail);
    }
    Reply::ok(json!({"message": "It is on its way."}))
}

fn recipients(state: &State, document: &Record) -> Vec<String> {
    let get =
        |table: Table, field: &str| integer(document, field).and_then(|id| state.get(table, id));
    let Some(customer) = get(Table::Customers, "customer_id") else {
        return Vec::new();
    };
    if truth(customer, "no_email") == Some(true) {
        return Vec::new();
    }
    let first = [get(Table::Contacts, "contact_id"), Some(customer)]
        .into_iter()
        .flatten()
        .map(|person| text(person, "email"))
        .find(|address| !address.is_empty());
    let copies = text(customer, "invoice_cc_emails").split([',', ';']);
    first
        .into_iter()
        .chain(copies)
        .map(|address| address.trim().to_owned())
        .filter(|address| !address.is_empty())
        .collect()
}

/// Queues the document for the printer.
pub(super) fn print(state: &mut State, call: &Call, what: &str, document: &Record) -> Reply {
    let mut job = record(json!({"at": instant(call.now)}));
    job.insert(what.to_owned(), json!(integer(document, "id")));
    state.add(Table::Printed, call.now, job);
    Reply::ok(json!({"message": "It is in the queue of the printer."}))
}
