//! What is in doubt of a plan: the looks that may settle it, and what is said where they do not.

use std::collections::BTreeSet;

use super::story::{command, discarding};
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::render::doubt::perhaps;
use crate::write::journal::{Entry, Known};
use crate::write::{
    Clock, Effect, Journal, Observation, Plan, ReadSet, RetryPolicy, Step, StepState, snapshot,
};

pub(super) fn is_in_doubt(states: &[StepState]) -> bool {
    states.iter().any(StepState::is_unknown)
}

/// What a plan is about may have been removed meanwhile: then nothing is left to be finished.
pub(super) fn gone(plan: &Plan, error: Error) -> Error {
    if error.kind != Kind::NotFound {
        return error;
    }
    let discard = discarding(plan);
    let message = format!("the records of plan {} no longer exist ({})", plan.id, error.message);
    Error { message, ..error }
        .nothing_written()
        .hint(format!("run `{discard}` to discard the plan"))
}

/// A reading that failed leaves what may have landed in doubt, whatever the reason.
pub(super) fn still_in_doubt(mut error: Error, states: &[StepState]) -> Error {
    let doubtful =
        |state: &StepState| matches!(state, StepState::Unknown { .. } | StepState::Landed { .. });
    if states.iter().any(doubtful)
        && !matches!(error.kind, Kind::Configuration | Kind::Interrupted | Kind::Refused)
    {
        error.kind = Kind::Unconfirmed;
    }
    error
}

/// What no GET shows is never sent again: a plan in doubt about it can only be shown, or dropped.
pub(super) fn nobody_can_tell(plan: &Plan, states: &[StepState]) -> Option<Error> {
    let mut steps = plan.steps.iter().zip(states);
    let (step, _) =
        steps.find(|(step, state)| step.effect.is_unverifiable() && state.is_unknown())?;
    let message = format!(
        "Could not confirm whether this happened: {}. The API cannot confirm it, so plan {} cannot continue",
        step.description, plan.id
    );
    let discard = discarding(plan);
    Some(
        Error::new(Kind::Unconfirmed, message)
            .nothing_written()
            .hint(format!("check in Syncro, finish the rest by hand, then run: {discard}")),
    )
}

/// Whether a look has yet to show the record that the API said yes to: which one, and that it is only one.
pub(super) fn is_unverifiable(step: &Step, state: &StepState) -> bool {
    matches!(state, StepState::Landed { .. }) && step.effect.collection().is_some()
}

/// A refusal over what the plan itself has left: that it is there twice, or that it is not known of a charge of which a
/// look shows half, weighs more.
pub(super) fn in_doubt(plan: &Plan, sightings: &[Option<Observation>], refused: Error) -> Error {
    let steps = || plan.steps.iter().zip(sightings);
    let several = steps().find_map(|(step, observation)| match observation {
        Some(Observation::Duplicates(ids)) => Some((step, ids)),
        _ => None,
    });
    if let Some((step, ids)) = several {
        let list: Vec<String> = ids.iter().map(u64::to_string).collect();
        let text = format!(
            "Sent once to {}, but found {} new records ({}); {}",
            step.description,
            ids.len(),
            list.join(", "),
            refused
        );
        return Error::new(Kind::Failure, text)
            .hint(format!("delete the duplicate in Syncro, then run `{}`", command(plan)));
    }
    let mut steps = steps();
    let perhaps = steps.find_map(|(step, observation)| match (&step.effect, observation) {
        (Effect::TimerCharged { .. }, Some(Observation::Ambiguous(ids))) => {
            Some(perhaps(&step.effect, ids))
        }
        _ => None,
    });
    let Some(perhaps) = perhaps else {
        return refused;
    };
    let discard = discarding(plan);
    Error::new(Kind::Unconfirmed, format!("{}; {}", crate::render::sentence(&perhaps), refused))
        .hint(format!("put the ticket right by hand, then run `{discard}` to discard the plan"))
}

/// Looks for every step of which it is not known whether it landed, or as what, all at once; what is found is noted.
pub(super) async fn survey(
    ctx: &Context,
    plan: &Plan,
    states: &mut [StepState],
    journal: &mut Journal,
) -> Result<Vec<Option<Observation>>> {
    // A step that refers to what is itself in doubt has nowhere to be looked for yet.
    let doubtful = |step: &Step, state: &StepState| {
        (state.is_unknown() || is_unverifiable(step, state)) && !step.waits()
    };
    let needs = plan
        .steps
        .iter()
        .zip(states.iter())
        .filter(|(step, state)| doubtful(step, state))
        .fold(ReadSet::NOTHING, |needs, (step, _)| needs.and(step.effect.reads(None)));
    let mut sightings = vec![None; states.len()];
    if needs.is_nothing() {
        return Ok(sightings);
    }
    let reader = ctx.reader()?;
    let view =
        snapshot(&reader, plan.scope.ticket, needs, RetryPolicy::Retry).await.map_err(|error| {
            if matches!(error, crate::api::Error::NotFound { .. }) {
                return still_in_doubt(gone(plan, error.into()), states);
            }
            Error::new(Kind::Unconfirmed, format!("could not check plan {}: {error}", plan.id))
                .nothing_written()
                .hint(Hint::run("resume", "").text(" again when Syncro is reachable"))
        })?;
    let none = BTreeSet::new();
    for index in 0..states.len() {
        let doubtful = doubtful(&plan.steps[index], &states[index]);
        if !doubtful {
            continue;
        }
        let observation = plan.judge(states, index, &view, &none, &none);
        if let (Observation::Found(found), StepState::Landed { id, .. }) =
            (&observation, &mut states[index])
        {
            *id = *found;
        } else if let Observation::Found(id) = observation {
            let (known, at) = (Known::Landed { id, found: true }, Clock::now(&reader));
            let entry = Entry::Answered { step: index, known, at };
            journal.note(&entry)?;
            states[index] = states[index].clone().after(entry);
        }
        sightings[index] = Some(observation);
    }
    Ok(sightings)
}
