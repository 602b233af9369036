//! A payment that is there, changed in how much it is, what for, whose, or whether it came in: guarded as a new payment is. One
//! that is deleted pays nothing from then on, as one that failed. A server may take either, though none is known that does.

use serde_json::{Map, Value, json};

use super::clear::readable;
use super::guard::{Finding, Guard};
use super::paid;
use super::paid_part::Part;
use super::payment::{Payments, cents, no_way_back};
use super::rule::{Call, Env, Proposed, Rule, digits, gone};
use super::{body, figures, invoice, on_ticket, other};
use crate::api::Method;
use crate::api::Record;
use crate::api::fields::{Said, to_flag};
use crate::api::folder::PAYMENTS;
use crate::api::ids::InvoiceId;
use crate::api::resources::payments::Payment;
use crate::billing::money;
use crate::error::{Error, Kind, Result};
use crate::write::{Noun, Precondition, ReadSet, RecordRef, Scope, Snapshot, Step};

/// What says how much a payment is: in cents as it is sent, and in dollars as it is shown.
const AMOUNTS: [&str; 3] = ["amount_cents", "payment_amount", "amount"];

/// What says what it is for.
const FOR: [&str; 3] = ["apply_payments", "invoice_id", "invoice_number"];

/// What a payment itself says of that, without how much each invoice gets.
const LISTED: &str = "invoice_ids";

/// What says whether it came in.
const SUCCESS: &str = "success";

/// What says whose it is.
const PAYER: &str = "customer_id";

/// What of a payment a change of it rests on.
const GROUNDS: [&str; 6] =
    ["payment_amount", "amount", SUCCESS, "invoice_ids", PAYER, "customer.id"];

/// What is said of every such change.
const UNDOCUMENTED: &str = concat!(no_way_back!(), ": it may refuse this, or ignore it");

/// A change of any of it, or its end.
#[derive(Debug)]
struct Repaid {
    fields: Map<String, Value>,
    change: Box<dyn Rule>,
    is_deleted: bool,
}

/// The change of a payment that a request makes, where that moves money.
pub(super) fn route(call: &Call) -> Option<Box<dyn Rule>> {
    let (PAYMENTS, parts) = call.place()? else {
        return None;
    };
    let [id] = parts.as_slice() else {
        return None;
    };
    digits(id)?;
    let is_deleted = call.request.method == Method::Delete;
    let fields = match call.request.method {
        // It pays nothing from then on.
        Method::Delete => Map::from_iter([(SUCCESS.to_owned(), json!(false))]),
        Method::Put | Method::Patch => body::inside(call.fields.clone(), PAYMENTS.one()),
        _ => return None,
    };
    let mut moves = AMOUNTS.iter().chain(&FOR).chain(&[LISTED, SUCCESS, PAYER]);
    moves.any(|name| fields.contains_key(*name)).then(|| -> Box<dyn Rule> {
        Box::new(Repaid { fields, change: other::rule(call), is_deleted })
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
        if self.fields.contains_key(LISTED) {
            let text = format!("{LISTED} does not say how much of the payment each invoice gets");
            let hint = "use apply_payments with an amount for each invoice's id, or invoice_id";
            return Err(Error::usage(text).nothing_written().hint(hint));
        }
        Payments::of(&self.fields).check_method(&self.fields, seen)?;
        let payments = self.becomes(seen)?;
        let (amount, parts) = match self.is_deleted {
            false => (payments.amount()?, payments.parts(seen)?),
            // Whatever it was, and as far as what it was for is still there and can be judged.
            true => {
                let parts = payments.shares()?.iter();
                let parts = parts.filter_map(|(id, share)| payments.part(seen, *id, *share).ok());
                (payments.amount.unwrap_or_default(), parts.collect())
            }
        };
        let mut proposed = self.change.propose(call, seen, env)?;
        if self.is_deleted {
            proposed = named(proposed, &payments, &parts);
        }
        let mut step = proposed.step;
        let mut sheet = proposed.sheet.all_notices(&turned(&payments, self.is_deleted));
        let taken = left(&payments);
        for id in taken.iter().copied() {
            let invoice = seen.invoice(id);
            let from = invoice
                .as_ref()
                .map_or_else(|| format!("invoice id:{id}"), |one| invoice::label(one));
            let open = invoice.as_ref().zip(payments.changed.as_ref());
            let open = open.and_then(|(invoice, it)| paid::without(invoice, it).ok());
            let open = open.map(|left| format!(", leaving {left} open")).unwrap_or_default();
            sheet = sheet.row("Taken from", format!("{from}{open}"));
            let ground = invoice.as_ref().map(invoice::as_previewed);
            step = ground.into_iter().fold(step, Step::requires);
        }
        if let (true, Some(id)) = (payments.is_for_nothing(), payments.customer) {
            let payer = payments.payer(seen);
            if payer.is_none() && self.fields.contains_key(PAYER) {
                return Err(gone("customer", id.0));
            }
            sheet = payer.iter().fold(sheet, |sheet, payer| sheet.customer(payer));
            step = payer.iter().map(on_ticket::named).fold(step, Step::requires);
        }
        sheet = sheet.maybe("Taken from", former(&payments));
        for part in &parts {
            sheet = match payments.fails {
                true if self.is_deleted => sheet.customer(&part.customer),
                true if taken.contains(&part.invoice.id) => sheet,
                true => sheet.row("For", invoice::label(&part.invoice)),
                false => sheet.and(part.sheet(amount, env)),
            };
            step = part.held_by(step);
        }
        proposed.sheet = payments.left_over(sheet, amount)?.line(UNDOCUMENTED);
        proposed.findings.extend(payments.findings(seen, &parts, amount, env.settings));
        proposed.findings.extend(undone(&payments, self.is_deleted));
        if self.is_deleted {
            proposed.findings.extend(doubts(&payments, &taken, seen));
        }
        proposed.step = self.held(seen, step);
        Ok(proposed)
    }
}

/// The invoices that a changed payment is for no more: what it has given them is taken from them.
fn left(payments: &Payments) -> Vec<InvoiceId> {
    let was = payments.changed.iter().filter(|one| one.counts()).flat_map(|one| &one.invoice_ids);
    let is_for = |id: &InvoiceId| payments.shares().is_ok_and(|shares| shares.contains_key(id));
    let is_kept = |id: &InvoiceId| !payments.fails && is_for(id);
    was.copied().filter(|id| !is_kept(id)).collect()
}

/// What nobody can tell of the invoices from which a payment is taken, and what contradicts it there.
fn doubts(payments: &Payments, taken: &[InvoiceId], seen: &Snapshot) -> Vec<Finding> {
    let shares = payments.shares().into_iter().flatten().filter(|(id, _)| taken.contains(id));
    let parts = shares.filter_map(|(id, share)| payments.part(seen, *id, *share).err());
    let it = payments.changed.as_ref();
    let left = taken.iter().filter_map(|id| {
        let invoice = seen.invoice(*id)?;
        paid::without(&invoice, it?).err()
    });
    let mut doubts = Vec::new();
    for error in parts.chain(left).filter(|error| error.kind != Kind::NotFound) {
        let doubt = Finding::new(Guard::Paid, error.message);
        if !doubts.contains(&doubt) {
            doubts.push(doubt);
        }
    }
    doubts
}

/// Whose a payment is that becomes somebody else's, where that is known.
fn former(payments: &Payments) -> Option<String> {
    let it = payments.changed.as_ref().filter(|it| it.customer() != payments.customer)?;
    let named = it.customer.as_ref().map(|customer| customer.name().to_owned());
    named.or_else(|| Some(format!("customer id:{}", it.customer()?)))
}

/// The deletion of a payment with what it is, in what it shows and in what it asks.
fn named(mut proposed: Proposed, payments: &Payments, parts: &[Part]) -> Proposed {
    let it = payments.changed.as_ref();
    let amount = it.and_then(Payment::dollars);
    let amount = amount.map_or_else(|| "an unknown amount".to_owned(), money::display);
    let method = it.map(|it| it.payment_method.as_str()).filter(|method| !method.is_empty());
    let by = method.map(|method| format!(" by {method}")).unwrap_or_default();
    let text = format!("{amount}{by}");
    proposed.sheet = proposed.sheet.stake("Payment", &text);
    let of = match (parts, it.and_then(|it| it.customer.as_ref())) {
        ([part, ..], _) => format!(" for {}", invoice::label(&part.invoice)),
        ([], Some(customer)) => format!(" of {}", customer.name()),
        ([], None) => String::new(),
    };
    proposed.step = proposed.step.asked_as(format!("delete the payment of {text}{of}"));
    proposed
}

/// That money which came in is said not to have, or is taken out.
fn undone(payments: &Payments, is_deleted: bool) -> Option<Finding> {
    let counted = payments.changed.as_ref().is_some_and(Payment::counts);
    let becomes = if is_deleted { "is deleted" } else { "becomes a failed one" };
    let text = format!("a payment that came in {becomes}: what it pays is open again");
    (counted && payments.fails).then(|| Finding::new(Guard::Paid, text))
}

/// What is said of a payment that failed, or that is said to have.
fn turned(payments: &Payments, is_deleted: bool) -> Vec<String> {
    let counted = payments.changed.as_ref().is_none_or(Payment::counts);
    let text = match (counted, payments.fails) {
        (true, false) => None,
        (true, true) if is_deleted => None,
        (true, true) => Some("the payment becomes a failed one: it pays nothing any more"),
        (false, true) => Some("this is a failed payment: it pays nothing"),
        (false, false) => Some("this is a failed payment: from then on it counts"),
    };
    text.map(str::to_owned).into_iter().collect()
}

/// The cents that a body makes of a payment, under whichever name; none where it does not say.
///
/// # Errors
/// Exit 2 for dollars that are no amount, or where it says so twice: which of the two a server goes by, nobody can tell.
fn said_cents(fields: &Map<String, Value>) -> Result<Option<Value>> {
    let said = |name: &&&str| fields.contains_key(**name);
    let said: Vec<&str> = AMOUNTS.iter().filter(said).copied().collect();
    match said.as_slice() {
        [] => Ok(None),
        [name] if *name == AMOUNTS[0] => Ok(Some(fields[*name].clone())),
        [name] => {
            let dollars = figures::price(fields, name)?.unwrap_or_default();
            cents(dollars).map(|cents| Some(json!(cents))).map_err(Error::nothing_sent)
        }
        _ => Err(Error::usage(format!("{} say the amount twice", said.join(" and ")))
            .nothing_sent()
            .hint("leave one of them out")),
    }
}

impl Repaid {
    /// A step that rests on what the payment was, but for what is changed.
    fn held(&self, seen: &Snapshot, step: Step) -> Step {
        let Some((of, raw)) = self.record().and_then(|of| Some((of.clone(), seen.record(&of)?)))
        else {
            return step;
        };
        let is_kept = |name: &&str| step.effect.expected(name).is_none();
        let names: Vec<&str> = GROUNDS.into_iter().filter(is_kept).collect();
        let still = Precondition::kept(of, "payment", raw, &names).recheck();
        step.requires(still)
    }

    /// The payment as it is then: what is not said stays as it was.
    ///
    /// # Errors
    /// Exit 5 where the payment cannot be read, exit 2 where nobody can tell what each of its invoices gets of another amount,
    /// or what the body says.
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
        let amount = said_cents(&fields)?.unwrap_or_else(|| json!(cents()));
        fields.insert(AMOUNTS[0].to_owned(), amount);
        let fails = match fields.get(SUCCESS).map(to_flag) {
            None => !payment.counts(),
            Some(Said::Clear(success)) => !success,
            Some(Said::Nothing | Said::Unreadable) => {
                return Err(unclear(SUCCESS, "true or false"));
            }
        };
        if fields.contains_key(PAYER) && body::number(&fields, PAYER).is_none() {
            return Err(unclear(PAYER, "the id of a customer"));
        }
        if !FOR.iter().any(|name| fields.contains_key(*name)) {
            match payment.invoice_ids.as_slice() {
                [] => {}
                [id] => drop(fields.insert("invoice_id".to_owned(), json!(id))),
                // It gives them nothing, whatever they got.
                _ if fails => {}
                _ => {
                    return Err(Error::usage("the payment is for several invoices")
                        .nothing_sent()
                        .hint("say what each gets: -F apply_payments[1652300001]=2005, the invoice id and cents"));
                }
            }
        }
        let mut payments = Payments::of(&fields);
        payments.customer = payments.customer.or(payment.customer());
        payments.fails = fails;
        payments.changed = Some(payment.view);
        Ok(payments)
    }
}

fn unclear(name: &str, what: &str) -> Error {
    Error::usage(format!("{name} is not {what}")).nothing_sent()
}
