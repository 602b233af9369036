//! `syncro timer list`.

use serde_json::{Value, json};

use super::{Stub, array, each, paths};
use crate::support::{TRAINEE, TestEnv, ticket_id};

/// A timer of half an hour on the till's ticket.
fn spend(env: &TestEnv, notes: &str) -> Value {
    let path = format!("/tickets/{}/timer_entry", ticket_id(32_181));
    env.account().write(
        "POST",
        &path,
        &json!({
            "start_at": "2026-03-17T14:00:00Z", "duration_minutes": 30, "notes": notes, "product_id": 17_340_101,
        }),
    )
}

#[test]
fn a_tickets_timers_tell_length_who_product_and_what_is_not_charged() {
    let env = TestEnv::new();
    let first = spend(&env, "On the phone");
    spend(&env, "At the till");
    let path = format!("/tickets/{}/charge_timer_entry", ticket_id(32_181));
    env.account().write("POST", &path, &json!({"timer_entry_id": first["id"]}));
    let ran = env.run(&["timer", "list", "32181"]);
    ran.ends(0);
    for text in [
        "Tue 2026-03-17 09:00",
        "30 min",
        "Robin Ashgrove",
        "SSD 1 TB",
        "At the till",
        "charged",
        "not charged",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran}");
    }
    assert!(ran.stdout.ends_with("Not charged: 30 min in 1 timer entry\n"), "{ran}");
    let json = array(&env.run(&["timer", "list", "32181", "--json"]));
    assert_eq!(json.len(), 2);
    assert_eq!(json[0]["recorded"], true);
    let cut = env.run(&["timer", "list", "32181", "--limit", "1"]);
    cut.ends(0).says("showing 1 of 2");
    // The sum is that of all.
    assert!(cut.stdout.ends_with("30 min in 1 timer entry\n"), "{cut}");
    env.run(&["timer", "list", "32177"]).ends(0).says("ticket #32177 has no timers");
}

#[test]
fn all_running_timers_are_found_on_all_pages_with_their_tickets() {
    let env = super::short_pages();
    env.account().timer(32_178);
    for number in 0..12 {
        spend(&env, &format!("Round {number}"));
    }
    let ran = env.run(&["timer", "list"]);
    ran.ends(0);
    assert!(ran.stdout.contains("#32175") && ran.stdout.contains("#32178"), "{ran}");
    assert!(!ran.stdout.contains("Round"), "{ran}");
    let running = array(&env.run(&["timer", "list", "--json"]));
    assert!(running.len() >= 2);
    assert!(running.iter().all(|timer| timer["end_time"].is_null() && timer["recorded"] == false));
    let mine = array(&env.run(&["timer", "list", "--mine", "--json"]));
    assert!(mine.iter().all(|timer| timer["user_id"] == TRAINEE));
    let others = running.iter().filter(|timer| timer["user_id"] != TRAINEE);
    assert_eq!(mine.len(), running.len() - others.count());
    let one = env.run(&["timer", "list", "--limit", "1", "--json"]);
    assert_eq!(array(&one).len(), 1);
    one.says("--all for the rest");
}

#[test]
fn json_costs_no_request_for_names() {
    let env = TestEnv::new();
    env.run(&["timer", "list", "32175", "--json"]).ends(0);
    let ticket = format!("GET tickets/{}", ticket_id(32_175));
    assert_eq!(paths(&env), ["GET tickets", &ticket]);
    // Users' names come with the account's lists, once a day; the labor type is the configuration's.
    env.run(&["timer", "list", "32175"]).ends(0);
    assert_eq!(env.log().len(), 5);
    env.run(&["timer", "list", "32175"]).ends(0);
    assert_eq!(env.log().len(), 6);
}

#[tokio::test]
async fn of_a_very_long_list_only_the_last_months_are_read() {
    let timer =
        json!({"id": 5, "ticket_id": 9, "start_time": "2026-03-17T14:00:00Z", "recorded": false});
    let stub = Stub::new(&[(
        "/ticket_timers",
        json!({"ticket_timers": [timer], "meta": {"total_pages": 900, "page": 1}}),
    )])
    .await;
    let ran = stub.run(&["timer", "list", "--json"]);
    ran.says("were not searched; --all for those too");
    assert_eq!(each(&array(&ran), "id"), ["5"]);
    let asked = stub.asked().await;
    assert_eq!(asked[0], "/ticket_timers?");
    assert!(asked[1].starts_with("/ticket_timers?created_at_gt=20"), "{asked:?}");
}
