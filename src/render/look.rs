//! How text looks where it is read: width, zone, colours, and the small words that all renderers share.

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::sanitise;

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
    /// Whether addresses are links.
    pub links: bool,
    /// The address of the page that the record has in Syncro, where that is shown.
    pub address: Option<String>,
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

/// What begins a link and what ends its address; the same without an address ends the link.
const LINK: (&str, &str) = ("\u{1b}]8;;", "\u{1b}\\");

/// An address as a link, where the terminal can show one.
#[must_use]
pub fn link(address: &str, links: bool) -> String {
    let address = sanitise::one_line(address);
    let (begin, end) = LINK;
    match links {
        true => format!("{begin}{address}{end}{address}{begin}{end}"),
        false => address,
    }
}

/// The text without its links: their words stay.
#[must_use]
pub fn without_links(text: &str) -> String {
    let (begin, end) = LINK;
    let mut parts = text.split(begin);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |kept, part| kept + part.split_once(end).map_or(part, |(_, words)| words))
}

/// So many of something: `1 line`, `2 lines`.
#[must_use]
pub fn counted(number: usize, one: &str, several: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        number => format!("{number} {several}"),
    }
}

/// A noun with its article.
#[must_use]
pub fn article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {noun}")
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
/// Who waits for an answer.
pub const REPLY: Style = AnsiColor::Magenta.on_default().bold();
/// Whom it reaches and how much it is about, before a yes.
pub const STAKE: Style = AnsiColor::Cyan.on_default().bold();
/// What is wrong.
pub const BAD: Style = AnsiColor::Red.on_default();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_its_address_and_can_be_taken_away() {
        let address = "https://acme.syncromsp.com/tickets/7";
        assert_eq!(link(address, false), address);
        let text = format!("Web  {}\nrest\n", link(address, true));
        assert!(text.contains("\u{1b}]8;;https://acme.syncromsp.com/tickets/7\u{1b}\\https"));
        assert_eq!(without_links(&text), format!("Web  {address}\nrest\n"));
    }
}
