//! Time that the same person has entered on another ticket, too.

use serde_json::{Value, json};

use super::{COLLEAGUE, REMOTE, ago, timer};
use crate::support::{Altered, BILL, Setup, TILL, TRAINEE, TestEnv, ticket_id};

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

/// Half an hour of the trainee's waits on the till's ticket, and time that it overlaps on another one; the ids of both.
fn both_wait(env: &TestEnv) -> [String; 2] {
    let time = json!({
        "start_at": ago(1800), "duration_minutes": 30, "product_id": REMOTE, "notes": "Spool",
    });
    [waits(env), env.account().clock(TILL, &time)["id"].to_string()]
}

/// The same, the other one charged.
fn other_charged(env: &TestEnv) -> [String; 2] {
    let both = both_wait(env);
    charge(env, &both[0]);
    both
}

const FROM_TIMERS: [&str; 5] = ["bill", "32181", "--from-timers", "-m", "Copied"];

/// Time that is charged bills what it overlaps a second time, whichever way it is charged.
#[test]
fn charging_time_that_is_charged_on_another_ticket_is_asked_about() {
    let path = format!("tickets/{}/charge_timer_entry", ticket_id(TILL));
    let verb = ["timer", "charge", "32181"];
    for args in [&verb[..], &FROM_TIMERS, &["api", "POST", &path, "-F"]] {
        let (env, [other, own]) = TestEnv::prepared(Setup::default(), other_charged);
        let which = format!("timer_entry_id={own}");
        let is_api = args[0] == "api";
        let args: Vec<&str> = args.iter().copied().chain(is_api.then_some(&*which)).collect();
        let script = |more: &[&str]| env.run(&[&args[..], &["--yes"], more].concat());
        let named = format!(
            "imer entry {own} overlaps timer entry {other} of the same user on ticket #32179 ("
        );
        let ran = script(&[]);
        ran.ends(5).says(&named).says("charged already").says("billed twice").says("--overlap");
        assert!(env.writes().is_empty() && env.journal().is_empty(), "{ran}");
        let seen = env.run(&[&args[..], &["--dry-run"]].concat());
        assert!(seen.ends(0).stdout.contains(&named), "{seen}");
        script(&["--overlap"]).ends(0);
    }
    // Time of several days is looked for in one list, which may be unreadable.
    let two = |env: &TestEnv| {
        let [_, own] = other_charged(env);
        let time = json!({
            "start_at": ago(50 * 3600), "duration_minutes": 30, "product_id": REMOTE,
        });
        [own, env.account().clock(TILL, &time)["id"].to_string()]
    };
    let lists = |env: &TestEnv| {
        let log = env.log();
        log.iter().filter(|line| line.what().contains("ticket_timers")).count()
    };
    let all = ["timer", "charge", "32181", "--all", "--dry-run"];
    let (env, _) = TestEnv::prepared(Setup::default(), two);
    assert!(env.run(&all).ends(0).stdout.contains("billed twice"));
    assert_eq!(lists(&env), 1);
    let unread = Setup { faults: vec!["timers@*=403".to_owned()], ..Setup::default() };
    let (env, _) = TestEnv::prepared(unread, two);
    let seen = env.run(&all);
    let blind = "cannot see timers on other tickets";
    assert_eq!(seen.ends(0).stdout.matches(blind).count(), 1, "{seen}");
    // What is not charged there is right, and long ago is not looked for.
    let (env, _) = TestEnv::prepared(Setup::default(), both_wait);
    let seen = env.run(&["timer", "charge", "32181", "--dry-run"]);
    assert!(!seen.ends(0).stdout.contains("overlaps"), "{seen}");
    let old = |env: &TestEnv| {
        let time = json!({
            "start_at": "2026-03-17T08:00:00Z", "duration_minutes": 30, "product_id": REMOTE,
        });
        env.account().clock(TILL, &time);
    };
    let (env, ()) = TestEnv::prepared(Setup::default(), old);
    env.run(&["timer", "charge", "32181", "--yes"]).ends(0);
    assert_eq!(lists(&env), 0);
}

/// A list that cannot be read may have anything: it is asked about, whatever comes of the time and whatever was answered.
#[test]
fn a_list_of_other_timers_that_cannot_be_read_is_asked_about() {
    let start = ago(1800);
    let add = ["timer", "add", "32181", "--minutes", "30"];
    let log = [&BILL[..], &["--log-time"]].concat();
    let at = [&BILL[..], &["--at", &start]].concat();
    let all = ["timer", "charge", "32181", "--all"];
    for (args, kind, flag) in [
        (&all[..], "500-before", "--overlap"),
        (&all, "truncated", "--overlap"),
        (&all, "403-html", "--overlap"),
        (&all, "404-html", "--overlap"),
        (&FROM_TIMERS, "html-before", "--overlap"),
        (&FROM_TIMERS, "nulls", "--overlap"),
        (&FROM_TIMERS, "400", "--overlap"),
        (&add, "garbled", "--overlap"),
        (&log, "foreign", "--overlap"),
        (&at, "empty", "--charged-today"),
    ] {
        let faults = vec![format!("timers@*={kind}")];
        let charges = args == all || args == FROM_TIMERS;
        let prepare = |env: &TestEnv| match charges {
            true => drop(other_charged(env)),
            false => charge(env, &waits(env)),
        };
        let (env, ()) = TestEnv::prepared(Setup { faults, ..Setup::default() }, prepare);
        let script = |more: &[&str]| env.run(&[args, &["--yes"], more].concat());
        let ran = script(&[]);
        ran.ends(5).says("imers on other tickets cannot be read").says("billed twice").says(flag);
        assert_eq!(ran.stderr.matches("cannot be read").count(), 1, "{kind}: {ran}");
        assert!(env.writes().is_empty() && env.journal().is_empty(), "{kind}: {ran}");
        let seen = env.run(&[args, &["--dry-run"]].concat());
        assert!(seen.ends(0).stdout.contains("cannot be read"), "{kind}: {seen}");
        let before = env.state(TILL).lines.len();
        script(&[flag]).ends(0);
        assert_eq!(env.state(TILL).lines.len(), before + usize::from(args != add), "{kind}");
    }
}

/// One 404 of a list that the account has shown is no sign that it has none: the same half hour is asked about then, and
/// when the list is there again.
#[test]
fn a_list_of_other_timers_that_was_there_and_is_not_found_is_asked_about() {
    for kind in ["404", "404-html"] {
        let faults = vec![format!("timers@2={kind}")];
        let (env, _) = TestEnv::prepared(Setup { faults, ..Setup::default() }, other_charged);
        let script = || env.run(&["timer", "charge", "32181", "--yes"]);
        env.run(&["timer", "list"]).ends(0);
        let ran = script();
        ran.ends(5).says("imers on other tickets cannot be read").says("--overlap");
        script().ends(5).says("charged already").says("--overlap");
        assert!(env.writes().is_empty() && env.journal().is_empty(), "{kind}: {ran}");
    }
}

/// On a terminal it is a question, before anything is written.
#[cfg(unix)]
#[test]
fn a_list_of_other_timers_that_cannot_be_read_is_a_question() {
    for args in [&["timer", "charge", "32181"][..], &FROM_TIMERS] {
        let faults = vec!["timers@*=html-before".to_owned()];
        let (env, _) = TestEnv::prepared(Setup { faults, ..Setup::default() }, other_charged);
        let mut terminal = env.terminal_of(250, args);
        let came = terminal.answer("Continue? [y/N]", "");
        assert!(came.contains("cannot be read"), "{came}");
        assert_eq!(terminal.end().0, 9);
        assert!(env.writes().is_empty(), "{came}");
    }
}

/// An entry of the list that does not say in a readable way whose it is, where or when may be the same time.
#[tokio::test]
async fn an_entry_of_the_list_that_cannot_be_read_may_be_the_same_time() {
    for (field, named) in [
        ("user_id", "of a user that cannot be read on ticket #32179 ("),
        ("ticket_id", "of the same user on a ticket that cannot be read ("),
        ("recorded", "of the same user on ticket #32179 ("),
        ("start_time", "of the same user on ticket #32179 (at a time that cannot be read)"),
    ] {
        let (env, [other, own]) = TestEnv::prepared(Setup::default(), other_charged);
        let server = Altered::telling(env.account(), move |_, what, answer| {
            let timers = answer.get_mut("ticket_timers").filter(|_| what == "GET /ticket_timers");
            for timer in timers.and_then(Value::as_array_mut).into_iter().flatten() {
                timer[field] = json!("?");
            }
        })
        .await;
        let base = server.base();
        let script = |more: &[&str]| {
            let args = [&["timer", "charge", "32181", "--yes"], more].concat();
            env.run_with(&args, &[("SYNCRO_BASE_URL", &*base)])
        };
        let ran = script(&[]);
        let text = format!("imer entry {own} overlaps timer entry {other} {named}");
        ran.ends(5).says(&text).says("charged already").says("--overlap");
        assert!(env.state(TILL).lines.is_empty(), "{field}: {ran}");
        script(&["--overlap"]).ends(0);
    }
}

/// It must be as it was asked about when it is charged, and when what is left is finished.
#[cfg(unix)]
#[test]
fn charging_time_that_is_charged_there_meanwhile_stops() {
    for args in [&["timer", "charge", "32181"][..], &FROM_TIMERS] {
        let (env, [other, _]) = TestEnv::prepared(Setup::default(), both_wait);
        let mut terminal = env.terminal_of(250, args);
        terminal.expect("[y/N/p");
        charge(&env, &other);
        terminal.reply("[y/N/p", "y");
        let (ended, shown) = terminal.end();
        assert_eq!(ended, 5, "{args:?}: {shown}");
        assert!(shown.contains("charged time on other tickets"), "{shown}");
        assert!(env.writes().is_empty(), "{args:?}: {shown}");
    }
    let bill = [&FROM_TIMERS[..], &["--yes", "--json"]].concat();
    for op in ["timer-charge", "invoice-create"] {
        let faults = (1..=4).map(|time| format!("{op}@{time}=429:0")).collect();
        let setup = Setup { faults, ..Setup::default() };
        let (env, [other, _]) = TestEnv::prepared(setup, both_wait);
        env.run(&bill).ends(7);
        let sent = env.writes().len();
        charge(&env, &other);
        let ran = env.run(&["resume", "--yes", "--json"]);
        ran.ends(5).says("charged time on other tickets changed");
        assert_eq!(env.writes().len(), sent, "{op}: {ran}");
    }
}

/// Two shells that bill the same time on two tickets at the same moment: each sees what the other has written.
#[test]
fn the_same_time_at_the_same_moment_is_billed_once() {
    let charge = ["timer", "charge", "32179", "--labor", "remote", "--yes", "--json"];
    let logs = [&BILL[..], &["--log-time", "--yes", "--json"]].concat();
    let from_timers = [&FROM_TIMERS[..], &["--yes", "--json"]].concat();
    for other in [&logs, &from_timers] {
        let faults = vec!["any@*=slow:30".to_owned()];
        let prepare = |env: &TestEnv| match *other == from_timers {
            true => drop(both_wait(env)),
            false => drop(waits(env)),
        };
        let (env, ()) = TestEnv::prepared(Setup { faults, ..Setup::default() }, prepare);
        let runs = [env.spawn(&charge), env.spawn(other)];
        let [one, two] = runs.map(|run| run.wait());
        let mut codes = [one.code, two.code];
        codes.sort_unstable();
        assert_eq!(codes, [0, 5], "{one}{two}");
        assert_eq!(env.state(TILL).lines.len() + env.state(32_179).lines.len(), 1, "{one}{two}");
    }
    // Other time of the same user waits for its turn.
    let env = TestEnv::with(&["timer-add@*=slow:100"]);
    let add = |number: &'static str, start: &'static str| {
        env.spawn(&["timer", "add", number, "--minutes", "5", "--start", start, "--yes"])
    };
    let runs = [add("32181", "2h ago"), add("32179", "3h ago"), add("32180", "4h ago")];
    assert_eq!(runs.map(|run| run.wait().code), [0, 0, 0]);
}

/// A longer entry, and one that goes to somebody else, may take time that is charged elsewhere; a shorter one takes none.
#[test]
fn an_entry_that_takes_more_time_asks_as_a_new_one() {
    // Of ours, half an hour that ends before what is charged there begins; an hour of theirs there beside it.
    let prepare = |env: &TestEnv| {
        let other = waits(env);
        charge(env, &other);
        let time = json!({
            "start_at": ago(7200), "duration_minutes": 60, "user_id": COLLEAGUE,
        });
        let theirs = env.account().clock(32_180, &time)["id"].to_string();
        let path = format!("/tickets/{}/charge_timer_entry", ticket_id(32_180));
        let id = json!({ "timer_entry_id": theirs.parse::<i64>().unwrap() });
        env.account().write("POST", &path, &id);
        let time = json!({"start_at": ago(7200), "duration_minutes": 30});
        [other, theirs, env.account().clock(TILL, &time)["id"].to_string()]
    };
    for (change, place) in [(["--minutes", "90"], 0), (["--assignee", "mika"], 1)] {
        let (env, ids) = TestEnv::prepared(Setup::default(), prepare);
        let [.., own] = &ids;
        let named = format!("imer entry {} of the same user on ticket ", ids[place]);
        let update = |more: &[&str]| {
            timer(&env, "update", TILL, &[&[own.as_str()], &change[..], more].concat())
        };
        update(&[]).ends(5).says(&named).says("billed twice").says("--overlap");
        assert!(env.writes().is_empty());
        update(&["--overlap"]).ends(0);
    }
    let (env, ids) = TestEnv::prepared(Setup::default(), prepare);
    let before = env.log().len();
    for change in [["--minutes", "20"], ["--minutes", "15"], ["--notes", "Spool"]] {
        timer(&env, "update", TILL, &[&[&*ids[2]], &change[..]].concat()).ends(0);
    }
    let log = env.log();
    assert!(log[before..].iter().all(|line| !line.what().contains("ticket_timers")));
    timer(&env, "update", TILL, &[&ids[2], "--minutes", "45"]).ends(0);
    // Nor does a stop: its charge asks.
    env.account().clock(TILL, &json!({"start_at": ago(5400)}));
    timer(&env, "stop", TILL, &[]).ends(0);
    let other = super::id(&env, TILL, 1);
    let ran = timer(&env, "charge", TILL, &[&other, "--labor", "remote"]);
    ran.ends(5).says("--overlap");
}

/// On its own ticket the same time is not charged twice unasked either; another user's is other time.
#[test]
fn a_charge_asks_about_charged_time_of_its_own_ticket() {
    let twice = |user: i64| {
        TestEnv::prepared(Setup::default(), move |env| {
            let first = json!({"start_at": ago(3600), "duration_minutes": 45, "user_id": user, "product_id": REMOTE});
            let first = env.account().clock(TILL, &first)["id"].clone();
            let path = format!("/tickets/{}/charge_timer_entry", ticket_id(TILL));
            env.account().write("POST", &path, &json!({ "timer_entry_id": first }));
            let second = json!({"start_at": ago(1800), "duration_minutes": 20, "product_id": REMOTE, "notes": "Spool"});
            (first.to_string(), env.account().clock(TILL, &second)["id"].to_string())
        })
    };
    let path = format!("tickets/{}/charge_timer_entry", ticket_id(TILL));
    for is_api in [false, true] {
        let (env, (first, second)) = twice(TRAINEE);
        let entry = format!("timer_entry_id={second}");
        let typed = ["timer", "charge", "32181", &second];
        let api = ["api", "POST", &path, "-F", &entry];
        let args = if is_api { &api[..] } else { &typed };
        let ran = env.run(&[args, &["--yes"]].concat());
        let overlaps = format!("entry {second} overlaps timer entry {first} of the same user (");
        ran.ends(5).says(&overlaps).says("charged already").says("billed twice").says("--overlap");
        assert!(env.writes().is_empty(), "{ran}");
        env.run(&[args, &["--yes", "--overlap"]].concat()).ends(0);
    }
    let (env, (_, second)) = twice(COLLEAGUE);
    env.run(&["timer", "charge", "32181", &second, "--yes"]).ends(0);
}
