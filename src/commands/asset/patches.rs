//! `syncro asset patches`: what an asset is missing, what failed, and what was installed.

use crate::api::ids::{AssetId, CustomerId};
use crate::api::resources::assets::{self, Patch, Patches};
use crate::api::{Error as ApiError, Reader, Record};
use crate::commands::answer::Shown;
use crate::commands::listing::Limit;
use crate::commands::resolve::{self, CustomerArg, IdOrName};
use crate::context::Context;
use crate::error::Result;
use crate::render;
use crate::sorting;

/// List an asset's patches, missing and failed first
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "\
Examples:
  syncro asset patches TILL-1
  syncro asset patches 12400000 --all --json | jq '.[].kb'")]
pub struct PatchesArgs {
    /// Asset: an id, a name or part of one, or a serial number
    #[arg(value_name = "ASSET")]
    pub asset: IdOrName,
    /// Customer it belongs to: an id or a name
    #[arg(long, value_name = "CUSTOMER")]
    pub customer: Option<CustomerArg>,
    #[command(flatten)]
    limit: Limit,
}

/// Runs `syncro asset patches`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &PatchesArgs) -> Result<()> {
    let reader = ctx.reader_to_show()?;
    let customer = resolve::customer_id(ctx, &reader, args.customer.as_ref()).await?;
    let (id, first) = first(ctx, &reader, &args.asset, customer).await?;
    let (mut patches, missing) = all(&reader, id, first).await?;
    sorting::sort_by_key(&mut patches, |patch| patch.rank());
    let shown = Shown::whole(&patches, args.limit);
    let nothing = "no patches found; not every asset is monitored remotely";
    shown.print(ctx, &render::asset::PATCHES, nothing, |items, look| {
        render::asset::patches(&patches, items.len(), look)
    })?;
    if missing > 0 {
        ctx.ui().warn(&format!("the server reports {missing} more patches than it returns"));
    }
    Ok(())
}

/// The asset's id and its first page of patches. What may be an id is tried as one, asset and patches at once: the
/// patches alone do not say whose they are.
async fn first(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<(AssetId, Record<Patches>)> {
    if let Some(id) = typed.id().map(AssetId) {
        let asset = async |reader: &Reader| super::find::by_id(reader, typed, customer).await;
        let patches = async |reader: &Reader| Ok(reader.get(assets::patches(id, 1)).await);
        let (asset, patches) = reader.both(asset, patches).await?;
        if asset.is_some() {
            return Ok((id, patches?));
        }
    }
    let id = super::find::by_name(ctx, reader, typed, customer).await?;
    Ok((id, reader.get(assets::patches(id, 1)).await?))
}

/// The available ones of all pages and the installed ones, and how many the server has kept back.
async fn all(
    reader: &Reader,
    id: AssetId,
    first: Record<Patches>,
) -> Result<(Vec<Record<Patch>>, u64)> {
    let mut patches = first.view;
    let rest: Vec<u64> = (2..=patches.pages()).collect();
    let page = async |reader: &Reader, &number: &u64| {
        Ok::<_, ApiError>((number, reader.get(assets::patches(id, number)).await?.view))
    };
    let take = |(asked, page)| {
        patches.add(asked, page);
        true
    };
    reader.each_while(&rest, page, take).await?;
    let missing = patches.missing();
    patches.available_patches.extend(patches.installed_patches);
    Ok((patches.available_patches, missing))
}
