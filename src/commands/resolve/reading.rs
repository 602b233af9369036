//! Reads of one ticket by its number, with whatever is read beside it. A remembered id is proved by the ticket's own
//! number, and looked up anew where it turns out to be another ticket's.

use std::future::Future;

use super::ticket::{TicketArg, find, not_found, proves, target};
use crate::api::ids::TicketId;
use crate::api::resources::tickets::{self, Ticket};
use crate::api::{Error as ApiError, Reader, Record};
use crate::context::Context;
use crate::error::Result;

/// The ticket, from its own page.
///
/// # Errors
/// Exit 3 when there is no such ticket.
pub async fn ticket(ctx: &Context, reader: &Reader, typed: &TicketArg) -> Result<Record<Ticket>> {
    let known = ctx.ticket_numbers()?;
    let target = target(reader, &known, typed).await?;
    let ticket = match reader.get(tickets::get(target.id)).await {
        Ok(ticket) if proves(typed, &ticket) => ticket,
        Err(error) if !is_another(&error) => return Err(error.into()),
        _ => match typed {
            TicketArg::Number(number) if target.remembered => {
                let found = find(reader, number).await?;
                reader.get(tickets::get(found.id)).await?
            }
            typed => return Err(not_found(typed)),
        },
    };
    known.remember(&ticket);
    Ok(ticket)
}

/// What `read` finds for the ticket's id. Unless the id has just been looked up, the ticket itself is read beside it to
/// prove it.
///
/// # Errors
/// Exit 3 when there is no such ticket; those of `read`.
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
    let (ticket, found) = tokio::join!(reader.get(tickets::get(target.id)), read(target.id));
    match (ticket, typed) {
        (Ok(ticket), typed) if proves(typed, &ticket) => found,
        (Err(error), _) if !is_another(&error) => Err(error.into()),
        (_, TicketArg::Number(number)) => read(find(reader, number).await?.id).await,
        (_, typed) => Err(not_found(typed)),
    }
}

/// Whether what was remembered is another ticket's, or nothing's.
const fn is_another(error: &ApiError) -> bool {
    matches!(error, ApiError::NotFound { .. } | ApiError::Another { .. })
}
