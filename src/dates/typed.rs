//! What days, moments and windows share: the words of what was typed, which way they lean, and years that are none.

use jiff::Zoned;
use jiff::civil::Date;

/// Which way a word points that could be behind or ahead: `fri`, `7d`, `23 may`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// Filters look back: the last Friday, a week ago.
    Past,
    /// Plans look ahead: the next Friday, in a week.
    Future,
}

/// A moment as it stands beside what was typed: `Sat 2026-05-23 14:00 EDT`.
#[must_use]
pub fn spelled(at: &Zoned) -> String {
    crate::render::when::at_in_zone(at.timestamp(), at.time_zone())
}

/// The words of what was typed, in lower case; a comma only separates.
pub(super) fn words(typed: &str) -> Vec<String> {
    typed
        .to_lowercase()
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The date, unless its year shows that a finger slipped.
pub(super) fn sane(date: Date) -> Result<Date, String> {
    if (1970..=2199).contains(&date.year()) {
        return Ok(date);
    }
    Err(format!("invalid year {}: use a date like 2026-05-23", date.year()))
}
