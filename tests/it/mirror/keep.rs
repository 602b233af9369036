//! `mirror.keep_days`: what was closed earlier is dropped, and whatever then lacks it says so.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{configured, count, left_out, open, records, synced, unconfigured};
use crate::support::{Setup, TestEnv};

const MIRRORED: &str = "what was closed earlier is not in the mirror";

fn horizon(env: &TestEnv, kind: &str) -> Timestamp {
    let sql = "SELECT value FROM meta WHERE key = ?";
    let value: String =
        open(env).query_row(sql, [format!("{kind}.horizon")], |row| row.get(0)).unwrap();
    serde_json::from_str(&value).unwrap()
}

#[test]
fn what_is_dropped_is_not_said_to_be_there() {
    let env = TestEnv::slipped();
    synced(&env, &["--since", "2010-01-01"]);
    let prepaid = ["report", "prepaid", "--offline", "--json"];
    let ran = env.run(&prepaid);
    assert!(!left_out(&ran).contains(&MIRRORED.to_owned()), "{ran}");
    configured(&env, "keep_days = 30");
    // Whichever kinds are read.
    synced(&env, &["--only", "users"]);
    let month = Timestamp::now().checked_sub(SignedDuration::from_hours(31 * 24)).unwrap();
    for kind in ["tickets", "comments", "timers", "invoices"] {
        assert!(horizon(&env, kind) > month, "{kind}");
    }
    for args in [&["tickets", "--offline"][..], &["search", "--said", "gift"]] {
        let ran = env.run(args);
        ran.ends(0).says(", without what was closed before ");
        assert!(!ran.stderr.contains("2010"), "{ran}");
    }
    let ran = env.run(&prepaid);
    ran.ends(0).says(MIRRORED);
    assert!(left_out(&ran).contains(&MIRRORED.to_owned()), "{ran}");
    let rows = ran.json().unwrap()["rows"].as_array().unwrap().clone();
    let at_least = |row: &Value| row["at_least"].as_array().unwrap().contains(&"burned_90".into());
    assert!(!rows.is_empty() && rows.iter().all(at_least), "{rows:?}");
    // With more days again, what is gone does not come back by itself.
    unconfigured(&env);
    synced(&env, &[]);
    assert!(horizon(&env, "tickets") > month);
}

#[test]
fn lines_are_dropped_with_their_invoices_and_no_invoice_is_shown_without_them() {
    let more = "[mirror]\nkeep_days = 30\n".to_owned();
    let env = TestEnv::of(Setup { more, ..Setup::default() });
    // Whose they are is not known yet.
    synced(&env, &["--only", "lines"]);
    let all = count(&records(&env), "lines");
    assert!(all > 5, "{all}");
    synced(&env, &[]);
    assert!(count(&records(&env), "lines") < all);

    let invoices = env.account().get("/invoices")["invoices"].as_array().unwrap().clone();
    let has_lines = |one: &&Value| {
        let page = env.account().get(&format!("/invoices/{}", one["id"]));
        one["is_paid"] == true && !page["invoice"]["line_items"].as_array().unwrap().is_empty()
    };
    let paid = invoices.iter().find(has_lines).unwrap();
    let number = paid["number"].as_str().map_or_else(|| paid["number"].to_string(), str::to_owned);
    let show = ["invoice", "show", &number, "--offline", "--json"];
    env.run(&show).ends(3);
    unconfigured(&env);
    synced(&env, &["--since", "2010-01-01", "--only", "invoices"]);
    env.run(&show).ends(3).says("leave out --offline to ask Syncro");
    synced(&env, &["--full"]);
    let lines = env.run(&show).ends(0).json().unwrap()["line_items"].clone();
    assert!(!lines.as_array().unwrap().is_empty());
}
