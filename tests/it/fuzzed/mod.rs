//! Whatever an answer says, in any of its fields and in any shape, no reading command panics, hangs, shows the key or ends
//! with a code that nobody promised. The commands run one after another in two processes of their own, against a server
//! that hands out the practice account's answers as something has altered them. What fails once fails again: each run's
//! number is the seed of its answers.

mod mutation;
mod server;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use serde_json::Value;
use syncro::sandbox::KEY;

use self::mutation::Dice;
use self::server::Altering;
use crate::options::leaves;
use crate::support::{Account, Setup, TestEnv, none_lost};

/// So many altered answers.
const ANSWERS: usize = 10_000;
/// No longer, or a command hangs.
const PATIENCE: Duration = Duration::from_secs(400);
/// No single command takes longer.
const LONGEST: Duration = Duration::from_secs(20);

/// Each command that reads.
pub(crate) const READING: &[&str] = &[
    "api GET customers -f query=quill",
    "api GET me",
    "api GET tickets --paginate",
    "api GET tickets/108443837",
    "appointment list",
    "appointment list --mine",
    "appointment show 5560900006",
    "asset list",
    "asset list till --customer Quillfeather",
    "asset patches 12400000",
    "asset show TILL-1",
    "bill 32168 --from-timers --no-comment --dry-run",
    "bill 32181 --minutes 30 --labor remote -m Copied --description Copied --dry-run",
    "config get tickets.priority",
    "config list",
    "contact list",
    "contact list --customer Quillfeather",
    "contact show 7804551",
    "contact show Imelda --customer 31204551",
    "customer show 31204551",
    "customer show Quillfeather",
    "customers --details",
    "customers quill",
    "doctor",
    "invoice list",
    "invoice list --customer Quillfeather",
    "invoice show 67409",
    "line list 32178",
    "open 32181",
    "payment list",
    "payment show {payment}",
    "product list",
    "product list labor",
    "product show 17340021",
    "report alerts",
    "report ar",
    "report ar --invoices --customer Quillfeather",
    "report close --month 2026-03",
    "report assets",
    "report drift --since 2026-01-01 --assignee robin",
    "report duplicates",
    "report patches --customer 31204602",
    "report prepaid --customer 31204690",
    "report recurring",
    "report stale --customer 31204655",
    "report time --user robin --since 2026-03-01 --by ticket",
    "report uninvoiced --customer 31204655 --since 2026-01-01",
    "resume",
    "search printer",
    "search --said receipts",
    "sync --only contacts,users,settings",
    "ticket 32168",
    "ticket 32181 --all-comments",
    "tickets",
    "tickets --assignee robin",
    "tickets --customer Quillfeather --status all",
    "tickets --mine --details",
    "timer list",
    "timer list 32168",
    "timer list --mine --all",
    "today --user mika",
    "unbilled --assignee robin --since 2026-01-01",
    "whoami",
];

/// What the codes of a reading command can be, besides the 1 of a `doctor` that has found something; 6 and 9 are of writes,
/// 7 of limits that nothing here sets.
const CODES: [u8; 6] = [0, 2, 3, 4, 5, 8];

/// What a process of its own is told: without it, its test does nothing.
const CONTROL: &str = "SYNCRO_TEST_FUZZED_CONTROL";
const FROM: &str = "SYNCRO_TEST_FUZZED_FROM";
/// Stands before what each run has said.
const MARK: &str = "@@ run ";

/// The command of that run: each with and without `--json`, in turn.
fn typed(run: usize) -> Vec<&'static str> {
    let mut words = vec!["syncro"];
    words.extend(READING[run % READING.len()].split(' '));
    if Dice::new(run).below(2) == 0 {
        words.push("--json");
    }
    words
}

/// Run in processes of their own by the test below, until their input ends.
#[test]
fn child_process() {
    let Ok(control) = env::var(CONTROL) else {
        return;
    };
    let from: usize = env::var(FROM).unwrap().parse().unwrap();
    let ended = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&ended);
    thread::spawn(move || {
        let _read = std::io::stdin().read_to_end(&mut Vec::new());
        end.store(true, Ordering::Relaxed);
    });
    for run in from.. {
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let payment = server::begin(&control, run);
        let words = typed(run).into_iter().map(|word| match word {
            "{payment}" => payment.clone().into(),
            word => word.into(),
        });
        let began = Instant::now();
        let code = catch_unwind(AssertUnwindSafe(|| syncro::cli::main(words.collect())));
        let took = began.elapsed();
        let code = code.map_or_else(|_| "panicked".to_owned(), number);
        println!("\n{MARK}{run} {code} {}", took.as_millis());
        std::io::stderr().write_all(format!("\n{MARK}{run}\n").as_bytes()).unwrap();
    }
}

/// The number of an exit code, which the type keeps to itself.
fn number(code: ExitCode) -> String {
    let is = |number: &u8| format!("{:?}", ExitCode::from(*number)) == format!("{code:?}");
    (0..=u8::MAX).find(is).map_or_else(|| "?".to_owned(), |number| number.to_string())
}

/// A process that reads, and the server that alters its answers.
struct Reader {
    child: Child,
    server: Altering,
    stdout: std::path::PathBuf,
    stderr: std::path::PathBuf,
}

impl Reader {
    fn start(env: &TestEnv, from: usize) -> Self {
        let server = Altering::of(Account::new(env.base(), KEY));
        let file = |what: &str| env.dir().join(format!("{what}-{from}"));
        let (stdout, stderr) = (file("stdout"), file("stderr"));
        let plain = env.command();
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "fuzzed::child_process", "--nocapture"]).env_clear();
        command.envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.env("SYNCRO_BASE_URL", server.base()).env("SYNCRO_STATE_DIR", file("state"));
        command.env(CONTROL, server.address()).env(FROM, from.to_string());
        command.stdin(Stdio::piped());
        command.stdout(fs::File::create(&stdout).unwrap());
        command.stderr(fs::File::create(&stderr).unwrap());
        Self { child: command.spawn().unwrap(), server, stdout, stderr }
    }

    /// Lets it come to its end; what is wrong with its runs.
    fn end(mut self, deadline: Instant, problems: &mut String) -> usize {
        drop(self.child.stdin.take());
        while self.child.try_wait().unwrap().is_none() {
            if Instant::now() > deadline {
                self.child.kill().unwrap();
                problems.push_str("a command does not end\n");
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        let status = self.child.wait().unwrap();
        let runs = judged(&self.stdout, &self.stderr, problems);
        if !status.success() {
            writeln!(problems, "{status} after run {runs:?}").unwrap();
        }
        runs.len()
    }
}

/// Reads what each run has left.
fn judged(stdout: &Path, stderr: &Path, problems: &mut String) -> Vec<usize> {
    let (stdout, stderr) = (lossy(stdout), lossy(stderr));
    let mut said = stderr.split(MARK);
    let mut talk = said.next().unwrap_or_default().to_owned();
    let mut answers = stdout.split(MARK);
    // The first one begins after the harness's own lines.
    let first = answers.next().unwrap_or_default();
    let mut answer = first.split_once("running 1 test\n").map_or("", |(_, rest)| rest).to_owned();
    let mut runs = Vec::new();
    for next in answers {
        let (line, rest) = next.split_once('\n').unwrap_or((next, ""));
        let mut words = line.split(' ');
        let run: usize = words.next().unwrap().parse().unwrap();
        let (code, took) = (words.next().unwrap(), words.next().unwrap());
        let is_json = typed(run).contains(&"--json");
        let mut wrong = |what: &str, text: &str| {
            let text: String = text.chars().take(900).collect();
            writeln!(problems, "run {run}, {}: {what}: {text}", typed(run).join(" ")).unwrap();
        };
        let is_doctors = code == "1" && typed(run).contains(&"doctor");
        if !is_doctors && !CODES.iter().any(|known| known.to_string() == code) {
            wrong(&format!("ends with {code}"), &talk);
        }
        if talk.contains("panicked at") {
            wrong("panics", talk.split_once("panicked ").unwrap().1);
        }
        if [&answer, &talk].iter().any(|text| text.contains(KEY)) {
            wrong("shows the key", &format!("{answer}{talk}"));
        }
        // What the harness itself says of a test that takes its time.
        let is_own = |line: &&str| !line.starts_with("test fuzzed::");
        let json = answer.lines().filter(is_own).collect::<Vec<_>>().join("\n");
        let json = json.trim();
        if is_json && !json.is_empty() && serde_json::from_str::<Value>(json).is_err() {
            wrong("no JSON", json);
        }
        if code == "0" && json.is_empty() && talk.trim().is_empty() {
            wrong("says nothing at all", "");
        }
        let shown = answer.chars().chain(talk.chars());
        let is_raw = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
        if !is_json && shown.clone().any(|c| is_raw(&c)) {
            wrong(
                "control bytes reach the terminal",
                &format!("{answer}{talk}").escape_debug().to_string(),
            );
        }
        if took.parse::<u128>().unwrap() > LONGEST.as_millis() {
            wrong(&format!("takes {took} ms"), "");
        }
        runs.push(run);
        rest.clone_into(&mut answer);
        let next = said.next().unwrap_or_default();
        next.split_once('\n').map_or("", |(_, rest)| rest).clone_into(&mut talk);
    }
    runs
}

fn lossy(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// By their pages: what reads prints JSON and confirms nothing. The practice server asks nobody.
#[test]
fn each_command_that_reads_is_fuzzed() {
    for leaf in leaves().iter().filter(|leaf| leaf.typed != ["sandbox", "serve"]) {
        let page = syncro::help::command(syncro::cli::command(), &leaf.typed).unwrap();
        let shows =
            |id: &str| page.get_arguments().any(|arg| arg.get_id() == id && !arg.is_hide_set());
        let typed = leaf.typed.join(" ");
        let is_it = |one: &&str| {
            one.strip_prefix(&typed).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let reads = shows("json") && !shows("yes");
        assert!(!reads || READING.iter().any(is_it), "{typed} is not in the list");
    }
}

#[test]
fn what_is_wrong_with_a_run_is_seen() {
    let dir = tempfile::tempdir().unwrap();
    let as_json =
        |wanted: bool| (0..).find(|run| typed(*run).contains(&"--json") == wanted).unwrap();
    for (run, code, took, answer, talk, wrong) in [
        (as_json(true), "0", 9, "[{}]\ntest fuzzed::child_process has been running\n", "", None),
        (as_json(false), "8", 9, "", "error: no answer\n", None),
        (as_json(false), "panicked", 9, "", "", Some("ends with panicked")),
        (as_json(false), "101", 9, "", "", Some("ends with 101")),
        (as_json(false), "6", 9, "", "", Some("ends with 6")),
        (as_json(false), "0", 9, "a", "thread panicked at src/x.rs\n", Some("panics: at src")),
        (as_json(false), "0", 9, KEY, "", Some("shows the key")),
        (as_json(false), "0", 9, "a", KEY, Some("shows the key")),
        (as_json(false), "0", 9, "a\u{1b}[2J", "", Some("control bytes")),
        (as_json(false), "0", 9, "a", "\u{9b}2J", Some("control bytes")),
        (as_json(false), "0", 30_000, "a", "", Some("takes 30000 ms")),
        (as_json(false), "0", 9, "", "", Some("says nothing")),
        (as_json(true), "0", 9, "[{}", "", Some("no JSON")),
    ] {
        let (stdout, stderr) = (dir.path().join("stdout"), dir.path().join("stderr"));
        let whole = format!("\nrunning 1 test\n{answer}\n{MARK}{run} {code} {took}\n");
        fs::write(&stdout, whole).unwrap();
        fs::write(&stderr, format!("{talk}\n{MARK}{run}\n")).unwrap();
        let mut problems = String::new();
        assert_eq!(judged(&stdout, &stderr, &mut problems), [run]);
        let is_seen = wrong.map_or(problems.is_empty(), |wrong| problems.contains(wrong));
        assert!(is_seen, "{wrong:?}: {problems}");
    }
}

#[test]
fn no_answer_makes_a_reading_command_panic() {
    // Short pages, so that lists have many.
    let env = TestEnv::of(Setup { list_page: 5, ..Setup::default() });
    let began = Instant::now();
    let deadline = began + PATIENCE;
    let mut readers = [0, 100_000].map(|from| Reader::start(&env, from));
    let served = |readers: &[Reader]| readers.iter().map(|one| one.server.served()).sum::<usize>();
    while served(&readers) < ANSWERS && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(20));
        if readers.iter_mut().any(|one| one.child.try_wait().unwrap().is_some()) {
            break;
        }
    }
    let answers = served(&readers);
    let mut problems = String::new();
    let runs: usize = readers.into_iter().map(|one| one.end(deadline, &mut problems)).sum();
    let commands = READING.len();
    assert!(problems.is_empty(), "{answers} answers, {runs} runs\n{problems}");
    println!(
        "fuzzed answers: {answers} cases in {runs} runs of {commands} commands, 0 wrong ({:?})",
        began.elapsed()
    );
    none_lost("fuzzed answers", answers);
}
