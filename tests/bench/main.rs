//! `cargo bench`: how long a person waits, as medians of whole processes beside others doing the same: a program that
//! does nothing, and `curl`, alone or with `jq`, making the same requests of the same practice server. They are taken in
//! turn so that a machine's moods hit both alike. Quote the ratios.
//! `cargo bench -- lists` measures long lists alone, `cargo bench -- mirror` the mirror.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark reports, and one that cannot run has failed"
)]

#[cfg(feature = "offline")]
mod mirror;
#[cfg(feature = "offline")]
#[path = "../it/mirror/pages.rs"]
mod pages;

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use syncro::sandbox::{self, Options};

const RUNS: usize = 41;

/// Runs of what takes seconds.
const FEW_RUNS: usize = 5;

/// Tickets on a page, as Syncro has it, and pages of a long list: a thousand tickets.
const PAGE: usize = 25;
const PAGES: usize = 40;

/// One process, from its start to its end.
fn time(command: &mut Command) -> Duration {
    let began = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    let took = began.elapsed();
    assert!(status.success(), "{command:?} failed");
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Runs the two in turn, so many times, prints their medians and the ratio, and answers that in thousandths.
fn compare(
    what: &str,
    runs: usize,
    mut ours: impl FnMut() -> Command,
    mut theirs: impl FnMut() -> Command,
) -> u128 {
    time(&mut ours());
    time(&mut theirs());
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..runs {
        times.0.push(time(&mut ours()));
        times.1.push(time(&mut theirs()));
    }
    let (ours, theirs) = (median(times.0), median(times.1));
    // In thousandths, since the house has no floating point.
    let ratio = ours.as_micros() * 1000 / theirs.as_micros().max(1);
    println!(
        "{what:<42} syncro {:>7} us   beside {:>7} us   ratio {}.{:03}",
        ours.as_micros(),
        theirs.as_micros(),
        ratio / 1000,
        ratio % 1000
    );
    ratio
}

fn main() {
    // `cargo test` builds and starts this too, with arguments of its own; only `cargo bench` measures.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    for needed in ["true", "curl", "jq"] {
        if Command::new(needed).arg("--version").stdout(Stdio::null()).status().is_err() {
            println!("{needed} is not installed: nothing to compare with");
            return;
        }
    }
    let parts: [(&str, fn()); 3] =
        [("starts", short_runs), ("lists", long_lists), ("mirror", mirrored)];
    let only = std::env::args().find(|arg| parts.iter().any(|(name, _)| name == arg));
    for (name, measure) in parts {
        if only.as_ref().is_none_or(|only| only == name) {
            measure();
        }
    }
}

/// What the mirror costs, where the program has one.
fn mirrored() {
    #[cfg(feature = "offline")]
    mirror::measure();
}

/// The program, told of a server and of nothing else; it keeps what it keeps below `dir`.
fn syncro(dir: &Path, base: &str) -> Command {
    let config = dir.join("config.toml");
    std::fs::write(&config, "[rate_limit]\nrequests = 10000\nper_seconds = 1\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_syncro"));
    command
        .env("SYNCRO_BASE_URL", base)
        .env("SYNCRO_API_KEY", sandbox::KEY)
        .env("SYNCRO_STATE_DIR", dir.join("state"))
        .env("SYNCRO_CONFIG", config);
    command
}

/// A thousand tickets at a tenth of a second a request, beside the same pages one after another.
fn long_lists() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = Options::new(dir.path().join("server"));
    options.rate = "100000/1".parse().unwrap();
    options.list_page = PAGE;
    fill(&sandbox::start(options.clone()).unwrap().base_url());
    options.faults = vec!["any@*=slow:100".parse().unwrap()];
    let server = sandbox::start(options).unwrap();
    let base = server.base_url();
    println!(
        "{PAGES} pages of {PAGE} tickets, 100 ms a request; medians of {FEW_RUNS} runs, in turn"
    );
    compare(
        "tickets; curl one page after another",
        FEW_RUNS,
        || {
            let mut command = syncro(dir.path(), &base);
            command.args(["tickets", "--status", "all", "--all", "--json"]);
            command
        },
        || {
            let mut command = Command::new("curl");
            let page = |page| format!("{base}/tickets?page={page}&api_key={}", sandbox::KEY);
            command.arg("-s").args((1..=PAGES).map(page));
            command
        },
    );
}

/// Makes tickets until they fill the pages.
fn fill(base: &str) {
    let pages = || {
        let list: serde_json::Value =
            serde_json::from_str(&ask(base, "GET", "/tickets", "")).unwrap();
        list["meta"]["total_pages"].as_u64().unwrap()
    };
    let body = r#"{"customer_id": 31204551, "subject": "Receipts come out blank"}"#;
    for _ in pages()..u64::try_from(PAGES).unwrap() {
        for _ in 0..PAGE {
            ask(base, "POST", "/tickets", body);
        }
    }
    assert_eq!(pages(), u64::try_from(PAGES).unwrap());
}

/// Asks the server without the program, and answers the body.
fn ask(base: &str, method: &str, path: &str, body: &str) -> String {
    let address = base.trim_start_matches("http://").trim_end_matches("/api/v1");
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} /api/v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        sandbox::KEY,
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// How long a shell may wait for candidates.
const TAB: Duration = Duration::from_millis(20);

/// What Tab costs after a thousand tickets and all other lists were printed.
fn completions(syncro: &dyn Fn() -> Command) {
    for list in [
        &["tickets", "--status", "all", "--all"][..],
        &["customers", "--all"],
        &["contact", "list", "--all"],
        &["invoice", "list", "--all"],
    ] {
        time(syncro().args(list));
    }
    let tab = || {
        let mut command = syncro();
        command.args(["completions", "zsh", "--answer", "--", "bill", "=321"]);
        command
    };
    compare("Tab after `bill 321`; nothing", RUNS, tab, || Command::new("true"));
    let took = median((0..RUNS).map(|_| time(&mut tab())).collect());
    assert!(took < TAB, "{took:?} is too long to wait for a completion");
}

fn short_runs() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = Options::new(dir.path().join("server"));
    options.rate = "10000/1".parse().unwrap();
    let server = sandbox::start(options).unwrap();
    let base = server.base_url();
    fill(&base);
    let syncro = || syncro(dir.path(), &base);

    println!("medians of {RUNS} runs, in turn");
    let started = |flag: &'static str| {
        let mut command = syncro();
        command.arg(flag);
        command
    };
    compare("--version; nothing", RUNS, || started("--version"), || Command::new("true"));
    compare("--help; nothing", RUNS, || started("--help"), || Command::new("true"));
    completions(&syncro);

    let id = "108443837";
    let key = format!("api_key={}", sandbox::KEY);
    let urls = [
        format!("{base}/tickets/{id}?{key}"),
        format!("{base}/tickets/{id}/comments?sort_direction=DESC&per_page=100&{key}"),
        format!("{base}/invoices?ticket_id={id}&{key}"),
        format!("{base}/customers/31204551?{key}"),
    ];
    let ticket = |flags: &[&str]| {
        let mut command = syncro();
        command.args(["ticket", "32181"]).args(flags);
        command
    };
    for (what, flags) in [
        ("ticket, known; curl one by one", vec!["-s"]),
        ("ticket, known; curl side by side", vec!["-s", "--parallel", "--parallel-immediate"]),
    ] {
        compare(
            what,
            RUNS,
            || ticket(&[]),
            || {
                let mut command = Command::new("curl");
                command.args(&flags).args(&urls);
                command
            },
        );
    }
    compare(
        "ticket --json, known; curl and jq",
        RUNS,
        || ticket(&["--json"]),
        || {
            let mut command = Command::new("sh");
            command.args(["-c", "curl -s \"$@\" | jq .", "sh"]).args(&urls);
            command
        },
    );
}
