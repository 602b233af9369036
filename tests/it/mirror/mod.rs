//! The mirror: what `sync` reads and keeps, what it never keeps, and that it is whole wherever the program was ended.

mod cut_off;
mod file;
mod history;
mod hole;
mod keep;
mod never;
mod offered;
mod offline;
mod pages;
mod provenance;
mod search;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::support::{Ran, Setup, TILL, TestEnv, files, ticket_id};

/// What a mirror has: kind and id, and the record; of those that are gone nothing.
type Records = BTreeMap<(String, i64), Value>;

/// The mirror's file, of which there is one.
fn file(env: &TestEnv) -> PathBuf {
    let mut found = files(&env.state_dir().join("mirror"));
    found.retain(|path| path.extension().is_some_and(|end| end == "db"));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn open(env: &TestEnv) -> Connection {
    Connection::open_with_flags(file(env), OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap()
}

fn records(env: &TestEnv) -> Records {
    let db = open(env);
    let mut all = db.prepare("SELECT kind, id, json FROM rec WHERE gone IS NULL").unwrap();
    let rows = all.query_map([], |row| {
        let json: String = row.get(2)?;
        Ok(((row.get(0)?, row.get(1)?), serde_json::from_str(&json).unwrap()))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// How many of a kind there are.
fn count(records: &Records, kind: &str) -> usize {
    records.keys().filter(|(one, _)| one == kind).count()
}

fn syncs(env: &TestEnv, more: &[&str]) -> Ran {
    let ran = env.run(&[&["sync"], more].concat());
    ran.ends(0);
    ran
}

/// The same, whatever it says.
fn synced(env: &TestEnv, more: &[&str]) {
    drop(syncs(env, more));
}

/// Adds that to the mirror's part of the configuration.
fn configured(env: &TestEnv, line: &str) {
    let text = std::fs::read_to_string(env.config_file()).unwrap();
    std::fs::write(env.config_file(), format!("{text}\n[mirror]\n{line}\n")).unwrap();
}

/// Puts the configuration back to what it was before that.
fn unconfigured(env: &TestEnv) {
    let text = std::fs::read_to_string(env.config_file()).unwrap();
    std::fs::write(env.config_file(), text.split("\n[mirror]").next().unwrap()).unwrap();
}

/// Why cases are left out of a report.
fn left_out(ran: &Ran) -> Vec<String> {
    let json = ran.json().unwrap();
    assert_eq!(json["complete"], json["left_out"].as_array().unwrap().is_empty(), "{json}");
    let all = json["left_out"].as_array().unwrap().iter();
    all.map(|one| one["why"].as_str().unwrap().to_owned()).collect()
}

/// How many requests of the log so far are for that path.
fn asked(env: &TestEnv, path: &str) -> usize {
    env.log().iter().filter(|line| line.path.ends_with(path)).count()
}

#[test]
fn a_first_sync_has_what_the_account_has_and_an_idle_one_asks_little() {
    let env = TestEnv::slipped();
    // One of its invoices is older than what is kept at first.
    let ran = syncs(&env, &["--since", "2020-01-01"]);
    assert!(ran.stdout.contains("tickets "), "{ran}");
    let first = env.log();
    assert!(first.iter().all(|line| line.method == "GET"));
    let kept = records(&env);
    let account = env.account();
    for (kind, list, member) in [
        ("tickets", "/tickets", "tickets"),
        ("comments", "/ticket_comments?per_page=100", "comments"),
        ("timers", "/ticket_timers", "ticket_timers"),
        ("invoices", "/invoices", "invoices"),
        ("payments", "/payments", "payments"),
        ("customers", "/customers?include_disabled=true", "customers"),
        ("contacts", "/contacts", "contacts"),
        ("assets", "/customer_assets", "assets"),
        ("schedules", "/schedules", "schedules"),
        ("timelogs", "/timelogs", "timelogs"),
    ] {
        let mut there = Vec::new();
        let sign = if list.contains('?') { '&' } else { '?' };
        for page in 1.. {
            let answer = account.get(&format!("{list}{sign}page={page}"));
            there.extend(answer[member].as_array().unwrap().iter().map(|one| one["id"].clone()));
            if answer["meta"]["total_pages"].as_u64().unwrap_or(1) <= page {
                break;
            }
        }
        for id in &there {
            assert!(kept.contains_key(&(kind.to_owned(), id.as_i64().unwrap())), "{kind} {id}");
        }
        assert_eq!(count(&kept, kind), there.len(), "{kind}");
    }
    // The lines are on the tickets' own pages, the comments beside them.
    let till = &kept[&("details".to_owned(), ticket_id(TILL))];
    assert!(till["line_items"].is_array());
    assert!(till.get("comments").is_none());
    assert_eq!(count(&kept, "details"), count(&kept, "tickets"));

    let ran = syncs(&env, &[]);
    assert!(ran.stdout.starts_with("nothing has changed\n"), "{ran}");
    let idle = env.log().len() - first.len();
    println!("requests: {} at first, {idle} when nothing has changed", first.len());
    assert!(idle <= pages::IDLE, "{idle}");
    assert_eq!(records(&env), kept);
}

#[test]
fn what_changes_is_read_by_itself() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let (pages, details) = (env.log().len(), asked(&env, "/tickets/32181"));
    let account = env.account();
    account.comment(TILL, "Update", "The receipt printer hums again");
    account.status(TILL, "Waiting for Parts");
    let ran = syncs(&env, &["--json"]);
    let kinds = ran.json().unwrap()["kinds"].clone();
    let of = |kind: &str| {
        let mut all = kinds.as_array().unwrap().iter();
        all.find(|one| one["kind"] == kind).unwrap().clone()
    };
    assert_eq!(of("comments")["new"], 1, "{kinds}");
    assert_eq!(of("tickets")["changed"], 1, "{kinds}");
    assert_eq!(of("details")["requests"], 1, "{kinds}");
    let kept = records(&env);
    assert_eq!(kept[&("tickets".to_owned(), ticket_id(TILL))]["status"], "Waiting for Parts");
    assert!(env.log().len() - pages <= 25);
    assert_eq!(details, 0);
}

#[test]
fn only_some_kinds_are_read_where_these_are_named() {
    let env = TestEnv::new();
    synced(&env, &["--only", "customers,contacts"]);
    let kept = records(&env);
    assert!(count(&kept, "customers") > 5 && count(&kept, "tickets") == 0);
    let ran = env.run(&["sync", "--only", "fish"]);
    ran.ends(2).says("invalid kind \"fish\": use settings, users, tickets, comments");
}

#[test]
fn patches_alone_are_read_with_the_assets_that_they_are_of() {
    let env = TestEnv::slipped();
    synced(&env, &["--only", "patches"]);
    let kept = records(&env);
    let of = |kind| count(&kept, kind);
    assert!(of("assets") > 5 && of("patches") == of("assets"), "{}", of("patches"));
    let before = asked(&env, "/customer_assets");
    synced(&env, &["--only", "patches"]);
    assert_eq!(asked(&env, "/customer_assets"), before);

    let env = TestEnv::with(&["assets@*=403"]);
    synced(&env, &[]);
    let ran = syncs(&env, &["--only", "patches"]);
    ran.says("patches: whose they are is not known without assets");
    for words in [&["report", "patches"][..], &["asset", "patches", "TILL-1"]] {
        let env = TestEnv::slipped();
        synced(&env, &[]);
        let ran = env.run(&[words, &["--offline"]].concat());
        ran.ends(3).says("run `syncro sync --patches` to copy it");
    }
}

#[test]
fn what_was_closed_before_the_horizon_is_left_out_until_that_is_moved() {
    let env = TestEnv::new();
    synced(&env, &["--only", "tickets", "--since", "2026-03-16"]);
    let near = count(&records(&env), "tickets");
    let open = env.account().get("/tickets?status=Not%20Closed&page=1");
    assert!(near >= open["tickets"].as_array().unwrap().len());
    // All of the list are looked at, and what is too old is left alone.
    synced(&env, &["--only", "tickets", "--full"]);
    assert_eq!(count(&records(&env), "tickets"), near);
    synced(&env, &["--only", "tickets", "--since", "2020-01-01"]);
    assert!(count(&records(&env), "tickets") > near);
}

#[test]
fn a_record_is_gone_after_its_own_404_or_a_whole_list_and_not_before() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let before = records(&env);
    let account = env.account();
    let customer =
        account.write("POST", "/customers", &serde_json::json!({"business_name": "Short Lived"}));
    let id = customer["customer"]["id"].as_i64().unwrap();
    synced(&env, &["--full", "--only", "customers"]);
    assert!(records(&env).contains_key(&("customers".to_owned(), id)));
    account.call("DELETE", &format!("/customers/{id}"), None);
    // Once a day is often enough for that list.
    synced(&env, &["--only", "customers"]);
    assert!(records(&env).contains_key(&("customers".to_owned(), id)));
    synced(&env, &["--full", "--only", "customers"]);
    let after = records(&env);
    assert_eq!(count(&after, "customers"), count(&before, "customers"));

    // A ticket's own 404 takes its parts along.
    let ticket = ticket_id(TILL);
    open(&env).execute("DELETE FROM rec WHERE kind = 'details' AND id = ?", [ticket]).unwrap();
    account.call("DELETE", &format!("/tickets/{ticket}"), None);
    synced(&env, &["--only", "details"]);
    let after = records(&env);
    assert!(!after.contains_key(&("tickets".to_owned(), ticket)));
    assert!(after.iter().all(|((kind, _), one)| kind != "timers" || one["ticket_id"] != ticket));
}

#[test]
fn a_list_that_is_cut_short_takes_nothing_for_deleted() {
    let mut env = TestEnv::new();
    synced(&env, &[]);
    let before = count(&records(&env), "contacts");
    env.restart(&["contacts@*=lost-rows".to_owned()]);
    let ran = env.run(&["sync", "--full", "--only", "contacts"]);
    ran.ends(8).says("none is taken for deleted");
    assert_eq!(count(&records(&env), "contacts"), before);
}

#[test]
fn a_page_that_brings_nothing_new_where_more_was_counted_proves_nothing() {
    let counted = TestEnv::slipped();
    synced(&counted, &[]);
    let before = records(&counted);
    for kind in ["payments", "assets", "customers", "tickets"] {
        for pages in [2, 3] {
            let list_page = count(&before, kind).div_ceil(pages);
            let setup = Setup { list_page, slipped: true, ..Setup::default() };
            let mut env = TestEnv::of(setup);
            synced(&env, &["--only", kind]);
            let there = count(&records(&env), kind);
            assert!(there > list_page, "{kind}: {there}");
            env.restart(&[format!("{kind}@*=same-page")]);
            let ran = env.run(&["sync", "--full", "--only", kind]);
            ran.ends(8).says("none is taken for deleted");
            assert_eq!(count(&records(&env), kind), there, "{kind}, {pages} pages");
        }
    }
}

#[test]
fn an_account_without_the_list_of_all_comments_has_them_from_its_tickets() {
    let env_with = TestEnv::new();
    synced(&env_with, &[]);
    let all = count(&records(&env_with), "comments");
    let none = "this account has no comments";
    for (fault, says) in [("404", none), ("404-html", "comments: ")] {
        let env = TestEnv::with(&[&format!("all-comments@*={fault}")]);
        // Pages that were read without them are read again.
        synced(&env, &["--only", "tickets,details"]);
        let ran = syncs(&env, &[]);
        assert_eq!(ran.says(says).stderr.contains(none), says == none, "{ran}");
        assert_eq!(count(&records(&env), "comments"), all, "{fault}");
        let ran = env.run(&["ticket", &TILL.to_string(), "--offline", "--json"]);
        assert!(!ran.ends(0).json().unwrap()["comments"].as_array().unwrap().is_empty(), "{ran}");
        // Nor are they read a third time.
        let before = env.log().len();
        synced(&env, &[]);
        assert!(env.log().len() - before <= pages::IDLE);
    }
}

#[test]
fn all_requests_of_a_sync_are_counted() {
    // Those that were made again, and the further pages of one ticket's comments, too.
    let faults = ["tickets@1=429", "contacts@1=503-html", "all-comments@*=404"];
    let faults = faults.map(str::to_owned).to_vec();
    let env = TestEnv::of(Setup { faults, per: "0.2", list_page: 3, ..Setup::default() });
    let mut before = 0;
    for _ in 0..2 {
        let counted = syncs(&env, &["--json"]).json().unwrap()["requests"].clone();
        let all = env.log().len();
        assert_eq!(counted, all - before);
        before = all;
    }
}

#[test]
fn a_server_that_asks_to_wait_is_waited_for() {
    // More often than a read that somebody waits for would be tried.
    let faults = (1..=7).map(|turn| format!("tickets@{turn}=429")).collect();
    let env = TestEnv::of(Setup { faults, per: "0.2", ..Setup::default() });
    synced(&env, &["--only", "tickets"]);
    assert!(count(&records(&env), "tickets") > 5);
}
