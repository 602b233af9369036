//! The mirror of an account with years of work: how much its first sync asks, how long an answer from it takes and with
//! how much memory, and that who does not use it waits no longer than without one. It fails where a bar is not met.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use syncro::sandbox::{self, Options, Server};

use crate::pages::{BESIDE, IDLE, LISTS};
use crate::{FEW_RUNS, RUNS, TAB, ask, compare, median, time};

/// The tickets of the account; to each belong four comments, to three of ten an invoice.
const TICKETS: u32 = 10_000;

/// The tickets of one with a hundred thousand comments.
const DISCUSSED: u32 = 25_000;

/// So many requests a second are allowed, and half of them a sync may use.
const LIMIT: usize = 600;
const SHARE: usize = LIMIT / 2;

/// As much as can be configured, where it is not the limit that is measured.
const UNLIMITED: usize = 100_000;

/// How long what is answered from the mirror may take, and the memory of it, in KiB.
const SAID: Duration = Duration::from_millis(30);
const REPORT: Duration = Duration::from_millis(500);
const MEMORY: u64 = 80 << 10;

/// So much longer than without a mirror a start may take with one, in thousandths: what a machine's moods leave between
/// two programs that are the same.
const MOODS: u128 = 1100;

const REPORTS: [&str; 12] = [
    "alerts",
    "ar",
    "assets",
    "close",
    "drift",
    "duplicates",
    "patches",
    "prepaid",
    "recurring",
    "stale",
    "time",
    "uninvoiced",
];

/// Words that are in few comments, in many, and in nearly all.
const WORDS: [&str; 4] = ["case 4711", "scanner password", "spare", "step"];

/// An account with so many tickets of the years before, and what has been printed of it so far.
struct Account {
    server: Server,
    dir: tempfile::TempDir,
}

impl Account {
    fn new(history: u32, list_page: usize) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let options = Options {
            history,
            list_page,
            rate: "1000000/1".parse().unwrap(),
            log: Some(dir.path().join("requests.jsonl")),
            ..Options::new(dir.path().join("server"))
        };
        Self { server: sandbox::start(options).unwrap(), dir }
    }

    /// The program, which may ask so much a second and keeps what it keeps in the folder of that name.
    fn syncro(&self, folder: &str, limit: usize, args: &[&str]) -> Command {
        let mut command = crate::syncro(self.dir.path(), &self.server.base_url());
        let config = self.dir.path().join(format!("{folder}.toml"));
        let rate = format!("[rate_limit]\nrequests = {limit}\nper_seconds = 1\n");
        std::fs::write(&config, format!("{}\n{rate}", sandbox::config())).unwrap();
        command
            .env("SYNCRO_STATE_DIR", self.dir.path().join(folder))
            .env("SYNCRO_CONFIG", config)
            .args(args);
        command
    }

    /// When each request came, in microseconds.
    fn asked(&self) -> Vec<u64> {
        let log = std::fs::read_to_string(self.dir.path().join("requests.jsonl")).unwrap();
        let at = |line| serde_json::from_str::<Value>(line).unwrap()["started_us"].as_u64();
        let mut all: Vec<u64> = log.lines().filter_map(at).collect();
        all.sort_unstable();
        all
    }

    /// Syncs, and says how many records there are of each kind that was read, and how long it took.
    fn sync(&self, limit: usize, more: &[&str]) -> (Value, Duration) {
        let began = Instant::now();
        let mut command = self.syncro(KEPT, limit, &[&["sync", "--json"], more].concat());
        let output = command.stderr(Stdio::null()).output().unwrap();
        let took = began.elapsed();
        assert!(output.status.success(), "{command:?} failed");
        (serde_json::from_slice(&output.stdout).unwrap(), took)
    }
}

/// The folder with the mirror.
const KEPT: &str = "kept";

/// So many records of a kind are new.
fn new(synced: &Value, kind: &str) -> usize {
    let mut kinds = synced["kinds"].as_array().unwrap().iter();
    let one = kinds.find(|one| one["kind"] == kind).unwrap();
    usize::try_from(one["new"].as_u64().unwrap()).unwrap()
}

/// Which bars are not met; all figures are printed before it fails for them.
#[derive(Default)]
struct Missed(Vec<String>);

impl Missed {
    fn unless(&mut self, is_met: bool, what: impl Into<String>) {
        if !is_met {
            self.0.push(what.into());
        }
    }
}

/// Measures all of it.
pub(crate) fn measure() {
    let mut missed = Missed::default();
    let account = Account::new(TICKETS, crate::PAGE);
    syncs(&account, &mut missed);
    reports(&account, &mut missed);
    starts(&account, &mut missed);
    drop(account);
    said(&mut missed);
    assert!(missed.0.is_empty(), "too much, or too slow: {:?}", missed.0);
}

/// Requests of a first sync and of one after it, and how many came within a second.
fn syncs(account: &Account, missed: &mut Missed) {
    let (synced, took) = account.sync(LIMIT, &[]);
    let asked = account.asked();
    let (_, idle_took) = account.sync(LIMIT, &[]);
    let idle = account.asked().len() - asked.len();
    let pages = LISTS.iter().map(|list| {
        let list: Value =
            serde_json::from_str(&ask(&account.server.base_url(), "GET", list, "")).unwrap();
        usize::try_from(list["meta"]["total_pages"].as_u64().unwrap_or(1).max(1)).unwrap()
    });
    let pages: usize = pages.sum();
    let tickets = new(&synced, "tickets");
    let most = pages + tickets + BESIDE;
    println!(
        "first sync of {tickets} tickets, {} comments, {} invoices: {} requests of {most} in {} s",
        new(&synced, "comments"),
        new(&synced, "invoices"),
        asked.len(),
        took.as_secs()
    );
    let busiest = asked.iter().enumerate().map(|(first, began)| {
        asked[first..].iter().take_while(|at| **at - *began < 1_000_000).count()
    });
    let busiest = busiest.max().unwrap();
    println!("busiest second: {busiest} requests of {SHARE}, the half of {LIMIT}");
    println!("second sync, nothing changed: {idle} requests in {} ms", idle_took.as_millis());
    missed.unless(asked.len() <= most, "requests of the first sync");
    missed.unless(busiest <= SHARE, "the busiest second");
    missed.unless(idle <= IDLE, "requests of the second sync");
}

/// What each report takes, all of it from the mirror.
fn reports(account: &Account, missed: &mut Missed) {
    drop(account.sync(LIMIT, &["--only", "patches", "--patches"]));
    println!("reports from the mirror, medians of {FEW_RUNS} runs, and their memory");
    for name in REPORTS {
        let report = || account.syncro(KEPT, LIMIT, &["report", name, "--offline", "--json"]);
        let took = median((0..FEW_RUNS).map(|_| time(&mut report())).collect());
        let memory = memory(&mut report());
        println!("  {name:<12} {:>4} ms {:>6} KiB", took.as_millis(), memory.unwrap_or(0));
        missed.unless(took <= REPORT, format!("report {name}"));
        missed.unless(memory.is_none_or(|memory| memory <= MEMORY), format!("memory of {name}"));
    }
}

/// The most memory that a process had, in KiB, where the system tells it.
fn memory(command: &mut Command) -> Option<u64> {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let of_child = Path::new("/proc").join(child.id().to_string());
    let mut most = None;
    while child.try_wait().unwrap().is_none() {
        // For a moment after its start it still has the memory of who starts it.
        let is_it =
            std::fs::read_link(of_child.join("exe")).is_ok_and(|exe| exe.ends_with("syncro"));
        let status = std::fs::read_to_string(of_child.join("status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let amount = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        most = most.max(amount.filter(|_| is_it));
        std::thread::sleep(Duration::from_millis(1));
    }
    most
}

/// A command that does not read the mirror, beside a mirror and without one; and Tab, which shows what it has.
fn starts(account: &Account, missed: &mut Missed) {
    let ticket = |folder: &'static str| {
        move || account.syncro(folder, UNLIMITED, &["ticket", "32181", "--json"])
    };
    let ratio = compare("ticket, with a mirror; without one", RUNS, ticket(KEPT), ticket("none"));
    missed.unless(ratio <= MOODS, "a start beside a mirror");
    let tab = || {
        let words = ["completions", "zsh", "--answer", "--", "bill", "=32"];
        account.syncro(KEPT, LIMIT, &words)
    };
    let took = median((0..RUNS).map(|_| time(&mut tab())).collect());
    println!("Tab after `bill 32`, with a mirror: {} us", took.as_micros());
    missed.unless(took < TAB, "Tab");
}

/// What is found in a hundred thousand comments.
fn said(missed: &mut Missed) {
    let account = Account::new(DISCUSSED, 100);
    let (synced, took) = account.sync(UNLIMITED, &["--only", "comments,tickets"]);
    let comments = new(&synced, "comments");
    println!("{comments} comments, copied in {} s", took.as_secs());
    assert!(comments >= 100_000);
    for words in WORDS {
        let said = || account.syncro(KEPT, LIMIT, &["search", "--said", words, "--json"]);
        let took = median((0..RUNS).map(|_| time(&mut said())).collect());
        println!("search --said {words:<18} {:>5} us", took.as_micros());
        missed.unless(took <= SAID, format!("search --said {words}"));
    }
}
