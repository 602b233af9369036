//! `syncro report assets`: assets that need attention.

use serde_json::json;

use super::flags::CheckFlags;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::resources::assets;
use crate::commands::listing::look;
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::report_assets::{self as render, ASSETS};
use crate::reports::assets::{MEMBERS, report};

/// Show assets that need attention, and why
///
/// "disabled-customer": its customer is disabled. "same-serial": another asset has the same serial number. "not-seen": it is
/// monitored remotely and has not been seen for 30 days. "no-contact": it belongs to a customer and has no contact.
/// Reads the list of assets, about a request for 25 of them; with --customer, serial numbers are compared among that customer's.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report assets
  syncro report assets --customer Quillfeather
  syncro report assets --jq '.rows[] | select(.finding == \"not-seen\").asset'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct AssetsArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    #[command(flatten)]
    check: CheckFlags,
}

/// Runs `syncro report assets`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &AssetsArgs) -> Result<()> {
    check_columns(ctx, &ASSETS, &MEMBERS)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let mut permission = Permission::of(&reader);
    let listing =
        reading::whole(ctx, &reader, &mut permission, assets::search(customer, None), |_| (0, 0))
            .await??;
    let left_out = reading::lacks_of_assets(&listing);
    let report = report(&listing.items, ctx.now(), left_out);
    let program = ctx.program();
    let answer = Answer {
        shape: &ASSETS,
        name: "assets",
        as_of: ctx.now(),
        filters: json!({ "customer_id": customer }),
        found: report.rows.len(),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::assets(&report, &look(ctx), &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "no asset needs attention",
    };
    print(ctx, answer, args.check)
}
