//! What was previewed is changed by somebody else before each request of a write: while the preview waits for its answer,
//! while a request waits to be sent again, and between a cut and its resume. Nothing more is sent, and what was previewed is
//! named. Which facts a preview shows its dry run tells; which of its requests rest on one stands in the table.
#![cfg(unix)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::pending;
use crate::support::{Problems, Setup, TestEnv, many, none_lost};

const PROMPT: &str = "[y/N/p";

/// How the prompt begins, and what is asked of a value that somebody has changed.
const QUESTION: &str = "[y/N";

/// A write, and its requests as faults name them; `~` is a space within a word.
struct Write {
    typed: &'static str,
    ops: &'static [&'static str],
}

impl fmt::Display for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.typed)
    }
}

impl Write {
    fn with(&self, more: &[&str]) -> Vec<String> {
        let typed = self.typed.split(' ').map(|word| word.replace('~', " "));
        typed.chain(more.iter().map(|word| (*word).to_owned())).collect()
    }
}

const fn write(typed: &'static str, ops: &'static [&'static str]) -> Write {
    Write { typed, ops }
}

const WRITES: &[Write] = &[
    write("update 32181 Resolved", &["ticket-update"]),
    write("update 32181 --priority high --contact joss", &["ticket-update"]),
    write("close 32181 -m Copied --no-log", &["comment", "ticket-update"]),
    write("comment 32181 Copied", &["comment"]),
    write(
        "bill 32181 --minutes 30 --labor remote -m Copied --description Copied",
        &["comment", "line", "invoice-create", "ticket-update"],
    ),
    write(
        "create 31204551 Blank --description Since~today --contact 7804552",
        &["ticket-create", "comment"],
    ),
    write("delete 32181 --number 32181", &["ticket-delete"]),
    write("line add 32181 --labor remote --minutes 30", &["line"]),
    write("line update 32178 2964400001 --quantity 2", &["line-update"]),
    write("line remove 32178 2964400001", &["line-remove"]),
    write("timer add 32181 --minutes 45 --labor remote --start 2026-03-17~10:00", &["timer-add"]),
    write("timer update 32168 48700003 --notes Port --labor onsite", &["timer-update"]),
    write("timer delete 32168 48700003", &["timer-delete"]),
    write("timer charge 32168", &["timer-charge"]),
    write("invoice update 67409 --note Thanks", &["invoice-update"]),
    write("invoice delete 67409 --keep-status", &["invoice-delete"]),
    write("payment add 67409 --amount 20.05 --method Check", &["payment-create"]),
    write("contact update 7804551 --title Owner", &["contact-update"]),
    write("contact create 31204551 Ada~Finch", &["contact-create"]),
    write("customer update 31204551 --city Port", &["customer-update"]),
    write("asset update 12400000 --name Till", &["asset-update"]),
    write("asset create 31204551 TILL-3 --type Desktop", &["asset-create"]),
    write("appointment add 32181 --start 2027-03-18~09:00", &["appointment-create"]),
    write("contact delete 7804552", &["contact-delete"]),
    write("contact disable 7804551", &["contact-update"]),
    write("timer stop 32175 --large", &["timer-update"]),
];

/// Something that a colleague changes, and the requests that rest on it where it is previewed.
struct Fact {
    path: &'static str,
    body: &'static str,
    /// None where all do.
    of: &'static [&'static str],
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PUT {} {}", self.path, self.body)
    }
}

const fn fact(path: &'static str, body: &'static str, of: &'static [&'static str]) -> Fact {
    Fact { path, body, of }
}

/// The ticket's own requests that say what they change, or show what is removed.
const OWN: &[&str] = &["ticket-update", "ticket-delete"];

const FACTS: &[Fact] = &[
    fact("/tickets/108443837", r#"{"subject": "The other till"}"#, &[]),
    fact("/tickets/108443837", r#"{"customer_id": 31204602, "contact_id": 7804602}"#, &[]),
    fact("/tickets/108443837", r#"{"status": "Waiting on Customer"}"#, OWN),
    fact("/tickets/108443837", r#"{"priority": "0 Urgent"}"#, OWN),
    fact("/tickets/108443837", r#"{"contact_id": null}"#, &["comment", "ticket-update"]),
    fact("/tickets/108443714", r#"{"subject": "The other drive"}"#, &[]),
    fact("/tickets/108443591", r#"{"subject": "The other export"}"#, &[]),
    fact("/tickets/108443304", r#"{"subject": "The other terminal"}"#, &[]),
    fact("/contacts/7804551", r#"{"name": "Imelda Quill", "email": "iq@x.example"}"#, &["comment"]),
    fact("/contacts/7804551", r#"{"name": "Imelda Quill", "opt_out": true}"#, &["comment"]),
    fact("/contacts/7804551", r#"{"name": "I. Quill"}"#, OWN_CONTACT),
    fact("/contacts/7804551", r#"{"name": "Imelda Quill", "title": "Boss"}"#, OWN_CONTACT),
    fact("/contacts/7804552", r#"{"name": "J. Pennock"}"#, JOSS),
    fact("/customers/31204551", r#"{"business_name": "Other Books"}"#, &[]),
    fact("/customers/31204551", r#"{"no_email": true}"#, &["comment"]),
    fact("/customers/31204551", r#"{"city": "Elsewhere"}"#, &["customer-update"]),
    fact("/customers/31204618", r#"{"business_name": "Other Garden"}"#, &[]),
    fact("/customers/31204671", r#"{"business_name": "Other Vets"}"#, &[]),
    fact("/products/17340021", r#"{"price_retail": 130, "taxable": false}"#, &["line"]),
    fact("/products/17340021", r#"{"name": "Remote", "taxable": false}"#, &["line", "timer-add"]),
    fact("/products/17340022", r#"{"name": "Onsite", "taxable": false}"#, &["timer-update"]),
    fact(
        "/tickets/108443714/update_line_item",
        r#"{"ticket_line_item_id": 2964400001, "price_retail": 70, "taxable": false}"#,
        &[],
    ),
    fact(
        "/tickets/108443714/update_line_item",
        r#"{"ticket_line_item_id": 2964400001, "name": "A disk", "taxable": false}"#,
        &[],
    ),
    fact(
        "/tickets/108443304/update_timer_entry",
        r#"{"timer_entry_id": 48700003, "duration_minutes": 90}"#,
        &["timer-update", "timer-delete", "timer-charge"],
    ),
    fact(
        "/tickets/108443304/update_timer_entry",
        r#"{"timer_entry_id": 48700003, "notes": "Cables"}"#,
        &["timer-update", "timer-delete", "timer-charge"],
    ),
    fact("/invoices/1652300000", r#"{"note": "Thank you"}"#, &["invoice-update"]),
    fact("/customer_assets/12400000", r#"{"name": "Server 9"}"#, &["asset-update"]),
];

/// What names the other contact of the till's customer, or is about that one.
const JOSS: &[&str] = &["ticket-create", "ticket-update", "contact-delete"];

const OWN_CONTACT: &[&str] = &["contact-update", "ticket-update"];

impl Fact {
    fn change(&self, env: &TestEnv) -> bool {
        let body = serde_json::from_str(self.body).unwrap();
        let (status, _) = env.colleague().call("PUT", self.path, Some(&body));
        status == 200
    }

    /// Whether one of those requests rests on it.
    fn is_of(&self, ops: &[&str]) -> bool {
        self.of.is_empty() || ops.iter().any(|op| self.of.contains(op))
    }
}

/// The account as it lies on the disk, to put it back.
struct Before(Vec<u8>);

impl Before {
    fn of(env: &TestEnv) -> Self {
        Self(std::fs::read(env.dir().join("account/state.json")).unwrap())
    }

    fn back(&self, env: &TestEnv) {
        let new = env.dir().join("account/state.back");
        std::fs::write(&new, &self.0).unwrap();
        std::fs::rename(&new, env.dir().join("account/state.json")).unwrap();
    }
}

fn run(env: &TestEnv, args: &[String]) -> crate::support::Ran {
    env.run(&args.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The facts that the preview of a write shows: it is another one without them.
fn shown(write: &Write) -> Vec<&'static Fact> {
    let env = TestEnv::new();
    let preview = || run(&env, &write.with(&["--dry-run"]));
    let (first, before) = (preview(), Before::of(&env));
    assert_eq!(first.code, 0, "{first}");
    let reads: Vec<String> = env.log().iter().map(|line| line.path.clone()).collect();
    let is_read = |fact: &&Fact| {
        let record: Vec<&str> = fact.path.split('/').take(3).collect();
        let record = record.join("/");
        reads.iter().any(|read| read.contains(&record) || read.contains("/customers/"))
    };
    FACTS
        .iter()
        .filter(is_read)
        .filter(|fact| {
            let changed = fact.change(&env);
            let then = preview();
            before.back(&env);
            changed && then.code == 0 && then.stdout != first.stdout
        })
        .collect()
}

/// The faults by which a request is turned away as often as one run tries it.
fn turned_away(op: &str) -> Setup {
    let faults = (1..=4).map(|time| format!("{op}@{time}=429:0")).collect();
    Setup { faults, ..Setup::default() }
}

#[test]
fn what_was_previewed_and_is_no_longer_so_is_not_written() {
    let counts: [AtomicUsize; 5] = Default::default();
    let add = |at: usize| {
        counts[at].fetch_add(1, Ordering::Relaxed);
    };
    let facts = std::sync::Mutex::new(BTreeMap::new());
    many("writes of previewed facts", WRITES, |write, problems| {
        let shown = shown(write);
        for fact in &shown {
            *facts.lock().unwrap().entry(fact.to_string()).or_insert(0) += 1;
            add(0);
        }
        problems.unless(!shown.is_empty(), || "no fact is shown".to_owned());
        // A form is filled in, and a number is typed, before these are asked about.
        if !["create", "delete"].iter().any(|verb| write.typed.starts_with(verb)) {
            before_the_answer(write, &shown, problems, &|| add(1));
            let rests = |fact: &&&Fact| fact.is_of(write.ops);
            let facts: Vec<&Fact> = shown.iter().filter(rests).copied().collect();
            before_a_quick_answer(write, &facts, problems, &|| add(4));
        }
        for (index, op) in write.ops.iter().enumerate() {
            let facts = shown.iter().filter(|fact| fact.is_of(&write.ops[index..]));
            let facts: Vec<&Fact> = facts.copied().collect();
            between_a_cut_and_its_resume(write, op, &facts, problems, &|| add(3));
            let mut records = BTreeSet::new();
            // What only a later request rests on is read again before that one, where it is old by then.
            let own = facts.into_iter().filter(|fact| fact.is_of(&[*op]));
            for fact in own.filter(|fact| records.insert(fact.path)) {
                while_it_waits(write, (index, op), fact, problems);
                add(2);
            }
        }
    });
    let facts = facts.into_inner().unwrap();
    let unseen: Vec<String> =
        FACTS.iter().map(Fact::to_string).filter(|fact| !facts.contains_key(fact)).collect();
    assert!(unseen.is_empty(), "no preview shows {unseen:#?}");
    let [shown, answers, waits, cuts, quick] = counts.map(AtomicUsize::into_inner);
    println!(
        "previewed facts, changed: {} facts in {} writes, {shown} shown; {answers} before the answer, {quick} before a quick one, {waits} while a request waits, {cuts} before a resume",
        facts.len(),
        WRITES.len(),
    );
    none_lost("previewed facts and a quick answer", quick);
    assert!(shown >= 80 && answers >= 74 && waits >= 55 && cuts >= 96, "cases are lost");
}

/// On a terminal: what has changed by the time of the answer is previewed and asked again.
fn before_the_answer(write: &Write, facts: &[&Fact], problems: &mut Problems, count: &dyn Fn()) {
    let env = TestEnv::of(Setup::stale());
    let before = Before::of(&env);
    for fact in facts {
        let (code, shown) = changed_at_the_prompt(&env, write, fact);
        problems.unless([5, 9].contains(&code), || format!("{fact}: exit {code}: {shown}"));
        problems.unless(env.writes().is_empty(), || format!("{fact}: it wrote: {shown}"));
        before.back(&env);
        count();
    }
}

/// The same within the seconds in which the lists that were read are not read again: no request that rests on it is sent.
fn before_a_quick_answer(
    write: &Write,
    facts: &[&Fact],
    problems: &mut Problems,
    count: &dyn Fn(),
) {
    for fact in facts {
        let env = TestEnv::new();
        let (code, shown) = changed_at_the_prompt(&env, write, fact);
        problems.unless(code == 5, || format!("{fact}, quick: exit {code}: {shown}"));
        let first = write.ops.iter().position(|op| fact.is_of(&[*op])).unwrap_or_default();
        let most = env.writes().len() <= first;
        problems.unless(most, || format!("{fact}, quick: it wrote: {shown}"));
        count();
    }
}

/// A Yes to a preview that is no longer so, and a No to whatever is asked then: the code and what was shown.
fn changed_at_the_prompt(env: &TestEnv, write: &Write, fact: &Fact) -> (i32, String) {
    let args = write.with(&[]);
    let mut terminal = env.terminal(&args.iter().map(String::as_str).collect::<Vec<_>>());
    terminal.expect(PROMPT);
    fact.change(env);
    terminal.reply(PROMPT, "y");
    if terminal.until_end(QUESTION).is_some() {
        terminal.reply(QUESTION, "");
    }
    terminal.end()
}

/// In a script, while a request waits to be sent once more.
fn while_it_waits(write: &Write, (index, op): (usize, &str), fact: &Fact, problems: &mut Problems) {
    let faults = vec![format!("{op}@1=429:1")];
    let env = TestEnv::of(Setup { faults, ..Setup::default() });
    let args = write.with(&["--yes", "--json"]);
    let running = env.spawn(&args.iter().map(String::as_str).collect::<Vec<_>>());
    env.until_logged(|line| line.fault.is_some());
    fact.change(&env);
    let ran = running.wait();
    problems.unless(ran.code == 5, || format!("{fact} before {op}: {}", ran.brief()));
    problems.same(&format!("{fact}: requests to {op}"), env.writes().len(), index + 1);
}

/// Between a cut and `resume --yes`, which then sends nothing; without the change it finishes.
fn between_a_cut_and_its_resume(
    write: &Write,
    op: &str,
    facts: &[&Fact],
    problems: &mut Problems,
    count: &dyn Fn(),
) {
    let env = TestEnv::of(turned_away(op));
    let ran = run(&env, &write.with(&["--yes", "--json"]));
    problems.unless(ran.code == 7 && pending(&env) == 1, || format!("not cut: {}", ran.brief()));
    let (before, sent) = (Before::of(&env), env.writes().len());
    for fact in facts {
        problems.unless(fact.change(&env), || format!("{fact} changes nothing"));
        let ran = super::resume(&env);
        problems.unless(ran.code == 5, || format!("{fact}, resume before {op}: {}", ran.brief()));
        problems.same(&format!("{fact}: requests of the resume"), env.writes().len(), sent);
        before.back(&env);
        count();
    }
    let ran = super::resume(&env);
    problems.unless(ran.code == 0, || format!("resume before {op}: {}", ran.brief()));
}
