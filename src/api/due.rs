//! When a ticket should be done: a day, a moment, or nothing that can be understood.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::fields;

/// When a ticket should be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Due {
    /// Whenever.
    #[default]
    Never,
    /// On that day.
    Day(Date),
    /// By then.
    At(Timestamp),
    /// What is written there cannot be understood.
    Unclear(String),
}

impl Due {
    /// As it is written. A day may come as its midnight, which is another day elsewhere.
    fn of(written: &Value) -> Self {
        let text =
            written.as_str().map_or_else(|| written.to_string(), |text| text.trim().to_owned());
        let is_day = text.len() == 10 || text.contains("T00:00:00");
        match (fields::to_instant(written), fields::to_day(written)) {
            _ if written.is_null() || text.is_empty() => Self::Never,
            (_, Some(day)) if is_day => Self::Day(day),
            (Some(instant), _) => Self::At(instant),
            (None, _) => Self::Unclear(text),
        }
    }

    /// The moment that it is sorted by: a day alone is its beginning, by no clock in particular.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Self::Day(day) => Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp()),
            Self::At(instant) => Some(*instant),
            Self::Never | Self::Unclear(_) => None,
        }
    }

    /// Its day in the zone of `now`.
    #[must_use]
    pub fn day(&self, now: &Zoned) -> Option<Date> {
        match self {
            Self::Day(day) => Some(*day),
            Self::At(instant) => Some(instant.to_zoned(now.time_zone().clone()).date()),
            Self::Never | Self::Unclear(_) => None,
        }
    }

    /// Whether that is past; `None` where nobody can tell.
    #[must_use]
    pub fn is_past(&self, now: &Zoned) -> Option<bool> {
        match self {
            Self::Never => Some(false),
            Self::Day(day) => Some(*day < now.date()),
            Self::At(instant) => Some(*instant < now.timestamp()),
            Self::Unclear(_) => None,
        }
    }
}

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&Value::deserialize(deserializer)?))
    }
}
