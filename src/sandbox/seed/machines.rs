//! Customers' machines, and more of what Lanternfish IT keeps in stock, with codes to scan.

use rust_decimal::Decimal;
use serde_json::json;

use super::super::state::{State, Table};
use super::super::value::{instant, number, record};
use super::super::{assets, products};
use super::clients::{KESTREL, LARKSPUR, SALTMARSH};
use super::people::{BAKERY, DENTAL, GARDEN, HARROW, NORTHLIGHT, QUILLFEATHER, TIDEWRACK, contact};
use super::{DAY, ago};

/// Name, customer (0 for nobody), type, serial number, patches installed and available.
type Machine = (&'static str, i64, &'static str, &'static str, i64, i64);

#[rustfmt::skip]
const MACHINES: [Machine; 28] = [
    ("TILL-2", QUILLFEATHER, "Desktop", "LF-000118", 3, 0),
    ("STOCKROOM", QUILLFEATHER, "Laptop", "LF-000121", 5, 2),
    ("CHAIR-1", DENTAL, "Desktop", "LF-000201", 6, 4),
    ("CHAIR-2", DENTAL, "Desktop", "LF-000202", 6, 4),
    ("CHAIR-2-XRAY", DENTAL, "Desktop", "LF-000203", 2, 54),
    ("FRONT-DESK", DENTAL, "Laptop", "LF-000204", 4, 1),
    ("PRINTER-DESK", DENTAL, "Printer", "MFP-77120", 0, 0),
    ("TILL-GARDEN", GARDEN, "Desktop", "LF-000301", 1, 9),
    ("ORDERS", BAKERY, "Tablet", "TB-4410", 0, 0),
    ("ARCHIVE-PC", HARROW, "Desktop", "LF-000401", 0, 12),
    ("SRV-01", HARROW, "Server", "SV-0090", 9, 3),
    ("SRV-01", NORTHLIGHT, "Server", "SV-0107", 9, 0),
    ("PLANS-北灯", NORTHLIGHT, "Desktop", "LF-000509", 2, 2),
    ("SURVEY-1", TIDEWRACK, "Laptop", "LF-000601", 2, 6),
    ("SURVEY-2", TIDEWRACK, "Laptop", "LF-000602", 2, 6),
    ("FIELD-TABLET", TIDEWRACK, "Tablet", "TB-4502", 0, 0),
    ("COUNTER", SALTMARSH, "Desktop", "LF-000701", 3, 3),
    ("LABELS", SALTMARSH, "Printer", "MFP-77300", 0, 0),
    ("COLD-ROOM", SALTMARSH, "Network Device", "NW-2001", 0, 0),
    ("KETTLE", LARKSPUR, "Desktop", "LF-000801", 1, 1),
    ("CELLAR-CAM", LARKSPUR, "Network Device", "NW-2010", 0, 0),
    ("TAP-LIST", LARKSPUR, "Tablet", "TB-4600", 0, 0),
    ("CASE-FILES", KESTREL, "Server", "SV-0200", 4, 8),
    ("NOTARY", KESTREL, "Laptop", "LF-000901", 2, 1),
    ("SWITCH", KESTREL, "Network Device", "NW-2044", 0, 0),
    ("SPARE-1", 0, "Laptop", "LF-000990", 0, 0),
    ("SPARE-2", 0, "Laptop", "", 0, 0),
    ("LOAN \u{1b}[7mPC\u{1b}[0m", 0, "Desktop", "LF-000992", 0, 0),
];

/// Name, description, cents, what it cost, how many there are, code, SKU.
type Stock = (&'static str, &'static str, i64, i64, i64, &'static str, &'static str);

#[rustfmt::skip]
const STOCK: [Stock; 5] = [
    ("Monitor 24 in", "Monitor, 24 inches, with stand", 18900, 12150, 4, "0761100000247", "MON-24"),
    ("Monitor 27 in", "Monitor, 27 inches, with stand", 25900, 17425, 2, "0761100000278", "MON-27"),
    ("Keyboard", "Keyboard, wired", 2450, 1105, 12, "0761100000315", "KB-1"),
    ("Keyboard, compact", "Keyboard without a number pad", 3150, 1560, 6, "0761100000322", "KB-2"),
    ("Battery, 12 V", "Battery for a small power supply", 4495, 2580, 0, "0761100000414", "BAT-12"),
];

/// Adds machines and stock.
pub(super) fn add(state: &mut State) {
    for (place, machine) in (0_i64..).zip(MACHINES) {
        add_machine(state, place, machine);
    }
    for (place, stock) in (0_i64..).zip(STOCK) {
        add_stock(state, 17_340_105 + place, stock);
    }
}

fn add_machine(
    state: &mut State,
    place: i64,
    (name, owner, kind, serial, installed, open): Machine,
) {
    let made = instant(ago((400 - place) * DAY));
    let mut machine = record(json!({
        "id": 12_390_017 + place * 31, "created_at": made, "updated_at": made,
    }));
    machine.extend(assets::fresh());
    machine.extend(record(json!({
        "name": name,
        "customer_id": (owner != 0).then_some(owner),
        "contact_id": (owner != 0 && place % 5 == 2).then(|| contact(owner)),
        "asset_type": kind,
        "asset_serial": (!serial.is_empty()).then_some(serial),
        "properties": match kind {
            "Server" => json!({"Rack": "1", "Backup": "nightly"}),
            "Laptop" => json!({"Bag": "yes"}),
            _ => json!({}),
        },
        "snmp_enabled": (kind == "Network Device").then_some(true),
        "_patches_installed": installed,
        "_patches_available": open,
    })));
    if owner == SALTMARSH {
        machine.extend(record(json!({"address": elsewhere(owner)})));
    }
    state.put(Table::Assets, machine);
}

/// The one address that is not the customer's own; no call lists such addresses.
fn elsewhere(customer: i64) -> serde_json::Value {
    let made = instant(ago(400 * DAY));
    json!({
        "id": 902_114,
        "name": "Dispensary",
        "customer_id": customer,
        "address_type_id": 2,
        "address1": "3 Quay Stairs",
        "address2": null,
        "city": "Upper Larkham",
        "state": "IL",
        "zip": "60000",
        "latitude": null,
        "longitude": null,
        "created_at": made,
        "updated_at": made,
        "account_id": crate::sandbox::ACCOUNT,
    })
}

fn add_stock(
    state: &mut State,
    id: i64,
    (name, description, cents, cost, quantity, code, sku): Stock,
) {
    let mut product = record(json!({ "id": id }));
    product.extend(products::fresh());
    product.extend(record(json!({
        "name": name,
        "description": description,
        "price_retail": number(Decimal::new(cents, 2)),
        "price_cost": number(Decimal::new(cost, 2)),
        "quantity": quantity,
        "maintain_stock": true,
        "product_category": "Parts",
        "category_path": "Parts",
        "upc_code": code,
        "product_skus": [{"id": id - 17_000_000, "vendor_name": "Halyard Wholesale", "sku": sku}],
    })));
    state.put(Table::Products, product);
}
