//! What a ticket's page leaves out. Of such a list nobody can tell what is in it: it is said, and not taken for an empty one.

use crate::api::Record;
use crate::api::resources::tickets::Ticket;
use crate::error::{Error, Result};

/// A list of a ticket's page: its field, and what people call it.
pub type PageList = (&'static str, &'static str);

/// Time may run there, or wait.
pub const TIMERS: PageList = ("ticket_timers", "timers");
/// Lines may wait there for an invoice.
pub const LINES: PageList = ("line_items", "line items");

/// Refuses what rests on a list that a ticket's page leaves out.
///
/// # Errors
/// Exit 5 where it does.
pub fn refuse_hidden(ticket: &Record<Ticket>, list: PageList) -> Result<()> {
    hidden(ticket, list).map_or(Ok(()), |text| Err(Error::refused(text).nothing_written()))
}

/// That a ticket's page leaves a list out.
#[must_use]
pub fn hidden(ticket: &Record<Ticket>, (list, label): PageList) -> Option<String> {
    let text = || format!("Syncro does not show the {label} of ticket #{}", ticket.number);
    (!ticket.shows(list)).then(text)
}
