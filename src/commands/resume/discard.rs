//! `syncro resume --discard`: a plan is dropped after it was said what it may have left behind.

use jiff::Timestamp;

use super::story::{show, under_way};
use crate::context::Context;
use crate::error::{Error, Kind, Result, Written};
use crate::workflow::{self, Approval};
use crate::write::journal::Entry;
use crate::write::{Mode, PlanId, StepState};

/// Drops a plan after saying what it may have left behind.
pub(super) async fn discard(ctx: &Context, id: &PlanId) -> Result<()> {
    let approval = Approval::of(ctx);
    ctx.confirmable()?;
    let opened = match ctx.journals().reopen(id) {
        // What cannot be read can still be put out of the way.
        Err(error) if error.kind == Kind::Configuration && ctx.journals().is_unreadable(id) => {
            ctx.ui().warn(&error.to_string());
            return set_aside(ctx, &approval, id).await;
        }
        opened => opened?,
    };
    let Some((journal, story)) = opened else {
        return Err(under_way(id));
    };
    let sightings = vec![None; story.states.len()];
    show(ctx, &story, &story.states, &sightings, &[])?;
    if let Some(outcome) = &story.closed {
        ctx.ui().note(&format!("plan {id} is already closed ({outcome})"));
        return Ok(());
    }
    if story.states.iter().any(StepState::is_unknown) {
        let text =
            "what was sent and not found may still land: look in Syncro before you make it again";
        ctx.ui().warn(text);
    }
    if approval.is_dry_run() {
        return Ok(());
    }
    if approval.mode() == Mode::Ask {
        let question =
            "Discard it? What was written stays in Syncro; the rest is not sent".to_owned();
        if !ctx.blocking(move |ui| ui.ask_question(&question)).await? {
            return Err(stays_pending(id));
        }
    }
    workflow::keep_unsent(ctx, &story.plan, &story.states);
    let warning = journal.close(&Entry::Closed {
        outcome: "discarded".to_owned(),
        // What a repair has begun to replace cannot be finished as it was.
        supersedes: story.plan.supersedes.clone().filter(|_| story.has_traces()),
        at: Timestamp::now(),
    })?;
    if let Some(warning) = warning {
        ctx.ui().warn(&warning.to_string());
    }
    ctx.ui().note(&format!("plan {id} is discarded"));
    ctx.answer(workflow::nothing_json(ctx.is_sandbox()));
    Ok(())
}

/// A person has said No to what is to become of a plan.
pub(super) fn stays_pending(id: &PlanId) -> Error {
    Error::cancelled_as(format!("plan {id} stays pending")).written(Written::NothingMore)
}

pub(super) async fn set_aside(ctx: &Context, approval: &Approval, id: &PlanId) -> Result<()> {
    if approval.is_dry_run() {
        return Ok(());
    }
    if approval.mode() == Mode::Ask {
        let question = "It is unknown what it wrote. Set it aside anyway?".to_owned();
        if !ctx.blocking(move |ui| ui.ask_question(&question)).await? {
            return Err(stays_pending(id));
        }
    }
    ctx.journals().set_aside(id)?;
    ctx.ui().note(&format!("plan {id} is set aside"));
    Ok(())
}
