//! Reads of a bill that are struck: while it gathers, and in the looks after its writes.

use std::fmt;

use super::{Case, End, READS, check_right, check_run, check_secrets};
use crate::support::{MESSAGE, Setup, TILL, TestEnv, bill, many};

/// What a read may be struck by; the first strike only, which the client may try again.
const ODD_READS: [&str; 21] = [
    "close-before",
    "reset-before",
    "hang-before",
    "500-before",
    "502-before",
    "503-before",
    "504-after",
    "truncated",
    "garbled",
    "empty",
    "null",
    "nulls",
    "foreign",
    "html-before",
    "wrong-id",
    "302-before",
    "307-before",
    "429:1",
    "slow:100",
    "400-html",
    "404-html",
];

/// What a gathering has nothing to compare with: an empty list, records of another ticket's, somebody else's name.
const UNSEEN: [&str; 5] = [
    "invoices@*=nulls",
    "invoices@*=wrong-id",
    "comments@*=wrong-id",
    "me@*=wrong-id",
    "me=wrong-id",
];

struct Reading {
    fault: String,
    /// The exit code where only one is right.
    code: Option<i32>,
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fault)
    }
}

impl Reading {
    fn env(&self) -> TestEnv {
        TestEnv::of(Setup { faults: vec![self.fault.clone()], timeout: "0.8", ..Setup::default() })
    }
}

#[test]
fn a_gathering_that_fails_writes_nothing() {
    let mut all = Vec::new();
    for read in READS {
        let mut push = |when: &str, kind: &str, code| {
            let fault = format!("{read}{when}={kind}");
            all.push(Reading { fault, code });
        };
        for (kind, code) in [
            ("close-before", 8),
            ("500-before", 8),
            ("html-before", 8),
            ("garbled", 8),
            ("foreign", 8),
        ] {
            push("@*", kind, Some(code));
        }
        for kind in ["null", "nulls", "empty", "wrong-id"] {
            push("@*", kind, None);
        }
        for (kind, code) in [("401", 4), ("403", 4), ("422:4", 5), ("404", 3)] {
            push("", kind, Some(code));
        }
        for kind in ODD_READS {
            push("", kind, None);
        }
    }
    let fault = "me@*=429:1".to_owned();
    all.push(Reading { fault, code: Some(7) });
    many("gathering", &all, |reading, problems| {
        let env = reading.env();
        let before = env.state(TILL).figures();
        let ran = env.run(&bill(&["--yes", "--json"]));
        check_secrets(&ran, problems);
        let state = env.state(TILL);
        if UNSEEN.contains(&reading.fault.as_str()) {
            let case = Case::new(reading.fault.clone(), End::Resumed(6));
            return check_run(&ran, &state, &case, problems);
        }
        if let Some(code) = reading.code {
            problems.unless(ran.code == code, || format!("wanted exit {code}: {}", ran.brief()));
        }
        if ran.code == 0 {
            check_right(&state, problems);
            return;
        }
        problems.unless([3, 4, 5, 7, 8].contains(&ran.code), || {
            format!("an odd exit code: {}", ran.brief())
        });
        problems
            .unless(env.writes().is_empty(), || format!("it wrote all the same: {}", ran.brief()));
        problems.same("the ticket", state.figures(), before);
        problems.unless(ran.stdout.is_empty(), || {
            format!("there was no plan, but a stdout: {}", ran.brief())
        });
        problems.unless(!ran.error()["message"].is_null(), || {
            format!("no error object: {}", ran.brief())
        });
        problems.unless(env.journal().is_empty(), || "a plan is in the journal".to_owned());
    });
}

/// The reads after the first write: each is struck in its second turn, once or for good.
#[test]
fn a_check_that_fails_is_never_taken_for_a_yes_or_a_no() {
    let mut all = Vec::new();
    for read in
        ["ticket@2", "ticket@3", "comments@2", "invoices@2", "invoices@3", "invoice", "customer@2"]
    {
        let mut push = |more: &str, kind: &str, code| {
            let at = if read.contains('@') { "" } else { "@1" };
            let at = if more.is_empty() { "" } else { at };
            let fault = format!("{read}{at}{more}={kind}");
            all.push(Reading { fault, code });
        };
        for kind in ODD_READS.iter().filter(|kind| !kind.starts_with("30")) {
            push("", kind, None);
        }
        for kind in ["401", "404", "422:2", "lag:300"] {
            push("", kind, None);
        }
        // The second reading of the ticket may come before the invoice: no doubt, but no invoice either.
        for kind in ["500-before", "html-before", "garbled", "401"] {
            push("+", kind, None);
        }
    }
    many("checks", &all, |reading, problems| {
        let mut env = reading.env();
        let ran = env.run(&bill(&["--yes", "--json"]));
        let case = Case::new(reading.fault.clone(), End::Resumed(ran.code));
        let first = env.state(TILL);
        check_run(&ran, &first, &case, problems);
        if reading.fault.contains("+=") {
            problems.unless(ran.code != 0, || {
                format!("done, though nothing was seen: {}", ran.brief())
            });
            env.restart(&[]);
        }
        let then = env.run(&["resume", "--yes", "--json"]);
        check_secrets(&then, problems);
        problems.unless(then.code == 0, || {
            format!("first: {}\n    afterwards, resume: {}", ran.brief(), then.brief())
        });
        check_right(&env.state(TILL), problems);
    });
}

/// What is looked for may be on any page.
#[test]
fn looks_read_every_page() {
    for fault in ["comment=close-after", "line=close-after", "invoice-create=close-after"] {
        let env =
            TestEnv::of(Setup { faults: vec![fault.to_owned()], list_page: 1, ..Setup::default() });
        // Invoices before it, and after it the colleague's of the same day.
        for _ in 0..3 {
            env.account().invoice(32_174);
        }
        let args = [
            "bill",
            "32174",
            "--minutes",
            "30",
            "--labor",
            "remote",
            "-m",
            MESSAGE,
            "--again",
            "--yes",
            "--json",
        ];
        let ran = env.run(&args);
        ran.ends(0);
        let state = env.state(32_174);
        assert_eq!(
            (state.said(MESSAGE), state.lines.len(), state.invoices.len()),
            (1, 1, 4),
            "{fault}"
        );
        let adopted = ran.json().unwrap()["writes"].to_string().matches("adopted").count();
        assert_eq!(adopted, 1, "{fault}: {ran}");
    }
}

/// A first sending that lands after the second: both are found, and it is said.
#[test]
fn a_late_record_beside_a_second_sending_is_told() {
    for (step, noun) in
        [("comment", "comment"), ("line", "line item"), ("invoice-create", "invoice")]
    {
        // Not before the second sending as a rule, and always before the look that follows it by the settling time.
        let env = TestEnv::of(Setup {
            faults: vec![format!("{step}=late:1250")],
            settle: "0.6",
            resend_after: "0.7",
            ..Setup::default()
        });
        env.run(&bill(&["--yes", "--json"])).ends(6);
        let ran = env.run(&["resume", "--yes", "--json"]);
        let state = env.state(TILL);
        let doubled = [state.said(MESSAGE), state.my_lines().len(), state.my_invoices().len()];
        if doubled.contains(&2) {
            ran.ends(1).says(noun);
            assert_eq!(ran.json().unwrap()["outcome"], "failed");
            assert_ne!(state.status(), "Invoiced");
        } else {
            ran.ends(0);
        }
    }
}
