//! What reports are made of: tickets with their own pages, which of their lines an invoice has, invoices, schedules. What
//! cannot be read is left out with the reason; it never passes for absent.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::de::DeserializeOwned;

use super::flags::Wanted;
use super::permission::Permission;
use crate::account::AccountFacts;
use crate::api::fields::at;
use crate::api::ids::{CustomerId, InvoiceId, TicketId};
use crate::api::resources::assets::Asset;
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::schedules::{self, Schedule};
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error as ApiError, List, Listing, Reader, Record};
use crate::billing::uninvoiced::{self, Unmarked};
use crate::config::Unit;
use crate::context::Context;
use crate::dates::BusinessHours;
use crate::error::Result;
use crate::reports::drift::Case;
use crate::reports::{LeftOut, Seen, Why, kept, why};

/// What stands for a labor type where none is the only one.
const NAME: &str = "NAME";

/// What time without a product is sold as, where it is billed: the only labor type, or what a person fills in.
pub(super) fn labor(ctx: &Context) -> &str {
    let mut by_hour = ctx.settings().labor.iter().filter(|labor| labor.unit == Unit::Hour);
    match (by_hour.next(), by_hour.next()) {
        (Some(only), None) => &only.key,
        _ => NAME,
    }
}

/// So many pages of a list are read before anybody is asked about the others.
const SHORT: u64 = 6;

/// How much a list takes.
pub(super) struct Length {
    pub(super) pages: usize,
    records: usize,
}

/// How long a list is, from its first page.
///
/// # Errors
/// Those of the read.
pub(super) async fn length<T: DeserializeOwned>(
    reader: &Reader,
    list: List<T>,
) -> Result<Length, ApiError> {
    let first = reader.all(list.unless_longer_than(1)).await?;
    Ok(measured(&first))
}

/// A list of which the first page is mostly all; `each` is about how many requests a record is going to need.
///
/// # Errors
/// Those of the reads, and of the permission.
pub(super) async fn whole<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    each: usize,
    list: impl Fn() -> List<T>,
) -> Result<Result<Listing<T>, ApiError>> {
    let first = match reader.all(list().unless_longer_than(1)).await {
        Ok(first) => first,
        Err(error) => return Ok(Err(error)),
    };
    let Length { pages, records } = measured(&first);
    permission.expect(ctx, pages.saturating_add(records.saturating_mul(each))).await?;
    permission.spend(ctx, pages).await?;
    Ok(rest(reader, Ok(first), pages, list()).await)
}

/// The same of a list that the account may lack: nothing where it does.
///
/// # Errors
/// Those of the reads, and of the permission.
pub(super) async fn whole_if_there<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    each: usize,
    list: impl Fn() -> List<T>,
) -> Result<Option<Listing<T>>> {
    if reader.is_known_to_lack(&list()) {
        return Ok(None);
    }
    match whole(ctx, reader, permission, each, &list).await? {
        Ok(listing) => Ok(Some(listing)),
        Err(error) if reader.says_none(&list(), &error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Two lists side by side, of which the first pages are mostly all.
///
/// # Errors
/// Those of the permission.
pub(super) async fn both<T: DeserializeOwned, U: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    one: impl Fn() -> List<T>,
    other: impl Fn() -> List<U>,
) -> Result<(Result<Listing<T>, ApiError>, Result<Listing<U>, ApiError>)> {
    let (first, beside) = tokio::join!(
        reader.all(one().unless_longer_than(1)),
        reader.all(other().unless_longer_than(1)),
    );
    let pages = first.as_ref().map_or(1, |first| measured(first).pages);
    let more = beside.as_ref().map_or(1, |first| measured(first).pages);
    permission.spend(ctx, pages.saturating_add(more)).await?;
    Ok(tokio::join!(rest(reader, first, pages, one()), rest(reader, beside, more, other())))
}

/// A list of which the first page is here, and so many pages there are.
async fn rest<T: DeserializeOwned>(
    reader: &Reader,
    first: Result<Listing<T>, ApiError>,
    pages: usize,
    list: List<T>,
) -> Result<Listing<T>, ApiError> {
    match (&first, pages) {
        (Err(_), _) | (_, 0 | 1) => first,
        _ => reader.all(list).await,
    }
}

/// When the account works, where it says so; `unclear` is said where that cannot be understood.
///
/// # Errors
/// Those of the state folder.
pub(super) fn business_hours(
    ctx: &Context,
    unclear: Why,
    left_out: &mut LeftOut,
) -> Result<Option<BusinessHours>> {
    let facts = ctx.account_facts()?.get();
    let hours = facts.and_then(AccountFacts::hours);
    // Settings that could not be read are not those of an account without hours.
    let states_hours = facts.is_none_or(|facts| facts.may_have_hours);
    if states_hours && !hours.as_ref().is_some_and(BusinessHours::is_whole) {
        left_out.note(unclear, None);
    }
    Ok(hours)
}

/// How long a list is that begins like this; one that has more pages, and does not say how many, has two at least.
fn measured<T>(first: &Listing<T>) -> Length {
    let here = first.items.len() + first.dropped;
    let there = usize::try_from(first.at_least).unwrap_or(usize::MAX);
    let pages = if first.complete { 1 } else { there.div_ceil(here.max(1)).max(2) };
    let counted = first.total.and_then(|total| usize::try_from(total).ok());
    let records = counted.unwrap_or_else(|| pages.saturating_mul(here));
    Length { pages, records }
}

/// The tickets that are wanted, each from its own page; `beside` is what else the report is going to need. With `whose`, those
/// of other customers are not read. Those that could not be read are left out.
///
/// # Errors
/// Those of the list, and of what stops all reads; those of the permission.
pub(super) async fn tickets(
    ctx: &Context,
    reader: &Reader,
    wanted: &Wanted,
    permission: &mut Permission,
    beside: usize,
    whose: Option<&BTreeSet<CustomerId>>,
) -> Result<(Vec<Record<Ticket>>, LeftOut)> {
    let each = usize::from(whose.is_none());
    let list = || wanted.filter().list().keeping(&kept::LISTED);
    let (mut listing, mut left_out) = listed(ctx, reader, list, permission, each, beside).await?;
    if let Some(whose) = whose {
        // One that names nobody may be theirs.
        let is_theirs = |id: CustomerId| whose.contains(&id);
        listing.items.retain(|ticket| ticket.customer_id.is_none_or(is_theirs));
    }
    let wanted = listing.items.iter().map(|ticket| (ticket.id, ticket.customer_id)).collect();
    let read = pages(ctx, reader, wanted, permission, &mut left_out).await?;
    Ok((read, left_out))
}

/// The own pages of tickets, each with whose it is. Those that could not be read are left out.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn pages(
    ctx: &Context,
    reader: &Reader,
    wanted: Vec<(TicketId, Option<CustomerId>)>,
    permission: &mut Permission,
    left_out: &mut LeftOut,
) -> Result<Vec<Record<Ticket>>> {
    permission.spend(ctx, wanted.len()).await?;
    let gets = wanted.iter().map(|(id, _)| tickets::get(*id).keeping(&kept::TICKET)).collect();
    let pages = reader.several("tickets", gets).await?;
    let mut read = Vec::new();
    for ((id, customer), page) in wanted.into_iter().zip(pages) {
        match page {
            Ok(page) if page.id == id => read.push(page),
            _ => left_out.add(why::TICKET, customer),
        }
    }
    ctx.ticket_numbers()?.remember_all(&read);
    Ok(read)
}

/// A list that not every account has; none where it has not.
///
/// # Errors
/// Those of the permission.
pub(super) async fn if_there<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    list: impl Fn() -> List<T>,
) -> Result<Result<Option<Listing<T>>, ApiError>> {
    let first = match reader.all_if_there(list().unless_longer_than(SHORT)).await {
        Ok(Some(first)) if !first.complete && !first.short => first,
        read => return Ok(read),
    };
    permission.spend(ctx, measured(&first).pages).await?;
    Ok(reader.all_if_there(list()).await)
}

/// The tickets of a list, as it has them; `each` is how many requests a ticket is going to need, `beside` how many
/// more the report does.
///
/// # Errors
/// Those of the list, and of the permission.
pub(super) async fn listed(
    ctx: &Context,
    reader: &Reader,
    list: impl Fn() -> List<Ticket>,
    permission: &mut Permission,
    each: usize,
    beside: usize,
) -> Result<(Listing<Ticket>, LeftOut)> {
    let Length { pages, records } = length(reader, list()).await?;
    let records = records.saturating_mul(each);
    permission.expect(ctx, pages.saturating_add(records).saturating_add(beside)).await?;
    permission.spend(ctx, pages).await?;
    let listing = reader.all(list()).await?;
    let left_out = lacks(&listing);
    Ok((listing, left_out))
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
/// Those of the permission, and what stops all reading: a refused key, a used-up limit.
pub(super) async fn with_invoices(
    ctx: &Context,
    reader: &Reader,
    tickets: Vec<Record<Ticket>>,
    permission: &mut Permission,
) -> Result<Vec<Seen>> {
    let is_open = |ticket: &Record<Ticket>| ticket.line_items.iter().any(|line| !line.converted);
    permission.spend(ctx, tickets.iter().filter(|ticket| is_open(ticket)).count()).await?;
    let on_invoices = async |reader: &Reader, ticket: &Record<Ticket>| match is_open(ticket) {
        true if is_older_than_kept(ctx, ticket) => Ok(Err(why::MIRRORED)),
        true => unmarked(reader, ticket).await,
        false => Ok(Ok(Unmarked::new())),
    };
    let unmarked = reader.each(&tickets, on_invoices).await?;
    let seen = tickets.into_iter().zip(unmarked);
    Ok(seen.map(|(ticket, unmarked)| Seen { ticket, unmarked }).collect())
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

/// The lines of a ticket that its invoices have without their mark.
async fn unmarked(reader: &Reader, ticket: &Record<Ticket>) -> Result<Result<Unmarked, Why>> {
    let listed = invoices::of_ticket(ticket.id).keeping(&kept::INVOICE);
    let listing = match reader.all(listed).await {
        Ok(listing) if listing.complete && listing.unclear.is_empty() => listing,
        Err(error) if error.stops_all() => return Err(error.into()),
        Ok(_) | Err(_) => return Ok(Err(why::INVOICES)),
    };
    let lines = &ticket.line_items;
    let mut pages = Vec::new();
    for invoice in listing.items.iter().filter(|invoice| uninvoiced::may_have(invoice, lines)) {
        match reader.get(invoices::get(invoice.id).keeping(&kept::INVOICE)).await {
            Ok(page) if page.id == invoice.id && page.raw["line_items"].is_array() => {
                pages.push(page);
            }
            Err(error) if error.stops_all() => return Err(error.into()),
            Ok(_) | Err(_) => return Ok(Err(why::INVOICE)),
        }
    }
    Ok(Ok(uninvoiced::unmarked(lines, &pages)))
}

/// The recurring invoices of the account; or why these are not all.
pub(super) type Schedules = Result<Vec<Record<Schedule>>, Why>;

/// Reads them, as far as they can be read.
///
/// # Errors
/// What stops all reads.
pub(super) async fn recurring(reader: &Reader) -> Result<Schedules> {
    match reader.all(schedules::all().keeping(&kept::SCHEDULE)).await {
        Ok(listing) if listing.complete && listing.unclear.is_empty() => Ok(Ok(listing.items)),
        Err(error) if reader.says_none(&schedules::all(), &error) => Ok(Ok(Vec::new())),
        Err(error) if error.stops_all() => Err(error.into()),
        Ok(_) | Err(_) => Ok(Err(why::SCHEDULES)),
    }
}

/// How many pages the list of all invoices has.
///
/// # Errors
/// Those of the read.
pub(super) async fn invoice_pages(reader: &Reader) -> Result<usize> {
    Ok(length(reader, invoices::all().keeping(&kept::INVOICE)).await?.pages)
}

/// The invoices of the account by the ticket that they name; or why these are not all.
pub(super) type Invoices = Result<BTreeMap<TicketId, Vec<Record<Invoice>>>, Why>;

/// Reads them: an older invoice of a ticket counts as much as a younger one.
///
/// # Errors
/// What stops all reads.
pub(super) async fn all_invoices(reader: &Reader) -> Result<Invoices> {
    let listing = match reader.all(invoices::all().keeping(&kept::INVOICE)).await {
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
    let ids: Vec<InvoiceId> = deciding.collect();
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| invoices::get(*id).keeping(&kept::INVOICE)).collect();
    let read = reader.several("invoices", gets).await?;
    let pages = ids.iter().zip(read).filter_map(|(id, page)| {
        let page = page.ok().filter(|page| page.id == *id && page.raw["line_items"].is_array())?;
        Some((*id, page))
    });
    let pages: BTreeMap<InvoiceId, Record<Invoice>> = pages.collect();
    let whole = |ticket: &Record<Ticket>| -> Result<Vec<Record<Invoice>>, Why> {
        let page = |one: &Record<Invoice>| match decides(one, ticket) {
            true => pages.get(&one.id).cloned().ok_or(why::INVOICE),
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

/// What a list of assets does not tell.
pub(super) fn lacks_of_assets(listing: &Listing<Asset>) -> LeftOut {
    let mut left_out = LeftOut::default();
    if !listing.complete {
        left_out.add(why::ALL_ASSETS, None);
    }
    listing.unclear.iter().for_each(|_| left_out.add(why::ASSET_OF, None));
    left_out
}
