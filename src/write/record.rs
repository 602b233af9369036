//! Records by their fields: what a new one must say to be ours, what is to change in an old one, and the comparisons
//! by which a look is judged. The server gives back what it was sent in other clothes, so values are compared as what
//! they mean. Pure.

use std::borrow::Cow;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::records::id_of;
use crate::api::fields::{Said, at, to_decimal, to_flag};
use crate::api::same as normal;

/// What a field holds, which decides how its values are compared and shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// What its value looks like: an amount, an instant, an id, words.
    #[default]
    Plain,
    /// Words that a person wrote: only the words count, and other ones in our own record are pointed out, not wrong.
    Prose,
    /// Yes or no; nothing is no.
    Flag,
    /// An amount of money; another one in our own record is a lost price.
    Money,
    /// The same, counted in cents.
    Cents,
    /// A day, which some accounts show as an instant.
    Day,
    /// A telephone number, of which only the digits count.
    Phone,
    /// A list that is replaced as a whole, to whose entries the server may add what was not sent, in an order of its own.
    Entries,
}

impl FieldKind {
    pub(super) const fn is_money(self) -> bool {
        matches!(self, Self::Money | Self::Cents)
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }

    /// Whether two values mean the same.
    fn same(self, one: &Value, other: &Value) -> bool {
        let words = |value: &Value| normal::text(value.as_str().unwrap_or_default());
        match self {
            Self::Prose => words(one) == words(other),
            Self::Flag => match (is_yes(one), is_yes(other)) {
                (Some(one), Some(other)) => one == other,
                _ => one == other,
            },
            Self::Phone => normal::same(one, other) || normal::same_digits(one, other),
            Self::Entries => has_entries(one, other),
            Self::Plain | Self::Money | Self::Cents | Self::Day => normal::same(one, other),
        }
    }
}

/// Whether a list has the entries that are wanted and no others; of each only what is wanted counts.
fn has_entries(there: &Value, wanted: &Value) -> bool {
    let says = |one: &Value, wanted: &Value| match wanted.as_object() {
        Some(fields) => fields.iter().all(|(name, value)| normal::same(at(one, name), value)),
        None => normal::same(one, wanted),
    };
    match (there.as_array(), wanted.as_array()) {
        (Some(there), Some(wanted)) => {
            let is_there = |wanted| there.iter().any(|one| says(one, wanted));
            there.len() == wanted.len() && wanted.iter().all(is_there)
        }
        _ => normal::same(there, wanted),
    }
}

/// Whether a flag is set; one that is not there is not set, and of one that cannot be understood nobody knows.
pub(crate) fn is_yes(value: &Value) -> Option<bool> {
    match to_flag(value) {
        Said::Nothing => Some(false),
        said => said.clear(),
    }
}

/// One field of a record as a GET shows it, and what it should say, or is to say after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[must_use]
pub struct Field {
    /// Where: a name, or names joined by dots (`properties.title`).
    pub path: String,
    /// Its name for people.
    pub label: String,
    /// What it should say.
    pub expected: Value,
    /// What it may say as well: an account's own rounding of what was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Value>,
    /// Of a change, what it said in the preview; `None` where that may be anything.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub from: Option<Value>,
    /// How it is compared.
    #[serde(default, skip_serializing_if = "FieldKind::is_plain")]
    pub kind: FieldKind,
    /// Where the same amount stands in cents, for accounts that show it in no other way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cents: Option<String>,
    /// Whether automation may change it, or the server store it in a form of its own or not at all: another value is only
    /// worth a warning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub advisory: bool,
    /// Whether a record that says something else here is another's, not ours with other contents. Where it says nothing,
    /// nothing follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub identifying: bool,
    /// Whether nothing is known of it but that a GET shows it: the server may never store it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unknown: bool,
}

/// A value that is there, be it null: nothing is something that a preview has shown.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl Field {
    /// A field called by its own name, or by that which people have for it.
    pub fn new(path: &str, expected: impl Into<Value>) -> Self {
        let label = match path {
            "recorded" => "charged",
            "is_paid" => "paid",
            "start_time" | "start_at" => "start",
            "end_time" => "end",
            "no_email" => "no email",
            "prepay_hours" => "prepaid hours",
            "email" => "email address",
            "customer_business_then_name" | "business_then_name" => "customer name",
            "user_id" | "product_id" | "customer_id" | "contact_id" | "ticket_id" => {
                path.trim_end_matches("_id")
            }
            _ => return Self::called(path, &path.replace(['_', '.'], " "), expected),
        };
        Self::called(path, label, expected)
    }

    /// A field with another name for people.
    pub fn called(path: &str, label: &str, expected: impl Into<Value>) -> Self {
        Self {
            path: path.to_owned(),
            label: label.to_owned(),
            expected: expected.into(),
            also: Vec::new(),
            from: None,
            kind: FieldKind::Plain,
            cents: None,
            advisory: false,
            identifying: false,
            unknown: false,
        }
    }

    /// A change of `path` from what `record` says now.
    pub fn change(record: &Value, path: &str, label: &str, to: impl Into<Value>) -> Self {
        Self::called(path, label, to).from(at(record, path).clone())
    }

    /// One that said this in the preview.
    pub fn from(mut self, from: impl Into<Value>) -> Self {
        self.from = Some(from.into());
        self
    }

    /// One that may say these as well.
    pub fn or_any(mut self, also: impl IntoIterator<Item = Value>) -> Self {
        self.also.extend(also);
        self
    }

    /// One that holds values of this kind.
    pub const fn kind(mut self, kind: FieldKind) -> Self {
        self.kind = kind;
        self
    }

    /// An amount that some accounts show in cents only, as `cents`.
    pub fn or_cents(mut self, cents: &str) -> Self {
        self.cents = Some(cents.to_owned());
        self
    }

    /// One of which another value is only worth a warning.
    pub fn advisory(mut self) -> Self {
        self.advisory = true;
        self
    }

    /// One by which others' records are told from ours.
    pub fn identifying(mut self) -> Self {
        self.identifying = true;
        self
    }

    /// One of which nothing is known but that a GET shows it.
    pub fn unknown(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// Whether `record` may be ours as far as this goes.
    pub(super) fn may_be_in(&self, record: &Value) -> bool {
        if self.is_in(record) {
            return true;
        }
        self.identifying
            && match (at(record, &self.path), &self.expected) {
                (Value::Null, _) => true,
                // A record of several, ours among them; or of none, which says nothing.
                (Value::Array(there), Value::Array(wanted)) => {
                    let is_wanted = |one| wanted.iter().any(|expected| normal::same(one, expected));
                    there.iter().all(Value::is_null) || there.iter().any(is_wanted)
                }
                _ => false,
            }
    }

    /// Whether `record` is another's by this.
    pub(super) fn contradicts(&self, record: &Value) -> bool {
        self.identifying && !self.may_be_in(record)
    }

    /// Whether it is a text that a person wrote, which the server may write in its own way.
    pub(super) fn is_prose(&self) -> bool {
        self.kind == FieldKind::Prose
            || matches!(&self.expected, Value::String(text) if !normal::is_measure(text))
    }

    /// What `record` says of it, or the same amount from where it stands in cents: some accounts show no other.
    pub(super) fn now<'v>(&self, record: &'v Value) -> Cow<'v, Value> {
        let now = at(record, &self.path);
        let cents = self.cents.as_ref().filter(|_| now.is_null());
        match cents.and_then(|cents| to_decimal(at(record, cents))) {
            Some(cents) => Cow::Owned(Value::from((cents / Decimal::ONE_HUNDRED).to_string())),
            None => Cow::Borrowed(now),
        }
    }

    /// Whether `record` says so.
    pub fn is_in(&self, record: &Value) -> bool {
        let now = self.now(record);
        let mut wanted = std::iter::once(&self.expected).chain(&self.also);
        wanted.any(|wanted| self.kind.same(&now, wanted))
    }

    /// Whether it is a field of which nothing is known, and says what it said before: it may be one that nobody can set.
    pub(super) fn is_ignored(&self, record: &Value) -> bool {
        self.unknown && self.from.as_ref().is_some_and(|from| *from == *self.now(record))
    }

    /// Whether it is a field that was not taken: of what the server may store in a form of its own, or may not know, the
    /// record shows what it said before. One that the record does not show at all may have been.
    pub(super) fn is_left(&self, record: &Value) -> bool {
        let now = self.now(record);
        let is_shown = self.unknown || self.advisory && !now.is_null();
        is_shown && self.from.as_ref().is_some_and(|from| *from == *now)
    }

    /// How `record` differs from it; none where it does not.
    pub fn differs(&self, record: &Value) -> Option<Difference> {
        let differs = || Difference { field: self.clone(), now: self.now(record).into_owned() };
        (!self.is_in(record)).then(differs)
    }

    /// Whether a change would change anything, to whoever wants it: `02134` is no `2134`, and `a <b>x</b>` no `a x`,
    /// though an answer of the server may show one for the other.
    pub fn is_change(&self) -> bool {
        self.from.as_ref().is_none_or(|from| match self.kind {
            FieldKind::Plain | FieldKind::Prose | FieldKind::Phone => {
                !normal::unchanged(from, &self.expected)
            }
            kind => !kind.same(from, &self.expected),
        })
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        fill_id(&self.path, &mut self.expected, ids);
    }
}

/// A field that does not say what it should.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The field, with what it should say.
    pub field: Field,
    /// What it says.
    pub now: Value,
}

/// How a record stands that is neither as previewed nor as wanted.
#[derive(Debug, Clone, PartialEq)]
pub enum Conflict {
    /// It is no more.
    Gone,
    /// A field of it says something else.
    Field(Box<Difference>),
}

/// How a record stands to the changes that are wanted of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum FieldState {
    /// All are there.
    Wanted,
    /// Some are not, and those are as they were previewed.
    Old,
    /// One is neither as previewed nor as wanted.
    Other(Conflict),
}

/// All of them count, also what the server may store otherwise: what somebody else has made of it is no less theirs. Only
/// once the server has taken a change is it [left out](super::effect::Effect::is_shown_as_stored).
pub(super) fn standing(record: &Value, changes: &[Field]) -> FieldState {
    let mut standing = FieldState::Wanted;
    for change in changes {
        let now = change.now(record);
        // What stands there as it was previewed has not changed, however near it is to what is wanted.
        let is_old = change.from.as_ref() == Some(&*now) && change.is_change();
        if !is_old && change.is_in(record) {
            continue;
        }
        match &change.from {
            Some(from) if !change.kind.same(&now, from) => {
                let now = now.into_owned();
                let other = Difference { field: change.clone(), now };
                return FieldState::Other(Conflict::Field(Box::new(other)));
            }
            _ => standing = FieldState::Old,
        }
    }
    standing
}

/// A value for people.
pub fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) if text.trim().is_empty() => "nothing".to_owned(),
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

/// Puts an id where a token stands, in fields that hold ids only: a text that a person wrote is left alone.
pub(super) fn fill_id(name: &str, value: &mut Value, ids: &dyn Fn(&str) -> Option<u64>) {
    if !(name == "id" || name.ends_with("_id")) {
        return;
    }
    if let Some(id) = value.as_str().and_then(ids) {
        *value = Value::from(id);
    }
}

/// Who made a record, as far as it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Author<'r> {
    Unsaid,
    Id(u64),
    Name(&'r str),
}

/// Who made a record by its field `by`, where it has one.
pub(super) fn author<'r>(record: &'r Value, by: Option<&str>) -> Author<'r> {
    let Some(said) = by.map(|by| at(record, by)) else {
        return Author::Unsaid;
    };
    match (id_of(said), said.as_str().map(str::trim)) {
        (Some(id), _) => Author::Id(id),
        (None, Some(name)) if !name.is_empty() => Author::Name(name),
        _ => Author::Unsaid,
    }
}
