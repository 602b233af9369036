//! Payments that a customer has made already, as far as the account's latest ones tell. Pure.

use rust_decimal::Decimal;
use serde_json::Value;

use super::guard::{Finding, Guard};
use crate::api::ids::CustomerId;
use crate::api::resources::customers::Customer;
use crate::billing::money;
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
