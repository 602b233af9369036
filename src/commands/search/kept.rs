//! What `syncro search` adds to what the server finds: tickets of the mirror whose customer, asset or serial number has the
//! words, where there is a mirror. What is wrong with it is said, and stops no search.

use crate::api::resources::tickets::Ticket;
use crate::api::{Provenance, Record};
use crate::commands::listing::Limit;
use crate::context::Context;
use crate::error::Result;
use crate::mirror::{Kind, Store};

/// So many are added at most where fewer are to be shown.
const MOST: usize = 50;

/// Such tickets.
pub(super) struct Kept {
    pub(super) tickets: Vec<Record<Ticket>>,
    /// Whether there are more.
    pub(super) more: bool,
    pub(super) provenance: Provenance,
}

/// As many as are to be shown; nothing where there is no mirror.
pub(super) fn tickets(ctx: &Context, words: &str, limit: Limit) -> Option<Kept> {
    from_mirror(ctx, words, limit.count().max(MOST)).unwrap_or_else(|error| {
        ctx.ui().warn(&error.to_string());
        None
    })
}

fn from_mirror(ctx: &Context, words: &str, most: usize) -> Result<Option<Kept>> {
    let Some(name) = ctx.mirror()? else { return Ok(None) };
    let Some(store) = Store::look(&ctx.mirrors(), &name)? else { return Ok(None) };
    let Some(provenance) = store.provenance(&[Kind::Tickets])? else { return Ok(None) };
    let (tickets, more) = store.tickets_named(words, most)?;
    let tickets = tickets.into_iter().filter_map(|ticket| Record::read(ticket).ok());
    Ok(Some(Kept { tickets: tickets.collect(), more, provenance }))
}
