//! `init` as a conversation: what is asked, what is never shown, and how it is left without a trace.

use syncro::sandbox::KEY;

use super::{Newcomer, WRONG, mode, with_key};
use crate::support::{CTRL_C, Terminal};

const ACCOUNT: &str = "Syncro account, or its address:";
const KEY_PROMPT: &str = "not shown as you type):";
const OWNER: &str = "Use this key? [y/N]";
const WHICH: &str = "Labor types to set up: numbers, `all`, or Enter for none:";
const ZONE: &str = "Time zone [America/Chicago]:";
const LOGS: &str = "Folder for session logs (Enter for none):";
const WRITE: &str = "Write this? [y/N]";

fn talk(newcomer: &Newcomer, args: &[&str]) -> Terminal {
    Terminal::of(newcomer.command(args))
}

/// Types the key where nothing of it is to be seen.
fn type_key(terminal: &mut Terminal, key: &str) {
    terminal.expect(KEY_PROMPT);
    terminal.say(key);
}

#[track_caller]
fn unseen(shown: &str) {
    for part in [KEY, &KEY[4..], WRONG, &WRONG[4..]] {
        assert!(!shown.contains(part), "{shown}");
    }
}

#[test]
fn the_whole_conversation() {
    let newcomer = Newcomer::new();
    let mut terminal = talk(&newcomer, &["init"]);
    terminal.answer(ACCOUNT, "https://acme.syncromsp.com/dashboard");
    type_key(&mut terminal, KEY);
    terminal.expect("The key belongs to Robin Ashgrove <robin@lanternfish.example>, id 81204.");
    terminal.answer(OWNER, "y");
    terminal.expect("1) Labor - Remote, $120.00");
    terminal.expect("6) Travel - Trip Charge, $45.00");
    terminal.answer(WHICH, "1 6");
    terminal.expect("Name of Labor - Remote, $120.00");
    terminal.expect("[remote]:");
    terminal.say("");
    terminal.expect("Name of Travel - Trip Charge, $45.00");
    terminal.expect("[travel each]:");
    terminal.say("trip each");
    terminal.expect(ZONE);
    terminal.say("Europe/Olso");
    terminal.expect("did you mean Europe/Oslo?");
    terminal.say("Europe/Oslo");
    terminal.answer(LOGS, "~/clients");
    let preview = terminal.expect(WRITE);
    assert!(preview.contains("+ [labor.trip]"), "{preview}");
    assert!(!newcomer.folder().exists(), "nothing is written before the yes");
    terminal.reply(WRITE, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    unseen(&shown);
    assert!(shown.contains("Next: syncro doctor"), "{shown}");
    let written = newcomer.written();
    for line in [
        "subdomain = \"acme\"\n",
        "api_key_file = \"acme.key\"\n",
        "user = \"robin@lanternfish.example\"\n",
        "timezone = \"Europe/Oslo\"\n",
        "session_logs = \"~/clients\"\n",
        "[labor.remote]\nproduct_id = 17340021  # Labor - Remote, $120.00\n",
        "[labor.trip]\nproduct_id = 17340025  # Travel - Trip Charge, $45.00\nunit = \"each\"\n",
    ] {
        assert!(written.contains(line), "{line}: {written}");
    }
    assert_eq!(mode(&newcomer.key_file()), 0o600);
    assert_eq!(with_key(newcomer.env.dir()), [newcomer.key_file()]);
}

#[test]
fn a_mistyped_key_may_be_typed_again() {
    let newcomer = Newcomer::new();
    let mut terminal = talk(&newcomer, &["init", "--subdomain", "acme", "--no-labor"]);
    type_key(&mut terminal, "two words");
    terminal.expect("the key contains something that is not an API key");
    type_key(&mut terminal, WRONG);
    terminal.expect("401");
    // Taken back letter by letter.
    type_key(&mut terminal, &format!("{KEY}xy\u{7f}\u{7f}"));
    terminal.answer(OWNER, "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    unseen(&shown);
    assert!(shown.contains("nothing was written") && !newcomer.folder().exists());
}

#[test]
fn three_wrong_keys_are_enough() {
    let newcomer = Newcomer::new();
    let mut terminal = talk(&newcomer, &["init", "--subdomain", "acme"]);
    for _ in 0..3 {
        type_key(&mut terminal, WRONG);
    }
    let (code, shown) = terminal.end();
    assert_eq!(code, 4, "{shown}");
    unseen(&shown);
    assert_eq!(newcomer.env.log().iter().filter(|line| line.path.ends_with("/me")).count(), 3);
}

#[test]
fn enter_is_no() {
    let newcomer = Newcomer::new();
    let args = [
        "init",
        "--subdomain",
        "acme",
        "--no-labor",
        "--timezone",
        "Europe/Oslo",
        "--session-logs",
        "",
    ];
    for said in [["", ""], ["y", ""], ["y", "n"]] {
        let mut terminal = talk(&newcomer, &args);
        type_key(&mut terminal, KEY);
        terminal.answer(OWNER, said[0]);
        if said[0] == "y" {
            terminal.answer(WRITE, said[1]);
        }
        let (code, shown) = terminal.end();
        assert_eq!(code, 9, "{shown}");
        assert!(!newcomer.folder().exists(), "{shown}");
    }
}

#[test]
fn ctrl_c_at_any_prompt_leaves_nothing() {
    let steps: [(&str, Option<&str>); 6] = [
        (ACCOUNT, Some("acme")),
        (KEY_PROMPT, None),
        (OWNER, Some("y")),
        (WHICH, Some("")),
        (ZONE, Some("")),
        (LOGS, Some("")),
    ];
    for at in 0..=steps.len() {
        let newcomer = Newcomer::new();
        let mut terminal = talk(&newcomer, &["init"]);
        for (prompt, answer) in &steps[..at] {
            terminal.expect(prompt);
            terminal.say(answer.unwrap_or(KEY));
        }
        let prompt = steps.get(at).map_or(WRITE, |(prompt, _)| *prompt);
        terminal.expect(prompt);
        terminal.send(CTRL_C);
        let (code, shown) = terminal.end();
        assert_eq!(code, 130, "{prompt}: {shown}");
        assert!(shown.contains("interrupted at a prompt"), "{prompt}: {shown}");
        unseen(&shown);
        assert!(!newcomer.folder().exists(), "{prompt}: {shown}");
    }
}

#[test]
fn what_is_there_is_asked_about_before_it_is_replaced() {
    let newcomer = Newcomer::new();
    let old = "subdomain = \"acme\"\nuser = \"mika@lanternfish.example\"\n[labor.remote]\nproduct_id = 17340021\n";
    newcomer.write(old);
    let args = ["init", "--timezone", "Europe/Oslo", "--session-logs", "", "--key-store", "file"];
    for (said, code) in [("", 9), ("y", 0)] {
        let mut terminal = talk(&newcomer, &args);
        // The account so far is the default.
        terminal.expect("[acme]:");
        terminal.say("");
        type_key(&mut terminal, KEY);
        terminal.answer(OWNER, "y");
        let offered = terminal.expect(WHICH);
        assert!(!offered.contains("Labor - Remote"), "it is a labor type already: {offered}");
        terminal.say("");
        terminal.expect(
            "Replaced  user: \"mika@lanternfish.example\" -> \"robin@lanternfish.example\"",
        );
        terminal.answer("Write this and replace the existing settings? [y/N]", said);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        unseen(&shown);
        assert_eq!(newcomer.written() == old, code == 9);
    }
}

#[test]
fn with_yes_nothing_is_asked_on_a_terminal_either() {
    let newcomer = Newcomer::new();
    let mut command = newcomer.command(&["init", "--subdomain", "acme", "--yes"]);
    command.env("SYNCRO_API_KEY", KEY);
    let (code, shown) = Terminal::of(command).end();
    assert_eq!(code, 0, "{shown}");
    let (code, shown) = talk(&newcomer, &["init", "--yes", "--profile", "b"]).end();
    assert_eq!(code, 2, "{shown}");
    assert!(shown.contains("the API key is missing"), "{shown}");
    let args = ["init", "--subdomain", "acme", "--key-file", "-", "--force"];
    let (code, shown) = talk(&newcomer, &args).end();
    assert_eq!(code, 2, "{shown}");
    assert!(shown.contains("visible as you type"), "{shown}");
}

/// What is longer than the line goes on below, between words; a path stays whole.
#[test]
fn no_line_is_wider_than_the_terminal() {
    let newcomer = Newcomer::new();
    let mut command = newcomer.command(&["init"]);
    command.env("COLUMNS", "80");
    let mut terminal = Terminal::of(command);
    terminal.answer(ACCOUNT, "acme");
    type_key(&mut terminal, KEY);
    terminal.answer(OWNER, "y");
    terminal.answer(WHICH, "6");
    terminal.expect("[travel each]:");
    terminal.say("");
    terminal.expect(ZONE);
    terminal.say("");
    terminal.answer(LOGS, "");
    terminal.answer(WRITE, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    // What waits is wiped away, and the file's lines are as they will be.
    let lines = shown.lines().filter(|line| !line.starts_with("  + "));
    let lines = lines.map(|line| line.strip_prefix("asking Syncro").unwrap_or(line).trim_start());
    let is_wide = |line: &&str| line.chars().count() > 80 && line.split_whitespace().count() > 2;
    let wide: Vec<&str> = lines.filter(is_wide).collect();
    assert!(wide.is_empty(), "{wide:?} in {shown}");
}
