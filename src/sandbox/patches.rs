//! Patches that a machine's operating system has installed or could install; read only.
//!
//! The state knows how many of each there are; the patches themselves are told from their places.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::call::Call;
use super::listing::page;
use super::reply::Reply;
use super::state::{State, Table};
use super::value::{integer, truth};

/// `GET /customer_assets/{id}/patches`: only those that are available have pages.
pub(super) fn list(state: &State, call: &Call, id: i64) -> Reply {
    let Some(asset) = state.get(Table::Assets, id) else {
        return Reply::json(404, json!({"error": "There is no such asset"}));
    };
    // One that is not monitored has no lists at all.
    if truth(asset, "_patches_unknown") == Some(true) {
        return Reply::ok(json!({}));
    }
    let count = |field: &str| integer(asset, field).unwrap_or(0);
    let day = |days: i64| state.first_day.saturating_add(days.days());
    let installed: Vec<Value> = (0..count("_patches_installed"))
        .map(|place| installed(place, day(place % 14 - 16)))
        .collect();
    let available = (0..count("_patches_available")).map(|place| available(place, day)).collect();
    let (available, meta) = page(call, available, call.list_page * 2);
    Reply::ok(json!({
        "installed_patches": installed,
        "available_patches": available,
        "available_patches_meta": meta,
    }))
}

/// Drivers have no number, and some of what is installed has no category.
fn installed(place: i64, day: Date) -> Value {
    let driver = place % 3 == 2;
    json!({
        "kb": (!driver).then(|| format!("KB50{:05}", 11_207 + place * 13)),
        "title": if driver {
            "Driver for the display adapter".to_owned()
        } else {
            format!("Cumulative update, round {}", place + 1)
        },
        "category": (!driver).then_some("Security Updates"),
        "status": "Recently Installed",
        "installed_at": format!("{day}T03:10:00.000Z"),
    })
}

fn available(place: i64, day: impl Fn(i64) -> Date) -> Value {
    let mut patch = json!({
        "kb": format!("KB50{:05}", 40_118 + place * 13),
        "title": format!("Update for the office programs, part {}", place + 1),
        "category": match place % 4 {
            0 => "Critical Updates",
            2 => "Security Updates",
            _ => "Updates",
        },
    });
    let (status, at, when) = match place % 4 {
        1 => ("Failed Patches", "attempted_installation", format!("{}T02:40:00.000Z", day(-5))),
        3 => ("Rejected Patches", "rejected_at", format!("{}T15:05:00.000Z", day(-7))),
        _ => ("Missing Patches", "evaluated_at", format!("{}T06:00:00.000Z", day(-1))),
    };
    patch["status"] = json!(status);
    patch[at] = json!(when);
    if status == "Failed Patches" {
        patch["failure_reason"] = json!("The disk was full");
    }
    patch
}
