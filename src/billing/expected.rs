//! What an invoice must say: its lines with their discounts, and what a prepaid block may take off them. Pure.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::discount::Discount;
use super::money;
use crate::api::ids::ProductId;
use crate::api::resources::line_items::LineItem;
use crate::sorting;

/// One line that the invoice must have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpectedLine {
    /// Its product.
    pub product_id: Option<ProductId>,
    /// Its name.
    pub name: String,
    /// Hours or units.
    pub quantity: Decimal,
    /// The price of one.
    pub price: Decimal,
    /// What is taken off.
    #[serde(default)]
    pub discount: Discount,
    /// Whether it is hours that a prepaid block covers, by the configuration.
    #[serde(default)]
    pub prepaid: bool,
    /// Whether the configuration does not know its product: the block may cover it all the same.
    #[serde(default)]
    pub unknown: bool,
}

impl ExpectedLine {
    /// Quantity times price, less the discount, to the cent.
    #[must_use]
    pub fn amount(&self) -> Decimal {
        self.discount.amount(self.quantity, self.price)
    }

    /// The line for people: "0.5 x Labor - Remote @ $120.00 = $60.00".
    #[must_use]
    pub fn says(&self) -> String {
        spell(self.quantity, &self.name, self.price, self.discount)
    }

    /// The amount of so many of its hours, to the cent.
    #[must_use]
    pub fn part(&self, hours: Decimal) -> Decimal {
        money::cents(self.share(hours).unwrap_or_default())
    }

    /// What `hours` of it take off when a block covers them, with their share of a discount in dollars.
    fn share(&self, hours: Decimal) -> Option<Decimal> {
        if !matches!(self.discount, Discount::Dollars(_)) {
            return Some(self.discount.off(hours, self.price));
        }
        let whole = self.discount.off(self.quantity, self.price);
        whole.checked_mul(hours)?.checked_div(self.quantity)
    }

    /// The price of one after the discount.
    fn rate(&self) -> Decimal {
        let whole = self.discount.off(self.quantity, self.price);
        whole.checked_div(self.quantity).unwrap_or(self.price)
    }

    /// Its hours as a block covers them where what is left of it keeps the whole of a discount in dollars: at the full
    /// price until only the discount is left, which is for the others.
    fn wholes(&self) -> Vec<(Decimal, Decimal)> {
        let whole = self.discount.off(self.quantity, self.price);
        let full = matches!(self.discount, Discount::Dollars(_))
            .then(|| whole.checked_div(self.price))
            .flatten();
        match full {
            Some(full) => {
                vec![(self.price, full), (Decimal::ZERO, self.quantity.saturating_sub(full))]
            }
            None => vec![(self.rate(), self.quantity)],
        }
    }

    /// Whether so much for `quantity` of it is its price, to the cent.
    #[must_use]
    pub fn is_worth(&self, quantity: Decimal, amount: Decimal) -> bool {
        let near = |worth: Decimal| money::cents(worth).saturating_sub(amount).abs() <= money::CENT;
        let left = self.discount.off(quantity, self.price);
        near(left) || self.share(quantity).is_some_and(near)
    }

    /// Whether a prepaid block may cover it.
    #[must_use]
    pub const fn may_be_covered(&self) -> bool {
        self.prepaid || self.unknown
    }
}

/// A line for people: "0.5 x Labor - Remote @ $120.00 less 10% = $54.00".
#[must_use]
pub fn spell(quantity: Decimal, name: &str, price: Decimal, discount: Discount) -> String {
    let (less, amount) = (discount.says(), money::display(discount.amount(quantity, price)));
    format!("{} x {name} @ {}{less} = {amount}", quantity.normalize(), money::display(price))
}

/// A line that is there, for people; by its name alone where its amounts cannot be understood: they are no zero.
#[must_use]
pub fn of_line(line: &LineItem) -> String {
    match line.quantity.zip(line.price()) {
        Some(is) => discounted(is, &line.name, line.discount()),
        None => line.name.clone(),
    }
}

/// A line that is there, for people, were it so many at that price.
#[must_use]
pub fn discounted(
    (quantity, price): (Decimal, Decimal),
    name: &str,
    discount: Option<Discount>,
) -> String {
    match discount {
        Some(discount) => spell(quantity, name, price, discount),
        None => {
            let (quantity, price) = (quantity.normalize(), money::display(price));
            format!("{quantity} x {name} @ {price}{}", Discount::told(None))
        }
    }
}

/// What the invoice must say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// What is left to pay of it once prepaid hours are taken off.
    #[must_use]
    pub fn left(&self) -> Decimal {
        self.subtotal().saturating_sub(self.covered_amount)
    }

    /// The same with so many of one line, and what a prepaid block would cover of that.
    pub fn set_quantity(&mut self, line: usize, quantity: Decimal) {
        if let Some(line) = self.lines.get_mut(line) {
            line.quantity = quantity;
        }
        let debiting = self.lines.iter().filter(|line| line.prepaid);
        (self.covered_hours, self.covered_amount) = covered(self.balance, debiting);
    }

    /// What making it is, for people: "create the invoice of $60.00".
    #[must_use]
    pub fn making(&self) -> String {
        format!("create the invoice of {}", money::display(self.subtotal()))
    }

    /// The same as a question has it, with what prepaid hours leave of it: "invoice $60.00".
    #[must_use]
    pub fn stake(&self) -> String {
        let total = money::display(self.subtotal());
        match self.covered_amount.is_zero() {
            true => format!("invoice {total}"),
            false => {
                format!("invoice {total} ({} after prepaid hours)", money::display(self.left()))
            }
        }
    }

    /// What `hours` of a block can take off the subtotal, at least and at most: it is for the server to choose which lines
    /// it covers, and how much of each. `None` for more hours than the lines have, and for none.
    pub(super) fn coverable(&self, hours: Decimal) -> Option<(Decimal, Decimal)> {
        let lines = self.lines.iter();
        let lines = lines.filter(|line| line.may_be_covered() && line.quantity > Decimal::ZERO);
        let all = money::sum(lines.clone().map(|line| line.quantity));
        if hours <= Decimal::ZERO || hours > all {
            return None;
        }
        let mut shares: Vec<_> = lines.clone().map(|line| (line.rate(), line.quantity)).collect();
        let mut wholes: Vec<_> = lines.flat_map(ExpectedLine::wholes).collect();
        sorting::sort_by_key(&mut shares, |(rate, _)| *rate);
        sorting::sort_by_key(&mut wholes, |(rate, _)| std::cmp::Reverse(*rate));
        Some((worth(hours, &shares)?, worth(hours, &wholes)?))
    }
}

/// What `hours` cost when they are taken from these, each a price of one and how many of it, in their order; `None` for
/// amounts beyond all use.
fn worth(hours: Decimal, parts: &[(Decimal, Decimal)]) -> Option<Decimal> {
    let (mut left, mut sum) = (hours, Decimal::ZERO);
    for (rate, quantity) in parts {
        let taken = left.min(*quantity);
        sum = sum.checked_add(rate.checked_mul(taken)?)?;
        left -= taken;
    }
    Some(sum)
}

/// What a prepaid block of `balance` hours would cover of `lines` (those that debit it), in their order: hours and
/// what they would have cost.
#[must_use]
pub fn covered<'a>(
    balance: Decimal,
    lines: impl Iterator<Item = &'a ExpectedLine>,
) -> (Decimal, Decimal) {
    let mut left = balance.max(Decimal::ZERO);
    let (mut hours, mut amount) = (Decimal::ZERO, Decimal::ZERO);
    for line in lines {
        // A credit line takes nothing from the block and gives nothing back.
        let taken = line.quantity.min(left).max(Decimal::ZERO);
        left = left.saturating_sub(taken);
        hours = hours.saturating_add(taken);
        amount = amount.saturating_add(line.part(taken));
    }
    (hours, amount)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(quantity: Decimal, price: Decimal) -> ExpectedLine {
        ExpectedLine { quantity, price, prepaid: true, ..ExpectedLine::default() }
    }

    #[test]
    fn a_block_covers_in_order_and_no_more_than_it_has() {
        let hours: Decimal = "1.5".parse().unwrap();
        let lines = [line(Decimal::ONE, Decimal::from(100)), line(Decimal::ONE, Decimal::from(80))];
        let (covered_hours, amount) = covered(hours, lines.iter());
        assert_eq!((covered_hours, amount), (hours, Decimal::from(140)));
        assert_eq!(covered(Decimal::NEGATIVE_ONE, lines.iter()), (Decimal::ZERO, Decimal::ZERO));
    }

    proptest! {
        #[test]
        fn it_never_covers_more_than_there_is(
            balance in 0i64..10_000,
            lines in prop::collection::vec((1i64..5_000, 0i64..50_000), 0..6),
        ) {
            let balance = Decimal::new(balance, 2);
            let lines: Vec<_> = lines
                .into_iter()
                .map(|(quantity, price)| line(Decimal::new(quantity, 2), Decimal::new(price, 2)))
                .collect();
            let (hours, amount) = covered(balance, lines.iter());
            let all: Decimal = lines.iter().map(|line| line.quantity).sum();
            prop_assert_eq!(hours, balance.min(all));
            let cents = Decimal::new(1, 2) * Decimal::from(lines.len());
            let total: Decimal = lines.iter().map(ExpectedLine::amount).sum();
            prop_assert!(amount <= total + cents);
        }
    }
}
