//! Prompts on a real terminal: how each is left with Ctrl-C and Ctrl-D, what `?` says at each, and an editor that is left without a text.

use crate::support::{CTRL_C, CTRL_D, TILL, TestEnv, UNBILLED};
use crate::walls::sources;

#[test]
fn ctrl_c_at_any_prompt_ends_it() {
    let env = TestEnv::new();
    let given = "--minutes=30 --labor=remote --no-comment --description=Roller";
    for (asked, flags) in
        [("Minutes", 0), ("Labor type", 1), ("Comment", 2), ("Line description", 3), ("[y/N/p", 4)]
    {
        let args: Vec<&str> =
            ["bill", "32181"].into_iter().chain(given.split(' ').take(flags)).collect();
        let mut terminal = env.terminal(&args);
        terminal.expect(asked);
        terminal.send(CTRL_C);
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{asked}: {shown}");
        assert!(shown.contains("interrupted at a prompt"), "{asked}: {shown}");
    }
    assert_eq!(env.state(TILL).ours(), UNBILLED);
}

/// A command, and the prompts that it comes to, answered in turn; the empty answer is Ctrl-D.
type Asked = (&'static [&'static str], &'static [(&'static str, &'static str)]);

const ASKED: [Asked; 6] = [
    (&["comment", "32181", "--hidden", "-m", "Till is back"], &[("[y/N/p/e]", "")]),
    (
        &["comment", "32181", "--hidden", "-m", "Till is back"],
        &[("[y/N/p/e]", "?"), ("[y/N/p/e]", "")],
    ),
    (
        &["comment", "32181", "--hidden", "-m", "Till is back"],
        &[("[y/N/p/e]", "xx"), ("[y/N/p/e]", "")],
    ),
    (&["customer", "show", "brindlewood"], &[("Which one? [1-2, Enter cancels]:", "")]),
    (&["comment", "32181", "--hidden"], &[("Comment (Enter opens the editor):", "")]),
    (&["bill", "32181", "--labor=remote", "--no-comment"], &[("Minutes", "")]),
];

#[test]
fn ctrl_d_in_an_empty_line_is_a_no() {
    for (typed, asked) in ASKED {
        // A text that was typed and not sent is offered at the next start.
        let env = TestEnv::new();
        let mut terminal = env.terminal(typed);
        for (prompt, answer) in asked {
            terminal.expect(prompt);
            match *answer {
                "" => terminal.send(CTRL_D),
                answer => terminal.reply(prompt, answer),
            }
        }
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{typed:?}: {shown}");
        assert!(shown.contains("error: cancelled"), "{typed:?}: {shown}");
        assert!(env.writes().is_empty(), "{typed:?}: {shown}");
    }
    // What is in the line stays, as in a shell.
    let env = TestEnv::new();
    let mut terminal = env.terminal(ASKED[0].0);
    terminal.expect("[y/N/p/e]");
    terminal.send("n");
    terminal.expect("n");
    terminal.send(&format!("{CTRL_D}\u{8}y\r"));
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.writes().len(), 1);
}

#[test]
fn a_question_mark_says_what_may_be_typed() {
    for (typed, prompt, says) in [
        (
            &["customer", "show", "brindlewood"][..],
            "Which one? [1-2, Enter cancels]:",
            "type a number from 1 to 2, or a name: any of its words will do, Enter cancels",
        ),
        (&["comment", "32181", "--hidden"], "Comment (Enter opens the editor):", "type the text"),
        (&["create"], "Customer (name or id):", "type it and Enter"),
        (&["bill", "32181", "--labor=remote", "--no-comment"], "Minutes", "type how long: 30, "),
        (&["timer", "add", "32181"], "Minutes", "type how long: 30, "),
        (&["line", "add", "32181", "--labor=remote"], "Minutes", "type how long: 30, "),
        (
            &["move-appointment", "31204551", "--appointment=5560900009"],
            "New time",
            "type a day, a time or both: ",
        ),
        (
            &["create", "Quillfeather Books", "Till"],
            "Enter to continue:",
            "start with a field number",
        ),
    ] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(typed);
        terminal.answer(prompt, "?");
        let came = terminal.expect(prompt);
        assert!(came.contains(says), "{typed:?}: {came}");
        terminal.send(CTRL_D);
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        assert!(env.writes().is_empty(), "{shown}");
    }
}

#[test]
fn an_editor_left_without_a_text_is_a_no() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["bill", "32181", "--minutes=30", "--labor=remote"]);
    // The editor of the tests' surroundings writes nothing.
    terminal.answer("Comment (Enter opens the editor):", "");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(shown.contains("no comment was written"), "{shown}");
    assert_eq!(env.state(TILL).ours(), UNBILLED);
}

/// However a command is cancelled, it says so in the same words, and that nothing (more) was written.
#[test]
fn a_cancelled_command_has_one_phrase() {
    let secret = "Your password: hunter-two";
    let line = "Comment (Enter opens the editor):";
    let comment = ["comment", "32181", "--hidden"];
    let cases: [(&[&str], &str, &str); 9] = [
        (&["comment", "32181", "-m", "Done"], "[y/N/p/e]", "n\r"),
        (&["comment", "32181", "-m", secret], "Continue? [y/N]", "\r"),
        (&["timer", "charge", "32168", "--labor=remote"], "[y/N/p]", "\r"),
        (&comment, line, "\u{4}"),
        (&comment, line, "\r"),
        (&["ticket"], "[1-", "\r"),
        (&["delete", "32166"], "(Enter to cancel):", "\r"),
        (&["delete", "32166"], "(Enter to cancel):", "1\r"),
        (&["sandbox", "reset"], "[y/N]", "\r"),
    ];
    for (typed, asked, answer) in cases {
        let env = TestEnv::new();
        let mut terminal = env.terminal(typed);
        terminal.expect(asked);
        terminal.send(answer);
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{typed:?}: {shown}");
        let error = shown.split("error: ").nth(1).unwrap_or_default().split('\n').next().unwrap();
        let is_said = ["; nothing was written", "; nothing was sent"];
        assert!(error.starts_with("cancelled"), "{typed:?}: {shown}");
        assert!(is_said.iter().any(|said| error.ends_with(said)), "{typed:?}: {shown}");
        assert!(env.writes().is_empty(), "{typed:?}: {shown}");
    }
    for source in sources("src") {
        let code: String = source.code.split_whitespace().collect();
        let makes = code.contains("Error::new(Kind::Cancelled");
        assert!(!makes, "{}: its words are those of Error::cancelled", source.path);
    }
}

/// A question that is wider than the window is wrapped between its words, with room for the answer in its last row.
#[test]
fn no_question_breaks_a_word() {
    let secret = "Your password: hunter-two";
    let cases: [(&[&str], &str); 3] = [
        (
            &["comment", "32181", "-m", secret],
            "The comment: line 1 looks like it holds a password, and the customer can read it. Continue? [y/N]",
        ),
        (
            &["bill", "32168", "-m", "Done", "-t30", "-lremote"],
            "45 min in 1 timer entry waits. Bill it instead of 30 min? [y/N]",
        ),
        (&["comment", "32181"], "Use the text from"),
    ];
    let env = TestEnv::new();
    for (typed, question) in cases {
        for columns in [50, 80, 120, 200] {
            let mut terminal = env.terminal_of(columns, typed);
            terminal.expect_any(&["[y/N] ", "[Y/n] "]);
            let shown = terminal.shown();
            let words: Vec<&str> = shown.split_whitespace().collect();
            assert!(words.join(" ").contains(question), "{columns}: {shown}");
            let last = shown.lines().last().unwrap_or_default();
            let is_wide = |row: &str| row.chars().count() > columns;
            assert!(!shown.lines().any(is_wide), "{columns}: {shown}");
            assert!(last.trim_end().len() + 4 <= columns, "{columns}: {shown}");
            assert!(last.trim_end().len() > "[y/N]".len(), "{columns}: {shown}");
            terminal.send(CTRL_C);
            assert_eq!(terminal.end().0, 130);
        }
    }
}

/// Nor does what is said of an answer, which names no flag either: none was typed.
#[test]
fn what_is_wrong_with_an_answer_breaks_no_word() {
    for (typed, asked, before, answer) in [
        (&["payment", "add", "66930"][..], "Payment method", "Check\r", "full\r"),
        (&["payment", "add", "66930", "--method=Check"], "Amount", "", "all of it\r"),
    ] {
        for columns in [50, 80] {
            let env = TestEnv::new();
            let mut terminal = env.terminal_of(columns, typed);
            terminal.expect(asked);
            if !before.is_empty() {
                terminal.send(before);
                terminal.expect("Amount");
            }
            terminal.send(answer);
            let shown = terminal.expect("81.53");
            assert!(shown.contains("invalid amount"), "{shown}");
            assert!(!shown.contains("--amount"), "{shown}");
            let said = shown.rsplit("invalid").next().unwrap();
            assert!(said.lines().all(|line| line.len() < columns), "{shown}");
            let words: Vec<&str> = said.split_whitespace().collect();
            assert!(words.join(" ").ends_with("like 120 or 81.53"), "{shown}");
            terminal.send(CTRL_C);
            terminal.end();
        }
    }
}
