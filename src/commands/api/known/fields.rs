//! The fields of a body beside what a GET shows: what would change, what nobody can look at, what a server may set to its
//! default because it was left out, and what a part would replace. Pure.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value};

use crate::api::fields::{has, to_decimal};
use crate::write::Change;

/// An id or a count of a body, as a number or as its digits; `7.0` is one too, to a server.
pub(in crate::commands::api) fn number(fields: &Map<String, Value>, name: &str) -> Option<u64> {
    let value = fields.get(name)?;
    let plain = value.as_str().is_none_or(|text| !text.contains(','));
    let number = to_decimal(value).filter(|number| plain && number.fract().is_zero());
    number?.to_u64()
}

/// A text of a body; nothing where it has none.
pub(super) fn text<'f>(fields: &'f Map<String, Value>, name: &str) -> &'f str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A text of a body, where it says something.
pub(super) fn said<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f str> {
    Some(text(fields, name).trim()).filter(|text| !text.is_empty())
}

/// A yes of a body that there is no doubt of.
pub(super) fn flag(fields: &Map<String, Value>, name: &str) -> bool {
    match fields.get(name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => matches!(text.trim(), "true" | "1"),
        Some(Value::Number(number)) => number.as_u64() == Some(1),
        _ => false,
    }
}

/// Whether a server may take a field of a body for yes.
pub(super) fn may_be_yes(fields: &Map<String, Value>, name: &str) -> bool {
    fields.get(name).is_some_and(crate::api::fields::may_be_yes)
}

/// A body without the record's own name that it may be wrapped in.
pub(super) fn inside(mut body: Map<String, Value>, name: &str) -> Map<String, Value> {
    if let Some(Value::Object(inner)) = body.remove(name) {
        body.extend(inner);
    }
    body
}

/// An amount or a quantity of a body.
pub(super) fn decimal(fields: &Map<String, Value>, name: &str) -> Option<Decimal> {
    to_decimal(fields.get(name)?)
}

/// What of a body a GET shows and would change, and the names of what it does not show.
pub(super) fn changes(fields: &Map<String, Value>, raw: &Value) -> (Vec<Change>, Vec<String>) {
    let (mut changes, mut unseen) = (Vec::new(), Vec::new());
    for (name, value) in fields {
        match value {
            // Wrapped in the record's own name: what is inside counts.
            Value::Object(inner) if raw.get(name).is_none() => {
                let (more, hidden) = self::changes(inner, raw);
                changes.extend(more);
                unseen.extend(hidden);
            }
            Value::Object(inner) => {
                for (key, value) in inner.iter().filter(|(key, _)| !key.contains('.')) {
                    let at = format!("{name}.{key}");
                    changes.push(Change::new(raw, &at, &at, value.clone()));
                }
            }
            value if has(raw, name) => {
                changes.push(Change::new(raw, name, name, value.clone()));
            }
            _ => unseen.push(name.clone()),
        }
    }
    changes.retain(Change::is_one);
    (changes, unseen)
}

/// The yes-and-noes of `names` that a body leaves out, as the record says them now, in whatever form it does.
pub(super) fn kept(
    fields: &Map<String, Value>,
    raw: &Value,
    names: &[&str],
) -> Vec<(String, Value)> {
    if is_wrapped(fields, raw) {
        return Vec::new();
    }
    let there = |name: &&&str| !fields.contains_key(**name) && !raw[**name].is_null();
    let left = names.iter().filter(there);
    left.map(|name| ((*name).to_owned(), raw[*name].clone())).collect()
}

/// Whether the fields stand in a member that the record does not have, most likely its own name.
pub(super) fn is_wrapped(fields: &Map<String, Value>, raw: &Value) -> bool {
    let mut all = fields.iter();
    all.any(|(name, value)| value.is_object() && raw.get(name).is_none())
}

/// What is said of parts that a body would replace, with what is in them now.
pub(super) fn replaced(fields: &Map<String, Value>, raw: &Value) -> Vec<String> {
    let mut notices = Vec::new();
    for (name, value) in fields {
        let (Value::Object(new), Some(Value::Object(old))) = (value, raw.get(name)) else {
            continue;
        };
        let lost: Vec<&str> =
            old.keys().filter(|key| !new.contains_key(*key)).map(String::as_str).collect();
        if !lost.is_empty() {
            notices.push(format!(
                "{name} may be replaced as a whole; this leaves out: {}",
                lost.join(", ")
            ));
        }
    }
    notices
}

/// What is said of booleans that a PUT leaves out, of a record whose command there is none of.
pub(super) fn defaults(fields: &Map<String, Value>, raw: &Value) -> Option<String> {
    let inside = |name: &String| {
        let mut parts = fields.values().filter_map(Value::as_object);
        fields.contains_key(name) || parts.any(|part| part.contains_key(name))
    };
    let left: Vec<&str> = raw
        .as_object()?
        .iter()
        .filter(|(name, value)| value.is_boolean() && !inside(name))
        .map(|(name, _)| name.as_str())
        .collect();
    (!left.is_empty())
        .then(|| format!("left out, these may fall back to a default: {}", left.join(", ")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn what_a_body_leaves_out_is_known() {
        let raw = json!({"a": true, "b": false, "c": "x", "p": {"k": 1, "l": 2}});
        let fields = map(json!({"a": false, "p": {"k": 3}, "q": 1}));
        assert_eq!(kept(&fields, &raw, &["a", "b", "d"]), [("b".to_owned(), json!(false))]);
        assert!(replaced(&fields, &raw)[0].ends_with(": l"));
        assert!(defaults(&fields, &raw).unwrap().ends_with(": b"));
        let (changes, unseen) = changes(&fields, &raw);
        let at: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
        assert_eq!((at, unseen), (vec!["a", "p.k"], vec!["q".to_owned()]));
    }

    #[test]
    fn a_number_is_whole() {
        let fields = map(json!({"a": 7, "b": "7", "c": 7.0, "d": "7.5", "e": "1,000", "f": -7}));
        let found = ["a", "b", "c", "d", "e", "f", "g"].map(|name| number(&fields, name));
        assert_eq!(found, [Some(7), Some(7), Some(7), None, None, None, None]);
    }

    #[test]
    fn yes_has_many_forms() {
        let fields = json!({
            "a": true, "b": "1", "c": 1, "d": "no", "e": 0, "f": "TRUE", "g": 2, "h": "yes", "i": null, "j": "0",
        });
        let fields = map(fields);
        let those = |is: fn(&Map<String, Value>, &str) -> bool| {
            let names = fields.keys().filter(|name| is(&fields, name));
            names.map(String::as_str).collect::<String>()
        };
        assert_eq!((those(flag), those(may_be_yes)), ("abc".to_owned(), "abcfgh".to_owned()));
    }
}
