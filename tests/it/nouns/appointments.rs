//! `syncro appointment list` and `syncro appointment show`.

use serde_json::{Value, json};

use super::{Stub, array, each};
use crate::support::{TRAINEE, TestEnv};

const STORY: [&str; 4] = ["appointment", "list", "--date", "2026-03-10..2026-03-31"];

#[test]
fn rows_have_weekday_zone_ticket_and_owner() {
    let env = TestEnv::new();
    let ran = env.run(&STORY);
    ran.ends(0);
    assert!(ran.stdout.starts_with("When (America/Chicago)"), "{ran}");
    for text in [
        "Tue 2026-03-17 12:00-12:45  Archive PC, new disk",
        "Wed 2026-03-18 11:00-12:00  Chairside PC 2",
        "#32180",
        "Robin Ashgrove",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran}");
    }
    let days: Vec<String> = ran.stdout.lines().skip(1).map(|line| line[4..20].to_owned()).collect();
    assert!(days.is_sorted() && days.len() >= 5, "{ran}");
}

#[test]
fn json_is_what_is_inside_the_wrapping() {
    let env = TestEnv::new();
    let printed = array(&env.run(&[&STORY[..], &["--json"]].concat()));
    let there = env.account().get("/appointments?date_from=2026-03-10&date_to=2026-03-31");
    let there: Vec<Value> = there["appointments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["appointment"].clone())
        .collect();
    assert_eq!(printed, there);
}

#[test]
fn customer_ticket_and_owner_are_matched_here() {
    let env = TestEnv::new();
    let found = |more: &[&str]| {
        let typed = [&STORY[..], more, &["--json"]].concat();
        array(&env.run(&typed))
    };
    let all = found(&[]);
    let bakery = found(&["--customer", "Copperkettle Bakery"]);
    assert_eq!(each(&bakery, "summary"), ["New order tablet"]);
    assert_eq!(found(&["--ticket", "32179"]), bakery);
    assert_eq!(found(&["--ticket", "32179"]), bakery, "remembered");
    let mine = found(&["--mine"]);
    assert!(
        !mine.is_empty()
            && mine.iter().all(|one| {
                one["user_id"] == TRAINEE
                    || one["user_ids"].as_array().unwrap().contains(&json!(TRAINEE))
            })
    );
    assert_eq!(found(&["--owner", "me"]), mine);
    assert_eq!(found(&["--owner", "robin"]), mine);
    let mikas = found(&["--owner", "Mika Thornquist"]);
    assert!(mikas.len() < all.len());
    env.run(&["appointment", "list", "--date", "2026-02-01"])
        .ends(0)
        .says("no such appointments from Sun 2026-02-01 to Sun 2026-02-01");
    env.run(&["appointment", "list", "--owner", "zebra"]).ends(3);
}

#[test]
fn a_window_is_in_the_configured_zone_and_both_days_are_part_of_it() {
    let env = TestEnv::new();
    let add = |start: &str| {
        let appointment =
            json!({"summary": start, "start_at": start, "end_at": start, "do_not_email": true});
        let (status, _) = env.account().call("POST", "/appointments", Some(&appointment));
        assert_eq!(status, 201);
    };
    // In Chicago: the 1st at 23:30, the 2nd at 00:00 and 23:59, the 3rd at 00:00.
    for start in [
        "2026-07-02T04:30:00Z",
        "2026-07-02T05:00:00Z",
        "2026-07-03T04:59:00Z",
        "2026-07-03T05:00:00Z",
    ] {
        add(start);
    }
    let ran = env.run(&["appointment", "list", "--date", "2026-07-02", "--json"]);
    assert_eq!(each(&array(&ran), "summary"), ["2026-07-02T05:00:00Z", "2026-07-03T04:59:00Z"]);
}

#[test]
fn the_coming_days_are_shown_unless_others_are_asked_for() {
    let env = TestEnv::new();
    let shown = array(&env.run(&["appointment", "list", "--json"]));
    let now = jiff::Timestamp::now();
    let day = jiff::SignedDuration::from_hours(24);
    let (first, last) = (now - day, now + day * 16);
    for one in &shown {
        let start: jiff::Timestamp = one["start_at"].as_str().unwrap().parse().unwrap();
        assert!(first < start && start < last, "{start}");
    }
    let asked = env.log();
    let query = &asked.last().unwrap().query;
    assert!(query.contains("date_from=") && query.contains("date_to="), "{query}");
    // Without `meta` the end shows in an empty page.
    assert_eq!(asked.len(), 2);
}

#[test]
fn a_page_has_customer_ticket_type_and_zone() {
    let env = TestEnv::new();
    let ran = env.run(&["appointment", "show", "5560900000"]);
    ran.ends(0);
    for text in [
        "Chairside PC 2\n",
        "Wed 2026-03-18 11:00-12:00 CDT",
        "Brindlewood Dental (31204602)",
        "#32180 Chairside PC 2 drops off the domain",
        "Robin Ashgrove",
        "Onsite visit",
        "At the customer",
    ] {
        assert!(ran.stdout.contains(text), "{text}: {ran}");
    }
    let json = env.run(&["appointment", "show", "5560900000", "--json"]).ends(0).json().unwrap();
    assert_eq!(json, env.account().get("/appointments/5560900000")["appointment"]);
}

#[tokio::test]
async fn without_meta_it_reads_on_until_a_page_repeats_and_counts_truly() {
    let of = |id: u64, more: Value| {
        let mut one = json!({"id": id, "start_at": format!("2026-05-{:02}T15:00:00Z", 28 - id)});
        one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "appointment": one })
    };
    let list = json!([
        of(1, json!({"customer_id": 5})),
        of(2, json!({"ticket": {"id": 9, "number": 32_181, "customer_id": 5}})),
        of(3, json!({"summary": "Visit Copperkettle Bakery"})),
        of(4, json!({"summary": "Visit Copperkettle Bakery", "customer_id": 6})),
        of(5, json!({"user_ids": [81], "customer_id": 6})),
    ]);
    let stub = Stub::new(&[
        ("/appointments", json!({ "appointments": list })),
        (
            "/customers/5",
            json!({"customer": {"id": 5, "business_then_name": "Copperkettle Bakery"}}),
        ),
        ("/users", json!({"users": [[81, "Mika Thornquist"], [82, "Robin Ashgrove"]]})),
        ("/me", json!({"user_id": 82, "user_name": "Robin Ashgrove", "user_token": "t"})),
    ])
    .await;
    let may = ["appointment", "list", "--date", "2026-05-01..2026-05-31", "--json"];
    let run = |more: &[&str]| stub.run(&[&may[..], more].concat());
    // The earliest first, whatever the server's order.
    assert_eq!(each(&array(&run(&[])), "id"), ["5", "4", "3", "2", "1"]);
    assert_eq!(each(&array(&run(&["--customer", "5"])), "id"), ["3", "2", "1"]);
    let two = run(&["--limit", "2"]);
    assert_eq!(each(&array(&two), "id"), ["5", "4"]);
    two.says("showing 2 of 5; --all for the rest");
    let mikas = run(&["--owner", "mika"]);
    assert_eq!(each(&array(&mikas), "id"), ["5"]);
    mikas.says("4 of these days have no assignee and were left out");
    // The server knows what is mine, and is believed where nobody is named.
    let mine = run(&["--mine"]);
    assert_eq!(each(&array(&mine), "id"), ["4", "3", "2", "1"]);
    let asked = stub.asked().await.join(" ");
    assert!(asked.contains("mine=true"), "{asked}");
}
