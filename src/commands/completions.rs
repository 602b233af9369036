//! `syncro completions <shell>`: the completion script of a shell, and what the script asks: the candidates at a cursor,
//! from the command line's own description and from what lists have shown or a sync has read. Never from the network.

use std::ffi::OsString;

use crate::account::offers::Offers;
use crate::completion::shells::{Bash, Shell};
use crate::completion::{self, Asked, Typed, Values, candidates};
use crate::config::{Overrides, Unit};
use crate::context::{Context, Start, settings_of};
use crate::deferred;
use crate::error::Result;

/// Print a shell completion script
///
/// Completes commands, flags and values: ticket numbers, customers, statuses and other names from the lists that you
/// printed, or `syncro sync` read, within a day. It never makes a request.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  mkdir -p ~/.local/share/bash-completion/completions ~/.zfunc ~/.config/fish/completions
  syncro completions bash > ~/.local/share/bash-completion/completions/syncro
  syncro completions zsh > ~/.zfunc/_syncro
  syncro completions fish > ~/.config/fish/completions/syncro.fish
  eval (syncro completions elvish | slurp)
  syncro completions powershell | Out-String | Invoke-Expression

bash needs the package bash-completion; without it, in ~/.bashrc: eval \"$(syncro completions bash)\"
zsh reads ~/.zfunc with this line in ~/.zshrc, before compinit: fpath+=~/.zfunc
elvish and PowerShell: the line above, in rc.elv or in $PROFILE")]
pub struct CompletionsArgs {
    /// Shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
    /// Answer the script: the words before the cursor, then `=` and the word under it
    #[arg(long, hide = true)]
    answer: bool,
    /// Nothing may stand behind a candidate
    #[arg(long, hide = true)]
    insert: bool,
    /// The words; for bash the whole line
    #[arg(last = true, hide = true)]
    words: Vec<OsString>,
}

/// Runs `syncro completions` for the command line that is described.
///
/// # Errors
/// When stdout cannot be written.
pub fn run(start: &Start, args: &CompletionsArgs, command: &mut clap::Command) -> Result<()> {
    match args.answer {
        true => start.ui.stdout(&answer(start, args, command)),
        false => start.ui.stdout(args.shell.script()),
    }
}

/// What is offered at the cursor.
fn answer(start: &Start, args: &CompletionsArgs, root: &mut clap::Command) -> String {
    let words: Vec<String> =
        args.words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let (last, before) =
        words.split_last().map_or(("", &[][..]), |(last, before)| (&**last, before));
    let current = last.strip_prefix('=').unwrap_or(last);
    let (typed, bash) = match args.shell {
        Shell::Bash => {
            let mut typed = Typed::of(before.first().map_or("", String::as_str));
            // The program's own name.
            typed.words.drain(..1.min(typed.words.len()));
            let bash = Bash {
                open: typed.open,
                keeps_flag: current.starts_with('-'),
                inserts: args.insert,
            };
            (typed, bash)
        }
        _ => {
            let words = before.to_vec();
            let current = current.to_owned();
            (Typed { words, current, open: None }, Bash::default())
        }
    };
    describe(root, &typed.words);
    let account = account(start, &typed.words);
    let offers = account.as_ref().map(Offers::read);
    let all_labor = |unit| account.as_ref().map(|one| labor(one, unit)).unwrap_or_default();
    let known = |values: Values| match values {
        Values::Offered(what) => offers.as_ref().map(|offers| offers.of(what)).unwrap_or_default(),
        Values::Labor => all_labor(None),
        Values::Hourly => all_labor(Some(Unit::Hour)),
        Values::Columns
        | Values::Settings
        | Values::SettingWords
        | Values::Records
        | Values::Help
        | Values::Commands
        | Values::Files => Vec::new(),
    };
    let asked = Asked { root, words: &typed.words, current: &typed.current };
    args.shell.answer(&candidates(&asked, &known), bash)
}

/// Describes the command of the line; behind `help` and `man` stands another.
fn describe(root: &mut clap::Command, words: &[String]) {
    let path = deferred::follow(root, |root| completion::path(root, words));
    let rest = words.get(path.len()..).unwrap_or_default();
    deferred::follow(root, |root| completion::path(root, rest));
}

/// The account that the line is for, if its settings can be read: no request is made, and no key command run.
fn account(start: &Start, words: &[String]) -> Option<Context> {
    let typed = Overrides::in_words(words);
    let overrides = Overrides {
        config: typed.config.or_else(|| start.overrides.config.clone()),
        profile: typed.profile.or_else(|| start.overrides.profile.clone()),
        sandbox: start.overrides.sandbox || typed.sandbox,
    };
    let settings = settings_of(&overrides).ok()?;
    Some(start.context(settings))
}

/// The configured labor types, or those of one unit.
fn labor(account: &Context, unit: Option<Unit>) -> Vec<(String, String)> {
    let labor = account.settings().labor.iter();
    let labor = labor.filter(|one| unit.is_none_or(|unit| one.unit == unit));
    let called = |name: &Option<String>| name.clone().unwrap_or_default();
    labor.map(|one| (one.key.clone(), called(&one.name))).collect()
}
