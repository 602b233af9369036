//! `syncro report stale`: open tickets by whose turn it is, and how long nobody has said a word.

use std::time::Duration;

use serde_json::json;

use super::flags::{CheckFlags, Wanted, WhoseFlags};
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::resources::comments::{self, Comment};
use crate::api::resources::tickets::Ticket;
use crate::api::{Listing, Reader, Record};
use crate::commands::listing::look;
use crate::context::Context;
use crate::dates;
use crate::error::{Result, naming_value};
use crate::render::report_stale::{self as render, STALE};
use crate::reports::stale::{Ball, Input, MEMBERS, Talk, Words, report};
use crate::reports::{kept, why};

/// Show open tickets: whose turn it is, and how long nobody has said a word
///
/// The ball is ours where Syncro marks a customer's reply, where the customer has the last word, and where nobody has said
/// anything; else theirs. Only business hours count as quiet where the account has them. What --check finds is a ball that is
/// ours. Reads the comments of each open ticket: about a request per ticket.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report stale
  syncro report stale --quiet-for 48h --assignee me
  syncro report stale --jq '.rows[] | select(.ball == \"ours\") | .ticket'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct StaleArgs {
    #[command(flatten)]
    whose: WhoseFlags,
    /// Only tickets that have been quiet for so long: 48h, 90m; business hours, where the account has them
    #[arg(long, value_name = "TIME", value_parser = naming_value(quiet))]
    quiet_for: Option<Duration>,
    #[command(flatten)]
    check: CheckFlags,
}

/// A length with its unit: a bare number might be hours as well as minutes.
fn quiet(typed: &str) -> std::result::Result<Duration, String> {
    let length = dates::length(typed).and_then(|length| Duration::try_from(length).ok());
    length.ok_or_else(|| {
        format!("invalid time \"{typed}\": use a length with its unit, like 48h or 90m")
    })
}

/// Runs `syncro report stale`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &StaleArgs) -> Result<()> {
    check_columns(ctx, &STALE, &MEMBERS)?;
    let reader = ctx.reader_to_show()?;
    let wanted = Wanted::open(ctx, &reader, &args.whose).await?;
    let mut permission = Permission::of(&reader);
    let begun = reader.begin(wanted.filter().list().keeping(&kept::OPEN)).await;
    // Comments are a page, mostly.
    let needs = |tickets: usize| (tickets, tickets);
    let (listing, mut left_out) =
        reading::listed(ctx, &reader, begun, &mut permission, needs).await?;
    let talks = talks(ctx, &reader, listing.items, &mut permission).await?;
    let hours = reading::business_hours(ctx, why::OFFICE, &mut left_out)?;
    let input = Input {
        talks: &talks,
        hours: hours.as_ref(),
        quiet_for: args.quiet_for.map_or(0, |length| length.as_secs()),
        now: &wanted.now,
    };
    let report = report(&input, left_out);
    let program = ctx.program();
    let mut filters = wanted.json();
    filters["quiet_for_minutes"] = json!(args.quiet_for.map(|length| length.as_secs() / 60));
    let answer = Answer {
        shape: &STALE,
        name: "stale",
        as_of: wanted.now.timestamp(),
        filters,
        records: report.rows.iter().map(|row| row.json(&program, &wanted.now)).collect(),
        rows: render::stale(&report, &ctx.settings().tickets.closed, &look(ctx), &program),
        totals: report.totals_json(),
        found: report.count(Ball::Ours),
        left_out: report.left_out,
        nothing: match args.quiet_for {
            Some(_) => "no open ticket has been quiet for so long",
            None => "no open tickets",
        },
    };
    print(ctx, answer, args.check)
}

/// The tickets with what their comments say, a list each.
///
/// # Errors
/// Those of the permission, and what stops all reads.
async fn talks(
    ctx: &Context,
    reader: &Reader,
    tickets: Vec<Record<Ticket>>,
    permission: &mut Permission,
) -> Result<Vec<Talk>> {
    let list = |ticket: &Record<Ticket>| comments::of_ticket(ticket.id).keeping(&kept::COMMENT);
    let words = |listing: Listing<Comment>| {
        (listing.complete && listing.unclear.is_empty()).then(|| Words::of(&listing.items))
    };
    let said = reading::list_for_each(ctx, reader, permission, &tickets, list, words).await?;
    let said = said.into_iter().map(|words| words.ok().flatten().ok_or(why::COMMENTS));
    Ok(tickets.into_iter().zip(said).map(|(ticket, words)| Talk { ticket, words }).collect())
}
