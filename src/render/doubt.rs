//! A step in doubt, for people: what is said and asked while it is looked for, and why nobody can tell in the end.

use serde_json::Value;

use crate::api::{same, secret};
use crate::write::{Doubt, Effect, Notice, Question, Shown, Step, field_shown};

/// The fields by which a person knows a record again.
const TELLING: [&str; 12] = [
    "created_at",
    "subject",
    "name",
    "business_name",
    "summary",
    "description",
    "notes",
    "body",
    "quantity",
    "start_at",
    "payment_amount",
    "payment_method",
];

/// A question that only a person can answer.
#[must_use]
pub fn question(question: &Question<'_>) -> String {
    match question {
        Question::Overwrite { now, effect } => {
            let to = effect.changes().iter();
            let to = to.map(|change| field_shown(&secret::shown(&change.path, &change.expected)));
            let to: Vec<String> = to.collect();
            let to = to.join(", ");
            let what = effect.label();
            format!("Someone else changed {what} to \"{now}\". Set it to \"{to}\" anyway?")
        }
        Question::Rounded(rounded) => format!("{rounded}. Create it?"),
        Question::IsIt(id, step) => {
            format!("Is {id} what was sent to {}?", step.description)
        }
        Question::AgainThen => "Then nothing shows that it was written. Send it again?".to_owned(),
        Question::Again(step, why) => format!(
            "Not found ({why}): {}. If the first request is only delayed, sending it again creates a duplicate. Send it again?",
            step.description
        ),
    }
}

/// Why it takes longer.
#[must_use]
pub fn notice(notice: &Notice<'_>) -> String {
    match notice {
        Notice::Settling(why, time) => format!(
            "no clear answer ({why}); checking for up to {} s whether it was written",
            time.as_secs().max(1)
        ),
        Notice::Perhaps { why, step, id, record } => {
            let record = record.map(described).unwrap_or_default();
            format!("{why}; {}\n  {id}: {record}", perhaps(&step.effect, &[*id]))
        }
        Notice::RateLimited(wait) => waiting("Syncro's rate limit is exhausted", wait.as_secs()),
        Notice::TooEarly(wait) => {
            waiting("it was not found, and it is too early to send it again", wait.as_secs())
        }
        Notice::NoConnection(cause) => {
            format!("no connection ({cause}); checking before one more try")
        }
    }
}

fn waiting(why: &str, seconds: u64) -> String {
    format!("{why}; waiting {} s", seconds.max(1))
}

/// Why it is not known whether `step` landed.
pub(super) fn doubt(step: &Step, doubt: &Doubt) -> String {
    let accepted = doubt.why.is_none();
    let shown = match &doubt.shown {
        Shown::Perhaps(ids) => perhaps(&step.effect, ids),
        Shown::Failed(error) if accepted => format!("it could not be verified: {error}"),
        Shown::Failed(error) => format!("and the check failed: {error}"),
        Shown::Nothing if !accepted => "it was not found and was not sent again".to_owned(),
        Shown::Nothing if step.effect.collection().is_none() => {
            "a GET does not show the change".to_owned()
        }
        Shown::Nothing => "a GET does not show it".to_owned(),
        Shown::Unverifiable => {
            "the API cannot confirm whether it happened, so it is not sent again".to_owned()
        }
    };
    match &doubt.why {
        Some(why) => format!("{why}; {shown}"),
        None => format!("Syncro accepted it, but {shown}"),
    }
}

/// A look that shows something of an effect, but not for certain: `ids` are new records.
#[must_use]
pub fn perhaps(effect: &Effect, ids: &[u64]) -> String {
    let list = ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    match effect {
        Effect::TimerCharged { timer, .. } if ids.is_empty() => {
            format!("timer entry {timer} is charged or deleted, but there is no new line item")
        }
        Effect::TimerCharged { timer, .. } => format!(
            "there is a new line item ({list}), which may or may not come from timer entry {timer}"
        ),
        _ if ids.is_empty() => {
            "there are more new records than one check reads, and it may be one of them".to_owned()
        }
        _ => format!(
            "there is a new record with different contents or an unknown author ({list}), which may or may not be it"
        ),
    }
}

/// A line of what a record says, for whoever is to tell whether it is the one.
fn described(record: &Value) -> String {
    let blank = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
    let said: Vec<String> = TELLING
        .iter()
        .map(|field| (field, &record[*field]))
        .filter(|(_, value)| !value.is_null() && !blank(value))
        .map(|(field, value)| {
            format!("{} {}", field.replace('_', " "), same::text(&field_shown(value)))
        })
        .collect();
    said.join("; ").chars().take(160).collect()
}
