//! Payments: as rows, and one on a page with the invoices that it pays.

use anstyle::Style;

use super::list::{Rows, Shape, Sum};
use super::sheet::{Sheet, dollars, joined, said};
use super::{ATTENTION, BAD, BOLD, Cell, Column, GOOD, Look, Table, sanitise, when};
use crate::api::Record;
use crate::api::resources::payments::Payment;

/// When it counts from: a day, or a moment in the look's zone.
pub(super) fn moment(payment: &Payment, look: &Look) -> String {
    match payment.day_alone() {
        Some(day) => when::day(day),
        None if payment.is_undated() => format!("\"{}\"", sanitise::one_line(&payment.applied_at)),
        None => payment.at().map_or_else(String::new, |at| when::at(at, &look.zone)),
    }
}

/// How much, as far as that is understood.
pub(super) fn amount(payment: &Payment) -> String {
    let shown = said(&payment.unreadable, "amount", dollars(payment.dollars()));
    said(&payment.unreadable, "payment_amount", shown)
}

/// Whether it went through; as it came, where that cannot be understood.
pub(super) fn state(payment: &Payment) -> (String, Style) {
    let (state, style) = match payment.success {
        Some(true) => ("ok", GOOD),
        Some(false) => ("failed", BAD),
        None if payment.unreadable.raw("success").is_some() => ("", ATTENTION),
        None => ("", Style::new()),
    };
    (said(&payment.unreadable, "success", state.to_owned()), style)
}

fn customer(payment: &Payment) -> &str {
    let customer = payment.customer.as_ref();
    customer.map_or("", |customer| customer.name())
}

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "payment list",
    one: "payment",
    several: "payments",
    columns: &[
        Column::id("Id").of("id"),
        Column::date("Date").of("applied_at"),
        Column::figures("Amount").of("payment_amount"),
        Column::text("State").stays().of("success"),
        Column::text("Method").good_to_know().of("payment_method"),
        Column::name("Customer").of("customer.business_then_name"),
        Column::name("Reference").of("ref_num"),
    ],
};

/// Payments, one line each, and what came in with them.
#[must_use]
pub fn list(payments: &[Record<Payment>], look: &Look) -> Rows {
    let failed = payments.iter().filter(|one| !one.counts()).count();
    let received = payments.iter().filter(|one| one.counts());
    let mut sums = Sum::of(received.map(|one| one.received())).says("received");
    if failed > 0 {
        sums.push_str(&format!(", {failed} failed"));
    }
    Rows::from(rows(payments, look)).summed(Some(sums))
}

fn rows(payments: &[Record<Payment>], look: &Look) -> Table {
    let mut table = LIST.table();
    for payment in payments {
        let (state, style) = state(payment);
        table.row([
            Cell::styled(&payment.id.map_or_else(String::new, |id| id.to_string()), BOLD),
            Cell::from(moment(payment, look)),
            Cell::from(amount(payment)),
            Cell::styled(&state, style),
            Cell::from(&payment.payment_method),
            Cell::from(customer(payment)),
            Cell::from(&payment.ref_num),
        ]);
    }
    table
}

/// One payment; `invoices` are those that it pays, each in a line.
#[must_use]
pub fn page(payment: &Record<Payment>, invoices: &[String], look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    let (state, style) = state(payment);
    let amount = amount(payment);
    let head = [look.paint(BOLD, &format!("Payment {amount}")), look.paint(style, &state)];
    sheet.line(head.join("  ").trim_end());
    sheet.customer(customer(payment), payment.customer());
    sheet.field("Date", &moment(payment, look));
    sheet.field("Method", &joined(&[&payment.payment_method, &payment.ref_num]));
    sheet.said("Response", &payment.transaction_response);
    if let Some(entered) = payment.created_at {
        sheet.field("Created", &when::at_in_zone(entered, &look.zone));
    }
    for (at, invoice) in invoices.iter().enumerate() {
        sheet.said(if at == 0 { "Invoice" } else { "" }, invoice);
    }
    if let Some(id) = payment.id {
        sheet.field("Id", &id.to_string());
    }
    sheet.out()
}
