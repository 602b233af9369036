//! A bill that was cut off, read again: what is left of it, what the guards say of that, and what has changed since it
//! was made.

use serde_json::json;

use super::guards::{self, Progress};
use super::request::BillRequest;
use super::{facts, planning, timers};
use crate::commands::resolve::Target;
use crate::commands::resume::{refuse_broken, what_is_left};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::write::{Change, Collection, Gathered, Noun, Plan, Snapshot, StepState};

/// Reads everything again, runs the guards for what is left, and makes the rest of the plan a preview.
///
/// # Errors
/// Exit 10 for a plan that cannot be understood; those of the reading.
pub async fn gather(ctx: &Context, plan: &Plan, states: &[StepState]) -> Result<Gathered> {
    let ticket = plan
        .scope
        .ticket
        .ok_or_else(|| Error::configuration(format!("plan {} has no ticket", plan.id)))?;
    let target =
        Target { id: ticket, customer: plan.scope.customer, remembered: false, heading: None };
    let request: BillRequest = serde_json::from_value(plan.request.clone())
        .map_err(|error| Error::configuration(format!("cannot read plan {}: {error}", plan.id)))?;
    let reader = ctx.reader()?;
    let products = planning::products(ctx.settings(), &request);
    let facts = facts::gather(&reader, &target, &products, request.is_whole()).await?;
    let more = timers::missing_products(ctx.settings(), &request, &facts)?;
    let facts = facts.with_products(&reader, &more).await?;
    let customer = Noun::Customer.record(facts.customer.id);
    let view = Snapshot::default()
        .with_ticket(facts.ticket.clone())
        .with_record(customer, Some(facts.customer.raw.clone()));
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
    let made = plan.made(states, None);
    let is_new = |collection: &Collection, id: u64| {
        !made.has(collection, id) && !plan.baseline.has(collection, id)
    };
    let mut changes = Vec::new();
    for comment in facts.comments.iter().filter(|one| is_new(&Collection::COMMENTS, one.id.0)) {
        changes.push(format!("a new comment by {}: {}", comment.tech, comment.subject));
    }
    let lines = facts.ticket.line_items.iter();
    for line in lines.filter(|line| is_new(&Collection::LINES, line.id.0)) {
        changes.push(format!("a new line item: {}", line.name));
    }
    for invoice in facts.invoices.iter().filter(|one| is_new(&Collection::INVOICES, one.id.0)) {
        changes.push(format!("a new invoice: #{}", invoice.number));
    }
    let status = &facts.ticket.status;
    let steps = plan.steps.iter().flat_map(|step| step.effect.changes());
    let mut known = steps.filter(|change| change.path == "status");
    let is_known =
        |change: &Change| [change.from.as_ref(), Some(&change.to)].contains(&Some(&json!(status)));
    if known.next().is_some_and(|change| !is_known(change)) {
        changes.push(format!("the status is now {status}"));
    }
    changes
}
