//! The guards of plain commands that a resumed plan has run again: those whose answer another record gives, which nothing
//! that the plan itself looks at would show.

use crate::api::Reader;
use crate::context::Context;
use crate::error::Result;
use crate::operations::{Finding, Operation};
use crate::workflow::was_allowed;
use crate::write::{Plan, RetryPolicy, Step, StepState, snapshot};

/// What stands against the steps that are left, unless it was overridden when the plan was made.
///
/// # Errors
/// Those of the reads.
pub(super) async fn open(
    ctx: &Context,
    reader: &Reader,
    plan: &Plan,
    states: &[StepState],
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for (step, state) in plan.steps.iter().zip(states) {
        if matches!(state, StepState::NotSent | StepState::Unknown { .. }) {
            found.extend(against(ctx, reader, plan, step).await?);
        }
    }
    found.retain(|finding| !was_allowed(plan, finding));
    Ok(found.into_iter().map(|finding| finding.text).collect())
}

async fn against(ctx: &Context, reader: &Reader, plan: &Plan, step: &Step) -> Result<Vec<Finding>> {
    // What a step that makes a record has made, its look tells.
    let operation = Operation::of(&step.request).filter(|_| step.effect.collection().is_none());
    if let Some(operation) = operation {
        let customer = plan.scope.customer;
        let needs = operation.guard_reads(customer);
        let view = snapshot(reader, &plan.scope, needs, RetryPolicy::Retry).await?;
        return Ok(operation.findings(&view, customer, ctx.settings()));
    }
    Ok(Vec::new())
}
