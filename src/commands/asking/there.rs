//! That what was named is there, before anything is asked about it.

use std::collections::BTreeMap;

use super::Ask;
use crate::commands::invoice::find::{InvoiceArg, find};
use crate::commands::resolve::{TicketArg, reading};
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
