//! The key shows nowhere and goes nowhere else; nothing is sent without a journal; a damaged journal never doubles.

use std::io::Write as _;
use std::path::Path;

use syncro::sandbox::KEY;

use crate::support::{
    BILLED, Problems, Ran, Running, Setup, TILL, TestEnv, UNBILLED, bill, files, many,
};

/// A key that stands out wherever it would show.
const FAKE: &str = "fake-key-0f1e2d3c-for-tests-only";

/// The key is in nothing that the run said and in nothing that it kept.
#[track_caller]
fn secret(env: &TestEnv, key: &str, ran: &Ran) {
    for part in [key, &key[4..]] {
        assert!(
            !ran.stdout.contains(part) && !ran.stderr.contains(part),
            "{ran}"
        );
    }
    assert!(!ran.stderr.contains("panicked"), "{ran}");
    for path in files(&env.state_dir()) {
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        assert!(!text.contains(key), "{} has the key", path.display());
    }
}

const RUNS: [&[&str]; 7] = [
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
        "--verbose",
    ],
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
    &[
        "bill",
        "32181",
        "--minutes",
        "30",
        "--labor",
        "remote",
        "-m",
        "Done",
        "--dry-run",
        "-v",
    ],
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
    many("the key shows nowhere", 4, &faults, |fault, _| {
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
            let runs = if fault.starts_with("any") {
                &RUNS[1..2]
            } else {
                &RUNS
            };
            for args in runs {
                secret(&env, KEY, &env.run(args));
            }
        }
    });
}

#[test]
fn a_wrong_key_shows_nowhere() {
    let env = TestEnv::of(Setup {
        key: FAKE,
        ..Setup::default()
    });
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
        secret(
            &env,
            FAKE,
            &env.run_with(RUNS[0], &[("SYNCRO_BASE_URL", base)]),
        );
    }
    let odd = format!("{FAKE}\u{7}&x=1");
    secret(
        &env,
        FAKE,
        &env.run_with(RUNS[0], &[("SYNCRO_API_KEY", &odd)]),
    );
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
    std::fs::write(
        &path,
        format!("subdomain = \"acme\"\napi_key = \"{FAKE}\"\n{text}"),
    )
    .unwrap();
}

#[test]
fn a_configured_key_goes_to_the_configured_host_only() {
    let env = TestEnv::new();
    with_own_key(&env);
    for (name, host) in [
        ("SYNCRO_BASE_URL", env.base()),
        ("SYNCRO_SUBDOMAIN", "other"),
    ] {
        let mut command = env.command();
        command.args(["ticket", "32181", "--json"]);
        command
            .env_remove("SYNCRO_API_KEY")
            .env_remove("SYNCRO_BASE_URL")
            .env(name, host);
        let ran = Running::start(command).wait();
        assert_eq!(ran.ends(10).error()["kind"], "configuration");
        secret(&env, FAKE, &ran);
    }
    // A profile's own key wins over the environment's, and stays at home, too.
    let path = env.config_file();
    let mut file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
    write!(file, "\n[profiles.sam]\napi_key = \"{FAKE}-of-sam\"\n").unwrap();
    env.run(&["ticket", "32181", "--profile", "sam"]).ends(10);
    env.run_with(&["ticket", "32181"], &[("SYNCRO_PROFILE", "sam")])
        .ends(10);
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
        assert_eq!(
            ran.ends(10).error()["kind"],
            "configuration",
            "{blocked}: {ran}"
        );
        assert!(env.writes().is_empty(), "{blocked}");
        assert_eq!(env.state(TILL).ours(), UNBILLED);
    }
    let env = TestEnv::new();
    std::fs::write(env.state_dir(), "in the way").unwrap();
    env.run(&bill(&["--yes", "--json"])).ends(10);
    assert!(env.writes().is_empty());
    // The same is no reason to refuse a look.
    env.run(&["ticket", "32181"]).ends(0);
}

/// Copies of files, put back before each try.
struct Kept(Vec<(std::path::PathBuf, Vec<u8>)>);

impl Kept {
    fn of(dirs: &[&Path]) -> Self {
        let all = dirs.iter().flat_map(|dir| files(dir));
        Self(
            all.map(|path| (path.clone(), std::fs::read(&path).unwrap()))
                .collect(),
        )
    }

    fn put_back(&self) {
        for (path, bytes) in &self.0 {
            std::fs::write(path, bytes).unwrap();
        }
    }
}

/// Where a file of this content is cut: in the first line here and there, then around every end of a line and in its
/// middle, and at every byte of the last line.
fn cuts(text: &[u8]) -> Vec<usize> {
    let ends: Vec<usize> = (1..=text.len())
        .filter(|at| text[at - 1] == b'\n')
        .collect();
    let mut cuts: Vec<usize> = vec![0, 1, ends[0] / 2];
    let mut start = ends[0];
    for end in &ends {
        cuts.extend([end - 1, *end, end + 1]);
        if start < *end {
            cuts.push(usize::midpoint(start, *end));
        }
        start = *end;
    }
    if let [.., before, last] = ends.as_slice() {
        cuts.extend(*before..*last);
    }
    cuts.retain(|cut| *cut < text.len());
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Never two, whatever becomes of the journal; `resume` and then the same bill again.
fn never_twice(env: &TestEnv, what: &str, problems: &mut Problems) {
    for args in [
        vec!["resume", "--yes", "--json"],
        bill(&["--yes", "--json"]),
    ] {
        let ran = env.run(&args);
        let (comments, lines, invoices) = env.state(TILL).counts();
        problems.unless(comments <= 1 && lines <= 1 && invoices <= 1, || {
            format!(
                "{what}, {}: {comments} comments, {lines} lines, {invoices} invoices: {}",
                args[0],
                ran.brief()
            )
        });
        problems.unless([0, 1, 3, 5, 6, 10].contains(&ran.code), || {
            format!("{what}, {}: {}", args[0], ran.brief())
        });
        if ran.code == 0 && args[0] == "bill" {
            problems.same(what, env.state(TILL).ours(), BILLED);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_torn_journal_never_doubles() {
    let faults = [
        "comment=hang-after",
        "line=hang-after",
        "invoice-create=hang-after",
        "ticket-update=hang-before",
    ];
    many("torn journals", 4, &faults, |fault, problems| {
        let env = TestEnv::of(Setup {
            faults: vec![(*fault).to_owned()],
            timeout: "60",
            settle: "0.05",
            resend_after: "0.05",
            ..Setup::default()
        });
        let running = env.spawn(&bill(&["--yes"]));
        env.until_logged(|line| line.fault.is_some());
        assert_eq!(running.kill().code, -1);
        let plan = env.journal().remove(0).path;
        let account = env.dir().join("account");
        let kept = Kept::of(&[&account, &env.state_dir()]);
        let whole = std::fs::read(&plan).unwrap();
        let cuts = cuts(&whole);
        println!("    {fault}: {} cuts of {} bytes", cuts.len(), whole.len());
        for cut in cuts {
            for path in files(&env.state_dir().join("journal")) {
                std::fs::remove_file(path).unwrap();
            }
            kept.put_back();
            std::fs::write(&plan, &whole[..cut]).unwrap();
            never_twice(&env, &format!("cut at {cut} of {}", whole.len()), problems);
        }
    });
}

#[cfg(unix)]
#[test]
fn a_damaged_line_in_the_middle_is_looked_for() {
    let env = TestEnv::of(Setup {
        faults: vec!["invoice-create=hang-after".to_owned()],
        timeout: "60",
        ..Setup::default()
    });
    let running = env.spawn(&bill(&["--yes"]));
    env.until_logged(|line| line.fault.is_some());
    assert_eq!(running.kill().code, -1);
    let plan = env.journal().remove(0).path;
    let account = env.dir().join("account");
    let kept = Kept::of(&[&account, &env.state_dir()]);
    let whole = std::fs::read(&plan).unwrap();
    let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
    let mut problems = Problems::default();
    for line in ends.windows(2) {
        kept.put_back();
        let mut damaged = whole.clone();
        damaged[usize::midpoint(line[0], line[1])] ^= 1;
        std::fs::write(&plan, damaged).unwrap();
        never_twice(&env, &format!("damaged after {}", line[0]), &mut problems);
    }
    assert!(problems.is_empty(), "{problems:?}");
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
