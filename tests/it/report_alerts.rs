//! `syncro report alerts`: what repeats and what nobody works on, the command that shows it, and an account without alerts.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&["report", "alerts"], more].concat())
}

/// The rows: the asset, and how many were made, are open, repeat, and have no ticket.
fn found(report: &Value) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    let members = ["asset", "count", "open", "repeats", "orphans"];
    rows.map(|row| members.iter().map(|name| row[name].clone()).collect()).collect()
}

fn asked(env: &TestEnv, part: &str) -> usize {
    env.log().iter().filter(|line| line.path.contains(part)).count()
}

#[test]
fn what_repeats_and_what_nobody_works_on_is_found() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["--json", "--check"]);
    ran.ends(11).says("the report found something: 3 kinds of alerts");
    let report = ran.json().unwrap();
    let all = found(&report);
    assert_eq!(all[0], json!(["ROASTER", 3, 1, 1, 1]));
    // Two alerts of the plain account are open since its first day, which is long ago.
    let old = [json!(["CASE-FILES", 0, 1, 0, 1]), json!(["SRV-01", 0, 1, 0, 1])];
    assert!(old.iter().all(|row| all[1..3].contains(row)), "{all:?}");
    // One that somebody works on, and one that is two hours old, of what is no asset.
    let fine = [json!(["KITCHEN-OLD", 1, 1, 0, 0]), json!(["SRV-01", 1, 1, 0, 0])];
    assert!(all.len() == 5 && fine.iter().all(|row| all[3..].contains(row)), "{all:?}");
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
    assert_eq!(report["totals"], json!({"count": 5, "open": 5, "repeats": 1, "orphans": 3}));
    assert_eq!(report["rows"][0]["customer"], "Caf\u{e9} Corvina GmbH");
    // Two lists, and the name of each customer.
    assert_eq!((asked(&env, "/rmm_alerts"), env.log().len()), (2, 2 + 4));
    for row in report["rows"].as_array().unwrap() {
        let mend = row["mend"].as_str().unwrap();
        env.run(&mend.split(' ').skip(1).collect::<Vec<_>>()).ends(0);
    }
    let one = run(&env, &["--customer", "31206003", "--since", "3d", "--json"]);
    let one = found(&one.ends(0).json().unwrap());
    assert_eq!(one, [json!(["ROASTER", 1, 1, 0, 1]), json!(["KITCHEN-OLD", 1, 1, 0, 0])]);
    // What is resolved is found no more.
    let path = report["rows"][0]["mend"].as_str().unwrap().rsplit(' ').next().unwrap().to_owned();
    env.run(&["api", "DELETE", &path, "--yes"]).ends(0);
    let less = run(&env, &["--customer", "31206003", "--json"]).ends(0).json().unwrap();
    assert_eq!(found(&less)[0], json!(["ROASTER", 3, 0, 1, 0]));
    run(&env, &["--since", "2999-01-01", "--until", "2998-01-01"]).ends(2);
}

/// That an account has no alerts is said, and remembered; what cannot be read is another thing.
#[test]
fn an_account_without_alerts_has_none() {
    let lacks = |fault: &str| {
        TestEnv::of(Setup { slipped: true, faults: vec![fault.to_owned()], ..Setup::default() })
    };
    let env = lacks("alerts@*=404");
    run(&env, &["--check"]).ends(0).says("this account has no alerts of assets");
    let before = env.log().len();
    run(&env, &["--check"]).ends(0).says("this account has no alerts of assets");
    assert_eq!(env.log().len(), before, "it is not asked for again at once");
    run(&lacks("alerts@*=404-html"), &[]).ends(3);
    run(&lacks("alerts@*=403"), &[]).ends(4);
    run(&lacks("alerts@*=500-before"), &[]).ends(8);
    // One that has shown them has some, whatever it answers once.
    let env = lacks("alerts@3+=404");
    run(&env, &["--check"]).ends(11);
    run(&env, &["--check"]).ends(3);
    let ran = run(&lacks("customer@*=404"), &["--json"]);
    let report = ran.ends(0).says("a customer's name could not be read").json().unwrap();
    assert_eq!(report["rows"].as_array().unwrap().len(), 5);
}

/// What a row rests on and cannot be read leaves it out.
#[tokio::test]
async fn what_cannot_be_read_is_left_out() {
    let env = TestEnv::slipped();
    for (field, why) in [
        ("created_at", "an alert's date, state, asset or description is missing or unreadable"),
        ("resolved", "an alert's date, state, asset or description is missing or unreadable"),
        ("ticket_number", "whether an alert has a ticket is missing or unreadable"),
    ] {
        let server = Altered::telling(env.account(), move |_, _, answer| {
            let list = answer.get_mut("rmm_alerts").and_then(Value::as_array_mut);
            list.into_iter().flatten().for_each(|one| one[field] = json!({"is": "unclear"}));
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&["report", "alerts", "--json"], &there);
        let report = ran.ends(0).says(why).json().unwrap();
        assert_eq!(report["left_out"][0]["why"], why, "{report}");
        assert_eq!(report["totals"]["orphans"], 0);
    }
}
