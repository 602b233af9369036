//! Stopped time that waits while a bill is made of something else: it is shown, offered before anything is asked, and in a
//! script it stands in the way, since the next bill would charge the same work again.

use serde_json::json;

use crate::support::{MESSAGE, Setup, TILL, TestEnv, ticket_id};

const REMOTE: i64 = 17_340_021;
/// 45 minutes of remote labor wait.
const TERMINAL: i64 = 32_168;

const TYPED: [&str; 7] = ["32168", "--minutes", "45", "--labor", "remote", "-m", MESSAGE];

fn bill(env: &TestEnv, more: &[&str]) -> crate::support::Ran {
    env.run(&[&["bill"], &TYPED[..], more].concat())
}

#[test]
fn a_script_names_it_and_writes_nothing() {
    for more in [&["--yes"][..], &["--yes", "--no-invoice"]] {
        let env = TestEnv::new();
        let ran = bill(&env, more);
        ran.ends(5).says("45 min in 1 timer entry").says("--leave-timers");
        assert!(env.writes().is_empty() && env.journal().is_empty(), "{ran}");
        bill(&env, &[more, &["--leave-timers"]].concat()).ends(0);
        assert_eq!(env.account().timers(TERMINAL)[0]["recorded"], false);
        assert_eq!(env.state(TERMINAL).lines.len(), 1);
    }
    let env = TestEnv::new();
    env.account().line(TERMINAL, "1", "85", "Something else");
    env.run(&["invoice", "create", "32168", "--yes"]).ends(5).says("--leave-timers");
    let line = ["line", "add", "32168", "--labor", "remote", "--minutes", "45", "--yes"];
    env.run(&line).ends(5).says("--leave-timers");
    assert!(env.writes().is_empty());
}

#[test]
fn it_stands_on_the_ticket_page() {
    let env = TestEnv::new();
    let page = env.run(&["ticket", "32168"]);
    page.ends(0);
    assert!(page.stdout.contains("45 min in 1 timer entry, not charged"), "{page}");
    env.run(&["bill", "32168", "--from-timers", "--no-comment", "--yes"]).ends(0);
    let page = env.run(&["ticket", "32168"]);
    assert!(!page.stdout.contains("not charged"), "{page}");
}

/// Marked by somebody as not billable, time is shown as such, waits for nobody, and is charged only on purpose.
#[test]
fn time_that_is_not_billable_is_shown_and_asked_about() {
    for command in [
        &["bill", "32168", "--from-timers", "-m", MESSAGE, "--yes"][..],
        &["timer", "charge", "32168", "--yes"],
    ] {
        let env = TestEnv::new();
        env.account().write("PATCH", "/ticket_timers/48700003?billable=false", &json!({}));
        let before = env.writes().len();
        for page in [&["ticket", "32168"][..], &["timer", "list", "32168"]] {
            let ran = env.run(page);
            assert!(ran.stdout.contains("not billable"), "{ran}");
            assert!(!ran.stdout.contains("not charged"), "{ran}");
        }
        env.run(command).ends(5).says("45 min) is marked as not billable").says("--not-billable");
        assert_eq!(env.writes().len(), before);
        env.run(&[command, &["--not-billable"]].concat()).ends(0);
        assert_eq!(env.account().timers(TERMINAL)[0]["recorded"], true);
    }
    let env = TestEnv::new();
    env.account().write("PATCH", "/ticket_timers/48700003?billable=false", &json!({}));
    bill(&env, &["--yes"]).ends(0);
}

/// Added while the program works, it is not left out without a word.
#[test]
fn what_a_colleague_adds_meanwhile_is_found() {
    let args = ["bill", "32168", "--from-timers", "--yes", "--json", "-m", MESSAGE];
    let faults = vec!["ticket@1=then-colleague:time".to_owned()];
    let env = TestEnv::of(Setup { faults, ..Setup::stale() });
    env.run(&args).ends(5).says("20 min in 1 timer entry").says("--leave-timers");
    assert!(env.writes().is_empty() && env.journal().is_empty());
    env.run(&args).ends(0);
    assert_eq!(env.state(TERMINAL).lines.len(), 2, "what is there at the beginning is billed");
}

/// A moment's time of today, at an account that charges what is stopped.
fn stopped_and_charged() -> TestEnv {
    let faults = vec!["settings@*=charges".to_owned(), "timer-stop=charges".to_owned()];
    let setup = Setup { faults, ..Setup::default() };
    let (env, _) = TestEnv::prepared(setup, |env| {
        let body = json!({"ticket_id": ticket_id(TILL), "product_id": REMOTE, "notes": "Spool"});
        assert_eq!(env.account().call("POST", "/ticket_timers", Some(&body)).0, 201);
    });
    env.run(&["timer", "stop", "32181", "--yes", "--zero"]).ends(0);
    env
}

const AGAIN: [&str; 7] = ["bill", "32181", "--minutes", "30", "--labor", "remote", "--zero"];

/// What a stop has charged is on the ticket: typed beside it, the same time would be billed twice.
#[test]
fn time_that_a_stop_has_charged_is_not_typed_once_more() {
    let env = stopped_and_charged();
    let before = env.writes().len();
    let line = ["line", "add", "32181", "--labor", "remote", "--minutes", "30", "--yes"];
    for typed in [&[&AGAIN[..], &["-m", MESSAGE, "--yes"]].concat()[..], &line] {
        env.run(typed).ends(5).says("billed twice").says("--charged-today");
        assert_eq!(env.writes().len(), before);
    }
    let more = ["-m", MESSAGE, "--yes", "--charged-today"];
    env.run(&[&AGAIN[..], &more].concat()).ends(0);
    assert_eq!(env.state(TILL).lines.len(), 2);
    // Invoiced, it is in nobody's way; and its own invoice was in nobody's way.
    env.run(&[&AGAIN[..], &["-m", "Later", "--yes", "--again"]].concat()).ends(0);
    let env = stopped_and_charged();
    env.run(&["invoice", "create", "32181", "--yes", "--zero"]).ends(0);
}

/// A colleague's time, and that of another day, is other time.
#[test]
fn other_time_that_is_charged_is_in_nobodys_way() {
    let env = TestEnv::new();
    let colleague = env.colleague();
    let charge = |timer: &serde_json::Value| {
        let path = format!("/tickets/{}/charge_timer_entry", ticket_id(TILL));
        colleague.write("POST", &path, &json!({ "timer_entry_id": timer["id"] }));
    };
    charge(&colleague.today(TILL, 60));
    let earlier = json!({"start_at": "2026-03-17T14:00:00Z", "duration_minutes": 20});
    charge(&env.account().clock(TILL, &earlier));
    env.run(&[&AGAIN[..], &["-m", MESSAGE, "--yes"]].concat()).ends(0);
}

#[cfg(unix)]
mod on_a_terminal {
    use super::*;
    use crate::support::money;

    /// 20 minutes wait that are sold as nothing yet.
    const PLOTTER: i64 = 32_162;

    const PROMPT: &str = "[y/N/p";

    #[test]
    fn it_is_offered_before_anything_is_asked() {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["bill", "32168"]);
        terminal.answer("45 min in 1 timer entry waits. Bill it? [y/N]", "y");
        let asked = terminal.expect("Comment");
        terminal.say(MESSAGE);
        assert!(!asked.contains("Minutes") && !asked.contains("Labor type"), "{asked}");
        terminal.answer(PROMPT, "y");
        assert_eq!(terminal.end().0, 0);
        assert_eq!(env.account().timers(TERMINAL)[0]["recorded"], true);
        assert_eq!(money(&env.state(TERMINAL).lines[0]["quantity"]).to_string(), "0.75");
    }

    /// Before minutes, labor and comment are asked for, and once.
    #[test]
    fn time_that_is_charged_is_asked_about_first() {
        let env = stopped_and_charged();
        let before = env.writes().len();
        let mut terminal = env.terminal(&["bill", "32181", "--zero"]);
        let mut asked = terminal.expect("billed twice.");
        asked.push_str(&terminal.answer("Continue? [y/N]", "n"));
        assert!(!asked.contains("Minutes"), "{asked}");
        assert!(asked.contains("x Labor - Remote @ $120.00"), "{asked}");
        assert_eq!(terminal.end().0, 9);
        assert_eq!(env.writes().len(), before);
        let mut terminal = env.terminal(&[&AGAIN[..], &["-m", MESSAGE]].concat());
        terminal.expect("billed twice.");
        terminal.answer("Continue? [y/N]", "y");
        let preview = terminal.answer(PROMPT, "y");
        assert!(!preview.contains("Continue?"), "{preview}");
        assert_eq!(terminal.end().0, 0);
    }

    #[test]
    fn left_it_is_not_asked_about_again() {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["bill", "32168", "-m", MESSAGE]);
        terminal.answer("waits. Bill it? [y/N]", "n");
        terminal.expect("Minutes");
        terminal.say("30");
        terminal.expect("Labor type");
        terminal.say("1");
        let preview = terminal.answer(PROMPT, "y");
        assert!(!preview.contains("Continue?"), "{preview}");
        assert_eq!(terminal.end().0, 0);
        assert_eq!(env.account().timers(TERMINAL)[0]["recorded"], false);
        assert_eq!(money(&env.state(TERMINAL).lines[0]["quantity"]).to_string(), "0.5");
    }

    /// What was typed is named beside it; the labor type is then that of time without a product.
    #[test]
    fn it_takes_the_place_of_what_was_typed() {
        for (known, answer, lines) in
            [(false, "y", "0.75"), (true, "y", "0.75"), (true, "n", "0.5")]
        {
            let env = TestEnv::new();
            if known {
                env.run(&["ticket", "32168"]).ends(0);
            }
            let args =
                ["--minutes", "30", "--labor", "onsite", "-m", MESSAGE, "--description", "Port"];
            let mut terminal = env.terminal(&[&["bill", "32168"], &args[..]].concat());
            terminal.answer("Bill it instead of 30 min? [y/N]", answer);
            terminal.answer(PROMPT, "y");
            assert_eq!(terminal.end().0, 0);
            let line = &env.state(TERMINAL).lines[0];
            assert_eq!(money(&line["quantity"]).to_string(), lines);
        }
    }

    #[test]
    fn time_that_is_sold_as_nothing_has_its_labor_asked_for() {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["bill", "32162", "-m", MESSAGE]);
        terminal.answer("20 min in 1 timer entry waits. Bill it? [y/N]", "y");
        terminal.expect("Labor type");
        terminal.say("1");
        terminal.answer(PROMPT, "y");
        assert_eq!(terminal.end().0, 0);
        assert_eq!(env.state(PLOTTER).lines[0]["product_id"], REMOTE);
    }

    #[test]
    fn what_a_colleague_adds_while_the_prompt_waits_is_shown() {
        let time = json!({"start_at": "2026-03-17T02:00:00Z", "duration_minutes": 20});
        let env = TestEnv::of(Setup::stale());
        let mut terminal = env.terminal(&["bill", "32168", "--from-timers", "-m", MESSAGE]);
        terminal.expect(PROMPT);
        env.colleague().clock(TERMINAL, &time);
        terminal.reply(PROMPT, "y");
        let preview = terminal.answer(PROMPT, "n");
        assert!(preview.contains("not in this bill: 20 min in 1 timer entry"), "{preview}");
        assert_eq!(terminal.end().0, 9);
        assert!(env.writes().iter().all(|line| line.path.ends_with("timer_entry")));
    }
}

/// A timer that was stopped at once has no time that a bill could leave behind.
#[test]
fn a_timer_of_no_minutes_stands_in_no_way() {
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        for (start, end) in
            [("13:00:00", "13:00:00"), ("14:00:00", "14:00:20"), ("15:00:00", "15:00:59")]
        {
            let at = |time: &str| format!("2026-03-17T{time}Z");
            let entry = json!({
                "start_at": at(start), "end_at": at(end), "product_id": REMOTE, "notes": "Spool",
            });
            env.account().clock(TILL, &entry);
        }
    });
    let args = ["bill", "32181", "--minutes", "45", "--labor", "remote", "-m", MESSAGE, "--yes"];
    env.run(&args).ends(0);
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        let entry = json!({"start_at": "2026-03-17T13:00:00Z", "end_at": "2026-03-17T13:01:00Z"});
        env.account().clock(TILL, &entry);
    });
    env.run(&args).ends(5).says("1 min in 1 timer entry").says("--leave-timers");
}
