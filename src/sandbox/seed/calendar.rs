//! The calendar around the day on which the account begins, in the company's own time zone.
//!
//! Everything else on the first day has fixed dates; these appointments are always a few days away, so that there is
//! something to move.

use jiff::civil::time;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde_json::json;

use super::super::clock;
use super::super::state::{State, Table};
use super::super::value::{instant, record, text};
use super::people::{
    BAKERY, DENTAL, GARDEN, HARROW, MOSSGATE, NORTHLIGHT, ODALYS, OSPREY, QUILLFEATHER, TIDEWRACK,
};
use super::ticket_id;
use crate::sandbox::{COLLEAGUE, TRAINEE};

const ONSITE_VISIT: i64 = 61_301;
const REMOTE_SESSION: i64 = 61_302;
const PHONE_CALL: i64 = 61_303;

struct Visit {
    /// Days from today.
    day: i64,
    at: (i8, i8),
    minutes: i64,
    customer: Option<i64>,
    ticket: Option<i64>,
    owner: Option<i64>,
    others: &'static [i64],
    kind: i64,
    summary: &'static str,
}

const fn visit(
    day: i64,
    at: (i8, i8),
    minutes: i64,
    customer: i64,
    kind: i64,
    summary: &'static str,
) -> Visit {
    Visit {
        day,
        at,
        minutes,
        customer: Some(customer),
        ticket: None,
        owner: Some(TRAINEE),
        others: &[],
        kind,
        summary,
    }
}

/// The first two overlap in Robin's calendar; those of the fourth day are of two people.
fn visits() -> [Visit; 15] {
    [
        Visit {
            ticket: Some(32_162),
            ..visit(-1, (15, 0), 60, NORTHLIGHT, ONSITE_VISIT, "Plotter queue")
        },
        Visit {
            owner: Some(COLLEAGUE),
            ..visit(-3, (9, 0), 60, ODALYS, REMOTE_SESSION, "Slow laptop")
        },
        Visit {
            ticket: Some(32_165),
            ..visit(1, (9, 0), 60, HARROW, ONSITE_VISIT, "New starter: account and laptop")
        },
        visit(1, (9, 30), 90, QUILLFEATHER, REMOTE_SESSION, "Stock list on the second till"),
        Visit {
            ticket: Some(32_166),
            owner: Some(COLLEAGUE),
            others: &[TRAINEE],
            ..visit(2, (14, 0), 60, OSPREY, ONSITE_VISIT, "Tablets: updates at night")
        },
        visit(3, (10, 0), 45, DENTAL, PHONE_CALL, "Backup review"),
        Visit {
            owner: Some(COLLEAGUE),
            ..visit(3, (10, 15), 30, TIDEWRACK, PHONE_CALL, "Licence server")
        },
        // Nobody's customer.
        Visit { customer: None, ..visit(4, (8, 0), 30, 0, PHONE_CALL, "Weekly round") },
        // Nobody's calendar.
        Visit {
            owner: None,
            ..visit(5, (16, 0), 60, BAKERY, ONSITE_VISIT, "Collect the old tablet")
        },
        visit(6, (8, 30), 120, BAKERY, ONSITE_VISIT, "Oven controller update"),
        Visit {
            ticket: Some(32_159),
            owner: Some(COLLEAGUE),
            ..visit(8, (13, 0), 60, DENTAL, ONSITE_VISIT, "New backup disk")
        },
        // A whole day.
        visit(10, (0, 0), 24 * 60, GARDEN, ONSITE_VISIT, "Greenhouse wiring"),
        visit(13, (11, 0), 60, MOSSGATE, REMOTE_SESSION, "Scanner folders"),
        // Further away than most look.
        visit(20, (10, 0), 60, QUILLFEATHER, ONSITE_VISIT, "Yearly stocktake"),
        visit(27, (9, 0), 60, TIDEWRACK, ONSITE_VISIT, "Server room, quarterly"),
    ]
}

/// Adds the appointments around `now`.
pub(super) fn add(state: &mut State, now: Timestamp) {
    for visit in visits() {
        add_visit(state, now, &visit);
    }
}

fn add_visit(state: &mut State, now: Timestamp, visit: &Visit) {
    let (hour, minute) = visit.at;
    let zone = clock::zone();
    let start = now
        .to_zoned(zone.clone())
        .date()
        .checked_add(visit.day.days())
        .ok()
        .and_then(|day| day.to_datetime(time(hour, minute, 0, 0)).to_zoned(zone).ok())
        .map(|start| start.timestamp());
    let whole_day = visit.minutes == 24 * 60;
    let end =
        start.and_then(|start| start.checked_add(SignedDuration::from_mins(visit.minutes)).ok());
    let customer = visit.customer.and_then(|id| state.get(Table::Customers, id));
    let named = customer.map(|customer| text(customer, "business_then_name"));
    let description = named.map_or_else(String::new, |name| format!("Customer: {name}"));
    let location = match visit.kind {
        ONSITE_VISIT => "At the customer",
        REMOTE_SESSION => "Remote",
        _ => "By phone",
    };
    let appointment = record(json!({
        "summary": visit.summary,
        "description": description,
        "customer_id": visit.customer,
        "start_at": start.map(instant),
        "end_at": end.map(instant),
        "location": location,
        "ticket_id": visit.ticket.map(ticket_id),
        "appointment_location_type": null,
        "appointment_type_id": visit.kind,
        "user_id": visit.owner,
        "user_ids": visit.others,
        "all_day": whole_day,
        "do_not_email": "1",
    }));
    let booked = now.checked_sub(SignedDuration::from_hours(5 * 24)).unwrap_or(now);
    state.add(Table::Appointments, booked, appointment);
}
