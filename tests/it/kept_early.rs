//! A text that was given or typed before its record could be read is kept, too: under what was typed of the record.

use std::path::PathBuf;

use crate::kept::to_choices;
use crate::support::{CTRL_C, Ran, Running, TestEnv, files};

const KEPT: &str = "your text is kept in ";
const USE: &str = "to use it: ";
const OFFER: &str = "Use the text from ";
const TEXT: &str = "The gift layout is on the new till.";

/// The one text that waits, and what it says.
fn kept(env: &TestEnv) -> (PathBuf, String) {
    let all = files(&env.state_dir().join("texts"));
    let [path] = &all[..] else { unreachable!("{all:?}") };
    (path.clone(), std::fs::read_to_string(path).unwrap())
}

fn hint(ran: &Ran) -> String {
    ran.error()["hint"].as_str().unwrap_or_default().to_owned()
}

/// Commands with a text, before which the first read fails; and what is asked at the next start on a terminal.
const GIVEN: [(&[&str], &[&str], &str); 6] = [
    (&["comment", "32181", "--hidden"], &["-m", TEXT], "Use the private note from "),
    (&["close", "32181", "--no-log"], &["-m", TEXT], OFFER),
    (&["bill", "32181", "--labor=remote", "--minutes=30"], &["-m", TEXT], OFFER),
    (&["line", "add", "32181", "--labor=remote", "--minutes=30"], &["--description", TEXT], OFFER),
    (&["timer", "stop", "32175", "--large"], &["--notes", TEXT], OFFER),
    (
        &["create", "Quillfeather Books", "Till prints blank"],
        &["--description", TEXT],
        "Use what you had typed (",
    ),
];

#[test]
fn a_text_is_kept_and_offered_where_the_first_read_fails() {
    for (command, text, offer) in GIVEN {
        let env = TestEnv::with(&["any=401"]);
        let ran = env.run(&[command, text, &["--yes", "--json"]].concat());
        ran.ends(4);
        let (path, found) = kept(&env);
        assert!(found == TEXT || found.starts_with(&format!("{TEXT}\n---")), "{found}");
        let said = hint(&ran);
        assert!(said.contains(&format!("{KEPT}{}", path.display())), "{said}");
        assert!(said.contains(USE), "{said}");

        // Another record's command does not offer it, the same does, and sends it.
        let mut terminal = env.terminal(command);
        let came = terminal.expect(offer);
        assert!(came.contains(&format!("| {TEXT}")), "{came}");
        terminal.answer("[Y/n]", "y");
        terminal.expect_any(&["[y/N/p", "Enter to continue:"]);
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130, "{command:?}");
        let (_, found) = kept(&env);
        assert!(found.starts_with(TEXT), "{found}");
    }
    let env = TestEnv::with(&["any=401"]);
    env.run(&["comment", "32181", "-m", TEXT, "--yes"]).ends(4);
    for other in [&["comment", "32175"][..], &["comment", "32181", "--hidden"]] {
        let mut terminal = env.terminal(other);
        let came = terminal.expect("(Enter opens the editor):");
        assert!(!came.contains("Use the "), "{came}");
        terminal.send(CTRL_C);
        assert_eq!(terminal.end().0, 130);
    }
    // However the number is spelled; once it is sent, its file is gone.
    let mut terminal = env.terminal(&["comment", "#32181"]);
    terminal.expect(OFFER);
    terminal.answer("[Y/n]", "y");
    terminal.answer("[y/N/p", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.writes()[0].body["body"], TEXT);
    assert!(files(&env.state_dir().join("texts")).is_empty());
}

#[test]
fn a_text_from_a_pipe_is_kept_whatever_stops_the_command() {
    let piped = |env: &TestEnv, args: &[&str], text: &str| {
        let mut command = env.command();
        command.args(args);
        Running::fed(command, text.as_bytes()).wait()
    };
    for (args, faults, code) in [
        (&["comment", "32181", "-"][..], &["any=401"][..], 4),
        (&["close", "32181", "--no-log", "--file=-"], &["any=401"], 4),
        (&["bill", "32181", "-t30", "-lremote", "--file", "-"], &["any=401"], 4),
        (&["comment", "99999", "-"], &[], 3),
        // Not understood, but only once it was read.
        (&["bill", "32181", "-t30", "-lremote", "--file=-", "--description= "], &[], 2),
    ] {
        let env = TestEnv::with(faults);
        let ran = piped(&env, &[args, &["--yes", "--json"]].concat(), TEXT);
        ran.ends(code);
        let (path, found) = kept(&env);
        assert_eq!(found, TEXT);
        assert!(hint(&ran).contains(&format!("{KEPT}{}", path.display())), "{ran}");
        assert!(hint(&ran).contains("--file"), "{ran}");
    }
    let env = TestEnv::with(&["any=401"]);
    piped(&env, &["comment", "32181", "-", "--yes"], TEXT).ends(4);
    let (path, _) = kept(&env);
    env.run(&["comment", "32181", "--file", path.to_str().unwrap(), "--yes"]).ends(0);
    assert_eq!(env.writes()[0].body["body"], TEXT);
}

#[test]
fn what_a_command_line_in_error_says_is_not_kept() {
    let env = TestEnv::new();
    for typed in [
        &["line", "update", "32178", "2964400000", "--description", TEXT, "--price=x"][..],
        &["create", "Quillfeather Books", " ", "--description", TEXT],
        &["comment", "32181", "-m", TEXT, "--subject", ""],
    ] {
        let ran = env.run(&[typed, &["--yes"]].concat());
        assert!(!ran.ends(2).stderr.contains(KEPT), "{ran}");
    }
    env.run(&["comment", "32181", "-m", TEXT, "--dry-run"]).ends(0);
    assert!(files(&env.state_dir().join("texts")).is_empty());
}

#[test]
fn a_subject_that_was_typed_at_its_prompt_is_kept_and_offered() {
    let env = TestEnv::new();
    let subject = "Till prints twice";
    let typed = ["update", "32181"];
    let ask = |left: &str| {
        let mut terminal = env.terminal(&typed);
        terminal.answer("What to change [1-", "Subject");
        terminal.expect("Subject:");
        terminal.send(left);
        terminal
    };
    // Left in the middle of its line.
    let mut terminal = ask(subject);
    terminal.expect(subject);
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    assert!(shown.contains(KEPT) && shown.contains(USE), "{shown}");
    assert_eq!(kept(&env).1, subject);

    // Offered, and not written after all.
    let mut terminal = env.terminal(&typed);
    let came = terminal.expect(OFFER);
    assert!(came.contains(&format!("| {subject}")), "{came}");
    assert!(terminal.expect("[Y/n]").contains("ticket #32181"), "{}", terminal.shown());
    terminal.reply("[Y/n]", "y");
    let preview = terminal.expect("[y/N/p]");
    assert!(preview.contains(subject), "{preview}");
    terminal.reply("[y/N/p]", "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(shown.contains(KEPT), "{shown}");
    assert_eq!(kept(&env).1, subject);

    // Who changes another field is not asked; what is so already is no text that waits.
    let mut terminal = env.terminal(&["update", "32181", "--due", "fri"]);
    assert!(!terminal.expect("[y/N/p]").contains(OFFER), "{}", terminal.shown());
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
    let mut terminal = env.terminal(&typed);
    terminal.expect(OFFER);
    terminal.answer("[Y/n]", "y");
    terminal.answer("[y/N/p]", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(files(&env.state_dir().join("texts")).is_empty());
    let ran = env.run(&["update", "32181", "--subject", subject, "--yes"]);
    assert!(!ran.ends(0).stderr.contains(KEPT), "{ran}");
    assert!(files(&env.state_dir().join("texts")).is_empty());
}

/// What was only chosen, or offered and taken with Enter, leaves no file behind; what was typed does.
#[test]
fn a_no_after_nothing_was_typed_leaves_no_file() {
    let env = TestEnv::new();
    for (amount, is_kept) in [("", false), ("12.50", true)] {
        let mut terminal = env.terminal(&["payment", "add", "67409"]);
        terminal.answer("Payment method [1-", "1");
        terminal.answer("Amount [", amount);
        terminal.answer("[y/N/p]", "");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        assert_eq!(shown.contains(KEPT), is_kept, "{amount}: {shown}");
        let there = files(&env.state_dir().join("texts")).len();
        assert_eq!(there, usize::from(is_kept), "{amount}: {shown}");
    }
}

/// Commands that change a record with a text, the flag of the text, and its field.
const CHANGES: [(&[&str], &str, &str); 6] = [
    (&["contact", "update", "Imelda Quill"], "--notes", "notes"),
    (&["customer", "update", "quillfeather"], "--notes", "notes"),
    (&["invoice", "update", "67409"], "--note", "note"),
    (&["line", "update", "32178", "2964400000"], "--description", "description"),
    (&["timer", "update", "32168", "48700003"], "--notes", "notes"),
    (&["update", "32181"], "--subject", "subject"),
];

/// The text of a change that was not written is offered where nothing else is to be changed, however it came: by a flag,
/// or typed where it was asked for.
#[test]
fn the_text_of_a_change_is_offered_until_it_is_written() {
    for (command, flag, field) in CHANGES {
        for is_given in [true, false] {
            let env = TestEnv::new();
            let mut terminal = match is_given {
                true => env.terminal(&[command, &[flag, TEXT]].concat()),
                false => env.terminal(command),
            };
            if !is_given {
                terminal.answer("What to change [1-", flag.trim_start_matches('-'));
                terminal.answer(":", TEXT);
            }
            to_choices(&mut terminal);
            terminal.say("n");
            let (code, shown) = terminal.end();
            assert_eq!(code, 9, "{command:?}: {shown}");
            assert!(shown.contains(KEPT.trim_end()) && shown.contains(USE), "{shown}");
            assert_eq!(kept(&env).1, TEXT);
            for answer in ["n", "y"] {
                let mut terminal = env.terminal(command);
                let came = terminal.expect(OFFER);
                assert!(came.contains(&format!("| {TEXT}")), "{command:?}: {came}");
                terminal.answer("[Y/n]", "y");
                to_choices(&mut terminal);
                terminal.say(answer);
                let (code, shown) = terminal.end();
                assert_eq!(code, if answer == "y" { 0 } else { 9 }, "{command:?}: {shown}");
            }
            assert!(files(&env.state_dir().join("texts")).is_empty(), "{command:?}");
            let sent = env.writes();
            assert_eq!(sent.iter().find_map(|write| write.body[field].as_str()), Some(TEXT));
        }
    }
}
