//! `bill --log-time`: hourly labor is entered as timer entries that are charged, in one plan with all else; the labor log
//! has the time that was spent, the invoice what was previewed, and nothing is there twice, whatever happens on the way.

mod faults;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::support::{BILL, MESSAGE, Ran, Setup, TILL, TestEnv, money, ticket_id};

const REMOTE: i64 = 17_340_021;
const ONSITE: i64 = 17_340_022;

/// At ten past nine in the office of the practice company.
const START: [&str; 2] = ["--start", "2026-03-17 09:10"];
const BEGAN: &str = "2026-03-17T14:10:00Z";

fn office(replace: &[(&'static str, &str)], more: &str, faults: &[&str]) -> TestEnv {
    TestEnv::of(Setup {
        replace: replace.iter().map(|(id, line)| (*id, format!("{id}\n{line}"))).collect(),
        more: more.to_owned(),
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        ..Setup::default()
    })
}

/// A bill whose time is logged, confirmed, with JSON.
fn logged(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&BILL[..], &["--log-time", "--yes", "--json"], more].concat())
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// The entries of a ticket: product, minutes, whether they are charged.
fn entries(env: &TestEnv, number: i64) -> Vec<(Option<i64>, i64, bool)> {
    let entry = |timer: &Value| {
        let spent = instant(&timer["end_time"]).duration_since(instant(&timer["start_time"]));
        (timer["product_id"].as_i64(), spent.as_mins(), timer["recorded"] == true)
    };
    env.account().timers(number).iter().map(entry).collect()
}

/// The lines of a ticket: product and hours.
fn lines(env: &TestEnv, number: i64) -> Vec<(Option<i64>, String)> {
    let line = |line: &Value| {
        (line["product_id"].as_i64(), money(&line["quantity"]).normalize().to_string())
    };
    env.state(number).lines.iter().map(line).collect()
}

fn subtotal(env: &TestEnv, number: i64) -> Decimal {
    let invoices = env.state(number).invoices;
    assert_eq!(invoices.len(), 1);
    money(&invoices[0]["subtotal"])
}

fn steps(ran: &Ran) -> Vec<String> {
    let json = ran.json().unwrap();
    let writes = json["writes"].as_array().unwrap().iter();
    writes.map(|write| write["step"].as_str().unwrap().to_owned()).collect()
}

/// Refused before anything was sent.
#[track_caller]
fn refused(env: &TestEnv, ran: &Ran, code: i32, says: &str) {
    ran.ends(code).says(says);
    assert!(env.writes().is_empty(), "{ran}");
    assert!(env.journal().is_empty(), "nothing was begun: {ran}");
}

/// Time is the same only where it overlaps, once it is said when it began; else it may be, on the same day.
#[test]
fn a_typed_start_tells_other_time_from_what_is_charged_already() {
    let yesterday = "yesterday 14:00";
    for (typed, asked) in [
        (&["--log-time", "--start", yesterday][..], None),
        (&["--at", yesterday], None),
        // An entry that overlaps another one is asked about as such, and once.
        (&["--log-time", "--start", "today 00:00"], Some("--overlap")),
        (&["--log-time", "--start", "today 00:00", "--overlap"], None),
        (&["--at", "today 00:00"], Some("--charged-today")),
        (&["--log-time", "--overlap"], Some("--charged-today")),
        (&[], Some("--charged-today")),
    ] {
        let env = TestEnv::new();
        let timer = env.account().today(TILL, 60);
        let path = format!("/tickets/{}/charge_timer_entry", ticket_id(TILL));
        env.account().write("POST", &path, &serde_json::json!({ "timer_entry_id": timer["id"] }));
        let ran = env.run(&[&BILL[..], &["--yes"], typed].concat());
        match asked {
            Some(flag) => refused(&env, &ran, 5, flag),
            None => drop(ran.ends(0)),
        }
    }
}

#[test]
fn time_is_logged_charged_and_invoiced_in_one_plan() {
    let env = TestEnv::new();
    let preview = env.run(&[&BILL[..], &["--log-time", "--dry-run"], &START].concat());
    let shown = &preview.ends(0).stdout;
    for part in [
        "0.5 x Labor - Remote @ $120.00 = $60.00",
        "logged as 0:30 from Tue 2026-03-17 09:10 CDT",
        "\"timer_entry_id\": \"{timer.id}\"",
    ] {
        assert_eq!(shown.matches(part).count(), 1, "{part}: {shown}");
    }
    let ran = logged(&env, &START);
    ran.ends(0);
    assert_eq!(steps(&ran), ["comment", "timer", "charge", "mend", "invoice", "status"]);
    assert_eq!(ran.json().unwrap()["outcome"], "done");
    let timers = env.account().timers(TILL);
    assert_eq!(instant(&timers[0]["start_time"]), BEGAN.parse().unwrap());
    assert_eq!(timers[0]["notes"], MESSAGE);
    assert_eq!(entries(&env, TILL), [(Some(REMOTE), 30, true)]);
    assert_eq!(lines(&env, TILL), [(Some(REMOTE), "0.5".to_owned())]);
    assert_eq!(subtotal(&env, TILL), Decimal::from(60));
    assert_eq!(env.state(TILL).status(), "Invoiced");
    // What Syncro has made of it is right as it is.
    let sent: Vec<String> = env.writes().iter().map(|line| line.what()).collect();
    assert_eq!(
        sent,
        [
            "POST comment",
            "POST timer_entry",
            "POST charge_timer_entry",
            "POST invoices",
            "PUT 108443837"
        ]
    );
}

/// The day is named where it is another one, the zone where it is not this machine's.
#[test]
fn today_in_the_machines_zone_the_log_has_the_clock_alone() {
    let env = TestEnv::new();
    for (zone, start, line_ends) in [
        ("America/Chicago", "today 00:00", "logged as 0:30 from 00:00\n"),
        ("America/Chicago", START[1], "logged as 0:30 from Tue 2026-03-17 09:10\n"),
        ("Europe/Oslo", START[1], "logged as 0:30 from Tue 2026-03-17 09:10 CDT\n"),
    ] {
        let bill = [&BILL[..], &["--log-time", "--dry-run", "--start", start]].concat();
        let shown = env.run_with(&bill, &[("TZ", zone)]);
        assert!(shown.ends(0).stdout.contains(line_ends), "{zone}, {start}: {shown}");
    }
    let bill = [&BILL[..], &["--log-time", "--dry-run", "--start", "today 00:00"]].concat();
    let shown = env.run_with(&bill, &[("TZ", "Europe/Oslo")]);
    assert!(shown.ends(0).stdout.contains("logged as 0:30 from 00:00 C"), "{shown}");
}

#[test]
fn without_a_start_the_time_ends_now() {
    let env = TestEnv::new();
    logged(&env, &[]).ends(0);
    let ended = instant(&env.account().timers(TILL)[0]["end_time"]);
    let ago = Timestamp::now().duration_since(ended);
    assert!(ago < SignedDuration::from_secs(60) && ago > SignedDuration::from_secs(-5), "{ago}");
}

/// One entry begins when the one before it ends, and what is counted by pieces has none.
#[test]
fn several_lines_follow_one_another() {
    let env = TestEnv::new();
    let more = ["--add", "onsite=45m", "--add", "travel"];
    let ran = logged(&env, &[&more[..], &START].concat());
    ran.ends(0);
    assert_eq!(
        steps(&ran),
        [
            "comment",
            "timer",
            "charge",
            "mend",
            "timer",
            "charge",
            "mend",
            "line_item",
            "invoice",
            "status"
        ]
    );
    assert_eq!(entries(&env, TILL), [(Some(REMOTE), 30, true), (Some(ONSITE), 45, true)]);
    let timers = env.account().timers(TILL);
    assert_eq!(timers[0]["end_time"], timers[1]["start_time"]);
    // 0.5 h at 120, 0.75 h at 150, a trip at 45.
    assert_eq!(subtotal(&env, TILL), "217.5".parse().unwrap());
}

/// The entry has the time that was spent, the line the hours that are billed.
#[test]
fn the_entry_has_the_real_time() {
    let minimum = [("17340021", "minimum = \"60m\"")];
    let free = [("17340021", "free = true")];
    for (replace, more, hours, sum) in [
        (&minimum[..], "", "1", "120"),
        (&minimum, "--exact", "0.5", "60"),
        (&free, "", "0.5", "0"),
        (&[("17340021", "rate = \"100.00\"")], "", "0.5", "50"),
    ] {
        let env = office(replace, "", &[]);
        let more: Vec<&str> = more.split_whitespace().collect();
        let ran = logged(&env, &[&more[..], &START].concat());
        ran.ends(0);
        assert_eq!(entries(&env, TILL), [(Some(REMOTE), 30, true)], "{ran}");
        assert_eq!(lines(&env, TILL), [(Some(REMOTE), hours.to_owned())], "{ran}");
        assert_eq!(subtotal(&env, TILL), sum.parse().unwrap(), "{ran}");
    }
}

#[test]
fn prepaid_emergency_is_logged_as_it_was_and_billed_at_half_again() {
    let env = TestEnv::new();
    let args = ["bill", "32180", "--labor", "emergency", "--minutes", "60", "--log-time", "--yes"];
    let more = ["--no-comment", "--description", "Switch replaced"];
    env.run(&[&args[..], &more, &START].concat()).ends(0);
    assert_eq!(entries(&env, 32_180), [(Some(ONSITE), 60, true)]);
    assert_eq!(lines(&env, 32_180), [(Some(ONSITE), "1.5".to_owned())]);
    assert_eq!(subtotal(&env, 32_180), Decimal::ZERO, "covered by the block");
}

/// What was typed is billed: the account's own rounding is set right, and said.
#[test]
fn an_account_that_rounds_bills_what_was_typed() {
    let env = office(&[], "", &["timer-charge=rounded-up"]);
    let args = ["bill", "32181", "--minutes", "8", "--labor", "remote", "-m", MESSAGE];
    let ran = env.run(&[&args[..], &["--log-time", "--yes"], &START].concat());
    ran.ends(0).says("as 0.25 hours, not 0.1333");
    assert_eq!(entries(&env, TILL), [(Some(REMOTE), 8, true)]);
    assert_eq!(lines(&env, TILL), [(Some(REMOTE), "0.1333".to_owned())]);
    assert_eq!(subtotal(&env, TILL), Decimal::from(16));
}

/// An account that charges new time by itself has charged it: once is enough.
#[test]
fn what_the_account_charges_at_once_is_not_charged_again() {
    let env = office(&[], "", &["timer@*=charged"]);
    let ran = logged(&env, &[&["--add", "onsite=45m"][..], &START].concat());
    ran.ends(0).says("at once");
    assert!(!env.writes().iter().any(|line| line.what() == "POST charge_timer_entry"), "{ran}");
    assert_eq!(entries(&env, TILL), [(Some(REMOTE), 30, true), (Some(ONSITE), 45, true)]);
    assert_eq!(lines(&env, TILL).len(), 2);
    assert_eq!(subtotal(&env, TILL), "172.5".parse().unwrap());
}

/// What nothing was sent for is no lost answer, however late that is told: when the bill's price was lost and mended.
#[test]
fn what_was_charged_at_once_is_no_lost_answer_after_a_repair() {
    let env = office(&[], "", &["timer@*=charged", "invoice-create=zero-invoice"]);
    let args = ["bill", "32181", "--minutes", "30", "--labor", "remote", "-m", MESSAGE];
    env.run(&[&args[..], &["--log-time", "--yes"], &START].concat()).ends(1);
    let ran = env.run(&["resume", "--yes", "--repair"]);
    ran.ends(0);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(said.contains("(already there)"), "{said}");
    assert!(!said.contains("the answer was lost"), "{said}");
}

#[test]
fn the_configuration_logs_unless_a_flag_says_otherwise() {
    let on = "[billing]\nlog_time = \"charge\"\n";
    let bill = [&BILL, &["--yes", "--json"][..]].concat();
    let env = office(&[], on, &[]);
    env.run(&bill).ends(0);
    assert_eq!(entries(&env, TILL).len(), 1);
    let env = office(&[], on, &[]);
    env.run(&[&bill[..], &["--no-log-time"]].concat()).ends(0);
    assert!(entries(&env, TILL).is_empty());
    let env = office(&[], "[billing]\nlog_time = \"off\"\n", &[]);
    env.run(&bill).ends(0);
    assert!(entries(&env, TILL).is_empty());
    let env = office(&[], "[billing]\nlog_time = \"yes\"\n", &[]);
    let ran = env.run(&bill);
    refused(&env, &ran, 10, r#"billing.log_time must be \"off\" or \"charge\""#);
}

/// Clocked time stays one entry, and what is added to it is logged beside it.
#[test]
fn clocked_time_is_charged_as_it_is() {
    let env = office(&[], "[billing]\nlog_time = \"charge\"\n", &[]);
    let args = ["bill", "32168", "--from-timers", "-m", MESSAGE, "--yes", "--json"];
    let ran = env.run(&[&args[..], &["--add", "onsite=45m"], &START].concat());
    ran.ends(0);
    assert_eq!(entries(&env, 32_168), [(Some(REMOTE), 45, true), (Some(ONSITE), 45, true)]);
    assert_eq!(subtotal(&env, 32_168), "202.5".parse().unwrap());
}

#[test]
fn flags_that_do_not_fit() {
    let env = TestEnv::new();
    let bill = |more: &[&str]| env.run(&[&BILL[..], &["--yes", "--json"], more].concat());
    refused(&env, &bill(&START), 2, "--log-time");
    refused(&env, &bill(&["--log-time", "--no-log-time"]), 2, "cannot be used with");
    refused(&env, &bill(&["--no-log-time", "--start", "9:00"]), 2, "cannot be used with");
    refused(&env, &bill(&["--log-time", "--start", "at dawn"]), 2, "--start");
    refused(&env, &bill(&["--log-time", "--add", "onsite=1.33h"]), 2, "whole minutes");
    let clocked = ["bill", "32168", "--from-timers", "--no-comment", "--yes", "--log-time"];
    let ran = env.run(&[&clocked[..], &START].concat());
    refused(&env, &ran, 2, "this bill logs no time");
}

#[test]
fn the_guards_of_time_and_of_lines_hold() {
    let guarded = |env: &TestEnv, flag: &str, more: &[&str]| {
        refused(env, &logged(env, &[&START[..], more].concat()), 5, flag);
        logged(env, &[&START[..], more, &[flag]].concat()).ends(0);
    };
    // Charged, so that nothing waits; a quarter of an hour more than is billed.
    let env = TestEnv::new();
    let time = serde_json::json!({
        "start_at": "2026-03-17T14:00:00Z", "duration_minutes": 45, "product_id": REMOTE, "notes": "Spool",
    });
    env.account().clock(TILL, &time);
    let charge = format!("/tickets/{}/charge_timer_entry", ticket_id(TILL));
    let entry = env.account().timers(TILL)[0]["id"].clone();
    env.account().write("POST", &charge, &serde_json::json!({ "timer_entry_id": entry }));
    guarded(&env, "--overlap", &[]);
    let env = TestEnv::new();
    env.account().line(TILL, "0.5", "120", MESSAGE);
    guarded(&env, "--same-line", &[]);
    // Twice in one bill.
    let env = TestEnv::new();
    guarded(&env, "--same-line", &["--add", "remote=30m"]);
    let env = TestEnv::new();
    let large = ["--minutes", "13h", "--labor", "remote", "--log-time", "--yes", "-m", MESSAGE];
    let ran = env.run(&[&["bill", "32181"][..], &large, &START].concat());
    refused(&env, &ran, 5, "--large");
    let env = office(&[], "", &[]);
    env.account().clock(TILL, &time);
    guarded(&env, "--leave-timers", &["--overlap"]);
}
