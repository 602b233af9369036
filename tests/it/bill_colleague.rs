//! A colleague works on the same ticket at the worst moment: nothing is doubled, and nobody is invoiced for a line that
//! was not previewed.
#![cfg(unix)]

use std::fmt;

use serde_json::json;

use crate::support::{
    Account, BILL, BILLED, Line, MESSAGE, Problems, Setup, TILL, TestEnv, UNBILLED, bill, many,
    ticket_id, until,
};

const PROMPT: &str = "[y/N/p";

/// What somebody does meanwhile.
#[derive(Clone, Copy)]
struct Deed {
    name: &'static str,
    act: fn(&TestEnv),
    /// Whether it changes what was previewed.
    matters: bool,
}

impl fmt::Display for Deed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

fn colleague(env: &TestEnv) -> Account {
    env.colleague()
}

const DEEDS: [Deed; 8] = [
    Deed {
        name: "the same comment, by the colleague",
        act: |env| drop(colleague(env).comment(TILL, "Update", MESSAGE)),
        matters: false,
    },
    Deed {
        name: "the same comment, by the same user elsewhere",
        act: |env| drop(env.account().comment(TILL, "Update", MESSAGE)),
        matters: true,
    },
    Deed {
        name: "another line",
        act: |env| drop(colleague(env).line(TILL, "1", "85", "Something else")),
        matters: true,
    },
    Deed {
        name: "the same line",
        act: |env| drop(colleague(env).line(TILL, "0.5", "120", MESSAGE)),
        matters: true,
    },
    Deed { name: "an invoice", act: |env| drop(colleague(env).invoice(TILL)), matters: true },
    Deed {
        name: "a line and its invoice",
        act: |env| {
            colleague(env).line(TILL, "1", "85", "Something else");
            colleague(env).invoice(TILL);
        },
        matters: true,
    },
    Deed {
        name: "another status",
        act: |env| colleague(env).status(TILL, "Waiting on Customer"),
        matters: true,
    },
    Deed { name: "a timer", act: |env| colleague(env).timer(TILL), matters: true },
];

#[test]
fn between_preview_and_answer() {
    many("a colleague before the answer", &DEEDS, |deed, problems| {
        let env = TestEnv::of(Setup::stale());
        let mut terminal = env.terminal(&BILL);
        terminal.expect(PROMPT);
        (deed.act)(&env);
        let (status, invoices) =
            (env.state(TILL).status().to_owned(), env.state(TILL).invoices.len());
        let comments = env.state(TILL).said(MESSAGE);
        terminal.reply(PROMPT, "y");
        if deed.matters {
            // Shown and asked anew; a No leaves everything as it was.
            let again = terminal.expect("[y/N");
            problems.unless(env.writes().is_empty(), || format!("it wrote: {again}"));
            terminal.say("");
            let (code, shown) = terminal.end();
            problems.unless(code == 9, || format!("exit {code}: {shown}"));
            let state = env.state(TILL);
            problems.same("our comments", state.said(MESSAGE), comments);
            problems.same(
                "our lines and invoices",
                (state.my_lines().len(), state.my_invoices().len()),
                (0, 0),
            );
            problems.same(
                "status and invoices",
                (state.status(), state.invoices.len()),
                (status.as_str(), invoices),
            );
        } else {
            let (code, shown) = terminal.end();
            problems.unless(code == 0, || format!("exit {code}: {shown}"));
            problems.same("the ticket", env.state(TILL).ours(), BILLED);
        }
    });
}

#[test]
fn a_changed_preview_may_be_confirmed() {
    let cases = ["another line", "another status"];
    many("a colleague, and a yes all the same", &cases, |name, problems| {
        let env = TestEnv::of(Setup::stale());
        let mut terminal = env.terminal(&BILL);
        terminal.expect(PROMPT);
        let deed = DEEDS.iter().find(|deed| deed.name == *name).unwrap();
        (deed.act)(&env);
        terminal.reply(PROMPT, "y");
        let again = terminal.expect(PROMPT);
        let shown = if *name == "another line" { "145.00" } else { "Waiting on Customer" };
        problems
            .unless(again.contains(shown), || format!("the new preview lacks {shown}: {again}"));
        terminal.reply(PROMPT, "y");
        let (code, shown) = terminal.end();
        problems.unless(code == 0, || format!("exit {code}: {shown}"));
        problems.same("the ticket", env.state(TILL).ours(), BILLED);
    });
}

#[test]
fn an_old_preview_of_what_is_still_so_needs_no_second_answer() {
    let env = TestEnv::of(Setup::stale());
    let mut terminal = env.terminal(&BILL);
    terminal.expect(PROMPT);
    terminal.reply(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(shown.matches("Subtotal").count(), 1, "{shown}");
    assert_eq!(env.state(TILL).ours(), BILLED);
}

/// While the preview is fresh nothing is read again, but before the invoice it is.
#[test]
fn between_preview_and_a_quick_answer() {
    many("a colleague before a quick answer", &DEEDS, |deed, problems| {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&BILL);
        terminal.expect(PROMPT);
        (deed.act)(&env);
        terminal.reply(PROMPT, "y");
        let lines = deed.name.contains("line") || deed.name.contains("invoice");
        if deed.name == "another status" {
            let question = terminal.expect("[y/N]");
            problems.unless(question.contains("Waiting on Customer"), || question.clone());
            terminal.reply("[y/N]", "");
        }
        let (code, shown) = terminal.end();
        let state = env.state(TILL);
        if lines {
            problems.unless(code == 5, || format!("exit {code}: {shown}"));
            problems.same("our invoices", state.my_invoices().len(), 0);
            problems.same("status", state.status(), "In Progress");
        } else if deed.name == "another status" {
            problems.unless(code == 5, || format!("exit {code}: {shown}"));
            problems.same("status", state.status(), "Waiting on Customer");
        } else if deed.name.contains("same user") {
            // Two new ones by one user: which of them is ours cannot be told, so it ends there.
            problems.unless(code == 1, || format!("exit {code}: {shown}"));
            problems.same(
                "our comments and invoices",
                (state.said(MESSAGE), state.my_invoices().len()),
                (2, 0),
            );
        } else {
            problems.unless(code == 0, || format!("exit {code}: {shown}"));
            problems.same(
                "our lines and invoices",
                (state.my_lines().len(), state.my_invoices().len()),
                (1, 1),
            );
        }
    });
}

/// On the heels of one request of a script; with what it must come to.
struct Between {
    fault: &'static str,
    code: i32,
    /// Whether our invoice is made.
    invoiced: bool,
}

impl fmt::Display for Between {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault)
    }
}

const fn between(fault: &'static str, code: i32, invoiced: bool) -> Between {
    Between { fault, code, invoiced }
}

#[test]
fn between_two_steps_of_a_script() {
    let cases = [
        between("comment=then-colleague:comment", 0, true),
        between("comment=then-colleague:line", 5, false),
        between("comment=then-colleague:invoice", 5, false),
        between("comment=then-colleague:status", 5, true),
        between("comment=then-colleague:timer", 0, true),
        between("line=then-colleague:comment", 0, true),
        between("line=then-colleague:line", 5, false),
        between("line=then-colleague:same-line", 5, false),
        between("line=then-colleague:invoice", 5, false),
        between("line=then-colleague:status", 5, true),
        between("comments@2=then-colleague:line", 5, false),
        between("comments@2=then-colleague:invoice", 5, false),
        between("invoice-create=then-colleague:line", 0, true),
        between("invoice-create=then-colleague:invoice", 0, true),
        between("invoice-create=then-colleague:status", 5, true),
        between("find=then-colleague:line", 0, true),
        between("find=then-colleague:invoice", 5, false),
        between("find=then-colleague:timer", 5, false),
        between("find=then-colleague:status", 0, true),
    ];
    many("a colleague between two steps", &cases, |case, problems| {
        let env = TestEnv::with(&[case.fault]);
        let ran = env.run(&bill(&["--yes", "--json"]));
        problems.unless(ran.code == case.code, || {
            format!("wanted exit {}: {}", case.code, ran.brief())
        });
        check_state(&env, case, problems);
        // A script does not decide what a colleague's change means: nothing moves until a person looks.
        if case.code == 5 && !env.writes().is_empty() {
            let before = env.state(TILL).figures();
            let then = env.run(&["resume", "--yes", "--json"]);
            problems.unless(then.code == 5, || format!("resume: {}", then.brief()));
            problems.same("the ticket after resume", env.state(TILL).figures(), before);
        }
    });
}

fn check_state(env: &TestEnv, case: &Between, problems: &mut Problems) {
    let state = env.state(TILL);
    if env.writes().is_empty() {
        problems.same("our records", state.counts(), (UNBILLED.0, UNBILLED.1, UNBILLED.2));
        return;
    }
    let (comments, lines, invoices) = state.counts();
    problems.same("our comments and lines", (comments, lines), (1, 1));
    problems.same("our invoices", invoices, usize::from(case.invoiced));
    if case.code != 0 && !case.fault.ends_with("status") {
        problems.same("status", state.status(), "In Progress");
    }
    if case.fault.ends_with("status") && case.code != 0 {
        problems.same("the colleague's status", state.status(), "Waiting on Customer");
    }
}

/// On a terminal a person decides about the colleague's status.
#[test]
fn a_changed_status_is_asked_about() {
    for (answer, code, status) in [("y", 0, "Invoiced"), ("", 5, "Waiting on Customer")] {
        let env = TestEnv::with(&["invoice-create=then-colleague:status"]);
        let mut terminal = env.terminal(&BILL);
        terminal.answer(PROMPT, "y");
        let question = terminal.expect("[y/N]");
        assert!(question.contains("Waiting on Customer"), "{question}");
        assert!(question.contains("changed ticket #32181 to"), "{question}");
        terminal.reply("[y/N]", answer);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        let told = shown.contains("Waiting on Customer -> Invoiced");
        assert_eq!(told, code == 0, "{shown}");
        let state = env.state(TILL);
        assert_eq!((state.counts(), state.status()), ((1, 1, 1), status));
    }
}

/// No Yes would have an invoice made of what no preview has shown, so nobody is asked; without it the plan is finished.
#[test]
fn nobody_is_asked_about_an_invoice_over_a_colleagues_line() {
    let env = TestEnv::with(&["comment=then-colleague:line"]);
    env.run(&bill(&["--yes"])).ends(5);
    let line = env.state(TILL).lines[0]["id"].clone();
    let (code, shown) = env.terminal_of(200, &["resume"]).end();
    assert!(code == 5 && !shown.contains(PROMPT), "{code}: {shown}");
    assert!(shown.contains(&format!("line item {line} (Patch cable 3 m) was added")), "{shown}");
    assert!(env.state(TILL).my_invoices().is_empty());
    let path = format!("/tickets/{}/remove_line_item", ticket_id(TILL));
    env.colleague().write("POST", &path, &json!({ "ticket_line_item_id": line }));
    let mut terminal = env.terminal(&["resume"]);
    terminal.answer(PROMPT, "y");
    let (code, shown) = terminal.end();
    assert_eq!((code, env.state(TILL).ours()), (0, BILLED), "{shown}");
}

/// However quick the steps are, what was read before the latest of them says nothing of whom the invoice is for.
#[test]
fn a_customer_who_is_disabled_between_the_steps_is_not_invoiced() {
    let customer = |log: &[Line]| {
        let is_invoice = |line: &&Line| line.method == "POST" && line.path.ends_with("/invoices");
        let before = log.iter().take_while(|line| !is_invoice(line));
        before.filter(|line| line.path.ends_with("/customers/31204551")).count()
    };
    for (fault, more) in [("line=slow:500", &[][..]), ("timer-charge=slow:500", &["--log-time"])] {
        let env = TestEnv::with(&[fault]);
        let running = env.spawn(&bill(&[more, &["--yes"]].concat()));
        until("the line is there", || env.state(TILL).lines.len() == 1);
        env.colleague().write("PUT", "/customers/31204551", &json!({"disabled": true}));
        running.wait().ends(5).says("disabled is now yes").says("not written: invoice, status");
        assert!(env.state(TILL).invoices.is_empty());
        // The ticket tells it: no request is made for that.
        assert_eq!(customer(&env.log()), 1);
    }
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        env.account().line(TILL, "1", "120", "Port");
    });
    env.run(&["invoice", "create", "32181", "--yes"]).ends(0);
    assert_eq!(customer(&env.log()), 1);
}
