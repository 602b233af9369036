//! What stands on another ticket before a guard is met.

use serde_json::json;

use crate::support::{TILL, TestEnv, ticket_id};

const REMOTE: u64 = 17_340_021;

/// A timer of remote labor runs on the till's ticket where the account shows what timers do.
fn live(env: &TestEnv) {
    let body = json!({"ticket_id": ticket_id(TILL), "product_id": REMOTE});
    assert_eq!(env.account().call("POST", "/ticket_timers", Some(&body)).0, 201);
}

/// It has run for half an hour: of a moment nothing would be left to charge.
pub(super) fn live_for_a_while(env: &TestEnv) {
    live(env);
    let id = env.account().timers(TILL)[0]["id"].take();
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TILL));
    let moved = json!({"timer_entry_id": id, "start_at": minutes_ago(30)});
    env.account().write("PUT", &path, &moved);
}

/// The till's timer is paused, and one on another ticket runs.
pub(super) fn paused_and_running(env: &TestEnv) {
    live(env);
    let id = env.account().timers(TILL)[0]["id"].take();
    env.account().write("POST", &format!("/ticket_timers/{id}/pause"), &json!({}));
    env.account().clock(32_179, &json!({"start_at": minutes_ago(5)}));
}

fn minutes_ago(minutes: i64) -> String {
    (jiff::Timestamp::now() - jiff::SignedDuration::from_mins(minutes)).to_string()
}

/// Half an hour of now is charged on another ticket.
fn charged_elsewhere(env: &TestEnv) {
    let time = json!({"start_at": minutes_ago(20), "duration_minutes": 30});
    let entry = env.account().clock(32_179, &time)["id"].take();
    let path = format!("/tickets/{}/charge_timer_entry", ticket_id(32_179));
    env.account().write("POST", &path, &json!({ "timer_entry_id": entry }));
}

pub(super) fn live_and_charged(env: &TestEnv) {
    live_for_a_while(env);
    charged_elsewhere(env);
}

pub(super) fn waits_and_charged(env: &TestEnv) {
    let time = json!({
        "start_at": minutes_ago(30), "duration_minutes": 25, "product_id": REMOTE, "notes": "Spool",
    });
    env.account().clock(TILL, &time);
    charged_elsewhere(env);
}
