//! `resume`: looks first, says what is left, writes only what was confirmed, and only where it belongs.

use serde_json::{Value, json};

use crate::support::{BILLED, Setup, TILL, TestEnv, UNBILLED, bill, ticket_id};

/// A bill whose comment landed and whose line was lost.
fn cut_off() -> TestEnv {
    let env = TestEnv::with(&["line=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    env
}

/// The same, and what the account and the log were like then.
fn watched() -> (TestEnv, impl Fn(&TestEnv)) {
    let env = cut_off();
    let (figures, sent) = (env.state(TILL).figures(), env.writes().len());
    (env, move |env| {
        assert_eq!((env.state(TILL).figures(), env.writes().len()), (figures.clone(), sent));
    })
}

#[test]
fn with_nothing_to_do_it_says_so() {
    let env = TestEnv::new();
    let ran = env.run(&["resume"]);
    ran.ends(0).says("no pending plans");
    let json = env.run(&["resume", "--json"]).ends(0).json().unwrap();
    assert_eq!((&json["outcome"], &json["writes"]), (&"done".into(), &Value::Array(Vec::new())));
    env.run(&["resume", "20200101-000000-none"]).ends(3);
    env.run(&["resume", "--discard", "20200101-000000-none", "--yes"]).ends(3);
    // A bill that is done leaves nothing behind.
    env.run(&bill(&["--yes"])).ends(0);
    env.run(&["resume"]).ends(0).says("no pending plans");
}

#[test]
fn without_anybody_to_confirm_it_only_looks() {
    let (env, unchanged) = watched();
    let ran = env.run(&["resume", "--json"]);
    let json = ran.ends(6).says("--yes").json().unwrap();
    assert_eq!(json["outcome"], "unconfirmed");
    let fates: Vec<_> =
        json["writes"].as_array().unwrap().iter().map(|write| write["outcome"].clone()).collect();
    assert_eq!(fates, ["done", "unconfirmed", "not_sent", "not_sent"]);
    let json = env.run(&["resume", "--dry-run", "--json"]).ends(0).json().unwrap();
    assert_eq!(json["outcome"], "dry_run");
    unchanged(&env);
}

#[test]
fn a_plan_is_finished_by_its_name_too() {
    let env = cut_off();
    let id = env.journal()[0].id();
    let json = env.run(&["resume", &id, "--yes", "--json"]).ends(0).json().unwrap();
    assert_eq!((&json["outcome"], &json["plan"]), (&"done".into(), &id.into()));
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn several_plans_are_finished_one_after_the_other() {
    let env = TestEnv::with(&["line@1=close-before", "line@2=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    let other = [
        "bill",
        "32173",
        "--minutes",
        "15",
        "--labor",
        "remote",
        "-m",
        "Groups of this year",
        "--yes",
    ];
    env.run(&other).ends(6);
    env.run(&["resume", "--yes"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
    let state = env.state(32_173);
    assert_eq!((state.lines.len(), state.invoices.len(), state.status()), (1, 1, "Invoiced"));
}

#[test]
fn a_young_step_is_waited_for_before_it_is_sent_again() {
    let env = TestEnv::of(Setup {
        faults: vec!["line=close-before".to_owned()],
        resend_after: "3",
        ..Setup::default()
    });
    env.run(&bill(&["--yes"])).ends(6);
    let first = env.writes().pop().unwrap();
    env.run(&["resume", "--yes"]).ends(0).says("waiting");
    let again = env.writes().into_iter().filter(|line| line.path == first.path).nth(1).unwrap();
    assert!(again.started_us - first.started_us > 3_000_000, "{first:?} {again:?}");
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn a_plan_of_yesterday_needs_a_person() {
    let (env, unchanged) = watched();
    let plan = env.journal().remove(0);
    let made = plan.records[0]["plan"]["made_at"].as_str().unwrap();
    plan.forge(made, "2026-01-14T09:30:00Z");
    env.run(&["resume", "--yes", "--json"]).ends(5).says("day");
    unchanged(&env);
}

#[test]
fn a_plan_is_finished_only_where_and_by_whom_it_was_made() {
    let (env, unchanged) = watched();
    let colleague = [("SYNCRO_API_KEY", syncro::sandbox::COLLEAGUE_KEY)];
    env.run_with(&["resume", "--yes", "--json"], &colleague).ends(5).says("Robin");
    let elsewhere = TestEnv::new();
    let there = [("SYNCRO_BASE_URL", elsewhere.base())];
    env.run_with(&["resume", "--yes", "--json"], &there).ends(5);
    unchanged(&env);
    assert!(elsewhere.writes().is_empty());
    env.run(&["resume", "--yes", "--json"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn a_discarded_plan_is_gone_and_what_landed_stays() {
    let env = cut_off();
    let id = env.journal()[0].id();
    env.run(&["resume", "--discard", &id]).ends(2).says("--yes");
    assert!(!env.journal()[0].is_closed());
    env.run(&["resume", "--discard", &id, "--yes", "--json"]).ends(0);
    assert!(env.journal()[0].is_closed());
    assert_eq!(env.state(TILL).ours(), (1, 0, 0, "In Progress"));
    env.run(&["resume", "--yes"]).ends(0).says("no pending plans");
    env.run(&bill(&["--yes"])).ends(5).says("--same-comment");
    env.run(&bill(&["--yes", "--same-comment"])).ends(0);
}

#[test]
fn a_look_that_fails_leaves_it_unconfirmed() {
    let (mut env, unchanged) = watched();
    env.restart(&["ticket@*=500-before".to_owned()]);
    env.run(&["resume", "--yes", "--json"]).ends(6);
    unchanged(&env);
    env.restart(&[]);
    env.run(&["resume", "--yes", "--json"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn a_running_plan_is_left_alone() {
    let env = TestEnv::with(&["line=slow:1500"]);
    let running = env.spawn(&bill(&["--yes"]));
    crate::support::until("the line is there", || env.state(TILL).lines.len() == 1);
    let sent = env.writes().len();
    let ran = env.run(&["resume", "--yes"]);
    ran.says("another syncro");
    assert_eq!(env.writes().len(), sent, "{ran}");
    let other = env.run(&bill(&["--yes", "--same-line", "--same-comment"]));
    other.ends(5).says("another syncro");
    running.wait().ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}

/// A plan of a format that this version does not know.
fn of_format(format: u32) -> TestEnv {
    let env = cut_off();
    env.journal()[0].forge("\"format\":3", &format!("\"format\":{format}"));
    env
}

#[test]
fn another_format_is_refused_and_is_not_nothing() {
    for (format, age) in [(4, "newer"), (2, "older")] {
        let env = of_format(format);
        let id = env.journal()[0].id();
        for args in [&["resume", "--yes", "--json"][..], &["resume", &id, "--yes", "--json"]] {
            let ran = env.run(args);
            ran.says(age);
            ran.says("--discard");
            assert_ne!(ran.code, 0, "what cannot be read is not nothing: {ran}");
        }
        assert_eq!(env.state(TILL).ours(), (1, 0, 0, "In Progress"));
    }
}

#[test]
fn over_a_plan_of_a_newer_format_no_bill_is_begun() {
    let env = of_format(4);
    let sent = env.writes().len();
    // Whether it is about this ticket cannot be told.
    env.run(&bill(&["--yes", "--json", "--same-comment"])).ends(5).says("newer");
    assert_eq!(env.writes().len(), sent);
}

#[test]
fn nothing_is_left_of_a_bill_that_never_began() {
    let mut env = TestEnv::new();
    env.stop();
    env.run(&bill(&["--yes", "--json"])).ends(8);
    env.restart(&[]);
    env.run(&["resume", "--yes"]).ends(0).says("no pending plans");
    assert_eq!(env.state(TILL).ours(), UNBILLED);
    env.run(&bill(&["--yes"])).ends(0);
}

/// What the account refuses today, it refuses tomorrow: the rest of the plan needs another status.
#[test]
fn a_refused_status_is_replaced() {
    let env = TestEnv::with(&["ticket-update@*=422"]);
    env.run(&bill(&["--yes"])).ends(5).says("--status STATUS");
    let id = env.journal()[0].id();
    env.run(&["resume", "--yes"]).ends(5).says(&format!("resume {id} --status STATUS"));
    env.run(&["resume", "--status", "Resolved", "--yes"]).ends(2);
    let sent = env.writes().len();
    env.run(&["resume", &id, "--status", "Paidd", "--yes"]).ends(2).says("there is no status");
    env.run(&["resume", &id, "--status", "resolved", "--dry-run"]).ends(0);
    assert_eq!(env.writes().len(), sent);

    let env = TestEnv::with(&["ticket-update=422"]);
    env.run(&bill(&["--yes"])).ends(5);
    let id = env.journal()[0].id();
    let ran = env.run(&["resume", &id, "--status", "resolved", "--yes", "--json"]);
    let json = ran.ends(0).json().unwrap();
    assert_eq!(json["writes"][3]["body"]["status"], "Resolved");
    assert_eq!(env.state(TILL).ours(), (1, 1, 1, "Resolved"));
    env.run(&["resume", &id, "--status", "New", "--yes"]).ends(3);
}

/// The check of an invoice is repeated before what rests on it is written.
#[test]
fn an_invoice_that_somebody_has_changed_since_its_check_is_not_built_on() {
    let change = |env: &TestEnv, method: &str, more: &str, body: Value| {
        let invoice = env.state(TILL).invoices[0].clone();
        let line = invoice["line_items"][0]["id"].to_string();
        let path = format!("/invoices/{}/line_items{}", invoice["id"], more.replace("{}", &line));
        env.colleague().write(method, &path, &body);
    };
    let added =
        json!({"item": "Toner", "name": "Black", "price": 45, "quantity": 1, "taxable": false});
    for (method, more, body) in [
        ("POST", "", added.clone()),
        ("PUT", "/{}", json!({"price": 10, "taxable": false})),
        ("PUT", "/{}", json!({"quantity": 3, "taxable": false})),
        ("DELETE", "/{}", Value::Null),
    ] {
        let env = TestEnv::with(&["ticket-update=422"]);
        env.run(&bill(&["--yes"])).ends(5);
        change(&env, method, more, body);
        let sent = env.writes().len();
        env.run(&["resume", "--yes"]).ends(5).says("invoice").says("checked before");
        assert_eq!(
            (env.writes().len(), env.state(TILL).status()),
            (sent, "In Progress"),
            "{method}"
        );
    }

    for is_gone in [false, true] {
        let env = TestEnv::with(&["ticket-update@1=429:1"]);
        let running = env.spawn(&bill(&["--yes", "--json"]));
        env.until_logged(|line| line.fault.is_some());
        match is_gone {
            false => change(&env, "POST", "", added.clone()),
            true => {
                let path = format!("/invoices/{}", env.state(TILL).invoices[0]["id"]);
                drop(env.colleague().write("DELETE", &path, &Value::Null));
            }
        }
        let ran = running.wait();
        ran.ends(5).says("invoice").says(if is_gone { "it is gone" } else { "has changed" });
        assert_eq!(env.state(TILL).status(), "In Progress");
    }
}

#[test]
fn what_somebody_has_undone_meanwhile_is_not_built_on() {
    let env = TestEnv::with(&["ticket-update=422"]);
    env.run(&bill(&["--yes"])).ends(5);
    let invoice = env.state(TILL).invoices[0]["id"].to_string();
    env.colleague().write("DELETE", &format!("/invoices/{invoice}"), &Value::Null);
    let sent = env.writes().len();
    env.run(&["resume", "--yes"]).ends(5).says(&format!("invoice {invoice}")).says("is gone");
    assert_eq!(env.writes().len(), sent);

    for (field, value) in [("price_retail", "0"), ("quantity", "5"), ("name", "Other")] {
        let env = TestEnv::with(&["invoice-create=422"]);
        env.run(&bill(&["--yes"])).ends(5);
        let line = env.state(TILL).lines[0]["id"].clone();
        let path = format!("/tickets/{}/update_line_item", ticket_id(TILL));
        let body = json!({ "ticket_line_item_id": line, field: value, "taxable": false });
        env.colleague().write("PUT", &path, &body);
        let sent = env.writes().len();
        env.run(&["resume", "--yes"]).ends(5).says(&format!("line item {line}"));
        assert_eq!(env.writes().len(), sent, "{field}");
    }
}

/// A price that somebody gives a line of ours between its check and the invoice is in no amount that anybody confirmed.
#[cfg(unix)]
#[test]
fn a_line_that_somebody_has_repriced_is_not_invoiced() {
    let timers = ["bill", "32168", "--from-timers", "--no-comment"];
    for (number, typed) in [(TILL, &bill(&[])[..]), (32_168, &timers)] {
        let reprice = |env: &TestEnv| {
            let lines = env.state(number).lines;
            let line = lines.iter().filter_map(|line| line["id"].as_u64()).max().unwrap();
            let path = format!("/tickets/{}/update_line_item", ticket_id(number));
            let body = json!({"ticket_line_item_id": line, "price_retail": 150, "taxable": false});
            env.colleague().write("PUT", &path, &body);
            format!("line item {line} was right when it was checked")
        };
        let script = [typed, &["--yes", "--json"]].concat();
        let cut = || {
            let env = TestEnv::with(&["invoice-create=422"]);
            env.run(&script).ends(5);
            let sent = env.writes().len();
            (env, sent)
        };
        // Nobody is asked about another amount than is made.
        let (env, sent) = cut();
        let says = reprice(&env);
        let (code, shown) = env.terminal_of(200, &["resume"]).end();
        assert!(code == 5 && shown.contains(&says) && !shown.contains("[y/N"), "{shown}");
        assert!(shown.contains("done, changed since"), "{shown}");
        assert_eq!(env.writes().len(), sent);

        let (env, sent) = cut();
        let mut terminal = env.terminal_of(200, &["resume"]);
        terminal.expect("[y/N");
        let says = reprice(&env);
        terminal.reply("[y/N", "y");
        let (code, shown) = terminal.end();
        assert!(code == 5 && shown.contains(&says), "{code}: {shown}");
        assert_eq!(env.writes().len(), sent);

        let env = TestEnv::with(&["invoice-create@1=429:1"]);
        let running = env.spawn(&script);
        env.until_logged(|line| line.fault.is_some());
        let says = reprice(&env);
        running.wait().ends(5).says(&says);
        assert!(env.state(number).my_invoices().is_empty());
    }
}

/// Nor is one that waited: it is as much a part of the invoice, and the way out is no circle.
#[cfg(unix)]
#[test]
fn a_waiting_line_that_somebody_has_repriced_is_not_invoiced() {
    let office = |fault: &str| {
        let faults = vec![fault.to_owned()];
        let setup = Setup { faults, resend_after: "0.01", ..Setup::default() };
        TestEnv::prepared(setup, |env| env.account().line(TILL, "1", "120", "Port")["id"].clone())
    };
    let price = |env: &TestEnv, line: &Value, price: i64| {
        let path = format!("/tickets/{}/update_line_item", ticket_id(TILL));
        let body = json!({"ticket_line_item_id": line, "price_retail": price, "taxable": false});
        env.colleague().write("PUT", &path, &body);
        format!(
            "line item {line} (Labor - Remote) came to $120.00 in the preview, and comes to ${price}.00 now"
        )
    };
    for (fault, code) in [("invoice-create=422", 5), ("invoice-create=close-before", 6)] {
        let cut = || {
            let (env, line) = office(fault);
            env.run(&bill(&["--yes"])).ends(code);
            let sent = env.writes().len();
            (env, line, sent)
        };
        let (env, line, sent) = cut();
        let says = price(&env, &line, 150);
        let (code, shown) = env.terminal_of(400, &["resume"]).end();
        assert!(code == 5 && shown.contains(&says) && !shown.contains("[y/N"), "{shown}");
        let plan = env.journal()[0].id();
        let refused = |env: &TestEnv| {
            let resumed = || env.run(&["resume", "--yes"]);
            // The server's clock has whole seconds.
            let may_land = || resumed().stderr.contains("may still land");
            crate::support::until("it is old enough", || !may_land());
            let ran = resumed();
            ran.ends(5).says(&says).says(&format!("resume --discard {plan}"));
            ran.says("then `syncro invoice create 32181`");
            assert_eq!(env.writes().len(), sent);
        };
        refused(&env);
        price(&env, &line, 120);
        env.run(&["resume", "--yes"]).ends(0);

        let (env, line, sent) = cut();
        let mut terminal = env.terminal_of(400, &["resume"]);
        terminal.expect("[y/N");
        let says = price(&env, &line, 150);
        terminal.reply("[y/N", "y");
        let (code, shown) = terminal.end();
        assert!(code == 5 && shown.contains(&says), "{code}: {shown}");
        assert!(shown.contains("not written: invoice, status"), "{shown}");
        assert!(shown.contains("invoice create 32181"), "{shown}");
        assert_eq!(env.writes().len(), sent);
        env.run(&["resume", "--yes"]).ends(5).says(&says);
    }

    let (env, line) = office("line=slow:500");
    let running = env.spawn(&bill(&["--yes"]));
    crate::support::until("ours is there", || env.state(TILL).lines.len() == 2);
    let says = price(&env, &line, 150);
    running.wait().ends(5).says(&says).says("then `syncro invoice create 32181`");
    assert!(env.state(TILL).my_invoices().is_empty());
}

/// While the first invoice may still land, nothing is said that would have a second one made.
#[test]
fn nothing_is_made_anew_while_the_first_may_land() {
    let faults = vec!["invoice-create=close-before".to_owned()];
    let setup = Setup { faults, resend_after: "60", ..Setup::default() };
    let (env, line) =
        TestEnv::prepared(setup, |env| env.account().line(TILL, "1", "120", "Port")["id"].clone());
    env.run(&bill(&["--yes"])).ends(6);
    let path = format!("/tickets/{}/remove_line_item", ticket_id(TILL));
    env.colleague().write("POST", &path, &json!({ "ticket_line_item_id": line }));
    let ran = env.run(&["resume", "--yes"]);
    ran.ends(5).says("what was sent may still land");
    let said = ["invoice create", "--discard", "nothing was written"];
    assert!(said.iter().all(|said| !ran.stderr.contains(said)), "{ran}");
    let plan = env.journal()[0].id();
    let dropped = env.run(&["resume", "--discard", &plan, "--yes"]);
    dropped.ends(0).says("look in Syncro before you make it again");
}

/// One that is gone is none of what was confirmed, either.
#[test]
fn a_waiting_line_that_somebody_has_removed_is_not_invoiced() {
    let setup = Setup { faults: vec!["invoice-create=422".to_owned()], ..Setup::default() };
    let (env, line) =
        TestEnv::prepared(setup, |env| env.account().line(TILL, "1", "120", "Port")["id"].clone());
    env.run(&bill(&["--yes"])).ends(5);
    let path = format!("/tickets/{}/remove_line_item", ticket_id(TILL));
    env.colleague().write("POST", &path, &json!({ "ticket_line_item_id": line }));
    let sent = env.writes().len();
    let ran = env.run(&["resume", "--yes"]);
    ran.ends(5).says(&format!("line item {line} (Labor - Remote) was removed or invoiced"));
    assert_eq!(env.writes().len(), sent);
}

/// The guard is asked where the invoice itself is in doubt, and the command that is run names its flag.
#[test]
fn a_customer_who_was_disabled_meanwhile_is_asked_about_whatever_is_left() {
    let disabled = |env: &TestEnv, is_so: bool| {
        env.colleague().write("PUT", "/customers/31204551", &json!({ "disabled": is_so }));
    };
    let env = TestEnv::with(&["invoice-create=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    disabled(&env, true);
    let plan = env.journal()[0].id();
    let sent = env.writes().len();
    env.run(&["resume", "--yes"]).ends(5).says(&format!("resume {plan} --yes --disabled"));
    assert_eq!(env.writes().len(), sent);
    env.run(&["resume", &plan, "--yes", "--disabled"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);

    let env = TestEnv::with(&["invoice-create=422"]);
    disabled(&env, true);
    env.run(&bill(&["--yes", "--disabled"])).ends(5);
    disabled(&env, false);
    env.run(&["resume", "--yes"]).ends(0);
}

/// What was allowed for a product that was disabled then says nothing of a customer who is disabled since.
#[test]
fn what_was_allowed_of_one_disabled_thing_is_not_of_another() {
    let env = TestEnv::with(&["invoice-create=422"]);
    let product = json!({"disabled": true, "taxable": false});
    env.colleague().write("PUT", "/products/17340021", &product);
    let script = [&bill(&[])[..], &["--disabled", "--yes", "--json"]].concat();
    env.run(&script).ends(5);
    let sent = env.writes().len();
    env.colleague().write("PUT", "/customers/31204551", &json!({"disabled": true}));
    env.run(&["resume", "--yes"]).ends(5).says("--disabled");
    assert_eq!(env.writes().len(), sent);
    let plan = env.journal()[0].id();
    env.run(&["resume", &plan, "--yes", "--disabled"]).ends(0);
    assert_eq!(env.writes().len(), sent + 2);
}

/// What is longer than the line goes on below, between words.
#[cfg(unix)]
#[test]
fn a_plan_is_shown_within_the_terminal() {
    let env = cut_off();
    for width in [50, 80] {
        let mut terminal = env.terminal_of(width, &["resume"]);
        let came = terminal.expect("[y/N");
        let came = came.rsplit_once('\n').unwrap().0;
        assert!(came.contains("done, checked") || came.contains("found"), "{came}");
        assert!(came.lines().all(|line| line.chars().count() <= width), "{width}: {came}");
        // No word is broken.
        assert!(came.contains("Labor - Remote") && came.contains("left"), "{came}");
        terminal.say("n");
        assert_eq!(terminal.end().0, 9);
    }
}
