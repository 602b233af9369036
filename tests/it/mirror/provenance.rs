//! What an answer from the mirror says of itself: how old it is, and what of the account it lacks.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{left_out, open, records, synced};
use crate::support::{TILL, TestEnv, ticket_id};

const DELETED: &str = "records deleted lately may still be in the mirror";

/// The second of a `Date` header has passed.
fn later() {
    std::thread::sleep(Duration::from_millis(1_100));
}

#[test]
fn what_may_be_deleted_is_said_until_all_is_read_again() {
    let env = TestEnv::slipped();
    synced(&env, &["--since", "2020-01-01"]);
    let ran = env.run(&["report", "ar", "--offline", "--json"]);
    assert!(!left_out(&ran).contains(&DELETED.to_owned()), "{ran}");
    assert!(!ran.stderr.contains("deleted since"), "{ran}");
    let owed = |ran: &crate::support::Ran| ran.ends(0).json().unwrap()["totals"].clone();
    let before = owed(&ran);

    later();
    let account = env.account();
    let unpaid = account.get("/invoices?unpaid=true")["invoices"].as_array().unwrap().clone();
    let is_owed = |one: &&Value| !one["total"].as_str().unwrap_or("0").starts_with("0");
    let invoice = unpaid.iter().find(is_owed).unwrap()["id"].clone();
    assert_eq!(account.call("DELETE", &format!("/invoices/{invoice}"), None).0, 200);
    synced(&env, &[]);
    // As long as nobody has seen that it is gone, it is counted, and the report does not pass for complete.
    let ran = env.run(&["report", "ar", "--offline", "--json"]);
    assert_eq!(owed(&ran), before);
    assert!(left_out(&ran).contains(&DELETED.to_owned()), "{ran}");
    ran.says("; records deleted since ").says(" may still be in it, and changes of older ones");
    let ran = env.run(&["tickets", "--offline"]);
    ran.ends(0).says("; records deleted since ").says(" may still be in it\n");
    env.run(&["search", "--said", "gift"]).ends(0).says("; records deleted since ");
    let status = env.run(&["sync", "--status"]);
    assert!(status.stdout.contains(", deletions as of "), "{status}");
    // Customers are read as a whole each day.
    let ran = env.run(&["customers", "--offline"]);
    assert!(!ran.ends(0).stderr.contains("deleted since"), "{ran}");

    synced(&env, &["--full"]);
    let ran = env.run(&["report", "ar", "--offline", "--json"]);
    assert!(!left_out(&ran).contains(&DELETED.to_owned()), "{ran}");
    assert_ne!(owed(&ran), before);
    assert!(!ran.stderr.contains("deleted since"), "{ran}");
}

#[test]
fn a_report_that_checks_and_may_have_missed_something_does_not_say_that_all_is_well() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let nothing = ["report", "alerts", "--customer", "Quillfeather", "--check", "--offline"];
    let code = env.run(&nothing).code;
    let swept = "UPDATE meta SET value = '\"2026-03-01T00:00:00Z\"' WHERE key LIKE '%.swept'";
    open(&env).execute(swept, []).unwrap();
    let ran = env.run(&nothing);
    ran.ends(if code == 0 { 8 } else { code }).says(DELETED);
}

#[test]
fn pages_that_are_read_one_by_one_are_as_old_as_the_first_of_them() {
    let env = TestEnv::with(&["all-comments@*=404", "ticket@*=slow:60"]);
    synced(&env, &["--only", "comments,tickets,details"]);
    let text = |sql: &str| open(&env).query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let read = text("SELECT value ->> '$' FROM meta WHERE key = 'details.read'");
    let [first, last] = ["min", "max"]
        .map(|one| text(&format!("SELECT {one}(seen) FROM rec WHERE kind = 'details'")))
        .map(|seen| seen.parse::<Timestamp>().unwrap());
    assert!(first < last, "{first}");
    assert!(read.parse::<Timestamp>().unwrap() <= first, "{read} {first}");
}

#[test]
fn one_record_is_as_old_as_its_own_page() {
    let env = TestEnv::new();
    synced(&env, &["--patches"]);
    let old = Timestamp::now().checked_sub(SignedDuration::from_hours(40)).unwrap();
    let old = Timestamp::from_second(old.as_second()).unwrap();
    let seen = "UPDATE rec SET seen = ? WHERE kind = ? AND (?3 = 0 OR id = ?3)";
    let set = |kind: &str, id: i64| {
        open(&env).execute(seen, rusqlite::params![old.to_string(), kind, id]).unwrap()
    };
    // A ticket that was closed long ago is left alone.
    let kept = records(&env);
    let is_closed = |(key, one): &(&(String, i64), &Value)| {
        key.0 == "tickets" && one["status"].as_str() == Some("Resolved")
    };
    let closed = kept.iter().find(is_closed).unwrap().1;
    assert_eq!(set("details", closed["id"].as_i64().unwrap()), 1);
    let ran = env.run(&["ticket", &closed["number"].to_string(), "--offline"]);
    ran.ends(0).says("warning: mirror of ").says(", 1 day old").says("`syncro sync --full` brings");
    let as_of = |args: &[&str]| {
        let ran = env.run(&[args, &["--offline", "--json"]].concat());
        let as_of = ran.ends(0).json().unwrap()["as_of"].clone();
        as_of.as_str().unwrap().parse::<Timestamp>().unwrap()
    };
    let report = ["report", "uninvoiced", "--since", "2020-01-01"];
    assert!(as_of(&report) > old);
    // Nor is it when it is the only one of a list.
    let id = closed["id"].as_i64().unwrap();
    let (env_of_one, seen_of_one) = (TestEnv::new(), seen);
    synced(&env_of_one, &[]);
    let db = open(&env_of_one);
    db.execute("DELETE FROM rec WHERE kind IN ('tickets', 'details') AND id <> ?", [id]).unwrap();
    let values = rusqlite::params![old.to_string(), "details", id];
    assert_eq!(db.execute(seen_of_one, values).unwrap(), 1);
    drop(db);
    let ran = env_of_one.run(&[&report[..], &["--offline"]].concat());
    assert!(!ran.ends(0).stderr.contains("1 day old"), "{ran}");

    assert_eq!(set("details", ticket_id(TILL)), 1);
    let ran = env.run(&["ticket", &TILL.to_string(), "--offline"]);
    ran.ends(0).says("warning: mirror of ").says(", 1 day old").says("`syncro sync` brings");
    assert_eq!(as_of(&report), old);

    assert!(set("patches", 0) > 0);
    let ran = env.run(&["asset", "patches", "12400000", "--offline"]);
    ran.ends(0).says(", 1 day old").says("`syncro sync --patches` brings");
}
