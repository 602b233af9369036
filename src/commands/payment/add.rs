//! `syncro payment add <invoice>`: a payment that was received. It cannot be taken back through the API.

use std::time::Instant;

use crate::account::currency;
use crate::api::resources::payments::{self, NewPayment};
use crate::billing::typed::{self, TypedAmount};
use crate::commands::invoice::find::{InvoiceArg, find_to_write};
use crate::commands::resolve::choice;
use crate::context::Context;
use crate::error::{Error, Result, naming_value};
use crate::operations::payment::{all_open, cents, methods_ref, no_way_back};
use crate::operations::{Guard, Operation};
use crate::workflow::{self, Approval, Overrides, Writing, guards};
use crate::write::{Scope, Snapshot};

/// Add a payment to an invoice
#[derive(Debug, Clone, clap::Args)]
#[command(
    long_about = concat!(
        "Add a payment to an invoice\n\nShows the open amount before and after the payment. ",
        no_way_back!(),
        "."
    ),
    after_help = "\
Examples:
  syncro payment add 67409 --full --method Check --ref 11006
  syncro payment add 67409 --amount 81.53 --method \"Bank Transfer\" --yes --json"
)]
pub struct AddArgs {
    /// Invoice number (also id:1652300001; on a terminal, a customer with an open invoice)
    #[arg(value_name = "INVOICE")]
    pub invoice: InvoiceArg,
    /// Amount paid
    #[arg(long, value_name = "AMOUNT", value_parser = naming_value(typed::amount), allow_negative_numbers = true)]
    pub amount: Option<TypedAmount>,
    /// Pay the whole open amount
    #[arg(long, conflicts_with = "amount")]
    pub full: bool,
    /// Payment method, from the account's list
    #[arg(long, value_name = "METHOD")]
    pub method: String,
    /// Check or transaction number
    #[arg(long = "ref", value_name = "TEXT")]
    pub reference: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<
        { guards(&[Guard::Again, Guard::Over, Guard::SamePayment, Guard::AllowSecrets]) },
    >,
}

/// Runs `syncro payment add`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &AddArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let typed = currency::maybe_amount(ctx, args.amount.as_ref()).await?;
    match typed {
        Some(amount) => drop(cents(amount)?),
        None if args.full => {}
        None => {
            let error = Error::usage("the amount is missing").nothing_written();
            return Err(error.hint("use --amount 81.53, or --full for the whole open amount"));
        }
    }
    let reader = ctx.reader()?;
    let at = Instant::now();
    let (found, methods) =
        tokio::try_join!(find_to_write(ctx, &approval, &reader, &args.invoice), async {
            Ok(reader.get(payments::methods()).await?)
        })?;
    let method = choice("payment method", &args.method, &methods.names())?;
    let customer = found.customer_id.ok_or_else(|| {
        let text = format!("invoice #{} has no customer", found.number);
        Error::refused(text).nothing_written()
    })?;
    let request = payments::create(&NewPayment {
        customer,
        invoice: found.id,
        cents: match typed {
            Some(amount) => cents(amount)?,
            None => all_open(&found)?,
        },
        method,
        reference: args.reference.clone(),
    });
    let scope = Scope { ticket: found.ticket_id, customer: found.customer_id, ..Scope::default() };
    let mut writing = Writing {
        allowed: args.overrides.allowed.clone(),
        ..Writing::of("payment add", scope, request)?
    };
    writing.known.at = at;
    writing.known.view = Snapshot::default().with_record(methods_ref(), Some(methods.raw));
    if args.full {
        writing.operations = writing.operations.into_iter().map(Operation::in_full).collect();
    }
    workflow::write(ctx, &approval, &writing).await
}
