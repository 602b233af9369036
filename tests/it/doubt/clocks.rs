//! A clock that was put forward between two runs makes nothing old: what may still be on its way is not sent again.

use jiff::SignedDuration;
#[cfg(target_os = "linux")]
use serde_json::{Value, json};

#[cfg(target_os = "linux")]
use crate::support::{MachineClock, ticket_id};
use crate::support::{Setup, TILL, TestEnv};

const WORDS: &str = "The roll is in the right way now";

/// What `resume` says of the age of a comment that was sent a moment ago.
fn resumed(by: SignedDuration) -> String {
    let env = TestEnv::of(Setup {
        faults: vec!["comment@1=close-before".to_owned()],
        resend_after: "4",
        ..Setup::default()
    });
    env.run(&["comment", "32181", WORDS, "--yes"]).ends(6);
    env.journal().remove(0).put_back(by);
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(0);
    assert_eq!(env.state(TILL).said(WORDS), 1, "{ran}");
    ran.stderr
}

#[test]
fn the_servers_clock_tells_how_old_a_sending_is() {
    let waits = "too early to send it again";
    assert!(resumed(SignedDuration::ZERO).contains(waits));
    assert!(resumed(SignedDuration::from_mins(5)).contains(waits));
}

/// Surroundings in which a comment was sent by a machine whose clock is that far ahead, and has not landed.
#[cfg(target_os = "linux")]
fn sent(ahead: i64) -> TestEnv {
    let env = TestEnv::with(&["comment@1=close-before"]);
    let clock = MachineClock::ahead(env.dir(), ahead);
    env.run_with(&["comment", "32181", WORDS, "--yes"], &clock.variables()).ends(6);
    env
}

#[cfg(target_os = "linux")]
#[test]
fn a_clock_that_is_off_makes_no_plan_old() {
    let hour = 3600;
    for (before, after) in [(hour, 0), (0, hour), (0, 25 * hour), (-25 * hour, 0), (25 * hour, 0)] {
        let env = sent(before);
        let clock = MachineClock::ahead(env.dir(), after);
        let ran = env.run_with(&["resume", "--yes"], &clock.variables());
        ran.ends(0);
        assert_eq!(env.state(TILL).said(WORDS), 1, "{before} {after}: {ran}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_plan_of_the_day_before_is_old_by_any_clock() {
    for ahead in [0, 3600, -3600, -48 * 3600] {
        let env = sent(0);
        env.journal().remove(0).written_before(SignedDuration::from_hours(25));
        let clock = MachineClock::ahead(env.dir(), ahead);
        let ran = env.run_with(&["resume", "--yes"], &clock.variables());
        ran.ends(5).says("is more than a day old and cannot be finished with --yes");
        assert_eq!(env.state(TILL).said(WORDS), 0, "{ahead}: {ran}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn ages_on_the_screen_are_those_of_the_server() {
    let env = TestEnv::new();
    env.run(&["comment", "32181", WORDS, "--yes"]).ends(0);
    for command in [["ticket", "32181"].as_slice(), &["tickets"]] {
        let right = env.run(command).ends(0).stdout.clone();
        for ahead in [3 * 3600, -3 * 3600, 48 * 3600] {
            let clock = MachineClock::ahead(env.dir(), ahead);
            let off = env.run_with(command, &clock.variables());
            assert_eq!(off.ends(0).stdout, right, "{ahead}");
        }
    }
}

/// What is of late is of late by the server's clock: where this machine's is days off, a timer that runs is seen all the same,
/// and a ticket whose answer was lost is found and not made again.
#[cfg(target_os = "linux")]
#[test]
fn what_is_of_late_is_so_by_the_servers_clock() {
    for days in [0, 6, -6] {
        let (env, (status, _)) = TestEnv::prepared(Setup::default(), |env| {
            let body = json!({"ticket_id": ticket_id(32_166)});
            env.account().call("POST", "/ticket_timers", Some(&body))
        });
        assert_eq!(status, 201);
        let clock = MachineClock::ahead(env.dir(), days * 24 * 3600);
        let start = ["timer", "start", "32181", "--yes"];
        env.run_with(&start, &clock.variables()).ends(5).says("--timer-running");
        assert!(env.writes().is_empty(), "{days}");
        let env = TestEnv::with(&["ticket-create=close-after"]);
        let clock = MachineClock::ahead(env.dir(), days * 24 * 3600);
        let create = ["create", "31204551", "Blank page", "--yes", "--json"];
        let ran = env.run_with(&create, &clock.variables());
        assert_eq!(ran.ends(0).json().unwrap()["outcome"], "done", "{days}");
        assert_eq!(env.writes().len(), 1, "{days}: {ran}");
    }
}

/// Today is the server's day.
#[cfg(target_os = "linux")]
#[test]
fn today_is_the_servers_day() {
    let env = TestEnv::new();
    env.run(&["comment", "32181", WORDS, "--yes"]).ends(0);
    let listed = |ahead: i64, args: &[&str]| {
        let clock = MachineClock::ahead(env.dir(), ahead);
        env.run_with(args, &clock.variables()).ends(0).stdout.clone()
    };
    for args in [
        &[
            "report",
            "uninvoiced",
            "--customer",
            "Quillfeather Books",
            "--since",
            "yesterday",
            "--json",
        ][..],
        &["report", "drift", "--customer", "Quillfeather Books", "--since", "yesterday", "--json"],
    ] {
        let right = listed(0, args);
        for ahead in [6 * 24 * 3600, -6 * 24 * 3600] {
            let is = listed(ahead, args);
            let day = |text: &str| {
                serde_json::from_str::<Value>(text)
                    .map(|json| json["filters"]["since"].clone())
                    .ok()
            };
            assert_eq!(day(&is), day(&right), "{ahead} {args:?}: {is}");
        }
    }
}

/// An email leaves nothing that a GET shows: the journal alone keeps it from going out twice a day.
#[cfg(target_os = "linux")]
#[test]
fn a_clock_that_is_off_sends_no_email_again() {
    let env = TestEnv::new();
    env.run(&["invoice", "email", "67409", "--yes"]).ends(0);
    let shown = env.run(&["invoice", "show", "67409", "--json"]).ends(0).json().unwrap();
    let id = shown["id"].as_u64().unwrap();
    env.run(&["api", "POST", &format!("invoices/{id}/email"), "--yes"]).ends(5).says("--again");
    for hours in [0, 48, -48] {
        let clock = MachineClock::ahead(env.dir(), hours * 3600);
        let again = ["invoice", "email", "67409", "--yes"];
        env.run_with(&again, &clock.variables()).ends(5).says("--again");
    }
    assert_eq!(env.writes().len(), 1);
}
