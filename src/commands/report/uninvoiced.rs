//! `syncro report uninvoiced`, and `syncro unbilled`: stopped time that is not charged, and lines without an invoice.

use super::flags::{TicketFlags, Wanted};
use super::invoiced;
use super::named;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::Reader;
use crate::context::Context;
use crate::error::Result;
use crate::render::list::Shape;
use crate::render::report::{self, UNBILLED, UNINVOICED};
use crate::reports::uninvoiced::{Input, MEMBERS, Report, Row, report};
use crate::reports::{LeftOut, Parts, Seen, Takes};

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
    let reader = ctx.reader_to_show()?;
    let wanted = flags.wanted(ctx, &reader).await?;
    let mut permission = Permission::of(&reader);
    let (schedules, tickets) =
        tokio::join!(reading::begin_recurring(&reader), reading::begin_tickets(&reader, &wanted),);
    let beside = reading::left_if_there(&schedules);
    let (tickets, left_out) =
        reading::tickets(ctx, &reader, tickets, &mut permission, beside, None).await?;
    let schedules = reading::recurring(ctx, &reader, &mut permission, schedules).await?;
    let takes = Takes::of(schedules.as_deref().map_err(|why| *why));
    let seen = invoiced::with_invoices(ctx, &reader, tickets, &mut permission).await?;
    let read = Read { seen: &seen, takes: &takes, left_out };
    let report = judged(ctx, &reader, read, &wanted, &mut permission).await?;
    let program = ctx.program();
    let json = |row: &Row| row.json(&program);
    let answer = Answer {
        shape,
        name: "uninvoiced",
        as_of: ctx.now(),
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

/// What the report is made of.
pub(super) struct Read<'r> {
    pub(super) seen: &'r [Seen],
    pub(super) takes: &'r Takes,
    /// What could not be read.
    pub(super) left_out: LeftOut,
}

/// The report, with what the waiting time is worth.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn judged(
    ctx: &Context,
    reader: &Reader,
    read: Read<'_>,
    wanted: &Wanted,
    permission: &mut Permission,
) -> Result<Report> {
    let Read { seen, takes, left_out } = read;
    let parts = seen.iter().filter_map(|seen| Parts::of(seen).ok());
    let owed: Vec<_> = parts.flat_map(|parts| parts.owed).collect();
    let timers: Vec<_> = owed.iter().map(|(timer, _)| &timer.view).collect();
    let prices = &named::prices(ctx, reader, &timers, permission).await?;
    let (labor, as_of, zone) = (reading::labor(ctx), ctx.now(), wanted.now.time_zone());
    Ok(report(&Input { seen, takes, prices, labor, as_of, zone }, left_out))
}
