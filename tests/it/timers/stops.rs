//! Stops where a timer runs that go another way than was previewed: the account charges though it did not say so, or it lacks
//! the newer way; and stops that charge a moment's time.

use serde_json::{Value, json};
use syncro::sandbox::KEY;

use super::live::{begun, moved_back, sent};
use super::{id, refused, timer};
#[cfg(unix)]
use crate::kept::{kept, one_waits};
use crate::support::{Account, Altered, Setup, TILL, TestEnv, ticket_id};

const NEWER: &str = "POST ticket_timers/stop";
#[cfg(unix)]
const WORDS: &str = "The till prints again.";
const OLDER: &str = "PUT tickets/update_timer_entry";

/// Half an hour of remote labor that runs, where the account says nothing of charges.
fn running(faults: &[&str]) -> TestEnv {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
    let half_an_hour = |env: &TestEnv| {
        begun(env, TILL);
        moved_back(env, 1800);
    };
    TestEnv::prepared(Setup { faults, ..Setup::default() }, half_an_hour).0
}

/// The account does not say that it charges, and this stop did: the line that nobody has seen is named with what it comes to
/// and where it goes, and it is no success. Nothing of it can be put right by looking again.
#[test]
fn a_stop_that_charges_unannounced_names_the_line() {
    for (fault, sum) in [
        ("timer-stop=charges", "0.5 x Labor - Remote @ $120.00 = $60.00"),
        ("timer-stop=charges:lost-price", "0.5 x Labor - Remote @ $0.00 = $0.00"),
    ] {
        let env = running(&[fault]);
        let ran = timer(&env, "stop", TILL, &[]);
        let line = env.state(TILL).lines[0]["id"].to_string();
        ran.ends(1).says("at once").says(&format!("line item {line}: {sum}"));
        ran.says("the preview did not show it").says("next invoice takes it");
        ran.says("syncro invoice create 32181").says(&format!("syncro line remove 32181 {line}"));
        let json = ran.json().unwrap();
        assert_eq!(
            (&json["outcome"], &json["writes"][0]["outcome"]),
            (&json!("failed"), &json!("done"))
        );
        env.run(&["resume", "--yes"]).ends(0).says("no pending plans");
        assert_eq!(env.writes().len(), 1);
    }
}

/// A stop takes no hours along: where the labor type rounds them otherwise than the account, both are said, and what puts the
/// line right.
#[test]
fn a_stop_that_charges_other_hours_than_the_labor_type_says_so() {
    let said = "Syncro charges 0.5 hours, but remote bills 2 (30 min -> 120 min, minimum)";
    let right = "once it is stopped, syncro line update 32181 LINE --quantity 2";
    for (rule, is_said) in [("minimum = \"120m\"", true), ("increment = \"30m\"", false)] {
        let id = "product_id = 17340021";
        let setup = Setup {
            faults: ["settings@*=charges", "timer-stop=charges"].map(str::to_owned).to_vec(),
            replace: vec![(id, format!("{id}\n{rule}"))],
            ..Setup::default()
        };
        let paused = |env: &TestEnv| {
            begun(env, TILL);
            moved_back(env, 1800);
            let path = format!("/ticket_timers/{}/pause", super::id(env, TILL, 0));
            env.account().write("POST", &path, &json!({}));
        };
        let (env, ()) = TestEnv::prepared(setup, paused);
        let shown = env.run_with(&["timer", "stop", "32181", "--dry-run"], &[("COLUMNS", "200")]);
        assert_eq!(shown.ends(0).stdout.contains(said), is_said, "{shown}");
        assert_eq!(shown.stdout.contains(right), is_said, "{shown}");
        let ran = timer(&env, "stop", TILL, &[]);
        assert_eq!(ran.ends(0).stderr.contains("Syncro charges 0.5 hours"), is_said, "{ran}");
    }
}

/// A moment's time is asked about by the hours that come out of it: two seconds of labor are none of them, half a minute is
/// a hundredth of one.
#[test]
fn a_stop_that_charges_a_moment_asks_about_a_line_for_nothing() {
    let paused_after = |seconds: i64| {
        let faults = ["settings@*=charges", "timer-stop=charges"].map(str::to_owned).to_vec();
        let paused = |env: &TestEnv| {
            begun(env, TILL);
            moved_back(env, seconds);
            // Its time stands still, however long the test takes.
            let path = format!("/ticket_timers/{}/pause", id(env, TILL, 0));
            env.account().write("POST", &path, &json!({}));
        };
        TestEnv::prepared(Setup { faults, ..Setup::default() }, paused).0
    };
    for args in [
        &["timer", "stop", "32181", "--yes"][..],
        &["close", "32181", "--no-comment", "--no-log", "--stop-timer", "--yes"],
    ] {
        let env = paused_after(2);
        let ran = env.run(args);
        ran.ends(5).says("he line item would be $0.00").says("--zero");
        ran.says("0:00:02 rounds to 0.00 hours");
        assert!(env.writes().is_empty(), "{ran}");
        let ran = env.run(&[args, &["--zero"]].concat());
        ran.ends(0);
        assert_eq!(env.state(TILL).lines.len(), 1, "{ran}");
        let env = paused_after(30);
        let ran = env.run(args);
        ran.ends(0);
        assert_eq!(env.state(TILL).lines[0]["quantity"], "0.01", "{ran}");
    }
}

/// How long a timer has run that nobody can tell is not nothing: an account that charges stops is not asked for one.
#[tokio::test]
async fn a_stop_that_charges_an_unknown_time_is_not_sent() {
    let nothing = Value::Null;
    for (told, says) in [
        (json!({"elapsed_seconds": nothing, "start_time": nothing}), "does not show how long"),
        (json!({"elapsed_seconds": "n/a"}), "cannot read elapsed_seconds \"n/a\""),
        (json!({"elapsed_seconds": nothing, "start_time": "soon"}), "cannot read start_time"),
        (json!({"billable_override": "half"}), "cannot read billable_override \"half\""),
        (json!({"elapsed_seconds": -5, "start_time": nothing}), "does not show how long"),
    ] {
        let env = running(&["settings@*=charges"]);
        let path = format!("ticket_timers/{}/stop", id(&env, TILL, 0));
        let server = Altered::telling(Account::new(env.base(), KEY), move |_, what, answer| {
            let list = match what {
                "GET /ticket_timers" => answer.get_mut("ticket_timers"),
                _ => answer.pointer_mut("/ticket/ticket_timers"),
            };
            let timers = list.and_then(Value::as_array_mut).into_iter().flatten();
            for timer in timers.filter(|timer| timer["ticket_id"] == ticket_id(TILL)) {
                let fields = told.as_object().unwrap();
                fields.iter().for_each(|(name, value)| timer[name] = value.clone());
            }
        })
        .await;
        for args in [&["timer", "stop", "32181"][..], &["api", "POST", &path]] {
            let args = [args, &["--yes", "--zero"]].concat();
            let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
            ran.ends(5).says(says).says("nothing was written");
            assert!(env.writes().is_empty(), "{ran}");
        }
    }
}

/// The same moment is shown to the second and asked about where it is charged afterwards, whatever its line comes to.
#[test]
fn a_moment_that_is_charged_is_asked_about_as_one_that_is_stopped() {
    let stopped = |env: &TestEnv, seconds: i64| {
        begun(env, TILL);
        moved_back(env, seconds);
        let path = |verb| format!("/ticket_timers/{}/{verb}", id(env, TILL, 0));
        env.account().write("POST", &path("pause"), &json!({}));
        env.account().write("POST", &path("stop"), &json!({}));
    };
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| stopped(env, 2));
    // A machine that is busy takes longer to stop it.
    let spent = env.account().timers(TILL)[0]["active_duration"].as_i64().unwrap();
    assert!((2..18).contains(&spent), "{spent}");
    // Remote labor is $120.00 an hour.
    let cents = (spent * 12_000 + 1_800) / 3_600;
    let sum = format!("$0.{cents:02}");
    let entry = format!("timer_entry_id={}", id(&env, TILL, 0));
    let path = format!("tickets/{}/charge_timer_entry", ticket_id(TILL));
    let (bill, charge) = (["bill", "32181", "--from-timers", "-m", "Spool"], ["timer", "charge"]);
    for (args, sum) in [
        (&[&charge[..], &["32181"]].concat()[..], &*sum),
        (&bill[..], &sum),
        (&["api", "POST", &path, "-F", &entry], "$0.00"),
    ] {
        let plan = env.run(&[args, &["--dry-run"]].concat());
        let time = format!("0:00:{spent:02}");
        assert!(plan.ends(0).stdout.contains(&format!("({time})")), "{plan}");
        let ran = env.run(&[args, &["--yes"]].concat());
        let asked = format!("{time} rounds to 0.00 hours: the line item would be {sum}");
        ran.ends(5).says(&asked).says("--zero");
        assert!(env.writes().is_empty(), "{ran}");
    }
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| stopped(env, 30));
    env.run(&["timer", "charge", "32181", "--yes"]).ends(0).says("(0:00:3");
}

/// Its ticket is not closed over it before somebody has seen the line.
#[test]
fn a_close_whose_stop_charges_unannounced_waits() {
    let env = running(&["timer-stop=charges"]);
    let close = ["close", "32181", "-m", "Copied", "--stop-timer", "--no-log", "--yes", "--json"];
    let ran = env.run(&close);
    ran.ends(1).says("= $60.00").says("first run").says("to finish what is left");
    assert_eq!(sent(&env), [NEWER, "POST tickets/comment"]);
    assert_ne!(env.state(TILL).status(), "Resolved");
    env.run(&["resume", "--yes"]).ends(0);
    assert_eq!(sent(&env), [NEWER, "POST tickets/comment", "PUT tickets"]);
    assert_eq!(env.state(TILL).status(), "Resolved");
}

/// Whether it has charged, nobody can tell.
#[tokio::test]
async fn a_stop_that_may_have_charged_is_not_confirmed() {
    let env = running(&[]);
    let server = Altered::telling(env.account(), |_, what, answer| {
        let timers = answer.get_mut("ticket_timers").filter(|_| what == "GET /ticket_timers");
        for timer in timers.and_then(Value::as_array_mut).into_iter().flatten() {
            if timer["status"] == "status_stopped" && timer["ticket_id"] == ticket_id(TILL) {
                timer["recorded"] = json!("perhaps");
            }
        }
    })
    .await;
    let args = ["timer", "stop", "32181", "--yes"];
    let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
    ran.ends(6).says("cannot read recorded \"perhaps\" of the timer entry");
}

/// A 404 says that the account lacks it, which is remembered: the older way is taken, and nothing is sent to find out again.
#[test]
fn an_account_without_the_stop_is_stopped_in_the_older_way() {
    let env = running(&["timer-stop@*=404"]);
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(0).says("cannot stop a timer where it runs");
    assert_eq!(ran.json().unwrap()["outcome"], "done", "{ran}");
    assert!(!env.account().timers(TILL)[0]["end_time"].is_null());
    assert_eq!(sent(&env), [NEWER, OLDER]);
    assert!(env.journal().iter().all(|plan| plan.is_closed()));
    for close in [false, true] {
        begun(&env, TILL);
        moved_back_last(&env);
        match close {
            false => timer(&env, "stop", TILL, &[]).ends(0),
            true => env
                .run(&["close", "32181", "--no-comment", "--stop-timer", "--no-log", "--yes"])
                .ends(0),
        };
    }
    assert_eq!(sent(&env), [NEWER, OLDER, OLDER, OLDER, "PUT tickets"]);
}

/// So it is by a close, in the same run: nothing was written yet.
#[test]
fn a_close_stops_in_the_older_way_where_the_account_lacks_the_newer_one() {
    let env = running(&["timer-stop@*=404"]);
    let close = ["close", "32181", "-m", "Copied", "--stop-timer", "--no-log", "--yes", "--json"];
    let ran = env.run(&close);
    ran.ends(0).says("cannot stop a timer where it runs");
    assert_eq!(ran.json().unwrap()["outcome"], "done", "{ran}");
    assert!(!env.account().timers(TILL)[0]["end_time"].is_null());
    assert_eq!(sent(&env), [NEWER, OLDER, "POST tickets/comment", "PUT tickets"]);
    assert_eq!(env.state(TILL).status(), "Resolved");
    assert!(env.journal().iter().all(|plan| plan.is_closed()));
}

/// What was edited at the first preview is what the second one shows, and what is sent.
#[cfg(unix)]
#[test]
fn a_text_that_was_edited_before_the_older_way_is_the_one_that_is_sent() {
    let env = running(&["timer-stop@*=404"]);
    let editor = env.editor("printf 'Copied, and tried twice' > \"$1\"");
    let close = ["close", "32181", "-m", "Copied", "--stop-timer", "--no-log"];
    let mut terminal = env.terminal_with(&close, &[("EDITOR", &editor)]);
    terminal.answer("[y/N/p/e]", "e");
    terminal.expect("| Copied, and tried twice");
    terminal.answer("[y/N/p/e]", "y");
    terminal.expect("cannot stop a timer where it runs");
    terminal.expect("| Copied, and tried twice");
    terminal.answer("[y/N/p/e]", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(sent(&env), [NEWER, OLDER, "POST tickets/comment", "PUT tickets"]);
    assert_eq!(env.writes()[2].body["body"], "Copied, and tried twice", "{shown}");
}

/// A stop that is sent again has the time until then counted, which is said before that is asked.
#[cfg(unix)]
#[test]
fn a_stop_that_is_resumed_says_that_the_time_until_then_counts() {
    let env = running(&["timer-stop=close-before"]);
    timer(&env, "stop", TILL, &[]).ends(6);
    let entry = id(&env, TILL, 0);
    let mut terminal = env.terminal_of(250, &["resume"]);
    let came = terminal.expect("[y/N");
    let says = format!("timer entry {entry} counts from ");
    assert!(came.contains(&says) && came.contains("until it is stopped"), "{came}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
    assert_eq!(sent(&env), [NEWER]);
    // Nothing of it has changed: a script finishes it.
    env.run(&["resume", "--yes"]).ends(0);
    assert_eq!(sent(&env), [NEWER, NEWER]);
}

/// The timer that was begun last, as if that were a minute ago.
fn moved_back_last(env: &TestEnv) {
    let timers = env.account().timers(TILL);
    let last = timers.iter().find(|timer| timer["end_time"].is_null()).unwrap();
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TILL));
    let moved = json!({"timer_entry_id": last["id"], "start_at": super::ago(60)});
    env.account().write("PUT", &path, &moved);
}

/// A length to now would count its pauses.
#[test]
fn the_older_way_counts_no_pauses() {
    let env = running(&["timer-stop@*=404"]);
    let path = format!("/ticket_timers/{}", id(&env, TILL, 0));
    env.account().write("POST", &format!("{path}/pause"), &json!({}));
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(5).says("its pauses would count").says("--minutes T");
    assert_eq!(sent(&env), [NEWER]);
    refused_again(&env);
}

#[track_caller]
fn refused_again(env: &TestEnv) {
    timer(env, "stop", TILL, &[]).ends(5);
    assert_eq!(sent(env), [NEWER]);
}

/// Time may run there, or wait.
#[tokio::test]
async fn a_page_without_its_timers_is_no_ticket_without_timers() {
    let env = running(&[]);
    let server = Altered::telling(env.account(), |_, what, answer| {
        if what == format!("GET /tickets/{}", ticket_id(TILL)) {
            answer["ticket"].as_object_mut().unwrap().remove("ticket_timers");
        }
    })
    .await;
    let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
    let hidden = "Syncro does not show the timers of ticket #32181";
    let entry = id(&env, TILL, 0);
    for args in [
        &["timer", "stop", "32181"][..],
        &["timer", "stop", "32181", &entry],
        &["timer", "pause", "32181"],
        &["timer", "delete", "32181", &entry],
        &["timer", "update", "32181", &entry, "--minutes", "30"],
        &["close", "32181", "--no-comment", "--stop-timer"],
    ] {
        refused(&env, &run(&[args, &["--yes"]].concat()), 5, hidden);
    }
    let page = run(&["ticket", "32181"]);
    assert!(page.ends(0).stdout.contains(hidden), "{page}");
    let moved = run(&["update", "32181", "--customer", "31205530", "--yes"]);
    moved.ends(5).says(hidden).says("--move-unbilled");
    assert!(env.writes().is_empty());
}

/// Nothing was written by the way that the account lacks, so a No to the other one leaves nothing behind.
#[cfg(unix)]
#[test]
fn a_no_to_the_older_way_has_written_nothing() {
    let env = running(&["timer-stop@*=404"]);
    let mut terminal = env.terminal(&["timer", "stop", "32181"]);
    terminal.answer("[y/N", "y");
    terminal.expect("cannot stop a timer where it runs");
    terminal.answer("[y/N", "n");
    let (code, shown) = terminal.end();
    assert!(code == 9 && shown.contains("cancelled; nothing was written"), "{shown}");
    assert_eq!(sent(&env), [NEWER]);
}

/// What was answered before the way that the account lacks is not asked again before the other one.
#[cfg(unix)]
#[test]
fn a_guard_that_was_answered_before_the_older_way_stays_answered() {
    let env = running(&["timer-stop@*=404"]);
    let config = std::fs::read_to_string(env.config_file()).unwrap();
    let config = config.replace("robin@lanternfish.example", "kim@lanternfish.example");
    std::fs::write(env.config_file(), config).unwrap();
    let stop = ["timer", "stop", "32181"];
    let close = ["close", "32181", "--no-comment", "--stop-timer", "--no-log"];
    for typed in [&stop[..], &close] {
        let mut terminal = env.terminal(typed);
        terminal.answer("Continue? [y/N]", "y");
        terminal.answer("[y/N/p", "y");
        terminal.expect("cannot stop a timer where it runs");
        let came = terminal.expect("[y/N");
        assert!(came.contains("the key belongs to") && !came.contains("Continue?"), "{came}");
        terminal.reply("[y/N", "n");
        assert_eq!(terminal.end().0, 9);
        std::fs::remove_dir_all(env.state_dir()).unwrap();
    }
}

/// A web page is no word of the API's: once it has come again, and looks have shown that the timer runs on, it is told as what
/// it is, and neither asked for again nor believed tomorrow.
#[test]
fn a_page_in_place_of_the_stop_is_not_asked_for_for_ever() {
    let page = "timer-stop@2=404-html";
    for (first, settings) in [
        ("timer-stop@1=404-html", "settings@9=404"),
        ("timer-stop@1=404-html", "settings@*=charges"),
        ("timer-stop@1=close-before", "settings@9=404"),
    ] {
        let env = running(&[first, page, settings]);
        timer(&env, "stop", TILL, &[]).ends(6);
        let ran = env.run(&["resume", "--yes", "--json"]);
        ran.ends(3).says("this account may not support this").says("an HTML page");
        let update = format!("syncro timer update 32181 {} --minutes T", id(&env, TILL, 0));
        ran.says("nothing was written").says(&format!("to set its length instead: {update}"));
        assert_eq!(ran.json().unwrap()["writes"][0]["outcome"], "failed", "{ran}");
        env.run(&["resume", "--yes"]).ends(0).says("no pending plans");
        assert_eq!(sent(&env), [NEWER, NEWER]);
        timer(&env, "stop", TILL, &[]).ends(0);
        assert_eq!(sent(&env), [NEWER, NEWER, NEWER]);
    }
    let env = running(&["timer-stop@*=404-html"]);
    let close = ["close", "32181", "--no-comment", "--stop-timer", "--no-log", "--yes"];
    env.run(&close).ends(6).says("an HTML page");
    env.run(&["resume", "--yes"]).ends(3).says("this account may not support this");
    env.run(&["resume", "--yes"]).ends(0).says("no pending plans");
    assert_eq!((sent(&env).len(), env.state(TILL).status()), (2, "In Progress"));
}

/// A plan that ends with its stop leaves the comment behind it unsent, and that waits for the next run.
#[cfg(unix)]
#[test]
fn a_stop_that_is_given_up_keeps_the_comment_behind_it() {
    let env = running(&["timer-stop@*=404-html"]);
    let close = ["close", "32181", "-m", WORDS, "--stop-timer", "--no-log", "--yes"];
    env.run(&close).ends(6);
    assert_eq!(kept(&env), []);
    let ran = env.run(&["resume", "--yes"]);
    one_waits(&env, &ran.ends(3).stderr, WORDS);
    env.run(&["resume", "--yes"]).ends(0).says("no pending plans");
    assert_eq!((sent(&env).len(), env.state(TILL).ours().1), (2, 0));
}

/// A page may be a proxy's: only of a stop does it say, once it has come again, that the account cannot do that.
#[test]
fn a_page_in_place_of_another_write_stays_in_doubt() {
    let env = running(&["timer-pause@*=404-html"]);
    timer(&env, "pause", TILL, &[]).ends(6);
    for _ in 0..2 {
        env.run(&["resume", "--yes"]).ends(6).says("an HTML page");
    }
    assert_eq!(env.journal().len(), 1);
}

/// A timer that somebody deletes in that second says nothing of what the account can do.
#[tokio::test]
async fn a_deleted_timer_is_no_account_that_cannot_stop_timers() {
    let env = running(&["timer-stop@1=404"]);
    let here = Account::new(env.base(), KEY);
    let server = Altered::telling(here, |account, what, _| {
        if what.ends_with("/stop") {
            let timer = account.timers(TILL)[0]["id"].clone();
            let path = format!("/tickets/{}/delete_timer_entry", ticket_id(TILL));
            account.write("POST", &path, &json!({ "timer_entry_id": timer }));
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let stop = ["timer", "stop", "32181", "--yes", "--json"];
    env.run_with(&stop, &there).ends(3);
    begun(&env, TILL);
    let before = sent(&env).len();
    let ran = env.run_with(&[&stop[..], &["--zero"]].concat(), &there);
    assert_eq!(sent(&env)[before], NEWER, "{ran}");
}
