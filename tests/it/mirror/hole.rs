//! Lists that are read with the newest first, and end at the first page that brings nothing new: a run that stops on a later
//! page leaves no hole above what was known before.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{open, records, synced};
use crate::support::{Setup, TestEnv, until};

/// Such kinds, of which the practice account has several pages. The first read of a run asks whose key it is.
const KINDS: [(&str, &[&str]); 6] = [
    ("payments", &["read@3", "read@4"]),
    ("schedules", &["read@3", "read@4"]),
    ("alerts", &["read@3", "read@4"]),
    ("timelogs", &["read@3"]),
    ("lines", &["read@3", "read@4", "read@5"]),
    ("estimates", &["read@3"]),
];

fn ids(env: &TestEnv, kind: &str) -> BTreeSet<i64> {
    let records = records(env);
    records.keys().filter(|(one, _)| one == kind).map(|(_, id)| *id).collect()
}

/// Surroundings with short pages, of which these kinds are in the mirror.
fn synced_env() -> TestEnv {
    let env = TestEnv::of(Setup { list_page: 1, slipped: true, timeout: "60", ..Setup::default() });
    let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
    synced(&env, &["--only", &kinds.join(",")]);
    env
}

/// Takes all of a kind out of the mirror, as if they were new in the account.
fn as_new(env: &TestEnv, kind: &str) {
    assert!(open(env).execute("DELETE FROM rec WHERE kind = ?1", [kind]).unwrap() > 1, "{kind}");
}

#[test]
fn what_was_not_read_is_read_by_the_next_run() {
    let mut env = synced_env();
    let mut cases = 0;
    for (kind, places) in KINDS {
        let all = ids(&env, kind);
        for place in places {
            for fault in ["422", "lost-rows"] {
                // A list that does not count its pages ends with an empty one: nothing tells that from its end.
                if kind == "timelogs" && fault == "lost-rows" {
                    continue;
                }
                as_new(&env, kind);
                env.restart(&[format!("{place}={fault}")]);
                let ran = env.run(&["sync", "--only", kind]);
                ran.ends(8);
                cases += 1;
                env.restart(&[]);
                synced(&env, &["--only", kind]);
                assert_eq!(ids(&env, kind), all, "{kind} {place} {fault}: {ran}");
                // And it is known then.
                let before = env.log().len();
                synced(&env, &["--only", kind]);
                assert!(env.log().len() - before <= 3, "{kind} {place} {fault}");
            }
        }
    }
    assert!(cases >= 20, "{cases}");
}

#[test]
fn nor_does_a_run_that_was_ended() {
    let mut env = synced_env();
    for (kind, places) in KINDS {
        let all = ids(&env, kind);
        as_new(&env, kind);
        env.restart(&[format!("{}=slow:10000", places.last().unwrap())]);
        let running = env.spawn(&["sync", "--only", kind]);
        until("a page is kept", || !ids(&env, kind).is_empty());
        // It waits for the last of those pages.
        std::thread::sleep(Duration::from_millis(500));
        drop(running.kill());
        assert!(ids(&env, kind).len() < all.len(), "{kind}");
        env.restart(&[]);
        synced(&env, &["--only", kind]);
        assert_eq!(ids(&env, kind), all, "{kind}");
    }
}

#[test]
fn a_full_sync_that_was_ended_leaves_none_either() {
    let mut env = synced_env();
    let all = ids(&env, "payments");
    as_new(&env, "payments");
    env.restart(&["read@4=422".to_owned()]);
    env.run(&["sync", "--full", "--only", "payments"]).ends(8);
    env.restart(&[]);
    synced(&env, &["--only", "payments"]);
    assert_eq!(ids(&env, "payments"), all);
    // One that was cut off before finds all that was deleted as well.
    let all = ids(&env, "schedules");
    as_new(&env, "schedules");
    env.restart(&["read@4+=close-before".to_owned()]);
    env.run(&["sync", "--only", "schedules"]).ends(8);
    env.restart(&[]);
    let last = *all.first().unwrap();
    env.account().call("DELETE", &format!("/schedules/{last}"), None);
    synced(&env, &["--full", "--only", "schedules"]);
    let there = ids(&env, "schedules");
    assert!(!there.contains(&last) && there.len() == all.len() - 1, "{there:?}");
}
