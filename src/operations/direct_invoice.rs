//! Invoices that are made of no ticket: of a customer alone. Each POST makes one more, so that one of the same customer
//! within a day is asked about; what is on it is what the request says, as far as the server takes that.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use super::clear::is_recent;
use super::document_contents::{Contents, brought};
use super::guard::{Finding, Guard};
use super::rule::{Call, Env, Proposed, Rule};
use super::{body, on_ticket, sold};
use crate::api::Record;
use crate::api::folder::INVOICES;
use crate::api::ids::{CustomerId, ProductId, TicketId};
use crate::api::resources::invoices::Invoice;
use crate::billing::money;
use crate::error::Result;
use crate::render::preview::Sheet;
use crate::render::sentence;
use crate::write::{Collection, Effect, Field, FieldKind, ReadSet, Scope, Snapshot};

/// What a new invoice says besides its lines, and a GET shows.
const FIELDS: [(&str, &str, FieldKind); 5] = [
    ("number", "number", FieldKind::Plain),
    ("date", "date", FieldKind::Day),
    ("due_date", "due date", FieldKind::Day),
    ("po_number", "order number", FieldKind::Plain),
    ("note", "note", FieldKind::Prose),
];

#[derive(Debug)]
struct Create {
    customer: CustomerId,
    /// What its lines are made of.
    products: BTreeSet<ProductId>,
}

/// What a request for a new invoice does, if it names a customer and no ticket.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let of_ticket = call.fields.get("ticket_id").is_some_and(|ticket| !ticket.is_null());
    let customer = CustomerId(body::number(&call.fields, "customer_id")?);
    let products = sold::in_lines(call);
    (call.makes(INVOICES) && !of_ticket)
        .then(|| -> Box<dyn Rule> { Box::new(Create { customer, products }) })
}

impl Rule for Create {
    fn scope(&self, _seen: &Snapshot) -> Result<Scope> {
        Ok(Scope { customer: Some(self.customer), ..Scope::default() })
    }

    fn reads(&self, _seen: &Snapshot, _scope: &Scope) -> ReadSet {
        let needs = on_ticket::of_customer(Some(self.customer));
        let products = sold::of_products(self.products.iter().copied());
        needs.collection(&Collection::ALL_INVOICES).and(products)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let customer = on_ticket::read_customer(seen, self.customer)?;
        on_ticket::named_contact(&call.fields, &customer)?;
        let lines = brought(call)?;
        let subtotal = money::sum(lines.iter().map(Contents::amount));
        let mut sheet = Sheet::default().customer(&customer).by(env.me);
        let (mut like, mut check) = (vec![of_customer(self.customer), of_no_ticket()], Vec::new());
        for (name, label, kind) in FIELDS {
            let Some(value) = call.fields.get(name).filter(|value| !value.is_null()) else {
                continue;
            };
            let field = Field::called(name, label, value.clone()).kind(kind);
            sheet = sheet.row(&sentence(label), field.shows());
            match name {
                "number" => like.push(field.identifying()),
                _ => check.push(field.advisory()),
            }
        }
        sheet = lines.iter().fold(sheet, |sheet, line| line.shown(sheet));
        if !lines.is_empty() {
            let shown = Value::from(subtotal.to_string());
            check.push(Field::new("subtotal", shown).kind(FieldKind::Money));
            sheet = sheet.notice("Syncro may ignore line_items; the check shows it");
        }
        let sheet = sheet.stake("Total", format!("{} before tax", money::display(subtotal)));
        let effect = Effect::created(Collection::ALL_INVOICES).like(like).check(check);
        let total = money::display(subtotal);
        let says = format!("create the invoice of {total}");
        let stake = format!("invoice {total}");
        let findings = made_today(seen, (self.customer, None), subtotal, env).into_iter();
        let proposed = Proposed {
            title: format!("Invoice {} without a ticket", customer.name()),
            sheet,
            findings: findings
                .chain(against(&lines, "the invoice", env))
                .chain(on_ticket::disabled(&customer))
                .collect(),
            step: call.step("invoice", says, effect).asked_as(stake),
            whose: Some(on_ticket::named(&customer)),
            scope: self.scope(seen)?,
        };
        let products = self.products.iter().copied();
        sold::selling(proposed, call, seen, (products, &sold::IS_SOLD))
    }
}

/// That an invoice is this customer's.
pub(super) fn of_customer(customer: CustomerId) -> Field {
    Field::called("customer_id", "customer", customer.0).identifying()
}

fn of_no_ticket() -> Field {
    Field::called("ticket_id", "ticket", Value::Null).identifying()
}

/// What stands against a bill of that amount.
pub(super) fn amount(what: &str, total: Decimal, env: &Env<'_>) -> Option<Finding> {
    if total.is_zero() {
        return Some(Finding::new(Guard::Zero, format!("{what} would be {}", money::zero())));
    }
    Finding::large(Some(what), total, env.settings.guards.large_amount)
}

/// What stands against the lines of a new document, and against what they come to together.
pub(super) fn against(lines: &[Contents<'_>], what: &str, env: &Env<'_>) -> Vec<Finding> {
    let of_lines: Vec<Finding> = lines.iter().flat_map(|line| line.findings(env)).collect();
    // What a line was asked about is not asked about once more.
    let is_asked = |found: &Finding| of_lines.iter().any(|one| one.guard == found.guard);
    let of_sum = amount(what, money::sum(lines.iter().map(Contents::amount)), env);
    of_sum.filter(|found| !is_asked(found)).into_iter().chain(of_lines).collect()
}

/// The question about an invoice of a customer over an amount, where one was made within a day: of no ticket, or of `ticket`,
/// which the new one is of.
pub(super) fn made_today(
    seen: &Snapshot,
    (customer, ticket): (CustomerId, Option<TicketId>),
    subtotal: Decimal,
    env: &Env<'_>,
) -> Option<Finding> {
    let now = seen.server_date().unwrap_or(env.now);
    let invoices = seen.records(&Collection::ALL_INVOICES).into_iter();
    let mut invoices = invoices.filter_map(|raw| Record::<Invoice>::read(raw.clone()).ok());
    let same = invoices.find(|one| {
        let is_same = one.subtotal.is_none_or(|there| there == subtotal);
        let is_of = one.ticket_id.is_none() || one.ticket_id == ticket;
        one.customer_id == Some(customer) && is_of && is_same && is_recent(one.created_at, now)
    })?;
    let (number, total) = (&same.number, money::display(subtotal));
    let when = if same.created_at.is_some() { "within a day" } else { "at an unknown time" };
    let text = format!("invoice #{number} of {total} was made for this customer {when}");
    Some(Finding::new(Guard::Again, text))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::super::example::{Office, request, with_customer};
    use super::*;
    use crate::api::Method;

    fn seen(invoices: &[Value]) -> Snapshot {
        with_customer(Snapshot::default())
            .with_collection(Collection::ALL_INVOICES, invoices.to_vec())
            .with_server_date("2026-03-17T12:00:00Z".parse::<Timestamp>().unwrap())
    }

    fn invoice(customer: u64, day: &str, subtotal: &str, ticket: Value) -> Value {
        json!({
            "id": 9, "number": "77", "customer_id": customer, "subtotal": subtotal,
            "created_at": format!("2026-03-{day}T09:00:00Z"), "ticket_id": ticket,
        })
    }

    #[test]
    fn what_stands_against_an_invoice_of_no_ticket() {
        let line = |price: &str| json!([{"item": "Till", "quantity": 2, "price": price}]);
        let today = |subtotal: &str| invoice(2, "17", subtotal, Value::Null);
        let undated = |at: Value| {
            let mut old = invoice(2, "15", "20", Value::Null);
            old["created_at"] = at;
            old
        };
        let two = |one: Value, other: Value| {
            let line = |price| json!({"item": "Till", "quantity": 1, "price": price});
            json!([line(one), line(other)])
        };
        let cases: [(Value, Value, &[Guard]); 13] = [
            // The lines are looked at one by one, whatever they come to together.
            (two(json!(10), json!(0)), today("9"), &[Guard::Zero]),
            (two(json!(9999), json!(-9990)), today("20"), &[Guard::Large, Guard::Large]),
            (two(json!(10), json!(-10)), today("20"), &[Guard::Zero]),
            (line("10"), today("9"), &[]),
            (line("10"), today("20.0"), &[Guard::Again]),
            (line("10"), invoice(2, "15", "20", Value::Null), &[]),
            (line("10"), undated(Value::Null), &[Guard::Again]),
            (line("10"), undated(json!("1970-01-01T00:00:00Z")), &[Guard::Again]),
            (line("10"), invoice(3, "17", "20", Value::Null), &[]),
            (line("10"), invoice(2, "17", "20", json!(1)), &[]),
            (line("9999"), today("20"), &[Guard::Large]),
            (json!(null), today("20"), &[Guard::Zero]),
            (json!(null), today("0.0"), &[Guard::Again, Guard::Zero]),
        ];
        for (lines, there, guards) in cases {
            let body = json!({"customer_id": "2", "line_items": lines, "note": "Thanks"});
            let request = request(Method::Post, "/invoices", body);
            let proposed =
                Office::new().propose(&request, &seen(std::slice::from_ref(&there)), &[]).unwrap();
            let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
            assert_eq!(found, guards, "{lines} {there}");
            assert!(proposed.sheet.text().contains("Thanks"), "{}", proposed.sheet.text());
        }
        for (body, says) in [
            (json!({"customer_id": 3}), "there is no customer 3"),
            (json!({"customer_id": 2, "contact_id": 9}), "has no contact 9"),
            (json!({"customer_id": 2, "line_items": [{"price": "1.005"}]}), "whole cents"),
            (
                json!({"customer_id": 2, "line_items": [{"product_id": 5}]}),
                "the price of a line item is missing",
            ),
        ] {
            let request = request(Method::Post, "/invoices", body);
            let error = Office::new().propose(&request, &seen(&[]), &[]).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
