//! The check of an invoice: what it must say, and what it does say. Tax is reported, never predicted; prepaid hours
//! may or may not have been debited by the server, and both are right if the numbers agree.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::money;
use crate::api::ids::ProductId;
use crate::api::resources::invoices::Invoice;
use crate::sorting;

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
    /// Whether it is hours that a prepaid block may cover.
    #[serde(default)]
    pub prepaid: bool,
}

impl ExpectedLine {
    /// Quantity times price, to the cent.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        money::amount(self.quantity, self.price)
    }

    /// The line for people: "0.5 x Labor - Remote @ $120.00 = $60.00".
    #[must_use]
    pub fn says(&self) -> String {
        let (quantity, name) = (self.quantity.normalize(), &self.name);
        let (price, amount) = (money::display(self.price), money::display(self.amount()));
        format!("{quantity} x {name} @ {price} = {amount}")
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

    /// What `hours` of a block can take off the subtotal, at least and at most: it is for the server to choose which lines
    /// it covers, and how much of each. `None` for more hours than the lines have, and for none.
    fn coverable(&self, hours: Decimal) -> Option<(Decimal, Decimal)> {
        let mut lines: Vec<&ExpectedLine> = self
            .lines
            .iter()
            .filter(|line| line.prepaid && line.quantity > Decimal::ZERO)
            .collect();
        sorting::sort_by_key(&mut lines, |line| line.price);
        let least = worth(hours, lines.iter().copied())?;
        let most = worth(hours, lines.iter().rev().copied())?;
        Some((least, most))
    }
}

/// What `hours` cost when they are taken from `lines` in their order; `None` where there are not so many, or none.
fn worth<'l>(hours: Decimal, lines: impl Iterator<Item = &'l ExpectedLine>) -> Option<Decimal> {
    let (mut left, mut amount) =
        (Some(hours).filter(|hours| *hours > Decimal::ZERO)?, Decimal::ZERO);
    for line in lines {
        let taken = left.min(line.quantity);
        amount = amount.checked_add(taken.checked_mul(line.price)?)?;
        left -= taken;
    }
    left.is_zero().then_some(amount)
}

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
        return Verdict::Empty;
    }
    if let Some(difference) = other_lines(expected, invoice) {
        return Verdict::Wrong(difference);
    }
    let debited = expected.balance.saturating_sub(balance_after);
    let missing = expected.subtotal().saturating_sub(subtotal);
    // One cent a line: where the server rounds, and where it splits a line, is its own affair.
    let lines = expected.lines.len().max(invoice.line_items.len()).max(1);
    let cents = Decimal::new(1, 2).saturating_mul(Decimal::from(lines));
    let is_right = match expected.coverable(debited) {
        Some((least, most)) => {
            least.saturating_sub(cents) <= missing && missing <= most.saturating_add(cents)
        }
        None => debited.is_zero() && missing.abs() <= cents,
    };
    if is_right {
        return Verdict::Right(debited);
    }
    if subtotal.is_zero() && debited.is_zero() {
        return Verdict::LostPrice;
    }
    Verdict::Wrong(numbers(expected, subtotal, balance_after))
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
                "its quantity of {what} is {}, but {} was planned",
                found.normalize(),
                planned.normalize()
            )
        })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;
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
            prepaid: product == 1,
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
        Verdict::Right(decimal(debited))
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
    fn another_balance_fails_with_the_numbers() {
        // Two hours are not to pay for, one is debited; all is to pay for, and two are debited all the same.
        for (subtotal, after) in [("45.00", "4"), ("285.00", "3"), ("165.00", "5"), ("285.00", "6")]
        {
            let Verdict::Wrong(text) = check("5", subtotal, after, "2") else {
                unreachable!("{subtotal} and {after} do not fit")
            };
            assert!(text.contains(&format!("${subtotal}")), "{text}");
            assert!(text.contains("$285.00") && text.contains('5'), "{text}");
        }
        let Verdict::Wrong(text) = check("5", "45.00", "4", "2") else {
            unreachable!("it is wrong")
        };
        assert!(text.contains("from 5 to 4"), "{text}");
    }

    #[test]
    fn lines_that_others_took_leave_it_empty() {
        let empty: Invoice = serde_json::from_value(json!({
            "id": 7, "number": "8", "subtotal": "0.0", "line_items": [],
        }))
        .unwrap();
        assert_eq!(invoice(&expected("0"), &empty, Decimal::ZERO), Verdict::Empty);
    }

    /// What a server may make of the lines, the block and the prices.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Server {
        /// Covers nothing.
        Plain,
        /// Covers lines in their order.
        Covers,
        /// Covers them in the opposite order.
        Backwards,
        /// Covers hours and debits none.
        Undebited,
        /// Covers hours and debits a part of them.
        HalfDebited,
        /// Debits hours that are to pay for as well.
        OverDebited,
        /// Covers lines that the block must not cover.
        Exempt,
    }

    /// Hours and amount that `balance` covers of `lines`.
    fn taken<'l>(
        balance: Decimal,
        lines: impl Iterator<Item = &'l ExpectedLine>,
    ) -> (Decimal, Decimal) {
        let (mut hours, mut amount) = (Decimal::ZERO, Decimal::ZERO);
        for line in lines {
            let part = line.quantity.min(balance - hours);
            hours += part;
            amount += money::amount(part, line.price);
        }
        (hours, amount)
    }

    fn answered(server: Server, expected: &ExpectedInvoice) -> (Decimal, Decimal) {
        let hours = || expected.lines.iter().filter(|line| line.prepaid);
        let others = || expected.lines.iter().filter(|line| !line.prepaid);
        let balance = expected.balance;
        let (in_order, amount) = taken(balance, hours());
        let (debited, off) = match server {
            Server::Plain => (Decimal::ZERO, Decimal::ZERO),
            Server::Covers => (in_order, amount),
            Server::Backwards => taken(balance, hours().rev()),
            Server::Undebited => (Decimal::ZERO, amount),
            Server::HalfDebited => (in_order / Decimal::TWO, amount),
            Server::OverDebited => (in_order, Decimal::ZERO),
            Server::Exempt => (Decimal::ZERO, taken(balance, others()).1),
        };
        (expected.subtotal() - off, balance - debited)
    }

    const SERVERS: [Server; 7] = [
        Server::Plain,
        Server::Covers,
        Server::Backwards,
        Server::Undebited,
        Server::HalfDebited,
        Server::OverDebited,
        Server::Exempt,
    ];

    proptest! {
        /// No price is twice another, so half the hours are never worth the whole amount; and all amounts are far above
        /// the cents that may differ.
        #[test]
        fn a_price_is_lost_or_it_is_not(
            lines in prop::collection::vec((25i64..500, 10_000i64..19_900, any::<bool>()), 1..6),
            balance in prop_oneof![Just(0i64), 25i64..2_000],
        ) {
            let lines: Vec<ExpectedLine> = lines
                .into_iter()
                .zip(1..)
                .map(|((quantity, price, prepaid), product)| ExpectedLine {
                    product_id: Some(ProductId(product)),
                    name: String::new(),
                    quantity: Decimal::new(quantity, 2),
                    price: Decimal::new(price, 2),
                    prepaid,
                })
                .collect();
            let balance = Decimal::new(balance, 2);
            let (covered_hours, covered_amount) =
                taken(balance, lines.iter().filter(|line| line.prepaid));
            let expected = ExpectedInvoice { lines, balance, covered_hours, covered_amount };
            let items: Vec<_> = expected
                .lines
                .iter()
                .map(|line| json!({"product_id": line.product_id, "quantity": line.quantity}))
                .collect();
            for server in SERVERS {
                let (subtotal, after) = answered(server, &expected);
                let found: Invoice = serde_json::from_value(json!({
                    "id": 7, "number": "8", "subtotal": subtotal, "line_items": items,
                })).unwrap();
                let plain = (subtotal, after) == (expected.subtotal(), balance);
                let fair = matches!(server, Server::Plain | Server::Covers | Server::Backwards);
                let verdict = invoice(&expected, &found, after);
                let is_right = matches!(verdict, Verdict::Right(_));
                prop_assert_eq!(is_right, fair || plain, "{:?}: {:?}", server, verdict);
                if let Verdict::Wrong(text) = verdict {
                    prop_assert!(text.contains(&money::display(subtotal)), "{}", text);
                }
            }
        }
    }
}
