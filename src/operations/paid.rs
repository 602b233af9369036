//! What is paid already: what is open on an invoice, and the payments that a customer has made, as far as the account's
//! latest ones tell. Pure.

use rust_decimal::Decimal;
use serde_json::Value;

use super::clear::readable;
use super::guard::{Finding, Guard};
use super::invoice;
use crate::api::ids::CustomerId;
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::payments;
use crate::billing::{balance, money};
use crate::error::{Error, Result};
use crate::write::{Collection, Field, Snapshot};

/// The first of `amounts` that the customer has paid before, in a payment of that kind.
pub(super) fn before(
    seen: &Snapshot,
    customer: Option<CustomerId>,
    amounts: &[Decimal],
    is_of_kind: fn(&Value) -> bool,
) -> Option<Decimal> {
    let customer = Field::new("customer.id", customer.map(|id| id.0));
    let mut theirs = seen.records(&Collection::PAYMENTS);
    theirs.retain(|one| is_of_kind(one) && customer.is_in(one));
    let is_paid = |amount: &&Decimal| {
        let same = Field::new("payment_amount", amount.to_string());
        theirs.iter().any(|one| same.is_in(one))
    };
    amounts.iter().find(is_paid).copied()
}

/// The question about a payment for an invoice, where the customer has paid one of `amounts` for none.
pub(super) fn for_none(
    seen: &Snapshot,
    customer: &Customer,
    amounts: &[Decimal],
) -> Option<Finding> {
    let amount = money::display(before(seen, Some(customer.id), amounts, for_no_invoice)?);
    let name = customer.name();
    let text = format!("{name} already has a payment of {amount} that is for no invoice");
    Some(Finding::new(Guard::SamePayment, text))
}

/// Whether a payment is for no invoice; one that failed, or does not say, is not taken for one.
fn for_no_invoice(listed: &Value) -> bool {
    let ids = listed["invoice_ids"].as_array();
    listed["success"] != Value::Bool(false) && ids.is_some_and(|ids| ids.iter().all(Value::is_null))
}

/// What stands against a payment for an invoice, whatever its amount; `left` is what is open.
pub(super) fn settled(invoice: &Invoice, left: Decimal) -> Option<Finding> {
    let what = invoice::label(invoice);
    let (guard, text) = match (invoice.is_paid, left.is_zero()) {
        (true, _) => (Guard::Again, format!("{what} is already paid")),
        (false, true) => (Guard::Over, format!("nothing is open on {what}")),
        (false, false) => return None,
    };
    Some(Finding::new(guard, text))
}

/// The same before anything is known of the payment.
///
/// # Errors
/// As for [`open`].
pub fn against_any(invoice: &Invoice) -> Result<Option<Finding>> {
    Ok(settled(invoice, open(invoice)?))
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
        readable(&payment.unreadable, &payments::Payment::MONEY, of)?;
    }
    let open = balance::open(invoice).ok_or_else(|| {
        let what =
            if invoice.total.is_none() { "shows no total" } else { "has no clear open amount" };
        let text = format!("invoice #{} {what}", invoice.number);
        Error::refused(text).nothing_written()
    })?;
    Ok(open.max(Decimal::ZERO))
}
