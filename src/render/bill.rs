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
use crate::render::{sanitise, wrap};

/// Columns of a comment in the preview.
const COLUMNS: usize = 74;

/// Whether and to whom Syncro is asked to mail the comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mailing {
    /// There is no comment.
    None,
    /// Hidden from the customer.
    Private,
    /// The customer can see it, no mail is sent.
    Public,
    /// Mailed.
    To(String),
    /// To be mailed, but Syncro has no address or may not use it.
    NoAddress,
}

impl Mailing {
    /// The kind of comment, by the name that people use.
    #[must_use]
    pub fn says(&self) -> String {
        match self {
            Self::None => "no comment".to_owned(),
            Self::Private => "private: the customer cannot see it".to_owned(),
            Self::Public => "public, not mailed".to_owned(),
            Self::To(address) => format!("mailed to {address}"),
            Self::NoAddress => "public; Syncro has no address to mail it to, or may not".to_owned(),
        }
    }
}

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
    let mut out = String::new();
    let mut row = |label: &str, text: &str| {
        let text = sanitise::one_line(text);
        writeln!(out, "  {label:<10}{text}").unwrap_or_default();
    };
    let ticket = bill.ticket;
    row(
        "Ticket",
        &format!("#{} {} (id {})", ticket.number, ticket.subject, ticket.id),
    );
    row(
        "Customer",
        &format!("{} (id {})", bill.customer.name(), bill.customer.id),
    );
    row(
        "As",
        &format!("{} <{}>", bill.owner.user_name, bill.owner.user_email),
    );
    comment(&mut out, bill);
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

fn comment(out: &mut String, bill: &Bill<'_>) {
    let Some(comment) = bill.comment else { return };
    let kind = sanitise::one_line(&bill.mailing.says());
    writeln!(out, "\n  {:<10}{kind}", "Comment").unwrap_or_default();
    writeln!(out, "  | {}", sanitise::one_line(&comment.subject)).unwrap_or_default();
    writeln!(out, "  |").unwrap_or_default();
    // As the customer will see it.
    for line in comment.body.split("<br>") {
        // A width of its own, not the terminal's: the same facts must give the same text.
        let line = sanitise::one_line(line);
        if line.is_empty() {
            writeln!(out, "  |").unwrap_or_default();
        }
        for line in wrap::wrap(&line, Some(COLUMNS), 0) {
            writeln!(out, "  | {line}").unwrap_or_default();
        }
    }
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
        let amount: Decimal = bill.lines.iter().map(BilledLine::amount).sum();
        writeln!(
            out,
            "  {:<10}none; {} waits on the ticket",
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
        plural(expected.lines.len(), "line"),
    )
    .unwrap_or_default();
    if expected.balance > Decimal::ZERO {
        let after = expected.balance - expected.covered_hours;
        let text = format!(
            "{} h -> {} h if Syncro debits {} h; then {} is left to pay",
            expected.balance.normalize(),
            after.normalize(),
            expected.covered_hours.normalize(),
            money::display(expected.subtotal() - expected.covered_amount),
        );
        writeln!(out, "  {:<10}{text}", "Prepaid").unwrap_or_default();
    } else {
        writeln!(out, "  {:<10}none", "Prepaid").unwrap_or_default();
    }
}

/// What tax is added to: our taxable lines and those on the ticket.
fn taxable(bill: &Bill<'_>) -> Decimal {
    let ours = bill
        .lines
        .iter()
        .filter(|line| line.taxable)
        .map(BilledLine::amount);
    let there = bill
        .ticket
        .line_items
        .iter()
        .filter(|line| line.taxable && !line.converted)
        .filter_map(|line| line.amount());
    ours.chain(there).sum()
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
