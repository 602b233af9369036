//! Actions of the colleague at the worst moment: the faults `then-colleague`.
//!
//! Each is done through the same code as a request, in the colleague's name.

use jiff::SignedDuration;
use serde_json::json;

use super::account::COLLEAGUE;
use super::appointment_writes::span;
use super::call::Call;
use super::invoicing::Prices;
use super::kind::ColleagueAction;
use super::state::{State, Table};
use super::value::{Record, instant, integer, record, text};
use super::{
    appointment_writes, appointments, comments, invoices, lines, routes, ticket_writes, timers,
};

/// Does what the request asks for, a moment before it. A stolen invoice is left to `invoices.rs`.
pub(super) fn steal(state: &mut State, call: &Call) {
    if routes::name(call) != "invoice-create" {
        routes::handle(state, &as_colleague(call, call.body.clone()));
    }
}

fn as_colleague(call: &Call, body: Record) -> Call {
    Call { user: COLLEAGUE, body, fault: None, ..call.clone() }
}

/// Does the action on the ticket, on the heels of the given request.
///
/// `appointment` is the one that the request was answered with, if it was one.
pub(super) fn act(
    state: &mut State,
    request: &Call,
    ticket: i64,
    appointment: Option<i64>,
    action: ColleagueAction,
) {
    let call = as_colleague(request, Record::new());
    let last = |table: Table| state.belonging(table, "ticket_id", ticket).next_back().cloned();
    match action {
        ColleagueAction::Comment => {
            let last = last(Table::Comments).unwrap_or_default();
            let fields = record(json!({
                "subject": text(&last, "subject"),
                "body": text(&last, "body"),
                "tech": call.user_name(state),
                "hidden": last.get("hidden"),
                "user_id": COLLEAGUE,
                "_do_not_email": true,
            }));
            comments::write(state, &call, ticket, fields);
        }
        ColleagueAction::SameLine => {
            let Some(mut line) = last(Table::Lines) else {
                return;
            };
            for own in ["id", "created_at", "updated_at", "position", "ticket_id", "converted"] {
                line.remove(own);
            }
            line.extend(record(json!({"user_id": COLLEAGUE})));
            lines::write(state, &call, ticket, line);
        }
        ColleagueAction::Line => {
            let body = record(json!({
                "name": "Patch cable 3 m",
                "description": "Patch cable, left at the front desk",
                "product_id": super::seed::PATCH_CABLE,
                "quantity": "1",
                "price_retail": "6.25",
            }));
            lines::add(state, &Call { body, ..call }, ticket);
        }
        ColleagueAction::Invoice => {
            let customer =
                state.get(Table::Tickets, ticket).and_then(|found| integer(found, "customer_id"));
            if let Some(customer) = customer {
                invoices::write(state, &call, customer, Some(ticket), COLLEAGUE, Prices::Kept);
            }
        }
        ColleagueAction::Status => {
            let now = state.get(Table::Tickets, ticket).map_or("", |ticket| text(ticket, "status"));
            let other =
                if now == "Waiting on Customer" { "On the Bench" } else { "Waiting on Customer" };
            ticket_writes::set_status(state, &call, ticket, record(json!({"status": other})));
        }
        ColleagueAction::Timer => {
            let fields = record(json!({
                "user_id": COLLEAGUE,
                "start_time": instant(call.now),
                "notes": "On the phone with them",
            }));
            timers::write(state, &call, ticket, fields);
        }
        ColleagueAction::Time => {
            let body = record(json!({
                "start_at": instant(call.now),
                "duration_minutes": 20,
                "notes": "Called them back",
                "product_id": super::seed::REMOTE,
            }));
            timers::start(state, &Call { body, ..call }, ticket);
        }
        ColleagueAction::Ticket => open_ticket(state, request, ticket, " again"),
        ColleagueAction::SameTicket => open_ticket(state, request, ticket, ""),
        ColleagueAction::Appointment => overlap(state, request, appointment),
        ColleagueAction::SameAppointment => book_again(state, request, appointment),
        ColleagueAction::Move => move_on(state, request, appointment),
    }
}

/// Returns the ticket that the request is about, where it says so.
pub(super) fn ticket_of(state: &State, call: &Call) -> Option<i64> {
    let owner = |table: Table, id: &str| integer(state.get(table, id.parse().ok()?)?, "ticket_id");
    let named = match call.segments().as_slice() {
        ["tickets"] => {
            let number = call.asked_id("number")?;
            let found = state
                .all(Table::Tickets)
                .find(|ticket| integer(ticket, "number") == Some(number))?;
            integer(found, "id")
        }
        ["tickets", id, ..] => id.parse().ok(),
        ["invoices"] => integer(&call.body, "ticket_id").or_else(|| call.asked_id("ticket_id")),
        ["invoices", id] => integer(invoices::find(state, id)?, "ticket_id"),
        ["ticket_timers", id] => owner(Table::Timers, id),
        ["appointments"] => integer(&call.body, "ticket_id"),
        ["appointments", id] => owner(Table::Appointments, id),
        _ => None,
    }?;
    state.get(Table::Tickets, named).map(|_| named)
}

/// Returns the appointment that the request is about: the one it was answered with, or the next one of a list.
fn meant(state: &State, request: &Call, answered: Option<i64>) -> Option<Record> {
    let named = answered.or_else(|| match request.path.as_slice() {
        [noun, id] if noun == "appointments" => id.parse().ok(),
        _ => None,
    });
    if let Some(id) = named {
        return state.get(Table::Appointments, id).cloned();
    }
    let to_come = |appointment: &&Record| {
        let own = integer(appointment, "user_id") == Some(request.user);
        own && span(appointment).is_some_and(|(start, _)| start > request.now)
    };
    let found = appointments::found(state, request);
    found.into_iter().find(to_come).cloned()
}

/// Books whoever makes the request for something else, from the middle of it on.
fn overlap(state: &mut State, request: &Call, answered: Option<i64>) {
    let Some(meant) = meant(state, request, answered) else {
        return;
    };
    let Some((start, end)) = span(&meant) else {
        return;
    };
    let middle = start.checked_add(end.duration_since(start) / 2);
    let body = record(json!({
        "summary": "Server room walk-through",
        "start_at": middle.ok().map(instant),
        "end_at": instant(end),
        "user_id": request.user,
        "do_not_email": true,
    }));
    appointment_writes::create(state, &as_colleague(request, body));
}

/// Makes the same appointment, but goes there in person.
fn book_again(state: &mut State, request: &Call, answered: Option<i64>) {
    let Some(mut body) = meant(state, request, answered) else {
        return;
    };
    body.remove("id");
    body.extend(record(json!({"user_id": COLLEAGUE, "do_not_email": true})));
    appointment_writes::create(state, &as_colleague(request, body));
}

/// Moves the appointment to an hour later.
fn move_on(state: &mut State, request: &Call, answered: Option<i64>) {
    let Some(meant) = meant(state, request, answered) else {
        return;
    };
    let (Some(id), Some((start, end))) = (integer(&meant, "id"), span(&meant)) else {
        return;
    };
    let hour = SignedDuration::from_hours(1);
    let body = record(json!({
        "start_at": start.checked_add(hour).ok().map(instant),
        "end_at": end.checked_add(hour).ok().map(instant),
        "all_day": meant.get("all_day"),
    }));
    appointment_writes::update(state, &as_colleague(request, body), id);
}

/// Opens a ticket like the one that the request makes or is about.
fn open_ticket(state: &mut State, request: &Call, ticket: i64, more: &str) {
    let asked = integer(&request.body, "customer_id").or_else(|| request.asked_id("customer_id"));
    let model = state
        .get(Table::Tickets, ticket)
        .filter(|model| asked.is_none() || integer(model, "customer_id") == asked)
        .cloned()
        .unwrap_or_default();
    let customer = asked.or_else(|| integer(&model, "customer_id"));
    let subject = match routes::name(request) {
        "ticket-create" => text(&request.body, "subject"),
        _ => text(&model, "subject"),
    };
    let body = record(json!({
        "customer_id": customer,
        "subject": format!("{subject}{more}"),
        "user_id": COLLEAGUE,
    }));
    ticket_writes::create(state, &as_colleague(request, body));
}
