//! Every step of a bill under every fault that the practice server knows: never two records where one was planned,
//! never "done" for what is not there, the promised exit code, and a right end afterwards.

mod reads;

use std::fmt;
use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use serde_json::Value;
use syncro::sandbox::{Fault, KEY};

use crate::support::{
    Line, MESSAGE, Problems, Ran, Setup, TILL, TestEnv, TicketState, bill, many, money,
};

/// The writes of a bill, as faults name them, in their order.
const STEPS: [&str; 4] = ["comment", "line", "invoice-create", "ticket-update"];

/// The reads that a bill rests on, as faults name them.
const READS: [&str; 7] = ["find", "ticket", "comments", "customer", "product", "invoices", "me"];

/// Landed, and the answer does not say so, or says it late or oddly.
const LANDED: [&str; 20] = [
    "close-after",
    "reset-after",
    "hang-after",
    "500-after",
    "502-after",
    "503-after",
    "504-after",
    "truncated",
    "garbled",
    "empty",
    "null",
    "nulls",
    "foreign",
    "nested",
    "html-after",
    "302-after",
    "wrong-id",
    "slow:100",
    "slow:1200",
    "late:150",
];

/// Not landed, and the answer does not say so.
const LOST: [&str; 16] = [
    "close-before",
    "reset-before",
    "hang-before",
    "500-before",
    "502-before",
    "503-before",
    "html-before",
    "302-before",
    "307-before",
    "308-before",
    "429-html",
    "503-html",
    "403-html",
    "200-error",
    "400-html",
    "404-html",
];

/// Not landed, in the API's own words; with the exit code.
const REFUSED: [(&str, i32); 12] = [
    ("400", 5),
    ("401", 4),
    ("403", 4),
    ("404", 3),
    ("409", 5),
    ("422:1", 5),
    ("422:2", 5),
    ("422:3", 5),
    ("422:4", 5),
    ("422:5", 5),
    ("422:6", 5),
    ("422:7", 5),
];

/// What a bill and the `resume` after it come to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// Done at once.
    Done,
    /// Stopped with this code; `resume` finishes it.
    Resumed(i32),
    /// Stopped with this code before anything landed; the same command again does it.
    Again(i32),
    /// Stopped with 1; `resume --repair` mends it.
    Repaired,
    /// Stopped with this code; `resume` writes nothing more and says so.
    Stuck(i32),
}

impl End {
    fn code(self) -> i32 {
        match self {
            Self::Done => 0,
            Self::Repaired => 1,
            Self::Resumed(code) | Self::Again(code) | Self::Stuck(code) => code,
        }
    }
}

struct Case {
    fault: String,
    end: End,
    /// The records of one kind that the fault itself may double.
    twice: Option<&'static str>,
    /// Whether the fault has to be taken away before the bill can go on.
    heal: bool,
    resend_after: &'static str,
    per: &'static str,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:?})", self.fault, self.end)
    }
}

impl Case {
    fn new(fault: String, end: End) -> Self {
        Self { fault, end, twice: None, heal: false, resend_after: "0.5", per: "60" }
    }

    fn is_away(&self) -> bool {
        self.fault.contains("unreachable")
    }

    fn env(&self) -> TestEnv {
        TestEnv::of(Setup {
            faults: vec![self.fault.clone()],
            timeout: "0.8",
            resend_after: self.resend_after,
            per: self.per,
            ..Setup::default()
        })
    }
}

/// The cases of one step.
fn cases(index: usize) -> Vec<Case> {
    let step = STEPS[index];
    let case = |kind: &str, end| Case::new(format!("{step}={kind}"), end);
    let mut cases: Vec<Case> = LANDED.iter().map(|kind| case(kind, End::Done)).collect();
    cases.extend(LOST.iter().map(|kind| case(kind, End::Resumed(6))));
    for (kind, code) in REFUSED {
        // Nothing has landed before the first step, so that nothing is left to resume.
        let end = if index == 0 { End::Again(code) } else { End::Resumed(code) };
        cases.push(case(kind, end));
    }
    for kind in ["429:1", "429-date:1", "lag:150", "late-hang:300"] {
        cases.push(case(kind, End::Done));
    }
    // Seen only when the lag has ended, which a restart of the server makes it do.
    cases.push(Case { heal: true, ..case("lag:60000", End::Resumed(6)) });
    for kind in ["late:1500", "late-hang:2000"] {
        cases.push(Case { resend_after: "3", ..case(kind, End::Resumed(6)) });
    }
    for (kind, end) in [
        ("429:1", End::Resumed(7)),
        ("close-before", End::Resumed(6)),
        ("500-before", End::Resumed(6)),
        ("500-after", End::Done),
        ("null", End::Done),
    ] {
        cases.push(Case { heal: true, ..Case::new(format!("{step}@*={kind}"), end) });
    }
    // Longer than reads are patient.
    cases.push(Case { heal: true, ..case("unreachable:15000", End::Resumed(6)) });
    cases.extend(own_cases(index));
    cases
}

/// The cases whose end differs from step to step.
fn own_cases(index: usize) -> Vec<Case> {
    let step = STEPS[index];
    let case = |kind: &str, end| Case::new(format!("{step}={kind}"), end);
    let mut cases = vec![case("unreachable:300", End::Done)];
    let ends = |comment, line, invoice, status| [comment, line, invoice, status][index];
    let (done, stuck) = (End::Done, End::Stuck(5));
    for (kind, end) in [
        ("lost-price", ends(done, End::Repaired, End::Repaired, done)),
        ("empty-invoice", ends(done, done, End::Repaired, done)),
        ("zero-invoice", ends(done, done, End::Repaired, done)),
        // The customer has no prepaid hours.
        ("undebited", done),
        ("unmarked", done),
        ("lost-product", done),
        ("unnamed", done),
        ("drafted", done),
        ("declined", done),
        ("no-drafts", done),
        ("stolen", ends(done, stuck, End::Stuck(1), done)),
        ("then-colleague:comment", done),
        ("then-colleague:line", ends(stuck, stuck, done, done)),
        ("then-colleague:same-line", ends(done, stuck, done, done)),
        ("then-colleague:invoice", ends(stuck, stuck, done, done)),
        ("then-colleague:status", ends(stuck, stuck, stuck, End::Stuck(1))),
        ("then-colleague:timer", done),
    ] {
        cases.push(case(kind, end));
    }
    let twice = End::Stuck(1);
    cases.push(Case { twice: Some(step), ..case("twice", ends(twice, twice, twice, done)) });
    cases
}

/// What becomes of lists, of timers, of the account, and of how what is read is spelled: no step of this bill meets it.
const ELSEWHERE: [&str; 15] = [
    "lost-rows",
    "same-page",
    "unfiltered",
    "no-status",
    "charges",
    "charged",
    "rounded-up",
    "rounded-down",
    "rounded-nearest",
    "uncounted",
    "spelled",
    "dates",
    "currency",
    "zone",
    "business-hours",
];

/// The names of all kinds that a write can meet, from the message about a kind that there is not.
fn kinds() -> Vec<String> {
    let message = "comment=?".parse::<Fault>().unwrap_err().to_string();
    let (_, names) = message.split_once("these are: ").unwrap();
    // `422:K (K from 1 to 7)`, `late:MS`
    let names = names.split(", ").map(|name| name.split([':', ' ']).next().unwrap().to_owned());
    names.filter(|name| !ELSEWHERE.contains(&name.as_str())).collect()
}

#[test]
fn every_kind_of_fault_is_in_the_matrix() {
    let all: Vec<Case> = (0..STEPS.len()).flat_map(cases).collect();
    for step in STEPS {
        for kind in kinds() {
            let covered = all.iter().any(|case| {
                let (target, of) = case.fault.split_once('=').unwrap();
                target.starts_with(step) && of.split(':').next() == Some(kind.as_str())
            });
            assert!(covered, "no case has {step}={kind}");
        }
    }
}

#[test]
fn matrix_of_writes() {
    let mut all: Vec<Case> = (0..STEPS.len()).flat_map(cases).collect();
    // The slow ones first, so that none is left for the end.
    all.sort_by_key(|case| !(case.heal || case.resend_after != "0.5"));
    all.retain(|case| !case.is_away());
    many("matrix", &all, check_case);
}

/// The part of the matrix in which nobody is there for a while: what is known then rests on when a closed connection is
/// noticed, which Wine does late.
#[test]
fn matrix_of_a_server_that_is_away() {
    let all = (0..STEPS.len()).flat_map(cases).filter(Case::is_away);
    many("matrix, away", &all.collect::<Vec<_>>(), check_case);
}

/// A whole window is what a 429 without a Retry-After asks for.
#[test]
fn a_rate_limit_that_does_not_say_how_long() {
    let cases: Vec<Case> = STEPS
        .iter()
        .map(|step| Case { per: "2", ..Case::new(format!("{step}=429"), End::Done) })
        .collect();
    many("429 without Retry-After", &cases, |case, problems| {
        let began = Instant::now();
        check_case(case, problems);
        problems.unless(began.elapsed() >= Duration::from_secs(2), || {
            "it came back too soon".to_owned()
        });
    });
}

fn check_case(case: &Case, problems: &mut Problems) {
    let mut env = case.env();
    let ran = env.run(&bill(&["--yes", "--json"]));
    let first = env.state(TILL);
    check_run(&ran, &first, case, problems);
    check_sent_once(&env, case, problems);
    if case.heal {
        env.restart(&[]);
    }
    let args: &[&str] = match case.end {
        End::Again(_) => &bill(&["--yes", "--json"]),
        End::Repaired => &["resume", "--yes", "--repair", "--json"],
        End::Done | End::Resumed(_) | End::Stuck(_) => &["resume", "--yes", "--json"],
    };
    if case.end.code() != 0 && !matches!(case.end, End::Again(_)) {
        check_refused_while_pending(&env, problems);
    }
    let then = env.run(args);
    let last = env.state(TILL);
    check_secrets(&then, problems);
    let closed = env.journal().iter().all(|plan| plan.is_closed());
    match case.end {
        End::Stuck(_) => {
            problems.unless(then.code != 0 && then.code != 10, || {
                format!("resume on a stuck plan: {}", then.brief())
            });
            problems.unless(!closed, || "a stuck plan was closed".to_owned());
        }
        End::Done | End::Resumed(_) | End::Again(_) | End::Repaired => {
            problems.unless(then.code == 0, || format!("afterwards, {args:?}: {}", then.brief()));
            check_right(&last, problems);
            problems.unless(closed, || {
                let stories: Vec<_> = env.journal().iter().map(|plan| plan.story()).collect();
                format!("the journal is not closed: {stories:?}")
            });
        }
    }
    if matches!(case.end, End::Done | End::Stuck(_)) {
        problems.same("the ticket after resume", last.figures(), first.figures());
    }
}

/// No write is sent twice by one run, unless the API itself said that it was too many.
fn check_sent_once(env: &TestEnv, case: &Case, problems: &mut Problems) {
    let mut sent: Vec<String> = env.writes().iter().map(Line::what).collect();
    let count = sent.len();
    sent.sort();
    sent.dedup();
    let again = case.fault.contains("=429") && !case.fault.ends_with("html");
    problems
        .unless(again || sent.len() == count, || format!("{count} writes, different: {sent:?}"));
}

/// A plan that is pending stands in the way of the same command, which names the way out.
fn check_refused_while_pending(env: &TestEnv, problems: &mut Problems) {
    let before = env.log().len();
    let again = env.run(&bill(&["--yes", "--json"]));
    problems.unless(again.code == 5 && again.stderr.contains("syncro resume"), || {
        format!("the same command on a pending plan: {}", again.brief())
    });
    problems.same("requests of a refused command", env.log().len(), before);
}

/// What holds after any first run.
fn check_run(ran: &Ran, state: &TicketState, case: &Case, problems: &mut Problems) {
    problems.unless(ran.code == case.end.code(), || {
        format!("wanted exit {}: {}", ran.brief(), case.end.code())
    });
    check_secrets(ran, problems);
    let at_most = |step: &str| if case.twice == Some(step) { 2 } else { 1 };
    let counts = [
        ("comments", state.said(MESSAGE), at_most("comment")),
        ("lines", state.my_lines().len(), at_most("line")),
        ("invoices", state.my_invoices().len(), at_most("invoice-create")),
    ];
    for (name, count, most) in counts {
        problems.unless(count <= most, || format!("{count} {name} of ours: {}", ran.brief()));
    }
    let Some(json) = ran.json() else {
        problems.unless(false, || format!("stdout is not one JSON value: {}", ran.brief()));
        return;
    };
    problems.unless(fits(&json, ran.code), || {
        format!("the outcome does not fit exit {}: {json}", ran.code)
    });
    if json["outcome"] == "done" {
        check_right(state, problems);
    }
    check_writes(&json, state, problems);
}

/// Whether the JSON's word and the exit code say the same.
fn fits(json: &Value, code: i32) -> bool {
    let codes: &[i32] = match json["outcome"].as_str().unwrap_or("") {
        "done" | "dry_run" => &[0],
        "cancelled" => &[9, 130],
        "unconfirmed" => &[6, 130],
        "failed" => &[1, 3, 4, 5, 7, 8, 10],
        _ => &[],
    };
    codes.contains(&code)
}

/// Each write says truly what became of it.
fn check_writes(json: &Value, state: &TicketState, problems: &mut Problems) {
    let writes = json["writes"].as_array().cloned().unwrap_or_default();
    problems.same("writes", writes.len(), 4);
    for write in &writes {
        let there = match write["step"].as_str().unwrap_or("") {
            "comment" => has(&state.comments, &write["id"]),
            "line_item" => has(&state.lines, &write["id"]),
            "invoice" => has(&state.invoices, &write["id"]),
            "status" => write["id"].is_null(),
            _ => false,
        };
        let right = match write["outcome"].as_str().unwrap_or("") {
            "done" | "adopted" => there,
            "not_sent" => write["id"].is_null(),
            "failed" | "unconfirmed" => true,
            _ => false,
        };
        problems.unless(right, || format!("a write says what is not so: {write}"));
    }
}

fn has(records: &[Value], id: &Value) -> bool {
    records.iter().any(|record| record["id"] == *id)
}

/// One comment, one line at its price, one invoice over it, the status set.
fn check_right(state: &TicketState, problems: &mut Problems) {
    let sixty = Decimal::from(60);
    problems.same("comments in the end", state.said(MESSAGE), 1);
    let lines = state.my_lines();
    problems.same("lines in the end", lines.len(), 1);
    for line in lines {
        problems.same("price", money(&line["price_retail"]), Decimal::from(120));
        problems.same("quantity", money(&line["quantity"]), Decimal::new(5, 1));
    }
    let invoices = state.my_invoices();
    problems.same("invoices in the end", invoices.len(), 1);
    for invoice in invoices {
        problems.same("subtotal", money(&invoice["subtotal"]), sixty);
        problems.same("total", money(&invoice["total"]), sixty);
        problems.same("invoiced lines", invoice["line_items"].as_array().map(Vec::len), Some(1));
    }
    problems
        .unless(state.status() == "Invoiced" || state.status() == "Waiting on Customer", || {
            format!("the status in the end is {}", state.status())
        });
}

fn check_secrets(ran: &Ran, problems: &mut Problems) {
    for (name, text) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        problems.unless(!text.contains(KEY), || format!("the key is on {name}: {text}"));
        problems.unless(!text.contains("panicked"), || format!("it panicked: {text}"));
    }
}

/// Nobody there when the first write is to go out, or already before: nothing was written, and it is said.
#[test]
fn a_server_that_has_gone_is_unavailable() {
    many("the server has gone", &READS, |read, problems| {
        let env = TestEnv::with(&[&format!("{read}=unreachable:20000")]);
        let ran = env.run(&bill(&["--yes", "--json"]));
        problems.unless(ran.code == 8, || ran.to_string());
        problems.unless(env.writes().is_empty(), || format!("it wrote: {ran}"));
        let then = env.run(&["resume", "--json"]);
        problems.unless(then.code == 0 && then.stderr.contains("no pending plans"), || {
            then.to_string()
        });
    });
}

/// Two lines that are the same but for their ids: each is sent once, and each is told from the other.
#[test]
fn lines_that_are_the_same_are_told_apart() {
    let kinds = [
        "close-after",
        "close-before",
        "hang-after",
        "late:150",
        "null",
        "wrong-id",
        "500-before",
        "lag:150",
    ];
    let mut cases = Vec::new();
    for line in ["line@1", "line@2"] {
        cases.extend(kinds.iter().map(|kind| format!("{line}={kind}")));
    }
    many("the same line twice", &cases, |fault, problems| {
        let env =
            TestEnv::of(Setup { faults: vec![fault.clone()], timeout: "0.8", ..Setup::default() });
        let ran = env.run(&bill(&["--yes", "--json", "--add", "remote=30m", "--same-line"]));
        problems.unless([0, 6].contains(&ran.code), || ran.brief());
        problems.unless(env.state(TILL).my_lines().len() <= 2, || {
            format!("too many lines: {}", ran.brief())
        });
        let then = env.run(&["resume", "--yes", "--json"]);
        problems.unless(then.code == 0, || format!("resume: {}", then.brief()));
        let state = env.state(TILL);
        problems.same("the ticket in the end", state.ours(), (1, 2, 1, "Invoiced"));
        for invoice in state.my_invoices() {
            problems.same("subtotal", money(&invoice["subtotal"]), Decimal::from(120));
        }
    });
}
