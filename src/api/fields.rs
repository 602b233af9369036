//! How the server writes its fields: money and hours as strings, numbers or cents; instants with any offset;
//! nulls anywhere. Readers for `#[serde(deserialize_with)]`, lenient where a screen can do without the value.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::decode;
pub use super::reference::{at, has, to_id};

/// The decimal that a JSON string or number spells, exactly; `None` for anything else, and for a comma that may be one of
/// decimals.
#[must_use]
pub fn to_decimal(value: &Value) -> Option<Decimal> {
    let text = match value {
        Value::String(text) if text.contains('_') => return None,
        Value::String(text) if text.contains(',') => ungrouped(text.trim())?,
        Value::String(text) => text.trim().to_owned(),
        // With arbitrary precision the number still is the text that the server sent.
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// A number without its marks of thousands, where nothing else can be meant by them: `1,234.50` and `1,234,567`, not
/// `1,500`, which is one and a half to some.
fn ungrouped(text: &str) -> Option<String> {
    let (whole, decimals) =
        text.split_once('.').map_or((text, None), |(one, two)| (one, Some(two)));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (first, groups) = whole.trim_start_matches('-').split_once(',')?;
    let groups: Vec<&str> = groups.split(',').collect();
    let grouped = (1..=3).contains(&first.len())
        && digits(first)
        && groups.iter().all(|group| group.len() == 3 && digits(group));
    let clear = groups.len() > 1 || decimals.is_some_and(digits);
    (grouped && clear).then(|| text.replace(',', ""))
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

/// Adds to a PUT's `body` the current value of fields that must not be left out: booleans, which the server would set to
/// their defaults, and texts that the specification requires.
pub fn keep(body: &mut Map<String, Value>, raw: &Value, names: &[&str]) {
    for name in names {
        if let Some(now @ (Value::Bool(_) | Value::String(_))) = raw.get(*name)
            && !body.contains_key(*name)
        {
            body.insert((*name).to_owned(), now.clone());
        }
    }
}

/// A decimal, or nothing when it is null or not a number.
///
/// # Errors
/// Only those of the format itself.
pub fn decimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Decimal>, D::Error> {
    Ok(to_decimal(&Value::deserialize(deserializer)?))
}

/// The instant that an RFC 3339 text spells, whatever its offset.
#[must_use]
pub fn to_instant(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

/// An instant, or nothing when it is null or unreadable.
///
/// # Errors
/// Only those of the format itself.
pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(to_instant(&Value::deserialize(deserializer)?))
}

/// The day that a text names, as it is written there: a day is given as its midnight, and another zone would make it the
/// day before.
#[must_use]
pub fn to_day(value: &Value) -> Option<Date> {
    value.as_str()?.trim().get(..10)?.parse().ok()
}

/// A day, or nothing when it is null or unreadable.
///
/// # Errors
/// Only those of the format itself.
pub fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    Ok(to_day(&Value::deserialize(deserializer)?))
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

/// A boolean; null and anything else is `false`.
///
/// # Errors
/// Only those of the format itself.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Bool(flag) => flag,
        Value::String(text) => text == "true",
        _ => false,
    })
}

/// A count, as a number or as digits, or nothing.
///
/// # Errors
/// Only those of the format itself.
pub fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::String(text) => text.trim().parse().ok(),
        number => number.as_u64(),
    })
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

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_comma_that_may_be_one_of_decimals_is_unreadable() {
        for (written, read) in [
            ("1234.5", Some("1234.5")),
            (" 81.53 ", Some("81.53")),
            ("1,234.50", Some("1234.50")),
            ("-1,234.50", Some("-1234.50")),
            ("1,234,567", Some("1234567")),
            ("1e3", Some("1000")),
            ("1,5", None),
            ("1,500", None),
            ("12,50", None),
            ("1,2345.00", None),
            ("1.234,50", None),
            ("1234,567.00", None),
            (",500.00", None),
            ("1,500.x", None),
            ("1_000", None),
            ("", None),
        ] {
            let read = read.map(|read| read.parse().unwrap());
            assert_eq!(to_decimal(&json!(written)), read, "{written}");
        }
    }

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
    fn a_day_is_the_one_that_is_written() {
        for text in ["2026-11-06", "2026-11-06T00:00:00.000Z", "2026-11-06T00:00:00-08:00"] {
            assert_eq!(to_day(&json!(text)).unwrap().to_string(), "2026-11-06");
        }
        for odd in [json!(null), json!("soon"), json!("2026-13-01"), json!("日本語の日付")] {
            assert_eq!(to_day(&odd), None, "{odd}");
        }
    }
}
