//! `syncro search --said`: comments that have words, of all tickets, from what `syncro sync` has kept. No request is made.

use crate::api::Record;
use crate::api::resources::comments::Comment;
use crate::commands::answer::{Printed, print};
use crate::commands::listing::{Limit, Total, look};
use crate::commands::mirrored::age_told;
use crate::context::Context;
use crate::error::{Error, Kind as Failure, Result};
use crate::mirror::{COUNTED, Kind, Said, Store};
use crate::render::said::{SAID, rows};

/// Prints the comments in which these words are.
pub(super) fn run(ctx: &Context, words: &str, limit: Limit) -> Result<()> {
    if !words.chars().any(char::is_alphanumeric) {
        return Err(Error::usage("the search is empty"));
    }
    let name = ctx.mirror()?;
    let store = name.map(|name| Store::look(&ctx.mirrors(), &name)).transpose()?.flatten();
    let Some(store) = store else { return Err(none()) };
    let Some(provenance) = store.provenance(&[Kind::Comments])? else { return Err(none()) };
    let (found, count) = store.said(words, limit.count())?;
    age_told(ctx, "", &provenance);
    let is_all = found.len() < limit.count();
    let found: Vec<_> = found.into_iter().filter_map(readable).collect();
    let records = found.iter().map(|(comment, _)| comment.raw.clone()).collect();
    let list = Printed {
        shape: &SAID,
        records,
        rows: rows(&found, words, &look(ctx)).into(),
        total: match count > COUNTED.unsigned_abs() && !is_all {
            true => Total::AtLeast(count),
            false => Total::Exactly(count),
        },
    };
    print(ctx, list, "no matching comments")
}

/// A comment as it is understood; the mirror has only those that have an id.
fn readable(said: Said) -> Option<(Record<Comment>, Option<serde_json::Value>)> {
    Some((Record::read(said.comment).ok()?, said.ticket))
}

fn none() -> Error {
    Error::new(Failure::NotFound, "no comments are kept on this machine").next("sync", "copy them")
}
