//! What records name by an id alone: customers, and products with their prices, as far as they can be read.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::permission::Permission;
use super::reading;
use crate::api::ids::{CustomerId, ProductId};
use crate::api::resources::customers::{self, Customer};
use crate::api::resources::products::{self, Product};
use crate::api::resources::settings;
use crate::api::resources::tickets::Timer;
use crate::api::{Reader, Record};
use crate::context::Context;
use crate::error::Result;
use crate::reports::uninvoiced::Prices;
use crate::reports::{customer_name, kept};

/// So many customers are read one by one, in one go; of more, the list of all may need fewer requests.
const FEW: usize = 6;

/// What these customers are called, as far as that can be read.
///
/// # Errors
/// Those of the permission, and of what stops all reads.
pub(super) async fn names(
    ctx: &Context,
    reader: &Reader,
    mut ids: BTreeSet<CustomerId>,
    permission: &mut Permission,
) -> Result<BTreeMap<CustomerId, String>> {
    let mut names = BTreeMap::new();
    if ids.len() > FEW {
        permission.expect(ctx, 1, ids.len()).await?;
        let begun = reader.begin(customers::all().keeping(&kept::CUSTOMER)).await;
        // A page of the list that is not read costs as much as a customer. Disabled ones are not in it.
        let listed = match &begun {
            Ok(list) if list.left() < ids.len() => {
                reading::rest(ctx, reader, permission, begun).await?
            }
            _ => begun.and_then(|list| reader.listing(list)),
        };
        match listed {
            Err(error) if error.stops_all() => return Err(error.into()),
            listed => {
                names.extend(listed.into_iter().flat_map(|list| list.items).filter_map(called));
            }
        }
        names.retain(|id, _| ids.remove(id));
    }
    permission.spend(ctx, ids.len()).await?;
    let gets = ids.iter().map(|id| customers::get(*id).keeping(&kept::CUSTOMER)).collect();
    let pages = reader.several("customers", gets).await?;
    let pages =
        ids.into_iter().zip(pages).filter_map(|(id, page)| page.ok().filter(|one| one.id == id));
    names.extend(pages.filter_map(called));
    Ok(names)
}

/// A customer's name, where it can be read.
fn called(customer: Record<Customer>) -> Option<(CustomerId, String)> {
    Some((customer.id, customer_name(&customer.raw)?))
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
        prices.default = default_labor(ctx, reader, permission).await?;
    }
    let ids: Vec<ProductId> = timers.iter().filter_map(|one| prices.product(one)).collect();
    prices.by = product_prices(ctx, reader, ids.into_iter(), permission).await?;
    Ok(prices)
}

/// What time without a product is sold as, as far as that can be read.
async fn default_labor(
    ctx: &Context,
    reader: &Reader,
    permission: &mut Permission,
) -> Result<Option<ProductId>> {
    if let Some(known) = permission.known.default_labor {
        return Ok(known);
    }
    permission.spend(ctx, 1).await?;
    let product = match reader.get(settings::tickets()).await {
        Ok(settings) => settings.default_labor_product_id,
        Err(error) if error.stops_all() => return Err(error.into()),
        Err(_) => None,
    };
    permission.known.default_labor = Some(product);
    Ok(product)
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
    let known = &permission.known.products;
    let new: BTreeSet<ProductId> =
        ids.iter().copied().filter(|id| !known.contains_key(id)).collect();
    permission.spend(ctx, new.len()).await?;
    let gets = new.iter().map(|id| products::get(*id).keeping(&kept::PRODUCT)).collect();
    let read = reader.several("products", gets).await?;
    let read = new.into_iter().zip(read);
    let read = read.map(|(id, product)| (id, product.ok().filter(|product| product.id == id)));
    permission.known.products.extend(read);
    let known = &permission.known.products;
    Ok(ids.into_iter().filter_map(|id| Some((id, known.get(&id)?.clone()?))).collect())
}
