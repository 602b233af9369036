//! Payments: no way to change or delete one is documented, so that each invoice that one is for is read first, and what is open
//! on it compared with what it gets.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use super::body;
use super::guard::{Finding, Guard};
use super::paid;
pub use super::paid::{against_any, all_open, cents, open};
use super::paid_part::Part;
use super::rule::{Call, Env, Proposed, Rule, gone};
use super::{invoice, on_ticket};
use crate::api::Record;
use crate::api::folder::PAYMENTS;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::customers::Customer;
use crate::api::resources::payments::{self, Methods, Payment};
use crate::billing::money;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::names;
use crate::render::preview::Sheet;
use crate::write::{
    Collection, Effect, Field, Noun, ReadSet, RecordRef, Scope, Snapshot, field_shown,
};

/// What is said of every payment before it is made or changed, and in the help of what makes one.
macro_rules! no_way_back {
    () => {
        "Syncro documents no way to change or delete a payment"
    };
}
pub(crate) use no_way_back;

/// What a request says of a payment.
#[derive(Debug, Clone)]
pub(super) struct Payments {
    /// How much; none where that is no count of cents.
    pub(super) amount: Option<Decimal>,
    /// What goes to which invoice; none where that cannot be understood.
    shares: Option<BTreeMap<InvoiceId, Decimal>>,
    /// Who pays, where the body says so.
    pub(super) customer: Option<CustomerId>,
    /// How, where the body says so.
    method: Option<String>,
    /// The payment that is there and is changed, if it is none that is added.
    pub(super) changed: Option<Payment>,
    /// Whether it is no money, as it failed.
    pub(super) fails: bool,
}

/// The payment that a request adds, if it adds one.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    if !call.makes(PAYMENTS) {
        return None;
    }
    Some(Box::new(Payments::of(&call.fields)))
}

/// What goes to which invoice: as it is said, or all of it to the one that is named, be it not said how much that is.
fn shares(fields: &Map<String, Value>) -> Option<BTreeMap<InvoiceId, Decimal>> {
    let Some(said) = fields.get("apply_payments").filter(|said| !said.is_null()) else {
        let all = dollars(fields, "amount_cents").unwrap_or_default();
        return Some(named_invoice(fields)?.map(|id| (id, all)).into_iter().collect());
    };
    // Which of the two a server goes by, nobody can tell.
    if named_invoice(fields)?.is_some() {
        return None;
    }
    let mut shares = BTreeMap::new();
    let parts = said.as_object()?;
    for id in parts.keys() {
        let share = dollars(parts, id)?;
        // Two spellings of one id would be two shares, each compared with all that is open.
        if shares.insert(InvoiceId(id.trim().parse().ok()?), share).is_some() {
            return None;
        }
    }
    Some(shares)
}

/// The invoice that is named, by its id in digits; none that can be judged where it is named in another way, by its number
/// or by what a server may read differently.
fn named_invoice(fields: &Map<String, Value>) -> Option<Option<InvoiceId>> {
    let said = |name: &str| fields.get(name).filter(|said| !said.is_null());
    if said("invoice_number").is_some() {
        return None;
    }
    let Some(said) = said("invoice_id") else {
        return Some(None);
    };
    let digits = said.as_u64().or_else(|| said.as_str()?.parse().ok());
    digits.map(|id| Some(InvoiceId(id)))
}

/// Cents of a body as dollars.
fn dollars(fields: &Map<String, Value>, name: &str) -> Option<Decimal> {
    body::number(fields, name).map(|cents| Decimal::from(cents) / Decimal::ONE_HUNDRED)
}

impl Rule for Payments {
    fn record(&self) -> Option<RecordRef> {
        // What is no payment is read for nothing.
        let (id, _) = self.amount.and(self.shares.as_ref())?.first_key_value()?;
        Some(Noun::Invoice.record(*id))
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        // Asked first of all, so that what cannot be understood costs nothing else.
        self.amount()?;
        Ok(match self.shares()?.keys().next() {
            Some(id) => {
                let invoice = invoice::found(seen, *id)?;
                invoice::scope(&invoice)
            }
            None => Scope { customer: self.customer, ..Scope::default() },
        })
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let mut needs = ReadSet::NOTHING.collection(&Collection::PAYMENTS);
        if self.method.is_some() {
            needs = needs.record(&methods_ref());
        }
        let shares = self.shares.iter().flat_map(BTreeMap::keys);
        let invoices: Vec<RecordRef> = shares.map(|id| Noun::Invoice.record(*id)).collect();
        if invoices.is_empty() {
            return needs.and(on_ticket::of_customer(self.customer));
        }
        invoices.iter().fold(needs, |needs, of| {
            let payer = seen.record(of).map_or(scope.customer, invoice::payer_id);
            needs.record(of).and(on_ticket::of_customer(payer))
        })
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let (amount, shares) = (self.amount()?, self.shares()?);
        self.check_method(&call.fields, seen)?;
        let parts = self.parts(seen)?;
        let mut sheet = Sheet::default();
        for part in &parts {
            sheet = sheet.and(part.sheet(amount, env));
        }
        let (title, whose, scope) = match parts.first() {
            Some(part) => {
                let what = invoice::label(&part.invoice);
                (format!("Add a payment for {what}"), what, invoice::scope(&part.invoice))
            }
            None => self.for_nothing(seen, &mut sheet)?,
        };
        let text = match &self.method {
            Some(method) => format!("{} by {method}", money::display(amount)),
            None => money::display(amount),
        };
        sheet = sheet
            .stake("Payment", &text)
            .maybe("Reference", body::said(&call.fields, "ref_num"))
            .by(env.me)
            .line(no_way_back!());
        let sheet = self.left_over(sheet, amount)?;
        let effect = self.effect(call, amount, parts.first().map(|part| part.customer.id), shares);
        let step = call
            .step("payment", format!("add the payment of {text}"), effect)
            .reports(format!("{text} for {whose}"))
            .asked_as(format!("add the payment of {text} for {whose}"));
        Ok(Proposed {
            title,
            sheet,
            findings: self.findings(seen, &parts, amount, env.settings),
            step: parts.iter().fold(step, |step, part| part.held_by(step)),
            whose: self.payer(seen).as_ref().map(on_ticket::named),
            scope,
        })
    }
}

impl Payments {
    pub(super) fn of(fields: &Map<String, Value>) -> Self {
        Self {
            amount: dollars(fields, "amount_cents").filter(|amount| !amount.is_zero()),
            shares: shares(fields),
            customer: body::number(fields, "customer_id").map(CustomerId),
            method: body::said(fields, "payment_method").map(str::to_owned),
            changed: None,
            fails: false,
        }
    }

    /// The invoices that it is for.
    ///
    /// # Errors
    /// Exit 3 for one that is not there, exit 5 for one that somebody else pays or that cannot be read.
    pub(super) fn parts(&self, seen: &Snapshot) -> Result<Vec<Part>> {
        self.shares()?.iter().map(|(id, share)| self.part(seen, *id, *share)).collect()
    }

    /// Whether no invoice is named that it is for.
    pub(super) fn is_for_nothing(&self) -> bool {
        self.shares.as_ref().is_none_or(BTreeMap::is_empty)
    }

    fn given(&self) -> Decimal {
        money::sum(self.shares.iter().flat_map(BTreeMap::values).copied())
    }

    /// What is said of an amount of which not all goes to invoices.
    ///
    /// # Errors
    /// Exit 2 where more goes to them than there is.
    pub(super) fn left_over(&self, sheet: Sheet, amount: Decimal) -> Result<Sheet> {
        let given = self.given();
        if self.is_for_nothing() || given == amount {
            return Ok(sheet);
        }
        let (share, whole) = (money::display(given), money::display(amount));
        let text = format!("{share} of {whole} go to invoices");
        if given > amount {
            return Err(Error::usage(text).nothing_sent());
        }
        Ok(sheet.notice(text))
    }

    /// What speaks against it, whoever makes it or changes what it is for.
    pub(super) fn findings(
        &self,
        seen: &Snapshot,
        parts: &[Part],
        amount: Decimal,
        settings: &Settings,
    ) -> Vec<Finding> {
        if self.fails {
            return Vec::new();
        }
        let changed = self.changed.as_ref();
        let of_parts = parts.iter().flat_map(|part| part.findings(seen, amount, changed));
        of_parts.chain(self.unapplied(seen, amount, self.given(), settings)).collect()
    }

    pub(super) fn amount(&self) -> Result<Decimal> {
        self.amount.ok_or_else(|| {
            Error::usage("amount_cents is missing, 0 or not a whole number").nothing_sent()
        })
    }

    pub(super) fn shares(&self) -> Result<&BTreeMap<InvoiceId, Decimal>> {
        self.shares.as_ref().ok_or_else(|| {
            Error::usage("invoice_id or apply_payments is invalid")
                .nothing_sent()
                .hint("name an invoice by its id, in digits: -F invoice_id=1652300001")
                .hint("use -F apply_payments[1652300001]=2005: the invoice id and cents")
        })
    }

    /// Refuses what the account spells in another way: it would be sent as it was typed.
    pub(super) fn check_method(&self, fields: &Map<String, Value>, seen: &Snapshot) -> Result<()> {
        let Some(method) = &self.method else {
            return Ok(());
        };
        let known = seen.typed_record::<Methods>(&methods_ref()).ok_or_else(|| {
            Error::refused("cannot read the account's payment methods").nothing_written()
        })?;
        let names = known.names();
        let typed = field_shown(&fields["payment_method"]);
        if names.is_empty() || names.contains(&typed) {
            return Ok(());
        }
        let near = names.iter().find(|name| names::same(name, method));
        Err(match near {
            Some(name) => {
                Error::usage(format!("the payment method is \"{name}\", not \"{typed}\""))
                    .nothing_sent()
            }
            None => Error::usage(format!("there is no payment method \"{typed}\""))
                .nothing_sent()
                .hint(format!("the account has: {}", names.join(", "))),
        })
    }

    /// One of its invoices with its customer, who must be the one that pays.
    pub(super) fn part(&self, seen: &Snapshot, id: InvoiceId, share: Decimal) -> Result<Part> {
        let invoice = invoice::found(seen, id)?;
        let customer = invoice::payer(seen, &invoice)?;
        if let Some(payer) = self.customer.filter(|payer| *payer != customer.id) {
            let (what, of) = (invoice::label(&invoice), customer.id);
            return Err(Error::refused(format!(
                "{what} belongs to customer {of}, not to customer {payer}"
            ))
            .nothing_written());
        }
        let left = paid::left(&invoice, self.changed.as_ref())?;
        Ok(Part { invoice, customer, share, left })
    }

    /// A payment on no invoice: the title, whose it is and the scope.
    fn for_nothing(&self, seen: &Snapshot, sheet: &mut Sheet) -> Result<(String, String, Scope)> {
        *sheet = std::mem::take(sheet).notice("it is not for an invoice");
        let Some(id) = self.customer else {
            return Ok(("Add a payment".to_owned(), "no customer".to_owned(), Scope::default()));
        };
        let customer = self.payer(seen).ok_or_else(|| gone("customer", id.0))?;
        let name = customer.name();
        *sheet = std::mem::take(sheet).customer(&customer);
        Ok((format!("Add a payment of {name}"), name.to_owned(), Scope::of_customer(id)))
    }

    /// The customer whom it names.
    pub(super) fn payer(&self, seen: &Snapshot) -> Option<Record<Customer>> {
        seen.typed_record(&Noun::Customer.record(self.customer?))
    }

    /// What speaks against the part of it that is for no invoice, to whose open amount it could be compared.
    fn unapplied(
        &self,
        seen: &Snapshot,
        amount: Decimal,
        given: Decimal,
        settings: &Settings,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        let (rest, most) = (amount.saturating_sub(given), settings.guards.large_amount);
        findings.extend(Finding::large(None, rest, most));
        let changed = self.changed.as_ref();
        let before = || paid::before(seen, self.customer, &[amount], changed, |_| true);
        if given.is_zero() && before().is_some() {
            let text = format!("there is already a payment of {}", money::display(amount));
            findings.push(Finding::new(Guard::SamePayment, text));
        }
        findings
    }

    /// The new payment, and what tells it from others.
    fn effect(
        &self,
        call: &Call,
        amount: Decimal,
        customer: Option<CustomerId>,
        shares: &BTreeMap<InvoiceId, Decimal>,
    ) -> Effect {
        let customer = customer.or(self.customer);
        let customer = customer.map(|id| Field::called("customer.id", "customer", id.0));
        let invoices: Vec<&InvoiceId> = shares.keys().collect();
        let invoices = (!invoices.is_empty())
            .then(|| Field::called("invoice_ids", "invoices", json!(invoices)));
        let texts = [("payment_method", "method"), ("ref_num", "reference")];
        let texts = texts.into_iter().filter_map(|(name, label)| {
            Some(Field::called(name, label, body::said(&call.fields, name)?))
        });
        Effect::created(Collection::PAYMENTS)
            .like([Field::called("payment_amount", "amount", amount.to_string())])
            .like(customer.into_iter().chain(invoices.clone()).map(Field::identifying))
            .like(texts)
            .check(invoices.map(Field::advisory))
    }
}

/// Where the account says how it is paid.
#[must_use]
pub fn methods_ref() -> RecordRef {
    RecordRef::answer(&payments::methods())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::example::{Office, request, ticket, with_customer};
    use super::*;
    use crate::api::Method;
    use crate::error::Kind;
    use crate::write::{Precondition, Request};

    /// Invoice 4 of customer 2, of which 40 of 100 dollars are paid; invoice 5, which is paid; and the account's payments.
    fn seen() -> Snapshot {
        let invoice = |id: u64, paid: bool, payments: Value| {
            json!({
                "id": id, "number": format!("90{id}"), "customer_id": 2, "total": "100.00",
                "is_paid": paid, "payments": payments,
            })
        };
        let failed = |success: Value| json!({"id": 3, "payment_amount": 21, "success": success, "invoice_ids": [4]});
        let paid = json!({"id": 1, "payment_amount": "40.0"});
        let part = invoice(4, false, json!([paid, failed(json!("0"))]));
        let mut both = invoice(7, true, json!([]));
        both["balance_due"] = json!("5.0");
        let methods = json!({"payment_methods": [{"name": "Check"}, {"name": "Cash"}]});
        let listed = json!({"id": 2, "payment_amount": 12, "invoice_ids": [4, null]});
        with_customer(ticket(json!({})))
            .with_record(Noun::Invoice.record(InvoiceId(4)), Some(part))
            .with_record(Noun::Invoice.record(InvoiceId(5)), Some(invoice(5, true, json!([]))))
            .with_record(Noun::Invoice.record(InvoiceId(7)), Some(both))
            .with_record(methods_ref(), Some(methods))
            .with_collection(Collection::PAYMENTS, vec![listed, failed(json!(false))])
    }

    fn pay(body: Value) -> Request {
        request(Method::Post, "/payments", body)
    }

    #[test]
    fn what_stands_against_a_payment() {
        let cases: [(Value, &[Guard], &str); 14] = [
            (json!({"amount_cents": 6000, "invoice_id": 4}), &[], "Left      nothing"),
            (json!({"amount_cents": "2000", "invoice_id": "4"}), &[], "Left      $40.00"),
            (json!({"amount_cents": 6001, "invoice_id": 4}), &[Guard::Over], "$0.01 more"),
            (json!({"amount_cents": 4000, "invoice_id": 4}), &[Guard::SamePayment], "$60.00"),
            (json!({"amount_cents": 1200, "invoice_id": 4}), &[Guard::SamePayment], "$48.00"),
            (
                json!({"amount_cents": 100, "invoice_id": 5}),
                &[Guard::Again, Guard::Over],
                "$100.00, paid",
            ),
            (
                json!({"amount_cents": 200, "apply_payments": {"4": 100, "5": 100}}),
                &[Guard::Again, Guard::Over],
                "Gets      $1.00",
            ),
            // Paid, as it says, and five dollars are open, as it says, too.
            (json!({"amount_cents": 500, "invoice_id": 7}), &[Guard::Again], "Left      nothing"),
            (
                json!({"amount_cents": 501, "invoice_id": 7}),
                &[Guard::Again, Guard::Over],
                "$0.01 more",
            ),
            // What failed is no payment.
            (json!({"amount_cents": 2100, "invoice_id": 4}), &[], "Left      $39.00"),
            (
                json!({"amount_cents": 200, "apply_payments": {"4": 150}}),
                &[],
                "! $1.50 of $2.00 go to invoices",
            ),
            (json!({"amount_cents": 200, "customer_id": 2}), &[], "! it is not for an invoice"),
            (
                json!({"amount_cents": 200, "invoice_id": 4, "payment_method": "Cash"}),
                &[],
                "$2.00 by Cash",
            ),
            (
                json!({"amount_cents": 200, "invoice_id": 4, "ref_num": "R-7", "customer_id": 2}),
                &[],
                "Reference R-7",
            ),
        ];
        for (body, guards, row) in cases {
            let proposed = Office::new().propose(&pay(body.clone()), &seen(), &[]).unwrap();
            let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
            assert_eq!(found, guards, "{body}");
            let text = proposed.sheet.text();
            assert!(text.contains(row), "{body}: {text}");
            let of = |given: &&Precondition| {
                given.record_ref().is_some_and(|of| of.noun() == Some(Noun::Invoice))
            };
            let invoices = proposed.step.preconditions.iter().filter(of).count();
            assert_eq!(
                invoices,
                body["apply_payments"]
                    .as_object()
                    .map_or(usize::from(body["invoice_id"] != Value::Null), Map::len),
                "{body}"
            );
        }
    }

    #[test]
    fn what_cannot_be_judged_is_not_sent() {
        for (body, kind) in [
            (json!({"invoice_id": 4}), Kind::Usage),
            (json!({"amount_cents": 0, "invoice_id": 4}), Kind::Usage),
            (json!({"amount_cents": -5, "invoice_id": 4}), Kind::Usage),
            (json!({"amount_cents": 0.5, "invoice_id": 4}), Kind::Usage),
            (json!({"amount_cents": 9, "apply_payments": "4"}), Kind::Usage),
            (json!({"amount_cents": 9, "apply_payments": {"x": 9}}), Kind::Usage),
            (json!({"amount_cents": 9, "apply_payments": {"4": 10}}), Kind::Usage),
            (json!({"amount_cents": 9, "apply_payments": {"4": 5, "7": 5}}), Kind::Usage),
            (json!({"amount_cents": 9, "apply_payments": {"4": -9}}), Kind::Usage),
            (json!({"amount_cents": 9, "apply_payments": {"4": 5, "04": 4}}), Kind::Usage),
            (json!({"amount_cents": 9, "invoice_id": 4, "payment_method": "check"}), Kind::Usage),
            (json!({"amount_cents": 9, "invoice_id": 4, "payment_method": "Chek"}), Kind::Usage),
            (json!({"amount_cents": 9, "invoice_id": 4, "customer_id": 3}), Kind::Refused),
            (json!({"amount_cents": 9, "invoice_id": 6}), Kind::NotFound),
            (json!({"amount_cents": 9, "customer_id": 3}), Kind::NotFound),
        ] {
            let error = Office::new().propose(&pay(body.clone()), &seen(), &[]).unwrap_err();
            assert_eq!(error.kind, kind, "{body}");
        }
    }
}
