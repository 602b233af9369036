//! A plan of any command without rules of its own, read again: what is left of it, and what stands in its way now.

use std::time::Instant;

use super::{guards, refuse_broken, what_is_left};
use crate::context::Context;
use crate::error::Result;
use crate::render::sanitise;
use crate::write::{
    Effect, Gathered, MatchContext, Observation, Plan, ReadSet, RetryPolicy, Snapshot, Step,
    StepState, snapshot,
};

/// Looks at everything that the rest of the plan touches, and makes that rest a preview.
///
/// # Errors
/// Those of the look.
pub(super) async fn gather(ctx: &Context, plan: &Plan, states: &[StepState]) -> Result<Gathered> {
    let at = Instant::now();
    let mut plan = plan.clone();
    plan.fill(states);
    let needs = left(&plan, states).fold(ReadSet::NOTHING, |needs, (_, step, _)| {
        let needs = needs.and(step.effect.reads_before()).and(step.effect.reads(None));
        let given = plan.grounds(step);
        given.fold(needs, |needs, given| needs.and(given.reads()))
    });
    let reader = ctx.reader()?;
    let (view, against) = tokio::try_join!(
        async { Ok(snapshot(&reader, &plan.scope, needs, RetryPolicy::Retry).await?) },
        guards::open(ctx, &reader, &plan, states),
    )?;
    refuse_broken(&plan, states, &view)?;
    let mut preview = what_is_left(&plan, states);
    for finding in against {
        preview.push_str(&format!("  ! {finding}\n"));
    }
    for (index, step, state) in left(&plan, states) {
        for obstacle in obstacles(&plan, states, &view, (index, step, state)) {
            preview.push_str(&format!("  ! {obstacle}\n"));
        }
    }
    let collections: Vec<_> =
        left(&plan, states).filter_map(|(_, step, _)| step.effect.collection().cloned()).collect();
    for collection in collections {
        plan.baseline.set(&collection, view.ids(&collection));
    }
    Ok(Gathered {
        at,
        plan: Plan {
            title: format!("Finish: {}", plan.title),
            preview: sanitise::text(&preview),
            ..plan
        },
    })
}

/// The steps that are not done and can be judged already.
fn left<'p>(
    plan: &'p Plan,
    states: &'p [StepState],
) -> impl Iterator<Item = (usize, &'p Step, &'p StepState)> {
    let steps = plan.steps.iter().zip(states).enumerate();
    steps.map(|(index, (step, state))| (index, step, state)).filter(|(_, step, state)| {
        matches!(state, StepState::NotSent | StepState::Unknown { .. }) && !step.waits()
    })
}

/// What is not as it was when the plan was made, as far as a step that was not sent would mind.
fn obstacles(
    plan: &Plan,
    states: &[StepState],
    view: &Snapshot,
    (index, step, state): (usize, &Step, &StepState),
) -> Vec<String> {
    let collection = step.effect.collection();
    let baseline = match collection.filter(|collection| !plan.baseline.knows(collection)) {
        // Nobody knows what was there: what is there now is what it begins from.
        Some(collection) => view.ids(collection),
        None => plan.baseline.ids(collection),
    };
    let made = plan.made(states, Some(index)).ids(collection);
    let context = MatchContext {
        seen: state.seen().unwrap_or(&baseline),
        made: &made,
        account: &plan.account,
        named: None,
        siblings: 0,
    };
    let observation = step.effect.judge(view, &context);
    // A value that is as wanted already is sent no more, and rests on nothing.
    if collection.is_none() && matches!(observation, Observation::Found(_)) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if state.is_unknown() {
        return found;
    }
    let what = step.effect.label();
    match observation {
        Observation::Missing => {}
        Observation::Found(_) | Observation::Duplicates(_) => {
            found.push(format!("the same {what} now exists"));
        }
        Observation::Ambiguous(_) if collection.is_none() => {}
        Observation::Ambiguous(ids) if matches!(step.effect, Effect::TimerCharged { .. }) => {
            found.push(step.effect.perhaps(&ids));
        }
        Observation::Ambiguous(_) => found.push(format!("there is another new {what}")),
        Observation::Conflict(now) => found.push(format!("{what}: {now} now")),
    }
    found
}
