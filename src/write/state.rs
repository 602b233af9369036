//! What is known of a step, from "not sent" to "seen by a GET". How each note in the journal changes it is in `story`.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::reasons::Why;
use crate::api::Reader;

/// An instant by two clocks: this machine's, which may be set anew at any time, and the server's, as far as it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// By this machine's clock.
    #[serde(rename = "at")]
    pub here: Timestamp,
    /// By the server's, at its latest answer then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server: Option<Timestamp>,
}

impl Clock {
    /// Now.
    pub fn now(reader: &Reader) -> Self {
        Self { here: Timestamp::now(), server: reader.server_date() }
    }

    /// The later one, by each clock.
    pub(super) fn latest(self, other: Self) -> Self {
        Self { here: self.here.max(other.here), server: self.server.max(other.server) }
    }

    /// How long ago `earlier` was, by whichever clock has counted less: a clock that was put forward must not make a
    /// sending look old.
    pub fn since(self, earlier: Self) -> Duration {
        let span = |now: Timestamp, then: Timestamp| {
            Duration::try_from(now.duration_since(then)).unwrap_or_default()
        };
        let here = span(self.here, earlier.here);
        match (self.server, earlier.server) {
            (Some(now), Some(then)) => here.min(span(now, then)),
            _ => here,
        }
    }
}

/// One sending whose outcome nothing has told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The ids that were there before it.
    pub seen: BTreeSet<u64>,
    /// When it went out, or its answer failed to come.
    pub at: Clock,
    /// Why nothing is known.
    pub why: Why,
}

/// What is known of one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepState {
    /// Nothing was sent, or it is known that what was sent did not land.
    NotSent,
    /// Sent, with nothing known of it.
    Unknown {
        /// The latest sending.
        sent: Sent,
        /// The oldest one before it that is unknown too: it may still land.
        earlier: Option<Sent>,
    },
    /// The API said that it landed, or a look has found it; no check has passed yet.
    Landed {
        /// The new record, where one was made.
        id: Option<u64>,
        /// The ids that were there before the first sending that may have landed.
        seen: BTreeSet<u64>,
        /// Whether an unknown sending went before, so that there may be two.
        twice: bool,
        /// Whether it was found by looking rather than named by an answer.
        found: bool,
    },
    /// A GET has shown it.
    Checked {
        /// The record, where one was made.
        id: Option<u64>,
        /// Whether it was found by looking rather than named by an answer.
        adopted: bool,
        /// Whether a sending of it may be what a GET has shown; else none is known to have arrived.
        sent: bool,
    },
}

impl StepState {
    /// The record that the step made, as far as is known.
    pub const fn id(&self) -> Option<u64> {
        match self {
            Self::Landed { id, .. } | Self::Checked { id, .. } => *id,
            Self::NotSent | Self::Unknown { .. } => None,
        }
    }

    /// The ids that were there before the first sending that may have landed; `None` when nothing is out.
    pub fn seen(&self) -> Option<&BTreeSet<u64>> {
        match self {
            Self::Unknown { sent, earlier } => Some(&earlier.as_ref().unwrap_or(sent).seen),
            Self::Landed { seen, .. } => Some(seen),
            Self::NotSent | Self::Checked { .. } => None,
        }
    }

    /// Whether it is yet to be sent, or may be.
    pub const fn is_left(&self) -> bool {
        matches!(self, Self::NotSent | Self::Unknown { .. })
    }

    /// Whether a sending of it may have landed without anybody knowing.
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }
}
