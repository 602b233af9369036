//! How the server writes its fields: money and hours as strings, numbers or cents; instants with any offset;
//! nulls anywhere. Readers for `#[serde(deserialize_with)]`, lenient where a screen can do without the value.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use serde::de::{DeserializeOwned, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::decode;
use super::reading::{self, Sort};
pub use super::reading::{Said, Unread, Unreadable, day_alone, flag as to_flag, is_plain};
pub use super::reference::{at, has, to_id};

/// The number that a value spells; `None` for nothing, and for what cannot be understood.
#[must_use]
pub fn to_decimal(value: &Value) -> Option<Decimal> {
    reading::number(value).clear()
}

/// Whether a server may take a value for yes: anything but nothing and the ways of writing no.
#[must_use]
pub fn may_be_yes(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(_) => to_decimal(value).is_none_or(|number| !number.is_zero()),
        Value::String(text) => {
            let text = text.trim().to_ascii_lowercase();
            !matches!(text.as_str(), "" | "0" | "f" | "false" | "off" | "n" | "no")
        }
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The value of a field that has several spellings; what cannot be understood is noted beside it.
fn noted<'de, D: Deserializer<'de>>(deserializer: D, sort: Sort) -> Result<Value, D::Error> {
    deserializer.deserialize_newtype_struct(sort.name(), Whole)
}

/// Takes a value as it is.
struct Whole;

impl<'de> Visitor<'de> for Whole {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, value: D) -> Result<Value, D::Error> {
        Value::deserialize(value)
    }
}

/// A decimal, or nothing when it is null or unreadable.
///
/// # Errors
/// Only those of the format itself.
pub fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    Ok(to_decimal(&noted(deserializer, Sort::Number)?))
}

/// The instant that a value spells; `None` for nothing, and for what cannot be understood.
#[must_use]
pub fn to_instant(value: &Value) -> Option<Timestamp> {
    reading::instant(value).clear()
}

/// An instant, or nothing when it is null or unreadable.
///
/// # Errors
/// Only those of the format itself.
pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(to_instant(&noted(deserializer, Sort::Instant)?))
}

/// The day that a value names; `None` for nothing, and for what cannot be understood.
#[must_use]
pub fn to_day(value: &Value) -> Option<Date> {
    reading::day(value).clear()
}

/// A day, or nothing when it is null or unreadable.
///
/// # Errors
/// Only those of the format itself.
pub fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    Ok(to_day(&noted(deserializer, Sort::Day)?))
}

/// A text; null, numbers and booleans become their text, so that one odd field never loses a whole ticket.
///
/// # Errors
/// Only those of the format itself.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        _ => String::new(),
    })
}

/// A boolean; nothing is `false`, and so is what cannot be understood: whoever lets a write rest on it asks first.
///
/// # Errors
/// Only those of the format itself.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    maybe_flag(deserializer).map(Option::unwrap_or_default)
}

/// A boolean, or nothing when it is null or unreadable.
///
/// # Errors
/// Only those of the format itself.
pub fn maybe_flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(reading::flag(&noted(deserializer, Sort::Flag)?).clear())
}

/// A count, as a number or as digits, or nothing.
///
/// # Errors
/// Only those of the format itself.
pub fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(to_count(&Value::deserialize(deserializer)?))
}

/// The count that a value spells.
#[must_use]
pub fn to_count(value: &Value) -> Option<u64> {
    to_decimal(value).filter(|number| number.fract().is_zero()).and_then(|number| number.to_u64())
}

/// An optional value of any kind; what cannot be read is absent.
///
/// # Errors
/// Only those of the format itself.
pub fn maybe<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(decode::read(&Value::deserialize(deserializer)?).ok())
}

/// The id of another record; what is there and cannot be understood is absent, and noted beside it.
///
/// # Errors
/// Only those of the format itself.
pub fn id<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(decode::read(&noted(deserializer, Sort::Id)?).ok())
}

/// A list; null is an empty one.
///
/// # Errors
/// When an element cannot be read: a line item that vanished silently would be billed wrongly.
pub fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A list of which only the entries that can be read are taken; null and anything else is an empty one. For lists of
/// words, where one odd entry must not lose the others.
///
/// # Errors
/// Only those of the format itself.
pub fn readable<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    let entries = match Value::deserialize(deserializer)? {
        Value::Array(entries) => entries,
        _ => Vec::new(),
    };
    Ok(entries.iter().filter_map(|entry| decode::read(entry).ok()).collect())
}

/// The words of an account, of which those that can be read are kept. `None` when none of them can: an account without
/// words takes any, and this one is not known to be without.
///
/// # Errors
/// Only those of the format itself.
pub fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    let entries = match Value::deserialize(deserializer)? {
        Value::Array(entries) => entries,
        Value::Null => Vec::new(),
        _ => return Ok(None),
    };
    let words = entries.iter().filter_map(|entry| decode::read(entry).ok());
    let words: Vec<String> = words.collect();
    Ok(Some(words).filter(|words| !words.is_empty() || entries.is_empty()))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_read_in_both_forms() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Said {
            #[serde(default, deserialize_with = "maybe")]
            contact_id: Option<u64>,
            #[serde(default)]
            contact: Value,
        }
        for (raw, right) in [
            (json!({"contact_id": 7}), Some(7)),
            (json!({"contact_id": "7"}), None),
            (json!({"contact_id": 7, "contact": {"id": 7}}), Some(7)),
            (json!({"contact": {"id": 7}}), Some(7)),
            (json!({"contact_id": null, "contact": {"id": 7}}), Some(7)),
            (json!({"contact_id": 7, "contact": {"id": 8}}), Some(7)),
            (json!({"contact_id": 7, "contact": null}), Some(7)),
            (json!({"contact_id": null, "contact": null}), None),
            (json!({"contact": null}), None),
            (json!({"contact": {"name": "Imelda"}}), None),
            (json!({"contact": "Imelda"}), None),
            (json!({}), None),
        ] {
            let said: Said = decode::read(&raw).unwrap();
            assert_eq!(said.contact_id, right, "{raw}");
            assert_eq!(said.contact, raw["contact"], "{raw}");
            let there = raw.get("contact_id").is_some() || raw["contact"].get("id").is_some();
            let null = raw.get("contact") == Some(&Value::Null);
            assert_eq!(has(&raw, "contact_id"), there || null, "{raw}");
            if raw["contact_id"] != "7" {
                assert_eq!(at(&raw, "contact_id").as_u64(), right, "{raw}");
            }
            assert_eq!(at(&json!({"ticket": raw}), "ticket.contact_id"), at(&raw, "contact_id"));
        }
        assert_eq!(at(&json!({"contact_id": null}), "contact_id"), &Value::Null);
        assert_eq!(decode::read::<Value>(&json!([1])).unwrap(), json!([1]));
        assert!(decode::read::<Said>(&json!(7)).is_err());
    }

    #[test]
    fn what_cannot_be_understood_is_noted_beside_it() {
        #[derive(Debug, Deserialize)]
        struct Said {
            #[serde(default, deserialize_with = "flag")]
            done: bool,
            #[serde(default, deserialize_with = "decimal")]
            price: Option<Decimal>,
            #[serde(default, deserialize_with = "list")]
            parts: Vec<Part>,
            #[serde(default)]
            unreadable: Unread,
        }
        #[derive(Debug, Deserialize)]
        struct Part {
            #[serde(default, deserialize_with = "instant")]
            at: Option<Timestamp>,
            #[serde(default)]
            unreadable: Unread,
        }
        let said: Said = decode::read(&json!({
            "done": "perhaps", "price": "95,50", "unreadable": "ours",
            "parts": [{"at": null}, {"at": "soon"}, {"at": "2026-04-24T01:45:00Z"}],
        }))
        .unwrap();
        let notes: Vec<String> = said.unreadable.0.iter().map(ToString::to_string).collect();
        let right = ["done \"perhaps\"", "price \"95,50\"", "parts[1].at \"soon\""];
        assert_eq!(notes, right);
        assert_eq!(said.unreadable.raw("price"), Some("95,50"));
        assert!(!said.done && said.price.is_none(), "{said:?}");
        let parts = said.parts.iter().map(|part| (part.at.is_some(), part.unreadable.0.len()));
        assert_eq!(parts.collect::<Vec<_>>(), [(false, 0), (false, 1), (true, 0)]);
        let clear: Said = decode::read(&json!({"done": 1, "price": "$5", "parts": null})).unwrap();
        assert!(clear.done && clear.unreadable == Unread::default(), "{clear:?}");
        assert!(serde_json::from_value::<Said>(json!({"done": "1"})).unwrap().done);
    }
}
