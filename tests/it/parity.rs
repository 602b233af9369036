//! Each write is known once: what a verb shows, asks and sends, `api` does with the request that the verb would send.

use serde_json::Value;

use crate::support::{Ran, TestEnv};

/// A contact whom an open ticket names, and one whom none does.
const NAMED: &str = "7804551";
const FREE: &str = "7804553";

/// A write that a verb would make, and the guard that stands against it, where one does.
struct Verb {
    typed: &'static [&'static str],
    flag: Option<&'static str>,
    /// A row that its preview must have.
    row: &'static str,
}

const VERBS: [Verb; 8] = [
    Verb {
        typed: &["contact", "create", "31204551", "Ada Finch", "--phone", "555-0134"],
        flag: None,
        row: "Phone 555-0134",
    },
    Verb {
        typed: &["contact", "create", "31204551", "imelda quill", "--title", "Owner"],
        flag: Some("--same-contact"),
        row: "Title Owner",
    },
    Verb {
        typed: &["contact", "create", "31204551", "Ada", "--email", "IMELDA@quillfeather.example"],
        flag: Some("--same-contact"),
        row: "Email IMELDA@quillfeather.example",
    },
    Verb {
        typed: &["contact", "update", NAMED, "--phone", "555-0199", "--city", "Port Haven"],
        flag: None,
        row: "Customer Quillfeather Books (id 31204551)",
    },
    Verb {
        typed: &["contact", "update", NAMED, "--title", "Owner", "--name", "Imelda Finch"],
        flag: None,
        row: "Change title Office manager -> Owner",
    },
    Verb {
        typed: &["contact", "disable", NAMED],
        flag: None,
        row: "Change email opt-out no -> yes",
    },
    Verb { typed: &["contact", "delete", FREE], flag: None, row: "Delete for good" },
    Verb {
        typed: &["contact", "delete", NAMED],
        flag: Some("--open-tickets"),
        row: "Email imelda@quillfeather.example",
    },
];

/// The rows of a preview, their columns closed up.
fn rows(ran: &Ran) -> Vec<String> {
    let rows = ran.stdout.lines().skip(1).take_while(|line| line.starts_with("  "));
    rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The one write of a dry run.
#[track_caller]
fn write(json: &Value) -> &Value {
    assert_eq!(json["writes"].as_array().map(Vec::len), Some(1), "{json}");
    &json["writes"][0]
}

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    for verb in &VERBS {
        let env = TestEnv::new();
        let run = |typed: &[&str], more: &[&str]| env.run(&[typed, more].concat());
        let verbs = run(verb.typed, &["--dry-run", "--json"]).ends(0).json().unwrap();
        let asked = env.log().len();
        let sent = write(&verbs);
        let text = |name: &str| sent[name].as_str().unwrap();
        let mut api = vec!["api", text("method"), text("path")];
        let file = env.dir().join("body.json");
        if sent["body"].is_object() {
            std::fs::write(&file, sent["body"].to_string()).unwrap();
            api.extend(["--input", file.to_str().unwrap()]);
        }
        let apis = run(&api, &["--dry-run", "--json"]).ends(0).json().unwrap();
        // The record, anew with its customer and the key's owner, and the open tickets where it goes.
        let most = match verb.typed[1] {
            "create" => 3,
            "delete" => 5,
            _ => 4,
        };
        assert_eq!((asked, env.log().len()), (most, 2 * most), "{:?}", verb.typed);
        for part in ["method", "path", "body"] {
            assert_eq!(write(&apis)[part], sent[part], "{:?} {part}", verb.typed);
        }
        assert_eq!(apis["warnings"], verbs["warnings"], "{:?}", verb.typed);
        let found = verbs["warnings"].as_array().unwrap();
        assert_eq!(found.len(), usize::from(verb.flag.is_some()), "{:?}: {found:?}", verb.typed);

        let of_verb = rows(run(verb.typed, &["--dry-run"]).ends(0));
        let mut of_api = rows(run(&api, &["--dry-run"]).ends(0));
        assert!(of_verb.iter().any(|row| row == verb.row), "{:?}: {of_verb:?}", verb.typed);
        assert_eq!(of_api.remove(0), format!("Sends {} {}", text("method"), text("path")));
        let body = sent["body"].as_object().into_iter().flatten();
        for (name, _) in body {
            let at = of_api.iter().rposition(|row| row.starts_with(&format!("{name} ")));
            of_api.remove(at.unwrap());
        }
        assert_eq!(of_api, of_verb, "{:?}", verb.typed);

        let Some(flag) = verb.flag else { continue };
        for typed in [verb.typed, &api[..]] {
            run(typed, &["--yes"]).ends(5).says(flag);
        }
        assert!(env.writes().is_empty(), "{:?}", verb.typed);
        run(&api, &["--yes", flag]).ends(0);
        assert_eq!(env.writes().len(), 1, "{:?}", verb.typed);
    }
    println!("parity: {} writes of verbs and of api, 0 differences", VERBS.len());
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
    // In the query it is read as well, and left where it is.
    let asked = format!("{path}?title=Owner");
    let ran = env.run(&["api", "PUT", &asked, "--dry-run"]);
    ran.ends(0);
    let rows = rows(&ran);
    assert_eq!(rows[0], format!("Sends PUT /{asked}"));
    assert!(rows.contains(&"Change title Office manager -> Owner".to_owned()), "{rows:?}");
    let kept = "opt_out no (unchanged; sent because Syncro may reset it)";
    assert!(rows.contains(&kept.to_owned()), "{rows:?}");
}
