//! The check of one landed step by what a look has shown: is the record what was sent? Pure.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::check::Check;
use super::collection::Collection;
use super::effect::Effect;
use super::noun::Noun;
use super::outcome::CreatedRecords;
use super::plan::Plan;
use super::precondition::now;
use super::read_set::ReadSet;
use super::reasons::{Changed, Failure, Warning};
use super::record::{Conflict, Difference, Field, FieldKind};
use super::records::{RecordId, id_of};
use super::snapshot::Snapshot;
use super::state::StepState;
use super::step::Step;
use crate::api::Record;
use crate::api::fields::{Unread, at, to_decimal};
use crate::api::ids::{CustomerId, LineItemId};
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::line_items::LineItem;
use crate::api::resources::payments;
use crate::api::resources::tickets::Timer;
use crate::billing::check::{self, Verdict};
use crate::billing::discount::Discount;
use crate::billing::{money, quantity};

/// Compares the record of an effect with what was sent; `Ok` has what should be said all the same.
pub(super) fn check(
    effect: &Effect,
    id: Option<u64>,
    view: &Snapshot,
) -> Result<Vec<Warning>, Failure> {
    if let Effect::TimerCharged { timer, like, check, .. } = effect {
        let Some(line) = effect.record_in(view, id) else {
            let timer = timer.clone();
            let uncharged = effect.has_ended_uncharged(view);
            return Ok(uncharged.then_some(Warning::NotCharged { timer }).into_iter().collect());
        };
        let mut warnings = differences(effect.label(), line, check)?;
        discounted(effect, line)?;
        warnings.extend(rounded(timer, like, line, view));
        return Ok(warnings);
    }
    if let (Effect::Updated { label, changes, .. }, Some(record)) =
        (effect, effect.record_in(view, id))
    {
        discounted(effect, record)?;
        let stored = |change: &&Field| (change.advisory || change.unknown) && !change.is_in(record);
        let mut warnings = warnings(label, record, changes.iter().filter(stored).collect());
        // A stop may have made a line though nothing said that it would.
        let charged = becomes(effect).and_then(|status| Some((status, charged(record, view)?)));
        match charged {
            Some((Timer::STOPPED, Warning::MayBeCharged { found, .. })) => {
                return Err(Failure::Unclear(Noun::Timer.label().to_owned(), found));
            }
            Some((Timer::STOPPED, charged)) => return Err(Failure::Charged(Box::new(charged))),
            other => warnings.extend(other.map(|(_, charged)| charged)),
        }
        return Ok(warnings);
    }
    let Effect::Created { collection, like, check, totals, .. } = effect else {
        return Ok(Vec::new());
    };
    let label = effect.label();
    let Some(record) = effect.record_in(view, id) else {
        return Err(Failure::Missing(label.to_owned()));
    };
    let mut warnings = differences(label, record, check)?;
    warnings.extend(likeness(label, record, like, check)?);
    if *collection == Collection::TIMERS {
        warnings.extend(charged(record, view));
    }
    if collection.noun == Noun::Invoice {
        warnings.extend(drafted(record));
    }
    if collection.noun == Noun::Payment {
        went_through(record)?;
    }
    discounted(effect, record)?;
    if let Some(Check::InvoiceTotals { expected, customer, untaxed, .. }) = totals {
        let hours = prepaid(view, *customer)?;
        let invoice = with_lines(record).ok_or(Failure::Unreadable)?;
        judged(check::invoice(expected, &invoice, hours)).map_or(Ok(()), Err)?;
        warnings.extend(untaxed.then(|| unplanned_tax(&invoice)).flatten());
    }
    Ok(warnings)
}

/// What a check reads besides, by what a look has shown: the line that a stop has made, though nothing said that it would.
pub(super) fn reads(effect: &Effect, view: &Snapshot) -> ReadSet {
    let record = becomes(effect).and_then(|_| effect.record_in(view, None));
    let charged = record.and_then(|record| charged(record, view));
    charged.map_or(ReadSet::NOTHING, |_| ReadSet::NOTHING.ticket())
}

/// What a timer is to do from then on, where it runs.
fn becomes(effect: &Effect) -> Option<&str> {
    effect.record_ref().filter(|of| of.noun() == Some(Noun::Timer))?;
    effect.expected("status")?.as_str()
}

/// An invoice's own page; nothing where it does not name its lines, which is not to have none.
fn with_lines(record: &Value) -> Option<Record<Invoice>> {
    let invoice = Record::<Invoice>::read(record.clone()).ok()?;
    invoice.raw["line_items"].is_array().then_some(invoice)
}

/// The prepaid hours that a customer has.
///
/// # Errors
/// Where the customer is not there; and that nobody can tell what was taken where the hours cannot be read.
fn prepaid(view: &Snapshot, customer: CustomerId) -> Result<Decimal, Failure> {
    let customer = view.typed_record::<Customer>(&Noun::Customer.record(customer));
    let customer = customer.ok_or(Failure::Unreadable)?;
    match customer.unreadable.among(&["prepay_hours"]) {
        Some(found) => Err(Failure::Unclear(Noun::Customer.label().to_owned(), found.clone())),
        None => Ok(customer.prepaid()),
    }
}

/// A payment that failed is there, and is no money: it was not made. Where the server says nothing of it, it was.
fn went_through(payment: &Value) -> Result<(), Failure> {
    let (unread, _) = Unread::flag(payment, "success");
    if let Some(found) = unread.0.into_iter().next() {
        return Err(Failure::Unclear(Noun::Payment.label().to_owned(), found));
    }
    let said = payment["transaction_response"].as_str().unwrap_or_default();
    match payments::has_failed(payment) {
        true => Err(Failure::Declined(said.trim().to_owned())),
        false => Ok(()),
    }
}

/// That a line which is new, or which a charge has made, comes to what the discount leaves of it that was sent, in whatever
/// form the server keeps it: of one that was sent without, all of it. What no line is has none.
fn discounted(effect: &Effect, line: &Value) -> Result<(), Failure> {
    let none = Map::new();
    let (noun, sent) = match effect {
        Effect::Created { totals: Some(Check::Discount(sent)), collection, .. } => {
            (Some(collection.noun), sent)
        }
        Effect::Created { collection, .. } => (Some(collection.noun), &none),
        Effect::TimerCharged { .. } => (Some(Noun::LineItem), &none),
        Effect::Updated { of, charged: true, .. } => (of.noun(), &none),
        _ => (None, &none),
    };
    let lines = [Noun::LineItem, Noun::DocumentLine, Noun::ScheduleLine];
    let Some(noun) = noun.filter(|noun| lines.contains(noun)) else {
        return Ok(());
    };
    // Where none is stated, nothing rests on what the line shows of its amounts.
    let is_none = |said| money::stated(said).is_ok_and(|said| said.unwrap_or_default().is_zero());
    if sent.is_empty() && Discount::FIELDS.iter().all(|name| is_none(at(line, name))) {
        return Ok(());
    }
    let label = noun.label();
    let unclear = |found| Failure::Unclear(label.to_owned(), found);
    // The lines of tickets and schedules may have it in cents alone.
    let in_cents = || Record::<LineItem>::read(line.clone()).ok().and_then(|line| line.price());
    let price = match noun {
        Noun::DocumentLine => Unread::number(line, "price"),
        _ => in_cents().map_or_else(|| Unread::number(line, "price_retail"), Ok),
    };
    let price = price.map_err(unclear)?;
    let quantity = Unread::number(line, "quantity").map_err(unclear)?;
    let full = quantity.saturating_mul(price);
    let amount = |fields| Some(Discount::stated(fields, full)?.amount(quantity, price));
    let (shown, sent) = (line.as_object().and_then(amount), amount(sent));
    match sent.filter(|_| shown != sent) {
        None => Ok(()),
        Some(sent) => Err(Failure::Discount { label: label.to_owned(), shown, sent }),
    }
}

/// What is wrong with an invoice.
fn judged(verdict: Verdict) -> Option<Failure> {
    match verdict {
        Verdict::Right(_) => None,
        Verdict::Empty => Some(Failure::InvoiceEmpty),
        Verdict::LostPrice => Some(Failure::InvoiceZero),
        Verdict::Wrong(difference) => Some(Failure::Invoice(difference)),
    }
}

/// What somebody has made of an invoice that was right when it was checked. The block may have paid for other work since:
/// the invoice alone is judged, by the balance now and by those that it may have left.
#[must_use]
pub fn changed_since(effect: &Effect, id: u64, view: &Snapshot) -> Option<Failure> {
    let expected = effect.expected_invoice()?;
    let Effect::Created { totals: Some(Check::InvoiceTotals { customer, .. }), .. } = effect else {
        return None;
    };
    if !view.has_read(&Noun::Invoice.record(RecordId::Id(id))) {
        return None;
    }
    let Some(invoice) = effect.record_in(view, Some(id)) else {
        return Some(Failure::Conflict(Conflict::Gone));
    };
    let Some(invoice) = with_lines(invoice) else {
        return Some(Failure::Unreadable);
    };
    let now = prepaid(view, *customer).unwrap_or(expected.balance);
    let left = expected.balance.saturating_sub(expected.covered_hours);
    let judge = |balance| check::invoice(expected, &invoice, balance);
    let is_right =
        [expected.balance, left].into_iter().any(|one| matches!(judge(one), Verdict::Right(_)));
    judged(judge(now)).filter(|_| !is_right)
}

impl Plan {
    /// The line items that an invoice which is left to be made would take, and that say something else by now than it was
    /// confirmed for, as far as `view` shows: those that its steps have made right, those that waited on the ticket, and those
    /// that somebody has added.
    pub(super) fn changed_lines(&self, states: &[StepState], view: &Snapshot) -> Vec<Changed> {
        let invoice = self.invoice_left(states);
        // A look that an invoice is sent by has read the ticket; any other one shows nothing of it.
        let Some((invoice, state)) = invoice.filter(|_| view.ticket().is_some()) else {
            return Vec::new();
        };
        let ours = self.steps.iter().zip(states).filter_map(|(step, state)| {
            let StepState::Checked { id, .. } = state else {
                return None;
            };
            let label = Noun::LineItem.label();
            let (id, news) = match &step.effect {
                effect if effect.collection() == Some(&Collection::LINES) => {
                    ((*id)?, check(effect, *id, view).err()?)
                }
                Effect::Updated { of, changes, .. } if of.noun() == Some(Noun::LineItem) => {
                    let gone = || Some(Failure::Missing(label.to_owned()));
                    let news = view.record(of).map_or_else(gone, |now| otherwise(now, changes));
                    (of.id()?, news?)
                }
                _ => return None,
            };
            Some(Changed::Since(label.to_owned(), id, news))
        });
        // What is yet to be changed, or freed by the removal of its invoice, is no news; nor is a line on an invoice where that
        // may be the plan's own.
        let left = || self.left(states).map(|(step, _)| &step.effect);
        let is_to_change = |id: LineItemId| {
            left().any(|effect| effect.record_ref() == Some(&Noun::LineItem.record(id)))
        };
        let may_be_ours =
            state.is_unknown() || left().any(|effect| matches!(effect, Effect::Deleted { .. }));
        let is_taken = |id| view.line(id).is_some_and(|line| line.converted);
        let mut own = self.made(states, None).ids(Some(&Collection::LINES));
        own.extend(self.charged_at_once(states, view).into_values());
        let now = now(view, own, BTreeSet::new());
        let waiting = invoice.contents().into_iter().flat_map(|contents| contents.changed(&now));
        let is_meant = |id: LineItemId| is_to_change(id) || may_be_ours && is_taken(id);
        let waiting = waiting.filter(|(id, _)| !is_meant(*id)).map(|(_, news)| news);
        // What came beside them may be a line of the plan's own whose answer was lost.
        let is_lost = |(step, state): (&Step, &StepState)| {
            state.is_unknown() && step.effect.collection() == Some(&Collection::LINES)
        };
        let came = invoice.contents().filter(|_| !self.left(states).any(is_lost));
        let came = came.into_iter().flat_map(|contents| contents.new_lines(&now));
        ours.chain(waiting.chain(came).map(Changed::Contents)).collect()
    }
}

/// What a record does not say any more of what it was changed to; other words decide nothing.
fn otherwise(record: &Value, changes: &[Field]) -> Option<Failure> {
    let counts = |change: &&Field| !change.advisory && !change.unknown && !change.is_prose();
    let news: Vec<Difference> =
        changes.iter().filter(counts).filter_map(|change| change.differs(record)).collect();
    (!news.is_empty()).then_some(Failure::Differs(news))
}

/// That the account makes drafts: the customer has yet to get the invoice.
fn drafted(invoice: &Value) -> Option<Warning> {
    let invoice = Record::<Invoice>::read(invoice.clone()).ok().filter(|one| one.is_draft())?;
    Some(Warning::Draft(invoice.number.clone()))
}

/// That there is a tax where the preview had none. Taxable lines may come to none: customers are exempt, hours are prepaid.
fn unplanned_tax(invoice: &Invoice) -> Option<Warning> {
    let tax = invoice.tax.or_else(|| invoice.total?.checked_sub(invoice.subtotal?))?;
    (!tax.is_zero()).then_some(Warning::UnplannedTax(tax))
}

/// That an account has rounded the time of an entry in a way of its own. Where nobody could know the time before, the entry
/// tells it.
fn rounded(timer: &RecordId, like: &[Field], line: &Value, view: &Snapshot) -> Option<Warning> {
    let stated = like.iter().filter(|field| field.path == "quantity");
    let mut hours: Vec<Decimal> = stated.filter_map(|field| to_decimal(&field.expected)).collect();
    if hours.is_empty() {
        let timers = view.ticket().into_iter().flat_map(|ticket| &ticket.ticket_timers);
        let mut own = timers.filter(|one| Some(one.id.0) == timer.id());
        let spent = own.find_map(|one| one.billable_seconds()).map(quantity::hours)?;
        hours = vec![spent, money::cents(spent)];
    }
    let own = hours.first()?.normalize();
    let made = to_decimal(at(line, "quantity"))?.normalize();
    let is_own = hours.iter().any(|hours| hours.normalize() == made);
    (!is_own).then(|| Warning::ChargedAs { timer: timer.clone(), made, own })
}

/// That an account charges new time by itself: the line is this entry's, whoever made it. And that nobody can tell.
fn charged(timer: &Value, view: &Snapshot) -> Option<Warning> {
    let timer = Record::<Timer>::read(timer.clone()).ok().filter(|one| one.may_be_charged())?;
    if let Some(found) = timer.unclear_charge().filter(|_| !timer.is_charged()) {
        return Some(Warning::MayBeCharged { timer: timer.id.into(), found: found.clone() });
    }
    let line = timer.ticket_line_item_id;
    let made = line.and_then(|id| view.line(id)).map(|made| Box::new(made.view.clone()));
    Some(Warning::ChargedAtOnce { timer: timer.id.into(), line, made })
}

/// A record that an answer has named says what was sent, unless the server has stored something else: other words are
/// pointed out, anything else is wrong.
fn likeness(
    label: &str,
    record: &Value,
    like: &[Field],
    check: &[Field],
) -> Result<Vec<Warning>, Failure> {
    let checked = |field: &&Field| check.iter().any(|other| other.path == field.path);
    let differ = like.iter().filter(|field| !checked(field) && !field.may_be_in(record));
    let (words, wrong): (Vec<&Field>, Vec<&Field>) = differ.partition(|field| field.is_prose());
    match wrong.is_empty() {
        true => Ok(warnings(label, record, words)),
        false => Err(Failure::Differs(differing(record, wrong).collect())),
    }
}

/// The fields of `check` that a record does not have as sent: an error, or for what automation may change, a warning.
fn differences(label: &str, record: &Value, check: &[Field]) -> Result<Vec<Warning>, Failure> {
    let differ = check.iter().filter(|field| match field.identifying {
        // What it leaves out contradicts nothing.
        true => !field.may_be_in(record),
        false => !field.is_in(record),
    });
    let (soft, wrong): (Vec<&Field>, Vec<&Field>) = differ.partition(|field| field.advisory);
    // A lost price first: it is the one that can be repaired. One that cannot be read may be there.
    let mut prices = wrong.iter().filter(|field| field.kind == FieldKind::Money);
    let lost =
        prices.find_map(|price| to_decimal(&price.now(record)).zip(to_decimal(&price.expected)));
    if let Some((shown, sent)) = lost {
        return Err(Failure::Price { label: label.to_owned(), shown, sent });
    }
    match wrong.is_empty() {
        true => Ok(warnings(label, record, soft)),
        false => Err(Failure::Differs(differing(record, wrong).collect())),
    }
}

fn differing<'f>(
    record: &'f Value,
    fields: Vec<&'f Field>,
) -> impl Iterator<Item = Difference> + 'f {
    fields.into_iter().filter_map(|field| field.differs(record))
}

fn warnings(label: &str, record: &Value, fields: Vec<&Field>) -> Vec<Warning> {
    let differing = differing(record, fields);
    differing.map(|one| Warning::Stored(label.to_owned(), Box::new(one))).collect()
}

/// Whether a field was never set, or has what its default is.
fn says_nothing(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false)) || value.as_str().is_some_and(str::is_empty)
}

/// Fields that change by themselves, with others or as time goes on.
const MOVE_ALONG: [&str; 7] = [
    "status",
    "updated_at",
    "resolved_at",
    "billing_status",
    "start_at_label",
    "elapsed_seconds",
    "customer_reply",
];

/// A PUT applies defaults to fields that are left out: says which of the record's own fields moved besides those that
/// were to be changed.
pub(super) fn moved(effect: &Effect, before: &Value, view: &Snapshot) -> Option<Warning> {
    let Effect::Updated { of, label, changes, side_effects, .. } = effect else {
        return None;
    };
    let changed = changes.iter().map(|change| change.path.as_str());
    let wanted: Vec<&str> = changed.chain(side_effects.iter().map(String::as_str)).collect();
    let (before, after) = (before.as_object()?, view.record(of)?.as_object()?);
    let names: Vec<String> = before
        .iter()
        .filter(|(name, old)| {
            let plain = !old.is_array() && !old.is_object();
            let expected = MOVE_ALONG.contains(&name.as_str()) || wanted.contains(&name.as_str());
            let moved = |new: &Value| new != *old && !(says_nothing(new) && says_nothing(old));
            plain && !expected && after.get(*name).is_some_and(moved)
        })
        .map(|(name, _)| name.clone())
        .collect();
    (!names.is_empty()).then(|| Warning::Moved(label.clone(), names))
}

impl CreatedRecords {
    /// Keeps the records that a look has shown, for the report.
    pub(super) fn take(&mut self, effect: &Effect, id: Option<u64>, view: &Snapshot) {
        if let Some(ticket) = view.ticket() {
            self.keep("ticket", &ticket.raw);
        }
        if let (Some(member), Some(record)) = (effect.member(), effect.record_in(view, id)) {
            self.keep(member, record);
        }
        self.prepaid = effect.prepaid(view).or(self.prepaid);
    }

    /// A record as it was seen last: a later step may have changed what an earlier one has made. Of a member that is no list
    /// there is one.
    fn keep(&mut self, member: &str, record: &Value) {
        let kept = self.records.entry(member.to_owned()).or_default();
        let is_list = member.ends_with('s');
        let same = |one: &&mut Value| !is_list || id_of(&one["id"]) == id_of(&record["id"]);
        match kept.iter_mut().find(same) {
            Some(one) => *one = record.clone(),
            None => kept.push(record.clone()),
        }
    }
}
