//! Products: as rows, and one on a page.

use super::list::Shape;
use super::sheet::{Sheet, dollars, plain_decimal, said, taxed};
use super::{BAD, BOLD, Cell, Column, DIM, Look, Table};
use crate::api::Record;
use crate::api::resources::products::Product;

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "product list",
    one: "product",
    several: "products",
    columns: &[
        Column::id("Id").of("id"),
        Column::elastic("Name").of("name"),
        Column::figures("Price").of("price_retail"),
        Column::figures("Cost").extra().of("price_cost"),
        Column::text("Tax").good_to_know().of("taxable"),
        Column::name("Category").extra().of("product_category"),
        Column::text("State").good_to_know().of("disabled"),
    ],
};

/// Products, one line each; those no longer sold say so.
#[must_use]
pub fn rows(products: &[Record<Product>]) -> Table {
    let mut table = LIST.table();
    for product in products {
        table.row([
            Cell::styled(&product.id.to_string(), DIM),
            Cell::styled(&product.name, BOLD),
            Cell::from(field(product, "price_retail", &dollars(product.price_retail))),
            Cell::from(field(product, "price_cost", &dollars(product.price_cost))),
            Cell::from(field(product, "taxable", taxed(product.taxable))),
            Cell::from(product.category()),
            match product.disabled {
                true => Cell::styled("disabled", BAD),
                false => Cell::from(field(product, "disabled", "")),
            },
        ]);
    }
    table
}

fn field(product: &Product, name: &str, shown: &str) -> String {
    said(&product.unreadable, name, shown.to_owned())
}

/// One product; `labor` is the labor type of the configuration that it is sold as, if it is one.
#[must_use]
pub fn page(product: &Record<Product>, labor: Option<&str>, look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    sheet.name(&product.name);
    sheet.field("Price", &field(product, "price_retail", &dollars(product.price_retail)));
    sheet.field("Cost", &field(product, "price_cost", &dollars(product.price_cost)));
    sheet.field("Taxable", &field(product, "taxable", taxed(product.taxable)));
    let disabled = if product.disabled { "yes, no longer sold" } else { "no" };
    sheet.field("Disabled", &field(product, "disabled", disabled));
    sheet.said("Labor type", labor.unwrap_or_default());
    sheet.said("Category", product.category());
    if product.maintain_stock {
        let stock = product.quantity.map_or_else(|| "?".to_owned(), plain_decimal);
        let stock = field(product, "quantity", &stock);
        sheet.field("In stock", &stock);
    }
    sheet.said("UPC code", &product.upc_code);
    sheet.field("Id", &product.id.to_string());
    if product.description.trim() != product.name.trim() {
        sheet.text("Description", &product.description);
    }
    if product.long_description.trim() != product.description.trim() {
        sheet.text("Long description", &product.long_description);
    }
    sheet.text("Notes", &product.notes);
    sheet.out()
}
