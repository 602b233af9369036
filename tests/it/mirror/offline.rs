//! `--offline`: each command that only shows says of the mirror what it says of the account, without a request; what is not
//! in the mirror is exit 3, and nothing that writes has the flag.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::{open, synced};
use crate::forms;
use crate::fuzzed::READING;
use crate::options::leaves;
use crate::support::{Ran, Setup, TILL, TestEnv, files, is_one_of, none_lost};

/// Commands that read and have no such flag, and why.
const WITHOUT: [(&str, &str); 9] = [
    ("api", "shows what the server answers"),
    ("bill", "plans a write"),
    ("config get", "reads no account"),
    ("config list", "reads no account"),
    ("doctor", "checks the way to the server"),
    ("resume", "writes"),
    ("sync", "makes the mirror"),
    ("whoami", "checks the key"),
    ("sandbox serve", "is the server"),
];

/// Commands that have it, and of whose records none are in the mirror.
const ELSEWHERE: [&str; 2] = ["appointment list", "appointment show"];

/// Answers that are not the same, and why: those that begin so, of the account in which reports find something or of both.
const OTHERWISE: [(&str, bool, &str); 3] = [
    ("invoice show 67409 --json", false, "its lines have the members that their own list shows"),
    (
        "invoice list",
        true,
        "what a payment of several invoices gave each, only their own pages say",
    ),
    ("report ar", true, "the same"),
];

fn leaf(words: &[&str]) -> String {
    let leaves = leaves();
    let leaf = leaves.iter().find(|leaf| {
        leaf.typed.len() <= words.len()
            && leaf.typed.iter().zip(words).all(|(one, word)| one == word)
    });
    leaf.ok_or(words).unwrap().typed.join(" ")
}

/// Each command that is to answer offline, in each of its forms.
fn shown(env: &TestEnv) -> Vec<Vec<String>> {
    let payment = env.account().get("/payments")["payments"][0]["id"].to_string();
    let of_lists = forms::ALL.iter().map(|(args, _)| args.join(" "));
    let mut all = Vec::new();
    for typed in READING.iter().map(|typed| (*typed).to_owned()).chain(of_lists) {
        let typed = typed.replace("{payment}", &payment);
        let words: Vec<&str> = typed.split(' ').collect();
        let leaf = leaf(&words);
        let is_left_out =
            WITHOUT.iter().any(|(one, _)| *one == leaf) || ELSEWHERE.contains(&leaf.as_str());
        if is_left_out || typed.contains("--said") {
            continue;
        }
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        for form in [None, Some("--json"), Some("--csv")] {
            if form == Some("--csv") && syncro::render::lists::of_command(&leaf).is_none() {
                continue;
            }
            all.push(words.iter().cloned().chain(form.map(str::to_owned)).collect());
        }
    }
    all
}

fn run(env: &TestEnv, words: &[String], more: &[&str]) -> Ran {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.extend(more);
    env.run(&words)
}

/// An answer as it is compared: of an object what is never kept is left out, and what says where it is from.
fn compared(ran: &Ran) -> Value {
    let Some(mut json) = ran.json() else { return Value::from(ran.stdout.clone()) };
    plain(&mut json, true);
    if let Some(report) = json.as_object_mut().filter(|report| report.contains_key("report")) {
        report.shift_remove("as_of");
        report.shift_remove("source");
    }
    json
}

fn plain(value: &mut Value, is_whole: bool) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| plain(item, false)),
        Value::Object(members) => {
            for never in ["online_profile_url", "portal_key"] {
                members.shift_remove(never);
            }
            // In a list a ticket has some of its comments; they are kept apart.
            if !is_whole {
                members.shift_remove("comments");
            }
            members.values_mut().for_each(|member| plain(member, false));
        }
        _ => {}
    }
}

#[test]
fn what_is_shown_offline_is_what_the_account_shows_and_nothing_is_asked() {
    let mut cases = 0;
    let mut wrong = String::new();
    for slipped in [false, true] {
        let env = TestEnv::of(Setup { slipped, list_page: 100, ..Setup::default() });
        synced(&env, &["--since", "2010-01-01", "--patches"]);
        for words in shown(&env) {
            let typed = words.join(" ");
            let live = run(&env, &words, &["--yes"]);
            let asked = env.log().len();
            let offline = run(&env, &words, &["--offline"]);
            let again = env.log().len() - asked;
            cases += 1;
            let mut otherwise = OTHERWISE.iter().filter(|(_, only, _)| slipped || !only);
            let is_otherwise = otherwise.any(|(begins, ..)| typed.starts_with(begins));
            let before = compared(&live);
            let shown = compared(&offline);
            let same = is_otherwise
                || shown == before
                || is_one_of(&shown, &before, &compared(&run(&env, &words, &["--yes"])));
            let is_said = offline.stderr.contains("mirror of ");
            if !same || live.code != offline.code || again > 0 || !is_said {
                wrong.push_str(&format!("== {typed} ({again} requests)\n{live}\n{offline}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    none_lost("shown offline", cases);
}

/// What is kept of an account for live commands, which may rest on it.
pub(super) fn caches(env: &TestEnv) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = files(&env.state_dir());
    found.retain(|path| path.extension().is_some_and(|end| end == "json"));
    found.into_iter().map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

#[test]
fn nothing_that_a_plan_reads_is_learned_from_the_mirror() {
    let env = TestEnv::of(Setup { knows_account: false, ..Setup::default() });
    synced(&env, &["--patches"]);
    let before = caches(&env);
    for words in shown(&env) {
        run(&env, &words, &["--offline"]).ends(0);
    }
    assert_eq!(caches(&env), before);
}

#[test]
fn nobody_needs_to_answer() {
    let mut env = TestEnv::new();
    synced(&env, &[]);
    env.stop();
    for args in [
        &["tickets", "--mine"][..],
        &["ticket", "32181"],
        &["search", "printer"],
        &["customer", "show", "Quillfeather"],
        &["report", "ar"],
    ] {
        env.run(&[args, &["--offline"]].concat()).ends(0).says("mirror of ");
    }
    env.run(&["tickets"]).ends(8);
}

#[test]
fn each_command_that_only_shows_has_the_flag_and_no_other() {
    for leaf in leaves() {
        let typed = leaf.typed.join(" ");
        let has = leaf.command.get_arguments().any(|arg| arg.get_long() == Some("offline"));
        let words = |one: &&str| {
            one.strip_prefix(&typed).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let shows = READING.iter().any(words) && !WITHOUT.iter().any(|(one, _)| *one == typed);
        assert_eq!(has, shows, "{typed}");
    }
    let env = TestEnv::new();
    for args in [&["comment", "32181", "Hello"][..], &["doctor"], &["api", "/me"], &["whoami"]] {
        env.run(&[args, &["--offline"]].concat()).ends(2).says("--offline");
    }
}

#[test]
fn what_is_not_in_the_mirror_is_said_and_not_asked_for() {
    let env = TestEnv::new();
    let ran = env.run(&["tickets", "--offline"]);
    ran.ends(3)
        .says("nothing of this account is in the mirror")
        .says("run `syncro sync` to copy it");
    synced(&env, &["--only", "tickets,customers,settings,users"]);
    let asked = env.log().len();
    env.run(&["tickets", "--offline"]).ends(0);
    for args in [
        &["appointment", "list"][..],
        &["appointment", "show", "5560900006"],
        &["invoice", "list"],
        &["ticket", "32181"],
        &["asset", "patches", "TILL-1"],
        &["report", "ar"],
        &["report", "drift"],
        &["product", "list"],
    ] {
        let ran = env.run(&[args, &["--offline"]].concat());
        ran.ends(3).says("not in the mirror").says("leave out --offline to ask Syncro");
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    env.run(&["tickets", "--offline", "--assignee", "robin"]).ends(0);
    env.run(&["ticket", "99999", "--offline"]).ends(3).says("leave out --offline to ask Syncro");
    assert_eq!(env.log().len(), asked);
}

#[test]
fn what_is_gone_is_not_shown() {
    let env = TestEnv::new();
    synced(&env, &[]);
    env.run(&["ticket", "32181", "--offline"]).ends(0);
    let ticket = crate::support::ticket_id(TILL);
    env.account().call("DELETE", &format!("/tickets/{ticket}"), None);
    // As of the sync, it is there.
    env.run(&["ticket", "32181", "--offline"]).ends(0);
    synced(&env, &["--full"]);
    env.run(&["ticket", "32181", "--offline"]).ends(3);
    let ran = env.run(&["tickets", "--status", "all", "--all", "--offline"]);
    assert!(!ran.ends(0).stdout.contains("32181"), "{ran}");
}

#[test]
fn a_report_says_where_it_is_from_and_asks_for_no_permission() {
    let env = TestEnv::slipped();
    synced(&env, &["--since", "2020-01-01"]);
    let read = "\"2026-03-01T00:00:00Z\"";
    open(&env).execute("UPDATE meta SET value = ? WHERE key = 'invoices.read'", [read]).unwrap();
    let ran = env.run(&["report", "ar", "--offline", "--json"]);
    let json = ran.ends(0).json().unwrap();
    assert_eq!(json["source"], "mirror");
    assert_eq!(json["as_of"], "2026-03-01T00:00:00Z");
    ran.says("warning: mirror of ").says("`syncro sync` brings it up to date");
    assert!(!ran.stderr.contains("requests"), "{ran}");
    let json = env.run(&["report", "ar", "--json"]).ends(0).json().unwrap();
    assert_eq!(json["source"], "live");
}

#[test]
fn how_old_is_too_old_and_how_long_is_kept_can_be_set() {
    let more = "[mirror]\nmax_age = \"60m\"\nkeep_days = 30\n".to_owned();
    let env = TestEnv::of(Setup { more, ..Setup::default() });
    let all = env.account().get("/tickets")["meta"]["total_pages"].clone();
    synced(&env, &[]);
    let now = jiff::Timestamp::now();
    let kept = super::records(&env);
    let limit = now.checked_sub(jiff::SignedDuration::from_hours(30 * 24)).unwrap().to_string();
    let closed = ["Resolved", "Invoiced", "Closed"];
    for ((kind, id), one) in &kept {
        let is_old = one["updated_at"].as_str().is_some_and(|at| at < limit.as_str());
        let is_closed = match kind.as_str() {
            "tickets" => closed.contains(&one["status"].as_str().unwrap()),
            "invoices" => one["is_paid"] == true,
            _ => false,
        };
        assert!(!(is_old && is_closed), "{kind} {id}");
    }
    assert!(super::count(&kept, "tickets") > 5, "{all}");
    let ran = env.run(&["tickets", "--offline"]);
    ran.ends(0).says("mirror of ");
    assert!(!ran.stderr.contains("warning"), "{ran}");
    let past = now.checked_sub(jiff::SignedDuration::from_mins(90)).unwrap();
    let past = format!("\"{past}\"");
    open(&env).execute("UPDATE meta SET value = ? WHERE key = 'tickets.read'", [past]).unwrap();
    env.run(&["tickets", "--offline"]).ends(0).says("warning: mirror of ");
    let wrong = [
        ("[mirror]\nmax_age = \"soon\"\n", "max_age must be"),
        ("[mirror]\nkeep_days = 0\n", "keep_days must be"),
    ];
    for (more, said) in wrong {
        let env = TestEnv::of(Setup { more: more.to_owned(), ..Setup::default() });
        env.run(&["tickets"]).ends(10).says(said);
    }
}

#[test]
fn what_an_older_list_has_last_is_found() {
    let env = TestEnv::of(Setup { list_page: 2, ..Setup::default() });
    synced(&env, &[]);
    env.account().line(TILL, "1.0", "12.5", "Cable");
    let invoice = env.account().invoice(TILL)["invoice"].clone();
    synced(&env, &[]);
    let number = invoice["number"]
        .as_str()
        .map(str::to_owned)
        .unwrap_or_else(|| invoice["number"].to_string());
    let ran = env.run(&["invoice", "show", &number, "--offline", "--json"]);
    let json = ran.ends(0).json().unwrap();
    assert!(!json["line_items"].as_array().unwrap().is_empty(), "{json}");
}

#[test]
fn a_ticket_that_does_not_say_when_it_changed_is_left_out_in_words() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let sql = "UPDATE rec SET json = json_set(json, '$.updated_at', 'lately'), \
               updated_at = '2020-01-01T00:00:00Z' WHERE kind = 'tickets' AND number = '32181'";
    assert_eq!(open(&env).execute(sql, []).unwrap(), 1);
    let ran = env.run(&["report", "uninvoiced", "--offline", "--json"]);
    let json = ran.ends(0).json().unwrap();
    let left_out = json["left_out"].as_array().unwrap();
    let why = "the day of the last change is unreadable";
    assert!(left_out.iter().any(|one| one["why"] == why), "{json}");
}
