//! How old it is what the mirror has answered.

use jiff::{SignedDuration, Timestamp};

use crate::context::Context;
use crate::render::when;

/// What is older than this is warned of.
const OLD: SignedDuration = SignedDuration::from_hours(24);

/// Says it behind `what`: `mirror of 09:40, 3 h old`.
pub(super) fn told(ctx: &Context, what: &str, read_at: Timestamp) {
    let now = ctx.now();
    let clock = when::clock(read_at, now, &ctx.settings().timezone);
    let age = when::age(read_at, now);
    let age = age.strip_suffix(" ago").map_or_else(|| age.clone(), |age| format!("{age} old"));
    let text = format!("{what}mirror of {clock}, {age}");
    match now.duration_since(read_at) > OLD {
        true => ctx.ui().warn(&format!("{text}; `{} sync` brings it up to date", ctx.program())),
        false => ctx.ui().note(&text),
    }
}
