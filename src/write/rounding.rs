//! An account's own rounding of charged time: where it explains what a line says, it stays, and is said. What an invoice
//! then comes to is not what was confirmed, so that it is asked about before anything is sent. Nobody can know it
//! earlier: no setting of the API tells how an account rounds. Pure.

use serde_json::Value;

use super::check::Check;
use super::effect::Effect;
use super::plan::Plan;
use super::reasons::Rounded;
use super::record::{Field, FieldKind};
use super::snapshot::Snapshot;
use super::step::Step;
use crate::api::fields::to_decimal;
use crate::api::resources::line_items;
use crate::billing::discount::Discount;
use crate::billing::expected::spell;

/// What a line was to say, and says as the account has rounded it.
pub(super) struct Kept {
    /// The line as it is.
    pub(super) line: String,
    pub(super) planned: String,
}

impl Kept {
    /// The rounding that a change has let stand, as a look at its record shows it.
    pub(super) fn of(effect: &Effect, view: &Snapshot) -> Option<Self> {
        let record = view.record(effect.record_ref()?)?;
        let rounded = rounded(effect.changes(), record)?;
        let name = effect.expected("name").and_then(Value::as_str).unwrap_or_default();
        let price = effect.expected("price_retail").and_then(to_decimal)?;
        let line =
            |quantity: &Value| Some(spell(to_decimal(quantity)?, name, price, Discount::None));
        Some(Self { line: line(&rounded.now(record))?, planned: line(&rounded.expected)? })
    }
}

/// The hours that a record has rounded up, where all else says that it is what was charged: another product or price has
/// another reason, which nobody knows.
fn rounded<'c>(changes: &'c [Field], record: &Value) -> Option<&'c Field> {
    let sold = |change: &&Field| change.kind == FieldKind::Money || change.path == "product_id";
    let is_so = changes.iter().filter(sold).all(|change| change.is_in(record));
    let plain = |change: &&Field| Field { also: Vec::new(), ..(*change).clone() };
    let mut changes = changes.iter().filter(|change| !change.also.is_empty());
    changes.find(|change| is_so && change.is_in(record) && !plain(change).is_in(record))
}

impl Step {
    /// Has it send the hours along as a record has them, where those are the account's rounding.
    pub(super) fn keep_rounding(&mut self, record: &Value) {
        let Some(hours) = rounded(self.effect.changes(), record) else { return };
        let now = to_decimal(&hours.now(record)).map(line_items::number);
        let body = self.request.body.as_mut().and_then(Value::as_object_mut);
        if let (Some(now), Some(body)) = (now, body) {
            body.insert(hours.path.clone(), now);
        }
    }
}

/// Where a plan says that the account's own rounding is taken.
const TAKEN: &str = "rounded";

impl Plan {
    /// Has an invoice that comes to something else by the account's own rounding made without a question.
    pub fn take_rounding(&mut self) {
        self.request[TAKEN] = Value::Bool(true);
    }

    /// Whether it is.
    #[must_use]
    pub fn takes_rounding(&self) -> bool {
        self.request[TAKEN] == true
    }

    /// The step of an invoice, and what it comes to, with its lines as the account has rounded them; none where it has
    /// rounded nothing that is not in the step already.
    pub fn rounded(&self, index: usize, view: &Snapshot) -> Option<(Step, Rounded)> {
        let mut step = self.steps.get(index)?.clone();
        let Effect::Created { totals: Some(totals), .. } = &mut step.effect else {
            return None;
        };
        let Check::InvoiceTotals { expected, rounded: lines, .. } = totals else {
            return None;
        };
        let before = expected.clone();
        for line in lines {
            let made = self.steps.iter().find(|step| step.effect.record_ref() == Some(&line.of));
            let record = view.record(&line.of);
            let found = made.zip(record).and_then(|(made, record)| {
                to_decimal(&rounded(made.effect.changes(), record)?.now(record))
            });
            if let Some(hours) = found {
                expected.set_quantity(line.line, hours);
            }
        }
        let amounts = Rounded { from: before.subtotal(), to: expected.subtotal() };
        let is_other = *expected != before;
        step.description = expected.making();
        step.stake = expected.stake();
        is_other.then_some((step, amounts))
    }
}
