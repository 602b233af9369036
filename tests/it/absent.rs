//! Lists that an account may not have: each is asked for once, and for a day the older way is taken without asking again.
//! Where there is no older way, the account is said to have none.

use serde_json::Value;

use crate::support::{Setup, TILL, TestEnv, ticket_id};

/// How often a list was asked for.
fn asked(env: &TestEnv, list: &str) -> usize {
    let log = env.log();
    let path = |line: &crate::support::Line| line.path.split('?').next().unwrap().to_owned();
    let such = log.iter().filter(|line| line.method == "GET" && path(line).ends_with(list));
    such.count()
}

/// As if what is remembered had been put down so many hours before.
fn hours_later(env: &TestEnv, hours: i64) {
    let mut seen = 0;
    for path in crate::support::files(&env.state_dir()) {
        if !path.file_name().unwrap().to_str().unwrap().starts_with("absent-") {
            continue;
        }
        seen += 1;
        let mut paths: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        for at in paths.as_object_mut().unwrap().values_mut() {
            let then: jiff::Timestamp = at.as_str().unwrap().parse().unwrap();
            *at = Value::from((then - jiff::SignedDuration::from_hours(hours)).to_string());
        }
        std::fs::write(path, paths.to_string()).unwrap();
    }
    assert_eq!(seen, 1, "it is remembered");
}

/// The timers of a ticket are those that it shows itself, and a start says that it sees no others.
#[test]
fn without_the_list_of_all_timers_the_tickets_own_are_taken() {
    // A page may be a proxy's: it is asked again, and is no word on how a timer is stopped.
    for (kind, is_kept) in [("404", true), ("404-html", false)] {
        let env = TestEnv::with(&[&format!("timers@*={kind}"), "timer-add@*=no-status"]);
        let timer = |verb: &str, number: &str| env.run(&["timer", verb, number, "--yes"]);
        let times = |kept: usize, each: usize| {
            assert_eq!(asked(&env, "/ticket_timers"), if is_kept { kept } else { each }, "{kind}");
        };
        let started = timer("start", "32181");
        let said = format!("{}{}", started.stdout, started.stderr);
        assert!(started.code == 0 && said.contains("cannot see timers on other tickets"), "{said}");
        times(1, 1);
        timer("start", "32181").ends(5).says("--timer-running");
        if !is_kept {
            let sent = env.writes().len();
            for verb in ["stop", "pause", "resume"] {
                let ran = timer(verb, "32181");
                ran.ends(8).says("GET /ticket_timers: answered 404 with a page");
                ran.says("nothing was written").says("the proxy");
            }
            let close = ["close", "32181", "-m", "Done", "--stop-timer", "--yes"];
            env.run(&close).ends(8).says("GET /ticket_timers: answered 404 with a page");
            assert_eq!(env.writes().len(), sent);
        } else {
            timer("stop", "32181").ends(0);
        }
        env.run(&["timer", "list"]).ends(3).says("timer list NUMBER");
        times(1, 7);
        if !is_kept {
            continue;
        }
        hours_later(&env, 23);
        timer("start", "32181").ends(0);
        times(1, 5);
        hours_later(&env, 2);
        timer("stop", "32181").ends(0);
        times(2, 6);
    }
}

/// A list that the account has answered is not missing because it was not found once: nobody can tell what it has, and it is
/// asked again. After a week without an answer it is missing like any other.
#[test]
fn a_list_that_was_there_is_not_missing_after_one_404() {
    let start = |env: &TestEnv| env.run(&["timer", "start", "32181", "--yes"]);
    for kind in ["404", "404-html"] {
        let env = TestEnv::with(&[&format!("timers@2={kind}")]);
        env.run(&["timer", "list"]).ends(0);
        let ran = start(&env);
        assert!(ran.code != 0 && env.writes().is_empty(), "{kind}: {ran}");
        assert!(!ran.stderr.contains("this account has no"), "{kind}: {ran}");
        let started = start(&env);
        assert!(!started.ends(0).stderr.contains("cannot see timers"), "{kind}: {started}");
    }
    let env = TestEnv::with(&["timers@2+=404"]);
    env.run(&["timer", "list"]).ends(0);
    for hours in [0, 24 * 6] {
        hours_later(&env, hours);
        assert_ne!(start(&env).code, 0, "{hours}");
    }
    assert!(env.writes().is_empty());
    hours_later(&env, 24);
    let started = start(&env);
    let said = format!("{}{}", started.stdout, started.stderr);
    assert!(started.code == 0 && said.contains("cannot see timers on other tickets"), "{said}");
}

/// A timer that only the list of all of them shows is not gone where the list is: nothing is sent.
#[test]
fn a_timer_is_not_gone_where_the_list_of_all_is() {
    let env = TestEnv::with(&["timers@*=404"]);
    let id = env.account().timers(32_159)[0]["id"].to_string();
    env.run(&["timer", "start", "32181", "--yes"]).ends(0);
    let sent = env.writes().len();
    for _ in 0..2 {
        let ran = env.run(&["api", "POST", &format!("ticket_timers/{id}/stop"), "--yes"]);
        ran.ends(3).says("this account has no ticket timers");
    }
    assert_eq!(env.writes().len(), sent);
}

/// Only what is not there is remembered.
#[test]
fn a_list_that_may_not_be_read_is_asked_for_again() {
    let env = TestEnv::with(&["timers@*=403"]);
    for times in [1, 2] {
        env.run(&["timer", "start", "32181", "--yes"]).ends(4);
        assert_eq!(asked(&env, "/ticket_timers"), times);
    }
    assert!(env.writes().is_empty());
}

#[test]
fn an_account_that_has_none_of_them_is_said_to_have_none() {
    for (list, said) in [("contracts", "contracts"), ("schedules", "schedules")] {
        for kind in ["404", "404-html"] {
            let env = TestEnv::with(&[&format!("{list}@*={kind}")]);
            let says = format!("this account has no {said}");
            env.run(&["api", "GET", list]).ends(3).says(&says);
            let new = ["api", "POST", list, "-F", "customer_id=31204551", "-f", "name=Care"];
            let more = ["-f", "frequency=Monthly", "-f", "next_run=2027-03-01", "--yes"];
            env.run(&[&new[..], &more].concat()).ends(3).says(&says);
            assert!(env.writes().is_empty());
        }
    }
}

/// Of one record a 404 says that it is gone only where the account has such records at all: its list tells, once a day.
#[test]
fn one_record_is_not_gone_where_the_account_has_none_of_its_kind() {
    for one in ["contract", "schedule", "estimate"] {
        let list = format!("{one}s");
        let path = format!("{list}/7");
        let says = format!("this account has no {list}");
        let reads = ["api", "GET", &path];
        let writes = ["api", "PUT", &path, "-f", "name=Care", "--yes"];
        for kind in ["404", "404-html"] {
            let env = TestEnv::with(&[&format!("{one}@*={kind}"), &format!("{list}@*={kind}")]);
            for args in [&reads[..], &writes, &reads] {
                env.run(args).ends(3).says(&says);
            }
            let times = if kind == "404" { 1 } else { 3 };
            assert_eq!(asked(&env, &format!("/{list}")), times, "{kind}");
            assert!(env.writes().is_empty());
        }
        let env = TestEnv::with(&[&format!("{one}@*=404")]);
        for args in [&reads[..], &writes] {
            let ran = env.run(args);
            ran.ends(3);
            assert!(!ran.stderr.contains("this account has no"), "{ran}");
        }
        assert!(env.writes().is_empty());
        // Where nobody knows of the list, the record's own answer is all there is to say.
        let env = TestEnv::with(&[&format!("{one}@*=404"), &format!("{list}@*=403")]);
        let ran = env.run(&reads);
        ran.ends(3).says(&path);
        assert!(!ran.stderr.contains("this account has no"), "{ran}");
    }
}

/// Where the list of its kind is missing, a record that the account has shown is gone once it shows it no more: the record is
/// looked at, and not its list.
#[test]
fn a_record_that_was_shown_is_gone_without_its_list() {
    for (list, path, named) in [
        ("contracts", "contracts/310021", ["--name", "Care, quarterly"]),
        ("estimates", "estimates/9120011", ["--number", "E2197"]),
    ] {
        let args = [&["api", "DELETE", path][..], &named, &["--yes", "--json"]].concat();
        let list = format!("{list}@*=404");
        let op = if list.starts_with('c') { "contract-delete" } else { "estimate-delete" };
        // Unclear answers are looked after in the same way.
        for answer in ["", "500-after", "close-after"] {
            let strike = format!("{op}={answer}");
            let faults: &[&str] = if answer.is_empty() { &[&list] } else { &[&list, &strike] };
            let env = TestEnv::with(faults);
            let ran = env.run(&args);
            assert_eq!(ran.ends(0).json().unwrap()["outcome"], "done", "{faults:?}");
            assert_eq!(env.writes().len(), 1);
        }
        // Killed, a later run finds the same.
        #[cfg(unix)]
        {
            let strike = format!("{op}=hang-after");
            let env = TestEnv::with(&[&list, &strike]);
            let running = env.spawn(&args);
            env.until_logged(|line| line.fault.as_deref() == Some(&strike));
            assert_ne!(running.kill().code, 0);
            env.run(&["resume", "--yes"]).ends(0);
            assert_eq!(env.writes().len(), 1);
        }
    }
}

/// What was learned by path is known to all: that a list is missing is asked for once a day, by whomever.
#[test]
fn a_list_that_is_missing_is_remembered_whoever_asks() {
    for one in ["contract", "schedule", "estimate"] {
        let list = format!("{one}s");
        let env = TestEnv::with(&[&format!("{one}@*=404"), &format!("{list}@*=404")]);
        let says = format!("this account has no {list}");
        env.run(&["api", "GET", &list]).ends(3).says(&says);
        env.run(&["api", "GET", &format!("{list}/7")]).ends(3).says(&says);
        assert_eq!(asked(&env, &format!("/{list}")), 1);
    }
}

/// The comments of a ticket that its own list counts and does not give, from the list of all comments.
#[test]
fn comments_that_the_ticket_does_not_give_are_read_from_those_of_all() {
    let talk = |env: &TestEnv| {
        for at in 0..137 {
            env.account().comment(TILL, "Call", &format!("Call {at} about the till"));
        }
    };
    let faults = vec!["comments@*=lost-rows".to_owned()];
    let (env, ()) = TestEnv::prepared(Setup { faults, ..Setup::default() }, talk);
    let show = ["ticket", "32181", "--json"];
    let said = |env: &TestEnv| {
        let ran = env.run(&show);
        let json = ran.ends(0).json().unwrap();
        let comments = json["comments"].as_array().unwrap().clone();
        let is_incomplete = ran.stderr.contains("incomplete list");
        (comments, is_incomplete)
    };
    let (comments, is_incomplete) = said(&env);
    // The newest first, the thirty-seventh on the second page.
    let call = |at: usize| comments[at]["body"].as_str().unwrap();
    assert_eq!((call(0), call(100)), ("Call 136 about the till", "Call 36 about the till"));
    assert!(comments.len() >= 137 && !is_incomplete, "{}", comments.len());
    assert!(comments.iter().all(|one| one["ticket_id"] == ticket_id(TILL)));
    assert_eq!(asked(&env, "/ticket_comments"), 2);

    // An account without it says what is missing, and is asked once.
    let faults = ["comments@*=lost-rows", "all-comments@*=404"].map(str::to_owned).to_vec();
    let (env, ()) = TestEnv::prepared(Setup { faults, ..Setup::default() }, talk);
    for _ in 0..2 {
        let (comments, is_incomplete) = said(&env);
        assert!(comments.is_empty() && is_incomplete);
        assert_eq!(asked(&env, "/ticket_comments"), 1);
    }
    // The list of the ticket itself is enough where it is whole.
    let env = TestEnv::new();
    assert!(!said(&env).1);
    assert_eq!(asked(&env, "/ticket_comments"), 0);
}
