//! Each write is known once: what a verb shows, asks and sends, and what its plan rests on and makes true, `api` does with
//! the request that the verb would send.

mod appointments;
mod assets;
mod before;
mod comments;
mod contacts;
mod customers;
mod elsewhere;
mod guards;
mod invoices;
mod lines;
mod payments;
mod previewed;
mod tickets;
mod timers;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::{Ran, TestEnv};

/// A write that a verb would make.
struct Verb {
    typed: &'static [&'static str],
    /// The requests that its dry run makes.
    reads: usize,
    /// The guard that stands against it, where one does.
    flag: Option<&'static str>,
    /// A row that its preview must have.
    row: &'static str,
}

/// The rows of a preview, their columns closed up.
fn rows(ran: &Ran) -> Vec<String> {
    let of_preview = |line: &&str| line.is_empty() || line.starts_with("  ");
    let lines = ran.stdout.lines().skip(1).take_while(of_preview);
    let rows = lines.filter(|line| !line.is_empty());
    rows.map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

/// The one write of a dry run.
#[track_caller]
fn write(json: &Value) -> &Value {
    assert_eq!(json["writes"].as_array().map(Vec::len), Some(1), "{json}");
    &json["writes"][0]
}

/// Tries every verb, and `api` with the request that it would send.
#[track_caller]
fn check(verbs: &[Verb]) {
    check_in(TestEnv::new, verbs);
}

/// The same of verbs that make so many requests of their own, to find what was typed.
#[track_caller]
fn check_finding(own: usize, verbs: &[Verb]) {
    for verb in verbs {
        check_one(&TestEnv::new, verb, verb.reads - own);
    }
    println!("parity: {} writes of verbs and of api, 0 differences", verbs.len());
}

/// The same where something has happened before.
#[track_caller]
fn check_in(office: impl Fn() -> TestEnv, verbs: &[Verb]) {
    for verb in verbs {
        check_one(&office, verb, verb.reads);
    }
    println!("parity: {} writes of verbs and of api, 0 differences", verbs.len());
}

/// Tries a verb and its request, for which `api` reads so often.
#[track_caller]
fn check_one(office: &dyn Fn() -> TestEnv, verb: &Verb, of_api: usize) {
    check_warned(office, verb, of_api, Warned::default());
}

/// What is warned of besides guards.
#[derive(Clone, Copy, Default)]
struct Warned {
    /// By the verb and by `api`.
    both: usize,
    /// By the verb alone, of what it reads for that.
    verb: usize,
}

/// The same of a verb with warnings.
#[track_caller]
fn check_warned(office: &dyn Fn() -> TestEnv, verb: &Verb, of_api: usize, warned: Warned) {
    let minute = || Timestamp::now().as_second() / 60;
    let began = minute();
    let env = &office();
    let before = env.log().len();
    let run = |typed: &[&str], more: &[&str]| env.run(&[typed, more].concat());
    let verbs = run(verb.typed, &["--dry-run", "--json"]).ends(0).json().unwrap();
    let asked = env.log().len() - before;
    let sent = write(&verbs);
    let text = |name: &str| sent[name].as_str().unwrap();
    let mut api = vec!["api", text("method"), text("path")];
    let file = env.dir().join("body.json");
    if sent["body"].is_object() {
        std::fs::write(&file, sent["body"].to_string()).unwrap();
        api.extend(["--input", file.to_str().unwrap()]);
    }
    let apis = run(&api, &["--dry-run", "--json"]).ends(0).json().unwrap();
    let reads = (verb.reads, verb.reads + of_api);
    assert_eq!((asked, env.log().len() - before), reads, "{:?}", verb.typed);
    for part in ["method", "path", "body"] {
        assert_eq!(write(&apis)[part], sent[part], "{:?} {part}", verb.typed);
    }
    let all = verbs["warnings"].as_array().unwrap();
    let (found, own) = all.split_at(all.len() - warned.verb);
    assert_eq!(apis["warnings"].as_array().unwrap(), found, "{:?}", verb.typed);
    assert!(own.iter().all(|one| !found.contains(one)), "{:?}: {own:?}", verb.typed);
    let flags: Vec<&str> = verb.flag.iter().flat_map(|flags| flags.split(' ')).collect();
    assert_eq!(found.len(), flags.len() + warned.both, "{:?}: {found:?}", verb.typed);

    let of_verb = rows(run(verb.typed, &["--dry-run"]).ends(0));
    let mut of_api = rows(run(&api, &["--dry-run"]).ends(0));
    if minute() != began {
        // Time that is counted from now is another by now.
        return check_warned(office, verb, reads.1 - reads.0, warned);
    }
    assert!(of_verb.iter().any(|row| row == verb.row), "{:?}: {of_verb:?}", verb.typed);
    assert_eq!(of_api.remove(0), format!("Sends {} {}", text("method"), text("path")));
    let body = sent["body"].as_object().into_iter().flatten();
    for (name, _) in body {
        let at = of_api.iter().rposition(|row| row.starts_with(&format!("{name} ")));
        of_api.remove(at.unwrap());
    }
    assert_eq!(of_api, of_verb, "{:?}", verb.typed);

    // The ticket that is deleted is said twice: as it was typed, to `api` by its number.
    let yes = |number: &'static str| match verb.typed[0] {
        "delete" => vec!["--yes", "--number", number],
        _ => vec!["--yes"],
    };
    let (own, theirs) = (yes(verb.typed[1]), yes("32181"));
    for flag in &flags {
        run(verb.typed, &own).ends(5).says(flag);
        run(&api, &theirs).ends(5).says(flag);
        assert!(env.writes().is_empty(), "{:?}", verb.typed);
    }
    run(&api, &[&theirs[..], &flags].concat()).ends(0);
    let other = office();
    other.run(&[verb.typed, &own, &flags].concat()).ends(0);
    assert_eq!((env.writes().len(), other.writes().len()), (1, 1), "{:?}", verb.typed);
    assert_eq!(planned(env), planned(&other), "{:?}", verb.typed);
}

/// What the journal holds of the plan that was carried out: whom it is about, what is sent, what that makes true, what it
/// rests on and what was there before. Not who made it and when, and not what was shown.
fn planned(env: &TestEnv) -> Value {
    let journal = env.journal();
    assert_eq!(journal.len(), 1);
    let mut plan = journal[0].records[0]["plan"].clone();
    let own = ["id", "command", "title", "account", "preview", "made_at", "next"];
    plan.as_object_mut().unwrap().retain(|name, _| !own.contains(&name.as_str()));
    for step in plan["steps"].as_array_mut().unwrap() {
        let said = ["name", "description", "report"];
        step.as_object_mut().unwrap().retain(|name, _| !said.contains(&name.as_str()));
    }
    // What a person has typed is more than the request that is made of it.
    plan["request"].as_object_mut().unwrap().remove("text");
    without_now(&mut plan);
    plan
}

/// Takes out the times that were counted from the moment of the run.
fn without_now(value: &mut Value) {
    match value {
        Value::String(text) => {
            let at = text.parse::<Timestamp>().ok();
            let ago = at.map(|at| Timestamp::now().duration_since(at).abs());
            if ago.is_some_and(|ago| ago < SignedDuration::from_hours(2)) {
                *value = Value::from("now");
            }
        }
        Value::Array(list) => list.iter_mut().for_each(without_now),
        Value::Object(parts) => parts.values_mut().for_each(without_now),
        _ => {}
    }
}
