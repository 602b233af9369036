//! What is paid already: what is open on an invoice, and the payments that a customer has made, as far as the account's
//! latest ones tell. Pure.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Value, json};

use super::clear::readable;
use super::guard::{Finding, Guard};
use super::invoice;
use crate::api::Record;
use crate::api::ids::CustomerId;
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::payments::Payment;
use crate::billing::balance::{self, Left};
use crate::billing::money;
use crate::error::{Error, Result};
use crate::render::invoice::marked;
use crate::write::{Collection, Request, Snapshot};

/// The account's latest payments that count, of that kind; the one that is changed is none that came before it.
fn latest(
    seen: &Snapshot,
    changed: Option<&Payment>,
    is_of_kind: fn(&Value) -> bool,
) -> impl Iterator<Item = Record<Payment>> {
    let raw = seen.records(&Collection::PAYMENTS).into_iter().filter(move |raw| is_of_kind(raw));
    raw.filter_map(|raw| Record::read(raw.clone()).ok())
        .filter(move |one: &Record<Payment>| one.counts() && !is_it(changed, one))
}

/// Whether a payment is the one that is changed.
fn is_it(changed: Option<&Payment>, one: &Payment) -> bool {
    changed.is_some_and(|changed| changed.id.is_some() && changed.id == one.id)
}

/// The first of `amounts` that the customer has paid before, in a payment of that kind.
pub(super) fn before(
    seen: &Snapshot,
    customer: Option<CustomerId>,
    amounts: &[Decimal],
    changed: Option<&Payment>,
    is_of_kind: fn(&Value) -> bool,
) -> Option<Decimal> {
    let is_theirs = |one: &Record<Payment>| one.customer() == customer;
    let theirs: Vec<Record<Payment>> =
        latest(seen, changed, is_of_kind).filter(is_theirs).collect();
    let is_paid = |amount: &&Decimal| theirs.iter().any(|one| one.dollars() == Some(**amount));
    amounts.iter().find(is_paid).copied()
}

/// Whether an invoice has a payment of that amount, by its own page or by the account's latest payments.
pub(super) fn has_such(
    seen: &Snapshot,
    invoice: &Invoice,
    amount: Decimal,
    changed: Option<&Payment>,
) -> bool {
    let is_such =
        |one: &Payment| one.counts() && one.dollars() == Some(amount) && !is_it(changed, one);
    let is_for_it = |one: &Record<Payment>| one.invoice_ids.contains(&invoice.id);
    invoice.received().iter().any(is_such)
        || latest(seen, changed, |_| true).any(|one| is_for_it(&one) && is_such(&one.view))
}

/// The question about a payment for an invoice, where the customer has paid one of `amounts` for none.
pub(super) fn for_none(
    seen: &Snapshot,
    customer: &Customer,
    amounts: &[Decimal],
    changed: Option<&Payment>,
) -> Option<Finding> {
    let amount = before(seen, Some(customer.id), amounts, changed, for_no_invoice)?;
    let amount = money::display(amount);
    let name = customer.name();
    let text = format!("{name} already has a payment of {amount} that is for no invoice");
    Some(Finding::new(Guard::SamePayment, text))
}

/// Whether a payment is for no invoice; one that does not say is not taken for one.
fn for_no_invoice(listed: &Value) -> bool {
    let ids = listed["invoice_ids"].as_array();
    ids.is_some_and(|ids| ids.iter().all(Value::is_null))
}

/// What stands against a payment for an invoice, whatever its amount: that it is paid, and that nothing is open on it. One
/// answer is none to the other. `left` is what is open; where a payment is `changed`, it may be the one that has paid it.
pub(super) fn settled(invoice: &Invoice, left: Decimal, changed: Option<&Payment>) -> Vec<Finding> {
    let what = invoice::label(invoice);
    let is_by_it = changed.is_some_and(|it| it.counts() && it.invoice_ids.contains(&invoice.id));
    let paid = match marked(invoice).filter(|_| invoice.is_marked_alone()) {
        Some(marked) => format!("is {marked}"),
        None if is_by_it => "is paid, with this payment".to_owned(),
        None => "is already paid".to_owned(),
    };
    let is_paid = invoice.is_paid.then(|| (Guard::Again, format!("{what} {paid}")));
    let is_over = left.is_zero().then(|| (Guard::Over, format!("nothing is open on {what}")));
    let found = is_paid.into_iter().chain(is_over);
    found.map(|(guard, text)| Finding::new(guard, text)).collect()
}

/// The same before anything is known of the payment.
///
/// # Errors
/// As for [`open`].
pub fn against_any(invoice: &Invoice) -> Result<Vec<Finding>> {
    Ok(settled(invoice, open(invoice)?, None))
}

/// The open amount of an invoice, in the cents that the API takes.
///
/// # Errors
/// Exit 5 where nothing is open; those of [`open`].
pub fn all_open(invoice: &Invoice) -> Result<i64> {
    let open = open(invoice)?;
    if open.is_zero() {
        let text = format!("invoice #{} has no open amount", invoice.number);
        return Err(Error::refused(text).nothing_written());
    }
    cents(open)
}

/// A payment of all that is open on an invoice by now, in the place of the amount that it had.
///
/// # Errors
/// As for [`all_open`].
pub(super) fn in_full(request: &Request, invoice: &Invoice) -> Result<Request> {
    let cents = all_open(invoice)?;
    let mut request = request.clone();
    if let Some(body) = request.body.as_mut().and_then(Value::as_object_mut) {
        body.insert("amount_cents".to_owned(), json!(cents));
        body.insert("apply_payments".to_owned(), json!({ invoice.id.to_string(): cents }));
    }
    Ok(request)
}

/// Dollars as the cents that the API takes.
///
/// # Errors
/// Exit 2 for what is no count of cents.
pub fn cents(amount: Decimal) -> Result<i64> {
    let cents = amount.checked_mul(Decimal::ONE_HUNDRED).filter(|_| amount > Decimal::ZERO);
    let whole = cents.filter(|cents| cents.fract().is_zero()).and_then(|cents| cents.to_i64());
    whole.ok_or_else(|| {
        Error::usage(format!("invalid amount \"{amount}\": use whole cents, more than 0.00"))
    })
}

/// What is not paid yet; nothing of a credit.
///
/// # Errors
/// Exit 5 for an invoice whose open amount nobody can tell.
pub fn open(invoice: &Invoice) -> Result<Decimal> {
    let what = format_args!("invoice #{}", invoice.number);
    readable(&invoice.unreadable, &Invoice::MONEY, what)?;
    for payment in invoice.received() {
        let of = format_args!("a payment of {what}");
        readable(&payment.unreadable, &Payment::MONEY, of)?;
    }
    invoice::shows_payments(invoice)?;
    let open = balance::open(invoice).ok_or_else(|| {
        let what =
            if invoice.total.is_none() { "shows no total" } else { "has no clear open amount" };
        let text = format!("invoice #{} {what}", invoice.number);
        Error::refused(text).nothing_written()
    })?;
    Ok(open.max(Decimal::ZERO))
}

/// What is open, without a payment that is changed: what it has given is open again, but for what was paid too much. Of one
/// that is for other invoices as well nobody can tell what this one had.
///
/// # Errors
/// As for [`open`].
pub(super) fn left(invoice: &Invoice, changed: Option<&Payment>) -> Result<Left> {
    let open = open(invoice)?;
    let received = invoice.received();
    let is_own = |one: &&Payment| is_it(changed, one) && one.counts();
    let own = received.iter().find(is_own);
    let own = own.filter(|_| changed.is_some_and(|it| it.invoice_ids == [invoice.id]));
    let given = own.and_then(Payment::dollars).unwrap_or_default();
    let paid = balance::received(invoice).zip(invoice.total);
    let over = paid.map_or(Decimal::ZERO, |(paid, total)| paid.saturating_sub(total));
    let without = open.saturating_add(given).saturating_sub(over.max(Decimal::ZERO));
    // Where nothing is open, shared payments may have paid too much.
    let is_shared = || received.iter().any(|one| balance::is_shared(one, invoice.id));
    let hides_more = own.is_some() && open.is_zero() && is_shared();
    let is_at_most = balance::rests_on_shared(invoice) || hides_more;
    Ok(Left { amount: without.max(open), is_at_most })
}

/// What is open once a payment is none any more. Of one for other invoices as well, all of it may have been for this one.
///
/// # Errors
/// As for [`open`].
pub(super) fn without(invoice: &Invoice, payment: &Payment) -> Result<Left> {
    let left = left(invoice, Some(payment))?;
    if payment.invoice_ids == [invoice.id] || balance::rests_on_shared(invoice) {
        return Ok(left);
    }
    let given = payment.dollars().unwrap_or_default();
    let most = left.amount.saturating_add(given);
    let amount = invoice.total.map_or(most, |total| total.max(Decimal::ZERO).min(most));
    Ok(Left { amount, is_at_most: true })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    /// An invoice of $100.00: a payment of it alone is changed, and another one is for two invoices.
    #[test]
    fn what_is_open_without_a_payment_is_at_most_that_where_another_one_is_shared() {
        let own = json!({"id": 1, "payment_amount": "60.00", "success": true, "invoice_ids": [4]});
        let other = |ids: Value, success: bool| json!({"id": 2, "payment_amount": "140.00", "success": success, "invoice_ids": ids});
        let changed: Payment = serde_json::from_value(own.clone()).unwrap();
        let (shared, alone) = (json!([4, 5]), json!([4]));
        for (paid, due, with, said) in [
            (true, Value::Null, Some(other(shared.clone(), true)), "at most $60.00"),
            (true, json!("0.00"), Some(other(shared.clone(), true)), "at most $60.00"),
            (false, Value::Null, Some(other(shared.clone(), true)), "at most $100.00"),
            // What the invoice says of itself counts every payment.
            (false, json!("10.00"), Some(other(shared.clone(), true)), "$70.00"),
            (false, Value::Null, Some(other(shared, false)), "$100.00"),
            (true, Value::Null, Some(other(alone, true)), "$0.00"),
            (true, Value::Null, None, "$60.00"),
        ] {
            let payments: Vec<Value> = [own.clone()].into_iter().chain(with).collect();
            let raw = json!({
                "id": 4, "number": "904", "customer_id": 2, "total": "100.00", "is_paid": paid,
                "balance_due": due, "payments": payments,
            });
            let invoice: Record<Invoice> = Record::read(raw.clone()).unwrap();
            assert_eq!(left(&invoice, Some(&changed)).unwrap().to_string(), said, "{raw}");
        }
    }
}
