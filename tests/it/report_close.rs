//! `syncro report close`: a line each question, the command that lists what it found, and what cannot be read.

use serde_json::{Value, json};

use crate::support::{Ran, Setup, TestEnv};

/// The first month of the practice account.
const MARCH: [&str; 4] = ["report", "close", "--month", "2026-03"];

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&MARCH[..], more].concat())
}

/// What its lines say.
fn lines(report: &Value) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| json!([row["check"], row["state"], row["count"], row["amount"]])).collect()
}

#[test]
fn each_line_counts_what_its_report_lists() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["--json", "--check"]);
    ran.ends(11).says("the report found something: 7 checks");
    let report = ran.json().unwrap();
    let right = [
        json!(["drift", "loss", 5, "240.00"]),
        json!(["uninvoiced", "look", 5, "607.00"]),
        json!(["running", "look", 1, null]),
        json!(["prepaid-over", "look", 1, null]),
        json!(["unpaid-zero", "look", 2, null]),
        json!(["recurring", "look", 2, "180.00"]),
        json!(["payments", "look", 2, "295.00"]),
    ];
    assert_eq!(lines(&report), right);
    let losses = env.run(&["report", "drift", "--since", "2026-03-01", "--json"]).json().unwrap();
    let losses = losses["rows"].as_array().unwrap().iter().filter(|row| row["level"] == "loss");
    assert_eq!(losses.count(), 5);
    assert_eq!(report["totals"], json!({"state": "loss"}));
    assert_eq!(report["filters"], json!({"month": "2026-03", "since": "2026-03-01"}));
    for row in report["rows"].as_array().unwrap() {
        let opens: Vec<&str> = row["report"].as_str().unwrap().split(' ').skip(1).collect();
        let listed = env.run(&[&opens[..], &["--json"]].concat()).ends(0).json().unwrap();
        let listed = listed["rows"].as_array().or(listed.as_array()).unwrap().clone();
        assert!(!listed.is_empty(), "{row}");
    }
}

#[test]
fn a_month_is_typed_as_people_do_and_has_begun() {
    let env = TestEnv::new();
    let month = |typed: &str| {
        let ran = env.run(&["report", "close", "--month", typed, "--json"]);
        ran.ends(0).json().unwrap()["filters"]["month"].clone()
    };
    for typed in ["2026-02", "2026-02-11"] {
        assert_eq!(month(typed), "2026-02", "{typed}");
    }
    let (last, this) = (month("last month"), month("this month"));
    assert!(last.as_str() < this.as_str() && last.as_str() > Some("2026-02"), "{last} {this}");
    let usual = env.run(&["report", "close", "--json"]).ends(0).json().unwrap();
    assert_eq!(usual["filters"]["month"], last);
    let asked = env.log().len();
    for typed in ["2026-13", "2099-01", "soon", "-1"] {
        let ran = env.run(&["report", "close", &format!("--month={typed}")]);
        ran.ends(2).says("hint: use 2026-02, \"last month\" or a day of the month");
    }
    assert_eq!(env.log().len(), asked, "nothing is read for what is no month");
}

/// A month that began before the other reports look back says so in the commands that list what it found.
#[test]
fn an_old_month_is_read_from_its_first_day() {
    let env = TestEnv::new();
    let report =
        env.run(&["report", "close", "--month", "2025-01", "--json"]).ends(0).json().unwrap();
    assert_eq!(report["rows"][0]["report"], "syncro report drift --since 2025-01-01");
    let report = env.run(&["report", "close", "--json"]).ends(0).json().unwrap();
    assert_eq!(report["rows"][0]["report"], "syncro report drift");
}

/// What cannot be read is said, and its line is not fine.
#[test]
fn a_list_that_cannot_be_read_is_to_be_looked_at() {
    for (fault, why, check) in [
        ("payments@2+=500-before", "the payments could not all be read", "payments"),
        ("payments@*=404", "the payments could not all be read", "payments"),
        ("customers@*=403", "the customers could not be read", "prepaid-over"),
        ("schedules@*=403", "the recurring invoices could not be read", "recurring"),
    ] {
        // More than a page of each list.
        let faults = vec![fault.to_owned()];
        let env = TestEnv::of(Setup { faults, list_page: 7, ..Setup::default() });
        let ran = run(&env, &["--json"]);
        ran.ends(0).says(why);
        let report = ran.json().unwrap();
        let rows = report["rows"].as_array().unwrap();
        let row = rows.iter().find(|row| row["check"] == check).unwrap();
        assert_eq!(json!([row["state"], row["count"]]), json!(["look", 0]), "{report}");
        assert_eq!(report["complete"], false);
        assert_eq!(row["at_least"][0], "count");
    }
}
