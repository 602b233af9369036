//! Alerts of assets that are monitored remotely.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::api::fields::{self, Unread};
use crate::api::folder::ALERTS;
use crate::api::ids::{AlertId, AssetId, CustomerId};
use crate::api::request::List;

/// An alert.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Alert {
    /// Which.
    pub id: AlertId,
    /// Whose asset it is about.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub customer_id: Option<CustomerId>,
    /// The asset.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub asset_id: Option<AssetId>,
    /// What the asset is called.
    #[serde(default, deserialize_with = "fields::text")]
    pub computer_name: String,
    /// What it says, in general: alerts of one kind say the same.
    #[serde(default, deserialize_with = "fields::text")]
    pub description: String,
    /// Whether it is over.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub resolved: Option<bool>,
    /// When it was made.
    #[serde(default, deserialize_with = "fields::instant")]
    pub created_at: Option<Timestamp>,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

/// `GET /rmm_alerts`: those that are not resolved.
#[must_use]
pub fn open() -> List<Alert> {
    ALERTS.list()
}

/// `GET /rmm_alerts?status=all&created_after=`: resolved or not, made since then, and perhaps older ones: not every account
/// knows that filter.
#[must_use]
pub fn since(first: Option<Date>) -> List<Alert> {
    ALERTS.list().asking("status", "all").near("created_after", first, |_| true)
}
