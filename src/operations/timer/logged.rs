//! Time that is logged with the line item that it becomes: an entry which one step makes is charged by the next one.

use jiff::Timestamp;

use super::charge::becomes;
use crate::api::Method;
use crate::api::fields::to_instant;
use crate::api::ids::{ProductId, TicketId};
use crate::api::resources::timers::{self, ID};
use crate::billing::quantity::hours;
use crate::error::Result;
use crate::operations::charged_line::Mended;
use crate::operations::later::made_before;
use crate::operations::rule::{Call, Env, Proposed, Rule};
use crate::operations::{body, on_ticket, sold};
use crate::render::when;
use crate::write::{Field, Noun, Precondition, ReadSet, RecordId, Scope, Snapshot, Step};

/// A charge of an entry that an earlier step makes.
#[derive(Debug)]
struct Logged {
    ticket: TicketId,
    timer: RecordId,
    /// The contents that the request behind it gives its line.
    mended: Option<Mended>,
}

/// What a request does to an entry that is yet to be made, if it charges one.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (ticket, verb) = on_ticket::below(call)?;
    let timer = RecordId::token(body::text(&call.fields, ID))?;
    let charges = call.request.method == Method::Post && verb == timers::CHARGE;
    charges.then(|| -> Box<dyn Rule> { Box::new(Logged { ticket, timer, mended: None }) })
}

impl Rule for Logged {
    fn before(&mut self, next: &Call) {
        self.mended = Mended::by(next);
    }

    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, _seen: &Snapshot, _scope: &Scope) -> ReadSet {
        sold::of_products(self.mended.as_ref().and_then(|mended| mended.product)).ticket()
    }

    /// # Errors
    /// Exit 2 where no step before it makes the entry: nothing would ever take the place of the token.
    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        let maker = made_before(env, &self.timer)?;
        let fields = body::fields(&maker.request);
        let minutes = body::number(&fields, "duration_minutes").unwrap_or_default();
        let hours = hours(minutes.saturating_mul(60));
        let product = body::number(&fields, "product_id").map(ProductId);
        let notes = body::text(&fields, "notes");
        let effect = becomes(self.timer.clone(), hours, product, notes);
        let still = ["start_time", "end_time"].into_iter();
        let still = still.filter_map(|at| Some(Field::new(at, maker.effect.expected(at)?.clone())));
        let of = Noun::Timer.record(self.timer.clone());
        let same = Precondition::new(of, "the timer entry", still.collect()).recheck();
        let text = self.mended.as_ref().map_or("no line item", |mended| &mended.text);
        let sold = product.map(|id| sold::product(seen, id)).transpose()?;
        let sold = sold.map(|one| sold::sold_as(&one, &sold::PREVIEWED));
        let step = call
            .step("charge", format!("charge the timer entry ({text})"), effect)
            .requires(same)
            .requires(Precondition::Billable { timer: self.timer.clone() });
        // What is charged on other tickets stands against the charge as it does against the entry.
        let elsewhere = maker.preconditions.iter();
        let elsewhere = elsewhere.filter(|given| given.is_of_time());
        let step = elsewhere.cloned().fold(step, Step::requires);
        Ok(Proposed {
            title: format!("Charge time of ticket #{}", ticket.number),
            sheet: on_ticket::sheet(ticket, env),
            findings: Vec::new(),
            step: sold.into_iter().fold(step, Step::requires),
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }
}

/// When the time of an entry is logged that an earlier step makes, for people.
pub(in crate::operations) fn says(timer: &RecordId, env: &Env<'_>) -> Option<String> {
    let at = |maker: &Step, path| -> Option<Timestamp> { to_instant(maker.effect.expected(path)?) };
    let maker = made_before(env, timer).ok()?;
    let (begins, ends) = (at(maker, "start_time")?, at(maker, "end_time")?);
    let minutes = u64::try_from(ends.duration_since(begins).as_mins()).ok()?;
    let (settings, zone) = (env.settings, &env.settings.timezone);
    let began = when::clock(begins, env.now, zone);
    let began = match settings.is_zone_of_machine() {
        true => began,
        false => format!("{began} {}", when::abbreviation(zone, begins)),
    };
    Some(format!("logged as {} from {began}", when::clock_length(minutes)))
}
