//! What a plan has made, as text: numbers, amounts, whom Syncro was asked to email, and what to type next.

use std::fmt::Write as _;

use serde_json::Value;

use crate::api::fields::to_decimal;
use crate::billing::money;
use crate::render::{sanitise, sentence};
use crate::write::{Effect, Outcome, Step, StepOutcome, field_at, field_shown};

/// The report of a plan that was carried out and seen to be.
#[must_use]
pub fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    for (index, step) in outcome.plan.steps.iter().enumerate() {
        let adopted = match outcome.fate(index) {
            StepOutcome::Adopted if outcome.made.already.contains(&index) => "  (already so)",
            StepOutcome::Adopted => "  (the answer was lost; found on the server)",
            _ => "",
        };
        let id = outcome.states.get(index).and_then(crate::write::StepState::id);
        let line = made(outcome, step, id);
        writeln!(out, "{}{adopted}", sanitise::one_line(&line)).unwrap_or_default();
    }
    if let Some(next) = next(outcome) {
        let next = outcome.plan.account.command(&sanitise::one_line(&next));
        writeln!(out, "Next: {next}").unwrap_or_default();
    }
    out
}

/// What to type next: as the plan says, else the ticket's page.
fn next(outcome: &Outcome) -> Option<String> {
    let plan = &outcome.plan;
    let mut made = outcome.made.records.iter();
    let number = made
        .find(|(member, _)| member == "ticket")
        .map(|(_, record)| field_shown(field_at(record, "number")))
        .or_else(|| plan.scope.number.as_ref().map(|number| number.0.clone()));
    match &plan.next {
        Some(next) if next.contains("{number}") => Some(next.replace("{number}", &number?)),
        Some(next) if next.is_empty() => None,
        Some(next) => Some(next.clone()),
        None => Some(format!("ticket {}", number?)),
    }
}

fn made(outcome: &Outcome, step: &Step, id: Option<u64>) -> String {
    let number = id.and_then(|id| number_of(outcome, id));
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    match &step.effect {
        Effect::Created { what, .. } => {
            let name = match number {
                Some(number) => format!("#{number} (id {id})"),
                None => id,
            };
            with(&format!("{} {name}", sentence(what)), &step.report)
        }
        Effect::TimerCharged { timer, .. } => {
            with(&format!("Timer entry {timer} charged as line item {id}"), &step.report)
        }
        Effect::Updated { what, .. } => with(&sentence(what), &step.report),
        Effect::Deleted { what, .. } => {
            format!("{} deleted, confirmed by a GET", sentence(what))
        }
        Effect::Unverifiable { what } => format!("{}: accepted by Syncro", sentence(what)),
        Effect::Comment { reach, .. } => format!("Comment {id}, {reach}"),
        Effect::LineItem { name, quantity, price, .. } => format!(
            "Line item {id}: {} x {name} @ {} = {}",
            quantity.normalize(),
            money::display(*price),
            money::display(money::amount(*quantity, *price))
        ),
        Effect::Invoice { .. } => {
            let prepaid = outcome.made.prepaid.map_or_else(String::new, |(before, after)| {
                format!("; prepaid hours {} -> {}", before.normalize(), after.normalize())
            });
            format!("{}{prepaid}", invoice(outcome.made.invoice.as_ref(), &id))
        }
        Effect::Status { from, to } => format!("Status {from} -> {to}"),
        Effect::Price { line, from, to, .. } => {
            format!(
                "Line item {line} repriced {} -> {}",
                money::display(*from),
                money::display(*to)
            )
        }
        Effect::InvoiceGone { invoice } => format!("Invoice with id {invoice} deleted"),
    }
}

fn with(name: &str, done: &str) -> String {
    if done.is_empty() {
        return name.to_owned();
    }
    format!("{name}: {done}")
}

/// The number that people see of a record that was made.
fn number_of(outcome: &Outcome, id: u64) -> Option<String> {
    let mut records = outcome.made.records.iter().map(|(_, record)| record);
    let record = records.find(|record| record.get("id").and_then(Value::as_u64) == Some(id))?;
    match record.get("number")? {
        Value::Null => None,
        number => Some(field_shown(number)),
    }
}

fn invoice(raw: Option<&Value>, id: &str) -> String {
    let amount = |name: &str| {
        raw.and_then(|raw| raw.get(name))
            .and_then(to_decimal)
            .map_or_else(|| "?".to_owned(), money::display)
    };
    let number = raw.and_then(|raw| raw.get("number")).map(|number| match number {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    });
    format!(
        "Invoice #{} (id {id}): {} + tax {} = {}, checked",
        number.unwrap_or_default(),
        amount("subtotal"),
        amount("tax"),
        amount("total")
    )
}
