//! Pages that are taller than the screen go through the person's pager, and nothing else does.

use std::path::Path;

use crate::support::{Terminal, TestEnv};

/// A pager that says so, and keeps what it was given beside itself.
const KEEPS: &str = "cat > \"$0.saw\"\necho \"paged ${LESS}$*\"";
const TALL: [&str; 3] = ["ticket", "32174", "--all-comments"];

fn pager(env: &TestEnv, script: &str) -> String {
    env.script("pager", &format!("#!/bin/sh\n{script}\n"))
}

fn saw(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{path}.saw")).ok()
}

/// On a screen of ten rows.
fn on(env: &TestEnv, typed: &[&str], pairs: &[(&str, &str)]) -> Terminal {
    env.terminal_with(typed, &[&[("LINES", "10")], pairs].concat())
}

#[test]
fn what_is_taller_than_the_screen_is_paged_with_its_colors() {
    let env = TestEnv::new();
    let pager = pager(&env, KEEPS);
    let flagged = format!("'{pager}' -x");
    for (typed, pairs, says) in [
        (&TALL[..], &[("SYNCRO_PAGER", pager.as_str()), ("PAGER", "no-such")][..], "paged FRX\n"),
        (&TALL, &[("PAGER", flagged.as_str()), ("LESS", "R")], "paged R-x\n"),
        (&["customer", "show", "31204551"], &[("PAGER", pager.as_str())], "paged FRX\n"),
        (&["invoice", "show", "67410"], &[("PAGER", pager.as_str())], "paged FRX\n"),
    ] {
        let (code, shown) = on(&env, typed, pairs).end();
        assert_eq!((code, shown.as_str()), (0, says), "{typed:?}");
        let saw = saw(&pager).unwrap();
        assert!(saw.lines().count() >= 10 && saw.contains("\u{1b}[1m"), "{typed:?}: {saw}");
        std::fs::remove_file(format!("{pager}.saw")).unwrap();
    }
    // What fits, what nobody wants paged, and what a pipe reads.
    let short = &["ticket", "32181"][..];
    for (typed, pairs) in [
        (short, &[("LINES", "80"), ("PAGER", pager.as_str())][..]),
        (&["--no-pager", "ticket", "32174", "--all-comments"], &[("PAGER", pager.as_str())]),
        (&TALL, &[("SYNCRO_PAGER", ""), ("PAGER", pager.as_str())]),
        (&TALL, &[("SYNCRO_PAGER", "cat"), ("PAGER", pager.as_str())]),
        (&["ticket", "32174", "--json"], &[("PAGER", pager.as_str())]),
        (&["tickets"], &[("PAGER", pager.as_str())]),
        (&["tickets", "--csv"], &[("PAGER", pager.as_str())]),
    ] {
        let (code, shown) = on(&env, typed, pairs).end();
        assert!(code == 0 && !shown.contains("paged"), "{typed:?}: {shown}");
        assert_eq!(saw(&pager), None, "{typed:?}");
    }
    let ran = env.run_with(&TALL, &[("SYNCRO_PAGER", &pager), ("LINES", "10")]);
    assert!(ran.ends(0).stdout.contains("#32174") && saw(&pager).is_none(), "{ran}");
}

#[test]
fn a_pager_that_is_left_early_is_a_quiet_end() {
    let env = TestEnv::new();
    let pager = pager(&env, "exit 3");
    let (code, shown) = on(&env, &TALL, &[("PAGER", &pager)]).end();
    assert_eq!((code, shown.as_str()), (0, ""));
}

#[test]
fn without_its_program_the_page_is_printed_with_one_note() {
    let env = TestEnv::new();
    let (code, shown) = on(&env, &TALL, &[("PAGER", "no-such-pager -R")]).end();
    assert_eq!(code, 0, "{shown}");
    let note = "cannot run the pager \"no-such-pager\" (entity not found); set SYNCRO_PAGER, or use --no-pager";
    assert!(shown.starts_with(note), "{shown}");
    assert!(shown.contains("#32174") && shown.contains("Billing"), "{shown}");
    assert_eq!(shown.matches("no-such-pager").count(), 1, "{shown}");
}

#[test]
fn less_is_used_where_there_is_one() {
    let env = TestEnv::new();
    let less = env.script("less", &format!("#!/bin/sh\n{KEEPS}\n"));
    let folder = Path::new(&less).parent().unwrap().display().to_string();
    for (term, says) in [("xterm", "paged FRX-FRX\n"), ("dumb", "#32174")] {
        let mut command = env.command();
        command.args(TALL).env_remove("PAGER").env("LINES", "10").env("TERM", term);
        command.env("PATH", format!("{folder}:/usr/bin:/bin"));
        let (code, shown) = Terminal::of(command).end();
        assert_eq!(code, 0, "{shown}");
        assert!(shown.starts_with(says), "{shown}");
    }
    assert!(saw(&less).unwrap().contains("#32174"));
}

#[test]
fn a_conversation_is_read_from_its_beginning() {
    let env = TestEnv::new();
    let (code, shown) = env.terminal(&["ticket", "32174"]).end();
    assert_eq!(code, 0, "{shown}");
    let at = |text: &str| shown.find(text).unwrap_or_else(|| unreachable!("{text}: {shown}"));
    let parts =
        ["#32174", "Customer", "Contact", "Created", "oldest first", "32 earlier", "Billing"];
    assert!(parts.map(at).is_sorted(), "{shown}");
    let json = env.run(&["ticket", "32174", "--json"]).ends(0).json().unwrap();
    let text = |at: usize| json["comments"][at]["created_at"].as_str().unwrap().to_owned();
    assert!(text(0) > text(4), "{}", json["comments"]);
    // The day of each, as the page writes it.
    let page = env.run(&["ticket", "32174"]);
    let heads = page.stdout.lines().filter(|line| {
        line.contains("  public  20") || {
            let words: Vec<&str> = line.split("  ").collect();
            words.iter().any(|word| ["public", "private"].contains(word))
        }
    });
    let days: Vec<String> = heads
        .filter_map(|line| line.split_whitespace().find(|word| word.starts_with("20")))
        .map(str::to_owned)
        .collect();
    assert!(days.len() == 5 && days.is_sorted(), "{days:?}\n{page}");
}
