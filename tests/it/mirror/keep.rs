//! `mirror.keep_days`: what was closed earlier is dropped, and whatever then lacks it says so.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Records, configured, count, left_out, open, records, synced, unconfigured};
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

/// The comments of open tickets that are not in the mirror, and how many are.
fn said_on_open(env: &TestEnv, kept: &Records) -> (Vec<i64>, usize) {
    let account = env.account();
    let page = |page: u64| account.get(&format!("/tickets?status=Not%20Closed&page={page}"));
    let pages = page(1)["meta"]["total_pages"].as_u64().unwrap();
    let (mut missing, mut there) = (Vec::new(), 0);
    for ticket in (1..=pages).flat_map(|one| page(one)["tickets"].as_array().unwrap().clone()) {
        let said = account.get(&format!("/tickets/{}/comments?per_page=100", ticket["id"]));
        for comment in said["comments"].as_array().unwrap() {
            let id = comment["id"].as_i64().unwrap();
            match kept.contains_key(&("comments".to_owned(), id)) {
                true => there += 1,
                false => missing.push(id),
            }
        }
    }
    (missing, there)
}

/// How many comments are in the mirror of which that is true.
fn said_where(env: &TestEnv, test: &str) -> usize {
    let sql =
        format!("SELECT count(*) FROM rec WHERE kind = 'comments' AND gone IS NULL AND {test}");
    let count: i64 = open(env).query_row(&sql, [], |row| row.get(0)).unwrap();
    count.try_into().unwrap()
}

/// Whose turn it is by a report, and who has spoken when.
fn turns(env: &TestEnv, more: &[&str]) -> Vec<Value> {
    let ran = env.run(&[&["report", "stale", "--json"], more].concat());
    let rows = ran.ends(0).json().unwrap()["rows"].as_array().unwrap().clone();
    let of = |row: &Value| {
        ["ticket", "ball", "customer_last", "we_last", "any_last"].map(|name| row[name].clone())
    };
    rows.iter().map(|row| Value::from(of(row).to_vec())).collect()
}

#[test]
fn what_was_said_on_an_open_ticket_is_kept_however_old_it_is() {
    let more = "[mirror]\nkeep_days = 30\n".to_owned();
    let short = Setup { more, slipped: true, list_page: 100, ..Setup::default() };
    let long = Setup { slipped: true, list_page: 100, ..Setup::default() };
    let late: &[&str] = &["--since", "2026-06-01"];
    for (setup, args) in [(short, &[][..]), (long, late)] {
        let env = TestEnv::of(setup);
        synced(&env, args);
        let first = env.log().len();
        let kept = records(&env);
        let (missing, there) = said_on_open(&env, &kept);
        assert!(missing.is_empty() && there > 20, "{there} and {missing:?}");
        let of_none = "ticket_id NOT IN (SELECT id FROM rec WHERE kind = 'tickets')";
        assert_eq!(said_where(&env, of_none), 0);
        let turns_live = turns(&env, &["--yes"]);
        assert!(turns_live.len() > 5, "{turns_live:?}");
        assert_eq!(turns(&env, &["--offline"]), turns_live);

        // What an older program has left out comes back once.
        let db = open(&env);
        db.execute_batch("DELETE FROM rec WHERE kind = 'comments'; DELETE FROM fts_said").unwrap();
        let sql =
            "UPDATE meta SET value = json_remove(value, '$.with_tickets') WHERE key = 'rules'";
        assert_eq!(db.execute(sql, []).unwrap(), 1);
        synced(&env, &[]);
        let all = count(&kept, "comments");
        assert_eq!(count(&records(&env), "comments"), all);
        let lists = |from: usize| {
            env.log()[from..].iter().filter(|line| line.path.ends_with("/ticket_comments")).count()
        };
        let before = env.log().len();
        synced(&env, &[]);
        assert!(lists(first) > lists(before) && lists(before) == 1);
    }
}

#[test]
fn what_was_said_comes_with_a_ticket_that_is_opened_again() {
    let env = TestEnv::new();
    configured(&env, "keep_days = 30");
    synced(&env, &[]);
    let tickets = env.account().get("/tickets?status=Resolved&page=1")["tickets"].clone();
    let said = |ticket: &Value| {
        let path = format!("/tickets/{}/comments?per_page=100", ticket["id"]);
        env.account().get(&path)["comments"].as_array().unwrap().len()
    };
    let ticket = tickets.as_array().unwrap().iter().find(|ticket| said(ticket) > 0).unwrap();
    let of_it = format!("ticket_id = {}", ticket["id"]);
    assert_eq!(said_where(&env, &of_it), 0);
    let number = ticket["number"].as_i64().unwrap();
    let typed = number.to_string();
    for words in [&["ticket"][..], &["line", "list"], &["timer", "list"]] {
        let ran = env.run(&[words, &[typed.as_str(), "--offline"]].concat());
        ran.ends(3).says(&format!("ticket #{number} is not in the mirror"));
        assert!(!ran.stderr.contains("there is no"), "{ran}");
    }
    let ran = env.run(&["product", "show", "99", "--offline"]);
    ran.ends(3).says("product \"99\" is not in the mirror");
    env.account().status(number, "In Progress");
    synced(&env, &[]);
    assert_eq!(said_where(&env, &of_it), said(ticket));
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
