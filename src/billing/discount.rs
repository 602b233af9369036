//! Discounts on the lines of tickets and invoices: read from the fields that Syncro has for them, and taken off an
//! amount. Pure.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::money;

/// The discount on one line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// The line costs quantity times price.
    #[default]
    None,
    /// So many hundredths of that.
    Percent(Decimal),
    /// An amount, off the whole line.
    Dollars(Decimal),
}

impl Discount {
    /// The fields in which lines state it: two names for the percents, and dollars.
    pub const FIELDS: [&str; 3] = ["discount_percent", "line_discount_percent", "discount_dollars"];

    /// The discount that a line states that costs `full` without it; see [`Discount::read`].
    #[must_use]
    pub fn stated(line: &Map<String, Value>, full: Decimal) -> Option<Self> {
        let said = |name| line.get(name).unwrap_or(&Value::Null);
        let [percent, on_line, dollars] = Self::FIELDS.map(said);
        Self::read(&[percent, on_line], dollars, full)
    }

    /// The discount that the fields state for a line that costs `full` without it. `None` where nobody can tell what the
    /// line comes to: a field cannot be read, is out of bounds, or contradicts another one.
    #[must_use]
    pub fn read(percents: &[&Value], dollars: &Value, full: Decimal) -> Option<Self> {
        // Nothing can be taken off nothing.
        if full.is_zero() {
            return Some(Self::None);
        }
        let mut percent = Decimal::ZERO;
        for stated in percents {
            let stated = money::stated(stated).ok()?.unwrap_or_default();
            if stated.is_zero() {
                continue;
            }
            let contradicts = !percent.is_zero() && percent != stated;
            if contradicts || stated.is_sign_negative() || stated > Decimal::ONE_HUNDRED {
                return None;
            }
            percent = stated;
        }
        let dollars = money::stated(dollars).ok()?.unwrap_or_default();
        if dollars.is_zero() {
            return Some(if percent.is_zero() { Self::None } else { Self::Percent(percent) });
        }
        if dollars.is_sign_negative() || dollars > full {
            return None;
        }
        // Both are one discount where they come to the same; which of two counts is not documented.
        let by_percent = full.saturating_sub(Self::Percent(percent).off(Decimal::ONE, full));
        let is_same = by_percent.saturating_sub(dollars).abs() <= money::CENT;
        (percent.is_zero() || is_same).then_some(Self::Dollars(dollars))
    }

    /// So many at this price, less the discount, not rounded.
    #[must_use]
    pub fn off(self, quantity: Decimal, price: Decimal) -> Decimal {
        let full = quantity.saturating_mul(price);
        match self {
            Self::None => full,
            Self::Percent(percent) => {
                let left = Decimal::ONE_HUNDRED.saturating_sub(percent);
                full.saturating_mul(left) / Decimal::ONE_HUNDRED
            }
            Self::Dollars(dollars) => full.saturating_sub(dollars),
        }
    }

    /// The same to the cent: what the line comes to.
    #[must_use]
    pub fn amount(self, quantity: Decimal, price: Decimal) -> Decimal {
        money::cents(self.off(quantity, price))
    }

    /// The same of one that may be unclear.
    #[must_use]
    pub fn told(discount: Option<Self>) -> String {
        discount.map_or_else(|| ", unclear discount".to_owned(), Self::says)
    }

    /// The discount behind a price: " less 10%"; nothing where there is none.
    #[must_use]
    pub fn says(self) -> String {
        match self {
            Self::None => String::new(),
            Self::Percent(percent) => format!(" less {}%", percent.normalize()),
            Self::Dollars(dollars) => format!(" less {}", money::display(dollars)),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_discount_is_read_or_it_is_unclear() {
        let ten = || json!(10);
        for (percents, dollars, full, amount) in [
            ([json!(null), json!(null)], json!(null), "120", Some("120")),
            ([json!(""), json!(0)], json!("0.0"), "120", Some("120")),
            ([ten(), json!(null)], json!(null), "120", Some("108")),
            ([ten(), json!("10.0")], json!(null), "120", Some("108")),
            ([json!("12.5"), json!(null)], json!(null), "99.99", Some("87.49")),
            ([json!(100), json!(null)], json!(null), "120", Some("0")),
            ([ten(), json!(null)], json!(null), "-50", Some("-45")),
            ([json!(null), json!(null)], json!("12.50"), "120", Some("107.5")),
            ([ten(), json!(null)], json!(12), "120", Some("108")),
            ([ten(), json!(null)], json!("11.995"), "120", Some("108.01")),
            // Nothing is left to be unclear about.
            ([json!("?"), ten()], json!(5), "0", Some("0")),
            ([ten(), json!(20)], json!(null), "120", None),
            ([ten(), json!(null)], json!(5), "120", None),
            ([json!(-10), json!(null)], json!(null), "120", None),
            ([json!(101), json!(null)], json!(null), "120", None),
            ([json!("10,5"), json!(null)], json!(null), "120", None),
            ([json!(true), json!(null)], json!(null), "120", None),
            ([json!(null), json!(null)], json!(121), "120", None),
            ([json!(null), json!(null)], json!(5), "-50", None),
            ([json!(null), json!(null)], json!("five"), "120", None),
        ] {
            let full: Decimal = full.parse().unwrap();
            let read = Discount::read(&[&percents[0], &percents[1]], &dollars, full);
            let found = read.map(|discount| discount.amount(Decimal::ONE, full));
            let wanted = amount.map(|amount| amount.parse().unwrap());
            assert_eq!(found, wanted, "{percents:?} {dollars} of {full}");
        }
        assert_eq!(Discount::Percent(Decimal::new(100, 1)).says(), " less 10%");
        assert_eq!(Discount::Dollars(Decimal::new(125, 1)).says(), " less $12.50");
    }
}
