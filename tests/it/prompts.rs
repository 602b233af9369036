//! Prompts on a real terminal: how each is left with Ctrl-C, and an editor that is left without a text.

use crate::support::{CTRL_C, TILL, TestEnv, UNBILLED};
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
        let is_said = ["; nothing was written", "; nothing more was written", "; nothing was sent"];
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
