//! What is said of a value that does not do: one form, whatever clap or its parser says of it.

use clap::error::{ContextKind, ContextValue};

use crate::api::secret::{self, MASK};
use crate::error::{Error, InvalidValue};

/// The error for a value that does not do, in the one form of all: `--limit: invalid value "x": use …`. A flag
/// that is `untyped` is not named.
pub(super) fn value_error(error: &clap::Error, untyped: Option<&str>) -> Option<Error> {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let (typed, arg) = (said(ContextKind::InvalidValue)?, said(ContextKind::InvalidArg)?);
    let secret = typed.split_once('=').filter(|(name, _)| secret::is_secret(name));
    let masked = secret.map(|(name, _)| format!("{name}={MASK}"));
    let typed = masked.as_deref().unwrap_or(typed);
    let source = std::error::Error::source(error);
    let is_whole = source.is_some_and(<dyn std::error::Error>::is::<InvalidValue>);
    let use_it = match (error.get(ContextKind::ValidValue), source) {
        (Some(ContextValue::Strings(words)), _) if !typed.is_empty() => {
            format!("use {}", one_of(words))
        }
        // The parser's own words say nothing of what to type.
        (_, Some(source)) if source.is::<std::num::ParseIntError>() => {
            "use digits, like 30".to_owned()
        }
        (_, Some(source)) => source.to_string(),
        _ => return None,
    };
    let flag = arg.strip_prefix("--").and_then(|flag| flag.split(' ').next());
    let text = match (flag, is_whole) {
        (Some(_), true) if untyped.is_some_and(|untyped| arg.starts_with(untyped)) => use_it,
        (Some(_), false) if untyped.is_some_and(|untyped| arg.starts_with(untyped)) => {
            format!("invalid value {typed:?}: {use_it}")
        }
        (Some(flag), true) => format!("--{flag}: {use_it}"),
        (Some(flag), false) => format!("--{flag}: invalid value {typed:?}: {use_it}"),
        (None, true) => use_it,
        (None, false) => {
            let name = arg.trim_matches(['<', '>', '[', ']', '.']).to_lowercase();
            format!("invalid {name} {typed:?}: {use_it}")
        }
    };
    let error = Error::usage(text);
    Some(match said(ContextKind::SuggestedValue) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error,
    })
}

/// `a, b or c`.
fn one_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
