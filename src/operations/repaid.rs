//! What a payment that is there is for, changed: guarded as a new payment is. A server may take such a change, though none is
//! known that does.

use serde_json::{Map, Value, json};

use super::clear::readable;
use super::paid::open_without;
use super::payment::{Payments, cents};
use super::rule::{Call, Env, Proposed, Rule, digits};
use super::{body, invoice, other};
use crate::api::Method;
use crate::api::Record;
use crate::api::folder::PAYMENTS;
use crate::api::ids::InvoiceId;
use crate::api::resources::payments::Payment;
use crate::billing::money;
use crate::error::{Error, Result};
use crate::write::{Noun, ReadSet, RecordRef, Scope, Snapshot, Step};

/// What says how much a payment is, and for what.
const MOVES: [&str; 4] = ["apply_payments", "invoice_id", "invoice_number", "amount_cents"];

/// Which of it says what it is for.
const FOR: [&str; 3] = ["apply_payments", "invoice_id", "invoice_number"];

/// A change of that.
#[derive(Debug)]
struct Repaid {
    fields: Map<String, Value>,
    change: Box<dyn Rule>,
}

/// The change of a payment that a request makes, where that moves money.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let is_change = matches!(call.request.method, Method::Put | Method::Patch);
    let (PAYMENTS, parts) = call.place().filter(|_| is_change)? else {
        return None;
    };
    let [id] = parts.as_slice() else {
        return None;
    };
    digits(id)?;
    let fields = body::inside(call.fields.clone(), PAYMENTS.one());
    MOVES.iter().any(|name| fields.contains_key(*name)).then(|| -> Box<dyn Rule> {
        Box::new(Repaid { fields: fields.clone(), change: other::rule(call) })
    })
}

impl Rule for Repaid {
    fn record(&self) -> Option<RecordRef> {
        self.change.record()
    }

    fn scope(&self, seen: &Snapshot) -> Result<Scope> {
        self.change.scope(seen)
    }

    fn reads(&self, seen: &Snapshot, scope: &Scope) -> ReadSet {
        let needs = self.change.reads(seen, scope);
        // Before it is read, nothing is known but what is said of it.
        let payments = self.becomes(seen).unwrap_or_else(|_| Payments::of(&self.fields));
        let left = left(&payments).into_iter().map(|id| Noun::Invoice.record(id));
        left.fold(needs.and(payments.reads(seen, scope)), |needs, of| needs.record(&of))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        Payments::of(&self.fields).check_method(&self.fields, seen)?;
        let payments = self.becomes(seen)?;
        let (amount, parts) = (payments.amount()?, payments.parts(seen)?);
        let mut proposed = self.change.propose(call, seen, env)?;
        for id in left(&payments) {
            let invoice = seen.invoice(id);
            let from = invoice
                .as_ref()
                .map_or_else(|| format!("invoice id:{id}"), |one| invoice::label(one));
            let open = invoice.as_ref().zip(payments.changed.as_ref());
            let open = open.filter(|(_, payment)| payment.invoice_ids == [id]);
            let open = open.and_then(|(invoice, payment)| open_without(invoice, payment).ok());
            let open = open.map(|open| format!(", leaving {} open", money::display(open)));
            let from = format!("{from}{}", open.unwrap_or_default());
            proposed.sheet = proposed.sheet.row("Taken from", from);
            let ground = invoice.as_ref().map(invoice::as_previewed);
            proposed.step = ground.into_iter().fold(proposed.step, Step::requires);
        }
        let sheet =
            parts.iter().fold(proposed.sheet, |sheet, part| sheet.and(part.sheet(amount, env)));
        proposed.sheet = payments.left_over(sheet, amount)?;
        proposed.findings.extend(payments.findings(seen, &parts, amount, env.settings));
        proposed.step = parts.iter().fold(proposed.step, |step, part| part.held_by(step));
        Ok(proposed)
    }
}

/// The invoices that a changed payment is for no more: what it has given them is taken from them.
fn left(payments: &Payments) -> Vec<InvoiceId> {
    let was = payments.changed.iter().filter(|one| one.counts()).flat_map(|one| &one.invoice_ids);
    let is_kept = |id: &InvoiceId| payments.shares().is_ok_and(|shares| shares.contains_key(id));
    was.copied().filter(|id| !is_kept(id)).collect()
}

impl Repaid {
    /// The payment as it is then: what is not said stays as it was.
    ///
    /// # Errors
    /// Exit 5 where the payment cannot be read, exit 2 where nobody can tell what each of its invoices gets of another amount.
    fn becomes(&self, seen: &Snapshot) -> Result<Payments> {
        let mut fields = self.fields.clone();
        let raw = self.record().and_then(|of| seen.record(&of));
        let raw = raw.map(|raw| raw.get(PAYMENTS.one()).unwrap_or(raw));
        let unread = || Error::refused("cannot read the payment").nothing_written();
        let raw = raw.ok_or_else(unread)?;
        let payment = Record::<Payment>::read(raw.clone()).map_err(|_| unread())?;
        readable(&payment.unreadable, &Payment::MONEY, "the payment")?;
        // One that is not read would be left out.
        let ids = raw["invoice_ids"].as_array().ok_or_else(unread)?;
        if ids.iter().filter(|id| !id.is_null()).count() != payment.invoice_ids.len() {
            return Err(unread());
        }
        let cents = || payment.dollars().and_then(|amount| cents(amount).ok());
        fields.entry("amount_cents").or_insert_with(|| json!(cents()));
        if !FOR.iter().any(|name| fields.contains_key(*name)) {
            match payment.invoice_ids.as_slice() {
                [] => {}
                [id] => drop(fields.insert("invoice_id".to_owned(), json!(id))),
                _ => {
                    return Err(Error::usage("the payment is for several invoices")
                        .nothing_sent()
                        .hint("say what each gets: -F apply_payments[1652300001]=2005, the invoice id and cents"));
                }
            }
        }
        let mut payments = Payments::of(&fields);
        payments.customer = payments.customer.or(payment.customer());
        payments.changed = Some(payment.view);
        Ok(payments)
    }
}
