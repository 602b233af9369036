//! `syncro report prepaid`: what prepaid blocks have left, and what waits to be taken from them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;

use super::flags::{CheckFlags, Wanted};
use super::invoiced;
use super::named;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::ids::{CustomerId, InvoiceId};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::invoices::{self, Invoice};
use crate::api::{Begun, Reader, Record};
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::report_prepaid::{self as render, PREPAID};
use crate::reports::prepaid::{Input, LOOKED_BACK, MEMBERS, Report, age, block, report};
use crate::reports::{LeftOut, Parts, Seen, kept, why};

/// Show prepaid hours: left, waiting, and how long they last
///
/// "Waiting" is stopped time, as it was taken, and labor lines without an invoice, on tickets that Syncro counts as changed in
/// the last 180 days. A block is low with fewer than 2 hours (`reports.prepaid_low`) or 4 weeks left, and over if more hours
/// wait than are left. --check exits with 11 for low and over blocks. Reads customers and tickets, and each invoice of the last
/// 90 days of those who have a block.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report prepaid
  syncro report prepaid --customer Quillfeather
  syncro report prepaid --jq '.rows[] | select(.flag) | {customer, after, flag}'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct PrepaidArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    #[command(flatten)]
    check: CheckFlags,
}

/// Runs `syncro report prepaid`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &PrepaidArgs) -> Result<()> {
    check_columns(ctx, &PREPAID, &MEMBERS)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let mut permission = Permission::of(&reader);
    let all = match customer {
        Some(_) => None,
        None => Some(begin_customers(&reader).await),
    };
    let (customers, mut left_out) = customers(ctx, &reader, all, customer, &mut permission).await?;
    let ids = with_block(&customers);
    let (invoices, tickets) = match ids.is_empty() {
        true => (Vec::new(), Vec::new()),
        false => {
            let wanted = Wanted::lately(ctx, customer)?;
            let (billed, tickets) = tokio::join!(
                begin_invoices(ctx, &reader, &ids),
                reading::begin_tickets(&reader, &wanted),
            );
            let invoices = invoices(ctx, &reader, billed, &mut permission, &mut left_out).await?;
            let read = reading::tickets(ctx, &reader, tickets, &mut permission, 0, Some(&ids));
            let (tickets, unread) = read.await?;
            left_out.join(unread);
            // The invoices are of a shorter time.
            if invoiced::begins_before_the_mirror(ctx, wanted.first()) {
                left_out.add(why::MIRRORED, None);
            }
            (invoices, invoiced::with_invoices(ctx, &reader, tickets, &mut permission).await?)
        }
    };
    let read = Read { customers, invoices, left_out };
    let report = judged(ctx, &reader, read, &tickets, &mut permission).await?;
    let program = ctx.program();
    let answer = Answer {
        shape: &PREPAID,
        name: "prepaid",
        as_of: ctx.now(),
        filters: serde_json::json!({ "customer_id": customer }),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::prepaid(&report, &program),
        totals: report.totals_json(),
        found: report.flagged(),
        left_out: report.left_out,
        nothing: "no customer has prepaid hours",
    };
    print(ctx, answer, args.check)
}

/// Those of them who have a block.
pub(super) fn with_block(customers: &[Record<Customer>]) -> BTreeSet<CustomerId> {
    let has_block = |one: &&Record<Customer>| matches!(block(one), Ok(Some(_)));
    customers.iter().filter(has_block).map(|one| one.id).collect()
}

/// What the report is made of beside tickets.
pub(super) struct Read {
    pub(super) customers: Vec<Record<Customer>>,
    /// Their latest invoices, for what was taken from the blocks and added to them.
    pub(super) invoices: Vec<Record<Invoice>>,
    pub(super) left_out: LeftOut,
}

/// The report.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn judged(
    ctx: &Context,
    reader: &Reader,
    read: Read,
    tickets: &[Seen],
    permission: &mut Permission,
) -> Result<Report> {
    let Read { customers, invoices, left_out } = read;
    let of_invoices = invoices.iter().flat_map(|one| &one.line_items).filter_map(|l| l.product_id);
    let parts = tickets.iter().filter_map(|seen| Parts::of(seen).ok());
    let waiting: Vec<_> = parts.flat_map(|parts| parts.waiting).collect();
    let of_tickets = waiting.iter().filter_map(|line| line.product_id);
    let products =
        named::products_of(ctx, reader, of_invoices.chain(of_tickets), permission).await?;
    let now = ctx.present();
    let input = Input {
        customers: &customers,
        invoices: &invoices,
        tickets,
        products: &products,
        labor_types: &ctx.settings().labor,
        low: ctx.settings().reports.prepaid_low,
        today: now.date(),
        zone: now.time_zone(),
    };
    Ok(report(&input, left_out))
}

/// Begins the list of all customers.
pub(super) async fn begin_customers(reader: &Reader) -> reading::Read<Begun<Customer>> {
    reader.begin(customers::all().keeping(&kept::CUSTOMER)).await
}

/// The customers of that list or the one, those of whose blocks the list says nothing from their own pages.
///
/// # Errors
/// Those of the list, of the permission, and what stops all reads.
pub(super) async fn customers(
    ctx: &Context,
    reader: &Reader,
    all: Option<reading::Read<Begun<Customer>>>,
    one: Option<CustomerId>,
    permission: &mut Permission,
) -> Result<(Vec<Record<Customer>>, LeftOut)> {
    let mut left_out = LeftOut::default();
    let mut listed = Vec::new();
    let mut ids: Vec<CustomerId> = one.into_iter().collect();
    if let Some(begun) = all {
        let needs = |customers: usize| (0, customers);
        let listing = reading::whole_of(ctx, reader, permission, begun, needs).await??;
        if !listing.complete {
            left_out.add(why::CUSTOMERS, None);
        }
        let says = |one: &Record<Customer>| one.raw.get("prepay_hours").is_some();
        let (says, lacks): (Vec<_>, Vec<_>) = listing.items.into_iter().partition(says);
        listed = says;
        ids.extend(lacks.iter().map(|one| one.id));
    }
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| customers::get(*id).keeping(&kept::CUSTOMER)).collect();
    for (id, page) in ids.iter().zip(reader.several("customers", gets).await?) {
        match page {
            Ok(page) if page.id == *id => listed.push(page),
            _ => left_out.add(why::PREPAID, Some(*id)),
        }
    }
    Ok((listed, left_out))
}

/// Begins the list of the latest invoices of these customers.
async fn begin_invoices(
    ctx: &Context,
    reader: &Reader,
    customers: &BTreeSet<CustomerId>,
) -> reading::Read<Begun<Invoice>> {
    let theirs = customers.clone();
    let first = ctx.present().date().saturating_sub(LOOKED_BACK.days());
    let is_theirs = move |one: &Invoice| one.customer_id.is_none_or(|id| theirs.contains(&id));
    let list = invoices::dated_since(invoices::all(), Some(first), is_theirs);
    reader.begin(list.keeping(&kept::INVOICE)).await
}

/// The invoices of that list, each from its own page.
///
/// # Errors
/// Those of the list, of the permission, and what stops all reads.
async fn invoices(
    ctx: &Context,
    reader: &Reader,
    begun: reading::Read<Begun<Invoice>>,
    permission: &mut Permission,
    left_out: &mut LeftOut,
) -> Result<Vec<Record<Invoice>>> {
    let now = ctx.present();
    let needs = |invoices: usize| (0, invoices);
    let listing = reading::whole_of(ctx, reader, permission, begun, needs).await??;
    if !listing.complete {
        left_out.add(why::ALL_INVOICES, None);
    }
    let is_late = |one: &&Record<Invoice>| {
        age(one, now.date(), now.time_zone()).is_ok_and(|days| days > LOOKED_BACK)
    };
    let mut listed: BTreeMap<InvoiceId, Record<Invoice>> = BTreeMap::new();
    for one in listing.items.into_iter().filter(|one| !is_late(&one)) {
        match one.customer_id {
            None => left_out.add(why::BILLED, None),
            Some(_) => drop(listed.insert(one.id, one)),
        }
    }
    invoiced::read_invoices(ctx, reader, listed.keys().copied(), permission).await?;
    for (id, one) in &mut listed {
        match permission.known.invoice(*id) {
            Some(page) => one.view.line_items = page.line_items.clone(),
            None => left_out.add(why::INVOICE, one.customer_id),
        }
    }
    Ok(listed.into_values().collect())
}
