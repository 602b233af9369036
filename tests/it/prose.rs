//! Texts that commands are given: from a file or standard input, whatever system wrote it, and the markup in them that
//! customers would see.

use std::io::Write;
use std::process::Stdio;

use crate::support::{Ran, TILL, TestEnv};

/// Half an hour of remote labor without its text.
const BILL: [&str; 8] =
    ["bill", "32181", "--minutes", "30", "--labor", "remote", "--description", "Gift receipts"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&BILL, more].concat()
}

/// The comment that was sent.
fn sent(env: &TestEnv) -> String {
    let (_, lines, invoices) = env.state(TILL).counts();
    assert_eq!((lines, invoices), (1, 1));
    env.writes()[0].body["body"].as_str().unwrap().to_owned()
}

/// Runs the program with `input` piped in.
fn piped(env: &TestEnv, args: &[&str], input: &[u8]) -> Ran {
    let mut command = env.command();
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

#[test]
fn a_file_is_read_whoever_wrote_it() {
    let text = "Hello,\r\n\r\ndet virker nå \u{2013} prøv igjen\r\n";
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let utf8 = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    for bytes in [utf16, utf8] {
        let env = TestEnv::new();
        let path = env.dir().join("home/notes.txt");
        std::fs::write(path, bytes).unwrap();
        env.run(&with(&["--file", "notes.txt", "--yes"])).ends(0);
        assert_eq!(sent(&env), "Hello,<br><br>det virker nå \u{2013} prøv igjen");
    }
}

#[test]
fn standard_input_is_read() {
    let env = TestEnv::new();
    let ran = piped(&env, &with(&["--file", "-", "--yes"]), b"one\r\ntwo\n");
    ran.ends(0);
    assert_eq!(sent(&env), "one<br>two");
}

#[test]
fn a_text_that_is_none_is_refused_before_any_request() {
    let env = TestEnv::new();
    std::fs::write(env.dir().join("home/latin1.txt"), b"pr\xf8v").unwrap();
    std::fs::write(env.dir().join("home/wide.txt"), b"a\0b\0").unwrap();
    std::fs::write(env.dir().join("home/empty.txt"), b"\xef\xbb\xbf \r\n").unwrap();
    for (file, says) in [
        ("latin1.txt", "neither UTF-8 nor UTF-16"),
        ("wide.txt", "UTF-16 without a byte order mark"),
        ("empty.txt", "is empty"),
        ("none.txt", "there is no such file"),
        (".", "is a folder"),
    ] {
        let args = [&BILL[..], &["--yes", "--file", file]].concat();
        env.run(&args).ends(2).says(says).says(file);
    }
    piped(&env, &with(&["--file", "-", "--yes"]), b"\n").ends(2).says("is empty");
    env.run(&with(&["-m", "x", "--file", "empty.txt", "--yes"]))
        .ends(2)
        .says("cannot be used with");
    assert!(env.log().is_empty());
}

#[test]
fn markup_is_pointed_out_to_a_script_and_sent_as_it_is() {
    let env = TestEnv::new();
    let text = "Done: <ul><li>one</li></ul> **all**";
    let args = [&BILL[..], &["--yes", "-m", text]].concat();
    env.run(&args).ends(0).says("the text has <ul>, <li>, **, which Syncro shows as typed");
    assert_eq!(sent(&env), text);
    let plain = TestEnv::new();
    let ran = plain.run(&with(&["--yes", "-m", "Done:\n- one\n- two <3 a_b"]));
    ran.ends(0);
    assert!(!ran.stderr.contains("as typed"), "{ran}");
}

#[cfg(unix)]
#[test]
fn markup_is_made_plain_lines_where_a_person_wants_it() {
    for (answer, body) in
        [("y", "Done:<br><br>- one<br>- two"), ("", "Done:<ul><li>one</li><li>two</li></ul>")]
    {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&with(&["-m", "Done:<ul><li>one</li><li>two</li></ul>"]));
        let question = terminal.expect("[y/N]");
        assert!(question.contains("Make it plain lines?"), "{question}");
        terminal.reply("[y/N]", answer);
        terminal.answer("[y/N/p]", "y");
        assert_eq!(terminal.end().0, 0);
        assert_eq!(sent(&env), body);
    }
}
