//! Assets: as rows, one on a page with its properties, and its patches.

use anstyle::Style;

use super::list::{Rows, Shape};
use super::sheet::Sheet;
use super::{ATTENTION, BAD, BOLD, Cell, Column, DIM, GOOD, Look, Table, sanitise, when};
use crate::api::Record;
use crate::api::resources::assets::{Asset, Patch};

fn customer(asset: &Asset) -> String {
    let name = asset.customer.as_ref().map(|customer| customer.name());
    match (name, asset.customer()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(id)) => id.to_string(),
        (None, None) => String::new(),
    }
}

/// What their list shows.
pub const LIST: Shape = Shape {
    command: "asset list",
    one: "asset",
    several: "assets",
    columns: &[
        Column::id("Id").of("id"),
        Column::elastic("Name").of("name"),
        Column::name("Type").of("asset_type"),
        Column::text("Serial").of("asset_serial"),
        Column::name("Customer").of("customer.business_then_name"),
    ],
};

/// What the list of an asset's patches shows.
pub const PATCHES: Shape = Shape {
    command: "asset patches",
    one: "patch",
    several: "patches",
    columns: &[
        Column::text("Status").stays().of("status"),
        Column::id("KB").of("kb"),
        Column::elastic("Title").of("title"),
        Column::name("Category").extra().of("category"),
        Column::date("Date").good_to_know().made("date"),
        Column::elastic("Reason").good_to_know().of("failure_reason"),
    ],
};

/// Assets, one line each.
#[must_use]
pub fn rows(assets: &[Record<Asset>]) -> Table {
    let mut table = LIST.table();
    for asset in assets {
        table.row([
            Cell::styled(&asset.id.to_string(), DIM),
            Cell::styled(&asset.name, BOLD),
            Cell::from(&asset.asset_type),
            Cell::from(&asset.asset_serial),
            Cell::from(customer(asset)),
        ]);
    }
    table
}

/// One asset, from its own page.
#[must_use]
pub fn page(asset: &Record<Asset>, look: &Look) -> String {
    let mut sheet = Sheet::new(look);
    sheet.name(&asset.name);
    sheet.said("Type", &asset.asset_type);
    sheet.said("Serial", &asset.asset_serial);
    let name = asset.customer.as_ref().map_or("", |customer| customer.name());
    sheet.customer(name, asset.customer());
    if let Some(id) = asset.contact_id {
        let contacts = asset.customer.iter().flat_map(|one| &one.contacts);
        let known = contacts.into_iter().find(|one| one.id == Some(id));
        let name = known.map_or("", |contact| contact.name.trim());
        sheet.said("Contact", format!("{name} ({id})").trim());
    }
    sheet.said("Link", &asset.external_rmm_link);
    sheet.moment("Created", asset.created_at);
    sheet.moment("Updated", asset.updated_at);
    sheet.field("Id", &asset.id.to_string());
    sheet.properties(&asset.properties, &[]);
    sheet.out()
}

/// The first `shown` of these patches, and how many there are of each status.
#[must_use]
pub fn patches(patches: &[Record<Patch>], shown: usize, look: &Look) -> Rows {
    let mut table = PATCHES.table();
    for patch in patches.iter().take(shown) {
        table.row([
            Cell::styled(status(patch), style(patch)),
            Cell::from(&patch.kb),
            Cell::from(&patch.title),
            Cell::from(&patch.category),
            Cell::from(patch.at().map_or_else(String::new, |at| when::at(at, &look.zone)))
                .valued(patch.at().map(|at| when::for_scripts(at, &look.zone))),
            Cell::from(&patch.failure_reason),
        ]);
    }
    let mut counts: Vec<(String, usize)> = Vec::new();
    for patch in patches {
        let status = sanitise::one_line(status(patch));
        match counts.iter_mut().find(|(known, _)| *known == status) {
            Some((_, count)) => *count += 1,
            None => counts.push((status, 1)),
        }
    }
    let counts: Vec<String> =
        counts.iter().map(|(status, count)| format!("{count} {status}")).collect();
    Rows::from(table).remarking(counts.join(", "))
}

/// `Missing` of "Missing Patches"; the server's own words where they are others.
fn status(patch: &Patch) -> &str {
    let status = patch.status.trim();
    match status.strip_suffix(" Patches").unwrap_or(status) {
        "" => "unknown",
        status => status,
    }
}

fn style(patch: &Patch) -> Style {
    match patch.rank() {
        0 => ATTENTION,
        1 => BAD,
        3 => DIM,
        4 => GOOD,
        _ => Style::new(),
    }
}
