//! The preview of a bill: everything that will be written and what the customer will see of it, as text. The same
//! facts give the same text, by which a second gathering is compared.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use crate::api::resources::comments::NewComment;
use crate::api::resources::customers::Customer;
use crate::api::resources::tickets::Ticket;
use crate::api::resources::users::Me;
use crate::billing::check::ExpectedInvoice;
use crate::billing::labor::{BilledLine, RateSource};
use crate::billing::money;
use crate::config::Unit;
use crate::render::preview::{Mailing, Sheet};
use crate::render::sanitise;
use crate::render::sheet::count;

/// What the preview shows.
#[derive(Debug)]
pub struct Bill<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// Whose it is.
    pub customer: &'a Customer,
    /// In whose name it is all done.
    pub owner: &'a Me,
    /// The comment, as sent.
    pub comment: Option<&'a NewComment>,
    /// Who gets it.
    pub mailing: Mailing,
    /// Which model drafted it, and whether a person changed it.
    pub drafted: Option<&'a str>,
    /// The lines to be made.
    pub lines: &'a [BilledLine],
    /// What the invoice must say: lines that are there already included.
    pub expected: &'a ExpectedInvoice,
    /// Whether an invoice is made.
    pub invoice: bool,
    /// The status afterwards, if it changes.
    pub status: Option<&'a str>,
    /// What the guards found.
    pub notices: &'a [&'a str],
}

/// The preview.
#[must_use]
pub fn text(bill: &Bill<'_>) -> String {
    let ticket = bill.ticket;
    let mut sheet = Sheet::default().ticket(ticket).customer(bill.customer).by(bill.owner);
    if let Some(comment) = bill.comment {
        sheet = sheet.comment(comment, &bill.mailing);
        if let Some(drafted) = bill.drafted {
            sheet = sheet.line(drafted);
        }
    }
    let mut out = sheet.text();
    lines(&mut out, bill);
    totals(&mut out, bill);
    if let Some(status) = bill.status {
        let text = sanitise::one_line(&format!("{} -> {status}", ticket.status));
        writeln!(out, "  {:<10}{text}", "Status").unwrap_or_default();
    }
    for notice in bill.notices {
        writeln!(out, "  ! {}", sanitise::one_line(notice)).unwrap_or_default();
    }
    out
}

fn lines(out: &mut String, bill: &Bill<'_>) {
    writeln!(out, "\n  Lines").unwrap_or_default();
    let there = bill.expected.lines.len() - bill.lines.len().min(bill.expected.lines.len());
    for line in &bill.expected.lines[..there] {
        let text = format!(
            "{} x {} @ {} = {}  (already on the ticket)",
            line.quantity.normalize(),
            line.name,
            money::display(line.price),
            money::display(line.amount())
        );
        writeln!(out, "    {}", sanitise::one_line(&text)).unwrap_or_default();
    }
    for line in bill.lines {
        let unit = match line.unit {
            Unit::Hour => " h",
            Unit::Each => "",
        };
        let source = match line.source {
            RateSource::Pinned => "pinned rate",
            RateSource::Product => "the product's price",
        };
        let text = format!(
            "{}{unit} x {} @ {} = {}  ({source}{})",
            line.quantity.normalize(),
            line.name,
            money::display(line.rate),
            money::display(line.amount()),
            if line.taxable { ", taxable" } else { "" }
        );
        writeln!(out, "  + {}", sanitise::one_line(&text)).unwrap_or_default();
        writeln!(out, "      \"{}\"", sanitise::one_line(&line.description)).unwrap_or_default();
        if let Some(note) = &line.note {
            writeln!(out, "      {}", sanitise::one_line(note)).unwrap_or_default();
        }
    }
}

fn totals(out: &mut String, bill: &Bill<'_>) {
    let expected = bill.expected;
    if !bill.invoice {
        let amount = money::sum(bill.lines.iter().map(BilledLine::amount));
        writeln!(
            out,
            "  {:<10}none; {} stays uninvoiced on the ticket",
            "Invoice",
            money::display(amount)
        )
        .unwrap_or_default();
        return;
    }
    let taxable = taxable(bill);
    let tax = if taxable.is_zero() {
        "no tax".to_owned()
    } else {
        format!("tax: set by Syncro on {} taxable", money::display(taxable))
    };
    writeln!(
        out,
        "  {:<10}{} ({}), {tax}",
        "Subtotal",
        money::display(expected.subtotal()),
        count(expected.lines.len(), "line"),
    )
    .unwrap_or_default();
    if expected.balance > Decimal::ZERO {
        let after = expected.balance.saturating_sub(expected.covered_hours);
        let text = format!(
            "{} h -> {} h if Syncro debits {} h; then {} left to pay",
            expected.balance.normalize(),
            after.normalize(),
            expected.covered_hours.normalize(),
            money::display(expected.subtotal().saturating_sub(expected.covered_amount)),
        );
        writeln!(out, "  {:<10}{text}", "Prepaid").unwrap_or_default();
    } else {
        writeln!(out, "  {:<10}none", "Prepaid").unwrap_or_default();
    }
}

/// What tax is added to: our taxable lines and those on the ticket.
fn taxable(bill: &Bill<'_>) -> Decimal {
    let ours = bill.lines.iter().filter(|line| line.taxable).map(BilledLine::amount);
    let there = bill
        .ticket
        .line_items
        .iter()
        .filter(|line| line.taxable && !line.converted)
        .filter_map(|line| line.amount());
    money::sum(ours.chain(there))
}
