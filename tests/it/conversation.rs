//! `syncro comment` and `syncro close`, with the session log of a closed ticket.

use serde_json::json;

use crate::support::{Altered, Running, Setup, TILL, TestEnv, files, ticket_id};

const TEXT: &str = "The layout is copied.\nIt prints.";

/// The body of the only write.
fn sent(env: &TestEnv) -> serde_json::Value {
    let [write] = &env.writes()[..] else {
        unreachable!("one write: {:?}", env.writes());
    };
    write.body.clone()
}

#[test]
fn a_comment_is_one_of_three_kinds() {
    for (flags, hidden, silent, says) in [
        (&[][..], false, false, "imelda@quillfeather.example"),
        (&["--no-email"][..], false, true, "public"),
        (&["--hidden"][..], true, true, "private"),
        (&["--hidden", "--no-email"][..], true, true, "private"),
    ] {
        let env = TestEnv::new();
        let typed = [&["comment", "32181", TEXT][..], flags].concat();
        let ran = env.run(&[&typed[..], &["--dry-run"]].concat());
        assert!(ran.ends(0).stdout.contains(says), "{says}: {ran}");
        assert!(env.writes().is_empty());
        let ran = env.run(&[&typed[..], &["--yes"]].concat());
        assert!(ran.ends(0).stdout.starts_with("Comment "), "{ran}");
        let body = sent(&env);
        assert_eq!(body["body"], "The layout is copied.<br>It prints.");
        assert_eq!(body["subject"], "Update");
        assert_eq!(body["hidden"], hidden, "{flags:?}");
        assert_eq!(body["do_not_email"], silent, "{flags:?}");
    }
}

#[test]
fn the_text_comes_from_anywhere() {
    let env = TestEnv::new();
    let file = env.dir().join("notes.txt");
    std::fs::write(&file, b"\xff\xfeo\0n\0e\0\r\0\n\0t\0w\0o\0").unwrap();
    let file = file.to_str().unwrap();
    env.run(&["comment", "32181", "--file", file, "--yes"]).ends(0);
    assert_eq!(sent(&env)["body"], "one<br>two");
    let mut command = env.command();
    command.args(["comment", "32181", "-", "--hidden", "--yes"]);
    Running::fed(command, b"three\nfour\n").wait().ends(0);
    assert_eq!(env.writes()[1].body["body"], "three<br>four");
    for wrong in [
        &["comment", "32181", "--yes"][..],
        &["comment", "32181", " ", "--yes"],
        &["comment", "32181", "--file", "/nowhere.txt", "--yes"],
        &["comment", "32181", "x", "--subject", " ", "--yes"],
        &["comment", "32181", "x"],
        &["close", "32181", "--yes"],
        &["close", "32181", "-m", "x"],
        &["close", "32181", "--no-comment", "--status", "Solvd", "--yes"],
    ] {
        env.run(wrong).ends(2);
    }
    env.run(&["comment", "99999", "x", "--yes"]).ends(3);
    env.run(&["close", "99999", "--no-comment", "--yes"]).ends(3);
    assert_eq!(env.writes().len(), 2);
}

#[test]
fn markup_that_would_show_is_made_plain_and_said() {
    let env = TestEnv::new();
    let ran = env.run(&["comment", "32181", "**Done** with `it`", "--dry-run"]);
    let changed = "lists and Markdown are made plain lines (--as-typed keeps them)";
    for text in [changed, "  | Done with it\n"] {
        assert!(ran.ends(0).stdout.contains(text), "{ran}");
    }
}

#[test]
fn guards_name_their_flags() {
    let secret = "Your password: hunter-two";
    for start in [&["comment", "32181", "-m"][..], &["close", "32181", "-m"]] {
        let env = TestEnv::new();
        let said = |text, more: &[&'static str]| env.run(&[start, &[text, "--yes"], more].concat());
        said(secret, &[]).ends(5).says("--allow-secrets");
        assert!(env.writes().is_empty());
        said(secret, &["--allow-secrets"]).ends(0);
        said(secret, &["--allow-secrets"]).ends(5).says("--same-comment");
        let more = ["--allow-secrets", "--same-comment"];
        said(secret, &more).ends(0);
        assert_eq!(env.state(TILL).said(secret), 2);
    }
}

#[test]
fn close_comments_sets_the_status_and_says_what_is_open() {
    let env = TestEnv::new();
    env.account().line(TILL, "0.5", "95", "Looked at the spool");
    let ran = env.run(&["close", "32181", "-m", "It prints.", "--dry-run"]);
    for shown in [
        "In Progress -> Resolved",
        "| It prints.",
        "1 line item is not invoiced: syncro invoice create 32181",
    ] {
        assert!(ran.ends(0).stdout.contains(shown), "{shown}: {ran}");
    }
    assert!(env.writes().is_empty());
    env.run(&["close", "32181", "-m", "It prints.", "--yes"]).ends(0);
    let state = env.state(TILL);
    assert_eq!((state.status(), state.said("It prints.")), ("Resolved", 1));
    let bodies: Vec<_> = env.writes().into_iter().map(|one| one.body).collect();
    assert_eq!(bodies[0]["subject"], "Resolution");
    assert_eq!(bodies[1], json!({"status": "Resolved"}));
    let again = env.run(&["close", "32181", "--no-comment", "--yes"]);
    again.is_so_already();
    again.says("--log");
    assert_eq!(env.writes().len(), 2);
}

/// Surroundings with a folder for session logs.
fn logging() -> (TestEnv, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let first = "user = \"robin@lanternfish.example\"";
    let with = format!("{first}\nsession_logs = {:?}", dir.path().join("logs"));
    let env = TestEnv::of(Setup { replace: vec![(first, with)], ..Setup::default() });
    (env, dir)
}

#[test]
#[cfg(unix)]
fn what_is_next_is_said_after_the_last_question() {
    let (env, _dir) = logging();
    env.account().line(TILL, "0.5", "95", "Looked at the spool");
    let mut terminal = env.terminal(&["close", "32181", "-m", "It prints."]);
    terminal.answer("[y/N/p", "y");
    let before = terminal.expect("Write the session log");
    assert!(!before.contains("Next: "), "{before}");
    terminal.say("y");
    let (code, shown) = terminal.end();
    let next = shown.rfind("Next: ").unwrap();
    assert!(code == 0 && next > shown.rfind("session log: ").unwrap(), "{shown}");
}

/// A page that leaves out its time and its lines is no page of a ticket that has none.
#[tokio::test]
async fn a_session_log_says_what_the_page_leaves_out() {
    let (env, dir) = logging();
    let server = Altered::telling(env.account(), |_, what, answer| {
        if what == format!("GET /tickets/{}", ticket_id(TILL)) {
            let ticket = answer["ticket"].as_object_mut().unwrap();
            ticket.retain(|name, _| !["ticket_timers", "line_items"].contains(&name.as_str()));
        }
    })
    .await;
    let close = ["close", "32181", "--no-comment", "--log", "--yes"];
    env.run_with(&close, &[("SYNCRO_BASE_URL", &*server.base())]).ends(0);
    let log = files(&dir.path().join("logs/Quillfeather Books/session-logs")).remove(0);
    let text = std::fs::read_to_string(&log).unwrap();
    for (heading, list) in [("Time", "timers"), ("Line items", "line items")] {
        let part = format!("## {heading}\n\nSyncro does not show the {list} of ticket #32181\n");
        assert!(text.contains(&part), "{text}");
    }
}

#[test]
fn a_session_log_is_written_beside_an_older_one() {
    let (env, dir) = logging();
    let close = ["close", "32181", "-m", "It prints.", "--log", "--yes"];
    env.run(&close).ends(0).says("session log: ");
    let root = dir.path().join("logs/Quillfeather Books/session-logs");
    let first = files(&root);
    assert_eq!(first.len(), 1, "{first:?}");
    let text = std::fs::read_to_string(&first[0]).unwrap();
    for part in [
        "# #32181 Till will not print gift receipts",
        "- Customer: Quillfeather Books",
        "- Status: Resolved",
        "Since the update on Monday",
        "## Resolution",
        "It prints.",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let name = first[0].file_name().unwrap().to_string_lossy().into_owned();
    assert!(name.contains("-32181-Till will not"), "{name}");
    env.account().status(TILL, "In Progress");
    env.run(&["close", "32181", "--no-comment", "--log", "--yes"]).ends(0);
    assert_eq!(files(&root).len(), 2);
    assert_eq!(std::fs::read_to_string(&first[0]).unwrap(), text);
    env.account().status(TILL, "In Progress");
    env.run(&["close", "32181", "--no-comment", "--yes"]).ends(0);
    assert_eq!(files(&root).len(), 2, "nobody asked for a third");
}

#[test]
fn no_customer_leads_out_of_the_folder() {
    let (env, dir) = logging();
    let strange = |name: &str| {
        let all = env.account().get("/customers?query=");
        let all = all["customers"].as_array().unwrap();
        let mut pages = all.clone();
        for page in 2..6 {
            let more = env.account().get(&format!("/customers?page={page}"));
            pages.extend(more["customers"].as_array().unwrap().clone());
        }
        let one = pages.into_iter().find(|one| one["business_name"] == name);
        one.unwrap()["id"].to_string()
    };
    for name in ["../Escape & Sons", "CON"] {
        let id = strange(name);
        let ran = env.run(&["create", &id, "Odd name", "--yes", "--json"]);
        let json = ran.ends(0).json().unwrap();
        let number = json["ticket"]["number"].to_string().replace('"', "");
        env.run(&["close", &number, "--no-comment", "--log", "--yes"]).ends(0);
    }
    let written = files(dir.path());
    assert_eq!(written.len(), 2, "{written:?}");
    for path in written {
        let inside = path.strip_prefix(dir.path().join("logs")).unwrap();
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        assert_eq!(parts.len(), 3, "{inside:?}");
        assert!(parts[0] != "CON" && !parts[0].contains(".."), "{inside:?}");
    }
    env.run(&["close", "32181", "--no-comment", "--no-log", "--yes"]).ends(0);
    assert_eq!(files(dir.path()).len(), 2);
    let bare = TestEnv::new();
    bare.run(&["close", "32181", "--no-comment", "--log", "--yes"]).ends(10);
    assert!(bare.writes().is_empty());
}

/// The text of the only session log.
fn only_log(dir: &tempfile::TempDir) -> String {
    let [path] = &files(dir.path())[..] else {
        unreachable!("one file: {:?}", files(dir.path()));
    };
    std::fs::read_to_string(path).unwrap()
}

/// What stands below the heading.
fn resolution(log: &str) -> &str {
    log.split_once("## Resolution\n\n").unwrap().1.trim()
}

#[test]
fn the_resolution_of_a_log_is_what_this_close_wrote() {
    for (more, says) in [
        (&["-m", "It prints."][..], "It prints."),
        (&["-m", "Only for us.", "--hidden"][..], "Only for us."),
        (&["--no-comment"][..], "none given"),
    ] {
        let (env, dir) = logging();
        let ran = env.run(&[&["close", "32181", "--log", "--yes"][..], more].concat());
        ran.ends(0);
        assert_eq!(resolution(&only_log(&dir)), says, "{more:?}");
    }
}

#[test]
fn a_log_can_be_had_later_and_json_names_it() {
    let (env, dir) = logging();
    env.run(&["close", "32181", "-m", "It prints.", "--no-log", "--yes"]).ends(0);
    env.run(&["comment", "32181", "Thank you", "--no-email", "--yes"]).ends(0);
    let late = ["close", "32181", "--no-comment", "--log", "--json"];
    let writes = env.writes().len();
    let ran = env.run(&[&late[..], &["--dry-run"]].concat());
    assert_eq!(ran.ends(0).json().unwrap()["outcome"], "dry_run");
    assert!(files(dir.path()).is_empty());
    let ran = env.run(&[&late[..], &["--yes"]].concat());
    let json = ran.ends(0).json().unwrap();
    assert_eq!((&json["outcome"], &json["writes"]), (&json!("done"), &json!([])));
    let path = json["session_log"].as_str().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    assert_eq!(resolution(&text), "It prints.");
    assert_eq!(env.writes().len(), writes);
    env.account().status(TILL, "In Progress");
    let ran = env.run(&[&late[..], &["--yes"]].concat());
    let json = ran.ends(0).json().unwrap();
    assert_eq!(json["writes"][0]["outcome"], "done");
    assert!(json["session_log"].as_str().unwrap().ends_with("-2.md"), "{json}");
}

#[test]
fn json_has_the_notices_of_a_close() {
    let env = TestEnv::new();
    env.account().line(TILL, "0.5", "95", "Looked at the spool");
    env.run(&["timer", "start", "32181", "--yes"]).ends(0);
    for how in ["--dry-run", "--yes"] {
        let ran = env.run(&["close", "32181", "-m", "It prints.", "--json", how]);
        let warnings = ran.ends(0).json().unwrap()["warnings"].to_string();
        for says in ["is not invoiced", "is running since"] {
            assert!(warnings.contains(says), "{how}: {warnings}");
        }
    }
}

#[test]
fn customers_whose_names_become_alike_have_folders_of_their_own() {
    let (env, dir) = logging();
    for name in ["East/West", "East-West", "..", "..."] {
        let made = env.run(&["customer", "create", name, "--yes", "--json"]);
        let id = made.ends(0).json().unwrap()["customer"]["id"].to_string();
        let ran = env.run(&["create", &id, "Odd name", "--yes", "--json"]);
        let number = ran.ends(0).json().unwrap()["ticket"]["number"].to_string();
        let number = number.replace('"', "");
        env.run(&["close", &number, "--no-comment", "--log", "--yes"]).ends(0);
    }
    let logs = dir.path().join("logs");
    let folders: std::collections::BTreeSet<String> = std::fs::read_dir(logs)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders.len(), 4, "{folders:?}");
    assert!(folders.contains("East-West"), "{folders:?}");
}

#[test]
fn angle_brackets_are_sent_so_that_the_customer_sees_them() {
    for (typed, body, shown) in [
        ("ping <hostname>, press <b>", "ping &lt;hostname&gt;, press &lt;b&gt;", "<hostname>"),
        ("ping &lt;again&gt;", "ping &amp;lt;again&amp;gt;", "&lt;again&gt;"),
        ("one<br>two, 1 < 2", "one<br>two, 1 &lt; 2", "two, 1 < 2"),
    ] {
        let env = TestEnv::new();
        let ran = env.run(&["comment", "32181", typed, "--no-email", "--yes"]);
        ran.ends(0).says(shown);
        assert!(!ran.stderr.contains("warning"), "{ran}");
        assert_eq!(sent(&env)["body"], body);
    }
}

/// A customer would be emailed a comment that says nothing.
#[test]
fn a_text_that_nobody_can_see_is_empty() {
    let env = TestEnv::new();
    for start in [&["comment", "32181", "-m"][..], &["close", "32181", "-m"]] {
        for unseen in ["\u{200b}", " \u{feff}\n", "\u{2060}\u{ad}", "\u{1}\u{2}"] {
            let ran = env.run(&[start, &[unseen, "--yes"]].concat());
            ran.ends(2).says("is empty");
        }
    }
    assert!(env.writes().is_empty());
}
