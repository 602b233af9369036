//! The writes of timer entries.

use super::{Verb, Warned, check, check_one, check_warned, rows, write};
use crate::support::TestEnv;

/// A ticket whose timer runs, ones with a charged and an uncharged entry, and one without any.
const RUNNING: [&str; 2] = ["id:108443591", "48700000"];
const CHARGED: [&str; 2] = ["id:108442730", "48700001"];
const WAITS: [&str; 2] = ["id:108443304", "48700003"];
/// Somebody else's.
const THEIRS: [&str; 2] = ["id:108443181", "48700005"];
const TICKET: &str = "id:108443837";

/// Time of these days, of which the verb also reads whether it overlaps time on other tickets.
const RECENT: [Verb; 3] = [
    Verb {
        typed: &["timer", "add", TICKET, "--minutes", "45", "--notes", "Spool"],
        reads: 3,
        flag: None,
        row: "Notes Spool",
    },
    Verb {
        typed: &["timer", "add", TICKET, "--minutes", "45", "--labor", "remote"],
        reads: 4,
        flag: None,
        row: "Product Labor - Remote (id 17340021)",
    },
    Verb {
        typed: &["timer", "add", TICKET, "--minutes", "5", "--notes", "password: hunter-two"],
        reads: 3,
        flag: Some("--allow-secrets"),
        row: "Notes password: hunter-two",
    },
];

/// What these ask for besides, a request each, tells of timers that were forgotten elsewhere.
const FORGOTTEN: (usize, usize) = (0, 1);
const STARTS: [Verb; 2] = [
    Verb {
        typed: &["timer", "start", RUNNING[0]],
        reads: 4,
        flag: Some("--timer-running"),
        row: "As Robin Ashgrove <robin@lanternfish.example>",
    },
    Verb {
        typed: &["timer", "start", TICKET],
        reads: 5,
        flag: None,
        row: "As Robin Ashgrove <robin@lanternfish.example>",
    },
];

/// The time that is lost with it is warned of.
const LOSES: Verb = Verb {
    typed: &["timer", "delete", WAITS[0], WAITS[1]],
    reads: 2,
    flag: None,
    row: "45 min, not charged",
};

const TIMERS: [Verb; 6] = [
    Verb {
        typed: &["timer", "add", TICKET, "--minutes", "20h", "--start", "2026-03-01 09:00"],
        reads: 2,
        flag: Some("--large"),
        row: "Customer Quillfeather Books (id 31204551)",
    },
    Verb {
        typed: &["timer", "update", WAITS[0], WAITS[1], "--minutes", "1h", "--notes", "Port"],
        // What it takes besides may be charged elsewhere.
        reads: 3,
        flag: None,
        row: "Change notes -> Port",
    },
    Verb {
        typed: &["timer", "update", WAITS[0], WAITS[1], "--labor", "onsite"],
        reads: 3,
        flag: None,
        row: "Change product -> Labor - Onsite (id 17340022)",
    },
    Verb {
        typed: &["timer", "update", WAITS[0], WAITS[1], "--minutes", "20h"],
        reads: 3,
        flag: Some("--large"),
        row: "Customer Brindlewood Garden Center (id 31204618)",
    },
    Verb {
        typed: &["timer", "update", CHARGED[0], CHARGED[1], "--notes", "Port"],
        reads: 2,
        flag: Some("--charged-timer"),
        row: "Change notes -> Port",
    },
    Verb {
        typed: &["timer", "delete", CHARGED[0], CHARGED[1]],
        reads: 2,
        flag: Some("--charged-timer"),
        row: "charged",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    check(&TIMERS);
    check(&RECENT);
    check_warned(&TestEnv::new, &LOSES, LOSES.reads, Warned { both: 1, verb: 0 });
    // What runs elsewhere is named, by the number of its ticket.
    let forgotten = |own| Warned { both: 0, verb: own };
    check_warned(&TestEnv::new, &STARTS[0], STARTS[0].reads - 1, forgotten(FORGOTTEN.0));
    check_warned(&TestEnv::new, &STARTS[1], STARTS[1].reads - 2, forgotten(FORGOTTEN.1));
    // Whose it is the account's lists tell, which are kept.
    let theirs = Verb {
        typed: &["timer", "update", THEIRS[0], THEIRS[1], "--notes", "Port"],
        reads: 4,
        flag: None,
        row: "Change notes -> Port",
    };
    check_one(&TestEnv::new, &theirs, 2);
}

/// The server knows no other call for it than a length.
#[test]
fn a_timer_that_is_stopped_is_one_whose_length_is_set() {
    let env = TestEnv::new();
    let stop = ["timer", "stop", RUNNING[0], "--large", "--notes", "Done", "--dry-run"];
    let json = env.run(&[&stop[..], &["--json"]].concat()).ends(0).json().unwrap();
    let sent = &write(&json)["body"];
    let minutes = sent["duration_minutes"].to_string();
    assert_eq!(sent["user_id"], 81_204, "it stays theirs: {sent}");
    let update = ["timer", "update", RUNNING[0], RUNNING[1], "--large", "--notes", "Done"];
    let update = [&update[..], &["--dry-run", "--minutes", &minutes]].concat();
    let (stops, updates) = (env.run(&stop), env.run(&update));
    let stops = rows(stops.ends(0));
    assert_eq!(stops, rows(updates.ends(0)));
    assert!(stops.contains(&"it is running; this stops it".to_owned()), "{stops:?}");
}
