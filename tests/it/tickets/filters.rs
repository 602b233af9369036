//! Every filter, and which of them the server is asked for.

use super::*;

const WISHES: [Wish; 25] = [
    (&["--status", "all"], |_| true),
    (&["--status", "on the b"], |one| one["status"] == "On the Bench"),
    (&["--status", "RESOLVED"], |one| one["status"] == "Resolved"),
    (&["--status", "not closed"], is_open),
    (&["--customer", "31204602"], |one| is_open(one) && one["customer_id"] == 31_204_602),
    (&["--customer", "Brindlewood dental"], |one| is_open(one) && one["customer_id"] == 31_204_602),
    (&["--status", "all", "--customer", "quillf"], |one| one["customer_id"] == 31_204_551),
    (&["--contact", "7804602"], |one| is_open(one) && one["contact_id"] == 7_804_602),
    (&["--contact", "lind CASPER"], |one| is_open(one) && one["contact_id"] == 7_804_602),
    (&["--customer", "brindlewood dental", "--contact", "casper"], |one| {
        is_open(one) && one["contact_id"] == 7_804_602
    }),
    (&["--mine"], |one| is_open(one) && one["user_id"] == TRAINEE),
    (&["--assignee", "mika"], |one| is_open(one) && one["user_id"] == 81_207),
    (&["--assignee", "none", "--status", "New"], |one| {
        one["user_id"].is_null() && one["status"] == "New"
    }),
    // Five hours behind UTC, the day begins at five.
    (&["--since", "2026-03-10", "--status", "all"], |one| at(one, "created_at") >= "2026-03-10T05"),
    (&["--until", "9 mar 2026", "--status", "all"], |one| at(one, "created_at") < "2026-03-10T05"),
    (&["--since", "2026-03-09", "--until", "2026-03-11"], |one| {
        is_open(one)
            && at(one, "created_at") >= "2026-03-09T05"
            && at(one, "created_at") < "2026-03-12T05"
    }),
    (&["--updated", "--since", "2026-03-15", "--status", "all"], |one| {
        at(one, "updated_at") >= "2026-03-15T05"
    }),
    (&["--status", "New,all"], |_| true),
    (&["--status", ",New,"], |one| one["status"] == "New"),
    (&["--status", "new, resolved"], |one| ["New", "Resolved"].contains(&at(one, "status"))),
    (&["--priority", "high"], |one| is_open(one) && one["priority"] == "1 High"),
    (&["--issue-type", "print", "--status", "all"], |one| one["problem_type"] == "Printing"),
    (&["--overdue"], |one| is_open(one) && one["due_date"].is_string() && !is_late_in_2099(one)),
    (&["--overdue", "--status", "all"], |one| {
        is_open(one) && one["due_date"].is_string() && !is_late_in_2099(one)
    }),
    (&["--asset", "till-1"], |one| one["number"] == 32_181),
];

fn is_late_in_2099(ticket: &Value) -> bool {
    at(ticket, "due_date").starts_with("2099")
}

/// Tickets that are not late: one is due in a long time, one whenever.
fn not_late(env: &TestEnv) {
    for (number, due) in [(32_180, json!("2099-03-20T12:00:00Z")), (32_179, Value::Null)] {
        let path = format!("/tickets/{}", ticket_id(number));
        let (status, _) = env.account().call("PUT", &path, Some(&json!({"due_date": due})));
        assert_eq!(status, 200);
    }
}

#[tokio::test]
async fn every_filter_holds_even_where_the_server_ignores_it() {
    let env = TestEnv::new();
    not_late(&env);
    let deaf = Deaf::of(env.account(), unfiltered).await;
    let there = everything(&env.account());
    for (wish, wanted) in WISHES {
        let args = [&["tickets", "--all", "--json"], wish].concat();
        let ran = env.run(&args);
        let mut found = numbers(ran.ends(0));
        found.sort_unstable();
        let mut meant: Vec<i64> = there
            .iter()
            .filter(|ticket| wanted(ticket))
            .map(|ticket| ticket["number"].as_i64().unwrap())
            .collect();
        meant.sort_unstable();
        let is_part = !meant.is_empty() && (meant.len() < there.len() || wish[1].contains("all"));
        assert!(is_part, "{wish:?} tests nothing");
        assert_eq!(found, meant, "{wish:?}");
        let same = env.run_with(&args, &[("SYNCRO_BASE_URL", &deaf.base())]);
        assert_eq!(same.ends(0).stdout, ran.stdout, "{wish:?}");
        // A limit is counted in what is wanted.
        let args = [&["tickets", "--limit", "2", "--json"], wish].concat();
        let some = env.run_with(&args, &[("SYNCRO_BASE_URL", &deaf.base())]);
        assert_eq!(numbers(some.ends(0)), numbers(&ran)[..2.min(meant.len())], "{wish:?}");
    }
}

#[test]
fn the_server_is_asked_for_what_it_knows() {
    let env = TestEnv::new();
    for (args, requests) in [
        (&[][..], &["GET tickets?status=Not Closed"][..]),
        (
            &[
                "--customer",
                "31204602",
                "--contact",
                "7804602",
                "--assignee",
                "id:81207",
                "--since",
                "2026-03-10",
            ],
            &[
                "GET users",
                "GET customers/31204602",
                "GET tickets?status=Not Closed&customer_id=31204602&contact_id=7804602&user_id=81207&created_after=2026-03-08",
            ],
        ),
        (
            &["--mine", "--status", "all", "--updated", "--since", "2026-03-16"],
            &["GET me", "GET tickets?user_id=81204&since_updated_at=2026-03-14"],
        ),
        (
            &[
                "--status",
                "new,on the b",
                "--priority",
                "high",
                "--issue-type",
                "network",
                "--overdue",
            ],
            &[
                "GET tickets/settings",
                "GET settings",
                "GET tickets?status=New",
                "GET tickets?status=On the Bench",
            ],
        ),
        // The account's lists are kept.
        (&["--status", "all", "--sort", "due"], &["GET tickets", "GET tickets?page=2"]),
    ] {
        let before = env.log().len();
        let args = [&["tickets", "--limit", "20"], args].concat();
        env.run(&args).ends(0);
        // Two settings, and the lists of two statuses, are asked for at once.
        let mut asked = asked(&env, before);
        asked.sort_by_key(|line| {
            (line.starts_with("GET tickets?"), line == "GET settings", line.contains("=On the"))
        });
        assert_eq!(asked, requests, "{args:?}");
    }
}

#[test]
fn an_assets_tickets_cost_a_request_each_and_that_is_said() {
    let env = TestEnv::new();
    let before = env.log().len();
    let ran = env.run(&["tickets", "--asset", "TILL-1", "--status", "all"]);
    assert!(ran.ends(0).stdout.contains("\n#32181"), "{ran}");
    let asked = asked(&env, before);
    let pages = asked.iter().filter(|one| one.starts_with("GET tickets/")).count();
    assert!(pages > 3, "{asked:?}");
    ran.says(&format!("assets are not in the list: {pages} tickets read"));
    let list = "GET tickets?customer_id=31204551&asset_name=TILL-1";
    assert!(asked.iter().any(|one| one == list), "{asked:?}");
    // It stops when there are enough, and says that there may be more.
    let till = ticket_id(32_170);
    let (status, _) = env.account().call(
        "PUT",
        &format!("/tickets/{till}"),
        Some(&json!({"asset_ids": [12_400_000]})),
    );
    assert_eq!(status, 200);
    let one = env.run(&["tickets", "--asset", "TILL-1", "--limit", "1"]);
    one.ends(0).says("showing the first 1; --all for the rest");
    env.run(&["tickets", "--asset", "TILL-99"]).ends(3).says("there is no asset \"TILL-99\"");
}

/// Tickets with a due date and a day of opening that nobody understands.
fn odd_dates(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    let (status, mut answer) = unfiltered(account, path, asked);
    for ticket in answer["tickets"].as_array_mut().into_iter().flatten() {
        match ticket["number"].as_i64() {
            Some(32_181) => ticket["due_date"] = json!("Friday noon"),
            Some(32_180) => ticket["created_at"] = json!("last week"),
            _ => {}
        }
    }
    (status, answer)
}

#[tokio::test]
async fn a_ticket_that_cannot_be_judged_is_left_out_and_named() {
    let env = TestEnv::new();
    let deaf = Deaf::of(env.account(), odd_dates).await;
    let run = |args: &[&str]| {
        let args = [&["tickets", "--all", "--json"], args].concat();
        env.run_with(&args, &[("SYNCRO_BASE_URL", &deaf.base())])
    };
    for (args, odd) in [
        (&["--overdue"][..], 32_181),
        (&["--since", "2026-03-01"], 32_180),
        (&["--until", "2026-03-20"], 32_180),
    ] {
        let ran = run(args);
        let said = format!("left out, because a value is unreadable: 1 ticket (#{odd})");
        ran.ends(0).says(&said);
        let found = numbers(&ran);
        assert!(!found.is_empty() && !found.contains(&odd), "{ran}");
    }
    // Another filter tells.
    let ran = run(&["--overdue", "--customer", "31204602"]);
    assert!(!ran.ends(0).stderr.contains("left out"), "{ran}");
    assert!(numbers(run(&[]).ends(0)).contains(&32_181));
    // Its page shows it as it came.
    let table = env.run_with(&["tickets"], &[("SYNCRO_BASE_URL", &deaf.base())]);
    assert!(table.ends(0).stdout.contains("  \"Friday noon\""), "{table}");
}

/// What is sorted, by the field that it is sorted by: the greatest first, or the least.
const SORTED: [(&str, &str, bool); 7] = [
    ("number", "number", true),
    ("created", "created_at", true),
    ("updated", "updated_at", true),
    ("due", "due_date", false),
    ("status", "status", false),
    ("customer", "customer_business_then_name", false),
    ("assignee", "user", false),
];

#[test]
fn a_list_is_sorted_as_a_whole_and_then_cut() {
    let env = TestEnv::new();
    not_late(&env);
    for (name, field, falls) in SORTED {
        let args = ["tickets", "--status", "all", "--sort", name, "--json"];
        let key = |one: &Value| match &one[field] {
            Value::Null => None,
            Value::Object(user) => Some(user["full_name"].to_string().to_lowercase()),
            value => Some(value.to_string().to_lowercase()),
        };
        let keys = |more: &[&str]| {
            let ran = env.run(&[&args, more].concat());
            let list = ran.ends(0).json().unwrap();
            list.as_array().unwrap().iter().map(key).collect::<Vec<_>>()
        };
        let all = keys(&["--all"]);
        let there: Vec<_> = all.iter().flatten().collect();
        assert!(there.len() > 10 && all[..there.len()].iter().all(Option::is_some), "{name}");
        let sorted = |one: &&String, next: &&String| if falls { one >= next } else { one <= next };
        assert!(there.is_sorted_by(sorted), "{name}: {there:?}");
        assert_eq!(keys(&["--limit", "3"]), all[..3], "{name}");
        let back = keys(&["--all", "--reverse"]);
        let back: Vec<_> = back.iter().flatten().collect();
        assert!(back.iter().rev().map(|one| **one == *there[0]).next() == Some(true), "{name}");
        assert!(back.is_sorted_by(|one, next| sorted(next, one)), "{name}");
    }
    let urgent = env.run(&["tickets", "--status", "all", "--sort", "priority", "--json"]);
    let first: Vec<String> = urgent.ends(0).json().unwrap().as_array().unwrap()[..7]
        .iter()
        .map(|one| at(one, "priority").to_owned())
        .collect();
    assert_eq!(first[0], "4 Urgent");
    assert_eq!(first[1..6], ["1 High", "1 High", "1 High", "1 High", "1 High"]);
    let total = env.run(&["tickets", "--status", "all", "--sort", "due", "--limit", "2"]);
    total.ends(0).says("showing 2 of 42; --all for the rest");
    env.run(&["tickets", "--sort", "colour"]).ends(2).says("assignee");
    env.run(&["tickets", "--reverse"]).ends(2).says("--sort");
    for none in ["", " , "] {
        env.run(&["tickets", "--status", none]).ends(2).says("--status names no status");
    }
    env.run(&["tickets", "--status", "new,zebra"]).ends(2).says("there is no status \"zebra\"");
}
