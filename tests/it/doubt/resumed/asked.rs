//! What `resume` asks and shows on a terminal.

use serde_json::json;

use crate::doubt::till;
use crate::support::{CTRL_C, Setup, TILL, Terminal, TestEnv, bill};

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
