//! Lists that a server gives in part, without its filters, or too large: what is shown, what is said, and what it costs.

#[cfg(target_os = "linux")]
mod hostile;
#[cfg(target_os = "linux")]
mod side_by_side;

use serde_json::{Value, json};

use crate::support::{Account, Asked, Deaf, TestEnv, ticket_id};

/// Every list that has pages.
const LISTS: [&[&str]; 9] = [
    &["tickets", "--status", "all", "--all"],
    &["customers", "--all"],
    &["invoice", "list", "--all"],
    &["payment", "list", "--all"],
    &["contact", "list", "--all"],
    &["asset", "list", "--all"],
    &["product", "list", "--all"],
    &["api", "GET", "tickets", "--paginate"],
    &["api", "GET", "ticket_timers", "--paginate"],
];

/// The one list of an answer.
fn rows(answer: &mut Value) -> &mut Vec<Value> {
    let members = answer.as_object_mut().unwrap().values_mut();
    members.filter_map(Value::as_array_mut).next().unwrap()
}

/// Four pages of as many records, as `meta` counts them; `page` is made of the first one.
fn four_pages(
    account: &Account,
    path: &str,
    asked: &Asked,
    page: impl Fn(&mut Vec<Value>, i64),
) -> (u16, Value) {
    let mut answer = account.get(path);
    if answer.as_object().is_none_or(|answer| !answer.contains_key("meta")) {
        return (200, answer);
    }
    let number = asked.get("page").map_or(1, |page| page.parse().unwrap());
    let all = rows(&mut answer).len() * 4;
    page(rows(&mut answer), number);
    answer["meta"] = json!({"total_pages": 4, "page": number, "total_entries": all});
    (200, answer)
}

fn without_the_third(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    four_pages(account, path, asked, |rows, page| match page {
        3 => rows.clear(),
        _ => rows.iter_mut().for_each(|row| {
            row["id"] = json!(row["id"].as_i64().unwrap() + (page - 1) * 1_000_000_000);
        }),
    })
}

fn the_first_for_ever(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    four_pages(account, path, asked, |_, _| {})
}

#[tokio::test]
async fn rows_that_the_server_counts_and_does_not_give_are_missed() {
    let env = TestEnv::new();
    for (instead, came) in [(without_the_third as fn(&_, &_, &_) -> _, 3), (the_first_for_ever, 1)]
    {
        let deaf = Deaf::of(env.account(), instead).await;
        for list in LISTS {
            let args = [list, if list[0] == "api" { &[][..] } else { &["--json"] }].concat();
            let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &deaf.base())]);
            let rows = ran.ends(0).json().unwrap().as_array().unwrap().len();
            assert!(rows > 0 && rows.is_multiple_of(came), "{ran}");
            let counted = rows / came * 4;
            ran.says(&format!("the server returned {rows} of {counted} records"));
            assert_eq!(ran.stderr.matches("warning").count(), 1, "{ran}");
            assert!(!ran.stderr.contains("for the rest"), "{ran}");
        }
    }
}

#[test]
fn where_only_pages_are_counted_one_without_rows_is_missed() {
    for fault in ["tickets@2=lost-rows", "tickets@2=same-page", "tickets@1=lost-rows"] {
        let env = TestEnv::with(&[fault]);
        let ran = env.run(&["tickets", "--status", "all", "--all", "--json"]);
        ran.ends(0).says("the server reports more pages than it returns");
        let rows = ran.json().unwrap().as_array().unwrap().len();
        assert!((1..42).contains(&rows), "{ran}");
    }
}

#[test]
fn the_ticket_page_says_so_too() {
    let env = TestEnv::with(&["comments@2+=lost-rows", "all-comments@2=lost-rows"]);
    let show = || env.run(&["ticket", "32174", "--all-comments"]);
    let whole = show();
    assert_eq!(whole.ends(0).stderr, "", "one page has them all");
    let other = show();
    assert_eq!(other.ends(0).stderr, "", "the list of all tickets' comments has them");
    assert_eq!(other.stdout, whole.stdout);
    show().ends(0).says("the server returned 0 of 37 records");
}

/// A list that is not complete shows no absence: what was sent once is not called missing, and not sent again.
#[test]
fn an_incomplete_look_is_no_absence() {
    for fault in ["comments@2+=lost-rows", "comments@2+=same-page"] {
        let env = TestEnv::with(&["comment=close-before", fault]);
        let args = ["comment", "32181", "Parts are here", "--yes", "--json"];
        let ran = env.run(&args);
        if fault.ends_with("same-page") {
            // One page is all of it.
            ran.ends(6).says("it was not found");
            continue;
        }
        ran.ends(6).says("more pages than it returns");
        assert_eq!(ran.json().unwrap()["outcome"], "unconfirmed", "{ran}");
        assert_eq!(env.writes().len(), 1);
        let id = ticket_id(32_181);
        assert_eq!(env.account().get(&format!("/tickets/{id}"))["ticket"]["id"], id);
    }
}

/// A ticket of as many comments as its page says, the newest first, a hundred a page.
fn talked_over<const COMMENTS: u64>(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    if !path.ends_with("/comments") {
        let query = asked.iter().map(|(name, value)| format!("{name}={value}"));
        let query = query.collect::<Vec<_>>().join("&");
        return account.call("GET", &format!("{path}?{query}"), None);
    }
    let page: u64 = asked.get("page").map_or(1, |page| page.parse().unwrap());
    let per: u64 = asked["per_page"].parse().unwrap();
    let first = (page - 1) * per;
    let comments: Vec<Value> = (first..COMMENTS.min(first + per))
        .map(|back| {
            let body = format!("Comment {} of many", COMMENTS - back);
            json!({"id": COMMENTS - back, "tech": "Robin", "body": body})
        })
        .collect();
    let meta =
        json!({"total_pages": COMMENTS.div_ceil(per), "page": page, "total_entries": COMMENTS});
    (200, json!({"comments": comments, "meta": meta}))
}

#[tokio::test]
async fn five_comments_of_a_hundred_thousand_cost_no_more_requests_than_five_of_five() {
    let env = TestEnv::new();
    let few = Deaf::of(env.account(), talked_over::<5>).await;
    let many = Deaf::of(env.account(), talked_over::<100_000>).await;
    let mut costs = Vec::new();
    for (server, heading, more) in [
        (&few, "Comments (5, oldest first)", None),
        (&many, "Comments (100000, oldest first)", Some("  99995 earlier; --all-comments")),
    ] {
        let before = server.answered().await;
        let ran = env.run_with(&["ticket", "32181"], &[("SYNCRO_BASE_URL", &server.base())]);
        ran.ends(0);
        costs.push(server.answered().await - before);
        assert!(ran.stdout.contains(heading), "{ran}");
        assert_eq!(ran.stdout.lines().find(|line| line.contains("--all-comments")), more, "{ran}");
        assert_eq!(ran.stdout.matches(" of many").count(), 5, "{ran}");
    }
    assert_eq!(costs[0], costs[1]);
}

#[tokio::test]
async fn all_comments_are_read_where_they_are_asked_for() {
    let env = TestEnv::new();
    let server = Deaf::of(env.account(), talked_over::<1000>).await;
    let base = server.base();
    let all = env.run_with(&["ticket", "32181", "--all-comments"], &[("SYNCRO_BASE_URL", &base)]);
    assert_eq!(all.ends(0).stdout.matches(" of many").count(), 1000);
    let json = env.run_with(&["ticket", "32181", "--json"], &[("SYNCRO_BASE_URL", &base)]);
    let json = json.ends(0).json().unwrap();
    assert_eq!(json["comments"].as_array().unwrap().len(), 1000);
}

/// The newest are shown where the server does not sort.
#[tokio::test]
async fn the_newest_comments_are_shown_whatever_the_server_sorts_by() {
    let env = TestEnv::new();
    let usual = env.run(&["ticket", "32174"]);
    let deaf = Deaf::of(env.account(), crate::support::unfiltered).await;
    let same = env.run_with(&["ticket", "32174"], &[("SYNCRO_BASE_URL", &deaf.base())]);
    // The page names its own address.
    assert_eq!(same.ends(0).page(), usual.ends(0).page());
}

/// Thirty megabytes may take ten times the largest body that is read, whatever they hold.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn memory_is_bounded_whatever_an_answer_holds() {
    const BODY: usize = 30 << 20;
    const MOST: u64 = 10 * (32 << 10);
    let repeated = |part: &str, size: usize| part.repeat(size / part.len());
    let numbered = |part: fn(usize) -> String, count: usize| {
        let parts: Vec<String> = (1..=count).map(part).collect();
        parts.join(",")
    };
    let wrapped = |rows: &str| format!("{{\"tickets\":[{rows}]}}");
    let shapes = [
        ("numbers", wrapped(&format!("{}0", repeated("0,", BODY))), 8),
        ("few numbers", wrapped(&format!("{}0", repeated("0,", 520_000))), 8),
        ("empty objects", wrapped(&format!("{}{{}}", repeated("{},", BODY))), 8),
        ("small objects", wrapped(&format!("{}{{}}", repeated("{\"a\":0},", 2_300_000))), 8),
        ("depth", wrapped(&repeated("[", BODY)), 8),
        ("members", wrapped(&format!("{{{}}}", numbered(|n| format!("\"k{n}\":0"), 2_500_000))), 8),
        (
            "some members",
            wrapped(&format!("{{{}}}", numbered(|n| format!("\"k{n}\":0"), 520_000))),
            8,
        ),
        (
            "a long subject",
            wrapped(&format!(
                "{{\"id\":1,\"number\":1,\"subject\":\"{}\"}}",
                repeated("long ", BODY)
            )),
            0,
        ),
        (
            "long subjects",
            wrapped(&numbered(
                |n| {
                    format!(
                        "{{\"id\":{n},\"number\":{n},\"subject\":\"{}\"}}",
                        "long ".repeat(60_000)
                    )
                },
                100,
            )),
            0,
        ),
        ("tickets", wrapped(&numbered(|n| format!("{{\"id\":{n},\"number\":{n}}}"), 87_000)), 0),
    ];
    let env = TestEnv::of(crate::support::Setup { timeout: "60", ..Default::default() });
    for (name, body, code) in shapes {
        assert!(body.len() <= 32 << 20, "{name}: {}", body.len());
        let server = wiremock::MockServer::start().await;
        let answer = wiremock::ResponseTemplate::new(200).set_body_raw(body, "application/json");
        wiremock::Mock::given(wiremock::matchers::any()).respond_with(answer).mount(&server).await;
        for args in [
            &["tickets", "--status", "all", "--all", "--json"][..],
            &["tickets", "--status", "all"],
        ] {
            let mut command = env.command();
            command.args(args).env("SYNCRO_BASE_URL", format!("{}/api/v1", server.uri()));
            let (ran, most) = crate::support::Running::start(command).wait_measured();
            let said = &ran.stderr[..ran.stderr.len().min(300)];
            assert_eq!(ran.code, code, "{name}, {args:?}: {said}");
            assert!(most <= MOST, "{name}, {args:?}: {} MiB", most >> 10);
        }
    }
}

/// Reads of one ticket.
const OF_TICKET: [&[&str]; 5] = [
    &["ticket", "32181"],
    &["line", "list", "32181"],
    &["timer", "list", "32181"],
    &["invoice", "list", "--ticket", "32181"],
    &["appointment", "list", "--ticket", "32181", "--date", "2020-01-01..2030-01-01"],
];

/// Has the number's id remembered as that of another ticket.
fn misremember(env: &TestEnv, number: i64, other: i64) -> std::path::PathBuf {
    env.run(&["ticket", &number.to_string()]).ends(0);
    let mut files = crate::support::files(&env.state_dir()).into_iter();
    let named = |file: &std::path::PathBuf| {
        file.file_name().unwrap().to_str().unwrap().starts_with("tickets-")
    };
    let file = files.find(named).unwrap();
    let mut kept: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    kept["tickets"][number.to_string()][0] = json!(ticket_id(other));
    std::fs::write(&file, kept.to_string()).unwrap();
    file
}

#[test]
fn a_remembered_id_that_is_another_tickets_is_looked_up_and_forgotten() {
    let env = TestEnv::new();
    for args in OF_TICKET {
        let right = env.run(args);
        let file = misremember(&env, 32_181, 32_174);
        let ran = env.run(args);
        assert_eq!(
            (ran.code, &ran.stdout, &ran.stderr),
            (0, &right.stdout, &right.stderr),
            "{args:?}"
        );
        let kept: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        assert_eq!(kept["tickets"]["32181"][0], ticket_id(32_181), "{args:?}");
    }
}

/// Another ticket under the id of #32181, whose number it has not.
fn renumbered(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    let query = asked.iter().map(|(name, value)| format!("{name}={value}"));
    let query = query.collect::<Vec<_>>().join("&");
    let (status, mut answer) = account.call("GET", &format!("{path}?{query}"), None);
    if path == format!("/tickets/{}", ticket_id(32_181)) {
        answer["ticket"]["number"] = json!(32_174);
    }
    (status, answer)
}

#[tokio::test]
async fn a_ticket_of_another_number_is_never_shown() {
    let env = TestEnv::new();
    misremember(&env, 32_181, 32_181);
    let deaf = Deaf::of(env.account(), renumbered).await;
    let writes: [&[&str]; 2] =
        [&["comment", "32181", "Hello", "--yes"], &["update", "32181", "New", "--yes"]];
    // The last two are asked for by an id that was just looked up.
    for args in OF_TICKET[..3].iter().chain(&writes) {
        let ran = env.run_with(args, &[("SYNCRO_BASE_URL", &deaf.base())]);
        ran.ends(8).says("the answer is ticket #32174");
        assert_eq!(ran.stdout, "", "{args:?}");
    }
}

#[test]
fn a_record_with_another_id_than_was_asked_for_is_never_shown() {
    let env = TestEnv::new();
    let invoice = env.account().get("/invoices")["invoices"][0]["number"].clone();
    let invoice = invoice.as_str().unwrap();
    let payment = env.account().get("/payments")["payments"][0]["id"].to_string();
    let visit =
        env.account().get("/appointments")["appointments"][0]["appointment"]["id"].to_string();
    let cases: [(&str, &[&str]); 9] = [
        ("ticket", &["ticket", "32181"]),
        ("ticket", &["ticket", "id:108443837"]),
        ("ticket", &["line", "list", "32181"]),
        ("customer", &["customer", "show", "31204551"]),
        ("invoice", &["invoice", "show", invoice]),
        ("payment", &["payment", "show", &payment]),
        ("product", &["product", "show", "17340021"]),
        ("asset", &["asset", "show", "12400000"]),
        ("appointment", &["appointment", "show", &visit]),
    ];
    for (read, args) in cases {
        let env = TestEnv::with(&[&format!("{read}@*=wrong-id")]);
        let ran = env.run(args);
        ran.ends(8).says("the answer is for a different record");
        assert_eq!(ran.stdout, "", "{args:?}");
    }
}

/// Lists with every filter that they have, and beside each the list of which it shows a part.
const FILTERED: [(&[&str], &[&str]); 20] = [
    (&["customers", "brindlewood"], &["customers", "--all"]),
    (&["search", "printer"], LISTS[0]),
    (&["contact", "list", "--customer", "31204551"], LISTS[4]),
    (&["asset", "list", "--customer", "31204551"], LISTS[5]),
    (&["asset", "list", "till"], LISTS[5]),
    (&["product", "list", "remote"], LISTS[6]),
    (&["invoice", "list", "--all", "--customer", "31204602"], LISTS[2]),
    (&["invoice", "list", "--all", "--ticket", "32176"], LISTS[2]),
    (&["invoice", "list", "--all", "--unpaid"], LISTS[2]),
    (&["invoice", "list", "--all", "--paid", "--since", "2026-03-01"], LISTS[2]),
    (&["invoice", "list", "--all", "--overdue"], LISTS[2]),
    (&["invoice", "list", "--all", "--since", "2026-01-01", "--until", "2026-02-28"], LISTS[2]),
    (&["payment", "list", "--all", "--customer", "31204551"], LISTS[3]),
    (&["payment", "list", "--all", "--until", "2025-12-31"], LISTS[3]),
    (&["payment", "list", "--all", "--since", "2026-01-01"], LISTS[3]),
    (&["tickets", "--all", "--asset", "TILL-1"], LISTS[0]),
    (&["appointment", "list", "--date", "2026-03-16..2026-03-18"], VISITS),
    (
        &["appointment", "list", "--date", "2026-03-01..2026-03-31", "--customer", "31204602"],
        VISITS,
    ),
    (&["timer", "list", "--mine"], &["timer", "list"]),
    (&["timer", "list", "32168"], &["timer", "list"]),
];

const VISITS: &[&str] = &["appointment", "list", "--date", "2026-03-01..2026-03-31"];

#[tokio::test]
async fn every_filter_is_repeated_here() {
    let env = TestEnv::new();
    let deaf = Deaf::of(env.account(), crate::support::unfiltered).await;
    let same = |args: &[&str]| {
        let args = [args, &["--json"]].concat();
        let usual = env.run(&args);
        let same = env.run_with(&args, &[("SYNCRO_BASE_URL", &deaf.base())]);
        assert_eq!(same.ends(0).stdout, usual.ends(0).stdout, "{args:?}");
        usual.json().unwrap()
    };
    for (args, whole) in FILTERED {
        let shown = same(args).as_array().unwrap().len();
        let all = env.run(&[whole, &["--json"]].concat()).json().unwrap();
        // One that matches nothing, or all there is, would prove nothing.
        let all = all.as_array().unwrap().len();
        assert!((1..all).contains(&shown), "{args:?}: {shown} of {all}");
    }
    same(&["customer", "show", "31204551"]);
}

/// What was sent is found again, and nothing else taken for it, where looks are answered with everybody's records.
#[test]
fn looks_repeat_their_filters() {
    let cases: [(&str, &[&str]); 5] = [
        ("comment", &["comment", "32181", "Parts are here"]),
        ("ticket-create", &["create", "id:31204551", "Receipts", "--description", "Blank"]),
        ("contact-create", &["contact", "create", "31204551", "Ada"]),
        (
            "timer-add",
            &[
                "timer",
                "add",
                "32181",
                "--minutes",
                "30",
                "--start",
                "2026-03-17T08:00",
                "--notes",
                "Spool",
            ],
        ),
        ("appointment-create", &["appointment", "add", "32181", "--start", "2027-03-18T09:00"]),
    ];
    for (write, args) in cases {
        let env = TestEnv::with(&[&format!("{write}=close-after"), "read@*=unfiltered"]);
        let args = [args, &["--yes", "--json"]].concat();
        let ran = env.run(&args);
        let outcome = ran.json().unwrap_or_default()["writes"][0]["outcome"].take();
        assert_eq!((ran.code, outcome), (0, json!("adopted")), "{ran}");
    }
}
