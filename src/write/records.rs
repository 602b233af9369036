//! References to records: one that a GET shows, by itself or as part of its ticket, or one that an earlier step of the
//! same plan has yet to make. Values only.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::noun::Noun;
use crate::api::decode::Failure;
pub(super) use crate::api::fields::to_id as id_of;
use crate::api::resources::appointments::Appointment;
use crate::api::resources::customers::Customer;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::Ticket;
use crate::api::{Error, Get, Record};

/// The id of a record: known, or that of a record which an earlier step makes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RecordId {
    /// Known.
    Id(u64),
    /// A token like `{ticket.id}`: the id of what the step of that name makes; `{contact.2.id}` where several have it.
    Later(String),
}

impl RecordId {
    /// The record that the step called `step` makes.
    pub fn later(step: &str) -> Self {
        Self::Later(format!("{{{step}.id}}"))
    }

    /// The record that the one at `place` of several such steps makes.
    pub fn nth(step: &str, place: usize) -> Self {
        match place {
            0 => Self::later(step),
            _ => Self::later(&format!("{step}.{}", place + 1)),
        }
    }

    /// The record that a text refers to, if it is such a token.
    pub fn token(text: &str) -> Option<Self> {
        let is_token = text.starts_with('{') && text.ends_with(".id}");
        is_token.then(|| Self::Later(text.to_owned()))
    }

    /// The id, once it is known.
    pub const fn id(&self) -> Option<u64> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Later(_) => None,
        }
    }

    /// As a body's field: the id, or the token in its place.
    pub fn json(&self) -> Value {
        match self {
            Self::Id(id) => Value::from(*id),
            Self::Later(token) => Value::from(token.as_str()),
        }
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        if let Self::Later(token) = self
            && let Some(id) = ids(token)
        {
            *self = Self::Id(id);
        }
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Later(token) => f.write_str(token),
        }
    }
}

macro_rules! from_ids {
    ($($name:ident),* $(,)?) => {$(
        impl From<crate::api::ids::$name> for RecordId {
            fn from(id: crate::api::ids::$name) -> Self {
                Self::Id(id.0)
            }
        }
    )*};
}

from_ids!(
    TicketId,
    LineItemId,
    TimerId,
    CustomerId,
    ContactId,
    ProductId,
    InvoiceId,
    AppointmentId,
    AssetId,
    PaymentId,
);

/// One record that can be read by itself, or as part of its ticket.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordRef {
    /// The record of a noun with this id.
    Of(Noun, RecordId),
    /// A line of an invoice, an estimate or a schedule, which shows it.
    Line {
        /// What it is on.
        on: Noun,
        /// Which of those.
        of: RecordId,
        /// The line.
        id: u64,
    },
    /// A record that only the list of all of them shows, by its id.
    Listed {
        /// What it is.
        noun: Noun,
        /// Which.
        id: u64,
    },
    /// A record that is read only to be called what people call it: one that cannot be read is as good as absent.
    Named {
        /// What it is.
        noun: Noun,
        /// Which.
        id: u64,
    },
    /// A record that is read only to be asked about: one that this key may not read is as good as absent.
    Asked {
        /// What it is.
        noun: Noun,
        /// Which.
        id: u64,
    },
    /// Anything else that a GET shows.
    Path {
        /// Below the base, with its leading slash.
        path: String,
    },
}

impl Noun {
    /// The record of this noun with this id.
    pub fn record(self, id: impl Into<RecordId>) -> RecordRef {
        RecordRef::Of(self, id.into())
    }
}

impl RecordRef {
    /// Whether what it is read for does without it, where it could not be read for that reason.
    pub(super) const fn is_dispensable(&self, error: &Error) -> bool {
        match self {
            Self::Named { .. } => true,
            Self::Asked { .. } => matches!(error, Error::NotAuthorised { status: 403, .. }),
            _ => false,
        }
    }

    /// Whether it is the line that a charge of the same plan makes: only a charge makes a line item that a later step
    /// changes.
    #[must_use]
    pub const fn is_charged_line(&self) -> bool {
        matches!(self, Self::Of(Noun::LineItem, RecordId::Later(_)))
    }

    /// What a read answers, whatever that is.
    pub fn answer<T>(get: &Get<T>) -> Self {
        Self::Path { path: get.target() }
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        match self {
            Self::Of(_, id) | Self::Line { of: id, .. } => id.fill(ids),
            Self::Listed { .. } | Self::Named { .. } | Self::Asked { .. } => {}
            Self::Path { path } => *path = filled(path, ids),
        }
    }

    /// What kind of record it is, as far as its path is known to tell.
    pub const fn noun(&self) -> Option<Noun> {
        match self {
            Self::Of(noun, _)
            | Self::Listed { noun, .. }
            | Self::Named { noun, .. }
            | Self::Asked { noun, .. } => Some(*noun),
            Self::Line { on, .. } => Some(on.lines()),
            Self::Path { .. } => None,
        }
    }

    /// Its id, once it is known.
    pub const fn id(&self) -> Option<u64> {
        match self {
            Self::Of(_, id) => id.id(),
            Self::Line { id, .. }
            | Self::Listed { id, .. }
            | Self::Named { id, .. }
            | Self::Asked { id, .. } => Some(*id),
            Self::Path { .. } => None,
        }
    }

    /// Whether it can be read: nothing of it is the id of what an earlier step is yet to make.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Of(_, id) | Self::Line { of: id, .. } => id.id().is_some(),
            Self::Listed { .. } | Self::Named { .. } | Self::Asked { .. } => true,
            Self::Path { path } => !path.contains('{'),
        }
    }

    /// Whether it is read with its ticket.
    pub const fn is_of_ticket(&self) -> bool {
        matches!(self, Self::Of(Noun::LineItem | Noun::Timer, _))
    }

    /// The id that its read asks for, where it is one that the answer can be compared with.
    pub(super) fn asked(&self) -> Option<u64> {
        match self {
            Self::Path { path } => path.rsplit('/').next()?.parse().ok(),
            Self::Of(_, id) => id.id(),
            Self::Line { id, .. }
            | Self::Listed { id, .. }
            | Self::Named { id, .. }
            | Self::Asked { id, .. } => Some(*id),
        }
    }

    /// Whether `null` in place of the record means that it is gone.
    pub(super) fn is_null_when_gone(&self) -> bool {
        matches!(self, Self::Of(Noun::Contract, _))
    }

    /// Whether the path takes numbers as well as ids: another record may answer, which then is not it.
    pub(super) fn takes_numbers(&self) -> bool {
        match self {
            Self::Of(noun, _) | Self::Named { noun, .. } | Self::Asked { noun, .. } => {
                *noun == Noun::Invoice
            }
            Self::Line { .. } | Self::Listed { .. } => false,
            Self::Path { path } => path.starts_with("/invoices/"),
        }
    }

    /// The read that shows it, and the member that may wrap it, where that is known; none for what another record shows.
    pub(super) fn read(&self) -> Option<(Get<Value>, Option<&str>)> {
        let (path, wrapper) = match self {
            Self::Of(noun, id) => (noun.folder()?.record(id.id()?), noun.wrapper()),
            Self::Named { noun, id } | Self::Asked { noun, id } => {
                (noun.folder()?.record(*id), noun.wrapper())
            }
            Self::Line { .. } | Self::Listed { .. } => return None,
            Self::Path { path } => (path.clone(), None),
        };
        let get = Get::new(path, None);
        Some((if self.takes_numbers() { get.or_number() } else { get }, wrapper))
    }

    /// Whether the parts of an answer that decisions are made by can be read: what cannot be understood shows nothing.
    ///
    /// # Errors
    /// The field that is missing or of another kind.
    pub(super) fn understands(&self, record: &Value) -> Result<(), Failure> {
        fn reads<T: DeserializeOwned>(record: &Value) -> Result<(), Failure> {
            Record::<T>::read(record.clone()).map(|_| ())
        }
        match self.noun() {
            Some(Noun::Ticket) => reads::<Ticket>(record),
            Some(Noun::Invoice) => reads::<Invoice>(record),
            Some(Noun::Customer) => reads::<Customer>(record),
            Some(Noun::Appointment) => reads::<Appointment>(record),
            _ => Ok(()),
        }
    }
}

/// The record of a list that has this id.
pub(super) fn with_id(records: Vec<&Value>, id: Option<u64>) -> Option<&Value> {
    records.into_iter().find(|record| record.get("id").and_then(id_of) == id)
}

/// A path or text with every known token in braces replaced by its id.
pub(super) fn filled(text: &str, ids: &dyn Fn(&str) -> Option<u64>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find('}').map_or(rest.len(), |end| end + 1);
        match ids(&rest[..end]) {
            Some(id) => out.push_str(&id.to_string()),
            None => out.push_str(&rest[..end]),
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}
