//! How much of clocked time is billable: one reading of a timer entry's mark, of what somebody has set and of what the
//! account counts, for pages, lists, reports, bills and charges.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use syncro::api::Record;
use syncro::api::resources::tickets::Timer;
use syncro::billing::quantity::{Minutes, Rounding};
use syncro::render::timer::waiting;

use crate::support::{Account, Altered, MESSAGE, Ran, Setup, TestEnv, money, ticket_id};

/// 45 minutes of remote labor wait in [`ENTRY`].
const TERMINAL: i64 = 32_168;
const ENTRY: &str = "48700003";

const BILL: [&str; 5] = ["bill", "32168", "--from-timers", "-m", MESSAGE];
const CHARGE: [&str; 3] = ["timer", "charge", "32168"];

/// The row of the ticket in the report of what waits.
fn reported(env: &TestEnv, there: &[(&str, &str)]) -> Value {
    let ran = env.run_with(&["report", "uninvoiced", "--since", "2026-01-01", "--json"], there);
    ran.ends(0);
    let json = ran.json().unwrap();
    let mut rows = json["rows"].as_array().unwrap().iter();
    rows.find(|row| row["ticket"] == "32168").unwrap().clone()
}

/// Marked by somebody through the API, an entry is not billed without a word, whatever time the account counts beside it.
#[test]
fn a_mark_counts_whatever_is_counted_beside_it() {
    for (faults, counted) in [(&[][..], 2700), (&["timer-billable=uncounted"], 0)] {
        for command in [&BILL[..], &CHARGE] {
            let env = TestEnv::with(faults);
            let path = format!("ticket_timers/{ENTRY}");
            env.run(&["api", "PATCH", &path, "-F", "billable=false", "--yes"]).ends(0);
            let entry = env.account().timers(TERMINAL).remove(0);
            assert_eq!(
                (&entry["billable"], &entry["billable_time"]),
                (&json!(false), &json!(counted))
            );
            for page in [&["ticket", "32168"][..], &["timer", "list", "32168"]] {
                let ran = env.run(page);
                assert!(ran.stdout.contains("not billable"), "{ran}");
                assert!(!ran.stdout.contains("not charged"), "{ran}");
            }
            let row = reported(&env, &[]);
            assert_eq!((&row["hours"], &row["hours_unmarked"]), (&json!("0.00"), &json!("0.75")));
            let before = env.writes().len();
            let charge = format!("tickets/{}/charge_timer_entry", ticket_id(TERMINAL));
            let entry = format!("timer_entry_id={ENTRY}");
            for refused in [command, &["api", "POST", &charge, "-F", &entry]] {
                let ran = env.run(&[refused, &["--yes"]].concat());
                ran.ends(5).says("45 min) is marked as not billable").says("--not-billable");
            }
            assert_eq!(env.writes().len(), before);
            env.run(&[command, &["--yes", "--not-billable"]].concat()).ends(0);
            assert_eq!(quantities(&env), ["0.75"]);
        }
    }
}

fn quantities(env: &TestEnv) -> Vec<String> {
    let lines = env.state(TERMINAL).lines;
    lines.iter().map(|line| money(&line["quantity"]).normalize().to_string()).collect()
}

/// Has somebody set how many seconds of the entry are billable.
fn set(env: &TestEnv, seconds: &Value) {
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TERMINAL));
    let body = json!({"timer_entry_id": 48_700_003, "billable_override": seconds});
    env.account().write("PUT", &path, &body);
}

/// What is set is what the report counts, what the page shows, and what is billed.
#[test]
fn what_is_set_is_what_is_billed() {
    for command in [&BILL[..], &CHARGE] {
        let env = TestEnv::new();
        set(&env, &json!(1200));
        assert_eq!(env.account().timers(TERMINAL)[0]["active_duration"], 2700);
        for page in [&["ticket", "32168"][..], &["timer", "list", "32168"]] {
            let ran = env.run(page);
            assert!(ran.stdout.contains("20 min of 45 min"), "{ran}");
            assert!(ran.stdout.contains("20 min in 1 timer entry"), "{ran}");
        }
        let row = reported(&env, &[]);
        assert_eq!((&row["hours"], &row["value"]), (&json!("0.33"), &json!("40.00")));
        let dry = env.run(&[command, &["--dry-run"]].concat());
        dry.ends(0);
        for says in ["0.3333 x Labor - Remote @ $120.00 = $40.00", "45 min -> 20 min, billable"] {
            assert!(dry.stdout.contains(says), "{says}: {dry}");
        }
        env.run(&[command, &["--yes"]].concat()).ends(0);
        assert_eq!(quantities(&env), ["0.3333"]);
    }
    let env = TestEnv::new();
    set(&env, &json!(1200));
    let charge = format!("tickets/{}/charge_timer_entry", ticket_id(TERMINAL));
    let entry = format!("timer_entry_id={ENTRY}");
    let ran = env.run(&["api", "POST", &charge, "-F", &entry, "--dry-run"]);
    ran.ends(0);
    assert!(ran.stdout.contains("0.33 x Labor - Remote"), "{ran}");
    assert!(ran.stdout.contains("20 min of 45 min billable"), "{ran}");
    let ran = env.run(&["bill", "32168", "-t", "30", "-l", "remote", "-m", MESSAGE, "--yes"]);
    ran.ends(5).says("20 min in 1 timer entry").says("--leave-timers");
    let ran = env.run(&["timer", "delete", "32168", ENTRY, "--dry-run"]);
    assert!(ran.stdout.contains("20 min of stopped time, not charged yet, is lost"), "{ran}");
}

/// What the account counts as billable of its own accord is read as what somebody has set.
#[tokio::test]
async fn what_is_counted_is_what_is_billed() {
    for command in [&BILL[..], &CHARGE] {
        let env = TestEnv::new();
        let account = Account::new(env.base(), syncro::sandbox::KEY);
        let server = Altered::telling(account, |_, _, answer| {
            timers(answer, &|timer| {
                if timer["id"] == 48_700_003 {
                    timer["billable_time"] = json!(1200);
                }
            });
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        for page in [&["ticket", "32168"][..], &["timer", "list", "32168"]] {
            let ran = env.run_with(page, &there);
            assert!(ran.ends(0).stdout.contains("20 min of 45 min"), "{ran}");
        }
        assert_eq!(reported(&env, &there)["hours"], json!("0.33"));
        let dry = env.run_with(&[command, &["--dry-run"]].concat(), &there);
        for says in ["0.3333 x Labor - Remote @ $120.00 = $40.00", "20 min of 45 min billable"] {
            assert!(dry.ends(0).stdout.contains(says), "{says}: {dry}");
        }
        let ran = env.run_with(&[command, &["--yes"]].concat(), &there);
        ran.ends(0).says("as 0.75 hours, not 0.3333");
        assert_eq!(quantities(&env), ["0.3333"]);
    }
}

/// Nothing that is set is nothing billable: that is asked about, and then it is all.
#[test]
fn nothing_that_is_set_is_not_billable() {
    let env = TestEnv::new();
    set(&env, &json!(0));
    let row = reported(&env, &[]);
    assert_eq!((&row["hours"], &row["hours_unmarked"]), (&json!("0.00"), &json!("0.75")));
    env.run(&[&BILL[..], &["--yes"]].concat()).ends(5).says("--not-billable");
    env.run(&[&BILL[..], &["--yes", "--not-billable"]].concat()).ends(0);
    assert_eq!(quantities(&env), ["0.75"]);
}

fn timers(value: &mut Value, change: &dyn Fn(&mut Value)) {
    match value {
        Value::Object(_) if value.get("recorded").is_some() => change(value),
        Value::Object(fields) => fields.values_mut().for_each(|one| timers(one, change)),
        Value::Array(all) => all.iter_mut().for_each(|one| timers(one, change)),
        _ => {}
    }
}

fn bill_at(env: &TestEnv, server: &Altered, more: &[&str]) -> Ran {
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    env.run_with(&[&BILL[..], more].concat(), &there)
}

/// An account that charges all the time all the same has its line corrected: to what was previewed, and no rounding is seen
/// in it.
#[tokio::test]
async fn an_account_that_charges_all_of_it_is_corrected() {
    let env = TestEnv::new();
    let server = Altered::telling(env.account(), |_, _, answer| {
        timers(answer, &|timer| {
            if timer["id"] == 48_700_003 {
                timer["billable_override"] = json!(1800);
            }
        });
    })
    .await;
    let ran = bill_at(&env, &server, &["--yes"]);
    ran.ends(0).says("as 0.75 hours, not 0.5");
    assert!(!ran.stderr.contains("kept Syncro's rounding"), "{ran}");
    assert_eq!(quantities(&env), ["0.5"]);
}

/// What is set cannot be read: nothing rests on it.
#[tokio::test]
async fn what_is_set_and_cannot_be_read_bills_nothing() {
    let env = TestEnv::new();
    for odd in [json!("20 min"), json!("1,200"), json!({"seconds": 1200}), json!(-1200)] {
        let told = odd.clone();
        let server = Altered::telling(env.account(), move |_, _, answer| {
            timers(answer, &|timer| timer["billable_override"] = told.clone());
        })
        .await;
        let ran = bill_at(&env, &server, &["--yes"]);
        assert_eq!(ran.code, 5, "{odd}: {ran}");
        assert!(env.writes().is_empty(), "{odd}: {ran}");
    }
}

/// What is billable is what the account and the labor type round, not what was spent.
#[test]
fn what_is_set_is_what_is_rounded() {
    let id = "product_id = 17340021";
    for (faults, replace, says, quantity) in [
        (vec!["timer-charge=rounded-up".to_owned()], Vec::new(), "kept Syncro's rounding", "0.5"),
        (
            vec!["timer-charge=rounded-down".to_owned()],
            Vec::new(),
            "kept Syncro's rounding",
            "0.25",
        ),
        (
            Vec::new(),
            vec![(id, format!("{id}\nincrement = \"15m\""))],
            "45 min -> 20 min, billable; 20 min -> 30 min, in steps of 15 min",
            "0.5",
        ),
    ] {
        let setup = Setup { faults, replace, ..Setup::default() };
        let (env, ()) = TestEnv::prepared(setup, |env| set(env, &json!(1200)));
        env.run(&[&CHARGE[..], &["--yes"]].concat()).ends(0).says(says);
        assert_eq!(quantities(&env), [quantity]);
    }
}

/// Who removes the line that an entry became is told that its time is billed nowhere then, and asked.
#[test]
fn the_line_of_charged_time_is_not_removed_without_a_word() {
    let env = TestEnv::new();
    env.run(&[&CHARGE[..], &["--yes"]].concat()).ends(0);
    let line = env.state(TERMINAL).lines[0]["id"].to_string();
    let path = format!("tickets/{}/remove_line_item", ticket_id(TERMINAL));
    let body = format!("ticket_line_item_id={line}");
    let typed = ["line", "remove", "32168", &line];
    let says = format!(
        "imer entry {ENTRY} is already charged; line item {line} would go, and its time would not be billed"
    );
    let writes = env.writes().len();
    for removal in [&typed[..], &["api", "POST", &path, "-F", &body]] {
        let ran = env.run(&[removal, &["--yes"]].concat());
        ran.ends(5).says(&says).says("--charged-timer");
        let plan = env.run(&[removal, &["--dry-run"]].concat());
        assert!(
            plan.ends(0).stdout.contains("bill its time again: syncro line add 32168"),
            "{plan}"
        );
    }
    assert_eq!(env.writes().len(), writes);
    env.run(&[&typed[..], &["--yes", "--charged-timer"]].concat()).ends(0);
    assert!(env.state(TERMINAL).lines.is_empty());
    // A line that no time became is removed as ever.
    env.account().line(TERMINAL, "1", "20", "Cable");
    let line = env.state(TERMINAL).lines[0]["id"].to_string();
    env.run(&["line", "remove", "32168", &line, "--yes"]).ends(0);
}

/// Of an entry that names no line, one that its charge may have made is asked about, and no other.
#[test]
fn a_line_that_may_be_of_charged_time_is_asked_about() {
    let env = TestEnv::with(&["timer-charge=unnamed"]);
    env.run(&[&CHARGE[..], &["--yes"]].concat()).ends(0);
    let line = |quantity: &str, text: &str| {
        env.account().line(TERMINAL, quantity, "120", text)["id"].to_string()
    };
    let made = env.state(TERMINAL).lines[0]["id"].to_string();
    let (as_long, as_said) =
        (line("0.75", "Cabling"), line("2", "Moved the terminal to another port"));
    let other = line("2", "Cabling");
    let says = format!("imer entry {ENTRY} is already charged; its line item may be this one");
    for one in [made, as_long, as_said] {
        let removal = ["line", "remove", "32168", &one];
        env.run(&[&removal[..], &["--yes"]].concat()).ends(5).says(&says).says("--charged-timer");
        let plan = env.run(&[&removal[..], &["--dry-run"]].concat());
        assert!(plan.ends(0).stdout.contains("to bill its time again"), "{plan}");
    }
    env.run(&["line", "remove", "32168", &other, "--yes"]).ends(0);
}

proptest! {
    /// Against whole seconds, calculated here.
    #[test]
    fn billable_time_is_one_sum(
        worked in 0u64..200_000,
        active in prop::option::of(0u64..200_000),
        counted in prop::option::of(prop_oneof![Just(0u64), 1u64..200_000]),
        set in prop::option::of(prop_oneof![Just(0u64), 1u64..200_000]),
        mark in prop::option::of(any::<bool>()),
        minimum in prop::option::of(1u64..120),
        increment in prop::option::of(1u64..120),
    ) {
        let start: Timestamp = "2026-03-17T02:00:00Z".parse().unwrap();
        let end = start + SignedDuration::from_secs(worked.try_into().unwrap());
        let entry = json!({
            "id": 1, "start_time": start.to_string(), "end_time": end.to_string(), "recorded": false,
            "billable": mark, "active_duration": active, "billable_time": counted,
            "billable_override": set,
        });
        let timer = Record::<Timer>::read(entry).unwrap();
        let spent = active.unwrap_or(worked);
        let stated = set.or(counted);
        let billable = match (active, stated) {
            (Some(_), Some(seconds)) if seconds > 0 => seconds,
            _ => spent,
        };
        let is_free = mark == Some(false)
            || set == Some(0)
            || set.is_none() && counted == Some(0) && spent > 0;
        prop_assert_eq!(timer.seconds(), Some(spent));
        prop_assert_eq!(timer.billable_seconds(), Some(billable));
        prop_assert_eq!(timer.is_not_billable(), is_free);
        prop_assert_eq!(timer.is_owed(), spent > 0 && !is_free);
        // What waits is what is billed, and a bill of it comes to those seconds, half up, in ten thousandths of an hour.
        prop_assert_eq!(waiting([&timer]).is_some(), spent > 0 && !is_free);
        let Some(minutes) = Minutes::of_seconds(billable) else {
            prop_assert_eq!(billable, 0);
            return Ok(());
        };
        let parts = |seconds: u64| Decimal::from((seconds * 20_000 + 3600) / 7200) / Decimal::from(10_000);
        prop_assert_eq!(minutes.quantity(Decimal::ONE), parts(billable));
        let typed = |minutes: Option<u64>| minutes.map(|one| format!("{one}m").parse().unwrap());
        let rounding = Rounding { minimum: typed(minimum), increment: typed(increment) };
        let step = increment.map_or(1, |step| step * 60);
        let rounded = billable.div_ceil(step) * step;
        let rounded = rounded.max(minimum.map_or(0, |least| least * 60));
        prop_assert_eq!(rounding.up(minutes).0.quantity(Decimal::ONE), parts(rounded));
    }
}
