//! A bill that was cut off, read again: what is left of it, what the guards say of that, and what has changed since it
//! was made.

use super::guards::{self, Progress};
use super::request::BillRequest;
use super::{facts, planning, timers};
use crate::commands::resolve::Target;
use crate::commands::resume::{refuse_broken, what_is_left};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::write::{Effect, Gathered, Plan, Snapshot, StepState};

/// Reads everything again, runs the guards for what is left, and makes the rest of the plan a preview.
///
/// # Errors
/// Exit 10 for a plan that cannot be understood; those of the reading.
pub async fn gather(ctx: &Context, plan: &Plan, states: &[StepState]) -> Result<Gathered> {
    let ticket = plan
        .scope
        .ticket
        .ok_or_else(|| Error::configuration(format!("plan {} is about no ticket", plan.id)))?;
    let target =
        Target { id: ticket, customer: plan.scope.customer, remembered: false, heading: None };
    let request: BillRequest = serde_json::from_value(plan.request.clone()).map_err(|error| {
        Error::configuration(format!("plan {} cannot be understood: {error}", plan.id))
    })?;
    let reader = ctx.reader()?;
    let products = planning::products(ctx.settings(), &request);
    let facts = facts::gather(&reader, &target, &products, request.is_whole()).await?;
    let more = timers::missing_products(ctx.settings(), &request, &facts)?;
    let facts = facts.with_products(&reader, &more).await?;
    let view = Snapshot {
        ticket: Some(facts.ticket.clone()),
        customer: Some(facts.customer.clone()),
        ..Snapshot::default()
    };
    refuse_broken(plan, states, &view)?;
    let progress = Progress::of(plan, states);
    let lines = planning::lines(ctx.settings(), &request, &facts)?.all();
    let findings = guards::open(&facts, &request, &lines, ctx.settings(), &progress);
    let mut preview = what_is_left(plan, states);
    for finding in &findings {
        preview.push_str(&format!("  ! {}\n", finding.text));
    }
    for change in changes(plan, states, &facts) {
        preview.push_str(&format!("  ! {change}\n"));
    }
    Ok(Gathered {
        at: facts.at,
        plan: Plan {
            title: format!("Finish: {}", plan.title),
            preview: crate::render::sanitise::text(&preview),
            baseline: facts.baseline(),
            ..plan.clone()
        },
    })
}

/// What is on the ticket now that was not there when the plan was made, and is none of its own.
fn changes(plan: &Plan, states: &[StepState], facts: &facts::Facts) -> Vec<String> {
    let own = |effect: fn(&Effect) -> bool, id: u64| {
        let steps = plan.steps.iter().zip(states);
        steps.filter(|(step, _)| effect(&step.effect)).any(|(_, state)| state.id() == Some(id))
    };
    let mut changes = Vec::new();
    for comment in &facts.comments {
        let ours = own(|effect| matches!(effect, Effect::Comment { .. }), comment.id.0);
        if !ours && !plan.baseline.comments.contains(&comment.id.0) {
            changes.push(format!("a new comment by {}: {}", comment.tech, comment.subject));
        }
    }
    for line in &facts.ticket.line_items {
        let ours = own(
            |effect| matches!(effect, Effect::LineItem { .. } | Effect::TimerCharged { .. }),
            line.id.0,
        );
        if !ours && !plan.baseline.lines.contains(&line.id.0) {
            changes.push(format!("a new line item: {}", line.name));
        }
    }
    for invoice in &facts.invoices {
        let ours = own(|effect| matches!(effect, Effect::Invoice { .. }), invoice.id.0);
        if !ours && !plan.baseline.invoices.contains(&invoice.id.0) {
            changes.push(format!("a new invoice: #{}", invoice.number));
        }
    }
    let status = &facts.ticket.status;
    let known = plan.steps.iter().find_map(|step| match &step.effect {
        Effect::Status { from, to } => Some([from, to]),
        _ => None,
    });
    if known.is_some_and(|known| !known.contains(&status)) {
        changes.push(format!("the status is {status} now"));
    }
    changes
}
