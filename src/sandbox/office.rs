//! From method and path to the handler, for customers, what they have and what they owe.
//!
//! What `route.rs` knows of these requests is that they are asked about here first.

use super::fault::Op;
use super::reply::Reply;
use super::route::Call;
use super::state::{State, Table};
use super::{assets, contacts, customers, patches, phones, products};

/// Returns the name that faults know the request by, where it is one of these.
pub(super) fn op(method: &str, path: &[&str]) -> Option<Op> {
    Some(match (method, path) {
        ("GET", ["customers"] | ["customers", "autocomplete" | "latest"]) => Op::Customers,
        ("GET", ["customers", _]) => Op::Customer,
        ("GET", ["customers", _, "phones"]) => Op::Phones,
        ("POST", ["customers"]) => Op::CustomerCreate,
        ("PUT", ["customers", _]) => Op::CustomerUpdate,
        ("DELETE", ["customers", _]) => Op::CustomerDelete,
        ("POST" | "PUT" | "DELETE", ["customers", _, "phones", ..]) => Op::Phone,
        ("GET", ["contacts"]) => Op::Contacts,
        ("GET", ["contacts", _]) => Op::Contact,
        ("POST", ["contacts"]) => Op::ContactCreate,
        ("PUT", ["contacts", _]) => Op::ContactUpdate,
        ("DELETE", ["contacts", _]) => Op::ContactDelete,
        ("GET", ["customer_assets"]) => Op::Assets,
        ("GET", ["customer_assets", _] | ["customer_assets", _, "patches"]) => Op::Asset,
        ("POST", ["customer_assets"]) => Op::AssetCreate,
        ("PUT", ["customer_assets", _]) => Op::AssetUpdate,
        ("GET", ["products"] | ["products", "barcode" | "categories"]) => Op::Products,
        ("GET", ["products", _]) => Op::Product,
        ("POST", ["products"]) | ("PUT", ["products", _]) => Op::ProductWrite,
        _ => return None,
    })
}

/// Does what the request asks for, where it is one of these.
pub(super) fn handle(state: &mut State, call: &Call, path: &[&str]) -> Option<Reply> {
    Some(match (call.method.as_str(), path) {
        ("GET", ["customers"]) => customers::list(state, call),
        ("GET", ["customers", "autocomplete"]) => customers::autocomplete(state, call),
        ("GET", ["customers", "latest"]) => customers::latest(state),
        ("POST", ["customers"]) => customers::create(state, call),
        (method, ["customers", id, rest @ ..]) => {
            let Some(id) = known(state, Table::Customers, id) else {
                return Some(Reply::not_found());
            };
            with_customer(state, call, method, id, rest)
        }
        ("GET", ["contacts"]) => contacts::list(state, call),
        ("POST", ["contacts"]) => contacts::create(state, call),
        (method, ["contacts", id]) => {
            let Some(id) = known(state, Table::Contacts, id) else {
                return Some(Reply::not_found());
            };
            match method {
                "GET" => contacts::get(state, id),
                "PUT" => contacts::update(state, call, id),
                "DELETE" => contacts::delete(state, id),
                _ => Reply::not_found(),
            }
        }
        ("GET", ["customer_assets"]) => assets::list(state, call),
        ("POST", ["customer_assets"]) => assets::create(state, call),
        ("GET", ["customer_assets", id, "patches"]) => patches::list(state, call, id),
        (method, ["customer_assets", id]) => {
            let Some(id) = known(state, Table::Assets, id) else {
                return Some(Reply::not_found());
            };
            match method {
                "GET" => assets::get(state, id),
                "PUT" => assets::update(state, call, id),
                _ => Reply::not_found(),
            }
        }
        ("GET", ["products"]) => products::list(state, call),
        ("GET", ["products", "barcode"]) => products::barcode(state, call),
        ("GET", ["products", "categories"]) => products::categories(),
        ("POST", ["products"]) => products::create(state, call),
        (method, ["products", id]) => {
            let Some(id) = known(state, Table::Products, id) else {
                return Some(Reply::not_found());
            };
            match method {
                "GET" => products::get(state, id),
                "PUT" => products::update(state, call, id),
                _ => Reply::not_found(),
            }
        }
        _ => return None,
    })
}

fn with_customer(state: &mut State, call: &Call, method: &str, id: i64, rest: &[&str]) -> Reply {
    match (method, rest) {
        ("GET", []) => customers::get(state, id),
        ("PUT", []) => customers::update(state, call, id),
        ("DELETE", []) => customers::delete(state, id),
        ("GET", ["phones"]) => phones::list(state, id),
        ("POST", ["phones"]) => phones::create(state, call, id),
        ("PUT", ["phones", phone]) => phones::update(state, call, id, phone),
        ("DELETE", ["phones", phone]) => phones::delete(state, id, phone),
        _ => Reply::not_found(),
    }
}

/// Returns the id when there is a record of that id.
fn known(state: &State, table: Table, id: &str) -> Option<i64> {
    id.parse().ok().filter(|id| state.get(table, *id).is_some())
}
