//! Payments: cents in, dollars out, never taken back.
//!
//! The share of each invoice is kept in the payment (`_applied`, in cents by the
//! invoice's id); an invoice is paid once its payments reach its total. Nothing keeps anybody
//! from paying twice.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::call::Call;
use super::customers;
use super::kind::Kind;
use super::listing::{is_blank, mentions, newest_first, short_page};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::blank;
use super::value::{Record, decimal, integer, number, public, record, string, text, truth};

/// Ways to pay by id; a payment names one by its name.
const METHODS: [(i64, &str); 5] = [
    (3_311, "Cash"),
    (3_312, "Check"),
    (3_313, "Credit Card"),
    (3_314, "Bank Transfer"),
    (3_315, "Voucher"),
];

/// `GET /payment_methods`.
pub(super) fn methods() -> Reply {
    let all: Vec<Value> = METHODS
        .iter()
        .map(|(id, name)| {
            json!({
                "id": id,
                "name": name,
                "created_at": "2023-09-29T08:00:00.000Z",
                "updated_at": "2023-09-29T08:00:00.000Z",
                "uses_card_processing": false,
            })
        })
        .collect();
    Reply::ok(json!({ "payment_methods": all }))
}

/// `GET /payments`: the newest first.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let mut found: Vec<&Record> = state
        .all(Table::Payments)
        .filter(|payment| call.asked("query").is_none_or(|query| sought(state, payment, query)))
        .collect();
    newest_first(&mut found);
    Reply::list("payments", short_page(call, found, call.list_page), |payment| {
        with_customer(state, payment)
    })
}

fn sought(state: &State, payment: &Record, query: &str) -> bool {
    let customer = state.named(Table::Customers, payment, "_customer_id");
    mentions(payment, &["ref_num", "payment_method"], query)
        || customer
            .is_some_and(|customer| mentions(customer, &["business_then_name", "fullname"], query))
}

/// `GET /payments/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    match state.get(Table::Payments, id) {
        Some(payment) => Reply::ok(json!({"payment": with_customer(state, payment)})),
        None => Reply::not_found(),
    }
}

fn with_customer(state: &State, payment: &Record) -> Value {
    let customer = state.named(Table::Customers, payment, "_customer_id");
    let mut shown = public(payment);
    shown.insert(
        "customer".to_owned(),
        customer.map_or(Value::Null, |customer| customers::with_contacts(state, customer)),
    );
    Value::Object(shown)
}

/// A payment that a body asks for, checked.
struct Wanted {
    customer: i64,
    cents: i64,
    method: Option<&'static str>,
    /// Cents by invoice.
    shares: Vec<(i64, i64)>,
}

/// `POST /payments`: the answer carries tickets in place of the customer.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let wanted = match wanted(state, &call.body) {
        Ok(wanted) => wanted,
        Err(refused) => return refused,
    };
    let tickets: Vec<Value> = wanted
        .shares
        .iter()
        .filter_map(|(invoice, _)| state.get(Table::Invoices, *invoice))
        .filter_map(|invoice| integer(invoice, "ticket_id"))
        .map(|ticket| json!({ "id": ticket }))
        .collect();
    let mut payment = paid(call.now, wanted.customer, wanted.cents, wanted.method, &wanted.shares);
    if let Some(given) = call.body.get("ref_num") {
        payment.insert("ref_num".to_owned(), given.clone());
    }
    if call.fault == Some(Kind::Declined) {
        payment.extend(record(json!({"success": false, "transaction_response": "card declined"})));
    }
    let id = state.add(Table::Payments, call.now, payment);
    for (invoice, _) in &wanted.shares {
        settle(state, call.now, *invoice);
    }
    let Some(made) = state.get(Table::Payments, id) else {
        return Reply::not_found();
    };
    let mut shown = public(made);
    shown.remove("signature_date");
    shown.insert("tickets".to_owned(), Value::Array(tickets));
    Reply::ok(json!({ "payment": shown }))
}

fn wanted(state: &State, body: &Record) -> Result<Wanted, Reply> {
    let cents = integer(body, "amount_cents")
        .filter(|cents| *cents > 0)
        .ok_or_else(|| Reply::shaped(422, 3, "Amount", "must be greater than 0"))?;
    let method = match text(body, "payment_method") {
        "" => None,
        named => Some(
            METHODS
                .iter()
                .find(|(_, known)| *known == named)
                .map(|(_, known)| *known)
                .ok_or_else(|| Reply::shaped(422, 2, "Payment method", "must exist"))?,
        ),
    };
    let shares = shares(state, body, cents)?;
    let owner = shares
        .first()
        .and_then(|(invoice, _)| state.get(Table::Invoices, *invoice))
        .and_then(|invoice| integer(invoice, "customer_id"));
    let customer = integer(body, "customer_id")
        .or(owner)
        .filter(|id| state.get(Table::Customers, *id).is_some())
        .ok_or_else(|| Reply::shaped(422, 7, "Customer", "must exist"))?;
    let foreign = shares.iter().any(|(invoice, _)| {
        let invoice = state.get(Table::Invoices, *invoice);
        invoice.and_then(|invoice| integer(invoice, "customer_id")) != Some(customer)
    });
    if foreign {
        return Err(Reply::shaped(422, 3, "Invoice", "belongs to another customer"));
    }
    Ok(Wanted { customer, cents, method, shares })
}

/// Returns what goes to which invoice: as it was said, or all of it to the one that was named.
fn shares(state: &State, body: &Record, cents: i64) -> Result<Vec<(i64, i64)>, Reply> {
    let unknown = || Reply::shaped(422, 3, "Invoice", "must exist");
    if let Some(Value::Object(said)) = body.get("apply_payments") {
        let mut shares = Vec::new();
        for (invoice, _) in said {
            let id = invoice
                .parse()
                .ok()
                .filter(|id| state.get(Table::Invoices, *id).is_some())
                .ok_or_else(unknown)?;
            let share = integer(said, invoice)
                .filter(|share| *share > 0)
                .ok_or_else(|| Reply::shaped(422, 3, "Amount", "must be greater than 0"))?;
            shares.push((id, share));
        }
        let applied = shares.iter().try_fold(0_i64, |sum, (_, share)| sum.checked_add(*share));
        return match applied {
            Some(sum) if sum <= cents => Ok(shares),
            _ => Err(Reply::shaped(422, 3, "Amount", "is less than what it pays")),
        };
    }
    let named = match (
        integer(body, "invoice_id"),
        body.get("invoice_number").filter(|_| !is_blank(body, "invoice_number")),
    ) {
        (Some(id), _) => state.get(Table::Invoices, id),
        (None, Some(number)) => {
            state.all(Table::Invoices).find(|invoice| invoice.get("number") == Some(number))
        }
        (None, None) => return Ok(Vec::new()),
    };
    let id = named.and_then(|invoice| integer(invoice, "id")).ok_or_else(unknown)?;
    Ok(vec![(id, cents)])
}

/// Returns a payment without its id; one that pays no invoice says so in an odd way.
fn paid(
    at: Timestamp,
    customer: i64,
    cents: i64,
    method: Option<&str>,
    shares: &[(i64, i64)],
) -> Record {
    let mut applied = Record::new();
    for (invoice, share) in shares {
        applied.insert(invoice.to_string(), json!(share));
    }
    let invoices: Vec<i64> = shares.iter().map(|(invoice, _)| *invoice).collect();
    let mut payment = blank(Table::Payments);
    payment.extend(record(json!({
        "payment_amount": number(Decimal::new(cents, 2)),
        "applied_at": at.strftime("%Y-%m-%dT00:00:00.000Z").to_string(),
        "payment_method": method,
        "_customer_id": customer,
        "_applied": applied,
    })));
    if !invoices.is_empty() {
        payment.insert("invoice_ids".to_owned(), json!(invoices));
    }
    payment
}

/// Returns the payments of an invoice as the invoice shows them, each with its part of them.
pub(super) fn of_invoice(state: &State, invoice: i64) -> Vec<Record> {
    state
        .all(Table::Payments)
        .filter_map(|payment| {
            let part = part(payment, invoice)?;
            let mut shown = record(json!({
                "id": payment.get("id"),
                "created_at": payment.get("created_at"),
                "updated_at": payment.get("updated_at"),
                "amount": string(part),
            }));
            for field in ["success", "payment_method", "ref_num", "applied_at"] {
                let value = payment.get(field).cloned();
                shown.insert(field.to_owned(), value.unwrap_or_default());
            }
            Some(shown)
        })
        .collect()
}

fn part(payment: &Record, invoice: i64) -> Option<Decimal> {
    let Some(Value::Object(applied)) = payment.get("_applied") else {
        return None;
    };
    integer(applied, &invoice.to_string()).map(|cents| Decimal::new(cents, 2))
}

/// Marks the invoice as paid when its payments reach its total, and as unpaid when they do not.
pub(super) fn settle(state: &mut State, now: Timestamp, id: i64) {
    let Some(invoice) = state.get(Table::Invoices, id) else {
        return;
    };
    let total = decimal(invoice, "total").unwrap_or_default();
    let payments = state.all(Table::Payments);
    let parts: Vec<Decimal> = payments
        .filter(|payment| truth(payment, "success") != Some(false))
        .filter_map(|payment| part(payment, id))
        .collect();
    let settled = !parts.is_empty() && parts.iter().sum::<Decimal>() >= total;
    state.change(
        Table::Invoices,
        id,
        now,
        record(json!({"is_paid": settled, "verified_paid": settled})),
    );
}
