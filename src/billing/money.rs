//! Rounding, each rule in one place: half up, away from zero, as invoices do. `Decimal` everywhere, floats nowhere.

use rust_decimal::{Decimal, RoundingStrategy};

/// The decimals of a dollar that Syncro keeps.
const PLACES: u32 = 2;

/// The sum; beyond all bounds the largest number there is, which fits nothing it is compared with.
#[must_use]
pub fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Decimal {
    amounts.into_iter().fold(Decimal::ZERO, Decimal::saturating_add)
}

/// Whether Syncro keeps an amount as it is: it has no part of a cent.
#[must_use]
pub fn is_kept(amount: Decimal) -> bool {
    amount.normalize().scale() <= PLACES
}

/// To the cent, half up.
#[must_use]
pub fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Quantity times price, to the cent.
#[must_use]
pub fn amount(quantity: Decimal, price: Decimal) -> Decimal {
    cents(quantity.saturating_mul(price))
}

/// An amount as people read it: always two decimals, thousands separated.
#[must_use]
pub fn display(amount: Decimal) -> String {
    let text = format!("{:.2}", cents(amount).abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, "00"));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let sign = if amount.is_sign_negative() && !amount.is_zero() { "-" } else { "" };
    format!("{sign}${grouped}.{fraction}")
}
