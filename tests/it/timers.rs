//! `timer`: what each verb makes of an entry, what it refuses, and that time is charged once, whatever happens on the way.

mod account;
mod charge;
mod charge_faults;
mod close;
mod elsewhere;
mod live;
mod paused;
mod stops;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{Problems, Ran, Setup, TILL, TRAINEE, TestEnv, many, money, ticket_id};

const REMOTE: i64 = 17_340_021;
const ONSITE: i64 = 17_340_022;
const COLLEAGUE: i64 = 81_207;

/// Where time waits to be charged: 45 minutes of remote labor.
const TERMINAL: i64 = 32_168;
/// 25 minutes of remote labor, and the colleague's 70 of onsite.
const STARTER: i64 = 32_165;
/// 20 minutes that are sold as nothing yet.
const PLOTTER: i64 = 32_162;
/// The colleague's timer runs.
const BACKUP: i64 = 32_159;
/// 30 minutes that are charged.
const FOLDERS: i64 = 32_154;

const MOVED: &str = "Moved the terminal to another port";

/// Runs a verb on a ticket, confirmed, with JSON.
fn timer(env: &TestEnv, verb: &str, number: i64, more: &[&str]) -> Ran {
    let number = number.to_string();
    let args = [&["timer", verb, &number, "--yes", "--json"], more].concat();
    env.run(&args)
}

/// An instant so many seconds ago, as the API takes it.
fn ago(seconds: i64) -> String {
    let at = Timestamp::now() - SignedDuration::from_secs(seconds);
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// The id of the ticket's timer at that place.
fn id(env: &TestEnv, number: i64, place: usize) -> String {
    env.account().timers(number)[place]["id"].to_string()
}

/// Refused with this code before anything was sent.
#[track_caller]
fn refused(env: &TestEnv, ran: &Ran, code: i32, says: &str) {
    ran.ends(code).says(says);
    assert!(env.writes().is_empty(), "{ran}");
    assert!(env.journal().is_empty(), "nothing was begun: {ran}");
}

/// Refused in a script without its flag, done with it.
#[track_caller]
fn guarded(env: &TestEnv, flag: &str, run: impl Fn(&[&str]) -> Ran) {
    refused(env, &run(&[]), 5, flag);
    run(&[flag]).ends(0);
}

#[test]
fn started_it_runs_from_now_on() {
    let env = TestEnv::new();
    let more = ["--labor", "remote", "--notes", "On the phone"];
    let ran = timer(&env, "start", TILL, &more);
    ran.ends(0);
    let made = &env.account().timers(TILL)[0];
    // Its count goes on from look to look.
    let but_its_count = |timer: &Value| {
        let mut timer = timer.clone();
        let counted = timer.as_object_mut().unwrap().remove("elapsed_seconds").unwrap();
        assert!(counted.as_i64().unwrap() < 60, "{counted}");
        timer
    };
    assert_eq!(but_its_count(&ran.json().unwrap()["timer"]), but_its_count(made));
    for (field, value) in [
        ("end_time", Value::Null),
        ("recorded", json!(false)),
        ("user_id", json!(TRAINEE)),
        ("product_id", json!(REMOTE)),
        ("notes", json!("On the phone")),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    let age = Timestamp::now().duration_since(instant(&made["start_time"]));
    assert!(age.abs() < SignedDuration::from_secs(60), "{age:?}");
    let body = &env.writes()[0].body;
    let sent = body["start_at"].as_str().unwrap();
    assert!(sent.ends_with("-06:00") || sent.ends_with("-05:00"), "Chicago: {sent}");
    assert!(body.get("duration_minutes").is_none());
    assert_eq!(env.writes().len(), 1);
}

#[test]
fn a_second_running_timer_needs_timer_running() {
    let env = TestEnv::with(&["timer-add@*=no-status"]);
    timer(&env, "start", TILL, &[]).ends(0);
    let before = env.writes().len();
    for number in [TILL, 32_179] {
        let ran = timer(&env, "start", number, &[]);
        ran.ends(5).says("--timer-running").says("Your timer is running");
        let place = if number == TILL { "this ticket" } else { "ticket #32181" };
        let error = ran.error()["message"].as_str().unwrap().to_lowercase();
        assert!(error.contains(place), "{error}");
    }
    assert_eq!(env.writes().len(), before);
    timer(&env, "start", TILL, &["--timer-running"]).ends(0);
    assert_eq!(env.account().timers(TILL).len(), 2);
    // Somebody else's is none of one's own, and is theirs.
    let ran = timer(&env, "start", BACKUP, &["--user", "mika"]);
    ran.ends(5).says("user 81207");
    let env = TestEnv::new();
    timer(&env, "start", BACKUP, &[]).ends(0);
    assert_eq!(env.account().timers(BACKUP)[1]["user_id"], TRAINEE);
}

/// A list that cannot be read is not one without forgotten timers: that nobody can tell is said, and the start goes on.
#[test]
fn that_nobody_can_tell_of_forgotten_timers_is_said() {
    for (faults, is_said) in
        [(&[][..], false), (&["timers@2=400"], true), (&["timers@2=garbled"], true)]
    {
        let env = TestEnv::with(faults);
        let ran = env.run(&["timer", "start", "32181", "--yes"]);
        let told = ran.ends(0).stderr.contains("cannot tell whether you forgot to stop a timer");
        assert_eq!(told, is_said, "{faults:?}: {ran}");
    }
}

/// One's own timer that has run elsewhere for days was forgotten: it is named, whichever way the start takes, and stands in
/// nobody's way. A colleague's is theirs.
#[test]
fn a_timer_that_was_forgotten_is_named() {
    let newer = |env: &TestEnv| {
        let body = json!({"ticket_id": ticket_id(32_179)});
        assert_eq!(env.colleague().call("POST", "/ticket_timers", Some(&body)).0, 201);
    };
    for prepare in [(|_: &TestEnv| ()) as fn(&TestEnv), newer] {
        let (env, ()) = TestEnv::prepared(Setup::default(), prepare);
        let ran = timer(&env, "start", TILL, &[]);
        let said = ran.ends(0).stderr.clone();
        let entry = env.account().timers(32_175).remove(0)["id"].to_string();
        let says = format!("your timer entry {entry} is running since ");
        let stop = format!("syncro timer stop 32175 {entry}");
        assert!(said.matches(&says).count() == 1 && said.contains(&stop), "{said}");
        let warned = ran.json().unwrap()["warnings"].clone();
        assert!(warned.to_string().contains(&stop), "{warned}");
        // As it is named, it is stopped; then nothing is left to name.
        let typed: Vec<&str> = stop.split(' ').skip(1).chain(["--yes", "--large"]).collect();
        env.run(&typed).ends(0);
        timer(&env, "stop", TILL, &[]).ends(0);
        let ran = timer(&env, "start", TILL, &[]);
        assert!(!ran.ends(0).stderr.contains("is running since"), "{ran}");
    }
    let env = TestEnv::new();
    let ran = timer(&env, "start", TILL, &["--user", "mika", "--timer-running"]);
    assert!(!ran.ends(0).stderr.contains("your timer"), "{ran}");
}

#[test]
fn a_charged_or_ended_timer_does_not_run() {
    let env = TestEnv::new();
    for number in [TERMINAL, FOLDERS] {
        timer(&env, "start", number, &["--timer-running"]).ends(0);
    }
}

#[test]
fn stopped_it_has_the_minutes_that_have_begun() {
    let env = TestEnv::new();
    let fields = json!({"start_at": ago(10 * 60 + 20), "notes": "Export", "product_id": ONSITE});
    let before = env.account().clock(TILL, &fields);
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(0);
    let after = env.account().timers(TILL)[0].clone();
    assert_eq!(ran.json().unwrap()["timer"], after);
    let length = instant(&after["end_time"]).duration_since(instant(&after["start_time"]));
    assert_eq!(length, SignedDuration::from_mins(11));
    for field in ["start_time", "notes", "product_id", "user_id"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(env.writes()[0].body["duration_minutes"], 11);
    assert_eq!(ran.json().unwrap()["warnings"], json!([]));
    refused_again(&env, &timer(&env, "stop", TILL, &[]));

    // At least a minute, and with notes of its own.
    env.account().clock(TILL, &json!({"start_at": ago(2)}));
    timer(&env, "stop", TILL, &["--notes", "Hung up"]).ends(0);
    let last = env.account().timers(TILL)[1].clone();
    let length = instant(&last["end_time"]).duration_since(instant(&last["start_time"]));
    assert_eq!((length.as_mins(), &last["notes"]), (1, &json!("Hung up")));
}

#[track_caller]
fn refused_again(env: &TestEnv, ran: &Ran) {
    ran.ends(5).says("no timer is running");
    assert_eq!(env.writes().len(), 1);
}

#[test]
fn which_timer_is_stopped() {
    let env = TestEnv::new();
    refused(&env, &timer(&env, "stop", TILL, &[]), 5, "no timer is running");
    refused(&env, &timer(&env, "stop", TILL, &["7"]), 3, "it has no timer entries");
    let theirs = id(&env, BACKUP, 0);
    refused(&env, &timer(&env, "stop", BACKUP, &[]), 5, &theirs);
    refused(&env, &timer(&env, "stop", BACKUP, &["7"]), 3, &theirs);
    let ended = id(&env, TERMINAL, 0);
    refused(&env, &timer(&env, "stop", TERMINAL, &[&ended]), 5, "is not running");
    // Named, the colleague's is stopped, and stays the colleague's.
    timer(&env, "stop", BACKUP, &[&theirs]).ends(0);
    let stopped = &env.account().timers(BACKUP)[0];
    assert_eq!(stopped["user_id"], COLLEAGUE);
    assert!(stopped["end_time"].is_string());

    let env = TestEnv::new();
    for _ in 0..2 {
        env.account().clock(TILL, &json!({"start_at": ago(300)}));
    }
    let (one, other) = (id(&env, TILL, 0), id(&env, TILL, 1));
    let ran = timer(&env, "stop", TILL, &[]);
    refused(&env, &ran, 2, &one);
    ran.says(&other);
    timer(&env, "stop", TILL, &[&other]).ends(0);
    assert!(env.account().timers(TILL)[0]["end_time"].is_null());
    // With one left, no name is needed.
    timer(&env, "stop", TILL, &[]).ends(0);
}

#[test]
fn a_forgotten_timer_needs_large() {
    let env = TestEnv::new();
    env.account().clock(TILL, &json!({"start_at": ago(13 * 3600)}));
    guarded(&env, "--large", |more| timer(&env, "stop", TILL, more));
    let env = TestEnv::new();
    env.account().clock(TILL, &json!({"start_at": "2199-03-17T13:00:00Z"}));
    refused(&env, &timer(&env, "stop", TILL, &[]), 5, "starts in the future");
}

#[test]
fn time_is_entered_when_it_is_spent() {
    let env = TestEnv::new();
    let more = [
        "--minutes",
        "1h15m",
        "--start",
        "2026-03-17 08:00",
        "--labor",
        "onsite",
        "--notes",
        "Moved the printer",
        "--user",
        "mika",
    ];
    let ran = timer(&env, "add", TILL, &more);
    ran.ends(0);
    let made = env.account().timers(TILL)[0].clone();
    assert_eq!(ran.json().unwrap()["timer"], made);
    for (field, value) in [
        ("start_time", json!("2026-03-17T13:00:00.000Z")),
        ("end_time", json!("2026-03-17T14:15:00.000Z")),
        ("active_duration", json!(4500)),
        ("product_id", json!(ONSITE)),
        ("user_id", json!(COLLEAGUE)),
        ("notes", json!("Moved the printer")),
    ] {
        assert_eq!(made[field], value, "{field}");
    }
    // Without a start it has ended now.
    timer(&env, "add", TILL, &["--minutes", "30"]).ends(0);
    let made = env.account().timers(TILL)[1].clone();
    let end = instant(&made["end_time"]);
    assert!(Timestamp::now().duration_since(end).abs() < SignedDuration::from_secs(60));
    assert_eq!((&made["active_duration"], &made["user_id"]), (&json!(1800), &json!(TRAINEE)));
}

/// Time that is not worked yet is pointed out, and time that ends before it begins is none.
#[test]
fn time_that_ends_ahead_is_told() {
    let env = TestEnv::new();
    let warned = |ran: &Ran| ran.ends(0).json().unwrap()["warnings"].to_string();
    let ahead = "it ends in the future";
    let add = |start: &str| timer(&env, "add", TILL, &["--minutes", "60", "--start", start]);
    assert!(warned(&add("5m ago")).contains(ahead));
    assert!(!warned(&add("3h ago")).contains(ahead));
    let entry = id(&env, TILL, 1);
    let longer = timer(&env, "update", TILL, &[&entry, "--minutes", "4h"]);
    assert!(warned(&longer).contains(ahead), "{longer}");
    let path = format!("tickets/{}/timer_entry", ticket_id(TILL));
    let (start, end) = (ago(3600), ago(7200));
    let (start, end) = (format!("start_at={start}"), format!("end_at={end}"));
    let ran = env.run(&["api", "POST", &path, "-f", &start, "-f", &end, "--yes"]);
    ran.ends(2).says("end_at is before start_at");
    assert_eq!(env.account().timers(TILL).len(), 2);
}

#[test]
fn time_that_cannot_be_meant_is_not_entered() {
    let env = TestEnv::new();
    let add = |more: &[&str]| timer(&env, "add", TILL, more);
    for (more, says) in [
        (vec!["--minutes", "1.33h"], "whole minutes"),
        (vec!["--minutes", "soon"], "invalid time"),
        (vec![], "--minutes"),
        (vec!["--minutes", "30", "--start", "2199-01-01 8:00"], "is in the future"),
        (vec!["--minutes", "30", "--start", "yesterday"], "has no time"),
        (vec!["--minutes", "30", "--labor", "travel"], "billed by unit"),
        (vec!["--minutes", "30", "--labor", "rempte"], "did you mean remote"),
        (vec!["--minutes", "30", "--labor", "remote", "--product", "1"], "cannot be used with"),
    ] {
        refused(&env, &add(&more), 2, says);
    }
    refused(&env, &add(&["--minutes", "30", "--product", "4"]), 3, "there is no product 4");
    refused(&env, &add(&["--minutes", "30", "--user", "nobody"]), 3, "no user");
    refused(&env, &timer(&env, "add", 99, &["--minutes", "30"]), 3, "no ticket #99");
    guarded(&env, "--large", |more| {
        add(&[&["--minutes", "13h", "--start", "2026-03-10 8:00"], more].concat())
    });
}

#[test]
fn time_that_overlaps_needs_overlap() {
    let env = TestEnv::new();
    let add = |start: &'static str, more: &[&str]| {
        let args = [&["--minutes", "30", "--start", start], more].concat();
        timer(&env, "add", TILL, &args)
    };
    add("2026-03-17 08:00", &[]).ends(0);
    // The same command again would bill the same time again.
    add("2026-03-17 08:00", &[]).ends(5).says("--overlap");
    add("2026-03-17 08:29", &[]).ends(5).says("--overlap");
    assert_eq!(env.writes().len(), 1);
    add("2026-03-17 08:30", &[]).ends(0);
    add("2026-03-17 08:15", &["--user", "mika"]).ends(0);
    add("2026-03-17 08:29", &["--overlap"]).ends(0);
    assert_eq!(env.account().timers(TILL).len(), 4);
}

#[test]
fn an_entry_is_changed_and_nothing_else_of_it() {
    let env = TestEnv::new();
    let theirs = id(&env, STARTER, 1);
    let before = env.account().timers(STARTER)[1].clone();
    let ran = timer(&env, "update", STARTER, &[&theirs, "--notes", "Desk and dock"]);
    ran.ends(0);
    let after = env.account().timers(STARTER)[1].clone();
    assert_eq!(ran.json().unwrap()["timer"], after);
    assert_eq!(after["notes"], "Desk and dock");
    for field in ["start_time", "end_time", "active_duration", "user_id", "product_id"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    assert_eq!(ran.json().unwrap()["warnings"], json!([]));

    timer(&env, "update", STARTER, &[&theirs, "--start", "2026-03-17 08:00"]).ends(0);
    let moved = env.account().timers(STARTER)[1].clone();
    assert_eq!(moved["start_time"], "2026-03-17T13:00:00.000Z");
    assert_eq!(moved["active_duration"], before["active_duration"]);

    let more = [&theirs, "--minutes", "90", "--labor", "remote", "--user", "me"];
    timer(&env, "update", STARTER, &more).ends(0);
    let last = env.account().timers(STARTER)[1].clone();
    assert_eq!(last["end_time"], "2026-03-17T14:30:00.000Z");
    assert_eq!((&last["product_id"], &last["user_id"]), (&json!(REMOTE), &json!(TRAINEE)));
}

#[test]
fn a_length_ends_what_runs_and_notes_do_not() {
    let env = TestEnv::new();
    env.account().clock(TILL, &json!({"start_at": "2026-03-17T13:00:00Z"}));
    let own = id(&env, TILL, 0);
    timer(&env, "update", TILL, &[&own, "--notes", "On the phone"]).ends(0);
    assert!(env.account().timers(TILL)[0]["end_time"].is_null());
    timer(&env, "update", TILL, &[&own, "--start", "2026-03-17 07:30"]).ends(0);
    let running = env.account().timers(TILL)[0].clone();
    assert_eq!(running["start_time"], "2026-03-17T12:30:00.000Z");
    assert!(running["end_time"].is_null());
    let ran = timer(&env, "update", TILL, &[&own, "--minutes", "45"]);
    ran.ends(0).says("this stops it");
    assert_eq!(env.account().timers(TILL)[0]["end_time"], "2026-03-17T13:15:00.000Z");
}

#[test]
fn what_is_not_changed() {
    let env = TestEnv::new();
    let own = id(&env, TERMINAL, 0);
    refused(&env, &timer(&env, "update", TERMINAL, &[&own]), 2, "no changes were given");
    let same = [own.as_str(), "--minutes", "45", "--labor", "remote", "--user", "robin"];
    timer(&env, "update", TERMINAL, &same).is_so_already();
    refused(&env, &timer(&env, "update", TERMINAL, &["7", "--minutes", "5"]), 3, &own);
    let charged = id(&env, FOLDERS, 0);
    guarded(&env, "--charged-timer", |more| {
        timer(&env, "update", FOLDERS, &[&[charged.as_str(), "--minutes", "5"], more].concat())
    });
}

#[test]
fn an_entry_is_deleted_for_good() {
    let env = TestEnv::new();
    let own = id(&env, TERMINAL, 0);
    refused(&env, &timer(&env, "delete", TERMINAL, &["7"]), 3, &own);
    timer(&env, "delete", TERMINAL, &[&own]).ends(0);
    assert!(env.account().timers(TERMINAL).is_empty());
    timer(&env, "delete", TERMINAL, &[&own]).ends(3);
    assert_eq!(env.writes().len(), 1);
    let env = TestEnv::new();
    let charged = id(&env, FOLDERS, 0);
    guarded(&env, "--charged-timer", |more| {
        timer(&env, "delete", FOLDERS, &[&[charged.as_str()], more].concat())
    });
    assert_eq!(env.state(FOLDERS).lines.len(), 1, "the line stays");
}

#[cfg(unix)]
#[test]
fn enter_is_no() {
    let env = TestEnv::new();
    let own = id(&env, TERMINAL, 0);
    for args in [
        vec!["timer", "start", "32181"],
        vec!["timer", "add", "32181", "--minutes", "5"],
        vec!["timer", "update", "32168", &own, "--minutes", "5"],
        vec!["timer", "charge", "32168"],
        vec!["timer", "delete", "32168", &own],
    ] {
        let mut terminal = env.terminal(&args);
        terminal.answer("[y/N/p", "");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
    }
    // A guard's question comes first, and Enter is no there, too.
    let mut terminal = env.terminal(&["timer", "delete", "32154", &id(&env, FOLDERS, 0)]);
    terminal.answer("[y/N]", "");
    assert_eq!(terminal.end().0, 9);
    assert!(env.writes().is_empty());
}

/// Work on two tickets at once may be right: it is said, and stops nothing.
#[test]
fn time_on_two_tickets_at_once_is_told() {
    let busy = |env: &TestEnv| {
        let time = json!({"start_at": ago(3600), "duration_minutes": 45});
        env.account().clock(32_179, &time)["id"].to_string()
    };
    let (env, other) = TestEnv::prepared(Setup::default(), busy);
    let says = format!("overlaps timer entry {other} of the same user on ticket #32179 (");
    let warnings = |ran: &Ran| ran.ends(0).json().unwrap()["warnings"].to_string();
    let shown = env.run(&["timer", "add", "32181", "--minutes", "30", "--dry-run"]);
    assert!(shown.ends(0).stdout.contains(&says), "{shown}");
    assert!(warnings(&timer(&env, "add", TILL, &["--minutes", "30"])).contains(&says));
    // Only what overlaps, of the same user, on another ticket.
    for more in [&["--minutes", "5"][..], &["--minutes", "30", "--user", "Mika"]] {
        let said = warnings(&timer(&env, "add", TILL, &[more, &["--overlap"]].concat()));
        assert!(!said.contains(&other), "{said}");
    }
    let bill = [&crate::support::BILL[..], &["--log-time", "--yes", "--json"]].concat();
    let (env, _) = TestEnv::prepared(Setup::default(), busy);
    let logged = env.run(&bill);
    assert!(warnings(&logged).contains(&says), "{logged}");
    // A list that cannot be read stops no time, and is said.
    let (env, _) = TestEnv::prepared(
        Setup { faults: vec!["timers@*=403".to_owned()], ..Setup::default() },
        busy,
    );
    let said = warnings(&timer(&env, "add", TILL, &["--minutes", "30"]));
    assert_eq!(said, "[\"cannot see timers on other tickets\"]");
}
