//! `e` at the confirmation: the text is edited and passes preview and guards again.

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
        for shown in [TEXT, title, "Quillfeather Books"] {
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
fn without_a_text_there_is_nothing_to_edit() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["update", "32181", "Resolved"]);
    terminal.expect("[y/N/p]");
    terminal.say("e");
    terminal.expect("type y, n or p");
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
        for shown in
            [fate, "# Ticket: #32181 ", "# Customer: Quillfeather Books", "# The roll is\n# in now"]
        {
            assert!(saw[cut..].contains(shown), "{shown}: {saw}");
        }
        assert!(saw[..cut].trim().lines().count() <= 1, "{saw}");
    }
}
