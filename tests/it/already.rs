//! What is so already has nothing to confirm: it is no mistake of a script, with or without `--yes`. What is not so is not
//! written without one.

use serde_json::Value;

use crate::support::{TILL, TestEnv, ticket_id};

/// The first record of a list, of which `is_it` is true.
fn first(env: &TestEnv, args: &[&str], is_it: impl Fn(&Value) -> bool) -> Value {
    let all = env.run(&[args, &["--json"]].concat()).ends(0).json().unwrap();
    all.as_array().unwrap().iter().find(|one| is_it(one)).unwrap().clone()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Commands that change one field of a record: with the value that it has, and with another.
fn changes(env: &TestEnv) -> Vec<(Vec<String>, String, String)> {
    let has = |name: &'static str| {
        move |one: &Value| !text(&one[name]).is_empty() && !one[name].is_null()
    };
    let contact = first(env, &["contact", "list"], has("phone"));
    let customer = first(env, &["customers", "a"], has("phone"));
    let asset = first(env, &["asset", "list"], has("name"));
    let line = first(env, &["line", "list", "32178"], has("name"));
    let timer = first(env, &["timer", "list", "32175"], has("notes"));
    let invoice = first(env, &["invoice", "list"], has("date"));
    let days = ["appointment", "list", "--date", "2026-03-01..2026-12-31"];
    let appointment =
        first(env, &days, |one| one["customer_id"].is_u64() && one["all_day"] != true);
    let ticket = format!("tickets/{}", ticket_id(TILL));
    let to = text(&appointment["start_at"]);
    let case = |words: &[&str], so: &str, other: &str| {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        (words, so.to_owned(), other.to_owned())
    };
    let id = |one: &Value| text(&one["id"]);
    vec![
        case(&["update", "32181"], "In Progress", "New"),
        case(&["update", "32181", "--priority"], "2 Normal", "1 High"),
        case(
            &["contact", "update", &id(&contact), "--phone"],
            &text(&contact["phone"]),
            "555-0101",
        ),
        case(
            &["customer", "update", &id(&customer), "--phone"],
            &text(&customer["phone"]),
            "555-0101",
        ),
        case(&["asset", "update", &id(&asset), "--name"], &text(&asset["name"]), "Another"),
        case(&["line", "update", "32178", &id(&line), "--name"], &text(&line["name"]), "Another"),
        case(
            &["timer", "update", "32175", &id(&timer), "--notes"],
            &text(&timer["notes"]),
            "Another",
        ),
        case(
            &["invoice", "update", &text(&invoice["number"]), "--date"],
            &text(&invoice["date"])[..10],
            "2026-03-02",
        ),
        case(
            &[
                "move-appointment",
                &text(&appointment["customer_id"]),
                "--appointment",
                &id(&appointment),
                "--to",
            ],
            &to,
            "2030-03-18T15:00:00Z",
        ),
        case(&["api", "PUT", &ticket, "-f"], "status=In Progress", "status=New"),
    ]
}

#[test]
fn what_is_so_already_needs_no_confirmation() {
    let env = TestEnv::new();
    let cases = changes(&env);
    for (words, so, other) in &cases {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        for more in [&[][..], &["--json"], &["--yes"]] {
            env.run(&[&words[..], &[so], more].concat()).is_so_already();
        }
        let ran = env.run(&[&words[..], &[other]].concat());
        ran.ends(2).says("cannot ask for confirmation without a terminal").says("--yes");
        ran.says("nothing was sent");
        let json = env.run(&[&words[..], &[other, "--json"]].concat());
        let outcome = json.ends(2).json().unwrap();
        assert_eq!(outcome["outcome"], "failed", "{json}");
        assert_eq!(outcome["writes"][0]["outcome"], "not_sent", "{json}");
    }
    assert!(env.writes().is_empty() && env.journal().is_empty());
}

#[test]
fn a_ticket_that_is_closed_already_is_closed() {
    let env = TestEnv::new();
    env.run(&["update", "32181", "Resolved", "--yes"]).ends(0);
    let before = env.writes().len();
    for more in [&[][..], &["--json"], &["--yes"]] {
        env.run(&[&["close", "32181", "--no-comment"], more].concat()).is_so_already();
    }
    env.run(&["close", "32180", "--no-comment"]).ends(2).says("--yes");
    env.run(&["close", "32181", "-m", "Done."]).ends(2).says("--yes");
    assert_eq!(env.writes().len(), before);
}

#[test]
fn a_customer_that_is_disabled_already_is_found_by_the_same_name() {
    let env = TestEnv::new();
    env.run(&["customer", "disable", "osprey lane", "--open-work", "--yes"]).ends(0);
    let before = env.writes().len();
    for name in ["osprey lane", "Osprey Lane Nursery School"] {
        for more in [&[][..], &["--json"], &["--yes"]] {
            env.run(&[&["customer", "disable", name], more].concat()).is_so_already();
        }
    }
    // Who else the name may mean is not the next one, a part of a name means each whose it is, and whoever has it all is it.
    env.run(&["customer", "create", "Mossgate", "--yes"]).ends(0);
    let before = before + 1;
    env.run(&["customer", "disable", "mossgate", "--yes"]).ends(0);
    let before = before + 1;
    env.run(&["customer", "disable", "mossgate", "--open-work", "--yes"]).is_so_already();
    env.run(&["customer", "disable", "mossg", "--open-work", "--yes"]).ends(2).says("2 customers");
    // Nobody else finds one by name, and whoever is not there is not disabled.
    env.run(&["customer", "show", "osprey lane"]).ends(3);
    env.run(&["customer", "disable", "zebra", "--yes"]).ends(3);
    assert_eq!(env.writes().len(), before);
}
