//! `syncro report recurring`: one case of each finding, the command that mends it, and what cannot be read.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&["report", "recurring"], more].concat())
}

fn found(report: &Value) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| json!([row["finding"], row["schedule_id"], row["customer"]])).collect()
}

#[test]
fn each_finding_is_found_with_its_command() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["--json", "--check"]);
    ran.ends(11).says("the report found something: 5 findings");
    let report = ran.json().unwrap();
    let right = [
        json!(["did-not-run", 88021, "Brindlewood Dental"]),
        // What takes from tickets was to run two weeks after the account's first day.
        json!(["did-not-run", 88010, "Odalys Brackenreed"]),
        json!(["zero", 88032, "Copperkettle Bakery"]),
        json!(["miscounted", 88043, "Quillfeather Books"]),
        json!(["paused", 88054, "Mossgate Veterinary"]),
    ];
    assert_eq!(found(&report), right);
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
    assert_eq!(
        (&report["rows"][3]["fixed"], &report["rows"][3]["counted"]),
        (&json!("1"), &json!(2))
    );
    // Their list, the account's types, the assets of one customer, and the five customers.
    assert_eq!(env.log().len(), 1 + 2 + 5);
    // A command that mends is one that can be pasted; what it mends is not found again.
    let mend = report["rows"][3]["mend"].as_str().unwrap();
    let words: Vec<&str> = mend.split(' ').skip(1).chain(["--yes"]).collect();
    env.run(&words).ends(0);
    for row in [0, 2, 4] {
        let mend = report["rows"][row]["mend"].as_str().unwrap();
        env.run(&mend.split(' ').skip(1).collect::<Vec<_>>()).ends(0);
    }
    let after = run(&env, &["--json"]).ends(0).json().unwrap();
    assert_eq!(found(&after), [&right[..3], &right[4..]].concat());
    let one = run(&env, &["--customer", "31204602", "--json"]).ends(0).json().unwrap();
    assert_eq!(found(&one), right[..1]);
}

#[test]
fn where_nothing_is_wrong_nothing_is_found() {
    let env = TestEnv::new();
    run(&env, &["--check"]).ends(0).says("no recurring invoice needs a look");
    // An account that has no recurring invoices has none that is wrong; a page that is not there is another thing.
    let lacks = |fault: &str| {
        TestEnv::of(Setup { slipped: true, faults: vec![fault.to_owned()], ..Setup::default() })
    };
    run(&lacks("schedules@*=404"), &["--check"]).ends(0);
    run(&lacks("schedules@*=403"), &[]).ends(4);
    run(&lacks("schedules@*=500-before"), &[]).ends(8);
    // Nor is one that has shown them without any after one odd answer.
    let env = lacks("schedules@2+=404");
    run(&env, &["--check"]).ends(11);
    run(&env, &["--check"]).ends(3);
    let drift = env.run(&["report", "drift", "--since", "2026-01-01"]);
    drift.ends(0).says("the recurring invoices could not be read");
}

/// What a finding rests on and cannot be read leaves it out, and a check is not passed.
#[tokio::test]
async fn what_cannot_be_read_is_left_out() {
    let env = TestEnv::slipped();
    for (field, why) in [
        ("paused", "whether a recurring invoice is paused is unreadable"),
        ("next_run", "the day of a recurring invoice's next run is missing or unreadable"),
        ("subtotal", "the amount or a line of a recurring invoice is unreadable"),
    ] {
        let server = Altered::telling(env.account(), move |_, _, answer| {
            let list = answer.get_mut("schedules").and_then(Value::as_array_mut);
            list.into_iter().flatten().for_each(|one| one[field] = json!({"is": "unclear"}));
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&["report", "recurring", "--json"], &there);
        let report = ran.ends(0).json().unwrap();
        assert_eq!(report["left_out"][0]["why"], why, "{report}");
        assert_eq!(report["complete"], false);
        ran.says(why);
    }
    for (fault, why, rest) in [
        ("assets@*=403", "a customer's assets could not all be read", 4),
        (
            "settings@*=500-before",
            "the account's list of asset types could not be read, or lacks one",
            4,
        ),
        ("customer@*=404", "a customer's name could not be read", 5),
    ] {
        let setup = Setup { slipped: true, faults: vec![fault.to_owned()], ..Setup::default() };
        let report = run(&TestEnv::of(setup), &["--json"]).ends(0).json().unwrap();
        assert_eq!(report["left_out"][0]["why"], why, "{report}");
        assert_eq!(found(&report).len(), rest, "{fault}");
    }
}
