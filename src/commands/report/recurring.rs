//! `syncro report recurring`: recurring invoices to look at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::flags::CheckFlags;
use super::named;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::ids::{AssetTypeId, CustomerId};
use crate::api::resources::assets::Asset;
use crate::api::resources::schedules::Schedule;
use crate::api::resources::{assets, schedules, settings};
use crate::api::{Listing, Reader, Record};
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::report_recurring::{self as render, RECURRING};
use crate::reports::recurring::{Input, MEMBERS, counted, report};
use crate::reports::{LeftOut, Why, kept, why};

/// Show recurring invoices that did not run, are paused, come to $0.00, or miscount assets
///
/// "did-not-run": the day of its next run has passed. "zero": it comes to $0.00, and takes nothing from tickets. "miscounted": a
/// line for a type of assets has a fixed quantity that is not the number of the customer's assets of that type. "paused": it is
/// paused. Reads the recurring invoices, the customers of findings, and the assets where a line is for assets.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report recurring
  syncro report recurring --customer Quillfeather
  syncro report recurring --jq '.rows[] | select(.finding == \"zero\").schedule'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct RecurringArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    #[command(flatten)]
    check: CheckFlags,
}

/// Runs `syncro report recurring`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &RecurringArgs) -> Result<()> {
    check_columns(ctx, &RECURRING, &MEMBERS)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let mut permission = Permission::default();
    let list = || schedules::of(customer).keeping(&kept::SCHEDULE);
    let listing = reading::whole_if_there(ctx, &reader, &mut permission, 1, list).await?;
    let (schedules, left_out) = listing.map(lacks).unwrap_or_default();
    let whose = counted(&schedules);
    permission.spend(ctx, whose.len() + usize::from(!whose.is_empty())).await?;
    let (types, assets) =
        tokio::try_join!(types(&reader, !whose.is_empty()), assets_of(&reader, whose))?;
    let now = ctx.present();
    let input = Input { schedules: &schedules, assets: &assets, types: &types, today: now.date() };
    let mut report = report(&input, left_out);
    let found = report.rows.iter().filter_map(|row| row.whose.id).collect();
    report.name(&named::names(ctx, &reader, found, &mut permission).await?);
    let program = ctx.program();
    let answer = Answer {
        shape: &RECURRING,
        name: "recurring",
        as_of: ctx.now(),
        filters: json!({ "customer_id": customer }),
        found: report.rows.len(),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::recurring(&report, &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "no recurring invoice needs a look",
    };
    print(ctx, answer, args.check)
}

/// The recurring invoices, and what their list does not tell.
fn lacks(listing: Listing<Schedule>) -> (Vec<Record<Schedule>>, LeftOut) {
    let mut left_out = LeftOut::default();
    if !listing.complete {
        left_out.add(why::ALL_SCHEDULES, None);
    }
    listing.unclear.iter().for_each(|_| left_out.add(why::SCHEDULE_OF, None));
    (listing.items, left_out)
}

/// What the account calls its types of assets; none where that cannot be read, or is not wanted.
async fn types(reader: &Reader, wanted: bool) -> Result<BTreeMap<AssetTypeId, String>> {
    if !wanted {
        return Ok(BTreeMap::new());
    }
    let words = match reader.get(settings::account()).await {
        Ok(settings) => settings.view.assets.map_or_else(Vec::new, |assets| assets.asset_types),
        Err(error) if error.stops_all() => return Err(error.into()),
        Err(_) => Vec::new(),
    };
    let types = words.iter().filter_map(|word| word.numbered());
    Ok(types.map(|(id, name)| (id, name.to_owned())).collect())
}

/// The assets of these customers, a list each.
async fn assets_of(
    reader: &Reader,
    whose: BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, std::result::Result<Vec<Record<Asset>>, Why>>> {
    let theirs = async |reader: &Reader, id: &CustomerId| {
        let list = assets::search(Some(*id), None).keeping(&kept::ASSET);
        match reader.all(list).await {
            Ok(listing) if listing.complete && listing.unclear.is_empty() => {
                Ok((*id, Ok(listing.items)))
            }
            Err(error) if error.stops_all() => Err(error),
            Ok(_) | Err(_) => Ok((*id, Err(why::ASSETS))),
        }
    };
    let whose: Vec<CustomerId> = whose.into_iter().collect();
    Ok(reader.each(&whose, theirs).await?.into_iter().collect())
}
