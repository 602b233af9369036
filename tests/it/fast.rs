//! The quick tier's walk through the program: each command once, by its ordinary path, on the practice account. What can
//! go wrong is the business of the other modules.

use std::collections::BTreeSet;
use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::support::{Setup, TILL, TRAINEE, TestEnv, many, ticket_id};
use crate::walls::commands;

/// One command as it is typed; what stands in braces is found or made before it.
enum Typed {
    Reads(&'static str),
    Writes(&'static str),
}

use Typed::{Reads, Writes};

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reads(typed) | Writes(typed) => f.write_str(typed),
        }
    }
}

/// Not taken: `init` asks, `doctor` looks at the machine, `sandbox` serves until it is stopped; and what writes nothing to
/// the account.
const ELSEWHERE: [&str; 7] =
    ["init", "doctor", "sandbox serve", "sandbox reset", "config set", "config unset", "logout"];

const ALL: &[Typed] = &[
    Reads("api GET me"),
    Reads("appointment list"),
    Reads("appointment show {appointment}"),
    Reads("asset list"),
    Reads("asset patches 12400000"),
    Reads("asset show 12400000"),
    Reads("completions bash"),
    Reads("config get tickets.priority"),
    Reads("config list"),
    Reads("contact list"),
    Reads("contact show {contact}"),
    Reads("customer show 31204551"),
    Reads("customers"),
    Reads("invoice list"),
    Reads("man bill"),
    Reads("invoice show {invoice}"),
    Reads("line list 32181"),
    Reads("payment list"),
    Reads("payment show {payment}"),
    Reads("product list"),
    Reads("product show 17340021"),
    Reads("report alerts"),
    Reads("report ar"),
    Reads("report close --month 2026-03"),
    Reads("report assets"),
    Reads("report drift --since 2026-01-01"),
    Reads("report duplicates"),
    Reads("report patches"),
    Reads("report prepaid"),
    Reads("report recurring"),
    Reads("report stale --customer 31204655"),
    Reads("report time --since 2026-03-09 --until 2026-03-13"),
    Reads("report uninvoiced --since 2026-01-01"),
    Reads("resume"),
    Reads("search printer"),
    Reads("sync"),
    Reads("ticket 32181"),
    Reads("tickets"),
    Reads("timer list 32168"),
    Reads("today"),
    Reads("unbilled --since 2026-01-01"),
    Reads("whoami"),
    Writes("appointment add 32181 --start 2027-03-18T09:00"),
    Writes("appointment cancel {appointment}"),
    Writes("asset create 31204551 TILL-3 --type Desktop"),
    Writes("asset update 12400000 --serial QF-0032"),
    Writes("bill 32181 --minutes 30 --labor remote -m Copied --description Copied"),
    Writes("close 32181 -m Copied"),
    Writes("comment 32181 Copied"),
    Writes("contact create 31204551 Ada"),
    Writes("contact delete {contact}"),
    Writes("contact disable {contact}"),
    Writes("contact update {contact} --phone 555-0199"),
    Writes("create id:31204551 Receipts --description Blank"),
    Writes("customer create Bluebird"),
    Writes("customer disable 31204551 --open-work"),
    Writes("customer update 31204551 --phone 555-0199"),
    Writes("delete 32166 --number 32166"),
    Writes("invoice create 32181"),
    Writes("invoice delete {invoice}"),
    Writes("invoice email {invoice}"),
    Writes("invoice update {invoice} --po-number PO-1187"),
    Writes("line add 32181 --labor remote --minutes 30 --description Copied"),
    Writes("line remove 32181 {line}"),
    Writes("line update 32181 {line} --quantity 0.75"),
    Writes(
        "move-appointment 31204551 --date 2027-03-17 --appointment {appointment} --to 2027-03-19T14:00",
    ),
    Reads("open 32181"),
    Writes("payment add {invoice} --amount 20.05 --method Check"),
    Writes("timer add 32181 --minutes 30 --start 2026-03-17T08:00 --notes Spool"),
    Writes("timer charge 32168 --labor remote"),
    Writes("timer delete 32168 {timer}"),
    Writes("timer start 32181 --labor remote"),
    Writes("timer stop 32181"),
    Writes("timer pause 32181"),
    Writes("timer resume 32181"),
    Writes("timer update 32168 {timer} --minutes 50"),
    Writes("update 32181 --priority high"),
];

/// The commands that write, as they are typed.
pub(crate) fn writing() -> Vec<&'static str> {
    let writes = |typed: &Typed| match typed {
        Writes(typed) => Some(*typed),
        Reads(_) => None,
    };
    ALL.iter().filter_map(writes).collect()
}

/// What must be there before the command, and the arguments with it.
pub(crate) fn prepared(env: &TestEnv, typed: &str) -> Vec<String> {
    let account = env.account();
    let needs = |what: &str| typed.contains(what);
    let mut found: Vec<(&str, Value)> = Vec::new();
    if needs("{line}") || needs("{invoice}") || typed == "invoice create 32181" {
        let line = account.line(TILL, "0.5", "120", "Copied");
        found.push(("{line}", line["id"].clone()));
    }
    if needs("{invoice}") {
        found.push(("{invoice}", account.invoice(TILL)["invoice"]["number"].clone()));
    }
    if needs("{payment}") {
        found.push(("{payment}", account.get("/payments")["payments"][0]["id"].clone()));
    }
    if needs("{timer}") {
        found.push(("{timer}", account.timers(32_168)[0]["id"].clone()));
    }
    if needs("{contact}") {
        let fields = json!({"customer_id": 31_204_551, "name": "Wren Saltby"});
        found.push(("{contact}", account.write("POST", "/contacts", &fields)["id"].clone()));
    }
    if needs("{appointment}") {
        let fields = json!({
            "summary": "Gift receipts", "ticket_id": ticket_id(TILL), "customer_id": 31_204_551,
            "start_at": "2027-03-17T15:00:00Z", "end_at": "2027-03-17T16:00:00Z", "user_id": TRAINEE,
        });
        let (_, made) = account.call("POST", "/appointments", Some(&fields));
        found.push(("{appointment}", made["appointment"]["id"].clone()));
    }
    if needs("timer stop") {
        let start = Timestamp::now() - SignedDuration::from_mins(30);
        account.clock(TILL, &json!({"start_at": start.to_string(), "notes": "Gift layout"}));
    }
    if needs("timer pause") || needs("timer resume") {
        let timer = json!({"ticket_id": ticket_id(TILL)});
        let (_, made) = account.call("POST", "/ticket_timers", Some(&timer));
        let path = format!("/ticket_timers/{}/pause", made["ticket_timer"]["id"]);
        if needs("timer resume") {
            account.write("POST", &path, &json!({}));
        }
    }
    let fill = |word: &str| {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = found.iter().find(|(name, _)| *name == word);
        value.map_or_else(|| word.to_owned(), |(_, value)| text(value))
    };
    typed.split(' ').map(fill).collect()
}

#[test]
fn each_command_does_its_work() {
    many("each command once", ALL, |typed, problems| {
        let (env, args) =
            TestEnv::prepared(Setup::default(), |env| prepared(env, &typed.to_string()));
        let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
        if matches!(typed, Writes(_)) {
            args.extend(["--yes", "--json"]);
        }
        let ran = env.run(&args);
        problems.unless(ran.code == 0, || ran.to_string());
        let written = env.writes().len();
        match typed {
            Reads(_) => problems.same("writes", written, 0),
            Writes(_) => {
                let outcome = ran.json().unwrap_or_default()["outcome"].take();
                problems.same("the outcome", outcome.as_str(), Some("done"));
                problems.unless(written > 0, || "nothing was written".to_owned());
                problems.unless(env.journal().iter().all(|plan| plan.is_closed()), || {
                    "a plan is pending".to_owned()
                });
            }
        }
    });
}

#[test]
fn every_command_is_among_them() {
    let all: BTreeSet<String> = commands().iter().map(|words| words.join(" ")).collect();
    let is_group = |name: &String| all.iter().any(|other| other.starts_with(&format!("{name} ")));
    let typed: Vec<String> =
        ALL.iter().map(Typed::to_string).chain(ELSEWHERE.map(str::to_owned)).collect();
    let is_typed = |name: &String| {
        typed.iter().any(|typed| format!("{typed} ").starts_with(&format!("{name} ")))
    };
    let missing: Vec<&String> =
        all.iter().filter(|name| !is_group(name) && !is_typed(name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
