//! Values in, text out: tables, the ticket page, HTML to text, wrapping, dates, sanitising. Knows neither terminal nor
//! HTTP: widths, colour and the clock are told in a `Look`.

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub mod appointment;
pub mod asset;
pub mod bill;
mod cell;
pub mod contact;
pub mod customer;
pub mod html;
pub mod invoice;
pub mod line;
pub mod outcome;
pub mod payment;
pub mod preview;
pub mod product;
pub mod sanitise;
pub mod secrets;
pub mod session_log;
mod sheet;
pub mod table;
pub mod ticket;
pub mod tickets;
pub mod timer;
pub mod when;
pub mod wrap;

pub use cell::{Cell, Column};
pub use secrets::mask_portal_keys;
pub use table::Table;
pub use ticket::{TicketPage, ticket_page};
pub use tickets::{TicketRows, ticket_rows};

/// What the renderers need to know of where their text will be read.
#[derive(Debug, Clone)]
pub struct Look {
    /// The terminal's columns; `None` for a pipe, where nothing is cut or wrapped.
    pub width: Option<usize>,
    /// For every date.
    pub zone: TimeZone,
    /// For ages.
    pub now: Timestamp,
    /// Whether styles are embedded.
    pub colour: bool,
    /// Whether a ticket's comments are shown all, not the last five.
    pub all_comments: bool,
}

impl Look {
    /// `text` in `style`, or as it is where there is no colour.
    #[must_use]
    pub fn paint(&self, style: Style, text: &str) -> String {
        if self.colour && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

/// So many of something: `1 line`, `2 lines`.
#[must_use]
pub fn counted(number: usize, one: &str, several: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {several}"),
    }
}

/// `text` with a capital at its beginning.
#[must_use]
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Headings.
pub const BOLD: Style = Style::new().bold();
/// What matters less.
pub const DIM: Style = Style::new().dimmed();
/// What is well.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What wants attention.
pub const ATTENTION: Style = AnsiColor::Yellow.on_default();
/// What is wrong.
pub const BAD: Style = AnsiColor::Red.on_default();
