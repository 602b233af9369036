//! What reports are made of: lists, tickets with their own pages, schedules. What cannot be read is left out with the
//! reason; it never passes for absent.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::flags::Wanted;
use super::permission::Permission;
use crate::account::AccountFacts;
use crate::api::ids::{CustomerId, TicketId};
use crate::api::resources::assets::Asset;
use crate::api::resources::schedules::{self, Schedule};
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Begun, Error as ApiError, List, Listing, Reader, Record};
use crate::config::Unit;
use crate::context::Context;
use crate::dates::BusinessHours;
use crate::error::Result;
use crate::reports::{LeftOut, Why, kept, why};

/// What time without a product is sold as, where it is billed: the only labor type; of several, the command asks.
pub(super) fn labor(ctx: &Context) -> Option<&str> {
    let mut by_hour = ctx.settings().labor.iter().filter(|labor| labor.unit == Unit::Hour);
    let only = by_hour.next().filter(|_| by_hour.next().is_none());
    only.map(|labor| labor.key.as_str())
}

/// What is read of a list that was begun.
pub(super) type Read<T> = Result<T, ApiError>;

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

/// How many records a list has at most.
fn most<T>(begun: &Read<Begun<T>>) -> usize {
    begun.as_ref().map_or(0, |list| list.records().1)
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
    whole_of(ctx, reader, permission, begun, needs).await
}

/// The same of a list that was begun.
///
/// # Errors
/// Those of the permission.
pub(super) async fn whole_of<T: DeserializeOwned>(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    begun: Read<Begun<T>>,
    needs: impl Fn(usize) -> (usize, usize),
) -> Result<Read<Listing<T>>> {
    if let Ok(list) = &begun {
        let (least, most) = list.records();
        let ((more, _), (most, perhaps)) = (needs(least), needs(most));
        let perhaps = most.saturating_sub(more).saturating_add(perhaps);
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
    let most = [most(&one), most(&other)];
    let records = most.iter().fold(0, |sum: usize, more| sum.saturating_add(*more));
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

/// Begins the list of the tickets that are wanted.
pub(super) async fn begin_tickets(reader: &Reader, wanted: &Wanted) -> Read<Begun<Ticket>> {
    reader.begin(wanted.filter().list().keeping(&kept::LISTED)).await
}

/// The tickets of a list, each from its own page; `beside` is what else the report is going to need. With `whose`, those of
/// other customers are not read. Those that could not be read are left out.
///
/// # Errors
/// Those of the list, and of what stops all reads; those of the permission.
pub(super) async fn tickets(
    ctx: &Context,
    reader: &Reader,
    begun: Read<Begun<Ticket>>,
    permission: &mut Permission,
    beside: usize,
    whose: Option<&BTreeSet<CustomerId>>,
) -> Result<(Vec<Record<Ticket>>, LeftOut)> {
    // What a ticket's page shows may need an invoice's and a product's.
    let needs = |tickets: usize| match whose {
        None => (tickets.saturating_add(beside), tickets),
        Some(_) => (beside, tickets.saturating_mul(2)),
    };
    let (mut listing, mut left_out) = listed(ctx, reader, begun, permission, needs).await?;
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

/// The tickets of a list that was begun, as it has them; `needs` is as for [`whole`].
///
/// # Errors
/// Those of the list, and of the permission.
pub(super) async fn listed(
    ctx: &Context,
    reader: &Reader,
    begun: Read<Begun<Ticket>>,
    permission: &mut Permission,
    needs: impl Fn(usize) -> (usize, usize),
) -> Result<(Listing<Ticket>, LeftOut)> {
    let listing = whole_of(ctx, reader, permission, begun, needs).await??;
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

/// What a list of assets does not tell.
pub(super) fn lacks_of_assets(listing: &Listing<Asset>) -> LeftOut {
    let mut left_out = LeftOut::default();
    if !listing.complete {
        left_out.add(why::ALL_ASSETS, None);
    }
    listing.unclear.iter().for_each(|_| left_out.add(why::ASSET_OF, None));
    left_out
}
