//! How an asset is found, by its id or its name.

use crate::api::ids::{AssetId, CustomerId};
use crate::api::resources::assets::{self, Asset};
use crate::api::{Reader, Record};
use crate::commands::resolve::named::{or_whose, pick};
use crate::commands::resolve::{Candidate, IdOrName};
use crate::context::Context;
use crate::error::Result;
use crate::names;

/// The asset that was meant, from its own page.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub(crate) async fn find(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<Record<Asset>> {
    if let Some(asset) = by_id(reader, typed, customer).await? {
        return Ok(asset);
    }
    let id = by_name(ctx, reader, typed, customer).await?;
    let asset = reader.find(assets::get(id), |asset| asset.id == id).await?;
    asset.ok_or_else(|| typed.not_found("asset"))
}

/// The one of that id, if an id was typed and there is one.
pub(super) async fn by_id(
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<Option<Record<Asset>>> {
    let Some(id) = typed.id().map(AssetId) else {
        return Ok(None);
    };
    let is_it = |asset: &Asset| asset.id == id && theirs(asset, customer);
    Ok(reader.find(assets::get(id), is_it).await?)
}

/// Whether it is that customer's, where one was named.
pub(super) fn theirs(asset: &Asset, customer: Option<CustomerId>) -> bool {
    customer.is_none_or(|customer| asset.customer() == Some(customer))
}

/// The id of the asset that has this name.
pub(super) async fn by_name(
    ctx: &Context,
    reader: &Reader,
    typed: &IdOrName,
    customer: Option<CustomerId>,
) -> Result<AssetId> {
    let name = typed.name().ok_or_else(|| typed.not_found("asset"))?;
    let called = name.to_owned();
    let list = assets::search(customer, Some(name))
        .keep(move |one| names::fits(&called, [one.name.as_str(), &one.asset_serial]));
    let found = reader.all(list).await?.items;
    let other = async |typed: &IdOrName| Box::pin(find(ctx, reader, typed, customer)).await;
    let asset = pick(ctx, "asset", typed, found, Candidate::asset, other).await;
    Ok(asset.map_err(or_whose)?.id)
}
