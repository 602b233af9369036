//! A text that was typed before its record is known: it waits by what the person typed of the record.

use super::place::Place;

/// The text of a command that has just begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Early {
    /// Where it waits until its record is known.
    pub place: Place,
    /// The arguments that are this text.
    pub args: Vec<&'static str>,
    /// How it is used, once it is kept.
    pub hint: Option<&'static str>,
    /// The same, where it stands below a line of its own.
    pub headed: Option<&'static str>,
}
