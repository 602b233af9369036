//! Words that are meant as options and spelled as none: an editor makes one dash of two hyphens, and of two hyphens one is
//! typed. As a text, or as the value of a short option, they might be emailed.

use std::ffi::OsString;

use clap::Arg;

use super::item::options;
use crate::error::Error;

/// What editors make of hyphens.
const DASHES: [char; 7] =
    ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}', '\u{2015}', '\u{2212}'];

/// Fewer letters are near to too much.
const FEWEST: usize = 4;

/// The error for the first such word.
pub(super) fn misspelled(args: &[OsString]) -> Option<Error> {
    let words = args.iter().skip(1).map(|arg| arg.to_str().unwrap_or_default());
    let words = words.take_while(|word| *word != "--");
    let mut words = words.filter(|word| name(word).is_some()).peekable();
    words.peek()?;
    let options = options(args);
    words.find_map(|word| wrong(word, &options))
}

/// What a word would be called as an option, if it may be meant as one.
fn name(word: &str) -> Option<&str> {
    let rest = word.strip_prefix(|sign| sign == '-' || DASHES.contains(&sign))?;
    let name = rest.trim_start_matches(|sign| sign == '-' || DASHES.contains(&sign));
    let is_option = word.starts_with("--") || word.starts_with('-') && rest.len() < 2;
    let begins = name.starts_with(|sign: char| sign.is_ascii_alphabetic());
    (!is_option && begins && !word.contains(char::is_whitespace))
        .then(|| name.split_once('=').map_or(name, |(name, _)| name))
}

fn wrong(word: &str, options: &[&'static Arg]) -> Option<Error> {
    let name = name(word)?;
    let mut letters = name.chars();
    let letter = letters.next().filter(|_| letters.next().is_none());
    let near = match letter {
        // One behind a hyphen is a short option, with its value.
        Some(_) if word.starts_with('-') => None,
        Some(letter) => short(options, letter).map(|_| format!("-{letter}")),
        None => near(options, name)
            // A short option may have its value behind it: -fname=Ada.
            .filter(|near| !word.starts_with('-') || near.chars().next() == name.chars().next())
            .map(|near| format!("--{near}")),
    };
    if near.is_none() && !(word.starts_with('-') && asks_for_help(options, name)) {
        return None;
    }
    let wrong = Error::usage(format!("unexpected argument '{word}'"));
    let wrong = match near {
        Some(near) => wrong.hint(format!("did you mean {near}?")),
        None => wrong,
    };
    Some(wrong.hint("to use it as text, type it after --, or behind = where an option takes it"))
}

fn short(options: &[&'static Arg], letter: char) -> Option<&'static Arg> {
    options.iter().find(|arg| arg.get_short() == Some(letter)).copied()
}

/// The option that is called so, or nearly.
fn near(options: &[&'static Arg], name: &str) -> Option<&'static str> {
    let names = options.iter().flat_map(|arg| {
        arg.get_long().into_iter().chain(arg.get_all_aliases().into_iter().flatten())
    });
    let apart = |long: &'static str| (strsim::damerau_levenshtein(long, name), long);
    let (apart, near) = names.map(apart).min()?;
    let most = if name.len() < FEWEST { 0 } else { 1 + name.len() / 6 };
    (apart <= most).then_some(near)
}

/// Whether letters behind one hyphen, which are not all options, would print the help: the rest would not be looked at.
fn asks_for_help(options: &[&'static Arg], letters: &str) -> bool {
    let mut asks = false;
    for letter in letters.chars() {
        match short(options, letter) {
            Some(arg) if arg.get_action().takes_values() => return false,
            _ if ['h', 'V'].contains(&letter) => asks = true,
            Some(_) => {}
            None => return asks,
        }
    }
    false
}
