//! A pending plan as it is told: when it began, what became of each step, and what to type next.

use jiff::Timestamp;

use crate::context::Context;
use crate::error::{Error, Hint, Result};
use crate::render::wrap;
use crate::write::{Changed, Observation, Plan, PlanId, RecordRef, Step, StepState, Story};

pub(super) fn when(ctx: &Context, at: Timestamp) -> String {
    crate::render::when::at_in_zone(at, &ctx.settings().timezone)
}

pub(super) fn command(plan: &Plan) -> String {
    plan.account.command(&format!("resume {}", plan.id))
}

pub(super) fn discarding(plan: &Plan) -> String {
    plan.account.command(&format!("resume --discard {}", plan.id))
}

/// Shows a plan, a line a step; `changed` is what is no longer as it was when it was checked.
pub(super) fn show(
    ctx: &Context,
    story: &Story,
    states: &[StepState],
    sightings: &[Option<Observation>],
    changed: &[Changed],
) -> Result<()> {
    let plan = &story.plan;
    let mut text =
        format!("\n{} (plan {}, started {})\n", plan.title, plan.id, when(ctx, plan.made_at));
    if story.damaged {
        text.push_str("  its journal is damaged; every step is checked\n");
    }
    for ((step, state), observation) in plan.steps.iter().zip(states).zip(sightings) {
        let id = state.id().map(|id| format!(" ({id})")).unwrap_or_default();
        let word = match (state, observation) {
            (StepState::Checked { .. }, _) if changed.iter().any(|one| is_of(one, step, state)) => {
                "done, changed since"
            }
            (StepState::Checked { .. }, _) => "done, checked",
            (StepState::Landed { .. }, Some(Observation::Found(_))) => "found",
            (StepState::Landed { .. }, Some(Observation::Duplicates(_))) => "found more than once",
            (StepState::Landed { .. }, _) => "written, not checked",
            (StepState::NotSent, _) => "left",
            (_, Some(Observation::Duplicates(_))) => "found more than once",
            (StepState::Unknown { .. }, _) if step.effect.is_unverifiable() => {
                "sent, cannot confirm"
            }
            (_, Some(Observation::Ambiguous(_) | Observation::Conflict(_))) => "possibly written",
            (StepState::Unknown { .. }, _) => "sent, not found yet",
        };
        text.push_str(&format!("  {word:<21} {}{id}\n", step.description));
    }
    let text = crate::render::sanitise::text(&text);
    // In a dry run this is the answer, unless JSON is.
    if ctx.how().dry_run && !ctx.how().json {
        return ctx.ui().stdout(within(&text, ctx.ui().width()).trim_start());
    }
    ctx.ui().preview(&within(&text, ctx.ui().preview_width()));
    Ok(())
}

/// Whether something has changed of the record that a step has made, or was to change.
fn is_of(changed: &Changed, step: &Step, state: &StepState) -> bool {
    let Changed::Since(label, id, _) = changed else {
        return false;
    };
    let (list, of) = (step.effect.collection(), step.effect.record_ref());
    let noun = list.map(|list| list.noun).or_else(|| of.and_then(RecordRef::noun));
    let its = state.id().or_else(|| of.and_then(RecordRef::id));
    noun.is_some_and(|noun| noun.label() == label) && its == Some(*id)
}

/// The lines within the width of a terminal: what was done goes on below itself, behind what became of it.
fn within(text: &str, width: Option<usize>) -> String {
    let Some(width) = width else { return text.to_owned() };
    let indent = |line: &str| match line.starts_with("  ") {
        true if width >= 3 * BEHIND => BEHIND,
        _ => 2,
    };
    text.lines().map(|line| wrap::styled(line, width, 0, indent(line)) + "\n").collect()
}

/// The columns before what a step does.
const BEHIND: usize = 24;

pub(super) fn under_way(id: &PlanId) -> Error {
    let text = format!("another syncro is running plan {id} now");
    Error::refused(text).hint(Hint::run("resume", "").text(" after it ends"))
}
