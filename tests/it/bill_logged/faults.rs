//! The three writes of logged time under faults, kills and colleagues: each entry is made once and charged once.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use syncro::sandbox::KEY;

use super::entries;
use crate::support::{
    Account, Altered, BILL, MESSAGE, Problems, Ran, Setup, TILL, TRAINEE, TestEnv, many, money,
};

const REMOTE: i64 = 17_340_021;

const WRITES: [&str; 6] =
    ["comment", "timer", "timer-charge", "line-update", "invoice-create", "ticket-update"];

/// The fault at one write; where that is the mending, the product was lost before.
fn faults(write: &str, kind: &str) -> String {
    match write {
        "line-update" => format!("timer-charge=lost-product {write}={kind}"),
        _ => format!("{write}={kind}"),
    }
}

fn args() -> Vec<&'static str> {
    [&BILL, &["--log-time", "--yes", "--json"][..]].concat()
}

/// The whole bill as it must be in the end.
fn check_end(env: &TestEnv, story: &str, problems: &mut Problems) {
    let state = env.state(TILL);
    problems.same(
        &format!("comments, lines, invoices, status ({story})"),
        (state.said(MESSAGE), state.lines.len(), state.invoices.len(), state.status()),
        (1, 1, 1, "Invoiced"),
    );
    problems.same(
        &format!("entries ({story})"),
        entries(env, TILL),
        vec![(Some(REMOTE), 30, true)],
    );
    if let [invoice] = state.invoices.as_slice() {
        problems.same("subtotal", money(&invoice["subtotal"]), Decimal::from(60));
    }
    if let [line] = state.lines.as_slice() {
        problems.same("product", line["product_id"].as_i64(), Some(REMOTE));
        problems.same("price", money(&line["price_retail"]), Decimal::from(120));
        problems.same("hours", money(&line["quantity"]), Decimal::new(5, 1));
        problems.same("description", line["description"].as_str(), Some(MESSAGE));
        problems.same("whose", line["user_id"].as_i64(), Some(TRAINEE));
    }
    let again = env.run(&["resume", "--yes", "--json"]);
    problems.unless(again.stderr.contains("no pending plans"), || {
        format!("resume once more: {}", again.brief())
    });
}

/// No POST of time is sent twice by one run, unless the API itself said that it was too many.
fn check_sent_once(env: &TestEnv, case: &str, ran: &Ran, problems: &mut Problems) {
    for what in ["POST timer_entry", "POST charge_timer_entry"] {
        let sent = env.writes().iter().filter(|line| line.what() == what).count();
        problems.unless(sent <= 1 || case.contains("=429"), || {
            format!("{what} was sent {sent} times: {}", ran.brief())
        });
    }
}

#[test]
fn under_faults_it_is_logged_and_charged_once() {
    let kinds = [
        "close-before",
        "close-after",
        "500-before",
        "500-after",
        "html-after",
        "null",
        "nulls",
        "garbled",
        "foreign",
        "wrong-id",
        "hang-before",
        "hang-after",
        "late:150",
        "429:1",
        "422:4",
        "302-after",
    ];
    let mut cases: Vec<String> =
        WRITES.iter().flat_map(|write| kinds.map(|kind| faults(write, kind))).collect();
    // What the answer and the record of a charge may lack, and what an account does by itself.
    cases
        .extend(["unnamed", "lost-price", "lost-product"].map(|kind| faults("timer-charge", kind)));
    for kind in ["close-after", "null", "hang-after", "late:150"] {
        cases.push(format!("timer@1=charged timer-charge={kind}"));
    }
    many("logged bills under faults", &cases, |case, problems| {
        let env = TestEnv::of(Setup {
            faults: case.split(' ').map(str::to_owned).collect(),
            timeout: "0.8",
            ..Setup::default()
        });
        let ran = env.run(&args());
        check_sent_once(&env, case, &ran, problems);
        let state = env.state(TILL);
        problems.unless(
            state.said(MESSAGE) <= 1
                && state.lines.len() <= 1
                && state.invoices.len() <= 1
                && env.account().timers(TILL).len() <= 1,
            || format!("{:?}: {}", state.figures(), ran.brief()),
        );
        let mut story = ran.brief();
        if ran.code != 0 {
            let resumed = env.run(&["resume", "--yes", "--json"]);
            story = format!("{story}; resume: {}", resumed.brief());
        }
        let is_closed = env.journal().iter().all(|plan| plan.is_closed());
        if env.state(TILL).status() != "Invoiced" && is_closed {
            // Refused at its first write, it was no bill.
            env.run(&args()).ends(0);
        }
        check_end(&env, &story, problems);
    });
}

#[cfg(unix)]
#[test]
fn killed_in_a_write_or_between_two() {
    let mut cases: Vec<String> = WRITES
        .iter()
        .flat_map(|write| ["hang-before", "hang-after"].map(|kind| faults(write, kind)))
        .collect();
    for read in ["ticket@2", "ticket@3", "ticket@4", "ticket@5", "invoices@2", "invoice"] {
        cases.push(format!("timer-charge=lost-product {read}=hang-before"));
        cases.push(format!("timer-charge=unnamed {read}=hang-before"));
        cases.push(format!("timer=charged {read}=hang-before"));
    }
    many("killed logged bills", &cases, |case, problems| {
        let faults: Vec<String> = case.split(' ').map(str::to_owned).collect();
        let last = faults.last().cloned();
        let env = TestEnv::of(Setup { faults, timeout: "60", ..Setup::default() });
        let running = env.spawn(&args());
        env.until_logged(|line| line.fault == last);
        problems.same("the code of a killed run", running.kill().code, -1);
        let refused = env.run(&args());
        problems.unless(refused.code == 5 && refused.stderr.contains("syncro resume"), || {
            format!("the same command: {}", refused.brief())
        });
        let ran = env.run(&["resume", "--yes", "--json"]);
        problems.unless(ran.code == 0, || format!("resume: {}", ran.brief()));
        check_end(&env, &ran.brief(), problems);
    });
}

/// A line or an invoice of somebody else's is not on the invoice, and not under it.
#[test]
fn a_colleague_in_between_stops_it_before_the_invoice() {
    let cases = [
        ("timer=then-colleague:line", 2),
        ("timer-charge=then-colleague:line", 2),
        ("timer-charge=then-colleague:same-line", 2),
        ("timer-charge=then-colleague:invoice", 1),
    ];
    let cases: Vec<String> =
        cases.iter().map(|(fault, lines)| format!("{fault} {lines}")).collect();
    many("colleagues in logged bills", &cases, |case, problems| {
        let (fault, lines) = case.split_once(' ').unwrap();
        let env = TestEnv::with(&[fault]);
        let ran = env.run(&args());
        problems.unless(ran.code == 5, || ran.brief());
        let state = env.state(TILL);
        problems.same("lines", state.lines.len().to_string().as_str(), lines);
        problems.unless(state.my_invoices().is_empty(), || format!("an invoice: {}", ran.brief()));
        let writes = env.writes().len();
        let then = env.run(&["resume", "--yes", "--json"]);
        problems.unless(then.code == 5, || format!("resume: {}", then.brief()));
        problems.same("writes after resume", env.writes().len(), writes);
    });
}

/// An account that makes entries as not billable has them charged where somebody says so: before, or once it is seen.
#[tokio::test]
async fn entries_that_are_made_as_not_billable_are_charged_once_that_is_allowed() {
    for (field, said, says) in [
        ("billable", json!(false), "is marked as not billable"),
        ("billable_time", json!(0), "is marked as not billable"),
        ("billable", json!("perhaps"), "cannot read whether"),
    ] {
        for before in [false, true] {
            let env = TestEnv::new();
            let said = said.clone();
            let server = Altered::telling(Account::new(env.base(), KEY), move |_, _, answer| {
                let entries = answer.pointer_mut("/ticket/ticket_timers");
                let entries = entries.and_then(Value::as_array_mut).into_iter().flatten();
                entries.for_each(|entry| entry[field] = said.clone());
            })
            .await;
            let there = [("SYNCRO_BASE_URL", &*server.base())];
            if before {
                env.run_with(&[&args()[..], &["--not-billable"]].concat(), &there).ends(0);
            } else {
                env.run_with(&args(), &there).ends(5).says(says).says("syncro resume");
                let id = env.journal()[0].id();
                let resume = ["resume", &id, "--yes"];
                env.run_with(&resume, &there).ends(5).says(says).says("--not-billable");
                assert!(env.state(TILL).lines.is_empty());
                env.run_with(&[&resume[..], &["--not-billable"]].concat(), &there).ends(0);
            }
            let mut problems = Problems::default();
            check_end(&env, says, &mut problems);
            assert!(problems.is_empty(), "{problems:?}");
        }
    }
}

/// The same on a terminal: the question shows what it is about.
#[cfg(unix)]
#[test]
fn a_person_is_asked_about_an_entry_that_is_not_billable() {
    let mut env =
        TestEnv::of(Setup { faults: vec!["timer-charge=429:4".to_owned()], ..Setup::default() });
    let running = env.spawn(&args());
    env.until_logged(|line| line.fault.is_some());
    assert_eq!(running.kill().code, -1);
    env.restart(&[]);
    let entry = env.account().timers(TILL)[0]["id"].take();
    env.colleague().write("PATCH", &format!("/ticket_timers/{entry}?billable=false"), &json!({}));
    let mut terminal = env.terminal(&["resume"]);
    let asked = terminal.expect("[y/N");
    assert!(asked.contains("is marked as not billable"), "{asked}");
    terminal.say("y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let mut problems = Problems::default();
    check_end(&env, &shown, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
}

/// A colleague who charges the entry, changes it, or marks it as not billable, has it billed by nobody.
#[cfg(unix)]
#[test]
fn what_somebody_does_with_the_entry_stops_it() {
    for verb in ["charge_timer_entry", "update_timer_entry", "delete_timer_entry", "billable"] {
        let mut env = TestEnv::of(Setup {
            faults: vec!["timer-charge=429:4".to_owned()],
            ..Setup::default()
        });
        let running = env.spawn(&args());
        env.until_logged(|line| line.fault.is_some());
        assert_eq!(running.kill().code, -1);
        env.restart(&[]);
        let entry = env.account().timers(TILL)[0]["id"].take();
        let ticket = crate::support::ticket_id(TILL);
        let (method, path) = match verb {
            "update_timer_entry" => ("PUT", format!("/tickets/{ticket}/{verb}")),
            "billable" => ("PATCH", format!("/ticket_timers/{entry}?billable=false")),
            _ => ("POST", format!("/tickets/{ticket}/{verb}")),
        };
        let body = serde_json::json!({"timer_entry_id": entry, "duration_minutes": 90});
        env.colleague().write(method, &path, &body);
        let writes = env.writes().len();
        let ran = env.run(&["resume", "--yes", "--json"]);
        assert!([5, 6].contains(&ran.code), "{verb}: {ran}");
        assert_eq!(env.writes().len(), writes, "{verb}: {ran}");
        assert!(env.state(TILL).invoices.is_empty(), "{verb}: {ran}");
    }
}
