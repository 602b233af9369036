//! The line item that a charge of the same plan makes: it gets the contents that the server may have dropped on the way.

use rust_decimal::Decimal;
use serde_json::Value;

use super::line::Contents;
use super::rule::{Call, Env, Proposed, Rule};
use super::{body, on_ticket, sold, timer};
use crate::api::Method;
use crate::api::ids::{ProductId, TicketId};
use crate::api::resources::line_items::{self, ID};
use crate::api::resources::tickets::Ticket;
use crate::billing::money::cents;
use crate::billing::quantity;
use crate::error::{Error, Result};
use crate::write::{
    Effect, Field, FieldKind, Noun, Precondition, ReadSet, RecordId, Scope, Snapshot,
};

/// What follows where all of a line is set.
const FOLLOW_CONTENTS: [&str; 7] =
    ["product_category", "retail_cents", "cost_cents", "price_cost", "price", "total", "upc_code"];

#[derive(Debug)]
struct ChargedLine {
    ticket: TicketId,
    line: RecordId,
    product: Option<ProductId>,
}

/// What a request does to a line that the plan is yet to make, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (ticket, verb) = on_ticket::below(call)?;
    let is_change = matches!(call.request.method, Method::Put | Method::Patch);
    let line = RecordId::token(body::text(&call.fields, ID))?;
    let product = body::number(&call.fields, "product_id").map(ProductId);
    let rule = ChargedLine { ticket, line, product };
    (is_change && verb == line_items::UPDATE).then(|| -> Box<dyn Rule> { Box::new(rule) })
}

/// What a request makes of the line that a charge right before it has made.
#[derive(Debug)]
pub(super) struct Mended {
    /// All of it in a line.
    pub(super) text: String,
    /// What is sold.
    pub(super) product: Option<ProductId>,
    /// How much of it.
    pub(super) quantity: Decimal,
    /// What that comes to.
    pub(super) amount: Decimal,
}

impl Mended {
    /// That of a request which mends such a line.
    pub(super) fn by(call: &Call) -> Option<Self> {
        route(call)?;
        let product = body::number(&call.fields, "product_id").map(ProductId);
        let new = Contents::of(&call.fields).ok()?;
        Some(Self { text: new.text, product, quantity: new.quantity, amount: new.amount })
    }
}

impl Rule for ChargedLine {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, _seen: &Snapshot, _scope: &Scope) -> ReadSet {
        sold::of_products(self.product).ticket()
    }

    /// # Errors
    /// Exit 2 where no step before it charges a timer entry: nothing would ever take the place of the token.
    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        let line = &self.line;
        let mut before = env.before.iter().rev();
        let timer = before.find_map(|step| match &step.effect {
            Effect::TimerCharged { timer, .. } => Some(timer),
            _ => None,
        });
        let timer = timer.ok_or_else(|| {
            Error::usage(format!("{line} is the id of no line item"))
                .nothing_sent()
                .hint("use the id of a line item, in digits")
        })?;
        let mut fields = call.fields.clone();
        fields.remove(ID);
        let new = Contents::of(&fields)?;
        let product = self.product.map(|id| sold::product(seen, id)).transpose()?;
        let disabled = product.and_then(|product| sold::disabled(&product));
        let what = match timer.id() {
            Some(timer) => format!("line item of timer entry {timer}"),
            None => "line item of the logged time".to_owned(),
        };
        let rounded = rounded(timer, ticket, env);
        let changes = fields.iter().map(|(name, to)| becomes(name, to, &rounded)).collect();
        let of = Noun::LineItem.record(line.clone());
        let is_open = vec![Field::called("converted", "invoiced", false)];
        let step = call
            .step(
                "mend",
                format!("check that the {what} shows {}", new.text),
                Effect::updated(of.clone(), &what, changes, &FOLLOW_CONTENTS).of_charge(),
            )
            .requires(Precondition::new(of, format!("the {what}"), is_open).recheck())
            .reports(&new.text);
        Ok(Proposed {
            title: format!("Charge time of ticket #{}", ticket.number),
            sheet: new.shown(on_ticket::sheet(ticket, env)).maybe("", timer::logged(timer, env)),
            findings: new
                .findings(seen, ticket, env.settings)
                .into_iter()
                .chain(disabled)
                .collect(),
            step,
            whose: Some(on_ticket::whose(ticket)),
            scope: on_ticket::scope(ticket),
        })
    }
}

/// What the account may make of an entry's billable time by its own rounding, where that is kept. All of the time where only
/// a part of it is billable is no rounding.
fn rounded(timer: &RecordId, ticket: &Ticket, env: &Env<'_>) -> Vec<Value> {
    let mut timers = ticket.ticket_timers.iter().filter(|one| env.kept.contains(&one.id));
    let Some(timer) = timers.find(|one| Some(one.id.0) == timer.id()) else {
        return Vec::new();
    };
    let all = timer.billable_part().and_then(|_| timer.seconds()).map(quantity::hours);
    let is_all = |hours: &Decimal| all.is_some_and(|all| *hours == all || *hours == cents(all));
    let mut hours = timer.billable_seconds().map(quantity::rounded).unwrap_or_default();
    hours.retain(|hours| !is_all(hours));
    hours.into_iter().map(line_items::number).collect()
}

/// A field of a line that a charge has made, of which nobody knows what it says before.
fn becomes(name: &str, to: &Value, rounded: &[Value]) -> Field {
    let change = |label: &str| Field::called(name, label, to.clone());
    match name {
        "product_id" => change("product"),
        "price_retail" => change("price").or_cents("retail_cents").kind(FieldKind::Money),
        "quantity" => change(name).or_any(rounded.iter().cloned()),
        other => change(other),
    }
}
