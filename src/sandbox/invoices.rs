//! Invoices: made from a ticket's lines, found by id or number, taken back while unpaid.
//!
//! Each POST makes one more, empty when the lines were taken before. How the lines become
//! amounts is left to `invoicing.rs`, changing lines afterwards to `invoice_lines.rs`, paying to
//! `payments.rs`.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::account::COLLEAGUE;
use super::call::Call;
use super::clock;
use super::invoicing::{Prices, convert};
use super::kind::Kind;
use super::listing::{is_blank, newest_first, short_page};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{
    Record, decimal, instant, integer, parse_instant, public, record, string, text, truth,
};
use super::{customers, payments, tickets};

/// The status of an invoice that nobody has published, and of all others.
const DRAFT: &str = "draft";
const PUBLISHED: &str = "published";

/// `GET /invoices`: the newest first, without their lines.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let mut found: Vec<&Record> = state
        .all(Table::Invoices)
        .filter(|invoice| {
            let paid = truth(invoice, "is_paid") == Some(true);
            call.asked("ticket_id")
                .is_none_or(|id| id.parse().ok() == integer(invoice, "ticket_id"))
                && (call.asked("paid") != Some("true") || paid)
                && (call.asked("unpaid") != Some("true") || !paid)
                && call
                    .asked("since_updated_at")
                    .and_then(parse_instant)
                    .is_none_or(|since| parse_instant(text(invoice, "updated_at")) > Some(since))
        })
        .collect();
    newest_first(&mut found);
    Reply::list("invoices", short_page(call, found, call.list_page), public)
}

/// Returns the invoice with that id, or else with that number.
pub(super) fn find<'a>(state: &'a State, wanted: &str) -> Option<&'a Record> {
    wanted
        .parse()
        .ok()
        .and_then(|id| state.get(Table::Invoices, id))
        .or_else(|| state.all(Table::Invoices).find(|invoice| text(invoice, "number") == wanted))
}

/// `GET /invoices/{id or number}`.
pub(super) fn get(state: &State, call: &Call, id: i64) -> Reply {
    let Some(invoice) = state.get(Table::Invoices, id) else {
        return Reply::not_found();
    };
    let customer = state.named(Table::Customers, invoice, "customer_id");
    let lines: Vec<Record> =
        state.belonging(Table::InvoiceLines, "_invoice_id", id).map(public).collect();
    let mut shown = public(invoice);
    if call.fault == Some(Kind::NoDrafts) {
        shown.remove("status");
    }
    shown.extend(record(json!({
        "customer": customer.map(|customer| customers::with_contacts(state, customer)),
        "line_items": lines,
        "payments": payments::of_invoice(state, id),
    })));
    Reply::ok(json!({ "invoice": shown }))
}

/// `POST /invoices`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let Some(customer) =
        integer(&call.body, "customer_id").filter(|id| state.get(Table::Customers, *id).is_some())
    else {
        return Reply::invalid_of(&call.body, json!("Customer can't be blank"));
    };
    let ticket = integer(&call.body, "ticket_id");
    if let Some(id) = ticket {
        match state.get(Table::Tickets, id) {
            None => return Reply::shaped(422, 3, "Ticket", "could not be found"),
            Some(ticket) if integer(ticket, "customer_id") != Some(customer) => {
                return Reply::shaped(422, 3, "Ticket", "belongs to another customer");
            }
            Some(_) => {}
        }
    }
    if let Err(refused) = given_fields(state, &call.body) {
        return refused;
    }
    if call.fault == Some(Kind::Stolen) {
        write(state, call, customer, ticket, COLLEAGUE, Prices::Kept);
    }
    let prices = match call.fault {
        Some(Kind::EmptyInvoice) => Prices::NoLines,
        Some(Kind::Undebited) => Prices::Undebited,
        Some(Kind::Unmarked) => Prices::Unmarked,
        Some(Kind::ZeroInvoice | Kind::LostPrice) => Prices::Zero,
        _ => Prices::Kept,
    };
    let id = write(state, call, customer, ticket, call.user, prices);
    if call.fault == Some(Kind::Drafted) {
        state.change(Table::Invoices, id, call.now, record(json!({"status": DRAFT})));
    }
    Reply::wrapped("invoice", state.get(Table::Invoices, id).map(public))
}

/// Makes an invoice of the ticket's open lines and returns its id.
pub(super) fn write(
    state: &mut State,
    call: &Call,
    customer: i64,
    ticket: Option<i64>,
    user: i64,
    prices: Prices,
) -> i64 {
    let number = match text(&call.body, "number") {
        "" => state.invoice_number().to_string(),
        given => given.to_owned(),
    };
    let name = state
        .get(Table::Customers, customer)
        .map(|customer| text(customer, "business_then_name").to_owned());
    let day = parse_instant(text(&call.body, "date")).unwrap_or_else(|| clock::day(call.now));
    let mut invoice = fresh(day);
    invoice.extend(record(json!({
        "customer_id": customer,
        "customer_business_then_name": name,
        "number": number,
        "ticket_id": ticket,
        "user_id": user,
    })));
    let mut given = given_fields(state, &call.body).unwrap_or_default();
    given
        .retain(|name, _| ["due_date", "po_number", "note", "contact_id"].contains(&name.as_str()));
    invoice.extend(given);
    let id = state.add(Table::Invoices, call.now, invoice);
    if let Some(ticket) = ticket {
        convert(state, call.now, id, customer, ticket, prices);
    }
    id
}

/// Returns an invoice about which nothing is known but its day, without id and dates.
pub(super) fn fresh(day: jiff::Timestamp) -> Record {
    let mut invoice = blank(Table::Invoices);
    invoice.extend(record(json!({"date": midnight(day), "due_date": midnight(day)})));
    invoice
}

/// Days are written as their midnights.
pub(super) fn midnight(day: jiff::Timestamp) -> String {
    day.strftime("%Y-%m-%dT00:00:00.000Z").to_string()
}

/// Returns what a body sets by itself. Amounts and whether it is paid are not among it.
fn given_fields(state: &State, body: &Record) -> Result<Record, Reply> {
    let mut fields = given(Table::Invoices, body);
    for name in ["date", "due_date"] {
        if is_blank(body, name) {
            continue;
        }
        match parse_instant(text(body, name)) {
            Some(day) => fields.insert(name.to_owned(), Value::from(midnight(day))),
            None => return Err(Reply::shaped(422, 4, "Date", "is not a date")),
        };
    }
    for (name, table, what) in [
        ("customer_id", Table::Customers, "Customer"),
        ("contact_id", Table::Contacts, "Contact"),
        ("ticket_id", Table::Tickets, "Ticket"),
    ] {
        let id = integer(body, name);
        if !is_blank(body, name) && id.and_then(|id| state.get(table, id)).is_none() {
            return Err(Reply::shaped(422, 5, what, "must exist"));
        }
        if body.contains_key(name) {
            fields.insert(name.to_owned(), json!(id));
        }
    }
    Ok(fields)
}

/// `PUT /invoices/{id}`: the path takes no number.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let mut fields = match given_fields(state, &call.body) {
        Ok(fields) => fields,
        Err(refused) => return refused,
    };
    if fields.contains_key("number") && is_blank(&fields, "number") {
        return Reply::shaped(422, 3, "Number", "can't be blank");
    }
    let owner = state.named(Table::Customers, &fields, "customer_id");
    match owner {
        Some(customer) => {
            let name = Value::from(text(customer, "business_then_name"));
            fields.insert("customer_business_then_name".to_owned(), name);
        }
        None => {
            fields.remove("customer_id");
        }
    }
    state.change(Table::Invoices, id, call.now, fields);
    Reply::wrapped("invoice", state.get(Table::Invoices, id).map(public))
}

/// `POST /invoices/{id}/publish`: a refund never can be.
pub(super) fn publish(state: &mut State, call: &Call, id: i64) -> Reply {
    let invoice = state.get(Table::Invoices, id).cloned().unwrap_or_default();
    let total = decimal(&invoice, "total").unwrap_or_default();
    match text(&invoice, "status") == DRAFT && !total.is_sign_negative() {
        true => becomes(state, call, id, (PUBLISHED, Value::from(instant(call.now)))),
        false => Reply::shaped(422, 3, "Invoice", "cannot be published"),
    }
}

/// `POST /invoices/{id}/convert_to_draft`: of one that nobody has paid for, and no refund.
pub(super) fn draft(state: &mut State, call: &Call, id: i64) -> Reply {
    let invoice = state.get(Table::Invoices, id).cloned().unwrap_or_default();
    let is_paid = truth(&invoice, "is_paid") == Some(true);
    let total = decimal(&invoice, "total").unwrap_or_default();
    match is_paid || !payments::of_invoice(state, id).is_empty() {
        true => Reply::shaped(422, 3, "Invoice", "has a payment"),
        false if total.is_sign_negative() => Reply::shaped(422, 3, "Invoice", "is a refund"),
        false => becomes(state, call, id, (DRAFT, Value::Null)),
    }
}

fn becomes(state: &mut State, call: &Call, id: i64, (status, at): (&str, Value)) -> Reply {
    if call.fault == Some(Kind::NoDrafts) {
        return Reply::not_found();
    }
    let fields = record(json!({"status": status, "published_date": at}));
    state.change(Table::Invoices, id, call.now, fields);
    Reply::ok(json!({"success": true}))
}

/// `GET /invoices/{id}/ticket`.
pub(super) fn ticket(state: &State, call: &Call, id: i64) -> Reply {
    let ticket = state.get(Table::Invoices, id).and_then(|invoice| integer(invoice, "ticket_id"));
    match ticket {
        Some(ticket) => tickets::get(state, call, ticket),
        None => Reply::not_found(),
    }
}

/// `DELETE /invoices/{id}`: 200 whether or not there was anything to delete.
///
/// A number is no id here, and an invoice with a payment stays.
pub(super) fn delete(state: &mut State, call: &Call, id: i64) -> Reply {
    let answer = Reply::ok(json!({"message": "The invoice is deleted."}));
    let unpaid = state
        .get(Table::Invoices, id)
        .filter(|invoice| truth(invoice, "is_paid") != Some(true))
        .filter(|_| payments::of_invoice(state, id).is_empty());
    if unpaid.is_none() {
        return answer;
    }
    let made: Vec<(Option<i64>, Option<i64>)> = state
        .belonging(Table::InvoiceLines, "_invoice_id", id)
        .map(|line| (integer(line, "id"), integer(line, "_ticket_line_item_id")))
        .collect();
    for (line, taken) in made {
        if let Some(taken) = taken {
            state.change(
                Table::Lines,
                taken,
                call.now,
                record(json!({"converted": false, "_taken": false})),
            );
        }
        if let Some(line) = line {
            state.remove(Table::InvoiceLines, line);
        }
    }
    give_back(state, call.now, id, None);
    state.remove(Table::Invoices, id);
    answer
}

/// Puts hours that the invoice had debited back into the customer's block: all, or some of them.
pub(super) fn give_back(
    state: &mut State,
    now: jiff::Timestamp,
    invoice: i64,
    some: Option<Decimal>,
) {
    let Some(found) = state.get(Table::Invoices, invoice) else {
        return;
    };
    let debited = decimal(found, "_debited").unwrap_or_default();
    let hours = some.unwrap_or(debited).min(debited);
    let Some(customer) = integer(found, "customer_id").filter(|_| !hours.is_zero()) else {
        return;
    };
    let balance = state
        .get(Table::Customers, customer)
        .and_then(|customer| decimal(customer, "prepay_hours"))
        .unwrap_or_default();
    let restored = record(json!({"prepay_hours": string(balance + hours)}));
    state.change(Table::Customers, customer, now, restored);
    let left = record(json!({"_debited": string(debited - hours)}));
    state.change(Table::Invoices, invoice, now, left);
}
