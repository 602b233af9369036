//! The key shows nowhere and goes nowhere else; nothing is sent without a journal; what is kept is private.

use std::io::Write as _;

use syncro::sandbox::KEY;

use crate::support::{Ran, Running, Setup, TILL, TestEnv, UNBILLED, bill, files, many};

/// A key that stands out wherever it would show.
const FAKE: &str = "fake-key-0f1e2d3c-for-tests-only";

/// The key is in nothing that the run said and in nothing that it kept.
#[track_caller]
fn secret(env: &TestEnv, key: &str, ran: &Ran) {
    for part in [key, &key[4..]] {
        assert!(!ran.stdout.contains(part) && !ran.stderr.contains(part), "{ran}");
    }
    assert!(!ran.stderr.contains("panicked"), "{ran}");
    for path in files(&env.state_dir()) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains(key), "{} has the key", path.display());
    }
}

const RUNS: [&[&str]; 7] = [
    &["bill", "32181", "--minutes", "30", "--labor", "remote", "-m", "Done", "--yes", "--verbose"],
    &[
        "bill",
        "32181",
        "--minutes",
        "30",
        "--labor",
        "remote",
        "-m",
        "Done",
        "--yes",
        "--json",
        "-v",
    ],
    &["bill", "32181", "--minutes", "30", "--labor", "remote", "-m", "Done", "--dry-run", "-v"],
    &["ticket", "32181", "--verbose"],
    &["ticket", "32171", "--json", "--verbose"],
    &["ticket", "4", "--verbose"],
    &["resume", "--yes", "--verbose"],
];

#[test]
fn the_key_shows_nowhere() {
    let faults = [
        "",
        "any@*=302-before",
        "any@*=307-before",
        "any@*=html-before",
        "any@*=500-before",
        "any@*=close-before",
        "any@*=422:4",
        "any@*=401",
        "any@*=garbled",
        "write@*=close-after",
        "write@*=hang-before",
        "write@*=302-after",
        "write@*=null",
    ];
    many("the key shows nowhere", &faults, |fault, _| {
        for auth in ["query", "bearer"] {
            let env = TestEnv::of(Setup {
                faults: fault
                    .split(' ')
                    .filter(|fault| !fault.is_empty())
                    .map(str::to_owned)
                    .collect(),
                timeout: "0.6",
                replace: vec![("user =", format!("auth = \"{auth}\"\nuser ="))],
                ..Setup::default()
            });
            // One run that reads is enough where every read fails in the same way.
            let runs = if fault.starts_with("any") { &RUNS[1..2] } else { &RUNS };
            for args in runs {
                secret(&env, KEY, &env.run(args));
            }
        }
    });
}

#[test]
fn a_wrong_key_shows_nowhere() {
    let env = TestEnv::of(Setup { key: FAKE, ..Setup::default() });
    for args in RUNS {
        secret(&env, FAKE, &env.run(args));
    }
    // Nobody there, a name that cannot be found, an address that is none, a key that cannot travel.
    for base in [
        "http://127.0.0.1:9/api/v1",
        "https://no-such-host.invalid/api/v1",
        "http//",
        "http://192.0.2.7/api/v1",
    ] {
        secret(&env, FAKE, &env.run_with(RUNS[0], &[("SYNCRO_BASE_URL", base)]));
    }
    let odd = format!("{FAKE}\u{7}&x=1");
    secret(&env, FAKE, &env.run_with(RUNS[0], &[("SYNCRO_API_KEY", &odd)]));
}

#[test]
fn tokens_of_the_server_show_nowhere() {
    let env = TestEnv::new();
    for args in RUNS {
        let ran = env.run(args);
        assert!(
            !ran.stdout.contains("sandbox-user-token")
                && !ran.stderr.contains("sandbox-user-token"),
            "{ran}"
        );
        for path in files(&env.state_dir()) {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for secret in ["sandbox-user-token", "portal_key"] {
                assert!(!text.contains(secret), "{} has {secret}", path.display());
            }
        }
    }
}

/// A configuration with a key of its own.
fn with_own_key(env: &TestEnv) {
    let path = env.config_file();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("subdomain = \"acme\"\napi_key = \"{FAKE}\"\n{text}")).unwrap();
}

#[test]
fn a_configured_key_goes_to_the_configured_host_only() {
    let env = TestEnv::new();
    with_own_key(&env);
    for (name, host) in [("SYNCRO_BASE_URL", env.base()), ("SYNCRO_SUBDOMAIN", "other")] {
        let mut command = env.command();
        command.args(["ticket", "32181", "--json"]);
        command.env_remove("SYNCRO_API_KEY").env_remove("SYNCRO_BASE_URL").env(name, host);
        let ran = Running::start(command).wait();
        assert_eq!(ran.ends(10).error()["kind"], "configuration");
        secret(&env, FAKE, &ran);
    }
    // A profile's own key wins over the environment's, and stays at home, too.
    let path = env.config_file();
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    write!(file, "\n[profiles.sam]\napi_key = \"{FAKE}-of-sam\"\n").unwrap();
    env.run(&["ticket", "32181", "--profile", "sam"]).ends(10);
    env.run_with(&["ticket", "32181"], &[("SYNCRO_PROFILE", "sam")]).ends(10);
    assert!(env.log().is_empty());
}

#[test]
fn plain_http_stays_on_this_machine() {
    let env = TestEnv::new();
    for base in [
        "http://192.0.2.1/api/v1",
        "http://acme.syncromsp.com/api/v1",
        "http://localhost.example.com/api/v1",
        "http://127.0.0.1.example.com/api/v1",
        "ftp://127.0.0.1/api/v1",
    ] {
        let ran = env.run_with(&["ticket", "32181", "--json"], &[("SYNCRO_BASE_URL", base)]);
        assert_eq!(ran.ends(10).error()["kind"], "configuration", "{base}");
    }
}

#[test]
fn without_a_journal_nothing_is_sent() {
    // A file stands where a folder must be: no user is so mighty that it would not matter.
    for blocked in ["journal", "locks"] {
        let env = TestEnv::new();
        std::fs::create_dir_all(env.state_dir()).unwrap();
        std::fs::write(env.state_dir().join(blocked), "in the way").unwrap();
        let ran = env.run(&bill(&["--yes", "--json"]));
        assert_eq!(ran.ends(10).error()["kind"], "configuration", "{blocked}: {ran}");
        assert!(env.writes().is_empty(), "{blocked}");
        assert_eq!(env.state(TILL).ours(), UNBILLED);
    }
    let env = TestEnv::new();
    std::fs::remove_dir_all(env.state_dir()).unwrap();
    std::fs::write(env.state_dir(), "in the way").unwrap();
    env.run(&bill(&["--yes", "--json"])).ends(10);
    assert!(env.writes().is_empty());
    // The same is no reason to refuse a look.
    env.run(&["ticket", "32181"]).ends(0);
}

/// A disk that fills up: before the first write nothing is sent, after it nothing more, and the rest is finished later.
#[cfg(unix)]
#[test]
fn a_journal_that_cannot_grow() {
    let blocks: Vec<u32> = (1..=12).collect();
    many("a full disk", &blocks, |blocks, problems| {
        let env = TestEnv::new();
        let program = env.command();
        let mut command = std::process::Command::new("/bin/sh");
        // A write over the limit fails then, instead of ending the process.
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        command.args(["-c", &limited, "sh"]).arg(program.get_program());
        command.args(bill(&["--yes", "--json"])).env_clear();
        command.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let ran = Running::start(command).wait();
        let sent = env.writes().len();
        println!("    {blocks} blocks: {sent} writes, exit {}", ran.code);
        let right = match sent {
            0 => ran.code == 10,
            _ => ran.code == 6 || ran.code == 0,
        };
        problems.unless(right, || format!("{sent} writes were sent: {}", ran.brief()));
        let then = env.run(&["resume", "--yes", "--json"]);
        problems.unless(then.code == 0, || format!("resume: {}", then.brief()));
        if sent == 0 {
            let again = env.run(&bill(&["--yes", "--json"]));
            problems.unless(again.code == 0, || format!("the bill again: {}", again.brief()));
        }
        problems.same("the ticket in the end", env.state(TILL).ours(), crate::support::BILLED);
    });
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_private() {
    use std::os::unix::fs::PermissionsExt as _;

    let env = TestEnv::new();
    env.run(&bill(&["--yes"])).ends(0);
    for path in files(&env.state_dir().join("journal")) {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{} is {mode:o}", path.display());
    }
}

/// The program with files made for everybody, where it does not say otherwise.
#[cfg(unix)]
fn open(env: &TestEnv, args: &[&str]) -> std::process::Command {
    let command = env.command();
    let mut open = std::process::Command::new("sh");
    open.args(["-c", "umask 0; exec \"$@\"", "sh"]).arg(command.get_program()).args(args);
    open.env_clear().env("PATH", "/usr/bin:/bin");
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            open.env(name, value);
        }
    }
    if let Some(folder) = command.get_current_dir() {
        open.current_dir(folder);
    }
    open.stdin(std::process::Stdio::null());
    open
}

#[cfg(unix)]
fn mode(path: &std::path::Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
}

/// Puts a link in the place of each of these files, and has `again` done: what it leads to must stay as it was.
#[cfg(unix)]
fn through_no_link(env: &TestEnv, kept: &[std::path::PathBuf], again: impl Fn()) {
    let target = env.dir().join("target");
    for path in kept {
        std::fs::write(&target, "not ours").unwrap();
        std::fs::remove_file(path).unwrap();
        std::os::unix::fs::symlink(&target, path).unwrap();
        again();
        let left = std::fs::read_to_string(&target).unwrap();
        assert_eq!(left, "not ours", "through {}", path.display());
        std::fs::remove_file(path).unwrap_or_default();
    }
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_private_whatever_the_umask_and_no_link_leads_elsewhere() {
    let env = TestEnv::new();
    let state = env.state_dir();
    std::fs::remove_dir_all(&state).unwrap_or_default();
    let first =
        open(&env, &["comment", "32181", "It is done", "--hidden", "--yes"]).output().unwrap();
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    let kept = files(&state);
    assert!(kept.len() >= 4, "journal, lock, pacing, kept lists: {kept:?}");
    for path in &kept {
        assert_eq!(mode(path), 0o600, "{}", path.display());
        assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
    }
    through_no_link(&env, &kept, || {
        let args = ["comment", "32181", "More", "--hidden", "--yes", "--same-comment"];
        let again = open(&env, &args).output().unwrap();
        assert!(again.status.code().is_some_and(|code| code < 11), "{again:?}");
    });
}

/// The journal is in its own folder or nowhere: nothing is sent where a link leads elsewhere, and what is there is no plan.
#[cfg(unix)]
#[test]
fn the_folder_of_the_journal_is_no_link() {
    for folder in ["journal", "locks"] {
        let env = TestEnv::new();
        let (state, elsewhere) = (env.state_dir(), env.dir().join("elsewhere"));
        std::fs::create_dir(&elsewhere).unwrap();
        env.run(&["tickets"]).ends(0);
        std::os::unix::fs::symlink(&elsewhere, state.join(folder)).unwrap();
        let ran = env.run(&["comment", "32181", "It is done", "--hidden", "--yes"]);
        ran.ends(10).says("link");
        assert!(env.writes().is_empty(), "{ran}");
        assert!(files(&elsewhere).is_empty(), "{ran}");
        if folder == "journal" {
            env.run(&["resume"]).ends(10).says("link");
        }
        env.run(&["ticket", "32181"]).ends(0);
        std::fs::remove_file(state.join(folder)).unwrap();
        env.run(&["comment", "32181", "It is done", "--hidden", "--yes"]).ends(0);
    }
}

/// So it is with every other folder below the state folder, and with those inside them: nothing is written through a link,
/// and what is behind it is nothing of ours.
#[cfg(unix)]
#[test]
fn no_folder_below_the_state_folder_is_a_link() {
    let text = "password: Hunter2x!";
    let secret = ["comment", "32181", text, "--yes"];
    for (folder, says) in [
        ("texts", "your text could not be kept: it is a link to another place"),
        ("texts/HOST", "your text could not be kept: it is a link to another place"),
        ("pace", "requests are paced within this process only"),
        ("sandbox", "it is a link to another place"),
    ] {
        let env = TestEnv::new();
        let (state, elsewhere) = (env.state_dir(), env.dir().join("elsewhere"));
        std::fs::remove_dir_all(&state).unwrap_or_default();
        env.run(&secret).ends(5);
        let kept = files(&state.join("texts"));
        let host = kept[0].parent().unwrap().file_name().unwrap().to_str().unwrap();
        let link = state.join(folder.replace("HOST", host));
        // What waits there is theirs, however it is called.
        std::fs::rename(&link, &elsewhere).or_else(|_| std::fs::create_dir(&elsewhere)).unwrap();
        let before: Vec<_> = files(&elsewhere).iter().map(std::fs::read).collect();
        std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
        if folder == "sandbox" {
            env.run(&["--sandbox", "tickets"]).ends(10).says(says);
        } else {
            let other = "password: Other-2x!";
            let ran = env.run(&["comment", "32181", other, "--yes"]);
            ran.ends(5).says(says);
        }
        let after: Vec<_> = files(&elsewhere).iter().map(std::fs::read).collect();
        assert_eq!(format!("{before:?}"), format!("{after:?}"), "{folder}");
        assert!(env.writes().is_empty());
    }
}

#[cfg(unix)]
#[test]
fn practice_is_private_too() {
    use std::io::BufRead as _;

    use crate::support::{Account, served_at};

    let env = TestEnv::new();
    let dir = env.dir().join("practice");
    let log = dir.join("log/requests.jsonl");
    let serve = || {
        let args =
            ["sandbox", "serve", "--dir", dir.to_str().unwrap(), "--log", log.to_str().unwrap()];
        let mut server = open(&env, &args).stdout(std::process::Stdio::piped()).spawn().unwrap();
        let mut base = String::new();
        std::io::BufReader::new(server.stdout.take().unwrap()).read_line(&mut base).unwrap();
        // One whose log is a link does not start.
        if !base.is_empty() {
            Account::new(served_at(&base), KEY).comment(TILL, "Update", "Seen");
        }
        server.kill().unwrap();
        server.wait().unwrap();
    };
    serve();
    let kept = files(&dir);
    let names: Vec<_> =
        kept.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    for name in ["state.json", "state.lock", "config.toml", "requests.jsonl"] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
    for path in &kept {
        assert_eq!(mode(path), 0o600, "{}", path.display());
        assert_eq!(mode(path.parent().unwrap()), 0o700, "{}", path.display());
    }
    through_no_link(&env, &kept, serve);
}
