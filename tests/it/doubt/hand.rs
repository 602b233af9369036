//! What was done by hand while its plan was pending is not done a second time.

use serde_json::Value;

use super::{BOOKS, cut, cut_in, pending, resume, resume_stops, saying, turned_away};
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
    let create = [
        "customer",
        "create",
        "Bluebird Bakery",
        "--contact",
        "Ada Finch <ada@bluebird.example>",
    ];
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
    let env = TestEnv::with(&[
        "comment@1=close-before",
        "comment@2=close-before",
        "comment@3=429:3",
    ]);
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
    plans.retain(|plan| {
        plan.records[0]
            .to_string()
            .contains(&ticket_id(second).to_string())
    });
    let [plan] = &plans[..] else {
        unreachable!("one plan is about #{second}: {plans:?}");
    };
    env.run(&["resume", "--discard", &plan.id(), "--yes"])
        .ends(0);
    let ran = running.wait();
    assert_eq!(env.state(first).said("As agreed"), 1, "{ran}");
    assert_eq!(env.state(second).said("As agreed"), 0, "{ran}");
    assert_eq!(pending(&env), 0, "{ran}");
    resume(&env).ends(0).says("nothing is pending");
}
