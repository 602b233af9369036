//! The walls of the house plan that the compiler does not hold up, and the promises about help and exit codes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use syncro::error::Kind;

use crate::support::TestEnv;

/// A file of the source, and its text without comments.
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) code: String,
}

pub(crate) fn rust_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// All files below `dir`, their paths with slashes.
pub(crate) fn sources(dir: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    rust_files(&root.join(dir), &mut paths);
    assert!(!paths.is_empty());
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        Source {
            path: path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/"),
            code: lines.collect::<Vec<_>>().join("\n"),
        }
    };
    paths.into_iter().map(read).collect()
}

/// The files of `src` outside `rooms` whose code has one of `words`.
fn trespassers(words: &[&str], rooms: &[&str]) -> Vec<String> {
    let outside = |source: &Source| !rooms.iter().any(|room| source.path.starts_with(room));
    let has = |source: &Source| words.iter().any(|word| source.code.contains(word));
    sources("src")
        .into_iter()
        .filter(|source| outside(source) && has(source))
        .map(|source| source.path)
        .collect()
}

#[track_caller]
fn only(words: &[&str], rooms: &[&str]) {
    let none: Vec<String> = Vec::new();
    assert_eq!(trespassers(words, rooms), none, "{words:?} belongs to {rooms:?}");
}

#[test]
fn two_files_name_the_http_client() {
    only(&["reqwest"], &["src/api/transport", "src/draft/client.rs"]);
}

#[test]
fn one_room_sends() {
    // To send one needs a permit, and only a confirmation makes one.
    only(&["Permit"], &["src/write/", "src/api/sender"]);
    only(&["Outgoing"], &["src/api/"]);
}

#[test]
fn few_see_the_key() {
    only(&[".expose()"], &["src/api/transport", "src/api/redact", "src/config/store"]);
}

#[test]
fn one_room_owns_the_terminal() {
    only(&["println!", "print!(", "io::stdout", "io::stderr", "io::stdin", "Term::"], &["src/ui/"]);
    only(&["dbg!("], &[]);
    // A panic ends there, since nothing is unwound.
    only(&["process::exit"], &["src/main.rs"]);
}

/// The present is the server's as soon as it has answered. This machine's own is asked by whoever keeps files of it, reads the
/// server's clock, or is the server.
#[test]
fn few_ask_the_machines_clock() {
    let words = ["Timestamp::now", "Zoned::now", "SystemTime::now"];
    let kept = ["src/account/", "src/api/pace/", "src/commands/resume/discard.rs", "src/texts"];
    let journal = [
        "src/workflow/execute.rs",
        "src/workflow/lock.rs",
        "src/workflow/pending.rs",
        "src/write/execute.rs",
    ];
    let clock =
        ["src/api/reader.rs", "src/api/transport.rs", "src/context.rs", "src/write/state.rs"];
    let shows = ["src/commands/doctor/", "src/commands/bill/logged.rs", "src/write/snapshot.rs"];
    only(&words, &[&kept[..], &journal, &clock, &shows, &["src/sandbox/"]].concat());
}

#[test]
fn rooms_know_no_strangers() {
    let terminal: &[&str] = &["crate::ui", "crate::commands", "crate::cli"];
    let http: &[&str] = &["api::Reader", "api::Sender", "api::Transport", "reqwest"];
    let practice = "crate::sandbox";
    let strangers: [(&str, Vec<&str>); 13] = [
        ("src/api/", [terminal, &[practice]].concat()),
        ("src/billing/", [terminal, &[practice, "crate::write"]].concat()),
        // A model's host is told neither the key nor the address, so the room has no way to them.
        (
            "src/draft/",
            [
                terminal,
                &[
                    practice,
                    "crate::api",
                    "crate::write",
                    "crate::context",
                    "Settings::",
                    "ApiKey",
                    "KeySource",
                ],
            ]
            .concat(),
        ),
        ("src/write/", [terminal, &[practice]].concat()),
        // What a report says follows from records alone.
        (
            "src/reports/",
            [terminal, http, &[practice, "crate::context", "crate::write", "async "]].concat(),
        ),
        // What a write does follows from values alone: nothing here can ask, read or send.
        (
            "src/operations/",
            [terminal, http, &[practice, "crate::workflow", "crate::context", "clap", "async "]]
                .concat(),
        ),
        // Commands ask for writes; nothing below them knows which commands there are.
        ("src/workflow/", vec!["crate::commands", "crate::cli", practice]),
        (
            "src/mirror/",
            [terminal, &[practice, "crate::workflow", "crate::write", "crate::context"]].concat(),
        ),
        ("src/account/", vec!["crate::commands", "crate::cli", "crate::workflow", practice]),
        ("src/context.rs", vec!["crate::commands", "crate::cli", "crate::workflow"]),
        ("src/render/", [terminal, &[practice], http].concat()),
        ("src/ui/", [&["crate::commands", "crate::write", practice], http].concat()),
        (
            "src/sandbox/",
            [
                terminal,
                &["crate::api", "crate::write", "crate::billing", "crate::config", "crate::render"],
            ]
            .concat(),
        ),
    ];
    for source in sources("src") {
        for (room, unknown) in &strangers {
            for stranger in unknown.iter().filter(|_| source.path.starts_with(room)) {
                assert!(!source.code.contains(stranger), "{} names {stranger}", source.path);
            }
        }
    }
}

/// What the mirror has may be old: it answers people who look, and nothing that a write rests on. The rooms that plan,
/// preview, guard and write cannot name it, and what a command gets of it is a name and a folder.
#[test]
fn few_read_the_mirror() {
    let look = ["src/context/mirror.rs", "src/commands/sync/", "src/commands/search/"];
    only(&["crate::mirror"], &look);
    only(&["rusqlite"], &["src/mirror/"]);
    only(&[".mirrors()", ".mirror()", "mirror_to_write"], &look);
}

/// A reader of the mirror is got in one way only, and by commands that only show. What plans, guards and writes takes
/// another one, which never is such a reader.
#[test]
fn only_what_shows_may_read_the_mirror_in_the_accounts_place() {
    only(&["Reader::of_kept"], &["src/context/mirror.rs"]);
    only(&["reader_of_kept"], &["src/context/"]);
    let shows = trespassers(&[".reader_to_show("], &["src/context"]);
    let named = syncro::help::all(&syncro::cli::command());
    assert!(shows.len() > 20 && named.len() > 60);
    for path in shows {
        let source = sources("src").into_iter().find(|source| source.path == path).unwrap();
        for word in ["sender()", "Approval::of(", "Writing", "workflow::write", ".reader()"] {
            assert!(!source.code.contains(word), "{path} names {word}");
        }
    }
}

#[test]
fn no_test_starts_the_program_among_its_users_own_things() {
    // One place gives it folders of its own and no keyring. The bench names each folder that it uses.
    let start = concat!("Command::new(env!(\"CARGO_BIN_EXE", "_syncro\"))");
    let named = sources("tests/it").into_iter().filter(|source| source.code.contains(start));
    let named: Vec<String> = named.map(|source| source.path).collect();
    assert_eq!(named, ["tests/it/support/mod.rs"]);
    // Who hands it to a shell hands that nothing of the user's, either.
    let hands_on = concat!("env!(\"CARGO_BIN_EXE", "_syncro\")");
    let shells = sources("tests/it").into_iter().filter(|source| source.code.contains(hands_on));
    let shells: Vec<_> = shells.filter(|source| source.path != "tests/it/support/mod.rs").collect();
    assert!(shells.len() >= 4);
    for source in shells {
        assert!(source.code.contains("env_clear()"), "{}", source.path);
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for dir in ["src", "tests"] {
        rust_files(&root.join(dir), &mut paths);
    }
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not begin with //!", path.display());
    }
}

/// All commands, each as it is typed.
pub(crate) fn commands() -> Vec<Vec<String>> {
    fn below(command: &clap::Command, typed: &[String], all: &mut Vec<Vec<String>>) {
        for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
            let typed = [typed, &[sub.get_name().to_owned()]].concat();
            below(sub, &typed, all);
            all.push(typed);
        }
    }
    let mut all = Vec::new();
    below(&syncro::cli::command(), &[], &mut all);
    all
}

#[test]
fn every_command_is_driven_by_a_test() {
    let tests = sources("tests/it");
    for command in commands() {
        let quoted: Vec<String> = command.iter().map(|word| format!("\"{word}\"")).collect();
        let driven = tests.iter().any(|test| quoted.iter().all(|word| test.code.contains(word)));
        assert!(driven, "no test types `syncro {}`", command.join(" "));
    }
}

#[test]
fn help_is_plain_ascii_with_examples() {
    let env = TestEnv::new();
    let mut wrong = Vec::new();
    for command in commands() {
        let typed = command.join(" ");
        let mut args: Vec<&str> = command.iter().map(String::as_str).collect();
        args.push("--help");
        let ran = env.run(&args);
        ran.ends(0);
        let plain = ran.stdout.is_ascii() && !ran.stdout.contains('\u{1b}');
        if !plain {
            wrong.push(format!("`syncro {typed} --help` is not plain ASCII"));
        }
        if !ran.stdout.contains("Examples:")
            || !ran.stdout.contains(&format!("syncro {}", command[0]))
        {
            wrong.push(format!("`syncro {typed} --help` has no examples"));
        }
        assert!(ran.stderr.is_empty(), "{ran}");
    }
    let none: Vec<String> = Vec::new();
    assert_eq!(wrong, none);
    assert!(env.run(&["--help"]).ends(0).stdout.is_ascii());
}

pub(crate) const KINDS: [Kind; 12] = [
    Kind::Failure,
    Kind::Usage,
    Kind::NotFound,
    Kind::NotAuthorised,
    Kind::Refused,
    Kind::Unconfirmed,
    Kind::RateLimited,
    Kind::Unavailable,
    Kind::Cancelled,
    Kind::Configuration,
    Kind::Found,
    Kind::Interrupted,
];

#[test]
fn exit_codes_are_those_that_are_promised() {
    let codes: Vec<u8> = KINDS.iter().map(|kind| kind.exit_code()).collect();
    assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 130]);
    let names: BTreeSet<&str> = KINDS.iter().map(|kind| kind.name()).collect();
    assert_eq!(names.len(), KINDS.len());
}
