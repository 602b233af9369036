//! What `--help` and `syncro help` print: the page of each command with the options that mean something to it, the
//! commands of the program in groups, and topics beside them. Texts are data: a file a topic.

mod topic;

use std::fmt::Write as _;

use clap::builder::{Resettable, StyledStr};
use clap::{Arg, Command};

use crate::commands::asking;
use crate::deferred;
use crate::render::wrap;
pub use topic::{TOPICS, Topic};

/// Commands that belong together, a group a line; the rest belong to the tool itself.
const GROUPS: &str = include_str!("groups.txt");

/// The group of the rest.
const TOOL: &str = "Tool";

/// What a command does, as far as the options of all commands go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// It may write: it can be confirmed beforehand, or only shown.
    Writes,
    /// It answers, and leaves the account as it is.
    Reads,
    /// It prints text that no option changes.
    Prints,
}

/// The last words of commands that only read, beside reports.
const READS: &str =
    "list get show patches tickets ticket search sync customers open whoami doctor serve";

/// Reports, which are those that can be checked.
fn reports(command: &Command) -> bool {
    command.get_arguments().any(|arg| arg.get_id() == "check")
}

/// Commands that print text, and those that only have verbs.
fn prints(command: &Command) -> bool {
    let printers = ["completions", "help", "man"];
    printers.contains(&command.get_name()) || command.has_subcommands()
}

impl Manner {
    fn of(command: &Command) -> Self {
        match command.get_name() {
            _ if prints(command) => Self::Prints,
            _ if reports(command) => Self::Reads,
            name if READS.split(' ').any(|read| read == name) => Self::Reads,
            _ => Self::Writes,
        }
    }

    /// The options of all commands that its page shows; the page of the program has them all.
    const fn shows(self) -> &'static [&'static str] {
        match self {
            Self::Writes => &["yes", "dry_run", "json", "jq"],
            Self::Reads => &["json", "jq"],
            Self::Prints => &[],
        }
    }
}

/// The page of the command that `words` name, or of the whole program, for a terminal of that width; nothing where they
/// name none.
#[must_use]
pub fn page(root: Command, words: &[String], width: Option<usize>) -> Option<StyledStr> {
    match words.is_empty() {
        true => Some(program(root.clone(), &root, width)),
        false => Some(rendered(within(command(root, words)?, width))),
    }
}

/// What clap takes for a letter of a word, and no page has.
const UNBROKEN: &str = "\u{a0}";

/// The page of a command. clap breaks whatever is longer than a line, but not at such a space.
fn rendered(mut command: Command) -> StyledStr {
    let Some(after) = command.get_after_help().map(|text| text.ansi().to_string()) else {
        return command.render_help();
    };
    let whole = |line: &str| match topic::is_example(line) {
        true => line.replace(' ', UNBROKEN),
        false => line.to_owned(),
    };
    let after: Vec<String> = after.lines().map(whole).collect();
    let page = command.after_help(after.join("\n")).render_help();
    StyledStr::from(page.ansi().to_string().replace(UNBROKEN, " "))
}

/// The widest line of a page.
const WIDEST: usize = 100;

/// A command whose page is for a terminal of that width; in a pipe it is as wide as its own rules have it.
fn within(command: Command, width: Option<usize>) -> Command {
    let Some(width) = width.map(|width| width.clamp(topic::NARROWEST, WIDEST)) else {
        return command;
    };
    let mut command = command.term_width(width);
    // clap does not break this line.
    let usage = command.render_usage().ansi().to_string();
    match usage.split_once(' ') {
        Some((_, usage)) => {
            command.override_usage(wrap::styled(usage.trim_end(), width, USAGE, USAGE))
        }
        None => command,
    }
}

/// The columns of `Usage: `.
const USAGE: usize = 7;

/// The described command that `words` name, as its page shows it.
#[must_use]
pub fn command(mut root: Command, words: &[String]) -> Option<Command> {
    deferred::follow(&mut root, |_| words.to_vec());
    if words.is_empty() {
        return Some(grouped(root.clone(), &root, None));
    }
    let globals: Vec<String> = root
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .map(|arg| arg.get_id().to_string())
        .collect();
    let mut found = root;
    for word in words {
        found = found.find_subcommand(word)?.clone();
    }
    let shown = Manner::of(&found).shows();
    let asked = asked(&found, &words.join(" "));
    let found = found.mut_args(|arg| {
        // Who leaves it out on a terminal is asked for it.
        let arg = match asked.contains(arg.get_id()) {
            true => arg.required(false),
            false => arg,
        };
        let id = arg.get_id().as_str();
        let is_global = globals.iter().any(|global| global == id);
        let is_lists = is_global && arg.get_help_heading() == Some(crate::output::LISTED);
        let arg = match is_global && !is_lists {
            true if shown.contains(&id) => arg.help_heading(GLOBAL),
            true => arg.hide(true),
            false => arg,
        };
        alike(arg)
    });
    // One layout for `-h` and `--help`: a line an option.
    match found.get_long_about().cloned() {
        Some(long) => Some(found.about(long).long_about(Resettable::Reset)),
        None => Some(found),
    }
}

/// The arguments that may be left out on a terminal, where they are asked for. One before another that may not be left out
/// is told by its place.
fn asked(command: &Command, called: &str) -> Vec<clap::Id> {
    let is_asked = |arg: &&Arg| asking::required(called, arg.get_id().as_str()).is_some();
    let must = |arg: &Arg| arg.is_required_set() && !is_asked(&arg);
    let places: Vec<&Arg> = command.get_positionals().collect();
    let after = places.iter().rposition(|arg| must(arg)).map_or(0, |last| last + 1);
    let flags = command.get_opts();
    let all = places.into_iter().skip(after).chain(flags);
    all.filter(|arg| arg.is_required_set())
        .filter(is_asked)
        .map(|arg| arg.get_id().clone())
        .collect()
}

/// The words of all commands that have a page, the program's own first.
#[must_use]
pub fn all(root: &Command) -> Vec<Vec<String>> {
    fn below(command: &Command, words: &[String], found: &mut Vec<Vec<String>>) {
        found.push(words.to_vec());
        for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set()) {
            below(sub, &[words, &[sub.get_name().to_owned()]].concat(), found);
        }
    }
    let mut found = Vec::new();
    below(root, &[], &mut found);
    found
}

/// The same text for `-h` and `--help`.
fn alike(arg: Arg) -> Arg {
    match arg.get_long_help().cloned() {
        _ if arg.get_id() == "help" => arg.help("Print help"),
        Some(long) => arg.help(long),
        None => arg,
    }
}

/// The heading of the options of all commands on the page of one.
const GLOBAL: &str = "Global options (the others are in syncro --help)";

/// The column in which the program's page says what a command does.
const ABOUT: usize = 20;

/// The page of the whole program, from a description that need not have all commands.
#[must_use]
pub fn program(root: Command, commands: &Command, width: Option<usize>) -> StyledStr {
    rendered(within(grouped(root, commands, width), width))
}

/// The program's page: its commands in groups, and the topics.
fn grouped(root: Command, commands: &Command, width: Option<usize>) -> Command {
    let (header, literal) = (*root.get_styles().get_header(), *root.get_styles().get_literal());
    let all: Vec<&Command> = commands.get_subcommands().filter(|sub| !sub.is_hide_set()).collect();
    let groups = GROUPS.lines().filter_map(|line| line.split_once(": "));
    let groups = groups.map(|(title, names)| (title, names.split(' ').collect::<Vec<_>>()));
    let groups: Vec<_> = groups.collect();
    let is_grouped = |name: &str| groups.iter().any(|(_, names)| names.contains(&name));
    let mut text = String::new();
    let mut section = |title: &str, rows: &[(String, String)]| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{header}{title}:{header:#}");
        for (name, about) in rows {
            let room = " ".repeat(18_usize.saturating_sub(name.len()));
            let width = width.map(|width| width.max(topic::NARROWEST).saturating_sub(ABOUT));
            let about = wrap::wrap(about, width, 0).join(&format!("\n{:ABOUT$}", ""));
            let _ = writeln!(text, "  {literal}{name}{literal:#}{room}{about}");
        }
        text.push('\n');
    };
    for (title, names) in &groups {
        let named = names.iter().filter_map(|name| all.iter().find(|sub| sub.get_name() == *name));
        let rows: Vec<_> = named.map(|sub| row(sub)).collect();
        section(title, &rows);
    }
    let rest = all.iter().filter(|sub| !is_grouped(sub.get_name()));
    section(TOOL, &rest.map(|sub| row(sub)).collect::<Vec<_>>());
    let topics = TOPICS.iter().map(|topic| (topic.name.to_owned(), topic.about.to_owned()));
    section("Topics (syncro help TOPIC)", &topics.collect::<Vec<_>>());
    let about = root.get_long_about().or(root.get_about()).cloned().unwrap_or_default();
    let template = format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{text}{header}Options:{header:#}\n{{options}}"
    );
    let root = root.mut_args(alike);
    root.about(about).long_about(Resettable::Reset).help_template(template)
}

/// A command's name and what it does.
fn row(command: &Command) -> (String, String) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let aliases: Vec<&str> = command.get_visible_aliases().collect();
    let aliases = match aliases.is_empty() {
        true => String::new(),
        false => format!(" [alias: {}]", aliases.join(", ")),
    };
    (command.get_name().to_owned(), format!("{about}{aliases}"))
}
