//! `syncro invoice update <number>`: its dates, order number and note. Amounts follow from the lines and are not set.

use serde_json::{Map, Value};

use super::facts::{self, Facts, scope};
use super::{InvoiceArg, find};
use crate::api::Reader;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices;
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Result};
use crate::operations::{Finding, Guard};
use crate::workflow::{self, Approval, Overrides, Proposal, guards};
use crate::write::{Change, FieldKind, Noun, Plan, Step};

/// Change the dates, order number or note of an invoice
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice update 67409 --due 2026-06-30
  syncro invoice update 67409 --po-number PO-1187 --note \"Thank you\" --yes")]
pub struct UpdateArgs {
    /// Invoice number (id:1652300001 also works)
    #[arg(value_name = "NUMBER")]
    pub invoice: InvoiceArg,
    /// Invoice date: 2026-05-23, yesterday
    #[arg(long, value_name = "DAY")]
    pub date: Option<String>,
    /// Due date: 2026-06-30, 30d
    #[arg(long, value_name = "DAY")]
    pub due: Option<String>,
    /// Customer's purchase order number
    #[arg(long, value_name = "TEXT")]
    pub po_number: Option<String>,
    /// Note printed on the invoice
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Guard overrides
    #[command(flatten)]
    pub overrides: Overrides<{ guards(&[Guard::Paid, Guard::AllowSecrets]) }>,
}

/// Runs `syncro invoice update`.
///
/// # Errors
/// See the exit codes in README.md.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of(ctx)?;
    let wishes = wishes(ctx, args)?;
    let reader = ctx.reader()?;
    let found = find(&reader, &args.invoice).await?;
    let (id, customer) = (found.id, found.customer_id);
    let allowed = args.overrides.allowed.clone();
    let gather = || gather(ctx, &reader, id, customer, &wishes);
    let scope = scope(&found);
    workflow::run(ctx, &approval, &scope, allowed, gather).await
}

/// Fields, what people call them, and what they become.
fn wishes(ctx: &Context, args: &UpdateArgs) -> Result<Vec<(&'static str, &'static str, String)>> {
    let now = jiff::Timestamp::now().to_zoned(ctx.settings().timezone.clone());
    let mut wishes = Vec::new();
    for (typed, lean, flag, field, label) in [
        (&args.date, Lean::Past, "--date", "date", "date"),
        (&args.due, Lean::Future, "--due", "due_date", "due"),
    ] {
        if let Some(typed) = typed {
            let day = dates::day(typed, &now, lean)
                .map_err(|why| Error::usage(format!("{flag}: {why}")))?;
            wishes.push((field, label, day.to_string()));
        }
    }
    for (typed, field, label) in
        [(&args.po_number, "po_number", "order number"), (&args.note, "note", "note")]
    {
        if let Some(text) = typed {
            wishes.push((field, label, text.clone()));
        }
    }
    if wishes.is_empty() {
        return Err(Error::usage("no changes were given")
            .hint("use at least one of --date, --due, --po-number, --note"));
    }
    Ok(wishes)
}

async fn gather(
    ctx: &Context,
    reader: &Reader,
    id: InvoiceId,
    customer: Option<CustomerId>,
    wishes: &[(&'static str, &'static str, String)],
) -> Result<Proposal> {
    let facts = facts::read(ctx, reader, id, customer).await?;
    let what = facts.what();
    let (mut changes, mut body, mut sheet) = (Vec::new(), Map::new(), facts.sheet());
    for (field, label, to) in wishes {
        let mut change = Change::new(&facts.invoice.raw, field, label, to.as_str());
        if matches!(*field, "date" | "due_date") {
            change = change.kind(FieldKind::Day);
        }
        if change.is_one() {
            sheet = sheet.row("Change", change.says());
            body.insert((*field).to_owned(), Value::from(to.as_str()));
            changes.push(change);
        }
    }
    if changes.is_empty() {
        return Err(Error::refused(format!(
            "{what} already has these values; nothing was written"
        )));
    }
    let (of, write) = (Noun::Invoice.record(id), invoices::update(id, body));
    let step = Step::change("update_invoice", of, &what, changes, write);
    let findings = paid(&facts);
    let plan = Plan::new(
        "invoice update",
        format!("Change {what}"),
        facts.account.clone(),
        scope(&facts.invoice),
    )
    .previewed(sheet.text())
    .step(step)
    .then(format!("invoice show {}", facts.invoice.number));
    Ok(Proposal { plan, findings, me: facts.me.view, at: facts.at })
}

/// The question about an invoice that is paid.
pub(crate) fn paid(facts: &Facts) -> Vec<Finding> {
    let text = format!("{} is paid", facts.what());
    let finding = facts.invoice.is_paid.then(|| Finding::new(Guard::Paid, text));
    finding.into_iter().collect()
}
