//! `syncro invoice delete <number>`: removes an unpaid invoice. Syncro answers 200 even when it has deleted nothing, so
//! nothing is called deleted before a GET gives 404.

use serde_json::{Map, json};

use super::find::{InvoiceArg, find, writing};
use crate::account::{Lists, Which};
use crate::api::resources::{invoices, tickets};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Guard, Operation};
use crate::workflow::{self, Approval, Overrides, Writing, guards};

/// Delete an unpaid invoice
///
/// Its line items can be invoiced again afterwards. You cannot delete an invoice that has a payment. A ticket that would stay
/// invoiced without an invoice gets the status of --status, or keeps its own with --keep-status.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice delete 67409
  syncro invoice delete 67409 --status \"In Progress\"
  syncro invoice delete 67409 --keep-status --yes --json")]
pub struct DeleteArgs {
    /// Invoice number (also id:1652300001; on a terminal, a customer with an open invoice)
    #[arg(value_name = "NUMBER")]
    pub invoice: InvoiceArg,
    /// New status of its ticket, from the account's list
    #[arg(long, value_name = "STATUS")]
    pub status: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::KeepStatus]) }>,
}

/// Runs `syncro invoice delete`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &DeleteArgs) -> Result<()> {
    let approval = Approval::of(ctx);
    let mut allowed = args.overrides.allowed.clone();
    if args.status.is_some() && !allowed.insert(Guard::KeepStatus) {
        return Err(Error::usage("--status and --keep-status contradict each other"));
    }
    let reader = ctx.reader()?;
    let found = find(&reader, &args.invoice).await?;
    let mut writing = Writing {
        next: Some("invoice list".to_owned()),
        allowed,
        ..writing("invoice delete", &found, invoices::delete(found.id))?
    };
    if let Some(typed) = &args.status {
        let ticket = found.ticket_id.ok_or_else(|| {
            Error::usage(format!("invoice #{} has no ticket to set a status of", found.number))
        })?;
        let mut lists = Lists::read(ctx, &reader).await?;
        let status = lists.choose(ctx, &reader, Which::Status, typed).await?;
        let fields = Map::from_iter([("status".to_owned(), json!(status))]);
        let requests = [invoices::delete(found.id), tickets::update(ticket, fields)];
        writing.operations = Operation::all(requests.map(Into::into))?;
    }
    workflow::write(ctx, &approval, &writing).await
}
