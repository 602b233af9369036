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
    /// Estimates.
    Estimate,
    /// Contracts.
    Contract,
    /// Invoices that come again and again.
    Schedule,
    /// Lines of an invoice or of an estimate.
    DocumentLine,
    /// Lines of a schedule.
    ScheduleLine,
    /// What is sold.
    Product,
}

impl Noun {
    /// Its name for people: "timer entry".
    pub const fn label(self) -> &'static str {
        match self {
            Self::LineItem | Self::DocumentLine | Self::ScheduleLine => "line item",
            Self::Timer => "timer entry",
            other => other.member(),
        }
    }

    /// The member of `--json` that shows a record of it: `ticket`; a list where it ends in "s".
    pub const fn member(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::LineItem | Self::DocumentLine | Self::ScheduleLine => "line_items",
            Self::Timer => "timer",
            Self::Appointment => "appointment",
            Self::Invoice => "invoice",
            Self::Ticket => "ticket",
            Self::Contact => "contact",
            Self::Asset => "asset",
            Self::Payment => "payment",
            Self::Customer => "customer",
            Self::Estimate => "estimate",
            Self::Contract => "contract",
            Self::Schedule => "schedule",
            Self::Product => "product",
        }
    }

    /// The member that may wrap a record of it in an answer.
    pub(super) const fn wrapper(self) -> Option<&'static str> {
        match self {
            Self::LineItem => None,
            // A live timer is wrapped, an entry of time is not.
            Self::Timer => Some("ticket_timer"),
            Self::DocumentLine => Some("line_item"),
            Self::ScheduleLine => Some("schedule_line_item"),
            other => Some(other.member()),
        }
    }

    /// What the lines are that a record of it has.
    pub const fn lines(self) -> Self {
        match self {
            Self::Schedule => Self::ScheduleLine,
            _ => Self::DocumentLine,
        }
    }

    /// The member of a record of it that holds them.
    pub(super) const fn lines_member(self) -> &'static str {
        match self {
            Self::Schedule => "lines",
            _ => "line_items",
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
            Self::Comment
            | Self::LineItem
            | Self::Timer
            | Self::DocumentLine
            | Self::ScheduleLine => return None,
            Self::Appointment => folder::APPOINTMENTS,
            Self::Invoice => folder::INVOICES,
            Self::Ticket => folder::TICKETS,
            Self::Contact => folder::CONTACTS,
            Self::Asset => folder::ASSETS,
            Self::Payment => folder::PAYMENTS,
            Self::Customer => folder::CUSTOMERS,
            Self::Estimate => folder::ESTIMATES,
            Self::Contract => folder::CONTRACTS,
            Self::Schedule => folder::SCHEDULES,
            Self::Product => folder::PRODUCTS,
        })
    }
}
