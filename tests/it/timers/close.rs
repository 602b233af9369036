//! A ticket that is closed while time still runs or waits on it.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{Setup, TILL, TestEnv};

/// A timer of the key's owner runs on the till's ticket for five minutes.
fn running() -> TestEnv {
    let start = |env: &TestEnv| {
        let start = Timestamp::now() - SignedDuration::from_mins(5);
        env.account().clock(TILL, &json!({"start_at": start.to_string(), "notes": "On the phone"}));
    };
    TestEnv::prepared(Setup::default(), start).0
}

fn is_stopped(env: &TestEnv) -> bool {
    let timers = env.account().timers(TILL);
    timers.iter().all(|timer| timer["end_time"] != Value::Null)
}

fn paths(env: &TestEnv) -> Vec<String> {
    let ends = |line: crate::support::Line| line.path.rsplit('/').next().unwrap().to_owned();
    env.writes().into_iter().map(ends).collect()
}

#[test]
fn its_timer_is_stopped_in_the_same_plan() {
    let env = running();
    let close = ["close", "32181", "-m", "Prints again", "--stop-timer", "--yes"];
    let ran = env.run(&close);
    ran.ends(0);
    assert!(ran.stdout.contains("Next: syncro bill 32181 --from-timers"), "{ran}");
    assert!(is_stopped(&env));
    let ticket = crate::support::ticket_id(TILL).to_string();
    assert_eq!(paths(&env), ["update_timer_entry", "comment", &ticket]);
    assert_eq!(env.state(TILL).status(), "Resolved");
    env.run(&close).ends(5).says("you have no running timer on ticket #32181");

    // One that is closed already keeps its status, and its timer stops all the same.
    let env = running();
    env.run(&["update", "32181", "Resolved", "--yes"]).ends(0);
    let ran = env.run(&["close", "32181", "--no-comment", "--no-log", "--stop-timer", "--yes"]);
    ran.ends(0);
    assert!(is_stopped(&env), "{ran}");
    assert_eq!(paths(&env), [ticket.as_str(), "update_timer_entry"]);
}

/// A script that does not say so is told, as before; the booleans of the ticket are sent along all the same.
#[test]
fn a_script_is_told_of_it() {
    let env = running();
    let json = env.run(&["close", "32181", "--no-comment", "--yes", "--json"]).ends(0).json();
    assert!(json.unwrap()["warnings"].to_string().contains("timer stop 32181"));
    assert!(!is_stopped(&env));

    let other = running();
    other.run(&["close", "32181", "--no-comment", "--stop-timer", "--yes"]).ends(0);
    let sent = |env: &TestEnv| env.writes().last().unwrap().body.clone();
    assert_eq!(sent(&env), sent(&other));
}

#[cfg(unix)]
#[test]
fn a_person_is_asked() {
    for (typed, stops) in [("y", true), ("n", false)] {
        let env = running();
        let mut terminal = env.terminal(&["close", "32181", "--no-comment", "--no-log"]);
        terminal.answer("Stop it, too? [y/N]", typed);
        terminal.answer("[y/N/p", "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert_eq!(is_stopped(&env), stops, "{typed}: {shown}");
    }
}
