//! Reads of one ticket by its number, with whatever is read beside it. A remembered id is proved by the ticket's own
//! number, and looked up anew where it turns out to be another ticket's.

use std::future::Future;

use super::ticket::{Target, TicketArg, another, find, not_found, proves, target};
use crate::api::ids::TicketId;
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error as ApiError, Reader, Record};
use crate::context::Context;
use crate::error::Result;

/// The ticket, from its own page.
///
/// # Errors
/// As for [`with_ticket`].
pub async fn ticket(ctx: &Context, reader: &Reader, typed: &TicketArg) -> Result<Record<Ticket>> {
    let read = |target: Target| reader.get(tickets::get(target.id));
    with_ticket(ctx, reader, typed, read, |ticket| ticket).await
}

/// What `read` reads, the ticket's own page among it, which `ticket` picks out and which proves the rest.
///
/// # Errors
/// Exit 3 when there is no such ticket, exit 8 when the server answers with another one; those of `read`.
pub async fn with_ticket<T, F>(
    ctx: &Context,
    reader: &Reader,
    typed: &TicketArg,
    read: impl Fn(Target) -> F,
    ticket: impl Fn(&T) -> &Record<Ticket>,
) -> Result<T>
where
    F: Future<Output = std::result::Result<T, ApiError>>,
{
    let known = ctx.ticket_numbers()?;
    let target = target(reader, &known, typed).await?;
    let remembered = target.remembered;
    let mut found = read(target).await;
    if let TicketArg::Number(number) = typed
        && remembered
        && found.as_ref().map_or_else(is_another, |found| !proves(typed, ticket(found)))
    {
        found = read(find(reader, number).await?).await;
    }
    let found = match found {
        Err(error) if error.is_none() => return Err(not_found(typed)),
        found => found?,
    };
    if !proves(typed, ticket(&found)) {
        return Err(another(typed, ticket(&found)));
    }
    known.remember(ticket(&found));
    Ok(found)
}

/// What `read` finds for the ticket's id. Unless the id has just been looked up, the ticket itself is read beside it to
/// prove it.
///
/// # Errors
/// As for [`with_ticket`].
pub async fn of_ticket<T, F>(
    ctx: &Context,
    reader: &Reader,
    typed: &TicketArg,
    read: impl Fn(TicketId) -> F,
) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let target = target(reader, &ctx.ticket_numbers()?, typed).await?;
    if matches!(typed, TicketArg::Number(_)) && !target.remembered {
        return read(target.id).await;
    }
    let (proof, found) = tokio::join!(reader.get(tickets::get(target.id)), read(target.id));
    match (proof, typed) {
        (Ok(ticket), typed) if proves(typed, &ticket) => found,
        (Err(error), _) if !is_another(&error) => Err(error.into()),
        (_, TicketArg::Number(_)) => read(ticket(ctx, reader, typed).await?.id).await,
        (Err(error), _) if error.is_none() => Err(not_found(typed)),
        (Err(error), _) => Err(error.into()),
        (Ok(ticket), _) => Err(another(typed, &ticket)),
    }
}

/// Whether what was remembered is another ticket's, or nothing's.
const fn is_another(error: &ApiError) -> bool {
    error.is_none() || matches!(error, ApiError::Another { .. })
}
