//! Prompts on a real terminal: how each is left with Ctrl-C, and an editor that is left without a text.

use crate::support::{CTRL_C, TILL, TestEnv, UNBILLED};

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
