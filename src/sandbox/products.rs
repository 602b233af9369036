//! Products, read only. Prices are JSON numbers here, where other records have strings or cents.

use serde_json::{Value, json};

use super::reply::Reply;
use super::route::{Call, page};
use super::state::{State, Table};
use super::value::{public, text, truth};

/// `GET /products`.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let contains = |hay: &str, needle: &str| hay.to_lowercase().contains(&needle.to_lowercase());
    let found: Vec<Value> = state
        .all(Table::Products)
        .filter(|product| truth(product, "disabled") != Some(true))
        .filter(|product| {
            call.asked("query").is_none_or(|query| {
                contains(text(product, "name"), query)
                    || contains(text(product, "description"), query)
            }) && call
                .asked("name")
                .is_none_or(|name| contains(text(product, "name"), name))
        })
        .map(|product| Value::Object(public(product)))
        .collect();
    let (products, mut meta) = page(call, found, call.list_page);
    meta.remove("total_entries");
    meta.remove("per_page");
    Reply::ok(json!({"products": products, "meta": meta}))
}

/// `GET /products/{id}`.
pub(super) fn get(state: &State, id: &str) -> Reply {
    let found = id
        .parse()
        .ok()
        .and_then(|id| state.get(Table::Products, id));
    match found {
        Some(product) => Reply::ok(json!({"product": public(product)})),
        None => Reply::not_found(),
    }
}
