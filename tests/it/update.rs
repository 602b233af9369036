//! `syncro update` and `syncro delete`.

use serde_json::json;

use crate::support::{TILL, TestEnv, ticket_id};

#[test]
fn a_person_and_a_status_are_typed_alike_everywhere() {
    let env = TestEnv::new();
    let twins: [[&[&str]; 2]; 6] = [
        [&["update", "32181", "--assignee", "mika"], &["update", "32181", "--assign", "mika"]],
        [&["update", "32181", "--status", "New"], &["update", "32181", "New"]],
        [&["tickets", "--assignee", "mika"], &["tickets", "--user", "mika"]],
        [
            &[
                "timer",
                "add",
                "32181",
                "--minutes",
                "5",
                "--start",
                "2026-03-17 08:15",
                "--assignee",
                "mika",
            ],
            &[
                "timer",
                "add",
                "32181",
                "--minutes",
                "5",
                "--start",
                "2026-03-17 08:15",
                "--user",
                "mika",
            ],
        ],
        [
            &["appointment", "list", "--assignee", "mika"],
            &["appointment", "list", "--owner", "mika"],
        ],
        [
            &["create", "quillfeather", "Till", "--description", "x", "--assignee", "mika"],
            &["create", "quillfeather", "Till", "--description", "x", "--assign", "mika"],
        ],
    ];
    for [one, other] in twins {
        let run = |args: &[&str]| {
            let ran = env.run(
                &[
                    args,
                    &["--json"],
                    &["--dry-run"][..usize::from(args[0] != "tickets" && args[1] != "list")],
                ]
                .concat(),
            );
            ran.ends(0).json().unwrap()
        };
        assert_eq!(run(one), run(other), "{one:?}");
    }
    let both = env.run(&["update", "32181", "New", "--status", "Resolved", "--dry-run"]);
    both.ends(2);
}

#[test]
fn old_and_new_are_shown_and_only_what_changes_is_sent() {
    let env = TestEnv::new();
    let update = ["update", "32181", "waiting on customer", "--priority", "high"];
    let ran = env.run(&[&update[..], &["--dry-run"]].concat());
    for shown in ["In Progress -> Waiting on Customer", "2 Normal -> 1 High"] {
        assert!(ran.ends(0).stdout.contains(shown), "{shown}: {ran}");
    }
    env.run(&update).ends(2);
    assert!(env.writes().is_empty());
    env.run(&[&update[..], &["--yes"]].concat()).ends(0);
    let [write] = &env.writes()[..] else {
        unreachable!("one write: {:?}", env.writes());
    };
    assert_eq!(
        write.body,
        json!({"status": "Waiting on Customer", "priority": "1 High", "customer_reply": false})
    );
    let again = env.run(&[&update[..], &["--yes"]].concat());
    again.is_so_already();
    assert_eq!(env.writes().len(), 1);
}

#[test]
fn near_misses_are_named_and_nothing_is_sent() {
    let env = TestEnv::new();
    let ran = env.run(&["update", "32181", "Resolvd", "--yes"]);
    ran.ends(2).says("Resolved");
    env.run(&["update", "32181", "--yes"]).ends(2);
    env.run(&["update", "99999", "Resolved", "--yes"]).ends(3);
    assert!(env.writes().is_empty());
}

#[cfg(unix)]
#[test]
fn someone_elses_change_in_between_stops_it() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["update", "32181", "Resolved"]);
    terminal.expect("[y/N/p");
    env.account().status(TILL, "Waiting on Customer");
    terminal.say("y");
    let question = terminal.expect("anyway? [y/N]");
    assert!(question.contains("Waiting on Customer"), "{question}");
    terminal.say("");
    let (code, shown) = terminal.end();
    assert_ne!(code, 0, "{shown}");
    assert_eq!(env.state(TILL).status(), "Waiting on Customer");
    assert!(env.writes().is_empty());
}

fn there(env: &TestEnv, number: i64) -> bool {
    let path = format!("/tickets/{}", ticket_id(number));
    env.account().call("GET", &path, None).0 == 200
}

#[test]
fn a_script_deletes_only_with_the_number_again() {
    let env = TestEnv::new();
    env.run(&["delete", "32166"]).ends(2);
    env.run(&["delete", "32166", "--yes"]).ends(2).says("--number 32166");
    env.run(&["delete", "32166", "--yes", "--number", "32165"]).ends(2);
    env.run(&["delete", "99999", "--yes", "--number", "99999"]).ends(3);
    assert!(env.log().iter().all(|one| one.method == "GET"));
    assert!(there(&env, 32_166));
    env.run(&["delete", "32166", "--yes", "--number", "32166"]).ends(0);
    assert!(!there(&env, 32_166));
    let last = env.log().pop().unwrap();
    assert_eq!(last.method, "GET", "it was looked at once more");
}

#[test]
fn a_ticket_with_an_invoice_is_left_alone() {
    let env = TestEnv::new();
    env.account().line(TILL, "0.5", "95", "Looked at the spool");
    env.account().invoice(TILL);
    let delete = ["delete", "32181", "--yes", "--number", "32181"];
    env.run(&delete).ends(5).says("--invoiced");
    assert!(there(&env, TILL) && env.writes().is_empty());
}

#[cfg(unix)]
#[test]
fn a_person_types_the_number_again() {
    for (typed, code) in [("32165", 9), ("32166", 0)] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["delete", "32166"]);
        terminal.expect("Type the ticket number");
        terminal.say(typed);
        if code == 0 {
            terminal.answer("[y/N/p", "y");
        }
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        assert_eq!(there(&env, 32_166), code != 0);
    }
}

/// What the one PUT of an update sent.
fn sent(args: &[&str]) -> serde_json::Value {
    let env = TestEnv::new();
    let typed = [&["update", "32181"], args, &["--yes", "--json"]].concat();
    let ran = env.run(&typed);
    let json = ran.ends(0).json().unwrap();
    let [write] = &env.writes()[..] else {
        unreachable!("one write: {ran}");
    };
    for (field, value) in write.body.as_object().unwrap() {
        let due = field == "due_date" && !value.is_null();
        let now = &json["ticket"][field];
        let is_there = match due {
            true => now.as_str().unwrap().starts_with(value.as_str().unwrap()),
            false => now == value,
        };
        assert!(is_there, "{field} was read back as {now}, not {value}");
    }
    write.body.clone()
}

#[test]
fn people_days_and_customers_are_named_as_people_name_them() {
    let body = sent(&["--assign", "mika", "--due", "2026-05-22"]);
    assert_eq!(body, json!({"user_id": 81_207, "due_date": "2026-05-22", "customer_reply": false}));
    let body = sent(&["--assign", "none", "--due", "none", "--contact", "joss"]);
    assert_eq!(
        body,
        json!({"user_id": null, "due_date": null, "contact_id": 7_804_552, "customer_reply": false})
    );
    // The old customer's contact would be mailed what is the new one's business.
    let body = sent(&["--customer", "31204602"]);
    assert_eq!(
        body,
        json!({"customer_id": 31_204_602, "contact_id": null, "customer_reply": false})
    );
}

#[test]
fn whom_nobody_knows_is_not_assigned() {
    let env = TestEnv::new();
    for (flag, value, code) in [
        ("--assign", "Nobody Known", 3),
        ("--contact", "Ailsa", 3),
        ("--customer", "brindlewood", 2),
        ("--customer", "No Such Customer", 3),
        ("--due", "someday", 2),
    ] {
        env.run(&["update", "32181", flag, value, "--yes"]).ends(code);
    }
    assert!(env.writes().is_empty(), "{:?}", env.writes());
}

#[test]
fn near_is_not_already() {
    let env = TestEnv::new();
    let customer = ["customer", "update", "31204551", "--yes"];
    let ticket = ["update", "32181", "--yes"];
    for (command, flag, first, second) in [
        (&customer[..], "--zip", "02134", "2134"),
        (&ticket, "--subject", "Till 1.00", "Till 1.0"),
        (&ticket, "--subject", "1.00", "1.0"),
        (&ticket, "--subject", "a  x", "a <b>x</b>"),
    ] {
        for value in [first, second] {
            let before = env.writes().len();
            env.run(&[command, &[flag, value]].concat()).ends(0);
            assert_eq!(env.writes().len(), before + 1, "{value}");
        }
        env.run(&[command, &[flag, second]].concat()).is_so_already();
    }
    let file = env.dir().join("empty.json");
    std::fs::write(&file, "{}").unwrap();
    let api = ["api", "PUT", "tickets/108443837", "--yes", "--input", file.to_str().unwrap()];
    env.run(&api).ends(2).says("no fields");
}

#[test]
fn an_assignee_brings_no_warning() {
    let env = TestEnv::new();
    let ran = env.run(&["update", "32167", "--assign", "mika", "--yes", "--json"]);
    assert_eq!(ran.ends(0).json().unwrap()["warnings"], json!([]));
}

/// What is not billed yet would be the new customer's to pay, and the appointment stays the old one's.
#[test]
fn a_ticket_does_not_take_what_is_unbilled_to_another_customer_unasked() {
    let env = TestEnv::new();
    let moves = ["update", "32178", "--customer", "quill"];
    let plan = env.run(&[&moves[..], &["--dry-run"]].concat());
    let stays = "stays with the old customer: ";
    assert!(plan.ends(0).stdout.contains(stays), "{plan}");
    let way = "api PUT appointments/5560900002 -F customer_id=31204551";
    assert!(plan.stdout.contains(way), "{plan}");
    env.run(&[&moves[..], &["--yes"]].concat())
        .ends(5)
        .says("$134.50")
        .says("it would be billed to Quillfeather Books")
        .says("--move-unbilled");
    assert_eq!(env.writes().len(), 0);
    env.run(&[&moves[..], &["--yes", "--move-unbilled"]].concat()).ends(0);
    let way = plan.stdout.split_once(stays).and_then(|(_, way)| way.lines().next()).unwrap();
    let way = way.trim_start_matches("syncro ").split(' ');
    env.run(&way.chain(["--yes"]).collect::<Vec<_>>()).ends(0);
    // The invoice of a ticket that is billed stays the old customer's, however it is moved.
    for moves in [
        &["update", "32177", "--customer", "quill"][..],
        &["api", "PUT", "tickets/108443673", "-F", "customer_id=31204551"],
    ] {
        let plan = env.run(&[moves, &["--dry-run"]].concat());
        let says = format!("invoice #67409 ($90.00) {stays}syncro invoice show 67409");
        assert!(plan.ends(0).stdout.contains(&says), "{says}: {plan}");
    }
    // Back, and nothing stays behind that is the old customer's already.
    let back = env.run(&["update", "32178", "--customer", "quill", "--dry-run"]);
    assert!(!back.ends(0).stdout.contains(stays), "{back}");
}

/// A timer that runs goes on for the new customer, and the ticket keeps the old one's assets.
#[test]
fn a_ticket_names_the_running_timers_and_assets_that_it_takes_along() {
    let env = TestEnv::new();
    let id = ticket_id(32_156);
    let runs = json!({"ticket_id": id, "notes": "Headers"});
    let id = format!("tickets/{id}");
    for moves in [
        &["update", "32156", "--customer", "quill"][..],
        &["api", "PUT", &id, "-F", "customer_id=31204551", "-F", "contact_id=null"],
    ] {
        let plan = env.run(&[moves, &["--dry-run"]].concat());
        let asset = "asset 12390327 of another customer stays on the ticket";
        assert!(plan.ends(0).stdout.contains(asset), "{plan}");
        assert!(!plan.stdout.contains("running"), "{plan}");
    }
    // Assets that are named are no leftovers; and one of the new customer stays where it belongs.
    let named = ["api", "PUT", &id, "-F", "customer_id=31204551", "-F", "asset_ids[]=12390017"];
    let plan = env.run(&[&named[..], &["--dry-run"]].concat());
    assert!(!plan.ends(0).stdout.contains("another customer stays on"), "{plan}");
    env.account().call("POST", "/ticket_timers", Some(&runs));
    let before = env.writes().len();
    let moves = ["update", "32156", "--customer", "quill", "--contact", "none"];
    let ran = env.run(&[&moves[..], &["--yes"]].concat());
    ran.ends(5).says("is running since").says("billed to Quillfeather Books");
    ran.says("--move-unbilled");
    assert_eq!(env.writes().len(), before, "{ran}");
    env.run(&[&moves[..], &["--yes", "--move-unbilled"]].concat()).ends(0);
}
