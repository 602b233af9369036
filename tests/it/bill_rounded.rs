//! Accounts that round charged time: what explains itself as that is kept and said, and no invoice comes to an amount
//! that nobody has confirmed.

use serde_json::{Value, json};

use crate::support::{MESSAGE, Ran, Setup, TILL, TestEnv, money};

const REMOTE: i64 = 17_340_021;

/// An account that counts in quarters of an hour, with eight minutes of remote labor that wait.
fn quarters(faults: &[&str], labor: Option<&str>) -> TestEnv {
    waiting(8, &[&["timer-charge=rounded-up"], faults].concat(), labor)
}

/// So many minutes of remote labor that wait.
fn waiting(minutes: u64, faults: &[&str], labor: Option<&str>) -> TestEnv {
    prepared(setup(faults, labor), minutes)
}

fn setup(faults: &[&str], labor: Option<&str>) -> Setup {
    let id = "product_id = 17340021";
    Setup {
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        timeout: "60",
        replace: labor.map(|line| (id, format!("{id}\n{line}"))).into_iter().collect(),
        ..Setup::default()
    }
}

fn prepared(setup: Setup, minutes: u64) -> TestEnv {
    TestEnv::prepared(setup, |env| {
        let time = json!({
            "start_at": "2026-03-17T02:00:00Z", "duration_minutes": minutes, "product_id": REMOTE, "notes": "Spool",
        });
        env.account().clock(TILL, &time);
    })
    .0
}

fn hours(env: &TestEnv) -> String {
    let lines = env.state(TILL).lines;
    assert_eq!(lines.len(), 1);
    money(&lines[0]["quantity"]).normalize().to_string()
}

fn billed(env: &TestEnv, more: &[&str]) -> Ran {
    let args = ["bill", "32181", "--from-timers", "-m", MESSAGE, "--yes", "--json"];
    env.run(&[&args, more].concat())
}

fn subtotals(env: &TestEnv) -> Vec<String> {
    let invoices = env.state(TILL).invoices;
    invoices.iter().map(|one| money(&one["subtotal"]).normalize().to_string()).collect()
}

const KEPT: &str = "kept Syncro's rounding: 0.25 x Labor - Remote @ $120.00 = $30.00 instead of 0.1333 x Labor - Remote @ $120.00 = $16.00";

#[test]
fn it_is_kept_unless_the_labor_type_says_otherwise() {
    for (labor, more, quantity, warned) in [
        (None, "", "0.25", true),
        (None, "--exact", "0.1333", false),
        (Some("increment = \"5m\""), "", "0.1667", false),
        (Some("minimum = \"30m\""), "", "0.5", false),
        // Another price than the product's: nobody knows whether the account has rounded.
        (Some("rate = \"100.00\""), "", "0.1333", false),
    ] {
        for start in [
            &["timer", "charge", "32181"][..],
            &["bill", "32181", "--from-timers", "--no-comment", "--no-invoice"],
        ] {
            let env = quarters(&[], labor);
            let more: Vec<&str> = more.split_whitespace().collect();
            let ran = env.run(&[start, &["--yes", "--json"], &more].concat());
            ran.ends(0);
            assert_eq!(hours(&env), quantity, "{labor:?} {more:?}: {ran}");
            let warnings = ran.json().unwrap()["warnings"].clone();
            assert_eq!(warnings.as_array().unwrap().contains(&json!(KEPT)), warned, "{ran}");
            assert_eq!(env.writes().iter().any(|line| line.method == "PUT"), !warned, "{ran}");
        }
    }
}

/// Up, down or to the nearest quarter, the account's way is kept and said; that nothing is left of the time is no way.
#[test]
fn each_way_of_rounding_is_kept() {
    for (way, minutes, quantity, kept) in [
        ("up", 50, "1", true),
        ("down", 50, "0.75", true),
        ("down", 89, "1.25", true),
        ("nearest", 50, "0.75", true),
        ("nearest", 55, "1", true),
        ("nearest", 45, "0.75", false),
        ("down", 8, "0.1333", false),
        ("nearest", 7, "0.1167", false),
    ] {
        let env = waiting(minutes, &[&format!("timer-charge=rounded-{way}")], None);
        let ran = env.run(&["timer", "charge", "32181", "--yes"]);
        ran.ends(0);
        assert_eq!(hours(&env), quantity, "{way} {minutes}: {ran}");
        assert_eq!(ran.stderr.contains("kept Syncro's rounding"), kept, "{way} {minutes}: {ran}");
        let env = waiting(minutes, &[&format!("timer-charge=rounded-{way}")], None);
        let ran = billed(&env, &[]);
        assert_eq!(ran.code, if kept { 5 } else { 0 }, "{way} {minutes}: {ran}");
        assert_eq!(subtotals(&env).is_empty(), kept, "{way} {minutes}: {ran}");
    }
}

/// What else Syncro has dropped is corrected beside it.
#[test]
fn the_rest_is_corrected_beside_it() {
    let env = quarters(&[], Some("name = \"Remote help\""));
    env.run(&["timer", "charge", "32181", "--yes"]).ends(0).says("0.25 x Remote help");
    assert_eq!(hours(&env), "0.25");
    assert_eq!(env.state(TILL).lines[0]["name"], "Remote help");
}

#[test]
fn a_script_invoices_no_other_amount_than_was_previewed() {
    let env = quarters(&[], None);
    let ran = billed(&env, &[]);
    ran.ends(5).says("the invoice comes to $30.00, not to $16.00").says(KEPT).says("--rounded`");
    let json = ran.json().unwrap();
    let outcomes: Vec<&Value> =
        json["writes"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["done", "done", "adopted", "not_sent", "not_sent"], "{ran}");
    assert!(subtotals(&env).is_empty(), "{ran}");
    let writes = env.writes().len();
    let resume = env.run(&["resume", "--yes", "--json"]);
    resume.ends(5).says("comes to $30.00, not to $16.00").says("--yes --rounded`");
    assert_eq!((env.writes().len(), hours(&env)), (writes, "0.25".to_owned()));
    let ran = env.run(&["resume", &env.journal()[0].id(), "--yes", "--rounded"]);
    ran.ends(0);
    assert_eq!((hours(&env), subtotals(&env)), ("0.25".to_owned(), vec!["30".to_owned()]));
    assert_eq!(env.state(TILL).status(), "Invoiced", "{ran}");
    assert!(env.journal().iter().all(|plan| plan.is_closed()));
}

/// A script that knows its account takes the rounding at once; it takes nothing else unasked.
#[test]
fn a_script_takes_the_accounts_rounding() {
    let env = quarters(&[], None);
    let ran = billed(&env, &["--rounded"]);
    ran.ends(0).says(KEPT);
    assert_eq!((hours(&env), subtotals(&env)), ("0.25".to_owned(), vec!["30".to_owned()]));
    billed(&quarters(&[], None), &["--rounded", "--exact"]).ends(2);
    // What is unusually large is asked about, however it has come about.
    let most = "[guards]\nlarge_amount = \"20\"\n".to_owned();
    let dear = || {
        let setup = Setup { more: most.clone(), ..setup(&["timer-charge=rounded-up"], None) };
        prepared(setup, 8)
    };
    let env = dear();
    billed(&env, &["--rounded"]).ends(5).says("comes to $30.00, not to $16.00");
    assert!(subtotals(&env).is_empty());
    let env = dear();
    billed(&env, &["--rounded", "--large"]).ends(0);
    assert_eq!(subtotals(&env), ["30"]);
    // Cut off before the invoice, the answer holds.
    let mut env = quarters(&["invoice-create=500-before"], None);
    billed(&env, &["--rounded"]).ends(6);
    env.restart(&[]);
    env.run(&["resume", "--yes"]).ends(0);
    assert_eq!((hours(&env), subtotals(&env)), ("0.25".to_owned(), vec!["30".to_owned()]));
}

#[test]
fn a_labor_type_that_rounds_the_same_way_is_previewed_and_billed() {
    let env = quarters(&[], Some("increment = \"15m\""));
    billed(&env, &[]).ends(0);
    assert_eq!((hours(&env), subtotals(&env)), ("0.25".to_owned(), vec!["30".to_owned()]));
    let env = quarters(&[], None);
    billed(&env, &["--exact"]).ends(0);
    assert_eq!((hours(&env), subtotals(&env)), ("0.1333".to_owned(), vec!["16".to_owned()]));
}

#[cfg(unix)]
#[test]
fn on_a_terminal_the_other_amount_is_asked_about() {
    for (answer, code) in [("y", 0), ("", 5)] {
        let env = quarters(&[], None);
        let mut terminal = env.terminal(&["bill", "32181", "--from-timers", "-m", MESSAGE]);
        terminal.answer("[y/N/p", "y");
        let question = terminal.expect("[y/N]");
        assert!(question.contains("comes to $30.00, not to $16.00"), "{question}");
        assert!(subtotals(&env).is_empty());
        terminal.reply("[y/N]", answer);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        if code != 0 {
            assert!(subtotals(&env).is_empty(), "{shown}");
            // Another day somebody confirms it.
            let mut terminal = env.terminal(&["resume"]);
            let preview = terminal.expect("[y/N/p");
            assert!(preview.contains("comes to $30.00, not to $16.00"), "{preview}");
            assert!(preview.contains("create the invoice of $30.00"), "{preview}");
            terminal.reply("[y/N/p", "y");
            let (ended, shown) = terminal.end();
            assert_eq!(ended, 0, "{shown}");
        }
        assert_eq!((hours(&env), subtotals(&env)), ("0.25".to_owned(), vec!["30".to_owned()]));
        assert!(env.journal().iter().all(|plan| plan.is_closed()));
    }
}

/// Cut off behind the confirmed amount, the check of the invoice is that of the kept hours.
#[cfg(unix)]
#[test]
fn an_invoice_that_was_cut_off_is_checked_by_the_kept_hours() {
    for fault in ["invoice-create=hang-after", "invoice=hang-before"] {
        let mut env = quarters(&[fault], None);
        let mut terminal = env.terminal(&["bill", "32181", "--from-timers", "-m", MESSAGE]);
        terminal.answer("[y/N/p", "y");
        terminal.answer("[y/N]", "y");
        env.until_logged(|line| line.fault.as_deref() == Some(fault));
        terminal.hang_up();
        env.restart(&[]);
        let ran = env.run(&["resume", "--yes", "--json"]);
        ran.ends(0);
        assert_eq!(subtotals(&env), ["30"], "{fault}: {ran}");
        assert_eq!(env.state(TILL).status(), "Invoiced", "{fault}: {ran}");
        assert!(env.journal().iter().all(|plan| plan.is_closed()), "{fault}: {ran}");
    }
}

/// Hours that the account has rounded are no change by somebody else.
#[cfg(unix)]
#[test]
fn a_bill_with_kept_hours_is_repaired() {
    for fault in ["invoice-create=zero-invoice", "invoice-create=empty-invoice"] {
        let env = quarters(&[fault], None);
        let mut terminal = env.terminal(&["bill", "32181", "--from-timers", "-m", MESSAGE]);
        terminal.answer("[y/N/p", "y");
        terminal.answer("[y/N]", "y");
        let preview = terminal.expect("[y/N/p");
        assert!(preview.contains("Repair the bill"), "{fault}: {preview}");
        // What is asked is what the plan says.
        assert!(preview.contains("create the invoice of $30.00 again"), "{fault}: {preview}");
        assert!(
            preview.contains("nvoice $30.00") && !preview.contains("nvoice $16.00"),
            "{preview}"
        );
        terminal.reply("[y/N/p", "y");
        let (ended, shown) = terminal.end();
        assert_eq!(ended, 0, "{fault}: {shown}");
        assert_eq!((hours(&env), subtotals(&env)), ("0.25".to_owned(), vec!["30".to_owned()]));
        assert!(env.journal().iter().all(|plan| plan.is_closed()));
    }
}
