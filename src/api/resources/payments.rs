//! Payments: what customers have paid, on one invoice or several. Amounts are dollars; there is no delete.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;

use super::customers::Customer;
use crate::api::fields;
use crate::api::ids::{CustomerId, InvoiceId, PaymentId};
use crate::api::request::{Get, List};

/// A payment.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Payment {
    /// Which.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub id: Option<PaymentId>,
    /// How much, in dollars.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub payment_amount: Option<Decimal>,
    /// What it may be called on an invoice's page.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub amount: Option<Decimal>,
    /// How: a word of the account.
    #[serde(default, deserialize_with = "fields::text")]
    pub payment_method: String,
    /// The number of the cheque, or of the card's transaction.
    #[serde(default, deserialize_with = "fields::text")]
    pub ref_num: String,
    /// What the card's company said.
    #[serde(default, deserialize_with = "fields::text")]
    pub transaction_response: String,
    /// Whether it went through; `None` when the server does not say.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub success: Option<bool>,
    /// When it counts from, as it is written: a day alone is given as its midnight.
    #[serde(default, deserialize_with = "fields::text")]
    pub applied_at: String,
    /// When it was entered.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// What it pays for.
    #[serde(default, deserialize_with = "fields::readable")]
    pub invoice_ids: Vec<InvoiceId>,
    /// Who paid, where the server says so here.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// The customer itself.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer: Option<Customer>,
}

impl Payment {
    /// How much, in dollars, where the server says so.
    #[must_use]
    pub fn dollars(&self) -> Option<Decimal> {
        self.payment_amount.or(self.amount)
    }

    /// Who paid, from wherever the server says so.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        let embedded = || self.customer.as_ref().map(|customer| customer.id);
        self.customer_id.or_else(embedded)
    }
}

/// `GET /payments`: everybody's; neither customer nor date can be asked for.
#[must_use]
pub fn all() -> List<Payment> {
    List::new("/payments", "payments")
}

/// `GET /payments/{id}`.
#[must_use]
pub fn get(id: PaymentId) -> Get<Payment> {
    Get::new(format!("/payments/{id}"), Some("payment")).bare_too()
}
