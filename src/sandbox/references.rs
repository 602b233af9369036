//! Answers that refer to other records in one form only, as the API's specification shows tickets: the record itself,
//! `contact: {"id": 7}`, without `contact_id` beside it.

use serde_json::Value;

use super::reply::{Body, Reply};

/// The answer without the ids that stand beside the records they are of.
pub(super) fn nested(right: Reply) -> Reply {
    match right.body {
        Body::Json(mut value) => {
            leave_out(&mut value);
            Reply { body: Body::Json(value), ..right }
        }
        _ => right,
    }
}

fn leave_out(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let beside = |name: &String, value: &Value| {
                (value.is_null() || value.get("id").is_some()).then(|| format!("{name}_id"))
            };
            let ids: Vec<String> =
                fields.iter().filter_map(|(name, value)| beside(name, value)).collect();
            for id in ids {
                fields.remove(&id);
            }
            fields.values_mut().for_each(leave_out);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out),
        _ => {}
    }
}
