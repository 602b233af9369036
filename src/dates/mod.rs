//! Days, moments and windows as people type them, understood in a zone. Pure: what is typed and the present come in,
//! a date or an instant goes out, or a sentence that says what would be understood. Showing them is `render::when`'s.
//!
//! jiff has the calendar, the zones and the lengths of time (`1h30m`); only the words are read here. Crates that read
//! words guess: parse_datetime takes `7d` for seven in the morning, interim takes `last month` for the 16th. Here, what
//! could be two days is refused.

mod clock;
mod day;
mod hours;
mod moment;
mod past;
#[cfg(test)]
mod tests;
mod typed;
mod window;

pub use day::day;
pub use hours::{BusinessHours, StatedDay};
pub use moment::{Moment, Note, end, end_seen_from, moment};
pub use past::past_moment;
pub use typed::{Lean, spelled};
pub use window::window;
