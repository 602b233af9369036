//! The requests of reports: their number is said before they are made, nothing is asked for twice, and a page of somebody
//! between is no account without a list.

use serde_json::{Value, json};

use crate::options::leaves;
use crate::support::{Altered, Ran, Setup, TestEnv};

/// The reports as they are typed where they find most: the practice account is of March 2026.
const FOUND: [&str; 8] = [
    "report drift --since 2026-01-01",
    "report uninvoiced --since 2026-01-01",
    "report uninvoiced --since 2026-01-01 --customer Harrow",
    "report time --since 2026-03-10 --until 2026-03-17",
    "report time --since 2026-03-10 --until 2026-03-17 --by ticket",
    "report close --month 2026-03",
    "report ar --invoices --customer Quillfeather",
    "unbilled --since 2026-01-01",
];

/// All reports, bare and with what [`FOUND`] adds.
fn reports() -> Vec<Vec<String>> {
    let shown = ["today", "unbilled"];
    let leaves = leaves().into_iter().map(|leaf| leaf.typed);
    let bare = leaves.filter(|typed| typed[0] == "report" || shown.contains(&&*typed[0]));
    let found = FOUND.map(|typed| typed.split(' ').map(str::to_owned).collect());
    let all: Vec<Vec<String>> = bare.chain(found).collect();
    assert!(all.len() > 20, "{all:?}");
    all
}

/// The last number of requests that was said.
fn said(ran: &Ran) -> usize {
    let said = ran.stderr.rsplit_once("this report needs at most ").map(|(_, rest)| rest);
    let said = said.and_then(|rest| rest.split(' ').next()?.parse().ok());
    said.unwrap_or_default()
}

#[test]
fn no_more_requests_are_made_than_were_said_and_none_twice() {
    let mut wrong = String::new();
    for (list_page, knows_account) in [(100, true), (7, true), (100, false)] {
        let setup = Setup { slipped: true, list_page, knows_account, ..Setup::default() };
        let env = TestEnv::of(setup.clone());
        for typed in reports() {
            // The first command of a day also reads what the account calls things.
            let first = (!knows_account).then(|| TestEnv::of(setup.clone()));
            let env = first.as_ref().unwrap_or(&env);
            let before = env.log().len();
            let words: Vec<&str> = typed.iter().map(String::as_str).collect();
            let ran = env.run(&[&words[..], &["--yes"]].concat());
            ran.ends(0);
            let log = env.log();
            let mut asked: Vec<String> = log[before..].iter().map(|line| line.asked()).collect();
            let (made, said) = (asked.len(), said(&ran));
            asked.sort();
            let twice: Vec<&String> =
                asked.windows(2).filter(|two| two[0] == two[1]).map(|two| &two[0]).collect();
            if made > said || !twice.is_empty() {
                let typed = typed.join(" ");
                wrong.push_str(&format!("{typed}: {made} made, {said} said; twice: {twice:?}\n"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Lists that do not rest on one another are asked for at once, whichever of them a report is about.
#[test]
fn lists_that_do_not_wait_for_one_another_are_asked_for_at_once() {
    let setup = Setup {
        slipped: true,
        list_page: 100,
        faults: vec!["any@*=slow:200".to_owned()],
        ..Setup::default()
    };
    for (typed, together) in [
        ("report drift --since 2026-01-01", &[&["invoices", "schedules", "tickets"][..]][..]),
        ("report uninvoiced --since 2026-03-10", &[&["schedules", "tickets"]]),
        (
            "report time --since 2026-03-16 --until 2026-03-17",
            &[&["ticket_timers", "timelogs", "tickets"]],
        ),
        ("report prepaid --customer 31204690", &[&["invoices", "tickets"]]),
        ("report close --month 2026-03", &[&["payments", "customers"], &["schedules", "tickets"]]),
    ] {
        let env = TestEnv::of(setup.clone());
        let words: Vec<&str> = typed.split(' ').collect();
        env.run(&[&words[..], &["--yes"]].concat()).ends(0);
        let log = env.log();
        for lists in together {
            let first = |list: &&str| {
                let asked = format!("GET {list}");
                log.iter().find(|line| line.what() == asked).unwrap()
            };
            let firsts: Vec<_> = lists.iter().map(first).collect();
            let ended = firsts.iter().map(|line| line.ended_us).min();
            let started = firsts.iter().map(|line| line.started_us).max();
            assert!(started < ended, "{typed}: one after the other: {firsts:?}");
        }
    }
}

/// Where the server counts pages only, the last one may have a single record.
#[tokio::test]
async fn a_page_that_is_not_here_makes_no_question_of_its_records() {
    let env = TestEnv::new();
    let mut list = env.account().get("/tickets");
    let length = list["tickets"].as_array().unwrap().len();
    list["meta"]["total_pages"] = json!(8);
    let mut needed: Vec<usize> = Vec::new();
    for total in [Value::Null, json!(8 * length)] {
        list["meta"]["total_entries"] = total;
        let server = Altered::of(env.account(), |_, _| ()).await;
        server.answering(("GET", "/tickets"), 200, &list).await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        // The first command of all learns what the account calls things.
        env.run_with(&["whoami"], &there).ends(0);
        env.run_with(&["tickets"], &there).ends(0);
        let ran = env.run_with(&["report", "drift", "--since", "2026-01-01"], &there);
        let said = ran.stderr.split_once("this report needs at least ").unwrap_or_default().1;
        needed.push(said.split(' ').next().unwrap().parse().unwrap_or(0));
    }
    assert!(needed[0] > 7 * length, "{needed:?}");
    assert_eq!(needed[0] + length, needed[1]);
}

/// What somebody between answers in the place of a list is not that the account has none.
#[test]
fn a_page_of_somebody_between_is_no_account_without_a_list() {
    let with = |fault: &str| {
        TestEnv::of(Setup { slipped: true, faults: vec![fault.to_owned()], ..Setup::default() })
    };
    let time = ["report", "time", "--since", "2026-03-10", "--until", "2026-03-10", "--json"];
    with("timers@*=404-html").run(&time).ends(3);
    with("timers@*=404").run(&time).ends(0);
    let ran = with("timelogs@*=404-html").run(&time);
    let report = ran.ends(0).json().unwrap();
    assert_eq!(report["left_out"][0]["why"], "the time logs could not all be read");
    assert!(!ran.stderr.contains("has no time logs"), "{ran}");
    with("schedules@*=404-html").run(&["report", "recurring"]).ends(3);
    with("schedules@*=404").run(&["report", "recurring", "--check"]).ends(0);
}

/// Many customers are named by their list; one whose name cannot be read is not one without a name.
#[tokio::test]
async fn customers_are_named_with_few_requests_or_not_at_all() {
    let setup = Setup { list_page: 100, ..Setup::default() };
    let (env, ()) = TestEnv::prepared(setup, |env| {
        let account = env.account();
        let customers = account.get("/customers");
        for customer in customers["customers"].as_array().unwrap().iter().take(9) {
            let alert = json!({"customer_id": customer["id"], "description": "Disk is full",
                "computer_name": "SRV-1", "resolved": false});
            assert_eq!(account.call("POST", "/rmm_alerts", Some(&alert)).0, 201);
        }
    });
    let report = env.run(&["report", "alerts", "--json"]).ends(0).json().unwrap();
    assert_eq!(report["complete"], true);
    let rows = report["rows"].as_array().unwrap();
    assert!(rows.len() >= 9 && rows.iter().all(|row| row["customer"] != ""), "{report}");
    let asked: Vec<String> = env.log().iter().map(|line| line.asked()).collect();
    assert!(!asked.iter().any(|one| one.starts_with("GET customers/")), "{asked:?}");

    let env = TestEnv::slipped();
    for (name, shown, is_complete) in
        [(json!({"is": "unclear"}), "?", false), (Value::Null, "(no name)", true)]
    {
        let told = name.clone();
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if what.starts_with("GET /customers/") {
                for field in ["business_then_name", "business_name", "fullname"] {
                    answer["customer"][field] = told.clone();
                }
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        for command in ["alerts", "recurring"] {
            let report = env.run_with(&["report", command, "--json"], &there);
            let report = report.ends(0).json().unwrap();
            let rows = report["rows"].as_array().unwrap();
            assert!(
                !rows.is_empty() && rows.iter().all(|row| row["customer"] == shown),
                "{report}"
            );
            assert_eq!(report["complete"], is_complete, "{report}");
            let why = report["left_out"].to_string();
            assert_eq!(why.contains("a customer's name could not be read"), !is_complete);
        }
    }
}
