//! The fields of a body beside what a GET shows: what would change, what nobody can look at, what a server may set to its
//! default because it was left out, and what a part would replace. Pure.

use jiff::Timestamp;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value};

use super::resource::ResourceField;
use crate::api::fields::{at, has, is_plain, to_decimal, to_instant};
use crate::api::secret;
use crate::error::{Error, Result};
use crate::write::{Field, RecordId, Request, field_shown};

/// How the fields are called by which a server changes other records with the one of a path.
pub(super) const NESTED: &str = "_attributes";

/// What a request says of its record: the fields of the body, and before them those of the query, which the server reads,
/// too.
#[must_use]
pub fn fields(request: &Request) -> Map<String, Value> {
    let mut fields = Map::new();
    let query = request.path.split_once('?').map_or("", |(_, query)| query);
    for (key, text) in url::form_urlencoded::parse(query.as_bytes()) {
        // A key that fits with no other is sent all the same, and left to the server.
        put(&mut fields, &key, value(&text)).unwrap_or_default();
    }
    let body = request.body.as_ref().and_then(Value::as_object);
    fields.extend(body.cloned().unwrap_or_default());
    fields
}

/// The name of a record, for people.
#[must_use]
pub fn shown_name(raw: &Value) -> &str {
    raw.get("name").and_then(Value::as_str).unwrap_or_default()
}

/// The value that a typed text stands for: `true`, `false`, `null` and numbers as such, kept to the last digit; all else is
/// text.
#[must_use]
pub fn value(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        text if is_number(text) => serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)),
        text => Value::from(text),
    }
}

/// JSON's own numbers only: `007` and `+1` are texts, as phone numbers and codes are.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.starts_with(|c: char| c.is_ascii_digit())
}

/// Puts a value at a key: `a[b]` goes into `a`, `a[]` at the end of the list `a`.
///
/// # Errors
/// Exit 2 for a key that two fields use in two ways.
pub fn put(body: &mut Map<String, Value>, key: &str, value: Value) -> Result<()> {
    let clash = || Error::usage(format!("the field {key} conflicts with another field"));
    let (name, rest) = key.split_once('[').unwrap_or((key, ""));
    let inner: Option<&str> = rest.strip_suffix(']').filter(|_| key.contains('['));
    if key.contains('[') && (inner.is_none() || rest.matches('[').count() > 0) {
        return Err(Error::usage(format!("the field {key} is nested too deep or not closed"))
            .hint("use --input FILE for the whole body"));
    }
    match inner {
        None => {
            if body.insert(name.to_owned(), value).is_some() {
                return Err(clash());
            }
        }
        Some("") => {
            let list = body.entry(name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut().ok_or_else(clash)?.push(value);
        }
        Some(inner) => {
            let object = body.entry(name).or_insert_with(|| Value::Object(Map::new()));
            let object = object.as_object_mut().ok_or_else(clash)?;
            object.insert(inner.to_owned(), value);
        }
    }
    Ok(())
}

/// What should be said of a change, of which no GET shows `unseen`.
#[must_use]
pub fn notices(fields: &Map<String, Value>, raw: &Value, unseen: &[String]) -> Vec<String> {
    let mut notices = replaced(fields, raw);
    if !unseen.is_empty() {
        notices.push(format!(
            "a GET does not show {}, so the change cannot be verified",
            unseen.join(", ")
        ));
    }
    if is_wrapped(fields, raw) {
        notices.extend(defaults(fields, raw));
    }
    notices
}

/// An id or a count of a body, as a number or as its digits; `7.0` is one too, to a server.
#[must_use]
pub fn number(fields: &Map<String, Value>, name: &str) -> Option<u64> {
    let value = fields.get(name)?;
    let number = to_decimal(value).filter(|number| is_plain(value) && number.fract().is_zero());
    number?.to_u64()
}

/// The id of a record in a body, or the token of one that an earlier step makes.
#[must_use]
pub fn reference(fields: &Map<String, Value>, name: &str) -> Option<RecordId> {
    number(fields, name).map(RecordId::Id).or_else(|| RecordId::token(text(fields, name)))
}

/// A text of a body; nothing where it has none.
#[must_use]
pub fn text<'f>(fields: &'f Map<String, Value>, name: &str) -> &'f str {
    fields.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// What a server makes of a text of a body: of a number its digits.
///
/// # Errors
/// Exit 2 for a list or an object, of which nobody knows what it is read as.
pub fn prose(fields: &Map<String, Value>, name: &str) -> Result<String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => Ok(value.to_string()),
        Some(_) => Err(no_text(name)),
    }
}

fn no_text(name: &str) -> Error {
    let error = Error::usage(format!("{name} is not a text")).nothing_sent();
    error.hint(format!("use -f {name}=\"...\""))
}

/// A text of a body, where it says something.
#[must_use]
pub fn said<'f>(fields: &'f Map<String, Value>, name: &str) -> Option<&'f str> {
    Some(text(fields, name).trim()).filter(|text| !text.is_empty())
}

/// That what a body makes or changes is called something.
///
/// # Errors
/// Exit 5 for a name that is there and blank; exit 2 for one that is no text, and that no guard reads.
pub fn is_named(fields: &Map<String, Value>, name: &str) -> Result<()> {
    match fields.get(name) {
        None => Ok(()),
        Some(Value::Null) => Err(nameless()),
        Some(Value::String(text)) if text.trim().is_empty() => Err(nameless()),
        Some(_) => is_text(fields, name),
    }
}

/// That a field of a body is a text, where it says something.
///
/// # Errors
/// Exit 2 for what no guard reads, though a server might.
pub fn is_text(fields: &Map<String, Value>, name: &str) -> Result<()> {
    match fields.get(name) {
        None | Some(Value::Null | Value::String(_)) => Ok(()),
        Some(_) => Err(no_text(name)),
    }
}

/// The same of a new line item, which must say what it is called, by one of `names`, or what it is made of.
///
/// # Errors
/// As for [`is_named`], and exit 5 where it says neither.
pub fn is_called(fields: &Map<String, Value>, names: &[&str]) -> Result<()> {
    let name = names.first().copied().unwrap_or_default();
    is_named(fields, name)?;
    names.iter().try_for_each(|name| is_text(fields, name))?;
    let is_said = names.iter().any(|name| said(fields, name).is_some());
    match is_said || number(fields, "product_id").is_some() {
        true => Ok(()),
        false => Err(nameless().hint(format!("set {name}, or product_id to what is sold"))),
    }
}

fn nameless() -> Error {
    let error = Error::refused("the line item would have no name").nothing_written();
    error.hint("use a name that the customer can read on the invoice")
}

/// A yes of a body that there is no doubt of.
#[must_use]
pub fn flag(fields: &Map<String, Value>, name: &str) -> bool {
    match fields.get(name) {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(text)) => matches!(text.as_str(), "true" | "1"),
        Some(Value::Number(number)) => number.as_u64() == Some(1),
        _ => false,
    }
}

/// Whether a server may take a field of a body for yes.
#[must_use]
pub fn may_be_yes(fields: &Map<String, Value>, name: &str) -> bool {
    fields.get(name).is_some_and(crate::api::fields::may_be_yes)
}

/// The first field whose name is one of those, also in the record's own name that wraps them.
#[must_use]
pub fn named(fields: &Map<String, Value>, is_one: fn(&str) -> bool) -> Option<&str> {
    let parts = fields.values().filter_map(Value::as_object);
    let names = fields.keys().chain(parts.flat_map(Map::keys));
    names.map(String::as_str).find(|name| is_one(name))
}

/// A body without the record's own name that it may be wrapped in.
#[must_use]
pub fn inside(mut body: Map<String, Value>, name: &str) -> Map<String, Value> {
    if let Some(Value::Object(inner)) = body.remove(name) {
        body.extend(inner);
    }
    body
}

/// An instant of a body.
///
/// # Errors
/// Exit 2 for a time without its zone: its guards would judge another one than the server reads.
pub fn instant(fields: &Map<String, Value>, name: &str) -> Result<Option<Timestamp>> {
    let Some(said) = fields.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    to_instant(said).map(Some).ok_or_else(|| {
        Error::usage(format!("{name} ({}) is not a time with a zone", field_shown(said)))
            .nothing_sent()
            .hint(format!("like -F {name}=2027-03-17T10:00:00-05:00"))
    })
}

/// A count of a body.
///
/// # Errors
/// Exit 2 for one that cannot be read.
pub fn count(fields: &Map<String, Value>, name: &str) -> Result<Option<u64>> {
    let Some(said) = fields.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    number(fields, name).map(Some).ok_or_else(|| {
        Error::usage(format!("{name} ({}) is not a whole number", field_shown(said))).nothing_sent()
    })
}

/// What of a body a GET shows and would change, and the names of what it does not show.
#[must_use]
pub fn changes(fields: &Map<String, Value>, raw: &Value) -> (Vec<Field>, Vec<String>) {
    changes_of(fields, raw, &[])
}

/// The same of a record of which some fields are known.
#[must_use]
pub fn changes_of(
    fields: &Map<String, Value>,
    raw: &Value,
    known: &[ResourceField],
) -> (Vec<Field>, Vec<String>) {
    let (mut changes, mut unseen) = (Vec::new(), Vec::new());
    let plain =
        |at: &str, label: &str, value: &Value| match known.iter().find(|field| field.shown == at) {
            Some(field) => field.change(raw, value),
            None => Field::change(raw, at, label, value.clone()).unknown(),
        };
    for (name, value) in fields {
        match value {
            // Wrapped in the record's own name: what is inside counts.
            Value::Object(inner) if raw.get(name).is_none() => {
                let (more, hidden) = changes_of(inner, raw, known);
                changes.extend(more);
                unseen.extend(hidden);
            }
            Value::Object(inner) => {
                for (key, value) in inner {
                    changes.push(plain(&format!("{name}.{key}"), key, value));
                }
            }
            value => match known.iter().find(|field| field.name == name) {
                Some(field) => changes.push(field.change(raw, value)),
                None if has(raw, name) => changes.push(plain(name, name, value)),
                None => unseen.push(name.clone()),
            },
        }
    }
    changes.retain(Field::is_change);
    (changes, unseen)
}

/// The yes-and-noes of `names` that a body leaves out, as the record says them now, in whatever form it does.
#[must_use]
pub fn kept(fields: &Map<String, Value>, raw: &Value, names: &[&str]) -> Vec<(String, Value)> {
    if is_wrapped(fields, raw) {
        return Vec::new();
    }
    let there = |name: &&&str| !fields.contains_key(**name) && !raw[**name].is_null();
    let left = names.iter().filter(there);
    left.map(|name| ((*name).to_owned(), raw[*name].clone())).collect()
}

/// Whether the fields stand in a member that the record does not have, most likely its own name.
#[must_use]
pub fn is_wrapped(fields: &Map<String, Value>, raw: &Value) -> bool {
    let mut all = fields.iter();
    all.any(|(name, value)| value.is_object() && raw.get(name).is_none())
}

/// What is said of parts that a body would replace, with what is in them now.
#[must_use]
pub fn replaced(fields: &Map<String, Value>, raw: &Value) -> Vec<String> {
    let mut notices = Vec::new();
    for (name, value) in fields {
        let lost: Vec<String> = match (value, raw.get(name)) {
            (Value::Object(new), Some(Value::Object(old))) => {
                old.keys().filter(|key| !new.contains_key(*key)).cloned().collect()
            }
            (Value::Array(new), Some(Value::Array(old))) => {
                let is_lost = |one: &&Value| !new.iter().any(|other| is_entry(one, other));
                old.iter().filter(is_lost).map(|one| secret::shown(name, one).to_string()).collect()
            }
            _ => continue,
        };
        if !lost.is_empty() {
            notices.push(format!(
                "{name} may be replaced as a whole; missing here: {}",
                lost.join(", ")
            ));
        }
    }
    notices
}

/// Whether two entries of a list are about the same: the same id or product, else the same value.
fn is_entry(one: &Value, other: &Value) -> bool {
    let same = |name: &str| !at(one, name).is_null() && at(one, name) == at(other, name);
    one == other || same("id") || same("product_id")
}

/// What is said of booleans that a PUT leaves out, of a record whose command there is none of.
#[must_use]
pub fn defaults(fields: &Map<String, Value>, raw: &Value) -> Option<String> {
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
        .then(|| format!("Syncro may reset these missing fields to a default: {}", left.join(", ")))
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
        let lists = json!({"r": [{"id": 1, "price": 2}, {"id": 2}], "t": ["x", "y"]});
        let fewer = map(json!({"r": [{"id": 1, "price": 3}], "t": ["x", "y", "z"]}));
        let said = replaced(&fewer, &lists);
        assert_eq!(said, ["r may be replaced as a whole; missing here: {\"id\":2}"]);
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
