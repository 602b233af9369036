//! A line item that a bill makes, and how it comes about.

use crate::api::Record;
use crate::api::resources::tickets::Timer;
use crate::api::resources::timers::NewTimer;
use crate::billing::labor::BilledLine;

/// How a line item comes about.
#[derive(Debug, Clone)]
pub enum Way {
    /// It is added as it is.
    Added,
    /// A timer entry that waits is charged, and becomes it.
    Charged {
        /// The entry.
        timer: Box<Record<Timer>>,
        /// Whether the account's own rounding of its time is kept.
        keeps_rounding: bool,
    },
    /// Its time is entered, and charged at once.
    Logged(NewTimer),
}

/// A line item to be made.
#[derive(Debug, Clone)]
pub struct PlannedLine {
    /// What it says.
    pub line: BilledLine,
    /// How it comes about.
    pub way: Way,
}
