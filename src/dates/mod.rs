//! Days, moments and windows as people type them, understood in a zone. Pure: what is typed and the present come in,
//! a date or an instant goes out, or a sentence that says what would be understood. Showing them is `render::when`'s.
//!
//! jiff has the calendar, the zones and the lengths of time (`1h30m`); only the words are read here. Crates that read
//! words guess: parse_datetime takes `7d` for seven in the morning, interim takes `last month` for the 16th. Here, what
//! could be two days is refused.

mod clock;
mod day;
mod moment;
mod past;
#[cfg(test)]
mod tests;
mod window;

pub use day::day;
pub use moment::{Moment, Note, end, end_seen_from, moment};
pub use past::past_moment;
pub use window::window;

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
fn words(typed: &str) -> Vec<String> {
    typed
        .to_lowercase()
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The date, unless its year shows that a finger slipped.
fn sane(date: Date) -> Result<Date, String> {
    if (1970..=2199).contains(&date.year()) {
        return Ok(date);
    }
    Err(format!("invalid year {}: use a date like 2026-05-23", date.year()))
}
