//! What has happened before a write against which a guard stands.

use serde_json::json;

use super::elsewhere::live_for_a_while;
use crate::support::{TILL, TestEnv, ticket_id};

/// The invoice of $0.00 is not published yet.
pub(super) fn free_draft(env: &TestEnv) {
    env.account().write("POST", "/invoices/1652300002/convert_to_draft", &json!({}));
}

/// An invoice that can be emailed is a draft again.
pub(super) fn drafted(env: &TestEnv) {
    let id = env.account().get("/invoices/67409")["invoice"]["id"].take();
    env.account().write("POST", &format!("/invoices/{id}/convert_to_draft"), &json!({}));
}

pub(super) fn converted(env: &TestEnv) {
    env.account().write("POST", "/estimates/9120011/convert_to_invoice", &json!({}));
}

pub(super) const fn nothing(_: &TestEnv) {}

pub(super) fn waits(env: &TestEnv) {
    env.account().line(TILL, "0.5", "120", "Anything");
}

pub(super) fn free(env: &TestEnv) {
    env.account().line(TILL, "1", "0", "Left by somebody");
}

pub(super) fn dear(env: &TestEnv) {
    env.account().line(TILL, "1", "4000", "A server");
    env.account().line(TILL, "1", "1001", "Its disks");
}

pub(super) fn onsite(env: &TestEnv) {
    let path = format!("/tickets/{}/add_line_item", ticket_id(TILL));
    let line = json!({
        "product_id": 17_340_022, "name": "Labor - Onsite", "description": "At the shop",
        "quantity": "1", "price_retail": "150", "taxable": false,
    });
    env.account().write("POST", &path, &line);
}

pub(super) fn invoiced(env: &TestEnv) {
    waits(env);
    env.account().invoice(TILL);
    env.account().line(TILL, "0.25", "120", "Again");
}

pub(super) fn open_and_running(env: &TestEnv) {
    waits(env);
    env.account().timer(TILL);
}

pub(super) fn open_and_stopped(env: &TestEnv) {
    waits(env);
    entered(env);
}

pub(super) fn unbillable(env: &TestEnv) {
    env.account().write("PATCH", "/ticket_timers/48700003?billable=false", &json!({}));
}

pub(super) fn said(env: &TestEnv) {
    env.account().comment(TILL, "Another headline", "Copied");
}

/// The ticket has kept the contact of the customer before.
pub(super) fn moved(env: &TestEnv) {
    let path = format!("/tickets/{}", ticket_id(TILL));
    env.account().write("PUT", &path, &json!({"customer_id": 31_204_602}));
}

/// The contact of the vets' invoice is another customer's.
pub(super) fn anothers(env: &TestEnv) {
    env.account().write("PUT", "/invoices/1652300000", &json!({"contact_id": 7_804_602}));
}

/// The till's contact wants no email.
pub(super) fn opted_out(env: &TestEnv) {
    let contact = json!({"name": "Imelda Quill", "opt_out": true});
    env.account().write("PUT", "/contacts/7804551", &contact);
}

/// The till's customer gets no email.
pub(super) fn silent(env: &TestEnv) {
    env.account().write("PUT", "/customers/31204551", &json!({"no_email": true}));
}

/// A timer that sells nothing, begun where the account shows what timers do.
pub(super) fn live(env: &TestEnv) {
    let body = json!({"ticket_id": ticket_id(TILL)});
    assert_eq!(env.account().call("POST", "/ticket_timers", Some(&body)).0, 201);
}

pub(super) fn live_and_unsold(env: &TestEnv) {
    unsold(env);
    live_for_a_while(env);
}

pub(super) fn silent_and_billed(env: &TestEnv) {
    waits(env);
    env.account().invoice(TILL);
    silent(env);
}

/// The till's customer is none any more.
pub(super) fn left(env: &TestEnv) {
    env.account().write("PUT", "/customers/31204551", &json!({"disabled": true}));
}

pub(super) fn visited_and_left(env: &TestEnv) {
    super::appointments::visit(env);
    left(env);
}

pub(super) fn left_behind(env: &TestEnv) {
    waits(env);
    left(env);
}

pub(super) fn billed_and_left(env: &TestEnv) {
    waits(env);
    env.account().invoice(TILL);
    left(env);
}

/// Another customer is none any more.
pub(super) fn other_left(env: &TestEnv) {
    env.account().write("PUT", "/customers/31204602", &json!({"disabled": true}));
}

/// Remote labor is no longer sold.
pub(super) fn unsold(env: &TestEnv) {
    let product = json!({"disabled": true, "taxable": false});
    env.account().write("PUT", "/products/17340021", &product);
}

/// A line of it waits.
pub(super) fn waits_and_unsold(env: &TestEnv) {
    let path = format!("/tickets/{}/add_line_item", ticket_id(TILL));
    let line = json!({
        "product_id": 17_340_021, "name": "Labor - Remote", "description": "Port",
        "quantity": "0.5", "price_retail": "120", "taxable": false,
    });
    env.account().write("POST", &path, &line);
    unsold(env);
}

pub(super) fn no_longer_sold(env: &TestEnv) {
    entered(env);
    unsold(env);
}

/// Time on the till's ticket.
fn clock(env: &TestEnv, start: &str, minutes: u64, product: u64, notes: &str) {
    let mut time = json!({"start_at": start, "duration_minutes": minutes, "notes": notes});
    time["product_id"] = json!(product);
    env.account().clock(TILL, &time);
}

pub(super) fn entered(env: &TestEnv) {
    clock(env, "2026-03-17T14:00:00Z", 30, 17_340_021, "Spool");
}

/// Another half hour later on that day.
pub(super) fn entered_twice(env: &TestEnv) {
    entered(env);
    clock(env, "2026-03-17T18:00:00Z", 30, 17_340_021, "Spool");
}

pub(super) fn charged(env: &TestEnv) {
    entered(env);
    charge(env);
}

/// An hour of today is charged, as it is where a stop charges.
pub(super) fn charged_today(env: &TestEnv) {
    env.account().today(TILL, 60);
    charge(env);
}

pub(super) fn charge(env: &TestEnv) {
    let entry = env.account().timers(TILL)[0]["id"].clone();
    let path = format!("/tickets/{}/charge_timer_entry", ticket_id(TILL));
    env.account().write("POST", &path, &json!({ "timer_entry_id": entry }));
}

pub(super) fn long(env: &TestEnv) {
    clock(env, "2026-03-17T02:00:00Z", 13 * 60, 17_340_021, "Spool");
}

pub(super) fn secret(env: &TestEnv) {
    clock(env, "2026-03-17T02:00:00Z", 5, 17_340_021, "password: hunter-two");
}

pub(super) fn both(env: &TestEnv) {
    clock(env, "2026-03-17T02:00:00Z", 30, 17_340_023, "Night");
    clock(env, "2026-03-17T05:00:00Z", 30, 17_340_022, "Morning");
}

pub(super) fn charged_before(env: &TestEnv) {
    waits(env);
    entered(env);
}

pub(super) fn unpriced(env: &TestEnv) {
    clock(env, "2026-03-17T02:00:00Z", 5, 17_340_027, "Spool");
}

pub(super) fn running(env: &TestEnv) {
    let start = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(5);
    env.account().clock(TILL, &json!({"start_at": start.to_string(), "notes": "On the phone"}));
}
