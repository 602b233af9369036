//! `syncro invoice delete <number>`: removes an unpaid invoice. Syncro answers 200 even when it has deleted nothing, so
//! nothing is called deleted before a GET gives 404.

use super::find::{InvoiceArg, find, writing};
use crate::api::resources::invoices;
use crate::context::Context;
use crate::error::Result;
use crate::workflow::{self, Approval, Writing};

/// Delete an unpaid invoice
///
/// Its line items can be invoiced again afterwards. You cannot delete an invoice that has a payment.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice delete 67409
  syncro invoice delete 67409 --yes --json")]
pub struct DeleteArgs {
    /// Invoice number (id:1652300001 also works)
    #[arg(value_name = "NUMBER")]
    pub invoice: InvoiceArg,
}

/// Runs `syncro invoice delete`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let found = find(&ctx.reader()?, &args.invoice).await?;
    let writing = Writing {
        next: Some("invoice list".to_owned()),
        ..writing("invoice delete", &found, invoices::delete(found.id))?
    };
    workflow::write(ctx, &approval, &writing).await
}
