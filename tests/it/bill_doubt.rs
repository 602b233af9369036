//! While it is not known what became of a step: nothing is sent on a guess, nothing is taken for ours that is not, and
//! nobody is told that it is over.
#![cfg(unix)]

mod object;

use serde_json::Value;

use crate::support::{BILL, BILLED, MESSAGE, PlanFile, Ran, Setup, TILL, TestEnv, bill, until};

const PROMPT: &str = "[y/N/p";
const QUESTION: &str = "[y/N]";

const TRAVEL: i64 = 17_340_025;

/// A server with these faults, and a client with these times.
fn timed(faults: &[&str], settle: &'static str, resend_after: &'static str) -> TestEnv {
    TestEnv::of(Setup {
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        settle,
        resend_after,
        ..Setup::default()
    })
}

/// A bill that was killed when this fault, and not one before it, struck.
fn killed_at(faults: &[&str], last: &str, more: &[&'static str]) -> TestEnv {
    let env = TestEnv::of(Setup {
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        timeout: "60",
        ..Setup::default()
    });
    let running = env.spawn(&bill(more));
    env.until_logged(|line| line.fault.as_deref() == Some(last));
    assert_eq!(running.kill().code, -1);
    env
}

/// Changes the configuration between two runs.
fn reconfigure(env: &TestEnv, old: &str, new: &str) {
    let text = std::fs::read_to_string(env.config_file()).unwrap();
    assert!(text.contains(old), "the configuration has no {old}");
    std::fs::write(env.config_file(), text.replace(old, new)).unwrap();
}

/// How often that was sent: `POST comment`, `POST add_line_item`, `POST invoices`, `DELETE 1`.
fn sent(env: &TestEnv, what: &str) -> usize {
    env.writes().iter().filter(|line| line.what().starts_with(what)).count()
}

fn travels(env: &TestEnv) -> usize {
    let state = env.state(TILL);
    let of_travel = |line: &&Value| line["product_id"] == TRAVEL;
    state.lines.iter().filter(of_travel).count()
}

fn pending(env: &TestEnv) -> PlanFile {
    let mut plans = env.journal();
    plans.retain(|plan| !plan.is_closed());
    assert_eq!(plans.len(), 1, "{plans:?}");
    plans.remove(0)
}

/// Exactly one JSON object on stdout.
#[track_caller]
fn object(ran: &Ran) -> Value {
    let json = ran.json();
    assert!(json.as_ref().is_some_and(Value::is_object), "{ran}");
    json.unwrap()
}

fn fates(json: &Value) -> Vec<&str> {
    let writes = json["writes"].as_array().unwrap();
    writes.iter().map(|write| write["outcome"].as_str().unwrap()).collect()
}

#[test]
fn no_repair_while_another_line_is_unknown() {
    for second in ["close-after", "hang-after", "late:1500"] {
        let faults = ["line@1=lost-price", &format!("line@2={second}")];
        let env = TestEnv::of(Setup {
            faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
            timeout: "1",
            resend_after: "2.5",
            ..Setup::default()
        });
        let ran = env.run(&bill(&["--add", "travel", "--repair", "--yes", "--json"]));
        object(&ran);
        assert!(sent(&env, "POST add_line_item") == 2, "{second}: {ran}");
        if ran.code == 0 {
            assert_eq!(travels(&env), 1, "{second}: {ran}");
        } else {
            ran.ends(6);
            assert_eq!(env.journal().len(), 1, "{second}, a repair was begun: {ran}");
        }
        until("the second line is there", || travels(&env) == 1);
        let then = env.run(&["resume", "--repair", "--yes", "--json"]);
        object(&then);
        assert_eq!(travels(&env), 1, "{second}: {ran}\n{then}");
        then.ends(0);
        let state = env.state(TILL);
        assert_eq!(state.ours(), (1, 2, 1, "Invoiced"), "{second}: {then}");
    }
}

/// A line that never landed does not shut the repair out for good: it is settled, and then there is one of each.
#[test]
fn a_lost_line_beside_a_wrong_one_can_be_finished() {
    let env = TestEnv::with(&["line@1=lost-price", "line@2=close-before"]);
    let ran = env.run(&bill(&["--add", "travel", "--repair", "--yes", "--json"]));
    ran.ends(6);
    assert_eq!((travels(&env), env.journal().len()), (0, 1), "{ran}");
    let mut then = env.run(&["resume", "--repair", "--yes", "--json"]);
    if then.code != 0 {
        then = env.run(&["resume", "--repair", "--yes", "--json"]);
    }
    assert!(travels(&env) <= 1, "{then}");
    then.ends(0);
    assert_eq!(env.state(TILL).ours(), (1, 2, 1, "Invoiced"), "{then}");
}

#[test]
fn what_landed_before_the_answer_is_adopted() {
    let env = timed(&["comment@1=late:1500"], "0.4", "0.5");
    let mut terminal = env.terminal(&BILL);
    terminal.answer(PROMPT, "y");
    let question = terminal.expect(QUESTION);
    assert!(question.contains("Send it again?"), "{question}");
    until("the comment is there", || env.state(TILL).said(MESSAGE) == 1);
    terminal.reply(QUESTION, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(sent(&env, "POST comment"), 1, "{shown}");
    assert_eq!(env.state(TILL).ours(), BILLED);
}

/// The second sending goes out 3 s after the first, which lands 1.5 s later, while that is still waited for.
#[test]
fn what_was_sent_twice_is_settled_before_the_next_step() {
    let env = timed(&["comment@1=late:4500"], "0.4", "3");
    env.run(&bill(&["--yes"])).ends(6);
    reconfigure(&env, "settle_seconds = \"0.4\"", "settle_seconds = \"3\"");
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(1);
    assert_eq!(sent(&env, "POST comment"), 2, "{ran}");
    let state = env.state(TILL);
    assert_eq!(state.counts(), (2, 0, 0));
    for comment in &state.comments {
        if comment["body"].as_str().unwrap().contains(MESSAGE) {
            ran.says(&comment["id"].to_string());
        }
    }
    assert_eq!(sent(&env, "POST add_line_item"), 0, "{ran}");
    object(&ran);
    let again = env.run(&["resume", "--yes", "--json"]);
    assert_ne!(again.code, 0, "{again}");
    assert_eq!(sent(&env, "POST comment"), 2, "{again}");
    assert_eq!(sent(&env, "POST add_line_item"), 0, "{again}");
}

/// The list that a new line is told by must not be older than the wait.
#[test]
fn an_equal_line_made_by_hand_in_a_wait_is_not_ours() {
    let env = TestEnv::with(&["comment@1=429:6", "line=close-before"]);
    let running = env.spawn(&bill(&["--yes", "--json"]));
    env.until_logged(|line| line.fault.is_some());
    env.account().line(TILL, "0.5", "120", MESSAGE);
    let by_hand = env.state(TILL).lines[0]["id"].clone();
    let ran = running.wait();
    assert_ne!(ran.code, 0, "{ran}");
    let json = object(&ran);
    assert_ne!(json["outcome"], "done", "{ran}");
    assert!(
        !json["writes"].as_array().unwrap().iter().any(|write| write["id"] == by_hand),
        "{ran}"
    );
    let then = env.run(&["resume", "--yes", "--json"]);
    assert_eq!(env.state(TILL).invoices.len(), 0, "{then}");
    for plan in env.journal() {
        assert!(
            !plan
                .records
                .iter()
                .any(|record| record["id"] == by_hand || record["known"]["id"] == by_hand),
            "{:?}: {then}",
            plan.story()
        );
    }
}

/// As many requests as fit in the window are those up to the invoice, whose turn then comes late.
#[test]
fn a_colleagues_line_in_the_wait_for_the_rate_window_is_not_invoiced() {
    let ordinary = TestEnv::new();
    ordinary.run(&bill(&["--yes"])).ends(0);
    let log = ordinary.log();
    let before = log.iter().position(|line| line.what() == "POST invoices").unwrap();
    let env = TestEnv::new();
    let window = format!("requests = {before}\nper_seconds = 8");
    reconfigure(&env, "requests = 100000\nper_seconds = 60", &window);
    let running = env.spawn(&bill(&["--yes", "--json"]));
    until("all that comes before", || env.log().len() == before);
    env.colleague().line(TILL, "1", "85", "Something else");
    let ran = running.wait();
    ran.ends(5);
    object(&ran);
    assert_eq!(sent(&env, "POST invoices"), 0, "{ran}");
    assert_eq!(env.state(TILL).counts(), (1, 1, 0));
}

#[test]
fn what_a_colleague_does_while_the_invoice_waits_stops_it() {
    let deeds: [fn(&TestEnv); 2] = [
        |env| drop(env.colleague().invoice(TILL)),
        |env| drop(env.colleague().line(TILL, "1", "85", "Something else")),
    ];
    for deed in deeds {
        let env = TestEnv::with(&["invoice-create@1=429:3"]);
        let running = env.spawn(&bill(&["--yes", "--json"]));
        env.until_logged(|line| line.fault.is_some());
        deed(&env);
        let ran = running.wait();
        ran.ends(5);
        object(&ran);
        assert_eq!(sent(&env, "POST invoices"), 1, "{ran}");
        assert!(env.state(TILL).my_invoices().is_empty(), "{ran}");
    }
}

#[test]
fn a_refused_second_sending_does_not_settle_the_first() {
    let env = timed(&["comment@1=late:6000", "comment@2=422"], "0.4", "0.5");
    env.run(&bill(&["--yes"])).ends(6);
    let ran = env.run(&["resume", "--yes", "--json"]);
    assert_eq!(sent(&env, "POST comment"), 2, "{ran}");
    ran.ends(6);
    assert!(!ran.stderr.contains("othing was written"), "{ran}");
    assert_eq!(fates(&object(&ran))[0], "unconfirmed", "{ran}");
    pending(&env);
    until("the first is there", || env.state(TILL).said(MESSAGE) == 1);
    env.run(&["resume", "--yes", "--json"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
    assert_eq!(sent(&env, "POST comment"), 2);
}

/// A whole line that is wrong was damaged after it was written: what it said may have been sent.
#[test]
fn a_damaged_last_line_is_not_a_torn_one() {
    let env = killed_at(&["comment=hang-after"], "comment=hang-after", &["--yes"]);
    let plan = pending(&env);
    let mut lines: Vec<Vec<u8>> = std::fs::read(&plan.path)
        .unwrap()
        .split_inclusive(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let last = lines.last_mut().unwrap();
    assert_eq!(plan.story().last().unwrap(), "intent 0");
    assert_eq!(last.last(), Some(&b'\n'));
    let end = last.len() - 1;
    last[9..end].fill(0);
    std::fs::write(&plan.path, lines.concat()).unwrap();
    let same = env.run(&bill(&["--yes"]));
    same.ends(5);
    assert_eq!(sent(&env, "POST comment"), 1, "{same}");
    let ran = env.run(&["resume", "--yes", "--json"]);
    assert!(!ran.stderr.contains("no pending plans"), "{ran}");
    assert_eq!(env.state(TILL).said(MESSAGE), 1, "{ran}");
    ran.ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}

/// A repair that was killed before its delete reached Syncro, and what then becomes of the invoice.
fn repair_cut_off_before_its_delete() -> TestEnv {
    killed_at(
        &["invoice-create@1=zero-invoice", "invoice-delete@1=hang-before"],
        "invoice-delete@1=hang-before",
        &["--yes", "--repair"],
    )
}

#[test]
fn a_resumed_repair_deletes_no_paid_invoice() {
    let mut env = repair_cut_off_before_its_delete();
    let id = env.state(TILL).invoices[0]["id"].to_string();
    env.stop();
    let path = env.dir().join("account/state.json");
    let mut account: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let invoice = &mut account["tables"]["invoices"][&id];
    assert_eq!(invoice["is_paid"], false, "{invoice}");
    invoice["is_paid"] = true.into();
    std::fs::write(&path, account.to_string()).unwrap();
    env.restart(&[]);
    assert_eq!(env.state(TILL).invoices[0]["is_paid"], true);
    let deletes = sent(&env, "DELETE");
    for args in [&["resume", "--yes", "--json"][..], &["resume", "--yes", "--repair", "--json"]] {
        let ran = env.run(args);
        assert_eq!(sent(&env, "DELETE"), deletes, "{ran}");
        assert_eq!(sent(&env, "POST invoices"), 1, "{ran}");
        // What became of the first delete stays unknown, which weighs more than the refusal.
        ran.says("paid").ends(6);
        object(&ran);
    }
}

#[test]
fn a_resumed_repair_deletes_nothing_over_a_colleagues_line() {
    let mut env = repair_cut_off_before_its_delete();
    env.restart(&[]);
    let deletes = sent(&env, "DELETE");
    env.colleague().line(TILL, "1", "85", "Something else");
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(5);
    object(&ran);
    assert_eq!(sent(&env, "DELETE"), deletes, "{ran}");
    assert_eq!(env.state(TILL).counts(), (1, 1, 1));
}

#[test]
fn a_repair_over_a_colleagues_line_stops_before_the_delete() {
    // Between the bill and its repair.
    let env = TestEnv::with(&["invoice-create@1=zero-invoice"]);
    env.run(&bill(&["--yes", "--json"])).ends(1);
    env.colleague().line(TILL, "1", "85", "Something else");
    let ran = env.run(&["resume", "--yes", "--repair", "--json"]);
    assert_ne!(ran.code, 0, "{ran}");
    assert_eq!(sent(&env, "DELETE"), 0, "{ran}");
    assert_eq!(env.state(TILL).counts(), (1, 1, 1), "{ran}");

    // While its preview is looked at.
    let env = TestEnv::with(&["invoice-create@1=zero-invoice"]);
    let mut terminal = env.terminal(&BILL);
    terminal.answer(PROMPT, "y");
    terminal.expect(PROMPT);
    env.colleague().line(TILL, "1", "85", "Something else");
    terminal.reply(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_ne!(code, 0, "{shown}");
    assert_eq!(sent(&env, "DELETE"), 0, "{shown}");
    assert_eq!(env.state(TILL).counts(), (1, 1, 1), "{shown}");

    // While the delete waits for the rate limit.
    let env = TestEnv::with(&["invoice-create@1=zero-invoice", "invoice-delete@1=429:2"]);
    let running = env.spawn(&bill(&["--yes", "--repair", "--json"]));
    env.until_logged(|line| line.method == "DELETE");
    env.colleague().line(TILL, "1", "85", "Something else");
    let ran = running.wait();
    assert_ne!(ran.code, 0, "{ran}");
    object(&ran);
    assert_eq!(sent(&env, "DELETE"), 1, "{ran}");
    assert_eq!(env.state(TILL).counts(), (1, 1, 1), "{ran}");
}

/// The plan that an error's hint tells to resume.
fn hinted(ran: &Ran) -> String {
    let error = ran.error();
    let hint = error["hint"].as_str().unwrap();
    let rest = hint.split("syncro resume ").nth(1).unwrap();
    rest.split([' ', '`']).next().unwrap().to_owned()
}

#[test]
fn a_repair_refused_at_once_leaves_the_bill_to_be_resumed() {
    for faults in [
        ["line@1=lost-price", "line-update@1=422"],
        ["line@1=lost-price", "line-update@1=403"],
        ["invoice-create@1=zero-invoice", "invoice-delete@1=422"],
        ["invoice-create@1=zero-invoice", "invoice-delete@1=403"],
    ] {
        let env = TestEnv::with(&faults);
        let ran = env.run(&bill(&["--yes", "--repair", "--json"]));
        assert_ne!(ran.code, 0, "{faults:?}: {ran}");
        let json = object(&ran);
        let id = hinted(&ran);
        assert_eq!(pending(&env).id(), id, "{faults:?}: {ran}");
        assert_eq!(json["plan"], id, "{faults:?}: {ran}");
        let then = env.run(&["resume", &id, "--yes", "--repair", "--json"]);
        then.ends(0);
        assert_eq!(env.state(TILL).ours(), BILLED, "{faults:?}: {then}");
        assert!(env.journal().iter().all(PlanFile::is_closed), "{then}");
    }
}

#[test]
fn a_dry_run_beside_a_pending_plan_warns() {
    let env = TestEnv::with(&["line=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    let (id, writes) = (pending(&env).id(), env.writes().len());
    env.run(&bill(&["--dry-run"])).ends(0).says(&id);
    let ran = env.run(&bill(&["--dry-run", "--json"]));
    ran.ends(0);
    assert!(format!("{}{}", ran.stdout, ran.stderr).contains(&id), "{ran}");
    assert_eq!(object(&ran)["outcome"], "dry_run", "{ran}");
    assert_eq!(env.writes().len(), writes);
    assert_eq!(pending(&env).id(), id);
}

#[test]
fn a_plan_of_tomorrow_needs_a_person() {
    let env = TestEnv::with(&["line=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    let (plan, writes) = (pending(&env), env.writes().len());
    let made = plan.records[0]["plan"]["made_at"].as_str().unwrap();
    plan.forge(made, "2099-01-14T09:30:00Z");
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(5);
    object(&ran);
    assert_eq!(env.writes().len(), writes, "{ran}");
    let mut terminal = env.terminal(&["resume"]);
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.state(TILL).ours(), BILLED);
}
