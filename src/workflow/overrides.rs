//! The override flags of a command, made of the list of guards.

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::deferred;
use crate::operations::{Allowed, Guard};

/// The heading of flags that answer guards, in help texts.
pub const HEADING: &str = "Guard overrides";

/// The guards of a command as the bits of its type: `Overrides<{ guards(&[Guard::Zero, Guard::Large]) }>`.
#[must_use]
pub const fn guards(list: &[Guard]) -> u64 {
    let (mut bits, mut at) = (0, 0);
    while at < list.len() {
        bits |= 1 << list[at] as u32;
        at += 1;
    }
    bits
}

/// Guard overrides, a flag each; which ones a command offers is part of the type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides<const GUARDS: u64> {
    /// Those that were given.
    pub allowed: Allowed,
}

/// Those of a set that have a flag, with its name.
fn offered(set: u64) -> impl Iterator<Item = (Guard, &'static str)> {
    let of_set = Guard::ALL.iter().filter(move |guard| set & guards(&[**guard]) != 0);
    of_set.filter_map(|guard| Some((*guard, guard.flag()?)))
}

fn arg((guard, flag): (Guard, &'static str)) -> Arg {
    let arg = Arg::new(flag).long(flag).help(guard.help());
    arg.action(ArgAction::SetTrue).help_heading(HEADING)
}

impl<const GUARDS: u64> clap::Args for Overrides<GUARDS> {
    fn augment_args(command: Command) -> Command {
        // Described only where the command was typed. One stands before the global options join, and so does the heading.
        let first = offered(GUARDS).next().map(arg);
        deferred::defer(command.args(first), |command| {
            command.args(offered(GUARDS).skip(1).map(arg))
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const GUARDS: u64> clap::FromArgMatches for Overrides<GUARDS> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = offered(GUARDS).filter(|(_, flag)| matches.get_flag(flag));
        Ok(Self { allowed: given.map(|(guard, _)| guard).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}
