//! The verbs where the account shows what a timer does, and where it does not.

use serde_json::{Value, json};

use super::{BACKUP, REMOTE, ago, id, refused, timer};
use crate::support::{Setup, TILL, TestEnv, ticket_id, until};

/// A timer of ours on the ticket, begun in the newer way.
pub(super) fn begun(env: &TestEnv, number: i64) -> String {
    let body = json!({"ticket_id": ticket_id(number), "product_id": REMOTE, "notes": "Spool"});
    let (status, made) = env.account().call("POST", "/ticket_timers", Some(&body));
    assert_eq!(status, 201, "{made}");
    made["ticket_timer"]["id"].to_string()
}

/// As if that timer had begun so many seconds ago.
pub(super) fn moved_back(env: &TestEnv, seconds: i64) {
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TILL));
    let moved = json!({"timer_entry_id": id(env, TILL, 0), "start_at": ago(seconds)});
    env.account().write("PUT", &path, &moved);
}

/// The method and the path of each write, ids left out.
pub(super) fn sent(env: &TestEnv) -> Vec<String> {
    let writes = env.writes();
    let lines = writes.iter().map(|line| {
        let is_word = |part: &&str| !part.bytes().all(|byte| byte.is_ascii_digit());
        let path = line.path.trim_start_matches("/api/v1/");
        let path: Vec<&str> = path.split('/').filter(is_word).collect();
        format!("{} {}", line.method, path.join("/"))
    });
    lines.collect()
}

fn status(env: &TestEnv) -> Value {
    env.account().timers(TILL)[0]["status"].take()
}

/// An account that shows what timers do gets the newer requests; the others never one of them, to find out.
#[test]
fn what_the_account_shows_decides_which_way_is_taken() {
    let env = TestEnv::with(&["timer-add@*=no-status"]);
    timer(&env, "start", TILL, &["--notes", "Spool"]).ends(0);
    timer(&env, "stop", TILL, &[]).ends(0);
    assert_eq!(sent(&env), ["POST tickets/timer_entry", "PUT tickets/update_timer_entry"]);
    timer(&env, "start", TILL, &[]).ends(0);
    for verb in ["pause", "resume"] {
        timer(&env, verb, TILL, &[]).ends(5).says("does not show whether timer entry");
    }
    assert_eq!(sent(&env).len(), 3);

    // Somebody's timer shows its status: so does the account.
    let (env, _) = TestEnv::prepared(Setup::default(), |env| begun(env, BACKUP));
    let more = ["--labor", "remote", "--notes", "Spool", "--timer-running"];
    let started = timer(&env, "start", TILL, &more);
    assert_eq!(started.ends(0).json().unwrap()["writes"][0]["outcome"], "done", "{started}");
    let made = env.account().timers(TILL).remove(0);
    assert_eq!((&made["product_id"], &made["notes"]), (&json!(REMOTE), &json!("Spool")));
    timer(&env, "pause", TILL, &[]).ends(0);
    assert_eq!(status(&env), "status_paused");
    timer(&env, "pause", TILL, &[]).is_so_already();
    env.run(&["timer", "pause", "32181"]).is_so_already();
    let list = env.run(&["timer", "list", "32181"]);
    assert!(list.ends(0).stdout.contains("PAUSED"), "{list}");
    // Notes would need a length, which counts the pause.
    timer(&env, "stop", TILL, &["--notes", "Done"]).ends(5).says("its pauses would count");
    timer(&env, "resume", TILL, &["--timer-running"]).ends(0);
    assert_eq!(status(&env), "status_running");
    timer(&env, "resume", TILL, &[]).is_so_already();
    timer(&env, "start", TILL, &["--timer-running"]).is_so_already();
    let stopped = timer(&env, "stop", TILL, &[]);
    assert_eq!(stopped.ends(0).json().unwrap()["timer"]["status"], "status_stopped");
    let newer = ["", "/pause", "/start", "/stop"].map(|verb| format!("POST ticket_timers{verb}"));
    assert_eq!(sent(&env), newer);
    timer(&env, "stop", TILL, &[]).ends(5).says("no timer is running");
}

/// What `timer start` begins in practice can be paused: an account that shows what a timer does is there to be met.
#[test]
fn a_timer_of_the_practice_account_can_be_paused() {
    let env = TestEnv::new();
    for (verb, is) in [
        ("start", "status_running"),
        ("pause", "status_paused"),
        ("resume", "status_running"),
        ("stop", "status_stopped"),
    ] {
        timer(&env, verb, TILL, &[]).ends(0);
        assert_eq!(status(&env), is, "{verb}");
    }
    let newer = ["pause", "start", "stop"].map(|verb| format!("POST ticket_timers/{verb}"));
    let first = ["POST tickets/timer_entry".to_owned()];
    assert_eq!(sent(&env), [&first[..], &newer].concat());
}

/// One that runs is not started again, whether it shows its status or not.
#[test]
fn a_timer_that_runs_is_not_started_again() {
    let older = |env: &TestEnv| {
        env.account().clock(TILL, &json!({"start_at": ago(300)}));
        begun(env, BACKUP)
    };
    let setup = Setup { faults: vec!["timer-add@*=no-status".to_owned()], ..Setup::default() };
    let (env, _) = TestEnv::prepared(setup, older);
    let ran = timer(&env, "start", TILL, &[]);
    ran.is_so_already();
    assert!(ran.json().unwrap()["already"].to_string().contains("already running since"), "{ran}");
    assert!(env.writes().is_empty());
}

/// Each verb is named in the question and in the report, and time that goes on is no surprise.
#[cfg(unix)]
#[test]
fn a_pause_is_named_where_it_is_asked_and_told() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| begun(env, TILL));
    let entry = id(&env, TILL, 0);
    for (verb, title, is) in [("pause", "Pause", "paused"), ("resume", "Resume", "running")] {
        let mut terminal = env.terminal(&["timer", verb, "32181"]);
        terminal.answer(&format!("{title} timer entry {entry}? [y/N/p"), "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert!(shown.contains(&format!("Timer entry {entry}: {is}")), "{shown}");
        assert!(!shown.contains("also changed"), "{shown}");
    }
}

/// The amount stands in the question; that time goes on while it is answered changes nothing.
#[cfg(unix)]
#[test]
fn a_stop_that_charges_asks_with_the_amount() {
    let env = charging("charges", Vec::new());
    let mut terminal = env.terminal(&["timer", "stop", "32181"]);
    terminal.answer("and charge $60.00? [y/N/p", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
}

/// A colleague's time is entered in the older way, which alone takes a user.
#[test]
fn time_of_somebody_else_is_started_in_the_older_way() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| begun(env, BACKUP));
    let more = ["--user", "Mika", "--timer-running"];
    timer(&env, "start", TILL, &more).ends(0);
    assert_eq!(sent(&env), ["POST tickets/timer_entry"]);
}

/// Notes go with a length as long as that is the time of the work.
#[test]
fn notes_of_a_timer_that_was_never_paused_are_set_as_it_stops() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| begun(env, TILL));
    timer(&env, "stop", TILL, &["--notes", "Done"]).ends(0);
    assert_eq!(sent(&env), ["PUT tickets/update_timer_entry"]);
    assert_eq!(env.account().timers(TILL)[0]["notes"], "Done");
}

/// Its start to now is not the time of its work.
#[test]
fn notes_of_a_timer_that_was_paused_are_not_set_as_it_stops() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        begun(env, TILL);
        let path = format!("/ticket_timers/{}", id(env, TILL, 0));
        env.account().write("POST", &format!("{path}/pause"), &json!({}));
        moved_back(env, 7200);
        env.account().write("POST", &format!("{path}/start"), &json!({}));
    });
    timer(&env, "stop", TILL, &["--notes", "Done"]).ends(5).says("may have been paused");
    timer(&env, "stop", TILL, &[]).ends(0);
}

/// An account that charges what is stopped, and half an hour of remote labor that runs there.
fn charging(stop: &str, replace: Vec<(&'static str, String)>) -> TestEnv {
    let mut faults = vec!["settings@*=charges".to_owned()];
    faults.extend((!stop.is_empty()).then(|| format!("timer-stop={stop}")));
    let setup = Setup { faults, replace, ..Setup::default() };
    let half_an_hour = |env: &TestEnv| {
        begun(env, TILL);
        moved_back(env, 1800);
    };
    TestEnv::prepared(setup, half_an_hour).0
}

/// Where the account charges, the preview says so with the amount, and one line is there afterwards.
#[test]
fn a_stop_that_charges_is_told_and_makes_one_line() {
    let env = charging("charges", Vec::new());
    let shown = env.run(&["timer", "stop", "32181", "--dry-run"]);
    let row = "0.5 x Labor - Remote @ $120.00 = $60.00, if it is stopped now";
    assert!(shown.ends(0).stdout.contains(row), "{shown}");
    assert!(shown.stdout.contains("charges stopped timers"), "{shown}");
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(0);
    let json = ran.json().unwrap();
    assert_eq!(json["line_items"].as_array().unwrap().len(), 1, "{ran}");
    assert_eq!(json["warnings"], json!([]), "{ran}");
    assert_eq!((env.state(TILL).lines.len(), env.writes().len()), (1, 1), "{ran}");
    // It is charged, so that nobody is told to charge it.
    assert!(!ran.stderr.contains("timer charge"), "{ran}");
}

/// Settings that are not there, or are no settings, do not say that it does not: the amount is shown and guarded, and
/// either end of it is right.
#[test]
fn a_stop_may_charge_where_the_settings_do_not_say() {
    for unclear in ["404", "foreign"] {
        for charges in ["charges", ""] {
            let mut faults = vec![format!("settings@*={unclear}")];
            faults.extend((!charges.is_empty()).then(|| format!("timer-stop={charges}")));
            let (env, _) = TestEnv::prepared(Setup { faults, ..Setup::default() }, |env| {
                begun(env, TILL);
                moved_back(env, 1800);
            });
            let shown = env.run(&["timer", "stop", "32181", "--dry-run"]);
            let row = "0.5 x Labor - Remote @ $120.00 = $60.00, if it is stopped now";
            assert!(shown.ends(0).stdout.contains(row), "{unclear}: {shown}");
            assert!(shown.stdout.contains("may charge stopped timers"), "{unclear}: {shown}");
            let ran = timer(&env, "stop", TILL, &[]);
            let json = ran.ends(0).json().unwrap();
            let lines = usize::from(!charges.is_empty());
            assert_eq!(env.state(TILL).lines.len(), lines, "{unclear}: {ran}");
            assert_eq!(json["warnings"].as_array().unwrap().len(), 1 - lines, "{unclear}: {ran}");
        }
        // What it may come to is guarded.
        let faults = vec![format!("settings@*={unclear}")];
        let (env, _) = TestEnv::prepared(Setup { faults, ..Setup::default() }, |env| {
            let free = json!({"ticket_id": ticket_id(TILL), "notes": "password: hunter-two"});
            env.account().call("POST", "/ticket_timers", Some(&free));
        });
        let ran = timer(&env, "stop", TILL, &[]);
        refused(&env, &ran, 5, "--zero");
        ran.says("--allow-secrets");
    }
}

/// The account says that it charges, and this stop makes no line, as when it was set so while the timer ran: the stop is
/// done, its charge is not, and nothing is said or sent that would bill it twice.
#[test]
fn a_stop_that_makes_no_line_is_done_and_says_so() {
    for fault in ["", "close-after", "500-after", "garbled"] {
        let env = charging(fault, Vec::new());
        let ran = timer(&env, "stop", TILL, &[]);
        let json = ran.ends(0).json().unwrap();
        let entry = id(&env, TILL, 0);
        let says = format!(
            "Syncro stopped timer entry {entry} but did not charge it: there is no new line item"
        );
        assert_eq!((&json["outcome"], &json["warnings"]), (&json!("done"), &json!([says])));
        assert_eq!((env.state(TILL).lines.len(), env.writes().len()), (0, 1), "{fault}: {ran}");
        assert!(!env.account().timers(TILL)[0]["end_time"].is_null(), "{fault}");
        assert!(env.run(&["resume", "--yes"]).stderr.contains("no pending plans"), "{fault}");
    }
    let env = charging("", Vec::new());
    let ran = env.run(&["timer", "stop", "32181", "--yes"]);
    let page = ran.ends(0).page();
    assert!(page.contains("stopped, not charged"), "{page}");
    assert!(page.contains("Next: syncro bill 32181 --from-timers"), "{page}");
    assert!(!page.contains("charged as line item"), "{page}");
    env.run(&["bill", "32181", "--from-timers", "--no-comment", "--yes"]).ends(0);
    assert_eq!(env.state(TILL).lines.len(), 1);
    let env = charging("", Vec::new());
    let ran = env.run(&["close", "32181", "--no-comment", "--stop-timer", "--no-log", "--yes"]);
    let page = ran.ends(0).page();
    assert!(page.contains("Next: syncro bill 32181 --from-timers"), "{page}");
}

/// The same of a stop whose answer is lost, and which shows only after the look for it: whoever looks once more, sees it.
#[test]
fn a_late_stop_that_makes_no_line_is_done_when_it_is_seen() {
    let env = charging("late:2500", Vec::new());
    timer(&env, "stop", TILL, &[]).ends(6);
    until("it has ended", || !env.account().timers(TILL)[0]["end_time"].is_null());
    let ran = env.run(&["resume", "--yes"]);
    ran.ends(0).says("did not charge it");
    assert_eq!((env.state(TILL).lines.len(), env.writes().len()), (0, 1), "{ran}");
}

/// A stop that never came through leaves the timer running: it is in doubt as before.
#[test]
fn a_stop_that_did_not_land_is_not_done() {
    let env = charging("500-before", Vec::new());
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(6);
    assert_eq!((status(&env), env.writes().len()), (json!("status_running"), 1), "{ran}");
}

/// A line that has lost its price on the way is wrong, and said to be.
#[test]
fn a_stop_that_charges_for_nothing_fails_its_check() {
    let env = charging("charges:lost-price", Vec::new());
    let ran = timer(&env, "stop", TILL, &[]);
    ran.ends(1).says("$0.00").says("$120.00");
    assert_eq!((env.state(TILL).lines.len(), env.writes().len()), (1, 1), "{ran}");
}

/// Syncro charges the product's price, whatever the labor type says; and a large amount is asked about.
#[test]
fn a_stop_that_charges_another_price_than_the_labor_type_says_so() {
    let id = "product_id = 17340021";
    let env = charging("charges", vec![(id, format!("{id}\nrate = \"95\""))]);
    let shown = env.run(&["timer", "stop", "32181", "--dry-run"]);
    assert!(shown.ends(0).stdout.contains("not the rate of remote, $95.00"), "{shown}");
    let env = charging("charges", Vec::new());
    let product = json!({"price_retail": 20_000, "taxable": false});
    env.account().write("PUT", &format!("/products/{REMOTE}"), &product);
    refused(&env, &timer(&env, "stop", TILL, &[]), 5, "--large");
}

/// `close` stops its timer in the same way.
#[test]
fn close_stops_a_timer_where_it_runs() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| begun(env, TILL));
    env.run(&["close", "32181", "-m", "Copied", "--stop-timer", "--yes", "--json"]).ends(0);
    assert_eq!(sent(&env), ["POST ticket_timers/stop", "POST tickets/comment", "PUT tickets"]);
    assert_eq!(status(&env), "status_stopped");
}

/// Time that a stop has charged is invoiced next: who is told to type it again bills it twice.
#[test]
fn close_points_to_the_invoice_of_what_its_stop_has_charged() {
    let env = charging("charges", Vec::new());
    let ran = env.run(&["close", "32181", "--no-comment", "--stop-timer", "--no-log", "--yes"]);
    assert!(ran.ends(0).stdout.contains("invoice create 32181"), "{ran}");
    assert!(!ran.stdout.contains("--from-timers"), "{ran}");
    let ran = env.run(&["bill", "32181", "--from-timers", "--no-comment", "--yes"]);
    ran.ends(5).says("1 line item ($60.00) is not invoiced").says("invoice create 32181");
    assert!(!ran.stderr.contains("--labor"), "{ran}");
}

/// Lost answers are settled by what the account shows; nothing is sent twice.
#[test]
fn a_pause_whose_answer_is_lost_is_looked_for() {
    for (fault, code) in [("close-after", 0), ("500-before", 6), ("422", 5)] {
        let setup = Setup { faults: vec![format!("timer-pause={fault}")], ..Setup::default() };
        let (env, _) = TestEnv::prepared(setup, |env| begun(env, TILL));
        let ran = timer(&env, "pause", TILL, &[]);
        ran.ends(code);
        let paused = if code == 0 { "status_paused" } else { "status_running" };
        assert_eq!((status(&env), env.writes().len()), (json!(paused), 1), "{ran}");
    }
    let env = TestEnv::new();
    let other = id(&env, BACKUP, 0);
    refused(&env, &timer(&env, "pause", TILL, &[&other]), 3, "no timer entry");
}

/// A timer of one's own that starts elsewhere while another start waits for its answer was never asked about.
#[cfg(unix)]
#[test]
fn a_timer_that_starts_elsewhere_meanwhile_stops_the_start() {
    for setup in [Setup::default(), Setup::first(&["timer-add@*=no-status"])] {
        let env = TestEnv::of(setup);
        let mut terminal = env.terminal(&["timer", "start", "32181"]);
        terminal.expect("[y/N/p");
        env.account().clock(32_179, &json!({"start_at": ago(60)}));
        terminal.reply("[y/N/p", "y");
        let (code, shown) = terminal.end();
        assert!(code == 5 && shown.contains("running timers changed since"), "{code}: {shown}");
        assert!(env.writes().is_empty(), "{shown}");
    }
}

/// Two starts at the same moment on two tickets are one after the other, whichever way they take, so that the second one is
/// asked about the first. A question holds off nobody: who says yes first, starts.
#[test]
fn two_starts_at_once_are_one_after_the_other() {
    let other = ticket_id(32_179).to_string();
    let (path, begins) = (format!("tickets/{other}/timer_entry"), format!("start_at={}", ago(0)));
    let on = format!("ticket_id={other}");
    let older = ["api", "POST", &path, "-f", &begins, "--yes"];
    let newer = ["api", "POST", "ticket_timers", "-F", &on, "--yes"];
    let ways = [&["timer", "start", "32179", "--yes"][..], &older, &newer];
    for args in ways {
        let env = TestEnv::with(&["any@*=slow:30"]);
        let runs = [env.spawn(&["timer", "start", "32181", "--yes"]), env.spawn(args)];
        let [one, two] = runs.map(|run| run.wait());
        let mut codes = [one.code, two.code];
        codes.sort_unstable();
        assert_eq!((codes, env.writes().len()), ([0, 5], 1), "{one}{two}");
    }
    #[cfg(unix)]
    for args in ways {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["timer", "start", "32181"]);
        terminal.expect("[y/N/p");
        let theirs = ["timer", "start", "32180", "--user", "mika", "--timer-running", "--yes"];
        env.run(&theirs).ends(0);
        env.run(args).ends(0);
        let sent = env.writes().len();
        terminal.reply("[y/N/p", "y");
        let (code, shown) = terminal.end();
        assert!(code == 5 && shown.contains("running timers changed since"), "{code}: {shown}");
        assert_eq!(env.writes().len(), sent, "{shown}");
        timer(&env, "start", TILL, &[]).ends(5).says("--timer-running");
    }
    // A ticket that may not be read is named by its id.
    let hidden = TestEnv::with(&["ticket@2+=403"]);
    hidden.account().clock(32_179, &json!({"start_at": ago(60)}));
    timer(&hidden, "start", TILL, &[]).ends(5).says("another ticket (id ").says("--timer-running");
}

/// A paused timer that goes on runs, as one that starts does; what is paused elsewhere hinders neither.
#[test]
fn a_timer_that_goes_on_asks_about_another_one() {
    let paused = |env: &TestEnv| {
        begun(env, TILL);
        let path = format!("/ticket_timers/{}/pause", id(env, TILL, 0));
        env.account().write("POST", &path, &json!({}));
    };
    let running = |env: &TestEnv| {
        paused(env);
        env.account().clock(32_179, &json!({"start_at": ago(60)}));
    };
    let (env, ()) = TestEnv::prepared(Setup::default(), running);
    let entry = id(&env, TILL, 0);
    let path = format!("ticket_timers/{entry}/start");
    let api = env.run(&["api", "POST", &path, "--yes"]);
    // A start on its ticket has it go on, too.
    let on = format!("ticket_id={}", ticket_id(TILL));
    let start = env.run(&["api", "POST", "ticket_timers", "-F", &on, "--yes"]);
    for ran in [timer(&env, "resume", TILL, &[]), api, start] {
        ran.ends(5).says("our timer is running on ticket #32179").says("--timer-running");
    }
    assert!(env.writes().is_empty());
    timer(&env, "resume", TILL, &["--timer-running"]).ends(0);

    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        paused(env);
        let other = begun(env, 32_179);
        let path = format!("/ticket_timers/{other}/pause");
        env.account().write("POST", &path, &json!({}));
    });
    timer(&env, "start", 32_180, &[]).ends(0);
    timer(&env, "stop", 32_180, &[]).ends(0);
    timer(&env, "resume", TILL, &[]).ends(0);
    // Two at once are one after the other.
    let at_once = Setup { faults: vec!["any@*=slow:30".to_owned()], ..Setup::default() };
    let (env, ()) = TestEnv::prepared(at_once, paused);
    let resume = env.spawn(&["timer", "resume", "32181", "--yes"]);
    let start = env.spawn(&["timer", "start", "32179", "--yes"]);
    let [one, two] = [resume, start].map(|run| run.wait());
    let mut codes = [one.code, two.code];
    codes.sort_unstable();
    assert_eq!((codes, env.writes().len()), ([0, 5], 1), "{one}{two}");
}

/// What starts elsewhere while the question is open was never asked about.
#[cfg(unix)]
#[test]
fn a_timer_that_starts_elsewhere_meanwhile_stops_one_that_goes_on() {
    let (env, _) = TestEnv::prepared(Setup::default(), |env| begun(env, TILL));
    timer(&env, "pause", TILL, &[]).ends(0);
    let sent = env.writes().len();
    let mut terminal = env.terminal(&["timer", "resume", "32181"]);
    terminal.expect("[y/N/p");
    env.account().clock(32_179, &json!({"start_at": ago(60)}));
    terminal.reply("[y/N/p", "y");
    let (code, shown) = terminal.end();
    assert!(code == 5 && shown.contains("running timers changed since"), "{code}: {shown}");
    assert_eq!(env.writes().len(), sent, "{shown}");
}

/// A stop that charges bills time that is charged elsewhere a second time, in the list that is read for it anyhow.
#[test]
fn a_stop_that_charges_asks_about_time_that_is_charged_elsewhere() {
    let twice = |env: &TestEnv| {
        begun(env, TILL);
        moved_back(env, 1800);
        let time = json!({"start_at": ago(3600), "duration_minutes": 45});
        let other = env.account().clock(32_179, &time)["id"].clone();
        let path = format!("/tickets/{}/charge_timer_entry", ticket_id(32_179));
        env.account().write("POST", &path, &json!({ "timer_entry_id": other }));
    };
    let charges = ["settings@*=charges", "timer-stop=charges"].map(str::to_owned);
    for (faults, is_asked) in [(charges.to_vec(), true), (Vec::new(), false)] {
        for args in
            [&["timer", "stop", "32181"][..], &["close", "32181", "--no-comment", "--stop-timer"]]
        {
            let setup = Setup { faults: faults.clone(), ..Setup::default() };
            let (env, ()) = TestEnv::prepared(setup, twice);
            let script = |more: &[&str]| env.run(&[args, &["--yes"], more].concat());
            if is_asked {
                script(&[])
                    .ends(5)
                    .says("on ticket #32179 (")
                    .says("billed twice")
                    .says("--overlap");
                assert!(env.writes().is_empty());
            }
            script(if is_asked { &["--overlap"] } else { &[] }).ends(0);
        }
    }
}
