//! Resources: what is known of a kind of record, as a constant each. Create, update and delete are one implementation over
//! it; what is a noun's own, its guards, is named here as functions of what was read.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::guard::Finding;
use crate::api::fields::{at, may_be_yes, to_id};
use crate::api::ids::CustomerId;
use crate::config::Settings;
use crate::error::Result;
use crate::write::{Collection, Effect, Field, FieldKind, Noun, ReadSet, Snapshot, is_yes};

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
    /// Whether a server may store it in a form of its own, or not at all: told, and no reason to stop.
    pub advisory: bool,
}

impl ResourceField {
    /// A field that a GET shows by the name by which it is sent.
    #[must_use]
    pub const fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            shown: name,
            label,
            kind: FieldKind::Plain,
            identifies: false,
            advisory: false,
        }
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

    /// One that a server may store in a form of its own, or not at all.
    #[must_use]
    pub const fn advisory(mut self) -> Self {
        self.advisory = true;
        self
    }

    /// What a record must say that was made with `to`.
    pub fn expected(&self, to: &Value) -> Field {
        let field = Field::called(self.shown, self.label, to.clone()).kind(self.kind);
        if self.advisory { field.advisory() } else { field }
    }

    /// The change of it, from what `raw` says.
    pub fn change(&self, raw: &Value, to: &Value) -> Field {
        self.expected(to).from(at(raw, self.shown).clone())
    }
}

/// A kind of record that can be made, changed and deleted: customers, and what is a customer's.
#[derive(Debug)]
pub struct Resource {
    /// What the engine knows of them: their name, the answer's wrapper, the member of `--json`, where one is read.
    pub noun: Noun,
    /// What one is called, by what a GET shows of it or by the body that makes it.
    pub name: fn(&Map<String, Value>) -> String,
    /// Whether a GET of one shows its customer, too.
    pub shows_customer: bool,
    /// The list in which the one appears that a body makes; none where nothing tells it.
    pub list: fn(&Map<String, Value>) -> Option<Collection>,
    /// Its fields, in the order of a preview.
    pub fields: &'static [ResourceField],
    /// Booleans that a PUT which leaves them out may set to a default.
    pub resets: &'static [&'static str],
    /// Fields without which the specification takes no PUT.
    pub required: &'static [&'static str],
    /// Parts that a PUT replaces as a whole.
    pub whole: &'static [&'static str],
    /// Parts that a POST ignores.
    pub ignored: &'static [&'static str],
    /// Fields that no GET shows, and that give somebody access.
    pub opens: &'static [&'static str],
    /// The field by which it emails its customer.
    pub emails: Option<&'static str>,
    /// Fields that move with a change of others.
    pub side_effects: &'static [&'static str],
    /// Fields by which a person knows one that is to be deleted.
    pub telling: &'static [&'static str],
    /// The field that is typed again before one is deleted: what cannot be undone and is worth much.
    pub typed_again: Option<&'static str>,
    /// Whether one stays its customer's for ever.
    pub stays: bool,
    /// Refuses fields that Syncro is known to refuse or that cannot be read, and finds what else stands against them today.
    pub sound: fn(&Map<String, Value>, Date) -> Result<Option<Finding>>,
    /// What is read beside its list to find one that is there already.
    pub alike_reads: fn(&Map<String, Value>) -> ReadSet,
    /// Those that are there already, beside what a body makes in a list.
    pub alike: fn(&Snapshot, &Collection, &Map<String, Value>) -> Alike,
    /// The flag that puts one out of use, which is guarded as its removal is.
    pub retired_by: Option<&'static str>,
    /// What must be read to know what stands against deleting a customer's.
    pub removal_reads: fn(CustomerId) -> ReadSet,
    /// What stands against deleting the one of that id.
    pub removal: fn(&Snapshot, CustomerId, u64, &Settings) -> Removal,
}

/// What stands against putting a record out of use.
#[derive(Debug, Default)]
pub struct Removal {
    /// What is asked.
    pub findings: Vec<Finding>,
    /// What is only said.
    pub notices: Vec<String>,
}

/// Records that are there already, beside one that is to be made.
#[derive(Debug, Default)]
pub struct Alike {
    /// What is asked about the first that is the same.
    pub same: Option<Finding>,
    /// What is said of those that only look alike.
    pub similar: Vec<String>,
}

impl Resource {
    /// What a resource is where it says nothing else: known by its name, a customer's, and guarded by nothing.
    pub const PLAIN: Self = Self {
        noun: Noun::Customer,
        name: |fields| {
            fields.get("name").and_then(Value::as_str).unwrap_or_default().trim().to_owned()
        },
        shows_customer: false,
        list: |_| None,
        fields: &[],
        resets: &[],
        required: &[],
        whole: &[],
        ignored: &[],
        opens: &[],
        emails: None,
        side_effects: &[],
        telling: &[],
        typed_again: None,
        stays: false,
        sound: |_, _| Ok(None),
        alike_reads: |_| ReadSet::NOTHING,
        alike: |_, _, _| Alike::default(),
        retired_by: None,
        removal_reads: |_| ReadSet::NOTHING,
        removal: |_, _, _, _| Removal::default(),
    };

    /// A new record of a list, and what it must say to be right.
    pub fn created(&self, body: &Map<String, Value>, list: &Collection) -> (Effect, Vec<Field>) {
        let owner = list.customer();
        let owner = owner.map(|id| Field::called("customer_id", "customer", id.json()));
        let (mut like, mut check) = (Vec::from_iter(owner), Vec::new());
        for field in self.fields {
            if let Some(to) = body.get(field.name) {
                let expected = field.expected(to);
                like.extend(field.identifies.then(|| expected.clone()));
                check.push(expected);
            }
        }
        (Effect::created(list.clone()).like(like), check)
    }

    /// What a PUT sends along as it is.
    pub fn kept(&self) -> impl Iterator<Item = &'static str> {
        self.resets.iter().chain(self.required).copied()
    }

    /// Whether a body may put one out of use, wrapped in its own name or not.
    #[must_use]
    pub fn retires(&self, fields: &Map<String, Value>) -> bool {
        let inner = fields.get(self.noun.label()).and_then(Value::as_object);
        let mut bodies = [Some(fields), inner].into_iter().flatten();
        self.retired_by
            .is_some_and(|flag| bodies.any(|body| body.get(flag).is_some_and(may_be_yes)))
    }

    /// Whether one clearly is out of use.
    #[must_use]
    pub fn is_retired(&self, raw: &Value) -> bool {
        self.retired_by.is_some_and(|flag| is_yes(at(raw, flag)) == Some(true))
    }

    /// What one is called, by what a GET shows of it.
    #[must_use]
    pub fn called(&self, raw: &Value) -> String {
        raw.as_object().map(self.name).unwrap_or_default()
    }

    /// Whether one is its own customer.
    #[must_use]
    pub fn is_customer(&self) -> bool {
        self.noun == Noun::Customer
    }

    /// Whose one is; a customer is its own.
    #[must_use]
    pub fn customer_of(&self, raw: &Value) -> Option<CustomerId> {
        let named = if self.is_customer() { "id" } else { "customer_id" };
        to_id(at(raw, named)).map(CustomerId)
    }
}
