//! That what was named is there, before anything is asked about it.

use std::collections::BTreeMap;

use crate::api::Record;
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::Invoice;
use crate::api::resources::tickets::Ticket;
use crate::commands::invoice::find::{InvoiceArg, find, find_or_customers};
use crate::commands::resolve::candidates::lines;
use crate::commands::resolve::contact::contact;
use crate::commands::resolve::{Candidate, IdOrName, TicketArg, heading, reading};
use crate::commands::{asset, contact as contacts};
use crate::context::Context;
use crate::error::{Error, Result};

/// What was named and read before the first question.
#[derive(Debug, Default)]
pub struct There {
    /// The ticket.
    pub ticket: Option<Record<Ticket>>,
    /// The invoice.
    pub invoice: Option<Record<Invoice>>,
}

/// Reads the ticket or the invoice that is `given`, and says which one it is: a number that was mistyped shows before anything
/// is asked about it.
///
/// # Errors
/// Exit 3 when it is not there; those of the reads.
pub async fn there(ctx: &Context, given: &BTreeMap<String, String>) -> Result<There> {
    let mut there = There::default();
    let reader = || Ok::<_, Error>(ctx.reader()?.wholly());
    if let Some(typed) = given.get("ticket") {
        let typed: TicketArg = typed.parse().map_err(Error::usage)?;
        let ticket = reading::ticket(ctx, &reader()?, &typed).await?;
        ctx.ui().note(&heading(&ticket));
        there.ticket = Some(ticket);
    }
    if let Some(typed) = given.get("invoice") {
        let typed: InvoiceArg = typed.parse().map_err(Error::usage)?;
        let invoice = find(&reader()?, &typed).await?;
        ctx.ui().note(&lines(&[Candidate::invoice(&invoice)]).join("\n"));
        there.invoice = Some(invoice);
    }
    Ok(there)
}

/// Reads the contact or the asset that a command of the noun is `given`, or the invoice that is by its customer's name; the
/// argument, and the id of what was meant. It is said which one that is.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub async fn meant(
    ctx: &Context,
    called: &str,
    given: &BTreeMap<String, String>,
    customer: Option<&Record<Customer>>,
) -> Result<Option<(&'static str, String)>> {
    if let Some(typed) = given.get("invoice") {
        let typed: InvoiceArg = typed.parse().map_err(Error::usage)?;
        if typed.name().is_none() {
            return Ok(None);
        }
        let found = find_or_customers(ctx, &ctx.reader()?, &typed).await?;
        return Ok(Some(("invoice", found.id.to_string())));
    }
    let Some(noun) = called.strip_suffix(" update") else { return Ok(None) };
    let Some(typed) = given.get(noun) else { return Ok(None) };
    let named = || typed.parse::<IdOrName>().map_err(Error::usage);
    let whose = customer.map(|customer| customer.id);
    let reader = ctx.reader()?;
    let (noun, meant) = match noun {
        "contact" => {
            let found = contacts::find::find(ctx, &reader, &named()?, whose).await?;
            ("contact", Candidate::contact(&found))
        }
        "asset" => {
            let found = asset::find::find(ctx, &reader, &named()?, whose).await?;
            ("asset", Candidate::asset(&found))
        }
        _ => return Ok(None),
    };
    ctx.ui().note(&lines(std::slice::from_ref(&meant)).join("\n"));
    Ok(Some((noun, meant.id)))
}

/// That the contact of a new ticket is one of its customer's.
///
/// # Errors
/// Exit 3 when it is not, exit 2 when several may be meant; those of the reads.
pub async fn its_own(
    ctx: &Context,
    called: &str,
    given: &BTreeMap<String, String>,
    customer: Option<&Record<Customer>>,
) -> Result<()> {
    let typed = given.get("contact").filter(|_| called == "create");
    let Some((typed, customer)) = typed.zip(customer) else { return Ok(()) };
    // The fast look-up may leave contacts out.
    let whole = match customer.contacts.is_empty() {
        true => Some(ctx.reader()?.get(customers::get(customer.id)).await?),
        false => None,
    };
    contact(whole.as_ref().unwrap_or(customer), typed).map_err(Error::nothing_written)?;
    Ok(())
}
