//! Where a command line ends at a word that is no command, option or value, but of which a person can tell what is meant:
//! the command for it, and the verbs that there are.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::value_error::value_error;
use crate::api::folder;
use crate::commands::resolve::TicketArg;
use crate::commands::verbs::{LIST, SHOW};
use crate::config::sandbox_wanted;
use crate::error::{self, Error, program};
use crate::render::lists;

/// What people call giving a ticket to somebody.
const ASSIGN: &[&str] = &["assign", "reassign"];

/// Verbs that people use for the same: those that are typed lead to the one that there is.
const ALIKE: [&[&str]; 9] = [
    &["create", "add", "new", "make", "insert", "register"],
    &["delete", "remove", "rm", "del", "destroy", "erase", "drop"],
    &["cancel", "delete", "remove", "rm", "del", "abort"],
    &["disable", "deactivate", "archive"],
    &["update", "edit", "change", "set", "modify", "rename"],
    LIST,
    SHOW,
    &["email", "mail", "send"],
    &["start", "begin", "run"],
];

/// Words below a noun for a verb that is not the same, and never the other way: what can be taken back is not led to what
/// cannot.
const INSTEAD: [(&[&str], &str); 2] =
    [(&["void"], "delete"), (&["delete", "remove", "rm"], "disable")];

/// What people call what a command does: the word, the command with what is asked of it, and what it is for.
const MEANT: [(&[&str], &str, &str); 6] = [
    (&["log", "time", "track", "hours"], "timer add", "enter time"),
    (&["todo", "mine", "queue"], "tickets --mine", "list your open tickets"),
    (&["note"], "comment --hidden", "add a private comment"),
    (&["pay"], "payment add", "add a payment"),
    (&["email", "mail", "send"], "invoice email", "email an invoice"),
    (&["agenda", "calendar", "schedule"], "appointment list", "list appointments"),
];

/// The error for words after which clap knows no way on, but a person does.
pub(super) fn dead_end(
    args: &[OsString],
    root: &clap::Command,
    error: &clap::Error,
) -> Option<Error> {
    let words: Vec<&str> = args.iter().skip(1).map(|arg| arg.to_str()).collect::<Option<_>>()?;
    let mut typed = words.iter().copied().filter(|word| !word.starts_with("--"));
    let (first, second, third) = (typed.next()?, typed.next(), typed.next());
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    let way = match (said(ContextKind::InvalidSubcommand), error.kind()) {
        (Some(word), _) if word == first => {
            way_from_nowhere(root, word, &words).or_else(|| way_from_words(root, word, &words))
        }
        (Some(word), _) if Some(word) == second => {
            way_from_noun(root, root.find_subcommand(first)?, word, third)
        }
        (Some(_), _) => None,
        (None, kind) => {
            let stray = said(ContextKind::InvalidArg);
            let stray = stray.filter(|_| kind == ErrorKind::UnknownArgument);
            let is_number = said(ContextKind::InvalidArg) == Some("[NUMBER]");
            let is_timers = is_number && (first, second) == ("timer", Some("list"));
            let misfit = said(ContextKind::InvalidValue).filter(|_| is_timers);
            let of_timers = misfit.map(|word| {
                let wrong = format!("invalid ticket number {word:?}");
                Way { wrong, ..Way::default() }.to("timer list", "list all running timers")
            });
            let of_customer = said(ContextKind::InvalidValue)
                .filter(|_| matches!(said(ContextKind::InvalidArg), Some("[NUMBER]" | "<NUMBER>")))
                .and_then(|word| way_from_name(root, first, word, error));
            let of_list = stray.and_then(|word| way_from_list(root, &words, word));
            let is_ticket = root.find_subcommand(first)?.get_name() == "ticket";
            let word = second.filter(|_| is_ticket);
            let way = of_timers.or(of_list);
            way.or_else(|| way_from_ticket(root, word?, third, &words)).or(of_customer)
        }
    }?;
    // A variable that cannot be read is told where it is used.
    let is_sandbox = sandbox_wanted(words.contains(&"--sandbox")).unwrap_or(false);
    let error = Error::usage(way.wrong);
    let error = match way.line {
        Some(line) => error.next(line, way.to),
        None => error,
    };
    let error = match way.verbs.as_slice() {
        [] => error,
        verbs => error.hint(format!("verbs: {}", verbs.join(", "))),
    };
    Some(error.called(&program(is_sandbox, None, None)))
}

/// What is typed next instead of what was.
#[derive(Default)]
struct Way {
    /// What is wrong with what was typed.
    wrong: String,
    /// The command that was meant, where that is known.
    line: Option<String>,
    /// What it does, after "to".
    to: &'static str,
    /// The verbs that there are.
    verbs: Vec<String>,
}

impl Way {
    /// From words that are no command.
    fn from(words: &str) -> Self {
        Self { wrong: format!("there is no command {words:?}"), ..Self::default() }
    }

    fn to(self, line: impl Into<String>, to: &'static str) -> Self {
        Self { line: Some(line.into()), to, ..self }
    }

    fn among(self, noun: &clap::Command) -> Self {
        let verbs = noun.get_subcommands().filter(|verb| !verb.is_hide_set());
        let verbs = verbs.map(|verb| verb.get_name().to_owned()).filter(|name| name != "help");
        Self { verbs: verbs.collect(), ..self }
    }
}

/// The command below this one that people also call `word`.
fn alike<'c>(command: &'c clap::Command, word: &str) -> Option<&'c clap::Command> {
    let word = word.to_lowercase();
    let meant = ALIKE.iter().filter(|alike| alike.contains(&word.as_str()));
    meant.flat_map(|alike| alike.iter()).find_map(|name| command.find_subcommand(name))
}

/// The verb of a noun that `word` is the same as, or stands for.
fn verb_for<'c>(noun: &'c clap::Command, word: &str) -> Option<&'c clap::Command> {
    alike(noun, word).or_else(|| {
        let mut instead = INSTEAD.iter().filter(|(words, _)| words.contains(&word));
        instead.find_map(|(_, verb)| noun.find_subcommand(verb))
    })
}

/// Whether a word is a verb, though perhaps of something else: then it is no name.
fn is_verb(word: &str) -> bool {
    let instead = INSTEAD.iter().map(|(words, _)| words);
    ALIKE.iter().chain(instead).any(|words| words.contains(&word))
}

/// A word as it is typed. A number has no `#` before it: for a shell, a comment begins there.
fn quoted(word: &str) -> String {
    let number = word.strip_prefix('#').filter(|_| word.parse::<TicketArg>().is_ok());
    error::quoted(number.unwrap_or(word))
}

/// The same behind a space, where there is one.
fn behind(word: Option<&str>) -> String {
    word.map_or_else(String::new, |word| format!(" {}", quoted(word)))
}

/// All that was typed behind a word, but for what is said of the program anyway.
fn all_behind(word: &str, words: &[&str]) -> String {
    let rest = words.iter().skip_while(|typed| **typed != word).skip(1);
    rest.filter(|typed| **typed != "--sandbox").map(|typed| behind(Some(typed))).collect()
}

/// `syncro 32181`, `syncro invoices`, `syncro estimates`, `syncro new`.
fn way_from_nowhere(root: &clap::Command, word: &str, words: &[&str]) -> Option<Way> {
    let way = Way::from(word);
    if word.parse::<TicketArg>().is_ok() {
        return Some(way.to(format!("ticket {}", quoted(word)), "show the ticket"));
    }
    if SHOW.contains(&word) {
        return Some(way_to_page(way, &all_behind(word, words), words));
    }
    if ASSIGN.contains(&word) {
        return Some(way_to_assignee(way, word, words));
    }
    if let Some(path) = folder::only_by_path(word) {
        return Some(way.to(format!("api {path}"), "list them"));
    }
    if let Some(meant) = alike(root, word) {
        return Some(way.to(format!("{}{}", meant.get_name(), all_behind(word, words)), ""));
    }
    let noun = word.strip_suffix('s').and_then(|noun| root.find_subcommand(noun))?;
    noun.find_subcommand("list")?;
    Some(way.to(format!("{} list", noun.get_name()), "list them"))
}

/// `syncro show 32181`, `syncro view quill`, `syncro show`.
fn way_to_page(way: Way, rest: &str, words: &[&str]) -> Way {
    match words.iter().any(|word| word.parse::<TicketArg>().is_ok()) {
        _ if rest.is_empty() => way.to("tickets", "list tickets"),
        true => way.to(format!("ticket{rest}"), "show the ticket"),
        false => way.to(format!("search{rest}"), "search for it"),
    }
}

/// `syncro assign 32181 mika`, `syncro assign mika 32181`, `syncro assign 32181`.
fn way_to_assignee(way: Way, word: &str, words: &[&str]) -> Way {
    let behind_it = words.iter().skip_while(|typed| **typed != word).skip(1);
    let behind_it = behind_it.filter(|typed| !["--sandbox", "--assignee", "to"].contains(typed));
    let (tickets, others): (Vec<&str>, Vec<&str>) =
        behind_it.partition(|typed| typed.parse::<TicketArg>().is_ok());
    let ticket = behind(tickets.first().copied());
    let whose = others.iter().take_while(|typed| !typed.starts_with('-')).copied();
    let whose: Vec<&str> = whose.collect();
    let name = if whose.is_empty() { "me".to_owned() } else { whose.join(" ") };
    let flags: String = others.iter().skip(whose.len()).map(|typed| behind(Some(typed))).collect();
    way.to(format!("update{ticket} --assignee {}{flags}", quoted(&name)), "set its assignee")
}

/// The only command that is nearest to a slip of the finger, with all that was typed behind it.
fn way_from_slip(root: &clap::Command, word: &str, rest: &str) -> Option<Way> {
    let apart = |name: &str| strsim::damerau_levenshtein(name, word);
    let near = root.get_subcommands().map(|sub| sub.get_name());
    let near: Vec<&str> = near.filter(|name| apart(name) == 1).collect();
    match near.as_slice() {
        [name] => Some(Way::from(word).to(format!("{name}{rest}"), "")),
        _ => None,
    }
}

/// `syncro log 32181`, `syncro todo`; `syncro quill`, which is nothing but a name that may be searched for.
fn way_from_words(root: &clap::Command, word: &str, words: &[&str]) -> Option<Way> {
    let rest = all_behind(word, words);
    if let Some((_, line, to)) = MEANT.iter().find(|(all, ..)| all.contains(&word)) {
        return Some(Way::from(word).to(format!("{line}{rest}"), to));
    }
    // A slip of the finger is the near command, which clap names.
    let mut names = root
        .get_subcommands()
        .flat_map(|sub| std::iter::once(sub.get_name()).chain(sub.get_visible_aliases()));
    let is_near = |name: &str| {
        name.len() > 2 && strsim::damerau_levenshtein(name, word) <= 1 + name.len() / 6
    };
    if is_verb(word) || names.any(is_near) {
        return way_from_slip(root, word, &rest);
    }
    let wrong = format!("unrecognized subcommand {word:?}");
    let way = Way { wrong, ..Way::default() };
    Some(way.to(format!("search {}{rest}", quoted(word)), "search for it"))
}

/// `syncro invoice 67410`, `syncro customer quill`, `syncro customer list`, `syncro invoice void 67410`.
fn way_from_noun(
    root: &clap::Command,
    noun: &clap::Command,
    word: &str,
    rest: Option<&str>,
) -> Option<Way> {
    let name = noun.get_name();
    let way = Way::from(&format!("{name} {word}"));
    let plural = format!("{name}s");
    let is_list = LIST.contains(&word);
    if is_list && root.find_subcommand(&plural).is_some() {
        return Some(way.to(plural, "list them"));
    }
    if let Some(verb) = verb_for(noun, word) {
        let line = format!("{name} {}{}", verb.get_name(), behind(rest));
        return Some(way.to(line, "").among(noun));
    }
    if let Some(whole) = root.find_subcommand(format!("{word}-{name}")) {
        return Some(way.to(format!("{}{}", whole.get_name(), behind(rest)), "").among(noun));
    }
    let near = |verb: &&clap::Command| strsim::jaro_winkler(verb.get_name(), word) > 0.8;
    if let Some(verb) = noun.get_subcommands().find(near) {
        let line = format!("{name} {}{}", verb.get_name(), behind(rest));
        return Some(way.to(line, "").among(noun));
    }
    if is_verb(word) {
        return Some(way.among(noun));
    }
    let Some(verb) = noun.find_subcommand("show").or_else(|| noun.find_subcommand("list")) else {
        return Some(way.among(noun));
    };
    let of = verb.get_positionals().next()?;
    if of.get_id() == "ticket" && word.parse::<TicketArg>().is_err() {
        return Some(way.among(noun));
    }
    Some(way.to(format!("{name} {} {}", verb.get_name(), quoted(word)), "show it").among(noun))
}

/// `syncro ticket list`, `syncro ticket show 32181`, `syncro ticket close 32181`, `syncro ticket 32181 close`, `syncro ticket new`.
fn way_from_ticket(
    root: &clap::Command,
    word: &str,
    third: Option<&str>,
    words: &[&str],
) -> Option<Way> {
    let way = Way::from(&format!("ticket {word}"));
    let rest = behind(third);
    if LIST.contains(&word) {
        return Some(way.to("tickets", "list them"));
    }
    if SHOW.contains(&word) {
        return Some(way.to(format!("ticket{rest}"), "show it"));
    }
    if word.parse::<TicketArg>().is_ok() {
        if third.is_some_and(|third| LIST.contains(&third)) {
            return Some(Way::from(&format!("ticket {word}{rest}")).to("tickets", "list them"));
        }
        let verb = root.find_subcommand(third?).or_else(|| alike(root, third?))?;
        let line = format!("{} {}{}", verb.get_name(), quoted(word), all_behind(third?, words));
        return Some(Way::from(&format!("ticket {word}{rest}")).to(line, ""));
    }
    let command = root.find_subcommand(word).or_else(|| alike(root, word))?;
    Some(way.to(format!("{}{rest}", command.get_name()), ""))
}

/// `syncro ticket quill`, `syncro bill quill`: a name where a ticket's number is wanted.
fn way_from_name(
    root: &clap::Command,
    first: &str,
    word: &str,
    error: &clap::Error,
) -> Option<Way> {
    let of_tickets = root.find_subcommand(first)?.get_name() != "invoice";
    if !of_tickets || !word.starts_with(char::is_alphabetic) || word.starts_with("id:") {
        return None;
    }
    let way = Way { wrong: value_error(error, None)?.message, ..Way::default() };
    Some(way.to(format!("tickets --customer {}", quoted(word)), "list a customer's tickets"))
}

/// `syncro contact list quill`: a word behind a list that takes none is whom it is of.
fn way_from_list(root: &clap::Command, words: &[&str], stray: &str) -> Option<Way> {
    let (mut list, mut names, mut after) = (root, Vec::new(), 0);
    for (at, word) in words.iter().enumerate() {
        if let Some(sub) = list.find_subcommand(word) {
            list = sub;
            names.push(sub.get_name());
            after = at + 1;
        }
    }
    let called = names.join(" ");
    let has = |flag: &str| list.get_arguments().any(|arg| arg.get_long() == Some(flag));
    if stray.starts_with('-') || lists::of_command(&called).is_none() {
        return None;
    }
    let way = Way { wrong: format!("unexpected argument {stray:?}"), ..Way::default() };
    match words.get(after..)? {
        // A verb is no name.
        [verb, ..] if *verb == stray && LIST.contains(verb) => {
            let others = kept(words, after, after..after + 1);
            return Some(way.to(format!("{called}{others}"), "list them"));
        }
        [verb, third, ..] if *verb == stray && called == "tickets" && is_verb(verb) => {
            return way_from_ticket(root, verb, Some(third), words);
        }
        _ => {}
    }
    let (is_number, number) = (stray.parse::<TicketArg>().is_ok(), quoted(stray));
    match called.as_str() {
        "tickets" if is_number => return Some(way.to(format!("ticket {number}"), "show it")),
        "invoice list" if is_number => {
            return Some(way.to(format!("invoice show {number}"), "show it"));
        }
        "payment list" if is_number => {
            return Some(way.to(format!("invoice show {number}"), "show an invoice's payments"));
        }
        _ if is_number && has("ticket") => {
            let at = words.iter().rposition(|word| *word == stray)?;
            let others = kept(words, after, at..at + 1);
            return Some(way.to(format!("{called}{others} --ticket {number}"), ""));
        }
        _ if !has("customer") => return None,
        _ => {}
    }
    // All the words around it, but for the value of an option before them; what was said of the customer is a part.
    let at = words.iter().rposition(|word| *word == stray)?;
    let is_flag = |word: &&str| word.starts_with('-');
    let before = words.get(after..at)?;
    let (whole, from) = match before.iter().rposition(is_flag) {
        Some(flag) if before[flag] == "--customer" => (after + flag, after + flag + 1),
        Some(flag) => {
            let value = usize::from(takes_value(list, before[flag]));
            let from = at.min(after + flag + 1 + value);
            (from, from)
        }
        None => (after, after),
    };
    let whose: Vec<&str> =
        words[from..].iter().take_while(|word| !is_flag(word)).copied().collect();
    let to = from + whose.len();
    let others = kept(words, after, whole..to);
    Some(way.to(format!("{called}{others} --customer {}", quoted(&whose.join(" "))), ""))
}

/// What was typed beside the command, which ends at `after`, and the words of a place; and what is said of the program
/// anyway.
fn kept(words: &[&str], after: usize, but: std::ops::Range<usize>) -> String {
    let before = words.get(..after).unwrap_or_default().iter().enumerate();
    // A flag before the command, and its value.
    let is_before = |at: usize| {
        words[at].starts_with('-') || at.checked_sub(1).is_some_and(|at| words[at] == "--profile")
    };
    let before = before.filter(|(at, _)| is_before(*at)).map(|(_, word)| word);
    let behind_it = words.iter().enumerate().skip(after).filter(|(at, _)| !but.contains(at));
    let all = before.chain(behind_it.map(|(_, word)| word));
    all.filter(|word| !["--sandbox", "--"].contains(*word)).map(|word| behind(Some(word))).collect()
}

/// Whether the next word is the value of an option.
fn takes_value(command: &clap::Command, flag: &str) -> bool {
    let long = flag.trim_start_matches('-');
    let mut options = command.get_arguments().filter(|arg| arg.get_long() == Some(long));
    options.any(|arg| arg.get_action().takes_values())
}
