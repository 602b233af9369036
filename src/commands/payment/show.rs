//! `syncro payment show`: one payment and the invoices that it pays.

use crate::api::Reader;
use crate::api::ids::{InvoiceId, PaymentId};
use crate::api::resources::invoices;
use crate::api::resources::payments;
use crate::commands::listing::look;
use crate::commands::resolve::{Candidate, IdOrName, named};
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
    /// Payment: an id, or a customer or reference of the newest payments
    #[arg(value_name = "PAYMENT")]
    pub payment: IdOrName,
}

/// So many of the newest are looked through for a name.
const NEWEST: usize = 100;

async fn id_of(ctx: &Context, reader: &Reader, typed: &IdOrName) -> Result<PaymentId> {
    let newest = match typed.id() {
        Some(_) => Vec::new(),
        None => reader.all(payments::all().enough(NEWEST)).await?.items,
    };
    let zone = &ctx.settings().timezone;
    let all = newest.iter().filter_map(|one| Candidate::payment(one, zone));
    let all: Vec<Candidate> = all.take(NEWEST).collect();
    let whose = format!("the list of the {} newest payments", all.len());
    named::id_of(ctx, (&whose, "payment"), typed, &all).await.map(PaymentId)
}

/// So many invoices are asked for their numbers.
const INVOICES: usize = 10;

/// Runs `syncro payment show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader()?;
    let id = id_of(ctx, &reader, &args.payment).await?;
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
            let total = render::invoice::total(&invoice);
            let paid = match (invoice.is_paid, invoice.total) {
                (_, Some(total)) if total.is_sign_negative() && !total.is_zero() => "credit",
                (true, _) => "paid",
                (false, _) => "not paid",
            };
            let unclear = invoice.unreadable.among(&["is_paid"]).map(ToString::to_string);
            format!("#{}, {total}, {}", invoice.number, unclear.as_deref().unwrap_or(paid))
        }
        _ => format!("id:{id}"),
    }
}
