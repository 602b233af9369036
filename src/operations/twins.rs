//! Fields of a body that say one thing in two ways: an amount in dollars and in cents, an end and a length. Nobody knows
//! which of the two a server takes, so that they must agree. Pure.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::api::fields::{is_plain, to_decimal, to_instant};
use crate::error::{Error, Result};
use crate::write::field_shown;

/// How the name of an amount in cents ends.
const CENTS: &str = "_cents";

/// What stands before the name of the same amount in dollars, if anything does: `retail_cents` is `price_retail`.
const BEFORE: [&str; 3] = ["", "price_", "payment_"];

/// The price of a line, and the other name of the same.
const RETAIL: &str = "price_retail";
const PRICE: &str = "price";

/// Refuses a body with two such fields that differ, also where it wraps them in the record's own name, or in a list.
///
/// # Errors
/// Exit 2.
pub(super) fn agree(fields: &Map<String, Value>) -> Result<()> {
    for (name, value) in fields {
        match value {
            Value::Object(inner) => agree(inner)?,
            Value::Array(list) => list.iter().filter_map(Value::as_object).try_for_each(agree)?,
            value if !value.is_null() => {
                in_cents(fields, name, value)?;
                if name == RETAIL {
                    one_amount(fields, PRICE, (name, value), Decimal::ONE)?;
                }
            }
            _ => {}
        }
    }
    ends(fields)
}

fn in_cents(fields: &Map<String, Value>, name: &str, cents: &Value) -> Result<()> {
    let Some(stem) = name.strip_suffix(CENTS) else {
        return Ok(());
    };
    let twins = BEFORE.map(|before| format!("{before}{stem}"));
    // A price by its other name, too.
    let price = twins.iter().any(|twin| twin == RETAIL).then(|| PRICE.to_owned());
    let mut twins = twins.into_iter().chain(price);
    twins.try_for_each(|twin| one_amount(fields, &twin, (name, cents), Decimal::ONE_HUNDRED))
}

/// That an amount in dollars, where a body has it, is that other one, of which `parts` are a dollar.
fn one_amount(
    fields: &Map<String, Value>,
    twin: &str,
    other: (&str, &Value),
    parts: Decimal,
) -> Result<()> {
    let Some(dollars) = fields.get(twin).filter(|dollars| !dollars.is_null()) else {
        return Ok(());
    };
    let is_same = || Some(number(other.1)? == number(dollars)?.checked_mul(parts)?);
    match is_same() {
        Some(true) => Ok(()),
        _ => Err(differ((twin, dollars), other, "amounts")),
    }
}

fn number(value: &Value) -> Option<Decimal> {
    to_decimal(value).filter(|_| is_plain(value))
}

/// The end of a time, and how long it took.
fn ends(fields: &Map<String, Value>) -> Result<()> {
    let said = |name| fields.get(name).filter(|value: &&Value| !value.is_null());
    let [Some(start), Some(end), Some(minutes)] =
        ["start_at", "end_at", "duration_minutes"].map(said)
    else {
        return Ok(());
    };
    let is_same = || {
        let length = to_instant(end)?.duration_since(to_instant(start)?);
        Some(number(minutes)?.checked_mul(Decimal::from(60))? == Decimal::from(length.as_secs()))
    };
    match is_same() {
        Some(true) => Ok(()),
        _ => Err(differ(("end_at", end), ("duration_minutes", minutes), "ends")),
    }
}

fn differ(one: (&str, &Value), other: (&str, &Value), what: &str) -> Error {
    let shown = |(name, value): (&str, &Value)| format!("{name} {}", field_shown(value));
    let text = format!("{} and {} are different {what}", shown(one), shown(other));
    Error::usage(text).nothing_sent().hint("leave one of them out")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_said_twice_is_said_alike() {
        let time = |minutes: Value| {
            json!({
                "start_at": "2026-03-17T09:00:00-05:00", "end_at": "2026-03-17T14:30:00Z",
                "duration_minutes": minutes,
            })
        };
        for (body, says) in [
            (json!({"amount": 60, "amount_cents": 6000}), None),
            (json!({"amount": "60.00", "amount_cents": "6000"}), None),
            (
                json!({"amount": 6000, "amount_cents": 6000}),
                Some("amount 6000 and amount_cents 6000"),
            ),
            (
                json!({"amount": "6,0", "amount_cents": 600}),
                Some("amount 6,0 and amount_cents 600"),
            ),
            (json!({"amount": null, "amount_cents": 600}), None),
            (json!({"payment_amount": 5, "amount_cents": 600}), Some("payment_amount 5")),
            (json!({"rate": 120, "rate_cents": 1200}), Some("rate 120 and rate_cents 1200")),
            (json!({"price_retail": 45, "retail_cents": 4000}), Some("price_retail 45")),
            (json!({"price_retail_cents": 4500, "price_retail": 45}), None),
            (json!({"price": 45, "retail_cents": 4000}), Some("price 45 and retail_cents 4000")),
            (json!({"price": 45, "retail_cents": "4500"}), None),
            (json!({"price": 45, "price_retail": 40}), Some("price 45 and price_retail 40")),
            (json!({"price": "45.0", "price_retail": 45}), None),
            (json!({"cost_cents": 1, "price_cost": 1}), Some("price_cost 1")),
            (
                json!({"line_items": [{"retail_cents": 1, "price_retail": 1}]}),
                Some("price_retail 1"),
            ),
            (json!({"payment": {"amount": 1, "amount_cents": 1}}), Some("amount 1")),
            (json!({"amount": 1, "shipping_cents": 1}), None),
            (time(json!(30)), None),
            (time(json!("30")), None),
            (time(json!(60)), Some("duration_minutes 60")),
            (time(Value::Null), None),
        ] {
            let found = agree(body.as_object().unwrap()).err().map(|error| error.to_string());
            match says {
                None => assert_eq!(found, None, "{body}"),
                Some(says) => assert!(found.unwrap().contains(says), "{body}"),
            }
        }
    }
}
