//! The repair of a bill, which no dry run shows: what its preview tells is changed by somebody else while it waits for its
//! answer, and while each of its requests waits to be sent once more; and what the bill had made is changed before it is
//! offered at all. None of it is then deleted, made anew or given a status.

use std::fmt;

use super::{PROMPT, QUESTION};
use crate::support::{Problems, Setup, TILL, TestEnv, bill, many};

/// A bill that went wrong, and the requests that mend it: as faults name them, and which time that is.
struct Repair {
    fault: &'static str,
    ops: [(&'static str, usize); 3],
}

/// Something that a colleague changes: method and path, body, and before which requests of the repair it is looked at.
type Change = (&'static str, &'static str, &'static [&'static str]);

const REPAIRS: [(Repair, &[Change]); 2] = [
    (
        Repair {
            fault: "line=lost-price",
            ops: [("line-update", 1), ("invoice-create", 1), ("ticket-update", 1)],
        },
        &[SUBJECT, CUSTOMER, STATUS, NAME, QUANTITY, LINE],
    ),
    (
        Repair {
            fault: "invoice-create=zero-invoice",
            ops: [("invoice-delete", 1), ("invoice-create", 2), ("ticket-update", 1)],
        },
        &[SUBJECT, CUSTOMER, STATUS, QUANTITY, LINE, RIGHT, NUMBER],
    ),
];

const ALL: &[&str] = &["line-update", "invoice-delete", "invoice-create", "ticket-update"];
/// What only the last one rests on is looked at before anything is sent, and then again.
const FIRST_AND_LAST: &[&str] = &["line-update", "invoice-delete", "ticket-update"];
/// What makes the invoice, and what comes before it.
const INVOICED: &[&str] = &["line-update", "invoice-delete", "invoice-create"];

const SUBJECT: Change = ("PUT /tickets/{ticket}", r#"{"subject": "The other till"}"#, ALL);
const CUSTOMER: Change = ("PUT /customers/31204551", r#"{"business_name": "Other Books"}"#, ALL);
const STATUS: Change =
    ("PUT /tickets/{ticket}", r#"{"status": "Waiting on Customer"}"#, FIRST_AND_LAST);
const NAME: Change = (
    "PUT /tickets/{ticket}/update_line_item",
    r#"{"ticket_line_item_id": {line}, "name": "Courtesy", "taxable": false}"#,
    INVOICED,
);
const QUANTITY: Change = (
    "PUT /tickets/{ticket}/update_line_item",
    r#"{"ticket_line_item_id": {line}, "quantity": 2, "taxable": false}"#,
    INVOICED,
);
const LINE: Change = (
    "POST /tickets/{ticket}/add_line_item",
    r#"{"name": "Cable", "description": "3 m", "quantity": 1, "price_retail": 6, "taxable": false}"#,
    INVOICED,
);
/// Somebody has put the wrong invoice right.
const RIGHT: Change = (
    "PUT /invoices/{invoice}/line_items/{item}",
    r#"{"price": 120, "taxable": false}"#,
    &["invoice-delete"],
);
const NUMBER: Change = ("PUT /invoices/{invoice}", r#"{"number": "67999"}"#, &["invoice-delete"]);

/// What a bill may be repaired beside, where it is so when the repair is planned: the server may have rewritten a name, and
/// an invoice that is right, or has another number, is taken as it is.
const AS_IT_IS: [&str; 3] = [NAME.1, RIGHT.1, NUMBER.1];

/// A change, when it is made of which bill.
struct Case {
    repair: &'static Repair,
    change: &'static Change,
    at: At,
}

#[derive(Clone, Copy)]
enum At {
    /// Before the repair is planned.
    Before,
    /// While its preview waits for an answer.
    Answer,
    /// While a request of it waits: its place.
    Wait(usize),
    /// Between a cut before that request and its resume.
    Cut(usize),
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = match self.at {
            At::Before => "before its plan".to_owned(),
            At::Answer => "before the answer".to_owned(),
            At::Wait(at) => format!("while {} waits", self.repair.ops[at].0),
            At::Cut(at) => format!("between a cut before {} and resume", self.repair.ops[at].0),
        };
        write!(f, "{}: {} {} {at}", self.repair.fault, self.change.0, self.change.1)
    }
}

/// Has the colleague do it.
fn make(env: &TestEnv, (what, body, _): &Change) {
    let state = env.state(TILL);
    let id = |value: Option<&serde_json::Value>| value.map(|one| one["id"].to_string());
    let ours = state.lines.iter().find(|line| line["product_id"] == 17_340_021);
    let invoice = id(state.invoices.first()).unwrap_or_default();
    let item = match invoice.is_empty() {
        true => String::new(),
        false => {
            env.account().get(&format!("/invoices/{invoice}"))["invoice"]["line_items"][0]["id"]
                .to_string()
        }
    };
    let filled = |text: &str| {
        text.replace("{ticket}", &crate::support::ticket_id(TILL).to_string())
            .replace("{line}", &id(ours).unwrap_or_default())
            .replace("{invoice}", &invoice)
            .replace("{item}", &item)
    };
    let (what, body) = (filled(what), filled(body));
    let (method, path) = what.split_once(' ').unwrap();
    env.colleague().write(method, path, &serde_json::from_str(&body).unwrap());
}

impl Case {
    fn env(&self, faults: impl Iterator<Item = String>) -> TestEnv {
        let faults = std::iter::once(self.repair.fault.to_owned()).chain(faults).collect();
        TestEnv::of(Setup { faults, ..Setup::default() })
    }

    /// How many requests the bill sends before it goes wrong.
    fn sent(&self) -> usize {
        if self.repair.fault.starts_with("line") { 2 } else { 3 }
    }

    fn check(&self, problems: &mut Problems) {
        match self.at {
            At::Before => self.before(problems),
            At::Answer => self.at_the_answer(problems),
            At::Wait(at) => self.while_it_waits(at, problems),
            At::Cut(at) => self.after_a_cut(at, problems),
        }
    }

    /// What was billed is no longer so when the repair is planned.
    fn before(&self, problems: &mut Problems) {
        let env = self.env(std::iter::empty());
        env.run(&bill(&["--yes", "--json"])).ends(1);
        make(&env, self.change);
        let ran = env.run(&["resume", "--yes", "--repair", "--json"]);
        problems.unless([1, 5].contains(&ran.code), || ran.brief());
        problems.same("requests", env.writes().len(), self.sent());
    }

    fn at_the_answer(&self, problems: &mut Problems) {
        let env = self.env(std::iter::empty());
        let mut terminal = env.terminal(&bill(&[]));
        terminal.expect(PROMPT);
        terminal.reply(PROMPT, "y");
        terminal.expect(PROMPT);
        make(&env, self.change);
        terminal.reply(PROMPT, "y");
        if terminal.until_end(QUESTION).is_some() {
            terminal.reply(QUESTION, "");
        }
        let (code, shown) = terminal.end();
        // The bill's own error, since nothing of the repair was sent.
        problems.unless(code == 1, || format!("exit {code}: {shown}"));
        problems.same("requests", env.writes().len(), self.sent());
    }

    fn while_it_waits(&self, at: usize, problems: &mut Problems) {
        let (op, time) = self.repair.ops[at];
        let env = self.env([format!("{op}@{time}=429:3")].into_iter());
        let running = env.spawn(&bill(&["--yes", "--repair", "--json"]));
        env.until_logged(|line| line.fault.as_deref().is_some_and(|fault| fault.contains("429")));
        make(&env, self.change);
        let ran = running.wait();
        problems.unless([1, 5].contains(&ran.code), || ran.brief());
        problems.same("requests", env.writes().len(), self.sent() + at + 1);
    }

    fn after_a_cut(&self, at: usize, problems: &mut Problems) {
        let (op, time) = self.repair.ops[at];
        let env = self.env((time..time + 4).map(|time| format!("{op}@{time}=429:0")));
        let ran = env.run(&bill(&["--yes", "--repair", "--json"]));
        problems.unless(ran.code == 7, || format!("not cut: {}", ran.brief()));
        let sent = env.writes().len();
        make(&env, self.change);
        let ran = env.run(&["resume", "--yes", "--repair", "--json"]);
        problems.unless(ran.code == 5, || ran.brief());
        problems.same("requests of the resume", env.writes().len(), sent);
    }
}

#[test]
fn what_a_repair_rests_on_is_still_so() {
    let mut cases = Vec::new();
    for (repair, changes) in &REPAIRS {
        for change in *changes {
            let mut add = |at| cases.push(Case { repair, change, at });
            if !AS_IT_IS.contains(&change.1) {
                add(At::Before);
            }
            add(At::Answer);
            for (at, (op, _)) in repair.ops.iter().enumerate() {
                if change.2.contains(op) {
                    add(At::Wait(at));
                    // Before the first one the repair is planned anew.
                    if at > 0 {
                        add(At::Cut(at));
                    }
                }
            }
        }
    }
    many("changed before a repair", &cases, |case, problems| case.check(problems));
}
