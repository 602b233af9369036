//! How an invoice is found, by the number that people see or by its id, and what a write to it begins with.

use std::str::FromStr;

use crate::api::ids::{InvoiceId, Number};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::tickets;
use crate::api::{Error as ApiError, Reader, Record, Write};
use crate::error::{Error, Hint, Kind, Result};
use crate::workflow::Writing;
use crate::write::Scope;

/// An invoice as it is typed: `67410`, `#67410`, or `id:1652300001`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceArg {
    /// The number that people see; some accounts put letters into it.
    Number(Number),
    /// The internal id.
    Id(InvoiceId),
}

impl FromStr for InvoiceArg {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let text = typed.trim();
        if let Some(id) = text.strip_prefix("id:") {
            let id = id.trim().parse().map(InvoiceId);
            return id.map(Self::Id).map_err(|_| "use digits after id:".to_owned());
        }
        let number = text.strip_prefix('#').unwrap_or(text);
        // It becomes part of a path.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if !number.is_empty() && number.chars().all(plain) {
            return Ok(Self::Number(Number(number.to_owned())));
        }
        Err("use the invoice number (67410), or id: and the internal id".to_owned())
    }
}

impl std::fmt::Display for InvoiceArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "#{number}"),
            Self::Id(id) => write!(f, "id:{id}"),
        }
    }
}

/// The invoice that was typed, from its own page. Syncro takes an id where a number is meant: when the answer has another
/// number, the list is searched for the right one.
///
/// # Errors
/// Exit 3 when there is no such invoice.
pub async fn find(reader: &Reader, typed: &InvoiceArg) -> Result<Record<Invoice>> {
    let number = match typed {
        InvoiceArg::Id(id) => return by_id(reader, *id, typed).await,
        InvoiceArg::Number(number) => number,
    };
    match reader.get(invoices::by_number(number)).await {
        Ok(invoice) if invoice.number == *number => return Ok(invoice),
        Ok(_) => {}
        Err(ApiError::NotFound { .. }) => return Err(or_ticket(reader, number, typed).await),
        Err(error) => return Err(error.into()),
    }
    let wanted = number.clone();
    let list = invoices::all().enough(1).keep(move |one| one.number == wanted);
    let listed = reader.all(list).await?;
    match listed.items.first() {
        Some(invoice) => by_id(reader, invoice.id, typed).await,
        None => Err(or_ticket(reader, number, typed).await),
    }
}

/// The error for a number that no invoice has, with the way to the ticket that has it.
async fn or_ticket(reader: &Reader, number: &Number, typed: &InvoiceArg) -> Error {
    let error = not_found(typed);
    // Only a help: a look that fails changes nothing of what is said.
    match reader.get(tickets::by_number(number)).await {
        Ok(found) if found.tickets.iter().any(|ticket| ticket.number == *number) => {
            error.next(format!("ticket {number}"), "show the ticket of that number")
        }
        _ => error,
    }
}

/// A write of a command to an invoice that was found; its page follows.
pub(super) fn writing<'w>(
    command: &'w str,
    found: &Invoice,
    request: Write,
) -> Result<Writing<'w>> {
    let scope = Scope { ticket: found.ticket_id, customer: found.customer_id, ..Scope::default() };
    let next = Some(format!("invoice show {}", found.number));
    Ok(Writing { next, ..Writing::of(command, scope, request)? })
}

async fn by_id(reader: &Reader, id: InvoiceId, typed: &InvoiceArg) -> Result<Record<Invoice>> {
    // It may be the number of another one.
    let found = reader.find(invoices::get(id), |invoice| invoice.id == id).await?;
    found.ok_or_else(|| not_found(typed))
}

fn not_found(typed: &InvoiceArg) -> Error {
    Error::new(Kind::NotFound, format!("there is no invoice {typed}")).hint(
        Hint::from("use the number on the invoice, or `id:` and the internal id; run ")
            .command("invoice list")
            .text(" to list invoices"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_number_or_an_id() {
        let number = |text: &str| Ok(InvoiceArg::Number(Number(text.to_owned())));
        assert_eq!("67410".parse(), number("67410"));
        assert_eq!(" #67410 ".parse(), number("67410"));
        assert_eq!("INV-2026_7".parse(), number("INV-2026_7"));
        assert_eq!("id:7".parse(), Ok(InvoiceArg::Id(InvoiceId(7))));
        for wrong in ["", "#", "..", "1/2", "6 7", "id:", "id:x", "7?x=1"] {
            assert!(wrong.parse::<InvoiceArg>().is_err(), "{wrong}");
        }
    }
}
