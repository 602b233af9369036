//! Invoices: as rows, and one on a page with its lines, amounts and payments.

use std::fmt::Write as _;

use anstyle::Style;
use rust_decimal::Decimal;

use super::sheet::{Sheet, dollars, plain_decimal, taxed};
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, GOOD, Look, Table, payment, sanitise, when};
use crate::api::request::Record;
use crate::api::resources::invoices::{Invoice, InvoiceLine};
use crate::api::resources::payments::Payment;
use crate::billing::money;

/// Invoices, one line each.
#[must_use]
pub fn rows(invoices: &[Record<Invoice>], look: &Look) -> String {
    let mut table = Table::new([
        Column::id("Number"),
        Column::date("Date"),
        Column::elastic("Customer"),
        Column::figures("Total"),
        Column::text("State"),
        Column::date("Due"),
    ]);
    for invoice in invoices {
        let (state, style) = state(invoice, look);
        let day = |date| Cell::from(Option::map_or(date, String::new(), when::day));
        table.row([
            Cell::styled(&format!("#{}", invoice.number), BOLD),
            day(invoice.date),
            Cell::from(&invoice.customer_business_then_name),
            Cell::from(dollars(invoice.total)),
            Cell::styled(state, style),
            match invoice.is_paid {
                true => Cell::default(),
                false => day(invoice.due_date),
            },
        ]);
    }
    table.render(look.width, look.colour)
}

/// Paid or not, or not and late.
fn state(invoice: &Invoice, look: &Look) -> (&'static str, Style) {
    let today = look.now.to_zoned(look.zone.clone()).date();
    match invoice.due_date {
        _ if invoice.is_paid => ("paid", GOOD),
        Some(due) if due < today => ("overdue", BAD),
        _ => ("unpaid", ATTENTION),
    }
}

/// One invoice, from its own page; `ticket` is its ticket in a line, where there is one.
#[must_use]
pub fn page(invoice: &Record<Invoice>, ticket: Option<&str>, look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    let (state, style) = state(invoice, look);
    let number = format!("Invoice #{}", sanitise::one_line(&invoice.number.0));
    let head = [
        look.paint(BOLD, &number),
        look.paint(style, state),
        look.paint(BOLD, &dollars(invoice.total)),
    ];
    sheet.line(&head.join("  "));
    sheet.customer(&invoice.customer_business_then_name, invoice.customer_id);
    sheet.said("Ticket", ticket.unwrap_or_default());
    for (label, date) in [("Date", invoice.date), ("Due", invoice.due_date)] {
        sheet.field(label, &date.map_or_else(String::new, when::day));
    }
    sheet.moment("Created", invoice.created_at);
    sheet.said("PO number", &invoice.po_number);
    sheet.field("Id", &invoice.id.to_string());
    lines(&mut sheet, &invoice.line_items);
    amounts(&mut sheet, invoice);
    payments(&mut sheet, invoice);
    sheet.text("Note", &invoice.note);
    sheet.out()
}

fn lines(sheet: &mut Sheet<'_>, lines: &[InvoiceLine]) {
    if lines.is_empty() {
        sheet.heading("No lines");
        return;
    }
    sheet.heading("Lines");
    let mut table = Table::new([
        Column::figures("Qty"),
        Column::figures("Price"),
        Column::figures("Amount"),
        Column::text("Tax"),
        Column::elastic("Item"),
    ]);
    for line in lines {
        let item = match (line.item.trim(), line.name.trim()) {
            (item, "") => item.to_owned(),
            ("", name) => name.to_owned(),
            (item, name) if item == name => item.to_owned(),
            (item, name) => format!("{item}: {name}"),
        };
        table.row([
            Cell::from(line.quantity.map_or_else(|| "?".to_owned(), plain_decimal)),
            Cell::from(dollars(line.price)),
            Cell::from(dollars(line.amount())),
            Cell::from(taxed(line.taxable)),
            Cell::from(item),
        ]);
    }
    sheet.table(&table);
}

fn amounts(sheet: &mut Sheet<'_>, invoice: &Invoice) {
    sheet.heading("Amounts");
    for (label, amount) in
        [("  Subtotal", invoice.subtotal), ("  Tax", invoice.tax), ("  Total", invoice.total)]
    {
        sheet.field(label, &dollars(amount));
    }
    let state = match (invoice.is_paid, received(&invoice.received())) {
        (true, _) => "paid".to_owned(),
        (false, Some(received)) if !received.is_zero() => {
            let mut text = format!("unpaid; {} received", money::display(received));
            if let Some(total) = invoice.total {
                // Writing to a string cannot fail.
                let _ = write!(text, ", {} due", money::display(total - received));
            }
            text
        }
        _ => "unpaid".to_owned(),
    };
    sheet.field("  State", &state);
}

/// What has come in; nothing when an amount is not known.
fn received(payments: &[Payment]) -> Option<Decimal> {
    let counts = |payment: &&Payment| payment.success != Some(false);
    let amounts = payments.iter().filter(counts);
    amounts.map(Payment::dollars).collect::<Option<Vec<_>>>().map(money::sum)
}

fn payments(sheet: &mut Sheet<'_>, invoice: &Invoice) {
    if invoice.payments.is_empty() {
        return;
    }
    sheet.heading("Payments");
    let mut table = Table::new([
        Column::figures("Amount"),
        Column::date("Date"),
        Column::text("Method"),
        Column::text("Reference"),
        Column::id("Id"),
    ]);
    for paid in &invoice.received() {
        table.row([
            Cell::from(dollars(paid.dollars())),
            Cell::from(payment::moment(paid, sheet.look)),
            Cell::from(&paid.payment_method),
            match paid.success {
                Some(false) => Cell::styled("failed", BAD),
                _ => Cell::from(&paid.ref_num),
            },
            Cell::styled(&paid.id.map_or_else(String::new, |id| id.to_string()), DIM),
        ]);
    }
    sheet.table(&table);
}
