//! What is said of an answer that the mirror has given: how old it is, and what it may lack.

use jiff::SignedDuration;

use crate::api::Provenance;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::render::when;
use crate::reports::deleted;

/// Says behind what a command was answered from the mirror how old that is: `mirror of 09:40, 3 h old`. What is not there may
/// be at Syncro.
///
/// # Errors
/// The command's own.
pub fn told(ctx: &Context, result: Result<()>) -> Result<()> {
    if let Some(of) = ctx.provenance() {
        age_told(ctx, "", &of);
    }
    let may_be_there = |error: &Error| ctx.is_offline() && error.kind == Kind::NotFound;
    result.map_err(|error| match may_be_there(&error) {
        true => error.of_mirror().hint("leave out --offline to ask Syncro"),
        false => error,
    })
}

/// Says it of an answer of which that is known, behind `what`.
pub fn age_told(ctx: &Context, what: &str, of: &Provenance) {
    let (now, zone) = (ctx.now(), &ctx.settings().timezone);
    let clock = |at| when::clock(at, now, zone);
    let age = when::age(of.as_of, now);
    let age = age.strip_suffix(" ago").map_or_else(|| age.clone(), |age| format!("{age} old"));
    let mut text = format!("{what}mirror of {}, {age}", clock(of.as_of));
    if let Some(from) = of.closed_from {
        let day = when::day(from.to_zoned(zone.clone()).date());
        text.push_str(&format!(", without what was closed before {day}"));
    }
    if of.lacks_texts {
        text.push_str("; texts of comments are missing");
    }
    if let Some(since) = of.deleted_since() {
        text.push_str("; ");
        text.push_str(&format!(deleted!("since {}", "it"), clock(since)));
        text.push_str(if of.lacks_changes {
            ", and changes of older ones may be missing"
        } else {
            ""
        });
    }
    let mirror = &ctx.settings().mirror;
    let longest = SignedDuration::try_from(mirror.max_age).unwrap_or_default();
    // Texts that are not wanted do not come back.
    match now.duration_since(of.as_of) > longest || of.lacks_texts && mirror.comments {
        true => {
            let sync = format!("{} sync{}", ctx.program(), of.again);
            ctx.ui().warn(&format!("{text}; `{sync}` brings it up to date"));
        }
        false => ctx.ui().note(&text),
    }
}
