//! A comment, an invoice, a mail rests on whom it goes to.

use serde_json::{Value, json};

use super::{BOOKS, cut, names, resume, resume_stops, saying, sent, till, turned_away};
use crate::support::{Altered, BILL, TILL, TRAINEE, TestEnv, bill, ticket_id};

const COMMENT: [&str; 3] = ["comment", "32181", "The spool is yours again"];

const CREATE: [&str; 5] =
    ["create", "31204551", "Till prints blanks", "--description", "Since this morning."];

/// The ticket that [`CREATE`] has made.
fn blanks(env: &TestEnv) -> Value {
    let tickets = env.account().tickets_about(BOOKS, "Till prints blanks");
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    tickets[0].clone()
}

#[test]
fn a_comment_is_not_sent_to_another_customer() {
    let env = cut(&["comment=close-before"], &COMMENT);
    env.colleague().hand_over(ticket_id(TILL));
    resume_stops(&env, "customer");
    assert_eq!(env.state(TILL).said(COMMENT[2]), 0);
}

#[test]
fn a_comment_is_not_sent_to_another_contact() {
    let env = cut(&["comment=close-before"], &COMMENT);
    let joss = json!({"contact_id": 7_804_552});
    env.colleague().write("PUT", &till(), &joss);
    resume_stops(&env, "contact");
    assert_eq!(env.state(TILL).said(COMMENT[2]), 0);
}

#[test]
fn a_new_tickets_comment_is_not_sent_to_another_customer() {
    let env = cut(&turned_away("comment"), &CREATE);
    let id = blanks(&env)["id"].clone();
    env.colleague().hand_over(id.as_i64().unwrap());
    resume_stops(&env, "customer");
    assert_eq!(saying(&env, &id, "Since this morning."), 0);
}

#[test]
fn a_ticket_that_moves_while_its_comment_waits_keeps_it_unsent() {
    for command in [&COMMENT[..], &BILL] {
        let env = TestEnv::with(&["comment@1=429:3"]);
        let running = env.spawn(&[command, &["--yes", "--json"]].concat());
        env.until_logged(|line| line.fault.is_some());
        env.colleague().hand_over(ticket_id(TILL));
        let ran = running.wait();
        assert_eq!(sent(&env, "POST comment"), 1, "{ran}");
        ran.ends(5);
        names(&ran, "customer");
        assert_eq!(env.writes().len(), 1, "{ran}");
    }
}

#[test]
fn nobody_else_is_billed() {
    for fault in ["comment", "line", "invoice-create"] {
        let env = cut(&[format!("{fault}=close-before")], &bill(&[]));
        let before = env.state(TILL).counts();
        env.colleague().hand_over(ticket_id(TILL));
        resume_stops(&env, "customer");
        assert_eq!(env.state(TILL).counts(), before, "{fault}");
    }
}

#[test]
fn an_invoice_is_not_mailed_to_another_address() {
    let env = cut(&["invoice-email@1=429:0"], &["invoice", "email", "67409"]);
    let other = json!({"email": "someone@else.example"});
    env.colleague().write("PUT", "/customers/31204671", &other);
    resume_stops(&env, "someone@else.example");
}

const JAM: [&str; 7] = [
    "create",
    "31204671",
    "Label printer jams",
    "--contact",
    "Ruaridh McMoss",
    "--description",
    "Isla may not know yet.",
];

#[tokio::test]
async fn a_ticket_stored_with_another_contact_gets_no_comment() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |what, body| {
        if what == "POST /tickets" {
            body["contact_id"] = 7_804_672.into();
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ran = env.run_with(&[&JAM[..], &["--yes", "--json"]].concat(), &there);
    let tickets = env.account().tickets_about(31_204_671, JAM[2]);
    assert_eq!(tickets.len(), 1, "{ran}");
    assert_eq!(tickets[0]["contact_id"], 7_804_672, "{ran}");
    assert_eq!(saying(&env, &tickets[0]["id"], JAM[6]), 0, "{ran}");
    ran.ends(5);
    assert_eq!(super::pending(&env), 1, "{ran}");
    // Nobody is mailed: whose contact it is makes no difference.
    let quiet = [&JAM[..], &["--same-subject", "--no-email", "--yes"]].concat();
    let discard = ["resume", "--discard", &env.journal()[0].id(), "--yes"];
    env.run(&discard).ends(0);
    env.run_with(&quiet, &there).ends(0);
}

/// Whom an email goes to is read once more after the answer, however quickly that came.
#[cfg(unix)]
#[test]
fn an_email_rests_on_whom_it_goes_to_when_the_answer_comes() {
    let joss = json!({"contact_id": 7_804_552});
    let moved = json!({"name": "Imelda Quill", "email": "iq@x.example"});
    let silent = json!({"name": "Imelda Quill", "opt_out": true});
    let other = json!({"email": "someone@else.example"});
    let (contact, books) = ("/contacts/7804551".to_owned(), format!("/customers/{BOOKS}"));
    let vets = "/customers/31204671".to_owned();
    let close = ["close", "32181", "-m", "Copied", "--no-log"];
    let email = ["invoice", "email", "67409"];
    let cases: [(&[&str], &String, &Value); 9] = [
        (&COMMENT, &till(), &joss),
        (&COMMENT, &contact, &moved),
        (&COMMENT, &contact, &silent),
        (&COMMENT, &books, &json!({"no_email": true})),
        (&BILL, &till(), &joss),
        (&BILL, &contact, &moved),
        (&close, &till(), &joss),
        (&email, &vets, &other),
        (&email, &vets, &json!({"no_email": true})),
    ];
    for (command, path, body) in cases {
        let env = TestEnv::new();
        let mut terminal = env.terminal(command);
        terminal.expect("[y/N/p");
        env.colleague().write("PUT", path, body);
        terminal.reply("[y/N/p", "y");
        let (code, shown) = terminal.end();
        assert_eq!((code, env.writes().len()), (5, 0), "{command:?} {path} {body}: {shown}");
    }
    crate::support::none_lost("an email and a quick answer", cases.len());
}

/// Nor does a person's yes send it: the preview could not say to whom.
#[cfg(unix)]
#[test]
fn on_a_terminal_it_is_not_sent_to_another_contact_either() {
    let env = cut(&["comment=close-before"], &COMMENT);
    let joss = json!({"contact_id": 7_804_552});
    env.colleague().write("PUT", &till(), &joss);
    // What was sent is old enough by the server's clock, too, which has whole seconds.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let (code, shown) = env.terminal(&["resume"]).end();
    assert_eq!(code, 5, "{shown}");
    assert!(shown.contains("resume --discard"), "{shown}");
    assert!(!shown.contains("[y/N"), "{shown}");
    assert_eq!(env.state(TILL).said(COMMENT[2]), 0);
}

/// The second is like ours in all but who made it.
#[test]
fn a_colleagues_ticket_is_not_taken_for_ours() {
    for (contact, assignee) in [(7_804_672, 81_207), (7_804_671, TRAINEE)] {
        let env = cut(&["ticket-create=close-before"], &JAM);
        let body = json!({
            "customer_id": 31_204_671, "subject": JAM[2], "contact_id": contact, "user_id": assignee,
            "priority": "2 Normal",
        });
        let theirs = env.colleague().write("POST", "/tickets", &body)["ticket"].take();
        let creator = &theirs["creator_name_or_email"];
        assert!(creator.is_string() && creator != "Robin Ashgrove", "{theirs}");
        let ran = resume(&env);
        assert_eq!(sent(&env, "POST comment"), 0, "{ran}");
        assert_eq!(saying(&env, &theirs["id"], JAM[6]), 0, "{ran}");
        let writes = ran.json().unwrap_or_default()["writes"].take();
        assert_ne!(writes[0]["outcome"], "adopted", "{ran}");
        assert_ne!(writes[0]["id"], theirs["id"], "{ran}");
        ran.ends(6);
    }
}

/// What a ticket or its customer is called decides nothing: a person is shown that it changed and asked, a script is stopped.
#[cfg(unix)]
#[test]
fn a_plan_whose_ticket_is_called_otherwise_is_shown_and_asked_about() {
    for (path, body, says) in [
        (till(), json!({"subject": "The other till"}), "subject is now The other till"),
        (format!("/customers/{BOOKS}"), json!({"business_name": "Other Books"}), "Other Books"),
    ] {
        let env = cut(&turned_away("comment"), &COMMENT);
        env.colleague().write("PUT", &path, &body);
        resume_stops(&env, "since plan");
        for (typed, code, said) in [("", 9, 0), ("y", 0, 1)] {
            let mut terminal = env.terminal(&["resume"]);
            let shown = terminal.expect("[y/N/p");
            assert!(shown.contains(says), "{shown}");
            terminal.reply("[y/N/p", typed);
            let (ended, shown) = terminal.end();
            assert_eq!(ended, code, "{shown}");
            assert_eq!(env.state(TILL).said(COMMENT[2]), said, "{shown}");
        }
    }
}
