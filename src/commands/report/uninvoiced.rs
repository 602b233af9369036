//! `syncro report uninvoiced`, and `syncro unbilled`: stopped time that is not charged, and lines without an invoice.

use super::flags::TicketFlags;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::context::Context;
use crate::error::Result;
use crate::render::list::Shape;
use crate::render::report::{self, UNBILLED, UNINVOICED};
use crate::reports::Parts;
use crate::reports::uninvoiced::{Input, MEMBERS, Row, report};

/// Show stopped time and line items without an invoice
///
/// Reads each ticket's own page: about a request per ticket. "Not billable" are hours marked so, "Value" is what the hours
/// cost at their products' prices. Whether a new timer entry or line item counts as a change of its ticket is Syncro's
/// decision; use an earlier --since to be sure.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report uninvoiced
  syncro report uninvoiced --customer Mossgate --since 2026-01-01
  syncro report uninvoiced --jq '.totals.customers[] | {customer, amount}'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct UninvoicedArgs {
    #[command(flatten)]
    flags: TicketFlags,
}

/// Show work without an invoice: `report uninvoiced`
///
/// The same report under a shorter name: stopped time and line items that are on no invoice, a row per ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro unbilled
  syncro unbilled --customer Mossgate
  syncro unbilled --csv > unbilled.csv

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct UnbilledArgs {
    #[command(flatten)]
    flags: TicketFlags,
}

/// Runs `syncro report uninvoiced`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &UninvoicedArgs) -> Result<()> {
    show(ctx, &args.flags, &UNINVOICED).await
}

/// Runs `syncro unbilled`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn unbilled(ctx: &Context, args: &UnbilledArgs) -> Result<()> {
    show(ctx, &args.flags, &UNBILLED).await
}

async fn show(ctx: &Context, flags: &TicketFlags, shape: &'static Shape) -> Result<()> {
    check_columns(ctx, shape, &MEMBERS)?;
    let reader = ctx.reader()?;
    let wanted = flags.wanted(ctx, &reader).await?;
    let mut permission = Permission::default();
    // The schedules are a page or two.
    let (tickets, left_out) =
        reading::tickets(ctx, &reader, &wanted, &mut permission, 1, None).await?;
    permission.spend(ctx, 1).await?;
    let takes = reading::takes(&reader).await;
    let seen = reading::with_invoices(ctx, &reader, tickets, &mut permission).await?;
    let parts = seen.iter().filter_map(|seen| Parts::of(seen).ok());
    let owed: Vec<_> = parts.flat_map(|parts| parts.owed).collect();
    let timers: Vec<_> = owed.iter().map(|(timer, _)| &timer.view).collect();
    let prices = reading::prices(ctx, &reader, &timers, &mut permission).await?;
    let as_of = ctx.now();
    let zone = wanted.now.time_zone();
    let labor = reading::labor(ctx);
    let input = Input { seen: &seen, takes: &takes, prices: &prices, labor, as_of, zone };
    let report = report(&input, left_out);
    let program = ctx.program();
    let json = |row: &Row| row.json(&program);
    let answer = Answer {
        shape,
        name: "uninvoiced",
        as_of,
        filters: wanted.json(),
        found: report.rows.len(),
        records: report.rows.iter().map(json).collect(),
        rows: report::uninvoiced(&report, &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "nothing waits to be invoiced",
    };
    print(ctx, answer, flags.check)
}
