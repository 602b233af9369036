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
        // Whose time it is, the last one says only once the key's owner is known.
        if args != api {
            ran.says("on ticket #32179 (");
        }
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
