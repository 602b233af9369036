//! The account's own currency, zone and business hours: what every amount is written in, and when work is out of hours.

use serde_json::json;

use crate::setup::doctor;
use crate::support::{Altered, BILLED, Line, Ran, Setup, TILL, TestEnv, bill, ticket_id};

const EMERGENCY: &str = "[labor.emergency]\nproduct_id = 17340023\n\
    when_prepaid = { labor = \"onsite\", multiplier = \"1.5\" }\n";

/// The first command of a day, at an account that says so of itself.
fn first(fault: &str) -> TestEnv {
    TestEnv::of(Setup::first(&[fault]))
}

/// The requests for the account's settings.
fn asked(env: &TestEnv) -> Vec<Line> {
    let mut lines = env.log();
    lines.retain(|line| line.what() == "GET settings");
    lines
}

#[track_caller]
fn shows(ran: &Ran, code: i32, words: &[&str]) {
    ran.ends(code);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    for word in words {
        assert!(said.contains(word), "no {word}: {ran}");
    }
    assert!(!said.contains('$'), "{ran}");
}

#[test]
fn every_amount_has_the_accounts_own_symbol() {
    let env = first("settings@*=currency:rand");
    shows(&env.run(&["line", "list", "32178"]), 0, &["R45.00", "R134.50 uninvoiced"]);
    for (args, words) in [
        (&["ticket", "32178"][..], &["R45.00", "R134.50 uninvoiced"][..]),
        (&["invoice", "list"], &["R"]),
        (&["invoice", "show", "67409"], &["R"]),
        (&["product", "list", "labor"], &["R120.00", "R150.00"]),
        (&["product", "show", "17340021"], &["R120.00"]),
        (&["customer", "show", "Copperkettle Bakery"], &["R"]),
        (&["payment", "list"], &["R"]),
        (&bill(&["--dry-run"]), &["0.5 x Labor - Remote @ R120.00 = R60.00", "R60.00 (1 line)"]),
        (
            &["payment", "add", "67409", "--amount", "R20", "--method", "Check", "--dry-run"],
            &["R20.00 by Check"],
        ),
        (&bill(&["--yes"]), &["R60.00 + tax R0.00 = R60.00, checked"]),
    ] {
        shows(&env.run(args), 0, words);
    }
    assert_eq!(env.state(TILL).ours(), BILLED);
    // Guards and refusals.
    let line = ["line", "add", "32181", "--product", "17340021", "--yes", "--quantity"];
    shows(
        &env.run(&[&line[..], &["90"]].concat()),
        5,
        &["R10,800.00 is more than R5,000.00", "--large"],
    );
    let free = env.run(&[&line[..], &["1", "--price", "0"]].concat());
    shows(&free, 5, &["would be R0.00"]);
    let too_much = ["payment", "add", "67409", "--amount", "9000", "--method", "Check", "--yes"];
    shows(&env.run(&too_much), 5, &["R9,000.00", "--over"]);
    // The first command of the day asks for it, and the first that needs the account's lists for those.
    assert_eq!(asked(&env).len(), 2);
}

#[test]
fn the_first_command_of_a_day_has_it_whichever_it_is() {
    for (args, amount) in [
        (&["doctor"][..], "R120.00 an hour"),
        (&["update", "32178", "--customer", "31204602", "--dry-run"], "R134.50"),
    ] {
        let env = first("settings@*=currency:rand");
        shows(&env.run(args), 0, &[amount]);
    }
}

#[test]
fn other_signs_have_their_own_digits() {
    for (fault, price) in [
        ("settings@*=currency:euro", "\u{20ac}120.00"),
        ("settings@*=currency:yen", "\u{a5}120"),
        ("settings@*=zone:oslo", "$120.00"),
    ] {
        let env = first(fault);
        let ran = env.run(&["product", "list", "labor"]);
        let row = ran.ends(0).stdout.lines().find(|line| line.contains("Labor - Remote"));
        let cells: Vec<&str> = row.unwrap_or_default().split_whitespace().collect();
        assert!(cells.contains(&price), "{fault}: {ran}");
    }
}

/// An amount of less than the smallest unit there is would be stored as something else.
#[tokio::test]
async fn a_currency_without_decimals_takes_none() {
    for (symbol, zone, is_whole) in [
        ("JPY", "America/Chicago", true),
        ("\u{a5}", "Asia/Tokyo", true),
        ("\u{a5}", "Asia/Shanghai", false),
        ("KWD", "Asia/Kuwait", false),
        ("$", "Asia/Tokyo", false),
    ] {
        // The first command of a day, too: what the account says is read before the amount is judged.
        let env = TestEnv::of(Setup::first(&[]));
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if what == "GET /settings" {
                answer["locale"]["currency_symbol"] = symbol.into();
                answer["locale"]["time_zone"] = zone.into();
            }
        })
        .await;
        let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
        let line = env.account().line(TILL, "0.5", "120", "As agreed")["id"].to_string();
        for typed in [
            &["payment", "add", "67409", "--method", "Check", "--dry-run", "--amount"][..],
            &["line", "add", "32181", "--product", "17340021", "--dry-run", "--price"],
            &["line", "update", "32181", &line, "--dry-run", "--price"],
        ] {
            let ran = run(&[typed, &["10.50"]].concat());
            if is_whole {
                ran.ends(2).says("has no decimals; use a whole amount, like 120");
            } else {
                ran.ends(0);
            }
            run(&[typed, &["10.00"]].concat()).ends(0);
        }
    }
}

/// How many decimals an amount may have is the account's currency's to say, whoever sends it.
#[tokio::test]
async fn an_amount_has_the_decimals_of_its_currency() {
    for (symbol, fits, too_many, says) in [
        ("KWD", &["1.255", "1.25"][..], "1.2555", "three decimals"),
        ("LYD", &["1.001"], "0.0001", "three decimals"),
        ("$", &["1.25"], "1.255", "whole cents"),
        ("JPY", &["120"], "120.5", "decimals"),
        ("", &["1.25"], "1.255", "whole cents"),
    ] {
        let env = TestEnv::of(Setup::first(&[]));
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if what == "GET /settings" {
                answer["locale"]["currency_symbol"] = symbol.into();
            }
        })
        .await;
        let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
        let add = format!("tickets/{}/add_line_item", ticket_id(TILL));
        let typed = ["line", "add", "32181", "--product", "17340021", "--dry-run", "--price"];
        let line =
            ["api", "POST", &add, "-F", "name=Cable", "-F", "description=x", "--dry-run", "-F"];
        let product = ["api", "PUT", "products/17340101", "--dry-run", "-F"];
        let price = |amount: &str| format!("price_retail={amount}");
        for amount in fits {
            run(&[&typed[..], &[amount]].concat()).ends(0);
            run(&[&line[..], &[&price(amount)]].concat()).ends(0);
            run(&[&product[..], &[&price(amount)]].concat()).ends(0);
        }
        run(&[&typed[..], &[too_many]].concat()).ends(2).says(says);
        run(&[&line[..], &[&price(too_many)]].concat()).ends(2).says(says);
        run(&[&product[..], &[&price(too_many)]].concat()).ends(2).says(says);
    }
}

/// Nor does a payment that is sent in hundredths.
#[tokio::test]
async fn a_payment_in_cents_is_a_whole_amount_where_there_are_none() {
    let invoice = "invoice_id=1652300000";
    let share = |cents: &str| format!("apply_payments[1652300000]={cents}");
    for (symbol, is_whole) in [("JPY", true), ("KWD", false), ("$", false)] {
        let env = TestEnv::of(Setup::first(&[]));
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if what == "GET /settings" {
                answer["locale"]["currency_symbol"] = symbol.into();
            }
        })
        .await;
        let pay = |method: &str, path: &str, fields: &[&str]| {
            let fields = fields.iter().flat_map(|field| ["-F", *field]).collect::<Vec<_>>();
            let args = [&["api", method, path, "--dry-run"], &fields[..]].concat();
            env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())])
        };
        for (cents, of_it, fits) in
            [("1000", "1000", true), ("1050", "1050", !is_whole), ("2000", "1050", !is_whole)]
        {
            let (amount, of_it) = (format!("amount_cents={cents}"), share(of_it));
            let mut ran = vec![pay("POST", "payments", &[&amount, &of_it])];
            if cents != "2000" {
                ran.push(pay("POST", "payments", &[&amount, invoice]));
            }
            for ran in ran {
                if fits {
                    ran.ends(0);
                } else {
                    ran.ends(2).says("1050 has decimals, and the account's currency has none");
                }
            }
        }
        let whole = pay("POST", "payments", &["amount_cents=1000.5", invoice]);
        assert!(whole.ends(2).stderr.contains("amount_cents"), "{whole}");
    }
}

/// What is sent and printed as it came is the same in every currency.
#[test]
fn a_plan_is_the_same_in_every_currency() {
    let plan = |env: &TestEnv| {
        let ran = env.run(&bill(&["--dry-run", "--json"]));
        let json = ran.ends(0).json().unwrap();
        (json["writes"].clone(), env.run(&["invoice", "show", "67409", "--json"]).stdout)
    };
    let dollars = plan(&TestEnv::new());
    assert!(dollars.0.as_array().is_some_and(|writes| writes.len() > 2));
    assert_eq!(plan(&first("settings@*=currency:rand")), dollars);
    assert_eq!(plan(&first("settings@*=403")), dollars);
}

/// Nothing is invented for an account whose currency is not known.
#[test]
fn an_unknown_currency_has_no_symbol() {
    for (fault, asks) in [
        ("settings@*=403", 1),
        ("settings@*=404", 1),
        ("settings@*=currency:none", 1),
        ("settings@*=500-before", 2),
        ("settings@*=garbled", 2),
        ("settings@*=html-before", 2),
        ("settings@*=foreign", 1),
    ] {
        let env = first(fault);
        for _ in 0..2 {
            let ran = env.run(&["line", "list", "32178"]);
            shows(&ran, 0, &["134.50 uninvoiced"]);
            let cell = ran.stdout.split_whitespace().find(|cell| cell.ends_with("89.50"));
            assert_eq!(cell, Some("89.50"), "{fault}: {ran}");
        }
        // What is refused is not asked for again that day; what has failed is.
        assert_eq!(asked(&env).len(), asks, "{fault}");
        doctor::is(&env.run(&["doctor", "--json"]), "currency", "warning", &["without a symbol"]);
    }
}

#[test]
fn the_settings_cost_no_trip_and_nothing_where_no_money_is_shown() {
    let env = TestEnv::of(Setup::first(&["any@*=slow:100"]));
    for args in [
        &["tickets"][..],
        &["search", "till"],
        &["customers", "copper"],
        &["contact", "list", "--customer", "Copperkettle Bakery"],
        &["ticket", "32178", "--json"],
        &["product", "list", "--json"],
        &["api", "GET", "me"],
        &["timer", "list", "32175", "--json"],
        &["appointment", "list", "--json"],
        &["whoami"],
    ] {
        env.run(args).ends(0);
        assert!(asked(&env).is_empty(), "{args:?}");
    }
    let before = env.log().len();
    env.run(&["invoice", "show", "67409"]).ends(0);
    let lines = env.log();
    let settings = asked(&env);
    let end = lines[before..].iter().map(|line| line.ended_us).min();
    assert!(settings.len() == 1 && Some(settings[0].started_us) < end, "not beside the first read");
    env.run(&["ticket", "32178"]).ends(0);
    assert_eq!(asked(&env).len(), 1);
}

#[test]
fn a_slow_answer_is_not_waited_for() {
    let env = first("settings@*=hang-before");
    let began = std::time::Instant::now();
    let ran = env.run(&["line", "list", "32178"]);
    shows(&ran, 0, &["134.50"]);
    assert!(began.elapsed().as_secs_f32() < 4.9, "{:?}", began.elapsed());
}

#[test]
fn a_typed_amount_is_in_the_accounts_currency() {
    let line = ["line", "add", "32181", "--product", "17340021", "--dry-run", "--price"];
    let price = |env: &TestEnv, typed: &'static str| env.run(&[&line[..], &[typed]].concat());
    let env = first("settings@*=currency:rand");
    for typed in ["R95.50", "95.50", "95.50R", "R 95.50"] {
        shows(&price(&env, typed), 0, &["@ R95.50"]);
    }
    for (typed, why) in [
        ("$95.50", "the account's currency is R"),
        ("95.50 \u{20ac}", "the account's currency is R"),
        ("R1,500", "a decimal point"),
        ("R1.500", "whole cents"),
    ] {
        price(&env, typed).ends(2).says(why);
    }
    price(&first("settings@*=403"), "R95.50").ends(2).says("currency is not known");
    price(&TestEnv::new(), "$95.50").ends(0);
    price(&TestEnv::new(), "R95.50").ends(2).says("the account's currency is $");
    let update = ["line", "update", "32178", "2964400001", "--price", "$1", "--yes"];
    env.run(&update).ends(2).says("currency is R");
    let pay = ["payment", "add", "67409", "--amount", "$1", "--method", "Check", "--yes"];
    env.run(&pay).ends(2).says("currency is R");
    assert!(env.writes().is_empty());
}

#[test]
fn work_out_of_hours_is_asked_about() {
    const NOTE: &str = "outside business hours (Sat 20:10): emergency?";
    let add = |env: &TestEnv, more: &[&'static str]| {
        let add = ["timer", "add", "32181", "--minutes", "10", "--dry-run"];
        env.run(&[&add[..], more].concat()).ends(0).clone()
    };
    let asks = |ran: &Ran| ran.stdout.contains("business hours");
    let hours = "settings@*=business-hours";
    let env = first(hours);
    let saturday = ["--start", "2026-03-21 20:10"];
    let ran = add(&env, &saturday);
    assert!(ran.stdout.contains(NOTE), "{ran}");
    let json = add(&env, &[&saturday[..], &["--json"]].concat()).json().unwrap();
    assert_eq!(json["warnings"], json!([NOTE]));
    assert!(add(&env, &[&saturday[..], &["--labor", "remote"]].concat()).stdout.contains(NOTE));
    for quiet in [
        &["--start", "2026-03-20 16:59"][..],
        &["--start", "2026-03-21 20:10", "--labor", "emergency"],
    ] {
        assert!(!asks(&add(&env, quiet)), "{quiet:?}");
    }
    let bill = ["bill", "32181", "-t", "30", "-l", "remote", "-m", "Restored it", "--dry-run"];
    let bill = |at: &[&str]| env.run(&[&bill[..], at].concat()).ends(0).clone();
    let late = bill(&["--at", "2026-03-21 20:10"]);
    assert_eq!(late.stdout.matches(NOTE).count(), 1, "{late}");
    assert!(!asks(&bill(&["--at", "2026-03-20 16:59"])) && !asks(&bill(&[])));
    let logged = bill(&["--at", "2026-03-21 20:10", "--log-time"]);
    assert!(logged.stdout.contains(NOTE) && logged.stdout.contains("20:10"), "{logged}");
    // It is a note and no refusal.
    let visit = ["appointment", "add", "32181", "--start", "2030-06-01 20:10", "--dry-run"];
    assert!(asks(env.run(&visit).ends(0)));
    let start =
        ["timer", "add", "32181", "--minutes", "10", "--start", "2026-03-21 20:10", "--yes"];
    env.run(&start).ends(0).says(NOTE);
    // Where nobody bills emergencies, it is only asked about labor that is named.
    let setup = Setup { replace: vec![(EMERGENCY, String::new())], ..Setup::first(&[hours]) };
    let none = TestEnv::of(setup);
    assert!(!asks(&add(&none, &saturday)));
    assert!(asks(&add(&none, &[&saturday[..], &["--labor", "remote"]].concat())));
    // Hours that are not there, and that cannot be understood.
    for other in ["settings@*=currency:rand", "settings@*=business-hours:unclear", "settings@*=403"]
    {
        let friday = ["--start", "2026-03-20 22:10"];
        assert!(!asks(&add(&first(other), &friday)), "{other}");
    }
}

#[test]
fn time_that_is_billed_is_judged_by_its_own_start() {
    let env = first("settings@*=business-hours");
    // 20:10 on Saturday where the account is.
    let at = |from: &str, to: &str| json!({"start_at": from, "end_at": to, "product_id": 17_340_021, "notes": "Server down"});
    env.account().clock(32_181, &at("2026-03-22T01:10:00Z", "2026-03-22T01:40:00Z"));
    env.account().clock(32_181, &at("2026-03-22T03:10:00Z", "2026-03-22T03:40:00Z"));
    let bill = ["bill", "32181", "--from-timers", "--no-comment", "--dry-run"];
    let ran = env.run(&bill);
    let notes = ran.ends(0).stdout.matches("outside business hours (Sat 20:10): emergency?");
    assert_eq!(notes.count(), 1, "{ran}");
    assert_eq!(ran.stdout.matches("business hours").count(), 1, "{ran}");
}

#[test]
fn doctor_names_currency_zone_and_hours() {
    let env = first("settings@*=currency:rand");
    let ran = env.run(&["doctor", "--json"]);
    doctor::is(&ran, "currency", "ok", &["R, as in R1,234.50"]);
    doctor::is(&ran, "zone", "ok", &["America/Chicago"]);
    doctor::is(&ran, "business hours", "ok", &["none"]);
    // A key that may read the settings now is not held to what it could not read this morning.
    let mut env = first("settings@*=403");
    env.run(&["line", "list", "32178"]).ends(0);
    env.restart(&[]);
    let price = |env: &TestEnv| env.run(&["line", "list", "32178"]).stdout.contains("$134.50");
    assert!(!price(&env));
    env.run(&["doctor"]).ends(0);
    assert!(price(&env));
    let ran = first("settings@*=zone:oslo").run(&["doctor", "--json"]);
    doctor::is(&ran, "zone", "warning", &["Europe/Oslo", "America/Chicago", "timezone = "]);
    let ran = first("settings@*=business-hours").run(&["doctor", "--json"]);
    doctor::is(&ran, "business hours", "ok", &["Monday 08:00-17:00", "Saturday closed"]);
    let ran = first("settings@*=business-hours:unclear").run(&["doctor", "--json"]);
    doctor::is(&ran, "business hours", "warning", &["Monday 08:00-late"]);
}
