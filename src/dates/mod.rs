//! Days, moments and windows as people type them, understood in a zone. Pure: what is typed and the present come in,
//! a date or an instant goes out, or a sentence that says what would be understood. Showing them is `render::when`'s.
//!
//! jiff has the calendar and the zones; only the words are read here. Crates that read words guess: parse_datetime takes
//! `7d` for seven in the morning, interim takes `last month` for the 16th. Here, what could be two days is refused, unless
//! the account's way of writing dates tells which one is meant.

mod clock;
mod day;
mod hours;
mod length;
mod moment;
mod moved;
mod order;
mod past;
#[cfg(test)]
mod tests;
mod typed;
mod window;

pub use day::day;
pub use hours::{BusinessHours, StatedDay};
pub use length::{in_words, length, minutes, number};
pub use moment::{Moment, Note, end, end_seen_from, moment};
pub use moved::{NewTime, new_time};
pub use order::{Order, needs_order, set_order};
pub use past::past_moment;
pub use typed::{Lean, spelled};
pub use window::window;
