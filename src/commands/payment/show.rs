//! `syncro payment show`: one payment and the invoices that it pays.

use crate::api::Reader;
use crate::api::ids::{InvoiceId, PaymentId};
use crate::api::resources::invoices;
use crate::api::resources::payments;
use crate::billing::money;
use crate::commands::listing::look;
use crate::context::Context;
use crate::error::{Error, Hint, Kind, Result};
use crate::render;

/// Show one payment and its invoices
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro payment show 61200001
  syncro payment show 61200001 --json | jq .invoice_ids")]
pub struct ShowArgs {
    /// Payment id, as `syncro payment list` shows it
    #[arg(value_name = "ID", value_parser = id)]
    pub payment: PaymentId,
}

/// Reads an id, `id:` before it or not.
fn id(typed: &str) -> Result<PaymentId, String> {
    let digits = typed.trim();
    let digits = digits.strip_prefix("id:").unwrap_or(digits);
    let id = digits.parse().map(PaymentId);
    id.map_err(|_| "a payment is named by its id: digits".to_owned())
}

/// So many invoices are asked for their numbers.
const INVOICES: usize = 10;

/// Runs `syncro payment show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let id = args.payment;
    let found = reader.find(payments::get(id), |payment| payment.id == Some(id)).await?;
    let payment = found.ok_or_else(|| {
        Error::new(Kind::NotFound, format!("there is no payment with id {id}"))
            .hint(Hint::default().command("payment list").text(" lists them with their ids"))
    })?;
    if ctx.how().json {
        return ctx.json(&payment.raw);
    }
    let known = payment.invoice_ids.iter().take(INVOICES);
    let known = known.map(|&id| invoice(&reader, id));
    let mut lines = futures_util::future::join_all(known).await;
    let others = payment.invoice_ids.iter().skip(INVOICES);
    lines.extend(others.map(|id| format!("id:{id}")));
    let page = render::payment::page(&payment, &lines, &look(ctx));
    ctx.ui().page(&page)
}

/// The invoice in a line, which the payment knows by its id alone.
async fn invoice(reader: &Reader, id: InvoiceId) -> String {
    // Only a help: one that cannot be read is shown by its id.
    match reader.get(invoices::get(id)).await {
        Ok(invoice) if invoice.id == id => {
            let total = invoice.total.map(money::display).unwrap_or_default();
            let paid = match (invoice.is_paid, invoice.total) {
                (_, Some(total)) if total.is_sign_negative() && !total.is_zero() => "credit",
                (true, _) => "paid",
                (false, _) => "not paid",
            };
            format!("#{}, {total}, {paid}", invoice.number)
        }
        _ => format!("id:{id}"),
    }
}
