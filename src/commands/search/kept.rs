//! What `syncro search` adds to what the server finds: tickets of the mirror whose customer, asset or serial number has the
//! words, where there is a mirror. What is wrong with it is said, and stops no search.

use crate::api::resources::tickets::Ticket;
use crate::api::{Provenance, Record};
use crate::context::Context;
use crate::error::Result;
use crate::mirror::{Kind, Store};

/// So many are added at most.
const MOST: usize = 50;

/// Such tickets, and what is known of them.
pub(super) fn tickets(ctx: &Context, words: &str) -> Option<Found> {
    from_mirror(ctx, words).unwrap_or_else(|error| {
        ctx.ui().warn(&error.to_string());
        None
    })
}

/// Tickets, and what is known of them.
type Found = (Vec<Record<Ticket>>, Provenance);

fn from_mirror(ctx: &Context, words: &str) -> Result<Option<Found>> {
    let Some(name) = ctx.mirror()? else { return Ok(None) };
    let Some(store) = Store::look(&ctx.mirrors(), &name)? else { return Ok(None) };
    let Some(provenance) = store.provenance(&[Kind::Tickets])? else { return Ok(None) };
    let tickets = store.tickets_named(words, MOST)?;
    let tickets = tickets.into_iter().filter_map(|ticket| Record::read(ticket).ok());
    Ok(Some((tickets.collect(), provenance)))
}
