//! The writes of contacts.

use super::{Verb, check, rows, write};
use crate::support::TestEnv;

/// A contact whom an open ticket names, and one whom none does.
const NAMED: &str = "7804551";
const FREE: &str = "7804553";

const CONTACTS: [Verb; 8] = [
    Verb {
        typed: &["contact", "create", "31204551", "Ada Finch", "--phone", "555-0134"],
        reads: 3,
        flag: None,
        row: "Phone 555-0134",
    },
    Verb {
        typed: &["contact", "create", "31204551", "imelda quill", "--title", "Owner"],
        reads: 3,
        flag: Some("--same-contact"),
        row: "Title Owner",
    },
    Verb {
        typed: &["contact", "create", "31204551", "Ada", "--email", "IMELDA@quillfeather.example"],
        reads: 3,
        flag: Some("--same-contact"),
        row: "Email IMELDA@quillfeather.example",
    },
    Verb {
        typed: &["contact", "update", NAMED, "--phone", "555-0199", "--city", "Port Haven"],
        reads: 4,
        flag: None,
        row: "Customer Quillfeather Books (id 31204551)",
    },
    Verb {
        typed: &["contact", "update", NAMED, "--title", "Owner", "--name", "Imelda Finch"],
        reads: 4,
        flag: None,
        row: "Change title Office manager -> Owner",
    },
    Verb {
        typed: &["contact", "disable", NAMED],
        reads: 4,
        flag: None,
        row: "Change email opt-out no -> yes",
    },
    Verb { typed: &["contact", "delete", FREE], reads: 5, flag: None, row: "Delete for good" },
    Verb {
        typed: &["contact", "delete", NAMED],
        reads: 5,
        flag: Some("--open-tickets"),
        row: "Email imelda@quillfeather.example",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    check(&CONTACTS);
}

#[test]
fn what_is_typed_is_sent_as_typed() {
    let env = TestEnv::new();
    let path = format!("contacts/{NAMED}");
    // A verb leaves out what is so already; `api` does not, and both say what falls back when left out.
    let typed = ["api", "PUT", &path, "-F", "phone=555-0199", "-F", "name=Imelda Quill"];
    let json = env.run(&[&typed[..], &["--dry-run", "--json"]].concat()).ends(0).json().unwrap();
    assert_eq!(write(&json)["body"]["name"], "Imelda Quill");
    assert_eq!(write(&json)["body"]["opt_out"], false);
    let ran = env.run(&["api", "PUT", &path, "-F", "title=Owner", "--dry-run"]);
    ran.ends(0);
    let rows = rows(&ran);
    assert_eq!(rows[0], format!("Sends PUT /{path}"));
    assert!(rows.contains(&"Change title Office manager -> Owner".to_owned()), "{rows:?}");
    let kept = "opt_out no (unchanged; sent because Syncro may reset it)";
    assert!(rows.contains(&kept.to_owned()), "{rows:?}");
}
