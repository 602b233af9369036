//! Lines that are made, changed or taken away on an invoice or an estimate itself.
//!
//! The amounts of what they stand on follow them. On a paid invoice nothing is changed, whatever
//! the status of the answer.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::call::Call;
use super::kind::Kind;
use super::listing::{is_blank, page, same_id};
use super::payments;
use super::reply::{Body, Reply};
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{Record, cents, decimal, flags, integer, record, string, truth};

/// The invoice or estimate that a line stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    Invoice(i64),
    Estimate(i64),
}

impl On {
    /// The private field in which its lines name it.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Invoice(_) => "_invoice_id",
            Self::Estimate(_) => "_estimate_id",
        }
    }

    pub(super) fn id(self) -> i64 {
        match self {
            Self::Invoice(id) | Self::Estimate(id) => id,
        }
    }

    fn table(self) -> Table {
        match self {
            Self::Invoice(_) => Table::Invoices,
            Self::Estimate(_) => Table::Estimates,
        }
    }

    fn is_paid(self, state: &State) -> bool {
        state
            .get(self.table(), self.id())
            .is_some_and(|owner| truth(owner, "is_paid") == Some(true))
    }
}

/// `GET /line_items`: those of invoices and of estimates, four times as many on a page.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let found: Vec<Record> = state
        .all(Table::InvoiceLines)
        .map(shown)
        .filter(|line| {
            let there = |asked: &str, field: &str| {
                call.asked(asked) != Some("true") || !is_blank(line, field)
            };
            same_id(call, line, "invoice_id")
                && same_id(call, line, "estimate_id")
                && there("invoice_id_not_null", "invoice_id")
                && there("estimate_id_not_null", "estimate_id")
        })
        .collect();
    let (lines, meta) = page(call, found, call.list_page * 4);
    let lines: Vec<Record> = lines
        .into_iter()
        .map(|mut line| {
            line.remove("estimate_id");
            line
        })
        .collect();
    Reply::ok(json!({"line_items": lines, "meta": meta}))
}

/// Returns the line as it is shown by itself, with both of what it may stand on.
fn shown(line: &Record) -> Record {
    let get = |field: &str| line.get(field).cloned().unwrap_or_default();
    record(json!({
        "id": get("id"),
        "created_at": get("created_at"),
        "updated_at": get("updated_at"),
        "invoice_id": get("_invoice_id"),
        "estimate_id": get("_estimate_id"),
        "item": get("item"),
        "name": get("name"),
        "cost": get("cost"),
        "price": get("price"),
        "quantity": get("quantity"),
        "product_id": get("product_id"),
        "taxable": get("taxable"),
        "discount_percent": get("discount_percent"),
        "position": get("position"),
        "invoice_bundle_id": null,
        "discount_dollars": get("discount_dollars"),
    }))
}

/// Returns the line of that id as the answers to writes carry it.
pub(super) fn alone(state: &State, id: i64) -> Value {
    let Some(line) = state.get(Table::InvoiceLines, id) else {
        return Value::Null;
    };
    let mut shown = shown(line);
    shown.remove("estimate_id");
    Value::Object(shown)
}

/// `POST /invoices/{id}/line_items`.
pub(super) fn create(state: &mut State, call: &Call, invoice: i64) -> Reply {
    let on = On::Invoice(invoice);
    if on.is_paid(state) {
        return Reply::json(422, json!({"errors": "The invoice is paid already"}));
    }
    match add(state, call, on) {
        Ok(line) => Reply::ok(json!({"line_item": alone(state, line)})),
        Err(refused) => refused,
    }
}

/// Adds the line that the body describes, by itself or by a product, and returns its id.
pub(super) fn add(state: &mut State, call: &Call, on: On) -> Result<i64, Reply> {
    let product = match integer(&call.body, "product_id") {
        Some(id) => Some(
            state
                .get(Table::Products, id)
                .ok_or_else(|| Reply::shaped(422, 2, "Product", "must exist"))?,
        ),
        None => None,
    };
    let position = state.belonging(Table::InvoiceLines, on.field(), on.id()).count() + 1;
    let mut line = blank(Table::InvoiceLines);
    line.insert("position".to_owned(), json!(position));
    if let Some(product) = product {
        line.extend(record(json!({
            "item": product.get("name"),
            "name": product.get("description"),
            "product_id": product.get("id"),
            "price": string(decimal(product, "price_retail").unwrap_or_default()),
            "cost": string(decimal(product, "price_cost").unwrap_or_default()),
            "taxable": product.get("taxable"),
            "upc_code": product.get("upc_code"),
        })));
    }
    line.extend(written(call));
    line.extend(flags(&call.body, &["taxable"]));
    if is_blank(&line, "item") {
        return Err(Reply::json(422, json!({"errors": "Item can't be blank"})));
    }
    line.insert(on.field().to_owned(), json!(on.id()));
    let id = state.add(Table::InvoiceLines, call.now, line);
    total(state, call.now, on);
    Ok(id)
}

/// `PUT /invoices/{id}/line_items/{id}`.
pub(super) fn update(state: &mut State, call: &Call, invoice: i64, line: i64) -> Reply {
    change(state, call, On::Invoice(invoice), line)
}

/// Changes a line; a `taxable` that is left out comes back to its default.
pub(super) fn change(state: &mut State, call: &Call, on: On, id: i64) -> Reply {
    if !is_own(state, on, id) {
        return Reply::not_found();
    }
    if on.is_paid(state) {
        return Reply::ok(json!({"message": "The invoice is paid already"}));
    }
    let mut fields = written(call);
    if fields.contains_key("item") && is_blank(&fields, "item") {
        return Reply::json(422, json!({"item": ["can't be blank"]}));
    }
    let taxed = truth(&call.body, "taxable").unwrap_or(true);
    fields.insert("taxable".to_owned(), Value::Bool(taxed));
    state.change(Table::InvoiceLines, id, call.now, fields);
    total(state, call.now, on);
    Reply::ok(json!({"line_item": alone(state, id)}))
}

/// `DELETE /invoices/{id}/line_items/{id}`: nothing is said.
pub(super) fn delete(state: &mut State, call: &Call, invoice: i64, id: i64) -> Reply {
    let on = On::Invoice(invoice);
    if !is_own(state, on, id) {
        return Reply::not_found();
    }
    if on.is_paid(state) {
        return Reply::ok(json!({"message": "The invoice is paid already"}));
    }
    remove(state, call.now, on, id);
    Reply::new(200, Body::Nothing)
}

/// Takes a line away, frees the ticket's line that it came from, and gives back its hours.
pub(super) fn remove(state: &mut State, now: Timestamp, on: On, id: i64) {
    let line = state.get(Table::InvoiceLines, id).cloned().unwrap_or_default();
    state.remove(Table::InvoiceLines, id);
    if truth(&line, "_covered") == Some(true) {
        super::invoices::give_back(state, now, on.id(), decimal(&line, "quantity"));
    }
    if let Some(taken) = integer(&line, "_ticket_line_item_id") {
        let left = state.belonging(Table::InvoiceLines, "_ticket_line_item_id", taken).next();
        if left.is_none() {
            let free = record(json!({"converted": false}));
            state.change(Table::Lines, taken, now, free);
        }
    }
    total(state, now, on);
}

/// Returns true when the line stands on this invoice or estimate.
pub(super) fn is_own(state: &State, on: On, line: i64) -> bool {
    let line = state.get(Table::InvoiceLines, line);
    line.is_some_and(|line| integer(line, on.field()) == Some(on.id()))
}

fn written(call: &Call) -> Record {
    let mut fields = given(Table::InvoiceLines, &call.body);
    for amount in ["price", "cost", "quantity", "discount_percent", "discount_dollars"] {
        if let Some(value) = decimal(&call.body, amount) {
            fields.insert(amount.to_owned(), string(value));
        }
    }
    if let Some(percent) = decimal(&call.body, "line_discount_percent") {
        fields.insert("discount_percent".to_owned(), string(percent));
    }
    if call.fault == Some(Kind::LostPrice) {
        fields.insert("price".to_owned(), string(Decimal::ZERO));
    }
    fields
}

/// Adds the lines up again, with the customer's tax on those that are taxable.
pub(super) fn total(state: &mut State, now: Timestamp, on: On) {
    let rate = state
        .get(on.table(), on.id())
        .and_then(|owner| integer(owner, "customer_id"))
        .and_then(|customer| state.get(Table::Customers, customer))
        .and_then(|customer| decimal(customer, "_tax_percent"))
        .unwrap_or_default();
    let amounts: Vec<(Decimal, bool)> = state
        .belonging(Table::InvoiceLines, on.field(), on.id())
        .map(|line| (amount(line), truth(line, "taxable") == Some(true)))
        .collect();
    let subtotal: Decimal = amounts.iter().map(|(amount, _)| amount).sum();
    let taxed: Decimal = amounts.iter().filter(|(_, taxed)| *taxed).map(|(amount, _)| amount).sum();
    let tax = cents(taxed * rate / Decimal::ONE_HUNDRED);
    let fields = record(json!({
        "subtotal": string(subtotal),
        "tax": string(tax),
        "total": string(subtotal + tax),
    }));
    state.change(on.table(), on.id(), now, fields);
    if let On::Invoice(id) = on {
        payments::settle(state, now, id);
    }
}

fn amount(line: &Record) -> Decimal {
    let get = |field: &str| decimal(line, field).unwrap_or_default();
    let whole = get("quantity").saturating_mul(get("price"));
    let percent = whole.saturating_mul(get("discount_percent")) / Decimal::ONE_HUNDRED;
    cents(whole.saturating_sub(percent.saturating_add(get("discount_dollars"))))
}
