//! What the tests drive the program with: a home of its own, an environment with nothing else in it, and a practice
//! server inside this process. The account is looked at through a second server without faults on the same folder,
//! so that looking neither strikes a fault nor shows in the log.

mod account;
mod altered;
mod between;
mod both;
#[cfg(target_os = "linux")]
mod clock;
mod counts;
mod deaf;
mod digest;
mod folder;
mod journal;
mod log;
mod many;
mod office;
mod ollama;
mod program;
#[cfg(unix)]
mod terminal;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use syncro::sandbox::{COLLEAGUE_KEY, KEY, Options, Server, start};

pub(crate) use account::{Account, OTHER, TicketState, money};
pub(crate) use altered::Altered;
pub(crate) use between::is_one_of;
pub(crate) use both::Both;
#[cfg(target_os = "linux")]
pub(crate) use clock::MachineClock;
pub(crate) use counts::none_lost;
pub(crate) use deaf::{Asked, Deaf, unfiltered};
pub(crate) use digest::{Changes, Picture};
pub(crate) use folder::folder;
pub(crate) use journal::{Fate, PlanFile};
pub(crate) use log::Line;
pub(crate) use many::{Problems, many};
pub(crate) use office::{ISSUER, Manners, Office};
pub(crate) use ollama::{Chat, Ollama};
pub(crate) use program::{Ran, Running};
#[cfg(unix)]
pub(crate) use terminal::{CTRL_C, CTRL_D, Terminal};

/// Robin Ashgrove, whose key the program is given.
pub(crate) const TRAINEE: i64 = 81_204;

/// The ticket that is there to be billed.
pub(crate) const TILL: i64 = 32_181;

/// The account's first day in these tests, so that its dates are always the same.
pub(crate) const FIRST_DAY: &str = "2026-03-17";

/// What the bills of these tests say was done.
pub(crate) const MESSAGE: &str = "Gift layout copied, tested with Imelda";

/// Half an hour of remote labor on [`TILL`], $60.00; how it is confirmed is left to the caller.
pub(crate) const BILL: [&str; 10] = [
    "bill",
    "32181",
    "--minutes",
    "30",
    "--labor",
    "remote",
    "-m",
    MESSAGE,
    "--description",
    MESSAGE,
];

/// What [`BILL`] makes of [`TILL`]: one comment, one line, one invoice, the status.
pub(crate) const BILLED: (usize, usize, usize, &str) = (1, 1, 1, "Invoiced");

/// What [`TILL`] has of ours before it.
pub(crate) const UNBILLED: (usize, usize, usize, &str) = (0, 0, 0, "In Progress");

/// The id of the ticket with that number.
pub(crate) fn ticket_id(number: i64) -> i64 {
    108_443_837 - (32_181 - number) * 41
}

/// The program with an empty environment but for the folders of a person whose home that is: nothing of whoever runs the
/// tests is read or written, neither their folders nor their keyring.
pub(crate) fn syncro(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncro"));
    command
        .env_clear()
        // Without it Windows has no sockets.
        .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
        .env("HOME", home)
        .env("USERPROFILE", home)
        .env("APPDATA", home.join("roaming"))
        .env("LOCALAPPDATA", home.join("local"))
        .env("SYNCRO_KEYRING", "0");
    command
}

/// [`BILL`] and what follows it.
pub(crate) fn bill(more: &[&'static str]) -> Vec<&'static str> {
    [&BILL, more].concat()
}

/// How a test's surroundings differ from the ordinary.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// What is to go wrong.
    pub(crate) faults: Vec<String>,
    /// `timeout_seconds`.
    pub(crate) timeout: &'static str,
    /// `settle_seconds`.
    pub(crate) settle: &'static str,
    /// `resend_after_seconds`.
    pub(crate) resend_after: &'static str,
    /// `fresh_seconds`: how old what was read may be when a write rests on it.
    pub(crate) fresh: &'static str,
    /// `per_seconds`: the rate window, and what a 429 is waited for that does not say how long.
    pub(crate) per: &'static str,
    /// Replaced in the configuration, each by its second.
    pub(crate) replace: Vec<(&'static str, String)>,
    /// The key in `SYNCRO_API_KEY`.
    pub(crate) key: &'static str,
    /// Further tables of the configuration.
    pub(crate) more: String,
    /// How many entries a page of a list has.
    pub(crate) list_page: usize,
    /// Whether the program knows the account's currency and hours from an earlier command, as on all but the first of a day.
    pub(crate) knows_account: bool,
    /// Whether the account has one case of each finding of the reports.
    pub(crate) slipped: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            faults: Vec::new(),
            timeout: "5",
            settle: "0.4",
            resend_after: "0.5",
            fresh: "5",
            per: "60",
            replace: Vec::new(),
            key: KEY,
            more: String::new(),
            list_page: 25,
            knows_account: true,
            slipped: false,
        }
    }
}

impl Setup {
    /// The first command of a day, at an account with these faults.
    pub(crate) fn first(faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
        Self { faults, knows_account: false, ..Self::default() }
    }

    /// Whatever was read is too old for a write that goes out after it.
    pub(crate) fn stale() -> Self {
        Self { fresh: "0.001", ..Self::default() }
    }
}

/// One test's surroundings.
pub(crate) struct TestEnv {
    setup: Setup,
    server: Option<Server>,
    /// Never struck and never logged; started when it is first needed.
    quiet: OnceLock<Server>,
    base: String,
    dir: tempfile::TempDir,
}

impl TestEnv {
    /// Ordinary surroundings.
    pub(crate) fn new() -> Self {
        Self::with(&[])
    }

    /// Ordinary but for these faults.
    pub(crate) fn with(faults: &[&str]) -> Self {
        let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
        Self::of(Setup { faults, ..Setup::default() })
    }

    /// The same, with one case of each finding of the reports.
    pub(crate) fn slipped() -> Self {
        Self::of(Setup { slipped: true, ..Setup::default() })
    }

    /// As `setup` has it.
    pub(crate) fn of(setup: Setup) -> Self {
        Self::prepared(setup, |_| ()).0
    }

    /// The same, once `prepare` has done its work: no fault strikes that, and the log does not show it.
    pub(crate) fn prepared<T>(setup: Setup, prepare: impl FnOnce(&Self) -> T) -> (Self, T) {
        let dir = folder();
        std::fs::create_dir(dir.path().join("home")).unwrap();
        std::fs::create_dir(dir.path().join("account")).unwrap();
        std::fs::write(dir.path().join("account/state.json"), first_day(setup.slipped)).unwrap();
        let mut env =
            Self { setup, server: None, quiet: OnceLock::new(), base: String::new(), dir };
        std::fs::write(env.config_file(), env.config()).unwrap();
        let prepared = prepare(&env);
        let server = start(env.options(0, &env.setup.faults)).unwrap();
        env.base = server.base_url();
        env.server = Some(server);
        if env.setup.knows_account {
            env.knows_account_at(&env.base);
        }
        (env, prepared)
    }

    /// Leaves what an earlier command has kept of the account at that address.
    pub(crate) fn knows_account_at(&self, base: &str) {
        let host = base.trim_start_matches("http://").trim_end_matches("/api/v1");
        let path = self.state_dir().join(format!("account-{}.json", host.replace(':', "-")));
        let mut folder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder.recursive(true).create(self.state_dir()).unwrap();
        let locale = serde_json::json!({"currency_symbol": "$", "time_zone": "America/Chicago"});
        let kept = serde_json::json!({
            "read_at": jiff::Timestamp::now(), "facts": {"locale": locale, "business_hours": []},
        });
        std::fs::write(path, kept.to_string()).unwrap();
    }

    fn quiet(&self) -> &Server {
        self.quiet.get_or_init(|| {
            let options = Options {
                rate: "1000000/1".parse().unwrap(),
                // Time that was entered before is as an older account has it.
                faults: vec!["timer-add@*=no-status".parse().unwrap()],
                ..Options::new(self.dir.path().join("account"))
            };
            start(options).unwrap()
        })
    }

    fn options(&self, port: u16, faults: &[String]) -> Options {
        Options {
            port,
            faults: faults.iter().map(|fault| fault.parse().unwrap()).collect(),
            rate: "1000000/1".parse().unwrap(),
            log: Some(self.dir.path().join("requests.jsonl")),
            list_page: self.setup.list_page,
            ..Options::new(self.dir.path().join("account"))
        }
    }

    fn config(&self) -> String {
        let mut text = syncro::sandbox::config().to_owned();
        for (old, new) in &self.setup.replace {
            assert!(text.contains(old), "the configuration has no {old}");
            text = text.replace(old, new);
        }
        let Setup { timeout, settle, resend_after, fresh, per, more, .. } = &self.setup;
        format!(
            "{text}\n[rate_limit]\nrequests = 100000\nper_seconds = {per}\n\n[write]\ntimeout_seconds = \"{timeout}\"\n\
             settle_seconds = \"{settle}\"\nresend_after_seconds = \"{resend_after}\"\nfresh_seconds = \"{fresh}\"\n{more}"
        )
    }

    /// The configuration that the program reads.
    pub(crate) fn config_file(&self) -> PathBuf {
        self.dir.path().join("config.toml")
    }

    /// The program's state folder.
    pub(crate) fn state_dir(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// A folder for whatever else a test needs.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The API's address, as the program gets it.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// The server again, at its old address, with other faults or none. What it was to do later is lost.
    pub(crate) fn restart(&mut self, faults: &[String]) {
        self.server = None;
        let port = self.base.split(['/', ':']).nth(4);
        let port = port.and_then(|port| port.parse().ok()).unwrap();
        let deadline = Instant::now() + Duration::from_secs(5);
        let server = loop {
            match start(self.options(port, faults)) {
                Ok(server) => break server,
                // Somebody's connection may have been given the port for a moment.
                Err(error) => assert!(Instant::now() < deadline, "port {port}: {error}"),
            }
            std::thread::sleep(Duration::from_millis(20));
        };
        assert_eq!(server.base_url(), self.base);
        self.server = Some(server);
    }

    /// Nobody answers at the address any more.
    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    /// The program with its environment, ready for arguments.
    pub(crate) fn command(&self) -> Command {
        // While it is being prepared.
        let base = match self.base.is_empty() {
            true => self.quiet().base_url(),
            false => self.base.clone(),
        };
        let home = self.dir.path().join("home");
        let mut command = syncro(&home);
        command
            .env("PATH", "/usr/bin:/bin")
            .env("TERM", "xterm")
            .env("EDITOR", "true")
            .env("PAGER", "cat")
            .env("COLUMNS", "100")
            .env("SYNCRO_CONFIG", self.config_file())
            .env("SYNCRO_STATE_DIR", self.state_dir())
            .env("SYNCRO_BASE_URL", base)
            .env("SYNCRO_API_KEY", self.setup.key)
            .env("SYNCRO_SANDBOX_TODAY", FIRST_DAY)
            .current_dir(&home);
        command
    }

    /// Starts the program with nothing on its stdin.
    pub(crate) fn spawn(&self, args: &[&str]) -> Running {
        let mut command = self.command();
        command.args(args);
        Running::start(command)
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        self.spawn(args).wait()
    }

    /// The same, with these variables on top.
    pub(crate) fn run_with(&self, args: &[&str], pairs: &[(&str, &str)]) -> Ran {
        let mut command = self.command();
        command.args(args).envs(pairs.iter().copied());
        Running::start(command).wait()
    }

    /// Starts the program on a terminal of its own.
    #[cfg(unix)]
    pub(crate) fn terminal(&self, args: &[&str]) -> Terminal {
        self.terminal_of(100, args)
    }

    /// The same, so many columns wide.
    #[cfg(unix)]
    pub(crate) fn terminal_of(&self, columns: usize, args: &[&str]) -> Terminal {
        let mut command = self.command();
        command.args(args).env("COLUMNS", columns.to_string());
        Terminal::of(command)
    }

    /// The same, with these variables on top.
    #[cfg(unix)]
    pub(crate) fn terminal_with(&self, args: &[&str], pairs: &[(&str, &str)]) -> Terminal {
        let mut command = self.command();
        command.args(args).envs(pairs.iter().copied());
        Terminal::of(command)
    }

    /// An editor that does as `script` says with the file `$1`, beside which it keeps what it saw as `$0.saw`.
    #[cfg(unix)]
    pub(crate) fn editor(&self, script: &str) -> String {
        self.script("editor", &format!("#!/bin/sh\ncat \"$1\" >> \"$0.saw\"\n{script}\n"))
    }

    /// A program of that name, in a folder of the test's own.
    #[cfg(unix)]
    pub(crate) fn script(&self, name: &str, text: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = self.dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// All that the editor saw.
    #[cfg(unix)]
    pub(crate) fn editor_saw(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("editor.saw")).unwrap_or_default()
    }

    /// The account as its owner sees it.
    pub(crate) fn account(&self) -> Account {
        Account::new(&self.quiet().base_url(), KEY)
    }

    /// The account as the colleague sees it.
    pub(crate) fn colleague(&self) -> Account {
        Account::new(&self.quiet().base_url(), COLLEAGUE_KEY)
    }

    /// The ticket with that number as it is in the account.
    pub(crate) fn state(&self, number: i64) -> TicketState {
        self.account().ticket(number)
    }

    /// The whole account, as it lies on the disk.
    pub(crate) fn picture(&self) -> Picture {
        static FIRST: OnceLock<Picture> = OnceLock::new();
        let first = FIRST
            .get_or_init(|| Picture::read(std::str::from_utf8(first_day(false)).unwrap(), None));
        let text = std::fs::read_to_string(self.dir.path().join("account/state.json")).unwrap();
        Picture::read(&text, Some(first))
    }

    /// Every request that the program made.
    pub(crate) fn log(&self) -> Vec<Line> {
        log::read(&self.dir.path().join("requests.jsonl"))
    }

    /// The requests that were to change something, whether they did or not.
    pub(crate) fn writes(&self) -> Vec<Line> {
        let mut lines = self.log();
        lines.retain(|line| line.method != "GET");
        lines
    }

    /// The plans in the journal, oldest first.
    pub(crate) fn journal(&self) -> Vec<PlanFile> {
        journal::read(&self.state_dir().join("journal"))
    }

    /// Waits until the log has such a line.
    pub(crate) fn until_logged(&self, what: impl Fn(&Line) -> bool) {
        // Read anew only when it has grown: a busy machine has better things to do.
        let path = self.dir.path().join("requests.jsonl");
        let mut seen = 0;
        until("the request is in the log", || {
            let size = std::fs::metadata(&path).map_or(0, |found| found.len());
            size != std::mem::replace(&mut seen, size) && self.log().iter().any(&what)
        });
    }
}

/// The account on its first day, made once for all tests.
fn first_day(slipped: bool) -> &'static [u8] {
    static STATES: [OnceLock<Vec<u8>>; 2] = [OnceLock::new(), OnceLock::new()];
    STATES[usize::from(slipped)].get_or_init(|| {
        let dir = folder();
        let first_day = FIRST_DAY.parse().ok();
        drop(start(Options { first_day, slipped, ..Options::new(dir.path()) }).unwrap());
        std::fs::read(dir.path().join("state.json")).unwrap()
    })
}

/// The address in the first line of `sandbox serve`, which a shell reads.
pub(crate) fn served_at(lines: &str) -> &str {
    let first = lines.lines().next().unwrap();
    assert!(first.contains("SYNCRO_BASE_URL"), "{lines}");
    first.split('\'').nth(1).unwrap()
}

/// Looks again and again until it is so, for a quarter of a minute at most.
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(15);
    while !so() {
        assert!(Instant::now() < deadline, "it never came to be: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// All files below a folder; none when there is no such folder.
pub(crate) fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}
