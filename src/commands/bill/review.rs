//! A bill that was cut off, read again: what is left of it, what the guards of those writes find now, and what has changed
//! since it was made.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::json;

use crate::api::Reader;
use crate::api::resources::users;
use crate::commands::resume::{refuse_broken, what_is_left};
use crate::context::Context;
use crate::error::Result;
use crate::operations::{self, Env, Finding, Guard, Names, Operation};
use crate::render::sanitise;
use crate::workflow::{not_the_user, was_allowed};
use crate::write::{
    Change, Collection, Gathered, Plan, Precondition, ReadSet, RetryPolicy, Snapshot, StepState,
    snapshot,
};

/// A write that is not done, and its place in the plan.
type Left = (usize, Operation);

/// Reads everything again, runs the guards for what is left, and makes the rest of the plan a preview.
///
/// # Errors
/// Those of the reading; exit 5 where what is left rests on what is no longer so.
pub async fn gather(ctx: &Context, plan: &Plan, states: &[StepState]) -> Result<Gathered> {
    let at = Instant::now();
    let mut plan = plan.clone();
    plan.fill(states);
    let left = left(&plan, states);
    let reader = ctx.reader()?;
    let me = async { Ok(reader.get(users::me()).await?) };
    let (seen, me) = tokio::try_join!(read(&reader, &plan, &left), me)?;
    refuse_broken(&plan, states, &seen)?;
    let made = plan.made(states, None);
    let is_known = |collection: &Collection, id: u64| {
        plan.baseline.has(collection, id) || made.has(collection, id)
    };
    // The plan's own records stand against nothing, nor do those that were answered for when it was made.
    let new = seen.clone().without(is_known);
    let mut findings: Vec<Finding> = not_the_user(&me, ctx.settings())
        .map(|text| Finding::new(Guard::OtherUser, text))
        .into_iter()
        .collect();
    for (index, operation) in &left {
        let env = Env {
            me: &me,
            settings: ctx.settings(),
            names: &Names::default(),
            now: Timestamp::now(),
            as_typed: false,
            before: &plan.steps[..*index],
        };
        // What is as wanted already is no reason to stop.
        findings.extend(operation.propose(&new, &env).into_iter().flat_map(|one| one.findings));
        let request = &plan.steps[*index].request;
        findings.extend(operations::findings(request, ctx.settings()));
    }
    findings.extend(operations::together(&plan.steps, &new, ctx.settings()));
    findings.retain(|finding| !was_allowed(&plan, finding));
    let mut against: Vec<String> = Vec::new();
    for text in findings.into_iter().map(|finding| finding.text).chain(changes(&plan, &new)) {
        if !against.contains(&text) {
            against.push(text);
        }
    }
    let mut preview = what_is_left(&plan, states);
    for text in against {
        preview.push_str(&format!("  ! {text}\n"));
    }
    let lists: Vec<Collection> = plan.baseline.collections().cloned().collect();
    for list in &lists {
        plan.baseline.set(list, seen.ids(list));
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

fn left(plan: &Plan, states: &[StepState]) -> Vec<Left> {
    let steps = plan.steps.iter().zip(states).enumerate();
    let left = steps
        .filter(|(_, (_, state))| matches!(state, StepState::NotSent | StepState::Unknown { .. }));
    left.filter_map(|(index, (step, _))| Some((index, Operation::of(&step.request)?))).collect()
}

/// Everything that the rest of the plan rests on, in rounds.
async fn read(reader: &Reader, plan: &Plan, left: &[Left]) -> Result<Snapshot> {
    let steps = left.iter().map(|(index, _)| &plan.steps[*index]);
    let grounds = steps.flat_map(|step| plan.grounds(step)).map(Precondition::reads);
    let needs = grounds.fold(ReadSet::NOTHING.ticket(), ReadSet::and);
    let needs = plan.baseline.collections().fold(needs, ReadSet::collection);
    let mut seen = Snapshot::default();
    loop {
        let operations = left.iter().map(|(_, operation)| operation.reads(&seen, &plan.scope));
        let more = seen.lacks(operations.fold(needs.clone(), ReadSet::and));
        if more.is_nothing() {
            return Ok(seen);
        }
        seen = seen.and(snapshot(reader, &plan.scope, more, RetryPolicy::Retry).await?);
    }
}

/// What is on the ticket now that was not there when the plan was made, and is none of its own: `new` has nothing else.
fn changes(plan: &Plan, new: &Snapshot) -> Vec<String> {
    let mut changes = Vec::new();
    if plan.baseline.knows(&Collection::COMMENTS) {
        let comments = new.comments().into_iter();
        changes
            .extend(comments.map(|one| format!("a new comment by {}: {}", one.tech, one.subject)));
    }
    if plan.baseline.knows(&Collection::LINES) {
        changes.extend(new.lines().iter().map(|one| format!("a new line item: {}", one.name)));
    }
    if plan.baseline.knows(&Collection::INVOICES) {
        let invoices = new.invoices().into_iter();
        changes.extend(invoices.map(|one| format!("a new invoice: #{}", one.number)));
    }
    let Some(status) = new.ticket().map(|ticket| &ticket.status) else {
        return changes;
    };
    let steps = plan.steps.iter().flat_map(|step| step.effect.changes());
    let mut known = steps.filter(|change| change.path == "status");
    let is_known =
        |change: &Change| [change.from.as_ref(), Some(&change.to)].contains(&Some(&json!(status)));
    if known.next().is_some_and(|change| !is_known(change)) {
        changes.push(format!("the status is now {status}"));
    }
    changes
}
