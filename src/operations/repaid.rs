//! What a payment that is there is for, changed: guarded as a new payment is. A server may take such a change, though none is
//! known that does.

use serde_json::{Map, Value, json};

use super::clear::readable;
use super::payment::{Payments, cents};
use super::rule::{Call, Env, Proposed, Rule, digits};
use super::{body, other};
use crate::api::Method;
use crate::api::Record;
use crate::api::folder::PAYMENTS;
use crate::api::resources::payments::Payment;
use crate::error::{Error, Result};
use crate::write::{ReadSet, RecordRef, Scope, Snapshot};

/// What says how much a payment is, and for what.
const MOVES: [&str; 4] = ["apply_payments", "invoice_id", "invoice_number", "amount_cents"];

/// A change of that.
#[derive(Debug)]
struct Repaid {
    payments: Payments,
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
        Box::new(Repaid { payments: Payments::of(&fields), change: other::rule(call) })
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
        self.change.reads(seen, scope).and(self.payments.reads(seen, scope))
    }

    fn propose(&self, call: &Call, seen: &Snapshot, env: &Env<'_>) -> Result<Proposed> {
        let fields = body::inside(call.fields.clone(), PAYMENTS.one());
        self.payments.check_method(&fields, seen)?;
        let payments = self.becomes(fields, seen)?;
        let (amount, parts) = (payments.amount()?, payments.parts(seen)?);
        let mut proposed = self.change.propose(call, seen, env)?;
        let sheet =
            parts.iter().fold(proposed.sheet, |sheet, part| sheet.and(part.sheet(amount, env)));
        proposed.sheet = payments.left_over(sheet, amount)?;
        proposed.findings.extend(payments.findings(seen, &parts, amount, env.settings));
        proposed.step = parts.iter().fold(proposed.step, |step, part| part.held_by(step));
        Ok(proposed)
    }
}

impl Repaid {
    /// The payment as it is then: what is not said stays as it was.
    ///
    /// # Errors
    /// Exit 5 where the payment cannot be read.
    fn becomes(&self, mut fields: Map<String, Value>, seen: &Snapshot) -> Result<Payments> {
        let raw = self.record().and_then(|of| seen.record(&of));
        let raw = raw.map(|raw| raw.get(PAYMENTS.one()).unwrap_or(raw));
        let payment = raw.and_then(|raw| Record::<Payment>::read(raw.clone()).ok());
        let unread = || Error::refused("cannot read the payment").nothing_written();
        let payment = payment.ok_or_else(unread)?;
        readable(&payment.unreadable, &Payment::MONEY, "the payment")?;
        let cents = || payment.dollars().and_then(|amount| cents(amount).ok());
        fields.entry("amount_cents").or_insert_with(|| json!(cents()));
        let mut payments = Payments::of(&fields);
        payments.customer = payments.customer.or(payment.customer());
        Ok(payments)
    }
}
