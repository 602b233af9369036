//! What must be right of a new record besides its own fields.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::noun::Noun;
use super::read_set::ReadSet;
use super::records::{RecordId, RecordRef};
use crate::api::ids::CustomerId;
use crate::billing::expected::ExpectedInvoice;

/// A check of a new record that its own fields do not tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "check", rename_all = "snake_case")]
pub enum Check {
    /// The lines and totals of an invoice, and the customer's prepaid hours after it.
    InvoiceTotals {
        /// What it must say.
        expected: ExpectedInvoice,
        /// Whose hours.
        customer: CustomerId,
        /// Whether the preview said that it has no tax.
        #[serde(default)]
        untaxed: bool,
        /// Its lines of which the account may have rounded the hours up.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        rounded: Vec<MayBeRounded>,
    },
    /// What a line comes to, less the discount whose fields these are, as they were sent.
    Discount(Map<String, Value>),
}

/// A line of an invoice that is charged time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MayBeRounded {
    /// Its place among the lines that are expected.
    pub line: usize,
    /// The line item of the ticket that it is made of.
    pub of: RecordRef,
}

impl Check {
    /// What it reads once the record's id is known.
    pub(super) fn reads(&self, id: u64) -> ReadSet {
        match self {
            Self::InvoiceTotals { customer, .. } => ReadSet::NOTHING
                .record(&Noun::Invoice.record(RecordId::Id(id)))
                .record(&Noun::Customer.record(*customer)),
            Self::Discount(_) => ReadSet::NOTHING,
        }
    }
}
