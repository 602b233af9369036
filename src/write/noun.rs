//! Nouns: the kinds of record that writes make and change, and what the API says of each: its name for people, its member
//! of `--json`, where it is read, who is named as its author. One table.

use serde::{Deserialize, Serialize};

use crate::api::folder::{self, Folder};

/// The kind of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Noun {
    /// Comments of a ticket.
    Comment,
    /// Line items of a ticket.
    LineItem,
    /// Timer entries of a ticket.
    Timer,
    /// Appointments.
    Appointment,
    /// Invoices of a ticket.
    Invoice,
    /// Tickets.
    Ticket,
    /// Contacts.
    Contact,
    /// Assets.
    Asset,
    /// Payments.
    Payment,
    /// Customers.
    Customer,
}

impl Noun {
    /// Its name for people: "timer entry".
    pub const fn label(self) -> &'static str {
        match self {
            Self::LineItem => "line item",
            Self::Timer => "timer entry",
            other => other.member(),
        }
    }

    /// The member of `--json` that shows a record of it: `ticket`; a list where it ends in "s".
    pub const fn member(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::LineItem => "line_items",
            Self::Timer => "timer",
            Self::Appointment => "appointment",
            Self::Invoice => "invoice",
            Self::Ticket => "ticket",
            Self::Contact => "contact",
            Self::Asset => "asset",
            Self::Payment => "payment",
            Self::Customer => "customer",
        }
    }

    /// The member that may wrap a record of it in an answer.
    pub(super) const fn wrapper(self) -> Option<&'static str> {
        match self {
            Self::LineItem | Self::Timer => None,
            other => Some(other.member()),
        }
    }

    /// Where a new record names its author. Of a timer entry that is whoever spent the time, not who made it.
    pub(super) const fn author(self) -> Option<&'static str> {
        match self {
            Self::Comment | Self::LineItem | Self::Invoice => Some("user_id"),
            Self::Ticket => Some("creator_name_or_email"),
            _ => None,
        }
    }

    /// Where it is read by its id; none for what only its ticket shows.
    pub const fn folder(self) -> Option<Folder> {
        Some(match self {
            Self::Comment | Self::LineItem | Self::Timer => return None,
            Self::Appointment => folder::APPOINTMENTS,
            Self::Invoice => folder::INVOICES,
            Self::Ticket => folder::TICKETS,
            Self::Contact => folder::CONTACTS,
            Self::Asset => folder::ASSETS,
            Self::Payment => folder::PAYMENTS,
            Self::Customer => folder::CUSTOMERS,
        })
    }
}
