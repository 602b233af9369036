//! The writes of tickets.

use super::{Verb, Warned, check_finding, check_in, check_warned};
use crate::support::TestEnv;

/// The till's ticket, by its id: a number would have to be looked up first.
const ID: &str = "id:108443837";

const TICKETS: [Verb; 8] = [
    Verb {
        typed: &["update", ID, "Waiting on Customer"],
        reads: 2,
        flag: None,
        row: "Change status In Progress -> Waiting on Customer",
    },
    Verb {
        typed: &["update", ID, "--priority", "1 High"],
        reads: 2,
        flag: None,
        row: "Change priority 2 Normal -> 1 High",
    },
    Verb {
        typed: &["update", ID, "--due", "2026-05-23"],
        reads: 2,
        flag: None,
        row: "Ticket #32181 Till will not print gift receipts (id 108443837)",
    },
    Verb {
        typed: &["update", ID, "--assign", "none", "--contact", "none"],
        reads: 2,
        flag: None,
        row: "Change contact Imelda Quill -> nobody",
    },
    Verb {
        typed: &["update", ID, "--contact", "7804552"],
        reads: 3,
        flag: None,
        row: "Change contact Imelda Quill -> Joss Pennock",
    },
    Verb {
        typed: &["update", ID, "--subject", "The password: hunter-two"],
        reads: 2,
        flag: Some("--allow-secrets"),
        row: "Customer Quillfeather Books (id 31204551)",
    },
    Verb {
        typed: &["close", ID, "--no-comment"],
        reads: 2,
        flag: None,
        row: "Change status In Progress -> Resolved",
    },
    Verb { typed: &["delete", ID], reads: 4, flag: None, row: "Status In Progress" },
];

/// Its asset stays on it, which is said.
const MOVED: Verb = Verb {
    typed: &["update", ID, "--customer", "31204602"],
    // Its invoices are among them, which stay with the old customer.
    reads: 4,
    flag: None,
    row: "Change contact Imelda Quill -> nobody",
};

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    // The account's lists are read once a day.
    let office = || {
        let env = TestEnv::new();
        env.run(&["update", ID, "Resolved", "--dry-run"]).ends(0);
        env
    };
    check_in(office, &TICKETS);
    check_warned(&office, &MOVED, MOVED.reads, Warned { both: 1, verb: 0 });
}

const CUSTOMER: &str = "id:31204551";

const NEW: [Verb; 4] = [
    Verb {
        typed: &["create", CUSTOMER, "Receipts come out blank", "--priority", "high"],
        reads: 7,
        flag: None,
        row: "Assignee Robin Ashgrove",
    },
    Verb {
        typed: &[
            "create",
            CUSTOMER,
            "Prints blanks",
            "--contact",
            "7804552",
            "--due",
            "2027-05-23",
        ],
        reads: 7,
        flag: None,
        row: "Contact Joss Pennock",
    },
    Verb {
        typed: &["create", CUSTOMER, "Till will not print gift receipts"],
        reads: 7,
        flag: Some("--same-subject"),
        row: "#32181 In Progress Till will not print gift receipts",
    },
    Verb {
        typed: &["create", CUSTOMER, "The password: hunter-two", "--assign", "none"],
        reads: 7,
        flag: Some("--allow-secrets"),
        row: "Assignee nobody",
    },
];

/// Three requests find the customer and the account's lists.
#[test]
fn a_ticket_made_by_the_verb_and_through_api_is_one_write() {
    check_finding(3, &NEW);
}
