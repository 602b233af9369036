//! Products, labor among them.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::api::fields;
use crate::api::ids::ProductId;
use crate::api::request::{Get, List};

/// A product.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// What it is called on invoices.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// The price of one unit.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub price_retail: Option<Decimal>,
    /// Whether it is no longer sold.
    #[serde(default, deserialize_with = "fields::flag")]
    pub disabled: bool,
}

/// `GET /products/{id}`.
#[must_use]
pub fn get(id: ProductId) -> Get<Product> {
    Get::new(format!("/products/{id}"), Some("product"))
}

/// `GET /products?query=`: products with that text in name or description, as far as the server looks. Without the
/// disabled ones.
#[must_use]
pub fn search(text: &str) -> List<Product> {
    List::new("/products", "products").with("query", text)
}
