//! `syncro report ar`: what customers owe, by how long it is late.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::flags::CheckFlags;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::resources::payments;
use crate::api::{Reader, Record};
use crate::commands::listing::look;
use crate::commands::payment::received::take_page;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::report_ar::{self as render, AR};
use crate::reports::ar::{Input, MEMBERS, SINGLY, report, undecided};
use crate::reports::{LeftOut, Received, kept, why};

/// Show what customers owe, by how late it is
///
/// Days count from the due date. Reads the unpaid invoices and all payments, about a request for 25 of them, and the page of
/// each invoice that these do not settle. Credits, drafts and failed payments lessen no amount.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report ar
  syncro report ar --invoices --customer Mossgate
  syncro report ar --jq '.rows[] | {customer, over_90}'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct ArArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    /// List the invoices one by one, the longest overdue first
    #[arg(long)]
    invoices: bool,
    #[command(flatten)]
    check: CheckFlags,
}

/// Runs `syncro report ar`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &ArArgs) -> Result<()> {
    let (shape, members) = match args.invoices {
        true => (&render::SINGLY, SINGLY.as_slice()),
        false => (&AR, MEMBERS.as_slice()),
    };
    check_columns(ctx, shape, members)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let mut permission = Permission::of(&reader);
    let (unpaid, received, left_out) = lists(ctx, &reader, customer, &mut permission).await?;
    let mut left_out = left_out;
    let invoices = with_pages(ctx, &reader, unpaid, &mut permission, &mut left_out).await?;
    let (received, today) = (&received, ctx.present().date());
    let report = report(&Input { invoices: &invoices, received, customer, today }, left_out);
    let program = ctx.program();
    let (records, rows): (Vec<Value>, _) = match args.invoices {
        true => {
            let singly = report.singly().into_iter();
            let records = singly.map(|(row, owed)| row.one_json(owed, &program)).collect();
            (records, render::singly(&report, &program))
        }
        false => {
            let records = report.rows.iter().map(|row| row.json(&program)).collect();
            let with_bars = look(ctx).width.is_some();
            (records, render::customers(&report, &program, with_bars))
        }
    };
    let answer = Answer {
        shape,
        name: "ar",
        as_of: ctx.now(),
        filters: json!({ "customer_id": customer }),
        found: records.len(),
        records,
        rows,
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "no customer owes anything",
    };
    print(ctx, answer, args.check)
}

/// The invoices that are not paid, each with its payments, and all payments. Where these cannot be read, the invoices' own
/// pages say what is open.
///
/// # Errors
/// Those of the list of invoices, of the permission, and what stops all reads.
async fn lists(
    ctx: &Context,
    reader: &Reader,
    customer: Option<CustomerId>,
    permission: &mut Permission,
) -> Result<(Vec<Record<Invoice>>, Received, LeftOut)> {
    let lists = (
        invoices::not_paid(customer).keeping(&kept::INVOICE),
        payments::all().keeping(&kept::PAYMENT),
    );
    // What some invoices come to only their own pages tell.
    let (listing, received) = reading::both(ctx, reader, permission, lists, |_| 0).await?;
    let received = match received {
        Err(error) if error.stops_all() => return Err(error.into()),
        Err(_) => Received::unknown(),
        Ok(listing) => Received::of(&listing, &ctx.settings().timezone),
    };
    let listing = listing?;
    let mut left_out = LeftOut::default();
    if !listing.complete {
        left_out.add(why::UNPAID, None);
    }
    let mut unpaid = listing.items;
    unpaid.iter_mut().for_each(|invoice| received.give(&mut invoice.view));
    Ok((unpaid, received, left_out))
}

/// The same with the own pages of those of which the lists do not tell what is open.
///
/// # Errors
/// Those of the permission, and what stops all reads.
async fn with_pages(
    ctx: &Context,
    reader: &Reader,
    mut unpaid: Vec<Record<Invoice>>,
    permission: &mut Permission,
    left_out: &mut LeftOut,
) -> Result<Vec<Record<Invoice>>> {
    let ids: Vec<InvoiceId> = undecided(&unpaid).map(|invoice| invoice.id).collect();
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| invoices::get(*id).keeping(&kept::INVOICE)).collect();
    let pages = reader.several("invoices", gets).await?;
    let mut pages: BTreeMap<InvoiceId, _> = ids.into_iter().zip(pages).collect();
    unpaid.retain_mut(|invoice| match pages.remove(&invoice.id) {
        None => true,
        Some(Ok(page)) if page.id == invoice.id => {
            take_page(&mut invoice.view, page.view);
            true
        }
        Some(_) => {
            left_out.add(why::INVOICE, invoice.customer_id);
            false
        }
    });
    Ok(unpaid)
}
