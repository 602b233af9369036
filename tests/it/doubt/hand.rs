//! What was done by hand while its plan was pending is not done a second time.

use serde_json::Value;

use super::{BOOKS, cut, cut_in, pending, resume, resume_stops, saying, turned_away};
#[cfg(unix)]
use crate::support::TILL;
use crate::support::{Line, TestEnv, ticket_id};

const CREATE: [&str; 7] = [
    "create",
    "31204551",
    "Till prints blanks",
    "--description",
    "Since this morning.",
    "--start",
    "2027-03-17 09:00",
];

/// Sends once more what the program sent last, as its user would in the browser; the last of its path.
fn by_hand(env: &TestEnv) -> Value {
    let last = env.writes().pop().unwrap();
    let path = last.path.trim_start_matches("/api/v1");
    let (status, answer) = env.account().call(&last.method, path, Some(&last.body));
    assert!(status == 200 || status == 201, "{status} {answer}");
    answer
}

fn ticket(env: &TestEnv) -> Value {
    let tickets = env.account().tickets_about(BOOKS, CREATE[2]);
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    tickets[0]["id"].clone()
}

#[test]
fn a_first_comment_written_by_hand_is_not_added_again() {
    let env = cut(&turned_away("comment"), &CREATE);
    by_hand(&env);
    assert_eq!(saying(&env, &ticket(&env), CREATE[4]), 1);
    resume_stops(&env, "comment");
    assert_eq!(saying(&env, &ticket(&env), CREATE[4]), 1);
}

#[test]
fn an_appointment_made_by_hand_is_not_made_again() {
    let appointments = |env: &TestEnv| {
        let ticket = env.account().get(&format!("/tickets/{}", ticket(env)));
        ticket["ticket"]["appointments"].as_array().unwrap().len()
    };
    let env = cut(&turned_away("appointment-create"), &CREATE);
    by_hand(&env);
    assert_eq!(appointments(&env), 1);
    resume_stops(&env, "appointment");
    assert_eq!(appointments(&env), 1);
}

#[test]
fn a_contact_made_by_hand_is_not_made_again() {
    let create =
        ["customer", "create", "Bluebird Bakery", "--contact", "Ada Finch <ada@bluebird.example>"];
    let env = cut(&turned_away("contact-create"), &create);
    let customer = by_hand(&env)["customer_id"].clone();
    let adas = || env.account().contacts_named(&customer, "Ada Finch").len();
    assert_eq!(adas(), 1);
    resume_stops(&env, "contact");
    assert_eq!(adas(), 1);
}

/// While `resume` is busy with one plan, somebody drops the other.
#[test]
fn a_plan_dropped_during_a_resume_is_not_sent() {
    let env =
        TestEnv::with(&["comment@1=close-before", "comment@2=close-before", "comment@3=429:3"]);
    cut_in(&env, &["comment", "32181", "As agreed"]);
    cut_in(&env, &["comment", "32180", "As agreed"]);
    let running = env.spawn(&["resume", "--yes", "--json"]);
    let third = |line: &Line| line.fault.as_deref() == Some("comment@3=429:3");
    env.until_logged(third);
    let at = env.writes().into_iter().find(third).unwrap().path;
    let [first, second] = match at.contains(&ticket_id(32_181).to_string()) {
        true => [32_181, 32_180],
        false => [32_180, 32_181],
    };
    let mut plans = env.journal();
    plans.retain(|plan| plan.records[0].to_string().contains(&ticket_id(second).to_string()));
    let [plan] = &plans[..] else {
        unreachable!("one plan is about #{second}: {plans:?}");
    };
    env.run(&["resume", "--discard", &plan.id(), "--yes"]).ends(0);
    let ran = running.wait();
    assert_eq!(env.state(first).said("As agreed"), 1, "{ran}");
    assert_eq!(env.state(second).said("As agreed"), 0, "{ran}");
    assert_eq!(pending(&env), 0, "{ran}");
    resume(&env).ends(0).says("no pending plans");
}

/// Another comment of the same person: only a person can tell whether it is the one that was sent.
#[cfg(unix)]
#[test]
fn a_person_says_whether_another_record_is_the_one() {
    const MEANT: &str = "The roll is in the right way now";
    for (answers, code, sent) in [(&["n", "n"][..], 6, 1), (&["n", "y"], 0, 2), (&["y"], 0, 1)] {
        let env = cut(&["comment@1=close-before"], &["comment", "32181", MEANT]);
        env.account().comment(TILL, "Update", "The roll is in now");
        let mut terminal = env.terminal(&["resume"]);
        terminal.answer("[y/N/p", "y");
        for answer in answers {
            terminal.answer("[y/N]", answer);
        }
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{answers:?}: {shown}");
        let posts = env.writes();
        assert_eq!(posts.len(), sent, "{answers:?}: {shown}");
        assert_eq!(env.state(TILL).said(MEANT), sent - 1, "{answers:?}");
        assert_eq!(pending(&env), usize::from(code == 6), "{answers:?}: {shown}");
    }
}
