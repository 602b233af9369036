//! Every guard on every write that offers its flag: it stands in a script's way and is named, and the flag lets the write
//! pass; where the write is one request, `api` with that request does the same. The flags are read from the command line's
//! own description, so that a new one is missing here from its first day.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::appointments;
pub(super) use super::before::nothing;
use super::before::{
    anothers, billed_and_left, both, charged, charged_before, charged_today, converted, dear,
    drafted, entered, entered_twice, free, free_draft, invoiced, left, left_behind, live,
    live_and_unsold, long, moved, no_longer_sold, onsite, open_and_running, open_and_stopped,
    opted_out, other_left, running, said, secret, silent, silent_and_billed, unbillable, unpriced,
    unsold, visited_and_left, waits, waits_and_unsold,
};
use super::elsewhere::{live_and_charged, paused_and_running, waits_and_charged};
use crate::options::{Leaf, leaves};
use crate::support::{Ran, Setup, TestEnv, many};

/// A command that a guard stands against; `~` is a space within a word.
pub(super) struct Row {
    pub(super) typed: &'static str,
    pub(super) flag: &'static str,
    /// What has happened before.
    office: fn(&TestEnv),
}

pub(super) const fn row(flag: &'static str, typed: &'static str, office: fn(&TestEnv)) -> Row {
    Row { typed, flag, office }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "syncro {}: --{}", self.typed, self.flag)
    }
}

impl Row {
    pub(super) fn words(&self) -> Vec<String> {
        self.typed.split(' ').map(|word| word.replace('~', " ")).collect()
    }

    pub(super) fn env(&self) -> TestEnv {
        let faults = match (self.flag, self.typed.contains("stop")) {
            // An account that charges the timers that are stopped.
            ("zero" | "overlap" | "disabled", true) => {
                vec!["settings@*=charges".to_owned(), "timer-stop=charges".to_owned()]
            }
            _ => Vec::new(),
        };
        let env = TestEnv::prepared(Setup { faults, ..Setup::default() }, self.office).0;
        // What no account shows, only the program's own journal tells.
        if self.typed == EMAIL && self.flag == "again" {
            env.run(&["invoice", "email", "67409", "--yes"]).ends(0);
        }
        env
    }

    /// The server itself refuses to delete a ticket that has invoices.
    fn code(&self) -> i32 {
        if self.flag == "invoiced" { 5 } else { 0 }
    }
}

const EMAIL: &str = "invoice email 67409";

pub(super) const ROWS: &[Row] = &[
    row("again", "bill 32177 --minutes 30 --labor remote -m Copied", nothing),
    row("same-line", "bill 32181 --minutes 30 --labor remote -m Copied", waits),
    row("same-comment", "bill 32181 --minutes 30 --labor remote -m Copied", said),
    row("other-contact", "bill 32181 --minutes 30 --labor remote -m Copied", moved),
    row("zero", "bill 32181 --minutes 30 --labor remote -m Copied", free),
    row("stacked", "bill 32181 --minutes 60 --labor emergency --add onsite=30m -m Copied", nothing),
    row("timer-running", "bill 32175 --minutes 30 --labor remote -m Copied", nothing),
    row("leave-timers", "bill 32168 --minutes 30 --labor remote -m Copied", nothing),
    row("charged-today", "bill 32181 --minutes 30 --labor remote -m Copied", charged_today),
    row(
        "overlap",
        "bill 32181 --minutes 15 --labor remote --log-time --start 2026-03-17~09:10 -m Copied",
        charged,
    ),
    row("not-billable", "bill 32168 --from-timers -m Copied", unbillable),
    row("large", "bill 32181 --minutes 13h --labor remote -m Copied", nothing),
    row("allow-secrets", "bill 32181 --minutes 30 --labor remote -m password:~hunter-two", nothing),
    row("opted-out", "bill 32181 --minutes 30 --labor remote -m Copied", opted_out),
    row("disabled", "bill 32181 --minutes 30 --labor remote -m Copied", unsold),
    row(
        "disabled",
        "bill 32181 --minutes 30 --labor remote --no-comment --description Copied",
        left,
    ),
    row("same-comment", "close 32181 -m Copied", said),
    row("opted-out", "close 32181 -m Copied", opted_out),
    row("disabled", "close 32181 -m Copied", left),
    row("large", "close 32175 --no-comment --stop-timer", nothing),
    row("other-contact", "close 32181 -m Copied", moved),
    row("allow-secrets", "close 32181 -m password:~hunter-two", nothing),
    row("same-comment", "comment 32181 Copied", said),
    row("other-contact", "comment 32181 Copied", moved),
    row("allow-secrets", "comment 32181 password:~hunter-two", nothing),
    row("opted-out", "comment 32181 Copied", opted_out),
    row("opted-out", "comment 32181 Copied", silent),
    row("disabled", "comment 32181 Copied", left),
    row("same-subject", "create 31204551 Till~will~not~print~gift~receipts", nothing),
    row("past", "create 31204551 Blank --start 2020-01-06~10:00", nothing),
    row("allow-secrets", "create 31204551 Blank --description password:~hunter-two", nothing),
    row("opted-out", "create 31204551 Blank --description Copied", silent),
    row("disabled", "create 31204551 Blank", left),
    row("allow-secrets", "update 32181 --subject password:~hunter-two", nothing),
    row("move-unbilled", "update 32178 --customer 31204551", nothing),
    row("disabled", "update 32181 --customer 31204602", other_left),
    row("other-contact", "api PUT tickets/108443837 -F customer_id=31204602", nothing),
    row("past", "move-appointment 31204551 --appointment 5560900021 --to 2020-01-06~10:00", visit),
    row(
        "disabled",
        "move-appointment 31204551 --appointment 5560900021 --to 2027-03-18~09:00",
        visited_and_left,
    ),
    row("invoiced", "delete 32176 --number 32176", nothing),
    row("same-line", "line add 32178 --labor travel", nothing),
    row("zero", "line add 32181 --product 17340025 --price 0", nothing),
    row("stacked", "line add 32181 --labor emergency --minutes 60", onsite),
    row("leave-timers", "line add 32168 --labor remote --minutes 30", nothing),
    row("charged-today", "line add 32181 --labor remote --minutes 30", charged_today),
    row("large", "line add 32181 --product 17340025 --price 4999 --quantity 2", nothing),
    row("allow-secrets", "line add 32181 --product 17340025 --name password:~hunter-two", nothing),
    row("disabled", "line add 32181 --product 17340199", nothing),
    row("disabled", "line add 32181 --labor remote --minutes 30", unsold),
    row("disabled", "line add 32181 --product 17340025", left),
    row("zero", "line update 32178 2964400001 --price 0", nothing),
    row("large", "line update 32178 2964400001 --quantity 1000", nothing),
    row("allow-secrets", "line update 32178 2964400001 --name password:~hunter-two", nothing),
    row("invoiced-line", "line update 32176 2964400003 --price 95", nothing),
    row("invoiced-line", "line remove 32176 2964400003", nothing),
    row("charged-timer", "line remove 32154 2964399990", nothing),
    row("overlap", "timer add 32181 --minutes 30 --start 2026-03-17~09:10", entered),
    row("large", "timer add 32181 --minutes 20h --start 2026-03-01~09:00", nothing),
    row("allow-secrets", "timer add 32181 --minutes 5 --notes password:~hunter-two", nothing),
    row("disabled", "timer add 32181 --minutes 5 --start 2026-03-01~09:00", left),
    row("disabled", "timer add 32181 --minutes 5 --labor remote --start 2026-03-01~09:00", unsold),
    row("disabled", "timer start 32181", left),
    row("disabled", "timer start 32181 --labor remote", unsold),
    row("disabled", "timer update 32162 48700002 --labor remote", unsold),
    row("timer-running", "timer start 32175", nothing),
    row("allow-secrets", "timer start 32181 --notes password:~hunter-two", nothing),
    row("large", "timer stop 32175", nothing),
    row("zero", "timer stop 32181", live),
    row("disabled", "timer stop 32181", live_and_unsold),
    row("zero", "close 32181 --no-comment --stop-timer", live),
    row("allow-secrets", "timer stop 32181 --notes password:~hunter-two", running),
    row("charged-timer", "timer update 32154 48700001 --notes Port", nothing),
    row("large", "timer update 32168 48700003 --minutes 20h", nothing),
    row("overlap", "timer update 32181 48700008 --start 2026-03-17~09:10", entered_twice),
    row("allow-secrets", "timer update 32168 48700003 --notes password:~hunter-two", nothing),
    row("charged-timer", "timer delete 32154 48700001", nothing),
    row("timer-running", "timer resume 32181", paused_and_running),
    row("overlap", "timer stop 32181", live_and_charged),
    row("overlap", "close 32181 --no-comment --stop-timer", live_and_charged),
    row("overlap", "timer charge 32181", waits_and_charged),
    row("not-billable", "timer charge 32168", unbillable),
    row("same-line", "timer charge 32181", charged_before),
    row("zero", "timer charge 32181", unpriced),
    row("stacked", "timer charge 32181 --all", both),
    row("large", "timer charge 32181", long),
    row("allow-secrets", "timer charge 32181", secret),
    row("disabled", "timer charge 32181", no_longer_sold),
    row("again", "invoice create 32181", invoiced),
    row("disabled", "invoice create 32181", left_behind),
    row("disabled", "invoice create 32181", waits_and_unsold),
    row("zero", "invoice create 32181", free),
    row("timer-running", "invoice create 32181", open_and_running),
    row("leave-timers", "invoice create 32181", open_and_stopped),
    row("large", "invoice create 32181", dear),
    row("paid", "invoice email 67410", nothing),
    row("unpublished", "invoice email 67409", drafted),
    row("zero", "invoice email 67411", nothing),
    row("other-contact", "invoice email 67409", anothers),
    row("again", EMAIL, nothing),
    row("opted-out", "invoice email 67412", silent_and_billed),
    row("disabled", "invoice email 67412", billed_and_left),
    row("paid", "invoice update 67410 --po-number PO-1187", nothing),
    row("allow-secrets", "invoice update 67409 --note password:~hunter-two", nothing),
    row("keep-status", "invoice delete 67409", nothing),
    row("again", "payment add 67410 --amount 1 --method Check --over", nothing),
    row("over", "payment add 67410 --amount 1 --method Check --again", nothing),
    row("over", "payment add 67409 --amount 90.01 --method Check", nothing),
    row("same-payment", "payment add id:1652214539 --amount 50 --method Check", nothing),
    row(
        "allow-secrets",
        "payment add 67409 --amount 1 --method Check --ref password:~hunter-two",
        nothing,
    ),
    row("same-contact", "contact create 31204551 imelda~quill", nothing),
    row("disabled", "contact create 31204551 Orla~Finch", left),
    row("open-tickets", "contact delete 7804551", nothing),
    row("same-customer", "customer create Bluebird --email imelda@quillfeather.example", nothing),
    row("open-work", "customer disable 31204551", nothing),
    row("same-asset", "asset create 31204551 till-1 --type Desktop", nothing),
    row("disabled", "asset create 31204551 till-9 --type Desktop", left),
    row("same-time", "appointment add 32181 --start 2027-03-17~10:00", visit),
    row("past", "appointment add 32181 --start 2020-01-06~10:00 --end 11:00", nothing),
    row(
        "allow-secrets",
        "appointment add 32181 --start 2027-03-18~09:00 --location password:~hunter-two",
        nothing,
    ),
    row("opted-out", "appointment add 32181 --start 2027-03-17~10:00 --mail", opted_out),
    row("other-contact", "appointment add 32181 --start 2027-03-17~10:00 --mail", moved),
    row("disabled", "appointment add 32181 --start 2027-03-17~10:00", left),
    row(
        "disabled",
        "api POST appointments -F customer_id=31204551 -f summary=Visit -f start_at=2027-03-17T10:00:00-05:00",
        left,
    ),
    row("again", "api POST estimates/9120011/convert_to_invoice", converted),
    row("declined", "api POST estimates/9120037/convert_to_invoice", nothing),
    row("zero", "api POST invoices -F customer_id=31204602", nothing),
    row(
        "same-line",
        "api POST estimates/9120011/line_items -f item=As~agreed -f name=Cameras~for~the~car~park -F price=480",
        nothing,
    ),
    row("zero", "api POST estimates/9120011/line_items -f item=Mast -F price=0", nothing),
    row(
        "allow-secrets",
        "api POST tickets/108443837/comment -f subject=Up -f body=password:~hunter-two -F hidden=true",
        nothing,
    ),
    row(
        "opted-out",
        "api POST tickets/108443837/comment -f subject=Up -f body=Copied -F hidden=true",
        opted_out,
    ),
    row(
        "other-contact",
        "api POST tickets/108443837/comment -f subject=Up -f body=Copied -F hidden=true",
        moved,
    ),
    row("large", "api POST estimates/9120011/line_items -f item=Mast -F price=6000", nothing),
    row(
        "allow-secrets",
        "api POST estimates/9120011/line_items -f item=Mast -f name=password:~hunter-two -F price=1",
        nothing,
    ),
    row(
        "take-payment",
        "api POST schedules -F customer_id=31204551 -f name=Care -f frequency=Monthly -f next_run=2027-03-01 -F charge_mop=true",
        nothing,
    ),
    row(
        "disabled",
        "api POST schedules -F customer_id=31204551 -f name=Care -f frequency=Monthly -f next_run=2027-03-01",
        left,
    ),
    row(
        "opted-out",
        "api POST schedules -F customer_id=31204551 -f name=Care -f frequency=Monthly -f next_run=2027-03-01 -F email_customer=true",
        silent,
    ),
    row(
        "past",
        "api POST schedules -F customer_id=31204551 -f name=Care -f frequency=Monthly -f next_run=2020-03-01",
        nothing,
    ),
    row("zero", "api POST invoices/1652300002/publish", free_draft),
    row("no-undo", "api POST ticket_blueprints/7301/apply -F customer_id=31204551", nothing),
    row("unknown-path", "api POST rmm_alerts -F customer_id=31204551 -f description=Loud", nothing),
];

pub(super) fn visit(env: &TestEnv) {
    appointments::visit(env);
}

/// The flags that override the guards of a command.
fn flags(leaf: &Leaf) -> BTreeSet<String> {
    let args = leaf.command.get_arguments();
    let overrides = args.filter(|arg| arg.get_help_heading() == Some("Guard overrides"));
    let switches = overrides.filter(|arg| !arg.get_action().takes_values());
    switches.filter_map(|arg| arg.get_long().map(str::to_owned)).collect()
}

/// The verb that a row types.
fn verb(row: &Row, leaves: &[Leaf]) -> String {
    let words = row.words();
    let leaf = leaves.iter().find(|leaf| words.starts_with(&leaf.typed)).unwrap();
    leaf.typed.join(" ")
}

/// A new guard, and a verb that offers a flag, have a row; and what no row makes fire, no verb offers.
#[test]
fn every_guard_of_every_write_has_a_row() {
    let leaves = leaves();
    // These take the flags of all others.
    let any = |leaf: &&Leaf| leaf.typed == ["api"] || leaf.typed == ["resume"];
    let offered = leaves.iter().filter(|leaf| !any(leaf)).flat_map(|leaf| {
        flags(leaf).into_iter().map(|flag| (leaf.typed.join(" "), flag)).collect::<Vec<_>>()
    });
    let offered: BTreeSet<(String, String)> = offered.collect();
    let fire = ROWS.iter().map(|row| (verb(row, &leaves), row.flag.to_owned()));
    let mut fire: BTreeSet<(String, String)> = fire.collect();
    let all: BTreeSet<String> = fire.iter().map(|(_, flag)| flag.clone()).collect();
    fire.retain(|(verb, _)| verb != "api");
    let (lacks, more): (Vec<_>, Vec<_>) =
        (offered.difference(&fire).collect(), fire.difference(&offered).collect());
    assert!(lacks.is_empty() && more.is_empty(), "no row: {lacks:?}; no flag: {more:?}");
    for leaf in leaves.iter().filter(any) {
        assert_eq!(flags(leaf), all);
    }
}

/// What `api` is given for the one request of a dry run; none for a plan of several.
fn request(env: &TestEnv, row: &Row, plan: &Value) -> Option<Vec<String>> {
    let sent = match plan["writes"].as_array().unwrap().as_slice() {
        [sent] => sent,
        // An entry is judged by its charge alone; what its line says, with the mending behind it.
        [sent, mend]
            if mend["step"] == "mend" && ["not-billable", "overlap"].contains(&row.flag) =>
        {
            sent
        }
        _ => return None,
    };
    let text = |name: &str| sent[name].as_str().unwrap().to_owned();
    let mut typed = vec!["api".to_owned(), text("method"), text("path")];
    if sent["body"].is_object() {
        let file = env.dir().join("body.json");
        std::fs::write(&file, sent["body"].to_string()).unwrap();
        typed.extend(["--input".to_owned(), file.to_str().unwrap().to_owned()]);
    }
    let is_ticket = text("method") == "DELETE" && text("path").starts_with("/tickets/");
    let number = ["--number", "32176"].map(str::to_owned);
    typed.extend(number.into_iter().filter(|_| is_ticket));
    // What else stands against it is answered there, too.
    let is_guard = |word: &String| ROWS.iter().any(|row| *word == format!("--{}", row.flag));
    typed.extend(row.words().into_iter().filter(is_guard));
    Some(typed)
}

#[test]
fn a_guard_fires_and_its_flag_lets_pass() {
    let via_api = std::sync::Mutex::new(Vec::new());
    many("guard matrix", ROWS, |row, problems| {
        let env = row.env();
        let before = env.writes().len();
        let flag = format!("--{}", row.flag);
        let run = |env: &TestEnv, typed: &[String], more: &[&str]| -> Ran {
            let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
            env.run(&[&typed[..], more].concat())
        };
        let refuses = |typed: &[String]| {
            let ran = run(&env, typed, &["--yes"]);
            let named = ran.stderr.split_whitespace().any(|word| word == flag);
            (ran.code, named, env.writes().len() - before, ran)
        };
        let plan = run(&env, &row.words(), &["--dry-run", "--json"]);
        let api = request(&env, row, &plan.json().unwrap());
        for typed in [Some(row.words()), api.clone()].into_iter().flatten() {
            let (code, named, writes, ran) = refuses(&typed);
            problems.unless((code, named, writes) == (5, true, 0), || format!("{ran}"));
        }
        let ran = run(&env, &row.words(), &["--yes", &flag]);
        problems.unless(ran.code == row.code() && env.writes().len() > before, || format!("{ran}"));
        let Some(api) = api else { return };
        via_api.lock().unwrap().push(row.flag);
        let other = row.env();
        let ran = run(&other, &api, &["--yes", &flag]);
        problems
            .unless(ran.code == row.code() && other.writes().len() > before, || format!("{ran}"));
    });
    let guards: BTreeSet<&str> = ROWS.iter().map(|row| row.flag).collect();
    let via_api = via_api.into_inner().unwrap();
    let fired: BTreeSet<&str> = via_api.iter().copied().collect();
    assert_eq!(fired, guards, "each fires through `api`, too");
    let (guards, writes, api) = (guards.len(), ROWS.len(), via_api.len());
    println!("guard matrix: {guards} guards x {writes} writes, {api} of them through api, too");
}
