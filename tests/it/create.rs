//! `syncro create`: one preview, three calls in their order, and never a second ticket.

use serde_json::json;

use crate::support::{Setup, TILL, TRAINEE, TestEnv, ticket_id};

const SUBJECT: &str = "Receipts come out blank";

const WHOLE: [&str; 7] = [
    "create",
    "Quillfeather Books",
    SUBJECT,
    "--description",
    "The roll was put in\nthe wrong way round",
    "--start",
    "2027-03-17 09:00",
];

/// How many tickets of that subject there are.
fn tickets(env: &TestEnv) -> usize {
    let all = env.account().get("/tickets?customer_id=31204551");
    let all = all["tickets"].as_array().unwrap().iter();
    all.filter(|one| one["subject"] == SUBJECT).count()
}

#[test]
fn three_calls_in_order_with_the_ids_of_the_first() {
    let env = TestEnv::new();
    let ran = env.run(&[&WHOLE[..], &["--dry-run"]].concat());
    for shown in [SUBJECT, "Initial Issue", "| the wrong way round", "Wed 2027-03-17"] {
        assert!(ran.ends(0).stdout.contains(shown), "{shown}: {ran}");
    }
    assert!(env.writes().is_empty());
    let ran = env.run(&[&WHOLE[..], &["--yes", "--json"]].concat());
    let json = ran.ends(0).json().unwrap();
    let id = &json["ticket"]["id"];
    let writes = env.writes();
    let paths: Vec<&str> = writes.iter().map(|one| one.path.as_str()).collect();
    let comment = format!("/api/v1/tickets/{id}/comment");
    assert_eq!(paths, ["/api/v1/tickets", comment.as_str(), "/api/v1/appointments"]);
    assert_eq!(writes[0].body["user_id"], TRAINEE, "assigned to whoever asks");
    assert_eq!(writes[0].body["customer_id"], 31_204_551);
    assert_eq!(writes[1].body["subject"], "Initial Issue");
    assert_eq!(writes[1].body["body"], "The roll was put in<br>the wrong way round");
    assert_eq!(&writes[2].body["ticket_id"], id);
    assert_eq!(tickets(&env), 1);
}

#[test]
fn refusals_send_nothing() {
    let env = TestEnv::new();
    for (more, code) in [
        (&[][..], 2),
        (&["--yes", "--priority", "Hihg"], 2),
        (&["--yes", "--contact", "Nobody Known"], 3),
        (&["--yes", "--end", "08:00"], 2),
    ] {
        env.run(&[&WHOLE[..], more].concat()).ends(code);
    }
    env.run(&["create", "No Such Customer", SUBJECT, "--yes"]).ends(3);
    env.run(&["create", "31204551", " ", "--yes"]).ends(2);
    let secret = ["create", "31204551", SUBJECT, "--description", "password: hunter-two", "--yes"];
    env.run(&secret).ends(5).says("--allow-secrets");
    let same = ["create", "31204551", "Till will not print gift receipts", "--yes"];
    env.run(&same).ends(5).says("--same-subject");
    assert!(env.writes().is_empty(), "{:?}", env.writes());
    let like = ["create", "31204551", "Till prints no receipts", "--dry-run"];
    let ran = env.run(&like);
    assert!(ran.ends(0).stdout.contains("#32181"), "{ran}");
    env.run(&[&same[..], &["--same-subject"]].concat()).ends(0);
}

#[test]
fn a_failed_later_step_is_finished_without_a_second_ticket() {
    for fault in ["comment=422:1", "appointment-create=422:1"] {
        let env = TestEnv::with(&[fault]);
        let typed = [&WHOLE[..], &["--yes"]].concat();
        env.run(&typed).ends(5).says("syncro resume");
        assert_eq!(tickets(&env), 1);
        env.run(&typed).ends(5).says("syncro resume");
        env.run(&["resume", "--yes"]).ends(0);
        let made = |end: &str| env.writes().iter().filter(|one| one.path.ends_with(end)).count();
        assert_eq!(made("/tickets"), 1);
        assert_eq!(tickets(&env), 1);
    }
}

#[cfg(unix)]
#[test]
fn a_dash_clears_a_field_of_the_form_for_good() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create", "Quillfeather Books", "Till beeps"]);
    for answer in ["4 high", "5 Loudly", "12 tomorrow 2pm"] {
        terminal.answer("Enter to continue:", answer);
    }
    terminal.answer("Enter to continue:", "8 -");
    let page = terminal.answer("Enter to continue:", "6 -");
    let row = |page: &str, label: &str| {
        let mut rows = page.lines().rev().filter_map(|line| Some(line.split_once(label)?.1.trim()));
        rows.next().map(str::to_owned)
    };
    assert_eq!(row(&page, "  Assignee").as_deref(), Some("none"), "{page}");
    let page = terminal.answer("Enter to continue:", "4");
    assert_eq!(row(&page, "Email it").as_deref(), Some("no"), "{page}");
    terminal.answer("(Enter keeps it, - clears it) [1 High]:", "-");
    let page = terminal.answer("Enter to continue:", "");
    assert_eq!(row(&page, "Priority").as_deref(), Some("-"), "{page}");
    // The appointment's email is another one than the comment's.
    let preview = terminal.answer("[y/N/p", "y");
    assert!(preview.contains("Email appointment"), "{preview}");
    let emails = preview.lines().filter(|line| line.trim_start().starts_with("Email  ")).count();
    assert_eq!(emails, 0, "{preview}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let writes = env.writes();
    let body = &writes[0].body;
    assert_eq!(
        (&body["user_id"], &body["priority"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
    assert_eq!(writes[1].body["do_not_email"], true);
}

#[cfg(unix)]
#[test]
fn the_customer_that_was_chosen_is_said_before_anything_else_is_asked() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create"]);
    terminal.answer("Customer (name or id):", "quill");
    let came = terminal.expect("Subject:");
    assert!(came.contains("Quillfeather Books (id 31204551)"), "{came}");
}

#[cfg(unix)]
#[test]
fn the_form_sets_a_field_and_refuses_a_bad_one() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["create", "31204551", SUBJECT]);
    let form = terminal.expect("Enter to continue");
    assert!(form.contains("Robin Ashgrove (you)"), "{form}");
    terminal.say("4 hihg");
    let refused = terminal.expect("Enter to continue");
    assert!(refused.contains("hihg"), "{refused}");
    terminal.say("4 high");
    let set = terminal.expect("Enter to continue");
    assert!(set.contains("1 High"), "{set}");
    // Enter keeps a value, - clears it.
    terminal.say("4");
    terminal.expect("Priority (Enter keeps it, - clears it) [1 High]");
    terminal.say("");
    let kept = terminal.expect("Enter to continue");
    assert!(kept.contains("1 High"), "{kept}");
    let row = kept.lines().find(|line| line.contains("Due")).unwrap().trim();
    let due = row.split_whitespace().next().unwrap().to_owned();
    terminal.say(&format!("{due} 2027-05-21"));
    assert!(terminal.expect("Enter to continue").contains("2027-05-21"));
    terminal.say(&due);
    terminal.answer("- clears it)", "-");
    let cleared = terminal.expect("Enter to continue");
    assert!(!cleared.contains("2027-05-21"), "{cleared}");
    terminal.say("");
    terminal.answer("[y/N/p", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.writes()[0].body["priority"], "1 High");
}

#[test]
fn a_changed_clock_the_past_and_overlaps_are_said_as_by_appointment_add() {
    let env = TestEnv::new();
    let visit = |start: &str, more: &[&str]| {
        let typed = ["create", "31204551", SUBJECT, "--start", start];
        env.run(&[&typed[..], more].concat())
    };
    for (start, says) in [
        ("2027-03-14 02:30", "! 02:30 does not exist on Sun 2027-03-14"),
        ("2027-11-07 01:30", "! 01:30 occurs twice on Sun 2027-11-07"),
    ] {
        let ran = visit(start, &["--dry-run"]);
        assert!(ran.ends(0).stdout.contains(says), "{ran}");
        let json = visit(start, &["--dry-run", "--json"]).json().unwrap();
        let warnings = json["warnings"].to_string();
        assert!(warnings.contains(&says[2..]), "{warnings}");
    }
    let across = visit("2027-11-07 01:30", &["--dry-run"]);
    assert!(across.ends(0).stdout.contains("01:30 CDT to 02:00 CST"), "{across}");
    visit("2026-03-02 14:00", &["--yes"]).ends(5).says("--past");
    assert!(env.writes().is_empty());
    let made = visit("2027-03-17 09:00", &["--yes", "--json"]);
    assert_eq!(made.ends(0).json().unwrap()["warnings"], serde_json::json!([]));
    let again =
        ["create", "31204655", "Another visit", "--start", "2027-03-17 10:00", "--yes", "--json"];
    let ran = env.run(&again);
    let warnings = ran.ends(0).json().unwrap()["warnings"].to_string();
    assert!(warnings.contains("overlaps"), "{warnings}");
    visit("2026-03-02 14:00", &["--past", "--same-subject", "--yes"]).ends(0);
}

#[test]
fn a_guard_says_once_what_it_has_found() {
    let env = TestEnv::new();
    for (text, says) in [
        (
            "password: hunter-two",
            "The description: line 1 looks like it holds a password, and the customer can read it; nothing was written\n",
        ),
        (
            "ok\napi_key=abcd1234",
            "The description: line 2 looks like it holds an API key, and the customer can read it; nothing was written\n",
        ),
    ] {
        let ran = env.run(&["create", "31204551", SUBJECT, "--description", text, "--yes"]);
        ran.ends(5).says(says);
    }
    let ran = env.run(&["create", "31204551", "pw: hunter-two", "--yes"]);
    ran.ends(5).says("The subject: line 1 looks like");
}

/// What becomes of the customer's other tickets meanwhile matters where one is alike, and was or would have been shown.
#[cfg(unix)]
#[test]
fn only_a_ticket_that_is_alike_stands_in_the_way() {
    let open = |env: &TestEnv, subject: &str| {
        let body = serde_json::json!({"customer_id": 31_204_551, "subject": subject});
        env.colleague().write("POST", "/tickets", &body)["ticket"]["id"].take()
    };
    let close = |env: &TestEnv, id: &serde_json::Value| {
        let body = serde_json::json!({"status": "Resolved"});
        drop(env.colleague().write("PUT", &format!("/tickets/{id}"), &body));
    };
    for (name, there, meanwhile, code) in [
        ("another comes", None, Some("Coffee machine leaks"), 0),
        ("another is closed", Some("Coffee machine leaks"), None, 0),
        ("one that is alike comes", None, Some("Receipts are blank"), 5),
        ("the same comes", None, Some(SUBJECT), 5),
        ("one that is alike is closed", Some("Receipts are blank"), None, 5),
    ] {
        let env = TestEnv::new();
        let id = there.map(|subject| open(&env, subject));
        let args =
            ["create", "31204551", SUBJECT, "--description", "Since noon", "--contact", "7804552"];
        let mut terminal = env.terminal(&args);
        terminal.answer("Enter to continue", "");
        terminal.expect("[y/N/p");
        match (&id, meanwhile) {
            (Some(id), _) => close(&env, id),
            (None, Some(subject)) => drop(open(&env, subject)),
            (None, None) => {}
        }
        terminal.reply("[y/N/p", "y");
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{name}: {shown}");
        assert_eq!(env.writes().is_empty(), code == 5, "{name}: {shown}");
    }
}

/// A status is one that counts as closed however it is written in the configuration: to whoever looks for tickets about the
/// same, before the preview and when the ticket is made.
#[test]
fn a_closed_ticket_is_not_similar_however_its_status_is_written() {
    let closed = "closed = [\"Resolved\", \"Invoiced\", \"Closed\"]";
    for (status, is_asked) in [("waiting on CUSTOMER", false), ("Scheduled", true)] {
        let replace = vec![(closed, format!("closed = [\"{status}\"]"))];
        let (env, ()) = TestEnv::prepared(Setup { replace, ..Setup::default() }, |env| {
            let path = format!("/tickets/{}", ticket_id(TILL));
            env.account().write("PUT", &path, &json!({"status": "Waiting on Customer"}));
        });
        let subject = "Till will not print gift receipts";
        let shown = env.run(&["create", "31204551", subject, "--dry-run"]);
        assert_eq!(shown.ends(0).stdout.contains("Similar open tickets"), is_asked, "{shown}");
        let ran = env.run(&["create", "31204551", subject, "--yes"]);
        match is_asked {
            true => drop(ran.ends(5).says("--same-subject")),
            false => drop(ran.ends(0)),
        }
    }
}
