//! A plan that cannot be finished any more says how to be rid of it.

use serde_json::json;

use super::{BOOKS, cut, cut_in, pending, resume, till};
use crate::support::{Ran, TestEnv, bill};

#[track_caller]
fn hints_at_discard(env: &TestEnv, ran: &Ran) {
    assert_ne!(ran.code, 0, "{ran}");
    let error = ran.error();
    let hint = error["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("resume --discard"), "{ran}");
    let [plan] = &env.journal()[..] else {
        unreachable!("one plan: {ran}");
    };
    assert!(hint.contains(&plan.id()), "{ran}");
}

/// Cut off there, then the ticket goes: whoever looks is told how to drop the plan, and then nothing is left.
fn ticket_goes(fault: &str, args: &[&str]) {
    let env = cut(&[format!("{fault}=close-before")], args);
    let (status, _) = env.colleague().call("DELETE", &till(), None);
    assert_eq!(status, 200, "{fault}");
    let (before, id) = (env.writes().len(), env.journal()[0].id());
    for looks in [
        &["resume", "--yes", "--json"][..],
        &["resume", &id, "--yes", "--json"],
        &["resume", "--json"],
    ] {
        hints_at_discard(&env, &env.run(looks));
    }
    assert_eq!(env.writes().len(), before, "{args:?}");
    env.run(&["resume", "--discard", &id, "--yes"]).ends(0);
    assert_eq!(pending(&env), 0);
    resume(&env).ends(0);
}

#[test]
fn a_comment_whose_ticket_is_gone_can_be_dropped() {
    ticket_goes("comment", &["comment", "32181", "Hello there"]);
}

#[test]
fn a_bill_whose_ticket_is_gone_can_be_dropped() {
    for fault in ["comment", "line", "invoice-create"] {
        ticket_goes(fault, &bill(&[]));
    }
}

#[test]
fn a_change_whose_ticket_is_gone_can_be_dropped() {
    ticket_goes("ticket-update", &["update", "32181", "--priority", "high"]);
}

#[test]
fn a_removal_refused_for_good_can_be_dropped() {
    let env = TestEnv::with(&["contact-delete@1=close-before", "contact-delete@2=422"]);
    let new = json!({"customer_id": BOOKS, "name": "Wren Saltby"});
    let contact = env.account().write("POST", "/contacts", &new)["id"].clone();
    cut_in(&env, &["contact", "delete", &contact.to_string()]);
    let ran = resume(&env);
    env.account().get(&format!("/contacts/{contact}"));
    hints_at_discard(&env, &ran);

    let faults = ["ticket-delete@1=close-before", "ticket-delete@2=422"];
    let env = cut(&faults, &["delete", "32181", "--number", "32181"]);
    let ran = resume(&env);
    env.account().get(&till());
    hints_at_discard(&env, &ran);
}
