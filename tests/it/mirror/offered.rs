//! What a sync has read is what a shell completes with: without a request, and no longer than the copy is there.

use std::path::Path;

use super::{open, synced};
use crate::support::{TILL, TestEnv, files};

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

#[test]
fn no_disabled_customer_is_offered_nor_a_text_without_end_kept() {
    let env = TestEnv::new();
    let path = format!("/tickets/{}", crate::support::ticket_id(TILL));
    let subject = serde_json::json!({"subject": format!("Till {}", "x".repeat(5_000))});
    assert_eq!(env.account().call("PUT", &path, Some(&subject)).0, 200);
    synced(&env, &["--only", "tickets,customers"]);
    let known = files(&env.state_dir()).into_iter().find(|path| is_known(path)).unwrap();
    assert!(!std::fs::read_to_string(known).unwrap().contains(&"x".repeat(150)));
    assert!(offered(&env, &["bill"], "32181")[0].1.starts_with("Till xxx"));

    let env = TestEnv::new();
    synced(&env, &["--only", "customers"]);
    let names: Vec<String> =
        offered(&env, &["customer", "show"], "quill").into_iter().map(|(name, _)| name).collect();
    assert!(names.contains(&"Quillfeather Books".to_owned()), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("Bindery")), "{names:?}");
}

#[test]
fn a_sync_that_can_offer_nothing_has_its_answer() {
    let env = TestEnv::new();
    synced(&env, &["--only", "tickets"]);
    let unreadable = "INSERT INTO rec (kind, id, json, seen) VALUES ('tickets', 1, x'00', '')";
    open(&env).execute(unreadable, []).unwrap();
    let ran = env.run(&["sync", "--only", "tickets", "--json"]);
    ran.ends(0).says("shells complete without what was read");
    assert_eq!(ran.json().unwrap()["kinds"][0]["kind"], "tickets");
}

/// Whether it is a file of what is offered.
fn is_known(path: &Path) -> bool {
    path.file_name().unwrap().to_string_lossy().starts_with("known-")
}

#[test]
fn what_is_offered_is_named_counted_and_not_forgotten_before_the_mirror() {
    let env = TestEnv::new();
    env.run(&["tickets"]).ends(0);
    let known = || files(&env.state_dir()).iter().filter(|path| is_known(path)).count();
    assert_eq!(known(), 1);
    let forget = ["sync", "--forget"];
    let ran = env.run(&[&forget[..], &["--dry-run"]].concat());
    let named = |what: &str| env.state_dir().join(what).display().to_string();
    ran.ends(0).says(&format!("{} and ", named("mirror"))).says(&named("known-*"));
    #[cfg(unix)]
    {
        let folder = env.state_dir().join("mirror");
        let elsewhere = env.dir().join("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &folder).unwrap();
        env.run(&forget).ends(1).says("cannot remove");
        assert_eq!(known(), 1);
        std::fs::remove_file(folder).unwrap();
    }
    let ran = env.run(&[&forget[..], &["--json"]].concat());
    assert_eq!(ran.ends(0).json().unwrap()["removed"], 1);
    assert_eq!(known(), 0);
}
