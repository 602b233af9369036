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
const GREETINGS: [&str; 14] = [
    "hi",
    "hello",
    "hey",
    "dear",
    "greetings",
    "hallo",
    "hei",
    "hiya",
    "heya",
    "howdy",
    "g'day",
    "hola",
    "bonjour",
    "moin",
];
/// Words behind the "good" of a greeting; all but the last greet alone, too.
const DAYTIMES: [&str; 4] = ["morning", "afternoon", "evening", "day"];
/// Who is greeted without a name, and what stands between names.
const ALL: [&str; 11] = [
    "there",
    "all",
    "again",
    "team",
    "everyone",
    "everybody",
    "customer",
    "both",
    "folks",
    "and",
    "&",
];
/// Names that end as what was done does.
const NAMES: [&str; 16] = [
    "ahmed", "alfred", "fred", "hamed", "jared", "jed", "manfred", "mohamed", "mohammed",
    "muhammed", "ned", "reed", "syed", "ted", "wilfred", "winifred",
];
/// What was done, in words that do not end so.
const DONE: [&str; 9] =
    ["done", "reset", "sent", "built", "rebuilt", "set", "found", "made", "swept"];
/// Words that go on with what stood in the line above.
const GOES_ON: [&str; 4] = ["and", "then", "but", "also"];
/// So many words a greeting has at most.
const WORDS: usize = 5;

/// The first line of a text that is no greeting, which a line item says was done unless it is told otherwise; none where
/// there is nothing but greetings.
#[must_use]
pub fn first_line(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim).filter(|line| says(line)).peekable();
    while let Some(line) = lines.next() {
        let is_begun = lines.peek().is_some_and(|next| !goes_on(next)) && is_address(line);
        if !is_begun && !is_greeting(line) {
            // A sentence that goes on in the next line.
            let line = line.trim_end_matches([',', ';', ':', ' ']);
            return Some(line.chars().take(200).collect());
        }
    }
    None
}

fn says(words: &str) -> bool {
    words.chars().any(char::is_alphanumeric)
}

/// Whether a line is a name that a text below it is for: `Imelda,`.
fn is_address(line: &str) -> bool {
    line.strip_suffix(',').is_some_and(|name| is_name(name) && !name.contains(' '))
}

/// Whether a line is the rest of a sentence that was begun above it.
fn goes_on(line: &str) -> bool {
    line.split_whitespace().next().is_some_and(|word| GOES_ON.contains(&plain(word).as_str()))
}

/// Whether a word may be a name: a capital begins it, and it is nothing that was done, like `Rebooted`.
fn is_name(word: &str) -> bool {
    let is = |of: &[&str]| of.contains(&plain(word).as_str());
    let is_done = is(&DONE) || plain(word).ends_with("ed") && !is(&NAMES);
    word.chars().next().is_some_and(char::is_uppercase) && !is_done
}

/// A word without the marks behind it, in small letters.
fn plain(word: &str) -> String {
    word.trim_end_matches(|c: char| !c.is_alphanumeric()).replace('\u{2019}', "'").to_lowercase()
}

/// Whether a line greets: it begins as greetings do, and then come names, or few words that a comma or a mark ends:
/// `Hi Imelda,`, `Hello!`, `Dear Ms. Quill`, `Morning all`.
fn is_greeting(line: &str) -> bool {
    let words: Vec<&str> =
        line.split_whitespace().filter(|word| says(word) || *word == "&").collect();
    let is = |word: &str, of: &[&str]| of.contains(&plain(word).as_str());
    let is_all = |word: &str| word == "&" || is(word, &ALL);
    let (names, alone) = match words.as_slice() {
        [first, names @ ..] if is(first, &GREETINGS) => (names, false),
        [good, day, names @ ..] if plain(good) == "good" && is(day, &DAYTIMES) => (names, false),
        [time, names @ ..] if is(time, &DAYTIMES[..3]) => (names, true),
        _ => return false,
    };
    let is_meant = |word: &&str| is_name(word) || is_all(word);
    // What stands behind the name says something.
    let parted = line.replace(" -", ",");
    let behind = parted.split_once([',', '\u{2013}', '\u{2014}']).map_or("", |(_, rest)| rest);
    let is_more = !behind.split_whitespace().filter(|word| says(word)).all(|word| is_meant(&word));
    if words.len() > WORDS || is_more {
        return false;
    }
    let is_ended = line.ends_with([',', ':']) || line.ends_with('!') && words.len() < 3;
    match alone {
        // `Morning Check` greets nobody.
        true if !names.iter().all(|word| is_all(word)) => {
            line.ends_with([',', '!', ':']) && names.iter().all(is_meant)
        }
        true => !names.is_empty() || !line.ends_with(char::is_alphanumeric),
        false => is_ended || names.iter().all(is_meant),
    }
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
            // What was done is no name, whatever stands below it.
            ("Rebooted,\nthen patched.", "Rebooted"),
            ("Replaced,\ntested.", "Replaced"),
            ("INSTALLED,\ntested.", "INSTALLED"),
            ("Rebooted, then patched\nMore", "Rebooted, then patched"),
            ("Fixed,\nas wished.", "Fixed"),
            ("Reset,\ntested.", "Reset"),
            ("Done,\nas wished.", "Done"),
            ("Cleanup,\nthen a restart.", "Cleanup"),
            ("Backup,\nand a test of it.", "Backup"),
            ("Ted,\nfixed the till.", "fixed the till."),
            ("Ahmed,\nfixed the till.", "fixed the till."),
            ("Winifred,\nfixed the till.", "fixed the till."),
            ("Thanks,\nfixed the till.", "fixed the till."),
            ("Hi Mika, Rebooted", "Hi Mika, Rebooted"),
            ("Hi Bob - Rebooted Server\nMore", "Hi Bob - Rebooted Server"),
            ("Hello - reset the password\nMore", "Hello - reset the password"),
            // Many spellings of a greeting.
            ("Morning!\nRebooted.", "Rebooted."),
            ("Morning,\nRebooted.", "Rebooted."),
            ("Morning all\nRebooted.", "Rebooted."),
            ("Evening Bob,\nRebooted.", "Rebooted."),
            ("afternoon team!\nRebooted.", "Rebooted."),
            ("Hello all -\nRebooted.", "Rebooted."),
            ("Hello all \u{2013}\nRebooted.", "Rebooted."),
            ("Hi Bob & Sue\nRebooted.", "Rebooted."),
            ("Hi Bob, Sue and Mary,\nRebooted.", "Rebooted."),
            ("Hi Imelda.\nRebooted.", "Rebooted."),
            ("hi imelda,\nRebooted.", "Rebooted."),
            ("Hi Jean-luc,\nRebooted.", "Rebooted."),
            ("hey imelda!\nRebooted.", "Rebooted."),
            ("HELLO THERE!!\nRebooted.", "Rebooted."),
            ("Good afternoon.\nRebooted.", "Rebooted."),
            ("Howdy folks:\nRebooted.", "Rebooted."),
            ("G\u{2019}day Bob,\nRebooted.", "Rebooted."),
            ("Hello Imelda \u{1f44b}\nRebooted.", "Rebooted."),
            // What begins like one and says something.
            ("Morning backup failed:\nthe disk was full.", "Morning backup failed"),
            ("Morning Check\nAll is well.", "Morning Check"),
            ("Evening shift,\nno calls.", "Evening shift"),
            ("Day Two\nMore", "Day Two"),
            ("Hello sign-in works again!\nMore", "Hello sign-in works again!"),
            ("Hi printer works!\nMore", "Hi printer works!"),
        ] {
            assert_eq!(first_line(text).as_deref(), Some(line), "{text}");
        }
        let greetings =
            ["Hi Mika,", "Hello,", "Dear Ms. Quill,", "Good afternoon Mika,", "Hi, Mika"];
        let others =
            ["Hi Imelda,", "Hello!\n\nDear Ms Quill,\n", ",", "", "Morning!", "Evening all"];
        for text in greetings.into_iter().chain(others) {
            assert_eq!(first_line(text), None, "{text}");
        }
    }
}
