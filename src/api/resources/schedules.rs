//! Schedules: invoices that come again and again. Newer operations; not every account has them.

use serde::Deserialize;
use serde_json::Value;

use crate::api::fields::{self, Unread};
use crate::api::folder::SCHEDULES;
use crate::api::ids::CustomerId;
use crate::api::request::List;

/// A schedule, as far as the reports ask.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Schedule {
    /// Whose invoices it makes.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// What it is called.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// When it makes the next one, as it is stated: a bare day, or its midnight.
    #[serde(default)]
    pub next_run: Value,
    /// Whether it rests; nothing where the server does not say.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub paused: Option<bool>,
    /// Whether its invoices take what waits on the customer's tickets; nothing where the server does not say.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub invoice_unbilled_ticket_charges: Option<bool>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// `GET /schedules`: all of them.
#[must_use]
pub fn all() -> List<Schedule> {
    SCHEDULES.list()
}
