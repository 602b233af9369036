//! What a script relies on besides the forms of lists: warnings in the answer, quiet, short names, lines to paste.

use std::time::Duration;

use serde_json::Value;

use crate::support::{Setup, TestEnv, ticket_id, until};

#[test]
fn every_warning_on_stderr_is_in_the_answer() {
    let env = TestEnv::with(&["comment=close-before"]);
    env.run(&["comment", "32181", "Parts are here", "--yes"]).ends(6);
    let ran = env.run(&["comment", "32181", "Something else", "--dry-run", "--json"]);
    let answer = ran.ends(0).json().unwrap();
    let warned: Vec<&str> =
        ran.stderr.lines().filter_map(|line| line.strip_prefix("warning: ")).collect();
    assert!(!warned.is_empty(), "{ran}");
    let warnings = answer["warnings"].as_array().unwrap();
    for warning in warned {
        let is_there = |one: &Value| one.as_str().unwrap().starts_with(warning);
        assert!(warnings.iter().any(is_there), "{warning}: {ran}");
    }
}

#[test]
fn a_ticket_comes_with_its_invoices() {
    let env = TestEnv::new();
    let ticket = env.run(&["ticket", "32176", "--json"]).ends(0).json().unwrap();
    let invoices = ticket["invoices"].as_array().unwrap();
    assert!(!invoices.is_empty());
    let list = env.run(&["invoice", "list", "--ticket", "32176", "--json"]);
    assert_eq!(list.ends(0).json().unwrap(), ticket["invoices"]);
    assert!(invoices.iter().all(|one| one["ticket_id"] == ticket_id(32_176)));
    let none = env.run(&["ticket", "32181", "--json"]).json().unwrap();
    assert_eq!(none["invoices"], serde_json::json!([]));
}

#[test]
fn quiet_says_nothing_but_the_answer() {
    let env = TestEnv::new();
    let made = ["create", "31204551", "Parts are here", "--description", "Ours", "--yes"];
    let loud = env.run(&made);
    assert!(loud.ends(0).stdout.contains("Next: ") && loud.stdout.contains("Web: "), "{loud}");
    let quiet = env.run(&[&["--quiet"], &made[..2], &["Parts are in"], &made[3..]].concat());
    for onward in ["Next: ", "Web: "] {
        assert!(!quiet.ends(0).stdout.contains(onward), "{quiet}");
    }
    assert_eq!(quiet.stdout.lines().count(), loud.stdout.lines().count() - 2);
    // With --yes the preview is for nobody; where somebody is asked, it is there.
    assert!(loud.stderr.contains("  Customer  Quillfeather Books"), "{loud}");
    assert_eq!(quiet.stderr, "");
    #[cfg(unix)]
    {
        let mut terminal = env.terminal(&["-q", "update", "32181", "--due", "2026-03-23"]);
        let shown = terminal.expect("[y/N/p");
        assert!(shown.contains("Mon 2026-03-23") && shown.contains("  Customer  "), "{shown}");
        terminal.say("n");
        assert_eq!(terminal.end().0, 9);
    }
    assert_eq!(env.writes().len(), 4, "each with its first comment");
    let cut = env.run(&["tickets", "--limit", "2", "-q"]);
    assert_eq!(cut.ends(0).stderr, "");
}

#[test]
fn a_labor_type_may_be_shortened_where_that_is_clear() {
    let args = ["bill", "32181", "--minutes", "30", "--labor", "Rem", "-m", "x", "--dry-run"];
    let env = TestEnv::new();
    let ran = env.run(&args);
    assert!(ran.ends(0).stdout.contains("Labor - Remote"), "{ran}");
    let add = ["line", "add", "32181", "--labor", "tra", "--dry-run"];
    assert!(env.run(&add).ends(0).stdout.contains("Travel"));
    let other = "[labor.remodel]\nproduct_id = 17340022\n".to_owned();
    let env = TestEnv::of(Setup { more: other, ..Setup::default() });
    env.run(&args).ends(2).says("\"Rem\" fits several labor types").says("remote, remodel");
    assert_eq!(env.log().len(), 0);
}

/// What `sandbox serve` says with these arguments.
fn served(env: &TestEnv, args: &[&str]) -> String {
    let running = env.spawn(&[&["sandbox", "serve", "--dir", "it's here"], args].concat());
    until("the server listens", || running.stdout_so_far().contains("SYNCRO_CONFIG"));
    let ran = running.kill_after(Duration::from_secs(1));
    // Lines for a shell are all of the answer; what is said to a person is beside it.
    ran.says("the practice server is at http://127.0.0.1:").says("Ctrl-C stops the server");
    ran.stdout
}

#[test]
fn the_settings_of_a_served_sandbox_can_be_pasted_into_powershell() {
    let said = served(&TestEnv::new(), &["--shell", "powershell"]);
    assert!(said.starts_with("$env:SYNCRO_BASE_URL = 'http://127.0.0.1:"), "{said}");
    assert!(said.contains("it''s here"), "{said}");
    assert!(said.lines().count() == 3 && said.lines().all(|line| line.starts_with("$env:")));
}

#[cfg(unix)]
#[test]
fn the_settings_of_a_served_sandbox_can_be_pasted() {
    let said = served(&TestEnv::new(), &["--shell", "sh"]);
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("export ")).collect();
    assert_eq!((lines.len(), said.lines().count()), (3, 3), "{said}");
    let script = format!("{said}printf %s \"$SYNCRO_CONFIG\"");
    let mut shell = std::process::Command::new("/bin/sh");
    let shell = shell.env_clear().args(["-c", &script]).output().unwrap();
    let config = String::from_utf8_lossy(&shell.stdout).into_owned();
    assert!(config.ends_with("it's here/config.toml"), "{config}");
}

/// A script takes the lines from the server that runs beside it, and works with them at once.
#[cfg(unix)]
#[test]
fn a_script_evaluates_the_settings_of_a_server_that_runs_on() {
    let env = TestEnv::new();
    let script = env.script(
        "evaluate",
        r#"unset SYNCRO_BASE_URL SYNCRO_API_KEY SYNCRO_CONFIG
mkfifo lines
"$SYNCRO" sandbox serve --shell sh --dir practice >lines 2>/dev/null &
server=$!
exec 3<lines
for setting in address key file; do IFS= read -r line <&3; eval "$line"; done
"$SYNCRO" ticket 32181 --jq .number
kill $server"#,
    );
    let command = env.command();
    let mut shell = std::process::Command::new("/bin/sh");
    shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.env("PATH", "/usr/bin:/bin").env("SYNCRO", env!("CARGO_BIN_EXE_syncro"));
    shell.arg(script).current_dir(env.dir());
    let ran = shell.output().unwrap();
    let shown = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(String::from_utf8_lossy(&ran.stdout).trim(), "32181", "{shown}");
}
