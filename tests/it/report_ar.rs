//! `syncro report ar`: what is owed on the practice account, what is left out and never guessed, and which pages it takes.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

const AR: [&str; 2] = ["report", "ar"];

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&AR[..], more].concat())
}

fn report(env: &TestEnv, more: &[&str]) -> Value {
    run(env, &[more, &["--json"]].concat()).ends(0).json().unwrap()
}

/// What customers owe, by the members that are named.
fn rows(report: &Value, members: [&str; 3]) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| Value::from(members.map(|name| row[name].clone()).to_vec())).collect()
}

fn asked(env: &TestEnv, start: &str) -> usize {
    let is_it = |path: &str| path.trim_start_matches("/api/v1").starts_with(start);
    env.log().iter().filter(|line| line.method == "GET" && is_it(&line.path)).count()
}

/// The payment of 66930 counts, the failed one of 66902 does not; of the one that is for 66706 and 66707, their own pages
/// tell the parts. 66944 gives money back, 66702 and 67411 come to nothing, 66708 has no due date.
#[test]
fn what_is_owed_on_the_practice_account() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["--json"]);
    let ar = ran.ends(0).says("this report needs at most 2 requests").json().unwrap();
    let members: Vec<&str> = ar.as_object().unwrap().keys().map(String::as_str).collect();
    let right = ["report", "as_of", "source", "complete", "filters", "rows", "totals", "left_out"];
    assert_eq!(members, right);
    let right = [
        json!([31_205_462, "462.50", ["66909", "66916"]]),
        json!([31_204_713, "390.00", ["66701", "66703", "66704", "66958"]]),
        json!([31_205_496, "351.03", ["66937"]]),
        json!([31_204_731, "262.50", ["66951"]]),
        json!([31_204_618, "225.00", ["66902"]]),
        json!([31_204_655, "187.50", ["66923", "66705"]]),
        json!([31_204_690, "150.00", ["66706", "66707"]]),
        json!([31_204_551, "137.50", ["66930"]]),
        json!([31_204_640, "95.00", ["66708"]]),
        json!([31_204_671, "90.00", ["67409"]]),
        json!([31_204_602, "87.50", ["66965"]]),
    ];
    assert_eq!(rows(&ar, ["customer_id", "open", "invoices"]), right);
    let totals = &ar["totals"];
    assert_eq!((&totals["open"], &totals["credits"]), (&json!("2438.53"), &json!("105.99")));
    assert_eq!(totals["at_least"], json!([]));
    let not_due = json!([{"why": "no due date: counted as current", "count": 1}]);
    assert_eq!((&ar["left_out"], &ar["complete"]), (&not_due, &json!(false)));
    let paid = |id: u64| {
        let all = rows(&ar, ["customer_id", "last_payment", "customer"]);
        all.into_iter().find(|row| row[0] == id).unwrap()[1].clone()
    };
    assert_eq!((paid(31_204_551), paid(31_204_602)), (json!("2026-01-09"), Value::Null));
    // Both pages are read, and no other; each list once.
    assert_eq!(asked(&env, "/invoices/16521900"), 2);
    assert_eq!(
        (asked(&env, "/invoices/"), asked(&env, "/invoices"), asked(&env, "/payments")),
        (2, 3, 1)
    );
    assert!(env.writes().is_empty());

    let singly = report(&env, &["--invoices"]);
    assert_eq!((singly["rows"].as_array().unwrap().len(), &singly["totals"]), (17, totals));
    let of = rows(&singly, ["invoice", "total", "open"]);
    for right in [
        json!(["66902", "225.00", "225.00"]),
        json!(["66930", "187.50", "137.50"]),
        json!(["66706", "200.00", "80.00"]),
        json!(["66707", "100.00", "70.00"]),
    ] {
        assert!(of.contains(&right), "{right} {of:?}");
    }
    assert_eq!(of.first().unwrap()[0], "66902", "the oldest first");
    assert_eq!(of.last().unwrap()[0], "66708", "what is never due last");
}

#[test]
fn a_customer_may_be_named_and_a_credit_is_nobodys_debt() {
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        env.account().write("PUT", "/customers/31204551", &json!({"disabled": true}));
    });
    let ran = run(&env, &["--customer", "31204551", "--check", "--json"]);
    let ar = ran.ends(11).says("the report found something: 1 customer").json().unwrap();
    let right = json!(["Quillfeather Books", 31_204_551, "syncro invoice email 66930"]);
    assert_eq!(rows(&ar, ["customer", "customer_id", "mend"]), [right]);
    assert_eq!(ar["filters"], json!({"customer_id": 31_204_551}));
    run(&env, &["--invoices", "--check"])
        .ends(11)
        .says("the report found something: 10 invoices\n");
    // What is proposed can be typed.
    env.run(&["invoice", "email", "66909", "--dry-run"]).ends(0);
    run(&env, &["--invoices", "--customer", "31205462"]).ends(0);
    // Only a credit: nothing is owed, and that is said.
    let ran = run(&env, &["--customer", "31205530", "--check"]);
    ran.ends(0).says("no customer owes anything");
    let ar = report(&env, &["--customer", "31205530"]);
    assert_eq!((&ar["rows"], &ar["totals"]["credits"]), (&json!([]), &json!("105.99")));
    assert_eq!((&ar["totals"]["open"], &ar["complete"]), (&json!("0.00"), &json!(true)));
    // Nothing is read for what no row has.
    let before = env.log().len();
    run(&env, &["--columns", "invoice"]).ends(2).says("no customer has invoice");
    run(&env, &["--invoices", "--columns", "over_90"]).ends(2).says("no invoice has over_90");
    assert_eq!(env.log().len(), before);
}

/// Where one list tells nothing, the pages do; what no page tells is left out, and no all-clear is given.
#[tokio::test]
async fn what_could_not_be_read_is_left_out_and_not_guessed() {
    let slipped = |fault: &str| {
        TestEnv::of(Setup { slipped: true, faults: vec![fault.to_owned()], ..Setup::default() })
    };
    let whole = report(&TestEnv::slipped(), &[]);
    let sums = |ar: &Value| ar["totals"]["open"].as_str().unwrap().to_owned();
    let unread = |why: &str, count: usize| json!({"why": why, "count": count});
    let payments = "the payments could not all be read";
    let page = "an invoice's page could not be read";
    let not_due = unread("no due date: counted as current", 1);
    // Payments that nobody may read: each invoice's page says what is open.
    let env = slipped("payments@*=403");
    let ran = run(&env, &["--json"]);
    let ar = ran.ends(0).says("at most 2 requests").json().unwrap();
    assert_eq!(ar["totals"], whole["totals"]);
    assert_eq!(ar["left_out"], json!([not_due, unread(payments, 11)]));
    assert!(ar["rows"].as_array().unwrap().iter().all(|row| row["last_payment"].is_null()));
    // All but the two that come to nothing.
    assert_eq!(asked(&env, "/invoices/"), 18);
    // Pages that are gone lose what rests on them.
    let ar = report(&slipped("invoice@*=404"), &[]);
    assert_eq!((sums(&ar), &ar["complete"]), ("2288.53".to_owned(), &json!(false)));
    assert_eq!(ar["left_out"], json!([unread(page, 2), not_due]));
    assert_eq!(ar["totals"]["at_least"].as_array().unwrap().len(), 6);
    assert!(ar["rows"].as_array().unwrap().iter().all(|row| row["customer_id"] != 31_204_690));
    // A key that is not known is no gap.
    run(&slipped("payments@*=401"), &[]).ends(4);
    run(&slipped("invoice@*=401"), &[]).ends(4);
    run(&slipped("invoices@*=403"), &[]).ends(4);

    let env = TestEnv::slipped();
    let mut short = env.account().get("/invoices?unpaid=true");
    short["meta"]["total_entries"] = json!(900);
    let mut unclear = env.account().get("/invoices?unpaid=true");
    unclear["meta"]["total_pages"] = json!(1);
    for one in unclear["invoices"].as_array_mut().unwrap() {
        (one["customer_id"], one["total"]) = (json!(31_204_748), json!("12,5"));
    }
    for (answer, why, count) in [
        (short, "the list of unpaid invoices is incomplete", 1),
        (unclear, "what is open on an invoice is not clear", 20),
    ] {
        let server = Altered::telling(env.account(), |_, what, answer| {
            if what.starts_with("GET /invoices/") {
                answer["invoice"]["total"] = json!("12,5");
            }
        })
        .await;
        server.answering(("GET", "/invoices"), 200, &answer).await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let args = [&AR[..], &["--customer", "31204748", "--check"]].concat();
        let ran = env.run_with(&args, &there);
        ran.ends(8).says("the report is incomplete");
        assert!(!ran.stderr.contains("no customer owes"), "{ran}");
        let ar = env.run_with(&[&args[..4], &["--json"]].concat(), &there).json().unwrap();
        assert_eq!((&ar["rows"], &ar["left_out"]), (&json!([]), &json!([unread(why, count)])));
        assert_eq!(ar["totals"]["at_least"].as_array().unwrap().len(), 6);
    }
}

/// More than a minute's worth of requests are asked about, and again where the pages turn out to be more.
#[tokio::test]
async fn many_requests_are_asked_about_before_they_are_made() {
    let env = TestEnv::new();
    let mut payments = env.account().get("/payments");
    payments["meta"]["total_pages"] = json!(200);
    let server = Altered::of(env.account(), |_, _| ()).await;
    server.answering(("GET", "/payments"), 200, &payments).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ran = env.run_with(&AR, &there);
    ran.ends(2).says("this report needs at most 202 requests").says("use --yes");
    assert_eq!((server.asked("GET /payments").await, ran.stdout.as_str()), (1, ""));

    let mut many = env.account().get("/invoices?unpaid=true");
    let one = many["invoices"][0].clone();
    let numbered = |id: u64| {
        let mut one = one.clone();
        (one["id"], one["number"], one["total"]) =
            (json!(id), json!(id.to_string()), json!("50.0"));
        one
    };
    many["invoices"] = (1..=190).map(numbered).collect();
    many["meta"] = json!({"total_pages": 1, "page": 1, "total_entries": 190});
    let server = Altered::of(env.account(), |_, _| ()).await;
    server.answering(("GET", "/invoices"), 200, &many).await;
    server.answering(("GET", "/payments"), 403, &json!({"error": "Not allowed"})).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ran = env.run_with(&AR, &there);
    ran.ends(2)
        .says("needs at most 193 requests, more than the 3 that were expected")
        .says("--yes");
    let ran = env.run_with(&[&AR[..], &["--yes", "--json"]].concat(), &there);
    let ar = ran.ends(0).json().unwrap();
    assert_eq!(
        ar["left_out"][0],
        json!({"why": "an invoice's page could not be read", "count": 190})
    );
}

/// Each row ends with its command, at any width; where there is room, a bar shows how late it is, and no script sees that.
#[cfg(unix)]
#[test]
fn each_row_ends_with_its_command() {
    let env = TestEnv::slipped();
    let is_bar = |letter: char| ('\u{2588}'..='\u{2593}').contains(&letter);
    for more in [&[][..], &["--invoices"]] {
        let ar = report(&env, more);
        let rows = ar["rows"].as_array().unwrap();
        let mends: Vec<&str> = rows.iter().map(|row| row["mend"].as_str().unwrap()).collect();
        for width in [50, 80, 120, 200] {
            let args = [&AR[..], more, &["--no-pager"]].concat();
            let (code, shown) = env.terminal_of(width, &args).end();
            assert_eq!(code, 0, "{shown}");
            let lines = shown.lines().map(str::trim_end);
            let ends = mends.iter().filter(|mend| lines.clone().any(|line| line.ends_with(**mend)));
            assert_eq!(ends.count(), mends.len(), "{width}: {shown}");
            let bars = shown.lines().filter(|line| line.contains(is_bar)).count();
            let right = if width == 200 && more.is_empty() { rows.len() } else { 0 };
            assert!(bars == right || width == 120, "{width}: {shown}");
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(shown.contains(": $2,438.53 open: $"), "{width}: {shown}");
            assert!(shown.contains("; not counted: $105.99 in credits"), "{width}: {shown}");
        }
        // A command that is wider than the terminal goes on below, as a shell reads it.
        let args = [&AR[..], more, &["--no-pager"]].concat();
        let (_, shown) = env.terminal_of(36, &args).end();
        let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
        let whole = lines.join("\n").replace(" \\\n  ", " ");
        for mend in &mends {
            assert!(whole.contains(&format!("\n  {mend}\n")), "{mend}: {shown}");
        }
        for form in ["--csv", "--tsv", "--quiet"] {
            let ran = run(&env, &[more, &[form]].concat());
            assert!(!ran.ends(0).stdout.contains(is_bar), "{ran}");
        }
    }
}
