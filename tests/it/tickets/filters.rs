//! Every filter, and which of them the server is asked for.

use super::*;

const WISHES: [Wish; 17] = [
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
];

#[tokio::test]
async fn every_filter_holds_even_where_the_server_ignores_it() {
    let env = TestEnv::new();
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
        assert!(!meant.is_empty(), "{wish:?} tests nothing");
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
    ] {
        let before = env.log().len();
        let args = [&["tickets", "--limit", "20"], args].concat();
        env.run(&args).ends(0);
        assert_eq!(asked(&env, before), requests, "{args:?}");
    }
}
