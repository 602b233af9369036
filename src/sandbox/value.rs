//! Reading loosely typed JSON and writing amounts the way the server does.
//!
//! Money and hours are decimals from end to end; no floating point number is made anywhere.
//! The meaning of the values is left to the files that handle them.

use std::str::FromStr;

use jiff::Timestamp;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Number, Value};

/// One stored record: the API's own fields, and private ones whose names begin with `_`.
pub(super) type Record = Map<String, Value>;

/// Returns the JSON object as a record; anything else becomes an empty one.
pub(super) fn record(value: Value) -> Record {
    match value {
        Value::Object(map) => map,
        _ => Record::new(),
    }
}

/// Returns the record as the API shows it: without the private fields.
pub(super) fn public(record: &Record) -> Record {
    record
        .iter()
        .filter(|(name, _)| !name.starts_with('_'))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Returns the field as an id, whether it was written as a number or as digits in a string.
pub(super) fn integer(record: &Record, field: &str) -> Option<i64> {
    match record.get(field)? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// Returns the field as text, with nothing for a missing or non-text value.
pub(super) fn text<'a>(record: &'a Record, field: &str) -> &'a str {
    record.get(field).and_then(Value::as_str).unwrap_or("")
}

/// Returns the field as a yes or no, read as leniently as a web form is.
pub(super) fn truth(record: &Record, field: &str) -> Option<bool> {
    match record.get(field)? {
        Value::Bool(yes) => Some(*yes),
        Value::String(text) => Some(matches!(text.as_str(), "true" | "1" | "on")),
        Value::Number(number) => Some(number.as_i64() != Some(0)),
        _ => None,
    }
}

/// Returns those of these fields that are a yes or no.
pub(super) fn flags(record: &Record, names: &[&str]) -> Record {
    let flags = names.iter().filter_map(|name| Some(((*name).to_owned(), truth(record, name)?)));
    flags.map(|(name, yes)| (name, Value::Bool(yes))).collect()
}

/// Returns the name that goes with an id in a list of the account's.
pub(super) fn by_id(list: &[(i64, &'static str)], id: Option<i64>) -> Option<&'static str> {
    list.iter().find(|(known, _)| Some(*known) == id).map(|(_, name)| *name)
}

/// Returns the field as a decimal, whether it was written as a number or as a string.
pub(super) fn decimal(record: &Record, field: &str) -> Option<Decimal> {
    let written = match record.get(field)? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_owned(),
        _ => return None,
    };
    Decimal::from_str(&written).or_else(|_| Decimal::from_scientific(&written)).ok()
}

/// Writes a decimal with at least one digit after the point: `0.0`, `12.5`, `81.53`.
pub(super) fn plain(amount: Decimal) -> String {
    let written = amount.normalize().to_string();
    if written.contains('.') { written } else { format!("{written}.0") }
}

/// Writes a decimal as a JSON string.
pub(super) fn string(amount: Decimal) -> Value {
    Value::String(plain(amount))
}

/// Writes a decimal as a JSON number.
pub(super) fn number(amount: Decimal) -> Value {
    Number::from_str(&plain(amount)).map_or(Value::Null, Value::Number)
}

/// Rounds an amount to whole cents, halves away from zero.
pub(super) fn cents(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// Returns an amount of money as a JSON integer of cents.
pub(super) fn in_cents(amount: Decimal) -> Value {
    let whole = (cents(amount) * Decimal::ONE_HUNDRED).normalize();
    Number::from_str(&whole.to_string()).map_or(Value::Null, Value::Number)
}

/// Writes an instant the way the server does: UTC, milliseconds, `Z`.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Reads an instant; a bare date is midnight UTC.
pub(super) fn parse_instant(written: &str) -> Option<Timestamp> {
    Timestamp::from_str(written).ok().or_else(|| {
        let date = jiff::civil::Date::from_str(written).ok()?;
        Some(date.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_one_digit_after_the_point() {
        assert_eq!(plain(Decimal::ZERO), "0.0");
        assert_eq!(plain(Decimal::new(12000, 2)), "120.0");
        assert_eq!(plain(Decimal::new(8153, 2)), "81.53");
        assert_eq!(number(Decimal::new(5, 1)).to_string(), "0.5");
    }

    #[test]
    fn halves_are_rounded_away_from_zero() {
        assert_eq!(cents(Decimal::new(1005, 3)), Decimal::new(101, 2));
        assert_eq!(in_cents(Decimal::new(895, 1)).to_string(), "8950");
    }
}
