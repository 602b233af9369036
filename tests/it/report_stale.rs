//! `syncro report stale`: whose turn it is, how long it has been quiet, what cannot be read, and what `--check` is about.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, TestEnv};

const STALE: [&str; 4] = ["report", "stale", "--customer", "31204655"];

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&STALE[..], more].concat())
}

/// The rows, each with these members.
fn rows<const N: usize>(report: &Value, members: [&str; N]) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| Value::from(members.map(|name| row[name].clone()).to_vec())).collect()
}

fn row(report: &Value, ticket: &str) -> Value {
    let mut rows = report["rows"].as_array().unwrap().iter();
    rows.find(|row| row["ticket"] == ticket).cloned().unwrap_or_default()
}

#[test]
fn a_word_of_ours_gives_the_ball_away() {
    let env = TestEnv::new();
    let report = run(&env, &["--json"]).ends(0).json().unwrap();
    let before = row(&report, "32156");
    assert_eq!(before["ball"], "ours", "{report}");
    assert_eq!(before["mend"], "syncro comment 32156");
    assert_eq!((&before["sla_breached"], &before["sla"]), (&json!(true), &json!("Standard care")));
    assert_eq!(report["totals"]["tickets"], report["rows"].as_array().unwrap().len());
    // Ours come first, and of these the quietest.
    let order: Vec<(String, f64)> = rows(&report, ["ball", "quiet_hours"])
        .iter()
        .map(|row| (row[0].to_string(), row[1].as_str().unwrap().parse().unwrap()))
        .collect();
    assert!(
        order.is_sorted_by(|one, next| one.0 < next.0 || one.0 == next.0 && one.1 >= next.1),
        "{order:?}"
    );
    let quiet: f64 = before["quiet_hours"].as_str().unwrap().parse().unwrap();
    assert!(quiet > 1.0, "{before}");

    // A private note is a word, but none to the customer.
    let note = ["comment", "32156", "-m", "Looked at it", "--private", "--yes"];
    env.run(&note).ends(0);
    let noted = row(&run(&env, &["--json"]).ends(0).json().unwrap(), "32156");
    assert_eq!((&noted["ball"], &noted["we_last"]), (&json!("ours"), &before["we_last"]));
    assert_ne!(noted["any_last"], before["any_last"]);
    assert_eq!(noted["quiet_hours"], "0.00");
    let shown = run(&env, &["--quiet-for", "1m"]);
    assert!(!shown.ends(0).stdout.contains("32156"), "{shown}");
}

#[test]
fn a_check_is_about_what_is_ours() {
    let env = TestEnv::new();
    let report = run(&env, &["--json"]).ends(0).json().unwrap();
    let ours = report["totals"]["ours"].as_u64().unwrap();
    assert!(ours > 0, "{report}");
    run(&env, &["--check"]).ends(11).says("the report found something: ");
    run(&env, &["--quiet-for", "8784h", "--check"])
        .ends(0)
        .says("no open ticket has been quiet for so long");
    assert_eq!(env.writes().len(), 0);
    // What might be hours or minutes, and what is no length, is not guessed; nothing is read for it.
    let before = env.log().len();
    for typed in ["48", "soon", "-2h", "1.5h30m", "9000h"] {
        run(&env, &[&format!("--quiet-for={typed}")])
            .ends(2)
            .says("use a length with its unit, like 48h or 90m");
    }
    assert_eq!(env.log().len(), before);
}

/// What of a conversation cannot be read leaves its ticket out, by name of the reason, and the check is not passed.
#[tokio::test]
async fn a_ticket_of_which_not_all_is_known_is_left_out() {
    let env = TestEnv::new();
    for (field, what, why) in [
        ("created_at", "comments", "a comment's author, date or privacy is unreadable"),
        ("user_id", "comments", "a comment's author, date or privacy is unreadable"),
        ("customer_reply", "tickets", "whether the customer has replied is unreadable"),
    ] {
        let server = Altered::telling(env.account(), move |_, asked, answer| {
            let Some(list) = answer.get_mut(what).and_then(Value::as_array_mut) else { return };
            if what == "tickets" || asked.contains("/comments") {
                list.iter_mut().for_each(|one| one[field] = json!({"is": "unclear"}));
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&[&STALE[..], &["--json"]].concat(), &there);
        let report = ran.ends(0).json().unwrap();
        assert_eq!(report["left_out"][0]["why"], why, "{report}");
        assert_eq!(report["complete"], false);
        ran.says(why);
    }
    for (enabled, days) in [(json!({"is": "unclear"}), None), (json!(true), Some(json!([])))] {
        let env = TestEnv::new();
        let server = Altered::telling(env.account(), move |_, asked, answer| {
            if asked == "GET /settings" {
                answer["business_hours_enabled"] = enabled.clone();
                days.iter().for_each(|days| answer["business_hours"] = days.clone());
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        env.run_with(&STALE, &there).ends(0).says("the business hours are unreadable");
    }
    let mut env = TestEnv::new();
    env.restart(&["comments@*=404".to_owned()]);
    let ran = run(&env, &["--check"]);
    ran.ends(8).says("left out");
}
