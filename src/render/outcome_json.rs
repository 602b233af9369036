//! The object that `--json` prints of a plan: carried out, only previewed, or several of them.

use serde_json::{Value, json};

use crate::write::{Outcome, Plan, Step, StepOutcome, StepState, Warning};

impl Outcome {
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
        let notices = self.plan.notices.iter().cloned();
        let warnings: Vec<String> =
            notices.chain(self.warnings.iter().map(Warning::to_string)).collect();
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
        "body": step.request.shown(),
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
    let mut object =
        json!({ "outcome": outcome, "warnings": warnings, "sandbox": sandbox, "writes": writes });
    if outcome == "dry_run" && plan.facts.is_object() {
        object["preview"] = plan.facts.clone();
    }
    object
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
