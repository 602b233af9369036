//! Another status than the one that a plan was to set: what the account refuses today, it refuses tomorrow.

use serde_json::{Value, json};

use crate::account::{Lists, Which};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::setting_status;
use crate::write::{Plan, StepState};

/// Has the plan set the status that was typed, one of the account's, in place of its own.
///
/// # Errors
/// Exit 2 for a status that the account does not have; exit 5 where no status is left to set, or it may be set already.
pub(super) async fn replace(
    ctx: &Context,
    plan: &mut Plan,
    states: &[StepState],
    typed: &str,
) -> Result<()> {
    let mut steps = plan.steps.iter_mut().zip(states);
    let is_left = |state: &StepState| *state == StepState::NotSent;
    let step = steps.find(|(step, state)| step.effect.sets_status() && is_left(state));
    let Some((step, _)) = step else {
        let text = format!("plan {} has no status left to set", plan.id);
        return Err(Error::refused(text).nothing_written());
    };
    let reader = ctx.reader()?;
    // What was kept may be what has led to the refusal.
    let mut lists = Lists::fresh(ctx, &reader).await?;
    let status = json!(lists.choose(ctx, &reader, Which::Status, typed).await?);
    if let Some(Value::Object(body)) = &mut step.request.body {
        body.insert("status".to_owned(), status.clone());
    }
    step.effect.expect("status", &status);
    step.description = setting_status(status.as_str().unwrap_or_default());
    let says: Vec<String> = step.effect.changes().iter().map(|change| change.says()).collect();
    step.report = says.join("; ");
    Ok(())
}
