//! What is kept of a record where not all of it is needed: the members that are named, and nothing of the rest.

use std::fmt;

use serde::de::{Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::room::Room;

/// The dotted paths of the members that are kept; those of a list are those of each of its elements. A reference by id is
/// kept in both of its forms.
#[derive(Debug, Clone, Copy)]
pub struct Part(pub(super) &'static [&'static str]);

impl Part {
    /// The part of a record that is still a text. Of what is not kept no values are made: that takes longer than all else.
    ///
    /// # Errors
    /// When the text is no JSON.
    pub fn read(self, text: &str) -> serde_json::Result<Value> {
        read(text, self.0)
    }

    /// Takes all else out of a record.
    pub(super) fn leave(self, record: &mut Value) {
        leave(record, self.0);
    }

    /// What is wrong with a part of this size, for people.
    pub(super) fn refuses(self, part: &Value) -> Option<String> {
        let most = Room::of_a_part();
        let is = Room::of(part);
        if is.bytes > most.bytes {
            return Some(format!(
                "what is needed of the record is larger than {} KiB",
                most.bytes >> 10
            ));
        }
        let too_many = is.values > most.values;
        too_many
            .then(|| format!("what is needed of the record has more than {} values", most.values))
    }
}

/// Where nothing below it is named, a value is a single one: what is in a list or an object in its place is not kept.
fn leave(value: &mut Value, paths: &[&str]) {
    match value {
        Value::Array(items) if paths.is_empty() => *items = Vec::new(),
        Value::Array(items) => items.iter_mut().for_each(|item| leave(item, paths)),
        Value::Object(members) => {
            // Made anew: what was taken out of it would leave its place behind.
            let kept = std::mem::take(members).into_iter().filter_map(|(name, mut value)| {
                leave(&mut value, &below(&name, paths)?);
                Some((name, value))
            });
            *members = kept.collect::<Map<_, _>>();
        }
        _ => {}
    }
}

/// As [`leave`] leaves it.
fn read(text: &str, paths: &[&str]) -> serde_json::Result<Value> {
    match text.as_bytes().first() {
        Some(b'{') => serde_json::Deserializer::from_str(text).deserialize_map(Members(paths)),
        Some(b'[') if paths.is_empty() => Ok(Value::Array(Vec::new())),
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            items.into_iter().map(|item| read(item.get(), paths)).collect()
        }
        _ => serde_json::from_str(text),
    }
}

/// The members of an object at these paths.
struct Members<'p>(&'p [&'p str]);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            match below(&name, self.0) {
                Some(paths) => {
                    let text: &RawValue = map.next_value()?;
                    let value = read(text.get(), &paths).map_err(A::Error::custom)?;
                    members.insert(name, value);
                }
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(Value::Object(members))
    }
}

/// The paths below a member; none where it is not named.
fn below<'p>(name: &str, paths: &[&'p str]) -> Option<Vec<&'p str>> {
    let (mut is_named, mut below) = (false, Vec::new());
    for path in paths {
        match path.strip_prefix(name) {
            Some("") => is_named = true,
            Some("_id") => below.push("id"),
            Some(rest) => below.extend(rest.strip_prefix('.')),
            None => {}
        }
    }
    (is_named || !below.is_empty()).then_some(below)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_not_named_is_not_kept() {
        let part = Part(&["id", "number", "customer_id", "user.full_name", "lines.price"]);
        for (record, kept) in [
            (json!({"id": 1, "body": "long", "more": [1, 2]}), json!({"id": 1})),
            (json!({"id": [1, 2], "number": {"a": 1}}), json!({"id": [], "number": {}})),
            (json!({"customer_id": 7}), json!({"customer_id": 7})),
            (
                json!({"customer": {"id": 7, "notes": "long"}, "customer_ids": [7]}),
                json!({"customer": {"id": 7}}),
            ),
            (json!({"customer": null, "user": null}), json!({"customer": null, "user": null})),
            (
                json!({"user": {"id": 1, "full_name": "Wren"}, "lines": [{"price": 1, "x": 2}, 3]}),
                json!({"user": {"full_name": "Wren"}, "lines": [{"price": 1}, 3]}),
            ),
            (json!({"lines": {"price": "1", "x": 2}}), json!({"lines": {"price": "1"}})),
            (json!(7), json!(7)),
            (
                json!({"lines": [[{"price": 1.50, "x": "}"}], []], "x": {"id": 1}}),
                json!({"lines": [[{"price": 1.50}], []]}),
            ),
        ] {
            let mut left = record.clone();
            part.leave(&mut left);
            assert_eq!(left, kept, "{record}");
            assert_eq!(part.read(&record.to_string()).unwrap(), kept, "{record}");
        }
        assert!(part.read("{\"id\": 1").is_err());
        assert_eq!(part.refuses(&json!({"id": 1})), None);
        assert!(part.refuses(&json!({"number": "1".repeat(2 << 20)})).is_some());
        assert!(part.refuses(&json!({"lines": vec![json!({"price": 1}); 10_000]})).is_some());
    }
}
