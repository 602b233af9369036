//! `syncro invoice update <number>`: its dates, order number and note. Amounts follow from the lines and are not set.

use serde_json::{Map, Value};

use super::find::{InvoiceArg, find_to_write, writing};
use crate::api::resources::invoices;
use crate::context::Context;
use crate::dates::{self, Lean};
use crate::error::{Error, Result};
use crate::operations::Guard;
use crate::workflow::{self, Approval, Overrides, Writing, guards};

/// Change the dates, order number or note of an invoice
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro invoice update 67409 --due 2026-06-30
  syncro invoice update 67409 --po-number PO-1187 --note \"Thank you\" --yes")]
pub struct UpdateArgs {
    /// Invoice number (also id:1652300001; on a terminal, a customer with an open invoice)
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
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &UpdateArgs) -> Result<()> {
    let approval = Approval::of_change(ctx);
    let fields = fields(ctx, args)?;
    let found = find_to_write(ctx, &approval, &ctx.reader()?, &args.invoice).await?;
    let writing = Writing {
        allowed: args.overrides.allowed.clone(),
        ..writing("invoice update", &found, invoices::update(found.id, fields))?
    };
    workflow::write(ctx, &approval, &writing).await
}

/// The fields that were given.
fn fields(ctx: &Context, args: &UpdateArgs) -> Result<Map<String, Value>> {
    let now = ctx.present();
    let mut fields = Map::new();
    for (typed, lean, flag, field) in
        [(&args.date, Lean::Past, "--date", "date"), (&args.due, Lean::Future, "--due", "due_date")]
    {
        if let Some(typed) = typed {
            let day = dates::day(typed, &now, lean)
                .map_err(|why| Error::usage(format!("{flag}: {why}")))?;
            fields.insert(field.to_owned(), Value::from(day.to_string()));
        }
    }
    for (typed, field) in [(&args.po_number, "po_number"), (&args.note, "note")] {
        if let Some(text) = typed {
            fields.insert(field.to_owned(), Value::from(text.as_str()));
        }
    }
    if fields.is_empty() {
        return Err(Error::usage("no changes were given")
            .hint("use at least one of --date, --due, --po-number, --note"));
    }
    Ok(fields)
}
