//! Stops where a timer runs that go another way than was previewed: the account charges though it did not say so, or it lacks
//! the newer way.

use serde_json::json;

use super::live::{begun, moved_back, sent};
use super::{id, timer};
use crate::support::{Setup, TILL, TestEnv, ticket_id};

const NEWER: &str = "POST ticket_timers/stop";
const OLDER: &str = "PUT tickets/update_timer_entry";

/// Half an hour of remote labor that runs, where the account says nothing of charges.
fn running(faults: &[&str]) -> TestEnv {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
    let half_an_hour = |env: &TestEnv| {
        begun(env, TILL);
        moved_back(env, 1800);
    };
    TestEnv::prepared(Setup { faults, ..Setup::default() }, half_an_hour).0
}

/// A 404 says that the account lacks it, which is remembered: the older way is taken, and nothing is sent to find out again.
#[test]
fn an_account_without_the_stop_is_stopped_in_the_older_way() {
    let env = running(&["timer-stop@*=404"]);
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(0).says("cannot stop a timer where it runs");
    assert_eq!(ran.json().unwrap()["outcome"], "done", "{ran}");
    assert!(!env.account().timers(TILL)[0]["end_time"].is_null());
    assert_eq!(sent(&env), [NEWER, OLDER]);
    assert!(env.journal().iter().all(|plan| plan.is_closed()));
    for close in [false, true] {
        begun(&env, TILL);
        moved_back_last(&env);
        match close {
            false => timer(&env, "stop", TILL, &[]).ends(0),
            true => env
                .run(&["close", "32181", "--no-comment", "--stop-timer", "--no-log", "--yes"])
                .ends(0),
        };
    }
    assert_eq!(sent(&env), [NEWER, OLDER, OLDER, OLDER, "PUT tickets"]);
}

/// The timer that was begun last, as if that were a minute ago.
fn moved_back_last(env: &TestEnv) {
    let timers = env.account().timers(TILL);
    let last = timers.iter().find(|timer| timer["end_time"].is_null()).unwrap();
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TILL));
    let moved = json!({"timer_entry_id": last["id"], "start_at": super::ago(60)});
    env.account().write("PUT", &path, &moved);
}

/// A length to now would count its pauses.
#[test]
fn the_older_way_counts_no_pauses() {
    let env = running(&["timer-stop@*=404"]);
    let path = format!("/ticket_timers/{}", id(&env, TILL, 0));
    env.account().write("POST", &format!("{path}/pause"), &json!({}));
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(5).says("its pauses would count").says("timer update` --minutes");
    assert_eq!(sent(&env), [NEWER]);
    refused_again(&env);
}

#[track_caller]
fn refused_again(env: &TestEnv) {
    timer(env, "stop", TILL, &[]).ends(5);
    assert_eq!(sent(env), [NEWER]);
}

