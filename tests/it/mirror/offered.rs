//! What a sync has read is what a shell completes with: without a request, and no longer than the copy is there.

use super::synced;
use crate::support::{TILL, TestEnv};

/// The values that are offered to fish behind these words, and what is said of each.
fn offered(env: &TestEnv, words: &[&str], current: &str) -> Vec<(String, String)> {
    let current = format!("={current}");
    let ran = env.run(&[&["completions", "fish", "--answer", "--"], words, &[&current]].concat());
    let lines = ran.ends(0).stdout.lines().skip(1).map(|line| line.split_once('\t').unwrap());
    lines.map(|(value, text)| (value.to_owned(), text.to_owned())).collect()
}

#[test]
fn what_a_sync_has_read_is_offered_until_it_is_forgotten() {
    let env = TestEnv::new();
    let places: [(&[&str], &str, &str); 5] = [
        (&["bill"], "3218", "32181"),
        (&["customer", "show"], "quill", "Quillfeather Books"),
        (&["contact", "show"], "imel", "Imelda Quill"),
        (&["asset", "show"], "till-1", "TILL-1"),
        (&["tickets", "--assignee"], "mika", "Mika Thornquist"),
    ];
    let is_offered = |(words, current, value): (&[&str], &str, &str)| {
        offered(&env, words, current).iter().any(|(one, _)| one == value)
    };
    assert!(!places.into_iter().any(is_offered));
    synced(&env, &[]);
    let requests = env.log().len();
    for place in places {
        assert!(is_offered(place), "{place:?}");
    }
    let tickets = offered(&env, &["bill"], "32181");
    let ticket = env.account().get(&format!("/tickets/{}", crate::support::ticket_id(TILL)));
    assert_eq!(tickets[0].1, ticket["ticket"]["subject"].as_str().unwrap());
    assert_eq!(env.log().len(), requests);

    // A ticket that is closed meanwhile is not.
    env.account().status(TILL, "Resolved");
    synced(&env, &[]);
    assert!(!is_offered(places[0]));
    assert!(is_offered(places[1]));
    env.run(&["sync", "--forget"]).ends(0);
    assert!(!places.into_iter().any(is_offered));
}
