//! The writes of comments.

use serde_json::json;

use super::{Verb, check, check_in, rows};
use crate::support::{Setup, TILL, TestEnv, ticket_id};

/// The till's ticket, by its id: a number would have to be looked up first.
const ID: &str = "id:108443837";
const TEXT: &str = "The spool is yours again";
const ROW: &str = "Ticket #32181 Till will not print gift receipts (id 108443837)";

const COMMENTS: [Verb; 4] = [
    Verb {
        typed: &["comment", ID, TEXT],
        reads: 4,
        flag: None,
        row: "Comment emailed to imelda@quillfeather.example",
    },
    Verb {
        typed: &["comment", ID, TEXT, "--hidden", "--subject", "For us"],
        reads: 4,
        flag: None,
        row: "Comment private: the customer cannot see it",
    },
    Verb {
        typed: &["comment", ID, TEXT, "--no-email", "--tech", "The front desk"],
        reads: 4,
        flag: None,
        row: "Shown as The front desk",
    },
    Verb {
        typed: &["comment", ID, "Your password: hunter-two"],
        reads: 4,
        flag: Some("--allow-secrets"),
        row: ROW,
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    check(&COMMENTS);
}

#[test]
fn the_same_comment_is_found_both_ways() {
    let again = Verb {
        typed: &["comment", ID, TEXT, "--hidden"],
        reads: 4,
        flag: Some("--same-comment"),
        row: ROW,
    };
    let said = || {
        let said = |env: &TestEnv| env.account().comment(TILL, "Update", TEXT);
        TestEnv::prepared(Setup::default(), said).0
    };
    check_in(said, &[again]);
}

#[test]
fn another_customers_contact_is_found_both_ways() {
    let strange = Verb {
        typed: &["comment", ID, TEXT],
        reads: 4,
        flag: Some("--other-contact"),
        row: "Comment emailed to casper@brindlewood-dental.example",
    };
    let path = format!("/tickets/{}", ticket_id(TILL));
    let contact = json!({"contact_id": 7_804_602});
    let moved =
        || TestEnv::prepared(Setup::default(), |env| env.account().write("PUT", &path, &contact)).0;
    check_in(moved, &[strange]);
}

#[test]
fn what_is_left_out_is_pointed_out() {
    let env = TestEnv::new();
    let path = format!("tickets/{}/comment", ticket_id(TILL));
    let typed = ["api", "POST", &path, "-f", "subject=Update", "-f", "body=x", "-F", "hidden=1"];
    let ran = env.run(&[&typed[..], &["--dry-run"]].concat());
    ran.ends(0);
    let rows = rows(&ran);
    assert_eq!(rows[0], format!("Sends POST /{path}"));
    let notice = "! hidden without do_not_email: Syncro may still email it";
    assert!(rows.contains(&notice.to_owned()), "{rows:?}");
    let whom = "hidden, but Syncro may email it to imelda@quillfeather.example";
    assert!(rows.iter().any(|row| row.ends_with(whom)), "{rows:?}");
    assert!(!ran.stdout.contains("cannot see it"), "{ran}");
}
