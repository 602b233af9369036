//! `syncro payment show`: one payment and the invoices that it pays.

use crate::api::ids::{InvoiceId, PaymentId};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::payments::{self, Payment};
use crate::api::{Reader, Record};
use crate::commands::listing::look;
use crate::commands::resolve::candidates::meant;
use crate::commands::resolve::{Candidate, IdOrName, named};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::output::OfflineFlag;
use crate::render;
use crate::reports::kept::INVOICE;

/// Show one payment and its invoices
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro payment show 61200001
  syncro payment show 7731
  syncro payment show 61200001 --json | jq .invoice_ids")]
pub struct ShowArgs {
    /// Payment: an id, or a customer or reference of the newest payments
    #[arg(value_name = "PAYMENT")]
    pub payment: IdOrName,
    /// From where
    #[command(flatten)]
    pub offline: OfflineFlag,
}

/// So many of the newest are looked through for a name.
const NEWEST: usize = 100;

/// The payment that was meant, from its own page: digits are an id first, then a reference.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub(crate) async fn find(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
) -> Result<Record<Payment>> {
    let of_id = async |id| reader.find(payments::get(id), |one| one.id == Some(id)).await;
    if let Some(id) = typed.id().map(PaymentId)
        && let Some(payment) = of_id(id).await?
    {
        return Ok(payment);
    }
    let id = called(ctx, reader, typed).await?;
    of_id(id).await?.ok_or_else(|| typed.not_found("payment"))
}

/// The id of the one of the newest that has this reference, or is of this customer.
async fn called(ctx: &Context, reader: &Reader, typed: &IdOrName) -> Result<PaymentId> {
    if typed.name().is_none() {
        return Err(typed.not_found("payment"));
    }
    let newest = reader.all(payments::all().enough(NEWEST)).await?.items;
    let zone = &ctx.settings().timezone;
    let all = newest.iter().filter_map(|one| Candidate::payment(one, zone));
    let all: Vec<Candidate> = all.take(NEWEST).collect();
    let count = all.len();
    if let (Some(id), true) = (typed.id(), meant(typed.name().unwrap_or_default(), &all).is_empty())
    {
        if ctx.is_offline() {
            return Err(typed.not_found("payment"));
        }
        let text = format!(
            "there is no payment with id {id}, nor is it the reference of one of the {count} newest"
        );
        return Err(Error::new(Kind::NotFound, text).next("payment list", "list ids"));
    }
    let whose = format!("the list of the {count} newest payments");
    named::id_called(ctx, (&whose, "payment"), typed, &all).await.map(PaymentId)
}

/// So many invoices are asked for their numbers.
const INVOICES: usize = 10;

/// Runs `syncro payment show`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ShowArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let payment = find(ctx, &reader, &args.payment).await?;
    if ctx.how().json {
        return ctx.json(&payment.raw);
    }
    let asked = payment.invoice_ids.iter().take(INVOICES);
    let asked = asked.map(|&id| invoices::get(id).keeping(&INVOICE)).collect();
    // Only a help: one that cannot be read is shown by its id.
    let pages = reader.several("invoices", asked).await.unwrap_or_default();
    let mut pages = pages.into_iter().map(Result::ok);
    let ids = payment.invoice_ids.iter();
    let lines: Vec<String> = ids.map(|&id| invoice(id, pages.next().flatten())).collect();
    let page = render::payment::page(&payment, &lines, &look(ctx));
    ctx.ui().page(&page)
}

/// The invoice in a line, which the payment knows by its id alone.
fn invoice(id: InvoiceId, page: Option<Record<Invoice>>) -> String {
    let Some(invoice) = page.filter(|page| page.id == id) else {
        return format!("id:{id}");
    };
    let total = render::invoice::total(&invoice);
    let unclear = invoice.unreadable.among(&["is_paid"]).map(ToString::to_string);
    let paid = match invoice.is_credit() {
        true => Some("credit".to_owned()),
        false => render::invoice::marked(&invoice),
    };
    let stands = unclear.or(paid).unwrap_or_else(|| "not paid".to_owned());
    format!("#{}, {total}, {stands}", invoice.number)
}
