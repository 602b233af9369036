//! References from one record to another, in both forms that the API has for them, and the ids they hold.

use serde_json::Value;

/// The value at a dotted path; null where there is none. A name may have dots of its own where it ends the path, as those of
/// properties do, which people choose; a record of a list is named by its id. A reference is found in both forms that the API has for it:
/// `contact_id: 7`, and `contact: {"id": 7}` where that is not there.
#[must_use]
pub fn at<'v>(record: &'v Value, path: &str) -> &'v Value {
    find(record, path).unwrap_or(&Value::Null)
}

fn find<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    let nested = path.split_once('.').and_then(|(name, rest)| find(member(record, name)?, rest));
    nested.or_else(|| member(record, path))
}

/// Whether a record has a field, be it null; a reference in either form.
#[must_use]
pub fn has(record: &Value, name: &str) -> bool {
    let nested = || {
        let other = name.strip_suffix(ID).and_then(|name| record.get(name));
        other.is_some_and(|other| other.is_null() || other.get("id").is_some())
    };
    find(record, name).is_some() || nested()
}

fn member<'v>(record: &'v Value, name: &str) -> Option<&'v Value> {
    if let Value::Array(records) = record {
        let id = name.parse().ok();
        return records.iter().find(|one| id.is_some() && one.get("id").and_then(to_id) == id);
    }
    let plain = record.get(name);
    let nested = || record.get(name.strip_suffix(ID)?)?.get("id");
    plain.filter(|value| !value.is_null()).or_else(nested).or(plain)
}

/// An id as the server writes it: a number, or a text of digits.
#[must_use]
pub fn to_id(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// How the name of a reference by id ends.
const ID: &str = "_id";
