//! What all writes on a ticket have alike: the ticket is read, its preview begins with it, and it must still be the same
//! customer's when anything is sent.

use super::rule::Env;
use crate::api::Record;
use crate::api::ids::TicketId;
use crate::api::resources::tickets::Ticket;
use crate::error::{Error, Kind, Result};
use crate::render::preview::Sheet;
use crate::write::{Field, Noun, Precondition, Scope, Snapshot};

/// What a write on a ticket is about, before the ticket was read.
pub(super) fn scope_of(id: TicketId) -> Scope {
    Scope { ticket: Some(id), ..Scope::default() }
}

/// The ticket that was read.
///
/// # Errors
/// Exit 3 where there is none.
pub(super) fn ticket(seen: &Snapshot, id: TicketId) -> Result<&Record<Ticket>> {
    let ticket = seen.ticket().filter(|ticket| ticket.id == id);
    ticket.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("there is no ticket {id}; nothing was written"))
    })
}

/// What a plan on a ticket is about.
pub(super) fn scope(ticket: &Record<Ticket>) -> Scope {
    Scope::of_ticket(ticket.id, ticket.number.clone(), ticket.customer_id)
}

/// How a preview of a write on it begins.
pub(super) fn sheet(ticket: &Record<Ticket>, env: &Env<'_>) -> Sheet {
    Sheet::default().ticket(ticket).whose(ticket).by(env.me)
}

/// That a ticket is still the customer's whose it was in the preview.
pub fn whose(ticket: &Record<Ticket>) -> Precondition {
    let customer = ticket.customer_id.map(|id| id.0);
    let still = vec![Field::new("customer_id", customer)];
    Precondition::new(Noun::Ticket.record(ticket.id), format!("ticket #{}", ticket.number), still)
}
