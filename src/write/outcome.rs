//! The outcome of a plan: each step's fate, what was made, what went wrong. Values only; the report is made of it.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::plan::{Plan, PlanId};
use super::state::StepState;
use super::step::Step;
use crate::error::{Error, Kind};

/// Why an execution ended before its end.
#[derive(Debug, Clone, PartialEq)]
pub enum StopReason {
    /// The API said no.
    Refused {
        /// The status.
        status: u16,
        /// The API's own words.
        message: String,
    },
    /// 429, three times.
    RateLimited(String),
    /// The connection could not be made, twice.
    NeverLeft(String),
    /// A step may or may not have landed.
    Unconfirmed(String),
    /// A read before sending failed.
    Unread(Error),
    /// Something is not as it was previewed.
    Changed(String),
    /// What landed is not what was planned.
    CheckFailed(Failure),
    /// More than one record where one was sent.
    Duplicate(Vec<u64>),
    /// Ctrl-C.
    Interrupted,
    /// The journal could not be written before sending.
    NoJournal(Error),
    /// The journal could not be written after sending.
    JournalLost(Error),
}

/// What is wrong with what landed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// A record lost its price.
    Price {
        /// The record, for people.
        label: String,
        /// What it shows.
        shown: Decimal,
        /// What was sent.
        sent: Decimal,
    },
    /// The invoice has no lines.
    InvoiceEmpty,
    /// The invoice is for nothing, and no prepaid hours were taken.
    InvoiceZero,
    /// A value is not the one that was sent.
    Value(String),
}

/// What became of one step, in the words of `--json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// Landed, and a GET has shown it.
    Done,
    /// Found by looking, not named by an answer.
    Adopted,
    /// It may have landed.
    Unconfirmed,
    /// It did not land, or not as planned.
    Failed,
    /// Nothing was sent.
    NotSent,
}

impl StepOutcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Adopted => "adopted",
            Self::Unconfirmed => "unconfirmed",
            Self::Failed => "failed",
            Self::NotSent => "not_sent",
        }
    }
}

/// Records as the API's GETs showed them, for `--json`.
#[derive(Debug, Clone, Default)]
pub struct CreatedRecords {
    /// The records by the member that shows them: one, or a list where the member ends in "s". A ticket that steps were
    /// looked for on is among them, as it was seen last.
    pub records: BTreeMap<String, Vec<Value>>,
    /// Prepaid hours before and after the invoice.
    pub prepaid: Option<(Decimal, Decimal)>,
    /// The API's answer to what no GET shows.
    pub answer: Option<Value>,
    /// The API's latest yes, whole.
    pub last: Option<Value>,
    /// Steps whose values were as wanted before anything was sent.
    pub already: BTreeSet<usize>,
}

impl CreatedRecords {
    /// The record of a member that is no list.
    #[must_use]
    pub fn one(&self, member: &str) -> Option<&Value> {
        self.records.get(member)?.last()
    }
}

/// What became of a plan.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The plan.
    pub plan: Plan,
    /// What is known of each step.
    pub states: Vec<StepState>,
    /// Why it ended early, and at which step.
    pub stopped: Option<(usize, StopReason)>,
    /// What does not stop anything but should be seen.
    pub warnings: Vec<String>,
    /// The records.
    pub made: CreatedRecords,
}

impl Outcome {
    /// What became of step `index`.
    #[must_use]
    pub fn fate(&self, index: usize) -> StepOutcome {
        let failed_here = matches!(
            &self.stopped,
            Some((at, StopReason::CheckFailed(_) | StopReason::Duplicate(_) | StopReason::Refused { .. }
                | StopReason::RateLimited(_) | StopReason::NeverLeft(_))) if *at == index
        );
        match self.states.get(index) {
            Some(StepState::Unknown { .. }) => match &self.stopped {
                Some((at, StopReason::Duplicate(_))) if *at == index => StepOutcome::Failed,
                _ => StepOutcome::Unconfirmed,
            },
            _ if failed_here => StepOutcome::Failed,
            None | Some(StepState::NotSent) => StepOutcome::NotSent,
            Some(StepState::Landed { .. }) => StepOutcome::Unconfirmed,
            Some(StepState::Checked { adopted: true, .. }) => StepOutcome::Adopted,
            Some(StepState::Checked { adopted: false, .. }) => StepOutcome::Done,
        }
    }

    fn unconfirmed(&self) -> bool {
        (0..self.states.len()).any(|index| self.fate(index) == StepOutcome::Unconfirmed)
    }

    /// The record that the step of this name has made, or found made.
    #[must_use]
    pub fn id_of(&self, step: &str) -> Option<u64> {
        let steps = self.plan.steps.iter().zip(&self.states);
        steps.filter(|(planned, _)| planned.name == step).find_map(|(_, state)| state.id())
    }

    /// Whether something was written or may have been.
    #[must_use]
    pub fn has_traces(&self) -> bool {
        self.states.iter().any(|state| *state != StepState::NotSent)
    }

    /// The plan that this one has replaced: only once it has written something, or the old one is still to be finished.
    #[must_use]
    pub fn supersedes(&self) -> Option<PlanId> {
        self.plan.supersedes.clone().filter(|_| self.has_traces())
    }

    /// Whether the plan stays in the journal for `syncro resume`.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        match &self.stopped {
            None => false,
            // Confirmed, refused only for the moment: worth finishing.
            Some((_, StopReason::RateLimited(_))) => true,
            Some(_) => self.has_traces(),
        }
    }

    /// The kind of failure, if it is one.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        let (_, stop) = self.stopped.as_ref()?;
        Some(match stop {
            StopReason::Interrupted => Kind::Interrupted,
            StopReason::Duplicate(_) => Kind::Failure,
            StopReason::Unconfirmed(_) | StopReason::JournalLost(_) => Kind::Unconfirmed,
            _ if self.unconfirmed() => Kind::Unconfirmed,
            StopReason::CheckFailed(_) => Kind::Failure,
            StopReason::Refused { status: 401 | 403, .. } => Kind::NotAuthorised,
            StopReason::Refused { status: 404, .. } => Kind::NotFound,
            StopReason::Refused { .. } | StopReason::Changed(_) => Kind::Refused,
            StopReason::RateLimited(_) => Kind::RateLimited,
            StopReason::NeverLeft(_) => Kind::Unavailable,
            // Something was sent before, and how far it got can no longer be noted.
            StopReason::NoJournal(_) if self.has_traces() => Kind::Unconfirmed,
            StopReason::Unread(error) | StopReason::NoJournal(error) => error.kind,
        })
    }

    /// The word of `--json` for the whole.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.kind() {
            None => "done",
            Some(Kind::Unconfirmed) => "unconfirmed",
            Some(Kind::Cancelled) => "cancelled",
            Some(Kind::Interrupted) if self.unconfirmed() => "unconfirmed",
            Some(Kind::Interrupted) => "cancelled",
            Some(_) => "failed",
        }
    }

    /// The error, if it is one: what happened, what was and was not written, what to type next.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let (at, stop) = self.stopped.as_ref()?;
        let step = self.plan.steps.get(*at);
        let mut error =
            Error::new(self.kind()?, format!("{}. {}", what(stop, step), self.ledger()));
        if let StopReason::Refused { status, .. } = stop {
            error = error.status(*status);
        }
        for hint in self.hints(*at, stop) {
            error = error.hint(hint);
        }
        Some(error)
    }

    /// One sentence on what was written, what may have been, and what was not.
    fn ledger(&self) -> String {
        let list = |fates: &[StepOutcome]| {
            let names: Vec<String> = (0..self.plan.steps.len())
                .filter(|index| fates.contains(&self.fate(*index)))
                .map(|index| self.name(index))
                .collect();
            names.join(", ")
        };
        let mut parts = Vec::new();
        for (title, fates) in [
            ("written", &[StepOutcome::Done, StepOutcome::Adopted][..]),
            ("perhaps written", &[StepOutcome::Unconfirmed][..]),
            ("failed", &[StepOutcome::Failed][..]),
            ("not written", &[StepOutcome::NotSent][..]),
        ] {
            let names = list(fates);
            if !names.is_empty() {
                parts.push(format!("{title}: {names}"));
            }
        }
        if !self.has_traces() {
            return "Nothing was written".to_owned();
        }
        let text = parts.join("; ");
        let mut letters = text.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default()
    }

    fn name(&self, index: usize) -> String {
        let name = self.plan.steps.get(index).map_or("", |step| step.name.as_str());
        let name = name.replace('_', " ");
        match self.states.get(index).and_then(StepState::id) {
            Some(id) => format!("{name} {id}"),
            None => name,
        }
    }

    /// What finishes the plan.
    fn command(&self) -> String {
        self.plan.account.command(&format!("resume {}", self.plan.id))
    }

    fn hints(&self, at: usize, stop: &StopReason) -> Vec<String> {
        let mut hints = Vec::new();
        if let StopReason::Duplicate(ids) = stop {
            hints.push(remove_hint(self.plan.steps.get(at), ids));
        }
        match stop {
            StopReason::Unread(error)
            | StopReason::NoJournal(error)
            | StopReason::JournalLost(error) => {
                hints.extend(error.hints.iter().cloned());
            }
            _ => {}
        }
        let unseen = self.plan.steps.get(at).is_some_and(|step| step.effect.is_unverifiable());
        if unseen && self.states.get(at).is_some_and(StepState::is_unknown) {
            hints.push(format!(
                "the API cannot confirm it: check in Syncro, then run `{}` to discard the plan",
                self.plan.account.command(&format!("resume --discard {}", self.plan.id))
            ));
        } else if let StopReason::CheckFailed(Failure::Value(_)) = stop {
            hints.push(format!(
                "fix it in Syncro, then run `{}` to check again, or use --discard to discard the plan",
                self.command()
            ));
        } else if let StopReason::CheckFailed(_) = stop
            && self.plan.command == "bill"
        {
            hints.push(format!("run `{} --repair` to repair it", self.command()));
        } else if let StopReason::CheckFailed(_) = stop {
            hints.push(format!(
                "fix it (`syncro line update`, or in Syncro), then run `{}` to check again, or use --discard to discard the plan",
                self.command()
            ));
        } else if self.is_pending() {
            hints.push(format!("run `{}` to check and finish what is left", self.command()));
            if matches!(
                stop,
                StopReason::Unconfirmed(_) | StopReason::Changed(_) | StopReason::Refused { .. }
            ) {
                hints.push(format!(
                    "if it still fails, fix it in Syncro, then run `{}` to discard the plan",
                    self.plan.account.command(&format!("resume --discard {}", self.plan.id))
                ));
            }
        } else if !matches!(stop, StopReason::Interrupted) {
            hints.push("fix the cause, then run the command again".to_owned());
        }
        hints
    }

    /// The object that `--json` prints. `sandbox` and the warnings are the caller's.
    #[must_use]
    pub fn json(&self, sandbox: bool) -> Value {
        let writes: Vec<Value> = self
            .plan
            .steps
            .iter()
            .enumerate()
            .map(|(index, step)| write_json(step, self.fate(index), self.states.get(index)))
            .collect();
        let warnings = [&self.plan.notices[..], &self.warnings].concat();
        let mut object = json!({
            "outcome": self.word(),
            "warnings": warnings,
            "sandbox": sandbox,
            "plan": self.plan.id,
            "writes": writes,
        });
        for (member, records) in &self.made.records {
            object[member] = match member.ends_with('s') {
                true => Value::Array(records.clone()),
                false => json!(records.last()),
            };
        }
        if let Some(answer) = &self.made.answer {
            object["answer"] = answer.clone();
        }
        if let Some((before, after)) = self.made.prepaid {
            object["prepaid"] = json!({ "before": before.normalize(), "after": after.normalize() });
        }
        object
    }
}

fn write_json(step: &Step, fate: StepOutcome, state: Option<&StepState>) -> Value {
    json!({
        "step": step.name,
        "method": step.request.method.name(),
        "path": step.request.path,
        "body": step.request.body,
        "outcome": fate.name(),
        "id": state.and_then(StepState::id),
    })
}

/// The object that `--json` prints of a plan that was not carried out: a dry run, or No at the prompt.
#[must_use]
pub fn unsent_json(plan: &Plan, outcome: &str, warnings: &[String], sandbox: bool) -> Value {
    let writes: Vec<Value> =
        plan.steps.iter().map(|step| write_json(step, StepOutcome::NotSent, None)).collect();
    let warnings = [&plan.notices[..], warnings].concat();
    json!({ "outcome": outcome, "warnings": warnings, "sandbox": sandbox, "writes": writes })
}

/// The one object of several plans: all their writes, the first outcome that is not "done", and each plan's own object.
#[must_use]
pub fn several_json(plans: Vec<Value>, sandbox: bool) -> Value {
    let outcome = plans
        .iter()
        .map(|plan| plan["outcome"].clone())
        .find(|outcome| outcome != "done")
        .unwrap_or_else(|| Value::String("done".to_owned()));
    let all = |member: &str| -> Vec<Value> {
        let lists = plans.iter().filter_map(|plan| plan[member].as_array());
        lists.flatten().cloned().collect()
    };
    json!({
        "outcome": outcome,
        "warnings": all("warnings"),
        "sandbox": sandbox,
        "writes": all("writes"),
        "plans": plans,
    })
}

fn what(stop: &StopReason, step: Option<&Step>) -> String {
    let doing = step.map_or("continuing", |step| step.description.as_str());
    match stop {
        StopReason::Refused { status, message } => {
            format!("Could not {doing}: Syncro refused ({status}): {message}")
        }
        StopReason::RateLimited(message) => {
            format!("Could not {doing}: the rate limit stayed exhausted ({message})")
        }
        StopReason::NeverLeft(cause) => format!("Could not {doing}: no connection: {cause}"),
        StopReason::Unconfirmed(why) => {
            format!("Could not confirm whether this happened: {doing} ({why})")
        }
        StopReason::Unread(error) => format!("Could not read what is needed to {doing}: {error}"),
        StopReason::Changed(what) => format!("Stopped before: {doing}: {what}"),
        StopReason::CheckFailed(failure) => {
            format!("The check failed after the attempt to {doing}: {}", wrong(failure))
        }
        StopReason::Duplicate(ids) => format!(
            "Sent once to {doing}, but found {} new records ({}); nothing more was sent",
            ids.len(),
            join(ids)
        ),
        StopReason::Interrupted => format!("Interrupted before: {doing}"),
        StopReason::NoJournal(error) | StopReason::JournalLost(error) => error.message.clone(),
    }
}

fn wrong(failure: &Failure) -> String {
    use crate::billing::money::display;
    match failure {
        Failure::Price { label, shown, sent } => {
            format!("the {label} shows {} instead of {}", display(*shown), display(*sent))
        }
        Failure::Value(what) => what.clone(),
        Failure::InvoiceEmpty => "the invoice has no lines".to_owned(),
        Failure::InvoiceZero => "the invoice is $0.00, and no prepaid hours were taken".to_owned(),
    }
}

fn remove_hint(step: Option<&Step>, ids: &[u64]) -> String {
    let label = step.map_or("record", |step| step.effect.label());
    format!("delete the duplicate {label}, one of {}, in Syncro", join(ids))
}

fn join(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}
