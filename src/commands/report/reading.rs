//! What reports are made of, read live: tickets with their own pages, which of their lines an invoice has, schedules,
//! prices. What cannot be read is left out with the reason; it never passes for absent.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt as _};

use super::Wanted;
use super::permission::Permission;
use crate::api::ids::ProductId;
use crate::api::resources::tickets::{self, Ticket, Timer};
use crate::api::resources::{invoices, products, schedules, settings};
use crate::api::{Error as ApiError, List, Listing, Reader, Record};
use crate::billing::uninvoiced::{self, Unmarked};
use crate::context::Context;
use crate::error::Result;
use crate::reports::uninvoiced::Prices;
use crate::reports::{LeftOut, Seen, Takes, Why, why};

/// So many lists are read side by side.
const SIDE_BY_SIDE: usize = 6;

/// How much a list takes.
struct Length {
    pages: usize,
    records: usize,
}

/// How long a list is, from its first page.
async fn length(reader: &Reader, list: List<Ticket>) -> Result<Length> {
    let first = reader.all(list.unless_longer_than(1)).await?;
    let here = first.items.len() + first.dropped;
    let there = usize::try_from(first.at_least).unwrap_or(usize::MAX);
    let pages = if first.complete { 1 } else { there.div_ceil(here.max(1)) };
    let counted = first.total.and_then(|total| usize::try_from(total).ok());
    let records = counted.unwrap_or_else(|| pages.saturating_mul(here));
    Ok(Length { pages, records })
}

/// The tickets that are wanted, each from its own page; `beside` is what else the report is going to need. Those that could
/// not be read are left out.
///
/// # Errors
/// Those of the list, and of what stops all reads; those of the permission.
pub async fn tickets(
    ctx: &Context,
    reader: &Reader,
    wanted: &Wanted,
    permission: &mut Permission,
    beside: usize,
) -> Result<(Vec<Record<Ticket>>, LeftOut)> {
    let list = || wanted.filter().list();
    let Length { pages, records } = length(reader, list()).await?;
    permission.expect(ctx, pages.saturating_add(records).saturating_add(beside)).await?;
    permission.spend(ctx, pages).await?;
    let listing = reader.all(list()).await?;
    let mut left_out = lacks(&listing);
    permission.spend(ctx, listing.items.len()).await?;
    let gets = listing.items.iter().map(|ticket| tickets::get(ticket.id)).collect();
    let pages = reader.several("tickets", gets).await?;
    let mut read = Vec::new();
    for (listed, page) in listing.items.iter().zip(pages) {
        match page {
            Ok(page) if page.id == listed.id => read.push(page),
            _ => left_out.add(why::TICKET, listed.customer_id),
        }
    }
    ctx.ticket_numbers()?.remember_all(&read);
    Ok((read, left_out))
}

/// What a list of tickets does not tell.
fn lacks(listing: &Listing<Ticket>) -> LeftOut {
    let mut left_out = LeftOut::default();
    if !listing.complete {
        left_out.add(why::TICKETS, None);
    }
    listing.unclear.iter().for_each(|_| left_out.add(why::DATED, None));
    left_out
}

/// The tickets with what their invoices have of their lines.
///
/// # Errors
/// Those of the permission.
pub async fn with_invoices(
    ctx: &Context,
    reader: &Reader,
    tickets: Vec<Record<Ticket>>,
    permission: &mut Permission,
) -> Result<Vec<Seen>> {
    let is_open = |ticket: &Record<Ticket>| ticket.line_items.iter().any(|line| !line.converted);
    permission.spend(ctx, tickets.iter().filter(|ticket| is_open(ticket)).count()).await?;
    let seen = tickets.into_iter().map(|ticket| async {
        let unmarked = match is_open(&ticket) {
            true => unmarked(reader, &ticket).await,
            false => Ok(Unmarked::new()),
        };
        Seen { ticket, unmarked }
    });
    Ok(stream::iter(seen).buffered(SIDE_BY_SIDE).collect().await)
}

/// The lines of a ticket that its invoices have without their mark.
async fn unmarked(reader: &Reader, ticket: &Record<Ticket>) -> Result<Unmarked, Why> {
    let listing = reader.all(invoices::of_ticket(ticket.id)).await.map_err(|_| why::INVOICES)?;
    if !listing.complete || !listing.unclear.is_empty() {
        return Err(why::INVOICES);
    }
    let lines = &ticket.line_items;
    let mut pages = Vec::new();
    for invoice in listing.items.iter().filter(|invoice| uninvoiced::may_have(invoice, lines)) {
        let page = reader.get(invoices::get(invoice.id)).await.map_err(|_| why::INVOICE)?;
        if page.id != invoice.id || !page.raw["line_items"].is_array() {
            return Err(why::INVOICE);
        }
        pages.push(page);
    }
    Ok(uninvoiced::unmarked(lines, &pages))
}

/// Which recurring invoices take what waits. That the account has none is known only where the API itself says so.
pub async fn takes(reader: &Reader) -> Takes {
    match reader.all(schedules::all()).await {
        Ok(listing) => Takes::of(&listing),
        Err(ApiError::NotFound { by_api: true, .. }) => Takes::none(),
        Err(_) => Takes::unknown(),
    }
}

/// What the time of these entries is sold for, as far as it can be read.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub async fn prices(
    ctx: &Context,
    reader: &Reader,
    timers: &[&Timer],
    permission: &mut Permission,
) -> Result<Prices> {
    let mut prices = Prices::default();
    if timers.iter().any(|timer| timer.product_id.is_none()) {
        permission.spend(ctx, 1).await?;
        let settings = reader.get(settings::tickets()).await.ok();
        prices.default = settings.and_then(|settings| settings.default_labor_product_id);
    }
    let mut ids: Vec<ProductId> = timers.iter().filter_map(|one| prices.product(one)).collect();
    ids.sort_unstable();
    ids.dedup();
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| products::get(*id)).collect();
    let products = reader.several("products", gets).await?;
    let known = ids.iter().zip(products).filter_map(|(id, product)| {
        let product = product.ok().filter(|product| product.id == *id)?;
        Some((*id, product.price_retail?))
    });
    prices.by = known.collect::<BTreeMap<_, _>>();
    Ok(prices)
}
