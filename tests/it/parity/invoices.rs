//! The writes of invoices.

use super::{Verb, check, check_in};
use crate::support::{Setup, TILL, TestEnv};

/// Unpaid, paid and free ones of the practice office.
const INVOICES: [Verb; 7] = [
    Verb {
        typed: &["invoice", "update", "67409", "--due", "2027-06-30", "--note", "Thanks"],
        reads: 4,
        flag: None,
        row: "Total $90.00, unpaid",
    },
    Verb {
        typed: &["invoice", "update", "67409", "--due", "2027-06-30"],
        reads: 4,
        flag: None,
        row: "Change due date Sun 2026-03-15 -> Wed 2027-06-30",
    },
    Verb {
        typed: &["invoice", "update", "67410", "--po-number", "PO-1187"],
        reads: 4,
        flag: Some("--paid"),
        row: "Change order number nothing -> PO-1187",
    },
    Verb {
        typed: &["invoice", "email", "67409"],
        reads: 4,
        flag: None,
        row: "Email to ruaridh@mossgate-vets.example",
    },
    Verb {
        typed: &["invoice", "email", "67410"],
        reads: 4,
        flag: Some("--paid"),
        row: "Total $244.87, paid",
    },
    Verb {
        typed: &["invoice", "email", "67411"],
        reads: 4,
        flag: Some("--zero"),
        row: "Total $0.00, unpaid",
    },
    Verb {
        typed: &["invoice", "delete", "67409"],
        reads: 6,
        flag: Some("--keep-status"),
        row: "Ticket #32177 Fridge sensor alarms by mail (id 108443673)",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    check(&INVOICES);
}

/// Half an hour waits on the till's ticket; perhaps one before was invoiced, or costs nothing.
fn waiting(before: bool, price: &str) -> TestEnv {
    let prepared = TestEnv::prepared(Setup::default(), |env| {
        if before {
            env.account().line(TILL, "0.25", "120", "Looked at it");
            env.account().invoice(TILL);
        }
        env.account().line(TILL, "0.5", price, "Gift layout copied")
    });
    prepared.0
}

#[test]
fn an_invoice_of_what_waits_is_one_write() {
    // The product of a line that waits is read, too: it may be disabled.
    let create =
        |flag, row| Verb { typed: &["invoice", "create", "id:108443837"], reads: 5, flag, row };
    let line = "Line item 0.5 x Labor - Remote @ $120.00 = $60.00 (already on the ticket)";
    check_in(|| waiting(false, "120"), &[create(None, line)]);
    let total = "Subtotal $60.00 (1 line), no tax";
    check_in(|| waiting(true, "120"), &[create(Some("--again"), total)]);
    check_in(|| waiting(false, "0"), &[create(Some("--zero"), "Prepaid none")]);
}

#[test]
fn what_api_is_given_is_sent_as_typed() {
    let env = waiting(false, "120");
    let ticket = ["api", "POST", "invoices", "-F", "ticket_id=108443837"];
    let run = |more: &[&str]| env.run(&[&ticket[..], more, &["--yes", "--json"]].concat());
    // Nobody else is billed.
    run(&["-F", "customer_id=31204671"]).ends(5).says("belongs to customer 31204551");
    // What is on it the body says itself: nobody can check it.
    let own = ["-F", "customer_id=31204551", "-F", "total=1", "--dry-run"];
    let warned = run(&own).ends(0).json().unwrap();
    assert!(warned["warnings"].to_string().contains("contents of this invoice are not checked"));
    let dated = ["-F", "customer_id=31204551", "-F", "note=Thanks"];
    run(&dated).ends(0);
    let sent = env.writes();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].body["note"], "Thanks");
    assert!(sent[0].body.get("category").is_none(), "{}", sent[0].body);
    run(&dated).ends(5).says("no uninvoiced line items");
}
