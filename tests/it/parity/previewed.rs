//! What a preview shows, its write rests on. Every value of every record that was read for a plan is changed, one at a time;
//! where that changes a row of the preview, something that the plan must find as it was has to mind. Nothing is listed here
//! but the writes, so that a new row without its precondition fails from its first day.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::{Value, json};
use syncro::api::observe::Unobserved;
use syncro::api::resources::users::{self, Me};
use syncro::api::{ApiKey, Method, Reader, Transport};
use syncro::config::Settings;
use syncro::operations::{Env, Names, Operation, stays_uninvoiced};
use syncro::render::preview::Sheet;
use syncro::render::{asking, wrap};
use syncro::write::{
    Account, Baseline, Field, LineKind, Precondition, Preview, ReadSet, Request, RetryPolicy,
    Scope, Snapshot, Step, snapshot,
};

use super::guards::{ROWS, Row, nothing, row, visit};
use crate::support::{Problems, TestEnv, many};
use crate::transport::connection;

/// Writes that no guard stands against, or that show more than those of the guards' rows.
const MORE: &[Row] = &[
    row("", "update 32181 Resolved", nothing),
    row("", "update 32181 --priority high --due 2026-05-23 --assign none", nothing),
    row("", "update 32181 --contact joss", nothing),
    row("", "update 32181 --customer 31204602", nothing),
    row("", "close 32181 --no-comment --no-log", nothing),
    row("", "comment 32181 Copied --hidden", nothing),
    row("", "create 31204551 Blank --contact 7804552 --due 2027-05-23", nothing),
    row("", "customer update 31204551 --phone 555-0199 --city Port~Haven", nothing),
    row("", "contact update 7804551 --phone 555-0199 --title Owner", nothing),
    row("", "contact disable 7804551", nothing),
    row("", "contact create 31204551 Ada~Finch --phone 555-0134", nothing),
    row("", "asset update 12400000 --property OS=Windows~11 --name Till", nothing),
    row("", "line update 32178 2964400001 --quantity 2 --name SSD", nothing),
    row("", "line remove 32178 2964400001", nothing),
    row("", "timer update 32168 48700003 --minutes 1h --notes Port --labor onsite", nothing),
    row("", "timer delete 32168 48700003", nothing),
    row("", "timer charge 32168", nothing),
    row("", "invoice update 67409 --due 2027-06-30 --note Thanks", nothing),
    row("", "invoice email 67409", nothing),
    row("", "payment add 67409 --amount 20.05 --method Check", nothing),
    row("", "appointment add 32181 --start 2027-03-18~09:00 --type onsite --mail", nothing),
    row(
        "",
        "create 31204551 Blank --contact 7804552 --start 2027-03-18~09:00 --mail-appointment",
        nothing,
    ),
    row("", "line add 32181 --product 17340101", nothing),
    row("", "timer add 32181 --minutes 45 --labor remote", nothing),
    row("", "appointment cancel 5560900021", visit),
    row("", "move-appointment 31204551 --appointment 5560900021 --to 2027-03-19~14:00", visit),
    row("", "customer create Bluebird~Bakery --phone 555-0133 --contact Ada~Finch", nothing),
    row("", "contact delete 7804552", nothing),
    row("", "api DELETE contracts/310021", nothing),
    row("", "api DELETE estimates/9120011", nothing),
];

/// Guards that stand against writes which show what others of their kind show.
const ALIKE: [&str; 6] =
    ["allow-secrets", "large", "past", "disabled", "opted-out", "same-comment"];

/// What a plan shows, does and rests on.
struct Proposed {
    text: String,
    preview: Preview,
    steps: Vec<Step>,
    whose: Vec<Precondition>,
}

struct Office {
    reader: Reader,
    settings: Settings,
    me: Me,
    names: Names,
    now: Timestamp,
}

impl Office {
    async fn of(env: &TestEnv) -> Self {
        let connection = connection(env.base(), &env.dir().join("pace"));
        let connection =
            syncro::api::Connection { key: ApiKey::new(syncro::sandbox::KEY), ..connection };
        let reader =
            Reader::new(Arc::new(Transport::new(connection, Arc::new(Unobserved)).unwrap()));
        let me = reader.get(users::me()).await.unwrap().view;
        let key = ApiKey::new(syncro::sandbox::KEY);
        let settings = Settings::sandbox(syncro::sandbox::config(), key).unwrap();
        Self { reader, settings, me, names: Names::default(), now: Timestamp::now() }
    }

    /// Everything that the operations read, in rounds, as a command reads it.
    async fn read(&self, operations: &[Operation]) -> Snapshot {
        let look = |ticket, needs| snapshot(&self.reader, ticket, needs, RetryPolicy::Retry);
        let records = operations.iter().filter_map(Operation::record);
        let records = records.fold(ReadSet::NOTHING, |needs, of| needs.record(&of));
        let mut seen = look(None, records).await.unwrap();
        let scopes = operations.iter().map(|one| one.scope(&seen).unwrap());
        let scope = scopes.into_iter().find(|scope| *scope != Scope::default()).unwrap_or_default();
        loop {
            let reads = operations.iter().map(|one| one.reads(&seen, &scope));
            let needs = seen.lacks(reads.fold(ReadSet::NOTHING, ReadSet::and));
            if needs.is_nothing() {
                return seen;
            }
            seen = seen.and(look(scope.ticket, needs).await.unwrap());
        }
    }

    /// What they come to; nothing where one of them is refused, or a record cannot be read.
    fn propose(&self, operations: &[Operation], seen: &Snapshot) -> Option<Proposed> {
        let (mut sheet, mut steps, mut whose) = (Sheet::default(), Vec::new(), Vec::new());
        let account = Account {
            base: "sandbox".to_owned(),
            profile: None,
            owner: self.me.user_id,
            owner_name: self.me.user_name.clone(),
            owner_email: self.me.user_email.clone(),
            config: None,
        };
        for operation in operations {
            let env = Env {
                me: &self.me,
                account: &account,
                settings: &self.settings,
                names: &self.names,
                now: self.now,
                as_typed: false,
                kept: &[],
                before: &steps,
            };
            let proposed = operation.propose(seen, &env).ok()?;
            sheet = sheet.and(proposed.sheet);
            whose.extend(proposed.whose);
            steps.push(proposed.step);
        }
        Some(Proposed { text: sheet.text(), preview: sheet.preview(), steps, whose })
    }
}

/// The requests that a command would send, as its dry run says.
fn operations(row: &Row, env: &TestEnv) -> Vec<Operation> {
    let words = row.words();
    let typed: Vec<&str> =
        words.iter().map(String::as_str).chain(["--dry-run", "--json"]).collect();
    let plan = env.run(&typed).ends(0).json().unwrap();
    let writes = plan["writes"].as_array().unwrap().iter();
    let requests = writes.map(|write| {
        let method = [Method::Post, Method::Put, Method::Patch, Method::Delete];
        let method = method.into_iter().find(|one| one.name() == write["method"]).unwrap();
        let path = write["path"].as_str().unwrap().to_owned();
        Request { method, path, body: Some(write["body"].clone()).filter(|body| !body.is_null()) }
    });
    match requests.len() {
        1 => requests.map(|request| Operation::any(&request).unwrap()).collect(),
        _ => Operation::all(requests).unwrap(),
    }
}

/// The values that one may be changed to.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => vec![json!("altered"), json!(1), json!(true)],
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Number(number) => vec![json!(number.as_i64().map_or(1, |number| number + 1))],
        Value::String(text) => vec![json!(other(text))],
        Value::Array(_) | Value::Object(_) => Vec::new(),
    }
}

/// Another value of the same kind.
fn other(text: &str) -> String {
    if let Ok(at) = text.parse::<Timestamp>() {
        return (at + SignedDuration::from_hours(25)).to_string();
    }
    if let Ok(day) = text.parse::<Date>() {
        return day.tomorrow().unwrap().to_string();
    }
    if let Ok(number) = text.parse::<Decimal>() {
        return (number + Decimal::ONE).to_string();
    }
    format!("{text}x")
}

/// The places of all plain values in a record, ids left out: what another record says is no news of this one.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| *name != "id") {
                places(
                    value,
                    &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")),
                    found,
                );
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                places(value, &format!("{at}/{index}"), found);
            }
        }
        _ => found.push(at.to_owned()),
    }
}

/// Whether a record was read to tell whether one like the new one is there already, or time of another ticket that it
/// overlaps. Guards ask about those, and are asked again when a plan is resumed; what is written rests on none of them.
fn is_look_alike(name: &str) -> bool {
    let lists = [
        "Collection { noun: Ticket,",
        "Collection { noun: Customer,",
        "Collection { noun: Timer, owner: SinceIfReadable",
    ];
    lists.iter().any(|list| name.starts_with(list))
}

/// The rows that are in one preview and not in the other.
fn news(old: &str, new: &str) -> String {
    let old: Vec<&str> = old.lines().collect();
    let rows = new.lines().filter(|row| !old.contains(row)).map(str::trim);
    rows.collect::<Vec<_>>().join(" | ")
}

/// Whether anything that the plan rests on, or is to change, is no longer as it was.
fn is_minded(plan: &Proposed, then: &Proposed, seen: &Snapshot) -> bool {
    let given = plan.whose.iter().chain(plan.steps.iter().flat_map(|step| &step.preconditions));
    let changes = |one: &Proposed| -> Vec<Field> {
        one.steps.iter().flat_map(|step| step.effect.changes()).cloned().collect()
    };
    given.into_iter().any(|given| given.holds(seen, &Baseline::default()).is_err())
        || changes(plan) != changes(then)
}

/// The days of a text that no weekday stands before.
fn bare_days(text: &str) -> Vec<&str> {
    let day = |at: usize| text.get(at..at + 10).filter(|day| day.parse::<Date>().is_ok());
    let found = text.char_indices().filter_map(|(at, _)| Some((at, day(at)?)));
    let is_bare = |at: usize| {
        let before = text[..at].trim_end();
        // What follows an equals sign is to be typed.
        let before_days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "="];
        !before_days.iter().any(|day| before.ends_with(day))
    };
    found.filter(|(at, _)| is_bare(*at)).map(|(_, day)| day).collect()
}

#[test]
fn a_write_rests_on_all_that_its_preview_shows() {
    let facts = AtomicUsize::new(0);
    let values = AtomicUsize::new(0);
    let shows_more = |row: &&Row| !ALIKE.contains(&row.flag);
    let rows: Vec<&Row> = ROWS.iter().filter(shows_more).chain(MORE).collect();
    many("previewed facts", &rows, |row, problems: &mut Problems| {
        let env = row.env();
        let (office, operations, seen) = gathered(row, &env);
        let plan = office.propose(&operations, &seen).unwrap();
        let bare = bare_days(&plan.text);
        problems.unless(bare.is_empty(), || format!("no weekday: {bare:?}: {}", plan.text));
        // The names of what is visited, in turn: what is read twice has one, and is changed in both places.
        let (mut names, mut all) = (Vec::new(), BTreeMap::new());
        drop(seen.clone().altered(&mut |name, record| {
            let name = name();
            names.push(name.clone());
            if is_look_alike(&name) {
                return;
            }
            let mut found = Vec::new();
            places(record, "", &mut found);
            for at in found {
                for other in others(record.pointer(&at).unwrap()) {
                    all.insert((name.clone(), at.clone(), other.to_string()), other);
                }
            }
        }));
        values.fetch_add(all.len(), Ordering::Relaxed);
        for ((name, at, _), other) in &all {
            let mut turn = names.iter();
            let changed = seen.clone().altered(&mut |_, record| {
                let is_it = turn.next() == Some(name);
                if let Some(value) = record.pointer_mut(at).filter(|_| is_it) {
                    *value = other.clone();
                }
            });
            let Some(then) = office.propose(&operations, &changed) else { continue };
            if then.text == plan.text {
                continue;
            }
            facts.fetch_add(1, Ordering::Relaxed);
            problems.unless(is_minded(&plan, &then, &changed), || {
                format!("{name} {at} = {other}: {}", news(&plan.text, &then.text))
            });
        }
    });
    println!("previewed facts: {facts:?} of {values:?} values, of {} writes", rows.len());
}

/// What a command would send, and all that is read for it.
fn gathered(row: &Row, env: &TestEnv) -> (Office, Vec<Operation>, Snapshot) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let operations = operations(row, env);
    let (office, seen) = runtime.block_on(async {
        let office = Office::of(env).await;
        let seen = office.read(&operations).await;
        (office, seen)
    });
    (office, operations, seen)
}

/// The addresses, the amounts and the phone numbers of a text, as they are read.
fn figures(text: &str) -> Vec<&str> {
    let words = text.split_whitespace();
    let words = words.map(|word| word.trim_matches(|sign: char| "<>(),;:?".contains(sign)));
    let is_figure = |word: &&str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        word.contains('@') && word.contains('.')
            || word.trim_start_matches('-').starts_with('$')
            || digits >= 7 && word.contains('-')
    };
    words.filter(is_figure).collect()
}

/// Whom it reaches and how much it is about stands in the question, too, and neither there nor above it is any of it cut.
#[test]
fn the_question_has_every_stake_whole() {
    let asked = AtomicUsize::new(0);
    let rows: Vec<&Row> = ROWS.iter().chain(MORE).chain(LONG).collect();
    many("stakes", &rows, |row, problems: &mut Problems| {
        let env = row.env();
        let (office, operations, seen) = gathered(row, &env);
        let plan = office.propose(&operations, &seen).unwrap();
        let question = asking::question(&plan.steps, stays_uninvoiced(&plan.steps));
        let stakes = plan.preview.lines().into_iter();
        let stakes =
            stakes.filter(|line| [LineKind::Stake, LineKind::Reminder].contains(&line.kind));
        for figure in stakes.flat_map(|line| figures(&line.text)) {
            asked.fetch_add(1, Ordering::Relaxed);
            problems.unless(question.contains(figure), || format!("{figure}: {question}"));
        }
        // What a figure was cut off is no word of the step.
        let says: Vec<&str> =
            plan.steps.iter().flat_map(|step| step.description.split_whitespace()).collect();
        let before = question.split('…').map(str::trim_end);
        for text in before.take(question.matches('…').count()) {
            let last = text.rsplit(' ').next().unwrap();
            let is_figure = last.contains('@') || last.bytes().any(|byte| byte.is_ascii_digit());
            problems.unless(!is_figure || says.contains(&last), || question.clone());
        }
        for width in [60, 80] {
            let label = format!("{question} [y/N/p/e]");
            let shown = wrap::page(&label, Some(width));
            for figure in figures(&label) {
                let is_whole = shown.lines().any(|line| figures(line).contains(&figure));
                problems.unless(is_whole, || format!("{width}: {figure}: {shown}"));
            }
        }
    });
    let asked = asked.into_inner();
    assert!(asked >= 30, "{asked}");
}

/// Changes of which a question says more than it has room for.
const LONG: &[Row] = &[
    row(
        "",
        "contact update 7804551 --phone 5550100199 --mobile 5550100200 --email a.rather.long.address@quillfeather.example",
        nothing,
    ),
    row(
        "",
        "customer update 31204551 --email a.rather.long.address.of.the.office@quillfeather.example --phone (555)~010-0199",
        nothing,
    ),
    row(
        "",
        "contact create 31204551 Adelaide~Finch-Hatton --phone (555)~010-0134 --email adelaide.finch@quillfeather.example",
        nothing,
    ),
];
