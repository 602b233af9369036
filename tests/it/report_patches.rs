//! `syncro report patches`: what is missing on the practice account, from all pages, and an account without patches.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&["report", "patches"], more].concat())
}

/// A row: the asset, and what it lacks.
fn row(report: &Value, asset: &str) -> Value {
    let mut rows = report["rows"].as_array().unwrap().iter();
    let members = ["missing", "failed", "rejected", "critical", "security", "looked_at"];
    let row = rows.find(|row| row["asset"] == asset);
    row.map(|row| members.iter().map(|name| row[name].clone()).collect()).unwrap_or_default()
}

fn asked(env: &TestEnv) -> usize {
    env.log().iter().filter(|line| line.path.contains("/patches")).count()
}

fn with(fault: &str) -> TestEnv {
    TestEnv::of(Setup { slipped: true, faults: vec![fault.to_owned()], ..Setup::default() })
}

#[test]
fn what_is_missing_is_counted_on_all_pages() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["--json", "--check"]);
    ran.ends(11).says("the report found something: ");
    let report = ran.json().unwrap();
    assert_eq!(row(&report, "ROASTER"), json!([3, 2, 1, 2, 1, true]));
    // Of 54, four are on a second page.
    assert_eq!(row(&report, "CHAIR-2-XRAY"), json!([27, 14, 13, 14, 13, true]));
    assert_eq!(row(&report, "CAFE-LAPTOP"), json!([0, 0, 0, 0, 0, false]));
    assert_eq!(row(&report, "TILL-2"), Value::Null, "nothing is missing there");
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
    // A request for each of the assets, and one for the second page.
    assert_eq!(report["totals"]["assets"], 33);
    assert_eq!((&report["totals"]["not_looked_at"], asked(&env)), (&json!(1), 33 + 1));
    for row in report["rows"].as_array().unwrap().iter().rev().take(3) {
        let mend = row["mend"].as_str().unwrap();
        env.run(&mend.split(' ').skip(1).collect::<Vec<_>>()).ends(0);
    }
    let one = run(&env, &["--customer", "31204602", "--json"]).ends(0).json().unwrap();
    assert_eq!((&one["totals"]["assets"], one["rows"].as_array().unwrap().len()), (&json!(5), 4));
    run(&env, &["--customer", "31204671", "--check"]).ends(0).says("no asset lacks a patch");
}

/// Of an account without patches no asset is looked at, live as in the mirror, and that is remembered.
#[test]
fn an_account_without_patches_is_not_looked_at() {
    let env = with("asset@*=404");
    let rows = |more: &[&str]| {
        let ran = run(&env, &[&["--json", "--check"], more].concat());
        let report = ran.ends(11).json().unwrap();
        assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
        let totals = &report["totals"];
        assert_eq!((&totals["assets"], &totals["not_looked_at"]), (&json!(33), &json!(33)));
        report["rows"].clone()
    };
    let before = rows(&[]);
    assert_eq!(rows(&[]), before);
    assert_eq!(asked(&env), 33, "they are not asked for again at once");
    env.run(&["sync", "--patches"]).ends(0);
    assert_eq!(rows(&["--offline"]), before);
    // What is so of some assets says nothing of others.
    let faults = (1..=5).map(|turn| format!("asset@{turn}=404")).collect();
    let env = TestEnv::of(Setup { slipped: true, faults, ..Setup::default() });
    for (more, unseen) in [(&["--customer", "31204602"][..], 5), (&[], 1)] {
        let report = run(&env, &[&["--json"], more].concat()).ends(0).json().unwrap();
        assert_eq!(report["totals"]["not_looked_at"], unseen, "{more:?}");
    }
}

/// What cannot be read is another thing.
#[test]
fn patches_that_cannot_be_read_are_left_out() {
    // A key that may not read them is told from the first few.
    let env = with("asset@*=403");
    run(&env, &["--check"]).ends(4);
    assert_eq!(asked(&env), 6);
    run(&with("assets@*=403"), &[]).ends(4);
    // One of them that cannot be read is not one without.
    for (fault, left_out) in [("asset@2=403", 1), ("asset@3=404-html", 1), ("asset@34=404", 1)] {
        let ran = run(&with(fault), &["--json"]);
        let report = ran.ends(0).says("an asset's patches could not all be read").json().unwrap();
        let why = json!([{"why": "an asset's patches could not all be read", "count": left_out}]);
        assert_eq!(report["left_out"], why, "{fault}");
        assert_eq!(report["totals"]["assets"], 33 - left_out, "{fault}");
    }
    // One of which Syncro says that it has no patches is not looked at, live as in the mirror.
    let env = with("asset@2=404");
    let report = run(&env, &["--json"]).ends(0).json().unwrap();
    assert_eq!(
        (&report["complete"], &report["totals"]["not_looked_at"]),
        (&json!(true), &json!(2))
    );
}

/// More requests than a minute allows are asked about, and what is not given is said.
#[tokio::test]
async fn many_assets_are_asked_about_and_a_page_that_is_not_given_is_said() {
    let env = TestEnv::new();
    let many = Altered::telling(env.account(), |_, _, answer| {
        let Some(list) = answer.get_mut("assets").and_then(Value::as_array_mut) else { return };
        let asset = list.first().cloned().unwrap_or_default();
        let numbered = |id: u64| {
            let mut asset = asset.clone();
            asset["id"] = json!(id);
            asset
        };
        *list = (1..=181).map(numbered).collect();
        answer["meta"] = json!({"page": 1, "total_pages": 1, "total_entries": 181});
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*many.base())];
    let ran = env.run_with(&["report", "patches"], &there);
    ran.ends(2).says("this report needs at least 183 requests").says("--yes");
    assert_eq!(asked(&env), 0);
    // A server that does not know pages here answers page one again.
    let same = Altered::telling(env.account(), |_, _, answer| {
        if let Some(meta) = answer.get_mut("available_patches_meta") {
            meta["page"] = json!(1);
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*same.base())];
    let ran = env.run_with(&["report", "patches", "--customer", "31204602", "--json"], &there);
    let report = ran.ends(0).says("an asset's patches could not all be read").json().unwrap();
    assert_eq!(row(&report, "CHAIR-2-XRAY")[0], 25);
}
