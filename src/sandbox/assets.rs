//! Customers' machines: wrapped one by one, never deleted.
//!
//! `properties` are ignored when one is made and kept, beside those that were there, when it is
//! changed. The patches of a machine are left to `patches.rs`.

use serde_json::{Value, json};

use super::account::ACCOUNT;
use super::call::Call;
use super::listing::{is_blank, mentions, same_id, short_page};
use super::reply::Reply;
use super::state::{State, Table};
use super::table::{blank, given};
use super::value::{Record, by_id, integer, public, record, text, truth};

/// Asset types by id; answers only carry the name.
pub(super) const TYPES: [(i64, &str); 6] = [
    (40_101, "Desktop"),
    (40_102, "Laptop"),
    (40_103, "Server"),
    (40_104, "Printer"),
    (40_105, "Network Device"),
    (40_106, "Tablet"),
];

/// `GET /customer_assets`.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let found: Vec<&Record> = state
        .all(Table::Assets)
        .filter(|asset| {
            same_id(call, asset, "customer_id")
                && call.asked("asset_type_id").is_none_or(|id| {
                    by_id(&TYPES, id.parse().ok()) == Some(text(asset, "asset_type"))
                })
                && (call.asked("snmp_enabled") != Some("true")
                    || truth(asset, "snmp_enabled") == Some(true))
                && call.asked("query").is_none_or(|query| {
                    mentions(asset, &["name", "asset_serial", "asset_type"], query)
                })
        })
        .collect();
    Reply::list("assets", short_page(call, found, call.list_page), |asset| shown(state, asset))
}

/// `GET /customer_assets/{id}`.
pub(super) fn get(state: &State, _: &Call, id: i64) -> Reply {
    Reply::wrapped("asset", state.get(Table::Assets, id).map(|asset| shown(state, asset)))
}

/// `POST /customer_assets`.
pub(super) fn create(state: &mut State, call: &Call) -> Reply {
    let mut asset = blank(Table::Assets);
    asset.extend(written(&call.body));
    let problems = problems(state, &asset);
    if !problems.is_empty() {
        return Reply::invalid_of(&call.body, json!(problems));
    }
    let id = state.add(Table::Assets, call.now, asset);
    get(state, call, id)
}

/// `PUT /customer_assets/{id}`.
pub(super) fn update(state: &mut State, call: &Call, id: i64) -> Reply {
    let Some(asset) = state.get(Table::Assets, id) else {
        return Reply::not_found();
    };
    let mut fields = written(&call.body);
    if let Some(Value::Object(new)) = call.body.get("properties") {
        let mut properties = record(asset.get("properties").cloned().into());
        properties.extend(new.clone());
        fields.insert("properties".to_owned(), Value::Object(properties));
    }
    let problems = problems(state, &state.with(Table::Assets, id, &fields));
    if !problems.is_empty() {
        return Reply::invalid(json!(problems));
    }
    state.change(Table::Assets, id, call.now, fields);
    get(state, call, id)
}

/// Returns what a body sets besides the properties.
fn written(body: &Record) -> Record {
    let mut fields = given(Table::Assets, body);
    if let Some(kind) = body.get("asset_type_name") {
        fields.insert("asset_type".to_owned(), kind.clone());
    }
    if body.contains_key("asset_type_id") {
        let kind = by_id(&TYPES, integer(body, "asset_type_id"));
        fields.insert("asset_type".to_owned(), json!(kind));
    }
    fields
}

fn problems(state: &State, asset: &Record) -> Vec<&'static str> {
    let mut problems = Vec::new();
    let kind = text(asset, "asset_type");
    if !TYPES.iter().any(|(_, name)| *name == kind) {
        problems.push("Asset type can't be blank");
    }
    if is_blank(asset, "name") {
        problems.push("Name can't be blank");
    }
    let owned = integer(asset, "customer_id");
    if !is_blank(asset, "customer_id")
        && owned.and_then(|id| state.get(Table::Customers, id)).is_none()
    {
        problems.push("Customer must exist");
    }
    problems
}

/// Returns the asset with its customer, who comes without contacts here, and when it was last seen by whom it is monitored.
fn shown(state: &State, asset: &Record) -> Record {
    let mut shown = record(json!({"id": null}));
    shown.extend(blank(Table::Assets));
    shown.extend(public(asset));
    let id = integer(asset, "id").unwrap_or_default();
    let customer = state.named(Table::Customers, asset, "customer_id");
    shown.extend(record(json!({
        "customer": customer.map(public),
        "rmm_links": [],
        "rmm_store": {
            "id": id - 9_000_000,
            "asset_id": id,
            "account_id": ACCOUNT,
            "triggers": {"agent_offline_triggered": "false", "low_hd_space_triggered": "false"},
            "windows_updates": {},
            "emsisoft": {},
            "general": {},
            "created_at": asset.get("created_at"),
            "updated_at": asset.get("_seen").or(asset.get("updated_at")),
        },
        "has_live_chat": false,
    })));
    shown
}
