//! `syncro asset patches`: what an asset is missing, what failed, and what was installed.

use futures_util::future::try_join_all;

use crate::api::ids::{AssetId, CustomerId};
use crate::api::resources::assets::{self, Patch, Patches};
use crate::api::{Reader, Record};
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

/// A list that claims more pages is broken.
const MOST_PAGES: u64 = 200;

/// Runs `syncro asset patches`.
///
/// # Errors
/// See `syncro help exit-codes`.
pub async fn run(ctx: &Context, args: &PatchesArgs) -> Result<()> {
    let reader = ctx.reader()?;
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
        let asset = super::find::by_id(reader, typed, customer);
        let patches = reader.get(assets::patches(id, 1));
        let (asset, patches) = tokio::join!(asset, patches);
        if asset?.is_some() {
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
    let meta = first.available_patches_meta.unwrap_or_default();
    let pages = meta.total_pages.unwrap_or(1).min(MOST_PAGES);
    let rest = (2..=pages).map(|page| reader.get(assets::patches(id, page)));
    let rest = try_join_all(rest).await?;
    let mut available = first.view.available_patches;
    for (page, asked) in rest.into_iter().zip(2..) {
        let says = page.available_patches_meta.and_then(|meta| meta.page);
        // The page that was asked for, or page one again from a server that does not know pages here.
        if says.is_none_or(|says| says == asked) {
            let known = available.len();
            let fresh = page.view.available_patches.into_iter();
            let fresh: Vec<_> = fresh
                .filter(|patch| !available[..known].iter().any(|one| one.raw == patch.raw))
                .collect();
            available.extend(fresh);
        }
    }
    let given = u64::try_from(available.len()).unwrap_or(u64::MAX);
    let missing = meta.total_entries.unwrap_or(given).saturating_sub(given);
    available.extend(first.view.installed_patches);
    Ok((available, missing))
}
