//! A command line that lacks something, on a terminal: what it lacks is asked for, added to it, and the whole is understood
//! anew. Which arguments can be asked for, and from where, is `commands::asking`'s.

use std::cell::Cell;
use std::ffi::OsString;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, FromArgMatches};

use super::tree::{Cli, Global, Missing, called, command, is_offline, is_setup, parse, words};
use super::value_error::value_error;
use super::written;
use crate::api::Record;
use crate::api::resources::customers::Customer;
use crate::commands::asking::other::customer_meant;
use crate::commands::asking::setting::answer;
use crate::commands::asking::there::{There, its_own, meant, there};
use crate::commands::asking::{self, Ask, Field, Question, Word};
use crate::commands::resolve::{self, CustomerArg, may_mean};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::texts::{Answers, Kept, Place};
use crate::ui::{Ui, UiFlags};
use crate::workflow::{self, Approval};

/// The command line as far as it is understood, if there is somebody to ask for all that it lacks.
pub(super) fn of(args: &[OsString], parsed: &clap::error::Result<Cli>) -> Option<Cli> {
    let is_lacking = match parsed {
        Ok(cli) => !asking::wanted(&cli.called, |_| false).is_empty() && !cli.global.yes,
        Err(error) => error.kind() == ErrorKind::MissingRequiredArgument,
    };
    if !is_lacking || !Ui::new(UiFlags::default()).is_interactive() {
        return None;
    }
    let matches = understood(args)?;
    // What can be picked is the account's own.
    if is_offline(&matches) {
        return None;
    }
    let global = Global::from_arg_matches(&matches).ok().filter(|global| !global.yes)?;
    let called = called(&matches);
    let mut root = command();
    root.build();
    let all = matches;
    let mut deepest = (&root, &all);
    while let Some((name, below)) = deepest.1.subcommand() {
        deepest = (deepest.0.find_subcommand(name)?, below);
    }
    let (command, matches) = deepest;
    let mut gaps = Vec::new();
    for arg in
        command.get_arguments().filter(|arg| arg.is_required_set() && !is_given(matches, arg))
    {
        gaps.push((asking::required(&called, arg.get_id().as_str())?, vec![field(arg)]));
    }
    let find = |id: &str| command.get_arguments().find(|arg| arg.get_id() == id);
    let has = |id: &str| find(id).is_some_and(|arg| is_given(matches, arg));
    for (id, ask, of) in asking::wanted(&called, has) {
        let ids = if id.is_empty() { of } else { &[id] };
        let shown = ids.iter().copied().filter_map(find).filter(|arg| !arg.is_hide_set());
        gaps.push((ask, shown.map(field).collect()));
    }
    if gaps.is_empty() {
        return None;
    }
    let own = |arg: &&Arg| is_given(matches, arg) && !arg.is_global_set();
    let given = command.get_arguments().filter(own).filter_map(|arg| {
        let id = arg.get_id().as_str();
        let value = matches.try_get_raw(id).ok()??.next()?;
        Some((id.to_owned(), value.to_string_lossy().into_owned()))
    });
    let given = given.collect();
    let is_other = |arg: &&Arg| !is_given(matches, arg) && !arg.is_global_set();
    let others = command.get_arguments().filter(is_other).map(field).collect();
    let (args, of) = (args.to_vec(), called.clone());
    let missing = Some(Missing { args, called: of, gaps, given, others });
    let written = written::of(&root, &all, &called);
    let (command, typed, offline) = (None, Vec::new(), false);
    Some(Cli { global, command, typed, called, written, offline, missing })
}

/// A command line as far as it is understood.
fn understood(args: &[OsString]) -> Option<ArgMatches> {
    command().ignore_errors(true).try_get_matches_from(args).ok()
}

/// What a command line gives for an argument, as it is typed there.
fn value_in(args: &[OsString], arg: &str) -> Option<OsString> {
    let all = understood(args)?;
    let mut command = &all;
    while let Some((_, below)) = command.subcommand() {
        command = below;
    }
    command.try_get_raw(arg).ok()??.next().map(OsString::from)
}

fn is_given(matches: &ArgMatches, arg: &Arg) -> bool {
    let id = arg.get_id().as_str();
    let by_hand = Some(clap::parser::ValueSource::CommandLine);
    matches.try_contains_id(id).unwrap_or(false) && matches.value_source(id) == by_hand
}

fn field(arg: &Arg) -> Field {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let flag = arg.get_long().filter(|_| !arg.is_positional());
    Field {
        id: arg.get_id().to_string(),
        flag: flag.map(|long| format!("--{long}")),
        help: help.lines().next().unwrap_or_default().to_owned(),
        is_switch: !arg.get_action().takes_values(),
    }
}

/// Asks for what is missing; the whole command line.
///
/// # Errors
/// Those of the questions; exit 2 where what was answered fits no command.
pub(super) async fn ask(mut lacking: Missing, ctx: &Context) -> Result<Cli> {
    let place = match asking::keeps(&lacking.called) && !ctx.how().dry_run {
        true => Some(ctx.place(&lacking.called, 0)?.form()),
        false => None,
    };
    let is_setup = is_setup(&lacking.called);
    let mut customer = match is_setup {
        true => None,
        false => customer(ctx, &mut lacking).await?,
    };
    // What is kept names the record by its id.
    if let Some((noun, id)) = meant(ctx, &lacking.called, &lacking.given, customer.as_ref()).await?
    {
        becomes_id(&mut lacking, noun, &id);
    }
    let mut kept = kept(ctx, place.as_ref(), &lacking, customer.as_ref()).await?;
    again(ctx, &mut lacking, kept.as_ref());
    let mut there = There::default();
    if !is_setup {
        there = self::there(ctx, &lacking.given).await?;
        its_own(ctx, &lacking.called, &lacking.given, customer.as_ref()).await?;
    }
    let mut answers: Answers = lacking.given.clone().into_iter().collect();
    let mut is_written = false;
    for (ask, fields) in std::mem::take(&mut lacking.gaps) {
        let typed = lacking.args.clone();
        let check = move |word: &Word| checked(&typed, word);
        let said_before = |field: &Field| {
            let value = kept.as_ref()?.answer(&field.id)?.to_owned();
            Some(Word { flag: field.flag.clone(), value })
        };
        let before = fields.iter().find_map(said_before);
        let before = match before.filter(|word| check(word).is_ok()) {
            None if ask == Ask::Change => change(ctx, &lacking, &fields).await?,
            before => before,
        };
        let ids: Vec<_> = fields.iter().map(|one| (one.flag.clone(), one.id.clone())).collect();
        let words = match before {
            Some(word) => vec![word],
            None => {
                let given = &lacking.given;
                let written = Cell::new(is_written);
                let check = Arc::new(check);
                let question = Question { ask, fields, given, there: &there, check, written };
                let words = Box::pin(answer(ctx, &question)).await?;
                is_written = question.written.get();
                words
            }
        };
        if let Some(word) = words.first() {
            let id = ids.iter().find(|(flag, _)| *flag == word.flag).map(|(_, id)| id.clone());
            let id = id.or_else(|| ids.first().map(|(_, id)| id.clone())).unwrap_or_default();
            lacking.given.insert(id.clone(), word.value.clone());
            answers.push((id, word.value.clone()));
        }
        // What was only chosen is chosen as quickly again; a text of a change waits by itself.
        let is_text = answers.last().is_some_and(|(id, _)| ctx.texts().is_text(id));
        let is_held = kept.is_none() && is_written && !is_text;
        if let Some(place) = place.as_ref().filter(|_| is_held) {
            ctx.texts().hold_form(place, "", answers.clone(), true);
        }
        let is_customer = ask == Ask::Customer;
        for word in words {
            if let Some(name) = word.flag.as_ref().filter(|_| word.value.is_empty()) {
                let name = name.trim_start_matches('-').to_owned();
                lacking.given.insert(name, Word::GIVEN.to_owned());
            }
            add(&mut lacking.args, word);
        }
        if is_customer && kept.is_none() {
            customer = self::customer(ctx, &mut lacking).await?;
            kept = self::kept(ctx, place.as_ref(), &lacking, customer.as_ref()).await?;
            again(ctx, &mut lacking, kept.as_ref());
            its_own(ctx, &lacking.called, &lacking.given, customer.as_ref()).await?;
        }
    }
    let cli = parse(&lacking.args).map_err(|error| Error::usage(said(&error, None)))?;
    Ok(Cli { typed: words(&lacking.args), ..cli })
}

/// What is wrong with a word that is added to a command line; what still lacks is not.
fn checked(args: &[OsString], word: &Word) -> std::result::Result<(), String> {
    let mut args = args.to_vec();
    add(&mut args, word.clone());
    match parse(&args) {
        Err(error) if error.kind() != ErrorKind::MissingRequiredArgument => {
            // Whoever was asked for it has typed no flag.
            Err(said(&error, word.flag.as_deref()))
        }
        _ => Ok(()),
    }
}

/// Takes the flags that were given before, where this command line has no other; a text waits by itself.
fn again(ctx: &Context, lacking: &mut Missing, kept: Option<&Kept>) {
    let asked = |id: &str| lacking.gaps.iter().any(|(_, of)| of.iter().any(|one| one.id == id));
    // What a guard asks is asked again.
    let is_guard = |id: &str| Guard::ALL.iter().filter_map(|one| one.flag()).any(|flag| flag == id);
    let is_other = |field: &&Field| {
        !asked(&field.id) && !is_guard(&field.id) && !ctx.texts().is_text(&field.id)
    };
    let given = lacking.others.iter().filter(is_other).filter_map(|field| {
        let value = kept?.answer(&field.id)?;
        Some((field.id.clone(), value.to_owned(), Word::again(field, value)?))
    });
    let given: Vec<(String, String, Word)> = given.collect();
    for (id, value, word) in given {
        if checked(&lacking.args, &word).is_ok() {
            add(&mut lacking.args, word);
            lacking.given.insert(id, value);
        }
    }
}

/// The text that waits for this record, where it is one of the fields that may be changed and a person wants it.
async fn change(ctx: &Context, lacking: &Missing, fields: &[Field]) -> Result<Option<Word>> {
    let field = fields.iter().find(|field| ctx.texts().is_text(&field.id));
    let Some((field, early)) = field.zip(ctx.texts().early()) else { return Ok(None) };
    let about = workflow::about_field(field.name(), lacking.given.get("ticket"));
    // As the record was typed, and as it is meant.
    let mut root = command();
    root.build();
    let now = understood(&lacking.args).and_then(|all| written::of(&root, &all, &lacking.called));
    let now = now.map(|now| now.place(ctx)).transpose()?;
    let now = now.filter(|now| *now != early.place);
    for place in std::iter::once(early.place).chain(now) {
        let text = workflow::waiting(ctx, &Approval::of(ctx), &place, Some(about.clone())).await?;
        if let Some(value) = text {
            return Ok(Some(Word { flag: field.flag.clone(), value }));
        }
    }
    Ok(None)
}

/// What was answered before and not sent, if it fits what is given and a person wants it.
async fn kept(
    ctx: &Context,
    place: Option<&Place>,
    lacking: &Missing,
    customer: Option<&Record<Customer>>,
) -> Result<Option<Kept>> {
    let Some(place) = place else { return Ok(None) };
    let is_so = |kept: &Kept| {
        lacking.given.iter().all(|(id, value)| match (customer, kept.answer(id)) {
            (Some(customer), Some(typed)) if id == CUSTOMER => may_mean(typed, customer),
            (_, answer) => answer.is_some_and(|answer| without_mark(answer) == without_mark(value)),
        })
    };
    match ctx.texts().waiting(place, is_so) {
        Some(kept) if workflow::offered(ctx, place, &kept, None).await? => Ok(Some(kept)),
        _ => Ok(None),
    }
}

/// A number is the same with its mark.
fn without_mark(typed: &str) -> &str {
    typed.trim_start_matches('#')
}

/// The argument that a form is found again by, however it is typed.
const CUSTOMER: &str = "customer";

/// The customer that is given, who has the id from now on in place of what was typed.
async fn customer(ctx: &Context, lacking: &mut Missing) -> Result<Option<Record<Customer>>> {
    let Some(typed) = lacking.given.get(CUSTOMER) else { return Ok(None) };
    let reader = ctx.reader()?;
    let customer = match typed.parse::<CustomerArg>() {
        // Chosen here, and shown.
        Ok(known @ CustomerArg::Id(_)) => resolve::customer(ctx, &reader, &known).await?,
        _ => customer_meant(ctx, &reader, typed).await?,
    };
    let id = customer.id.to_string();
    becomes_id(lacking, CUSTOMER, &id);
    Ok(Some(customer))
}

/// What was typed for a record gives way to the id of what was meant. Another word may be spelled the same, in a text that is
/// mailed: only the one that is understood as the record is replaced.
fn becomes_id(lacking: &mut Missing, arg: &str, id: &str) {
    let Some(typed) = lacking.given.get_mut(arg) else { return };
    let id = format!("id:{id}");
    let replaced = (1..lacking.args.len()).find_map(|at| {
        let mut args = lacking.args.clone();
        *args.get_mut(at).filter(|word| word.to_str() == Some(typed))? = id.clone().into();
        value_in(&args, arg).filter(|found| found.to_str() == Some(&id)).and(Some(args))
    });
    if let Some(args) = replaced {
        lacking.args = args;
        *typed = id;
    }
}

/// clap's first line, which says what is wrong.
fn said(error: &clap::Error, untyped: Option<&str>) -> String {
    if let Some(error) = value_error(error, untyped) {
        return error.message;
    }
    let text = error.render().to_string();
    let first = text.lines().next().unwrap_or_default();
    first.trim_start_matches("error: ").to_owned()
}

/// Adds a word where it is understood: flags before a `--`, what could be taken for one behind it.
fn add(args: &mut Vec<OsString>, Word { flag, value }: Word) {
    let end = args.iter().position(|arg| arg == "--");
    match flag {
        Some(flag) => {
            let at = end.unwrap_or(args.len());
            let word = if value.is_empty() { flag } else { format!("{flag}={value}") };
            args.insert(at, word.into());
        }
        None => {
            if value.starts_with('-') && end.is_none() {
                args.push("--".into());
            }
            args.push(value.into());
        }
    }
}
