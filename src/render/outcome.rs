//! What a plan has made, as text: numbers, amounts, whom Syncro was asked to mail, and what to type next.

use std::fmt::Write as _;

use serde_json::Value;

use crate::api::fields::to_decimal;
use crate::billing::money;
use crate::render::sanitise;
use crate::write::{Effect, Fate, Outcome};

/// The report of a plan that was carried out and seen to be.
#[must_use]
pub fn text(outcome: &Outcome) -> String {
    let mut out = String::new();
    for (index, step) in outcome.plan.steps.iter().enumerate() {
        let adopted = match outcome.fate(index) {
            Fate::Adopted => "  (found by looking; its answer was lost)",
            _ => "",
        };
        let id = outcome
            .states
            .get(index)
            .and_then(crate::write::StepState::id);
        let line = made(outcome, &step.effect, id);
        writeln!(out, "{}{adopted}", sanitise::one_line(&line)).unwrap_or_default();
    }
    let number = sanitise::one_line(&outcome.plan.scope.number.0);
    let next = outcome.plan.account.command(&format!("ticket {number}"));
    writeln!(out, "Next: {next}").unwrap_or_default();
    out
}

fn made(outcome: &Outcome, effect: &Effect, id: Option<u64>) -> String {
    let id = id.map(|id| id.to_string()).unwrap_or_default();
    match effect {
        Effect::Comment { reach, .. } => format!("Comment {id}, {reach}"),
        Effect::LineItem {
            name,
            quantity,
            price,
            ..
        } => format!(
            "Line item {id}: {} x {name} @ {} = {}",
            quantity.normalize(),
            money::display(*price),
            money::display(money::amount(*quantity, *price))
        ),
        Effect::Invoice { .. } => {
            let prepaid = outcome
                .made
                .prepaid
                .map_or_else(String::new, |(before, after)| {
                    format!(
                        "; prepaid hours {} -> {}",
                        before.normalize(),
                        after.normalize()
                    )
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

fn invoice(raw: Option<&Value>, id: &str) -> String {
    let amount = |name: &str| {
        raw.and_then(|raw| raw.get(name))
            .and_then(to_decimal)
            .map_or_else(|| "?".to_owned(), money::display)
    };
    let number = raw
        .and_then(|raw| raw.get("number"))
        .map(|number| match number {
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
