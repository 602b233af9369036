//! `bill --from-timers`: clocked time becomes lines and an invoice in one plan; the invoice says what was previewed, and
//! nothing is there twice, whatever happens on the way.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{
    MESSAGE, Problems, Ran, Setup, TILL, TRAINEE, TestEnv, TicketState, many, money,
};

const REMOTE: i64 = 17_340_021;
const ONSITE: i64 = 17_340_022;

/// 45 minutes of remote labor wait.
const TERMINAL: i64 = 32_168;
/// 25 minutes of remote labor and the colleague's 70 of onsite wait.
const STARTER: i64 = 32_165;
/// 20 minutes wait that are sold as nothing yet.
const PLOTTER: i64 = 32_162;
/// The colleague's timer runs.
const BACKUP: i64 = 32_159;

/// A bill of the ticket's clocked time, confirmed, with JSON.
fn billed(env: &TestEnv, number: i64, more: &[&str]) -> Ran {
    let number = number.to_string();
    let mut args = vec!["bill", &number, "--from-timers", "--yes", "--json"];
    if !more.contains(&"--no-comment") && !more.contains(&"-m") {
        args.extend(["-m", MESSAGE]);
    }
    args.extend(more);
    env.run(&args)
}

fn subtotal(state: &TicketState) -> Decimal {
    money(&state.invoices[0]["subtotal"])
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Refused before anything was sent.
#[track_caller]
fn refused(env: &TestEnv, ran: &Ran, code: i32, says: &str) {
    ran.ends(code).says(says);
    assert!(env.writes().is_empty(), "{ran}");
    assert!(env.journal().is_empty(), "nothing was begun: {ran}");
}

#[track_caller]
fn guarded(env: &TestEnv, flag: &str, run: impl Fn(&[&str]) -> Ran) {
    refused(env, &run(&[]), 5, flag);
    run(&[flag]).ends(0);
}

/// Waiting time of the trainee's own on any ticket.
fn clock(env: &TestEnv, number: i64, minutes: i64, product: i64, notes: &str) -> Value {
    let fields = json!({
        "start_at": "2026-03-17T02:00:00Z", "duration_minutes": minutes, "product_id": product, "notes": notes,
    });
    env.account().clock(number, &fields)
}

#[test]
fn clocked_time_is_billed_end_to_end() {
    let env = TestEnv::new();
    let ran = billed(&env, STARTER, &["--add", "travel"]);
    ran.ends(0);
    let state = env.state(STARTER);
    // 0.4167 h at 120, 1.1667 h at 150, a trip at 45.
    assert_eq!(subtotal(&state), decimal("270.01"));
    assert_eq!((state.said(MESSAGE), state.invoices.len(), state.status()), (1, 1, "Invoiced"));
    assert!(state.lines.iter().all(|line| line["converted"] == true));
    assert!(env.account().timers(STARTER).iter().all(|timer| timer["recorded"] == true));
    let json = ran.json().unwrap();
    let steps: Vec<&str> = json["writes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|write| write["step"].as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        ["comment", "charge", "mend", "charge", "mend", "line_item", "invoice", "status"]
    );
    assert_eq!(json["outcome"], "done");
    let ids = |lines: &Value| -> Vec<Value> {
        lines.as_array().unwrap().iter().map(|line| line["id"].clone()).collect()
    };
    assert_eq!(ids(&json["line_items"]), ids(&json!(state.lines)));
    let quantities: Vec<Decimal> = json["line_items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| money(&line["quantity"]))
        .collect();
    assert_eq!(
        quantities,
        [decimal("0.4167"), decimal("1.1667"), Decimal::ONE],
        "as they were mended"
    );
}

#[test]
fn lines_that_wait_go_onto_the_invoice_too() {
    let env = TestEnv::with(&["timer-charge=lost-product"]);
    env.account().line(TERMINAL, "2", "120", "Of last week");
    let ran = billed(&env, TERMINAL, &["--no-comment"]);
    ran.ends(0).says("already on the ticket");
    let state = env.state(TERMINAL);
    assert_eq!(subtotal(&state), Decimal::from(330));
    assert_eq!(state.said(MESSAGE), 0);
    let mended = state.lines.iter().find(|line| line["description"] != "Of last week").unwrap();
    assert_eq!(
        (&mended["product_id"], money(&mended["quantity"])),
        (&json!(REMOTE), decimal("0.75"))
    );
}

#[test]
fn without_an_invoice_the_lines_wait() {
    let env = TestEnv::new();
    billed(&env, TERMINAL, &["--no-invoice"]).ends(0);
    let state = env.state(TERMINAL);
    assert_eq!((state.lines.len(), state.invoices.len(), state.said(MESSAGE)), (1, 0, 1));
    assert_ne!(state.status(), "Invoiced");
}

#[test]
fn prepaid_hours_change_what_emergency_is() {
    let env = TestEnv::new();
    clock(&env, 32_180, 60, 17_340_023, "Switch replaced");
    billed(&env, 32_180, &[]).ends(0);
    let state = env.state(32_180);
    let line = &state.lines[0];
    assert_eq!((&line["product_id"], money(&line["quantity"])), (&json!(ONSITE), decimal("1.5")));
    assert_eq!(subtotal(&state), Decimal::ZERO, "covered by the block");
    let customer = env.account().get("/customers/31204602")["customer"].take();
    assert_eq!(money(&customer["prepay_hours"]), Decimal::from(11));
}

#[test]
fn nothing_to_bill_is_refused() {
    let env = TestEnv::new();
    refused(&env, &billed(&env, TILL, &[]), 5, "no uncharged stopped time");
    refused(&env, &billed(&env, BACKUP, &[]), 5, "timer stop 32159");
    refused(&env, &billed(&env, 32_154, &[]), 5, "no uncharged stopped time");
    billed(&env, TERMINAL, &[]).ends(0);
    let (state, writes) = (env.state(TERMINAL).figures(), env.writes().len());
    billed(&env, TERMINAL, &[]).ends(5).says("no uncharged stopped time");
    assert_eq!((env.state(TERMINAL).figures(), env.writes().len()), (state, writes));
}

#[test]
fn flags_that_do_not_fit() {
    let env = TestEnv::new();
    refused(&env, &billed(&env, TERMINAL, &["--minutes", "30"]), 2, "cannot be used with");
    refused(&env, &billed(&env, TERMINAL, &["--labor", "travel"]), 2, "billed by unit");
    refused(&env, &billed(&env, PLOTTER, &[]), 2, "--labor NAME");
    let ran = env.run(&["bill", "32168", "--from-timers", "--yes"]);
    refused(&env, &ran, 2, "-m (or --no-comment)");
    billed(&env, PLOTTER, &["--labor", "onsite"]).ends(0);
    assert_eq!(subtotal(&env.state(PLOTTER)), Decimal::from(50));
}

#[test]
fn a_running_timer_is_asked_about_and_stays() {
    let env = TestEnv::new();
    env.account().clock(TERMINAL, &json!({"start_at": "2026-03-17T14:00:00Z"}));
    guarded(&env, "--timer-running", |more| billed(&env, TERMINAL, more));
    let timers = env.account().timers(TERMINAL);
    assert_eq!((&timers[0]["recorded"], &timers[1]["recorded"]), (&json!(true), &json!(false)));
    assert!(timers[1]["end_time"].is_null());
    assert_eq!(subtotal(&env.state(TERMINAL)), Decimal::from(90));
}

#[test]
fn the_guards_of_a_bill_hold() {
    let env = TestEnv::new();
    clock(&env, 32_177, 30, REMOTE, "Sensors");
    guarded(&env, "--again", |more| billed(&env, 32_177, more));
    let env = TestEnv::new();
    env.account().comment(TERMINAL, "Another headline", MESSAGE);
    guarded(&env, "--same-comment", |more| billed(&env, TERMINAL, more));
    let env = TestEnv::new();
    env.account().line(TERMINAL, "0.75", "120", "Moved the terminal to another port");
    guarded(&env, "--same-line", |more| billed(&env, TERMINAL, more));
    let env = TestEnv::new();
    clock(&env, TILL, 13 * 60, REMOTE, "Long");
    guarded(&env, "--large", |more| billed(&env, TILL, more));
    let env = TestEnv::new();
    clock(&env, TILL, 30, REMOTE, "The new password: Hunter2-again");
    guarded(&env, "--allow-secrets", |more| billed(&env, TILL, more));
    let env = TestEnv::new();
    env.account().line(TERMINAL, "1", "0", "Left by somebody");
    guarded(&env, "--zero", |more| billed(&env, TERMINAL, more));
    let env = TestEnv::new();
    clock(&env, TILL, 30, 17_340_023, "Night");
    guarded(&env, "--stacked", |more| {
        billed(&env, TILL, &[&["--add", "onsite=30m"], more].concat())
    });
}

/// A line or an invoice of somebody else's is not on the invoice, and not under it.
#[test]
fn a_colleague_in_between_stops_it_before_the_invoice() {
    for (fault, lines) in [
        ("timer-charge=then-colleague:line", 2),
        ("ticket@3=then-colleague:line", 2),
        ("line-update=then-colleague:line", 2),
        ("timer-charge=then-colleague:invoice", 1),
    ] {
        let mut faults = vec![fault];
        if fault.starts_with("line-update") {
            faults.insert(0, "timer-charge=lost-product");
        }
        let env = TestEnv::with(&faults);
        let ran = billed(&env, TERMINAL, &[]);
        ran.ends(5);
        let state = env.state(TERMINAL);
        assert_eq!(state.lines.len(), lines, "{fault}: {ran}");
        assert!(state.my_invoices().is_empty(), "{fault}: {ran}");
        let writes = env.writes().len();
        env.run(&["resume", "--yes", "--json"]).ends(5);
        assert_eq!(env.writes().len(), writes, "{fault}");
    }
}

/// The whole bill as it must be in the end.
fn check_end(env: &TestEnv, story: &str, problems: &mut Problems) {
    let state = env.state(TERMINAL);
    problems.same(
        &format!("comments, lines, invoices, status ({story})"),
        (state.said(MESSAGE), state.lines.len(), state.invoices.len(), state.status()),
        (1, 1, 1, "Invoiced"),
    );
    if let [invoice] = state.invoices.as_slice() {
        problems.same("subtotal", money(&invoice["subtotal"]), Decimal::from(90));
    }
    if let [line] = state.lines.as_slice() {
        problems.same("product", line["product_id"].as_i64(), Some(REMOTE));
        problems.same("price", money(&line["price_retail"]), Decimal::from(120));
        problems.same("whose", line["user_id"].as_i64(), Some(TRAINEE));
    }
    let again = env.run(&["resume", "--yes", "--json"]);
    problems.unless(again.stderr.contains("no pending plans"), || {
        format!("resume once more: {}", again.brief())
    });
}

const WRITES: [&str; 5] =
    ["comment", "timer-charge", "line-update", "invoice-create", "ticket-update"];

/// The fault at one write; where that is the mending, the product was lost before.
fn faults(write: &str, kind: &str) -> Vec<String> {
    let mut faults = vec![format!("{write}={kind}")];
    if write == "line-update" {
        faults.insert(0, "timer-charge=lost-product".to_owned());
    }
    faults
}

#[test]
fn under_faults() {
    let kinds = [
        "close-before",
        "close-after",
        "500-before",
        "500-after",
        "html-after",
        "null",
        "garbled",
        "foreign",
        "hang-before",
        "hang-after",
        "late:150",
        "429:1",
        "422:4",
        "302-after",
    ];
    let cases: Vec<String> =
        WRITES.iter().flat_map(|write| kinds.map(|kind| faults(write, kind).join(" "))).collect();
    many("bills of clocked time under faults", &cases, |case, problems| {
        let env = TestEnv::of(Setup {
            faults: case.split(' ').map(str::to_owned).collect(),
            timeout: "0.8",
            ..Setup::default()
        });
        let ran = billed(&env, TERMINAL, &[]);
        let state = env.state(TERMINAL);
        problems.unless(
            state.said(MESSAGE) <= 1 && state.lines.len() <= 1 && state.invoices.len() <= 1,
            || format!("{:?}: {}", state.figures(), ran.brief()),
        );
        let mut story = ran.brief();
        if ran.code != 0 {
            let resumed = env.run(&["resume", "--yes", "--json"]);
            story = format!("{story}; resume: {}", resumed.brief());
        }
        if !env.state(TERMINAL).ticket["status"].eq("Invoiced")
            && env.journal().iter().all(|plan| plan.is_closed())
        {
            // Refused at its first write, it was no bill.
            billed(&env, TERMINAL, &[]).ends(0);
        }
        check_end(&env, &story, problems);
    });
}

#[cfg(unix)]
#[test]
fn killed_in_a_write_or_between_two() {
    let mut cases: Vec<String> = WRITES
        .iter()
        .flat_map(|write| ["hang-before", "hang-after"].map(|kind| faults(write, kind).join(" ")))
        .collect();
    for read in ["ticket@2", "ticket@3", "ticket@4", "ticket@5", "invoices@2", "invoice"] {
        cases.push(format!("timer-charge=lost-product {read}=hang-before"));
        cases.push(format!("timer-charge=unnamed {read}=hang-before"));
    }
    many("killed bills of clocked time", &cases, |case, problems| {
        let faults: Vec<String> = case.split(' ').map(str::to_owned).collect();
        let last = faults.last().cloned();
        let env = TestEnv::of(Setup { faults, timeout: "60", ..Setup::default() });
        let number = TERMINAL.to_string();
        let running =
            env.spawn(&["bill", &number, "--from-timers", "--yes", "--json", "-m", MESSAGE]);
        env.until_logged(|line| line.fault == last);
        problems.same("the code of a killed run", running.kill().code, -1);
        let ran = env.run(&["resume", "--yes", "--json"]);
        problems.unless(ran.code == 0, || format!("resume: {}", ran.brief()));
        check_end(&env, &ran.brief(), problems);
    });
}

/// A wrong invoice of charged time is mended like any other: the lines are the bill's own.
#[test]
fn a_lost_price_is_repaired() {
    for fault in ["invoice-create=zero-invoice", "invoice-create=empty-invoice"] {
        let env = TestEnv::with(&[fault]);
        let ran = billed(&env, TERMINAL, &["--repair"]);
        ran.ends(0);
        let mut problems = Problems::default();
        check_end(&env, &ran.brief(), &mut problems);
        assert!(problems.is_empty(), "{fault}: {problems:?}");
        let env = TestEnv::with(&[fault]);
        billed(&env, TERMINAL, &[]).ends(1).says("--repair");
        env.run(&["resume", "--yes", "--repair"]).ends(0);
        check_end(&env, fault, &mut problems);
        assert!(problems.is_empty(), "{fault}: {problems:?}");
    }
}

#[test]
fn two_at_once_bill_once() {
    let env = TestEnv::with(&["any@*=slow:20"]);
    let number = TERMINAL.to_string();
    let args = ["bill", &number, "--from-timers", "--yes", "--json", "-m", MESSAGE];
    let runs = [env.spawn(&args), env.spawn(&args)];
    let mut codes = runs.map(|run| run.wait().code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 5]);
    let mut problems = Problems::default();
    check_end(&env, "two at once", &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
}

/// A timer that is charged elsewhere after the plan was cut off: the plan does not charge it again.
#[cfg(unix)]
#[test]
fn resume_charges_nothing_that_somebody_else_has_charged() {
    let mut env =
        TestEnv::of(Setup { faults: vec!["timer-charge=429:4".to_owned()], ..Setup::default() });
    let number = TERMINAL.to_string();
    let running = env.spawn(&["bill", &number, "--from-timers", "--yes", "--json", "-m", MESSAGE]);
    env.until_logged(|line| line.fault.is_some());
    assert_eq!(running.kill().code, -1);
    env.restart(&[]);
    let ticket = crate::support::ticket_id(TERMINAL);
    let path = format!("/tickets/{ticket}/charge_timer_entry");
    let timer = env.account().timers(TERMINAL)[0]["id"].clone();
    env.colleague().write("POST", &path, &json!({ "timer_entry_id": timer }));
    let writes = env.writes().len();
    let ran = env.run(&["resume", "--yes", "--json"]);
    assert!([5, 6].contains(&ran.code), "{ran}");
    assert_eq!(env.writes().len(), writes, "{ran}");
    assert_eq!(env.state(TERMINAL).lines.len(), 1);
}

#[cfg(unix)]
#[test]
fn on_a_terminal_only_the_comment_is_asked_for() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["bill", "32168", "--from-timers"]);
    let heading = terminal.expect("Comment");
    assert!(heading.contains("Brindlewood Garden") && !heading.contains("Minutes"), "{heading}");
    terminal.say(MESSAGE);
    let preview = terminal.expect("[y/N/p");
    for shown in ["0.75 x Labor - Remote", "timer entry", "$90.00", "Robin Ashgrove"] {
        assert!(preview.contains(shown), "{shown}: {preview}");
    }
    terminal.reply("[y/N/p", "y");
    assert_eq!(terminal.end().0, 0);
    let mut problems = Problems::default();
    check_end(&env, "terminal", &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
}
