//! A record as the server sent it, beside what is understood of it.

use std::ops::Deref;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::decode;

/// An API object: the part that this program understands, beside the whole as the server sent it.
///
/// The raw value is what `--json` prints, so that fields unknown to us survive.
#[derive(Debug, Clone, PartialEq)]
pub struct Record<T> {
    /// The typed view.
    pub view: T,
    /// Everything the server sent, with `user_token` nulled.
    pub raw: Value,
}

impl<T> Deref for Record<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.view
    }
}

impl<T: DeserializeOwned> Record<T> {
    /// Reads the typed view of `raw` and keeps both.
    ///
    /// # Errors
    /// When a field that the view needs is missing or of another kind; the message names it.
    pub fn read(raw: Value) -> Result<Self, decode::Failure> {
        decode::read(&raw).map(|view| Self { view, raw })
    }
}

#[cfg(test)]
impl<T: DeserializeOwned> Record<T> {
    /// Reads the view of what is kept of a record.
    ///
    /// # Errors
    /// As for [`Record::read`].
    pub fn of_part(mut raw: Value, kept: &'static [&'static str]) -> Result<Self, decode::Failure> {
        super::part::Part(kept).leave(&mut raw);
        Self::read(raw)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Record<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
