//! Answers that are to be the same, of what has an age.

use serde_json::Value;

/// Whether each word of an answer is that of one before or of one after, which are to be the same: the age of something may
/// have changed at any time between them, and that of one row earlier than that of the next.
pub(crate) fn is_one_of(offline: &Value, before: &Value, after: &Value) -> bool {
    match (offline, before, after) {
        (Value::Object(one), Value::Object(before), Value::Object(after)) => {
            one.keys().eq(before.keys())
                && one.keys().eq(after.keys())
                && one.iter().all(|(name, value)| is_one_of(value, &before[name], &after[name]))
        }
        (Value::Array(one), Value::Array(before), Value::Array(after)) => {
            one.len() == before.len()
                && one.len() == after.len()
                && (0..one.len()).all(|at| is_one_of(&one[at], &before[at], &after[at]))
        }
        (Value::String(one), Value::String(before), Value::String(after)) => {
            let words =
                [one, before, after].map(|text| text.split_whitespace().collect::<Vec<_>>());
            let [one, before, after] = words;
            one.len() == before.len()
                && one.len() == after.len()
                && (0..one.len()).all(|at| [before[at], after[at]].contains(&one[at]))
        }
        _ => offline == before || offline == after,
    }
}
