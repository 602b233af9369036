//! The whole practice account as it lies on the disk, and what differs between two such pictures, written so that two
//! runs of the same command differ in nothing: ids by their order of making, instants of the run by a word.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// Ids below this are left alone: a small number may be anything.
const SMALLEST_ID: i64 = 10_000;

/// Fields that every change moves.
const VOLATILE: [&str; 2] = ["created_at", "updated_at"];

/// All tables, their records by id, as they are written. Only what differs is ever read: most of an account stays as it
/// was.
#[derive(Clone, Debug)]
pub(crate) struct Picture(BTreeMap<String, BTreeMap<i64, String>>);

/// What one picture has that an earlier one has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changes {
    /// A line a field, in order; a line a record that is gone.
    pub(crate) lines: Vec<String>,
    /// The ids of new records, by table.
    pub(crate) made: BTreeMap<String, BTreeSet<i64>>,
}

impl Picture {
    /// Reads the state in the server's folder.
    pub(super) fn read(dir: &Path) -> Self {
        let text = std::fs::read_to_string(dir.join("state.json")).unwrap();
        let tables = members(&text).into_iter().find(|(name, _)| *name == "tables");
        let records = |table: &str| {
            let records = members(table).into_iter();
            records.map(|(id, record)| (id.parse().unwrap(), record.to_owned())).collect()
        };
        let tables = members(tables.unwrap().1).into_iter();
        Self(tables.map(|(name, table)| (name.to_owned(), records(table))).collect())
    }

    /// What has changed since `before`; the fields of `volatile` are left out.
    pub(crate) fn since(&self, before: &Self, volatile: &[&str]) -> Changes {
        let none = BTreeMap::new();
        let mut changes = Changes { lines: Vec::new(), made: BTreeMap::new() };
        for (table, records) in &self.0 {
            let old = before.0.get(table).unwrap_or(&none);
            let new: BTreeSet<i64> =
                records.keys().filter(|id| !old.contains_key(id)).copied().collect();
            if !new.is_empty() {
                changes.made.insert(table.clone(), new);
            }
        }
        let names = names(&changes.made);
        let clothes = Clothes { names: &names, volatile, now: Timestamp::now() };
        for (table, records) in &self.0 {
            let old = before.0.get(table).unwrap_or(&none);
            let gone = old.keys().filter(|id| !records.contains_key(id));
            changes.lines.extend(gone.map(|id| format!("{table} - {id}")));
            let mut place = 0;
            for (id, record) in records {
                match old.get(id) {
                    Some(before) if before == record => {}
                    None => {
                        place += 1;
                        let added = clothes.added(&format!("{table}.{place}"), &fields(record));
                        changes.lines.extend(added);
                    }
                    Some(before) => {
                        let place = format!("{table} {id}");
                        let moved = clothes.moved(&place, &fields(before), &fields(record));
                        changes.lines.extend(moved);
                    }
                }
            }
        }
        changes
    }
}

fn fields(record: &str) -> Map<String, Value> {
    serde_json::from_str(record).unwrap()
}

/// The members of a JSON object without white space, their values as they are written.
fn members(object: &str) -> Vec<(&str, &str)> {
    let bytes = object.as_bytes();
    let (mut members, mut depth, mut at) = (Vec::new(), 0, 0);
    let (mut begin, mut colon) = (1, None);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = end_of_text(object, at),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b':' if depth == 1 && colon.is_none() => colon = Some(at),
            _ => {}
        }
        if let Some(colon_at) = colon
            && (depth == 0 || depth == 1 && *byte == b',')
        {
            let name = object[begin..colon_at].trim_matches('"');
            members.push((name, &object[colon_at + 1..at]));
            (begin, colon) = (at + 1, None);
        }
        at += 1;
    }
    members
}

/// Where the text ends that begins at `from`.
fn end_of_text(object: &str, from: usize) -> usize {
    let mut at = from + 1;
    loop {
        at += object[at..].find('"').unwrap();
        let escapes = object.as_bytes()[..at].iter().rev();
        if escapes.take_while(|byte| **byte == b'\\').count() % 2 == 0 {
            return at;
        }
        at += 1;
    }
}

/// A name for each new id, by the order of making.
fn names(made: &BTreeMap<String, BTreeSet<i64>>) -> BTreeMap<i64, String> {
    let mut names = BTreeMap::new();
    for (table, ids) in made {
        let named = ids.iter().zip(1..);
        names.extend(
            named
                .filter(|(id, _)| **id >= SMALLEST_ID)
                .map(|(id, place)| (*id, format!("{{{table}.{place}}}"))),
        );
    }
    names
}

/// How values are written.
struct Clothes<'a> {
    names: &'a BTreeMap<i64, String>,
    volatile: &'a [&'a str],
    now: Timestamp,
}

impl Clothes<'_> {
    fn is_left_out(&self, field: &str) -> bool {
        VOLATILE.contains(&field) || self.volatile.contains(&field)
    }

    fn record(&self, record: &Map<String, Value>) -> String {
        let kept = record.iter().filter(|(name, _)| !self.is_left_out(name));
        let fields: Vec<String> = kept
            .filter(|(name, _)| *name != "id")
            .map(|(name, value)| format!("{name}: {}", self.value(value)))
            .collect();
        fields.join(", ")
    }

    fn added(&self, place: &str, record: &Map<String, Value>) -> Vec<String> {
        let kept = record.iter().filter(|(name, _)| !self.is_left_out(name));
        kept.filter(|(name, _)| *name != "id")
            .map(|(name, value)| format!("{place} {name}: {}", self.value(value)))
            .collect()
    }

    fn moved(
        &self,
        place: &str,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
    ) -> Vec<String> {
        let fields: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        fields
            .into_iter()
            .filter(|field| !self.is_left_out(field) && before.get(*field) != after.get(*field))
            .map(|field| {
                let shown = |record: &Map<String, Value>| {
                    record.get(field).map_or_else(|| "-".to_owned(), |value| self.value(value))
                };
                format!("{place} {field}: {} -> {}", shown(before), shown(after))
            })
            .collect()
    }

    fn value(&self, value: &Value) -> String {
        match value {
            Value::Number(number) => {
                let name = number.as_i64().and_then(|id| self.names.get(&id));
                name.cloned().unwrap_or_else(|| number.to_string())
            }
            Value::String(text) => {
                let name = text.parse().ok().and_then(|id: i64| self.names.get(&id));
                match name {
                    Some(name) => name.clone(),
                    None => self.of_this_run(text).unwrap_or_else(|| value.to_string()),
                }
            }
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(fields) => format!("({})", self.record(fields)),
            other => other.to_string(),
        }
    }

    /// An instant of this run, or of its time of day on another: what is said in advance is said in whole minutes.
    fn of_this_run(&self, text: &str) -> Option<String> {
        let at: Timestamp = text.parse().ok()?;
        let near = SignedDuration::from_mins(10);
        let day = SignedDuration::from_hours(24);
        if at.as_millisecond() % 60_000 == 0 {
            return None;
        }
        let away = at.duration_since(self.now).checked_add(near)?;
        let days = away.as_secs().div_euclid(day.as_secs());
        let rest = away.as_secs().rem_euclid(day.as_secs());
        (rest < 2 * near.as_secs()).then(|| format!("{{now + {days} days}}"))
    }
}

#[test]
fn members_are_found_whatever_is_in_them() {
    let object = r#"{"a":{"x":"}],\"","y":[1,{"z":2}]},"b":"\\","c":null}"#;
    let found = members(object);
    let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    let whole: Value = serde_json::from_str(object).unwrap();
    for (name, value) in found {
        let value: Value = serde_json::from_str(value).unwrap();
        assert_eq!(value, whole[name]);
    }
    assert!(members("{}").is_empty());
}
