//! How a product is found, by its id or its name.

use crate::api::ids::ProductId;
use crate::api::resources::products::{self, Product};
use crate::api::{Reader, Record};
use crate::commands::resolve::choice::near_misses;
use crate::commands::resolve::named::pick;
use crate::commands::resolve::{Candidate, IdOrName};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::names;

/// The product that was meant, from its own page. One that is no longer sold is found by its id alone.
///
/// # Errors
/// Exit 3 when there is none, exit 2 when there are several and nobody can be asked.
pub async fn find(ctx: &Context, reader: &Reader, typed: &IdOrName) -> Result<Record<Product>> {
    if let Some(id) = typed.id().map(ProductId)
        && let Some(product) = reader.find(products::get(id), |found| found.id == id).await?
    {
        return Ok(product);
    }
    let name = typed.name().ok_or_else(|| typed.not_found("product"))?;
    let called = name.to_owned();
    let list = products::search(Some(&names::folded(name)))
        .keep(move |one| names::fits(&called, [one.name.as_str()]));
    let found = reader.all(list).await?.items;
    if found.is_empty() {
        return Err(unknown(reader, typed, name).await);
    }
    let other = async |typed: &IdOrName| Box::pin(find(ctx, reader, typed)).await;
    let id = pick(ctx, "product", typed, found, Candidate::product, other).await?.id;
    let product = reader.find(products::get(id), |product| product.id == id).await?;
    product.ok_or_else(|| typed.not_found("product"))
}

/// The id of the product that was meant; an id is taken as it is.
///
/// # Errors
/// As for [`find`].
pub async fn product_id(ctx: &Context, reader: &Reader, typed: &IdOrName) -> Result<ProductId> {
    match typed.id() {
        Some(id) => Ok(ProductId(id)),
        None => Ok(find(ctx, reader, typed).await?.id),
    }
}

/// That there is none, with those whose names are like it; only a help, for which all are read once.
async fn unknown(reader: &Reader, typed: &IdOrName, name: &str) -> Error {
    let error = typed.not_found("product");
    let all = reader.all(products::search(None)).await;
    let all = all.map_or_else(|_| Vec::new(), |all| all.items);
    match near_misses(name, all.iter().map(|one| one.name.as_str())).as_slice() {
        [] => error,
        near => error.hint(format!("did you mean {}?", near.join(" or "))),
    }
}
