//! The check of an invoice: what it must say, and what it does say. Tax is reported, never predicted; prepaid hours
//! may or may not have been debited by the server, and both are right if the numbers agree.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::expected::ExpectedInvoice;
use super::matched;
use super::money;
use super::told;
use crate::api::ids::ProductId;
use crate::api::resources::invoices::Invoice;

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As planned, with these hours debited from the prepaid block.
    Right(Decimal),
    /// It has no lines.
    Empty,
    /// It costs nothing, and no prepaid hours were taken for that.
    LostPrice,
    /// It says something else.
    Wrong(String),
}

/// Compares an invoice, read with its lines, and the prepaid balance after it with what was planned. Two outcomes are right:
/// the whole subtotal and the balance as it was, or so many hours less in the balance and their price off the subtotal.
#[must_use]
pub fn invoice(expected: &ExpectedInvoice, invoice: &Invoice, balance_after: Decimal) -> Verdict {
    let Some(subtotal) = invoice.subtotal else {
        return Verdict::Wrong("it shows no subtotal".to_owned());
    };
    if invoice.line_items.is_empty() && !expected.lines.is_empty() {
        let shown = money::display(subtotal);
        return match subtotal.is_zero() {
            true => Verdict::Empty,
            false => Verdict::Wrong(format!("it shows no lines, though its subtotal is {shown}")),
        };
    }
    let (expected, invoice) = match matched::with_products(expected, invoice) {
        Ok(both) => both,
        Err(difference) => return Verdict::Wrong(difference),
    };
    let (expected, invoice) = (&expected, &invoice);
    if let Some(difference) = other_lines(expected, invoice) {
        return Verdict::Wrong(difference);
    }
    let debited = expected.balance.saturating_sub(balance_after);
    let missing = expected.subtotal().saturating_sub(subtotal);
    // One cent a line: where the server rounds, and where it splits a line, is its own affair.
    let lines = expected.lines.len().max(invoice.line_items.len()).max(1);
    let cents = money::CENT.saturating_mul(Decimal::from(lines));
    let is_right = match expected.coverable(debited) {
        Some((least, most)) => {
            least.saturating_sub(cents) <= missing && missing <= most.saturating_add(cents)
        }
        None => debited.is_zero() && missing.abs() <= cents,
    };
    let otherwise = || told::otherwise(expected, invoice, subtotal, debited);
    match otherwise().or_else(|| other_total(invoice, subtotal)).filter(|_| is_right) {
        Some(difference) => return Verdict::Wrong(difference),
        None if is_right => return Verdict::Right(debited),
        None => {}
    }
    // Lines with prices came to nothing in another way, which no new price repairs.
    let has_price = |price: Option<Decimal>| price.is_some_and(|price| !price.is_zero());
    let has_prices = invoice.line_items.iter().any(|line| has_price(line.price));
    if subtotal.is_zero() && debited.is_zero() && !has_prices {
        return Verdict::LostPrice;
    }
    Verdict::Wrong(numbers(expected, subtotal, balance_after))
}

/// A total that is not subtotal and tax, which are both there, for people.
fn other_total(invoice: &Invoice, subtotal: Decimal) -> Option<String> {
    let (tax, total) = invoice.tax.zip(invoice.total)?;
    let sum = subtotal.saturating_add(tax);
    (sum.saturating_sub(total).abs() > money::CENT).then(|| {
        let (total, sum) = (money::display(total), money::display(sum));
        format!("its total is {total}, but subtotal and tax come to {sum}")
    })
}

/// What is wrong with subtotal and balance, for people.
fn numbers(expected: &ExpectedInvoice, subtotal: Decimal, balance_after: Decimal) -> String {
    let full = expected.subtotal();
    let (before, after) = (expected.balance.normalize(), balance_after.normalize());
    let amounts = format!(
        "its subtotal is {}, but {} was planned",
        money::display(subtotal),
        money::display(full)
    );
    match (before == after, subtotal < full) {
        (true, _) if before.is_zero() => amounts,
        (true, true) => format!(
            "{amounts}, but no prepaid hours were debited for the difference ({before} before and after): a price was lost"
        ),
        (true, false) => format!("{amounts}; prepaid hours are {before} before and after"),
        (false, _) => format!(
            "{amounts}, but prepaid hours went from {before} to {after}; the two do not match"
        ),
    }
}

/// The first product whose quantity is not the planned one. The server may split a line that a prepaid block covers
/// in part, so quantities are summed.
fn other_lines(expected: &ExpectedInvoice, invoice: &Invoice) -> Option<String> {
    let mut sums: BTreeMap<Option<ProductId>, (Decimal, Decimal)> = BTreeMap::new();
    for line in &expected.lines {
        let (planned, _) = sums.entry(line.product_id).or_default();
        *planned = planned.saturating_add(line.quantity);
    }
    for line in &invoice.line_items {
        let (_, found) = sums.entry(line.product_id).or_default();
        *found = found.saturating_add(line.quantity.unwrap_or_default());
    }
    let (product, (planned, found)) =
        sums.into_iter().find(|(_, (planned, found))| planned != found)?;
    let named = expected.lines.iter().find(|line| line.product_id == product);
    let what = named.map(|line| line.name.clone()).filter(|name| !name.is_empty());
    let what = what.or_else(|| Some(format!("product {}", product?))).unwrap_or_default();
    Some(format!(
        "its quantity of {what} is {}, but {} was planned",
        found.normalize(),
        planned.normalize()
    ))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
