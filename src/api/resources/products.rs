//! Products, labor among them.

use rust_decimal::Decimal;
use serde::Deserialize;

use crate::api::fields::{self, Unread};
use crate::api::folder::PRODUCTS;
use crate::api::ids::ProductId;
use crate::api::request::{Get, List};
use crate::names;

/// A product.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Product {
    /// Which.
    pub id: ProductId,
    /// What it is called on invoices.
    #[serde(default, deserialize_with = "fields::text")]
    pub name: String,
    /// What it is.
    #[serde(default, deserialize_with = "fields::text")]
    pub description: String,
    /// The same at length.
    #[serde(default, deserialize_with = "fields::text")]
    pub long_description: String,
    /// The category, or the categories above it as well.
    #[serde(default, deserialize_with = "fields::text")]
    pub category_path: String,
    /// The category where there is no path.
    #[serde(default, deserialize_with = "fields::text")]
    pub product_category: String,
    /// The price of one unit.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub price_retail: Option<Decimal>,
    /// What one unit costs us.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub price_cost: Option<Decimal>,
    /// Whether tax is added; `None` when the server does not say.
    #[serde(default, deserialize_with = "fields::maybe_flag")]
    pub taxable: Option<bool>,
    /// Whether its stock is counted.
    #[serde(default, deserialize_with = "fields::flag")]
    pub maintain_stock: bool,
    /// How many there are, where they are counted.
    #[serde(default, deserialize_with = "fields::decimal")]
    pub quantity: Option<Decimal>,
    /// The bar code.
    #[serde(default, deserialize_with = "fields::text")]
    pub upc_code: String,
    /// What somebody wrote about it.
    #[serde(default, deserialize_with = "fields::text")]
    pub notes: String,
    /// Whether it is no longer sold.
    #[serde(default, deserialize_with = "fields::flag")]
    pub disabled: bool,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl Product {
    /// The fields that a line item is made of.
    pub const MONEY: [&str; 3] = ["price_retail", "taxable", "disabled"];

    /// The category of labor, which takes hours from a prepaid block (the vendor's documentation on prepaid hours).
    pub const LABOR: &str = "Labor";
    /// The category of what adds hours to one (the same).
    pub const PREPAY_HOURS: &str = "Prepay Hours";

    /// Whether it is of that category, or of one below it. How a path of categories is written is not documented.
    #[must_use]
    pub fn is_of(&self, category: &str) -> bool {
        [&self.category_path, &self.product_category].iter().any(|path| in_category(path, category))
    }

    /// The category, as fully as it is known.
    #[must_use]
    pub fn category(&self) -> &str {
        match self.category_path.trim() {
            "" => self.product_category.trim(),
            path => path,
        }
    }

    /// Whether all words of a query are in what it is called, described and sorted by.
    #[must_use]
    pub fn mentions(&self, query: &str) -> bool {
        let parts = [
            self.name.as_str(),
            &self.description,
            &self.long_description,
            &self.category_path,
            &self.product_category,
            &self.upc_code,
        ];
        names::fits(query, parts)
    }
}

/// Whether a path of categories, as a product or a line of a ticket has it, is of that category or below it.
#[must_use]
pub fn in_category(path: &str, category: &str) -> bool {
    path.split(['/', '>', ';']).any(|one| names::same(one.trim(), category))
}

/// `GET /products`, with `?query=` those that something fits. Those no longer sold are left out.
#[must_use]
pub fn search(query: Option<&str>) -> List<Product> {
    let words = query.unwrap_or_default().to_owned();
    PRODUCTS.list().filter("query", query, move |one: &Product| one.mentions(&words))
}

/// `GET /products/{id}`.
#[must_use]
pub fn get(id: ProductId) -> Get<Product> {
    PRODUCTS.get(id)
}
