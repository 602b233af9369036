//! The check of one landed step by what a look has shown: is the record what was sent? Pure.

use serde_json::Value;

use super::effect::Effect;
use super::normal;
use super::outcome::{CreatedRecords, Failure};
use super::place::{RecordRef, id_of};
use super::plan::Plan;
use super::record::Field;
use super::snapshot::Snapshot;
use crate::api::ids::LineItemId;
use crate::billing::check::{self, Verdict};

/// Compares the record of step `index` with what was sent; `Ok` has what should be said all the same.
pub(super) fn check(
    plan: &Plan,
    index: usize,
    id: Option<u64>,
    view: &Snapshot,
) -> Result<Vec<String>, Failure> {
    match &plan.steps[index].effect {
        Effect::Comment { subject, body, hidden, .. } => {
            let stored = view.comments.iter().find(|comment| Some(comment.id.0) == id);
            let same = stored.is_some_and(|comment| {
                super::effect::same_comment(comment, subject, body, *hidden)
            });
            Ok(if same {
                Vec::new()
            } else {
                vec![
                    "Syncro shows the comment with other words than were sent; look at it"
                        .to_owned(),
                ]
            })
        }
        Effect::LineItem { product_id, name, description, quantity, price, taxable } => {
            let Some(line) = id.and_then(|id| view.line(LineItemId(id))) else {
                return Err(Failure::Line("the line item is not on the ticket".to_owned()));
            };
            let shown = line.price().unwrap_or_default();
            if shown != *price {
                return Err(Failure::LinePrice { shown, sent: *price });
            }
            if line.quantity != Some(*quantity) {
                let shown = line.quantity.unwrap_or_default().normalize();
                return Err(Failure::Line(format!(
                    "the line item's quantity is {shown}, sent was {}",
                    quantity.normalize()
                )));
            }
            if line.taxable != *taxable {
                return Err(Failure::Line(format!(
                    "the line item is {}taxable, sent was the opposite",
                    if line.taxable { "" } else { "not " }
                )));
            }
            let product = line.product_id.filter(|shown| shown != product_id);
            if let Some(shown) = product {
                return Err(Failure::Line(format!(
                    "the line item is of product {shown}, sent was {product_id}"
                )));
            }
            let texts =
                [("name", &line.name, name), ("description", &line.description, description)];
            let texts = texts
                .into_iter()
                .filter(|(_, shown, sent)| normal::text(shown) != normal::text(sent));
            Ok(texts
                .map(|(what, shown, _)| {
                    format!("Syncro shows the line item with another {what}: {shown}")
                })
                .collect())
        }
        Effect::Invoice { expected, .. } => {
            let (Some(invoice), Some(customer)) = (&view.invoice, &view.customer) else {
                return Err(Failure::Invoice("the invoice cannot be read by its id".to_owned()));
            };
            match check::invoice(expected, invoice, customer.prepaid()) {
                Verdict::Right(_) => Ok(Vec::new()),
                Verdict::Empty => Err(Failure::InvoiceEmpty),
                Verdict::LostPrice => Err(Failure::InvoiceZero),
                Verdict::Wrong(what) => Err(Failure::Invoice(what)),
            }
        }
        Effect::Price { line, taxable, .. } => {
            let same = view.line(*line).is_some_and(|line| line.taxable == *taxable);
            if same {
                return Ok(Vec::new());
            }
            Err(Failure::Line("the line item's tax setting changed with its price".to_owned()))
        }
        Effect::Created { space, like, check, what, .. } => {
            let records = view.records(space);
            let found = records.into_iter().find(|one| id_of(&one["id"]) == id);
            let Some(record) = found else {
                return Err(Failure::Value(format!("the {what} is not there")));
            };
            let mut warnings = differences(record, check)?;
            warnings.extend(likeness(record, like, check)?);
            Ok(warnings)
        }
        Effect::Status { .. }
        | Effect::InvoiceGone { .. }
        | Effect::Updated { .. }
        | Effect::Deleted { .. }
        | Effect::TimerCharged { .. }
        | Effect::Unverifiable { .. } => Ok(Vec::new()),
    }
}

/// A record that an answer has named says what was sent, unless the server has stored something else: other words are
/// pointed out, anything else is wrong.
fn likeness(record: &Value, like: &[Field], check: &[Field]) -> Result<Vec<String>, Failure> {
    let checked = |field: &&Field| check.iter().any(|other| other.at == field.at);
    let differ = like.iter().filter(|field| !checked(field) && !field.may_be_in(record));
    let (words, wrong): (Vec<&Field>, Vec<&Field>) = differ.partition(|field| field.is_prose());
    let says = |fields: Vec<&Field>| -> Vec<String> {
        let fields = fields.into_iter();
        fields.filter_map(|field| field.differs(record)).collect()
    };
    match wrong.is_empty() {
        true => Ok(says(words)),
        false => Err(Failure::Value(says(wrong).join("; "))),
    }
}

/// What of `check` a record does not say: an error, or for what automation may change, a warning.
fn differences(record: &Value, check: &[Field]) -> Result<Vec<String>, Failure> {
    let differ = |advisory: bool| {
        let fields = check.iter().filter(move |field| field.advisory == advisory);
        fields.filter_map(|field| field.differs(record)).collect::<Vec<_>>()
    };
    let wrong = differ(false);
    if wrong.is_empty() {
        return Ok(differ(true));
    }
    Err(Failure::Value(wrong.join("; ")))
}

/// What was never set, and what its default is.
fn says_nothing(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false)) || value.as_str().is_some_and(str::is_empty)
}

/// Fields that change with others by themselves.
const MOVE_ALONG: [&str; 5] =
    ["status", "updated_at", "resolved_at", "billing_status", "start_at_label"];

/// A PUT applies defaults to fields that are left out: says which of the record's own fields moved besides those that
/// were to be changed.
pub(super) fn moved(effect: &Effect, before: &Value, view: &Snapshot) -> Option<String> {
    let (after, wanted, what): (&Value, Vec<&str>, &str) = match effect {
        Effect::Status { .. } => (&view.ticket.as_ref()?.raw, Vec::new(), "the status"),
        Effect::Updated { of, changes, side_effects, .. } => {
            let changed = changes.iter().map(|change| change.at.as_str());
            let wanted = changed.chain(side_effects.iter().map(String::as_str)).collect();
            (view.thing(of)?, wanted, "what was asked")
        }
        _ => return None,
    };
    let (before, after) = (before.as_object()?, after.as_object()?);
    let names: Vec<&str> = before
        .iter()
        .filter(|(name, old)| {
            let plain = !old.is_array() && !old.is_object();
            let expected = MOVE_ALONG.contains(&name.as_str()) || wanted.contains(&name.as_str());
            let moved = |new: &Value| new != *old && !(says_nothing(new) && says_nothing(old));
            plain && !expected && after.get(*name).is_some_and(moved)
        })
        .map(|(name, _)| name.as_str())
        .collect();
    (!names.is_empty()).then(|| {
        let place = match effect {
            Effect::Updated { what, .. } => what.as_str(),
            _ => "the ticket",
        };
        format!("besides {what}, Syncro changed: {}; look at {place}", names.join(", "))
    })
}

impl CreatedRecords {
    /// Keeps the records that a look has shown, for the report.
    pub(super) fn take(&mut self, effect: &Effect, id: Option<u64>, view: &Snapshot) {
        if let Some(ticket) = &view.ticket {
            self.ticket = Some(ticket.raw.clone());
        }
        match effect {
            Effect::Comment { .. } => {
                let stored = view.comments.iter().find(|comment| Some(comment.id.0) == id);
                self.comment = stored.map(|comment| comment.raw.clone());
            }
            Effect::LineItem { .. } | Effect::TimerCharged { .. } => {
                let stored = id.and_then(|id| view.line(LineItemId(id)));
                self.keep_line(stored.map(|line| &line.raw));
            }
            Effect::Invoice { expected, .. } => {
                self.invoice = view.invoice.as_ref().map(|invoice| invoice.raw.clone());
                let after = view.customer.as_ref().map(|customer| customer.prepaid());
                self.prepaid = after
                    .filter(|after| *after != expected.balance)
                    .map(|after| (expected.balance, after));
            }
            Effect::Created { space, member, .. } => {
                let records = view.records(space);
                let found = records.into_iter().find(|one| id_of(&one["id"]) == id);
                self.records.extend(found.map(|record| (member.clone(), record.clone())));
            }
            Effect::Updated { of: of @ RecordRef::Line(_), .. } => self.keep_line(view.thing(of)),
            // As it was seen last, like the ticket that other steps are looked for on.
            Effect::Updated { of: of @ RecordRef::Ticket(_), .. } => {
                self.ticket = view.thing(of).cloned().or(self.ticket.take());
            }
            Effect::Updated { of, member, .. } => {
                let found = view.thing(of);
                self.records.extend(found.map(|record| (member.clone(), record.clone())));
            }
            Effect::Status { .. }
            | Effect::Price { .. }
            | Effect::InvoiceGone { .. }
            | Effect::Deleted { .. }
            | Effect::Unverifiable { .. } => {}
        }
    }

    /// A line item as it was seen last: a later step may have changed what an earlier one has made.
    fn keep_line(&mut self, line: Option<&Value>) {
        let Some(line) = line else { return };
        let same = |kept: &&mut Value| id_of(&kept["id"]) == id_of(&line["id"]);
        match self.line_items.iter_mut().find(same) {
            Some(kept) => *kept = line.clone(),
            None => self.line_items.push(line.clone()),
        }
    }
}
