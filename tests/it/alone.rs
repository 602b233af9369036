//! Every command, typed without what it needs: on a terminal each missing argument is asked for, and a script is told what is
//! missing.
#![cfg(unix)]

use std::collections::BTreeMap;

use syncro::commands::asking;

use crate::support::{CTRL_C, TestEnv};

/// What is typed, up to an argument that is missing, and the question for it.
const ROWS: &[(&str, &str)] = &[
    ("ticket", "Ticket [1-"),
    ("search", "Search for:"),
    ("bill", "Ticket [1-"),
    ("create", "Customer (name or id):"),
    ("create 31204551", "Subject:"),
    ("comment", "Ticket [1-"),
    ("close", "Ticket [1-"),
    ("update", "Ticket [1-"),
    ("update 32181", "What to change [1-"),
    ("delete", "Ticket [1-"),
    ("move-appointment", "Customer (name or id):"),
    ("open", "Ticket [1-"),
    ("api", "Method [1-"),
    ("api GET", "Path (tickets/108443837):"),
    ("config get", "Setting (tickets.priority):"),
    ("config set", "Setting (tickets.priority):"),
    ("config set timezone", "New value:"),
    ("config unset", "Setting (tickets.priority):"),
    ("customer show", "Customer (name or id):"),
    ("customer create", "Name:"),
    ("customer update", "Customer (name or id):"),
    ("customer update 31204551", "What to change [1-"),
    ("customer disable", "Customer (name or id):"),
    ("contact show", "Contact (name or id):"),
    ("contact create", "Customer (name or id):"),
    ("contact create 31204551", "Name:"),
    ("contact update", "Contact (name or id):"),
    ("contact update 7804551", "What to change [1-"),
    ("contact disable", "Contact (name or id):"),
    ("contact delete", "Contact (name or id):"),
    ("asset show", "Asset (name or id):"),
    ("asset patches", "Asset (name or id):"),
    ("asset create", "Customer (name or id):"),
    ("asset create 31204551", "Name:"),
    ("asset update", "Asset (name or id):"),
    ("asset update 12390017", "What to change [1-"),
    ("product show", "Product [1-"),
    ("line list", "Ticket [1-"),
    ("line add", "Ticket [1-"),
    ("line add 32181", "Labor type [1-"),
    ("line add 32181 --labor remote", "Minutes (30, 1h30m, 1:30):"),
    ("line update", "Ticket [1-"),
    ("line update 32178", "Line item [1-2"),
    ("line update 32178 ssd", "What to change [1-"),
    ("line remove", "Ticket [1-"),
    ("line remove 32178", "Line item [1-2"),
    ("timer add", "Ticket [1-"),
    ("timer add 32181", "Minutes (30, 1h30m, 1:30):"),
    ("timer start", "Ticket [1-"),
    // The only running timer is no question.
    ("timer stop --large", "[y/N"),
    ("timer pause", "Tidewrack Surveyors"),
    ("timer resume", "Ticket [1-"),
    ("timer charge", "Ticket [1-"),
    ("timer charge 32165", "Timer entry [1-2"),
    ("timer update", "Ticket [1-"),
    ("timer update 32165", "Timer entry [1-2"),
    ("timer update 32165 laptop", "What to change [1-"),
    ("timer delete", "Ticket [1-"),
    ("timer delete 32165", "Timer entry [1-2"),
    ("appointment show", "Appointment [1-"),
    ("appointment add", "Ticket [1-"),
    ("appointment add 32181", "Start time"),
    ("appointment cancel", "Appointment [1-"),
    ("invoice show", "Invoice [1-"),
    ("invoice create", "Ticket [1-"),
    ("invoice update", "Invoice [1-"),
    ("invoice update 67409", "What to change [1-"),
    ("invoice email", "Invoice [1-"),
    ("invoice delete", "Invoice [1-"),
    ("payment show", "Payment [1-"),
    ("payment add", "Invoice [1-"),
    ("payment add 67409", "Payment method [1-"),
    ("payment add 67409 --method Check", "Amount [90.00]:"),
];

/// Commands that a shell runs, or that are about the program itself.
const SHELLS: [&str; 1] = ["completions"];

/// How many arguments each command needs, by its words.
fn needs() -> BTreeMap<String, usize> {
    fn walk(command: &clap::Command, path: &str, all: &mut BTreeMap<String, usize>) {
        let wanted = asking::wanted(path, |_| false).len();
        let required = command.get_arguments().filter(|arg| arg.is_required_set()).count();
        if required + wanted > 0 && !command.has_subcommands() {
            all.insert(path.to_owned(), required + wanted);
        }
        for sub in command.get_subcommands() {
            walk(sub, format!("{path} {}", sub.get_name()).trim(), all);
        }
    }
    let mut all = BTreeMap::new();
    walk(&syncro::cli::command(), "", &mut all);
    all.retain(|path, _| !SHELLS.contains(&path.as_str()));
    all
}

fn rows_of<'r>(path: &'r str) -> impl Iterator<Item = &'static (&'static str, &'static str)> + 'r {
    ROWS.iter().filter(move |(typed, _)| {
        typed.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
    })
}

#[test]
fn no_missing_argument_is_forgotten() {
    let needs = needs();
    assert!(needs.len() > 40, "{needs:?}");
    for (path, count) in needs {
        // What is asked of some entries alone has no row where there is nothing to ask.
        assert_eq!(rows_of(&path).count(), count, "{path}");
    }
}

/// So many conversations at once.
const AT_ONCE: usize = 4;

#[test]
fn each_missing_argument_is_asked_for() {
    let env = TestEnv::new();
    let asks = |(typed, question): &(&str, &str)| {
        let words: Vec<&str> = typed.split(' ').collect();
        let mut terminal = env.terminal(&words);
        let is_asked = terminal.until_end(question).is_some();
        terminal.send(CTRL_C);
        let (_, shown) = terminal.end();
        (!is_asked).then(|| format!("`{typed}` does not ask {question}: {shown}"))
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let parts = ROWS.chunks(ROWS.len().div_ceil(AT_ONCE));
        let parts = parts.map(|rows| scope.spawn(|| rows.iter().filter_map(asks).collect()));
        let parts: Vec<std::thread::ScopedJoinHandle<'_, Vec<String>>> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(env.writes().is_empty());
}

#[test]
fn a_script_is_told_what_is_missing() {
    let env = TestEnv::new();
    let root = syncro::cli::command();
    for path in needs().keys() {
        let words: Vec<&str> = path.split(' ').collect();
        let mut command = &root;
        for word in &words {
            command = command.find_subcommand(word).unwrap();
        }
        let ran = env.run(&words);
        ran.ends(2);
        for arg in command.get_arguments().filter(|arg| arg.is_required_set()) {
            let name = match arg.get_long() {
                Some(long) => format!("--{long}"),
                None => format!("<{}>", arg.get_value_names().unwrap()[0]),
            };
            ran.says(&name);
        }
    }
    assert_eq!(env.log().len(), 0, "nothing is read for it");
}
