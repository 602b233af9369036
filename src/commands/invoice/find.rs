//! How an invoice is found, by the number that people see or by its id, and what a write to it begins with.

use std::str::FromStr;

use crate::api::ids::{CustomerId, InvoiceId, Number};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::tickets;
use crate::api::{Reader, Record, Write};
use crate::billing::balance::may_be_open;
use crate::commands::payment::received::payments_of;
use crate::commands::resolve::candidates::lines;
use crate::commands::resolve::{self, Candidate, CustomerArg, named};
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result, quoted};
use crate::workflow::{Approval, Writing};
use crate::write::Scope;

/// An invoice as it is typed: `67410`, `#67410`, or `id:1652300001`; where somebody sees which, its customer's name will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvoiceArg {
    /// The number that people see; some accounts put letters into it.
    Number(Number),
    /// The internal id.
    Id(InvoiceId),
    /// What is no number: a name.
    Named(String),
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
        if text.starts_with(char::is_alphabetic) && !text.contains(['/', '?']) {
            return Ok(Self::Named(text.to_owned()));
        }
        Err("use the invoice number (67410), or id: and the internal id".to_owned())
    }
}

impl std::fmt::Display for InvoiceArg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "#{number}"),
            Self::Id(id) => write!(f, "id:{id}"),
            Self::Named(name) => write!(f, "\"{name}\""),
        }
    }
}

impl InvoiceArg {
    /// The customer's name that it may be.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Number(number) if number.0.contains(char::is_alphabetic) => Some(&number.0),
            Self::Named(name) => Some(name),
            Self::Number(_) | Self::Id(_) => None,
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
        InvoiceArg::Named(_) => return Err(not_found(typed)),
        InvoiceArg::Number(number) => number,
    };
    match reader.get(invoices::by_number(number)).await {
        Ok(invoice) if invoice.number == *number => return Ok(invoice),
        Ok(_) => {}
        Err(error) if error.is_none() => return Err(or_ticket(reader, number, typed).await),
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

/// The same, or the open invoice of the customer who is called so: the only one, or the one that a person picks.
///
/// # Errors
/// Exit 3 when there is no such invoice, exit 2 when several are open and nobody can be asked.
pub async fn find_or_customers(
    ctx: &Context,
    reader: &Reader,
    typed: &InvoiceArg,
) -> Result<Record<Invoice>> {
    let error = match find(reader, typed).await {
        Err(error) if error.kind == Kind::NotFound => error,
        found => return found,
    };
    let Some(name) = typed.name() else { return Err(error) };
    let named = CustomerArg::Typed(name.to_owned());
    let customer = match resolve::customer(ctx, reader, &named).await {
        Err(none) if none.kind == Kind::NotFound => return Err(error),
        customer => customer?,
    };
    let open = newest(reader, true, Some(customer.id)).await?;
    let all: Vec<Candidate> = open.iter().map(|one| Candidate::invoice(one)).collect();
    let at = match all.len() {
        0 => {
            let text = format!("{} has no open invoice", customer.name());
            let list = format!("invoice list --customer {}", customer.id);
            return Err(Error::new(Kind::NotFound, text).next(list, "list all of them"));
        }
        1 => 0,
        count => {
            let several = format!("{} has {count} open invoices", customer.name());
            named::among(ctx, several, lines(&all), "use the invoice number").await?
        }
    };
    by_id(reader, open[at].id, typed).await
}

/// The same to write to it: a name names an invoice only where a person sees in the preview which one that is.
///
/// # Errors
/// Those of [`find`] and [`find_or_customers`].
pub async fn find_to_write(
    ctx: &Context,
    approval: &Approval,
    reader: &Reader,
    typed: &InvoiceArg,
) -> Result<Record<Invoice>> {
    match approval.may_ask() {
        true => find_or_customers(ctx, reader, typed).await,
        false => find(reader, typed).await,
    }
}

/// So many of a list without end are offered.
pub const SHOWN: usize = 20;

/// The newest invoices; those that may be open alone, or a customer's, where that is wanted.
///
/// # Errors
/// Those of the reads.
pub async fn newest(
    reader: &Reader,
    unpaid: bool,
    customer: Option<CustomerId>,
) -> Result<Vec<Record<Invoice>>> {
    let all = invoices::all().enough(SHOWN);
    let all = match customer {
        Some(_) => all.near("customer_id", customer, move |one| one.customer_id == customer),
        None => all,
    };
    let list = match unpaid {
        true => invoices::perhaps_unpaid(all).keep(|one: &Invoice| may_be_open(one)),
        false => all,
    };
    let mut found = reader.all(list).await?.items;
    found.truncate(SHOWN);
    payments_of(reader, &mut found).await;
    found.retain(|one| !unpaid || may_be_open(one));
    Ok(found)
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

/// A write of a command to an invoice that was found.
pub(super) fn writing<'w>(
    command: &'w str,
    found: &Invoice,
    request: Write,
) -> Result<Writing<'w>> {
    let scope = Scope { ticket: found.ticket_id, customer: found.customer_id, ..Scope::default() };
    Writing::of(command, scope, request)
}

async fn by_id(reader: &Reader, id: InvoiceId, typed: &InvoiceArg) -> Result<Record<Invoice>> {
    // It may be the number of another one.
    let found = reader.find(invoices::get(id), |invoice| invoice.id == id).await?;
    found.ok_or_else(|| not_found(typed))
}

fn not_found(typed: &InvoiceArg) -> Error {
    let hint = Hint::from("use the number on the invoice, or `id:` and the internal id; run ");
    let hint = match typed.name() {
        Some(name) => {
            hint.line(format!("invoice list --customer {}", quoted(name))).text(" for a customer's")
        }
        None => hint.command("invoice list").text(" to list invoices"),
    };
    Error::none(format!("invoice {typed}")).hint(hint)
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
        for name in ["harbor dental", "Quill & Daughters", "Café"] {
            assert_eq!(name.parse(), Ok(InvoiceArg::Named(name.to_owned())));
        }
        for wrong in ["", "#", "..", "1/2", "6 7", "id:", "id:x", "7?x=1"] {
            assert!(wrong.parse::<InvoiceArg>().is_err(), "{wrong}");
        }
    }
}
