//! Invoices that are published and taken back, in an account that has drafts and in one that has none.

use serde_json::{Value, json};

use super::{done, invoice, refused, run, shown};
use crate::support::{BILLED, Setup, TILL, TestEnv, bill};

/// A draft of $60.00 for the till's customer, by its path.
fn one_draft(env: &TestEnv) -> String {
    env.account().line(TILL, "0.5", "120", "Spool");
    let made = env.account().invoice(TILL);
    let path = format!("invoices/{}", made["invoice"]["id"]);
    env.account().write("POST", &format!("/{path}/convert_to_draft"), &json!({}));
    path
}

fn status(env: &TestEnv, path: &str) -> Value {
    env.account().get(&format!("/{path}"))["invoice"]["status"].take()
}

#[test]
fn a_draft_is_published_and_taken_back() {
    let (env, path) = TestEnv::prepared(Setup::default(), one_draft);
    let (publish, back) = (format!("{path}/publish"), format!("{path}/convert_to_draft"));
    let rows = ["Quillfeather Books", "$60.00, draft", "draft -> published", "may email it"];
    shown(&env, &["POST", &publish], &rows);
    run(&env, &["POST", &back]).is_so_already();
    done(&env, &["POST", &publish]);
    assert_eq!(status(&env, &path), "published");
    shown_after(&env, &back, &["$60.00, unpaid", "published -> draft", "may have the invoice"]);
    done(&env, &["POST", &back]);
    assert_eq!((status(&env, &path), env.writes().len()), (json!("draft"), 2));
    run(&env, &["POST", "invoices/1/publish"]).ends(3).says("no invoice 1");
}

/// What would be shown once something was sent.
#[track_caller]
fn shown_after(env: &TestEnv, path: &str, texts: &[&str]) {
    let ran = env.run(&["api", "POST", path, "--dry-run"]);
    for text in texts {
        assert!(ran.ends(0).stdout.contains(text), "{text}: {ran}");
    }
}

/// No other request publishes, and none that does takes more along.
#[test]
fn publishing_has_one_door() {
    let (env, path) = TestEnv::prepared(Setup::default(), one_draft);
    let publish = format!("{path}/publish");
    for field in ["status=published", "published_date=2026-03-17"] {
        refused(&env, &["PUT", &path, "-f", field], 2, "/publish");
    }
    refused(&env, &["POST", &publish, "-F", "paid=true"], 2, "takes no fields");
    refused(&env, &["POST", &publish, "-f", "note=password: hunter-two"], 2, "takes no fields");
    // What is so already is no change.
    done(&env, &["PUT", &path, "-f", "status=draft", "-f", "note=Spool"]);
    assert_eq!(status(&env, &path), "draft");
}

#[test]
fn what_stands_against_publishing_is_asked() {
    let free = |env: &TestEnv| {
        env.account().line(TILL, "0.5", "0", "Spool");
        let made = env.account().invoice(TILL);
        let path = format!("invoices/{}", made["invoice"]["id"]);
        env.account().write("POST", &format!("/{path}/convert_to_draft"), &json!({}));
        path
    };
    let (env, path) = TestEnv::prepared(Setup::default(), free);
    refused(&env, &["POST", &format!("{path}/publish")], 5, "--zero");
    let (env, path) = TestEnv::prepared(Setup::default(), one_draft);
    let publish = format!("{path}/publish");
    env.account().write("PUT", "/customers/31204551", &json!({"no_email": true}));
    refused(&env, &["POST", &publish], 5, "--opted-out");
    done(&env, &["POST", &publish, "--opted-out"]);
    // What somebody has paid for is not taken back.
    let paid = invoice(&env, "67410");
    let back = format!("invoices/{paid}/convert_to_draft");
    run(&env, &["POST", &back]).ends(5).says("fully or partly paid");
    assert_eq!(env.writes().len(), 1);
}

/// The account says by its invoices that it has none, before anything is sent. An answer that there are none changes nothing.
#[test]
fn an_account_without_drafts_says_so() {
    for (faults, code, says, writes) in [
        (&["invoice@*=no-drafts"][..], 5, "this account has no draft invoices", 0),
        (&["invoice-publish=no-drafts"], 3, "404", 1),
        (&["invoice-publish=422"], 5, "422", 1),
    ] {
        let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
        let (env, path) = TestEnv::prepared(Setup { faults, ..Setup::default() }, one_draft);
        let ran = run(&env, &["POST", &format!("{path}/publish")]);
        ran.ends(code).says(says);
        assert_eq!(env.writes().len(), writes, "{ran}");
        assert_eq!(status(&env, &path), "draft", "{ran}");
    }
}

#[test]
fn a_draft_is_not_overdue_and_is_not_emailed_unasked() {
    let late = |env: &TestEnv| {
        let path = one_draft(env);
        let due = json!({"due_date": "2026-03-01", "date": "2026-03-01"});
        env.account().write("PUT", &format!("/{path}"), &due);
        path
    };
    let (env, path) = TestEnv::prepared(Setup::default(), late);
    let number = env.account().get(&format!("/{path}"))["invoice"]["number"].take();
    let number = number.as_str().unwrap().to_owned();
    let list = env.run(&["invoice", "list", "--customer", "31204551"]);
    let row = list.ends(0).stdout.lines().find(|line| line.contains(&number)).unwrap().to_owned();
    assert!(row.contains("draft") && !row.contains("overdue"), "{list}");
    let shows = env.run(&["invoice", "show", &number]);
    assert!(shows.ends(0).stdout.contains("draft  $60.00"), "{shows}");
    let email = env.run(&["invoice", "email", &number, "--dry-run"]);
    assert!(email.ends(0).stdout.contains("is a draft: the customer would get it"), "{email}");
    let typed = ["invoice", "email", &number, "--yes"];
    env.run(&typed).ends(5).says("--unpublished");
    run(&env, &["POST", &format!("{path}/email")]).ends(5).says("--unpublished");
    assert!(env.writes().is_empty());
    env.run(&[&typed[..], &["--unpublished"]].concat()).ends(0);
    assert_eq!(env.writes().len(), 1);
}

/// Where an account makes drafts, a bill is right all the same, and says what is left to do.
#[test]
fn a_bill_that_became_a_draft_says_so() {
    let env = TestEnv::with(&["invoice-create=drafted"]);
    let ran = env.run(&bill(&["--yes", "--json"]));
    let json = ran.ends(0).json().unwrap();
    let warnings = json["warnings"].to_string();
    assert!(warnings.contains("is a draft: its customer gets it once"), "{ran}");
    assert_eq!(env.state(TILL).ours(), BILLED);
}
