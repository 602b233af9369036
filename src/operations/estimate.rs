//! An estimate that becomes an invoice: once. Each POST makes one more, of the same lines, and the estimate keeps its own.

use rust_decimal::Decimal;
use serde_json::Value;

use super::direct_invoice::{amount, made_today, of_customer};
use super::guard::{Finding, Guard};
use super::rule::{Call, Env, Proposed, Rule, digits, gone};
use super::{body, on_ticket};
use crate::api::Method;
use crate::api::fields::{at, to_decimal, to_id};
use crate::api::folder::ESTIMATES;
use crate::api::ids::{CustomerId, TicketId};
use crate::billing::money;
use crate::error::{Error, Result};
use crate::render::preview::Sheet;
use crate::write::{
    Collection, Effect, Field, FieldKind, Noun, Precondition, ReadSet, RecordId, RecordRef, Scope,
    Snapshot,
};

/// What makes an invoice of one.
const CONVERT: &str = "convert_to_invoice";

/// The status of one that the customer does not want.
const DECLINED: &str = "Declined";

/// What the invoice is made of.
const PREVIEWED: [&str; 7] =
    ["number", "name", "invoice_id", "status", "customer_id", "subtotal", "total"];

#[derive(Debug)]
struct Convert {
    id: u64,
}

/// What a request makes of an estimate, if that is an invoice.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (ESTIMATES, parts) = call.place()? else {
        return None;
    };
    match (call.request.method, parts.as_slice()) {
        (Method::Post, [id, CONVERT]) => Some(Box::new(Convert { id: digits(id)? })),
        _ => None,
    }
}

impl Convert {
    fn found<'s>(&self, seen: &'s Snapshot) -> Result<&'s Value> {
        let estimate = seen.record(&estimate(self.id));
        estimate.ok_or_else(|| gone("estimate", self.id))
    }
}

fn estimate(id: u64) -> RecordRef {
    Noun::Estimate.record(RecordId::Id(id))
}

fn customer_of(raw: &Value) -> Option<CustomerId> {
    to_id(at(raw, "customer_id")).map(CustomerId)
}

impl Rule for Convert {
    fn record(&self) -> Option<RecordRef> {
        Some(estimate(self.id))
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        let raw = self.found(seen)?;
        let ticket = to_id(at(raw, "ticket_id")).map(TicketId);
        Ok(Scope { ticket, customer: customer_of(raw), ..Scope::default() })
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let record = estimate(self.id);
        let customer = seen.record(&record).map_or(scope.customer, customer_of);
        on_ticket::of_customer(customer).record(&record).collection(&Collection::ALL_INVOICES)
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let raw = self.found(seen)?;
        let what = format!("estimate {}", number(raw, self.id));
        let nobody = || Error::refused(format!("{what} has no customer")).nothing_written();
        let customer = on_ticket::read_customer(seen, customer_of(raw).ok_or_else(nobody)?)?;
        let (subtotal, total) = (sum(raw, "subtotal", &what)?, sum(raw, "total", &what)?);
        let shown = money::display(total);
        let sheet = Sheet::default()
            .row("Estimate", format!("{} (id {})", number(raw, self.id), self.id))
            .maybe("Name", Some(body::shown_name(raw)).filter(|name| !name.is_empty()))
            .customer(&customer)
            .by(env.me)
            .row("Total", &shown);
        let ticket = Field::called("ticket_id", "ticket", at(raw, "ticket_id").clone());
        let amount_of = |name: &str| Field::new(name, at(raw, name).clone()).kind(FieldKind::Money);
        let effect = Effect::created(Collection::ALL_INVOICES)
            // It may be in the name of whoever made the estimate.
            .by(None)
            .like([of_customer(customer.id), ticket.identifying(), amount_of("subtotal")])
            .check([amount_of("subtotal")]);
        let says = format!("convert {what} to an invoice of {shown}");
        let step = call
            .step("convert", says, effect)
            .requires(Precondition::kept(estimate(self.id), &what, raw, &PREVIEWED).recheck());
        let again = converted(raw, &what);
        let of = (customer.id, to_id(at(raw, "ticket_id")).map(TicketId));
        let again = again.or_else(|| made_today(seen, of, subtotal, env));
        let amount = amount("the invoice", total, env);
        let found = [again, declined(raw, &what), amount, on_ticket::disabled(&customer)];
        Ok(Proposed {
            title: format!("Convert {what} to an invoice"),
            sheet,
            findings: found.into_iter().flatten().collect(),
            step,
            whose: Some(on_ticket::named(&customer)),
            scope: self.scope(seen)?,
        })
    }
}

fn number(raw: &Value, id: u64) -> String {
    match at(raw, "number") {
        Value::String(number) if !number.is_empty() => number.clone(),
        _ => format!("id {id}"),
    }
}

/// An amount of an estimate.
///
/// # Errors
/// Exit 5 for one that cannot be read: no bill rests on that.
fn sum(raw: &Value, name: &str, what: &str) -> Result<Decimal> {
    to_decimal(at(raw, name)).ok_or_else(|| {
        Error::refused(format!("cannot read the {name} of {what}")).nothing_written()
    })
}

fn converted(raw: &Value, what: &str) -> Option<Finding> {
    let invoice = at(raw, "invoice_id");
    (!invoice.is_null()).then(|| {
        let text = format!("{what} was converted already (invoice id {invoice})");
        Finding::new(Guard::Again, text)
    })
}

fn declined(raw: &Value, what: &str) -> Option<Finding> {
    let is_declined = at(raw, "status")
        .as_str()
        .is_some_and(|status| status.trim().eq_ignore_ascii_case(DECLINED));
    is_declined.then(|| Finding::new(Guard::Declined, format!("the customer declined {what}")))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::super::example::{Office, request, with_customer};
    use super::*;

    fn proposed(more: &Value, invoices: &[Value]) -> Result<Proposed> {
        let mut raw = json!({
            "id": 9, "number": "E9", "customer_id": 2, "status": "Fresh", "invoice_id": null,
            "subtotal": "480.0", "total": "500.0", "ticket_id": null, "name": "Cameras",
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            raw[name] = value.clone();
        }
        let seen = with_customer(Snapshot::default())
            .with_record(estimate(9), Some(raw))
            .with_collection(Collection::ALL_INVOICES, invoices.to_vec());
        let request = request(Method::Post, "/estimates/9/convert_to_invoice", json!({}));
        Office::new().propose(&request, &seen, &[])
    }

    #[test]
    fn what_stands_against_converting_an_estimate() {
        let today = |subtotal: &str| {
            json!({
                "id": 1, "number": "77", "customer_id": 2, "subtotal": subtotal,
                "created_at": "1970-01-01T00:00:00Z", "ticket_id": null,
            })
        };
        let cases: [(Value, &[Value], &[Guard]); 7] = [
            (json!({}), &[], &[]),
            (json!({}), &[today("479.99")], &[]),
            (json!({}), &[today("480")], &[Guard::Again]),
            (json!({"invoice_id": 5}), &[today("480")], &[Guard::Again]),
            (json!({"status": "declined "}), &[], &[Guard::Declined]),
            (json!({"total": "0.0"}), &[], &[Guard::Zero]),
            (json!({"total": "5000.01", "status": "Approved"}), &[], &[Guard::Large]),
        ];
        for (more, invoices, guards) in cases {
            let proposed = proposed(&more, invoices).unwrap();
            let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
            assert_eq!(found, guards, "{more}");
            assert_eq!(proposed.title, "Convert estimate E9 to an invoice");
        }
        for (more, says) in [
            (json!({"total": "1,5"}), "cannot read the total of estimate E9"),
            (json!({"customer_id": null}), "estimate E9 has no customer"),
            (json!({"customer_id": 3}), "there is no customer 3"),
        ] {
            let error = proposed(&more, &[]).unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
