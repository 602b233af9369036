//! What a technician asked to be billed, once nothing is missing any more.

use jiff::Timestamp;

use crate::api::ids::{ProductId, TimerId};
use crate::billing::labor::Work;
use crate::billing::quantity::Minutes;
use crate::commands::text::Prose;
use crate::operations::timer::ended;
use crate::operations::{Allowed, Worked};

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
    /// When the work began, where that was said of time that is not logged.
    pub began: Option<Timestamp>,
    /// The ticket's clocked time, where that is billed.
    pub from_timers: Option<Clocked>,
}

impl BillRequest {
    /// When its time began, as far as that is known before it is planned.
    #[must_use]
    pub fn since(&self, now: Timestamp) -> Option<Timestamp> {
        let logged = self.log.as_ref().map(|log| log.start.unwrap_or(now));
        logged.or(self.began)
    }

    /// What is said of when the work was done.
    #[must_use]
    pub fn worked(&self) -> Worked {
        let times = self.work.iter().filter_map(|work| work.amount.minutes());
        worked(self.log.as_ref(), self.began, times)
    }
}

/// What is said of when work was done that took these minutes.
pub(super) fn worked(
    log: Option<&Logging>,
    began: Option<Timestamp>,
    mut times: impl Iterator<Item = Minutes>,
) -> Worked {
    if log.is_some_and(|log| log.start.is_some()) {
        return Worked::Entered;
    }
    let between = began.and_then(|start| {
        let ends = times.try_fold(start, |at, minutes| ended(at, minutes.begun()));
        Some(Worked::Between(start, ends.ok()?))
    });
    between.unwrap_or_default()
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

/// Words that greetings begin with.
const GREETINGS: [&str; 7] = ["hi", "hello", "hey", "dear", "greetings", "hallo", "hei"];
/// Words behind the "good" of a greeting.
const DAYTIMES: [&str; 4] = ["morning", "afternoon", "evening", "day"];
/// Who is greeted without a name.
const ALL: [&str; 8] =
    ["there", "all", "again", "team", "everyone", "everybody", "customer", "both"];
/// So many words a greeting has at most.
const WORDS: usize = 5;

/// The first line of a text that is no greeting, which a line item says was done unless it is told otherwise; none where
/// there is nothing but greetings.
#[must_use]
pub fn first_line(text: &str) -> Option<String> {
    let says = |line: &&str| line.chars().any(char::is_alphanumeric);
    let mut lines = text.lines().map(str::trim).filter(says).peekable();
    while let Some(line) = lines.next() {
        let is_begun = lines.peek().is_some() && is_name(line);
        if !is_begun && !is_greeting(line) {
            // A sentence that goes on in the next line.
            let line = line.trim_end_matches([',', ';', ':', ' ']);
            return Some(line.chars().take(200).collect());
        }
    }
    None
}

/// Whether a line is a name that a text below it is for: `Imelda,`.
fn is_name(line: &str) -> bool {
    line.strip_suffix(',').is_some_and(|name| is_capital(name) && !name.contains(' '))
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Whether a line greets: it begins as greetings do, and then come names, or few words that a comma or a mark ends:
/// `Hi Imelda,`, `Hello!`, `Dear Ms. Quill`.
fn is_greeting(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let plain = |word: &str| word.trim_end_matches([',', '!', '.', ':']).to_lowercase();
    let names = match words.as_slice() {
        [first, names @ ..] if GREETINGS.contains(&plain(first).as_str()) => names,
        [good, day, names @ ..] if plain(good) == "good" => {
            match DAYTIMES.contains(&plain(day).as_str()) {
                true => names,
                false => return false,
            }
        }
        _ => return false,
    };
    let is_meant = |name: &str| is_capital(name) || ALL.contains(&plain(name).as_str());
    // What stands behind the name says something.
    let behind = line.split_once(',').map_or("", |(_, rest)| rest);
    let says = !behind.split_whitespace().all(is_meant);
    let is_ended = line.ends_with([',', '!', ':']);
    let is_of_names = || names.iter().all(|name| is_meant(name));
    words.len() <= WORDS && !says && (is_ended || !line.ends_with('.') && is_of_names())
}

#[cfg(test)]
mod tests {
    use super::first_line;

    #[test]
    fn a_greeting_is_no_description() {
        for (text, line) in [
            ("Hi Imelda,\n\nfixed the till.\nRobin", "fixed the till."),
            ("Hello!\nFixed the till.", "Fixed the till."),
            ("Dear Ms Quill\nFixed the till.", "Fixed the till."),
            ("Imelda,\nfixed the till.", "fixed the till."),
            ("\n  Good morning Imelda!  \n\n  Fixed. ", "Fixed."),
            ("Hi Imelda, fixed the till.\nMore", "Hi Imelda, fixed the till."),
            ("Good now.\nMore", "Good now."),
            ("Good now", "Good now"),
            ("Hi Sam, done it", "Hi Sam, done it"),
            ("Copied the layout to the till,\ntested with you.", "Copied the layout to the till"),
            // A comma makes no greeting.
            ("Replaced drum,", "Replaced drum"),
            ("Replaced drum,\nprinted a page.", "Replaced drum"),
            ("Rebooted,", "Rebooted"),
            ("Hi Mika,\nReplaced drum,", "Replaced drum"),
            ("Dear Ms. Quill,\nReplaced drum,", "Replaced drum"),
            ("Hello all\nReplaced drum.", "Replaced drum."),
            ("Hello sign-in works again", "Hello sign-in works again"),
            ("Good one on the bench\nMore", "Good one on the bench"),
            ("---\nReplaced drum", "Replaced drum"),
        ] {
            assert_eq!(first_line(text).as_deref(), Some(line), "{text}");
        }
        let greetings =
            ["Hi Mika,", "Hello,", "Dear Ms. Quill,", "Good afternoon Mika,", "Hi, Mika"];
        let others = ["Hi Imelda,", "Hello!\n\nDear Ms Quill,\n", ",", ""];
        for text in greetings.into_iter().chain(others) {
            assert_eq!(first_line(text), None, "{text}");
        }
    }
}
