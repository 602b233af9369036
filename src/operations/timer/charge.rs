//! A timer entry that is charged: it says so from then on, and there is one new line item.

use rust_decimal::Decimal;

use super::time::{Time, its_line, large, moment, named};
use crate::api::Record;
use crate::api::ids::ProductId;
use crate::api::resources::line_items;
use crate::api::resources::tickets::{Ticket, Timer};
use crate::billing::money;
use crate::billing::quantity::hours;
use crate::error::{Error, Hint, Result};
use crate::operations::guard::{Finding, Guard};
use crate::operations::rule::{Call, Env, Proposed};
use crate::operations::{line, on_ticket, readable, sold, written};
use crate::render::preview::Sheet;
use crate::render::when;
use crate::write::{Effect, Field, Noun, Precondition, RecordId, Snapshot, Step, field_at};

impl Time {
    pub(super) fn charge(
        &self,
        call: &Call,
        seen: &Snapshot,
        env: &Env<'_>,
        (ticket, timer): (&Record<Ticket>, &Record<Timer>),
    ) -> Result<Proposed> {
        may_charge(timer, ticket)?;
        let id = timer.id;
        let seconds = timer.billable_seconds().unwrap_or_default();
        let hours = hours(seconds);
        let named = named(timer, ticket, env.me, env.names, &env.settings.timezone);
        let sheet = on_ticket::sheet(ticket, env).row("Charge", named);
        let what = format!("timer entry {id}");
        let same = Precondition::new(Noun::Timer.record(id), &what, still(timer));
        let beside = self.beside(seen, env, (ticket, &what));
        let sheet = sheet.all_notices(&beside.notices);
        let proposed = |text: &str, sheet: Sheet, findings: Vec<Finding>| {
            let says = format!("charge timer entry {id} ({text})");
            let step = call
                .step(
                    "charge",
                    says.clone(),
                    becomes(timer.id.into(), hours, timer.product_id, &timer.notes),
                )
                .asked_as(says)
                .requires(same.recheck());
            Proposed {
                title: format!("Charge time of ticket #{}", ticket.number),
                sheet,
                findings: beside.findings.into_iter().chain(findings).collect(),
                step: beside.ground.into_iter().fold(step, Step::requires),
                whose: Some(on_ticket::whose(ticket)),
                scope: on_ticket::scope(ticket),
            }
        };
        readable(&timer.unreadable, &Timer::BILLABLE, format_args!("timer entry {id}"))?;
        let free = not_billable(timer);
        let product = self.sold(seen).map(|id| sold::product(seen, id)).transpose()?;
        let sold = product.as_ref().map(|one| sold::sold_as(one, &sold::PREVIEWED));
        let unsold = product.as_ref().and_then(|one| sold::disabled(one));
        if let Some(mended) = &self.mended {
            // What becomes of the line, the mending tells, but for what its time alone does.
            let moment = moment(seconds, mended.quantity, mended.amount);
            let product = mended.product;
            let told = product.and_then(|id| written::hours(id, mended.quantity, env.settings));
            let long = large(seconds / 60, env).filter(|_| told.is_none());
            let findings = free.into_iter().chain(moment).chain(long).collect();
            let mut proposed = proposed(&mended.text, sheet, findings);
            proposed.step = sold.into_iter().fold(proposed.step, Step::requires);
            return Ok(proposed);
        }
        if let Some(product) = &product {
            let what = format_args!("product {}", product.id);
            readable(&product.unreadable, &["price_retail"], what)?;
        }
        let price = product.as_ref().and_then(|product| product.price_retail).unwrap_or_default();
        let name = product.map_or_else(|| "no product".to_owned(), |product| product.view.name);
        let quantity = money::cents(hours);
        let text = line::spelled(quantity, &name, price);
        let sheet = sheet.row("Line item", &text).notice(
            "fields that Syncro drops are not corrected; `syncro timer charge` corrects them",
        );
        let product = timer.product_id;
        let same = product
            .and_then(|id| line::same(seen, ticket, (Some(id), &name), quantity, &timer.notes));
        let what = its_line(seconds, quantity);
        let what = (what.as_str(), product, name.as_str());
        let amounts = line::amounts(what, money::amount(quantity, price), price, env.settings);
        let disabled = on_ticket::disabled_on(seen, ticket).into_iter().chain(unsold);
        let long = large(seconds / 60, env);
        let findings = free.into_iter().chain(same).chain(long).chain(amounts).chain(disabled);
        let mut proposed = proposed(&text, sheet, findings.collect());
        proposed.step = sold.into_iter().fold(proposed.step, Step::requires);
        Ok(proposed)
    }
}

/// The question about time that somebody has marked.
fn not_billable(timer: &Timer) -> Option<Finding> {
    let length = when::length(timer.seconds().unwrap_or_default() / 60);
    let text = format!("timer entry {} ({length}) is marked as not billable", timer.id);
    timer.is_not_billable().then(|| Finding::new(Guard::NotBillable, text))
}

/// What charging makes: any of it tells the line, since the server has its own ways of rounding, and may drop the product or
/// the notes.
pub(super) fn becomes(
    timer: RecordId,
    hours: Decimal,
    product: Option<ProductId>,
    notes: &str,
) -> Effect {
    let mut like = vec![
        Field::new("quantity", line_items::number(hours)),
        Field::new("quantity", line_items::number(money::cents(hours))),
    ];
    like.extend(product.map(|id| Field::new("product_id", id.0)));
    if !notes.trim().is_empty() {
        like.push(Field::new("description", notes));
    }
    Effect::TimerCharged { timer, like, check: Vec::new(), stops: false }
}

/// What the preview rests on: somebody who changes the entry meanwhile has it billed by nobody.
const STILL: [(&str, &str); 8] = [
    ("start_time", "start"),
    ("end_time", "end"),
    ("active_duration", "duration"),
    ("billable", "billable"),
    ("billable_time", "billable time"),
    ("billable_override", "billable time that is set"),
    ("product_id", "product"),
    ("notes", "notes"),
];

/// What an entry said in the preview.
#[must_use]
pub fn still(timer: &Record<Timer>) -> Vec<Field> {
    let fields = STILL.iter();
    fields.map(|(at, label)| Field::called(at, label, field_at(&timer.raw, at).clone())).collect()
}

/// What an entry is sold as, where it says so. One that cannot be understood is not none.
///
/// # Errors
/// Exit 5.
pub fn product_of(timer: &Timer) -> Result<Option<ProductId>> {
    readable(&timer.unreadable, &["product_id"], format_args!("timer entry {}", timer.id))?;
    Ok(timer.product_id)
}

/// Refuses an entry that is charged, runs, or took no time.
///
/// # Errors
/// Exit 5.
pub fn may_charge(timer: &Timer, ticket: &Ticket) -> Result<()> {
    let id = timer.id;
    let number = &ticket.number;
    readable(&timer.unreadable, &Timer::TIME, format_args!("timer entry {id}"))?;
    // Whatever else is said of it, the server goes by its own.
    product_of(timer)?;
    if timer.is_charged() {
        let line = timer.ticket_line_item_id;
        let line = line.map_or_else(String::new, |line| format!(" (line item {line})"));
        return Err(Error::refused(format!("timer entry {id} is already charged{line}"))
            .nothing_written()
            .hint(
                Hint::from("a timer entry cannot be charged twice; to add another line item: ")
                    .command("line add"),
            ));
    }
    if timer.is_running() {
        return Err(Error::refused(format!("timer entry {id} is {}", timer.now()))
            .nothing_written()
            .hint(Hint::from("stop it first: ").line(format!("timer stop {number} {id}"))));
    }
    if !timer.waits() {
        return Err(Error::refused(format!("timer entry {id} has no duration"))
            .nothing_written()
            .hint(
                Hint::from("set one: ").line(format!("timer update {number} {id} --minutes T")),
            ));
    }
    Ok(())
}
