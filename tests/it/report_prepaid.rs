//! `syncro report prepaid`: what bills take and timers wait for, what cannot be read, and what `--check` is about.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

const PREPAID: [&str; 2] = ["report", "prepaid"];
const BRINDLEWOOD: u64 = 31_204_602;
const TIDEWRACK: u64 = 31_204_690;

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&PREPAID[..], more].concat())
}

/// A customer's row, by the members that are named.
fn row<const N: usize>(report: &Value, customer: u64, members: [&str; N]) -> Option<Value> {
    let mut rows = report["rows"].as_array().unwrap().iter();
    let row = rows.find(|row| row["customer_id"] == customer)?;
    Some(Value::from(members.map(|name| row[name].clone()).to_vec()))
}

/// Bills an hour of a customer with a block of 12.50.
fn billed(env: &TestEnv) {
    let bill = ["bill", "32180", "--minutes", "60", "--labor", "remote", "--yes"];
    env.run(&[&bill[..], &["-m", "Cable replaced", "--description", "Cable replaced"]].concat())
        .ends(0);
}

#[test]
fn a_bill_takes_from_a_block_and_stopped_time_waits_to() {
    let env = TestEnv::new();
    let of = |members: [&str; 5]| {
        let report = run(&env, &["--json"]).ends(0).json().unwrap();
        row(&report, BRINDLEWOOD, members).unwrap()
    };
    let taken = ["left", "burned_30", "burned_90", "weeks", "flag"];
    assert_eq!(of(taken), json!(["12.50", "0.00", "0.00", null, null]));
    billed(&env);
    assert_eq!(of(taken), json!(["11.50", "1.00", "1.00", "147.9", null]));
    for start in ["yesterday 06:00", "yesterday 13:00"] {
        let add = ["timer", "add", "32180", "--minutes", "360", "--start", start];
        env.run(&[&add[..], &["--labor", "remote", "--yes"]].concat()).ends(0);
    }
    let mend = format!("syncro report uninvoiced --customer {BRINDLEWOOD}");
    let waits = ["left", "waiting", "after", "flag", "mend"];
    assert_eq!(of(waits), json!(["11.50", "12.00", "-0.50", "over", mend]));
    // For so much the next bill asks for money, and what is proposed shows why.
    let customer = BRINDLEWOOD.to_string();
    let shown = run(&env, &["--customer", &customer]);
    assert!(shown.ends(0).stdout.contains("over by 0.50 h"), "{shown}");
    let why = env.run(&mend.split_whitespace().skip(1).collect::<Vec<_>>());
    assert!(why.ends(0).stdout.contains("#32180"), "{why}");
}

#[test]
fn a_check_is_about_flags_and_the_line_is_drawn_by_configuration() {
    let tidewrack = TIDEWRACK.to_string();
    let check = ["--customer", &tidewrack, "--check"];
    let env = TestEnv::new();
    let ran = run(&env, &check);
    assert!(ran.ends(0).stdout.contains("4.00"), "{ran}");
    assert_eq!(env.writes().len(), 0);
    let more = "[reports]\nprepaid_low = \"4.5\"\n".to_owned();
    let env = TestEnv::of(Setup { more, ..Setup::default() });
    run(&env, &check).ends(11).says("the report found something: 1 customer");
    let report = run(&env, &["--json"]).ends(0).json().unwrap();
    assert_eq!(row(&report, TIDEWRACK, ["after", "flag"]), Some(json!(["4.00", "low"])));
    assert!(report["totals"]["low"].as_u64() > Some(1), "{report}");
    // A customer without a block has no row, and that is said.
    run(&env, &["--customer", "31204618", "--check"]).ends(0).says("no customer has prepaid hours");
    let before = env.log().len();
    run(&env, &["--columns", "d1_30"]).ends(2).says("no customer has d1_30");
    assert_eq!(env.log().len(), before);
}

/// A list that does not say what a customer has left is no list of customers without a block.
#[tokio::test]
async fn what_could_not_be_read_is_left_out_and_not_guessed() {
    let env = TestEnv::new();
    let whole = run(&env, &["--json"]).ends(0).json().unwrap();
    let with = async |hours: Option<Value>, in_page: bool| {
        let change = move |record: &mut Value| match &hours {
            Some(hours) => record["prepay_hours"] = hours.clone(),
            None => drop(record.as_object_mut().unwrap().remove("prepay_hours")),
        };
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if let Some(list) = answer.get_mut("customers").and_then(Value::as_array_mut) {
                list.iter_mut().for_each(&change);
            }
            if in_page && what.starts_with("GET /customers/") {
                change(&mut answer["customer"]);
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let report = env.run_with(&[&PREPAID[..], &["--json"]].concat(), &there);
        let check = env.run_with(&[&PREPAID[..], &["--check"]].concat(), &there);
        (report.ends(0).json().unwrap(), check.code)
    };
    // From the pages, what the list leaves out.
    let (report, _) = with(None, false).await;
    assert_eq!((&report["rows"], &report["left_out"]), (&whole["rows"], &json!([])));
    for (hours, why) in [
        (None, "the customer's prepaid hours could not be read"),
        (Some(json!("abc")), "prepay_hours unreadable"),
    ] {
        let (report, code) = with(hours, true).await;
        assert_eq!((&report["rows"], code), (&json!([]), 8), "{report}");
        assert_eq!(report["left_out"][0]["why"], why);
        assert_eq!(report["complete"], false);
    }
}

/// An invoice, a product or a ticket that cannot be read makes sums lower bounds, and no block look better.
#[test]
fn a_sum_that_misses_something_says_so() {
    for (fault, missed) in [("invoice@*=404", "burned_90"), ("product@*=404", "burned_90")] {
        let mut env = TestEnv::new();
        billed(&env);
        env.restart(&[fault.to_owned()]);
        let report = run(&env, &["--json"]).ends(0).json().unwrap();
        let row = row(&report, BRINDLEWOOD, ["at_least", "weeks"]).unwrap();
        let missing = row[0].as_array().unwrap();
        assert!(missing.contains(&json!(missed)) && row[1].is_null(), "{fault}: {report}");
        assert_eq!(report["complete"], false, "{fault}");
    }
    run(&TestEnv::with(&["customers@*=403"]), &[]).ends(4);
    run(&TestEnv::with(&["invoices@*=401"]), &[]).ends(4);
}
