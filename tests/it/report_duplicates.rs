//! `syncro report duplicates`: who is alike on the practice account, the command that shows it, and what cannot be read.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&["report", "duplicates"], more].concat())
}

fn found(report: &Value) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| json!([row["because"], row["ids"]])).collect()
}

#[test]
fn who_is_alike_is_found_with_its_command() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["--json", "--check"]);
    ran.ends(11).says("the report found something: 12 groups");
    let report = ran.json().unwrap();
    let right = [
        json!(["name", [31_205_003, 31_205_020]]),
        json!(["name", [31_205_054, 31_205_071]]),
        json!(["name", [31_205_343, 31_205_360]]),
        json!(["name", [31_206_003, 31_206_020]]),
        json!(["email", [31_205_428, 31_205_445]]),
        json!(["phone", [31_204_551, 31_205_751]]),
        json!(["phone", [31_204_602, 31_205_802]]),
        json!(["phone", [31_204_671, 31_205_071]]),
        json!(["phone", [31_204_690, 31_205_190]]),
        json!(["phone", [31_204_713, 31_205_513]]),
        json!(["email", [7_805_428, 7_805_445]]),
        json!(["email", [7_806_003, 7_806_020]]),
    ];
    assert_eq!(found(&report), right);
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
    assert_eq!(report["totals"], json!({"pairs": 12, "groups": {"customers": 10, "contacts": 2}}));
    let last = &report["rows"][11];
    assert_eq!(last["customers"], json!(["Caf\u{e9} Corvina GmbH", "CAFE-CORVINA"]));
    // Each is shown by a command that can be pasted.
    for row in report["rows"].as_array().unwrap() {
        let mend = row["mend"].as_str().unwrap();
        env.run(&mend.split(' ').skip(1).collect::<Vec<_>>()).ends(0);
    }
    let one = run(&env, &["--customer", "31206020", "--json"]).ends(0).json().unwrap();
    assert_eq!(found(&one), [right[3].clone(), right[11].clone()]);
    // Whoever is disabled is no duplicate any more.
    env.account().write("PUT", "/customers/31206020", &json!({"disabled": true}));
    let less = run(&env, &["--json"]).ends(0).json().unwrap();
    assert_eq!(found(&less), [&right[..3], &right[4..11]].concat());
}

#[test]
fn where_nobody_is_alike_nothing_is_found() {
    let env = TestEnv::new();
    let alone = run(&env, &["--customer", "31204640", "--check"]);
    alone.ends(0).says("no customers or contacts are alike");
    for (fault, code) in [("customers@*=403", 4), ("customers@*=500-before", 8)] {
        run(&TestEnv::with(&[fault]), &["--check"]).ends(code);
    }
    // Without the contacts, the customers still are.
    for fault in ["contacts@*=403", "contacts@*=404", "contacts@*=500-before"] {
        let ran = run(&TestEnv::with(&[fault]), &["--json"]);
        let report = ran.ends(0).says("the contacts could not all be read").json().unwrap();
        assert_eq!(report["totals"]["groups"], json!({"customers": 9, "contacts": 0}), "{fault}");
        assert_eq!(report["complete"], false);
    }
    run(&TestEnv::with(&["contacts@*=401"]), &["--json"]).ends(4);
    let alone = ["--customer", "31204640", "--check"];
    let unread =
        TestEnv::of(Setup { faults: vec!["contacts@*=403".to_owned()], ..Setup::default() });
    run(&unread, &alone).ends(8).says("nothing was found in what could be read");
}

/// What a row rests on and cannot be read leaves it out.
#[tokio::test]
async fn what_cannot_be_read_is_left_out() {
    let env = TestEnv::new();
    for (list, field, why) in [
        ("customers", "email", "an email address or phone number is missing or unreadable"),
        ("contacts", "email", "an email address or phone number is missing or unreadable"),
        ("contacts", "customer_id", "a contact names no customer"),
    ] {
        let server = Altered::telling(env.account(), move |_, _, answer| {
            let list = answer.get_mut(list).and_then(Value::as_array_mut);
            let records = list.into_iter().flatten().filter_map(Value::as_object_mut);
            records.for_each(|one| drop(one.remove(field)));
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&["report", "duplicates", "--json"], &there);
        let report = ran.ends(0).says(why).json().unwrap();
        assert_eq!(report["left_out"][0]["why"], why, "{report}");
        assert_eq!(report["complete"], false);
    }
}
