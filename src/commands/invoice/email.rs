//! `syncro invoice email <number>`: has Syncro mail an invoice to its customer. No GET shows whether it went out, so one
//! plan never asks for it twice; another run does.

use super::facts::{self, Facts, scope};
use super::{InvoiceArg, find};
use crate::api::Reader;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Effect, Plan, Step};

/// Email an invoice to its customer
///
/// Shows the recipient and the total first. The API does not show whether an invoice was emailed: after a lost answer it
/// is not sent again, and running the command later emails the invoice again.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice email 67409
  syncro invoice email 67409 --yes")]
pub struct EmailArgs {
    /// Invoice number (id:1652300001 also works)
    #[arg(value_name = "NUMBER")]
    pub invoice: InvoiceArg,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::Paid, Guard::Zero]) }>,
}

/// Runs `syncro invoice email`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &EmailArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let reader = ctx.reader()?;
    let found = find(&reader, &args.invoice).await?;
    let (id, customer) = (found.id, found.customer_id);
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &reader, id, customer);
    let scope = scope(&found);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
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
    let to = recipient(&facts)?;
    let preview = facts
        .sheet()
        .row("Email", format!("to {to}"))
        .line("Syncro does not show whether it was already emailed; this may email it again")
        .text();
    let mut findings = Vec::new();
    if facts.invoice.is_paid {
        findings.push(Finding::new(Guard::Paid, format!("{what} is paid")));
    }
    if facts.invoice.total.is_some_and(|total| total.is_zero()) {
        findings.push(Finding::new(Guard::Zero, format!("{what} is for $0.00")));
    }
    let effect = Effect::Unverifiable { label: format!("the email of {what} to {to}") };
    let says = format!("email {what} to {to}");
    let step = Step::new("email", says, invoices::email(id), effect)
        .requires(facts.given())
        .requires(facts.address());
    let plan = Plan::new(
        "invoice email",
        format!("Email {what}"),
        facts.account.clone(),
        scope(&facts.invoice),
    )
    .previewed(preview)
    .step(step)
    .then(format!("invoice show {}", facts.invoice.number));
    Ok(Proposal { plan, findings, me: facts.me.view, at: facts.at })
}

/// Whom Syncro will mail: the customer, and whoever gets copies of all invoices.
fn recipient(facts: &Facts) -> Result<String> {
    let customer = &facts.customer;
    let address = customer.email.trim();
    if address.is_empty() || customer.no_email {
        let why = match customer.no_email {
            true => "does not accept email (no_email)",
            false => "has no email address",
        };
        return Err(Error::refused(format!("{} {why}; nothing was written", customer.name()))
            .hint(format!("to fix it: syncro customer update {}", customer.id)));
    }
    let copies = customer.raw["invoice_cc_emails"].as_str().unwrap_or_default();
    Ok(match copies.trim() {
        "" => address.to_owned(),
        copies => format!("{address}, copies to {copies}"),
    })
}
