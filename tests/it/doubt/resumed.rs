//! What `resume` takes for settled, what it stops at before it asks, and whose plans it takes.
#![cfg(unix)]

use serde_json::{Value, json};

use super::{cut_in, pending, till};
use crate::support::{Account, Altered, CTRL_C, Setup, TILL, Terminal, TestEnv, bill};

/// A bill whose first line has lost its price, and whose second one was lost; the lost one stays young.
fn lost_beside_a_wrong_one() -> TestEnv {
    let faults = ["line@1=lost-price", "line@2=close-before"].map(str::to_owned).to_vec();
    let env = TestEnv::of(Setup { faults, resend_after: "60", ..Setup::default() });
    env.run(&bill(&["--add", "travel", "--yes"])).ends(6);
    env
}

/// A lost write that stops for another reason is absent only where it was old enough to be sent again: until then it may land.
#[test]
fn what_is_too_young_to_be_sent_again_is_not_known_to_be_absent() {
    let another: fn(&mut Terminal) = |terminal| {
        terminal.answer("[y/N]", "n");
        terminal.answer("[y/N]", "y");
    };
    let interrupted: fn(&mut Terminal) = |terminal| {
        terminal.expect("too early to send it again");
        terminal.send(CTRL_C);
    };
    for (by_hand, way) in [(true, another), (false, interrupted)] {
        let env = lost_beside_a_wrong_one();
        if by_hand {
            env.account().line(TILL, "1", "85", "By hand");
        }
        let sent = env.writes().len();
        let mut terminal = env.terminal_of(300, &["resume"]);
        terminal.answer("[y/N/p", "y");
        way(&mut terminal);
        let (code, shown) = terminal.end();
        assert_eq!(code, 6, "{shown}");
        assert_eq!(env.writes().len(), sent, "{shown}");
        let story = env.journal()[0].story();
        assert!(!story.iter().any(|line| line.contains("not_landed")), "{story:?}: {shown}");
        assert!(shown.contains("perhaps written"), "{shown}");
    }
}

/// A bill of which all but the invoice was written, which this fault has kept from being made.
fn uninvoiced(fault: &str, code: i32) -> TestEnv {
    let faults = vec![fault.to_owned()];
    let setup = Setup { faults, resend_after: "0.01", ..Setup::default() };
    let (env, ()) =
        TestEnv::prepared(setup, |env| drop(env.account().line(TILL, "1", "60", "Port")));
    env.run(&bill(&["--yes"])).ends(code);
    env
}

/// Whoever adds a line to the ticket stops the invoice: nobody is asked first.
#[test]
fn a_line_that_somebody_has_added_stops_before_the_question() {
    for (fault, code) in [("invoice-create=422", 5), ("invoice-create=close-before", 6)] {
        let env = uninvoiced(fault, code);
        let line = env.colleague().line(TILL, "1", "85", "Something else")["id"].clone();
        let sent = env.writes().len();
        let (code, shown) = env.terminal_of(300, &["resume"]).end();
        assert!(code == 5 && !shown.contains("[y/N"), "{code}: {shown}");
        let says = format!("line item {line} (Labor - Remote) was added in the meantime");
        assert!(shown.contains(&says), "{shown}");
        assert!(shown.contains("undo that in Syncro, then run `syncro resume"), "{shown}");
        assert_eq!(env.writes().len(), sent);
        let path = format!("{}/remove_line_item", till());
        env.colleague().write("POST", &path, &json!({ "ticket_line_item_id": line }));
        env.run(&["resume", "--yes"]).ends(0);
    }
    // While a line of ours is in doubt, it may be this one.
    let env = TestEnv::with(&["line=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    env.account().line(TILL, "1", "85", "Something else");
    let mut terminal = env.terminal(&["resume"]);
    terminal.answer("[y/N/p", "n");
    assert_eq!(terminal.end().0, 9);
}

/// What can be typed next is the same wherever a plan stops at the same thing.
#[test]
fn one_stop_has_one_way_on() {
    let price = |env: &TestEnv| {
        let line = env.state(TILL).lines[0]["id"].clone();
        let path = format!("{}/update_line_item", till());
        let body = json!({"ticket_line_item_id": line, "price_retail": 75, "taxable": false});
        env.colleague().write("PUT", &path, &body);
    };
    let ways = |shown: &str| {
        let hints = shown.split("hint: ").skip(1).map(str::trim);
        hints.map(str::to_owned).collect::<Vec<_>>()
    };
    let env = uninvoiced("invoice-create=422", 5);
    let mut terminal = env.terminal_of(400, &["resume"]);
    terminal.expect("[y/N");
    price(&env);
    terminal.reply("[y/N", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 5, "{shown}");
    let before = env.terminal_of(400, &["resume"]).end();
    assert_eq!((before.0, ways(&before.1)), (5, ways(&shown)), "{} {shown}", before.1);
    let script = env.run(&["resume", "--yes"]);
    assert_eq!(ways(&script.ends(5).stderr), ways(&shown), "{script}");
    assert_eq!(ways(&shown).len(), 2, "{shown}");
}

/// Which way the tax of a line has changed is said.
#[test]
fn a_line_that_is_taxed_otherwise_says_which() {
    for is_taxed in [true, false] {
        let setup = Setup { faults: vec!["invoice-create=422".to_owned()], ..Setup::default() };
        let tax = |account: &Account, line: &Value, is_taxed: bool| {
            let path = format!("{}/update_line_item", till());
            let body = json!({ "ticket_line_item_id": line, "taxable": is_taxed });
            account.write("PUT", &path, &body);
        };
        let (env, line) = TestEnv::prepared(setup, |env| {
            let line = env.account().line(TILL, "1", "60", "Port")["id"].clone();
            tax(&env.account(), &line, !is_taxed);
            line
        });
        env.run(&bill(&["--yes"])).ends(5);
        tax(&env.colleague(), &line, is_taxed);
        let says = if is_taxed { "is taxable now" } else { "is no longer taxable" };
        let says = format!("line item {line} (Labor - Remote) {says}");
        env.run(&["resume", "--yes"]).ends(5).says(&says);
    }
}

/// A look says of a line what the question would say.
#[test]
fn a_look_shows_what_has_changed_of_a_line() {
    let env = TestEnv::with(&["invoice-create=422"]);
    env.run(&bill(&["--yes"])).ends(5);
    let line = env.state(TILL).lines[0]["id"].clone();
    let path = format!("{}/update_line_item", till());
    let body = json!({"ticket_line_item_id": line, "price_retail": 150, "taxable": false});
    env.colleague().write("PUT", &path, &body);
    let sent = env.writes().len();
    let dry = env.run(&["resume", "--dry-run"]).ends(0).stdout.clone();
    let (_, shown) = env.terminal_of(200, &["resume"]).end();
    let looked = env.run(&["resume"]).ends(6).stderr.clone();
    for shown in [dry, shown, looked] {
        assert!(shown.contains("done, changed since"), "{shown}");
    }
    assert_eq!(env.writes().len(), sent);
}

/// A discount that somebody gives a line of ours is in no amount that anybody confirmed.
#[tokio::test]
async fn a_line_that_somebody_has_discounted_is_not_invoiced() {
    for discount in [("line_discount_percent", json!(10)), ("discount_dollars", json!("5.0"))] {
        let env = TestEnv::with(&["invoice-create=422"]);
        env.run(&bill(&["--yes"])).ends(5);
        let sent = env.writes().len();
        let ticket = format!("GET {}", till());
        let server = Altered::telling(
            Account::new(env.base(), syncro::sandbox::KEY),
            move |_, what, answer| {
                if what == ticket {
                    answer["ticket"]["line_items"][0][discount.0] = discount.1.clone();
                }
            },
        )
        .await;
        let id = env.journal()[0].id();
        env.journal()[0].forge(env.base(), &server.base());
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&["resume", &id, "--yes"], &there);
        ran.ends(5).says("was right when it was checked").says("instead of $60.00");
        assert_eq!(env.writes().len(), sent, "{ran}");
    }
}

/// Plans of another account are none of this one's: they are named, and keep nothing from being finished.
#[test]
fn plans_of_another_account_are_named_and_left() {
    let env = TestEnv::with(&["line@1=close-before", "comment@2=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    let theirs = env.journal()[0].clone();
    theirs.forge("\"owner_name\":\"Robin Ashgrove\"", "\"owner_name\":\"Kim Gone\"");
    let owner = &theirs.records[0]["plan"]["account"]["owner"];
    theirs.forge(&format!("\"owner\":{owner}"), "\"owner\":99");
    cut_in(&env, &["comment", "32173", "Groups of this year"]);
    let named = format!("plan {} belongs to", theirs.id());
    let discard =
        format!("if nobody has that key any more: syncro resume --discard {}", theirs.id());
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(0).says(&named).says("Kim Gone").says("stays pending").says(&discard);
    assert_eq!(ran.json().unwrap()["outcome"], "done", "{ran}");
    assert_eq!((pending(&env), env.state(TILL).ours()), (1, (1, 0, 0, "In Progress")));
    // Where it is the only one, or the one that is meant, it is no notice; and its key may be gone for good.
    let id = theirs.id();
    for args in [&["resume", "--yes"][..], &["resume", &id, "--yes"], &["resume", &id]] {
        let ran = env.run(args);
        ran.ends(5).says(&named).says(&discard);
    }
    // Nor does the ticket wait for it for ever.
    env.run(&bill(&["--yes", "--same-comment"])).ends(5).says(&id);
    env.run(&["resume", "--discard", &id, "--yes"]).ends(0);
    env.run(&bill(&["--yes", "--same-comment"])).ends(0);
    assert_eq!(env.state(TILL).ours(), (2, 1, 1, "Invoiced"));
}

/// What is left cannot be looked at: a look says so, shows the plan, and ends as any other.
#[test]
fn a_look_that_fails_shows_the_plan_and_says_why() {
    let env = TestEnv::with(&["invoice-create=422"]);
    env.run(&bill(&["--yes"])).ends(5);
    assert_eq!(env.colleague().call("DELETE", &till(), None).0, 200);
    let (sent, id) = (env.writes().len(), env.journal()[0].id());
    for (args, code, word) in [
        (&["resume", "--dry-run"][..], 0, "dry_run"),
        (&["resume", "--dry-run", "--yes"], 0, "dry_run"),
        (&["resume"], 6, "unconfirmed"),
    ] {
        let ran = env.run(&[args, &["--json"]].concat());
        ran.ends(code).says("warning: the records of plan").says("no longer exist");
        ran.says(&format!("plan {id}, started"));
        assert_eq!(ran.json().unwrap()["outcome"], word, "{ran}");
    }
    env.run(&["resume", "--yes"]).ends(3).says("no longer exist");
    assert_eq!(env.writes().len(), sent);
}
