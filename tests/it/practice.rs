//! `--sandbox` and `syncro sandbox`: practice from the first minute, kept apart from everything real.

use crate::support::{BILLED, Running, TestEnv, bill, files, served_at, until};

/// The program as a newcomer has it: no configuration, no key, no address.
fn newcomer(env: &TestEnv, args: &[&str]) -> Running {
    let mut command = env.command();
    for name in ["SYNCRO_CONFIG", "SYNCRO_BASE_URL", "SYNCRO_API_KEY"] {
        command.env_remove(name);
    }
    command.args(args);
    Running::start(command)
}

#[test]
fn a_newcomer_bills_in_the_first_minute_and_any_number_of_times() {
    let env = TestEnv::new();
    let args = bill(&["--yes", "--json", "--sandbox"]);
    let ran = newcomer(&env, &args).wait();
    let json = ran.ends(0).json().unwrap();
    assert_eq!((&json["outcome"], &json["sandbox"]), (&"done".into(), &true.into()));
    newcomer(&env, &args).wait().ends(5).says("--again");
    newcomer(&env, &["sandbox", "reset", "--yes"]).wait().ends(0);
    newcomer(&env, &args).wait().ends(0);
    let page = newcomer(&env, &["--sandbox", "ticket", "32181"]).wait();
    assert!(page.ends(0).stdout.contains("Invoiced"), "{page}");
    newcomer(&env, &["--sandbox", "resume", "--yes"]).wait().ends(0);
}

#[test]
fn practice_touches_nothing_real() {
    let env = TestEnv::new();
    let before = files(&env.state_dir());
    for args in [
        bill(&["--yes", "--sandbox"]),
        vec!["sandbox", "reset", "--yes"],
        vec!["ticket", "32181", "--sandbox"],
    ] {
        env.run(&args).ends(0);
    }
    let mut command = env.command();
    command.args(["ticket", "32181"]).env("SYNCRO_SANDBOX", "1");
    Running::start(command).wait().ends(0);
    assert!(env.log().is_empty(), "the configured address was asked");
    let state = env.state_dir();
    let is_real = |path: &std::path::PathBuf| !path.starts_with(state.join("sandbox"));
    let strayed = files(&state).into_iter().filter(is_real).find(|path| !before.contains(path));
    assert_eq!(strayed, None);
}

#[test]
fn a_session_log_of_practice_stays_in_the_sandbox() {
    let env = TestEnv::new();
    let args = ["--sandbox", "close", "32181", "-m", "It prints.", "--log", "--yes"];
    newcomer(&env, &args).wait().ends(0).says("session log: ");
    let logs = || {
        let mut files = files(&env.state_dir().join("sandbox"));
        files.retain(|path| path.extension().is_some_and(|end| end == "md"));
        files
    };
    assert_eq!(logs().len(), 1);
    assert!(std::fs::read_to_string(&logs()[0]).unwrap().contains("It prints."));
    let ran = newcomer(&env, &["--sandbox", "doctor"]).wait();
    assert!(!ran.stdout.contains("session_logs"), "{ran}");
    newcomer(&env, &["sandbox", "reset", "--yes"]).wait().ends(0);
    assert!(logs().is_empty());
}

#[test]
fn what_practice_does_not_offer_is_a_refusal() {
    let env = TestEnv::new();
    let args =
        ["--sandbox", "api", "POST", "leads", "-F", "name=Fennel", "--unknown-path", "--yes"];
    newcomer(&env, &args).wait().ends(5).says("does not offer POST /leads");
    newcomer(&env, &["--sandbox", "api", "GET", "leads"]).wait().ends(5).says("does not offer");
    let ran = newcomer(&env, &["--sandbox", "resume"]).wait();
    assert!(!ran.ends(0).stderr.contains("leads"), "{ran}");
}

#[test]
fn serve_tells_its_address_and_serves() {
    let env = TestEnv::new();
    let log = env.dir().join("served.jsonl");
    let dir = env.dir().join("served");
    let (log, dir) = (log.to_str().unwrap(), dir.to_str().unwrap());
    let args = [
        "sandbox",
        "serve",
        "--dir",
        dir,
        "--log",
        log,
        "--fault",
        "comment=close-after",
        "--rate",
        "500/1",
    ];
    let serving = newcomer(&env, &args);
    until("it tells its address", || serving.stdout_so_far().contains('\n'));
    let base = served_at(&serving.stdout_so_far()).to_owned();
    let mut command = env.command();
    command.args(bill(&["--yes", "--json"])).env("SYNCRO_BASE_URL", &base);
    let ran = Running::start(command).wait();
    assert_eq!(ran.ends(0).json().unwrap()["writes"][0]["outcome"], "adopted");
    assert!(std::fs::read_to_string(log).unwrap().contains("comment=close-after"));
    let ran = serving.kill();
    assert!(ran.stderr.contains("Ctrl-C"), "{ran}");
    let ran = newcomer(&env, &["sandbox", "serve", "--fault", "coment=twice"]).wait();
    ran.ends(2).says("comment, ");
    assert_eq!(env.state(32_181).ours().0, 0, "that was another account: {BILLED:?}");
}

#[cfg(unix)]
#[test]
fn a_reset_is_asked_about() {
    let env = TestEnv::new();
    let has_billed = || env.run(&["ticket", "32181", "--sandbox"]).stdout.contains("Invoiced");
    env.run(&bill(&["--yes", "--sandbox"])).ends(0);
    let ran = env.run(&["sandbox", "reset"]);
    ran.ends(2).says("cannot ask for confirmation without a terminal").says("--yes");
    let ran = env.run(&["sandbox", "reset", "--dry-run", "--json"]);
    assert_eq!(ran.ends(0).json().unwrap()["outcome"], "dry_run");
    for (answer, code, outcome) in [("", 9, "cancelled"), ("y", 0, "done")] {
        assert!(has_billed());
        let mut terminal = env.terminal(&["sandbox", "reset", "--json"]);
        terminal.answer("delete everything done there? [y/N]", answer);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        assert!(shown.contains(&format!("\"outcome\": \"{outcome}\"")), "{shown}");
    }
    assert!(!has_billed());
}
