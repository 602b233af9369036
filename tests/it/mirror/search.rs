//! What is found in the mirror: comments by their words, and tickets by names that the server does not search.

use super::{open, synced};
use crate::support::{TILL, TestEnv, ticket_id};

#[test]
fn what_was_said_is_found_without_a_request() {
    let env = TestEnv::new();
    let ran = env.run(&["search", "--said", "gift"]);
    ran.ends(3).says("no comments are kept on this machine").says("syncro sync");
    env.account().comment(
        TILL,
        "Update",
        "Der K\u{fc}hlschrank &amp; the <b>gift receipts</b> work again",
    );
    synced(&env, &[]);
    let requests = env.log().len();
    let numbers = |words: &[&str]| {
        let ran = env.run(&[&["search", "--said", "--csv"], words].concat());
        ran.ends(0).says("mirror of ");
        let lines = ran.stdout.lines().skip(1);
        lines.map(|line| line.split(',').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    // The newest comes first; accents, case and the ends of words do not matter, and each word must be there.
    assert_eq!(numbers(&["kuhlschr"]), ["32181"]);
    assert_eq!(numbers(&["GIFT", "kuhlschrank"]), ["32181"]);
    assert!(numbers(&["gift"]).len() > 1);
    assert!(numbers(&["gift", "zebra"]).is_empty());
    assert!(numbers(&["\"OR\"", "zebra:*"]).is_empty());
    let json = env.run(&["search", "--said", "kuhlschrank", "--json"]).json().unwrap();
    assert_eq!(json[0]["ticket_id"], ticket_id(TILL));
    assert!(json[0]["body"].as_str().unwrap().contains("gift receipts"), "{json}");
    env.run(&["search", "--said", "--", "--"]).ends(2).says("the search is empty");
    assert_eq!(env.log().len(), requests);
}

#[test]
fn an_old_mirror_is_warned_of() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let old = "\"2026-01-01T00:00:00Z\"";
    open(&env).execute("UPDATE meta SET value = ? WHERE key = 'comments.read'", [old]).unwrap();
    let ran = env.run(&["search", "--said", "gift"]);
    ran.ends(0).says("warning: mirror of ").says("`syncro sync` brings it up to date");
}

#[test]
fn a_search_has_the_tickets_of_an_asset_behind_what_the_server_finds() {
    let env = TestEnv::new();
    let found = |words: &str| {
        let ran = env.run(&["search", words, "--json"]);
        ran.ends(0);
        let json = ran.json().unwrap();
        let numbers = json.as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap());
        (numbers.collect::<Vec<_>>(), ran)
    };
    let ticket = env.account().get(&format!("/tickets/{}", ticket_id(TILL)));
    let serial = ticket["ticket"]["assets"][0]["asset_serial"].as_str().unwrap().to_owned();
    let (before, _) = found(&serial);
    assert!(!before.contains(&TILL), "{before:?}");
    synced(&env, &[]);
    let (after, ran) = found(&serial);
    assert!(after.contains(&TILL), "{serial}: {after:?}");
    assert!(after.starts_with(&before));
    ran.says(" more from the mirror of ");
    // What the server has found by itself is there once, and first.
    let (with, _) = found("gift receipts");
    assert_eq!(with.iter().filter(|number| **number == TILL).count(), 1);
    // A mirror that cannot be read stops no search.
    std::fs::write(super::file(&env), "no database").unwrap();
    let (again, ran) = found("gift receipts");
    assert_eq!(again, with);
    ran.says("is broken").says("warning: ");
}
