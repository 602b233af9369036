//! `syncro report alerts`: which alerts come again and again, and which of them nobody works on.

use serde_json::json;

use super::flags::CheckFlags;
use super::named;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::resources::alerts;
use crate::commands::days::Days;
use crate::commands::listing::look;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::report_alerts::{self as render, ALERTS};
use crate::reports::alerts::{Input, MEMBERS, report};
use crate::reports::{LeftOut, why};

/// Show alerts that repeat or have no ticket
///
/// Alerts of one asset with the same description are one row. "Repeats" is how often three or more of them came within 7 days, "No
/// ticket" how many have been open for 24 hours without a ticket; --check is about these two. Open alerts are shown however old they
/// are. Reads the alerts, about a request for 25 of them, and the customers of those found.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report alerts
  syncro report alerts --since 7d --customer Quillfeather
  syncro report alerts --jq '.rows[] | select(.orphans > 0) | .asset'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct AlertsArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    /// Count alerts made on or after this day [default: 30 days ago]
    #[arg(long, value_name = "DAY")]
    since: Option<String>,
    /// Count alerts made on or before this day
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    #[command(flatten)]
    check: CheckFlags,
}

/// So many days back alerts are counted where no day was typed.
const RECENT: i64 = 30;

/// Runs `syncro report alerts`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &AlertsArgs) -> Result<()> {
    check_columns(ctx, &ALERTS, &MEMBERS)?;
    let days = || {
        let now = ctx.present();
        Days::recent(args.since.as_deref(), args.until.as_deref(), RECENT, &now)?.begun(&now)
    };
    // What is no day is said before anything is read, and which day it is by the server's clock.
    days()?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let days = days()?;
    let mut permission = Permission::of(&reader);
    let listed = match reader.is_known_to_lack(&alerts::open()) {
        true => None,
        false => {
            let lists = (alerts::open(), alerts::since(days.asked()));
            let lists =
                reading::both(ctx, &reader, &mut permission, lists, |alerts| alerts).await?;
            match lists {
                (Err(error), _) | (_, Err(error))
                    if reader.says_none(alerts::open().path(), &error) =>
                {
                    None
                }
                (open, lately) => Some((open?, lately?)),
            }
        }
    };
    let mut left_out = LeftOut::default();
    let (is_there, mut alerts) = (listed.is_some(), Vec::new());
    for listing in listed.into_iter().flat_map(|(open, lately)| [open, lately]) {
        if !listing.complete {
            left_out.add(why::ALL_ALERTS, None);
        }
        alerts.extend(listing.items);
    }
    let is_in = |at| days.hold(Some(at));
    let input = Input { alerts: &alerts, is_in: &is_in, customer, now: ctx.now() };
    let mut report = report(&input, left_out);
    let found = report.rows.iter().filter_map(|row| row.whose.id).collect();
    report.name(&named::names(ctx, &reader, found, &mut permission).await?);
    let program = ctx.program();
    let answer = Answer {
        shape: &ALERTS,
        name: "alerts",
        as_of: ctx.now(),
        filters: json!({
            "customer_id": customer,
            "since": days.first(),
            "until": days.last(),
        }),
        found: report.found(),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::alerts(&report, &look(ctx), &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: if is_there { "no alerts" } else { "this account has no alerts of assets" },
    };
    print(ctx, answer, args.check)
}
