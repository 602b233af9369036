//! Texts that begin as an item of a list does: `-m "- replaced drum"`. No option is called so, but clap takes whatever begins
//! with a hyphen for one; here such a text is written in the way in which it can be none.

use std::ffi::OsString;

use clap::{Arg, Command};

use super::tree::narrow;
use super::usage::named;
use crate::deferred;

/// The same command line, such texts behind their option and a `=`, else behind `--`.
pub(super) fn as_texts(args: Vec<OsString>) -> Vec<OsString> {
    if !args.iter().any(is_item) {
        return args;
    }
    let options = options(&args);
    let (mut before, mut texts, mut line) = (Vec::new(), Vec::new(), args.into_iter());
    for arg in line.by_ref().take_while(|arg| arg != "--") {
        let option =
            before.last_mut().filter(|last: &&mut OsString| is_item(&arg) && takes(&options, last));
        match option {
            Some(option) => {
                option.push("=");
                option.push(arg);
            }
            None if is_item(&arg) => texts.push(arg),
            None => before.push(arg),
        }
    }
    texts.extend(line);
    if !texts.is_empty() {
        before.push("--".into());
    }
    before.extend(texts);
    before
}

/// The arguments that a command line may have: those of the command that it names, and of all.
pub(super) fn options(args: &[OsString]) -> Vec<&'static Arg> {
    let root = narrow(args);
    let words = deferred::follow(root, |root| named(args, root));
    let root: &'static Command = root;
    let called = words.iter().try_fold(root, |command, word| command.find_subcommand(word));
    [Some(root), called].into_iter().flatten().flat_map(Command::get_arguments).collect()
}

/// A hyphen and a space.
fn is_item(arg: &OsString) -> bool {
    let text = arg.to_str().and_then(|arg| arg.strip_prefix('-'));
    text.is_some_and(|text| text.starts_with(char::is_whitespace))
}

/// Whether a word is an option whose value is the next one.
fn takes(options: &[&Arg], word: &OsString) -> bool {
    let Some(name) = word.to_str().and_then(|word| word.strip_prefix('-')) else {
        return false;
    };
    let takes = |is: &dyn Fn(&Arg) -> bool| {
        options.iter().any(|arg| is(arg) && arg.get_action().takes_values())
    };
    match name.strip_prefix('-') {
        Some(long) => takes(&|arg| {
            arg.get_long() == Some(long)
                || arg.get_all_aliases().is_some_and(|names| names.contains(&long))
        }),
        // Of several letters, what is behind the first that takes a value is that value.
        None => {
            let letter = |letter| takes(&|arg| arg.get_short() == Some(letter));
            name.chars().position(letter) == name.chars().count().checked_sub(1) && !name.is_empty()
        }
    }
}
