//! The stack that the program needs: Windows gives a main thread 1 MB, and a build without optimization used to need
//! four times that.

use std::process::Command;

use crate::support::{BILLED, Ran, Running, TILL, TestEnv, bill};

/// What Windows gives, in KB.
const SMALLEST: u32 = 1024;

/// Runs the program with so many KB of stack.
fn run(env: &TestEnv, stack: u32, args: &[&str]) -> Ran {
    let program = env.command();
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", &format!("ulimit -s {stack}; exec \"$0\" \"$@\"")]);
    shell.arg(program.get_program()).args(args).env_clear();
    shell.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(env.dir());
    Running::start(shell).wait()
}

#[test]
fn the_heaviest_commands_need_less_than_windows_gives() {
    let env = TestEnv::new();
    for args in [
        &["--version"][..],
        &["completions", "bash"],
        &["tickets"],
        &["search", "printer"],
        &["close", "32173", "-m", "Groups of this year", "--yes"],
        &["create", "31204551", "Scanner of the back office", "--yes"],
        &["api", "POST", "/tickets/108443509/comment", "-f", "subject=x", "-f", "body=x", "--yes"],
        &bill(&["--yes"]),
    ] {
        run(&env, SMALLEST, args).ends(0);
    }
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn a_bill_that_was_cut_off_is_resumed_in_it() {
    let env = TestEnv::with(&["line=close-before"]);
    run(&env, SMALLEST, &bill(&["--yes"])).ends(6);
    run(&env, SMALLEST, &["resume", "--yes"]).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
}
