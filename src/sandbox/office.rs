//! From method and path to the handler, for customers, what they have and what they owe.
//!
//! What `route.rs` knows of these requests is that they are asked about here first.

use super::fault::Op;
use super::invoice_lines::{self, On};
use super::reply::Reply;
use super::route::Call;
use super::state::{State, Table};
use super::{
    alerts, assets, contacts, contracts, customers, estimates, invoices, patches, payments, phones,
    posting, products,
};

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
        ("GET", ["payments"]) => Op::Payments,
        ("GET", ["payments", _]) => Op::Payment,
        ("POST", ["payments"]) => Op::PaymentCreate,
        ("PUT", ["invoices", _]) => Op::InvoiceUpdate,
        ("POST", ["invoices", _, "email"]) => Op::InvoiceEmail,
        ("POST", ["invoices", _, "print"]) => Op::InvoicePrint,
        ("POST" | "PUT" | "DELETE", ["invoices", _, "line_items", ..]) => Op::InvoiceLine,
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
        (_, ["estimates" | "contracts" | "rmm_alerts", ..]) => papers(state, call, path),
        ("GET", ["payment_methods"]) => payments::methods(),
        ("GET", ["payments"]) => payments::list(state, call),
        ("POST", ["payments"]) => payments::create(state, call),
        ("GET", ["payments", id]) => match known(state, Table::Payments, id) {
            Some(id) => payments::get(state, id),
            None => Reply::not_found(),
        },
        ("GET", ["line_items"]) => invoice_lines::list(state, call),
        ("PUT", ["invoices", id]) => match known(state, Table::Invoices, id) {
            Some(id) => invoices::update(state, call, id),
            None => Reply::not_found(),
        },
        (method, ["invoices", id, rest @ ..]) if !rest.is_empty() => {
            let Some(id) = known(state, Table::Invoices, id) else {
                return Some(Reply::not_found());
            };
            with_invoice(state, call, method, id, rest)
        }
        _ => return None,
    })
}

/// What needs no more than practice: estimates, contracts and alerts.
fn papers(state: &mut State, call: &Call, path: &[&str]) -> Reply {
    match (call.method.as_str(), path) {
        ("GET", ["estimates"]) => estimates::list(state, call),
        ("POST", ["estimates"]) => estimates::create(state, call),
        (method, ["estimates", id, rest @ ..]) => match estimates::find(state, call, id) {
            Some(id) => estimates::handle(state, call, method, id, rest),
            None => Reply::not_found(),
        },
        ("GET", ["contracts"]) => contracts::list(state, call),
        ("POST", ["contracts"]) => contracts::create(state, call),
        ("GET", ["contracts", id]) => contracts::get(state, id),
        (method, ["contracts", id]) => match known(state, Table::Contracts, id) {
            Some(id) => contracts::change(state, call, method, id),
            None => Reply::not_found(),
        },
        ("GET", ["rmm_alerts"]) => alerts::list(state, call),
        ("POST", ["rmm_alerts"]) => alerts::create(state, call),
        (method, ["rmm_alerts", id, rest @ ..]) => match known(state, Table::Alerts, id) {
            Some(id) => alerts::handle(state, call, method, id, rest),
            None => Reply::not_found(),
        },
        _ => Reply::not_found(),
    }
}

fn with_invoice(state: &mut State, call: &Call, method: &str, id: i64, rest: &[&str]) -> Reply {
    let invoice = state.get(Table::Invoices, id).cloned().unwrap_or_default();
    match (method, rest) {
        ("GET", ["ticket"]) => invoices::ticket(state, call, id),
        ("POST", ["email"]) => posting::email(state, call, "invoice_id", &invoice),
        ("POST", ["print"]) => posting::print(state, call, "invoice_id", &invoice),
        ("POST", ["line_items"]) => invoice_lines::create(state, call, id),
        ("PUT", ["line_items", line]) => invoice_lines::update(state, call, On::Invoice(id), line),
        ("DELETE", ["line_items", line]) => invoice_lines::delete(state, call, id, line),
        _ => Reply::not_found(),
    }
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
