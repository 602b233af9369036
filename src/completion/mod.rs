//! What a shell offers when a person presses Tab: commands, flags, and the values of an argument. Pure: the description of
//! the command line and what is known of the account come in, candidates go out. Which argument takes what is data.

pub mod shells;
mod typed;

use clap::{Arg, ArgAction, Command};

use crate::account::offers::Offered;
use crate::config::known::{Kind, SETTINGS, find};
use crate::help::{self, TOPICS};
use crate::names;
use crate::render::lists;
use crate::render::sanitise;

pub use typed::Typed;

/// Where the values of an argument come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Values {
    /// From what lists have shown.
    Offered(Offered),
    /// The configured labor types.
    Labor,
    /// Those that are counted by time.
    Hourly,
    /// The settings of the configuration.
    Settings,
    /// The words of a setting that has few.
    SettingWords,
    /// The columns of the command's list.
    Columns,
    /// Commands and topics.
    Help,
    /// Commands.
    Commands,
    /// Records that have a web page: a ticket, or a noun and what is called so.
    Records,
    /// Files, which the shell itself knows.
    Files,
}

/// Which argument takes what: by its command, its id and the name of its value, where `*` is any. The first row that fits
/// counts.
const TAKEN: [(&str, &str, &str, Values); 28] = [
    ("open", "*", "NUMBER", Values::Records),
    ("*", "ticket", "NUMBER", Values::Offered(Offered::Tickets)),
    ("*", "invoice", "*", Values::Offered(Offered::Invoices)),
    ("*", "*", "CUSTOMER", Values::Offered(Offered::Customers)),
    ("customers", "query", "*", Values::Offered(Offered::Customers)),
    ("*", "*", "CONTACT", Values::Offered(Offered::Contacts)),
    ("*", "*", "USER", Values::Offered(Offered::Users)),
    ("*", "*", "ASSET", Values::Offered(Offered::Assets)),
    ("*", "*", "STATUS", Values::Offered(Offered::Statuses)),
    ("*", "*", "PRIORITY", Values::Offered(Offered::Priorities)),
    ("*", "issue_type", "*", Values::Offered(Offered::IssueTypes)),
    ("*", "ticket_type", "*", Values::Offered(Offered::TicketTypes)),
    ("*", "appointment_type", "*", Values::Offered(Offered::AppointmentTypes)),
    ("appointment add", "kind", "*", Values::Offered(Offered::AppointmentTypes)),
    ("asset create", "kind", "*", Values::Offered(Offered::AssetTypes)),
    ("*", "*", "PRODUCT", Values::Offered(Offered::Products)),
    ("*", "payment", "PAYMENT", Values::Offered(Offered::Payments)),
    ("*", "appointment", "APPOINTMENT", Values::Offered(Offered::Appointments)),
    ("line add", "labor", "NAME", Values::Labor),
    ("*", "labor", "NAME", Values::Hourly),
    ("*", "add", "*", Values::Labor),
    ("*", "columns", "*", Values::Columns),
    ("*", "*", "SETTING", Values::Settings),
    ("config set", "value", "*", Values::SettingWords),
    ("*", "*", "COMMAND|TOPIC", Values::Help),
    ("man", "*", "COMMAND", Values::Commands),
    ("*", "*", "FILE", Values::Files),
    ("*", "*", "DIR", Values::Files),
];

/// Where the values of an argument come from; nothing where nobody knows.
#[must_use]
pub fn values_of(command: &str, arg: &Arg) -> Option<Values> {
    let names = arg.get_value_names().unwrap_or_default();
    let name = names.first().map_or("", |name| name.as_str());
    let fits = |wanted: &str, is: &str| wanted == "*" || wanted == is;
    let row = TAKEN.iter().find(|(whose, id, value, _)| {
        fits(whose, command) && fits(id, arg.get_id().as_str()) && fits(value, name)
    });
    row.map(|(.., values)| *values)
}

/// One that can be typed, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What is typed.
    pub value: String,
    /// What it is, in a few words; may be empty.
    pub text: String,
}

/// What is offered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Whether it is files.
    pub files: bool,
    /// What stands before each of them in the same word: `--status=`.
    pub flag: String,
    /// The same in a list of several: `New,`.
    pub earlier: String,
    /// The candidates.
    pub all: Vec<Candidate>,
}

/// Where a person is in a command line.
struct Position<'a> {
    command: &'a Command,
    path: Vec<String>,
    /// The flag whose value comes next.
    flag: Option<&'a Arg>,
    /// How many positional arguments there are already.
    given: usize,
    /// Whether flags are over.
    plain: bool,
}

impl<'a> Position<'a> {
    fn at(root: &'a Command, words: &[String]) -> Self {
        let mut here = Self { command: root, path: Vec::new(), flag: None, given: 0, plain: false };
        words.iter().for_each(|word| here.pass(word));
        here
    }

    /// Goes past one word.
    fn pass(&mut self, word: &str) {
        if self.flag.take().is_some() {
            return;
        }
        match word {
            "--" => self.plain = true,
            _ if self.plain => self.given += 1,
            _ if word.starts_with("--") => {
                let name = word.trim_start_matches("--");
                self.flag = self.long(name).filter(|arg| takes_value(arg));
            }
            _ if word.len() > 1 && word.starts_with('-') => {
                let mut letters = word.chars().skip(1);
                let taking =
                    letters.find_map(|letter| self.short(letter).filter(|arg| takes_value(arg)));
                // The rest of the word is the value.
                self.flag = taking.filter(|_| letters.next().is_none());
            }
            _ => match self.command.find_subcommand(word).filter(|_| self.given == 0) {
                Some(command) => {
                    self.command = command;
                    self.path.push(command.get_name().to_owned());
                }
                None => self.given += 1,
            },
        }
    }

    fn long(&self, name: &str) -> Option<&'a Arg> {
        self.command.get_arguments().find(|arg| {
            let also = arg.get_all_aliases().unwrap_or_default();
            arg.get_long() == Some(name) || also.contains(&name)
        })
    }

    fn short(&self, letter: char) -> Option<&'a Arg> {
        self.command.get_arguments().find(|arg| arg.get_short() == Some(letter))
    }

    fn positional(&self) -> Option<&'a Arg> {
        let all: Vec<&Arg> = self.command.get_positionals().collect();
        let several = |arg: &&&Arg| arg.get_num_args().is_some_and(|count| count.max_values() > 1);
        all.get(self.given).or_else(|| all.last().filter(several)).copied()
    }
}

fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

/// The command that the words name.
#[must_use]
pub fn path(root: &Command, words: &[String]) -> Vec<String> {
    Position::at(root, words).path
}

/// What a person may be about to type.
pub struct Asked<'a> {
    /// The command line, with the command that the words name described.
    pub root: &'a Command,
    /// The words before the one under the cursor, without the program's name.
    pub words: &'a [String],
    /// That word, as far as the cursor.
    pub current: &'a str,
}

/// The values of an argument, each with what is said of it.
pub type KnownValues<'a> = dyn Fn(Values) -> Vec<(String, String)> + 'a;

/// What is offered there; `known` are the values of an argument.
#[must_use]
pub fn candidates(asked: &Asked<'_>, known: &KnownValues<'_>) -> Candidates {
    let here = Position::at(asked.root, asked.words);
    let current = asked.current;
    if let Some(arg) = here.flag {
        return of_arg(asked, &here, arg, current, known);
    }
    if !here.plain && current.starts_with('-') {
        return match current.split_once('=') {
            None => flags(asked.root, &here, current),
            Some((flag, value)) => {
                let arg = here.long(flag.trim_start_matches('-')).filter(|arg| takes_value(arg));
                let flag = format!("{flag}=");
                arg.map_or_else(Candidates::default, |arg| Candidates {
                    flag,
                    ..of_arg(asked, &here, arg, value, known)
                })
            }
        };
    }
    let mut found = match here.positional() {
        Some(arg) => of_arg(asked, &here, arg, current, known),
        None => Candidates::default(),
    };
    if !here.plain && here.given == 0 {
        let commands = here.command.get_subcommands().filter(|sub| !sub.is_hide_set());
        let commands = commands.map(|sub| (sub.get_name().to_owned(), about(sub)));
        found.all.extend(fitting(commands.collect(), current));
    }
    found
}

/// A command in a line.
fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

/// The flags of the command, as its help page has them.
fn flags(root: &Command, here: &Position<'_>, current: &str) -> Candidates {
    let shown = help::command(root.clone(), &here.path);
    let shown = shown.as_ref().unwrap_or(here.command);
    let flags = shown.get_arguments().filter(|arg| !arg.is_hide_set());
    let flags = flags.filter_map(|arg| {
        let text = arg.get_help().map(ToString::to_string).unwrap_or_default();
        Some((format!("--{}", arg.get_long()?), text))
    });
    Candidates { all: fitting(flags.collect(), current), ..Candidates::default() }
}

/// The values of an argument.
fn of_arg(
    asked: &Asked<'_>,
    here: &Position<'_>,
    arg: &Arg,
    current: &str,
    known: &KnownValues<'_>,
) -> Candidates {
    let command = here.path.join(" ");
    let (earlier, current) = match current.rfind(',') {
        Some(comma) if is_list(arg) => current.split_at(comma + 1),
        _ => ("", current),
    };
    let possible = arg.get_possible_values();
    let possible = possible.iter().filter(|value| !value.is_hide_set()).map(|value| {
        let text = value.get_help().map(ToString::to_string).unwrap_or_default();
        (value.get_name().to_owned(), text)
    });
    let possible: Vec<_> = possible.collect();
    let values = match values_of(&command, arg) {
        _ if !possible.is_empty() => possible,
        // A new contact's name is nobody's yet.
        _ if matches!(arg.get_action(), ArgAction::Append) && command == "customer create" => {
            Vec::new()
        }
        Some(Values::Files) => return Candidates { files: true, ..Candidates::default() },
        Some(Values::Columns) => {
            let list = lists::of_command(if command.is_empty() { "tickets" } else { &command });
            let keys = list.map(|list| list.keys()).unwrap_or_default();
            keys.into_iter().map(|key| (key.to_owned(), String::new())).collect()
        }
        Some(Values::Settings) => settings(known),
        Some(Values::SettingWords) => setting_words(asked),
        Some(Values::Records) => records(asked, here, known),
        Some(Values::Help) if here.given == 0 => [topics(), commands(asked, here)].concat(),
        Some(Values::Help | Values::Commands) => commands(asked, here),
        Some(values) => known(values),
        None => Vec::new(),
    };
    let all = fitting(values, current);
    Candidates { all, earlier: earlier.to_owned(), ..Candidates::default() }
}

/// Whether several values may stand in one word.
fn is_list(arg: &Arg) -> bool {
    arg.get_value_delimiter() == Some(',') || arg.get_id() == "columns"
}

/// A ticket's number, or a noun; after a noun what is called so.
fn records(
    asked: &Asked<'_>,
    here: &Position<'_>,
    known: &KnownValues<'_>,
) -> Vec<(String, String)> {
    const NOUNS: [(&str, Offered); 3] = [
        ("customer", Offered::Customers),
        ("invoice", Offered::Invoices),
        ("ticket", Offered::Tickets),
    ];
    let noun = asked.words.last().filter(|_| here.given > 0);
    if let Some(noun) = noun {
        let named = NOUNS.iter().find(|(name, _)| name == noun);
        return named.map(|(_, what)| known(Values::Offered(*what))).unwrap_or_default();
    }
    let nouns = NOUNS.map(|(name, _)| (name.to_owned(), String::new()));
    [known(Values::Offered(Offered::Tickets)), nouns.to_vec()].concat()
}

/// Every setting that can be changed, those of a labor type for each of them.
fn settings(known: &KnownValues<'_>) -> Vec<(String, String)> {
    let labor = known(Values::Labor);
    let shown = SETTINGS.iter().filter(|setting| setting.kind != Kind::Secret);
    let names = shown.flat_map(|setting| match setting.is_of_labor() {
        true => labor.iter().map(|(name, _)| setting.of_labor(name)).collect(),
        false => vec![setting.key.to_owned()],
    });
    names.map(|name| (name, String::new())).collect()
}

/// The words of the setting before the cursor.
fn setting_words(asked: &Asked<'_>) -> Vec<(String, String)> {
    let setting = asked.words.last().and_then(|key| find(key).ok());
    let words = setting.map(|setting| setting.kind.words()).unwrap_or_default();
    words.iter().map(|word| ((*word).to_owned(), String::new())).collect()
}

fn topics() -> Vec<(String, String)> {
    TOPICS.iter().map(|topic| (topic.name.to_owned(), topic.about.to_owned())).collect()
}

/// The commands below the one that the words so far name.
fn commands(asked: &Asked<'_>, here: &Position<'_>) -> Vec<(String, String)> {
    let first = asked.words.len().saturating_sub(here.given);
    let below = asked
        .words
        .iter()
        .skip(first)
        .try_fold(asked.root, |command, word| command.find_subcommand(word));
    let below = below.into_iter().flat_map(Command::get_subcommands);
    below
        .filter(|sub| !sub.is_hide_set())
        .map(|sub| (sub.get_name().to_owned(), about(sub)))
        .collect()
}

/// Those that begin with what was typed, whatever its case, and can be shown and typed as they are.
fn fitting(values: Vec<(String, String)>, current: &str) -> Vec<Candidate> {
    let typed = names::plain(current);
    let begins =
        |value: &str| value.starts_with(current) || names::plain(value).starts_with(&typed);
    // What a terminal would not show as it is cannot be offered as it is.
    let is_plain = |value: &str| {
        !value.is_empty() && sanitise::one_line(value) == value && value.trim() == value
    };
    let fits = values.into_iter().filter(|(value, _)| {
        is_plain(value) && begins(value) && (value.starts_with("--") || !value.starts_with('-'))
    });
    fits.map(|(value, text)| Candidate { value, text: shortened(&sanitise::one_line(&text)) })
        .collect()
}

/// So many letters are said of a candidate.
const TEXT: usize = 60;

fn shortened(text: &str) -> String {
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}...", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Which rows the arguments of a command and those below it take.
    fn rows(command: &Command, path: &str, taken: &mut BTreeSet<usize>) {
        for arg in command.get_arguments().filter(|arg| takes_value(arg) || arg.is_positional()) {
            if let Some(values) = values_of(path, arg) {
                let name = arg.get_value_names().unwrap_or_default();
                let name = name.first().map_or("", |name| name.as_str());
                let fits = |wanted: &str, is: &str| wanted == "*" || wanted == is;
                taken.extend(TAKEN.iter().position(|(whose, id, value, row)| {
                    *row == values
                        && fits(whose, path)
                        && fits(id, arg.get_id().as_str())
                        && fits(value, name)
                }));
            }
        }
        for sub in command.get_subcommands() {
            rows(sub, format!("{path} {}", sub.get_name()).trim(), taken);
        }
    }

    #[test]
    fn every_row_has_an_argument() {
        let mut root = crate::cli::command();
        root.build();
        let mut taken = BTreeSet::new();
        rows(&root, "", &mut taken);
        let unused: Vec<_> = (0..TAKEN.len()).filter(|row| !taken.contains(row)).collect();
        assert!(
            unused.is_empty(),
            "{:?}",
            unused.iter().map(|row| TAKEN[*row]).collect::<Vec<_>>()
        );
    }
}
