//! What was saved in an editor is kept from then on, however the program ends: the file that the editor opens is one of the
//! texts that wait.

use crate::kept::{ANSWERS, KEPT, OFFER, PROMPT, kept};
use crate::support::{TestEnv, until};

const SAVED: &str = "Saved so far.";
const MINE: &str = "Till dark";

/// Writes a line above what the editor was given.
const SAVE: &str = "{ echo 'Saved so far.'; cat \"$1\"; } > \"$0.new\"; cat \"$0.new\" > \"$1\"\n";

/// Words of a command line.
type Words = &'static [&'static str];

/// Commands with an editor: as they are begun, where the editor is opened and by what, and what is asked at the next start.
const EDITED: [(Words, Words, (&str, &str), &str); 4] = [
    (&["comment", "32181"], &[], ("(Enter opens the editor):", ""), OFFER),
    (&["comment", "32181"], &["-m", MINE], (PROMPT, "e"), OFFER),
    (&["timer", "add", "32181", "--minutes=30"], &["--notes", MINE], (PROMPT, "e"), OFFER),
    (&["create", "Quillfeather Books", "No till"], &[], ("Enter to continue:", "5"), ANSWERS),
];

/// Ends of the program while its editor is open: what the editor does then, the exit code, and whether anybody reads where
/// the text is.
const ENDS: [(&str, i32, bool); 2] = [("kill -9 $PPID", 137, false), ("kill $PPID", 143, true)];

/// Begins a command again, takes what waits, and sends it.
#[track_caller]
fn taken(env: &TestEnv, command: &[&str], offer: &str, text: &str) {
    let mut terminal = env.terminal(command);
    let came = terminal.expect(offer);
    assert!(came.contains(&format!("| {text}")), "{came}");
    terminal.answer("[Y/n]", "y");
    if offer == ANSWERS {
        terminal.answer("Enter to continue:", "");
    }
    let preview = terminal.answer(PROMPT, "y");
    assert!(preview.contains(text) && !preview.contains(">8"), "{preview}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(kept(env), [], "{shown}");
}

#[test]
fn what_was_saved_in_an_editor_outlasts_every_end() {
    for (command, text, (asked, said), offer) in EDITED {
        for (end, ends, is_named) in ENDS {
            let env = TestEnv::new();
            let editor = env.editor(&format!("{SAVE}{end}"));
            let mut terminal = env.terminal_with(&[command, text].concat(), &[("EDITOR", &editor)]);
            terminal.expect(asked);
            terminal.say(said);
            let (code, shown) = terminal.end();
            assert_eq!(code, ends, "{command:?}: {shown}");
            assert_eq!(shown.contains(KEPT), is_named, "{command:?}: {shown}");
            taken(&env, command, offer, SAVED);
        }
    }
}

/// The editor is open still; some editors save what was not, in a file beside it, when they lose their window.
#[test]
fn a_window_that_is_closed_on_an_editor_keeps_its_text() {
    for save in [SAVE, "{ echo 'Saved so far.'; cat \"$1\"; } > \"$1.save\"\n"] {
        let env = TestEnv::new();
        let editor = env.editor(&format!("{save}: > \"$0.at\"\nread -r line"));
        let (command, _, (asked, said), offer) = EDITED[0];
        let mut terminal = env.terminal_with(command, &[("EDITOR", &editor)]);
        terminal.expect(asked);
        terminal.say(said);
        let at = format!("{editor}.at");
        until("the editor has saved", || std::path::Path::new(&at).exists());
        terminal.hang_up();
        taken(&env, command, offer, SAVED);
    }
}

#[test]
fn what_nobody_changed_in_an_editor_is_no_text_but_for_what_was_written_before() {
    for (command, text, (asked, said), offer) in EDITED {
        let env = TestEnv::new();
        let editor = env.editor("kill -9 $PPID");
        let mut terminal = env.terminal_with(&[command, text].concat(), &[("EDITOR", &editor)]);
        terminal.expect(asked);
        terminal.say(said);
        assert_eq!(terminal.end().0, 137);
        if text.is_empty() {
            let mut terminal = env.terminal(command);
            let came = terminal.expect(asked);
            assert!(!came.contains(offer), "{came}");
        } else {
            taken(&env, command, offer, MINE);
        }
    }
}

/// The editor of a bill shows what its line item says above the comment: both are kept, and neither is taken for the other.
#[test]
fn what_a_line_item_says_is_kept_beside_its_comment() {
    let typed = ["bill", "32181", "--minutes=30", "--labor=remote"];
    for end in ["", "kill -9 $PPID"] {
        for line in ["Till dark", "Till mended"] {
            let env = TestEnv::new();
            let change = format!("s/^Line item: .*/Line item: {line}/; s/^{MINE}$/Till is lit./");
            let editor = env.editor(&format!("sed -i '{change}' \"$1\"\n{end}"));
            let command = [&typed[..], &["-m", MINE]].concat();
            let mut terminal = env.terminal_with(&command, &[("EDITOR", &editor)]);
            terminal.answer(PROMPT, "e");
            if end.is_empty() {
                terminal.answer(PROMPT, "n");
            }
            let (_, shown) = terminal.end();
            // Given as a comment, the file would send the line item's text as well.
            assert!(!shown.contains("--file"), "{shown}");
            let [(_, text)] = &kept(&env)[..] else { unreachable!("{shown}") };
            assert!(text.starts_with(&format!("Line item: {line}\n")), "{text}");

            let mut terminal = env.terminal(&typed);
            let came = terminal.expect(OFFER);
            assert!(came.contains(&format!("| Line item: {line}")), "{came}");
            terminal.answer("[Y/n]", "y");
            terminal.answer(PROMPT, "y");
            let (code, shown) = terminal.end();
            assert_eq!(code, 0, "{shown}");
            let sent = env.writes();
            let said = |field: &str| sent.iter().find_map(|one| one.body[field].as_str());
            assert_eq!((said("body"), said("description")), (Some("Till is lit."), Some(line)));
            assert_eq!(kept(&env), [], "{shown}");
        }
    }
}
