//! `syncro report patches`: what assets lack, and which of them nobody looks at.

use serde_json::json;

use super::flags::CheckFlags;
use super::permission::Permission;
use super::printed::{Answer, check_columns, print};
use super::reading;
use crate::api::ids::AssetId;
use crate::api::resources::assets::{self, Asset, Patches};
use crate::api::{Error as ApiError, Reader, Record};
use crate::commands::resolve::{self, CustomerArg};
use crate::context::Context;
use crate::error::Result;
use crate::render::report_patches::{self as render, PATCHES};
use crate::reports::patches::{Looked, MEMBERS, report};
use crate::reports::why;

/// Show assets with missing, failed or rejected patches
///
/// "Critical" and "Security" count the missing and failed patches of these categories. An asset of which Syncro has no data on
/// patches is "not looked at". --check is about missing and failed patches, and assets that are not looked at. Reads the list of
/// assets, and the patches of each asset: at least a request per asset.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro report patches
  syncro report patches --customer Quillfeather
  syncro report patches --jq '.rows[] | select(.failed > 0) | .asset'

More than 180 requests are asked about; --yes makes them without a question.")]
pub struct PatchesArgs {
    /// Only for this customer: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerArg>,
    #[command(flatten)]
    check: CheckFlags,
}

/// Runs `syncro report patches`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &PatchesArgs) -> Result<()> {
    check_columns(ctx, &PATCHES, &MEMBERS)?;
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let list = assets::search(customer, None);
    let mut permission = Permission::of(&reader);
    let listing =
        reading::whole(ctx, &reader, &mut permission, list, |assets| (assets, assets)).await??;
    let left_out = reading::lacks_of_assets(&listing);
    let are_all = customer.is_none() && listing.complete;
    let looked = looked(ctx, &reader, listing.items, are_all, &mut permission).await?;
    let report = report(&looked, &ctx.settings().timezone, left_out);
    let program = ctx.program();
    let answer = Answer {
        shape: &PATCHES,
        name: "patches",
        as_of: ctx.now(),
        filters: json!({ "customer_id": customer }),
        found: report.found(),
        records: report.rows.iter().map(|row| row.json(&program)).collect(),
        rows: render::patches(&report, &program),
        totals: report.totals_json(),
        left_out: report.left_out,
        nothing: "no asset lacks a patch",
    };
    print(ctx, answer, args.check)
}

/// So many assets are asked for before it is known that the key may read patches.
const AT_FIRST: usize = 6;

/// The patches of these assets. Where the account has none, of whichever asset of `are_all`, that is remembered.
///
/// # Errors
/// Those of the permission, what stops all reads, and that the key may not read patches.
async fn looked(
    ctx: &Context,
    reader: &Reader,
    assets: Vec<Record<Asset>>,
    are_all: bool,
    permission: &mut Permission,
) -> Result<Vec<Looked>> {
    let Some(any) = assets.first().map(|asset| assets::patches(asset.id, 1)) else {
        return Ok(Vec::new());
    };
    if reader.lacks(any.path()) {
        let unseen = |asset| Looked { asset, patches: Ok(None) };
        return Ok(assets.into_iter().map(unseen).collect());
    }
    permission.spend(ctx, assets.len()).await?;
    let ids: Vec<AssetId> = assets.iter().map(|asset| asset.id).collect();
    let (some, others) = ids.split_at(ids.len().min(AT_FIRST));
    let first = |ids: &[AssetId]| ids.iter().map(|id| assets::patches(*id, 1)).collect();
    let mut pages = reader.several("patches", first(some)).await?;
    // A key that may not read some of them may read none.
    let is_refused =
        |page: &Result<_, ApiError>| matches!(page, Err(ApiError::NotAuthorised { .. }));
    if pages.iter().all(is_refused)
        && let Some(Err(error)) = pages.pop()
    {
        return Err(error.into());
    }
    pages.extend(reader.several("patches", first(others)).await?);
    // Each of these assets was there a moment ago.
    let is_absent =
        |page: &Result<_, ApiError>| matches!(page, Err(ApiError::NotFound { by_api: true, .. }));
    if are_all && pages.len() > 1 && pages.iter().all(is_absent) {
        reader.keep_lack(any.path());
    }
    let more = further(ctx, reader, ids.iter().copied().zip(&pages), permission).await?;
    // Of one that nobody looks after Syncro has none, and says so.
    let known = |page| match page {
        page if is_absent(&page) => Ok(None),
        page => page.map(Some).map_err(|_| why::PATCHES),
    };
    let mut more = more.into_iter().peekable();
    let mut looked = Vec::with_capacity(assets.len());
    for (asset, page) in assets.into_iter().zip(pages) {
        let mut patches = known(page);
        while let Some((_, number, page)) = more.next_if(|(id, ..)| *id == asset.id) {
            patches = match (patches, page) {
                (Ok(Some(mut patches)), Ok(page)) => {
                    patches.view.add(number, page.view);
                    Ok(Some(patches))
                }
                _ => Err(why::PATCHES),
            };
        }
        looked.push(Looked { asset, patches });
    }
    Ok(looked)
}

/// A page of an asset's patches beyond the first one.
type Further = (AssetId, u64, Result<Record<Patches>, ApiError>);

/// The pages beyond the first one, in the order of the assets.
///
/// # Errors
/// Those of the permission, and what stops all reads.
async fn further(
    ctx: &Context,
    reader: &Reader,
    first: impl Iterator<Item = (AssetId, &Result<Record<Patches>, ApiError>)>,
    permission: &mut Permission,
) -> Result<Vec<Further>> {
    let pages = first.flat_map(|(id, page)| {
        let last = page.as_ref().map_or(1, |page| page.pages());
        (2..=last).map(move |number| (id, number))
    });
    let pages: Vec<(AssetId, u64)> = pages.collect();
    permission.spend(ctx, pages.len()).await?;
    let gets = pages.iter().map(|(id, number)| assets::patches(*id, *number)).collect();
    let read = reader.several("patches", gets).await?;
    Ok(pages.into_iter().zip(read).map(|((id, number), page)| (id, number, page)).collect())
}
