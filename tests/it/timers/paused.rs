//! A timer that is paused is called so wherever it is named, and stopped in the older way where only the list of all timers
//! is missing.

use serde_json::json;

use super::live::{begun, sent};
use super::{id, timer};
use crate::support::{Setup, TILL, TestEnv};

/// A timer of ours that is paused.
fn paused(faults: &[&str]) -> TestEnv {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
    TestEnv::prepared(Setup { faults, ..Setup::default() }, |env| {
        let id = begun(env, TILL);
        let pause = format!("/ticket_timers/{id}/pause");
        assert_eq!(env.account().call("POST", &pause, Some(&json!({}))).0, 200);
    })
    .0
}

#[test]
fn a_paused_timer_is_called_paused() {
    let env = paused(&[]);
    let entry = id(&env, TILL, 0);
    let list = env.run(&["timer", "list", "32181"]);
    assert!(list.ends(0).stdout.contains(", 1 paused"), "{list}");
    assert!(!list.stdout.contains("running"), "{list}");
    let bill = env.run(&["bill", "32181", "-t", "30", "-l", "remote", "-m", "Copied", "--yes"]);
    bill.ends(5).says("A timer is paused on the ticket: timer entry").says("--timer-running");
    assert!(!bill.stderr.contains("is running"), "{bill}");
    let close = env.run(&["close", "32181", "--no-comment", "--no-log", "--dry-run"]);
    let says = format!("timer entry {entry} is paused, begun ");
    assert!(close.ends(0).stdout.contains(&says), "{close}");
    assert!(!close.stdout.contains("is running"), "{close}");
    let delete = env.run(&["timer", "delete", "32181", &entry, "--dry-run"]);
    assert!(delete.ends(0).stdout.contains(&says), "{delete}");
    timer(&env, "charge", TILL, &[&entry]).ends(5).says(&format!("timer entry {entry} is paused"));
    // It goes on counting as one that is not over, by either word.
    for word in ["paused", "running"] {
        env.run(&["timer", "stop", "32181", word, "--dry-run"]).ends(0);
    }
}

/// Only the list of all timers shows what became of a stop: without it, a length is set, and no pause is counted.
#[test]
fn a_timer_is_stopped_in_the_older_way_where_the_list_is_missing() {
    for command in [
        &["timer", "stop", "32181", "--yes"][..],
        &["close", "32181", "--no-comment", "--no-log", "--stop-timer", "--yes"],
    ] {
        let setup = Setup { faults: vec!["timers@*=404".to_owned()], ..Setup::default() };
        let (env, _) = TestEnv::prepared(setup, |env| begun(env, TILL));
        env.run(command).ends(0);
        assert_eq!(sent(&env)[0], "PUT tickets/update_timer_entry");
        assert!(env.account().timers(TILL)[0]["end_time"].is_string());
        let env = paused(&["timers@*=404"]);
        env.run(command).ends(5).says("its pauses would count").says("timer update 32181");
        assert!(env.writes().is_empty());
    }
    let (env, _) = TestEnv::prepared(
        Setup { faults: vec!["timers@*=404".to_owned()], ..Setup::default() },
        |env| begun(env, TILL),
    );
    timer(&env, "pause", TILL, &[]).ends(5).says("timer stop 32181");
}
