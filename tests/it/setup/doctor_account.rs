//! What `doctor` hears from Syncro: whose key it is, the clock, products and rates, statuses and priority.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;

use jiff::{SignedDuration, Timestamp};

use super::doctor::{check, is};
use super::secret;
use crate::support::{Setup, TestEnv};

fn with(replace: &[(&'static str, &str)]) -> TestEnv {
    TestEnv::of(Setup {
        replace: replace.iter().map(|(old, new)| (*old, (*new).to_owned())).collect(),
        ..Setup::default()
    })
}

/// A server whose clock is off by so much, and that knows nothing but whose key it is.
fn server_off_by(off: SignedDuration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/api/v1", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let Some(Ok(first)) = lines.next() else {
                continue;
            };
            while lines.next().is_some_and(|line| !line.unwrap().is_empty()) {}
            let (status, body) = match first.contains("/me") {
                true => (
                    "200 OK",
                    r#"{"user_id": 7, "user_name": "Robin Ashgrove", "user_email": "robin@lanternfish.example"}"#,
                ),
                false => ("404 Not Found", ""),
            };
            let date = (Timestamp::now() + off).strftime("%a, %d %b %Y %H:%M:%S GMT");
            let _gone = write!(
                stream,
                "HTTP/1.1 {status}\r\nDate: {date}\r\nContent-Type: application/json\r\nConnection: close\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                body.len()
            );
        }
    });
    base
}

#[test]
fn a_wrong_clock_is_told_with_how_much() {
    let env = TestEnv::new();
    for (off, state, words) in [
        (SignedDuration::from_secs(20), "ok", vec!["matches"]),
        (SignedDuration::from_secs(-150), "warning", vec!["ahead of Syncro"]),
        (
            SignedDuration::from_hours(3),
            "problem",
            vec!["behind Syncro", "set this machine's clock"],
        ),
        (SignedDuration::from_hours(-72), "problem", vec!["3 days ahead of"]),
    ] {
        let base = server_off_by(off);
        let ran = env.run_with(&["doctor", "--json"], &[("SYNCRO_BASE_URL", &base)]);
        is(ran.ends(1), "clock", state, &words);
        is(&ran, "account", "ok", &[]);
    }
}

#[test]
fn a_key_of_somebody_else_is_a_problem() {
    let env = with(&[("robin@lanternfish.example", "mika@lanternfish.example")]);
    let ran = env.run(&["doctor", "--json"]);
    is(
        ran.ends(1),
        "account",
        "problem",
        &["Robin Ashgrove", "mika@lanternfish.example", "syncro init"],
    );
    // A name does as well as a log-in.
    let env = with(&[("robin@lanternfish.example", "robin ashgrove")]);
    is(env.run(&["doctor", "--json"]).ends(0), "account", "ok", &[]);
}

#[test]
fn products_and_their_rates() {
    let env = with(&[
        ("product_id = 17340021", "product_id = 17340021\nrate = \"120.00\""),
        ("product_id = 17340022", "product_id = 17340022\nrate = \"155\""),
        ("product_id = 17340023", "product_id = 17349999"),
        ("product_id = 17340025", "product_id = 17340027"),
    ]);
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(1);
    is(&ran, "labor.remote", "ok", &["pinned at $120.00", "the product's price"]);
    is(
        &ran,
        "labor.onsite",
        "warning",
        &["pinned at $155.00", "the product's price is $150.00", "`rate`"],
    );
    is(&ran, "labor.emergency", "problem", &["there is no product 17349999", "product_id"]);
    is(&ran, "labor.travel", "warning", &["$0.00"]);
    is(&ran, "labor.project", "ok", &["$140.00"]);
    assert_eq!(ran.error()["message"], "1 problem: labor.emergency");
}

#[test]
fn without_labor_types_nothing_can_be_billed() {
    let env = TestEnv::new();
    std::fs::write(env.config_file(), "").unwrap();
    let ran = env.run(&["doctor", "--json"]);
    is(ran.ends(0), "labor", "warning", &["you cannot bill", "syncro init"]);
}

#[test]
fn statuses_and_priority_must_be_the_accounts() {
    let env = with(&[
        ("after_bill = \"Invoiced\"", "after_bill = \"invoiced\""),
        ("after_close = \"Resolved\"", "after_close = \"Finished\""),
        ("priority = \"2 Normal\"", "priority = \"Normal\""),
        (
            "\"Resolved\", \"Invoiced\", \"Closed\"",
            "\"Resolved\", \"Invoiced\", \"Closed\", \"Gone\"",
        ),
    ]);
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(1);
    is(&ran, "tickets.after_bill", "problem", &["invoiced", "did you mean \\\"Invoiced\\\"?"]);
    is(&ran, "tickets.after_close", "problem", &["Finished", "On the Bench"]);
    is(&ran, "tickets.priority", "problem", &["did you mean \\\"2 Normal\\\"?"]);
    is(&ran, "tickets.closed", "warning", &["no status Gone"]);
    let env = with(&[("after_bill = \"Invoiced\"", "after_bill = \"\"")]);
    is(env.run(&["doctor", "--json"]).ends(0), "tickets.after_bill", "ok", &["stays unchanged"]);
}

#[test]
fn what_one_question_loses_costs_no_other() {
    let env = TestEnv::with(&["product@1=403", "settings@*=500-before"]);
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(1);
    is(&ran, "account", "ok", &[]);
    is(&ran, "tickets", "problem", &["500"]);
    is(&ran, "tickets.priority", "problem", &["500"]);
    let lost = ["remote", "onsite", "emergency", "travel", "project"]
        .iter()
        .filter(|name| check(&ran, &format!("labor.{name}"))["state"] == "problem")
        .count();
    assert_eq!(lost, 1, "{ran}");
}

#[test]
fn an_account_that_does_not_answer() {
    let mut env = TestEnv::with(&["me@*=html-before"]);
    let ran = env.run(&["doctor", "--json"]);
    is(ran.ends(1), "account", "problem", &["a login page"]);
    secret(&ran);
    env.stop();
    let ran = env.run(&["doctor", "--json"]);
    ran.ends(1);
    is(&ran, "host", "problem", &["connection refused"]);
    is(&ran, "account", "problem", &["connection refused"]);
    is(&ran, "rate", "ok", &[]);
}
