//! Texts that commands are given: from a file or standard input, whatever system wrote it, and the markup in them that
//! customers would see.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

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
fn lists_and_markdown_become_plain_lines_and_the_preview_says_so() {
    let text = "Done:<ul><li>**one** & <b>two</b></li><li>three</li></ul>";
    let plain = "Done:<br>- one &amp; &lt;b&gt;two&lt;/b&gt;<br>- three";
    let typed = "Done:&lt;ul&gt;&lt;li&gt;**one** &amp; &lt;b&gt;two&lt;/b&gt;&lt;/li&gt;&lt;li&gt;three&lt;/li&gt;&lt;/ul&gt;";
    let says = "lists and Markdown are made plain lines (--as-typed keeps them)";
    for (more, body, told) in
        [(&[][..], plain, true), (&["--as-typed"], typed, false), (&["--html"], text, false)]
    {
        let env = TestEnv::new();
        let args = [&BILL[..], &["--yes", "-m", text], more].concat();
        let ran = env.run(&args);
        ran.ends(0);
        assert_eq!(sent(&env), body);
        assert_eq!(ran.stderr.contains(says), told, "{ran}");
        if told {
            ran.says("  | Done:\n  | - one & <b>two</b>\n  | - three\n");
        }
    }
    let env = TestEnv::new();
    let ran = env.run(&with(&["--yes", "-m", "Done:\n- one\n- two <3 a_b"]));
    ran.ends(0);
    assert!(!ran.stderr.contains(says), "{ran}");
    env.run(&with(&["--yes", "-m", "x", "--as-typed", "--html"])).ends(2);
}

/// What each way to add a comment sends of the same text, and what the server's own page says of it then.
#[test]
fn a_customer_reads_what_was_typed() {
    let text = "a <b>x</b> & R&D, &lt;tag&gt;, 1 < 2 > 0<BR/>**new**\n\nline";
    let body = "a &lt;b&gt;x&lt;/b&gt; &amp; R&amp;D, &amp;lt;tag&amp;gt;, 1 &lt; 2 &gt; 0<br>new<br><br>line";
    let read = "a <b>x</b> & R&D, &lt;tag&gt;, 1 < 2 > 0\nnew\n\nline";
    for args in [
        &["comment", "32181", text][..],
        &["close", "32181", "-m", text],
        &["create", "31204551", "Quite another subject", "--description", text],
        &[&BILL[..], &["-m", text]].concat(),
    ] {
        let env = TestEnv::new();
        env.run(&[args, &["--yes"]].concat()).ends(0);
        let sent = env.writes();
        let sent = sent.iter().find(|write| write.path.ends_with("/comment")).unwrap();
        assert_eq!(sent.body["body"], body, "{args:?}");
        let path = format!("{}s?per_page=1&sort_direction=DESC", sent.path);
        let shown: Value = serde_json::from_str(&env.run(&["api", "GET", &path]).stdout).unwrap();
        assert_eq!(shown["comments"][0]["body"], read, "{args:?}");
    }
}
