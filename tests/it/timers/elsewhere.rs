//! Time that the same person has entered on another ticket, too.

use serde_json::json;

use super::ago;
use crate::support::{BILL, Setup, TILL, TRAINEE, TestEnv, ticket_id};

/// What is charged on another ticket is billed already: the same time is a question there as on the same ticket.
#[test]
fn time_that_is_charged_on_another_ticket_is_asked_about() {
    let charged = |env: &TestEnv| {
        let time = json!({"start_at": ago(3600), "duration_minutes": 45});
        let timer = env.account().clock(32_179, &time);
        let path = format!("/tickets/{}/charge_timer_entry", ticket_id(32_179));
        env.account().write("POST", &path, &json!({ "timer_entry_id": timer["id"] }));
        timer["id"].to_string()
    };
    let start = ago(1800);
    let add = ["timer", "add", "32181", "--minutes", "30"];
    let bill = [&BILL[..], &["--log-time"]].concat();
    let at = [&BILL[..], &["--at", &start]].concat();
    let path = format!("tickets/{}/timer_entry", ticket_id(TILL));
    let (begins, user) = (format!("start_at={start}"), format!("user_id={TRAINEE}"));
    let api = ["api", "POST", &path, "-f", &begins, "-F", "duration_minutes=30"];
    let api_of = [&api[..], &["-F", &user]].concat();
    for (args, flag) in [
        (&add[..], "--overlap"),
        (&bill, "--overlap"),
        (&at, "--charged-today"),
        (&api, "--overlap"),
        (&api_of, "--overlap"),
    ] {
        let (env, other) = TestEnv::prepared(Setup::default(), charged);
        let script = |more: &[&str]| env.run(&[args, &["--yes"], more].concat());
        let named = format!("imer entry {other} of the same user on ticket ");
        let ran = script(&[]);
        ran.ends(5).says(&named).says("charged already").says("billed twice").says(flag);
        ran.says("on ticket #32179 (");
        assert!(env.writes().is_empty(), "{ran}");
        let seen = env.run(&[args, &["--dry-run"]].concat());
        assert!(seen.ends(0).stdout.contains(&named), "{seen}");
        script(&[flag]).ends(0);
    }
    // Nor does a list that cannot be read stop it, nor time of another day or user.
    let unread = Setup { faults: vec!["timers@*=403".to_owned()], ..Setup::default() };
    let (env, _) = TestEnv::prepared(unread, charged);
    env.run(&[&at[..], &["--yes"]].concat()).ends(0);
    env.run(&[&add[..], &["--yes"]].concat()).ends(0).says("cannot see timers on other tickets");
    let seen = env.run(&[&at[..], &["--dry-run"]].concat());
    assert!(seen.ends(0).stdout.contains("cannot see timers on other tickets"), "{seen}");
    // Nor does the other ticket, where it alone must not be seen: it has no number then.
    let hidden = Setup { faults: vec!["ticket@2=403".to_owned()], ..Setup::default() };
    let (env, other) = TestEnv::prepared(hidden, charged);
    let named = format!("imer entry {other} of the same user on ticket id:{} (", ticket_id(32_179));
    env.run(&[&add[..], &["--yes"]].concat()).ends(5).says(&named).says("--overlap");
    // An end that nobody can read may be any.
    let unclear = vec!["timers@*=spelled:unclear-ends".to_owned()];
    let unclear = Setup { faults: unclear, ..Setup::default() };
    let (env, other) = TestEnv::prepared(unclear, charged);
    let ran = env.run(&[&add[..], &["--yes"]].concat());
    ran.ends(5).says(&format!("imer entry {other} of the same user on ticket #32179 (at a time"));
    for more in [&["--user", "Mika"][..], &["--start", "yesterday 14:00"]] {
        let (env, _) = TestEnv::prepared(Setup::default(), charged);
        env.run(&[&add[..], &["--yes"], more].concat()).ends(0);
    }
}

/// A question on a terminal, before anything is written for a bill that will not be.
#[cfg(unix)]
#[test]
fn time_that_is_charged_on_another_ticket_is_a_question() {
    let env = TestEnv::new();
    let timer =
        env.account().clock(32_179, &json!({"start_at": ago(3600), "duration_minutes": 45}));
    let path = format!("/tickets/{}/charge_timer_entry", ticket_id(32_179));
    env.account().write("POST", &path, &json!({ "timer_entry_id": timer["id"] }));
    let start = ago(1800);
    let at = ["bill", "32181", "--minutes", "30", "--labor", "remote", "--at", &start];
    for args in [&["timer", "add", "32181", "--minutes", "30"][..], &at] {
        let mut terminal = env.terminal(args);
        let came = terminal.answer("Continue? [y/N]", "");
        assert!(came.contains("on ticket #32179 ("), "{came}");
        assert!(!came.contains("Comment"), "{came}");
        assert_eq!(terminal.end().0, 9);
    }
    assert!(env.writes().is_empty());
}

/// The trainee's time on another ticket, not charged yet.
fn waits(env: &TestEnv) -> String {
    let time = json!({"start_at": ago(3600), "duration_minutes": 45});
    env.account().clock(32_179, &time)["id"].to_string()
}

/// Somebody charges it.
fn charge(env: &TestEnv, timer: &str) {
    let path = format!("/tickets/{}/charge_timer_entry", ticket_id(32_179));
    let timer = json!({ "timer_entry_id": timer.parse::<i64>().unwrap() });
    env.colleague().write("POST", &path, &timer);
}

/// What is charged there between the preview and the answer, however quick that is, was never asked about.
#[cfg(unix)]
#[test]
fn time_that_is_charged_there_meanwhile_stops_the_write() {
    let start = ago(1800);
    let bill = [&BILL[..], &["--log-time"]].concat();
    let at = [&BILL[..], &["--at", &start]].concat();
    for args in [&["timer", "add", "32181", "--minutes", "30"][..], &bill, &at] {
        for (setup, code) in [(Setup::default(), 5), (Setup::stale(), 9)] {
            let (env, timer) = TestEnv::prepared(setup, waits);
            let mut terminal = env.terminal_of(250, args);
            terminal.expect("[y/N/p");
            charge(&env, &timer);
            terminal.reply("[y/N/p", "y");
            if code == 9 {
                let again = terminal.answer("[y/N/p", "");
                assert!(again.contains("is charged already"), "{again}");
            }
            let (ended, shown) = terminal.end();
            assert_eq!(ended, code, "{args:?}: {shown}");
            assert!(code == 9 || shown.contains("charged time on other tickets"), "{shown}");
            assert!(env.writes().is_empty(), "{args:?}: {shown}");
        }
        // What does not overlap changes nothing.
        let (env, timer) = TestEnv::prepared(Setup::default(), |env| {
            let time = json!({"start_at": ago(90_000), "duration_minutes": 45});
            env.account().clock(32_179, &time)["id"].to_string()
        });
        let mut terminal = env.terminal(args);
        terminal.expect("[y/N/p");
        charge(&env, &timer);
        terminal.reply("[y/N/p", "y");
        let (ended, shown) = terminal.end();
        assert_eq!(ended, 0, "{args:?}: {shown}");
    }
}

/// What was asked about and has gone stands in nobody's way; what can be read no more is not what it was.
#[cfg(unix)]
#[test]
fn what_was_charged_there_may_go_and_must_be_read() {
    let add = ["timer", "add", "32181", "--minutes", "30", "--overlap"];
    let (env, timer) = TestEnv::prepared(Setup::default(), |env| {
        let timer = waits(env);
        charge(env, &timer);
        timer
    });
    let mut terminal = env.terminal(&add);
    terminal.expect("[y/N/p");
    let path = format!("/tickets/{}/delete_timer_entry", ticket_id(32_179));
    let timer = json!({ "timer_entry_id": timer.parse::<i64>().unwrap() });
    env.colleague().write("POST", &path, &timer);
    terminal.reply("[y/N/p", "y");
    let (ended, shown) = terminal.end();
    assert_eq!(ended, 0, "{shown}");

    let lost = Setup { faults: vec!["timers@2=403".to_owned()], ..Setup::default() };
    let (env, _) = TestEnv::prepared(lost, waits);
    let mut terminal = env.terminal_of(250, &add);
    terminal.expect("[y/N/p");
    terminal.reply("[y/N/p", "y");
    let (ended, shown) = terminal.end();
    assert_eq!(ended, 5, "{shown}");
    assert!(shown.contains("charged time on other tickets cannot be read any more"), "{shown}");
    assert!(env.writes().is_empty(), "{shown}");
}

/// Nor is a bill finished whose time was charged there since it was cut off, whichever of its steps is left.
#[test]
fn a_bill_whose_time_is_charged_there_since_is_not_resumed() {
    let start = ago(1800);
    let at = [&BILL[..], &["--at", &start, "--yes", "--json"]].concat();
    for op in ["line", "invoice-create"] {
        let faults = (1..=4).map(|time| format!("{op}@{time}=429:0")).collect();
        let (env, timer) = TestEnv::prepared(Setup { faults, ..Setup::default() }, waits);
        env.run(&at).ends(7);
        let sent = env.writes().len();
        charge(&env, &timer);
        let ran = env.run(&["resume", "--yes", "--json"]);
        ran.ends(5).says("charged time on other tickets changed");
        assert_eq!(env.writes().len(), sent, "{ran}");
    }
}
