//! Lines of invoices, estimates and schedules: added, changed and taken off, each on what shows it. What a line costs and
//! whether it is there already is guarded as it is on a ticket.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::change::Changed;
use super::document_contents::{Contents, FORMS, Form};
use super::guard::{Finding, Guard};
use super::line::{KEPT, described};
use super::rule::{Call, Env, Proposed, Rule, digits, gone};
use super::{body, figures, invoice, on_ticket, sold};
use crate::api::fields::{at, to_id};
use crate::api::ids::{CustomerId, InvoiceId, ProductId, TicketId};
use crate::api::resources::invoices::InvoiceLine;
use crate::api::resources::line_items::{ADD, BELOW, REMOVE};
use crate::api::{Method, decode};
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::render::sentence;
use crate::write::{
    Collection, Effect, Field, FieldKind, Noun, Precondition, ReadSet, RecordId, RecordRef, Scope,
    Snapshot, Step,
};

/// What names the line that the older way of removing one takes off a schedule.
const SCHEDULE_LINE: &str = "schedule_line_item_id";

/// Types of lines whose quantity a schedule counts by itself.
const COUNTED: [u64; 6] = [4, 5, 6, 8, 9, 10];

/// What follows a change of a quantity or a price.
const FOLLOW: [&str; 4] = ["price_retail", "retail_cents", "total", "discount_dollars"];

#[derive(Debug)]
struct Line {
    form: &'static Form,
    of: u64,
    act: Act,
    /// The products that the body names.
    products: BTreeSet<ProductId>,
}

#[derive(Debug, Clone, Copy)]
enum Act {
    Add,
    Update(u64),
    Remove(u64),
}

/// What a request does to such a line, if it does.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (folder, parts) = call.place()?;
    let form = FORMS.iter().find(|form| form.folder == folder)?;
    let (of, act) = match (call.request.method, parts.as_slice()) {
        (Method::Post, [of, BELOW]) => (of, Act::Add),
        // The older name of the same.
        (Method::Post, [of, ADD]) if form.on == Noun::Schedule => (of, Act::Add),
        (Method::Put | Method::Patch, [of, BELOW, line]) => (of, Act::Update(digits(line)?)),
        (Method::Delete, [of, BELOW, line]) => (of, Act::Remove(digits(line)?)),
        (Method::Post, [of, REMOVE]) if form.on == Noun::Schedule => {
            (of, Act::Remove(body::number(&call.fields, SCHEDULE_LINE)?))
        }
        _ => return None,
    };
    Some(Box::new(Line { form, of: digits(of)?, act, products: sold::in_body(call) }))
}

impl Rule for Line {
    fn record(&self) -> Option<RecordRef> {
        Some(self.document())
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        let raw = self.found(seen)?;
        let ticket = to_id(at(raw, "ticket_id")).map(TicketId);
        Ok(Scope { ticket, customer: customer_of(raw), ..Scope::default() })
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let document = self.document();
        let customer = seen.record(&document).map_or(scope.customer, customer_of);
        let needs = on_ticket::of_customer(customer).record(&document).collection(&self.list());
        let needs = match (self.act, scope.ticket) {
            (Act::Remove(_), Some(ticket)) if self.form.on == Noun::Invoice => {
                needs.record(&Noun::Ticket.record(ticket))
            }
            _ => needs,
        };
        needs.and(sold::of_products(self.sold(seen)))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let raw = self.found(seen)?;
        let what = self.called(raw);
        let nobody = || Error::refused(format!("{what} has no customer")).nothing_written();
        let customer = on_ticket::read_customer(seen, customer_of(raw).ok_or_else(nobody)?)?;
        let number = what.split_once(' ').map_or(what.as_str(), |(_, number)| number);
        let sheet = Sheet::default()
            .row(&sentence(self.form.on.label()), format!("{number} (id {})", self.of))
            .customer(&customer)
            .by(env.me);
        let mut findings = Vec::new();
        findings.extend(invoice::paid(raw, &what));
        if !at(raw, "invoice_id").is_null() && self.form.on == Noun::Estimate {
            let text =
                format!("{what} was converted already; the change does not reach the invoice");
            findings.push(Finding::new(Guard::Again, text));
        }
        let (title, sheet, step) = match self.act {
            Act::Add => {
                let new = Contents::of(self.form, &call.fields)?;
                body::is_called(&call.fields, &[self.form.name, "name"])?;
                findings.extend(new.same(self.form, &seen.records(&self.list())));
                findings.extend(new.findings(env));
                findings.extend(on_ticket::disabled(&customer));
                let says = format!("add the line item {} to {what}", new.text());
                let step = call.step("line_item", says, self.added(&call.fields, &new));
                let sheet = new.shown(sheet).all_notices(&self.lacks(&call.fields));
                ("Add a line item to", sheet, step.reports(new.text()))
            }
            Act::Update(id) => {
                let line = self.line(seen, id)?;
                let (sheet, step, found) = self.update(call, env, sheet, line, id)?;
                findings.extend(found);
                ("Change a line item of", sheet, step)
            }
            Act::Remove(id) => {
                let line = self.line(seen, id)?;
                let label = format!("line item {id}");
                let old = Contents::shown_by(self.form, line);
                let sheet = sheet.row("Remove", format!("{}  ({label})", old.text()));
                let sheet = described(sheet, old.text);
                let effect = Effect::Deleted { of: self.line_ref(id), label: label.clone() };
                let step = call.step("remove_line", format!("remove {label} of {what}"), effect);
                let (sheet, step, found) = self.invoiced(seen, env, (sheet, step), line);
                findings.extend(found);
                let shown: Vec<&str> = self.form.shown().collect();
                let shown = Precondition::kept(self.line_ref(id), &label, line, &shown);
                ("Remove a line item from", sheet, step.requires(shown.recheck()))
            }
        };
        let still = Precondition::kept(self.document(), &what, raw, self.form.previewed);
        let proposed = Proposed {
            title: format!("{title} {what}"),
            sheet,
            findings,
            step: step.requires(still.recheck()),
            whose: Some(on_ticket::named(&customer)),
            scope: self.scope(seen)?,
        };
        sold::selling(proposed, call, seen, (self.sold(seen), &sold::IS_SOLD))
    }
}

impl Line {
    /// The products that are sold by it anew.
    fn sold(&self, seen: &Snapshot) -> Vec<ProductId> {
        match self.act {
            Act::Add => sold::other_than(&self.products, None),
            Act::Update(id) => seen.record(&self.line_ref(id)).map_or_else(Vec::new, |line| {
                sold::other_than(&self.products, to_id(at(line, "product_id")).map(ProductId))
            }),
            Act::Remove(_) => Vec::new(),
        }
    }

    /// What a line that is taken off an invoice leaves behind: its ticket's status, and hours of a block.
    fn invoiced(
        &self,
        seen: &Snapshot,
        env: &Env<'_>,
        (sheet, step): (Sheet, Step),
        line: &Value,
    ) -> (Sheet, Step, Option<Finding>) {
        let invoice = seen.invoice(InvoiceId(self.of)).filter(|_| self.form.on == Noun::Invoice);
        let Some(invoice) = invoice else { return (sheet, step, None) };
        let line: Option<InvoiceLine> = decode::read(line).ok();
        let payer = invoice::payer(seen, &invoice).ok();
        let hours = payer.and_then(|payer| invoice::took_hours(&line, &payer, env.settings));
        let sheet = sheet.maybe("Prepaid", hours);
        let Some(ticket) = invoice::its_ticket(seen, &invoice) else { return (sheet, step, None) };
        let how = "though this line may wait for an invoice again";
        let finding = invoice::stays_invoiced(ticket, how, env.settings);
        (sheet.ticket(ticket), step.requires(on_ticket::whose(ticket)), finding)
    }

    fn document(&self) -> RecordRef {
        self.form.on.record(RecordId::Id(self.of))
    }

    fn list(&self) -> Collection {
        Collection::lines_on(self.form.on, RecordId::Id(self.of))
    }

    fn line_ref(&self, id: u64) -> RecordRef {
        RecordRef::Line { on: self.form.on, of: RecordId::Id(self.of), id }
    }

    fn found<'s>(&self, seen: &'s Snapshot) -> Result<&'s Value> {
        let raw = seen.record(&self.document());
        raw.ok_or_else(|| gone(self.form.on.label(), self.of))
    }

    fn line<'s>(&self, seen: &'s Snapshot, id: u64) -> Result<&'s Value> {
        seen.record(&self.line_ref(id)).ok_or_else(|| {
            let text = format!("{} {} has no line item {id}", self.form.on.label(), self.of);
            Error::new(Kind::NotFound, text).nothing_written()
        })
    }

    /// What people call the document.
    fn called(&self, raw: &Value) -> String {
        let said = |name: &str| at(raw, name).as_str().filter(|text| !text.is_empty());
        match (self.form.on, said("number"), said("name")) {
            (Noun::Invoice, Some(number), _) => format!("invoice #{number}"),
            (on, Some(name), _) | (on, None, Some(name)) => format!("{} {name}", on.label()),
            (on, None, None) => format!("{} {}", on.label(), self.of),
        }
    }

    /// What a new line lacks, and what that leads to.
    fn lacks(&self, fields: &Map<String, Value>) -> Vec<String> {
        let product = fields.contains_key("product_id");
        let lacks = |name: &str| !fields.contains_key(name);
        let mut notices = Vec::new();
        if self.counts_itself(fields) {
            notices.push("Syncro counts the quantity of this line by itself".to_owned());
        }
        if product && self.form.on != Noun::Schedule {
            notices.push("the product's own price may take the place of the given one".to_owned());
        }
        if lacks("taxable") {
            notices.push("taxable is missing: it defaults to taxed".to_owned());
        }
        notices
    }

    /// Whether the schedule sets the quantity, whatever is sent.
    fn counts_itself(&self, fields: &Map<String, Value>) -> bool {
        let kind = body::number(fields, "recurring_type_id");
        self.form.on == Noun::Schedule && kind.is_some_and(|kind| COUNTED.contains(&kind))
    }

    /// What makes a new line ours, and what else it must say.
    fn added(&self, fields: &Map<String, Value>, new: &Contents<'_>) -> Effect {
        let given = |name: &str| fields.get(name).map(|value| Field::new(name, value.clone()));
        let prose = |name: &str| given(name).map(|field| field.kind(FieldKind::Prose));
        let name = prose(self.form.name).filter(|_| new.product.is_none());
        let product = given("product_id").map(Field::identifying);
        let quantity = given("quantity").filter(|_| !self.counts_itself(fields));
        let like = [product, quantity.clone(), prose(self.form.text), name];
        let price = [Some(self.form.price), self.form.in_cents].into_iter().flatten();
        let is_priced =
            price.clone().any(|name| fields.get(name).is_some_and(|one| !one.is_null()));
        let price = is_priced.then(|| {
            let price = Value::from(new.price.to_string());
            Field::called(self.form.price, "price", price).kind(FieldKind::Money)
        });
        let taxable = given("taxable")
            .map(|_| Field::new("taxable", body::flag(fields, "taxable")).kind(FieldKind::Flag));
        let line = Effect::created(self.list())
            .like(like.into_iter().flatten())
            .check([price, quantity, taxable].into_iter().flatten());
        figures::discounted(line, fields)
    }

    fn update(
        &self,
        call: &Call,
        env: &Env<'_>,
        sheet: Sheet,
        line: &Value,
        id: u64,
    ) -> Result<(Sheet, Step, Vec<Finding>)> {
        body::is_named(&call.fields, self.form.name)?;
        let label = format!("line item {id}");
        let old = Contents::shown_by(self.form, line);
        let quantity = figures::quantity(&call.fields, "quantity")?;
        let price = self.form.price_in(&call.fields)?;
        let product = body::number(&call.fields, "product_id").map(ProductId).or(old.product);
        let name = body::said(&call.fields, self.form.name).unwrap_or(old.name);
        let text = body::said(&call.fields, self.form.text).unwrap_or(old.text);
        let is = (quantity.unwrap_or(old.quantity), price.unwrap_or(old.price));
        let discount = figures::discount_then(&call.fields, line, is.0, is.1)?;
        let new = Contents { product, name, text, quantity: is.0, price: is.1, discount, ..old };
        let is_discounted = figures::discounts(&call.fields).next().is_some();
        let moves = quantity.is_some() || price.is_some() || is_discounted;
        let changed = Changed {
            of: self.line_ref(id),
            label: &label,
            raw: line,
            fields: self.form.fields,
            kept: &KEPT,
            side_effects: if moves { &FOLLOW } else { &[] },
        };
        let sheet = described(sheet.row("Line item", new.text()), text);
        let (sheet, step) = changed.step("update_line", sheet, call, env)?;
        let shown: Vec<&str> = self.form.shown().collect();
        let step = step.requires_unchanged(line, &shown);
        let found = if moves { new.findings(env) } else { Vec::new() };
        Ok((sheet, step, found))
    }
}

fn customer_of(raw: &Value) -> Option<CustomerId> {
    to_id(at(raw, "customer_id")).map(CustomerId)
}

#[cfg(test)]
#[path = "document_line_tests.rs"]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests;
