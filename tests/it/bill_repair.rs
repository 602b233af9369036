//! The repair of a bill that went wrong, itself under faults and killed: in the end there is one right invoice.

use std::fmt;

use rust_decimal::Decimal;

use serde_json::json;

use crate::support::{BILLED, Problems, Setup, TILL, TestEnv, bill, many, money, ticket_id};

/// What went wrong with the bill, and what goes wrong with its repair.
struct Case {
    first: &'static str,
    second: String,
    /// Whether the client is killed when the second fault strikes.
    killed: bool,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let killed = if self.killed { ", killed" } else { "" };
        write!(f, "{} + {}{killed}", self.first, self.second)
    }
}

/// Each wrong bill with each write of its repair.
const WRITES: [(&str, &str); 9] = [
    ("line=lost-price", "line-update"),
    ("line=lost-price", "invoice-create"),
    ("line=lost-price", "ticket-update"),
    ("invoice-create=zero-invoice", "invoice-delete"),
    ("invoice-create=zero-invoice", "invoice-create@2"),
    ("invoice-create=zero-invoice", "ticket-update"),
    ("invoice-create=empty-invoice", "invoice-delete"),
    ("invoice-create=empty-invoice", "invoice-create@2"),
    ("invoice-create=empty-invoice", "ticket-update"),
];

const KINDS: [&str; 14] = [
    "close-before",
    "close-after",
    "500-before",
    "500-after",
    "html-before",
    "html-after",
    "null",
    "garbled",
    "hang-before",
    "hang-after",
    "late:150",
    "429:1",
    "422:4",
    "302-after",
];

fn env(case: &Case, timeout: &'static str) -> TestEnv {
    TestEnv::of(Setup {
        faults: vec![case.first.to_owned(), case.second.clone()],
        timeout,
        ..Setup::default()
    })
}

/// `resume` brings it to its end, and then nothing is left.
fn check_end(env: &TestEnv, first: &str, problems: &mut Problems) {
    let ran = env.run(&["resume", "--yes", "--repair", "--json"]);
    let story = format!("{first}\n    resume: {}", ran.brief());
    let state = env.state(TILL);
    if state.ours() != BILLED {
        problems.unless(false, || format!("{:?} in the end: {story}", state.ours()));
        return;
    }
    problems.unless(ran.code == 0, || format!("all is there, but: {story}"));
    problems.same("subtotal", money(&state.invoices[0]["subtotal"]), Decimal::from(60));
    problems.same("price", money(&state.lines[0]["price_retail"]), Decimal::from(120));
    let again = env.run(&["resume", "--yes", "--json"]);
    problems.unless(again.code == 0 && again.stderr.contains("no pending plans"), || {
        format!("resume once more: {}", again.brief())
    });
    problems.same("the ticket after that", env.state(TILL).figures(), state.figures());
}

#[test]
fn under_faults() {
    let mut cases = Vec::new();
    for (first, write) in WRITES {
        for kind in KINDS {
            cases.push(Case { first, second: format!("{write}={kind}"), killed: false });
        }
    }
    many("repairs", &cases, |case, problems| {
        let env = env(case, "0.8");
        let ran = env.run(&bill(&["--yes", "--repair", "--json"]));
        let json = ran.json();
        problems.unless(json.is_some(), || format!("stdout is not one JSON value: {ran}"));
        let done = json.is_some_and(|json| json["outcome"] == "done");
        problems.unless(done == (ran.code == 0), || {
            format!("the outcome does not fit: {}", ran.brief())
        });
        let state = env.state(TILL);
        if done {
            problems.same("the ticket of a done bill", state.ours(), BILLED);
        }
        problems.unless(
            state.counts().0 <= 1 && state.counts().1 <= 1 && state.counts().2 <= 2,
            || format!("{:?}: {}", state.ours(), ran.brief()),
        );
        check_end(&env, &ran.brief(), problems);
    });
}

#[cfg(unix)]
#[test]
fn killed() {
    let mut cases = Vec::new();
    for (first, write) in WRITES {
        for kind in ["hang-before", "hang-after"] {
            cases.push(Case { first, second: format!("{write}={kind}"), killed: true });
        }
    }
    many("killed repairs", &cases, |case, problems| {
        let env = env(case, "60");
        let running = env.spawn(&bill(&["--yes", "--repair", "--json"]));
        env.until_logged(|line| line.fault.as_deref() == Some(&case.second));
        let ran = running.kill();
        check_end(&env, &ran.brief(), problems);
    });
}

/// Somebody has paid or replaced the wrong invoice: that is no longer ours to delete.
#[test]
fn never_of_what_is_not_ours() {
    let env = TestEnv::with(&["invoice-create=zero-invoice"]);
    env.run(&bill(&["--yes", "--json"])).ends(1);
    env.colleague().invoice(TILL);
    let before = env.state(TILL).figures();
    let ran = env.run(&["resume", "--yes", "--repair", "--json"]);
    assert_ne!(ran.code, 0, "{ran}");
    assert_eq!(env.state(TILL).figures(), before);
    assert!(env.writes().iter().all(|line| line.method != "DELETE"));
}

/// A lost price is repaired; another price has a reason that nobody has read.
#[test]
fn never_by_guess() {
    let env = TestEnv::with(&["line=lost-price"]);
    env.run(&bill(&["--yes", "--json"])).ends(1);
    let line = env.state(TILL).lines[0]["id"].clone();
    let body = json!({"ticket_line_item_id": line, "price_retail": 95, "taxable": false});
    let path = format!("/tickets/{}/update_line_item", ticket_id(TILL));
    env.colleague().write("PUT", &path, &body);
    let before = env.state(TILL).figures();
    let ran = env.run(&["resume", "--yes", "--repair", "--json"]);
    assert_ne!(ran.code, 0, "{ran}");
    ran.says("costs $95.00, not $120.00; the reason is not known");
    assert_eq!(env.state(TILL).figures(), before);
}

/// Where no repair is possible, none is proposed.
#[test]
fn what_cannot_be_repaired_is_led_to_no_repair() {
    let env = TestEnv::with(&["invoice-create=zero-invoice"]);
    let ran = env.run(&bill(&["--yes"]));
    assert!(ran.ends(1).stderr.contains("--repair` to repair it"), "{ran}");
    let state = env.state(TILL);
    let line = state.lines.iter().find(|line| line["product_id"] == 17_340_021).unwrap();
    let two = json!({"ticket_line_item_id": line["id"], "quantity": 2, "taxable": false});
    let path = format!("/tickets/{}/update_line_item", ticket_id(TILL));
    env.colleague().write("PUT", &path, &two);
    let ran = env.run(&["resume", "--yes", "--repair"]);
    let said = &ran.ends(1).stderr;
    assert!(said.contains("no repair is possible: "), "{ran}");
    assert!(said.contains("fix it in Syncro, then run `syncro resume "), "{ran}");
    assert!(!said.contains("--repair` to repair it"), "{ran}");
}

/// What its customer is not to get yet is published, not emailed.
#[test]
fn a_bill_that_made_a_draft_leads_to_its_publishing() {
    let env = TestEnv::with(&["invoice-create=drafted"]);
    let ran = env.run(&bill(&["--yes"]));
    let invoice = env.state(TILL).invoices[0]["id"].clone();
    let next = format!("Next: syncro api POST /invoices/{invoice}/publish\n");
    assert!(ran.ends(0).stdout.contains(&next), "{ran}");
    env.run(&["api", "POST", &format!("invoices/{invoice}/publish"), "--yes"]).ends(0);
    let env = TestEnv::new();
    let ran = env.run(&bill(&["--yes"]));
    assert!(ran.ends(0).stdout.contains("Next: syncro invoice email "), "{ran}");
}
