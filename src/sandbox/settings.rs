//! The key's owner, the other users, and the account's own lists of words.

use serde_json::{Value, json};

use super::assets;
use super::call::Call;
use super::clock::ZONE;
use super::kind::{Kind, Variant};
use super::reply::Reply;
use super::state::{State, Table};
use super::value::{integer, public, text};

/// The statuses of this account: partly its own words, as on most accounts.
pub(super) const STATUSES: [&str; 11] = [
    "New",
    "In Progress",
    "Waiting on Customer",
    "Waiting on Vendor",
    "Waiting for Parts",
    "Scheduled",
    "Customer Reply",
    "On the Bench",
    "Resolved",
    "Invoiced",
    "Closed",
];

/// The statuses that the filter "Not Closed" leaves out.
pub(super) const CLOSED: [&str; 3] = ["Resolved", "Invoiced", "Closed"];

/// Ticket types by id.
pub(super) const TICKET_TYPES: [(i64, &str); 3] =
    [(20_417, "Support"), (20_418, "Project"), (20_419, "Maintenance")];

/// Appointment types by id.
pub(super) const APPOINTMENT_TYPES: [(i64, &str); 3] =
    [(61_301, "Onsite visit"), (61_302, "Remote session"), (61_303, "Phone call")];

/// `GET /me`.
pub(super) fn me(state: &State, call: &Call) -> Reply {
    let Some(user) = state.get(Table::Users, call.user) else {
        return Reply::not_found();
    };
    let all = json!({"read": true, "write": true, "delete": true});
    Reply::ok(json!({
        "user_token": format!("sandbox-user-token-{}", call.user),
        "user_email": user.get("email"),
        "user_name": user.get("full_name"),
        "user_id": call.user,
        "admin": user.get("admin"),
        "can_use_app": true,
        "two_factor_required": false,
        "subdomain": "sandbox",
        "default_location": null,
        "enable_multi_locations": false,
        "locations_allowed": [],
        "permissions": {
            "asset": all, "customer": all, "ticket": all, "invoice": all, "payment": all,
        },
    }))
}

/// `GET /users`: pairs of id and name, not objects.
pub(super) fn users(state: &State, _: &Call) -> Reply {
    let pairs: Vec<Value> = state
        .all(Table::Users)
        .map(|user| json!([integer(user, "id"), text(user, "full_name")]))
        .collect();
    Reply::ok(json!({ "users": pairs }))
}

/// `GET /users/{id}`.
pub(super) fn user(state: &State, _: &Call, id: i64) -> Reply {
    Reply::wrapped("user", state.get(Table::Users, id).map(public))
}

/// `GET /settings`.
pub(super) fn account(_: &State, call: &Call) -> Reply {
    let (mut currency, mut zone, mut hours) = ("$", ZONE, Vec::new());
    let mut dates = "mm-dd-yy";
    match call.fault {
        Some(Kind::Account(Variant::Currency(other))) => currency = other,
        Some(Kind::Account(Variant::Zone(other))) => zone = other,
        Some(Kind::Account(Variant::Dates(other))) => dates = other,
        Some(Kind::Account(Variant::Hours(until))) => hours = week(until),
        _ => {}
    }
    Reply::ok(json!({
        "customers": {"required_fields": null, "customer_fields": [], "customer_field_answers": []},
        "assets": {"asset_types": types(&assets::TYPES), "asset_type_fields": [], "asset_type_field_answers": []},
        "locale": {
            "iso_code": "en",
            "currency_symbol": currency,
            "date_format": dates,
            "time_format": "hh:mm tt",
            "time_zone": zone,
            "time_offset": "-06:00",
        },
        "ticket": {
            "ticket_types": types(&TICKET_TYPES),
            "ticket_type_fields": [],
            "ticket_type_field_answers": [],
            "problem_types": [
                "Hardware", "Software", "Network", "Email", "Printing", "Backup", "Security", "Other",
            ],
            "priorities": ["", "1 High", "2 Normal", "3 Low", "4 Urgent"],
        },
        "business_hours_enabled": !hours.is_empty(),
        "business_hours": hours,
        "default_holiday_calendar": "USA",
        "msp_addon": null,
    }))
}

/// A week that is worked from Monday to Friday.
fn week(until: &str) -> Vec<Value> {
    let days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
    let day = |day: &&str| {
        let closed = day.starts_with('S');
        json!({"day": day, "start": "08:00", "end": until, "closed": closed})
    };
    days.iter().map(day).collect()
}

/// `GET /tickets/settings`.
pub(super) fn tickets(state: &State, call: &Call) -> Reply {
    let charges = (call.fault == Some(Kind::Charges)).then_some(true);
    let users: Vec<Value> = state
        .all(Table::Users)
        .map(|user| json!({"id": integer(user, "id"), "name": text(user, "full_name")}))
        .collect();
    Reply::ok(json!({
        "ticket_status_list": STATUSES,
        "default_labor_product_id": null,
        "ticket_timer_charge_by_default": charges,
        "saved_searches": [],
        "ticket_types": types(&TICKET_TYPES),
        "ticket_type_fields": [],
        "ticket_type_field_answers": [],
        "appointment_types": types(&APPOINTMENT_TYPES),
        "users": users,
        "dashboard_settings": null,
        "worksheet_templates": [],
        "require_ticket_type": null,
        "require_intake_form_with_ticket": null,
        "require_outtake_form_with_ticket": null,
        "ticket_workflow_default_id": null,
    }))
}

fn types(all: &[(i64, &str)]) -> Vec<Value> {
    all.iter().map(|(id, name)| json!({"id": id, "name": name, "disabled": false})).collect()
}
