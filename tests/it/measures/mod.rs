//! The measures of the house: how long a file and a function may be, that imports go round in no circle, that a path of
//! the API stands in one place, and that nothing decides by a message.
//!
//! Where the house does not hold a measure yet, what is over is named here, as it was counted last. Such a list may only
//! become shorter and its numbers smaller; a test that finds less than it says so.

mod imports;
mod messages;
mod sentences;
mod source;

use std::collections::BTreeMap;

use source::Source;

/// Lines of a file.
const FILE: usize = 500;

/// Lines of a function.
const FUNCTION: usize = 100;

/// Lines of a command's `run`.
const RUN: usize = 60;

/// Fails for everything that is over and not named in `known`, or by more than is known.
#[track_caller]
fn hold(measure: &str, over: &BTreeMap<String, usize>, known: &[(&str, usize)]) {
    let known: BTreeMap<&str, usize> = known.iter().copied().collect();
    println!("{measure}: {} over: {over:?}", over.len());
    for (name, was) in &known {
        let is = over.get(*name).copied().unwrap_or(0);
        if is < *was {
            println!("{measure}: {name} is down from {was} to {is}: tests/it/measures can say so");
        }
    }
    let news: Vec<_> = over
        .iter()
        .filter(|(name, is)| known.get(name.as_str()).is_none_or(|was| was < is))
        .collect();
    assert!(news.is_empty(), "{measure}: {news:?}, known are {known:?}");
}

/// The program and its tests.
fn everything() -> Vec<Source> {
    source::all("src").into_iter().chain(source::all("tests")).collect()
}

/// The functions that are longer than that, by file and name.
fn longer(
    sources: &[Source],
    most: usize,
    wanted: impl Fn(&str) -> bool,
) -> BTreeMap<String, usize> {
    let mut over = BTreeMap::new();
    for source in sources {
        let long =
            source.functions().into_iter().filter(|one| one.lines > most && wanted(&one.name));
        over.extend(long.map(|one| (format!("{} {}", source.path, one.name), one.lines)));
    }
    over
}

#[test]
fn files_are_short() {
    let files = everything().into_iter().filter(|source| source.lines > FILE);
    let over = files.map(|source| (source.path, source.lines)).collect();
    hold("files over 500 lines", &over, &[]);
}

#[test]
fn functions_are_short() {
    let over = longer(&everything(), FUNCTION, |_| true);
    hold("functions over 100 lines", &over, &[]);
}

#[test]
fn a_commands_run_shows_its_phases_at_a_glance() {
    let over = longer(&source::all("src/commands"), RUN, |name| name == "run");
    hold("`run` over 60 lines", &over, &[]);
}

#[test]
fn the_engine_has_no_words_for_people() {
    let engine = source::all("src/write");
    assert!(engine.len() > 20);
    let said: Vec<String> = engine.iter().flat_map(sentences::in_code).collect();
    let none: [&str; 0] = [];
    assert_eq!(said, none, "what src/write has to say is a value, and src/render has its words");
}

#[test]
fn imports_go_round_in_no_circle() {
    let circles = imports::circles(&source::all("src"));
    let mut over: BTreeMap<String, usize> = BTreeMap::new();
    for circle in &circles {
        println!("a circle of {}: {}", circle.len(), circle.join(" "));
        for file in circle {
            let room = file.split('/').take(2).collect::<Vec<_>>().join("/");
            *over.entry(room).or_default() += 1;
        }
    }
    hold("files in circles of imports, by room", &over, &[]);
}

#[test]
fn a_path_of_the_api_stands_in_one_place() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in source::all("src").iter().filter(|source| is_of_the_client(source)) {
        let source = source.without_tests();
        for (at, text) in &source.texts {
            if let Some(path) = api_path(text).or_else(|| part_of_a_path(&source, *at, text)) {
                let place = format!("{}:{}", source.path, source.line(*at));
                places.entry(path).or_default().push(place);
            }
        }
    }
    assert!(places.len() > 20, "{places:?}");
    places.retain(|_, places| places.len() > 1);
    for (path, places) in &places {
        println!("{path}: {}", places.join(" "));
    }
    let over = places.into_iter().map(|(path, places)| (path, places.len())).collect();
    hold("paths of the API in several places", &over, &[]);
}

fn is_of_the_client(source: &Source) -> bool {
    !source.is_tests() && !source.path.starts_with("src/sandbox/")
}

/// The nouns that the API's paths begin with.
const NOUNS: [&str; 18] = [
    "appointment_types",
    "appointments",
    "contacts",
    "contracts",
    "customer_assets",
    "customers",
    "estimates",
    "invoices",
    "line_items",
    "me",
    "payment_methods",
    "payments",
    "products",
    "rmm_alerts",
    "settings",
    "ticket_timers",
    "tickets",
    "users",
];

/// The path that a literal is, with `{}` for whatever is put into it.
fn api_path(text: &str) -> Option<String> {
    let path = text.strip_prefix("/api/v1").unwrap_or(text).strip_prefix('/')?;
    let path = path.split('?').next()?;
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.starts_with('{') && part.ends_with('}') { "{}" } else { part })
        .collect();
    NOUNS.contains(&parts[0]).then(|| parts.join("/"))
}

/// What is done to the parts of a ticket, by the last part of its path.
const VERBS: [&str; 7] = [
    "add_line_item",
    "charge_timer_entry",
    "delete_timer_entry",
    "remove_line_item",
    "timer_entry",
    "update_line_item",
    "update_timer_entry",
];

/// A literal that is a part of a path: such a verb, or a noun where it begins a list, as `["tickets", id]` takes a path
/// apart.
fn part_of_a_path(source: &Source, at: usize, text: &str) -> Option<String> {
    let before = source.code[..at].trim_end_matches('"').trim_end();
    let list = before.strip_suffix('[').and_then(|before| before.chars().next_back());
    let begins =
        list.is_some_and(|before| !before.is_alphanumeric() && before != ')' && before != ']');
    (VERBS.contains(&text) || begins && NOUNS.contains(&text)).then(|| text.to_owned())
}

#[test]
fn nothing_decides_by_a_message() {
    let mut over = BTreeMap::new();
    for source in source::all("src").iter().filter(|source| !source.is_tests()) {
        let looks = messages::looked_into(&source.without_tests());
        for (line, what) in &looks {
            println!("{}:{line}: {what}", source.path);
        }
        if !looks.is_empty() {
            over.insert(source.path.clone(), looks.len());
        }
    }
    // In `config` the lines of a parser's message are put on one, which decides nothing.
    hold("looks into messages", &over, &[("src/config/edit.rs", 1), ("src/config/source.rs", 1)]);
}
