//! The writes of customers.

use super::{Verb, check, check_finding, rows};
use crate::support::TestEnv;

/// A customer with open tickets and unpaid invoices, and one without.
const BUSY: &str = "31204551";

const NEW: [Verb; 3] = [
    Verb {
        typed: &["customer", "create", "Bluebird Bakery", "--phone", "555-0133"],
        reads: 3,
        flag: None,
        row: "Business Bluebird Bakery",
    },
    Verb {
        typed: &["customer", "create", "Bluebird Bakery", "--email", "IMELDA@quillfeather.example"],
        reads: 4,
        flag: Some("--same-customer"),
        row: "Email IMELDA@quillfeather.example",
    },
    Verb {
        typed: &["customer", "create", "--first", "Ada", "--last", "Finch", "--no-email"],
        reads: 3,
        flag: None,
        row: "Customer Ada Finch",
    },
];

const KNOWN: [Verb; 3] = [
    Verb {
        typed: &["customer", "update", BUSY, "--phone", "555-0199", "--city", "Port Haven"],
        reads: 3,
        flag: None,
        row: "Customer Quillfeather Books (id 31204551)",
    },
    Verb {
        typed: &["customer", "update", BUSY, "--business", "Quillfeather", "--no-email"],
        reads: 3,
        flag: None,
        row: "Change business Quillfeather Books -> Quillfeather",
    },
    Verb {
        typed: &["customer", "disable", BUSY],
        reads: 7,
        flag: Some("--open-work"),
        row: "Change disabled no -> yes",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    check(&NEW);
    check_finding(1, &KNOWN);
}

#[test]
fn contacts_of_a_new_customer_are_rows_of_its_preview() {
    let env = TestEnv::new();
    let create = ["customer", "create", "Bluebird Bakery", "--phone", "555-0133"];
    let contacts =
        ["--contact", "Ada Finch <ada@bluebird.example> 555-0133", "--contact", "Tomas Reed"];
    let ran = env.run(&[&create[..], &contacts, &["--dry-run"]].concat());
    ran.ends(0);
    assert!(ran.stdout.starts_with("Create the customer Bluebird Bakery\n"), "{ran}");
    let wanted = [
        "Customer Bluebird Bakery",
        "As Robin Ashgrove <robin@lanternfish.example>",
        "Business Bluebird Bakery",
        "Phone 555-0133",
        "Contact Ada Finch, ada@bluebird.example, 555-0133",
        "Contact Tomas Reed",
    ];
    assert_eq!(rows(&ran), wanted);
    // The contacts have no list before their customer is there: nothing more is read for them.
    assert_eq!(env.log().len(), 3);
}
