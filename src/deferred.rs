//! What is described only once its command has been typed: describing the verbs and the overrides of all commands is most
//! of what a start would cost. Hints have the whole description, pages and completions that of the command they are for.

use std::cell::RefCell;
use std::iter;
use std::ops::Deref;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand};

/// What is left out of a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Waits {
    Nothing,
    /// Verbs and overrides, until clap comes to them.
    Verbs,
    /// The same, and of all commands but these everything except their names. clap cannot come to it: it would find the
    /// global options there already, and with them those that a command has in their place.
    AllBut(Vec<String>),
}

thread_local! {
    static WAITS: RefCell<Waits> = const { RefCell::new(Waits::Nothing) };
}

/// Makes a description in which so much waits.
pub(crate) fn sparse(waits: Waits, describe: impl FnOnce() -> Command) -> Command {
    WAITS.set(waits);
    let command = describe();
    WAITS.set(Waits::Nothing);
    command
}

/// Describes the command that `names` finds, and gives its names back. What is described of a noun may find a verb, so that
/// they are looked for until there are no more.
pub(crate) fn follow(root: &mut Command, names: impl Fn(&Command) -> Vec<String>) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let more = names(root);
        if more.len() == found.len() {
            return found;
        }
        let line = iter::once("syncro").chain(more.iter().map(String::as_str));
        // clap describes what it comes to; whether that is enough for a command line does not matter here.
        let _unused = root.try_get_matches_from_mut(line);
        found = more;
    }
}

/// Adds to the description of a command, at once or when clap comes to the command. A command waits for one thing only.
pub(crate) fn defer(command: Command, more: fn(Command) -> Command) -> Command {
    match WAITS.with_borrow(|waits| *waits == Waits::Nothing) {
        true => more(command),
        false => command.defer(more),
    }
}

/// The verb of a noun, or the arguments of a command; clap learns of verbs when it comes to the noun.
#[derive(Debug, Clone, Default)]
pub struct Deferred<V>(V);

impl<V> Deref for Deferred<V> {
    type Target = V;

    fn deref(&self) -> &V {
        &self.0
    }
}

impl<V: Subcommand> Subcommand for Deferred<V> {
    fn augment_subcommands(command: Command) -> Command {
        defer(command, V::augment_subcommands)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        V::augment_subcommands_for_update(command)
    }

    fn has_subcommand(name: &str) -> bool {
        V::has_subcommand(name)
    }
}

impl<V: Args> Args for Deferred<V> {
    fn augment_args(command: Command) -> Command {
        let is_left_out = WAITS.with_borrow(|waits| match waits {
            Waits::Nothing | Waits::Verbs => false,
            Waits::AllBut(named) => named.iter().all(|name| name != command.get_name()),
        });
        match is_left_out {
            true => command,
            false => V::augment_args(command),
        }
    }

    fn augment_args_for_update(command: Command) -> Command {
        V::augment_args_for_update(command)
    }
}

impl<V: FromArgMatches> FromArgMatches for Deferred<V> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        V::from_arg_matches(matches).map(Self)
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<Self, Error> {
        V::from_arg_matches_mut(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}
