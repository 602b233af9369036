//! A clock that was put forward between two runs makes nothing old: what may still be on its way is not sent again.

use jiff::SignedDuration;

use crate::support::{Setup, TILL, TestEnv};

const WORDS: &str = "The roll is in the right way now";

/// What `resume` says of the age of a comment that was sent a moment ago.
fn resumed(by: SignedDuration) -> String {
    let env = TestEnv::of(Setup {
        faults: vec!["comment@1=close-before".to_owned()],
        resend_after: "4",
        ..Setup::default()
    });
    env.run(&["comment", "32181", WORDS, "--yes"]).ends(6);
    env.journal().remove(0).put_back(by);
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(0);
    assert_eq!(env.state(TILL).said(WORDS), 1, "{ran}");
    ran.stderr
}

#[test]
fn the_servers_clock_tells_how_old_a_sending_is() {
    let waits = "too early to send it again";
    assert!(resumed(SignedDuration::ZERO).contains(waits));
    assert!(resumed(SignedDuration::from_mins(5)).contains(waits));
}
