//! What a technician asked to be billed, once nothing is missing any more.

use jiff::Timestamp;

use crate::api::ids::{ProductId, TimerId};
use crate::billing::labor::Work;
use crate::commands::text::Prose;
use crate::operations::Allowed;

/// A bill, asked for in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillRequest {
    /// The comment; `None` with `--no-comment`.
    pub comment: Option<Prose>,
    /// The work, the main labor first.
    pub work: Vec<Work>,
    /// What the labor lines say was done.
    pub description: String,
    /// Whether an invoice is made; otherwise the lines wait on the ticket.
    pub invoice: bool,
    /// Whether time is billed as it is, whatever a labor type rounds it up to.
    pub exact: bool,
    /// Guards that were answered or overridden.
    pub allowed: Allowed,
    /// How the time of its hourly labor is logged; none where lines are added without it.
    pub log: Option<Logging>,
    /// The ticket's clocked time, where that is billed.
    pub from_timers: Option<Clocked>,
}

/// Time that is entered in the account's labor log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logging {
    /// When the first of it began, where that was said.
    pub start: Option<Timestamp>,
    /// What should be said of that.
    pub note: Option<String>,
}

/// Time of timer entries that is to be charged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clocked {
    /// Which entries; none for all that wait to be charged.
    pub which: Option<Vec<TimerId>>,
    /// The labor type of an entry without a product of its own.
    pub labor: Option<String>,
    /// The product of an entry without one of its own.
    pub product_id: Option<ProductId>,
}

/// The first line of a text that says something, as a proposal for what a line item says was done: a greeting, short
/// and with a comma at its end, says nothing unless it is all there is.
#[must_use]
pub fn first_line(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_greeting = |line: &&str| line.ends_with(',') && line.chars().count() <= 40;
    let line = lines().find(|line| !is_greeting(line)).or_else(|| lines().next());
    line.unwrap_or("").chars().take(200).collect()
}
