//! Manual pages: one for each command, plain, and with the options that its help has.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::support::{Running, TestEnv, files};
use crate::walls::commands;

/// The long options that begin a line of a help page.
fn of_help(page: &str) -> BTreeSet<String> {
    let line = |line: &str| {
        let word = line.split_whitespace().find(|word| word.starts_with("--"))?;
        let begins = line.starts_with("  ") && line.trim_start().starts_with('-');
        begins.then(|| word.trim_end_matches(',').split(['=', '[']).next().unwrap().to_owned())
    };
    page.lines().filter_map(line).collect()
}

/// The long options that a manual page has at the head of a paragraph.
fn of_page(page: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if line != ".TP" {
            continue;
        }
        let head = lines.next().unwrap_or_default().replace("\\-", "-");
        let name = head.split("\\fB").find_map(|part| {
            part.starts_with("--").then(|| part.split(['\\', ' ', '=']).next().unwrap().to_owned())
        });
        found.extend(name);
    }
    found
}

#[test]
fn every_command_has_a_plain_page_with_the_options_of_its_help() {
    let env = TestEnv::new();
    let dir = env.dir().join("man1");
    let ran = env.run(&["man", "--dir", dir.to_str().unwrap()]);
    let pages = files(&dir);
    let said = format!("{} manual pages written to ", pages.len());
    assert!(ran.ends(0).stdout.starts_with(&said), "{ran}");
    let mut all: Vec<Vec<String>> = commands();
    all.push(Vec::new());
    for words in &all {
        let name = [&["syncro".to_owned()], &words[..]].concat().join("-");
        let page = std::fs::read_to_string(dir.join(format!("{name}.1"))).unwrap();
        assert!(page.is_ascii() && page.contains(".SH NAME\n"), "{name}");
        let help = syncro::help::page(syncro::cli::command(), words, None).unwrap().to_string();
        let (help, page) = (of_help(&help), of_page(&page));
        assert_eq!(page, help, "{name}");
        assert!(page.contains("--help"), "{name}");
    }
    // Commands that only have verbs have pages too.
    assert!(pages.len() >= all.len());
    assert!(dir.join("syncro-invoice.1").exists());
    assert!(env.log().is_empty());
    checked(&dir);
}

/// Has what reads manual pages on this machine look at them.
fn checked(dir: &Path) {
    let checks: [(&str, &[&str]); 2] = [
        ("mandoc", &["-T", "lint", "-W", "error"]),
        ("groff", &["-man", "-ww", "-z", "-T", "utf8"]),
    ];
    for (tool, args) in checks {
        if !cfg!(unix) || !["/usr/bin", "/bin"].iter().any(|bin| Path::new(bin).join(tool).exists())
        {
            println!("{tool} is not installed");
            continue;
        }
        let mut command = Command::new(tool);
        command.args(args).args(files(dir));
        let ran = Running::start(command).wait();
        assert_eq!((ran.ends(0).stdout.trim(), ran.stderr.trim()), ("", ""), "{ran}");
    }
}

#[test]
fn one_page_is_printed() {
    let env = TestEnv::new();
    let page = env.run(&["man", "invoice", "list"]);
    assert!(page.ends(0).stdout.contains(".TH syncro-invoice-list 1"), "{page}");
    assert!(env.run(&["man"]).ends(0).stdout.contains(".TH syncro 1"));
    env.run(&["man", "invoice", "fly"]).ends(2).says("there is no command");
    env.run(&["man", "bill", "--dir", "x"]).ends(2);
}
