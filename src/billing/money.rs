//! Rounding, each rule in one place: half up, away from zero, as invoices do. `Decimal` everywhere, floats nowhere.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value;

use super::currency::{self, Currency, PLACES};
use crate::api::fields::to_decimal;

/// What rounding may differ by.
pub const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, PLACES);

/// A field that is there and is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreadable;

/// The number that a field of Syncro's states; nothing where it is null or blank.
///
/// # Errors
/// Where it says something else: that is not the same as nothing.
pub fn stated(value: &Value) -> Result<Option<Decimal>, Unreadable> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.trim().is_empty() => Ok(None),
        value => to_decimal(value).map(Some).ok_or(Unreadable),
    }
}

/// The sum; beyond all bounds the largest number there is, which fits nothing it is compared with.
#[must_use]
pub fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Decimal {
    amounts.into_iter().fold(Decimal::ZERO, Decimal::saturating_add)
}

/// Whether Syncro keeps an amount as it is: it has no part of the smallest unit of the account's currency.
#[must_use]
pub fn is_kept(amount: Decimal) -> bool {
    amount.normalize().scale() <= currency::places()
}

/// To the cent, half up, in any currency: how Syncro rounds what it computes in one of other decimals, nothing tells.
#[must_use]
pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Quantity times price, to the cent.
#[must_use]
pub fn amount(quantity: Decimal, price: Decimal) -> Decimal {
    cents(quantity.saturating_mul(price))
}

/// An amount as people read it, in the account's own currency: two decimals, or as that has them, more where it has more,
/// thousands separated. Where the account's currency is not known, no other one is invented.
#[must_use]
pub fn display(amount: Decimal) -> String {
    currency::current()
        .map_or_else(|| currency::bare(amount), |currency: &Currency| currency.show(amount))
}

/// An amount as scripts read it: two decimals, more where it has more, and nothing else.
#[must_use]
pub fn plain(amount: Decimal) -> String {
    let mut plain = amount.normalize();
    if plain.scale() < PLACES {
        plain.rescale(PLACES);
    }
    plain.to_string()
}

/// Nothing, as people read it: `$0.00`.
#[must_use]
pub fn zero() -> String {
    display(Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_with_all_its_decimals() {
        for (mantissa, scale, shown) in [
            (0, 0, "$0.00"),
            (5, 1, "$0.50"),
            (120_000, 3, "$120.00"),
            (1_234_567, 2, "$12,345.67"),
            (-9_679, 2, "-$96.79"),
            (125, 4, "$0.0125"),
            (-1_000_005, 3, "-$1,000.005"),
        ] {
            assert_eq!(display(Decimal::new(mantissa, scale)), shown);
            assert_eq!(plain(Decimal::new(mantissa, scale)), shown.replace(['$', ','], ""));
        }
    }
}
