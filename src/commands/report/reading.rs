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
use crate::api::{Begun, Error as ApiError, List, Listing, Reader, Record};
use crate::billing::uninvoiced::{self, Unmarked};
use crate::config::Unit;
use crate::context::Context;
use crate::dates::BusinessHours;
use crate::error::Result;
use crate::reports::drift::Case;
use crate::reports::{LeftOut, Seen, Why, kept, why};

/// What time without a product is sold as, where it is billed: the only labor type; of several, the command asks.
pub(super) fn labor(ctx: &Context) -> Option<&str> {
    let mut by_hour = ctx.settings().labor.iter().filter(|labor| labor.unit == Unit::Hour);
    let only = by_hour.next().filter(|_| by_hour.next().is_none());
    only.map(|labor| labor.key.as_str())
}

/// What is read of a list that was begun.
type Read<T> = Result<T, ApiError>;

/// The rest of a list that was begun.
///
/// # Errors
/// Those of the permission.
pub(super) async fn rest<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    mut begun: Read<Begun<T>>,
) -> Result<Read<Listing<T>>> {
    loop {
        match begun {
            Ok(list) if list.left() > 0 => {
                permission.spend(ctx, list.left()).await?;
                begun = further(reader, Ok(list)).await;
            }
            begun => return Ok(begun.and_then(|list| reader.listing(list))),
        }
    }
}

/// Those pages of a list that are known to be left.
async fn further<T: DeserializeOwned>(reader: &Reader, begun: Read<Begun<T>>) -> Read<Begun<T>> {
    let mut list = begun?;
    let left = list.left();
    if left > 0 {
        reader.go_on(&mut list, left).await?;
    }
    Ok(list)
}

/// How many pages of a list are left.
pub(super) fn left<T>(begun: &Read<Begun<T>>) -> usize {
    begun.as_ref().map_or(0, Begun::left)
}

/// A whole list; `needs` is how many requests so many records are going to need, and may need.
///
/// # Errors
/// Those of the permission.
pub(super) async fn whole<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    list: List<T>,
    needs: impl Fn(usize) -> (usize, usize),
) -> Result<Read<Listing<T>>> {
    let begun = reader.begin(list).await;
    if let Ok(list) = &begun {
        let (more, perhaps) = needs(list.records());
        permission.expect(ctx, list.left().saturating_add(more), perhaps).await?;
    }
    rest(ctx, reader, permission, begun).await
}

/// How many pages of a list are left that not every account has.
pub(super) fn left_if_there<T>(begun: &Read<Option<Begun<T>>>) -> usize {
    begun.as_ref().map_or(0, |list| list.as_ref().map_or(0, Begun::left))
}

/// The rest of such a list.
///
/// # Errors
/// Those of the permission.
pub(super) async fn rest_if_there<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    begun: Read<Option<Begun<T>>>,
) -> Result<Read<Option<Listing<T>>>> {
    match begun {
        Ok(Some(list)) => Ok(rest(ctx, reader, permission, Ok(list)).await?.map(Some)),
        Ok(None) => Ok(Ok(None)),
        Err(error) => Ok(Err(error)),
    }
}

/// Two lists side by side; `perhaps` is how many requests so many records may need.
///
/// # Errors
/// Those of the permission.
pub(super) async fn both<T: DeserializeOwned, U: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    (one, other): (List<T>, List<U>),
    perhaps: impl Fn(usize) -> usize,
) -> Result<(Read<Listing<T>>, Read<Listing<U>>)> {
    let (one, other) = tokio::join!(reader.begin(one), reader.begin(other));
    let records =
        [one.as_ref().map_or(0, Begun::records), other.as_ref().map_or(0, Begun::records)];
    let records = records.iter().fold(0, |sum: usize, more| sum.saturating_add(*more));
    permission.expect(ctx, left(&one).saturating_add(left(&other)), perhaps(records)).await?;
    let (one, other) = tokio::join!(further(reader, one), further(reader, other));
    let one = rest(ctx, reader, permission, one).await?;
    Ok((one, rest(ctx, reader, permission, other).await?))
}

/// A list for each of `items`, of which `keep` is kept.
///
/// # Errors
/// Those of the permission, and what stops all reads.
pub(super) async fn list_for_each<I, T: DeserializeOwned, K>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    items: &[I],
    list: impl Fn(&I) -> List<T>,
    keep: impl Fn(Listing<T>) -> K,
) -> Result<Vec<Read<K>>> {
    permission.spend(ctx, items.len()).await?;
    let first = async |reader: &Reader, item: &I| {
        let begun = match reader.begin(list(item)).await {
            Ok(begun) if begun.left() > 0 => Ok(Err(Box::new(begun))),
            Ok(begun) => reader.listing(begun).map(|whole| Ok(keep(whole))),
            Err(error) => Err(error),
        };
        match begun {
            Err(error) if error.stops_all() => Err(error),
            begun => Ok(begun),
        }
    };
    let begun = reader.each(items, first).await?;
    let more = begun.iter().flatten().filter_map(|one| one.as_ref().err()).map(|one| one.left());
    permission.spend(ctx, more.fold(0, usize::saturating_add)).await?;
    let mut whole = Vec::with_capacity(begun.len());
    for one in begun {
        whole.push(match one {
            Ok(Ok(kept)) => Ok(kept),
            Ok(Err(begun)) => match rest(ctx, reader, permission, Ok(*begun)).await? {
                Err(error) if error.stops_all() => return Err(error.into()),
                listing => listing.map(&keep),
            },
            Err(error) => Err(error),
        });
    }
    Ok(whole)
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
    let list = wanted.filter().list().keeping(&kept::LISTED);
    // What a ticket's page shows may need an invoice's and a product's.
    let needs = |tickets: usize| match whose {
        None => (tickets.saturating_add(beside), tickets),
        Some(_) => (beside, tickets.saturating_mul(2)),
    };
    let (mut listing, mut left_out) = listed(ctx, reader, list, permission, needs).await?;
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

/// The tickets of a list, as it has them; `needs` is as for [`whole`].
///
/// # Errors
/// Those of the list, and of the permission.
pub(super) async fn listed(
    ctx: &Context,
    reader: &Reader,
    list: List<Ticket>,
    permission: &mut Permission,
    needs: impl Fn(usize) -> (usize, usize),
) -> Result<(Listing<Ticket>, LeftOut)> {
    let listing = whole(ctx, reader, permission, list, needs).await??;
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

/// The recurring invoices of the account; or why these are not all.
pub(super) type Schedules = Result<Vec<Record<Schedule>>, Why>;

/// Begins their list.
pub(super) async fn begin_recurring(reader: &Reader) -> Read<Option<Begun<Schedule>>> {
    reader.begin_if_there(schedules::all().keeping(&kept::SCHEDULE)).await
}

/// Reads the rest of them, as far as they can be read.
///
/// # Errors
/// Those of the permission, and what stops all reads.
pub(super) async fn recurring(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    begun: Read<Option<Begun<Schedule>>>,
) -> Result<Schedules> {
    match rest_if_there(ctx, reader, permission, begun).await? {
        Ok(None) => Ok(Ok(Vec::new())),
        Ok(Some(listing)) if listing.complete && listing.unclear.is_empty() => {
            Ok(Ok(listing.items))
        }
        Err(error) if error.stops_all() => Err(error.into()),
        Ok(_) | Err(_) => Ok(Err(why::SCHEDULES)),
    }
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

/// What a list of assets does not tell.
pub(super) fn lacks_of_assets(listing: &Listing<Asset>) -> LeftOut {
    let mut left_out = LeftOut::default();
    if !listing.complete {
        left_out.add(why::ALL_ASSETS, None);
    }
    listing.unclear.iter().for_each(|_| left_out.add(why::ASSET_OF, None));
    left_out
}
