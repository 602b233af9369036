//! `timer`: what each verb makes of an entry, what it refuses, and that time is charged once, whatever happens on the way.

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
    assert_eq!(&ran.json().unwrap()["timer"], made);
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
    let env = TestEnv::new();
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
        (vec!["--minutes", "30", "--labor", "remot"], "did you mean remote"),
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
    refused(&env, &timer(&env, "update", TERMINAL, &same), 5, "already");
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

/// What the ticket's only line says.
#[track_caller]
fn sold(env: &TestEnv, number: i64, product: i64, quantity: &str, price: i64, description: &str) {
    let state = env.state(number);
    assert_eq!(state.lines.len(), 1, "{:?}", state.lines);
    let line = &state.lines[0];
    assert_eq!(line["product_id"], product, "{line}");
    assert_eq!(money(&line["quantity"]), quantity.parse::<Decimal>().unwrap(), "{line}");
    assert_eq!(money(&line["price_retail"]), Decimal::from(price), "{line}");
    assert_eq!(line["description"], description, "{line}");
    assert_eq!(line["taxable"], false, "{line}");
    let name = if product == REMOTE { "Labor - Remote" } else { "Labor - Onsite" };
    assert_eq!(line["name"], name, "{line}");
}

const MOVED: &str = "Moved the terminal to another port";

#[test]
fn charged_it_is_a_line_item() {
    let env = TestEnv::new();
    let ran = timer(&env, "charge", TERMINAL, &[]);
    ran.ends(0);
    sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
    let timers = env.account().timers(TERMINAL);
    assert_eq!(timers[0]["recorded"], true);
    let json = ran.json().unwrap();
    assert_eq!(json["line_items"], json!(env.state(TERMINAL).lines));
    assert_eq!(json["writes"][0]["id"], timers[0]["ticket_line_item_id"]);
    // Nothing was missing, so nothing was mended, and one look has shown both.
    let log = env.log();
    let sent = log.iter().position(|line| line.method == "POST").unwrap();
    assert_eq!(log.len(), sent + 2, "{:?}", log[sent..].iter().map(crate::support::Line::what));
    assert_eq!(env.writes().len(), 1);
    assert!(env.state(TERMINAL).invoices.is_empty());
}

#[test]
fn what_the_server_drops_is_mended() {
    for fault in ["lost-product", "lost-price", "unnamed"] {
        let env = TestEnv::with(&[&format!("timer-charge={fault}")]);
        let ran = timer(&env, "charge", TERMINAL, &[]);
        ran.ends(0);
        sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
        let json = ran.json().unwrap();
        assert_eq!(json["line_items"], json!(env.state(TERMINAL).lines), "{fault}");
        let writes = if fault == "unnamed" { 1 } else { 2 };
        assert_eq!(env.writes().len(), writes, "{fault}: {ran}");
    }
    // Its own rounding, too: 25 minutes are no 0.42 hours.
    let env = TestEnv::new();
    let own = id(&env, STARTER, 0);
    timer(&env, "charge", STARTER, &[&own]).ends(0);
    sold(&env, STARTER, REMOTE, "0.4167", 120, "Account and mailbox");
}

#[test]
fn several_are_charged_in_one_plan() {
    let env = TestEnv::with(&["timer-charge@2=lost-product"]);
    let (one, other) = (id(&env, STARTER, 0), id(&env, STARTER, 1));
    let ran = timer(&env, "charge", STARTER, &[]);
    refused(&env, &ran, 2, "--all");
    ran.says(&one).says(&other);
    let ran = timer(&env, "charge", STARTER, &["--all"]);
    ran.ends(0);
    let lines = env.state(STARTER).lines;
    let figures: Vec<_> = lines
        .iter()
        .map(|line| {
            (line["product_id"].as_i64(), money(&line["quantity"]), money(&line["price_retail"]))
        })
        .collect();
    let wanted = |product, quantity: &str, price| {
        (Some(product), quantity.parse().unwrap(), Decimal::from(price))
    };
    assert_eq!(figures, [wanted(REMOTE, "0.4167", 120), wanted(ONSITE, "1.1667", 150)]);
    let timers = env.account().timers(STARTER);
    assert!(timers.iter().all(|timer| timer["recorded"] == true));
    assert_eq!(timers[1]["user_id"], COLLEAGUE);

    // The one that is named, and named twice.
    let env = TestEnv::new();
    timer(&env, "charge", STARTER, &[&other, &other]).ends(0);
    let timers = env.account().timers(STARTER);
    assert_eq!((&timers[0]["recorded"], &timers[1]["recorded"]), (&json!(false), &json!(true)));
}

#[test]
fn what_it_is_sold_as_is_never_guessed() {
    let env = TestEnv::new();
    let ran = timer(&env, "charge", PLOTTER, &[]);
    refused(&env, &ran, 2, "--labor NAME");
    ran.says("--product ID");
    timer(&env, "charge", PLOTTER, &["--labor", "onsite"]).ends(0);
    sold(&env, PLOTTER, ONSITE, "0.3333", 150, "Cleared the queue");
    let env = TestEnv::new();
    timer(&env, "charge", PLOTTER, &["--product", "17340021"]).ends(0);
    sold(&env, PLOTTER, REMOTE, "0.3333", 120, "Cleared the queue");
    // An entry's own product stands above what is said for those without one.
    let env = TestEnv::new();
    timer(&env, "charge", TERMINAL, &["--labor", "onsite"]).ends(0);
    sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
}

#[test]
fn a_pinned_rate_is_the_price_and_two_types_of_one_product_are_asked_about() {
    let pinned = || Setup {
        replace: vec![("17340021", "17340021\nrate = \"99.50\"".to_owned())],
        ..Setup::default()
    };
    let env = TestEnv::of(pinned());
    timer(&env, "charge", TERMINAL, &[]).ends(0);
    assert_eq!(money(&env.state(TERMINAL).lines[0]["price_retail"]), "99.5".parse().unwrap());
    let twin = "17340021\n\n[labor.night]\nproduct_id = 17340021\nrate = \"180\"".to_owned();
    let env = TestEnv::of(Setup { replace: vec![("17340021", twin)], ..Setup::default() });
    refused(&env, &timer(&env, "charge", TERMINAL, &[]), 2, "remote, night");
    timer(&env, "charge", TERMINAL, &["--labor", "night"]).ends(0);
    sold(&env, TERMINAL, REMOTE, "0.75", 180, MOVED);
}

#[test]
fn emergency_for_a_prepaid_customer_is_the_base_at_half_again() {
    let env = TestEnv::new();
    let fields = json!({
        "start_at": "2026-03-17T02:00:00Z", "duration_minutes": 60, "product_id": 17_340_023, "notes": "Switch replaced",
    });
    env.account().clock(32_180, &fields);
    timer(&env, "charge", 32_180, &[]).ends(0).says("prepaid hours");
    sold(&env, 32_180, ONSITE, "1.5", 150, "Switch replaced");
}

#[test]
fn charged_time_is_never_charged_again() {
    let env = TestEnv::new();
    let own = id(&env, TERMINAL, 0);
    timer(&env, "charge", TERMINAL, &[]).ends(0);
    let (lines, writes) = (env.state(TERMINAL).lines, env.writes().len());
    for more in [vec![], vec!["--all"], vec![own.as_str()]] {
        let ran = timer(&env, "charge", TERMINAL, &more);
        ran.ends(5);
        assert!(!ran.stderr.contains("to proceed anyway"), "no flag overrides it: {ran}");
    }
    timer(&env, "charge", TERMINAL, &[&own]).ends(5).says("already charged");
    assert_eq!((env.state(TERMINAL).lines, env.writes().len()), (lines, writes));
}

#[test]
fn two_at_once_charge_once() {
    let env = TestEnv::with(&["any@*=slow:30"]);
    let args = ["timer", "charge", "32168", "--yes", "--json"];
    let runs = [env.spawn(&args), env.spawn(&args), env.spawn(&args)];
    let mut codes = runs.map(|run| run.wait().code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 5, 5]);
    sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
}

#[test]
fn what_cannot_be_charged() {
    let env = TestEnv::new();
    let charge = |number, more: &[&str]| timer(&env, "charge", number, more);
    refused(&env, &charge(TILL, &[]), 5, "no uncharged stopped time");
    refused(&env, &charge(TERMINAL, &["7"]), 3, "no timer entry 7");
    let running = id(&env, BACKUP, 0);
    refused(&env, &charge(BACKUP, &[&running]), 5, "timer stop 32159");
    refused(&env, &charge(BACKUP, &["--all"]), 5, "timer stop 32159");
    refused(&env, &charge(TERMINAL, &["--labor", "travel"]), 2, "billed by unit");
    refused(&env, &charge(TERMINAL, &["7", "--all"]), 2, "cannot be used with");
    refused(&env, &charge(PLOTTER, &["--product", "4"]), 3, "products/4");
    let fields =
        json!({"start_at": "2026-03-17T02:00:00Z", "duration_minutes": 0, "product_id": REMOTE});
    let nothing = env.account().clock(TILL, &fields)["id"].to_string();
    refused(&env, &charge(TILL, &[&nothing]), 5, "no duration");
    refused(&env, &charge(TILL, &["--all"]), 5, "no uncharged stopped time");
}

#[test]
fn the_guards_of_a_bill_hold() {
    let env = TestEnv::new();
    let other = env.account().clock(
        TILL,
        &json!({"start_at": "2026-03-17T02:00:00Z", "duration_minutes": 13 * 60, "product_id": REMOTE, "notes": "n"}),
    );
    guarded(&env, "--large", |more| timer(&env, "charge", TILL, more));
    assert_eq!(env.account().timers(TILL)[0]["id"], other["id"]);
    let env = TestEnv::new();
    env.account().line(TERMINAL, "0.75", "120", MOVED);
    guarded(&env, "--same-line", |more| timer(&env, "charge", TERMINAL, more));
    let env = TestEnv::of(Setup {
        replace: vec![("17340021", "17340021\nrate = \"0\"".to_owned())],
        ..Setup::default()
    });
    guarded(&env, "--zero", |more| timer(&env, "charge", TERMINAL, more));
    let env = TestEnv::new();
    let secret = json!({
        "start_at": "2026-03-17T02:00:00Z", "duration_minutes": 5, "product_id": REMOTE,
        "notes": "The new password: Hunter2-again",
    });
    env.account().clock(TILL, &secret);
    guarded(&env, "--allow-secrets", |more| timer(&env, "charge", TILL, more));
    let env = TestEnv::new();
    for (product, start) in [(17_340_023, "2026-03-17T02:00:00Z"), (ONSITE, "2026-03-17T05:00:00Z")]
    {
        let fields = json!({"start_at": start, "duration_minutes": 30, "product_id": product});
        env.account().clock(TILL, &fields);
    }
    guarded(&env, "--stacked", |more| timer(&env, "charge", TILL, &[&["--all"], more].concat()));
}

#[test]
fn a_dry_run_shows_what_belongs_to_what() {
    let env = TestEnv::new();
    let ran = env.run(&["timer", "charge", "32165", "--all", "--dry-run"]);
    ran.ends(0);
    for shown in ["{charge.id}", "{charge.2.id}", "0.4167", "dry run: nothing was sent"] {
        assert!(ran.stdout.contains(shown), "{shown}: {ran}");
    }
    let own = id(&env, TERMINAL, 0);
    let running = id(&env, BACKUP, 0);
    for args in [
        vec!["timer", "start", "32181"],
        vec!["timer", "stop", "32159", &running],
        vec!["timer", "add", "32181", "--minutes", "5"],
        vec!["timer", "update", "32168", &own, "--minutes", "5"],
        vec!["timer", "charge", "32168"],
        vec!["timer", "delete", "32168", &own],
    ] {
        // Nobody to confirm it: refused before the first request.
        let before = env.log().len();
        env.run(&args).ends(2).says("--yes");
        assert_eq!(env.log().len(), before, "{args:?}");
        let ran = env.run(&[args.as_slice(), &["--dry-run", "--json"]].concat());
        assert_eq!(ran.ends(0).json().unwrap()["outcome"], "dry_run", "{args:?}");
    }
    assert!(env.writes().is_empty());
}

/// Charged once in the end, and mended, whatever became of a request.
fn check_charged(env: &TestEnv, story: &str, problems: &mut Problems) {
    let state = env.state(TERMINAL);
    problems.same(&format!("lines ({story})"), state.lines.len(), 1);
    if let Some(line) = state.lines.first() {
        problems.same("product", line["product_id"].as_i64(), Some(REMOTE));
        problems.same("price", money(&line["price_retail"]), Decimal::from(120));
        problems.same("description", line["description"].as_str(), Some(MOVED));
    }
    let timers = env.account().timers(TERMINAL);
    problems.same("recorded", &timers[0]["recorded"], &json!(true));
    problems.unless(env.journal().iter().all(|plan| plan.is_closed()), || {
        format!("the journal is not closed ({story})")
    });
}

/// Every kind of unclear answer to either write; then `resume`.
#[test]
fn under_faults_it_is_charged_once() {
    let mut cases: Vec<String> = Vec::new();
    for kind in [
        "close-before",
        "close-after",
        "500-before",
        "502-after",
        "html-after",
        "null",
        "nulls",
        "empty",
        "truncated",
        "foreign",
        "wrong-id",
        "hang-before",
        "hang-after",
        "late:150",
        "302-after",
        "429:1",
        "422:4",
        "404",
    ] {
        cases.push(format!("timer-charge={kind}"));
        // The product is lost, so that there is something to mend.
        cases.push(format!("timer-charge=lost-product line-update={kind}"));
    }
    for read in ["ticket@2", "ticket@3", "ticket@4"] {
        for kind in ["close-before", "500-before", "garbled", "wrong-id"] {
            cases.push(format!("timer-charge=lost-product {read}={kind}"));
        }
    }
    many("charges under faults", &cases, |case, problems| {
        let env = TestEnv::of(Setup {
            faults: case.split(' ').map(str::to_owned).collect(),
            timeout: "0.8",
            ..Setup::default()
        });
        let ran = timer(&env, "charge", TERMINAL, &[]);
        let lines = env.state(TERMINAL).lines.len();
        problems.unless(lines <= 1, || format!("{lines} lines: {}", ran.brief()));
        if ran.code == 0 {
            check_charged(&env, "done", problems);
            return;
        }
        let resumed = env.run(&["resume", "--yes", "--json"]);
        let story = format!("{}; resume: {}", ran.brief(), resumed.brief());
        // Refused before anything landed, there is nothing to resume.
        if env.state(TERMINAL).lines.is_empty() {
            timer(&env, "charge", TERMINAL, &[]).ends(0);
        }
        check_charged(&env, &story, problems);
    });
}

#[test]
fn two_lines_of_one_charge_stop_it() {
    let env = TestEnv::with(&["timer-charge=twice"]);
    let ran = timer(&env, "charge", TERMINAL, &[]);
    ran.ends(1).says("found 2 new records");
    assert_eq!(ran.json().unwrap()["outcome"], "failed");
    assert_eq!(env.writes().len(), 1, "nothing more was sent");
}

/// Kills the client when the fault strikes, and leaves a patient server behind.
fn killed(faults: &[&str]) -> TestEnv {
    let mut env = TestEnv::of(Setup {
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        timeout: "60",
        ..Setup::default()
    });
    let last = faults.last().copied();
    let running = env.spawn(&["timer", "charge", "32168", "--yes", "--json"]);
    env.until_logged(|line| line.fault.as_deref() == last);
    assert_eq!(running.kill().code, -1);
    env.restart(&[]);
    env
}

#[test]
fn killed_at_either_write_it_is_finished_by_resume() {
    for faults in [
        vec!["timer-charge=hang-before"],
        vec!["timer-charge=hang-after"],
        vec!["timer-charge=lost-product", "ticket@3=hang-before"],
        vec!["timer-charge=unnamed", "ticket@3=hang-before"],
        vec!["timer-charge=lost-product", "line-update=hang-before"],
        vec!["timer-charge=lost-product", "line-update=hang-after"],
    ] {
        let env = killed(&faults);
        let refused = timer(&env, "charge", TERMINAL, &[]);
        refused.ends(5).says("syncro resume");
        env.run(&["resume", "--yes", "--json"]).ends(0);
        let mut problems = Problems::default();
        check_charged(&env, &format!("{faults:?}"), &mut problems);
        assert!(problems.is_empty(), "{faults:?}: {problems:?}");
    }
}

/// Marked as charged, but the line is gone: nobody knows, so nothing is sent.
#[test]
fn recorded_without_a_line_is_left_to_a_person() {
    let env = killed(&["timer-charge=hang-after"]);
    let line = env.state(TERMINAL).lines[0]["id"].clone();
    let path = format!("/tickets/{}/remove_line_item", ticket_id(TERMINAL));
    env.account().write("POST", &path, &json!({ "ticket_line_item_id": line }));
    in_doubt(&env, "there is no new line item");
}

/// A line like it, and no mark: it may be somebody's own.
#[test]
fn a_line_without_the_mark_is_left_to_a_person() {
    let env = killed(&["timer-charge=hang-before"]);
    env.account().line(TERMINAL, "0.75", "120", MOVED);
    in_doubt(&env, "may or may not come from timer entry");
}

#[track_caller]
fn in_doubt(env: &TestEnv, says: &str) {
    let (before, writes) = (env.state(TERMINAL).lines, env.writes().len());
    for _ in 0..2 {
        let ran = env.run(&["resume", "--yes", "--json"]);
        ran.ends(6).says(says).says("resume --discard");
        assert_eq!(ran.json().unwrap()["outcome"], "unconfirmed");
        timer(env, "charge", TERMINAL, &[]).ends(5);
    }
    assert_eq!(env.writes().len(), writes, "never charged again");
    assert_eq!(env.state(TERMINAL).lines, before);
    let plan = env.journal()[0].id();
    env.run(&["resume", "--discard", &plan, "--yes"]).ends(0);
}

/// Somebody changes the entry between preview and charge.
#[cfg(unix)]
#[test]
fn what_was_not_previewed_is_not_charged() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["timer", "charge", "32168"]);
    terminal.expect("[y/N/p]");
    let body = json!({
        "timer_entry_id": env.account().timers(TERMINAL)[0]["id"], "duration_minutes": 90, "user_id": TRAINEE,
    });
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TERMINAL));
    env.account().write("PUT", &path, &body);
    terminal.reply("[y/N/p]", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 5, "{shown}");
    assert!(shown.contains("but the preview showed"), "{shown}");
    assert!(env.writes().is_empty());
    assert!(env.state(TERMINAL).lines.is_empty());
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
        terminal.answer("[y/N/p]", "");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
    }
    // A guard's question comes first, and Enter is no there, too.
    let mut terminal = env.terminal(&["timer", "delete", "32154", &id(&env, FOLDERS, 0)]);
    terminal.answer("[y/N]", "");
    assert_eq!(terminal.end().0, 9);
    assert!(env.writes().is_empty());
}
