//! What a terminal shows besides the answer: what is being read while one waits, and what was left unfinished.

use crate::support::{Setup, TILL, TestEnv, UNBILLED, bill};

#[test]
fn what_takes_long_to_read_is_named_until_it_is_there() {
    let env = TestEnv::with(&["any@*=slow:700"]);
    let mut terminal = env.terminal(&["ticket", "32181"]);
    let note = terminal.expect(" ...");
    assert!(note.starts_with("reading "), "{note}");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    // It is wiped out before the answer: blanks, and back to the start of the line.
    let rest = shown.rsplit(" ...").next().unwrap();
    assert!(rest.starts_with("    "), "{shown}");
    for flags in [&["ticket", "32181", "-q"][..], &["ticket", "32181", "--quiet"]] {
        let (code, shown) = env.terminal(flags).end();
        assert_eq!(code, 0, "{shown}");
        assert!(!shown.contains("reading"), "{shown}");
    }
    let ran = env.run(&["ticket", "32181"]);
    assert!(!ran.ends(0).stderr.contains("reading"), "{ran}");
}

#[test]
fn several_short_reads_are_one_wait() {
    let env = TestEnv::with(&["any@*=slow:300"]);
    let mut terminal = env.terminal(&["comment", "32181", "-m", "Done"]);
    terminal.expect("reading ");
    terminal.answer("[y/N/p", "n");
    assert_eq!(terminal.end().0, 9);
    let env = TestEnv::new();
    let (code, shown) = env.terminal(&["ticket", "32181"]).end();
    assert_eq!(code, 0, "{shown}");
    assert!(!shown.contains("reading "), "{shown}");
}

#[test]
fn a_long_list_says_how_far_it_is() {
    let faults = vec!["any@*=slow:300".to_owned()];
    let env = TestEnv::of(Setup { list_page: 2, faults, ..Setup::default() });
    let mut terminal = env.terminal(&["customers", "", "--all"]);
    let note = terminal.expect(" ...");
    assert!(note.contains("reading customers"), "{note}");
    terminal.expect("customers: page ");
    let count = terminal.expect(" ...");
    assert!(count.contains(" of "), "{count}");
    assert_eq!(terminal.end().0, 0);
}

const UNFINISHED: &str = "Bill ticket #32181 is not finished; run `syncro resume`";

#[test]
fn unfinished_writes_are_mentioned_at_the_end_of_every_command() {
    let env = TestEnv::with(&["line=close-before"]);
    let first = env.terminal(&bill(&["--yes"])).end();
    // It has said so itself.
    assert!(first.0 == 6 && first.1.contains("resume") && !first.1.contains(UNFINISHED));
    for (typed, code) in [
        (&["ticket", "32175"][..], 0),
        (&["tickets"], 0),
        (&["whoami", "--json"], 0),
        (&["ticket", "99999"], 3),
        (&["comment", "32175", "-m", "x", "--dry-run"], 0),
    ] {
        let sent = env.log().len();
        let ended = env.terminal(typed).end();
        assert_eq!(ended.0, code, "{}", ended.1);
        assert_eq!(ended.1.trim_end().lines().last(), Some(UNFINISHED), "{}", ended.1);
        assert!(env.log().len() > sent);
    }
    // What asks nobody anything, is not understood, or is a way to nowhere.
    let alone = ["config", "set", "tickets.priority", "1 High", "--dry-run"];
    let sent = env.log().len();
    for (typed, code) in [
        (&["config", "list"][..], 0),
        (&["config", "get", "tickets.priority"], 0),
        (&["config", "get", "ca_file"], 3),
        (&alone, 0),
        (&["logout", "--all", "--dry-run"], 0),
        (&["help", "dates"], 0),
        (&["man"], 0),
        (&["doctor", "--offline"], 2),
        (&["tickts"], 2),
        (&["ticket", "list"], 2),
        (&["invoice"], 2),
        (&["tickets", "--limit", "many"], 2),
    ] {
        let ended = env.terminal(typed).end();
        assert_eq!(ended.0, code, "{typed:?}: {}", ended.1);
        assert_eq!(ended.1.trim_end().lines().last(), Some(UNFINISHED), "{typed:?}: {}", ended.1);
    }
    assert_eq!(env.log().len(), sent);
    // Another account's are not its own, also where a command is not understood.
    let elsewhere = env.terminal(&["tickts", "--sandbox"]).end();
    assert!(!elsewhere.1.contains("not finished"), "{}", elsewhere.1);
    // What a shell runs while a person types, or when it starts, and what is asked of the program alone.
    for typed in [&["completions", "bash"][..], &["--version"], &["bill", "--help"], &["--help"]] {
        let (code, shown) = env.terminal(typed).end();
        assert!(code == 0 && !shown.contains(UNFINISHED), "{typed:?}: {shown}");
    }
    // Those that name it already, and those who do not want to hear of it.
    for typed in [&["resume", "--dry-run"][..], &bill(&["--yes"]), &["tickets", "-q"]] {
        let (_, shown) = env.terminal(typed).end();
        assert!(!shown.contains(UNFINISHED), "{typed:?}: {shown}");
    }
    let ran = env.run(&["ticket", "32175"]);
    assert!(!ran.ends(0).stderr.contains("not finished"), "{ran}");
    env.run(&["resume", "--yes"]).ends(0);
    let (_, shown) = env.terminal(&["tickets"]).end();
    assert!(!shown.contains("not finished"), "{shown}");
    assert_ne!(env.state(TILL).ours(), UNBILLED);
}

/// What `--details` promises is there at every width: the last comment of each of the first ten, on a line below it.
#[test]
fn details_show_the_last_comments_at_every_width() {
    let env = TestEnv::new();
    let args = ["tickets", "--details", "--limit", "12"];
    let piped = env.run(&[&args[..], &["--csv"]].concat());
    let mut reader = csv::Reader::from_reader(piped.ends(0).stdout.as_bytes());
    let at = reader.headers().unwrap().iter().position(|name| name == "last_comment").unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 12);
    for width in [50, 80, 100, 120, 200] {
        let (code, shown) = env.terminal_of(width, &args).end();
        assert_eq!(code, 0, "{shown}");
        let lines: Vec<&str> = shown.lines().collect();
        for (place, row) in rows.iter().enumerate() {
            let number = format!("#{} ", &row[0]);
            let line = lines.iter().position(|line| line.starts_with(&number)).unwrap();
            let below = lines[line + 1];
            assert_eq!(row[at].is_empty(), place >= 10, "{}", &row[at]);
            assert_eq!(below.starts_with("  "), place < 10, "{width}: {shown}");
            if let Some((_, said)) = row[at].split_once(": ") {
                let first = format!(": {}", said.split(' ').next().unwrap());
                assert!(below.contains(&first), "{width}: {said:?} in {shown}");
            }
        }
    }
}

/// Whom a contact belongs to is an id there, which a script reads, and a person who asks for it.
#[test]
fn a_list_of_contacts_shows_people_no_bare_id() {
    let env = TestEnv::new();
    let args = ["contact", "list", "--limit", "3"];
    let (_, shown) = env.terminal_of(160, &args).end();
    assert!(shown.contains("7804551") && !shown.contains("31204551"), "{shown}");
    let named = [&args[..], &["--columns", "name,customer"]].concat();
    let (_, shown) = env.terminal_of(160, &named).end();
    assert!(shown.contains("31204551"), "{shown}");
    assert!(env.run(&args).ends(0).stdout.contains("31204551"));
}

/// What a column needs is read where the column is asked for by name, and only there.
#[test]
fn a_column_that_is_asked_for_by_name_is_read() {
    let comments = |env: &TestEnv| {
        let log = env.log();
        log.iter().filter(|call| call.path.ends_with("/comments")).count()
    };
    for (args, read) in [
        (&["tickets", "--limit", "2", "--columns", "number,last_comment"][..], 2),
        (&["tickets", "--limit", "2", "--columns", "Last comment"], 2),
        (&["search", "till", "--limit", "2", "--columns", "number,last_comment"], 2),
        (&["tickets", "--limit", "12", "--details", "--columns", "number,status"], 0),
        (&["tickets", "--limit", "2", "--columns", "number,status"], 0),
    ] {
        let env = TestEnv::new();
        let ran = env.run(&[args, &["--tsv"]].concat());
        assert_eq!(comments(&env), read, "{ran}");
        let cells = ran.ends(0).stdout.lines().skip(1).map(|row| row.split('\t').next_back());
        assert!(cells.flatten().all(|cell| !cell.is_empty()), "{ran}");
        assert!(!ran.stderr.contains("last comments"), "{ran}");
    }
    let env = TestEnv::new();
    let ran = env.run(&["customers", "quill", "--columns", "id,open_tickets_count", "--tsv"]);
    assert!(ran.ends(0).stdout.lines().any(|row| row == "31204551\t4"), "{ran}");
}
