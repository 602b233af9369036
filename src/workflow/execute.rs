//! Confirmed plans carried out: journaled, sent by the engine, and closed where another one has replaced them.

use rust_decimal::Decimal;

use super::allowed::allowed_of;
use super::lock::lock_time;
use super::prompter::TerminalPrompter;
use super::report::unsent;
use crate::context::Context;
use crate::error::Result;
use crate::operations::Guard;
use crate::write::journal::Entry;
use crate::write::{Confirmed, Engine, Journal, Outcome, StepState};

/// The answer to Ctrl-C while a plan is carried out.
const STOPPING: &str = "stopping after the current step; press Ctrl-C again to stop now";

/// Journals and carries out a confirmed plan.
///
/// # Errors
/// Exit 10 when the journal cannot be begun, exit 5 when another process writes time of the same user; nothing is sent then. All later trouble is in the outcome.
pub async fn execute(ctx: &Context, confirmed: Confirmed) -> Result<Outcome> {
    let plan = confirmed.plan().clone();
    let (_locks, confirmed) = unsent(ctx, &plan, lock_time(ctx, confirmed).await)?;
    let begun = ctx.journals().begin(confirmed.plan());
    let journal = unsent(ctx, confirmed.plan(), begun)?;
    let states = vec![StepState::NotSent; confirmed.plan().steps.len()];
    continue_plan(ctx, confirmed, journal, states).await
}

/// Carries on with a plan of which `states` is known.
///
/// # Errors
/// None of its own: trouble is in the outcome.
pub async fn continue_plan(
    ctx: &Context,
    confirmed: Confirmed,
    journal: Journal,
    states: Vec<StepState>,
) -> Result<Outcome> {
    let (reader, sender) = (ctx.reader()?, ctx.sender()?);
    let plan = confirmed.plan();
    // An amount that is asked about is not taken for having been rounded.
    let most = match allowed_of(plan).contains(Guard::Large) {
        true => Decimal::MAX,
        false => ctx.settings().guards.large_amount,
    };
    let most = plan.takes_rounding().then_some(most);
    let prompter = TerminalPrompter::new(ctx).rounding(most);
    let timing = ctx.settings().write;
    let engine = Engine {
        reader: &reader,
        sender: &sender,
        prompter: &prompter,
        settle: timing.settle,
        resend_after: timing.resend_after,
        fresh: timing.fresh,
    };
    let had_begun = ctx.interrupts().has_begun();
    let _hold = ctx.interrupts().hold(STOPPING);
    let outcome = Box::pin(engine.execute(confirmed, journal, states)).await;
    // What was refused is nothing that a No leaves behind.
    ctx.interrupts().set_begun(had_begun || outcome.has_traces());
    ctx.ui().clear_status();
    if let Some(replaced) = outcome.supersedes() {
        close(ctx, &replaced, "superseded");
    }
    Ok(outcome)
}

/// Closes a plan that another one has replaced. Not fatal: the journal knows from the other one, too.
fn close(ctx: &Context, id: &crate::write::PlanId, outcome: &str) {
    if let Ok(Some((journal, _))) = ctx.journals().reopen(id) {
        let entry = Entry::Closed {
            outcome: outcome.to_owned(),
            supersedes: None,
            at: jiff::Timestamp::now(),
        };
        match journal.close(&entry) {
            Ok(None) => {}
            Ok(Some(warning)) => ctx.ui().warn(&warning.to_string()),
            Err(error) => ctx.ui().warn(&error.to_string()),
        }
    }
}
