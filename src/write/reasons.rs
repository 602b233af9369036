//! Why a step stops, is in doubt or deserves a warning: values, which `render::reasons` puts into words.

use std::path::PathBuf;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::record::{Conflict, Difference};
use super::records::RecordId;
use crate::api::fields::Unreadable;
use crate::api::ids::{LineItemId, Number};
use crate::api::resources::customers::Customer;
use crate::api::resources::line_items::LineItem;

/// What an invoice comes to by an account's rounding, and what was confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rounded {
    /// The amount that was confirmed.
    pub from: Decimal,
    /// The amount of the lines as they are.
    pub to: Decimal,
}

/// What is no longer as a preview showed it, or as it was when it was checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Changed {
    /// A record, by its name for people, is no more.
    Gone(String),
    /// A record, by its name for people, says something else.
    Differs(String, Box<Difference>),
    /// A timer entry was charged.
    Charged(RecordId),
    /// Nobody can tell whether a timer entry is charged.
    ChargeUnclear(RecordId),
    /// A timer entry was marked as not billable.
    NotBillable(RecordId),
    /// Nobody can tell whether a timer entry is billable.
    BillableUnclear(RecordId),
    /// The invoice was paid for, at least in part.
    Paid,
    /// The ticket's lines or invoices: what came, changed or went.
    Contents(String),
    /// The records of a list, by its name for people: one came, changed or went.
    Listed(String),
    /// A list, by its name for people, that the preview rests on and that cannot be read any more.
    Unread(String),
    /// The same record as one that is to be made, by its name for people: these came meanwhile.
    Came(String, Vec<u64>),
    /// The invoice comes to something else.
    Rounded(Rounded),
    /// A record of the plan, by its name for people and its id, that was right when it was checked.
    Since(String, u64, Failure),
    /// Someone else has set a value that is to be set; and why it is not known whether it was ours.
    Overwritten(Option<Why>, Conflict),
    /// Something in the preview, while the plan was prepared.
    Meanwhile,
    /// What an earlier step was to make, and this one belongs to, was not found.
    Orphaned,
}

impl Changed {
    /// Whether it is that a customer is disabled, or is not any more.
    #[must_use]
    pub fn is_guarded(&self) -> bool {
        let flag = [Customer::DISABLED, Customer::DISABLED_IN];
        matches!(self, Self::Differs(_, news) if flag.contains(&news.field.path.as_str()))
    }
}

/// Why nothing is known of a sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// No answer was noted.
    NoAnswer,
    /// The journal is damaged.
    Damaged,
    /// Syncro said yes, and a GET does not show it.
    NotShown,
    /// It was old enough to be sent again, and was not found.
    NotFound,
    /// The answer has no id of what was sent, by its name for people.
    NoId(String),
    /// The answer is for another timer entry.
    AnotherTimer,
    /// The answer names a record that was there before.
    NotNew,
    /// The answer does not say that it was done.
    NotConfirmed,
    /// What the connection or Syncro itself said.
    #[serde(untagged)]
    Said(String),
}

/// What is wrong with what landed.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// A record lost its price.
    Price {
        /// The record, for people.
        label: String,
        /// What it shows.
        shown: Decimal,
        /// What was sent.
        sent: Decimal,
    },
    /// A line comes to something else, for its discount is not the one that was sent.
    Discount {
        /// The line, for people.
        label: String,
        /// What it comes to; none where that is unclear.
        shown: Option<Decimal>,
        /// What it should come to.
        sent: Decimal,
    },
    /// The invoice has no lines.
    InvoiceEmpty,
    /// The invoice is for nothing, and no prepaid hours were taken.
    InvoiceZero,
    /// The invoice says something else.
    Invoice(String),
    /// The invoice or its customer cannot be read.
    Unreadable,
    /// The payment is there, and failed: what the server said of it.
    Declined(String),
    /// The timer entry has ended, and the account has charged it, of which the preview said nothing.
    Charged(Box<Warning>),
    /// Whether a record, by its name for people, is what was wanted rests on a value that nobody can understand.
    Unclear(String, Unreadable),
    /// A record, by its name for people, is not there.
    Missing(String),
    /// Fields that do not say what was sent.
    Differs(Vec<Difference>),
    /// Syncro said yes, and has not stored any of these fields.
    NotStored(Vec<String>),
    /// Syncro said yes, and the record is another.
    Conflict(Conflict),
}

impl Failure {
    /// Whether a lost price is the cause: it can be repaired.
    #[must_use]
    pub const fn is_lost_price(&self) -> bool {
        matches!(self, Self::Price { .. } | Self::InvoiceEmpty | Self::InvoiceZero)
    }

    /// Whether nothing that somebody does makes it right: there is nothing to check once more.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Declined(_) | Self::Charged(_))
    }
}

/// What does not stop anything but should be seen.
#[derive(Debug, Clone, PartialEq)]
pub enum Warning {
    /// An invoice is a draft.
    Draft(Number),
    /// An invoice has this tax, and the preview had none.
    UnplannedTax(Decimal),
    /// The account has rounded the hours of a timer entry that was charged in a way of its own.
    ChargedAs {
        /// Which.
        timer: RecordId,
        /// The hours of the line.
        made: Decimal,
        /// Those of the entry.
        own: Decimal,
    },
    /// The account has charged a new timer entry at once.
    ChargedAtOnce {
        /// Which.
        timer: RecordId,
        /// The id of the line, where the entry names it.
        line: Option<LineItemId>,
        /// The line, where the ticket shows it.
        made: Option<Box<LineItem>>,
    },
    /// Nobody can tell whether a new timer entry is charged.
    MayBeCharged {
        /// Which.
        timer: RecordId,
        /// What cannot be understood.
        found: Unreadable,
    },
    /// A stop that was to charge has ended a timer entry and made no line item.
    NotCharged {
        /// Which.
        timer: RecordId,
    },
    /// A record, by its name for people, is stored with another value.
    Stored(String, Box<Difference>),
    /// A record, by its name for people, has changed in these fields too.
    Moved(String, Vec<String>),
    /// A line stays as the account has rounded it.
    Kept {
        /// The line.
        line: String,
        /// What it was to be.
        planned: String,
    },
    /// Syncro has accepted this, and no GET shows it.
    Accepted(String),
    /// The plan's journal could not be closed.
    NotClosed,
    /// It is closed, and this file still has the secrets that were sent.
    KeepsSecrets(PathBuf),
}
