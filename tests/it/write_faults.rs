//! The fault matrix of all plain writing commands: every fault at every write of every command, and what follows.
//!
//! A command is registered in the file of its noun below `write_faults/` (a new noun: a file and a `mod` line here):
//!
//! ```text
//! Case::new("line remove", &["line", "remove", "32181", "{0}"])    // without --yes --json
//!     .after(|env| vec![env.account().line(..)["id"].to_string()]) // what must be there; `{0}` is what it returns
//!     .step("remove_line", "line-remove", Removes)                 // each write: name in --json, op of faults, effect
//! ```
//!
//! Effects are `Makes` (a record), `Sets`, `Removes`, `Unseen` (a mail). What the command changes is learned from a run
//! without faults, and what each of its steps changes from one stopped there; both are taken from the server's own disk.
//! Run one noun with `cargo test --test it write_faults::line -- --nocapture`; a case costs about 0.2 s of one core.

mod api;
mod appointment;
mod case;
mod check;
mod conversation;
mod fault;
#[cfg(unix)]
mod kill;
mod line;
mod money;
#[cfg(unix)]
mod no;
mod office;
mod read;
mod strike;
mod ticket;
mod timer;

use case::{Case, Command};

use crate::support::many;

/// Takes each command of a noun through everything.
fn matrix(noun: &str, cases: Vec<Case>) {
    let commands: Vec<Command> = cases.into_iter().map(Command::learn).collect();
    let title = |what: &str| format!("matrix, {noun}, {what}");
    let strikes = strike::all(&commands);
    many(&title("(command, step, fault)"), &strikes, |one, problems| one.check(problems));
    let readings = read::all(&commands);
    many(&title("(command, read, fault)"), &readings, |one, problems| one.check(problems));
    #[cfg(unix)]
    {
        let noes = no::all(&commands);
        many(&title("answered with No"), &noes, |one, problems| {
            one.check(problems);
        });
        let kills = kill::all(&commands);
        many(&title("killed"), &kills, |one, problems| {
            one.check(problems);
        });
        many(&title("killed while it gathers"), &commands, kill::gathering);
    }
}

/// What the matrices of this folder and of bills are made of, on one line.
fn written_cases() -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it");
    let folders = ["write_faults", "bill_faults"].map(|name| root.join(name));
    let files = folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    let words = texts.collect::<String>();
    words.split_whitespace().collect::<Vec<_>>().join(" ").replace("[ ", "[")
}

/// Commands that confirm something and send nothing of their own to an account, or are the subject of other matrices.
const ELSEWHERE: [&str; 6] =
    ["bill", "config set", "config unset", "init", "logout", "sandbox reset"];

/// A command that confirms what it sends has its cases.
#[test]
fn each_command_that_writes_is_in_a_matrix() {
    let cases = written_cases();
    let mut lacking = Vec::new();
    for leaf in crate::options::leaves() {
        let page = syncro::help::command(syncro::cli::command(), &leaf.typed).unwrap();
        let mut args = page.get_arguments();
        let writes = args.any(|arg| arg.get_id() == "yes" && !arg.is_hide_set());
        let words: Vec<String> = leaf.typed.iter().map(|word| format!("\"{word}\"")).collect();
        let typed = leaf.typed.join(" ");
        let is_there = cases.contains(&format!("[{}", words.join(", ")));
        if writes && !is_there && !ELSEWHERE.contains(&&*typed) {
            lacking.push(typed);
        }
    }
    assert!(lacking.is_empty(), "no cases: {lacking:?}");
}

/// The practice server's writes: method, path and the name that faults know them by.
pub(crate) fn written() -> impl Iterator<Item = (String, String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let routes = std::fs::read_to_string(root.join("src/sandbox/routes.rs")).unwrap();
    let rows = routes.lines().filter_map(|line| line.trim().strip_prefix("Route(\""));
    let parts = rows.map(|row| row.split('"').map(str::to_owned).collect::<Vec<_>>());
    let rows: Vec<_> = parts.map(|row| (row[0].clone(), row[2].clone(), row[4].clone())).collect();
    rows.into_iter().filter(|(method, ..)| method != "GET")
}

/// So has each write of the practice server that has a name, with what its method does where several share a name.
#[test]
fn each_write_with_a_name_is_in_a_matrix() {
    let cases = written_cases();
    let is_tried = |method: &str, name: &str| {
        let effects: &[&str] = match method {
            "PUT" | "PATCH" => &["Sets", "Unseen"],
            "DELETE" => &["Removes", "Unseen"],
            _ => &["Makes", "Sets", "Removes", "Unseen"],
        };
        effects.iter().any(|does| cases.contains(&format!("\"{name}\", {does}")))
    };
    let named: Vec<_> = written().filter(|(.., name)| !name.is_empty()).collect();
    assert!(named.len() > 60, "{named:?}");
    let lacking: Vec<String> = named
        .into_iter()
        .filter(|(method, _, name)| !is_tried(method, name))
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert!(lacking.is_empty(), "no cases: {lacking:?}");
}
