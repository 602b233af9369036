//! Invoices: as rows, and one on a page with its lines, amounts and payments.

use std::fmt::Write as _;

use anstyle::Style;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::list::{Rows, Shape, Sum};
use super::sheet::{Sheet, dollars, plain_decimal, said, taxed};
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, GOOD, Look, Table, payment, sanitise, when};
use crate::api::Record;
use crate::api::fields::Said;
use crate::api::resources::invoices::{Invoice, InvoiceLine};
use crate::billing::balance::{self, Left, Standing};
use crate::billing::discount::Discount;
use crate::billing::money;

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "invoice list",
    one: "invoice",
    several: "invoices",
    columns: &[
        Column::id("Number").of("number"),
        Column::date("Date").good_to_know().of("date"),
        Column::name("Customer").of("customer_business_then_name"),
        Column::figures("Total").of("total"),
        Column::text("State").stays().made("state"),
        Column::date("Due").before_text().of("due_date"),
        Column::figures("Open").like_text().made("open"),
    ],
};

/// Invoices, one line each, and what they come to.
#[must_use]
pub fn list(invoices: &[Record<Invoice>], look: &Look) -> Rows {
    Rows::from(rows(invoices, look)).summed(Some(sums(invoices, look)))
}

/// What they come to, and what of it is open. What a credit gives back is in neither, and said besides.
pub(super) fn sums(invoices: &[Record<Invoice>], look: &Look) -> String {
    let (credits, owing): (Vec<_>, Vec<_>) = invoices.iter().partition(|one| one.is_credit());
    let sum = |of: &[&Record<Invoice>]| Sum::of(of.iter().map(|invoice| invoice.total));
    let sums = [("in total", sum(&owing)), ("open", owed(invoices, look))];
    let sums: Vec<String> = sums.iter().map(|(what, sum)| sum.says(what)).collect();
    let sums = sums.join(", ");
    match credits.as_slice() {
        [] => sums,
        _ => {
            let credits = Sum::of(credits.iter().map(|one| one.total.map(|total| total.abs())));
            format!("{sums}; {} besides", credits.says("in credits"))
        }
    }
}

/// What is open on invoices; drafts and credits owe nothing.
#[must_use]
fn owed(invoices: &[Record<Invoice>], look: &Look) -> Sum {
    let owed = invoices.iter().filter(|one| is_owed(one, look));
    let left: Vec<Option<Left>> = owed.map(|one| balance::left(one)).collect();
    let is_marked = invoices.iter().any(|one| one.is_marked_alone());
    let is_at_most = is_marked || left.iter().flatten().any(|left| left.is_at_most);
    Sum::of(left.iter().map(|left| left.map(|left| left.amount))).at_most(is_at_most)
}

fn is_owed(invoice: &Invoice, look: &Look) -> bool {
    let today = look.now.to_zoned(look.zone.clone()).date();
    let standing = Standing::of(invoice, today);
    matches!(standing, Standing::Unpaid | Standing::Overdue | Standing::MarkedPaid)
}

/// Invoices, one line each.
#[must_use]
pub fn rows(invoices: &[Record<Invoice>], look: &Look) -> Table {
    let mut table = LIST.table();
    for invoice in invoices {
        let (state, style) = state(invoice, look);
        table.row([
            Cell::styled(&format!("#{}", invoice.number), BOLD),
            Cell::from(day(invoice, "date", invoice.date)),
            Cell::from(&invoice.customer_business_then_name),
            Cell::from(total(invoice)),
            Cell::styled(&paid(invoice, state.to_owned()), style),
            match [Standing::Paid, Standing::Credit].map(Standing::name).contains(&state) {
                true => Cell::default(),
                false => Cell::from(day(invoice, "due_date", invoice.due_date)),
            },
            open(invoice, look),
        ]);
    }
    table
}

/// One of its days; as it came, where it cannot be understood.
fn day(invoice: &Invoice, field: &str, date: Option<Date>) -> String {
    said(&invoice.unreadable, field, date.map_or_else(String::new, when::day))
}

/// What is owed of it: nothing where it is nothing, and a question mark where nobody can tell.
fn open(invoice: &Invoice, look: &Look) -> Cell {
    match balance::certain(invoice) {
        _ if !is_owed(invoice, look) => Cell::default(),
        None => Cell::from("?"),
        Some(open) if open.is_zero() => Cell::default(),
        Some(open) => Cell::from(money::display(open)).valued(Some(money::plain(open))),
    }
}

/// What it comes to; as it came, where it cannot be understood.
#[must_use]
pub fn total(invoice: &Invoice) -> String {
    said(&invoice.unreadable, "total", dollars(invoice.total))
}

/// Paid or not, or not and late; or money that is given back.
pub(super) fn state(invoice: &Invoice, look: &Look) -> (&'static str, Style) {
    let standing = Standing::of(invoice, look.now.to_zoned(look.zone.clone()).date());
    let style = match standing {
        Standing::Paid | Standing::Credit => GOOD,
        Standing::Overdue => BAD,
        Standing::Draft | Standing::Overpaid | Standing::Unpaid | Standing::MarkedPaid => ATTENTION,
    };
    (standing.name(), style)
}

/// The same with what is open of it; as it came, where it cannot be understood.
pub(super) fn stands(invoice: &Invoice, look: &Look) -> String {
    paid(invoice, format!("{}{}", state(invoice, look).0, rest(invoice)))
}

/// What is said where nobody can tell.
const UNKNOWN: &str = "what is open is not known";

/// What is open of an unpaid invoice, where that is less than all of it, or may be: ", $70.00 open"; or what was paid too much. Of
/// one in a list, which names no payments, the bound is not said.
#[must_use]
pub fn rest(invoice: &Invoice) -> String {
    match invoice.due_though_paid() {
        Said::Clear(due) => return format!(", {} open", money::display(due)),
        Said::Unreadable => return format!(", {UNKNOWN}"),
        Said::Nothing => {}
    }
    let owes = invoice.total.is_some_and(|total| total > Decimal::ZERO);
    if let Some(over) = balance::over(invoice).filter(|_| !invoice.is_paid) {
        return format!(", {} too much", money::display(over));
    }
    let may_be_less = |left: Left| left.is_at_most && !balance::lacks_payments(invoice);
    match balance::left(invoice) {
        Some(left)
            if owes
                && !invoice.is_paid
                && (Some(left.amount) != invoice.total || may_be_less(left)) =>
        {
            format!(", {left} open")
        }
        None if !invoice.is_paid => format!(", {UNKNOWN}"),
        _ => String::new(),
    }
}

/// That it is paid, where it says so; and that it says something else, too.
#[must_use]
pub fn marked(invoice: &Invoice) -> Option<String> {
    let marked = Standing::MarkedPaid.name();
    let says = || match invoice.due_though_paid() {
        Said::Nothing => Standing::Paid.name().to_owned(),
        Said::Clear(due) => format!("{marked}, but {} is open", money::display(due)),
        Said::Unreadable => format!("{marked}, but {UNKNOWN}"),
    };
    invoice.is_paid.then(says)
}

/// Whether it is paid, as far as that is understood.
fn paid(invoice: &Invoice, shown: String) -> String {
    said(&invoice.unreadable, "is_paid", shown)
}

/// One invoice, from its own page; `ticket` is its ticket in a line, where there is one.
#[must_use]
pub fn page(invoice: &Record<Invoice>, ticket: Option<&str>, look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    let (state, style) = state(invoice, look);
    let number = format!("Invoice #{}", sanitise::one_line(&invoice.number.0));
    let head = [
        look.paint(BOLD, &number),
        look.paint(style, &paid(invoice, state.to_owned())),
        look.paint(BOLD, &total(invoice)),
    ];
    sheet.line(&head.join("  "));
    sheet.customer(&invoice.customer_business_then_name, invoice.customer_id);
    sheet.said("Ticket", ticket.unwrap_or_default());
    sheet.field("Date", &day(invoice, "date", invoice.date));
    sheet.field("Due", &day(invoice, "due_date", invoice.due_date));
    sheet.moment("Created", invoice.created_at);
    sheet.said("PO number", &invoice.po_number);
    sheet.field("Id", &invoice.id.to_string());
    sheet.address();
    lines(&mut sheet, invoice);
    amounts(&mut sheet, invoice);
    payments(&mut sheet, invoice);
    sheet.text("Note", &invoice.note);
    sheet.out()
}

fn lines(sheet: &mut Sheet<'_>, invoice: &Invoice) {
    let lines = &invoice.line_items;
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
    for (place, line) in lines.iter().enumerate() {
        let item = match (line.item.trim(), line.name.trim()) {
            (item, "") => item.to_owned(),
            ("", name) => name.to_owned(),
            (item, name) if item == name => item.to_owned(),
            (item, name) => format!("{item}: {name}"),
        };
        let less = Discount::told(line.discount());
        let quantity = line.quantity.map_or_else(|| "?".to_owned(), plain_decimal);
        let field = |name: &str, shown: String| {
            said(&invoice.unreadable, &format!("line_items[{place}].{name}"), shown)
        };
        table.row([
            Cell::from(field("quantity", quantity)),
            Cell::from(format!("{}{less}", field("price", dollars(line.price)))),
            Cell::from(dollars(line.amount())),
            Cell::from(field("taxable", taxed(line.taxable).to_owned())),
            Cell::from(item),
        ]);
    }
    sheet.table(&table);
}

fn amounts(sheet: &mut Sheet<'_>, invoice: &Invoice) {
    sheet.heading("Amounts");
    for (label, name, amount) in [
        ("  Subtotal", "subtotal", invoice.subtotal),
        ("  Tax", "tax", invoice.tax),
        ("  Total", "total", invoice.total),
    ] {
        sheet.field(label, &said(&invoice.unreadable, name, dollars(amount)));
    }
    if let Some(text) = unexplained(invoice) {
        sheet.field("  Lines", &text);
    }
    sheet.field("  State", &paid(invoice, amounts_state(invoice)));
}

/// How it stands, with what has come in.
fn amounts_state(invoice: &Invoice) -> String {
    let is_credit = invoice.total.is_some_and(|total| total < Decimal::ZERO);
    let state = match invoice.is_draft() {
        _ if is_credit => Standing::Credit,
        _ if invoice.is_marked_alone() => Standing::MarkedPaid,
        _ if invoice.is_paid => return Standing::Paid.name().to_owned(),
        true => Standing::Draft,
        false if balance::over(invoice).is_some() => Standing::Overpaid,
        false => Standing::Unpaid,
    };
    let mut text = state.name().to_owned();
    match (invoice.total, balance::left(invoice)) {
        (Some(total), Some(left)) if left.amount != total && !is_credit => {
            let received = money::display(total.saturating_sub(left.amount));
            let rest = match balance::over(invoice) {
                Some(over) => format!("{} too much", money::display(over)),
                None => format!("{left} due"),
            };
            // Writing to a string cannot fail.
            let _ = write!(text, "; {received} received, {rest}");
        }
        (Some(_), Some(left))
            if (left.is_at_most || state == Standing::MarkedPaid) && !is_credit =>
        {
            let _ = write!(text, "; {left} due");
        }
        (_, None) => text.push_str("; the open amount is unclear"),
        _ => {}
    }
    let left_out = [
        (balance::lacks_payments(invoice), "payments, which it does not show"),
        (balance::rests_on_shared(invoice), "payments shared with other invoices"),
        (balance::has_unread(invoice), "payments that cannot be read"),
    ];
    let left_out = left_out.iter().filter(|(is_so, _)| *is_so).map(|(_, what)| *what);
    let left_out: Vec<&str> = left_out.collect();
    if !left_out.is_empty() {
        let _ = write!(text, "; without {}", left_out.join(" and "));
    }
    text
}

/// What the lines come to, where the subtotal says something else.
fn unexplained(invoice: &Invoice) -> Option<String> {
    let amounts = invoice.line_items.iter().map(InvoiceLine::amount);
    let sum = money::sum(amounts.collect::<Option<Vec<_>>>()?);
    let cents = money::CENT.saturating_mul(Decimal::from(invoice.line_items.len()));
    let is_other = sum.saturating_sub(invoice.subtotal?).abs() > cents;
    (is_other && !invoice.line_items.is_empty())
        .then(|| format!("{}, not the subtotal: check the discounts", money::display(sum)))
}

fn payments(sheet: &mut Sheet<'_>, invoice: &Invoice) {
    let payments = invoice.received();
    if payments.is_empty() {
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
    for paid in &payments {
        table.row([
            Cell::from(payment::amount(paid)),
            Cell::from(payment::moment(paid, sheet.look)),
            Cell::from(&paid.payment_method),
            match payment::state(paid) {
                (_, style) if paid.success == Some(true) || style == Style::new() => {
                    Cell::from(&paid.ref_num)
                }
                (state, style) => Cell::styled(&state, style),
            },
            Cell::styled(&paid.id.map_or_else(String::new, |id| id.to_string()), DIM),
        ]);
    }
    sheet.table(&table);
}
