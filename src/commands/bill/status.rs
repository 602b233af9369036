//! The status that a billed ticket gets: one that the account has, which is known before anything is written.

use crate::account::names::with_words;
use crate::api::Reader;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::operations::{Names, Word};

/// The account's words, once `after_bill` is known to be among its statuses, where an invoice is made: from the lists that
/// are kept for a day, else from the account.
///
/// # Errors
/// Exit 10 for a status that the account does not have; those of the reads.
pub(super) async fn names(ctx: &Context, reader: &Reader, invoice: bool) -> Result<Names> {
    let after_bill = ctx.settings().tickets.after_bill.as_ref().filter(|_| invoice);
    let Some(word) = after_bill.map(|status| Word::Status(status.clone())) else {
        return Ok(Names::default());
    };
    let names = with_words(ctx, reader, std::slice::from_ref(&word)).await?;
    names.check(&word).map_err(|error| Error {
        kind: Kind::Configuration,
        message: format!("after_bill in [tickets]: {}", error.message),
        ..error.nothing_written()
    })?;
    Ok(names)
}
