//! A panic: nothing provokes one from outside, so the test starts itself as a program that has the terminal, holds a key,
//! and panics with a prompt for one open.

use std::path::PathBuf;
use std::process::{self, Command};
use std::time::Duration;
use std::{env, fs, thread};

use syncro::api::ApiKey;
use syncro::ui::{Ui, UiFlags, end_on_panic};

use crate::support::Terminal;

const TEST: &str = "panicking::a_panic_leaves_the_terminal_in_order_and_the_key_unsaid";
const HELD: &str = "held-test-key-not-a-secret";
const TYPED: &str = "typed-test-key-not-a-secret";

/// Where the program looks whether it is time.
const TIME: &str = "SYNCRO_TEST_PANICS_AT";

#[test]
fn a_panic_leaves_the_terminal_in_order_and_the_key_unsaid() {
    if let Some(time) = env::var_os(TIME) {
        return panicking(time.into());
    }
    let dir = tempfile::tempdir().unwrap();
    let time = dir.path().join("time");
    let mut command = Command::new("sh");
    command.args(["-c", "stty echo; \"$0\" --exact --nocapture \"$1\"; echo \"code $?\"; stty -a"]);
    command.arg(env::current_exe().unwrap()).arg(TEST);
    command.env(TIME, &time).env("RUST_BACKTRACE", "full");
    let mut terminal = Terminal::of(command);
    terminal.expect("API key: ");
    terminal.send(TYPED);
    fs::write(&time, "").unwrap();
    terminal.expect("it was time for ApiKey");
    terminal.expect("code 101");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    // It ended by itself, not as a test that fails.
    assert!(!shown.contains("FAILED"), "{shown}");
    let modes: Vec<&str> = shown.split([' ', ';', '\r', '\n']).collect();
    for mode in ["isig", "icanon", "echo"] {
        assert!(modes.contains(&mode), "{mode} is not as it was:\n{shown}");
    }
    assert!(!shown.contains(HELD) && !shown.contains(TYPED), "{shown}");
}

/// The program: it asks for a key, and panics elsewhere meanwhile.
#[expect(clippy::panic, clippy::exit, reason = "it is what is looked at")]
fn panicking(time: PathBuf) {
    end_on_panic(|| process::exit(101));
    let key = ApiKey::new(HELD);
    thread::spawn(move || {
        while !time.exists() {
            thread::sleep(Duration::from_millis(10));
        }
        panic!("it was time for {key:?}");
    });
    let typed = Ui::new(UiFlags::default()).secret("API key", |_| Err::<(), _>("no".to_owned()));
    unreachable!("{typed:?}");
}
