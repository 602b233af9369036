//! The writes of line items.

use serde_json::json;

use super::{Verb, check_one, rows, write};
use crate::support::{TILL, TestEnv, ticket_id};

/// The till's ticket and the archive's, by id: a number would have to be looked up first.
const TICKET: &str = "id:108443837";
const OPEN: [&str; 2] = ["id:108443714", "2964400001"];
/// A ticket with an invoice, and a line on it.
const INVOICED: [&str; 2] = ["id:108443632", "2964400003"];
const TRAVEL: &str = "17340025";

/// What is added: the verb reads the product, and for labor the customer, to know what to send.
const ADDED: [(Verb, usize); 8] = [
    (
        Verb {
            typed: &["line", "add", TICKET, "--product", TRAVEL, "--description", "To the shop"],
            reads: 3,
            flag: None,
            row: "Line item 1 x Travel - Trip Charge @ $45.00 = $45.00, not taxed",
        },
        3,
    ),
    (
        Verb {
            typed: &["line", "add", TICKET, "--labor", "remote", "--minutes", "30"],
            reads: 4,
            flag: None,
            row: "\"Labor - Remote\"",
        },
        3,
    ),
    (
        Verb {
            typed: &["line", "add", TICKET, "--product", TRAVEL, "--taxable", "--quantity", "2"],
            reads: 3,
            flag: None,
            row: "Line item 2 x Travel - Trip Charge @ $45.00 = $90.00, taxed",
        },
        3,
    ),
    (
        Verb {
            typed: &["line", "add", OPEN[0], "--labor", "travel"],
            reads: 5,
            flag: Some("--same-line"),
            row: "\"Travel - Trip Charge\"",
        },
        4,
    ),
    (
        Verb {
            typed: &["line", "add", TICKET, "--product", TRAVEL, "--price", "0"],
            reads: 3,
            flag: Some("--zero"),
            row: "Line item 1 x Travel - Trip Charge @ $0.00 = $0.00, not taxed",
        },
        3,
    ),
    (
        Verb {
            typed: &["line", "add", TICKET, "--product", TRAVEL, "--quantity", "0.0001"],
            reads: 3,
            flag: Some("--zero"),
            row: "Line item 0.0001 x Travel - Trip Charge @ $45.00 = $0.00, not taxed",
        },
        3,
    ),
    (
        Verb {
            typed: &["line", "add", TICKET, "--product", TRAVEL, "--price", "9999"],
            reads: 3,
            flag: Some("--large"),
            row: "Line item 1 x Travel - Trip Charge @ $9,999.00 = $9,999.00, not taxed",
        },
        3,
    ),
    (
        Verb {
            typed: &["line", "add", TICKET, "--product", TRAVEL, "--name", "password: hunter-two"],
            reads: 3,
            flag: Some("--allow-secrets"),
            row: "\"password: hunter-two\"",
        },
        3,
    ),
];

const CHANGED: [Verb; 8] = [
    Verb {
        typed: &["line", "update", OPEN[0], OPEN[1], "--quantity", "2", "--name", "SSD"],
        reads: 3,
        flag: None,
        row: "Line item 2 x SSD @ $89.50 = $179.00",
    },
    Verb {
        typed: &["line", "update", OPEN[0], OPEN[1], "--price", "95", "--taxable", "false"],
        reads: 3,
        flag: None,
        row: "Change price $89.50 -> $95.00",
    },
    Verb {
        typed: &["line", "update", OPEN[0], OPEN[1], "--price", "0"],
        reads: 3,
        flag: Some("--zero"),
        row: "Change price $89.50 -> $0.00",
    },
    Verb {
        typed: &["line", "update", OPEN[0], OPEN[1], "--quantity", "1000"],
        reads: 3,
        flag: Some("--large"),
        row: "Line item 1000 x SSD 1 TB @ $89.50 = $89,500.00",
    },
    Verb {
        typed: &["line", "update", OPEN[0], OPEN[1], "--description", "password: hunter-two"],
        reads: 3,
        flag: Some("--allow-secrets"),
        row: "Change description 1 TB SSD for the archive PC -> password: hunter-two",
    },
    Verb {
        typed: &["line", "update", INVOICED[0], INVOICED[1], "--price", "95"],
        reads: 2,
        flag: Some("--invoiced-line"),
        row: "Change price $150.00 -> $95.00",
    },
    Verb {
        typed: &["line", "remove", OPEN[0], OPEN[1]],
        reads: 3,
        flag: None,
        row: "Remove 1 x SSD 1 TB @ $89.50 = $89.50 (line item 2964400001)",
    },
    Verb {
        typed: &["line", "remove", INVOICED[0], INVOICED[1]],
        reads: 2,
        flag: Some("--invoiced-line"),
        row: "Remove 1 x Labor - Onsite @ $150.00 = $150.00 (line item 2964400003)",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    for (verb, of_api) in &ADDED {
        check_one(&TestEnv::new, verb, *of_api);
    }
    super::check(&CHANGED);
}

/// Which product the prepaid rule has chosen, and why, no request says.
#[test]
fn the_prepaid_rule_is_said_beside_what_is_sent() {
    let env = TestEnv::new();
    let typed = ["line", "add", "32180", "--labor", "emergency", "--minutes", "60", "--dry-run"];
    let ran = env.run(&typed);
    let rows = rows(ran.ends(0));
    let why = "emergency is billed as onsite x 1.5: the customer has prepaid hours";
    assert!(rows.contains(&why.to_owned()), "{rows:?}");
    let json = env.run(&[&typed[..], &["--json"]].concat()).ends(0).json().unwrap();
    let body = &write(&json)["body"];
    assert_eq!((&body["product_id"], &body["quantity"]), (&json!(17_340_022), &json!(1.5)));
}

/// A request that was made of the customer's prepaid hours does not outlive them.
#[cfg(unix)]
#[test]
fn a_request_rests_on_what_it_was_made_of() {
    let (env, ()) = TestEnv::prepared(crate::support::Setup::stale(), |_| ());
    let typed = ["line", "add", "32180", "--labor", "emergency", "--minutes", "60"];
    let mut terminal = env.terminal(&typed);
    terminal.expect("[y/N/p");
    env.account().line(32_169, "20", "120", "A long day");
    env.account().invoice(32_169);
    terminal.say("y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 5, "{shown}");
    assert!(shown.contains("prepaid hours is now 0.0, but the preview showed 12.5"), "{shown}");
    assert!(env.writes().is_empty(), "{shown}");
}

/// What a line of `api` lacks is said, and it is known again by what it has.
#[test]
fn a_line_of_a_few_fields_is_looked_for_by_them() {
    let env = TestEnv::with(&["line=close-after"]);
    let path = format!("tickets/{}/add_line_item", ticket_id(TILL));
    let typed = ["api", "POST", &path, "-F", "name=Cable", "-F", "description=Two meters"];
    let ran = env.run(&[&typed[..], &["-F", "price_retail=12.5", "--dry-run"]].concat());
    let shown = rows(ran.ends(0));
    let row = "Line item 1 x Cable @ $12.50 = $12.50, taxed";
    assert!(shown.contains(&row.to_owned()), "{shown:?}");
    assert!(shown.contains(&"! taxable is missing: it defaults to taxed".to_owned()), "{shown:?}");
    env.run(&[&typed[..], &["-F", "price_retail=12.5", "--yes"]].concat()).ends(0);
    assert_eq!((env.writes().len(), env.state(TILL).lines.len()), (1, 1));
}
