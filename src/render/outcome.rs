//! What a plan has made, as text: numbers, amounts, whom Syncro was asked to email, and what to type next.

use std::fmt::Write as _;

use serde_json::Value;

use crate::api::fields::{to_decimal, to_id};
use crate::api::folder::INVOICES;
use crate::api::resources::invoices;
use crate::billing::money;
use crate::render::{sanitise, sentence, wrap};
use crate::write::{
    Check, Effect, Noun, Outcome, Step, StepOutcome, StepState, Warning, field_at, field_shown,
};

/// The report of a plan that was carried out and seen to be, at most so many columns wide.
#[must_use]
pub fn text(outcome: &Outcome, width: Option<usize>) -> String {
    let mut out = String::new();
    for (index, step) in outcome.plan.steps.iter().enumerate() {
        let state = outcome.states.get(index);
        let adopted = match (outcome.fate(index), state) {
            (StepOutcome::Adopted, Some(StepState::Checked { sent: false, .. })) => {
                already(&step.effect)
            }
            (StepOutcome::Adopted, _) => "  (the answer was lost; found on the server)",
            _ => "",
        };
        let id = state.and_then(StepState::id);
        let line = format!("{}{adopted}", sanitise::one_line(&made(outcome, step, id)));
        writeln!(out, "{}", wrap::message(&line, width, 0)).unwrap_or_default();
    }
    out
}

/// What is said of what was so without anything that is known to have been sent for it.
const fn already(effect: &Effect) -> &'static str {
    match effect {
        Effect::Updated { .. } => "  (already set)",
        Effect::Deleted { .. } => "  (already gone)",
        Effect::Created { .. } | Effect::TimerCharged { .. } | Effect::Unverifiable { .. } => {
            "  (already there)"
        }
    }
}

/// Where to go from there: `page`, where it can be seen in Syncro, and what to type next.
#[must_use]
pub fn onward(outcome: &Outcome, page: Option<&str>) -> String {
    let mut out = String::new();
    if let Some(page) = page {
        writeln!(out, "Web:  {page}").unwrap_or_default();
    }
    for (at, next) in next(outcome).iter().enumerate() {
        let label = if at == 0 { "Next:" } else { "" };
        let next = outcome.plan.account.command(&sanitise::one_line(next));
        writeln!(out, "{label:5} {next}").unwrap_or_default();
    }
    out
}

/// What to type next: the email of the invoice that was made, or its publishing, and what the plan says; else the page of the
/// ticket that was made. The page of a ticket that was there before is where its technician comes from.
fn next(outcome: &Outcome) -> Vec<String> {
    let plan = &outcome.plan;
    let record = outcome.made.one("invoice");
    let invoice = record.and_then(number_of);
    // Its customer gets it once it is published.
    let draft = record.filter(|one| one["status"] == invoices::DRAFT);
    let draft = draft.and_then(|one| to_id(&one["id"]));
    let ticket = outcome.made.one("ticket").map(|record| field_shown(field_at(record, "number")));
    let number = ticket.or_else(|| plan.scope.number.as_ref().map(|number| number.0.clone()));
    let makes_ticket = plan.steps.iter().any(|step| {
        matches!(&step.effect, Effect::Created { collection, .. } if collection.noun == Noun::Ticket)
    });
    // Time that a stop has left uncharged is billed like any other that waits.
    let is_left = outcome.warnings.iter().any(|one| matches!(one, Warning::NotCharged { .. }));
    if is_left {
        let bill = number.map(|number| format!("bill {number} --from-timers"));
        return Vec::from_iter(bill);
    }
    let own = match plan.next.as_deref() {
        Some("") => return Vec::new(),
        Some(next) if next.contains("{number}") => {
            number.as_ref().map(|number| next.replace("{number}", number))
        }
        next => next.map(str::to_owned),
    };
    let made = match (invoice, draft) {
        (Some(_), Some(draft)) => {
            Some(format!("api POST {}", INVOICES.below(draft, invoices::PUBLISH)))
        }
        (Some(invoice), None) => Some(format!("invoice email {invoice}")),
        (None, _) if makes_ticket && own.is_none() => {
            number.map(|number| format!("ticket {number}"))
        }
        (None, _) => None,
    };
    made.into_iter().chain(own).collect()
}

fn made(outcome: &Outcome, step: &Step, id: Option<u64>) -> String {
    let report = &step.report;
    match &step.effect {
        Effect::Created { totals, .. } => {
            let id = id.map(|id| id.to_string()).unwrap_or_default();
            let record = step.effect.member().and_then(|member| outcome.made.one(member));
            let name = match record.and_then(number_of) {
                Some(number) => format!("#{number} (id {id})"),
                None => id,
            };
            let name = format!("{} {name}", sentence(step.effect.label()));
            match totals {
                Some(Check::InvoiceTotals { .. }) => with(&name, &totals_of(outcome, record)),
                Some(Check::Discount(_)) | None => with(&name, report),
            }
        }
        Effect::TimerCharged { timer, stops: true, .. } if id.is_none() => {
            format!("Timer entry {timer}: stopped, not charged")
        }
        Effect::TimerCharged { timer, .. } => {
            let id = id.map(|id| id.to_string()).unwrap_or_default();
            with(&format!("Timer entry {timer} charged as line item {id}"), report)
        }
        Effect::Updated { label, .. } => with(&sentence(label), report),
        Effect::Deleted { label, .. } => {
            format!("{} deleted, confirmed by a GET", sentence(label))
        }
        Effect::Unverifiable { label } => format!("{}: accepted by Syncro", sentence(label)),
    }
}

fn with(name: &str, done: &str) -> String {
    if done.is_empty() {
        return name.to_owned();
    }
    format!("{name}: {done}")
}

/// The number that people see of a record.
fn number_of(record: &Value) -> Option<String> {
    record.get("number").filter(|number| !number.is_null()).map(field_shown)
}

/// The totals of an invoice that was checked, and the prepaid hours that it took.
fn totals_of(outcome: &Outcome, record: Option<&Value>) -> String {
    let amount = |name: &str| {
        let amount = record.and_then(|record| record.get(name)).and_then(to_decimal);
        amount.map_or_else(|| "?".to_owned(), money::display)
    };
    let prepaid = outcome.made.prepaid.map_or_else(String::new, |(before, after)| {
        format!("; prepaid hours {} -> {}", before.normalize(), after.normalize())
    });
    format!(
        "{} + tax {} = {}, checked{prepaid}",
        amount("subtotal"),
        amount("tax"),
        amount("total")
    )
}
