//! What is said of an answer that the mirror has given: how old it is, and what it may lack.

use jiff::{SignedDuration, Timestamp};

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::render::when;

/// Says behind what a command was answered from the mirror how old that is: `mirror of 09:40, 3 h old`. What is not there may
/// be at Syncro.
///
/// # Errors
/// The command's own.
pub fn told(ctx: &Context, result: Result<()>) -> Result<()> {
    if let Some(read_at) = ctx.mirrored_at() {
        age_told(ctx, "", read_at);
    }
    let may_be_there = |error: &Error| ctx.is_offline() && error.kind == Kind::NotFound;
    result.map_err(|error| match may_be_there(&error) {
        true => error.hint("leave out --offline to ask Syncro"),
        false => error,
    })
}

/// Says it of what was read then, behind `what`.
pub fn age_told(ctx: &Context, what: &str, read_at: Timestamp) {
    let (now, zone) = (ctx.now(), &ctx.settings().timezone);
    let clock = when::clock(read_at, now, zone);
    let age = when::age(read_at, now);
    let age = age.strip_suffix(" ago").map_or_else(|| age.clone(), |age| format!("{age} old"));
    let from = ctx.mirrored_from().map(|from| when::day(from.to_zoned(zone.clone()).date()));
    let from =
        from.map_or_else(String::new, |day| format!(", without what was closed before {day}"));
    let text = format!("{what}mirror of {clock}, {age}{from}");
    let longest = ctx.settings().mirror.max_age;
    match now.duration_since(read_at) > SignedDuration::try_from(longest).unwrap_or_default() {
        true => ctx.ui().warn(&format!("{text}; `{} sync` brings it up to date", ctx.program())),
        false => ctx.ui().note(&text),
    }
}
