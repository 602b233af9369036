//! `syncro report time` and `syncro today`: what a day had, what is read for it, what an account may lack, and what cannot be
//! read.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

/// A week before the account's first day.
const DAY: [&str; 6] = ["report", "time", "--since", "2026-03-10", "--until", "2026-03-10"];

fn run(env: &TestEnv, more: &[&str]) -> Ran {
    env.run(&[&DAY[..], more].concat())
}

fn answered(ran: &Ran) -> Value {
    ran.ends(0).json().unwrap()
}

/// The rows, each with these members.
fn rows<const N: usize>(report: &Value, members: [&str; N]) -> Vec<Value> {
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| Value::from(members.map(|name| row[name].clone()).to_vec())).collect()
}

fn slipped(faults: &[&str]) -> TestEnv {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect();
    TestEnv::of(Setup { slipped: true, faults, ..Setup::default() })
}

/// How often a path was asked for.
fn asked(env: &TestEnv, path: &str) -> usize {
    env.log().iter().filter(|line| line.path == format!("/api/v1{path}")).count()
}

#[test]
fn a_day_has_what_was_logged_sold_and_clocked() {
    let env = TestEnv::slipped();
    let report = answered(&run(&env, &["--json"]));
    let (mika, robin) = ("Mika Thornquist", "Robin Ashgrove");
    assert_eq!(
        rows(&report, ["user", "day", "logged", "charged", "invoiced", "lines_without_entry"]),
        [
            json!([mika, "2026-03-10", "1.00", "1.00", "1.00", "0.00"]),
            json!([robin, "2026-03-10", "1.00", "0.00", "0.00", "4.00"]),
        ]
    );
    assert_eq!(
        rows(&report, ["clocked", "utilisation", "notes"]),
        [
            json!([
                "7.50",
                "13.3",
                [
                    "15 min twice",
                    "no entry 09:00-12:00",
                    "no entry 12:30-14:00",
                    "no entry 14:45-17:00"
                ]
            ]),
            json!(["8.00", "62.5", ["no entry 08:30-09:00", "no entry 10:00-16:30"]]),
        ]
    );
    let totals = &report["totals"];
    assert_eq!((&totals["clocked"], &totals["utilisation"]), (&json!("15.50"), &json!("38.7")));
    assert_eq!(totals["users"][1]["user"], robin);
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
    // Those that changed since, but for those that were made later; each once.
    let tickets =
        env.log().iter().filter(|line| line.path.starts_with("/api/v1/tickets/1")).count();
    assert_eq!(tickets, 9);
    assert_eq!((asked(&env, "/ticket_timers"), asked(&env, "/timelogs")), (1, 2));
    run(&env, &["--check"]).ends(11).says("the report found something: 2 days");

    // A finding leads to its tickets.
    let mend = report["rows"][0]["mend"].as_str().unwrap().to_owned();
    let words: Vec<&str> = mend.split(' ').skip(1).chain(["--json"]).collect();
    let parts = answered(&env.run(&words));
    assert_eq!(
        rows(&parts, ["user", "ticket", "customer", "logged", "clocked"]),
        [json!([mika, "32137", "Harrow & Finch Accounting", "1.00", null])]
    );
    assert_eq!(parts["totals"]["clocked"], "7.50");
    let by = answered(&run(&env, &["--by", "customer", "--json"]));
    assert!(rows(&by, ["user", "customer"]).len() > 3, "{by}");
    assert_eq!(by["totals"], report["totals"]);

    // The command of each ticket shows what is found on it, which may be a line or an entry.
    let by = answered(&run(&env, &["--by", "ticket", "--json"]));
    let mends: Vec<&str> =
        by["rows"].as_array().unwrap().iter().filter_map(|row| row["mend"].as_str()).collect();
    assert!(mends.len() > 5, "{by}");
    for mend in mends.iter().filter(|mend| mend.contains(" list ")) {
        let ran = env.run(&mend.split(' ').skip(1).collect::<Vec<_>>());
        assert!(!ran.ends(0).stdout.is_empty(), "{mend}: {ran}");
    }

    // One customer's time is on their tickets: no other is read, and no clock.
    let env = TestEnv::slipped();
    let one = answered(&run(&env, &["--customer", "31204655", "--json"]));
    assert_eq!((asked(&env, "/ticket_timers"), asked(&env, "/timelogs")), (0, 0));
    assert_eq!(
        rows(&one, ["user", "logged", "lines_without_entry", "clocked"]),
        [json!([mika, "1.00", "0.00", null]), json!([robin, "0.00", "2.00", null])]
    );
}

#[test]
fn today_is_yours_unless_you_say_whose() {
    let env = TestEnv::new();
    let report = answered(&env.run(&["today", "--json"]));
    assert_eq!(rows(&report, ["user", "user_id"]), [json!(["Robin Ashgrove", 81_204])]);
    let today = &report["rows"][0]["day"];
    assert_eq!((&report["filters"]["since"], &report["filters"]["until"]), (today, today));
    assert_eq!(report["filters"]["user_id"], 81_204);

    // What is logged now is there at once.
    let add = ["timer", "add", "32181", "--minutes", "1", "--start", "now", "--labor", "remote"];
    env.run(&[&add[..], &["--yes"]].concat()).ends(0);
    let more = answered(&env.run(&["today", "--json", "--by", "ticket"]));
    assert!(rows(&more, ["ticket", "logged"]).contains(&json!(["32181", "0.02"])), "{more}");
    let theirs = answered(&env.run(&["today", "--user", "mika", "--json"]));
    assert_eq!(rows(&theirs, ["user"]), [json!(["Mika Thornquist"])]);
    env.run(&["today", "--user", "nobody at all"]).ends(3);
}

#[test]
fn the_days_are_those_that_were_typed() {
    let env = TestEnv::new();
    for (args, says) in [
        (&["--since", "tomorrow"][..], "is in the future"),
        (&["--since", "2026-03-10", "--until", "2026-03-09"], "is after"),
        (&["--since", "someday"], "--since"),
    ] {
        env.run(&[&["report", "time"], args].concat()).ends(2).says(says);
    }
    env.run(&["report", "time", "--columns", "customer"]).ends(2);
    assert_eq!(env.log().len(), 0);
    // The week of the last day, of which two days were of work by the calendar.
    let week = ["report", "time", "--until", "2026-03-15", "--user", "robin", "--json"];
    let report = answered(&env.run(&week));
    assert_eq!(report["filters"]["since"], "2026-03-09");
    assert_eq!(report["totals"]["clocked"], "40.00");
    let of_days: Vec<Value> = rows(&report, ["day", "clocked"]);
    assert_eq!(of_days[0], json!(["2026-03-09", "8.00"]));
}

#[test]
fn who_does_not_clock_in_has_so_many_hours_a_business_day() {
    // Without a list of time logs, which is not asked for again.
    let env = slipped(&["timelogs@*=404"]);
    let ran = run(&env, &["--json"]);
    let report = answered(&ran);
    ran.says("this account has no time logs");
    assert_eq!(rows(&report, ["clocked"]), [json!(["8.00"]), json!(["8.00"])]);
    assert_eq!(report["complete"], true);
    let before = asked(&env, "/timelogs");
    run(&env, &[]).ends(0);
    assert_eq!((before, asked(&env, "/timelogs")), (1, 1));

    // One that the key may not read, or nobody, is said.
    for fault in ["timelogs@*=403", "timelogs@*=500-before"] {
        let ran = run(&slipped(&[fault]), &["--json"]);
        let report = answered(&ran);
        assert_eq!(rows(&report, ["clocked"])[0], json!(["8.00"]), "{fault}");
        assert_eq!(report["left_out"][0]["why"], "the time logs could not all be read", "{fault}");
    }

    let more = "[reports]\nday_hours = \"6\"\n".to_owned();
    let env = TestEnv::of(Setup { more, ..Setup::default() });
    let week = ["report", "time", "--until", "2026-03-15", "--user", "robin", "--json"];
    assert_eq!(answered(&env.run(&week))["totals"]["clocked"], "30.00");
    for hours in ["0", "25", "x"] {
        let more = format!("[reports]\nday_hours = \"{hours}\"\n");
        TestEnv::of(Setup { more, ..Setup::default() }).run(&week).ends(10);
    }
}

/// The entries of an account without a list of all are on its tickets.
#[test]
fn entries_are_on_their_tickets_too() {
    let right = rows(&answered(&run(&TestEnv::slipped(), &["--json"])), ["logged", "charged"]);
    let env = slipped(&["timers@*=404"]);
    assert_eq!(rows(&answered(&run(&env, &["--json"])), ["logged", "charged"]), right);
}

/// What cannot be read is left out by name of the reason.
#[tokio::test]
async fn what_cannot_be_read_is_left_out() {
    let env = TestEnv::slipped();
    for (list, field, why) in [
        ("ticket_timers", "user_id", "a timer entry's time or state is unreadable"),
        ("line_items", "quantity", "a labor line item's user, day or quantity is unreadable"),
        ("timelogs", "lunch", "a time log's user, times or lunch is unreadable"),
    ] {
        let server = Altered::telling(env.account(), move |_, _, answer| {
            let ticket = if answer["ticket"].is_object() { &mut answer["ticket"] } else { answer };
            let all = ticket.get_mut(list).and_then(Value::as_array_mut);
            all.into_iter().flatten().for_each(|one| one[field] = json!({"is": "unclear"}));
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&[&DAY[..], &["--json"]].concat(), &there);
        let report = ran.ends(0).json().unwrap();
        assert_eq!(report["left_out"][0]["why"], why, "{report}");
        assert_eq!(report["complete"], false);
        ran.says(why);
    }
    let ran = run(&slipped(&["ticket@*=403"]), &["--check"]);
    ran.ends(11).says("the ticket's page could not be read");
}

/// More requests than Syncro allows in a minute are asked about, with their number.
#[tokio::test]
async fn many_requests_are_asked_about() {
    let env = TestEnv::new();
    let mut list = env.account().get("/tickets");
    list["meta"]["total_entries"] = json!(600);
    list["meta"]["total_pages"] = json!(24);
    let server = Altered::of(env.account(), |_, _| ()).await;
    server.answering(("GET", "/tickets"), 200, &list).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ran = env.run_with(&DAY, &there);
    ran.ends(2).says("this report needs at least 629 requests").says("use --yes");
}
