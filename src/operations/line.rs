//! Line items: added to a ticket, changed and taken off it. What a line costs and whether it is there already is guarded
//! here, whoever adds it.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use super::clear::readable;
use super::guard::{Finding, Guard};
use super::resource::ResourceField;
use super::rule::{Call, Env, Proposed, Rule};
use super::sold::{PREVIEWED, in_body, of_products, other_than, product, selling, sold_as};
use super::unbilled::{charged, invoiced_line, invoiced_reads, unmarked};
use super::written::{hours, is_same_line};
use super::{body, figures, on_ticket};
use crate::api::ids::{LineItemId, ProductId, TicketId};
use crate::api::resources::line_items::{self, ID, LineItem};
use crate::api::resources::tickets::Ticket;
use crate::api::{Method, Record};
use crate::billing::discount::Discount;
use crate::billing::expected::{discounted, of_line, spell};
use crate::billing::money;
use crate::billing::uninvoiced::{is_open, may_be_its};
use crate::config::{LaborType, Settings};
use crate::error::{Error, Kind, Result};
use crate::render::fact::{Fact, LineFact};
use crate::render::hidden::{TIMERS, hidden};
use crate::render::in_brief;
use crate::render::preview::Sheet;
use crate::write::{
    Collection, Effect, Field, FieldKind, Noun, Precondition, ReadSet, Scope, Snapshot, Step,
};

/// What a PUT sends along, since it sets what is left out to its default: labor would be taxed.
pub(super) const KEPT: [&str; 1] = ["taxable"];
/// Prices in cents and sums follow the price and the quantity.
pub const FOLLOW_PRICE: [&str; 4] = ["price_retail", "retail_cents", "price", "total"];

/// What of a line is known to be stored.
const FIELDS: [ResourceField; 5] = [
    ResourceField::new("name", "name"),
    ResourceField::new("description", "description"),
    ResourceField::new("quantity", "quantity"),
    ResourceField::new("taxable", "taxable"),
    ResourceField::new("product_id", "product_id"),
];

/// A write of a line item of a ticket.
#[derive(Debug)]
struct Line {
    ticket: TicketId,
    act: Act,
    /// The products that the body names.
    products: BTreeSet<ProductId>,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Add,
    Update(LineItemId),
    Remove(LineItemId),
}

/// What a request does to a line item, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (ticket, verb) = on_ticket::below(call)?;
    let line = body::number(&call.fields, ID).map(LineItemId);
    let act = match (call.request.method, verb) {
        (Method::Post, line_items::ADD) => Act::Add,
        (Method::Put | Method::Patch, line_items::UPDATE) => Act::Update(line?),
        (Method::Post, line_items::REMOVE) => Act::Remove(line?),
        _ => return None,
    };
    Some(Box::new(Line { ticket, act, products: in_body(call) }))
}

impl Rule for Line {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(on_ticket::scope_of(self.ticket))
    }

    fn reads(&self, seen: &Snapshot, _scope: &Scope) -> ReadSet {
        of_products(self.sold(seen)).and(invoiced_reads(seen))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let ticket = on_ticket::ticket(seen, self.ticket)?;
        let proposed = match self.act {
            Act::Add => add(call, seen, ticket, env)?,
            Act::Update(id) => update(call, seen, ticket, env, find(ticket, id)?)?,
            Act::Remove(id) => remove(call, seen, ticket, env, find(ticket, id)?),
        };
        let mut proposed = selling(proposed, call, seen, (self.sold(seen), &PREVIEWED))?;
        // Labor is taxed as its type says, and anything else as its product is.
        let is_labor = |id| env.settings.labor.iter().any(|labor| labor.product_id == id);
        if matches!(self.act, Act::Add) {
            for id in self.sold(seen).into_iter().filter(|id| !is_labor(*id)) {
                proposed.step = proposed.step.requires(sold_as(&product(seen, id)?, &KEPT));
            }
        }
        Ok(proposed)
    }
}

impl Line {
    /// The products that are sold by it anew.
    fn sold(&self, seen: &Snapshot) -> Vec<ProductId> {
        match self.act {
            Act::Add => other_than(&self.products, None),
            Act::Update(id) => {
                let there = seen.line(id).map(|line| line.product_id);
                there.map_or_else(Vec::new, |there| other_than(&self.products, there))
            }
            Act::Remove(_) => Vec::new(),
        }
    }
}

/// What a body says of a line item that is new, or that a charge has made.
pub(super) struct Contents<'b> {
    product: Option<ProductId>,
    name: &'b str,
    pub(super) quantity: Decimal,
    price: Decimal,
    /// What it comes to, less its discount.
    pub(super) amount: Decimal,
    description: &'b str,
    is_taxed: bool,
    /// All of it in a line.
    pub(super) text: String,
}

impl<'b> Contents<'b> {
    /// # Errors
    /// Exit 2 for a quantity, a price or a discount that cannot be read.
    pub(super) fn of(fields: &'b Map<String, Value>) -> Result<Self> {
        let quantity = figures::quantity(fields, "quantity")?.unwrap_or(Decimal::ONE);
        let price = figures::price(fields, "price_retail")?.unwrap_or_default();
        let discount = figures::discount(fields, quantity, price)?.unwrap_or_default();
        let product = body::number(fields, "product_id").map(ProductId);
        let name = match (body::said(fields, "name"), product) {
            (Some(name), _) => name.to_owned(),
            (None, Some(product)) => format!("product {product}"),
            (None, None) => "no name".to_owned(),
        };
        Ok(Self {
            product,
            name: body::text(fields, "name"),
            quantity,
            price,
            amount: discount.amount(quantity, price),
            description: body::text(fields, "description"),
            // Left out, it is taxed.
            is_taxed: !fields.contains_key("taxable") || body::may_be_yes(fields, "taxable"),
            text: spell(quantity, &name, price, discount),
        })
    }

    pub(super) fn shown(&self, sheet: Sheet) -> Sheet {
        let tax = if self.is_taxed { "taxed" } else { "not taxed" };
        let sheet = sheet.fact(Fact::Line(LineFact {
            name: self.name.to_owned(),
            quantity: self.quantity,
            price: self.price,
            amount: self.amount,
            taxable: self.is_taxed,
            source: "new",
            says: format!("{}, {tax}", self.text),
        }));
        described(sheet, self.description)
    }

    pub(super) fn findings(
        &self,
        seen: &Snapshot,
        ticket: &Record<Ticket>,
        settings: &Settings,
    ) -> Vec<Finding> {
        let what = (self.product, self.name);
        let same = same(seen, ticket, what, self.quantity, self.description);
        let what = ("the line item", self.product, self.name);
        let amounts = amounts(what, self.amount, self.price, settings);
        same.into_iter().chain(amounts).chain(on_ticket::disabled_on(seen, ticket)).collect()
    }
}

/// The question about so many of a product, where the ticket has them.
pub(super) fn same(
    seen: &Snapshot,
    ticket: &Ticket,
    what: (Option<ProductId>, &str),
    quantity: Decimal,
    description: &str,
) -> Option<Finding> {
    let unmarked = unmarked(seen);
    let mut lines = ticket.line_items.iter();
    let same = lines
        .find(|line| is_same_line(line, is_open(line, &unmarked), what, quantity, description))?;
    let is = of_line(same);
    let text = format!("the ticket already has the same line item ({}: {is})", same.id);
    Some(Finding::new(Guard::SameLine, text))
}

fn add(call: &Call, seen: &Snapshot, ticket: &Record<Ticket>, env: &Env<'_>) -> Result<Proposed> {
    let fields = &call.fields;
    let new = Contents::of(fields)?;
    body::is_called(fields, &["name"])?;
    let sheet = new.shown(on_ticket::sheet(ticket, env)).all_notices(&lacks(fields));
    let says = format!("add the line item {}", new.text);
    let step = call.step("line_item", says.clone(), added(fields, new.product));
    Ok(Proposed {
        title: format!("Add a line item to ticket #{}", ticket.number),
        sheet,
        findings: new.findings(seen, ticket, env.settings),
        step: step.asked_as(says).reports(&new.text),
        whose: Some(on_ticket::whose(ticket)),
        scope: on_ticket::scope(ticket),
    })
}

/// What a new line item lacks, and what that leads to.
fn lacks(fields: &Map<String, Value>) -> Vec<String> {
    let zero =
        format!("is the price that Syncro keeps; without it the line item is {}", money::zero());
    [
        ("price_retail", zero.as_str()),
        ("name", "is required, even with product_id"),
        ("description", "is required, even with product_id"),
        ("taxable", "defaults to taxed"),
    ]
    .into_iter()
    .filter(|(name, _)| !fields.contains_key(*name))
    .map(|(name, then)| format!("{name} is missing: it {then}"))
    .collect()
}

/// What makes a new line item ours, and what else it must say, as far as its fields tell.
fn added(fields: &Map<String, Value>, product: Option<ProductId>) -> Effect {
    let given = |name: &str| fields.get(name).map(|value| Field::new(name, value.clone()));
    let prose = |name: &str| match given(name) {
        Some(field) if field.expected.is_string() => Some(field.kind(FieldKind::Prose)),
        other => other,
    };
    // The product tells more than its name does, which the server may give it itself.
    let name = prose("name").filter(|_| product.is_none());
    // Not the price: a line that lost its price is still ours, and the check says so.
    let like = [given("product_id"), given("quantity"), prose("description"), name];
    let price = given("price_retail").map(|field| {
        Field::called("price_retail", "price", field.expected)
            .kind(FieldKind::Money)
            .or_cents("retail_cents")
    });
    let taxable = given("taxable")
        .map(|_| Field::new("taxable", body::flag(fields, "taxable")))
        .map(|field| field.kind(FieldKind::Flag));
    let check = [
        price,
        given("quantity"),
        taxable,
        // The server may leave it out, but not change it.
        given("product_id").map(Field::identifying),
        prose("name").map(Field::advisory),
        prose("description").map(Field::advisory),
    ];
    let line = Effect::created(Collection::LINES)
        .like(like.into_iter().flatten())
        .check(check.into_iter().flatten());
    figures::discounted(line, fields)
}

fn update(
    call: &Call,
    seen: &Snapshot,
    ticket: &Record<Ticket>,
    env: &Env<'_>,
    line: &Record<LineItem>,
) -> Result<Proposed> {
    let what = format!("line item {}", line.id);
    // What is given anew may be what puts it right; whether it is invoiced is asked about.
    let kept = LineItem::MONEY.into_iter().filter(|name| *name != "converted");
    let kept = kept.filter(|name| !call.fields.contains_key(*name));
    readable(&line.unreadable, &kept.collect::<Vec<_>>(), &what)?;
    let mut fields = call.fields.clone();
    fields.retain(|name, _| name != ID);
    body::is_named(&fields, "name")?;
    let quantity = figures::quantity(&fields, "quantity")?;
    if let Some(quantity) = quantity {
        // By its amount, however it is spelled.
        fields.insert("quantity".to_owned(), line_items::number(quantity));
    }
    let price = figures::price(&fields, "price_retail")?;
    let kept = body::kept(&fields, &line.raw, &KEPT);
    let (changes, unseen) = changes(&fields, line, price);
    let becomes = (
        quantity.or(line.quantity).unwrap_or_default(),
        price.or(line.price()).unwrap_or_default(),
    );
    let discount = figures::discount_then(&fields, &line.raw, becomes.0, becomes.1)?;
    let name = body::said(&fields, "name").unwrap_or(&line.name);
    let text = discounted(becomes, name, discount);
    let description = body::said(&fields, "description").unwrap_or(&line.description);
    let mut sheet = on_ticket::sheet(ticket, env).row("Line item", &text);
    sheet = described(sheet, description);
    for change in &changes {
        sheet = sheet.row("Change", change.says());
    }
    let sheet = sheet.all_notices(&body::notices(&fields, &line.raw, &unseen));
    let says: Vec<String> = changes.iter().map(Field::says).collect();
    let is_priced = price.is_some() || figures::discounts(&fields).next().is_some();
    let moves = quantity.is_some() || is_priced;
    let stake = if moves { format!("change {what} to {text}") } else { String::new() };
    let of = Noun::LineItem.record(line.id);
    let effect = Effect::updated(of, &what, changes, if moves { &FOLLOW_PRICE } else { &[] });
    let mut step = call
        .step("update_line", format!("change {what}: {}", in_brief(&says)), effect)
        .asked_as(stake)
        .reports(says.join("; "))
        .requires_unchanged(&line.raw, &[&KEPT[..], &SHOWN].concat())
        .requires(still_open(line));
    if let Some(Value::Object(body)) = &mut step.request.body {
        body.extend(kept);
    }
    step.effect.settle(unseen);
    let invoiced = invoiced_line(seen, line, "the change does not update the invoice");
    let mut findings = Vec::from_iter(invoiced);
    if moves {
        let what = (what.as_str(), line.product_id, name);
        let amount = discount.unwrap_or_default().amount(becomes.0, becomes.1);
        findings.extend(amounts(what, amount, becomes.1, env.settings));
        // One that costs nothing already may have its quantity changed.
        let is_free = line.amount().is_none_or(|amount| amount.is_zero());
        findings.retain(|found| found.guard != Guard::Zero || is_priced || !is_free);
        findings.extend(line.product_id.and_then(|id| hours(id, becomes.0, env.settings)));
    }
    Ok(Proposed {
        title: format!("Change a line item of ticket #{}", ticket.number),
        sheet,
        findings,
        step,
        whose: Some(on_ticket::whose(ticket)),
        scope: on_ticket::scope(ticket),
    })
}

/// What of the fields changes the line, and the names of what no GET shows.
fn changes(
    fields: &Map<String, Value>,
    line: &Record<LineItem>,
    price: Option<Decimal>,
) -> (Vec<Field>, Vec<String>) {
    let mut rest = fields.clone();
    rest.retain(|name, _| price.is_none() || name != "price_retail");
    let (mut changes, unseen) = body::changes_of(&rest, &line.raw, &FIELDS);
    let price = price.map(|price| price_change(line, price));
    changes.extend(price.filter(Field::is_change));
    (changes, unseen)
}

/// The change of a line item's price, from where the account shows it.
fn price_change(line: &LineItem, price: Decimal) -> Field {
    let now = line.price().map_or(Value::Null, line_items::number);
    let change = Field::called("price_retail", "price", line_items::number(price));
    change.from(now).or_cents("retail_cents").kind(FieldKind::Money)
}

fn remove(
    call: &Call,
    seen: &Snapshot,
    ticket: &Record<Ticket>,
    env: &Env<'_>,
    line: &Record<LineItem>,
) -> Proposed {
    let what = format!("line item {}", line.id);
    let text = of_line(line);
    let of = Noun::LineItem.record(line.id);
    let shown = Precondition::kept(of.clone(), &what, &line.raw, &SHOWN).recheck();
    let effect = Effect::Deleted { of, label: what.clone() };
    let step = call.step("remove_line", format!("remove {what}"), effect);
    let step = step.asked_as(format!("remove {what}: {text}"));
    let step = step.requires(still_open(line)).requires(shown);
    let found = invoiced_line(seen, line, "removing it does not change the invoice");
    let sheet = on_ticket::sheet(ticket, env).row("Remove", format!("{text}  ({what})"));
    let mut timers = ticket.ticket_timers.iter();
    let its = timers.clone().find(|timer| timer.ticket_line_item_id == Some(line.id));
    let timer = its.or_else(|| timers.find(|timer| may_be_its(timer, line)));
    let again = timer.map(|_| {
        let add = env.account.command(&format!("line add {}", ticket.number));
        format!("a timer entry cannot be charged twice; to bill its time again: {add}")
    });
    let still = timer.map(|timer| {
        let of = Noun::Timer.record(timer.id);
        let what = format!("timer entry {}", timer.id);
        Precondition::kept(of, &what, &timer.raw, &["recorded", "ticket_line_item_id"]).recheck()
    });
    let lost = match its {
        Some(_) => "would go, and its time would not be billed",
        None => "may be this one: then its time would not be billed",
    };
    let lost = timer.and_then(|timer| charged(timer, lost));
    Proposed {
        title: format!("Remove a line item from ticket #{}", ticket.number),
        sheet: described(sheet, &line.description)
            .all_notices(&hidden(ticket, TIMERS))
            .all_notices(&again),
        findings: found.into_iter().chain(lost).collect(),
        step: still.into_iter().fold(step, Step::requires),
        whose: Some(on_ticket::whose(ticket)),
        scope: on_ticket::scope(ticket),
    }
}

/// One line item of the ticket.
///
/// # Errors
/// Exit 3, with the ids that are there.
fn find(ticket: &Record<Ticket>, id: LineItemId) -> Result<&Record<LineItem>> {
    let lines = &ticket.line_items;
    lines.iter().find(|line| line.id == id).ok_or_else(|| {
        let ids: Vec<String> = lines.iter().map(|line| line.id.to_string()).collect();
        let there = match ids.is_empty() {
            true => "it has no line items".to_owned(),
            false => format!("it has {}", ids.join(", ")),
        };
        let number = &ticket.number;
        let text = format!("ticket #{number} has no line item {id}");
        Error::new(Kind::NotFound, text).nothing_written().hint(there)
    })
}

/// What was done, below what is sold.
pub(super) fn described(sheet: Sheet, description: &str) -> Sheet {
    let text = Some(description.trim()).filter(|text| !text.is_empty());
    sheet.maybe("", text.map(|text| format!("\"{text}\"")))
}

/// What a preview shows of a line that is there.
const SHOWN: [&str; 7] = [
    "name",
    "description",
    "quantity",
    "price_retail",
    "retail_cents",
    "line_discount_percent",
    "discount_dollars",
];

/// That a line still says what it said; of one that gets its price back, all else.
pub(super) fn line_as_shown(line: &Record<LineItem>, is_repriced: bool) -> Precondition {
    let is_kept = |name: &&str| !is_repriced || !FOLLOW_PRICE.contains(name);
    let names: Vec<&str> = SHOWN.iter().chain(&KEPT).copied().filter(is_kept).collect();
    let label = format!("line item {}", line.id);
    Precondition::kept(Noun::LineItem.record(line.id), &label, &line.raw, &names).recheck()
}

/// That nobody has invoiced the line meanwhile: what was removed or changed then would be missing on the invoice.
fn still_open(line: &Record<LineItem>) -> Precondition {
    let of = Noun::LineItem.record(line.id);
    let expected = line.raw.get("converted");
    let expected = expected.map(|now| Field::called("converted", "invoiced", now.clone()));
    let label = format!("line item {}", line.id);
    Precondition::new(of, label, expected.into_iter().collect()).recheck()
}

/// What speaks against that much of a product at that price, on a line called `name`, of what people call `what`.
pub(super) fn amounts(
    (what, product, name): (&str, Option<ProductId>, &str),
    amount: Decimal,
    price: Decimal,
    settings: &Settings,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_meant = || price.is_zero() && LaborType::is_free(&settings.labor, product, name);
    if amount.is_zero() && !is_meant() {
        findings.push(Finding::new(Guard::Zero, format!("{what} would be {}", money::zero())));
    }
    findings.extend(Finding::large(None, amount, settings.guards.large_amount));
    findings
}

/// A line item in a line: "0.5 x Labor - Remote @ $120.00 = $60.00".
#[must_use]
pub fn spelled(quantity: Decimal, name: &str, price: Decimal) -> String {
    spell(quantity, name, price, Discount::None)
}

#[cfg(test)]
#[path = "line_tests.rs"]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests;
