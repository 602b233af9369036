//! `syncro report drift`: where the status of a ticket and its money say different things.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::flags::{TicketFlags, Wanted};
use super::invoiced;
use super::named;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading::{self, Schedules};
use crate::api::Reader;
use crate::api::ids::{CustomerId, ProductId};
use crate::api::resources::{customers, invoices};
use crate::context::Context;
use crate::error::Result;
use crate::render::report::{self, DRIFT};
use crate::reports::drift::{Case, Input, MEMBERS, Report, Row, lacking, report};
use crate::reports::prepaid::block;
use crate::reports::{LeftOut, Takes, kept, why};

/// Show tickets whose status and invoices disagree
///
/// Losses come first: tickets that count as billed and are not, closed tickets with time or line items without an invoice,
/// $0.00 invoices, second invoices. Reads each ticket's own page and all invoices: about a request per ticket, and one for
/// 25 invoices. Whether a new timer entry or line item counts as a change of its ticket is Syncro's decision; use an earlier
/// --since to be sure.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report drift
  syncro report drift --since 2026-01-01 --assignee me
  syncro report drift --jq '.rows[] | select(.level == \"loss\") | .mend'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct DriftArgs {
    #[command(flatten)]
    flags: TicketFlags,
}

/// Runs `syncro report drift`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &DriftArgs) -> Result<()> {
    let flags = &args.flags;
    check_columns(ctx, &DRIFT, &MEMBERS)?;
    let reader = ctx.reader_to_show()?;
    let wanted = flags.wanted(ctx, &reader).await?;
    let found = read(ctx, &reader, &wanted, 0, &mut Permission::of(&reader)).await?;
    let Read { mut report, mut left_out, .. } = found;
    left_out.join(report.left_out);
    report.left_out = left_out;
    let program = ctx.program();
    let answer = Answer {
        shape: &DRIFT,
        name: "drift",
        as_of: ctx.now(),
        filters: wanted.json(),
        found: report.rows.len(),
        records: report.rows.iter().map(|row: &Row| row.json(&program)).collect(),
        rows: report::drift(&report, &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "status and invoices agree",
    };
    print(ctx, answer, flags.check)
}

/// The report, and what it was made of.
pub(super) struct Read {
    pub(super) report: Report,
    pub(super) cases: Vec<Case>,
    pub(super) schedules: Schedules,
    /// What of the tickets could not even be read.
    pub(super) left_out: LeftOut,
}

/// Reads what it takes; `beside` is how many requests more somebody is going to need.
///
/// # Errors
/// Those of the lists, of the permission, and of what stops all reads.
pub(super) async fn read(
    ctx: &Context,
    reader: &Reader,
    wanted: &Wanted,
    beside: usize,
    permission: &mut Permission,
) -> Result<Read> {
    let (invoices, schedules, tickets) = tokio::join!(
        reader.begin(invoices::all().keeping(&kept::INVOICE)),
        reading::begin_recurring(reader),
        reading::begin_tickets(reader, wanted),
    );
    let invoices = invoices?;
    let beside = invoices.left() + reading::left_if_there(&schedules) + beside;
    let (tickets, left_out) =
        reading::tickets(ctx, reader, tickets, permission, beside, None).await?;
    let schedules = reading::recurring(ctx, reader, permission, schedules).await?;
    let invoices = invoiced::all_invoices(ctx, reader, permission, invoices).await?;
    let takes = Takes::of(schedules.as_deref().map_err(|why| *why));
    let cases = invoiced::cases(ctx, reader, tickets, invoices, permission).await?;
    let settings = &ctx.settings().tickets;
    let (prices, prepaid) = (BTreeMap::new(), BTreeMap::new());
    let mut input = Input {
        cases: &cases,
        takes: &takes,
        prices: &prices,
        prepaid: &prepaid,
        closed: &settings.closed,
        after_bill: settings.after_bill.as_deref(),
        labor_types: &ctx.settings().labor,
        labor: reading::labor(ctx),
        zone: wanted.now.time_zone(),
    };
    let prices = prices_of(ctx, reader, &input, permission).await?;
    input.prices = &prices;
    let prepaid = prepaid_of(ctx, reader, &input, permission).await?;
    input.prepaid = &prepaid;
    let report = report(&input, LeftOut::default());
    Ok(Read { report, cases, schedules, left_out })
}

/// What the products cost that a ticket of an invoice of nothing has.
async fn prices_of(
    ctx: &Context,
    reader: &Reader,
    input: &Input<'_>,
    permission: &mut Permission,
) -> Result<BTreeMap<ProductId, Decimal>> {
    let invoices = lacking(input, why::PRODUCT).flat_map(|case| case.invoices.iter().flatten());
    let lines = invoices.flat_map(|invoice| &invoice.line_items);
    named::product_prices(ctx, reader, lines.filter_map(|line| line.product_id), permission).await
}

/// The prepaid hours of the customers that a finding rests on.
async fn prepaid_of(
    ctx: &Context,
    reader: &Reader,
    input: &Input<'_>,
    permission: &mut Permission,
) -> Result<BTreeMap<CustomerId, Option<Decimal>>> {
    let ids: BTreeSet<CustomerId> =
        lacking(input, why::PREPAID).filter_map(|case| case.seen.ticket.customer_id).collect();
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| customers::get(*id).keeping(&kept::CUSTOMER)).collect();
    let read = reader.several("customers", gets).await?;
    let known = ids.into_iter().zip(read).filter_map(|(id, customer)| {
        let customer = customer.ok().filter(|customer| customer.id == id)?;
        Some((id, block(&customer).ok()?))
    });
    Ok(known.collect())
}
