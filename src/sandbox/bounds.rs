//! Limits on posted amounts: no sum or product that a handler makes of them can overflow.

use serde_json::Value;

use super::value::{Record, decimal};

/// Limit of an amount, on either side of zero: the product of three still fits a decimal.
const MOST: i64 = 100_000_000;

/// Fields that the handlers calculate with.
const AMOUNTS: [&str; 11] = [
    "quantity",
    "price",
    "price_retail",
    "price_cost",
    "price_wholesale",
    "cost",
    "discount_percent",
    "line_discount_percent",
    "discount_dollars",
    "duration_minutes",
    "appointment_duration",
];

/// Returns the first field whose amount is out of range.
pub(super) fn out_of_range(body: &Record) -> Option<&'static str> {
    AMOUNTS.into_iter().find(|field| {
        let is_amount = body.get(*field).is_some_and(|value| match value {
            Value::Number(_) => true,
            Value::String(text) => is_number(text.trim()),
            _ => false,
        });
        is_amount && decimal(body, field).is_none_or(|amount| amount.abs() >= MOST.into())
    })
}

/// Returns true for a text with the characters of a number, however large; the handler judges other words.
fn is_number(text: &str) -> bool {
    text.starts_with(|sign: char| sign.is_ascii_digit() || "+-.".contains(sign))
        && text.chars().all(|sign| sign.is_ascii_digit() || "+-.eE".contains(sign))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::value::record;
    use super::*;

    #[test]
    fn amounts_have_a_range() {
        let of = |value: Value| out_of_range(&record(json!({ "quantity": value })));
        for fit in [json!(null), json!("1.5"), json!(-99_999_999), json!("many"), json!([1])] {
            assert_eq!(of(fit.clone()), None, "{fit}");
        }
        for large in ["100000000", "-1e9", "1e400", "9".repeat(60).as_str()] {
            assert_eq!(of(json!(large)), Some("quantity"), "{large}");
            let number: Value = serde_json::from_str(large).unwrap_or_default();
            assert_eq!(of(number), Some("quantity"), "{large}");
        }
    }
}
