//! What a step rests on besides its own list or record: as previewed, or nothing is sent. A mail rests on whom it goes to,
//! a PUT on the values that it sends along unchanged, a removal on what was said to be removed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::place::RecordRef;
use super::record::{Field, shown};
use super::snapshot::Snapshot;
use crate::api::fields::{at, has};

/// A record that must still say what it said in the preview when the step is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Precondition {
    /// The record.
    pub of: RecordRef,
    /// What people call it: "the invoice".
    pub what: String,
    /// What it said in the preview.
    pub expected: Vec<Field>,
    /// Whether it is read just before the sending in any case; else only when the preview is older than a few seconds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recheck: bool,
}

impl Precondition {
    /// That `of` still says so, by a reading that may be a few seconds old.
    pub fn new(of: RecordRef, what: impl Into<String>, expected: Vec<Field>) -> Self {
        Self { of, what: what.into(), expected, recheck: false }
    }

    /// The same by a reading just before the sending.
    #[must_use]
    pub fn recheck(mut self) -> Self {
        self.recheck = true;
        self
    }

    /// That fields of a record which a PUT sends along still say what `raw` says; those that it has.
    #[must_use]
    pub fn kept(of: RecordRef, what: &str, raw: &Value, names: &[&str]) -> Self {
        let expected = names.iter().filter(|name| has(raw, name));
        let expected = expected.map(|name| Field::new(name, at(raw, name).clone())).collect();
        Self::new(of, what, expected)
    }

    /// Whether it is still so.
    ///
    /// # Errors
    /// What has changed, for people.
    pub fn holds(&self, view: &Snapshot) -> Result<(), String> {
        let Some(record) = view.thing(&self.of) else {
            return Err(format!("{} is gone", self.what));
        };
        match self.expected.iter().find(|field| !field.is_in(record)) {
            None => Ok(()),
            Some(field) if field.expected.is_object() => {
                Err(format!("{}: its {} are not those previewed", self.what, field.label))
            }
            Some(field) => Err(format!(
                "{}: {} is {} now, previewed was {}",
                self.what,
                field.label,
                shown(at(record, &field.at)),
                shown(&field.expected)
            )),
        }
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        self.of.fill(ids);
    }
}
