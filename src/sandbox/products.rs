//! Products. Prices are JSON numbers here, where other records have strings or cents.
//!
//! A PUT puts booleans that it leaves out back to their defaults: labor becomes taxable, and what
//! is no longer sold is sold again.

use serde_json::{Value, json};

use super::account::ACCOUNT;
use super::call::Call;
use super::listing::{chosen, is_blank, like, mentions, short_page, sort};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{Record, by_id, decimal, number, public, text, truth};

/// Categories by id.
const CATEGORIES: [(i64, &str); 4] =
    [(71_001, "Labor"), (71_002, "Travel"), (71_003, "Parts"), (71_004, "Services")];

const PRICES: [&str; 3] = ["price_cost", "price_retail", "price_wholesale"];

/// Booleans, what they are when nothing is said, and whether a PUT comes back to that.
const BOOLEANS: [(&str, bool, bool); 4] = [
    ("taxable", true, true),
    ("disabled", false, true),
    ("maintain_stock", false, true),
    ("serialized", false, false),
];

/// `GET /products`.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let mut found: Vec<&Record> = state
        .all(Table::Products)
        .filter(|product| truth(product, "disabled") != Some(true))
        .filter(|product| {
            call.asked("query")
                .is_none_or(|query| mentions(product, &["name", "description"], query))
                && like(call, product, "name")
                && call.asked("upc_code").is_none_or(|code| text(product, "upc_code") == code)
                && call.asked("sku").is_none_or(|sku| has_sku(product, sku))
                && call.asked("category_id").is_none_or(|id| {
                    by_id(&CATEGORIES, id.parse().ok()) == Some(text(product, "product_category"))
                })
                && chosen(call, product, "id", "id_not")
        })
        .collect();
    sort(call, &mut found);
    Reply::list("products", short_page(call, found, call.list_page), shown)
}

/// `GET /products/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    Reply::wrapped("product", state.get(Table::Products, id).map(shown))
}

/// `GET /products/barcode`.
pub(super) fn barcode(state: &State, call: &Call) -> Reply {
    let found = call.asked("barcode").and_then(|code| {
        state.all(Table::Products).find(|product| text(product, "upc_code") == code)
    });
    match found {
        Some(product) => short(product),
        None => Reply::not_found(),
    }
}

/// `GET /products/categories`.
pub(super) fn categories() -> Reply {
    let all: Vec<Value> = CATEGORIES
        .iter()
        .map(|(id, name)| {
            json!({
                "id": id,
                "account_id": ACCOUNT,
                "ancestry": null,
                "name": name,
                "description": name,
                "device_product_id": null,
                "names_depth_cache": name,
            })
        })
        .collect();
    Reply::ok(json!({ "categories": all }))
}

/// `POST /products`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let problems = problems(&call.body);
    if !problems.is_empty() {
        return Reply::invalid_of(&call.body, json!(problems));
    }
    let mut product = blank(Table::Products);
    product.extend(written(&call.body));
    for (name, default, _) in BOOLEANS {
        let yes = truth(&call.body, name).unwrap_or(default);
        product.insert(name.to_owned(), Value::Bool(yes));
    }
    let id = state.add(Table::Products, call.now, product);
    changed(state, id)
}

/// `PUT /products/{id}`.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let mut fields = written(&call.body);
    for (name, default, comes_back) in BOOLEANS {
        let default = comes_back.then_some(default);
        if let Some(yes) = truth(&call.body, name).or(default) {
            fields.insert(name.to_owned(), Value::Bool(yes));
        }
    }
    let problems = problems(&state.with(Table::Products, id, &fields));
    if !problems.is_empty() {
        return Reply::invalid(json!(problems));
    }
    state.change(Table::Products, id, call.now, fields);
    changed(state, id)
}

/// Returns the product as answers carry it: nothing says when it was made.
fn shown(product: &Record) -> Record {
    let mut shown = public(product);
    shown.remove("created_at");
    shown.remove("updated_at");
    shown
}

fn changed(state: &State, id: i64) -> Reply {
    state.get(Table::Products, id).map_or_else(Reply::not_found, short)
}

/// The answer to a write or a barcode does not carry the SKUs.
fn short(product: &Record) -> Reply {
    let mut shown = shown(product);
    shown.remove("product_skus");
    Reply::ok(json!({ "product": shown }))
}

fn has_sku(product: &Record, wanted: &str) -> bool {
    let skus = product.get("product_skus").and_then(Value::as_array);
    skus.is_some_and(|all| all.iter().any(|sku| sku["sku"] == wanted))
}

fn written(body: &Record) -> Record {
    let mut fields = given(Table::Products, body);
    for price in PRICES {
        if let Some(amount) = decimal(body, price) {
            fields.insert(price.to_owned(), number(amount));
        }
    }
    let first = body.get("category_ids").and_then(|ids| ids.get(0));
    if let Some(name) = by_id(&CATEGORIES, first.and_then(Value::as_i64)) {
        fields.insert("product_category".to_owned(), Value::from(name));
    }
    if let Some(name) = fields.get("product_category").cloned() {
        fields.insert("category_path".to_owned(), name);
    }
    fields
}

fn problems(product: &Record) -> Vec<&'static str> {
    let mut problems = Vec::new();
    if is_blank(product, "name") {
        problems.push("Name can't be blank");
    }
    if is_blank(product, "description") {
        problems.push("Description can't be blank");
    }
    if PRICES.iter().any(|price| !is_blank(product, price) && decimal(product, price).is_none()) {
        problems.push("Price is not a number");
    }
    problems
}
