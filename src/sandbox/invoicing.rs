//! From a ticket's lines to an invoice's: the prepaid block first, then the prices, then the tax.
//!
//! The block is debited by quantity. What it covers stands on the invoice at $0.00, and a line
//! that it covers in part becomes two. Making the invoice itself is left to `invoices.rs`.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::state::{State, Table};
use super::value::{Record, cents, decimal, integer, record, string, text, truth};

/// Treatment of the lines and their prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prices {
    /// As they stand on the ticket.
    Kept,
    /// All at $0.00, without a debit: a defect to be caught.
    Zero,
    /// Covered by the block, which is not debited: one more.
    Undebited,
    /// No lines are taken at all: another one.
    NoLines,
    /// As they stand, without a mark on the ticket's lines that they were taken.
    Unmarked,
}

/// One line of an invoice before it is stored.
struct Share<'a> {
    line: &'a Record,
    quantity: Decimal,
    price: Decimal,
    /// True when it was taken out of the block.
    covered: bool,
}

/// Takes the ticket's open lines onto the invoice and debits the customer's block.
pub(super) fn convert(
    state: &mut State,
    now: Timestamp,
    invoice: i64,
    customer: i64,
    ticket: i64,
    prices: Prices,
) {
    if prices == Prices::NoLines {
        return;
    }
    let open: Vec<Record> = state
        .belonging(Table::Lines, "ticket_id", ticket)
        .filter(|line| ["converted", "_taken"].iter().all(|mark| truth(line, mark) != Some(true)))
        .cloned()
        .collect();
    let balance = state
        .get(Table::Customers, customer)
        .and_then(|customer| decimal(customer, "prepay_hours"))
        .unwrap_or_default();
    let rate = state
        .get(Table::Customers, customer)
        .and_then(|customer| decimal(customer, "_tax_percent"))
        .unwrap_or_default();

    let mut left = balance;
    let mut shares = Vec::new();
    for line in &open {
        share(state, line, prices, &mut left, &mut shares);
    }
    let amount = |share: &Share<'_>| {
        let full = share.quantity * share.price;
        let percent = decimal(share.line, "line_discount_percent").unwrap_or_default();
        cents(full * (Decimal::ONE_HUNDRED - percent) / Decimal::ONE_HUNDRED)
    };
    let subtotal: Decimal = shares.iter().map(amount).sum();
    let taxed: Decimal =
        shares.iter().filter(|share| truth(share.line, "taxable") == Some(true)).map(amount).sum();
    let tax = cents(taxed * rate / Decimal::ONE_HUNDRED);

    let stored: Vec<Record> = shares
        .iter()
        .enumerate()
        .map(|(position, share)| invoice_line(invoice, position + 1, share))
        .collect();
    for line in stored {
        state.add(Table::InvoiceLines, now, line);
    }
    for id in open.iter().filter_map(|line| integer(line, "id")) {
        let mark = if prices == Prices::Unmarked { "_taken" } else { "converted" };
        state.change(Table::Lines, id, now, record(json!({ mark: true })));
    }
    if prices == Prices::Undebited {
        left = balance;
    }
    if left != balance {
        let fields = record(json!({"prepay_hours": string(left)}));
        state.change(Table::Customers, customer, now, fields);
    }
    let fields = record(json!({
        "subtotal": string(subtotal),
        "tax": string(tax),
        "total": string(subtotal + tax),
        "_debited": string(balance - left),
    }));
    state.change(Table::Invoices, invoice, now, fields);
}

/// Splits a line into what the block covers and what is left to pay.
fn share<'a>(
    state: &State,
    line: &'a Record,
    prices: Prices,
    left: &mut Decimal,
    shares: &mut Vec<Share<'a>>,
) {
    let quantity = decimal(line, "quantity").unwrap_or(Decimal::ONE);
    let price = match prices {
        Prices::Zero => Decimal::ZERO,
        _ => decimal(line, "price_retail").unwrap_or_default(),
    };
    let eligible = matches!(prices, Prices::Kept | Prices::Undebited | Prices::Unmarked)
        && state
            .named(Table::Products, line, "product_id")
            .and_then(|product| truth(product, "_prepaid"))
            == Some(true);
    let covered = if eligible && left.is_sign_positive() {
        quantity.max(Decimal::ZERO).min(*left)
    } else {
        Decimal::ZERO
    };
    *left -= covered;
    if !covered.is_zero() {
        shares.push(Share { line, quantity: covered, price: Decimal::ZERO, covered: true });
    }
    if covered.is_zero() || covered < quantity {
        shares.push(Share { line, quantity: quantity - covered, price, covered: false });
    }
}

fn invoice_line(invoice: i64, position: usize, share: &Share<'_>) -> Record {
    let line = share.line;
    let get = |field: &str| line.get(field).cloned().unwrap_or(Value::Null);
    record(json!({
        "item": text(line, "name"),
        "name": text(line, "description"),
        "product_id": get("product_id"),
        "quantity": string(share.quantity),
        "cost": string(decimal(line, "price_cost").unwrap_or_default()),
        "price": string(share.price),
        "discount_percent": get("line_discount_percent"),
        "taxable": get("taxable"),
        "upc_code": null,
        "tax_note": null,
        "wholesale": null,
        "invoice_bundle_id": null,
        "tax_rate_id": null,
        "user_id": get("user_id"),
        "position": position,
        "_invoice_id": invoice,
        "_ticket_line_item_id": get("id"),
        "_covered": share.covered,
    }))
}
