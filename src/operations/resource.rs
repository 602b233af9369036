//! Resources: what is known of a kind of record, as a constant each. Create, update and delete are one implementation over
//! it; what is a noun's own, its guards, is named here as functions of what was read.

use serde_json::{Map, Value};

use super::guard::Finding;
use crate::api::ids::CustomerId;
use crate::write::{Change, Collection, Field, FieldKind, Noun, ReadSet, RecordId, Snapshot};

/// A field of a record.
#[derive(Debug)]
pub struct ResourceField {
    /// Its name in a body.
    pub name: &'static str,
    /// Where a GET shows it.
    pub shown: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether a new record is known by it.
    pub identifies: bool,
}

impl ResourceField {
    /// A field that a GET shows by the name by which it is sent.
    #[must_use]
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self { name, shown: name, label, kind: FieldKind::Plain, identifies: false }
    }

    /// One that a GET shows elsewhere.
    #[must_use]
    pub const fn shown_at(mut self, path: &'static str) -> Self {
        self.shown = path;
        self
    }

    /// One that holds values of this kind.
    #[must_use]
    pub const fn kind(mut self, kind: FieldKind) -> Self {
        self.kind = kind;
        self
    }

    /// One by which a new record is known.
    #[must_use]
    pub const fn identifying(mut self) -> Self {
        self.identifies = true;
        self
    }

    /// What a record must say that was made with `to`.
    pub fn expected(&self, to: &Value) -> Field {
        Field::called(self.shown, self.label, to.clone()).kind(self.kind)
    }

    /// The change of it, from what `raw` says.
    pub fn change(&self, raw: &Value, to: &Value) -> Change {
        Change::new(raw, self.shown, self.label, to.clone()).kind(self.kind)
    }
}

/// A kind of record of customers that can be made, changed and deleted.
#[derive(Debug)]
pub struct Resource {
    /// What the engine knows of them: their name, the answer's wrapper, the member of `--json`, where one is read.
    pub noun: Noun,
    /// The first part of its paths.
    pub path: &'static str,
    /// A customer's.
    pub collection: fn(RecordId) -> Collection,
    /// Its fields, in the order of a preview.
    pub fields: &'static [ResourceField],
    /// Booleans that a PUT which leaves them out may set to a default.
    pub resets: &'static [&'static str],
    /// Fields without which the specification takes no PUT.
    pub required: &'static [&'static str],
    /// Parts that a PUT replaces as a whole.
    pub whole: &'static [&'static str],
    /// Fields that move with a change of others.
    pub side_effects: &'static [&'static str],
    /// Fields by which a person knows one that is to be deleted.
    pub telling: &'static [&'static str],
    /// One that is there already, beside what a body makes.
    pub alike: fn(&[&Value], &Map<String, Value>) -> Option<Finding>,
    /// What must be read to know what stands against deleting a customer's.
    pub removal_reads: fn(CustomerId) -> ReadSet,
    /// What stands against deleting the one of that id.
    pub removal: fn(&Snapshot, CustomerId, u64) -> Option<Finding>,
}

impl Resource {
    /// What a PUT sends along as it is.
    pub fn kept(&self) -> impl Iterator<Item = &'static str> {
        self.resets.iter().chain(self.required).copied()
    }
}
