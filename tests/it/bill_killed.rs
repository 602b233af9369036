//! Killed at any instant: the next run knows what was sent, and nothing is ever there twice.
#![cfg(unix)]

use std::time::Duration;

use crate::support::{
    BILLED, Problems, Setup, TILL, TestEnv, TicketState, UNBILLED, bill, many, until,
};

/// The writes of a bill, as faults name them, in their order.
const STEPS: [&str; 4] = ["comment", "line", "invoice-create", "ticket-update"];

/// A server with this fault, and a client that is patient enough to be killed while it waits.
fn env(fault: &str) -> TestEnv {
    TestEnv::of(Setup {
        faults: vec![fault.to_owned()],
        timeout: "60",
        resend_after: "2.5",
        ..Setup::default()
    })
}

/// `resume --yes` brings it to its end.
fn check_resumed(env: &TestEnv, problems: &mut Problems) {
    let ran = env.run(&["resume", "--yes", "--json"]);
    problems.unless(ran.code == 0, || format!("resume: {}", ran.brief()));
    problems.same("the ticket in the end", env.state(TILL).ours(), BILLED);
    problems.unless(env.journal().iter().all(|plan| plan.is_closed()), || {
        "the journal is not closed".to_owned()
    });
}

#[test]
fn while_a_write_is_on_its_way() {
    let mut faults = Vec::new();
    for (index, step) in STEPS.into_iter().enumerate() {
        for kind in ["hang-before", "hang-after", "late-hang:700"] {
            faults.push((index, format!("{step}={kind}")));
        }
    }
    let cases: Vec<String> = faults.iter().map(|(_, fault)| fault.clone()).collect();
    many("killed in a write", &cases, |fault, problems| {
        let index = faults.iter().find(|(_, one)| one == fault).unwrap().0;
        let env = env(fault);
        let running = env.spawn(&bill(&["--yes", "--json"]));
        env.until_logged(|line| line.fault.is_some());
        let ran = running.kill();
        problems.same("the code of a killed run", ran.code, -1);
        // The intent is on the disk before the request is on its way, and nothing is known of its answer.
        let story = env.journal()[0].story();
        let last = |what: String| story.iter().rposition(|one| one.starts_with(&what));
        problems
            .unless(last(format!("intent {index}")).is_some(), || format!("no intent: {story:?}"));
        problems.unless(last(format!("answered {index}")).is_none(), || {
            format!("an answer: {story:?}")
        });
        problems.unless(!env.journal()[0].is_closed(), || format!("closed: {story:?}"));
        let refused = env.run(&bill(&["--yes", "--json"]));
        problems.unless(refused.code == 5 && refused.stderr.contains("syncro resume"), || {
            format!("the same command: {}", refused.brief())
        });
        check_resumed(&env, problems);
    });
}

#[test]
fn while_a_slow_answer_comes() {
    let applied: [fn(&TicketState) -> bool; 4] = [
        |state| state.comments.len() == 5,
        |state| state.lines.len() == 1,
        |state| state.invoices.len() == 1,
        |state| state.status() == "Invoiced",
    ];
    many("killed in a slow answer", &STEPS, |step, problems| {
        let index = STEPS.iter().position(|one| one == step).unwrap();
        let env = env(&format!("{step}=slow:60000"));
        let running = env.spawn(&bill(&["--yes", "--json"]));
        until("the write is applied", || applied[index](&env.state(TILL)));
        problems.same("the code of a killed run", running.kill().code, -1);
        check_resumed(&env, problems);
    });
}

#[test]
fn while_it_reads_before_the_first_write() {
    let reads = ["find", "ticket", "comments", "customer", "product", "invoices", "me"];
    many("killed while it gathers", &reads, |read, problems| {
        let env = env(&format!("{read}=hang-before"));
        let running = env.spawn(&bill(&["--yes", "--json"]));
        env.until_logged(|line| line.fault.is_some());
        problems.same("the code of a killed run", running.kill().code, -1);
        problems.unless(env.journal().is_empty(), || "a plan is in the journal".to_owned());
        problems.same("the ticket", env.state(TILL).ours(), UNBILLED);
        let ran = env.run(&["resume", "--yes", "--json"]);
        problems.unless(ran.code == 0, || format!("resume: {}", ran.brief()));
        problems.same("the ticket after resume", env.state(TILL).ours(), UNBILLED);
        let ran = env.run(&bill(&["--yes", "--json"]));
        problems.unless(ran.code == 0, || format!("the bill again: {}", ran.brief()));
        problems.same("the ticket in the end", env.state(TILL).ours(), BILLED);
    });
}

#[test]
fn while_it_reads_between_two_writes() {
    let reads = [
        "ticket@2",
        "ticket@3",
        "ticket@4",
        "comments@2",
        "invoices@2",
        "invoices@3",
        "invoice",
        "customer@2",
    ];
    many("killed between writes", &reads, |read, problems| {
        let env = env(&format!("{read}=hang-before"));
        let running = env.spawn(&bill(&["--yes", "--json"]));
        env.until_logged(|line| line.fault.is_some());
        problems.same("the code of a killed run", running.kill().code, -1);
        check_resumed(&env, problems);
    });
}

/// At whatever instant: the whole length of a bill is swept.
#[test]
fn at_any_instant() {
    let instants: Vec<u64> = (0..48).map(|turn| turn * 9).collect();
    many("killed at any instant", &instants, |millis, problems| {
        let env = env("any@*=slow:20");
        let killed =
            env.spawn(&bill(&["--yes", "--json"])).kill_after(Duration::from_millis(*millis));
        let ran = env.run(&["resume", "--yes", "--json"]);
        problems.unless(ran.code == 0, || format!("resume: {}", ran.brief()));
        let state = env.state(TILL);
        if state.ours() == UNBILLED {
            let ran = env.run(&bill(&["--yes", "--json"]));
            problems.unless(ran.code == 0, || format!("the bill again: {}", ran.brief()));
        }
        problems.same("the ticket in the end", env.state(TILL).ours(), BILLED);
        if killed.code == 0 {
            problems.same("the ticket of a run that was done", state.ours(), BILLED);
        }
    });
}

/// Killed, and killed again in each `resume`: patience ends, too, and nothing is there twice.
#[test]
fn again_and_again() {
    let mut env = env("comment=hang-after");
    let running = env.spawn(&bill(&["--yes", "--json"]));
    env.until_logged(|line| line.fault.is_some());
    assert_eq!(running.kill().code, -1);
    for fault in [
        "line=hang-before",
        "line=hang-after",
        "invoice-create=hang-after",
        "ticket-update=hang-before",
    ] {
        env.restart(&[fault.to_owned()]);
        let running = env.spawn(&["resume", "--yes", "--json"]);
        env.until_logged(|line| line.fault.as_deref() == Some(fault));
        assert_eq!(running.kill().code, -1);
    }
    env.restart(&[]);
    env.run(&["resume", "--yes", "--json"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}
