//! Invoices beside tickets: which of a ticket's lines an invoice has, and the invoices' own pages where these decide.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::permission::Permission;
use super::reading::{list_for_each, rest};
use crate::api::fields::at;
use crate::api::ids::{InvoiceId, TicketId};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::tickets::Ticket;
use crate::api::{Begun, Listing, Reader, Record};
use crate::billing::uninvoiced::{self, Unmarked};
use crate::context::Context;
use crate::error::Result;
use crate::reports::drift::Case;
use crate::reports::{Seen, Why, kept, why};

/// The tickets with what their invoices have of their lines.
///
/// # Errors
/// Those of the permission, and what stops all reading: a refused key, a used-up limit.
pub(super) async fn with_invoices(
    ctx: &Context,
    reader: &Reader,
    tickets: Vec<Record<Ticket>>,
    permission: &mut Permission,
) -> Result<Vec<Seen>> {
    let is_open = |ticket: &Ticket| ticket.line_items.iter().any(|line| !line.converted);
    let open: Vec<&Record<Ticket>> = tickets
        .iter()
        .filter(|ticket| is_open(ticket) && !is_older_than_kept(ctx, ticket))
        .collect();
    let list = |ticket: &&Record<Ticket>| invoices::of_ticket(ticket.id).keeping(&kept::INVOICE);
    let all = |listing: Listing<Invoice>| {
        (listing.complete && listing.unclear.is_empty()).then_some(listing.items)
    };
    let listed = list_for_each(ctx, reader, permission, &open, list, all).await?;
    let of = |ticket: &Ticket, invoices: &[Record<Invoice>]| -> Vec<InvoiceId> {
        let lines = &ticket.line_items;
        let may_have = invoices.iter().filter(|one| uninvoiced::may_have(one, lines));
        may_have.map(|one| one.id).collect()
    };
    let listed: BTreeMap<TicketId, Result<Vec<InvoiceId>, Why>> = open
        .into_iter()
        .zip(listed)
        .map(|(ticket, listed)| {
            let invoices = listed.ok().flatten().ok_or(why::INVOICES);
            (ticket.id, invoices.map(|invoices| of(ticket, &invoices)))
        })
        .collect();
    let ids = listed.values().flatten().flatten().copied();
    read_invoices(ctx, reader, ids, permission).await?;
    let unmarked = |ticket: &Record<Ticket>| match listed.get(&ticket.id) {
        None if is_open(ticket) => Err(why::MIRRORED),
        None => Ok(Unmarked::new()),
        Some(Err(why)) => Err(*why),
        Some(Ok(ids)) => {
            let pages: Option<Vec<Record<Invoice>>> =
                ids.iter().map(|id| permission.known.invoice(*id).cloned()).collect();
            let pages = pages.ok_or(why::INVOICE)?;
            Ok(uninvoiced::unmarked(&ticket.line_items, &pages))
        }
    };
    let seen = tickets.into_iter().map(|ticket| {
        let unmarked = unmarked(&ticket);
        Seen { ticket, unmarked }
    });
    Ok(seen.collect())
}

/// Reads the own pages of invoices that are not known yet; one without its lines is none.
///
/// # Errors
/// Those of the permission, and what stops all reads.
pub(super) async fn read_invoices(
    ctx: &Context,
    reader: &Reader,
    ids: impl Iterator<Item = InvoiceId>,
    permission: &mut Permission,
) -> Result<()> {
    let known = &permission.known.invoices;
    let ids: BTreeSet<InvoiceId> = ids.filter(|id| !known.contains_key(id)).collect();
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| invoices::get(*id).keeping(&kept::INVOICE)).collect();
    let read = reader.several("invoices", gets).await?;
    let pages = ids.into_iter().zip(read).map(|(id, page)| {
        let is_it = |page: &Record<Invoice>| page.id == id && page.raw["line_items"].is_array();
        (id, page.ok().filter(is_it))
    });
    permission.known.invoices.extend(pages);
    Ok(())
}

/// Whether a report from the mirror is about days of which closed records are not kept: from that one on.
pub(super) fn begins_before_the_mirror(ctx: &Context, first: Option<Date>) -> bool {
    let zone = &ctx.settings().timezone;
    let kept = ctx.mirrored_from().map(|from| from.to_zoned(zone.clone()).date());
    first.zip(kept).is_some_and(|(first, kept)| first < kept)
}

/// Whether a ticket was made before the day from which on the mirror keeps paid invoices: one of it may not be there.
fn is_older_than_kept(ctx: &Context, ticket: &Ticket) -> bool {
    let kept = ctx.mirrored_from();
    kept.zip(ticket.created_at).is_some_and(|(kept, made)| made < kept)
}

/// The invoices of the account by the ticket that they name; or why these are not all.
pub(super) type Invoices = Result<BTreeMap<TicketId, Vec<Record<Invoice>>>, Why>;

/// Reads the rest of their list: an older invoice of a ticket counts as much as a younger one.
///
/// # Errors
/// Those of the permission, and what stops all reads.
pub(super) async fn all_invoices(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    begun: Begun<Invoice>,
) -> Result<Invoices> {
    let listing = match rest(ctx, reader, permission, Ok(begun)).await? {
        Ok(listing) => listing,
        Err(error) if error.stops_all() => return Err(error.into()),
        Err(_) => return Ok(Err(why::INVOICES)),
    };
    // One that names a ticket in no known form may be any ticket's.
    let is_unclear =
        |one: &Record<Invoice>| one.ticket_id.is_none() && !at(&one.raw, "ticket_id").is_null();
    if !listing.complete || listing.items.iter().any(is_unclear) {
        return Ok(Err(why::INVOICES));
    }
    let mut by_ticket: BTreeMap<TicketId, Vec<Record<Invoice>>> = BTreeMap::new();
    for invoice in listing.items {
        if let Some(ticket) = invoice.ticket_id {
            by_ticket.entry(ticket).or_default().push(invoice);
        }
    }
    Ok(Ok(by_ticket))
}

/// The tickets with their invoices, and with the own pages of those whose lines decide something: an invoice of nothing,
/// and one that may have a line without its mark.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn cases(
    ctx: &Context,
    reader: &Reader,
    tickets: Vec<Record<Ticket>>,
    invoices: Invoices,
    permission: &mut Permission,
) -> Result<Vec<Case>> {
    let of = |ticket: &Record<Ticket>| match &invoices {
        _ if is_older_than_kept(ctx, ticket) => Err(why::MIRRORED),
        Ok(all) => Ok(all.get(&ticket.id).map(Vec::as_slice).unwrap_or_default()),
        Err(why) => Err(*why),
    };
    let decides = |invoice: &Invoice, ticket: &Ticket| {
        let is_nothing = invoice.subtotal.is_some_and(|sum| sum.is_zero());
        is_nothing || uninvoiced::may_have(invoice, &ticket.line_items)
    };
    let deciding = tickets.iter().flat_map(|ticket| {
        let all = of(ticket).unwrap_or_default();
        all.iter().filter(|one| decides(one, ticket)).map(|one| one.id)
    });
    read_invoices(ctx, reader, deciding, permission).await?;
    let whole = |ticket: &Record<Ticket>| -> Result<Vec<Record<Invoice>>, Why> {
        let page = |one: &Record<Invoice>| match decides(one, ticket) {
            true => permission.known.invoice(one.id).cloned().ok_or(why::INVOICE),
            false => Ok(one.clone()),
        };
        of(ticket)?.iter().map(page).collect()
    };
    let case = |ticket: Record<Ticket>| {
        let invoices = whole(&ticket);
        let unmarked = match &invoices {
            Ok(invoices) => Ok(uninvoiced::unmarked(&ticket.line_items, invoices)),
            Err(why) => Err(*why),
        };
        Case { seen: Seen { ticket, unmarked }, invoices }
    };
    Ok(tickets.into_iter().map(case).collect())
}
