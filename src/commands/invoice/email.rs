//! `syncro invoice email <number>`: has Syncro mail an invoice to its customer. No GET shows whether it went out, so one
//! plan never asks for it twice; another run asks first, where the journal has it.

use super::find::{InvoiceArg, find_to_write, writing};
use crate::api::resources::invoices;
use crate::context::Context;
use crate::error::Result;
use crate::operations::Guard;
use crate::workflow::{self, Approval, Overrides, Writing, guards};

const GUARDS: [Guard; 7] = [
    Guard::Again,
    Guard::Paid,
    Guard::Unpublished,
    Guard::Zero,
    Guard::OtherContact,
    Guard::OptedOut,
    Guard::Disabled,
];

/// Email an invoice to its customer
///
/// Shows the recipient and the total first. The API does not show whether an invoice was emailed: after a lost answer it
/// is not sent again. An email that this program has sent within a day is asked about.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice email 67409
  syncro invoice email 67409 --yes")]
pub struct EmailArgs {
    /// Invoice number (also id:1652300001; on a terminal, a customer with an open invoice)
    #[arg(value_name = "NUMBER")]
    pub invoice: InvoiceArg,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&GUARDS) }>,
}

/// Runs `syncro invoice email`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &EmailArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let found = find_to_write(ctx, &approval, &ctx.reader()?, &args.invoice).await?;
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        ..writing("invoice email", &found, invoices::email(found.id))?
    };
    workflow::write(ctx, &approval, &writing).await
}
