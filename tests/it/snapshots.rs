//! Whole outputs, as a person sees them on a terminal of eighty columns: each page, list and preview on a day that stands
//! still, and each help text. A changed sentence or column shows here with all that is around it; after looking at it,
//! `INSTA_UPDATE=always cargo test --locked --test it snapshots` takes it over.

use std::process::Command;

use insta::{Settings, assert_snapshot};
use jiff::Timestamp;
use syncro::help::TOPICS;

use crate::support::{MachineClock, Running, Terminal, TestEnv};
use crate::walls::commands;

/// Between two commands of the first day of the practice account: 12:40 in Chicago.
const NOW: &str = "2026-03-17T17:40:00Z";

/// What only shows, and on what line of the walk through the program each is.
const SHOWN: &[&str] = &[
    "api GET me",
    "appointment list",
    "appointment show 5560900000",
    "asset list",
    "asset patches 12400000",
    "asset show 12400000",
    "config get tickets.priority",
    "config list",
    "contact list",
    "contact show 7804551",
    "customer show 31204551",
    "customers",
    "customers --details quill",
    "invoice list",
    "invoice show 67410",
    "line list 32176",
    "open 32181",
    "payment list",
    "payment show 61200000",
    "product list",
    "product show 17340021",
    // Progress is said when the machine is slow.
    "report alerts --quiet",
    "report ar --quiet",
    "report ar --invoices --quiet",
    "report close --month 2026-03 --quiet",
    "report assets --quiet",
    "report duplicates --quiet",
    "report patches --quiet",
    "report prepaid --quiet",
    "report drift --quiet",
    "report recurring --quiet",
    "report stale --quiet",
    "report time --since 2026-03-09 --until 2026-03-13 --quiet",
    "report uninvoiced --quiet",
    "resume",
    "search printer",
    "sync --quiet",
    "ticket 32176",
    "ticket 32181",
    "tickets",
    "tickets --details --limit 3",
    "timer list 32168",
    "today --quiet",
    "unbilled --customer 31204655 --quiet",
    "whoami",
];

/// What asks, with what is done before it; each is answered with No.
const ASKED: &[(&[&str], &str)] = &[
    (&[], "api PUT tickets/108443837 -f status=New"),
    (&[], "appointment add 32181 --start 2026-03-18T09:00"),
    (&[], "appointment cancel 5560900000"),
    (&[], "asset create 31204551 TILL-3 --type Desktop"),
    (&[], "asset update 12400000 --serial QF-0032"),
    (&[], "bill 32181 --minutes 30 --labor remote -m Copied --description Copied"),
    (
        &[],
        "bill 32181 --minutes 90 --labor remote --add travel -m Copied --description Copied --log-time",
    ),
    (&[], "bill 32168 --from-timers -m Copied"),
    (&[], "close 32181 -m Copied"),
    (&["timer start 32181 --labor remote"], "close 32181 -m Copied --stop-timer --no-log"),
    (&[], "comment 32181 Copied"),
    (&[], "comment 32181 Copied --hidden"),
    (&[], "contact create 31204551 Ada"),
    (&[], "contact delete 7804552"),
    (&[], "contact disable 7804552"),
    (&[], "contact update 7804552 --phone 555-0199"),
    (&[], "customer create Bluebird"),
    (&[], "customer disable 31204551"),
    (&[], "customer update 31204551 --phone 555-0199"),
    (&["line add 32181 --labor remote --minutes 30 --description Copied"], "invoice create 32181"),
    (&[], "invoice delete 67411"),
    (&[], "invoice email 66930"),
    (&[], "invoice update 66930 --po-number PO-1187"),
    (&[], "line add 32181 --labor remote --minutes 30 --description Copied"),
    (&[], "line remove 32178 2964400000"),
    (&[], "line update 32178 2964400000 --quantity 2"),
    (
        &[],
        "move-appointment 31204551 --date 2026-03-18 --appointment 5560900009 --to 2026-03-19T14:00",
    ),
    (&[], "payment add 66930 --amount 20.05 --method Check"),
    (&[], "timer add 32181 --minutes 30 --start 2026-03-17T08:00 --notes Spool"),
    (&[], "timer charge 32168 --labor remote"),
    (&[], "timer delete 32168 48700003"),
    (&[], "timer start 32181 --labor remote"),
    (&["timer start 32181 --labor remote"], "timer pause 32181"),
    (&["timer start 32181 --labor remote", "timer pause 32181"], "timer resume 32181"),
    (&["timer start 32181 --labor remote"], "timer stop 32181"),
    (&[], "timer update 32168 48700003 --minutes 50"),
    (&[], "update 32181 --priority high"),
];

/// What asks for more than a Yes: planned in a script, as it would be written.
const PLANNED: &[&str] =
    &["create id:31204551 Receipts --description Blank", "delete 32166 --number 32166"];

/// Not shown: they ask first, look at the machine, serve until stopped, print for a shell, or need what [`ASKED`] has no room for.
const ELSEWHERE: &[&str] = &[
    "completions",
    "config set",
    "config unset",
    "doctor",
    "help",
    "init",
    "logout",
    "man",
    "sandbox reset",
    "sandbox serve",
];

/// A newcomer's practice account on a day that stands still.
struct Day {
    env: TestEnv,
    clock: MachineClock,
}

impl Day {
    fn new() -> Self {
        let env = TestEnv::new();
        let second = NOW.parse::<Timestamp>().unwrap().as_second();
        let clock = MachineClock::standing(env.dir(), second);
        Self { env, clock }
    }

    fn command(&self, typed: &str) -> Command {
        let mut command = self.env.command();
        for name in ["SYNCRO_CONFIG", "SYNCRO_BASE_URL", "SYNCRO_API_KEY"] {
            command.env_remove(name);
        }
        command.envs(self.clock.variables()).env("COLUMNS", "80").env("SYNCRO_PAGER", "");
        command.arg("--sandbox").args(typed.split(' '));
        command
    }

    /// What `typed` shows, on both streams, and how it ends; a question is answered with No.
    fn shows(&self, typed: &str) -> String {
        let mut terminal = Terminal::of(self.command(typed));
        while terminal.until_end("[y/").is_some() {
            terminal.send("n\r");
        }
        let (code, shown) = terminal.end();
        let state = self.env.dir().to_str().unwrap();
        // What is typed is drawn more than once.
        let question =
            |line: &'_ str| line.find("[y/").and_then(|at| Some(at + line[at..].find(']')?));
        let lines: Vec<&str> = shown
            .lines()
            .map(|line| question(line).map_or(line, |end| &line[..=end]).trim_end())
            .collect();
        let shown = lines.join("\n").replace(state, "<folder>");
        // The practice server takes a port that is free.
        let shown = match shown.split_once("http://127.0.0.1:") {
            Some((before, after)) => {
                let rest = after.trim_start_matches(|figure: char| figure.is_ascii_digit());
                format!("{before}http://127.0.0.1:<port>{rest}")
            }
            None => shown,
        };
        format!("$ syncro {typed}\n{}\nexit {code}", shown.trim_end())
    }
}

fn holds(name: &str, text: &str) {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, text));
}

/// The name of a snapshot: the command's words, without what is typed after them.
fn name(typed: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '.' || letter == '-';
    let words: Vec<String> = typed
        .split(' ')
        .map(|word| word.chars().filter(|letter| plain(*letter)).collect())
        .collect();
    words.join("_")
}

#[test]
fn pages_and_lists_at_eighty_columns() {
    for typed in SHOWN {
        holds(&format!("shown_{}", name(typed)), &Day::new().shows(typed));
    }
}

#[test]
fn previews_at_eighty_columns() {
    for (before, typed) in ASKED {
        let day = Day::new();
        for typed in *before {
            let mut command = day.command(typed);
            command.arg("--yes");
            Running::start(command).wait().ends(0);
        }
        holds(&format!("asked_{}", name(typed)), &day.shows(typed));
    }
}

#[test]
fn plans_at_eighty_columns() {
    for typed in PLANNED {
        let day = Day::new();
        let mut command = day.command(typed);
        command.arg("--dry-run");
        let ran = Running::start(command).wait();
        holds(&format!("planned_{}", name(typed)), &format!("$ syncro {typed} --dry-run\n{ran}"));
    }
}

#[test]
fn every_help_text() {
    let program = syncro::cli::command();
    let page =
        |words: &[String]| syncro::help::page(program.clone(), words, None).unwrap().to_string();
    holds("help", &page(&[]));
    for command in commands() {
        holds(&format!("help_{}", command.join("_")), &page(&command));
    }
    for topic in TOPICS {
        holds(&format!("topic_{}", topic.name), &topic.page(None));
    }
}

#[test]
fn every_command_has_a_whole_output() {
    let asked = ASKED.iter().map(|(_, typed)| *typed);
    let typed: Vec<&str> = SHOWN.iter().chain(PLANNED).copied().chain(asked).collect();
    for command in commands() {
        let words = command.join(" ");
        let is_group = commands()
            .iter()
            .any(|other| other.len() > command.len() && other.starts_with(&command));
        let shown = typed.iter().any(|typed| format!("{typed} ").starts_with(&format!("{words} ")));
        assert!(is_group || shown || ELSEWHERE.contains(&words.as_str()), "syncro {words}");
    }
    let is_command = |name: &&str| commands().iter().any(|command| command.join(" ") == **name);
    assert!(ELSEWHERE.iter().all(|name| *name == "help" || is_command(name)));
}
