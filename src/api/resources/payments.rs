//! Payments: what customers have paid, on one invoice or several. Amounts are dollars; there is no delete.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::customers::Customer;
use crate::api::fields::{self, Unread};
use crate::api::folder::PAYMENTS;
use crate::api::ids::{CustomerId, InvoiceId, PaymentId};
use crate::api::record::Record;
use crate::api::request::{Get, List, Write};

/// A payment.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
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
    #[serde(default, deserialize_with = "fields::maybe_flag")]
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
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl Payment {
    /// The fields that say what was paid.
    pub const MONEY: [&str; 3] = ["payment_amount", "amount", "success"];

    /// Whether it is money that came in: it did not fail. One of which the server does not say counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.success != Some(false)
    }

    /// How much, in dollars, where the server says so.
    #[must_use]
    pub fn dollars(&self) -> Option<Decimal> {
        self.payment_amount.or(self.amount)
    }

    /// How much came in, where it can be read that it did, and how much.
    #[must_use]
    pub fn received(&self) -> Option<Decimal> {
        self.dollars().filter(|_| self.unreadable.among(&Self::MONEY).is_none())
    }

    /// Its day, where no time is given with it: it is written as that day's midnight.
    #[must_use]
    pub fn day_alone(&self) -> Option<Date> {
        fields::day_alone(&self.applied_at)
    }

    /// The moment that it counts from; when it was entered, where the server names none. None where it cannot be read.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        let entered = || self.created_at.filter(|_| !self.is_undated());
        fields::to_instant(&self.applied_at.as_str().into()).or_else(entered)
    }

    /// Its day, as it is written or as the zone has it.
    #[must_use]
    pub fn day(&self, zone: &TimeZone) -> Option<Date> {
        let seen = || Some(self.at()?.to_zoned(zone.clone()).date());
        self.day_alone().or_else(seen)
    }

    /// Whether its day is given and cannot be understood.
    #[must_use]
    pub fn is_undated(&self) -> bool {
        let written = self.applied_at.as_str();
        let is_read =
            || self.day_alone().is_some() || fields::to_instant(&written.into()).is_some();
        !written.trim().is_empty() && !is_read()
    }

    /// Who paid, from wherever the server says so.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        let embedded = || self.customer.as_ref().map(|customer| customer.id);
        self.customer_id.or_else(embedded)
    }
}

/// Whether a payment, as it comes, says that it failed: then it is no money that came in.
#[must_use]
pub fn has_failed(raw: &Value) -> bool {
    fields::to_flag(&raw["success"]) == fields::Said::Clear(false)
}

/// `GET /payments`: everybody's; neither customer nor date can be asked for.
#[must_use]
pub fn all() -> List<Payment> {
    PAYMENTS.list()
}

/// `GET /payments/{id}`.
#[must_use]
pub fn get(id: PaymentId) -> Get<Payment> {
    PAYMENTS.get(id).bare_too()
}

/// What the account takes payments by.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Methods {
    /// All of them.
    #[serde(deserialize_with = "fields::list")]
    pub payment_methods: Vec<Record<Method>>,
}

impl Methods {
    /// The names of all that have one.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names = self.payment_methods.iter().map(|method| method.name.clone());
        names.filter(|name| !name.trim().is_empty()).collect()
    }
}

/// One way to pay.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Method {
    /// Its name, which a payment is sent with.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
}

/// `GET /payment_methods`.
#[must_use]
pub fn methods() -> Get<Methods> {
    Get::new("/payment_methods", None)
}

/// A new payment on one invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPayment {
    /// Who paid.
    pub customer: CustomerId,
    /// What for.
    pub invoice: InvoiceId,
    /// How much, in cents.
    pub cents: i64,
    /// How, by the name that the account has for it.
    pub method: String,
    /// The number of the check or transaction.
    pub reference: Option<String>,
}

/// `POST /payments`: cents in, by invoice; the answer is in dollars. There is no way back.
#[must_use]
pub fn create(new: &NewPayment) -> Write {
    let mut body = json!({
        "customer_id": new.customer,
        "amount_cents": new.cents,
        "payment_method": new.method,
        "apply_payments": { new.invoice.to_string(): new.cents },
    });
    if let Some(reference) = &new.reference {
        body["ref_num"] = json!(reference);
    }
    PAYMENTS.create(body)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_midnight_is_a_day_and_any_other_time_a_moment() {
        let chicago = TimeZone::get("America/Chicago").unwrap();
        for (applied_at, alone, day) in [
            ("2026-03-16T00:00:00.000Z", true, "2026-03-16"),
            ("2026-03-16", true, "2026-03-16"),
            ("2026-03-16T00:00:00-05:00", true, "2026-03-16"),
            ("2026-03-16 00:00:00 UTC", true, "2026-03-16"),
            ("2026-03-16 00:00:00 -0500", true, "2026-03-16"),
            ("Mon, 16 Mar 2026 00:00:00 GMT", true, "2026-03-16"),
            ("2026-03-16T02:30:00.000Z", false, "2026-03-15"),
            ("2026-03-16 02:30:00 UTC", false, "2026-03-15"),
            ("Mon, 16 Mar 2026 02:30:00 +0000", false, "2026-03-15"),
            ("", false, "2026-03-10"),
        ] {
            let raw = json!({"applied_at": applied_at, "created_at": "2026-03-10T20:00:00Z"});
            let payment: Payment = serde_json::from_value(raw).unwrap();
            assert_eq!(payment.day_alone().is_some(), alone, "{applied_at}");
            assert_eq!(payment.day(&chicago).unwrap().to_string(), day);
            assert!(!payment.is_undated(), "{applied_at}");
        }
        // A time of nobody knows which zone is no day, and none is made of when it was entered.
        for applied_at in ["2026-03-16 14:00", "2026-03-16T14:00:00", "16/03/2026", "soon"] {
            let raw = json!({"applied_at": applied_at, "created_at": "2026-03-10T20:00:00Z"});
            let payment: Payment = serde_json::from_value(raw).unwrap();
            assert_eq!((payment.day(&chicago), payment.is_undated()), (None, true), "{applied_at}");
        }
    }

    #[test]
    fn an_amount_may_have_either_name() {
        for raw in [json!({"payment_amount": 89.5, "amount": null}), json!({"amount": "89.50"})] {
            let payment: Payment = serde_json::from_value(raw).unwrap();
            assert_eq!(
                payment.dollars().unwrap().to_string().parse::<Decimal>().unwrap(),
                Decimal::new(895, 1)
            );
        }
    }
}
