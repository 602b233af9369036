//! What is known of a step, from "not sent" to "seen by a GET", and how an answer changes it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::journal::Known;

/// What is known of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// Nothing was sent, or it is known that what was sent did not land.
    NotSent,
    /// Sent, with nothing known of it.
    Unknown {
        /// The ids that were there before it was sent.
        seen: BTreeSet<u64>,
        /// When it was sent.
        at: Timestamp,
        /// Why nothing is known.
        why: String,
    },
    /// The API said that it landed; no GET has shown it yet.
    Landed {
        /// The new record, where one was made.
        id: Option<u64>,
        /// The ids that were there before it was sent.
        seen: BTreeSet<u64>,
        /// When it was sent.
        at: Timestamp,
    },
    /// A GET has shown it.
    Checked {
        /// The record, where one was made.
        id: Option<u64>,
        /// Whether it was found by looking rather than named by an answer.
        adopted: bool,
    },
}

impl StepState {
    /// The record that the step made, as far as is known.
    #[must_use]
    pub const fn id(&self) -> Option<u64> {
        match self {
            Self::Landed { id, .. } | Self::Checked { id, .. } => *id,
            Self::NotSent | Self::Unknown { .. } => None,
        }
    }

    /// The state after an answer to what was sent.
    #[must_use]
    pub fn after(self, known: Known) -> Self {
        match (self, known) {
            (Self::Unknown { seen, at, .. }, Known::Landed { id }) => Self::Landed { id, seen, at },
            (Self::Unknown { .. }, Known::NotLanded { .. }) => Self::NotSent,
            (Self::Unknown { seen, at, .. }, Known::Unknown { why }) => {
                Self::Unknown { seen, at, why }
            }
            // An answer without an intent says nothing that the state does not.
            (state, _) => state,
        }
    }
}
