//! What records name by an id alone: customers, and products with their prices, as far as they can be read.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::permission::Permission;
use crate::api::ids::{CustomerId, ProductId};
use crate::api::resources::products::{self, Product};
use crate::api::resources::tickets::Timer;
use crate::api::resources::{customers, settings};
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::error::Result;
use crate::reports::kept;
use crate::reports::uninvoiced::Prices;

/// What these customers are called, as far as that can be read.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn names(
    ctx: &Context,
    reader: &Reader,
    ids: BTreeSet<CustomerId>,
    permission: &mut Permission,
) -> Result<BTreeMap<CustomerId, String>> {
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| customers::get(*id).keeping(&kept::CUSTOMER)).collect();
    let pages = reader.several("customers", gets).await?;
    let named = ids.into_iter().zip(pages).filter_map(|(id, page)| {
        let page = page.ok().filter(|page| page.id == id)?;
        Some((id, page.name().to_owned()))
    });
    Ok(named.collect())
}

/// What the time of these entries is sold for, as far as it can be read.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn prices(
    ctx: &Context,
    reader: &Reader,
    timers: &[&Timer],
    permission: &mut Permission,
) -> Result<Prices> {
    let mut prices = Prices::default();
    if timers.iter().any(|timer| Prices::is_unsaid(timer)) {
        permission.spend(ctx, 1).await?;
        prices.default = match reader.get(settings::tickets()).await {
            Ok(settings) => settings.default_labor_product_id,
            Err(error) if error.stops_all() => return Err(error.into()),
            Err(_) => None,
        };
    }
    let ids: Vec<ProductId> = timers.iter().filter_map(|one| prices.product(one)).collect();
    prices.by = product_prices(ctx, reader, ids.into_iter(), permission).await?;
    Ok(prices)
}

/// What products cost; one that cannot be read is not there.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn product_prices(
    ctx: &Context,
    reader: &Reader,
    ids: impl Iterator<Item = ProductId>,
    permission: &mut Permission,
) -> Result<BTreeMap<ProductId, Decimal>> {
    let products = products_of(ctx, reader, ids, permission).await?;
    let price = |(id, product): (ProductId, Record<Product>)| Some((id, product.price_retail?));
    Ok(products.into_iter().filter_map(price).collect())
}

/// Products; one that cannot be read is not there.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn products_of(
    ctx: &Context,
    reader: &Reader,
    ids: impl Iterator<Item = ProductId>,
    permission: &mut Permission,
) -> Result<BTreeMap<ProductId, Record<Product>>> {
    let ids: BTreeSet<ProductId> = ids.collect();
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| products::get(*id).keeping(&kept::PRODUCT)).collect();
    let read = reader.several("products", gets).await?;
    let known = ids.into_iter().zip(read).filter_map(|(id, product)| {
        let product = product.ok().filter(|product| product.id == id)?;
        Some((id, product))
    });
    Ok(known.collect())
}
