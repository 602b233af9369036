//! What was previewed is changed by somebody else before each request of a write: while the preview waits for its answer,
//! while a request waits to be sent again, and between a cut and its resume. Nothing more is sent, and what was previewed is
//! named. Which facts a preview shows its dry run tells; which of its requests rest on one stands in the table.
#![cfg(unix)]

mod facts;
mod repaired;
mod spelled;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::pending;
use crate::support::{
    Account, Line, Problems, Ran, Setup, Terminal, TestEnv, files, many, none_lost,
};
use facts::{ADVISORY, Advice, FACTS, Fact, HELD, kind};
use table::{Call, WRITES, Write};

const PROMPT: &str = "[y/N/p";

/// How the prompt begins, and what is asked of a value that somebody has changed.
const QUESTION: &str = "[y/N";

impl Write {
    /// An account with all that it is about, and with the faults of `setup` besides its own.
    fn env(&self, mut setup: Setup) -> TestEnv {
        setup.faults.splice(0..0, self.faults.iter().map(|fault| (*fault).to_owned()));
        let prepare = |env: &TestEnv| {
            for call in self.office {
                let (status, made) = asked(&env.account(), *call);
                assert!((200..300).contains(&status), "{call:?}: {status} {made}");
            }
        };
        TestEnv::prepared(setup, prepare).0
    }

    fn run(&self, env: &TestEnv, more: &[&str]) -> Ran {
        env.run(&self.with(more).iter().map(String::as_str).collect::<Vec<_>>())
    }
}

/// The answer to a request.
fn asked(account: &Account, (what, body): Call) -> (u16, Value) {
    let (method, path) = what.split_once(' ').unwrap();
    account.call(method, path, Some(&serde_json::from_str(body).unwrap()))
}

impl Fact {
    fn change(&self, env: &TestEnv) -> bool {
        match self.call.0.strip_prefix("EDIT /") {
            Some(record) => edited(env, record, self.call.1),
            None => (200..300).contains(&asked(&env.colleague(), self.call).0),
        }
    }
}

/// Changes in the account itself what no request can.
fn edited(env: &TestEnv, record: &str, body: &str) -> bool {
    let account = env.dir().join("account/state.json");
    let mut state: Value = serde_json::from_slice(&std::fs::read(&account).unwrap()).unwrap();
    let members: serde_json::Map<String, Value> = serde_json::from_str(body).unwrap();
    let record = state.pointer_mut(&format!("/tables/{record}")).unwrap().as_object_mut().unwrap();
    record.extend(members);
    replace(&account, &serde_json::to_vec(&state).unwrap());
    true
}

/// Puts a file in the place of another at once.
fn replace(path: &Path, content: &[u8]) {
    let new = path.with_extension("new");
    std::fs::write(&new, content).unwrap();
    std::fs::rename(&new, path).unwrap();
}

/// The account and the plans as they lie on the disk, to put them back.
struct Before {
    account: Vec<u8>,
    plans: Vec<(PathBuf, Vec<u8>)>,
}

impl Before {
    fn of(env: &TestEnv) -> Self {
        let plans = files(&env.state_dir().join("journal")).into_iter();
        let plans = plans.map(|path| (path.clone(), std::fs::read(path).unwrap()));
        let account = std::fs::read(env.dir().join("account/state.json")).unwrap();
        Self { account, plans: plans.collect() }
    }

    fn back(&self, env: &TestEnv) {
        replace(&env.dir().join("account/state.json"), &self.account);
        for (path, plan) in &self.plans {
            std::fs::write(path, plan).unwrap();
        }
    }
}

/// The facts that the preview of a write shows: it is another one without them. And what it reads, by its kinds.
fn shown(write: &Write) -> (Vec<&'static Fact>, BTreeSet<String>) {
    let env = write.env(Setup::default());
    // When a timer begins that begins now is of the present, and so is what one that runs has taken.
    let of_now = ["start_at", "running from", " rounds to "];
    let is_now = |line: &&str| !of_now.iter().any(|words| line.contains(words));
    let preview = || {
        let ran = write.run(&env, &["--dry-run"]);
        let lines: Vec<&str> = ran.stdout.lines().filter(is_now).collect();
        Ran { stdout: lines.join("\n"), ..ran }
    };
    let (first, before) = (preview(), Before::of(&env));
    assert_eq!(first.code, 0, "{first}");
    let reads: Vec<String> = env.log().iter().map(|line| line.path.clone()).collect();
    let is_read = |fact: &&Fact| {
        let record = fact.record();
        // A customer shows its contacts.
        let around = if record.starts_with("/contacts") { "/customers/" } else { &*record };
        reads.iter().any(|read| read.contains(&record) || read.contains(around))
    };
    let is_shown = |fact: &&Fact| {
        let changed = fact.change(&env);
        let then = preview();
        before.back(&env);
        // What is of the present differs by itself.
        let differs = changed && then.code == 0 && then.stdout != first.stdout;
        differs && then.stdout != preview().stdout
    };
    let kinds = reads.iter().map(|path| kind(path)).collect();
    (FACTS.iter().filter(is_read).filter(is_shown).collect(), kinds)
}

/// A fault at a request, so many times after the one that is meant.
fn fault(op: &str, later: usize, kind: &str) -> String {
    let (name, nth) = op.split_once('@').unwrap_or((op, "1"));
    format!("{name}@{}={kind}", nth.parse::<usize>().unwrap() + later)
}

/// The faults by which a request is turned away as often as one run tries it.
fn turned_away(write: &Write, op: &str) -> Setup {
    let times = if write.is_once { 1 } else { 4 };
    let faults = (0..times).map(|time| fault(op, time, "429:0")).collect();
    Setup { faults, ..Setup::default() }
}

#[test]
fn what_was_previewed_and_is_no_longer_so_is_not_written() {
    let counts: [AtomicUsize; 6] = Default::default();
    let add = |at: usize| {
        counts[at].fetch_add(1, Ordering::Relaxed);
    };
    let facts = std::sync::Mutex::new(BTreeMap::new());
    let sent = std::sync::Mutex::new(BTreeSet::new());
    let advised = std::sync::Mutex::new(BTreeSet::new());
    let read = std::sync::Mutex::new(BTreeSet::new());
    many("writes of previewed facts", WRITES, |write, problems| {
        let (shown, kinds) = shown(write);
        read.lock().unwrap().extend(kinds);
        for fact in &shown {
            *facts.lock().unwrap().entry(fact.to_string()).or_insert(0) += 1;
            add(0);
        }
        problems.unless(!shown.is_empty(), || "no fact is shown".to_owned());
        let is_ground = |fact: &Fact| fact.is_of(write.ops) && fact.advice(write).is_none();
        for fact in shown.iter().filter(|fact| !is_ground(fact)) {
            let advice = fact.advice(write);
            problems.unless(advice.is_some(), || format!("{fact}: nothing rests on it"));
            advised.lock().unwrap().extend(advice);
        }
        before_the_answer(write, &shown, problems, &|| add(1));
        let rests: Vec<&Fact> = shown.iter().copied().filter(|fact| is_ground(fact)).collect();
        before_a_quick_answer(write, &rests, problems, &|| add(4));
        for (index, op) in write.ops.iter().enumerate() {
            let facts = rests.iter().filter(|fact| fact.is_of(&write.ops[index..]));
            let facts: Vec<&Fact> = facts.copied().collect();
            let all =
                between_a_cut_and_its_resume(write, op, &facts, problems, [&|| add(3), &|| add(5)]);
            sent.lock().unwrap().extend(all);
            // Before the first request all is looked at; what only a later one rests on, before that one again.
            if write.is_once {
                continue;
            }
            for fact in facts.into_iter().filter(|fact| index == 0 || fact.is_of(&[*op])) {
                while_it_waits(write, (index, op), fact, problems);
                add(2);
            }
        }
    });
    let facts = facts.into_inner().unwrap();
    let unseen: Vec<String> =
        FACTS.iter().map(Fact::to_string).filter(|fact| !facts.contains_key(fact)).collect();
    assert!(unseen.is_empty(), "no preview shows {unseen:#?}");
    // What is read and never changed has its reason, and no other.
    let changed: BTreeSet<String> = FACTS.iter().map(Fact::kind).collect();
    let held = HELD.iter().map(|(kind, _)| (*kind).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(
        read.into_inner().unwrap().difference(&changed).cloned().collect::<BTreeSet<_>>(),
        held
    );
    // No advice is wider than what is shown.
    let advice: BTreeSet<_> = ADVISORY.iter().flat_map(Advice::pairs).collect();
    assert_eq!(advised.into_inner().unwrap(), advice);
    each_write_of_the_server_is_among(&sent.into_inner().unwrap());
    let [shown, answers, waits, cuts, quick, resumes] = counts.map(AtomicUsize::into_inner);
    println!(
        "previewed facts, changed: {} facts in {} writes, {shown} shown; {answers} before the answer, {quick} before a quick one, {waits} while a request waits, {cuts} before a resume, {resumes} at its prompt",
        facts.len(),
        WRITES.len(),
    );
    none_lost("previewed facts and a quick answer", quick);
    none_lost("previewed facts and the prompt of a resume", resumes);
    assert!(shown >= 278 && answers >= 278 && waits >= 295 && cuts >= 309, "cases are lost");
}

/// On a terminal: what has changed by the time of the answer is previewed and asked again.
fn before_the_answer(write: &Write, facts: &[&Fact], problems: &mut Problems, count: &dyn Fn()) {
    let env = write.env(Setup::stale());
    let before = Before::of(&env);
    for fact in facts {
        let (code, shown) = changed_at_the_prompt(&env, write, fact);
        problems.unless([5, 9].contains(&code), || format!("{fact}: exit {code}: {shown}"));
        problems.unless(env.writes().is_empty(), || format!("{fact}: it wrote: {shown}"));
        before.back(&env);
        count();
    }
}

/// The same within the seconds in which the lists that were read are not read again: nothing is sent, though only the last
/// request rests on it.
fn before_a_quick_answer(
    write: &Write,
    facts: &[&Fact],
    problems: &mut Problems,
    count: &dyn Fn(),
) {
    for fact in facts {
        let env = write.env(Setup::default());
        let (code, shown) = changed_at_the_prompt(&env, write, fact);
        let expected = if write.is_reread { 9 } else { 5 };
        problems.unless(code == expected, || format!("{fact}, quick: exit {code}: {shown}"));
        problems.unless(env.writes().is_empty(), || format!("{fact}, quick: it wrote: {shown}"));
        count();
    }
}

/// A Yes to a preview that is no longer so, and a No to whatever is asked then: the code and what was shown.
fn changed_at_the_prompt(env: &TestEnv, write: &Write, fact: &Fact) -> (i32, String) {
    let args = write.with(&[]);
    let mut terminal = env.terminal(&args.iter().map(String::as_str).collect::<Vec<_>>());
    for asked in write.asked {
        terminal.answer(asked, "");
    }
    changed_at(terminal, env, fact)
}

/// The same at the prompt that comes next.
fn changed_at(mut terminal: Terminal, env: &TestEnv, fact: &Fact) -> (i32, String) {
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
    let faults = vec![fault(op, 0, "429:1")];
    let env = write.env(Setup { faults, ..Setup::default() });
    let args = write.with(&["--yes", "--json"]);
    let running = env.spawn(&args.iter().map(String::as_str).collect::<Vec<_>>());
    env.until_logged(|line| line.fault.as_deref().is_some_and(|fault| fault.contains("429")));
    fact.change(&env);
    let ran = running.wait();
    problems.unless(ran.code == 5, || format!("{fact} before {op}: {}", ran.brief()));
    problems.same(&format!("{fact}: requests to {op}"), env.writes().len(), index + 1);
}

/// Between a cut and `resume --yes`, which then sends nothing; without the change it finishes. Returns all that was sent.
fn between_a_cut_and_its_resume(
    write: &Write,
    op: &str,
    facts: &[&Fact],
    problems: &mut Problems,
    [count, asked]: [&dyn Fn(); 2],
) -> Vec<String> {
    let env = write.env(turned_away(write, op));
    let ran = write.run(&env, &["--yes", "--json"]);
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
    // On a terminal, between its preview and the answer: of what only a later request rests on.
    for fact in facts.iter().filter(|fact| !fact.is_of(&[op])) {
        let (code, shown) = changed_at(env.terminal(&["resume"]), &env, fact);
        problems
            .unless(code == 5, || format!("{fact}, at the resume before {op}: {code}: {shown}"));
        problems.same(&format!("{fact}: requests of that resume"), env.writes().len(), sent);
        before.back(&env);
        asked();
    }
    let ran = super::resume(&env);
    problems.unless(ran.code == 0, || format!("resume before {op}: {}", ran.brief()));
    env.writes().iter().map(Line::asked).collect()
}

/// Commands that confirm what is no preview of an account's records, and why.
const ELSEWHERE: [(&str, &str); 6] = [
    ("config set", "it writes a file"),
    ("config unset", "it writes a file"),
    ("init", "it writes a file"),
    ("logout", "it removes a key"),
    ("sandbox reset", "it empties the practice account"),
    ("resume", "it shows what another command has previewed: it is tried with each of them"),
];

/// No command that writes is missing from the table.
#[test]
fn each_command_that_writes_is_in_the_table() {
    let mut lacking = Vec::new();
    for leaf in crate::options::leaves() {
        let page = syncro::help::command(syncro::cli::command(), &leaf.typed).unwrap();
        let mut args = page.get_arguments();
        let writes = args.any(|arg| arg.get_id() == "yes" && !arg.is_hide_set());
        let typed = leaf.typed.join(" ");
        let is_there = WRITES.iter().any(|write| write.typed.starts_with(&format!("{typed} ")));
        if writes && !is_there && ELSEWHERE.iter().all(|(other, _)| *other != typed) {
            lacking.push(typed);
        }
    }
    assert!(lacking.is_empty(), "no rows: {lacking:?}");
}

/// Writes whose preview shows nothing of the account, and why.
const SHOW_NOTHING: &[(&str, &str)] = &[
    ("DELETE customers/{customer}/phones/{id}", PATH_ALONE),
    ("POST customers/{customer}/phones", PATH_ALONE),
    ("POST estimates/{estimate_or_number}/email", PATH_ALONE),
    ("POST estimates/{estimate_or_number}/print", PATH_ALONE),
    ("POST invoices/{invoice}/print", PATH_ALONE),
    ("POST products", PATH_ALONE),
    ("POST rmm_alerts", PATH_ALONE),
    ("POST rmm_alerts/{alert}/mute", PATH_ALONE),
    ("POST tickets/{ticket}/attach_file_url", PATH_ALONE),
    ("POST tickets/{ticket}/delete_attachment", PATH_ALONE),
    ("POST tickets/{ticket}/print", PATH_ALONE),
    ("PUT customers/{customer}/phones/{id}", PATH_ALONE),
    ("DELETE rmm_alerts/{alert}", "what it shows of the alert, nobody can change"),
];

const PATH_ALONE: &str = "nothing but the path is known of it";

/// Nor is a write of the practice server, by its method and path.
fn each_write_of_the_server_is_among(sent: &BTreeSet<String>) {
    let lacking: BTreeSet<String> = crate::write_faults::written()
        .filter(|(method, path, _)| !sent.iter().any(|one| is_of(one, method, path)))
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    let known = SHOW_NOTHING.iter().map(|(write, _)| (*write).to_owned());
    assert_eq!(lacking, known.collect::<BTreeSet<_>>(), "no rows in the table");
}

/// Whether a request, `PUT tickets/108443837`, is one of such a route.
fn is_of(sent: &str, method: &str, route: &str) -> bool {
    let Some((by, path)) = sent.split_once(' ') else {
        return false;
    };
    let (route, path): (Vec<_>, Vec<_>) = (route.split('/').collect(), path.split('/').collect());
    let mut parts = route.iter().zip(&path);
    by == method
        && route.len() == path.len()
        && parts.all(|(own, asked)| own.starts_with('{') || own == asked)
}
