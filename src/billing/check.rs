//! The check of an invoice: what it must say, and what it does say. Tax is reported, never predicted; prepaid hours
//! may or may not have been debited by the server, and both are right if the numbers agree.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::money;
use crate::api::ids::ProductId;
use crate::api::resources::invoices::Invoice;

/// One line that the invoice must have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedLine {
    /// Its product.
    pub product_id: Option<ProductId>,
    /// Its name.
    pub name: String,
    /// Hours or units.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
}

impl ExpectedLine {
    /// Quantity times price, to the cent.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        money::amount(self.quantity, self.price)
    }
}

/// What the invoice must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedInvoice {
    /// Its lines.
    pub lines: Vec<ExpectedLine>,
    /// Prepaid hours before it.
    pub balance: Decimal,
    /// Hours that a prepaid block would cover.
    pub covered_hours: Decimal,
    /// What those hours would have cost.
    pub covered_amount: Decimal,
}

impl ExpectedInvoice {
    /// The sum of the lines, without tax.
    #[must_use]
    pub fn subtotal(&self) -> Decimal {
        money::sum(self.lines.iter().map(ExpectedLine::amount))
    }

    /// One cent a line: where the server rounds is its own affair.
    fn tolerance(&self) -> Decimal {
        Decimal::new(1, 2).saturating_mul(Decimal::from(self.lines.len().max(1)))
    }
}

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As planned, perhaps with a word of warning.
    Right {
        /// What was debited from the prepaid block.
        debited: Decimal,
        /// What does not quite fit.
        warning: Option<String>,
    },
    /// It has no lines.
    Empty,
    /// It costs nothing, and no prepaid hours were taken for that.
    LostPrice,
    /// It says something else.
    Wrong(String),
}

/// Compares an invoice, read with its lines, and the prepaid balance after it with what was planned.
#[must_use]
pub fn invoice(expected: &ExpectedInvoice, invoice: &Invoice, balance_after: Decimal) -> Verdict {
    let debited = expected.balance.saturating_sub(balance_after);
    let full = expected.subtotal();
    let Some(subtotal) = invoice.subtotal else {
        return Verdict::Wrong("it shows no subtotal".to_owned());
    };
    if invoice.line_items.is_empty() && !expected.lines.is_empty() {
        return Verdict::Empty;
    }
    if let Some(difference) = other_lines(expected, invoice) {
        return Verdict::Wrong(difference);
    }
    let near = |wanted: Decimal| subtotal.saturating_sub(wanted).abs() <= expected.tolerance();
    let as_planned = near(full);
    let as_covered = near(full.saturating_sub(expected.covered_amount));
    if as_planned && debited.is_zero() || as_covered && debited == expected.covered_hours {
        return Verdict::Right { debited, warning: None };
    }
    if subtotal.is_zero() && debited.is_zero() {
        return Verdict::LostPrice;
    }
    let other_balance = !debited.is_zero() && debited != expected.covered_hours;
    if as_planned || as_covered || other_balance {
        return Verdict::Right {
            debited,
            warning: Some(format!(
                "the subtotal is {}, and prepaid hours went from {} to {}; planned were {} or {}: check the customer's prepaid hours",
                money::display(subtotal),
                expected.balance.normalize(),
                balance_after.normalize(),
                expected.balance.normalize(),
                expected.balance.saturating_sub(expected.covered_hours).normalize(),
            )),
        };
    }
    Verdict::Wrong(format!(
        "its subtotal is {}, planned was {}",
        money::display(subtotal),
        money::display(full)
    ))
}

/// The first product whose quantity is not the planned one. The server may split a line that a prepaid block covers
/// in part, so quantities are summed: by product where all lines name theirs, else over the whole invoice.
fn other_lines(expected: &ExpectedInvoice, invoice: &Invoice) -> Option<String> {
    let planned: Vec<_> =
        expected.lines.iter().map(|line| (line.product_id, line.quantity)).collect();
    let found: Vec<_> = invoice
        .line_items
        .iter()
        .map(|line| (line.product_id, line.quantity.unwrap_or_default()))
        .collect();
    let by_product = planned.iter().chain(&found).all(|(product, _)| product.is_some());
    let sums = |lines: &[(Option<ProductId>, Decimal)]| {
        let mut sums = BTreeMap::new();
        for (product, quantity) in lines {
            let sum = sums.entry(product.filter(|_| by_product)).or_insert(Decimal::ZERO);
            *sum = sum.saturating_add(*quantity);
        }
        sums
    };
    let (planned, found) = (sums(&planned), sums(&found));
    planned
        .keys()
        .chain(found.keys())
        .map(|product| {
            let of = |sums: &BTreeMap<_, Decimal>| sums.get(product).copied().unwrap_or_default();
            (product, of(&planned), of(&found))
        })
        .find(|(_, planned, found)| planned != found)
        .map(|(product, planned, found)| {
            let what = product.map_or_else(|| "all lines".to_owned(), |id| format!("product {id}"));
            format!(
                "its quantity of {what} is {}, planned was {}",
                found.normalize(),
                planned.normalize()
            )
        })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::json;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// Two hours at 120 and one trip at 45; `balance` hours are there, of which up to two are covered.
    fn expected(balance: &str) -> ExpectedInvoice {
        let line = |product, quantity, price| ExpectedLine {
            product_id: Some(ProductId(product)),
            name: String::new(),
            quantity: decimal(quantity),
            price: decimal(price),
        };
        let covered_hours = decimal(balance).min(Decimal::TWO);
        ExpectedInvoice {
            lines: vec![line(1, "2", "120"), line(2, "1", "45")],
            balance: decimal(balance),
            covered_hours,
            covered_amount: covered_hours * decimal("120"),
        }
    }

    fn check(balance: &str, subtotal: &str, after: &str, hours: &str) -> Verdict {
        let found: Invoice = serde_json::from_value(json!({
            "id": 7, "number": "8", "subtotal": subtotal,
            "line_items": [
                { "product_id": 1, "quantity": hours },
                { "product_id": 2, "quantity": 1 },
            ],
        }))
        .unwrap();
        invoice(&expected(balance), &found, decimal(after))
    }

    fn right(debited: &str) -> Verdict {
        Verdict::Right { debited: decimal(debited), warning: None }
    }

    #[test]
    fn as_planned_with_or_without_the_block() {
        assert_eq!(check("0", "285.00", "0", "2"), right("0"));
        assert_eq!(check("5", "285.00", "5", "2.0"), right("0"));
        assert_eq!(check("5", "45.00", "3", "2"), right("2"));
        assert_eq!(check("0.5", "225.00", "0", "2"), right("0.5"));
        // A cent a line is the server's own rounding.
        assert_eq!(check("0", "285.02", "0", "2"), right("0"));
    }

    #[test]
    fn a_lost_price_is_not_a_covered_one() {
        assert_eq!(check("0", "0.00", "0", "2"), Verdict::LostPrice);
        assert_eq!(check("5", "0.00", "5", "2"), Verdict::LostPrice);
        assert!(matches!(check("0", "285.03", "0", "2"), Verdict::Wrong(_)));
        assert!(matches!(check("5", "45.00", "3", "1.5"), Verdict::Wrong(_)));
    }

    #[test]
    fn another_balance_is_a_warning_with_the_numbers() {
        let Verdict::Right { warning: Some(text), .. } = check("5", "45.00", "4", "2") else {
            unreachable!("a warning was wanted")
        };
        assert!(text.contains("from 5 to 4"), "{text}");
        assert!(matches!(check("5", "285.00", "3", "2"), Verdict::Right { warning: Some(_), .. }));
    }

    #[test]
    fn lines_that_others_took_leave_it_empty() {
        let empty: Invoice = serde_json::from_value(json!({
            "id": 7, "number": "8", "subtotal": "0.0", "line_items": [],
        }))
        .unwrap();
        assert_eq!(invoice(&expected("0"), &empty, Decimal::ZERO), Verdict::Empty);
    }
}
