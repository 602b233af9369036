//! `syncro invoice delete <number>`: removes an unpaid invoice. Syncro answers 200 even when it has deleted nothing, so
//! nothing is called deleted before a GET gives 404.

use super::facts::{self, scope};
use super::{InvoiceArg, find};
use crate::api::Reader;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::Allowed;
use crate::render::counted;
use crate::workflow::{self, Approval, Proposal};
use crate::write::{Effect, Noun, Plan, Step};

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
    let reader = ctx.reader()?;
    let found = find(&reader, &args.invoice).await?;
    let (id, customer) = (found.id, found.customer_id);
    let gather = || gather(ctx, &reader, id, customer);
    let scope = scope(&found);
    workflow::run(ctx, &approval, &scope, Allowed::new(), gather).await
}

/// What it comes to, and what is in its way.
///
/// # Errors
/// Exit 5 where it must not be; those of the reads.
pub(crate) async fn gather(
    ctx: &Context,
    reader: &Reader,
    id: InvoiceId,
    customer: Option<CustomerId>,
) -> Result<Proposal> {
    let facts = facts::read(ctx, reader, id, customer).await?;
    let what = facts.what();
    if facts.invoice.is_settled() {
        return Err(Error::refused(format!("{what} is fully or partly paid; nothing was written"))
            .hint("delete the payment in Syncro first"));
    }
    let lines = facts.invoice.line_items.len();
    let they = if lines == 1 { "it" } else { "they" };
    let lines = counted(lines, "line", "lines");
    let preview = facts
        .sheet()
        .row("Delete", format!("{what} with {lines}; {they} can be invoiced again"))
        .text();
    let effect = Effect::Deleted { of: Noun::Invoice.record(id), label: what.clone() };
    let says = format!("delete {what}");
    let step =
        Step::new("delete_invoice", says, invoices::delete(id), effect).requires(facts.given());
    let plan = Plan::new(
        "invoice delete",
        format!("Delete {what}"),
        facts.account.clone(),
        scope(&facts.invoice),
    )
    .previewed(preview)
    .step(step)
    .then("invoice list");
    Ok(Proposal { plan, findings: Vec::new(), me: facts.me.view, at: facts.at })
}
