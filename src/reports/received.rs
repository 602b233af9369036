//! What customers have paid, as the list of all payments says it: for which invoices, and when last.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::{Why, why};
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::payments::Payment;
use crate::api::{Listing, Record};

/// The payments of the account; or why they are not known.
#[derive(Debug, Clone)]
pub struct Received(Result<Known, Why>);

#[derive(Debug, Clone, Default)]
struct Known {
    /// The payments as they came, by what they are for.
    by_invoice: BTreeMap<InvoiceId, Vec<Value>>,
    /// Whose payments are for invoices that cannot be read; nobody stands for anybody.
    unplaced: Vec<Option<CustomerId>>,
    /// When each customer paid last; nothing where the day of a payment cannot be read.
    last: BTreeMap<CustomerId, Option<Date>>,
}

impl Received {
    /// Payments that could not be read.
    #[must_use]
    pub const fn unknown() -> Self {
        Self(Err(why::PAYMENTS))
    }

    /// What the list of payments says. A short one proves nothing.
    #[must_use]
    pub fn of(listing: &Listing<Payment>, zone: &TimeZone) -> Self {
        match listing.complete {
            true => Self::among(&listing.items, zone),
            false => Self::unknown(),
        }
    }

    /// The same of all payments that there are; days are those of the zone.
    #[must_use]
    pub fn among(payments: &[Record<Payment>], zone: &TimeZone) -> Self {
        let mut known = Known::default();
        for payment in payments.iter().filter(|payment| payment.counts()) {
            let customer = payment.customer();
            if !names_invoices(payment) {
                known.unplaced.push(customer);
            }
            for invoice in &payment.invoice_ids {
                known.by_invoice.entry(*invoice).or_default().push(payment.raw.clone());
            }
            if let Some(customer) = customer {
                let day = payment.day(zone);
                let last = known.last.entry(customer).or_insert(day);
                *last = last.zip(day).map(|(one, other)| one.max(other));
            }
        }
        Self(Ok(known))
    }

    /// Gives an invoice of a list its payments, where these are known to be all.
    pub fn give(&self, invoice: &mut Invoice) {
        let Ok(known) = &self.0 else { return };
        let may_be_theirs = |whose: &Option<CustomerId>| {
            whose.is_none() || invoice.customer_id.is_none() || *whose == invoice.customer_id
        };
        if invoice.payments.is_none() && !known.unplaced.iter().any(may_be_theirs) {
            let payments = known.by_invoice.get(&invoice.id).cloned();
            invoice.payments = Some(payments.unwrap_or_default());
        }
    }

    /// When a customer paid last; nothing for one who never did.
    ///
    /// # Errors
    /// Why that is not known.
    pub fn last(&self, customer: Option<CustomerId>) -> Result<Option<Date>, Why> {
        let known = self.0.as_ref().map_err(|why| *why)?;
        match customer.and_then(|customer| known.last.get(&customer)) {
            Some(None) => Err(why::PAID_ON),
            Some(day) => Ok(*day),
            None => Ok(None),
        }
    }
}

/// Whether a payment says for which invoices it is, if only that it is for none.
pub(super) fn names_invoices(payment: &Record<Payment>) -> bool {
    let named = payment.raw["invoice_ids"].as_array();
    named.is_some_and(|ids| {
        ids.iter().filter(|id| !id.is_null()).count() == payment.invoice_ids.len()
    })
}
