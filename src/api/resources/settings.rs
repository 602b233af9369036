//! The account's own lists of words: statuses, types, priorities; its currency, zone and business hours. They differ from
//! account to account; nothing here is known before it has been asked for.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::fields;
use crate::api::ids::{AppointmentTypeId, AssetTypeId, ProductId, TicketTypeId, UserId};
use crate::api::request::Get;

/// An entry that is sent by its id and read by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<I> {
    /// What is sent.
    pub id: I,
    /// What people call it.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// Whether it is no longer offered.
    #[serde(default, deserialize_with = "fields::flag")]
    pub disabled: bool,
}

/// The statuses, which the settings of tickets never lack.
pub const STATUSES: &str = "ticket_status_list";

/// What tickets and appointments can be given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TicketSettings {
    /// The statuses, in the account's order; `None` when they cannot be read.
    #[serde(
        rename = "ticket_status_list",
        default = "no_words",
        deserialize_with = "fields::words"
    )]
    pub statuses: Option<Vec<String>>,
    /// The ticket types.
    #[serde(default, deserialize_with = "fields::readable")]
    pub ticket_types: Vec<Named<TicketTypeId>>,
    /// The appointment types.
    #[serde(default, deserialize_with = "fields::readable")]
    pub appointment_types: Vec<Named<AppointmentTypeId>>,
    /// Who works here.
    #[serde(default, deserialize_with = "fields::readable")]
    pub users: Vec<Named<UserId>>,
    /// What time without a product is sold as, where the account says so.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub default_labor_product_id: Option<ProductId>,
}

/// What of the account's settings concerns this program.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AccountSettings {
    /// The words of tickets.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub ticket: Option<TicketWords>,
    /// The words of assets.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub assets: Option<AssetWords>,
    /// Currency and zone.
    #[serde(default, deserialize_with = "fields::maybe")]
    pub locale: Option<Locale>,
    /// Whether it has business hours, as it is stated.
    #[serde(default)]
    pub business_hours_enabled: Value,
    /// Which, an entry a day.
    #[serde(default, deserialize_with = "fields::readable")]
    pub business_hours: Vec<BusinessDay>,
}

/// The words that a ticket takes as text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TicketWords {
    /// The issue types, `problem_type` of a ticket; `None` when they cannot be read.
    #[serde(default = "no_words", deserialize_with = "fields::words")]
    pub problem_types: Option<Vec<String>>,
    /// The priorities, number-prefixed; `None` when they cannot be read.
    #[serde(default = "no_words", deserialize_with = "fields::words")]
    pub priorities: Option<Vec<String>>,
}

/// Those of an account that names none.
#[expect(clippy::unnecessary_wraps, reason = "as a field has it")]
const fn no_words() -> Option<Vec<String>> {
    Some(Vec::new())
}

/// The words that an asset takes as text.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AssetWords {
    /// The types, `asset_type_name` of an asset.
    #[serde(default, deserialize_with = "fields::readable")]
    pub asset_types: Vec<Word>,
}

/// A word, by itself or with an id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Word {
    /// By itself.
    Bare(String),
    /// With whatever else the account keeps.
    Entry {
        /// The same as a number, by which lines of recurring invoices name it.
        #[serde(default, deserialize_with = "fields::maybe")]
        id: Option<AssetTypeId>,
        /// What people call it.
        name: String,
        /// Whether it is no longer offered.
        #[serde(default, deserialize_with = "fields::flag")]
        disabled: bool,
    },
}

impl Word {
    /// The word, if it is still offered.
    #[must_use]
    pub fn offered(&self) -> Option<&str> {
        match self {
            Self::Bare(word) => Some(word),
            Self::Entry { name, disabled, .. } => (!disabled).then_some(name),
        }
    }

    /// Its number with the word, offered or not; nothing for one without.
    #[must_use]
    pub fn numbered(&self) -> Option<(AssetTypeId, &str)> {
        match self {
            Self::Entry { id: Some(id), name, .. } => Some((*id, name)),
            Self::Entry { .. } | Self::Bare(_) => None,
        }
    }
}

/// Currency, zone and dates of the account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locale {
    /// `$`.
    #[serde(default, deserialize_with = "fields::text")]
    pub currency_symbol: String,
    /// `America/Chicago`.
    #[serde(default, deserialize_with = "fields::text")]
    pub time_zone: String,
    /// How dates are written: `mm-dd-yy`.
    #[serde(default, deserialize_with = "fields::text")]
    pub date_format: String,
}

/// The hours of a day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusinessDay {
    /// `Monday`.
    #[serde(default, deserialize_with = "fields::text")]
    pub day: String,
    /// `09:00`.
    #[serde(default, deserialize_with = "fields::text")]
    pub start: String,
    /// `17:00`.
    #[serde(default, deserialize_with = "fields::text")]
    pub end: String,
    /// Whether nobody works that day; nothing where that cannot be understood.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub closed: Option<bool>,
}

/// `GET /tickets/settings`: statuses, ticket types, appointment types, users.
#[must_use]
pub fn tickets() -> Get<TicketSettings> {
    Get::new("/tickets/settings", None)
}

/// `GET /settings`: of it issue types, priorities, asset types, currency, zone and business hours.
#[must_use]
pub fn account() -> Get<AccountSettings> {
    Get::new("/settings", None)
}
