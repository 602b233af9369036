//! `cargo bench`: how long a person waits, as medians of whole processes beside `curl` making the same requests of the
//! same practice server, taken in turn so that a machine's moods hit both alike. Quote the ratios.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark reports, and one that cannot run has failed"
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use syncro::sandbox::{self, Options};

const RUNS: usize = 41;

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

/// Runs the two in turn and prints their medians and the ratio.
fn compare(what: &str, mut ours: impl FnMut() -> Command, mut theirs: impl FnMut() -> Command) {
    time(&mut ours());
    time(&mut theirs());
    let mut times = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        times.0.push(time(&mut ours()));
        times.1.push(time(&mut theirs()));
    }
    let (ours, theirs) = (median(times.0), median(times.1));
    // In thousandths, since the house has no floating point.
    let ratio = ours.as_micros() * 1000 / theirs.as_micros().max(1);
    println!(
        "{what:<34} syncro {:>7} us   curl {:>7} us   ratio {}.{:03}",
        ours.as_micros(),
        theirs.as_micros(),
        ratio / 1000,
        ratio % 1000
    );
}

fn main() {
    // `cargo test` builds and starts this too, with arguments of its own; only `cargo bench` measures.
    if !std::env::args().any(|arg| arg == "--bench") {
        return;
    }
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("curl is not installed: nothing to compare with");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mut options = Options::new(dir.path().join("server"));
    options.rate = "10000/1".parse().unwrap();
    let server = sandbox::start(options).unwrap();
    let base = server.base_url();
    let syncro = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_syncro"));
        command
            .env("SYNCRO_BASE_URL", &base)
            .env("SYNCRO_API_KEY", sandbox::KEY)
            .env("SYNCRO_STATE_DIR", dir.path().join("state"))
            .env("SYNCRO_CONFIG", dir.path().join("config.toml"));
        command
    };
    std::fs::write(
        dir.path().join("config.toml"),
        "[rate_limit]\nrequests = 10000\nper_seconds = 1\n",
    )
    .unwrap();

    println!("medians of {RUNS} runs, in turn");
    compare(
        "start-up (--version)",
        || {
            let mut command = syncro();
            command.arg("--version");
            command
        },
        || {
            let mut command = Command::new("curl");
            command.arg("--version");
            command
        },
    );

    let id = "108443837";
    let key = format!("api_key={}", sandbox::KEY);
    let urls = [
        format!("{base}/tickets/{id}?{key}"),
        format!("{base}/tickets/{id}/comments?sort_direction=DESC&per_page=100&{key}"),
        format!("{base}/invoices?ticket_id={id}&{key}"),
        format!("{base}/customers/31204551?{key}"),
    ];
    for (what, flags) in [
        ("ticket, known; curl one by one", vec!["-s"]),
        ("ticket, known; curl side by side", vec!["-s", "--parallel", "--parallel-immediate"]),
    ] {
        compare(
            what,
            || {
                let mut command = syncro();
                command.args(["ticket", "32181"]);
                command
            },
            || {
                let mut command = Command::new("curl");
                command.args(&flags).args(&urls);
                command
            },
        );
    }
}
