//! Who is in the story, and what Lanternfish IT sells.
//!
//! Everybody and everything here is invented; addresses end in `.example`.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::contacts;
use super::super::state::{State, Table};
use super::super::value::{instant, number, record};
use super::{DAY, ago};
use crate::sandbox::{COLLEAGUE, TRAINEE};

/// The owner of the company, who opens the tickets that come in by phone.
pub(super) const PETRA: i64 = 81_190;

pub(super) const QUILLFEATHER: i64 = 31_204_551;
pub(super) const DENTAL: i64 = 31_204_602;
pub(super) const GARDEN: i64 = 31_204_618;
pub(super) const BAKERY: i64 = 31_204_640;
pub(super) const HARROW: i64 = 31_204_655;
pub(super) const MOSSGATE: i64 = 31_204_671;
pub(super) const TIDEWRACK: i64 = 31_204_690;
pub(super) const NORTHLIGHT: i64 = 31_204_713;
pub(super) const OSPREY: i64 = 31_204_731;
pub(super) const ODALYS: i64 = 31_204_748;
const GONE: i64 = 31_204_760;

pub(super) const REMOTE: i64 = 17_340_021;
pub(super) const ONSITE: i64 = 17_340_022;
pub(super) const TRAVEL: i64 = 17_340_025;
pub(super) const SSD: i64 = 17_340_101;
/// The small part that the colleague adds to other people's tickets.
pub(in crate::sandbox) const PATCH_CABLE: i64 = 17_340_102;

/// Returns the id of the customer's contact: each has one, numbered alike.
pub(super) fn contact(customer: i64) -> i64 {
    customer - 23_400_000
}

struct Customer {
    id: i64,
    business: Option<&'static str>,
    first: &'static str,
    last: &'static str,
    email: Option<&'static str>,
    prepaid: Option<&'static str>,
    /// In percent.
    tax: Option<&'static str>,
}

const fn customer(
    id: i64,
    business: Option<&'static str>,
    (first, last): (&'static str, &'static str),
    email: Option<&'static str>,
    prepaid: Option<&'static str>,
    tax: Option<&'static str>,
) -> Customer {
    Customer { id, business, first, last, email, prepaid, tax }
}

const CUSTOMERS: [Customer; 11] = [
    customer(
        QUILLFEATHER,
        Some("Quillfeather Books"),
        ("Imelda", "Quill"),
        Some("imelda@quillfeather.example"),
        Some("0.0"),
        Some("8.25"),
    ),
    customer(
        DENTAL,
        Some("Brindlewood Dental"),
        ("Casper", "Oduya-Lind"),
        Some("casper@brindlewood-dental.example"),
        Some("12.5"),
        None,
    ),
    customer(
        GARDEN,
        Some("Brindlewood Garden Centre"),
        ("Fern", "Applegarth"),
        Some("fern@brindlewood-garden.example"),
        None,
        Some("8.25"),
    ),
    customer(
        BAKERY,
        Some("Copperkettle Bakery"),
        ("Tomasz", "Krawczyk"),
        Some("tomasz@copperkettle.example"),
        Some("0.5"),
        Some("8.25"),
    ),
    customer(
        HARROW,
        Some("Harrow & Finch Accounting"),
        ("Leonie", "Finch"),
        Some("leonie@harrowfinch.example"),
        None,
        Some("8.25"),
    ),
    customer(
        MOSSGATE,
        Some("Mossgate Veterinary"),
        ("Ruaridh", "McMoss"),
        Some("ruaridh@mossgate-vets.example"),
        Some("0.0"),
        Some("6.0"),
    ),
    customer(
        TIDEWRACK,
        Some("Tidewrack Surveyors"),
        ("Solveig", "Haugstad"),
        Some("solveig@tidewrack.example"),
        Some("4.0"),
        None,
    ),
    customer(
        NORTHLIGHT,
        Some("Northlight Architects 北灯建築"),
        ("美咲", "Northlight"),
        Some("misaki@northlight.example"),
        None,
        None,
    ),
    customer(
        OSPREY,
        Some("Osprey Lane Nursery School"),
        ("Dot", "Hollis"),
        None,
        Some("0.0"),
        None,
    ),
    customer(
        ODALYS,
        None,
        ("Odalys", "Brackenreed"),
        Some("odalys@brackenreed.example"),
        None,
        Some("8.25"),
    ),
    customer(GONE, Some("Quillfeather Bindery (closed)"), ("Imelda", "Quill"), None, None, None),
];

/// Id, name, cents, category, taxable, covered by prepaid hours, still sold.
const PRODUCTS: [(i64, &str, i64, &str, bool, bool, bool); 11] = [
    (REMOTE, "Labor - Remote", 12000, "Labor", false, true, true),
    (ONSITE, "Labor - Onsite", 15000, "Labor", false, true, true),
    (17_340_023, "Labor - Emergency", 22500, "Labor", false, false, true),
    (TRAVEL, "Travel - Trip Charge", 4500, "Travel", false, false, true),
    (17_340_026, "Labor - Project", 14000, "Labor", false, false, true),
    (17_340_027, "Labor - Warranty", 0, "Labor", false, false, true),
    (SSD, "SSD 1 TB", 8950, "Parts", true, false, true),
    (PATCH_CABLE, "Patch cable 3 m", 625, "Parts", true, false, true),
    (17_340_103, "Backup, one month", 2900, "Services", false, false, true),
    (17_340_104, "Docking station", 17999, "Parts", true, false, true),
    (17_340_199, "Floppy drive, external", 2400, "Parts", true, false, false),
];

/// Adds users, customers, contacts and products.
pub(super) fn add(state: &mut State) {
    add_users(state);
    for customer in &CUSTOMERS {
        add_customer(state, customer);
    }
    for product in PRODUCTS {
        add_product(state, product);
    }
}

fn add_users(state: &mut State) {
    for (id, name, mail, admin) in [
        (PETRA, "Petra Vanterpool", "petra", true),
        (TRAINEE, "Robin Ashgrove", "robin", false),
        (COLLEAGUE, "Mika Thornquist", "mika", false),
    ] {
        state.put(
            Table::Users,
            record(json!({
                "id": id,
                "email": format!("{mail}@lanternfish.example"),
                "full_name": name,
                "created_at": instant(ago(900 * DAY)),
                "updated_at": instant(ago(30 * DAY)),
                "group": if admin { "Admins" } else { "Technicians" },
                "admin": admin,
                "color": "2f6f73",
            })),
        );
    }
}

fn add_customer(state: &mut State, customer: &Customer) {
    let id = customer.id;
    let full = format!("{} {}", customer.first, customer.last);
    let name = customer.business.unwrap_or(&full);
    let both = match customer.business {
        Some(business) => format!("{business} - {full}"),
        None => full.clone(),
    };
    let phone = format!("555-01{:02}", id % 100);
    state.put(
        Table::Customers,
        record(json!({
            "id": id,
            "firstname": customer.first,
            "lastname": customer.last,
            "fullname": full,
            "business_name": customer.business,
            "email": customer.email,
            "phone": phone,
            "mobile": null,
            "created_at": instant(ago(700 * DAY)),
            "updated_at": instant(ago(20 * DAY)),
            "pdf_url": null,
            "address": "12 Lantern Street",
            "address_2": null,
            "city": "Larkham",
            "state": "IL",
            "zip": "60000",
            "latitude": null,
            "longitude": null,
            "notes": null,
            "get_sms": false,
            "opt_out": false,
            "disabled": id == GONE,
            "no_email": customer.email.is_none(),
            "location_name": null,
            "location_id": null,
            "properties": {},
            "online_profile_url":
                format!("https://sandbox.example/my_profile/v2/index?portal_key=not-a-secret-{id}"),
            "tax_rate_id": customer.tax.map(|_| 4_411),
            "notification_email": null,
            "invoice_cc_emails": null,
            "invoice_term_id": null,
            "referred_by": null,
            "ref_customer_id": null,
            "business_and_full_name": both,
            "business_then_name": name,
            "prepay_hours": customer.prepaid,
            "_tax_percent": customer.tax,
        })),
    );
    if customer.business.is_none() || id == GONE {
        return;
    }
    let mut person = contacts::fresh();
    person.extend(record(json!({
        "id": contact(id),
        "name": full,
        "customer_id": id,
        "email": customer.email,
        "phone": phone,
        "properties": {"title": "Office manager"},
        "created_at": instant(ago(700 * DAY)),
        "updated_at": instant(ago(20 * DAY)),
    })));
    state.put(Table::Contacts, person);
}

fn add_product(
    state: &mut State,
    (id, name, cents, category, taxable, prepaid, sold): (i64, &str, i64, &str, bool, bool, bool),
) {
    let none: Option<Value> = None;
    state.put(
        Table::Products,
        record(json!({
            "id": id,
            "price_cost": number(Decimal::ZERO),
            "price_retail": number(Decimal::new(cents, 2)),
            "condition": none,
            "description": name,
            "maintain_stock": false,
            "name": name,
            "quantity": 0,
            "warranty": none,
            "sort_order": none,
            "reorder_at": none,
            "disabled": !sold,
            "taxable": taxable,
            "product_category": category,
            "category_path": category,
            "upc_code": none,
            "discount_percent": none,
            "warranty_template_id": none,
            "qb_item_id": none,
            "desired_stock_level": none,
            "price_wholesale": 0,
            "notes": none,
            "tax_rate_id": none,
            "physical_location": none,
            "serialized": false,
            "vendor_ids": [],
            "product_skus": [],
            "long_description": none,
            "location_quantities": [],
            "photos": [],
            "_prepaid": prepaid,
        })),
    );
}
