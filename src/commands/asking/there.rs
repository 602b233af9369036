//! That what was named is there, before anything is asked about it.

use std::collections::BTreeMap;

use super::Ask;
use crate::api::Record;
use crate::api::resources::customers::{self, Customer};
use crate::commands::invoice::find::{InvoiceArg, find};
use crate::commands::resolve::contact::contact;
use crate::commands::resolve::{IdOrName, TicketArg, reading};
use crate::commands::{asset, contact as contacts};
use crate::context::Context;
use crate::error::{Error, Result};

/// Reads the ticket or the invoice that is `given`, unless the first question, which is `ask`, does.
///
/// # Errors
/// Exit 3 when it is not there; those of the reads.
pub async fn there(ctx: &Context, given: &BTreeMap<String, String>, ask: Ask) -> Result<()> {
    if matches!(ask, Ask::Line | Ask::Timer | Ask::Waiting | Ask::Method | Ask::Amount) {
        return Ok(());
    }
    let reader = ctx.reader()?;
    if let Some(typed) = given.get("ticket") {
        let typed: TicketArg = typed.parse().map_err(Error::usage)?;
        reading::ticket(ctx, &reader, &typed).await?;
    }
    if let Some(typed) = given.get("invoice") {
        let typed: InvoiceArg = typed.parse().map_err(Error::usage)?;
        find(&reader, &typed).await?;
    }
    Ok(())
}

/// Reads the contact or the asset that a command of the noun is `given`; the argument, and the id of what was meant.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub async fn meant(
    ctx: &Context,
    called: &str,
    given: &BTreeMap<String, String>,
    customer: Option<&Record<Customer>>,
) -> Result<Option<(&'static str, String)>> {
    let Some(noun) = called.strip_suffix(" update") else { return Ok(None) };
    let Some(typed) = given.get(noun) else { return Ok(None) };
    let named = || typed.parse::<IdOrName>().map_err(Error::usage);
    let whose = customer.map(|customer| customer.id);
    let reader = ctx.reader()?;
    Ok(match noun {
        "contact" => {
            let found = contacts::find::find(ctx, &reader, &named()?, whose).await?;
            Some(("contact", found.id.to_string()))
        }
        "asset" => {
            let found = asset::find::find(ctx, &reader, &named()?, whose).await?;
            Some(("asset", found.id.to_string()))
        }
        _ => None,
    })
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
