//! What `bill` refuses, and with which flag it does it all the same; what it sends for which wishes; what it says.

mod free;
mod known;
mod prepaid;
mod rounding;
mod shown;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{
    Line, MESSAGE, Ran, Setup, TILL, TestEnv, TicketState, bill, money, ticket_id,
};

const REMOTE: i64 = 17_340_021;
const ONSITE: i64 = 17_340_022;
const TRAVEL: i64 = 17_340_025;

/// A bill of any ticket, confirmed, with JSON.
fn billed(env: &TestEnv, number: i64, time: &str, labor: &str, more: &[&str]) -> Ran {
    let number = number.to_string();
    let mut args = vec!["bill", &number, "--minutes", time, "--labor", labor, "--yes", "--json"];
    if !more.contains(&"--no-comment") && !more.contains(&"-m") {
        args.extend(["-m", MESSAGE]);
    }
    args.extend(more);
    env.run(&args)
}

/// What was sent to `path`'s end, one body a request.
fn sent(env: &TestEnv, end: &str) -> Vec<Value> {
    let writes = env.writes().into_iter();
    writes.filter(|line| line.path.ends_with(end)).map(|line| line.body).collect()
}

/// The sum of the ticket's newest invoice, without tax.
fn subtotal(state: &TicketState) -> Decimal {
    money(&state.my_invoices()[0]["subtotal"])
}

/// Refused before anything was sent, by a plan that is shown.
#[track_caller]
fn refused(env: &TestEnv, ran: &Ran, flag: &str) {
    ran.ends(5).says(flag);
    let json = ran.json().unwrap();
    assert_eq!(json["outcome"], "failed", "{ran}");
    let writes = json["writes"].as_array().unwrap();
    assert!(writes.iter().all(|write| write["outcome"] == "not_sent"), "{ran}");
    assert_eq!(ran.error()["kind"], "refused", "{ran}");
    assert!(env.writes().is_empty(), "{ran}");
    assert!(env.journal().is_empty(), "nothing was begun: {ran}");
}

/// Without its flag the guard refuses, with it the bill is done.
#[track_caller]
fn guarded(env: &TestEnv, flag: &str, run: impl Fn(&[&str]) -> Ran) {
    refused(env, &run(&[]), flag);
    run(&[flag]).ends(0);
}

#[test]
fn a_second_invoice_needs_again() {
    let env = TestEnv::new();
    guarded(&env, "--again", |more| billed(&env, 32_177, "30", "remote", more));
    let state = env.state(32_177);
    assert_eq!(state.invoices.len(), 2);
    assert_eq!(subtotal(&state), Decimal::from(60));
}

#[test]
fn the_same_line_needs_same_line() {
    let env = TestEnv::new();
    env.account().line(TILL, "0.5", "120", "Anything");
    guarded(&env, "--same-line", |more| billed(&env, TILL, "30", "remote", more));
    assert_eq!(subtotal(&env.state(TILL)), Decimal::from(120));
}

#[test]
fn the_same_comment_needs_same_comment() {
    let env = TestEnv::new();
    // Nobody who reads it sees the difference.
    let written = MESSAGE.to_uppercase().replace([',', '.', ';'], " !");
    env.account().comment(TILL, "Another headline", &written);
    guarded(&env, "--same-comment", |more| billed(&env, TILL, "30", "remote", more));
    // A colleague's words are the colleague's.
    let env = TestEnv::new();
    env.colleague().comment(TILL, "Update", MESSAGE);
    billed(&env, TILL, "30", "remote", &[]).ends(0);
}

#[test]
fn a_line_for_nothing_needs_zero() {
    let env = TestEnv::new();
    env.account().line(TILL, "1", "0", "Left by somebody");
    guarded(&env, "--zero", |more| billed(&env, TILL, "30", "remote", more));
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        env.account().write("PUT", "/products/17340021", &json!({"price_retail": 0}))
    });
    refused(&env, &billed(&env, TILL, "30", "remote", &[]), "--zero");
}

#[test]
fn emergency_beside_its_base_needs_stacked() {
    let env = TestEnv::new();
    guarded(&env, "--stacked", |more| {
        let more = [&["--add", "onsite=30m"], more].concat();
        billed(&env, TILL, "60", "emergency", &more)
    });
}

#[test]
fn a_running_timer_needs_timer_running() {
    let env = TestEnv::new();
    guarded(&env, "--timer-running", |more| billed(&env, 32_175, "30", "remote", more));
}

#[test]
fn a_large_bill_needs_large() {
    let env = TestEnv::new();
    guarded(&env, "--large", |more| billed(&env, TILL, "13h", "remote", more));
}

#[test]
fn a_credential_needs_allow_secrets() {
    let env = TestEnv::new();
    guarded(&env, "--allow-secrets", |more| {
        let more = [&["-m", "The new password: Hunter2-again"], more].concat();
        billed(&env, TILL, "30", "remote", &more)
    });
    // Nobody but the technicians reads a hidden comment; the line item stays clean.
    let env = TestEnv::new();
    let hidden = ["-m", "Box\npassword: Hunter2-again", "--hidden", "--description", "Box"];
    billed(&env, TILL, "30", "remote", &hidden).ends(0);
}

#[test]
fn all_findings_are_named_at_once() {
    let env = TestEnv::new();
    env.account().comment(32_177, "Update", MESSAGE);
    let ran = billed(&env, 32_177, "13h", "remote", &[]);
    for flag in ["--again", "--large", "--same-comment"] {
        refused(&env, &ran, flag);
    }
    // One override overrides one guard.
    let ran = billed(&env, 32_177, "13h", "remote", &["--again", "--same-comment"]);
    refused(&env, &ran, "--large");
    assert!(!ran.stderr.contains("to proceed anyway: --again"), "{ran}");
}

#[test]
fn somebody_elses_key_is_refused() {
    let env = TestEnv::of(Setup {
        replace: vec![("robin@lanternfish.example", "mika@lanternfish.example".to_owned())],
        ..Setup::default()
    });
    refused(&env, &billed(&env, TILL, "30", "remote", &[]), "mika@lanternfish.example");
}

#[test]
fn several_lines_in_one_bill() {
    for (add, product, quantity, sum) in [
        ("travel", TRAVEL, Decimal::ONE, Decimal::from(105)),
        ("travel=2", TRAVEL, Decimal::from(2), Decimal::from(150)),
        ("onsite=45m", ONSITE, Decimal::new(75, 2), Decimal::new(1725, 1)),
    ] {
        let env = TestEnv::new();
        billed(&env, TILL, "30", "remote", &["--add", add]).ends(0);
        let state = env.state(TILL);
        let lines = state.my_lines();
        assert_eq!(lines.len(), 2, "{add}");
        let added = lines.iter().find(|line| line["product_id"] == product).unwrap();
        assert_eq!(money(&added["quantity"]), quantity, "{add}");
        assert_eq!(subtotal(&state), sum, "{add}");
    }
}

#[test]
fn amounts_are_never_guessed() {
    let env = TestEnv::new();
    for (labor, time, more, names) in [
        ("travel", "30", &[][..], "--add travel"),
        ("remote", "30", &["--add", "onsite"], "onsite="),
        ("remote", "30", &["--add", "travel=some"], "travel=some"),
        ("remote", "soon", &[], "--minutes"),
        ("remote", "0", &[], "--minutes"),
        ("remote", "-30", &[], "--minutes"),
        ("remtoe", "30", &[], "remote"),
    ] {
        let ran = billed(&env, TILL, time, labor, more);
        ran.ends(2).says(names);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    assert!(env.log().is_empty(), "no request for what cannot be meant");
}

#[test]
fn minutes_become_hours_to_four_places() {
    for (time, hours) in
        [("20", "0.3333"), ("1h30m", "1.5"), ("1.5h", "1.5"), ("1m", "0.0167"), ("50", "0.8333")]
    {
        let env = TestEnv::new();
        billed(&env, TILL, time, "remote", &[]).ends(0);
        let quantity = money(&sent(&env, "/add_line_item")[0]["quantity"]);
        assert_eq!(quantity, hours.parse::<Decimal>().unwrap(), "{time}");
    }
}

#[test]
fn lines_that_wait_on_the_ticket_come_along() {
    let env = TestEnv::new();
    let ran = billed(&env, 32_178, "30", "remote", &[]);
    ran.ends(0).says("already on the ticket");
    let state = env.state(32_178);
    // 45.00 travel, 89.50 disk, 60.00 labor; the disk is taxed, and that is the server's business.
    assert_eq!(subtotal(&state), Decimal::new(1945, 1));
    assert_eq!(state.my_invoices()[0]["line_items"].as_array().unwrap().len(), 3);
}

#[test]
fn without_an_invoice_the_lines_wait() {
    let env = TestEnv::new();
    let ran = billed(&env, TILL, "30", "remote", &["--no-invoice"]);
    ran.ends(0);
    assert_eq!(ran.json().unwrap()["writes"].as_array().unwrap().len(), 2);
    let state = env.state(TILL);
    assert_eq!((state.said(MESSAGE), state.lines.len(), state.invoices.len()), (1, 1, 0));
    assert_eq!(state.status(), "In Progress");
}

#[test]
fn without_a_comment_only_the_hours() {
    let env = TestEnv::new();
    let more = ["--no-comment", "--description", "Phone call"];
    billed(&env, TILL, "30", "remote", &more).ends(0);
    let state = env.state(TILL);
    assert_eq!((state.said(""), state.comments.len()), (2, 4), "the comments of before");
    assert_eq!(state.my_lines()[0]["description"], "Phone call");
    assert_eq!(state.status(), "Invoiced");
}

#[test]
fn three_kinds_of_comments() {
    for (more, hidden, silent) in [
        (&[][..], false, false),
        (&["--no-email"], false, true),
        (&["--hidden"], true, true),
        (&["--hidden", "--no-email"], true, true),
    ] {
        let env = TestEnv::new();
        let more = [&["--description", "Box"], more].concat();
        billed(&env, TILL, "30", "remote", &more).ends(0);
        let body = sent(&env, "/comment").remove(0);
        assert_eq!(
            (&body["hidden"], &body["do_not_email"]),
            (&json!(hidden), &json!(silent)),
            "{more:?}"
        );
    }
}

#[test]
fn what_is_sent_is_what_the_api_keeps() {
    let env = TestEnv::new();
    let more = ["-m", "Gift layout copied\nTested: 1 < 2", "--subject", "Done"];
    billed(&env, TILL, "30", "remote", &more).ends(0);
    let what: Vec<String> = env.writes().iter().map(Line::what).collect();
    let ticket = format!("PUT {}", ticket_id(TILL));
    assert_eq!(what, ["POST comment", "POST add_line_item", "POST invoices", &ticket]);
    let comment = sent(&env, "/comment").remove(0);
    assert_eq!(comment["subject"], "Done");
    assert!(comment["body"].as_str().unwrap().starts_with("Gift layout copied<br>"));
    let line = sent(&env, "/add_line_item").remove(0);
    assert_eq!(line["product_id"], REMOTE);
    assert_eq!(money(&line["price_retail"]), Decimal::from(120));
    assert_eq!(line["name"], "Labor - Remote");
    assert_eq!(line["description"], "Gift layout copied");
    assert_eq!(line["taxable"], false);
    let invoice = sent(&env, "/invoices").remove(0);
    assert_eq!(
        (&invoice["ticket_id"], &invoice["category"]),
        (&json!(ticket_id(TILL)), &json!("Standard"))
    );
}

#[test]
fn a_script_that_forgets_something_is_told_all_of_it() {
    let env = TestEnv::new();
    let ran = env.run(&["bill", "32181", "--yes", "--json"]);
    ran.ends(2).says("--minutes").says("--labor").says("-m");
    assert_eq!(ran.error()["kind"], "usage");
    let ran = env.run(&["bill", "32181", "--dry-run", "--no-comment", "--minutes", "5"]);
    ran.ends(2).says("--labor").says("--description");
    assert!(env.log().is_empty());
}

#[test]
fn nobody_to_confirm_means_that_nothing_is_sent() {
    let env = TestEnv::new();
    for more in [&[][..], &["--json"]] {
        let ran = env.run(&bill(more));
        ran.ends(2).says("--yes");
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    assert!(env.log().is_empty(), "not even a read");
}

#[test]
fn a_dry_run_sends_nothing_and_shows_everything() {
    let env = TestEnv::new();
    let ran = env.run(&bill(&["--dry-run", "--json"]));
    ran.ends(0);
    let json = ran.json().unwrap();
    assert_eq!(json["outcome"], "dry_run");
    assert_eq!((&json["sandbox"], &json["warnings"]), (&json!(false), &json!([])));
    let steps: Vec<_> = json["writes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|write| write["step"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["comment", "line_item", "invoice", "status"]);
    for write in json["writes"].as_array().unwrap() {
        assert_eq!((&write["outcome"], &write["id"]), (&json!("not_sent"), &Value::Null));
        assert!(
            write["method"].is_string() && write["path"].is_string() && write["body"].is_object()
        );
    }
    let ran = env.run(&bill(&["--dry-run"]));
    ran.ends(0);
    for shown in ["Quillfeather", "120.00", "60.00", MESSAGE, "Invoiced", "POST /invoices"] {
        assert!(ran.stdout.contains(shown), "{shown}: {ran}");
    }
    // Guards are told, not asked.
    let ran = env.run(&[
        "bill",
        "32177",
        "--minutes",
        "5",
        "--labor",
        "remote",
        "-m",
        "x",
        "--dry-run",
        "--json",
    ]);
    ran.ends(0);
    assert!(ran.json().unwrap()["warnings"].to_string().contains("--again"), "{ran}");
    assert!(env.writes().is_empty());
    assert!(env.journal().is_empty());
}

#[test]
fn the_object_of_a_done_bill() {
    let env = TestEnv::new();
    let ran = env.run(&bill(&["--yes", "--json"]));
    let json = ran.ends(0).json().unwrap();
    let state = env.state(TILL);
    assert_eq!(json["outcome"], "done");
    assert_eq!((&json["sandbox"], &json["warnings"]), (&json!(false), &json!([])));
    assert_eq!(json["ticket"]["status"], "Invoiced");
    assert_eq!(json["ticket"]["number"], TILL);
    assert_eq!(json["comment"]["body"], MESSAGE);
    assert_eq!(json["line_items"][0]["id"], state.lines[0]["id"]);
    assert_eq!(json["invoice"]["number"], state.invoices[0]["number"]);
    assert_eq!(json["invoice"]["line_items"].as_array().unwrap().len(), 1);
    let outcomes: Vec<_> =
        json["writes"].as_array().unwrap().iter().map(|write| &write["outcome"]).collect();
    assert_eq!(outcomes, ["done"; 4]);
    assert_eq!(json["writes"][2]["id"], state.invoices[0]["id"]);
    assert!(json["writes"][3]["id"].is_null());
}

#[test]
fn the_report_of_a_done_bill() {
    let env = TestEnv::new();
    let ran = env.run(&bill(&["--yes"]));
    ran.ends(0);
    let state = env.state(TILL);
    let number = state.invoices[0]["number"].as_str().unwrap();
    let next = format!("Next: syncro invoice email {number}\n");
    for shown in [number, "60.00", "mail", "Invoiced", &next] {
        assert!(ran.stdout.contains(shown), "{shown}: {ran}");
    }
    for shown in ["Quillfeather", "Robin Ashgrove", "Imelda"] {
        assert!(ran.stderr.contains(shown), "the preview lacks {shown}: {ran}");
    }
}

#[test]
fn a_private_comment_does_not_become_what_the_invoice_says() {
    let env = TestEnv::new();
    let typed = "bill 32181 --minutes 30 --labor remote --hidden --yes -m Dropped";
    let typed: Vec<&str> = typed.split(' ').collect();
    env.run(&typed).ends(2).says("--description");
    assert!(env.writes().is_empty());
    env.run(&[&typed[..], &["--description", "Till mended"]].concat()).ends(0);
    let lines = Value::from(env.state(TILL).lines).to_string();
    assert!(lines.contains("Till mended") && !lines.contains("Dropped"), "{lines}");
}

#[test]
fn tickets_are_named_in_three_ways_and_must_be_there() {
    let env = TestEnv::new();
    let id = format!("id:{}", ticket_id(TILL));
    for named in ["32181", "#32181", &id] {
        let args = [
            "bill",
            named,
            "--minutes",
            "5",
            "--labor",
            "remote",
            "-m",
            "x",
            "--dry-run",
            "--json",
        ];
        env.run(&args).ends(0);
    }
    for named in ["99999", "id:99999", "id:32181", "108443837"] {
        let args =
            ["bill", named, "--minutes", "5", "--labor", "remote", "-m", "x", "--yes", "--json"];
        let ran = env.run(&args);
        assert_eq!(ran.ends(3).error()["kind"], "not_found");
    }
    env.run(&["bill", "till", "--yes"]).ends(2);
    assert!(env.writes().is_empty());
}

#[test]
fn a_key_that_is_none_is_not_authorised() {
    let env = TestEnv::of(Setup { key: "made-up-key-of-nobody", ..Setup::default() });
    let ran = env.run(&bill(&["--yes", "--json"]));
    assert_eq!(ran.ends(4).error()["status"], 401);
    assert!(ran.stdout.is_empty(), "{ran}");
}

#[test]
fn a_lost_price_is_repaired_only_when_asked() {
    for fault in ["line=lost-price", "invoice-create=empty-invoice", "invoice-create=zero-invoice"]
    {
        let env = TestEnv::with(&[fault]);
        let ran = env.run(&bill(&["--yes", "--json"]));
        ran.ends(1).says("--repair");
        assert_eq!(ran.json().unwrap()["outcome"], "failed");
        assert_eq!(
            env.state(TILL).status(),
            "In Progress",
            "{fault}: a failed check sets no status"
        );

        let env = TestEnv::with(&[fault]);
        let ran = env.run(&bill(&["--yes", "--repair", "--json"]));
        let json = ran.ends(0).json().unwrap();
        assert_eq!(json["outcome"], "done", "{fault}");
        let state = env.state(TILL);
        assert_eq!(
            (state.said(MESSAGE), state.lines.len(), state.invoices.len()),
            (1, 1, 1),
            "{fault}"
        );
        assert_eq!(subtotal(&state), Decimal::from(60), "{fault}");
        assert_eq!(state.status(), "Invoiced", "{fault}");
        assert_eq!(state.lines[0]["taxable"], false, "{fault}: labor is not taxed");
        assert_eq!(
            money(&state.invoices[0]["total"]),
            Decimal::from(60),
            "{fault}: labor is not taxed"
        );
        assert_eq!(money(&json["invoice"]["subtotal"]), Decimal::from(60), "{fault}");
        assert!(env.journal().iter().all(|plan| plan.is_closed()), "{fault}");
        env.run(&["resume", "--yes", "--json"]).ends(0);
        assert_eq!(env.state(TILL).figures(), state.figures(), "{fault}");
    }
}

#[test]
fn two_at_once_make_one_bill() {
    let env = TestEnv::with(&["any@*=slow:60"]);
    let runs = [(); 3].map(|()| env.spawn(&bill(&["--yes", "--json"])));
    let mut codes = runs.map(|run| run.wait().code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 5, 5]);
    let state = env.state(TILL);
    assert_eq!((state.said(MESSAGE), state.lines.len(), state.invoices.len()), (1, 1, 1));
}

#[test]
fn the_same_bill_again_is_refused() {
    let env = TestEnv::new();
    env.run(&bill(&["--yes"])).ends(0);
    let figures = env.state(TILL).figures();
    let ran = env.run(&bill(&["--yes", "--json"]));
    ran.ends(5).says("--again").says("--same-comment").says("--same-line");
    assert_eq!(env.state(TILL).figures(), figures);
}
