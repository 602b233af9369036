//! What a command line that cannot be understood is answered with: clap's own words, or where what was meant is plain, the
//! command for it.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::dead_end::dead_end;
use super::tree::{command, narrow, sparse, words};
use super::value_error::value_error;
use crate::config::{Overrides, sandbox_wanted};
use crate::deferred;
use crate::error::{Error, Kind, Result, program};
use crate::help;
use crate::render::{sanitise, wrap};
use crate::texts::Texts;
use crate::ui::{Ui, UiFlags};

/// Says where what a person wrote is, if it was not sent.
pub(super) fn kept(ui: &Ui, texts: &Texts, result: Result<()>) -> Result<()> {
    if result.as_ref().is_err_and(|error| error.kind == Kind::Usage) {
        texts.forget_repeated();
    }
    let (said, use_it) = match texts.left_with_hint() {
        Ok(None) => return result,
        Ok(Some((path, hint))) => (format!("your text is kept in {}", path.display()), hint),
        Err(error) => (format!("your text could not be kept: {error}"), None),
    };
    match result {
        Err(error) => Err(use_it.into_iter().fold(error.hint(said), Error::hint)),
        Ok(()) => {
            ui.note(&said);
            Ok(())
        }
    }
}

/// Whether a command was left before its end.
pub(super) fn was_ended(result: &Result<()>) -> bool {
    let ended = |error: &Error| matches!(error.kind, Kind::Interrupted | Kind::Cancelled);
    result.as_ref().is_err_and(ended)
}

/// Says what went wrong, if something did.
pub(super) fn ended(ui: &Ui, result: Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui.error(&error);
            ExitCode::from(error.kind.exit_code())
        }
    }
}

/// The terminal of a command line that cannot be understood.
pub(super) fn ui(args: &[OsString]) -> Ui {
    let has = |flag: &str| args.iter().any(|arg| arg == flag);
    Ui::new(UiFlags {
        json: has("--json") || has("--jq"),
        quiet: has("--quiet") || has("-q"),
        no_color: has("--no-color"),
        ..UiFlags::default()
    })
}

/// What such a command line says of the settings; `syncro sandbox` has those of the practice server.
pub(super) fn overrides(args: &[OsString]) -> Overrides {
    let words = words(args);
    let typed = Overrides::in_words(&words);
    let practices = words.iter().any(|word| word == "sandbox");
    Overrides { sandbox: typed.sandbox || practices, ..typed }
}

/// clap's own words for help and usage errors; as JSON where that was asked for.
pub(super) fn answered(ui: &Ui, args: &[OsString], mut error: clap::Error) -> ExitCode {
    if let Some(page) = asked_page(args, &error, ui) {
        return shown(ui, &error, &page);
    }
    let styled = error.render();
    if !error.use_stderr() {
        let text = if ui.colour() { styled.ansi().to_string() } else { styled.to_string() };
        return ended(ui, ui.stdout(&text));
    }
    let root = command();
    if let Some(error) = dead_end(args, &root, &error).or_else(|| value_error(&error, None)) {
        return ended(ui, Err(error));
    }
    // Where a text may stand, clap proposes to pass a misspelled option as one, which might be mailed.
    if let Some(ContextValue::String(unknown)) = error.get(ContextKind::InvalidArg)
        && error.kind() == ErrorKind::UnknownArgument
        && named_before(args, root, unknown).get_positionals().next().is_some()
    {
        error.remove(ContextKind::Suggested);
    }
    if let Some(error) = unknown_option(args, &error) {
        return ended(ui, Err(error));
    }
    without_short_names(&mut error);
    let styled = error.render();
    let within = |text: String| match ui.preview_width() {
        Some(width) => text.lines().map(|line| broken(line, width)).collect(),
        None => text,
    };
    if ui.flags().json {
        ui.error(&Error::usage(styled.to_string().trim_start_matches("error: ").trim()));
    } else if args.iter().any(|arg| arg.to_string_lossy().chars().any(sanitise::is_unsafe)) {
        // What was typed stands in the message: no sequence of it may pass for one of clap's styles.
        ui.preview(&within(sanitise::text(&styled.to_string())));
    } else if ui.preview_colour() {
        ui.preview(&within(styled.ansi().to_string()));
    } else {
        ui.preview(&within(styled.to_string()));
    }
    ExitCode::from(Kind::Usage.exit_code())
}

/// The error for an option that a command does not have, with the one that was meant or the way to all of them. One that a
/// command below has is left to clap, and so is a word that is no option.
fn unknown_option(args: &[OsString], error: &clap::Error) -> Option<Error> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    let is_left =
        error.kind() != ErrorKind::UnknownArgument || error.get(ContextKind::Suggested).is_some();
    let option = said(ContextKind::InvalidArg).filter(|word| !is_left && word.starts_with('-'))?;
    let wrong = Error::usage(format!("unexpected argument '{option}'"));
    if let Some(near) = said(ContextKind::SuggestedArg) {
        return Some(wrong.hint(format!("did you mean {near}?")));
    }
    let mut page = vec!["help".to_owned()];
    page.extend(named(args, &command()));
    let is_sandbox = sandbox_wanted(words(args).iter().any(|word| word == "--sandbox"));
    let called = program(is_sandbox.unwrap_or(false), None, None);
    Some(wrong.next(page.join(" "), "list the options").called(&called))
}

/// A line of clap's within `width`: what is longer goes on two columns in.
fn broken(line: &str, width: usize) -> String {
    let indent = line.len() - line.trim_start().len() + 2;
    format!("{}\n", wrap::styled(line, width, 0, indent))
}

/// Leaves the one-letter names of commands out of what clap proposes: any word is similar to them.
fn without_short_names(error: &mut clap::Error) {
    let Some(ContextValue::Strings(mut names)) = error.remove(ContextKind::SuggestedSubcommand)
    else {
        return;
    };
    names.retain(|name| name.chars().nth(1).is_some());
    if !names.is_empty() {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(names));
    }
}

/// The page that was asked for, or that answers a noun without a verb.
fn asked_page(args: &[OsString], error: &clap::Error, ui: &Ui) -> Option<clap::builder::StyledStr> {
    let is_help = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => true,
        // `syncro invoice help`
        _ => matches!(
            error.get(ContextKind::InvalidSubcommand),
            Some(ContextValue::String(word)) if word == "help"
        ),
    };
    let described = is_help.then(|| narrow(args))?;
    let words = deferred::follow(described, |root| named(args, root));
    let described = std::mem::take(described);
    // What answers a noun without a verb goes to stderr.
    let width = match error.use_stderr() {
        true => ui.preview_width(),
        false => ui.width(),
    };
    match words.is_empty() {
        true => Some(help::program(described, sparse(), width)),
        false => help::page(described, &words, width),
    }
}

/// The command that the words name, however far they do; the values of options are none of them.
pub(super) fn named(args: &[OsString], root: &clap::Command) -> Vec<String> {
    let (mut command, mut names) = (root, Vec::new());
    let mut words = args.iter().skip(1).filter_map(|arg| arg.to_str());
    while let Some(word) = words.next() {
        let long = word.strip_prefix("--").unwrap_or("");
        let mut options = root.get_arguments().chain(command.get_arguments());
        let takes =
            |arg: &clap::Arg| arg.get_long() == Some(long) && arg.get_action().takes_values();
        if options.any(takes) {
            words.next();
        } else if let Some(sub) = command.find_subcommand(word) {
            command = sub;
            names.push(sub.get_name().to_owned());
        }
    }
    names
}

/// Prints a page: an answer where it was asked for, and else the reason of exit 2.
fn shown(ui: &Ui, error: &clap::Error, page: &clap::builder::StyledStr) -> ExitCode {
    let text = |colour: bool| match colour {
        true => page.ansi().to_string(),
        false => page.to_string(),
    };
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        ui.preview(&text(ui.preview_colour()));
        return ExitCode::from(Kind::Usage.exit_code());
    }
    ended(ui, ui.stdout(&text(ui.colour())))
}

/// The command that the arguments before an unknown one name, or the whole program.
fn named_before(args: &[OsString], root: clap::Command, unknown: &str) -> clap::Command {
    let mut command = root;
    let known = |arg: &&OsString| !arg.to_string_lossy().starts_with(unknown);
    for arg in args.iter().skip(1).take_while(known) {
        if let Some(sub) = command.find_subcommand(arg).cloned() {
            command = sub;
        }
    }
    command
}
