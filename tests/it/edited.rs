//! `e` at the confirmation: the text is edited and passes preview and guards again.

use serde_json::Value;

use crate::support::{TILL, TestEnv, files};

const PROMPT: &str = "[y/N/p/e]";
const TEXT: &str = "The gift layout is on the new till.";

#[test]
fn an_edited_text_is_previewed_again_and_sent() {
    for (typed, title) in [
        (&["comment", "32181", "--hidden"][..], "#32181"),
        (&["close", "32181", "--no-log"], "Close ticket #32181"),
        (
            &["bill", "32181", "--minutes=30", "--labor=remote", "--description=Till"],
            "Bill ticket #32181",
        ),
    ] {
        let env = TestEnv::new();
        let editor = env.editor("printf 'Edited <now>.\\n' > \"$1\"");
        let typed = [typed, &["-m", TEXT]].concat();
        let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains(TEXT), "{preview}");
        terminal.say("e");
        let preview = terminal.expect("| Edited <now>.");
        assert!(!preview.contains("something changed"), "{preview}");
        let saw = env.editor_saw();
        let only = "# Only the text above this line is sent.";
        for shown in [TEXT, title, only, "Quillfeather Books"] {
            assert!(saw.contains(shown), "{shown}: {saw}");
        }
        terminal.answer(PROMPT, "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert_eq!(env.writes()[0].body["body"], "Edited &lt;now&gt;.", "{shown}");
        assert!(files(&env.state_dir().join("texts")).is_empty(), "{shown}");
    }
}

#[test]
fn an_edited_text_meets_the_guards_and_is_kept() {
    let env = TestEnv::new();
    let editor = env.editor("printf 'Your password: hunter-two\\n' > \"$1\"");
    let typed = ["comment", "32181", "-m", TEXT];
    let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
    terminal.answer(PROMPT, "e");
    let question = terminal.expect("Continue? [y/N]");
    assert!(question.contains("password"), "{question}");
    terminal.say("");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(env.writes().is_empty(), "{shown}");
    let kept = files(&env.state_dir().join("texts"));
    let texts: Vec<String> =
        kept.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    assert_eq!(texts, ["Your password: hunter-two"], "{shown}");
}

#[test]
fn a_text_that_is_left_alone_or_emptied_stays() {
    for script in ["true", ": > \"$1\""] {
        let env = TestEnv::new();
        let editor = env.editor(script);
        let typed = ["comment", "32181", "--hidden", "-m", TEXT];
        let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
        terminal.answer(PROMPT, "e");
        terminal.expect(&format!("| {TEXT}"));
        terminal.answer(PROMPT, "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert_eq!(env.writes()[0].body["body"], TEXT);
    }
}

#[test]
fn the_text_of_a_line_is_that_of_the_time_it_is_made_of() {
    let env = TestEnv::new();
    let editor = env.editor("printf 'Layout copied.\n' > \"$1\"");
    let typed = "bill 32181 --minutes 30 --labor remote --no-comment --log-time --description Till";
    let typed: Vec<&str> = typed.split(' ').collect();
    let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
    terminal.answer(PROMPT, "e");
    terminal.expect("Layout copied.");
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let writes = env.writes();
    let notes = writes.iter().find_map(|write| write.body["notes"].as_str());
    assert_eq!(notes, Some("Layout copied."));
    let lines = Value::from(env.state(TILL).lines).to_string();
    assert!(lines.contains("Layout copied.") && !lines.contains("Till"), "{lines}");
}

#[test]
fn without_a_text_there_is_nothing_to_edit() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["update", "32181", "Resolved"]);
    terminal.expect("[y/N/p]");
    terminal.say("e");
    terminal.expect("type y, n, p or ?");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
}

#[test]
fn the_editor_shows_what_the_text_is_about() {
    for (typed, fate) in [
        (&["comment", "32181"][..], "# It is emailed to the customer."),
        (&["comment", "32181", "--no-email"], "# It is public, and not emailed."),
        (&["close", "32181", "--hidden"], "# It is private: the customer cannot see it."),
        (&["bill", "32181", "--minutes=30", "--labor=remote"], "# It is emailed to the customer."),
    ] {
        let env = TestEnv::new();
        env.account().comment(TILL, "Update", "The roll is<br>in now");
        let editor = env.editor("true");
        let mut terminal = env.terminal_with(typed, &[("EDITOR", &editor)]);
        terminal.answer("(Enter opens the editor):", "");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        let saw = env.editor_saw();
        let cut = saw.find(">8").unwrap_or_default();
        assert_eq!(saw[cut..].lines().nth(1), Some("# Only the text above this line is sent."));
        for shown in
            [fate, "# Ticket: #32181 ", "# Customer: Quillfeather Books", "# The roll is\n# in now"]
        {
            assert!(saw[cut..].contains(shown), "{shown}: {saw}");
        }
        // An editor of 80 columns cuts nothing of it off.
        assert!(saw[cut..].lines().all(|line| line.chars().count() <= 78), "{saw}");
        assert!(saw[..cut].trim().lines().count() <= 1, "{saw}");
    }
}

#[test]
fn the_description_of_a_new_ticket_is_written_with_what_it_is_about() {
    for (email, fate) in [
        ("", "# It is emailed to the customer."),
        ("--no-email", "# It is public, and not emailed."),
    ] {
        let env = TestEnv::new();
        let editor = env.editor("printf 'Since monday.\n' > \"$1\"");
        let typed = ["create", "Quillfeather Books", "Till prints blank", email];
        let typed = &typed[..if email.is_empty() { 3 } else { 4 }];
        let mut terminal = env.terminal_with(typed, &[("EDITOR", &editor)]);
        terminal.answer("Enter to continue:", "5");
        let form = terminal.answer("Enter to continue:", "");
        assert!(form.contains("Since monday."), "{form}");
        terminal.expect("| Since monday.");
        terminal.answer(PROMPT, "n");
        assert_eq!(terminal.end().0, 9);
        let saw = env.editor_saw();
        let cut = saw.find(">8").unwrap_or_default();
        for shown in [fate, "# New ticket: Till prints blank", "# Customer: Quillfeather Books"] {
            assert!(saw[cut..].contains(shown), "{shown}: {saw}");
        }
        assert_eq!(saw[..cut].trim_end_matches(['-', ' ', '#', '\n']), "", "{saw}");
    }
}

/// What only colleagues have read must not be answered as if the customer had.
#[test]
fn a_last_comment_that_is_private_is_marked() {
    let env = TestEnv::new();
    let editor = env.editor("true");
    let mut terminal = env.terminal_with(&["comment", "32181"], &[("EDITOR", &editor)]);
    terminal.answer("Comment (Enter opens the editor):", "");
    assert_eq!(terminal.end().0, 9);
    let saw = env.editor_saw();
    assert!(saw.contains("# Last comment: Robin Ashgrove (private), "), "{saw}");
    let typed = ["comment", "32181", "-m", TEXT];
    let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
    terminal.answer(PROMPT, "e");
    terminal.answer(PROMPT, "n");
    assert_eq!(terminal.end().0, 9);
    let saw = env.editor_saw();
    assert_eq!(saw.matches("# Last comment: Robin Ashgrove (private), ").count(), 2, "{saw}");
}

#[test]
fn e_shows_the_last_comment_too() {
    let env = TestEnv::new();
    env.account().comment(TILL, "Update", "The roll is<br>in now");
    let editor = env.editor("true");
    let typed = ["comment", "32181", "--hidden", "-m", TEXT];
    let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
    terminal.answer(PROMPT, "e");
    terminal.answer(PROMPT, "n");
    assert_eq!(terminal.end().0, 9);
    let saw = env.editor_saw();
    assert!(saw.contains("# Last comment: ") && saw.contains("# The roll is\n# in now"), "{saw}");
    assert!(!saw.contains(" (private), "), "{saw}");
}

#[test]
fn an_editor_is_set_as_people_set_it() {
    let env = TestEnv::new();
    let plain = env.editor("echo \"by $0 with $1\" > \"$2\"");
    let folder = env.dir().join("my editors");
    std::fs::create_dir_all(&folder).unwrap();
    let spaced = folder.join("ed it");
    std::fs::copy(&plain, &spaced).unwrap();
    std::fs::copy(&plain, folder.join("editor")).unwrap();
    let quoted = format!("'{}' --wait", spaced.display());
    let escaped = format!("{} --wait", spaced.display().to_string().replace(' ', "\\ "));
    let named = format!("{plain} --wait");
    for (set, by) in [
        ([("VISUAL", named.as_str()), ("EDITOR", "/no/such")], "editor with --wait"),
        ([("VISUAL", ""), ("EDITOR", &named)], "editor with --wait"),
        ([("VISUAL", " "), ("EDITOR", &quoted)], "ed it with --wait"),
        ([("VISUAL", ""), ("EDITOR", &escaped)], "ed it with --wait"),
    ] {
        let mut terminal = env.terminal_with(&["comment", "32181", "--hidden"], &set);
        terminal.answer("(Enter opens the editor):", "");
        let preview = terminal.expect(PROMPT);
        assert!(preview.contains(by), "{set:?}: {preview}");
        terminal.say("n");
        terminal.end();
        std::fs::remove_dir_all(env.state_dir().join("texts")).unwrap();
    }
}

#[test]
fn where_no_editor_is_set_the_one_of_the_system_is_opened() {
    let env = TestEnv::new();
    let editor = env.editor("echo 'By the system.' > \"$1\"");
    let folder = std::path::Path::new(&editor).parent().unwrap().to_str().unwrap();
    let path = format!("{folder}:/usr/bin:/bin");
    let set = [("EDITOR", ""), ("PATH", path.as_str())];
    let mut terminal = env.terminal_with(&["comment", "32181", "--hidden"], &set);
    terminal.answer("(Enter opens the editor):", "");
    terminal.expect("| By the system.");
    terminal.answer(PROMPT, "n");
    assert_eq!(terminal.end().0, 9);
}

#[test]
fn an_editor_that_is_not_there_costs_no_text() {
    let env = TestEnv::new();
    let typed = ["comment", "32181", "--hidden", "-m", TEXT];
    for (editor, why) in [
        ("/no/such --wait", "is not installed"),
        ("'/no/such", "is not installed"),
        ("#", "EDITOR is set to an empty command"),
    ] {
        let mut terminal = env.terminal_with(&typed, &[("EDITOR", editor)]);
        terminal.answer(PROMPT, "e");
        let came = terminal.expect(PROMPT);
        assert!(came.contains(why) && came.contains(TEXT), "{came}");
        let kept = files(&env.state_dir().join("texts"));
        assert_eq!(kept.len(), 1, "{came}");
        assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), TEXT);
        terminal.reply(PROMPT, "n");
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
    }
    // Where there is no text yet, nothing is lost with the command.
    let mut terminal = env.terminal_with(&["comment", "32181"], &[("EDITOR", "/no/such")]);
    terminal.answer("(Enter opens the editor):", "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("is not installed") && shown.contains("set EDITOR"), "{shown}");
    let mut terminal = env.terminal_with(&typed, &[("EDITOR", "/no/such")]);
    terminal.answer(PROMPT, "e");
    terminal.answer(PROMPT, "y");
    assert_eq!(terminal.end().0, 0);
    assert_eq!(env.writes()[0].body["body"], TEXT);
}

/// What an editor saved in other letters than UTF-8 is named, and nothing is sent of it.
#[test]
fn a_text_in_other_letters_is_kept_as_it_was_saved() {
    let env = TestEnv::new();
    let editor = env.editor("printf 'Gr\\374\\337e' > \"$1\"");
    let typed = ["comment", "32181", "--hidden", "-m", TEXT];
    let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
    terminal.answer(PROMPT, "e");
    let (code, shown) = terminal.end();
    assert_eq!(code, 1, "{shown}");
    let [path] = &files(&env.state_dir().join("texts"))[..] else { unreachable!("{shown}") };
    assert_eq!(std::fs::read(path).unwrap(), b"Gr\xfc\xdfe");
    let named: String = shown.split_whitespace().collect();
    let path: String = path.display().to_string();
    assert!(named.contains(&format!("yourtextiskeptin{path}")), "{shown}");
    assert!(shown.contains("save it as UTF-8"), "{shown}");
    assert!(env.writes().is_empty());
}

/// What was answered of what is as it was stays answered: neither asked nor pointed out again behind an editor.
#[test]
fn an_answered_guard_stays_answered_behind_the_editor() {
    for (script, is_asked) in
        [("true", false), ("printf 'The password: hunter-two' > \"$1\"", true)]
    {
        let env = TestEnv::new();
        let editor = env.editor(script);
        let secret = "Your password: correct-horse";
        let typed =
            ["line", "add", "32181", "--labor=remote", "--minutes=3000", "--description", secret];
        let mut terminal = env.terminal_with(&typed, &[("EDITOR", &editor)]);
        let mut asked = Vec::new();
        while terminal.expect_any(&["Continue? [y/N]", PROMPT]) == 0 {
            asked.push(());
            terminal.reply("[y/N]", "y");
        }
        assert_eq!(asked.len(), 2, "{}", terminal.shown());
        let before = terminal.shown().len();
        terminal.reply(PROMPT, "e");
        if is_asked {
            terminal.answer("Continue? [y/N]", "y");
        }
        terminal.expect(PROMPT);
        let since = terminal.shown()[before..].to_owned();
        assert_eq!(since.contains("Continue?"), is_asked, "{since}");
        for said in ["more than", "looks like"] {
            let lines = since.lines().filter(|line| line.contains(said));
            assert_eq!(lines.count(), usize::from(is_asked && said == "looks like"), "{since}");
        }
        terminal.reply(PROMPT, "n");
        assert_eq!(terminal.end().0, 9);
    }
}
