//! Products that line items are made of: what is read of them, what stands against selling one, and that it is still called
//! and sold as in the preview.

use super::clear::state;
use super::guard::{Finding, Guard};
use super::rule::gone;
use crate::api::Record;
use crate::api::ids::ProductId;
use crate::api::resources::products::{self, Product};
use crate::error::Result;
use crate::write::{Precondition, ReadSet, RecordRef, Snapshot};

/// What a preview shows of a product that is sold.
pub(super) const PREVIEWED: [&str; 3] = ["name", "price_retail", "disabled"];

/// The record of a product.
#[must_use]
pub fn product_ref(id: ProductId) -> RecordRef {
    RecordRef::answer(&products::get(id))
}

/// The product of a line item, to be read before the line is added.
pub(super) fn of_product(product: Option<ProductId>) -> ReadSet {
    product.map(product_ref).iter().fold(ReadSet::NOTHING, ReadSet::record)
}

/// A product that was read.
///
/// # Errors
/// Exit 3 where there is none.
pub(super) fn product(seen: &Snapshot, id: ProductId) -> Result<Record<Product>> {
    let product = seen.typed_record(&product_ref(id));
    product.ok_or_else(|| gone("product", id.0))
}

/// The question about a product that is no longer sold.
pub(super) fn disabled(seen: &Snapshot, product: Option<ProductId>) -> Option<Finding> {
    let product = seen.typed_record::<Product>(&product_ref(product?))?;
    let flag = (&product.unreadable, "disabled", product.disabled);
    let what = format!("the product, {},", product_name(&product));
    state(Guard::Disabled, flag, what, "disabled")
}

/// That a product is still called and sold as in the preview.
pub(super) fn sold_as(product: &Record<Product>, names: &[&str]) -> Precondition {
    let label = format!("product {}", product.id);
    Precondition::kept(product_ref(product.id), &label, &product.raw, names)
}

/// That products are sold, or not, as the preview has it.
pub(super) fn still_sold(
    seen: &Snapshot,
    products: impl IntoIterator<Item = ProductId>,
) -> impl Iterator<Item = Precondition> {
    let known = products.into_iter().filter_map(|id| product(seen, id).ok());
    known.map(|product| sold_as(&product, &["disabled"]))
}

/// A product for people.
pub(super) fn product_name(product: &Product) -> String {
    format!("{} (id {})", product.name, product.id)
}
