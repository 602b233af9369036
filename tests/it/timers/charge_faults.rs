//! `timer charge` under faults, kills and colleagues: each entry is charged once.

use super::*;

/// Charged once in the end, and mended, whatever became of a request.
fn check_charged(env: &TestEnv, story: &str, problems: &mut Problems) {
    let state = env.state(TERMINAL);
    problems.same(&format!("lines ({story})"), state.lines.len(), 1);
    if let Some(line) = state.lines.first() {
        problems.same("product", line["product_id"].as_i64(), Some(REMOTE));
        problems.same("price", money(&line["price_retail"]), Decimal::from(120));
        problems.same("description", line["description"].as_str(), Some(MOVED));
    }
    let timers = env.account().timers(TERMINAL);
    problems.same("recorded", &timers[0]["recorded"], &json!(true));
    problems.unless(env.journal().iter().all(|plan| plan.is_closed()), || {
        format!("the journal is not closed ({story})")
    });
}

/// Every kind of unclear answer to either write; then `resume`.
#[test]
fn under_faults_it_is_charged_once() {
    let mut cases: Vec<String> = Vec::new();
    for kind in [
        "close-before",
        "close-after",
        "500-before",
        "502-after",
        "html-after",
        "null",
        "nulls",
        "empty",
        "truncated",
        "foreign",
        "wrong-id",
        "hang-before",
        "hang-after",
        "late:150",
        "302-after",
        "429:1",
        "422:4",
        "404",
    ] {
        cases.push(format!("timer-charge={kind}"));
        // The product is lost, so that there is something to mend.
        cases.push(format!("timer-charge=lost-product line-update={kind}"));
    }
    for read in ["ticket@2", "ticket@3", "ticket@4"] {
        for kind in ["close-before", "500-before", "garbled", "wrong-id"] {
            cases.push(format!("timer-charge=lost-product {read}={kind}"));
        }
    }
    many("charges under faults", &cases, |case, problems| {
        let env = TestEnv::of(Setup {
            faults: case.split(' ').map(str::to_owned).collect(),
            timeout: "0.8",
            ..Setup::default()
        });
        let ran = timer(&env, "charge", TERMINAL, &[]);
        let lines = env.state(TERMINAL).lines.len();
        problems.unless(lines <= 1, || format!("{lines} lines: {}", ran.brief()));
        if ran.code == 0 {
            check_charged(&env, "done", problems);
            return;
        }
        let resumed = env.run(&["resume", "--yes", "--json"]);
        let story = format!("{}; resume: {}", ran.brief(), resumed.brief());
        // Refused before anything landed, there is nothing to resume.
        if env.state(TERMINAL).lines.is_empty() {
            timer(&env, "charge", TERMINAL, &[]).ends(0);
        }
        check_charged(&env, &story, problems);
    });
}

#[test]
fn two_lines_of_one_charge_stop_it() {
    let env = TestEnv::with(&["timer-charge=twice"]);
    let ran = timer(&env, "charge", TERMINAL, &[]);
    ran.ends(1).says("found 2 new records");
    assert_eq!(ran.json().unwrap()["outcome"], "failed");
    assert_eq!(env.writes().len(), 1, "nothing more was sent");
}

/// Kills the client when the fault strikes, and leaves a patient server behind.
fn killed(faults: &[&str]) -> TestEnv {
    let mut env = TestEnv::of(Setup {
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        timeout: "60",
        ..Setup::default()
    });
    let last = faults.last().copied();
    let running = env.spawn(&["timer", "charge", "32168", "--yes", "--json"]);
    env.until_logged(|line| line.fault.as_deref() == last);
    assert_eq!(running.kill().code, -1);
    env.restart(&[]);
    env
}

#[test]
fn killed_at_either_write_it_is_finished_by_resume() {
    for faults in [
        vec!["timer-charge=hang-before"],
        vec!["timer-charge=hang-after"],
        vec!["timer-charge=lost-product", "ticket@3=hang-before"],
        vec!["timer-charge=unnamed", "ticket@3=hang-before"],
        vec!["timer-charge=lost-product", "line-update=hang-before"],
        vec!["timer-charge=lost-product", "line-update=hang-after"],
    ] {
        let env = killed(&faults);
        let refused = timer(&env, "charge", TERMINAL, &[]);
        refused.ends(5).says("syncro resume");
        env.run(&["resume", "--yes", "--json"]).ends(0);
        let mut problems = Problems::default();
        check_charged(&env, &format!("{faults:?}"), &mut problems);
        assert!(problems.is_empty(), "{faults:?}: {problems:?}");
    }
}

/// Marked as charged, but the line is gone: nobody knows, so nothing is sent.
#[test]
fn recorded_without_a_line_is_left_to_a_person() {
    let env = killed(&["timer-charge=hang-after"]);
    let line = env.state(TERMINAL).lines[0]["id"].clone();
    let path = format!("/tickets/{}/remove_line_item", ticket_id(TERMINAL));
    env.account().write("POST", &path, &json!({ "ticket_line_item_id": line }));
    in_doubt(&env, "there is no new line item");
}

/// A line like it, and no mark: it may be somebody's own.
#[test]
fn a_line_without_the_mark_is_left_to_a_person() {
    let env = killed(&["timer-charge=hang-before"]);
    env.account().line(TERMINAL, "0.75", "120", MOVED);
    in_doubt(&env, "may or may not come from timer entry");
}

#[track_caller]
fn in_doubt(env: &TestEnv, says: &str) {
    let (before, writes) = (env.state(TERMINAL).lines, env.writes().len());
    for _ in 0..2 {
        let ran = env.run(&["resume", "--yes", "--json"]);
        ran.ends(6).says(says).says("resume --discard");
        assert_eq!(ran.json().unwrap()["outcome"], "unconfirmed");
        timer(env, "charge", TERMINAL, &[]).ends(5);
    }
    assert_eq!(env.writes().len(), writes, "never charged again");
    assert_eq!(env.state(TERMINAL).lines, before);
    let plan = env.journal()[0].id();
    env.run(&["resume", "--discard", &plan, "--yes"]).ends(0);
}

/// Somebody changes the entry between preview and charge.
#[cfg(unix)]
#[test]
fn what_was_not_previewed_is_not_charged() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["timer", "charge", "32168"]);
    terminal.expect("[y/N/p");
    let body = json!({
        "timer_entry_id": env.account().timers(TERMINAL)[0]["id"], "duration_minutes": 90, "user_id": TRAINEE,
    });
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TERMINAL));
    env.account().write("PUT", &path, &body);
    terminal.reply("[y/N/p", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 5, "{shown}");
    assert!(shown.contains("but the preview showed"), "{shown}");
    assert!(env.writes().is_empty());
    assert!(env.state(TERMINAL).lines.is_empty());
}
