//! `syncro report`: the figures of the practice account, what is left out and never guessed, the exit codes of `--check`,
//! and the requests that are said and asked about.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, Setup, TestEnv};

/// The first day of the practice account is long ago by the time that this runs.
const SINCE: [&str; 2] = ["--since", "2026-01-01"];

fn run(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[args, &SINCE].concat())
}

fn answered(ran: &Ran) -> Value {
    ran.json().unwrap()
}

fn rows(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| (text(&row["ticket"]), text(&row["amount"]))).collect()
}

fn ticket_paths(env: &TestEnv) -> usize {
    let is_page = |path: &str| {
        let id = path.trim_start_matches("/api/v1").strip_prefix("/tickets/");
        id.is_some_and(|id| id.split('?').next().unwrap().parse::<u64>().is_ok())
    };
    env.log().iter().filter(|line| line.method == "GET" && is_page(&line.path)).count()
}

/// The specification's $194.50 in three lines of #32178 and #32154, and $202.50 of #32152, whose line has a discount: that
/// is part of every amount. 2 h 40 min wait in four entries, two run.
#[test]
fn what_waits_on_the_practice_account() {
    let env = TestEnv::new();
    for command in [&["report", "uninvoiced"][..], &["unbilled"]] {
        let ran = run(&env, &[command, &["--json"]].concat());
        let report = answered(ran.ends(0));
        let members: Vec<&str> = report.as_object().unwrap().keys().map(String::as_str).collect();
        let right =
            ["report", "as_of", "source", "complete", "filters", "rows", "totals", "left_out"];
        assert_eq!(members, right);
        for (member, value) in [
            ("report", json!("uninvoiced")),
            ("source", json!("live")),
            ("complete", json!(true)),
            ("left_out", json!([])),
        ] {
            assert_eq!(report[member], value, "{member}");
        }
        let lines: Vec<(String, String)> =
            rows(&report).into_iter().filter(|(_, amount)| amount != "0.00").collect();
        let right = [("32152", "202.50"), ("32178", "134.50"), ("32154", "60.00")];
        assert_eq!(lines, right.map(|(ticket, amount)| (ticket.to_owned(), amount.to_owned())));
        let totals = &report["totals"];
        for (name, value) in [
            ("amount", json!("397.00")),
            ("lines", json!(4)),
            ("hours", json!("2.67")),
            ("running", json!(2)),
            // As `bill` makes lines of them: 45 and 25 minutes remote ($90.00, $50.00), 70 onsite (1.1667 h: $175.01); 20
            // are sold as nothing yet.
            ("value", json!("315.01")),
            ("value_is_lower_bound", json!(true)),
            ("at_least", json!(["value"])),
        ] {
            assert_eq!(totals[name], value, "{name}: {totals}");
        }
        let timers = report["rows"].as_array().unwrap().iter().map(|row| &row["timer_ids"]);
        assert_eq!(timers.map(|ids| ids.as_array().unwrap().len()).sum::<usize>(), 6);
        ran.says("this report needs at most ");
    }
    assert!(env.writes().is_empty());
}

#[test]
fn a_report_can_be_narrowed_to_whom_it_is_about() {
    let env = TestEnv::new();
    let of = |more: &[&str]| {
        let ran = run(&env, &[&["unbilled", "--json"], more].concat());
        let report = answered(ran.ends(0));
        let tickets = rows(&report).into_iter().map(|(ticket, _)| ticket).collect::<Vec<_>>();
        (tickets, report["filters"].clone())
    };
    let (tickets, filters) = of(&["--customer", "Harrow"]);
    assert_eq!(tickets, ["32178", "32165"]);
    let right = json!({
        "customer_id": 31_204_655, "user_id": null, "since": "2026-01-01", "until": null,
    });
    assert_eq!(filters, right);
    let (all, _) = of(&[]);
    let (mika, _) = of(&["--user", "mika"]);
    assert!(mika.len() < all.len() && mika.iter().all(|one| all.contains(one)), "{mika:?}");
    let (none, _) = of(&["--until", "2026-01-02"]);
    assert!(none.is_empty());
    let ran = env.run(&["unbilled"]);
    ran.ends(0).says("nothing waits to be invoiced");
    env.run(&["unbilled", "--since", "2026-02-01", "--until", "2026-01-01"]).ends(2);
}

/// A day to come, a column that no row has: refused before anything is read.
#[test]
fn what_cannot_be_meant_is_refused_before_the_first_request() {
    let env = TestEnv::new();
    for report in [&["report", "drift"][..], &["report", "uninvoiced"], &["unbilled"]] {
        let of = |more: &[&str]| env.run(&[report, more].concat());
        let before = env.log().len();
        of(&["--since", "2099-01-01", "--check"]).ends(2).says("2099-01-01 is in the future");
        of(&["--columns", "ticket,nunber"]).ends(2).says("no ").says("has nunber");
        of(&["--columns", "amonut"]).ends(2).says("did you mean amount?");
        assert_eq!(env.log().len(), before, "a request was made");
        of(&["--columns", "To do,ticket_id,at_least", "--csv", SINCE[0], SINCE[1]]).ends(0);
    }
    let before = env.log().len();
    let commands = [&["tickets"][..], &["report", "alerts"], &["report", "time"], &["sync"]];
    // Where it is built without a mirror, there is nothing to sync.
    let there = if cfg!(feature = "offline") { 4 } else { 3 };
    for command in &commands[..there] {
        let of = [*command, &["--since", "2099-01-01"]].concat();
        env.run(&of).ends(2).says("2099-01-01 is in the future");
    }
    assert_eq!(env.log().len(), before, "a request was made");
}

/// 11 for a row, 0 for none, and 8 where what could not be read may hide one.
#[test]
fn a_check_tells_by_its_exit_code() {
    let whole = TestEnv::new();
    let ran = run(&whole, &["unbilled", "--check", "--json"]);
    ran.ends(11).says("the report found something: 8 tickets");
    assert_eq!(answered(&ran)["rows"].as_array().unwrap().len(), 8);
    let until = ["unbilled", "--check", "--until", "2026-01-02"];
    run(&whole, &until).ends(0).says("nothing waits to be invoiced");
    // Every page of a ticket is gone.
    let env = TestEnv::with(&["ticket@*=404"]);
    let ran = run(&env, &["unbilled", "--check", "--json"]);
    ran.ends(8).says("the report is incomplete");
    let report = answered(&ran);
    let left_out = json!([{"why": "the ticket's page could not be read", "count": 42}]);
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(false), &left_out));
    assert_eq!(report["totals"]["at_least"].as_array().unwrap().len(), 5);
    let ran = run(&env, &["unbilled"]);
    ran.ends(0).says("left out: 42 cases: the ticket's page could not be read");
    assert!(!ran.stderr.contains("nothing waits"), "{ran}");
    // A key that is not known, and a server that does not answer, are no gaps of a report.
    run(&TestEnv::with(&["ticket@*=401"]), &["unbilled"]).ends(4);
    run(&TestEnv::with(&["ticket@*=403"]), &["unbilled", "--check"]).ends(8);
}

/// A ticket whose invoices could not be read is not one without an invoice: it is no row, and its customer's sums say that
/// they miss something.
#[tokio::test]
async fn what_could_not_be_read_is_left_out_and_not_guessed() {
    let whole = TestEnv::new();
    let all = rows(&answered(&run(&whole, &["unbilled", "--json"])));
    for (faults, gone, why) in [
        (
            &["invoices@*=404"][..],
            &["32152", "32178", "32154"][..],
            "the ticket's invoices could not all be read",
        ),
        (
            &["invoices@*=500-before"],
            &["32152", "32178", "32154"],
            "the ticket's invoices could not all be read",
        ),
    ] {
        let env = TestEnv::with(faults);
        let report = answered(run(&env, &["unbilled", "--json"]).ends(0));
        let left: Vec<String> = rows(&report).into_iter().map(|(ticket, _)| ticket).collect();
        assert!(gone.iter().all(|ticket| !left.iter().any(|one| one == ticket)), "{left:?}");
        assert_eq!(left.len(), all.len() - gone.len());
        assert_eq!(report["left_out"], json!([{"why": why, "count": gone.len()}]));
        assert_eq!(report["complete"], false);
        let customers = report["totals"]["customers"].as_array().unwrap().iter();
        let harrow = customers.clone().find(|one| one["customer_id"] == 31_204_655).unwrap();
        assert_eq!(harrow["at_least"].as_array().unwrap().len(), 5, "{harrow}");
        let other = customers.clone().find(|one| one["customer_id"] == 31_204_618).unwrap();
        assert_eq!(other["at_least"], json!([]), "{other}");
    }
    // Recurring invoices: none here, not allowed, not answered, of nobody.
    let nobody = json!({"schedules": [{"id": 1, "customer_id": null, "paused": false,
        "invoice_unbilled_ticket_charges": true}], "meta": {"total_pages": 1, "page": 1}});
    let short = json!({"schedules": [], "meta": {"total_pages": 1, "page": 1, "total_entries": 2}});
    // What an account lacks is remembered of its address: each has its own.
    let mut servers = Vec::new();
    for (status, answer, takes) in [
        (404, json!({"error": "Not found"}), json!(false)),
        (403, json!({"error": "Not allowed"}), json!(null)),
        (404, json!("a proxy's page"), json!(null)),
        (200, nobody, json!(null)),
        (200, short, json!(null)),
    ] {
        let server = Altered::of(whole.account(), |_, _| ()).await;
        server.answering(("GET", "/schedules"), status, &answer).await;
        let ran = whole.run_with(
            &["unbilled", "--since", "2026-01-01", "--json"],
            &[("SYNCRO_BASE_URL", &*server.base())],
        );
        let report = answered(ran.ends(0));
        assert_eq!(report["rows"][0]["takes"], takes, "{status} {answer}: {ran}");
        assert_eq!(report["complete"], takes.is_boolean(), "{ran}");
        // What is not known of them changes no sum.
        assert_eq!(report["totals"]["at_least"], json!(["value"]));
        servers.push(server);
    }
}

/// A recurring invoice takes the lines: nothing is to be done by hand.
#[test]
fn what_a_recurring_invoice_takes_is_said() {
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        let schedule = json!({"customer_id": 31_204_713, "name": "Care", "frequency": "Monthly",
            "next_run": "2027-03-01", "invoice_unbilled_ticket_charges": true});
        env.account().write("POST", "/schedules", &schedule);
    });
    let report = answered(run(&env, &["unbilled", "--json"]).ends(0));
    for row in report["rows"].as_array().unwrap() {
        let is_theirs = row["customer_id"] == 31_204_713;
        assert_eq!(row["takes"], is_theirs, "{row}");
        assert!(row["ticket"] != "32152" || row["mend"].is_null(), "{row}");
        assert!(
            row["ticket"] != "32162" || row["mend"] == "syncro timer charge 32162 48700002",
            "{row}"
        );
        let mend = row["mend"].as_str().unwrap_or_default();
        assert!(mend.is_empty() || mend.contains(row["ticket"].as_str().unwrap()), "{row}");
    }
}

/// More than a minute's worth of requests are asked about; what was agreed to is so many and not more.
#[tokio::test]
async fn many_requests_are_asked_about_before_they_are_made() {
    let env = TestEnv::new();
    let mut list = env.account().get("/tickets");
    list["meta"]["total_entries"] = json!(600);
    list["meta"]["total_pages"] = json!(24);
    let server = Altered::of(env.account(), |_, _| ()).await;
    server.answering(("GET", "/tickets"), 200, &list).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let args = ["unbilled", "--since", "2026-01-01"];
    let ran = env.run_with(&args, &there);
    ran.ends(2).says("this report needs at least 626 requests").says("use --yes");
    assert_eq!((ticket_paths(&env), server.asked("GET /tickets").await), (0, 1));
    env.run_with(&[&args[..], &["--yes"]].concat(), &there).says("at least 625 requests");
    assert!(server.asked("GET /tickets").await > 2);
}

/// So many tickets that what the first page lets expect needs no question, and what the tickets' pages show does.
#[test]
fn a_larger_number_is_asked_about_again() {
    let setup = Setup { list_page: 58, ..Setup::default() };
    let (env, ()) = TestEnv::prepared(setup, |env| {
        let account = env.account();
        for number in 0..132 {
            let ticket =
                json!({"customer_id": 31_204_551, "subject": format!("Register {number}")});
            account.write("POST", "/tickets", &ticket);
        }
    });
    let ran = run(&env, &["unbilled"]);
    ran.ends(2).says("requests, more than the 180 that were expected").says("--yes");
    assert_eq!(ran.stdout, "");
    run(&env, &["unbilled", "--yes", "--json"]).ends(0);
}

#[cfg(unix)]
#[test]
fn a_person_is_asked_and_may_say_no() {
    let (env, ()) = TestEnv::prepared(Setup::default(), |env| {
        let account = env.account();
        for number in 0..140 {
            let ticket =
                json!({"customer_id": 31_204_551, "subject": format!("Register {number}")});
            account.write("POST", "/tickets", &ticket);
        }
    });
    let mut terminal = env.terminal(&["unbilled", "--since", "2026-01-01"]);
    terminal.answer("Read them? [y/N]", "n");
    let (code, shown) = terminal.end();
    assert_eq!(code, 9, "{shown}");
    assert_eq!(ticket_paths(&env), 0);
}

/// One case of each finding, and nothing else of 50 tickets.
#[test]
fn each_contradiction_is_found_with_its_command() {
    let env = TestEnv::slipped();
    let ran = run(&env, &["report", "drift", "--json", "--check"]);
    ran.ends(11).says("the report found something: 9 findings");
    let report = answered(&ran);
    let found: Vec<Value> = report["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| json!([row["code"], row["ticket"], row["amount"], row["hours"], row["mend"]]))
        .collect();
    let right = [
        json!(["invoiced-nothing", "32131", null, "0.00", "syncro bill 32131"]),
        json!(["invoiced-left", "32132", "60.00", "0.00", "syncro invoice create 32132"]),
        json!(["closed-unbilled", "32133", "0.00", "1.00", "syncro bill 32133 --from-timers"]),
        json!(["zero-invoice", "32135", "180.00", "0.00", "syncro ticket 32135"]),
        json!(["twice", "32136", "120.00", "0.00", "syncro ticket 32136"]),
        json!(["open-invoiced", "32134", "120.00", "0.00", "syncro update 32134 Invoiced"]),
        json!(["unequal", "32137", "59.50", "0.00", "syncro ticket 32137"]),
        json!(["zero-prepaid", "32170", "180.00", "0.00", "syncro ticket 32170"]),
        json!(["waits-recurring", "32138", "60.00", "0.00", null]),
    ];
    assert_eq!(found, right);
    assert_eq!((&report["complete"], &report["left_out"]), (&json!(true), &json!([])));
    assert_eq!(report["rows"][8]["schedule"], "Monthly care");
    let totals = json!({
        "findings": {
            "invoiced-nothing": 1, "invoiced-left": 1, "closed-unbilled": 1, "zero-invoice": 1, "twice": 1,
            "open-invoiced": 1, "unequal": 1, "zero-prepaid": 1, "waits-recurring": 1,
        },
        "losses": "240.00",
        "hours": "1.00",
        "at_least": ["losses"],
    });
    assert_eq!(report["totals"], totals);
    // A spreadsheet is told, too, where nothing is to be done.
    let csv = run(&env, &["report", "drift", "--csv"]);
    let next = report["rows"][8]["next_run"].as_str().unwrap();
    let cells = format!(",Monthly care,{next},");
    assert!(csv.ends(0).stdout.lines().last().unwrap().contains(&cells), "{csv}");
    // What it proposes is what the command that is pasted does.
    let bill = env.run(&["bill", "32133", "--from-timers", "-m", "Fan cleaned", "--dry-run"]);
    assert!(bill.ends(0).stdout.contains("$150.00"), "{bill}");
    let create = env.run(&["invoice", "create", "32132", "--dry-run"]);
    assert!(create.ends(0).stdout.contains("$60.00"), "{create}");
    assert!(env.writes().is_empty());
}

/// Where no status is configured for what is billed, the command asks for one.
#[test]
fn an_open_ticket_with_an_invoice_ends_with_a_command_without_a_status_too() {
    let replace = vec![("after_bill = \"Invoiced\"", "after_bill = \"\"".to_owned())];
    let env = TestEnv::of(Setup { slipped: true, replace, ..Setup::default() });
    let report = answered(&run(&env, &["report", "drift", "--json"]));
    let open = report["rows"].as_array().unwrap().iter().find(|row| row["code"] == "open-invoiced");
    let mend = open.unwrap()["mend"].as_str().unwrap();
    assert!(mend.ends_with("syncro update 32134"), "{mend}");
    env.run(&["update", "32134", "--yes"]).ends(2).says("no changes were given");
}

/// What a command lacks it asks for; a script is told. Nothing that is pasted stands for something else.
#[test]
fn what_is_to_be_done_can_be_pasted() {
    let env = TestEnv::new();
    let report = answered(&run(&env, &["report", "uninvoiced", "--json"]));
    let mends = report["rows"].as_array().unwrap().iter().filter_map(|row| row["mend"].as_str());
    let mends: Vec<&str> = mends.collect();
    assert!(
        mends.len() > 5 && mends.iter().any(|mend| mend.ends_with(" bill 32162 --from-timers"))
    );
    for mend in mends {
        let words: Vec<&str> = mend
            .split(' ')
            .skip_while(|word| !["bill", "invoice", "timer"].contains(word))
            .collect();
        let text: &[&str] =
            if words[0] == "bill" { &["-m", "Done", "--dry-run"] } else { &["--dry-run"] };
        let ran = env.run(&[&words[..], text].concat());
        if words[..2] == ["bill", "32162"] {
            ran.ends(2).says("has no product").says("--labor NAME");
        } else {
            ran.ends(0);
        }
    }
    #[cfg(unix)]
    {
        let mut terminal = env.terminal(&["bill", "32162", "--from-timers", "-m", "Done"]);
        terminal.answer("Labor type [1-", "remote");
        let asked = terminal.expect("[y/N");
        assert!(asked.contains("Labor - Remote"), "{asked}");
        terminal.say("n");
        assert_eq!(terminal.end().0, 9);
    }
    assert!(env.writes().is_empty());
}

/// Each row ends with its command, at any width; the footer counts losses as losses and nothing else.
#[cfg(unix)]
#[test]
fn each_row_ends_with_its_command() {
    let env = TestEnv::slipped();
    for report in ["drift", "uninvoiced"] {
        let json = answered(&run(&env, &["report", report, "--json"]));
        let mends: Vec<&str> = json["rows"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|row| row["mend"].as_str())
            .collect();
        assert!(mends.len() > 5, "{json}");
        for width in [50, 80, 120, 200] {
            let args = [&["report", report, "--no-pager"], &SINCE[..]].concat();
            let (code, shown) = env.terminal_of(width, &args).end();
            assert_eq!(code, 0, "{shown}");
            let rows = shown.lines().map(str::trim_end);
            let ends = mends.iter().filter(|mend| rows.clone().any(|row| row.ends_with(**mend)));
            assert_eq!(ends.count(), mends.len(), "{width}: {shown}");
            // The command is below its row where it would press the name.
            assert!(width < 200 || shown.contains("To do"), "{width}: {shown}");
            let from = shown.lines().find_map(|head| head.find("Customer")).unwrap();
            let customer = |line: &str| line.chars().skip(from).collect::<String>();
            let cut = shown.lines().map(customer).filter_map(|cell| {
                Some(cell.split("  ").next()?.chars().count()).filter(|_| cell.contains('…'))
            });
            assert!(width < 80 || cut.clone().all(|columns| columns >= 15), "{width}: {shown}");
            let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
            let foot = "losses of at least $240.00 and 1.00 h in 1 invoiced-nothing, 1 invoiced-left, \
                        1 closed-unbilled, 1 zero-invoice, 1 twice; doubts: 1 open-invoiced, 1 unequal; \
                        notes: 1 zero-prepaid, 1 waits-recurring";
            assert!(report != "drift" || shown.contains(foot), "{width}: {shown}");
        }
    }
}

/// A list of invoices that could not be read, or not to its end, is no list without them: no ticket is said to have none.
#[tokio::test]
async fn a_ticket_whose_invoices_are_not_known_is_not_one_without() {
    let env = TestEnv::slipped();
    let mut short = env.account().get("/invoices");
    short["meta"]["total_entries"] = json!(900);
    let mut unclear = env.account().get("/invoices");
    (unclear["meta"]["total_pages"], unclear["invoices"][0]["ticket_id"]) =
        (json!(1), json!("none"));
    for (status, answer) in [
        (404, json!({"error": "Gone"})),
        (403, json!({"error": "No"})),
        (200, short),
        (200, unclear),
    ] {
        let server = Altered::of(env.account(), |_, _| ()).await;
        server.answering(("GET", "/invoices"), status, &answer).await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let args = ["report", "drift", "--since", "2026-01-01", "--json"];
        let ran = env.run_with(&[&args[..], &["--check"]].concat(), &there);
        if status != 200 {
            // What the whole report rests on.
            ran.ends(if status == 404 { 3 } else { 4 });
            continue;
        }
        ran.ends(8).says("the report is incomplete");
        let report = answered(&ran);
        assert_eq!((&report["rows"], &report["complete"]), (&json!([]), &json!(false)));
        let why = "the ticket's invoices could not all be read";
        assert_eq!(report["left_out"], json!([{"why": why, "count": 50}]));
    }
    // One page of an invoice, the schedules, a product, a customer: each loses its own case.
    for (fault, gone, why) in [
        ("schedules@*=403", &["32132", "32138"][..], "the recurring invoices could not be read"),
        ("product@*=404", &["32135", "32170"], "a product's price could not be read"),
        (
            "customer@*=404",
            &["32135", "32170", "32137"],
            "the customer's prepaid hours could not be read",
        ),
        ("invoice@*=404", &["32135", "32170"], "an invoice's page could not be read"),
    ] {
        let env = TestEnv::of(Setup {
            slipped: true,
            faults: vec![fault.to_owned()],
            ..Setup::default()
        });
        let report = answered(run(&env, &["report", "drift", "--json"]).ends(0));
        let left: Vec<&Value> =
            report["rows"].as_array().unwrap().iter().map(|row| &row["ticket"]).collect();
        assert!(
            left.iter().all(|ticket| !gone.contains(&ticket.as_str().unwrap())),
            "{fault}: {left:?}"
        );
        assert!(left.iter().any(|ticket| **ticket == "32131"), "{fault}");
        assert_eq!(report["left_out"][0]["why"], why, "{fault}");
        assert_eq!(report["complete"], false);
    }
}

/// The cases are there for whoever asks for them, in practice and in a server.
#[test]
fn practice_with_what_slipped() {
    let env = TestEnv::new();
    let sandbox = |args: &[&str]| env.run(&[&["--sandbox"], args].concat());
    let count = || {
        let ran = sandbox(&["report", "drift", "--since", "2026-01-01", "--jq", ".rows | length"]);
        ran.ends(0).stdout.trim().to_owned()
    };
    assert_eq!(count(), "1");
    sandbox(&["sandbox", "reset", "--slipped", "--yes"]).ends(0);
    assert_eq!(count(), "9");
    sandbox(&["sandbox", "reset", "--yes"]).ends(0);
    assert_eq!(count(), "1");
}
