//! stdout has the answer and nothing else; everything that is said goes to stderr.

#[cfg(unix)]
use crate::support::{BILLED, Running, TILL};
use crate::support::{TestEnv, bill};

#[test]
fn flags_work_before_and_after_the_command() {
    let env = TestEnv::new();
    let after = env.run(&["ticket", "32181", "--json", "--quiet"]);
    let before = env.run(&["--json", "--quiet", "ticket", "32181"]);
    assert_eq!(after.ends(0).stdout, before.ends(0).stdout);
    assert!(after.stderr.is_empty(), "{after}");
    let mut args = vec!["-y", "--json"];
    args.extend(bill(&[]));
    env.run(&args).ends(0);
}

#[test]
fn json_into_a_pipe_is_ascii_where_readers_guess_a_code_page() {
    const SAID: &str = "R\u{f8}rlegger \u{e5}pnet \u{1f642}";
    let env = TestEnv::new();
    let wrote = env.run(&["comment", "32181", SAID, "--yes", "--json"]);
    let ticket = env.run(&["ticket", "32181", "--json"]);
    let filtered = env.run(&["ticket", "32181", "--jq", ".comments[0] | {body}"]);
    let failed = env.run(&["bill", "32181", "--labor", SAID, "--json"]);
    let body = filtered.ends(0).json().unwrap()["body"].clone();
    assert_eq!(body, SAID);
    assert_eq!(wrote.ends(0).json().unwrap()["comment"]["body"], body);
    assert_eq!(ticket.ends(0).json().unwrap()["comments"][0]["body"], body);
    let message = failed.ends(2).error()["message"].clone();
    assert!(message.as_str().is_some_and(|message| message.contains(SAID)), "{failed}");
    for text in [wrote.stdout, ticket.stdout, filtered.stdout, failed.stderr] {
        assert_eq!(text.is_ascii(), cfg!(windows), "{text}");
    }
}

#[test]
fn verbose_tells_each_request_on_stderr() {
    let env = TestEnv::new();
    let plain = env.run(&["ticket", "32181"]);
    let before = env.log().len();
    let ran = env.run(&["ticket", "32181", "-v"]);
    assert_eq!(ran.ends(0).stdout, plain.stdout);
    let told = ran.stderr.lines().filter(|line| line.starts_with("GET /"));
    assert_eq!(told.count(), env.log().len() - before, "{ran}");
}

#[test]
fn pipes_get_no_colour_and_no_progress() {
    let env = TestEnv::with(&["read@*=slow:200"]);
    for args in [vec!["ticket", "32181"], bill(&["--dry-run"]), bill(&["--yes"])] {
        let ran = env.run(&args);
        ran.ends(0);
        for text in [&ran.stdout, &ran.stderr] {
            assert!(!text.contains('\u{1b}') && !text.contains('\r'), "{}", text.escape_debug());
        }
    }
}

#[test]
fn errors_have_one_shape() {
    let env = TestEnv::with(&["customer@*=422:4"]);
    for (args, code, kind) in [
        (&["ticket", "4", "--json"][..], 3, "not_found"),
        (&["ticket", "--json"], 2, "usage"),
        (&["tikcet", "--json"], 2, "usage"),
        (&["bill", "32181", "--json", "--yes"], 2, "usage"),
        (&["ticket", "32181", "--json"], 5, "refused"),
        (&["ticket", "32181", "--json", "--config", "/nowhere/config.toml"], 10, "configuration"),
        (&["ticket", "32181", "--json", "--profile", "nobody"], 10, "configuration"),
    ] {
        let ran = env.run(args);
        let error = ran.ends(code).error();
        assert_eq!(error["kind"], kind, "{ran}");
        assert!(error["message"].is_string(), "{ran}");
        for name in ["hint", "status"] {
            assert!(error.get(name).is_some(), "no {name}: {ran}");
        }
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    assert_eq!(env.run(&["ticket", "32181", "--json"]).error()["status"], 422);
}

/// A reader that has gone is a quiet end, and no reason to stop a plan half way.
#[cfg(unix)]
#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let env = TestEnv::new();
    for args in [vec!["ticket", "32174", "--all-comments"], bill(&["--yes", "--json"])] {
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", "{ \"$@\"; echo \"code $?\" >&2; } | true", "sh"]);
        let program = env.command();
        command.arg(program.get_program()).args(&args).env_clear();
        let pairs = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.envs(pairs);
        let ran = Running::start(command).wait();
        ran.ends(0).says("code 0");
        assert!(!ran.stderr.contains("panicked") && !ran.stderr.contains("error"), "{ran}");
    }
    assert_eq!(env.state(TILL).ours(), BILLED);
}
