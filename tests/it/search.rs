//! `syncro search`: open and closed tickets, the best matches first, at the cost of one request.

use serde_json::{Value, json};

use crate::support::{Account, Asked, Deaf, Ran, Setup, TestEnv, unfiltered};

fn numbers(ran: &Ran) -> Vec<i64> {
    let Some(Value::Array(tickets)) = ran.json() else {
        return Vec::new();
    };
    let numbers = tickets.iter().map(|ticket| ticket["number"].as_i64());
    numbers.map(Option::unwrap).collect()
}

/// What is typed, and what must be found, in this order.
const SEARCHES: [(&[&str], &[i64]); 8] = [
    // The word itself before what only begins with it.
    (&["printer"], &[32_176, 32_169, 32_141, 32_149]),
    (&["PRINTER", "blank"], &[32_169]),
    (&["gift receipts"], &[32_181]),
    // The number, and nothing that has it by chance.
    (&["32141"], &[32_141]),
    (&["#32141"], &[32_141]),
    (&["quillfeather"], &[32_181, 32_170, 32_160, 32_151, 32_141]),
    // The words may stand in both.
    (&["quillfeather", "till"], &[32_181, 32_160]),
    (&["המדפסת"], &[32_155]),
];

#[tokio::test]
async fn the_best_matches_come_first_open_or_closed() {
    let env = TestEnv::new();
    let deaf = Deaf::of(env.account(), unfiltered).await;
    for (words, found) in SEARCHES {
        let args = [&["search", "--json"], words].concat();
        let ran = env.run(&args);
        assert_eq!(numbers(ran.ends(0)), found, "{words:?}");
        assert!(ran.stderr.is_empty(), "{ran}");
        // A server that knows no search finds everything.
        let same = env.run_with(&args, &[("SYNCRO_BASE_URL", &deaf.base())]);
        assert_eq!(same.ends(0).stdout, ran.stdout, "{words:?}");
    }
}

#[test]
fn rows_are_those_of_the_list() {
    let env = TestEnv::new();
    let ran = env.run(&["search", "printer", "--limit", "3"]);
    assert_eq!(
        ran.ends(0).stdout,
        "\
Number  Status  Customer             Subject                                Assignee         Priority  Created     Due
#32176  Closed  Mossgate Veterinary  Label printer on the second desk       Robin Ashgrove   2 Normal  2026-03-14  2026-03-17
#32169  New     Brindlewood Dental   Reception printer prints blank labels  unassigned       2 Normal  2026-03-13  2026-03-16
#32141  Closed  Quillfeather Books   Receipt printer prints twice           Mika Thornquist  3 Low     2026-02-21  2026-02-24
"
    );
    assert_eq!(ran.stderr, "showing 3 of 4; --all for the rest\n");
    let log: Vec<String> = env.log().iter().map(|line| line.asked()).collect();
    assert_eq!(log, ["GET tickets?query=printer"]);
    let all = env.run(&["search", "printer", "--all"]);
    assert_eq!(all.ends(0).stdout.lines().count(), 1 + 4);
    assert!(all.stderr.is_empty(), "{all}");
}

#[test]
fn a_number_is_looked_up_beside_the_search() {
    let env = TestEnv::with(&["tickets@*=slow:300", "find@*=slow:300"]);
    let ran = env.run(&["search", "32160", "--json"]);
    assert_eq!(numbers(ran.ends(0)), [32_160]);
    let log = env.log();
    let mut asked: Vec<String> = log.iter().map(|line| line.asked()).collect();
    asked.sort();
    assert_eq!(asked, ["GET tickets?number=32160", "GET tickets?query=32160"]);
    assert!(log[1].started_us < log[0].ended_us, "one after the other: {log:?}");
}

/// A search that knows numbers and subjects, and no customers.
fn subjects_only(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    if path == "/tickets" && asked.contains_key("query") {
        return (200, json!({"tickets": [], "meta": {"page": 1, "total_pages": 1}}));
    }
    let query: Vec<String> = asked
        .iter()
        .filter(|(name, _)| *name != "api_key")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    account.call("GET", &format!("{path}?{}", query.join("&")), None)
}

#[tokio::test]
async fn customers_are_looked_for_where_the_search_does_not_know_them() {
    let env = TestEnv::new();
    let narrow = Deaf::of(env.account(), subjects_only).await;
    let base = narrow.base();
    let pairs = [("SYNCRO_BASE_URL", base.as_str())];
    let ran = env.run_with(&["search", "copperkettle", "--json"], &pairs);
    let same = env.run(&["search", "copperkettle", "--json"]);
    assert!(numbers(&same).len() > 1);
    assert_eq!(numbers(ran.ends(0)), numbers(same.ends(0)));
    let ran = env.run_with(&["search", "zebra"], &pairs);
    assert_eq!((ran.ends(0).stdout.as_str(), ran.stderr.as_str()), ("", "no matching tickets\n"));
}

#[test]
fn only_so_many_are_looked_through_and_that_is_said() {
    let env = TestEnv::of(Setup { list_page: 2, ..Setup::default() });
    // The sandbox has fewer than are looked through, so all is read.
    let ran = env.run(&["search", "e", "--limit", "3"]);
    let total = numbers(env.run(&["search", "e", "--all", "--json"]).ends(0)).len();
    assert!(total > 10);
    assert_eq!(ran.ends(0).stderr, format!("showing 3 of {total}; --all for the rest\n"));
}

#[test]
fn nothing_found_is_no_failure_and_nothing_searched_for_is() {
    let env = TestEnv::new();
    let ran = env.run(&["search", "zebra", "crossing"]);
    assert_eq!((ran.ends(0).stdout.as_str(), ran.stderr.as_str()), ("", "no matching tickets\n"));
    let ran = env.run(&["search", "99999", "--json"]);
    assert_eq!(ran.ends(0).json(), Some(json!([])));
    let before = env.log().len();
    for args in [&["search"][..], &["search", "  "], &["search", "x", "--limit", "0"]] {
        let ran = env.run(args);
        assert!(ran.ends(2).stdout.is_empty(), "{ran}");
    }
    assert_eq!(env.log().len(), before);
}
