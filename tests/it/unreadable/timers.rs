//! Timer entries of which it cannot be read what they are sold as, or whether they are charged.

use serde_json::{Value, json};

use crate::support::{Altered, TestEnv, ticket_id};

/// The account, with fields of the timer entry on the ticket of that number as `said`.
async fn said(env: &TestEnv, number: i64, said: Value) -> Altered {
    let path = format!("/tickets/{}", ticket_id(number));
    let mut ticket = env.account().get(&path);
    for (name, value) in said.as_object().unwrap() {
        ticket["ticket"]["ticket_timers"][0][name] = value.clone();
    }
    let server = Altered::of(env.account(), |_, _| ()).await;
    server.answering(("GET", &path), 200, &ticket).await;
    server
}

/// A product that cannot be read is not none: nothing is charged as another one.
#[tokio::test]
async fn a_product_that_cannot_be_read_is_not_none() {
    let env = TestEnv::new();
    let server = said(&env, 32_168, json!({"product_id": "nine"})).await;
    let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
    let why = "cannot read product_id \"nine\" of timer entry 48700003";
    for args in [
        &["timer", "charge", "32168", "--yes"][..],
        &["timer", "charge", "32168", "--labor", "remote", "--yes"],
        &["bill", "32168", "--from-timers", "-m", "Moved", "--yes"],
        &["bill", "32168", "--from-timers", "--labor", "remote", "--no-comment", "--yes"],
        &[
            "api",
            "POST",
            "tickets/108443304/charge_timer_entry",
            "-F",
            "timer_entry_id=48700003",
            "--yes",
        ],
    ] {
        run(args).ends(5).says(why);
    }
    let list = run(&["timer", "list", "32168"]);
    assert!(list.ends(0).stdout.contains("\"nine\""), "{list}");
    assert!(env.writes().is_empty());
}
