//! What the guards ask on a terminal: each once in a run, before the first question that a person has to think about, and
//! with the facts that the answer needs.
#![cfg(unix)]

use serde_json::json;

use crate::support::{MESSAGE, Setup, TILL, TestEnv};

const PROMPT: &str = "[y/N/p";

/// What a run has asked: the questions of its guards in their order, each on one line.
struct Asked {
    guards: Vec<String>,
    code: i32,
}

/// Runs a command, answers its guards with Yes and its other questions with `typed`, and declines the plan in the end.
fn asked(env: &TestEnv, args: &[&str], typed: &[(&str, &str)]) -> Asked {
    let mut terminal = env.terminal(args);
    let mut typed = typed.iter();
    let mut next = typed.next();
    let mut guards = Vec::new();
    let mut from = 0;
    loop {
        let prompt = next.map_or(PROMPT, |(prompt, _)| prompt);
        // Whichever comes first: a guard, or what is asked next.
        let came = terminal.expect_any(&["[y/N] ", prompt]);
        let shown = terminal.shown();
        match came {
            0 => {
                let words: Vec<&str> = shown[from..].split_whitespace().collect();
                guards.push(words.join(" "));
                terminal.reply("[y/N]", "y");
            }
            _ => match next {
                Some((_, answer)) => {
                    terminal.say(answer);
                    next = typed.next();
                }
                None => break,
            },
        }
        from = shown.len();
    }
    terminal.reply(PROMPT, "n");
    Asked { guards, code: terminal.end().0 }
}

const WORK: [(&str, &str); 3] = [("Minutes", "30"), ("Labor type", "1"), ("Comment", MESSAGE)];

/// That each of `facts` is asked about, in this order, and nothing else is.
#[track_caller]
fn are(asked: &Asked, facts: &[&[&str]]) {
    let Asked { guards, code } = asked;
    assert_eq!((guards.len(), *code), (facts.len(), 9), "{guards:#?}");
    for (question, facts) in guards.iter().zip(facts) {
        for fact in *facts {
            assert!(question.contains(fact), "{fact}: {question}");
        }
    }
}

#[test]
fn a_bill_asks_each_thing_once_with_its_facts() {
    let env = TestEnv::new();
    let invoiced = asked(&env, &["bill", "32177"], &WORK);
    let number = env.state(32_177).invoices[0].clone();
    let total = format!("${}", number["total"].as_str().unwrap());
    let date = number["date"].as_str().unwrap()[..10].to_owned();
    let number = format!("#{}", number["number"].as_str().unwrap());
    are(&invoiced, &[&["already invoiced", &number, &total, &date]]);
    let running = asked(&env, &["bill", "32175"], &WORK);
    let entry = format!("timer entry {}", env.account().timers(32_175)[0]["id"]);
    are(&running, &[&["A timer is running", &entry, " since "]]);
    // Time that waits is offered, and answered with Yes; then no time is typed.
    let waiting = asked(&env, &["bill", "32168"], &WORK[2..]);
    are(&waiting, &[&["45 min in 1 timer entry waits. Bill it?"]]);
}

/// A password in the comment is in the line item that repeats it, too.
#[test]
fn a_bill_asks_once_about_a_password_that_stands_in_two_texts() {
    let env = TestEnv::new();
    let args = ["bill", "32181", "-t", "30", "-l", "remote", "-m", "The password: hunter-two-8"];
    are(&asked(&env, &args, &[]), &[&["The comment: line 1 ", "The line item: line 1 "]]);
    // A No to it is one to both, and a script is told of both.
    let mut terminal = env.terminal(&args);
    terminal.answer("[y/N] ", "n");
    assert_eq!(terminal.end().0, 9);
    let script = env.run(&[&args[..], &["--yes"]].concat());
    script.ends(5).says("The comment: line 1 ").says("The line item: line 1 ");
    assert!(env.writes().is_empty());
}

/// A closed ticket is said to be, and asked about no more than its invoice is.
#[test]
fn a_closed_ticket_is_named_before_the_first_question() {
    let env = TestEnv::new();
    env.account().write(
        "PUT",
        &format!("/tickets/{}", crate::support::ticket_id(TILL)),
        &json!({"status": "Resolved"}),
    );
    let mut terminal = env.terminal(&["bill", "32181"]);
    let before = terminal.expect("Minutes");
    assert_eq!(before.matches("the ticket is Resolved already").count(), 1, "{before}");
    assert!(!before.contains("[y/N]"), "{before}");
}

/// The till's contact wants no email, and the till's timer runs.
fn office() -> TestEnv {
    let prepare = |env: &TestEnv| {
        env.account().write(
            "PUT",
            "/contacts/7804551",
            &json!({"name": "Imelda Quill", "opt_out": true}),
        );
        env.account().timer(TILL);
    };
    TestEnv::prepared(Setup::default(), prepare).0
}

#[test]
fn comment_and_close_ask_before_the_text_is_written() {
    let opted_out: &[&str] =
        &["told not to email this contact, Imelda Quill <imelda@quillfeather.example>"];
    let timer: &[&str] =
        &["Your timer is running on ticket #32181 since Tue 2026-03-17", "Stop it, too?"];
    let long: &[&str] = &["is unusually long"];
    let env = office();
    are(&asked(&env, &["comment", "32181"], &[("Comment", MESSAGE)]), &[opted_out]);
    are(&asked(&env, &["comment", "32181", MESSAGE], &[]), &[opted_out]);
    let close = asked(&env, &["close", "32181", "--no-log"], &[("Resolution", MESSAGE)]);
    are(&close, &[opted_out, timer, long]);
    assert!(env.writes().is_empty());
    // A No ends it before a word is typed.
    for args in [&["comment", "32181"][..], &["close", "32181"]] {
        let mut terminal = env.terminal(args);
        let shown = terminal.answer("[y/N] ", "n");
        assert!(!shown.contains("Comment (") && !shown.contains("Resolution ("), "{shown}");
        assert_eq!(terminal.end().0, 9);
    }
}

/// What was answered before the preview is not asked once more when the text was edited there.
#[test]
fn an_edited_text_does_not_bring_the_questions_back() {
    let env = office();
    env.account().line(TILL, "0.5", "120", MESSAGE);
    let editor = env.editor("sed -i 's/^Replaced/Exchanged/' \"$1\"");
    let args = ["bill", "32181", "-t", "30", "-l", "remote", "-m", "Replaced it"];
    let mut terminal = env.terminal_with(&args, &[("EDITOR", &editor)]);
    for fact in ["told not to email", "same line item", "timer is running"] {
        let _ = fact;
        terminal.answer("[y/N] ", "y");
    }
    terminal.answer("[y/N/p/e]", "e");
    let shown = terminal.expect("[y/N/p/e]");
    assert!(!shown.contains("[y/N] ") && shown.contains("Exchanged it"), "{shown}");
    terminal.reply("[y/N/p/e]", "n");
    assert_eq!(terminal.end().0, 9);
}

/// A timer that has run for days, with `timer stop` and with what closes its ticket.
#[test]
fn a_timer_that_is_stopped_asks_each_thing_once() {
    let long: &[&str] = &["is unusually long", "more than"];
    let runs: &[&str] = &["Your timer is running on ticket #32175 since", "Stop it, too?"];
    let close = ["close", "32175", "--no-comment", "--no-log"];
    let env = TestEnv::new();
    are(&asked(&env, &["timer", "stop", "32175"], &[]), &[long]);
    are(&asked(&env, &close, &[]), &[runs, long]);
    are(&asked(&env, &[&close[..], &["--stop-timer"]].concat(), &[]), &[long]);
    assert!(env.writes().is_empty());
}

/// In an account that charges it, what would be billed is asked about as well: a price that is none, and a text that the
/// customer must not read.
#[test]
fn a_timer_that_is_stopped_and_charged_asks_each_thing_once() {
    let prepare = |env: &TestEnv| {
        let notes = "The new password: hunter-two-8";
        let body = json!({"ticket_id": crate::support::ticket_id(TILL), "product_id": 17_340_027, "notes": notes});
        env.account().call("POST", "/ticket_timers", Some(&body));
    };
    let faults = vec!["settings@*=charges".to_owned()];
    let env = TestEnv::prepared(Setup { faults, ..Setup::default() }, prepare).0;
    let free: &[&str] = &["would be $0.00"];
    let secret: &[&str] = &["line item", "password"];
    are(&asked(&env, &["timer", "stop", "32181"], &[]), &[free, secret]);
    let close = ["close", "32181", "--stop-timer", "--no-log"];
    let plain = asked(&env, &[&close[..], &["--no-comment"]].concat(), &[]);
    are(&plain, &[free, secret]);
    let told = asked(&env, &close, &[("Resolution", MESSAGE)]);
    are(&told, &[free, secret]);
    assert!(env.writes().is_empty());
}
