//! The line items of a ticket that no invoice has taken. Syncro marks those that one has; while the mark is missing it
//! proves nothing, so the lines of the ticket's own invoices are asked as well. Pure.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::api::Record;
use crate::api::ids::{LineItemId, Number};
use crate::api::resources::invoices::{Invoice, InvoiceLine};
use crate::api::resources::line_items::LineItem;
use crate::api::resources::tickets::Timer;
use crate::api::same;
use crate::billing::{money, quantity};

/// Lines without the mark that stand on an invoice all the same, each with the number of its invoice.
pub type Unmarked = BTreeMap<LineItemId, Number>;

/// A line of an invoice, and how much of it no line item has explained yet.
struct Part<'i> {
    invoice: &'i Invoice,
    line: &'i InvoiceLine,
    left: Decimal,
}

/// The lines of `invoices`, which were read with their lines, that the ticket's lines do not say they have. A line is on an
/// invoice where the same product, the same text and at least its quantity stand there, beyond what the marked lines have,
/// and the invoice is not older than the line.
#[must_use]
pub fn unmarked(lines: &[Record<LineItem>], invoices: &[Record<Invoice>]) -> Unmarked {
    let parts = invoices.iter().flat_map(|invoice| {
        let lines = invoice.view.line_items.iter();
        lines.map(|line| {
            let left = line.quantity.unwrap_or_default();
            Part { invoice: &invoice.view, line, left }
        })
    });
    let mut parts: Vec<Part<'_>> = parts.collect();
    let (marked, open): (Vec<_>, Vec<_>) = lines.iter().partition(|line| line.converted);
    for line in marked {
        take(&mut parts, line);
    }
    let found = open.into_iter().filter_map(|line| Some((line.id, take(&mut parts, line)?)));
    found.collect()
}

/// Whether no invoice has a line.
#[must_use]
pub fn is_open(line: &LineItem, unmarked: &Unmarked) -> bool {
    !line.converted && !unmarked.contains_key(&line.id)
}

/// Whether an invoice may have one of the lines without the mark, by its list entry: none that is younger.
#[must_use]
pub fn may_have(invoice: &Invoice, lines: &[Record<LineItem>]) -> bool {
    lines.iter().any(|line| !line.converted && !is_older(invoice, line))
}

/// Whether a line may be that of an entry which is charged and names none: by what is sold, and by its hours or its words.
#[must_use]
pub fn may_be_its(timer: &Timer, line: &LineItem) -> bool {
    let products = timer.product_id.zip(line.product_id);
    let time = timer.billable_seconds().zip(line.quantity);
    let is_as_long = time.is_none_or(|(seconds, own)| {
        let hours = quantity::hours(seconds);
        let exact = [hours, money::cents(hours)];
        exact.contains(&own) || quantity::rounded(seconds).contains(&own)
    });
    let (notes, words) = (same::text(&timer.notes), same::text(&line.description));
    timer.is_charged()
        && timer.ticket_line_item_id.is_none()
        && products.is_none_or(|(timed, sold)| timed == sold)
        && (is_as_long || !notes.is_empty() && notes == words)
}

/// Whether an invoice was made before a line was added.
fn is_older(invoice: &Invoice, line: &LineItem) -> bool {
    invoice.created_at.zip(line.created_at).is_some_and(|(made, added)| made < added)
}

/// Takes the quantity of a line out of the parts, if it is in them, and says on which invoice it stands. A block that covers
/// a line in part makes two of it.
fn take(parts: &mut [Part<'_>], line: &LineItem) -> Option<Number> {
    let wanted = line.quantity.filter(|quantity| *quantity > Decimal::ZERO)?;
    let mut fitting: Vec<&mut Part<'_>> =
        parts.iter_mut().filter(|part| part.left > Decimal::ZERO && part.fits(line)).collect();
    let there = fitting.iter().fold(Decimal::ZERO, |sum, part| sum.saturating_add(part.left));
    let number = fitting.first().map(|part| part.invoice.number.clone())?;
    let mut left = wanted;
    if there < wanted {
        return None;
    }
    for part in &mut fitting {
        let taken = part.left.min(left);
        part.left -= taken;
        left -= taken;
    }
    Some(number)
}

impl Part<'_> {
    fn fits(&self, line: &LineItem) -> bool {
        let is_same_product = match (self.line.product_id, line.product_id) {
            (Some(one), Some(other)) => one == other,
            _ => words(&self.line.item) == words(&line.name),
        };
        is_same_product
            && words(&self.line.name) == words(&line.description)
            && !is_older(self.invoice, line)
    }
}

/// The words of a text, however they are set.
fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn line(id: u64, quantity: &str, converted: bool, more: &Value) -> Record<LineItem> {
        let mut line = json!({
            "id": id, "name": "Remote", "description": "Spool emptied", "quantity": quantity,
            "product_id": 5, "converted": converted, "created_at": "2026-03-17T12:00:00Z",
        });
        for (name, value) in more.as_object().unwrap() {
            line[name] = value.clone();
        }
        Record::read(line).unwrap()
    }

    fn invoice(quantities: &[&str], made: &str) -> Record<Invoice> {
        let lines = quantities.iter().map(|quantity| {
            json!({"item": "Remote", "name": "Spool  emptied", "product_id": 5, "quantity": quantity})
        });
        let lines: Vec<Value> = lines.collect();
        let invoice = json!({"id": 9, "number": "77", "line_items": lines, "created_at": made});
        Record::read(invoice).unwrap()
    }

    #[test]
    fn a_line_is_on_an_invoice_only_where_that_is_proved() {
        const LATER: &str = "2026-03-17T13:00:00Z";
        const EARLIER: &str = "2026-03-17T11:00:00Z";
        let open = |more: Value| line(1, "0.5", false, &more);
        let none = || json!({});
        for (lines, invoices, found) in [
            (vec![open(none())], vec![invoice(&["0.5"], LATER)], &[1][..]),
            // In part covered by a block, and so in two parts.
            (vec![open(none())], vec![invoice(&["0.2", "0.30"], LATER)], &[1]),
            (vec![open(none())], vec![], &[]),
            (vec![open(none())], vec![invoice(&["0.4"], LATER)], &[]),
            (vec![open(none())], vec![invoice(&["0.5"], EARLIER)], &[]),
            (vec![open(json!({"description": "Printed"}))], vec![invoice(&["0.5"], LATER)], &[]),
            (vec![open(json!({"product_id": 6}))], vec![invoice(&["0.5"], LATER)], &[]),
            (vec![open(json!({"product_id": null}))], vec![invoice(&["0.5"], LATER)], &[1]),
            (vec![open(json!({"quantity": null}))], vec![invoice(&["0.5"], LATER)], &[]),
            // The marked line is the one that is on it, whichever comes first.
            (
                vec![open(none()), line(2, "0.5", true, &none())],
                vec![invoice(&["0.5"], LATER)],
                &[],
            ),
            (
                vec![open(none()), line(2, "0.5", false, &none())],
                vec![invoice(&["0.5"], LATER)],
                &[1],
            ),
        ] {
            let unmarked = unmarked(&lines, &invoices);
            let ids: Vec<u64> = unmarked.keys().map(|id| id.0).collect();
            assert_eq!(ids, found, "{lines:?} {invoices:?}");
        }
    }
}
