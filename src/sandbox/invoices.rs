//! Invoices: made from a ticket's lines, found by id or number, taken back while unpaid.
//!
//! Each POST makes one more, empty when the lines were taken before. How the lines become
//! amounts is left to `invoicing.rs`.

use std::cmp::Reverse;

use serde_json::json;

use super::customers;
use super::invoicing::{Prices, convert};
use super::kind::Kind;
use super::reply::Reply;
use super::route::{Call, page};
use super::state::{State, Table};
use super::value::{
    Record, decimal, instant, integer, parse_instant, public, record, string, text, truth,
};

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
    found.sort_by_key(|invoice| {
        Reverse((
            parse_instant(text(invoice, "created_at")),
            integer(invoice, "id"),
        ))
    });
    let (found, mut meta) = page(call, found, call.list_page);
    meta.remove("total_entries");
    meta.remove("per_page");
    let invoices: Vec<Record> = found.into_iter().map(public).collect();
    Reply::ok(json!({"invoices": invoices, "meta": meta}))
}

/// Returns the invoice with that id, or else with that number.
pub(super) fn find<'a>(state: &'a State, wanted: &str) -> Option<&'a Record> {
    wanted
        .parse()
        .ok()
        .and_then(|id| state.get(Table::Invoices, id))
        .or_else(|| {
            state
                .all(Table::Invoices)
                .find(|invoice| text(invoice, "number") == wanted)
        })
}

/// `GET /invoices/{id or number}`.
pub(super) fn get(state: &State, wanted: &str) -> Reply {
    let Some((invoice, id)) =
        find(state, wanted).and_then(|found| Some((found, integer(found, "id")?)))
    else {
        return Reply::not_found();
    };
    let customer = integer(invoice, "customer_id").and_then(|id| state.get(Table::Customers, id));
    let lines: Vec<Record> = state
        .belonging(Table::InvoiceLines, "_invoice_id", id)
        .map(public)
        .collect();
    let payments: Vec<Record> = state
        .belonging(Table::Payments, "_invoice_id", id)
        .map(public)
        .collect();
    let mut shown = public(invoice);
    shown.extend(record(json!({
        "customer": customer.map(|customer| customers::with_contacts(state, customer)),
        "line_items": lines,
        "payments": payments,
    })));
    Reply::ok(json!({ "invoice": shown }))
}

/// `POST /invoices`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let Some(customer) =
        integer(&call.body, "customer_id").filter(|id| state.get(Table::Customers, *id).is_some())
    else {
        return Reply::json(
            422,
            json!({"success": false, "message": "Customer can't be blank", "params": call.body}),
        );
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
    if call.fault == Some(Kind::Stolen) {
        write(
            state,
            call,
            customer,
            ticket,
            super::COLLEAGUE,
            Prices::Kept,
        );
    }
    let prices = match call.fault {
        Some(Kind::EmptyInvoice) => Prices::NoLines,
        Some(Kind::ZeroInvoice | Kind::LostPrice) => Prices::Zero,
        _ => Prices::Kept,
    };
    let id = write(state, call, customer, ticket, call.user, prices);
    match state.get(Table::Invoices, id) {
        Some(invoice) => Reply::ok(json!({"invoice": public(invoice)})),
        None => Reply::not_found(),
    }
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
    let day = parse_instant(text(&call.body, "date")).unwrap_or(call.now);
    let day = day.strftime("%Y-%m-%dT00:00:00.000Z").to_string();
    let id = state.add(
        Table::Invoices,
        call.now,
        record(json!({
            "customer_id": customer,
            "customer_business_then_name": name,
            "number": number,
            "date": day,
            "due_date": day,
            "subtotal": "0.0",
            "total": "0.0",
            "tax": "0.0",
            "verified_paid": false,
            "tech_marked_paid": false,
            "ticket_id": ticket,
            "pdf_url": null,
            "is_paid": false,
            "location_id": null,
            "po_number": null,
            "contact_id": null,
            "note": null,
            "hardwarecost": null,
            "user_id": user,
            "_debited": "0.0",
        })),
    );
    if let Some(ticket) = ticket {
        convert(state, call.now, id, customer, ticket, prices);
    }
    id
}

/// `DELETE /invoices/{id}`: 200 whether or not there was anything to delete.
///
/// A number is no id here, and a paid invoice stays.
pub(super) fn delete(state: &mut State, call: &Call, id: &str) -> Reply {
    let answer = Reply::ok(json!({"message": "The invoice is deleted."}));
    let unpaid = id.parse().ok().and_then(|id| {
        state
            .get(Table::Invoices, id)
            .filter(|invoice| truth(invoice, "is_paid") != Some(true))
            .cloned()
            .map(|invoice| (id, invoice))
    });
    let Some((id, invoice)) = unpaid else {
        return answer;
    };
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
                record(json!({"converted": false})),
            );
        }
        if let Some(line) = line {
            state.remove(Table::InvoiceLines, line);
        }
    }
    give_back(state, call, &invoice);
    state.remove(Table::Invoices, id);
    answer
}

/// Puts the hours that the invoice had debited back into the customer's block.
fn give_back(state: &mut State, call: &Call, invoice: &Record) {
    let debited = decimal(invoice, "_debited").unwrap_or_default();
    let Some(id) = integer(invoice, "customer_id").filter(|_| !debited.is_zero()) else {
        return;
    };
    let balance = state
        .get(Table::Customers, id)
        .and_then(|customer| decimal(customer, "prepay_hours"))
        .unwrap_or_default();
    let restored = string(balance + debited);
    state.change(
        Table::Customers,
        id,
        call.now,
        record(json!({"prepay_hours": restored})),
    );
}

/// Marks an invoice as paid in full; the story's first day needs one.
pub(super) fn pay(state: &mut State, at: jiff::Timestamp, id: i64, method: &str) {
    let Some(total) = state
        .get(Table::Invoices, id)
        .and_then(|invoice| decimal(invoice, "total"))
    else {
        return;
    };
    state.add(
        Table::Payments,
        at,
        record(json!({
            "amount": string(total),
            "payment_method": method,
            "applied_at": instant(at),
            "_invoice_id": id,
        })),
    );
    state.change(
        Table::Invoices,
        id,
        at,
        record(json!({"is_paid": true, "verified_paid": true})),
    );
}
