//! Answers in other spellings, as versions, proxies and importers of accounts leave them: dates, flags and prices that a
//! client has to understand, and such as nobody can.

use serde_json::{Value, json};

use super::reply::{Body, Reply};

/// How the values of an answer are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `2026-04-24 01:45:00 UTC`.
    Utc,
    /// 1 and 0.
    Digits,
    /// "true" and "false".
    Quoted,
    /// `$95.50`.
    Dollars,
    /// `95,50`.
    Commas,
    /// `1.250,00`.
    Points,
    /// Ends of timers that say nothing.
    UnclearEnds,
    /// Flags that say nothing.
    UnclearFlags,
    /// Accents behind their letters, blanks that do not break.
    Decomposed,
    /// One entry too much among the users.
    OddUser,
}

/// Amounts as accounts name them.
const AMOUNTS: [&str; 4] = ["price_retail", "price", "total", "subtotal"];

/// The answer with its values written so.
pub(super) fn spelled(spelling: Spelling, right: Reply) -> Reply {
    match right.body {
        Body::Json(mut value) => {
            respell(spelling, "", &mut value);
            Reply { body: Body::Json(value), ..right }
        }
        _ => right,
    }
}

fn respell(spelling: Spelling, name: &str, value: &mut Value) {
    if let Some(other) = other(spelling, name, value) {
        *value = other;
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                respell(spelling, name, value);
            }
        }
        Value::Array(items) => {
            if name == "users" && spelling == Spelling::OddUser {
                items.insert(1.min(items.len()), json!([9_999, null]));
            }
            items.iter_mut().for_each(|item| respell(spelling, "", item));
        }
        _ => {}
    }
}

/// The other way in which a value is written, if there is one.
fn other(spelling: Spelling, name: &str, value: &Value) -> Option<Value> {
    let amount = || {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        (AMOUNTS.contains(&name) && !value.is_null()).then_some(text)
    };
    Some(match (spelling, value) {
        (Spelling::Utc, Value::String(text)) => {
            let at: jiff::Timestamp = text.parse().ok()?;
            json!(at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        }
        (Spelling::Digits, Value::Bool(flag)) => json!(u8::from(*flag)),
        (Spelling::Quoted, Value::Bool(flag)) => json!(flag.to_string()),
        (Spelling::UnclearFlags, Value::Bool(_)) => json!("perhaps"),
        (Spelling::UnclearEnds, Value::String(_)) if name == "end_time" => json!("Friday noon"),
        (Spelling::Dollars, _) => json!(format!("${}", amount()?)),
        (Spelling::Commas, _) => json!(amount()?.replace('.', ",")),
        (Spelling::Points, _) => json!(format!("1.{}", amount()?.replace('.', ","))),
        (Spelling::Decomposed, Value::String(text)) if name.ends_with("name") => {
            json!(text.replace('é', "e\u{301}").replace(' ', "\u{a0}"))
        }
        (Spelling::Decomposed, Value::String(text)) if name.is_empty() => {
            json!(text.replace(' ', "\u{a0} "))
        }
        _ => return None,
    })
}
