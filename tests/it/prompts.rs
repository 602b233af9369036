//! Prompts on a real terminal: what is typed there, and how it is left.

use std::process::Command;
use std::time::Duration;

use expectrl::process::unix::WaitStatus;
use expectrl::{ControlCode, Expect, Session};

/// `syncro --sandbox bill 32181` on a terminal of its own.
fn bill(dir: &tempfile::TempDir, given: &[&str]) -> expectrl::session::OsSession {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncro"));
    command
        .args(["--sandbox", "bill", "32181"])
        .args(given)
        .env("SYNCRO_STATE_DIR", dir.path())
        .env("TERM", "xterm")
        .env("EDITOR", "true")
        .env_remove("VISUAL");
    let mut session = Session::spawn(command).unwrap();
    session.set_expect_timeout(Some(Duration::from_secs(20)));
    session
}

fn exit_code(session: &mut expectrl::session::OsSession) -> i32 {
    session.expect(expectrl::Eof).unwrap();
    match session.get_process().wait().unwrap() {
        WaitStatus::Exited(_, code) => code,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn ctrl_c_at_any_prompt_ends_it() {
    let dir = tempfile::tempdir().unwrap();
    let given = "--minutes=30 --labor=remote --no-comment --description=Roller";
    for (asked, flags) in [
        ("Minutes", 0),
        ("Labor type", 1),
        ("Comment", 2),
        ("Line description", 3),
        ("[y/N/p]", 4),
    ] {
        let flags: Vec<&str> = given.split(' ').take(flags).collect();
        let mut session = bill(&dir, &flags);
        session.expect(asked).unwrap();
        std::thread::sleep(Duration::from_millis(200));
        session.send(ControlCode::EndOfText).unwrap();
        session.expect("interrupted at a prompt").unwrap();
        assert_eq!(exit_code(&mut session), 130, "{asked}");
    }
}

#[test]
fn an_editor_left_without_a_text_is_a_no() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = bill(&dir, &["--minutes=30", "--labor=remote"]);
    session.expect("opens the editor").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    session.send("\r").unwrap();
    session.expect("no comment was written").unwrap();
    assert_eq!(exit_code(&mut session), 9);
}
