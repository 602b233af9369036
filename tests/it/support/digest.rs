//! The whole practice account as it lies on the disk, and what differs between two such pictures, written so that two
//! runs of the same command differ in nothing: ids by their order of making, instants of the run by a word.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// Ids below this are left alone: a small number may be anything.
const SMALLEST_ID: i64 = 10_000;

/// Fields that every change moves.
const VOLATILE: [&str; 2] = ["created_at", "updated_at"];

/// All tables, shared with the pictures that have the same: most of an account stays as it was.
#[derive(Clone, Debug)]
pub(crate) struct Picture(BTreeMap<String, Arc<Rows>>);

/// One table as it is written, and its records by id. Only what differs is ever read further.
#[derive(Debug)]
struct Rows {
    text: String,
    records: BTreeMap<i64, String>,
}

/// What one picture has that an earlier one has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Changes {
    /// A line a field, in order; a line a record that is gone.
    pub(crate) lines: Vec<String>,
    /// The ids of new records, by table.
    pub(crate) made: BTreeMap<String, BTreeSet<i64>>,
}

impl Picture {
    /// Reads a state as the server writes it; what it has in common with `known` is taken over.
    pub(super) fn read(text: &str, known: Option<&Self>) -> Self {
        let of = |table: &str| known.and_then(|known| known.0.get(table));
        let from = text.find("\"tables\":").unwrap() + "\"tables\":".len();
        let tables = members(&text[from..], |table| of(table).map(|rows| rows.text.as_str()));
        let tables = tables.into_iter().map(|(name, text)| {
            let rows = match of(name) {
                Some(known) if known.text == text => Arc::clone(known),
                known => Arc::new(Rows::read(text, known.map(AsRef::as_ref))),
            };
            (name.to_owned(), rows)
        });
        Self(tables.collect())
    }

    /// What has changed since `before`; the fields of `volatile` are left out.
    pub(crate) fn since(&self, before: &Self, volatile: &[&str]) -> Changes {
        let none = BTreeMap::new();
        let mut changes = Changes { lines: Vec::new(), made: BTreeMap::new() };
        let differ = |table: &str, rows: &Arc<Rows>| {
            !before.0.get(table).is_some_and(|old| Arc::ptr_eq(old, rows))
        };
        let differ = self.0.iter().filter(|(table, rows)| differ(table, rows));
        let differ: Vec<_> = differ
            .map(|(table, rows)| {
                (table, before.0.get(table).map_or(&none, |rows| &rows.records), &rows.records)
            })
            .collect();
        for (table, old, records) in &differ {
            let new: BTreeSet<i64> =
                records.keys().filter(|id| !old.contains_key(id)).copied().collect();
            if !new.is_empty() {
                changes.made.insert((*table).clone(), new);
            }
        }
        let names = names(&changes.made);
        let clothes = Clothes { names: &names, volatile, now: Timestamp::now() };
        for (table, old, records) in differ {
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

impl Rows {
    fn read(text: &str, known: Option<&Self>) -> Self {
        let of = |id: &str| known?.records.get(&id.parse().ok()?).map(String::as_str);
        let records = members(text, of).into_iter();
        let records = records.map(|(id, record)| (id.parse().unwrap(), record.to_owned()));
        Self { text: text.to_owned(), records: records.collect() }
    }
}

/// The members of the JSON object without white space that `object` begins with, their values as they are written.
/// `guess` tells what a value may be: one that is so is passed over in one step.
fn members<'a, 'g>(
    object: &'a str,
    guess: impl Fn(&str) -> Option<&'g str>,
) -> Vec<(&'a str, &'a str)> {
    let bytes = object.as_bytes();
    let (mut members, mut at) = (Vec::new(), 1);
    while bytes.get(at) == Some(&b'"') {
        let end = end_of_text(object, at);
        let (name, value) = (&object[at + 1..end], end + 2);
        let guessed = guess(name).filter(|guess| object[value..].starts_with(guess));
        // A number may go on where the guess ends.
        let guessed = guessed.map(|guess| value + guess.len());
        let guessed = guessed.filter(|end| matches!(bytes[*end], b',' | b'}'));
        let end = guessed.unwrap_or_else(|| end_of_value(object, value));
        members.push((name, &object[value..end]));
        at = end + 1;
    }
    members
}

/// Where the value of a member ends that begins at `from`: at the comma or the bracket behind it.
fn end_of_value(object: &str, from: usize) -> usize {
    let bytes = object.as_bytes();
    let (mut depth, mut at) = (0, from);
    loop {
        match bytes[at] {
            b'"' => at = end_of_text(object, at),
            b'{' | b'[' => depth += 1,
            b',' | b'}' if depth == 0 => return at,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
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
    let object = r#"{"a":{"x":"}],\"","y":[1,{"z":2}]},"b":"\\","c":null,"d":17}, "more": 1"#;
    let guesses =
        [None, Some("null"), Some("1"), Some("17"), Some(r#"{"x":"}],\"","y":[1,{"z":2}]}"#)];
    for guess in guesses {
        let found = members(object, |_| guess);
        let names: Vec<&str> = found.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        let whole: Value = serde_json::from_str(object.split_once(", ").unwrap().0).unwrap();
        for (name, value) in found {
            let value: Value = serde_json::from_str(value).unwrap();
            assert_eq!(value, whole[name]);
        }
    }
    assert!(members("{}", |_| None).is_empty());
}

#[test]
fn what_two_pictures_have_in_common_is_told_from_what_differs() {
    let state = |name: &str, more: &str| {
        format!(
            r#"{{"version":2,"tables":{{"a":{{"1":{{"id":1}}}},"b":{{"7":{{"name":"{name}"}}{more}}}}}}}"#
        )
    };
    let before = Picture::read(&state("Ada", ""), None);
    let same = Picture::read(&state("Ada", ""), Some(&before));
    assert!(same.since(&before, &[]).lines.is_empty());
    let after = Picture::read(&state("Eve", r#","8":{"name":"Ada"}"#), Some(&before));
    let changes = after.since(&before, &[]);
    assert_eq!(
        changes,
        Picture::read(&state("Eve", r#","8":{"name":"Ada"}"#), None).since(&before, &[])
    );
    assert_eq!(changes.lines, [r#"b 7 name: "Ada" -> "Eve""#, r#"b.1 name: "Ada""#]);
    let gone = before.since(&after, &[]).lines;
    assert_eq!(gone, ["b - 8", r#"b 7 name: "Eve" -> "Ada""#]);
}
