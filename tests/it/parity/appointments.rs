//! The writes of appointments.

use serde_json::json;

use super::{Verb, check_in, rows};
use crate::support::{Setup, TILL, TestEnv, ticket_id};

const MIKA: u64 = 81_207;
const SECRET: &str = "password: hunter-two";

/// The appointment of the office below, and the ticket that it belongs to.
const VISIT: &str = "5560900021";
const ON: &str = "id:108443837";
const MOVE: [&str; 4] = ["move-appointment", "31204551", "--appointment", VISIT];

/// An hour at Quillfeather Books; its id.
pub(super) fn visit(env: &TestEnv) -> String {
    let fields = json!({
        "summary": "Gift receipts",
        "ticket_id": ticket_id(TILL),
        "customer_id": 31_204_551,
        "start_at": "2027-03-17T15:00:00Z",
        "end_at": "2027-03-17T15:40:00Z",
        "user_id": MIKA,
        "do_not_email": true,
    });
    let (_, made) = env.account().call("POST", "/appointments", Some(&fields));
    made["appointment"]["id"].to_string()
}

/// The same; and the account's lists are kept already.
fn office() -> TestEnv {
    let (env, id) = TestEnv::prepared(Setup::default(), visit);
    assert_eq!(id, VISIT);
    env.run(&["appointment", "show", VISIT]).ends(0);
    env
}

const APPOINTMENTS: [Verb; 9] = [
    Verb {
        typed: &["appointment", "add", ON, "--start", "2027-03-18 09:00"],
        reads: 4,
        flag: None,
        row: "Owner Robin Ashgrove",
    },
    Verb {
        typed: &[
            "appointment",
            "add",
            ON,
            "--start",
            "2027-03-18 09:00",
            "--type",
            "onsite",
            "--mail",
        ],
        reads: 5,
        flag: None,
        row: "Type Onsite visit",
    },
    Verb {
        typed: &["appointment", "add", ON, "--start", "2027-03-17 10:00"],
        reads: 4,
        flag: Some("--same-time"),
        row: "Appointment Wed 2027-03-17 10:00 CDT to 11:30",
    },
    Verb {
        typed: &["appointment", "add", ON, "--start", "2020-01-06 10:00", "--end", "11:00"],
        reads: 3,
        flag: Some("--past"),
        row: "Appointment Mon 2020-01-06 10:00 CST to 11:00",
    },
    Verb {
        typed: &["appointment", "add", ON, "--start", "2027-03-18 09:00", "--location", SECRET],
        reads: 4,
        flag: Some("--allow-secrets"),
        row: "Email appointment not sent to the customer",
    },
    Verb {
        typed: &[MOVE[0], MOVE[1], MOVE[2], MOVE[3], "--to", "2027-03-19 14:00"],
        reads: 4,
        flag: None,
        row: "To Fri 2027-03-19 14:00 CDT to 14:40 (another day)",
    },
    Verb {
        typed: &[MOVE[0], MOVE[1], MOVE[2], MOVE[3], "--to", "2027-03-17 10:00", "--end", "11:30"],
        reads: 5,
        flag: None,
        row: "From Wed 2027-03-17 10:00 CDT to 10:40",
    },
    Verb {
        typed: &[MOVE[0], MOVE[1], MOVE[2], MOVE[3], "--to", "2020-01-06 10:00"],
        reads: 4,
        flag: Some("--past"),
        row: "Customer Quillfeather Books (id 31204551)",
    },
    Verb {
        typed: &["appointment", "cancel", VISIT],
        reads: 3,
        flag: None,
        row: "When Wed 2027-03-17 10:00 CDT to 10:40",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    check_in(office, &APPOINTMENTS);
}

#[test]
fn what_is_typed_is_sent_as_typed() {
    let env = office();
    let run = |more: &[&str]| {
        let ran =
            env.run(&[&["api", "PUT", "appointments/5560900021"], more, &["--dry-run"]].concat());
        ran.ends(0);
        (rows(&ran).join("\n"), ran)
    };
    // Syncro makes it as long as any new one where no end is given.
    let (shown, _) = run(&["-F", "start_at=2027-03-17T16:00:00Z"]);
    assert!(shown.contains("To Wed 2027-03-17 11:00 CDT to 12:00"), "{shown}");
    let kept = "do_not_email 1 (unchanged; sent because Syncro may reset it)";
    assert!(shown.contains(kept), "{shown}");
    // What does not move it is asked nothing.
    let past = ["-F", "start_at=2027-03-17T15:00:00Z", "-F", "end_at=2027-03-17T15:40:00Z"];
    let (shown, _) = run(&[&past[..], &["-F", "summary=Receipts"]].concat());
    assert!(shown.contains("Change summary Gift receipts -> Receipts"), "{shown}");
    assert!(!shown.contains("To Wed"), "{shown}");
    let unclear = ["-F", "start_at=tomorrow", "-F", "email_customer=true", "--dry-run"];
    env.run(&[&["api", "PUT", "appointments/5560900021"], &unclear[..]].concat())
        .ends(2)
        .says("start_at (tomorrow) is not a time with a zone");
    // In the member of its own name it is understood as well.
    let wrapped = ["-F", "appointment[start_at]=2020-01-06T10:00:00Z", "--yes"];
    env.run(&[&["api", "PUT", "appointments/5560900021"], &wrapped[..]].concat())
        .ends(5)
        .says("--past");
}

#[test]
fn one_of_nobody_is_guarded_as_well() {
    let env = office();
    let new = |more: &[&str]| {
        let start = "start_at=2027-03-17T15:10:00Z";
        let fields = ["-F", "summary=Lunch", "-F", start, "-F", "user_id=81207"];
        let typed = [&["api", "POST", "appointments"], &fields[..]].concat();
        env.run(&[&typed[..], more].concat())
    };
    let ran = new(&["--dry-run"]);
    ran.ends(0);
    let shown = rows(&ran).join("\n");
    for text in ["Customer none", "overlaps \"Gift receipts\"", "Owner Mika Thornquist"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    new(&["-F", "customer_id=1", "--yes"]).ends(3);
    new(&["-F", "description=password: hunter-two", "--yes"]).ends(5).says("--allow-secrets");
    assert!(env.writes().is_empty());
    new(&["-F", "customer_id=31204551", "--yes"]).ends(0);
    assert_eq!(env.writes().len(), 1);
}
