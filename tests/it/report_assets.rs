//! `syncro report assets`: one case of each finding, the command that shows it, and what cannot be read.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, TestEnv};

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&["report", "assets"], more].concat())
}

fn found(report: &Value) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| json!([row["finding"], row["asset"], row["customer_id"]])).collect()
}

#[test]
fn each_finding_is_found_with_its_command() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["--json", "--check"]);
    ran.ends(11).says("the report found something: 26 findings");
    let report = ran.json().unwrap();
    let right = [
        json!(["disabled-customer", "PRESS-PC", 31_204_760]),
        json!(["same-serial", "ROASTER", 31_206_003]),
        json!(["same-serial", "ROASTER-NEW", 31_206_020]),
        json!(["not-seen", "CAFE-LAPTOP", 31_206_003]),
    ];
    let mut all = found(&report);
    let rest = all.split_off(4);
    all[1..3].sort_by_key(ToString::to_string);
    assert_eq!(all, right);
    assert!(rest.len() == 22 && rest.iter().all(|row| row[0] == "no-contact"), "{rest:?}");
    // What belongs to nobody needs no contact.
    assert!(rest.iter().all(|row| !row[2].is_null()), "{rest:?}");
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
    for row in &report["rows"].as_array().unwrap()[..5] {
        let mend = row["mend"].as_str().unwrap();
        env.run(&mend.split(' ').skip(1).collect::<Vec<_>>()).ends(0);
    }
    let one = run(&env, &["--customer", "31206003", "--json"]).ends(0).json().unwrap();
    assert_eq!(found(&one), right[3..]);
}

#[test]
fn where_nothing_is_wrong_nothing_is_found() {
    let env = TestEnv::new();
    run(&env, &["--customer", "31204671", "--check"]).ends(0).says("no asset needs attention");
    for (fault, code) in [
        ("assets@*=403", 4),
        ("assets@*=404", 3),
        ("assets@*=500-before", 8),
        ("assets@*=lost-rows", 0),
    ] {
        run(&TestEnv::with(&[fault]), &["--quiet"]).ends(code);
    }
}

/// What a finding rests on and cannot be read leaves it out, and a check is not passed.
#[tokio::test]
async fn what_cannot_be_read_is_left_out() {
    let env = TestEnv::new();
    for (place, field, why) in [
        (
            "/customer",
            "disabled",
            "whether an asset's customer is disabled is missing or unreadable",
        ),
        ("", "contact_id", "an asset's contact is missing or unreadable"),
        ("/rmm_store", "updated_at", "when an asset was last seen is missing or unreadable"),
        ("", "asset_serial", "an asset's serial number is missing or unreadable"),
    ] {
        let server = Altered::telling(env.account(), move |_, _, answer| {
            let list = answer.get_mut("assets").and_then(Value::as_array_mut);
            let places = list.into_iter().flatten().filter_map(|one| one.pointer_mut(place));
            places.filter_map(Value::as_object_mut).for_each(|one| drop(one.remove(field)));
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&["report", "assets", "--json"], &there);
        let report = ran.ends(0).says(why).json().unwrap();
        assert_eq!(report["left_out"][0]["why"], why, "{report}");
        assert_eq!(report["complete"], false);
    }
}
