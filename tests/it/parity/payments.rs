//! The writes of payments.

use super::{Verb, check, rows};
use crate::support::TestEnv;

/// An invoice that is open, one that is paid in part, and one that is paid.
const OPEN: &str = "id:1652300000";
const PART: &str = "id:1652214539";
const PAID: &str = "id:1652300001";

macro_rules! pay {
    ($($typed:expr),*) => {
        &["payment", "add", $($typed,)* "--method", "Check"]
    };
}

const PAYMENTS: [Verb; 6] = [
    Verb { typed: pay!(OPEN, "--full"), reads: 6, flag: None, row: "Left nothing" },
    Verb { typed: pay!(OPEN, "--amount", "20.05"), reads: 6, flag: None, row: "Left $69.95" },
    Verb {
        typed: pay!(PART, "--amount", "0.29", "--ref", "R-7"),
        reads: 6,
        flag: None,
        row: "Reference R-7",
    },
    Verb {
        typed: pay!(OPEN, "--amount", "90.01"),
        reads: 6,
        flag: Some("--over"),
        row: "Left $0.01 more than the open amount",
    },
    Verb {
        typed: pay!(PART, "--amount", "50"),
        reads: 6,
        flag: Some("--same-payment"),
        row: "Payment $50.00 by Check",
    },
    Verb {
        typed: pay!(PAID, "--amount", "1"),
        reads: 6,
        flag: Some("--again --over"),
        row: "Open $0.00",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    check(&PAYMENTS);
}

#[test]
fn what_the_verb_would_not_send_is_judged_as_well() {
    let env = TestEnv::new();
    let pay = |fields: &[&str]| {
        let mut args = vec!["api", "POST", "payments"];
        for field in fields {
            args.extend(["-F", field]);
        }
        env.run(&[&args[..], &["--yes"]].concat())
    };
    for (fields, code, says) in [
        (&["amount_cents=0", "invoice_id=1652300000"][..], 2, "amount_cents"),
        (&["amount_cents=100", "apply_payments=all"], 2, "apply_payments"),
        (&["amount_cents=100", "apply_payments[1652300000]=1.5"], 2, "apply_payments"),
        // Two names of what is paid.
        (
            &["amount_cents=100", "apply_payments[1652300000]=100", "invoice_id=1652300001"],
            2,
            "apply_payments",
        ),
        (
            &["amount_cents=100", "apply_payments[1652300000]=100", "invoice_number=67410"],
            2,
            "apply_payments",
        ),
        // Two spellings of one invoice, each within what is open.
        (
            &[
                "amount_cents=16000",
                "apply_payments[1652300000]=8000",
                "apply_payments[01652300000]=8000",
            ],
            2,
            "apply_payments",
        ),
        (
            &["amount_cents=100", "customer_id=31204551", "invoice_id=1652300000"],
            5,
            "belongs to customer 31204671",
        ),
        (
            &["amount_cents=100", "invoice_id=1652300000", "payment_method=Chek"],
            2,
            "the account has",
        ),
        (&["amount_cents=100", "customer_id=1"], 3, "customer"),
    ] {
        pay(fields).ends(code).says(says);
    }
    assert!(env.writes().is_empty());
    let typed = ["api", "POST", "payments", "-F", "amount_cents=100", "--dry-run"];
    let ran = env.run(&typed);
    ran.ends(0);
    assert!(rows(&ran).contains(&"! it is not for an invoice".to_owned()), "{ran}");
}
