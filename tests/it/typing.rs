//! Free text at a prompt: the usual keys, pastes, what was typed before, and where the prompt stands.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{CTRL_C, Terminal, TestEnv, files};

const ASKED: &str = "Comment (Enter opens the editor):";
const PROMPT: &str = "[y/N/p/e]";
const TEXT: &str = "The roll is in.";

/// One that stands in a row with its prompt.
const SHORT: &str = "Till";

const UP: &str = "\u{1b}[A";
const LEFT: &str = "\u{1b}[D";
const HOME: &str = "\u{1b}[H";
const END: &str = "\u{1b}[F";

fn asked(env: &TestEnv) -> Terminal {
    let mut terminal = env.terminal(&["comment", "32181", "--hidden"]);
    terminal.expect(ASKED);
    terminal
}

/// What the preview says that keys have made.
fn made(keys: &str) -> String {
    let env = TestEnv::new();
    let mut terminal = asked(&env);
    terminal.say(keys);
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    env.writes()[0].body["body"].as_str().unwrap().to_owned()
}

#[test]
fn a_line_is_edited_with_the_usual_keys() {
    let long = "a word ".repeat(30);
    for (keys, text) in [
        ("orld\u{1}w\u{5}!", "world!"),
        ("one two\u{17}three", "one three"),
        ("gone\u{15}kept", "kept"),
        (&format!("kept gone{}\u{b}", LEFT.repeat(5)), "kept"),
        (&format!("nd{HOME}a{END} of it"), "and of it"),
        ("日本x\u{7f}語", "日本語"),
        // Longer than the terminal is wide: its beginning is three rows up.
        (&format!("{long}end{HOME}Begin, {END}."), &format!("Begin, {long}end.")),
    ] {
        assert_eq!(made(keys), text, "{keys:?}");
    }
}

#[test]
fn a_paste_with_line_breaks_is_one_comment() {
    let env = TestEnv::new();
    let mut terminal = asked(&env);
    terminal.send("\u{1b}[200~one\rtwo\r\n\r\nthree \u{9b}2J\u{1b}[201~");
    terminal.say("");
    let preview = terminal.answer(PROMPT, "y");
    assert!(preview.contains("  | one\n  | two\n  |\n  | three 2J\n"), "{preview}");
    assert!(!preview.contains('\u{9b}'), "{preview}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(env.writes().len(), 1);
    assert_eq!(env.writes()[0].body["body"], "one<br>two<br><br>three 2J");
}

#[test]
fn a_paste_is_one_line_where_one_is_asked_for() {
    let env = TestEnv::new();
    let mut terminal =
        env.terminal(&["bill", "32181", "--minutes=30", "--labor=remote", "--no-comment"]);
    terminal.expect("Line description:");
    terminal.send("\u{1b}[200~Till\rrepaired\r\u{1b}[201~");
    terminal.say("");
    let preview = terminal.answer("[y/N/p", "n");
    assert!(preview.contains("\"Till repaired\""), "{preview}");
    assert_eq!(terminal.end().0, 9);
}

#[test]
fn what_was_typed_before_is_called_back_where_it_was_typed() {
    let env = TestEnv::new();
    for text in [TEXT, "password: hunter-two"] {
        let mut terminal = asked(&env);
        terminal.say(text);
        terminal.answer("[y/N", "y");
        terminal.end();
    }
    let kept = files(&env.state_dir().join("prompts"));
    let [file] = &kept[..] else { unreachable!("{kept:?}") };
    assert_eq!(std::fs::read_to_string(file).unwrap(), format!("[\"{TEXT}\"]"));
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    let mut terminal = asked(&env);
    terminal.send(UP);
    terminal.say(" Again.");
    terminal.expect(&format!("| {TEXT} Again.\n"));
    terminal.answer(PROMPT, "n");
    terminal.end();
    assert!(file.ends_with("private-note.json"), "{file:?}");

    // Of another kind, and of what is typed to be sure, nothing is kept.
    let mut terminal = env.terminal(&["close", "32181", "--no-log"]);
    terminal.expect("Resolution (Enter opens the editor):");
    terminal.send(UP);
    terminal.say("Done.");
    terminal.expect("| Done.\n");
    terminal.expect(PROMPT);
    terminal.send(CTRL_C);
    terminal.end();
    let before = files(&env.state_dir().join("prompts"));
    let mut terminal = env.terminal(&["delete", "32181"]);
    terminal.answer("Enter to cancel):", "32180");
    assert_eq!(terminal.end().0, 9);
    assert_eq!(files(&env.state_dir().join("prompts")), before);
}

#[test]
fn a_folder_that_cannot_be_written_is_done_without() {
    let env = TestEnv::new();
    std::fs::create_dir_all(env.state_dir()).unwrap();
    std::fs::write(env.state_dir().join("prompts"), "in the way").unwrap();
    let mut terminal = asked(&env);
    terminal.say(TEXT);
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("prompts"), "{shown}");
}

#[test]
fn ctrl_d_on_an_empty_line_cancels() {
    let env = TestEnv::new();
    let mut terminal = asked(&env);
    terminal.send("xy\u{1}\u{4}\u{4}\u{4}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert!(env.writes().is_empty());
}

#[test]
fn ctrl_c_ends_it_and_keeps_what_stood_there() {
    let env = TestEnv::new();
    let mut terminal = asked(&env);
    terminal.send(&format!("{TEXT} And"));
    terminal.expect("And");
    terminal.send(CTRL_C);
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    let kept = files(&env.state_dir().join("texts"));
    let [file] = &kept[..] else { unreachable!("{kept:?}: {shown}") };
    assert_eq!(std::fs::read_to_string(file).unwrap(), format!("{TEXT} And"));
    let mut terminal = env.terminal(&["comment", "32181", "--hidden"]);
    terminal.expect("Use the private note from ");
}

#[test]
fn a_signal_from_outside_ends_it() {
    let env = TestEnv::new();
    let mut terminal = asked(&env);
    terminal.send(TEXT);
    terminal.expect(TEXT);
    terminal.interrupt();
    let (code, shown) = terminal.end();
    assert_eq!(code, 130, "{shown}");
    assert_eq!(files(&env.state_dir().join("texts")).len(), 1, "{shown}");
    assert!(env.writes().is_empty(), "{shown}");
}

/// The one text that waits.
#[track_caller]
fn one_kept(env: &TestEnv, shown: &str) -> String {
    let kept = files(&env.state_dir().join("texts"));
    let [file] = &kept[..] else { unreachable!("{kept:?}: {shown}") };
    std::fs::read_to_string(file).unwrap()
}

/// Runs a command, says its process and how it ended, and whether the terminal is as it was before.
const WATCHED: &str = "stty echo; before=$(stty -g)
sh -c 'echo \"pid $$.\"; exec \"$@\"' sh \"$@\"; echo \"ends $?.\"
[ \"$before\" = \"$(stty -g)\" ] && echo in order.";

#[test]
fn a_signal_that_ends_programs_ends_a_prompt_and_keeps_what_stood_there() {
    let comment = ["comment", "32181", "--hidden"];
    for (name, ends) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let env = TestEnv::new();
        let (mut terminal, pid) = watched(&env, &comment);
        terminal.expect(ASKED);
        terminal.send(&format!("{TEXT} And"));
        terminal.expect("And");
        signal(&pid, name);
        terminal.expect("interrupted at a prompt; nothing was sent");
        terminal.expect("your text is kept in");
        terminal.expect(&format!("ends {ends}."));
        terminal.expect("in order.");
        let raw = terminal.raw();
        assert!(raw.rfind("\u{1b}[?2004l") > raw.rfind("\u{1b}[?2004h"), "{raw:?}");
        assert_eq!(one_kept(&env, &raw), format!("{TEXT} And"));
        assert!(env.writes().is_empty(), "{raw}");
    }
}

#[test]
fn a_signal_ends_a_confirmation_too() {
    let env = TestEnv::new();
    let (mut terminal, pid) = watched(&env, &["comment", "32181", "--hidden", "-m", TEXT]);
    terminal.expect(PROMPT);
    signal(&pid, "TERM");
    terminal.expect("your text is kept in");
    terminal.expect("ends 143.");
    terminal.expect("in order.");
    assert_eq!(one_kept(&env, &terminal.shown()), TEXT);
}

/// Nor is one waited for that goes on without end, or for whoever reads.
#[test]
fn a_signal_ends_what_asks_nobody_at_once() {
    let env = TestEnv::new();
    let pager = env.script("pager", "#!/bin/sh\necho \"it is open.\"\nsleep 100\n");
    for (name, ends) in [("TERM", 143), ("HUP", 129)] {
        let filter = ["tickets", "--limit", "2", "--jq", "[repeat(1)]"];
        let (mut terminal, pid) = watched(&env, &filter);
        std::thread::sleep(Duration::from_secs(1));
        signal(&pid, name);
        let began = Instant::now();
        terminal.expect(&format!("ends {ends}."));
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
        let mut page = shell(&env, WATCHED, &["ticket", "32174", "--all-comments"]);
        page.env("SYNCRO_PAGER", &pager).env("LINES", "10");
        let (mut terminal, pid) = begun(page);
        terminal.expect("it is open.");
        signal(&pid, name);
        let began = Instant::now();
        terminal.expect(&format!("ends {ends}."));
        assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    }
}

/// The program with these arguments, run by a script of the shell as its `$@`.
fn shell(env: &TestEnv, script: &str, args: &[&str]) -> Command {
    let program = env.command();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script, "sh"]).arg(program.get_program()).args(args).env_clear();
    for (name, value) in program.get_envs() {
        shell.envs(value.map(|value| (name, value)));
    }
    shell
}

/// The program under [`WATCHED`], and its process.
fn watched(env: &TestEnv, args: &[&str]) -> (Terminal, String) {
    begun(shell(env, WATCHED, args))
}

/// A program under [`WATCHED`], and its process.
fn begun(shell: Command) -> (Terminal, String) {
    let mut terminal = Terminal::of(shell);
    terminal.expect("pid ");
    let pid = terminal.expect(".").replace('.', "");
    (terminal, pid)
}

#[track_caller]
fn signal(pid: &str, name: &str) {
    assert!(Command::new("kill").args(["-s", name, pid]).status().unwrap().success());
}

#[test]
fn a_window_that_is_closed_keeps_what_stood_in_the_line() {
    let env = TestEnv::new();
    let mut terminal = asked(&env);
    terminal.send(&format!("{TEXT} And"));
    terminal.expect("And");
    terminal.hang_up();
    assert_eq!(one_kept(&env, ""), format!("{TEXT} And"));
    assert!(env.writes().is_empty());
}

#[test]
fn a_prompt_is_never_part_of_the_answer() {
    for name in ["xterm", "dumb"] {
        let env = TestEnv::new();
        let out = env.dir().join("out.json");
        let mut shell =
            shell(&env, "exec \"$@\" >\"$OUT\"", &["comment", "32181", "--hidden", "--json"]);
        shell.env("OUT", &out).env("TERM", name);
        let mut terminal = Terminal::of(shell);
        terminal.answer(ASKED, TEXT);
        terminal.answer(PROMPT, "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        let answer = std::fs::read_to_string(out).unwrap();
        assert!(answer.starts_with('{') && !answer.contains("Comment ("), "{answer}");
    }
}

#[test]
fn what_stood_in_the_line_when_it_was_left_is_kept_wherever_a_text_is_written() {
    let bill = ["bill", "32181", "--no-comment", "--minutes=30", "--labor=remote"];
    let create = ["create", "Quillfeather Books", "Till prints blank"];
    for (typed, asked, said) in [
        (&bill[..], "Line description:", SHORT.to_owned()),
        (&create, "Enter to continue:", format!("5 {SHORT}")),
    ] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(typed);
        terminal.expect(asked);
        terminal.send(&said);
        terminal.expect(SHORT);
        terminal.send(CTRL_C);
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{shown}");
        let kept = files(&env.state_dir().join("texts"));
        let [file] = &kept[..] else { unreachable!("{kept:?}: {shown}") };
        let text = std::fs::read_to_string(file).unwrap();
        assert_eq!(text.lines().next(), Some(SHORT), "{text}");
    }
    // Another field of the form is no text.
    let env = TestEnv::new();
    let mut terminal = env.terminal(&create);
    terminal.expect("Enter to continue:");
    terminal.send("4 high");
    terminal.expect("4 high");
    terminal.send(CTRL_C);
    assert_eq!(terminal.end().0, 130);
    assert!(files(&env.state_dir().join("texts")).is_empty());
}
