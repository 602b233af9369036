//! Assets: computers and other things of a customer. Their properties are ignored by a POST, and replaced as a whole by a
//! PUT.

use serde_json::{Map, Value};

use super::body;
use super::guard::{Finding, Guard};
use super::resource::{Alike, Resource, ResourceField};
use crate::names;
use crate::write::{Collection, Noun, Snapshot};

/// Assets.
pub(super) const ASSET: Resource = Resource {
    noun: Noun::Asset,
    shows_customer: true,
    list: |body| {
        body::said(body, "name")?;
        Some(Collection::assets(body::reference(body, "customer_id")?))
    },
    fields: &[
        ResourceField::new("name", "name").identifying(),
        ResourceField::new("asset_serial", "serial number").identifying(),
        ResourceField::new("asset_type_name", "type").shown_at("asset_type").advisory(),
    ],
    required: &["name"],
    whole: &["properties"],
    ignored: &["properties"],
    telling: &["asset_serial", "asset_type_name"],
    alike,
    ..Resource::PLAIN
};

/// An asset of the customer with the same name or serial number.
fn alike(seen: &Snapshot, list: &Collection, body: &Map<String, Value>) -> Alike {
    let same = |asset: &Value, field: &str| {
        let there = asset[field].as_str().unwrap_or_default().trim();
        body::said(body, field).is_some_and(|said| names::same(there, said))
    };
    let same = seen.records(list).into_iter().find_map(|asset| {
        let why = match (same(asset, "name"), same(asset, "asset_serial")) {
            (true, _) => "name",
            (_, true) => "serial number",
            _ => return None,
        };
        let name = body::shown_name(asset);
        let text = format!("asset {name} (id {}) has the same {why}", asset["id"]);
        Some(Finding::new(Guard::SameAsset, text))
    });
    Alike { same, similar: Vec::new() }
}
