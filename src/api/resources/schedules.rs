//! Schedules: invoices that come again and again. Newer operations; not every account has them.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

use crate::api::fields::{self, Unread};
use crate::api::folder::SCHEDULES;
use crate::api::ids::{AssetTypeId, CustomerId, ScheduleId, ScheduleLineId};
use crate::api::record::Record;
use crate::api::request::List;

/// A schedule, as far as the reports ask.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Schedule {
    /// Which; nothing where the server does not say.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub id: Option<ScheduleId>,
    /// Whose invoices it makes.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// What it is called.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// How often it makes one, a word of the server's.
    #[serde(default, deserialize_with = "fields::text")]
    pub frequency: String,
    /// When it makes the next one, as it is stated: a bare day, or its midnight.
    #[serde(default)]
    pub next_run: Value,
    /// Whether it rests; nothing where the server does not say.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub paused: Option<bool>,
    /// Whether its invoices take what waits on the customer's tickets; nothing where the server does not say.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub invoice_unbilled_ticket_charges: Option<bool>,
    /// What its lines come to.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub subtotal: Option<Decimal>,
    /// Its lines; nothing where they are not there, or one is none.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub lines: Option<Vec<Record<ScheduleLine>>>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// A line of a schedule.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ScheduleLine {
    /// Which.
    pub id: ScheduleLineId,
    /// What it is called.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// How many are charged.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub quantity: Option<Decimal>,
    /// The type of assets that it is charged for, if it is for assets.
    #[serde(default, deserialize_with = "fields::id")]
    pub asset_type_id: Option<AssetTypeId>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// `GET /schedules`: all of them.
#[must_use]
pub fn all() -> List<Schedule> {
    SCHEDULES.list()
}

/// `GET /schedules?customer_id=`: a customer's.
#[must_use]
pub fn of(customer: Option<CustomerId>) -> List<Schedule> {
    all().filter("customer_id", customer, move |one| one.customer_id.map(|id| Some(id) == customer))
}
