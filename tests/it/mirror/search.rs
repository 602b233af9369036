//! What is found in the mirror: comments by their words, and tickets by names that the server does not search.

use super::offline::caches;
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

/// The serial number of an asset of [`TILL`].
fn serial(env: &TestEnv) -> String {
    let ticket = env.account().get(&format!("/tickets/{}", ticket_id(TILL)));
    ticket["ticket"]["assets"][0]["asset_serial"].as_str().unwrap().to_owned()
}

#[test]
fn all_that_fit_are_shown_or_it_is_said_that_there_are_more() {
    const COPIES: i64 = 250;
    let env = TestEnv::new();
    synced(&env, &[]);
    let db = open(&env);
    let copy = "INSERT INTO rec (kind, id, number, customer_id, updated_at, state, json, seen) \
                SELECT kind, id + ?1, CAST(number + ?1 AS TEXT), customer_id, updated_at, state, \
                json_set(json, '$.id', id + ?1, '$.number', number + ?1), seen \
                FROM rec WHERE kind IN ('tickets', 'details') AND id = ?2";
    for one in 1..=COPIES {
        let values = rusqlite::params![one * 1_000_000, ticket_id(TILL)];
        assert_eq!(db.execute(copy, values).unwrap(), 2);
    }
    let serial = serial(&env);
    let shown = |more: &[&str]| {
        let ran = env.run(&[&["search", serial.as_str(), "--json"], more].concat());
        (ran.ends(0).json().unwrap().as_array().unwrap().len(), ran)
    };
    let all = usize::try_from(COPIES).unwrap() + 1;
    for more in [&["--offline"][..], &[]] {
        assert_eq!(shown(&[more, &["--all"]].concat()).0, all);
        let (few, ran) = shown(&[more, &["--limit", "60"]].concat());
        assert_eq!(few, 60);
        ran.says("showing 60 of at least 61; --all for the rest");
        let (few, ran) = shown(more);
        assert_eq!(few, 30);
        ran.says("showing 30 of at least 51; --all for the rest");
    }
}

#[test]
fn nothing_is_learned_from_what_the_mirror_adds() {
    let env = TestEnv::new();
    synced(&env, &[]);
    let serial = serial(&env);
    let knows = || {
        let mut all = caches(&env);
        all.retain(|_, bytes| String::from_utf8_lossy(bytes).contains(&TILL.to_string()));
        all
    };
    // What a sync offers to shells is there already.
    let before = knows();
    let ran = env.run(&["search", &serial, "--json"]);
    let found = ran.ends(0).says(" more from the mirror of ").json().unwrap();
    assert!(found.as_array().unwrap().iter().any(|one| one["number"] == TILL), "{found}");
    assert_eq!(knows(), before);
    // What the server finds is remembered, for the next command and for completions.
    env.run(&["search", "gift receipts", "--json"]).ends(0);
    let learned = knows();
    assert_eq!(learned.len(), 2);
    assert!(learned.iter().all(|(path, bytes)| before.get(path) != Some(bytes)));
}
