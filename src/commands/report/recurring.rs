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
use crate::api::resources::settings::{self, AccountSettings};
use crate::api::resources::{assets, schedules};
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
    let mut permission = Permission::of(&reader);
    let list = schedules::of(customer).keeping(&kept::SCHEDULE);
    let begun = reader.begin_if_there(list).await;
    if let Ok(Some(list)) = &begun {
        // A list of assets and a name for each, and the words of the account.
        let perhaps = list.records().1.saturating_mul(2).saturating_add(1);
        permission.expect(ctx, list.left(), perhaps).await?;
    }
    let listing = reading::rest_if_there(ctx, &reader, &mut permission, begun).await??;
    let (schedules, left_out) = listing.map(lacks).unwrap_or_default();
    let whose = counted(&schedules);
    let beside = if whose.is_empty() { None } else { reader.settings_beside().await };
    let is_asked = !whose.is_empty() && beside.is_none();
    permission.spend(ctx, whose.len() + usize::from(is_asked)).await?;
    let (types, assets) = tokio::try_join!(
        types(&reader, beside, is_asked),
        assets_of(ctx, &reader, &mut permission, whose),
    )?;
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

/// What the account calls its types of assets; none where that cannot be read, or is neither known nor asked for.
async fn types(
    reader: &Reader,
    known: Option<&AccountSettings>,
    is_asked: bool,
) -> Result<BTreeMap<AssetTypeId, String>> {
    // What has travelled beside another read is not asked for twice.
    let read = match known {
        Some(settings) => Ok(settings.clone()),
        None if is_asked => reader.get(settings::account()).await.map(|settings| settings.view),
        None => return Ok(BTreeMap::new()),
    };
    let words = match read {
        Ok(settings) => settings.assets.map_or_else(Vec::new, |assets| assets.asset_types),
        Err(error) if error.stops_all() => return Err(error.into()),
        Err(_) => Vec::new(),
    };
    let types = words.iter().filter_map(|word| word.numbered());
    Ok(types.map(|(id, name)| (id, name.to_owned())).collect())
}

/// The assets of these customers, a list each.
async fn assets_of(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
    whose: BTreeSet<CustomerId>,
) -> Result<BTreeMap<CustomerId, std::result::Result<Vec<Record<Asset>>, Why>>> {
    let whose: Vec<CustomerId> = whose.into_iter().collect();
    let list = |id: &CustomerId| assets::search(Some(*id), None).keeping(&kept::ASSET);
    let all = |listing: Listing<Asset>| {
        (listing.complete && listing.unclear.is_empty()).then_some(listing.items)
    };
    let listed = reading::list_for_each(ctx, reader, permission, &whose, list, all).await?;
    let listed = listed.into_iter().map(|listed| listed.ok().flatten().ok_or(why::ASSETS));
    Ok(whose.into_iter().zip(listed).collect())
}
