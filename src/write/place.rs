//! Where a write lands: one record that a GET shows, or a list in which a new one appears; and references to records
//! that an earlier step of the same plan has yet to make. Values only.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::fields::at;
pub(super) use crate::api::fields::to_id as id_of;
use crate::api::ids::TicketId;
use crate::api::{Get, List};

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
    #[must_use]
    pub fn later(step: &str) -> Self {
        Self::Later(format!("{{{step}.id}}"))
    }

    /// The id, once it is known.
    #[must_use]
    pub const fn id(&self) -> Option<u64> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Later(_) => None,
        }
    }

    /// As a body's field: the id, or the token in its place.
    #[must_use]
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
    /// `GET /tickets/{id}`.
    Ticket(RecordId),
    /// A line item of the plan's ticket.
    Line(RecordId),
    /// A timer entry of the plan's ticket.
    Timer(RecordId),
    /// `GET /invoices/{id}`; another invoice's number may answer, which then is not it.
    Invoice(RecordId),
    /// `GET /appointments/{id}`.
    Appointment(RecordId),
    /// `GET /contacts/{id}`.
    Contact(RecordId),
    /// `GET /customers/{id}`.
    Customer(RecordId),
    /// `GET /customer_assets/{id}`.
    Asset(RecordId),
    /// `GET /payments/{id}`.
    Payment(RecordId),
    /// Anything else that a GET shows.
    Path {
        /// Below the base, with its leading slash.
        path: String,
        /// The member that wraps the record, where one does.
        wrapper: Option<String>,
    },
}

impl RecordRef {
    fn reference(&self) -> Option<&RecordId> {
        match self {
            Self::Ticket(id)
            | Self::Line(id)
            | Self::Timer(id)
            | Self::Invoice(id)
            | Self::Appointment(id)
            | Self::Contact(id)
            | Self::Customer(id)
            | Self::Asset(id)
            | Self::Payment(id) => Some(id),
            Self::Path { .. } => None,
        }
    }

    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        match self {
            Self::Ticket(id)
            | Self::Line(id)
            | Self::Timer(id)
            | Self::Invoice(id)
            | Self::Appointment(id)
            | Self::Contact(id)
            | Self::Customer(id)
            | Self::Asset(id)
            | Self::Payment(id) => id.fill(ids),
            Self::Path { path, .. } => *path = filled(path, ids),
        }
    }

    /// What `--json` calls a record of its kind.
    #[must_use]
    pub const fn member(&self) -> &'static str {
        match self {
            Self::Ticket(_) => "ticket",
            Self::Line(_) => "line_items",
            Self::Timer(_) => "timer",
            Self::Invoice(_) => "invoice",
            Self::Appointment(_) => "appointment",
            Self::Contact(_) => "contact",
            Self::Customer(_) => "customer",
            Self::Asset(_) => "asset",
            Self::Payment(_) => "payment",
            Self::Path { .. } => "record",
        }
    }

    /// Its id, once it is known.
    #[must_use]
    pub fn id(&self) -> Option<u64> {
        self.reference().and_then(RecordId::id)
    }

    /// Whether it is read with its ticket.
    #[must_use]
    pub const fn is_of_ticket(&self) -> bool {
        matches!(self, Self::Line(_) | Self::Timer(_))
    }

    /// The id that its read asks for, where it is one that the answer can be compared with.
    pub(super) fn asked(&self) -> Option<u64> {
        match self {
            Self::Path { path, .. } => path.rsplit('/').next()?.parse().ok(),
            _ => self.id(),
        }
    }

    /// Whether `null` in place of the record means that it is gone.
    pub(super) fn is_null_when_gone(&self) -> bool {
        matches!(self, Self::Path { path, .. } if path.starts_with("/contracts/"))
    }

    /// Whether the path takes numbers as well as ids.
    pub(super) fn takes_numbers(&self) -> bool {
        match self {
            Self::Invoice(_) => true,
            Self::Path { path, .. } => path.starts_with("/invoices/"),
            _ => false,
        }
    }

    /// The read that shows it, and the member that may wrap it; none for what its ticket shows.
    pub(super) fn read(&self) -> Option<(Get<Value>, Option<&str>)> {
        let (folder, wrapper) = match self {
            Self::Ticket(_) => ("tickets", "ticket"),
            Self::Invoice(_) => ("invoices", "invoice"),
            Self::Appointment(_) => ("appointments", "appointment"),
            Self::Contact(_) => ("contacts", "contact"),
            Self::Customer(_) => ("customers", "customer"),
            Self::Asset(_) => ("customer_assets", "asset"),
            Self::Payment(_) => ("payments", "payment"),
            Self::Line(_) | Self::Timer(_) => return None,
            Self::Path { path, wrapper } => {
                return Some((Get::new(path.clone(), None), wrapper.as_deref()));
            }
        };
        let id = self.id()?;
        Some((Get::new(format!("/{folder}/{id}"), None), Some(wrapper)))
    }
}

/// A list of its own in which a new record appears.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pool {
    /// A customer's tickets, those made since the day before; never `query=`, whose index may lag.
    Tickets {
        /// Whose.
        customer: RecordId,
        /// The day from which on they are read.
        after: Date,
    },
    /// A customer's contacts.
    Contacts {
        /// Whose.
        customer: RecordId,
    },
    /// A customer's assets.
    Assets {
        /// Whose.
        customer: RecordId,
    },
    /// Everybody's appointments in a window of days.
    Appointments {
        /// Its first day.
        from: Date,
        /// Its last day.
        to: Date,
    },
    /// The account's latest payments.
    Payments,
    /// The customers of one name or address.
    Customers {
        /// The filter, one that compares whole values: `business_name`, `email`, `lastname`.
        by: String,
        /// What it must be.
        is: String,
    },
}

impl Pool {
    pub(super) fn fill(&mut self, ids: &dyn Fn(&str) -> Option<u64>) {
        match self {
            Self::Tickets { customer, .. }
            | Self::Contacts { customer }
            | Self::Assets { customer } => customer.fill(ids),
            Self::Appointments { .. } | Self::Payments | Self::Customers { .. } => {}
        }
    }

    /// Whose list it is, where it is one customer's.
    fn owner(&self) -> Option<&RecordId> {
        match self {
            Self::Tickets { customer, .. }
            | Self::Contacts { customer }
            | Self::Assets { customer } => Some(customer),
            Self::Appointments { .. } | Self::Payments | Self::Customers { .. } => None,
        }
    }

    /// Whether a new record's id is higher than all that were there: lists of which not everything is read.
    #[must_use]
    pub const fn grows_upwards(&self) -> bool {
        matches!(self, Self::Tickets { .. } | Self::Payments)
    }

    /// The read of the list.
    pub(super) fn read(&self) -> List<Value> {
        match self {
            Self::Tickets { customer, after } => List::new("/tickets", "tickets")
                .with("customer_id", customer)
                .with("created_after", after),
            Self::Contacts { customer } => {
                List::new("/contacts", "contacts").with("customer_id", customer)
            }
            Self::Assets { customer } => {
                List::new("/customer_assets", "assets").with("customer_id", customer)
            }
            Self::Appointments { from, to } => List::new("/appointments", "appointments")
                .with("date_from", from)
                .with("date_to", to)
                .unwrapping("appointment"),
            Self::Payments => List::new("/payments", "payments").ends(),
            Self::Customers { by, is } => List::new("/customers", "customers")
                .with_named(by.clone(), is)
                .with("include_disabled", true),
        }
    }

    /// Whether a record of the answer belongs here: the server ignores filters that it does not know.
    pub(super) fn holds(&self, record: &Value) -> bool {
        let of = |customer: &RecordId| {
            let id = id_of(at(record, "customer_id"));
            id.is_none() || id == customer.id()
        };
        match self {
            Self::Tickets { customer, .. }
            | Self::Contacts { customer }
            | Self::Assets { customer } => of(customer),
            Self::Customers { by, is } => record
                .get(by)
                .and_then(Value::as_str)
                .is_some_and(|value| value.trim().eq_ignore_ascii_case(is.trim())),
            Self::Appointments { .. } | Self::Payments => true,
        }
    }
}

/// Which list a new record's id belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// Comments of the ticket.
    Comments,
    /// Line items of the ticket.
    Lines,
    /// Invoices of the ticket.
    Invoices,
    /// Timer entries of the ticket.
    Timers,
    /// Appointments of the ticket.
    Appointments,
    /// A list of its own.
    Pool(Pool),
}

impl Space {
    /// The lists that are a ticket's own.
    pub const OF_TICKET: [Self; 5] =
        [Self::Comments, Self::Lines, Self::Invoices, Self::Timers, Self::Appointments];

    /// Whether it is the list of a record that an earlier step is yet to make, and so has nothing in it before that;
    /// `ticket` is the plan's own, if it is known.
    pub(super) fn is_unresolved(&self, ticket: Option<TicketId>) -> bool {
        match self {
            Self::Pool(pool) => pool.owner().is_some_and(|owner| owner.id().is_none()),
            _ => ticket.is_none(),
        }
    }
}

/// The number in a path or text, with every known token in braces replaced.
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

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn only_known_tokens_are_replaced() {
        let ids = |token: &str| (token == "{ticket.id}").then_some(7);
        assert_eq!(filled("/tickets/{ticket.id}/comment", &ids), "/tickets/7/comment");
        assert_eq!(filled("/a/{other.id}/b{", &ids), "/a/{other.id}/b{");
    }
}
