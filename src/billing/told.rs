//! What the lines of an invoice tell of a prepaid block, beside its subtotal: which of them it covers, and whether it may.
//! An amount that was lost can look like hours of another line that were covered; the lines tell them apart. Pure.

use rust_decimal::Decimal;

use super::expected::{ExpectedInvoice, ExpectedLine};
use super::money;
use crate::api::ids::ProductId;
use crate::api::resources::invoices::Invoice;

/// A line of the invoice.
struct Told {
    product: ProductId,
    quantity: Decimal,
    amount: Decimal,
    /// Whether one of it costs nothing.
    is_free: bool,
}

/// What the lines say that the subtotal and the balance do not, for people. Nothing as well where they do not tell: without
/// products or amounts, or where they do not come to the subtotal.
pub(super) fn otherwise(
    expected: &ExpectedInvoice,
    invoice: &Invoice,
    subtotal: Decimal,
    debited: Decimal,
) -> Option<String> {
    let lines = invoice.line_items.iter().map(|line| {
        let (product, amount) = line.product_id.zip(line.amount())?;
        let is_free = line.price.is_some_and(|price| price.is_zero());
        Some(Told { product, quantity: line.quantity.unwrap_or_default(), amount, is_free })
    });
    let told: Vec<Told> = lines.collect::<Option<_>>()?;
    let sum = money::sum(told.iter().map(|line| line.amount));
    (sum.saturating_sub(subtotal).abs() <= cents(told.len())).then_some(())?;
    other_amount(expected, &told, debited).or_else(|| other_hours(expected, &told, debited))
}

fn cents(lines: usize) -> Decimal {
    money::CENT.saturating_mul(Decimal::from(lines.max(1)))
}

/// The first line that a block does not cover, and whose product does not come to its amount: where nothing was debited, it
/// covers none.
fn other_amount(expected: &ExpectedInvoice, told: &[Told], debited: Decimal) -> Option<String> {
    let may_be_covered = |line: &ExpectedLine| line.may_be_covered() && !debited.is_zero();
    expected.lines.iter().find_map(|line| {
        let product = line.product_id?;
        let all = || expected.lines.iter().filter(|one| one.product_id == Some(product));
        // A product that is sold in two ways may be covered in one of them.
        if all().any(may_be_covered) {
            return None;
        }
        let planned = money::sum(all().map(ExpectedLine::amount));
        let lines = told.iter().filter(|one| one.product == product);
        let found = money::sum(lines.clone().map(|one| one.amount));
        let most = cents(all().count().max(lines.count()));
        (found.saturating_sub(planned).abs() > most).then(|| {
            format!(
                "{} comes to {}, but {} was planned, and prepaid hours do not cover it",
                line.name,
                money::display(found),
                money::display(planned)
            )
        })
    })
}

/// Hours that cost nothing and were not debited, or were debited and cost something.
fn other_hours(expected: &ExpectedInvoice, told: &[Told], debited: Decimal) -> Option<String> {
    let of = |product: ProductId| {
        let lines = expected.lines.iter().filter(move |one| one.product_id == Some(product));
        lines.filter(|one| one.may_be_covered())
    };
    let (mut covered, mut free) = (Decimal::ZERO, Decimal::ZERO);
    for line in told.iter().filter(|one| of(one.product).next().is_some()) {
        if line.is_free {
            // What costs nothing anyway may be debited, or not.
            let is_free = |one: &ExpectedLine| one.price.is_zero();
            let hours = match of(line.product).all(is_free) {
                true => &mut free,
                false if of(line.product).any(is_free) => return None,
                false => &mut covered,
            };
            *hours = hours.saturating_add(line.quantity);
            continue;
        }
        // At another price than the planned ones the lines do not show what is covered.
        let is_planned = |one: &ExpectedLine| one.is_worth(line.quantity, line.amount);
        of(line.product).any(is_planned).then_some(())?;
    }
    let is_so = covered <= debited && debited <= covered.saturating_add(free);
    (!is_so).then(|| {
        format!(
            "{} prepaid hours were debited, but lines of {} hours are at {}",
            debited.normalize(),
            covered.normalize(),
            money::zero()
        )
    })
}
