//! `timer charge`: what is sold for which time, and what it refuses.

use super::*;
use crate::support::Altered;

/// What the ticket's only line says.
#[track_caller]
fn sold(env: &TestEnv, number: i64, product: i64, quantity: &str, price: i64, description: &str) {
    let state = env.state(number);
    assert_eq!(state.lines.len(), 1, "{:?}", state.lines);
    let line = &state.lines[0];
    assert_eq!(line["product_id"], product, "{line}");
    assert_eq!(money(&line["quantity"]), quantity.parse::<Decimal>().unwrap(), "{line}");
    assert_eq!(money(&line["price_retail"]), Decimal::from(price), "{line}");
    assert_eq!(line["description"], description, "{line}");
    assert_eq!(line["taxable"], false, "{line}");
    let name = if product == REMOTE { "Labor - Remote" } else { "Labor - Onsite" };
    assert_eq!(line["name"], name, "{line}");
}

#[test]
fn charged_it_is_a_line_item() {
    let env = TestEnv::new();
    let ran = timer(&env, "charge", TERMINAL, &[]);
    ran.ends(0);
    sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
    let timers = env.account().timers(TERMINAL);
    assert_eq!(timers[0]["recorded"], true);
    let json = ran.json().unwrap();
    assert_eq!(json["line_items"], json!(env.state(TERMINAL).lines));
    assert_eq!(json["writes"][0]["id"], timers[0]["ticket_line_item_id"]);
    // Nothing was missing, so nothing was mended, and one look has shown both.
    let log = env.log();
    let sent = log.iter().position(|line| line.method == "POST").unwrap();
    assert_eq!(log.len(), sent + 2, "{:?}", log[sent..].iter().map(crate::support::Line::what));
    assert_eq!(env.writes().len(), 1);
    assert!(env.state(TERMINAL).invoices.is_empty());
}

#[test]
fn what_the_server_drops_is_mended() {
    for fault in ["lost-product", "lost-price", "unnamed"] {
        let env = TestEnv::with(&[&format!("timer-charge={fault}")]);
        let ran = timer(&env, "charge", TERMINAL, &[]);
        ran.ends(0);
        sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
        let json = ran.json().unwrap();
        assert_eq!(json["line_items"], json!(env.state(TERMINAL).lines), "{fault}");
        let writes = if fault == "unnamed" { 1 } else { 2 };
        assert_eq!(env.writes().len(), writes, "{fault}: {ran}");
    }
    // Its own rounding, too: 25 minutes are no 0.42 hours.
    let env = TestEnv::new();
    let own = id(&env, STARTER, 0);
    timer(&env, "charge", STARTER, &[&own]).ends(0);
    sold(&env, STARTER, REMOTE, "0.4167", 120, "Account and mailbox");
}

#[test]
fn several_are_charged_in_one_plan() {
    let env = TestEnv::with(&["timer-charge@2=lost-product"]);
    let (one, other) = (id(&env, STARTER, 0), id(&env, STARTER, 1));
    let ran = timer(&env, "charge", STARTER, &[]);
    refused(&env, &ran, 2, "--all");
    ran.says(&one).says(&other);
    let ran = timer(&env, "charge", STARTER, &["--all"]);
    ran.ends(0);
    let lines = env.state(STARTER).lines;
    let figures: Vec<_> = lines
        .iter()
        .map(|line| {
            (line["product_id"].as_i64(), money(&line["quantity"]), money(&line["price_retail"]))
        })
        .collect();
    let wanted = |product, quantity: &str, price| {
        (Some(product), quantity.parse().unwrap(), Decimal::from(price))
    };
    assert_eq!(figures, [wanted(REMOTE, "0.4167", 120), wanted(ONSITE, "1.1667", 150)]);
    let timers = env.account().timers(STARTER);
    assert!(timers.iter().all(|timer| timer["recorded"] == true));
    assert_eq!(timers[1]["user_id"], COLLEAGUE);

    // The one that is named, and named twice.
    let env = TestEnv::new();
    timer(&env, "charge", STARTER, &[&other, &other]).ends(0);
    let timers = env.account().timers(STARTER);
    assert_eq!((&timers[0]["recorded"], &timers[1]["recorded"]), (&json!(false), &json!(true)));
}

#[test]
fn what_it_is_sold_as_is_never_guessed() {
    let env = TestEnv::new();
    let ran = timer(&env, "charge", PLOTTER, &[]);
    refused(&env, &ran, 2, "--labor NAME");
    ran.says("--product ID");
    timer(&env, "charge", PLOTTER, &["--labor", "onsite"]).ends(0);
    sold(&env, PLOTTER, ONSITE, "0.3333", 150, "Cleared the queue");
    let env = TestEnv::new();
    timer(&env, "charge", PLOTTER, &["--product", "17340021"]).ends(0);
    sold(&env, PLOTTER, REMOTE, "0.3333", 120, "Cleared the queue");
    // An entry's own product stands above what is said for those without one.
    let env = TestEnv::new();
    timer(&env, "charge", TERMINAL, &["--labor", "onsite"]).ends(0);
    sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
}

#[test]
fn a_pinned_rate_is_the_price_and_two_types_of_one_product_are_asked_about() {
    let pinned = || Setup {
        replace: vec![("17340021", "17340021\nrate = \"99.50\"".to_owned())],
        ..Setup::default()
    };
    let env = TestEnv::of(pinned());
    timer(&env, "charge", TERMINAL, &[]).ends(0);
    assert_eq!(money(&env.state(TERMINAL).lines[0]["price_retail"]), "99.5".parse().unwrap());
    let twin = "17340021\n\n[labor.night]\nproduct_id = 17340021\nrate = \"180\"".to_owned();
    let env = TestEnv::of(Setup { replace: vec![("17340021", twin)], ..Setup::default() });
    refused(&env, &timer(&env, "charge", TERMINAL, &[]), 2, "remote, night");
    timer(&env, "charge", TERMINAL, &["--labor", "night"]).ends(0);
    sold(&env, TERMINAL, REMOTE, "0.75", 180, MOVED);
}

#[test]
fn emergency_for_a_prepaid_customer_is_the_base_at_half_again() {
    let env = TestEnv::new();
    let fields = json!({
        "start_at": "2026-03-17T02:00:00Z", "duration_minutes": 60, "product_id": 17_340_023, "notes": "Switch replaced",
    });
    env.account().clock(32_180, &fields);
    timer(&env, "charge", 32_180, &[]).ends(0).says("prepaid hours");
    sold(&env, 32_180, ONSITE, "1.5", 150, "Switch replaced");
}

#[test]
fn charged_time_is_never_charged_again() {
    let env = TestEnv::new();
    let own = id(&env, TERMINAL, 0);
    timer(&env, "charge", TERMINAL, &[]).ends(0);
    let (lines, writes) = (env.state(TERMINAL).lines, env.writes().len());
    for more in [vec![], vec!["--all"], vec![own.as_str()]] {
        let ran = timer(&env, "charge", TERMINAL, &more);
        ran.ends(5);
        assert!(!ran.stderr.contains("to proceed anyway"), "no flag overrides it: {ran}");
    }
    timer(&env, "charge", TERMINAL, &[&own]).ends(5).says("already charged");
    assert_eq!((env.state(TERMINAL).lines, env.writes().len()), (lines, writes));
}

#[test]
fn two_at_once_charge_once() {
    let env = TestEnv::with(&["any@*=slow:30"]);
    let args = ["timer", "charge", "32168", "--yes", "--json"];
    let runs = [env.spawn(&args), env.spawn(&args), env.spawn(&args)];
    let mut codes = runs.map(|run| run.wait().code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 5, 5]);
    sold(&env, TERMINAL, REMOTE, "0.75", 120, MOVED);
}

#[test]
fn what_cannot_be_charged() {
    let env = TestEnv::new();
    let charge = |number, more: &[&str]| timer(&env, "charge", number, more);
    refused(&env, &charge(TILL, &[]), 5, "no uncharged stopped time");
    refused(&env, &charge(TERMINAL, &["7"]), 3, "no timer entry 7");
    let running = id(&env, BACKUP, 0);
    refused(&env, &charge(BACKUP, &[&running]), 5, "timer stop 32159");
    refused(&env, &charge(BACKUP, &["--all"]), 5, "timer stop 32159");
    refused(&env, &charge(TERMINAL, &["--labor", "travel"]), 2, "billed by unit");
    refused(&env, &charge(TERMINAL, &["7", "--all"]), 2, "cannot be used with");
    refused(&env, &charge(PLOTTER, &["--product", "4"]), 3, "products/4");
    let fields =
        json!({"start_at": "2026-03-17T02:00:00Z", "duration_minutes": 0, "product_id": REMOTE});
    let nothing = env.account().clock(TILL, &fields)["id"].to_string();
    refused(&env, &charge(TILL, &[&nothing]), 5, "no duration");
    refused(&env, &charge(TILL, &["--all"]), 5, "no uncharged stopped time");
}

#[test]
fn the_guards_of_a_bill_hold() {
    let env = TestEnv::new();
    let other = env.account().clock(
        TILL,
        &json!({"start_at": "2026-03-17T02:00:00Z", "duration_minutes": 13 * 60, "product_id": REMOTE, "notes": "n"}),
    );
    guarded(&env, "--large", |more| timer(&env, "charge", TILL, more));
    assert_eq!(env.account().timers(TILL)[0]["id"], other["id"]);
    let env = TestEnv::new();
    env.account().line(TERMINAL, "0.75", "120", MOVED);
    guarded(&env, "--same-line", |more| timer(&env, "charge", TERMINAL, more));
    let env = TestEnv::new();
    env.account().write("PUT", "/products/17340021", &json!({"price_retail": 0}));
    guarded(&env, "--zero", |more| timer(&env, "charge", TERMINAL, more));
    let env = TestEnv::new();
    let secret = json!({
        "start_at": "2026-03-17T02:00:00Z", "duration_minutes": 5, "product_id": REMOTE,
        "notes": "The new password: Hunter2-again",
    });
    env.account().clock(TILL, &secret);
    guarded(&env, "--allow-secrets", |more| timer(&env, "charge", TILL, more));
    let env = TestEnv::new();
    for (product, start) in [(17_340_023, "2026-03-17T02:00:00Z"), (ONSITE, "2026-03-17T05:00:00Z")]
    {
        let fields = json!({"start_at": start, "duration_minutes": 30, "product_id": product});
        env.account().clock(TILL, &fields);
    }
    guarded(&env, "--stacked", |more| timer(&env, "charge", TILL, &[&["--all"], more].concat()));
}

/// A timer that was forgotten for days is asked about wherever it is charged, whatever it is sold as.
#[test]
fn days_that_a_timer_ran_are_asked_about_however_they_are_charged() {
    let clocked = |env: &TestEnv, product: i64| {
        let fields = json!({
            "start_at": "2026-03-13T02:00:00Z", "duration_minutes": 80 * 60, "product_id": product, "notes": "n",
        });
        env.account().clock(TILL, &fields)["id"].to_string()
    };
    // Remote labor, of which the sum is large, too, and a cable.
    for (product, says) in [
        (REMOTE, "$9,600.00 is more than $5,000.00"),
        (17_340_102, "80 h is unusually long (more than 12 hours)"),
    ] {
        let (env, entry) = TestEnv::prepared(Setup::default(), |env| clocked(env, product));
        let entry = format!("timer_entry_id={entry}");
        let path = format!("tickets/{}/charge_timer_entry", ticket_id(TILL));
        for args in [
            &["api", "POST", &path, "-F", &entry][..],
            &["timer", "charge", "32181"],
            &["bill", "32181", "--from-timers", "-m", "Spool"],
        ] {
            let ran = env.run(&[args, &["--yes"]].concat());
            ran.ends(5).says(says).says("--large");
            assert!(env.writes().is_empty(), "{ran}");
        }
    }
}

#[test]
fn a_dry_run_shows_what_belongs_to_what() {
    let env = TestEnv::new();
    let ran = env.run(&["timer", "charge", "32165", "--all", "--dry-run"]);
    ran.ends(0);
    for shown in ["{charge.id}", "{charge.2.id}", "0.4167", "dry run: nothing was sent"] {
        assert!(ran.stdout.contains(shown), "{shown}: {ran}");
    }
    let own = id(&env, TERMINAL, 0);
    let running = id(&env, BACKUP, 0);
    for args in [
        vec!["timer", "start", "32181"],
        vec!["timer", "stop", "32159", &running],
        vec!["timer", "add", "32181", "--minutes", "5"],
        vec!["timer", "update", "32168", &own, "--minutes", "5"],
        vec!["timer", "charge", "32168"],
        vec!["timer", "delete", "32168", &own],
    ] {
        // Nobody to confirm it: refused before the first request, or where all may be so already, after the reads.
        let before = env.log().len();
        env.run(&args).ends(2).says("--yes");
        let has_read = env.log().len() > before;
        assert_eq!(has_read, args[1] == "update", "{args:?}");
        let ran = env.run(&[args.as_slice(), &["--dry-run", "--json"]].concat());
        assert_eq!(ran.ends(0).json().unwrap()["outcome"], "dry_run", "{args:?}");
    }
    assert!(env.writes().is_empty());
}

/// An entry that names its line is charged, marked or not; of one whose line cannot be read nobody knows whether it is.
/// Nothing bills either again.
#[tokio::test]
async fn an_entry_that_names_its_line_is_charged() {
    let env = TestEnv::new();
    timer(&env, "charge", TERMINAL, &[]).ends(0);
    let mut ticket = env.account().get(&format!("/tickets/{}", ticket_id(TERMINAL)));
    let entry = ticket["ticket"]["ticket_timers"][0].clone();
    let (id, line) = (&entry["id"], &entry["ticket_line_item_id"]);
    let charged = format!("timer entry {id} is already charged (line item {line})");
    let unclear = format!("cannot read ticket_line_item_id \"nine\" of timer entry {id}");
    let number = TERMINAL.to_string();
    for (named, charge, bill, state) in [
        (line.clone(), &charged, "has no uncharged stopped time", "charged"),
        (json!("nine"), &unclear, &unclear, "unreadable"),
    ] {
        let entry = &mut ticket["ticket"]["ticket_timers"][0];
        (entry["recorded"], entry["ticket_line_item_id"]) = (json!(false), named);
        let server = Altered::of(env.account(), |_, _| ()).await;
        let path = format!("/tickets/{}", ticket_id(TERMINAL));
        server.answering(("GET", &path), 200, &ticket).await;
        let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
        run(&["timer", "charge", &number, &id.to_string(), "--yes"]).ends(5).says(charge);
        let ran = run(&["bill", &number, "--from-timers", "-m", MOVED, "--yes"]);
        ran.ends(5).says(bill);
        let list = run(&["timer", "list", &number]);
        let shown = &list.ends(0).stdout;
        assert!(shown.contains(state) && !shown.contains("not charged"), "{list}");
    }
    assert_eq!(env.writes().len(), 1);
}

/// On a terminal it is asked what time is sold as of which nobody has said so, as for any other bill; a script is told the flag.
#[cfg(unix)]
#[test]
fn a_person_is_asked_what_time_is_sold_as() {
    let bill = ["bill", "32162", "--from-timers"];
    for (typed, comment) in [
        (&["timer", "charge", "32162"][..], None),
        (&bill, Some("")),
        (&[&bill[..], &["-m", "Cleared the queue"]].concat(), None),
    ] {
        let script = TestEnv::new();
        let ran = script
            .run(&[typed, &["--yes", "-m", "x"][..if comment.is_some() { 3 } else { 1 }]].concat());
        ran.ends(2).says("has no product").says("--labor NAME");
        assert!(script.writes().is_empty());
        let env = TestEnv::new();
        let mut terminal = env.terminal(typed);
        let list = terminal.expect("Labor type [1-");
        assert!(list.contains("onsite: $150.00 an hour"), "{list}");
        assert!(!list.contains("travel") && !list.contains("Comment ("), "{list}");
        terminal.reply("Labor type [1-", "onsite");
        if comment.is_some() {
            terminal.answer("Comment (Enter opens the editor):", "Cleared the queue");
        }
        terminal.answer("[y/N/p", "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        sold(&env, PLOTTER, ONSITE, "0.3333", 150, "Cleared the queue");
    }
    // What was said is not asked.
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["timer", "charge", "32162", "--product", "17340021"]);
    assert!(!terminal.expect("[y/N/p").contains("Labor type ["), "{}", terminal.shown());
}
