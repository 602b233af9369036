//! Amounts as they are typed, in the account's own currency.

use rust_decimal::Decimal;

use crate::billing::currency;
use crate::billing::typed::TypedAmount;
use crate::context::Context;
use crate::error::{Error, Result};

/// The amount that was typed. Only one with a symbol or with decimals is compared with the account's currency, which is read
/// for it where no read has brought it along yet.
///
/// # Errors
/// Exit 2 for the symbol of another currency, for any where the account's is not known, and for decimals that it has not.
pub async fn amount(ctx: &Context, typed: &TypedAmount) -> Result<Decimal> {
    if typed.needs_currency() && currency::current().is_none() {
        ctx.reader()?.settings_beside().await;
    }
    typed.in_currency(currency::current()).map_err(|why| Error::usage(why).nothing_written())
}

/// The same of one that may have been left out.
///
/// # Errors
/// As for [`amount`].
pub async fn maybe_amount(ctx: &Context, typed: Option<&TypedAmount>) -> Result<Option<Decimal>> {
    match typed {
        Some(typed) => amount(ctx, typed).await.map(Some),
        None => Ok(None),
    }
}
