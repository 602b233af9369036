//! A step: one write of a plan, as a value: what it sends, what that makes true, what it rests on and what the report
//! says of it.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::effect::Effect;
use super::precondition::Precondition;
use super::record::{Difference, Field, fill_id};
use super::records::{RecordId, filled};
use crate::api::{Method, Write, secret};
use crate::billing::contents::Contents;

/// Hours are charged in steps of a hundredth.
const ONE_STEP: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// What a step sends. Stored and shown as often as needed; turned into a [`Write`] only by the engine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The path below the base.
    pub path: String,
    /// The body.
    pub body: Option<Value>,
}

impl From<Write> for Request {
    fn from(write: Write) -> Self {
        Self { method: write.method, path: write.path, body: write.body }
    }
}

impl Request {
    /// The body as people see it: without its secrets.
    pub fn shown(&self) -> Option<Value> {
        self.body.as_ref().map(secret::masked)
    }

    /// Whether it is the same as one that was sent, of which the journal may have cut out the secrets.
    pub(super) fn repeats(&self, sent: &Self) -> bool {
        let place = |one: &Self| (one.method, one.path.clone());
        place(self) == place(sent) && self.shown() == sent.shown()
    }

    /// The one value that can be sent, made anew for each sending.
    pub(super) fn to_write(&self) -> Write {
        Write { method: self.method, path: self.path.clone(), body: self.body.clone() }
    }
}

/// One write of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use]
pub struct Step {
    /// The word of `--json` for it: `comment`, `line_item`, `invoice`, `status`, …
    pub name: String,
    /// What it does, for people: "add the comment".
    pub description: String,
    /// What it sends.
    pub request: Request,
    /// What it makes true.
    pub effect: Effect,
    /// What must still be so when it is sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preconditions: Vec<Precondition>,
    /// What the report says of it after the record's own name: "Rust on the hinges", "status New -> Resolved".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub report: String,
    /// What the question before the writes calls it, where that is not its description: "email joe@x.example".
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stake: String,
    /// The hours that it is about, where they run on while the question is asked.
    #[serde(skip)]
    pub counted: Option<Decimal>,
}

impl Step {
    /// A step that sends `request` to make `effect` true.
    pub fn new(
        name: &str,
        description: impl Into<String>,
        request: impl Into<Request>,
        effect: Effect,
    ) -> Self {
        Self {
            name: name.to_owned(),
            description: description.into(),
            request: request.into(),
            effect,
            preconditions: Vec::new(),
            report: String::new(),
            stake: String::new(),
            counted: None,
        }
    }

    /// Has it rest on fields of the record that it sends along as they are, `raw` being the record: whoever changes one
    /// meanwhile would have it set back. They cost no look, since the record is read before it is changed in any case.
    pub fn requires_unchanged(self, raw: &Value, names: &[&str]) -> Self {
        let Effect::Updated { of, label, changes, .. } = &self.effect else {
            return self;
        };
        let changed = |name: &str| changes.iter().any(|change| change.path == name);
        let names: Vec<&str> = names.iter().copied().filter(|name| !changed(name)).collect();
        let given = Precondition::kept(of.clone(), label, raw, &names).recheck();
        self.requires(given)
    }

    /// Adds what must still be so when it is sent.
    pub fn requires(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// Adds what the report says of it.
    pub fn reports(mut self, report: impl Into<String>) -> Self {
        self.report = report.into();
        self
    }

    /// Adds what the question calls it.
    pub fn asked_as(mut self, stake: impl Into<String>) -> Self {
        self.stake = stake.into();
        self
    }

    /// Has it be about hours that run on.
    pub const fn counted(mut self, hours: Decimal) -> Self {
        self.counted = Some(hours);
        self
    }

    /// Whether it is the same but for hours that have run on by one step, and what is said of them.
    pub(super) fn runs_on_from(&self, before: &Self) -> bool {
        let (Some(now), Some(then)) = (self.counted, before.counted) else {
            return false;
        };
        let as_before =
            Self { counted: before.counted, stake: before.stake.clone(), ..self.clone() };
        now.saturating_sub(then).abs() <= ONE_STEP && as_before == *before
    }

    /// Has a field that it changes begin from what somebody else has made of it, in what the report says as well.
    pub(super) fn take_for_old(&mut self, now: Difference) {
        let says = |effect: &Effect| {
            let changes = effect.changes().iter().map(Field::says);
            changes.collect::<Vec<_>>().join("; ")
        };
        let is_of_changes = self.report == says(&self.effect);
        self.effect.take_for_old(now);
        if is_of_changes {
            self.report = says(&self.effect);
        }
    }

    /// Whether it waits for a record that an earlier step is to make.
    pub fn waits(&self) -> bool {
        let open = |name: &str, value: &Value| {
            name.ends_with("_id") && value.as_str().and_then(RecordId::token).is_some()
        };
        let body = self.request.body.as_ref().and_then(Value::as_object);
        self.request.path.contains('{')
            || body.is_some_and(|body| body.iter().any(|(name, value)| open(name, value)))
    }

    /// The lines and invoices that it rests on, where it rests on all of them.
    pub fn contents(&self) -> Option<&Contents> {
        self.preconditions.iter().find_map(|given| match given {
            Precondition::AsPreviewed(contents) => Some(contents),
            _ => None,
        })
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        self.request.path = filled(&self.request.path, ids);
        if let Some(Value::Object(body)) = &mut self.request.body {
            for (name, value) in body.iter_mut() {
                fill_id(name, value, ids);
            }
        }
        self.effect.fill(ids);
        for given in &mut self.preconditions {
            given.fill(ids);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::write::{Account, Collection, LineKind, Plan, Preview, Scope};

    /// A stop of so many hundredths of an hour at one hundred dollars.
    fn stop(hundredths: i64, row: &str) -> Plan {
        let account: Account =
            serde_json::from_value(json!({"base": "b", "owner": 1, "owner_name": "R"})).unwrap();
        let mut preview = Preview::from(row);
        preview.push(LineKind::Stake, format!("  Line item  ${hundredths}.00"));
        let request = Request { method: Method::Post, path: "x".to_owned(), body: None };
        let step = Step::new("stop", "stop", request, Effect::created(Collection::LINES))
            .asked_as(format!("stop and charge ${hundredths}.00"))
            .counted(Decimal::new(hundredths, 2));
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut plan = Plan::new("stop", "Stop", account, Scope::default(), now).previewed(preview);
        plan.steps.push(step);
        plan
    }

    #[test]
    fn hours_that_run_on_by_one_step_are_the_same() {
        let shown = stop(50, "  Stop  1");
        for (again, is_same) in [
            (stop(50, "  Stop  1"), true),
            (stop(51, "  Stop  1"), true),
            (stop(52, "  Stop  1"), false),
            (stop(51, "  Stop  2"), false),
            (stop(50, "  Stop  2"), false),
        ] {
            assert_eq!(again.same_as(&shown), is_same, "{again:?}");
        }
    }
}
