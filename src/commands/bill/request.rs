//! What a technician asked to be billed, once nothing is missing any more: kept in the plan, so that a resumed plan
//! runs the same guards on the same wishes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::guards::Guard;
use crate::billing::labor::Work;
use crate::commands::prose::Prose;

/// A bill, asked for in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillRequest {
    /// The comment; `None` with `--no-comment`.
    pub comment: Option<Prose>,
    /// The work, the main labor first.
    pub work: Vec<Work>,
    /// What the labor lines say was done.
    pub description: String,
    /// Whether an invoice is made; otherwise the lines wait on the ticket.
    pub invoice: bool,
    /// Guards that were answered or overridden.
    pub allowed: BTreeSet<Guard>,
}

/// The first line of a text that says something, as a proposal for what a line item says was done: a greeting, short
/// and with a comma at its end, says nothing unless it is all there is.
#[must_use]
pub fn first_line(text: &str) -> String {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let is_greeting = |line: &&str| line.ends_with(',') && line.chars().count() <= 40;
    let line = lines()
        .find(|line| !is_greeting(line))
        .or_else(|| lines().next());
    line.unwrap_or("").chars().take(200).collect()
}
