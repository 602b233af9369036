//! What a run says at its end, on stdout and in the answer of `--json`.

use serde_json::Value;

use super::web::page_of;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::render::link;
use crate::render::outcome_json::unsent_json;
use crate::render::sanitise;
use crate::write::{Outcome, Plan};

/// Says what was made and where to go from there, on stdout; what went wrong is the error.
///
/// # Errors
/// The outcome's own.
pub fn report(ctx: &Context, outcome: &Outcome) -> Result<()> {
    report_made(ctx, outcome)?;
    report_onward(ctx, outcome)
}

/// Says where to go from a plan that was carried out: for a command that has more to ask after [`report_made`].
///
/// # Errors
/// When stdout cannot be written.
pub fn report_onward(ctx: &Context, outcome: &Outcome) -> Result<()> {
    let ui = ctx.ui();
    if ctx.how().json || ui.flags().quiet {
        return Ok(());
    }
    let page = page_of(ctx, outcome).map(|address| link(&address, ui.links()));
    ui.stdout(&crate::render::outcome::onward(outcome, page.as_deref()))
}

/// Says what was made, on stdout; what went wrong is the error.
///
/// # Errors
/// The outcome's own.
pub fn report_made(ctx: &Context, outcome: &Outcome) -> Result<()> {
    let ui = ctx.ui();
    for warning in &outcome.warnings {
        ui.warn(&warning.to_string());
    }
    if outcome.is_pending() {
        ctx.told_pending();
    }
    ctx.answer(outcome.json(ctx.is_sandbox()));
    let said = if ctx.how().json {
        Ok(())
    } else if outcome.stopped.is_none() {
        ui.stdout(&crate::render::outcome::text(outcome, ui.width()))
    } else {
        Ok(())
    };
    outcome.error().map_or(said, Err)
}

/// Says that nothing needs to be sent, since all is so already; as JSON where that is asked for, or `as_json`: whoever uses
/// `api` reads JSON.
///
/// # Errors
/// When stdout cannot be written.
pub fn already(ctx: &Context, text: &str, as_json: bool) -> Result<()> {
    let mut answer = nothing_json(ctx.is_sandbox());
    if ctx.how().dry_run {
        answer["outcome"] = Value::from("dry_run");
    }
    answer["already"] = Value::from(text);
    if as_json && !ctx.how().json {
        return ctx.ui().json(&answer);
    }
    ctx.answer(answer);
    match ctx.how().json {
        true => Ok(()),
        false => ctx.ui().stdout(&format!("{}\n", sanitise::one_line(text))),
    }
}

/// The JSON of a run that had nothing to send.
#[must_use]
pub fn nothing_json(sandbox: bool) -> Value {
    serde_json::json!({ "outcome": "done", "warnings": [], "sandbox": sandbox, "writes": [] })
}

/// Passes a result on; when it is an error, `--json` still gets the plan, of which nothing was sent.
///
/// # Errors
/// The error that it was given.
pub fn unsent<T>(ctx: &Context, plan: &Plan, result: Result<T>) -> Result<T> {
    if let Err(error) = &result {
        let outcome = match error.kind {
            Kind::Cancelled | Kind::Interrupted => "cancelled",
            _ => "failed",
        };
        ctx.answer(unsent_json(plan, outcome, &[], ctx.is_sandbox()));
    }
    result
}
