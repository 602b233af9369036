//! The worked example of the report, the examples of its formulas, and what becomes of it when a field is another or not there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use jiff::civil::date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::super::Office;
use super::super::time_rows::MEMBERS;
use super::*;
use crate::api::resources::timelogs::Timelog;
use crate::reports::kept;

const EXAMPLE: &str = include_str!("fixtures/time.json");

/// The example, changed.
fn example(change: impl Fn(&mut Value)) -> Value {
    let mut account = serde_json::from_str(EXAMPLE).unwrap();
    change(&mut account);
    account
}

fn records<T: serde::de::DeserializeOwned>(account: &Value, part: &str) -> Option<Vec<Record<T>>> {
    let all = account[part].as_array().unwrap().iter().cloned();
    all.map(|raw| Record::read(raw).ok()).collect()
}

/// What is asked for: whose time, by what, and whether it is that of one customer.
#[derive(Clone, Copy, Default)]
struct Asked {
    user: Option<UserId>,
    by: By,
    is_part: bool,
}

/// The report of an account at noon of Thursday, 2026-11-26, from Monday on; none where a record of it is none.
fn asked(account: &Value, asked: Asked) -> Option<Report> {
    let timers = records(account, "ticket_timers")?;
    let tickets = account["tickets"].as_array().unwrap().iter().cloned();
    let tickets: Option<Vec<_>> =
        tickets.map(|raw| Record::of_part(raw, &kept::TICKET).ok()).collect();
    let tickets = tickets?;
    let logs: Vec<Record<Timelog>> = records(account, "timelogs")?;
    let product = |(id, category): (u64, &str)| {
        let raw =
            json!({"id": id, "name": "One", "product_category": category, "price_retail": 1.0});
        (ProductId(id), Record::read(raw).unwrap())
    };
    let products = [(55, "Labor"), (77, "Hardware")].map(product).into();
    let now = date(2026, 11, 26).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    let day_hours = Decimal::from(8);
    let office = Office { logs: &logs, misses: false, hours: None, day_hours };
    let whose = Wanted { user: asked.user, first: date(2026, 11, 23), last: now.date() };
    let input = Input {
        timers: &timers,
        tickets: &tickets,
        products: &products,
        labor_types: &[],
        office: (!asked.is_part).then_some(&office),
        whose,
        by: asked.by,
        now: &now,
    };
    let ids = undecided(&tickets, whose, &now);
    assert!(ids.iter().all(|id| products.contains_key(id)), "{ids:?}");
    let mut report = report(&input, LeftOut::default());
    report.name(|id| Some(if id == UserId(1) { "Ash" } else { "Birch" }.to_owned()));
    Some(report)
}

fn of(account: &Value) -> Report {
    asked(account, Asked::default()).unwrap()
}

fn rows<const N: usize>(report: &Report, members: [&str; N]) -> Vec<Value> {
    let row = |row: &Row| {
        let json = row.json("syncro");
        Value::from(members.map(|name| json[name].clone()).to_vec())
    };
    report.rows.iter().map(row).collect()
}

fn all(report: &Report) -> Value {
    let rows: Vec<Value> = report.rows.iter().map(|row| row.json("syncro")).collect();
    json!([rows, report.totals_json(), report.left_out.json()])
}

#[test]
fn the_worked_example() {
    let report = of(&example(|_| ()));
    let told = ["user", "day", "logged", "charged", "invoiced", "not_billable", "running"];
    let (mon, tue, wed, thu) = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26");
    assert_eq!(
        rows(&report, told),
        [
            json!(["Ash", tue, "2.50", "1.50", "1.00", "0.00", "0.00"]),
            // What began before midnight is on the day on which it began.
            json!(["Ash", wed, "1.50", "0.50", "0.00", "1.00", "0.00"]),
            json!(["Ash", thu, "0.00", "0.00", "0.00", "0.00", "3.00"]),
            json!(["Birch", mon, "0.00", "0.00", "0.00", "0.00", "0.00"]),
            json!(["Birch", tue, "0.00", "0.00", "0.00", "0.00", "0.00"]),
            json!(["Birch", wed, "0.50", "0.00", "0.00", "0.00", "0.00"]),
            json!(["Birch", thu, "0.00", "0.00", "0.00", "0.00", "0.00"]),
        ]
    );
    assert_eq!(
        rows(&report, ["lines_without_entry", "clocked", "utilisation", "at_least"]),
        [
            // Which line the third entry became nobody can tell.
            json!(["0.75", "7.50", "43.3", ["invoiced"]]),
            json!(["0.00", "8.00", "6.3", []]),
            json!(["0.00", "3.00", "0.0", []]),
            json!(["0.00", "8.00", "0.0", []]),
            json!(["0.00", "8.00", "0.0", []]),
            json!(["0.25", "8.00", "9.4", []]),
            json!(["0.00", "8.00", "0.0", []]),
        ]
    );
    let notes: Vec<Value> =
        rows(&report, ["notes"]).into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(
        notes[..4],
        [
            json!(["15 min twice", "no entry 11:30-12:00", "no entry 12:30-17:00"]),
            json!(["no entry 09:00-10:00", "no entry 11:00-17:00"]),
            json!(["running since 09:00"]),
            json!([]),
        ]
    );
    let found: Vec<bool> = report.rows.iter().map(Row::is_finding).collect();
    assert_eq!(found, [true, false, false, false, false, true, false]);
    let mend = "syncro report time --user 1 --since 2026-11-24 --until 2026-11-24 --by ticket";
    let row = report.rows[0].json("syncro");
    assert_eq!(row["mend"], mend);
    let keys: BTreeSet<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, By::Day.members().into_iter().collect());
    assert!(report.left_out.is_empty());
    let totals = report.totals_json();
    let right = json!({
        "logged": "4.50", "charged": "2.00", "invoiced": "1.00", "not_billable": "1.00", "running": "3.00",
        "lines_without_entry": "1.00", "clocked": "50.50", "utilisation": "8.9", "at_least": ["invoiced"],
    });
    for (name, value) in right.as_object().unwrap() {
        assert_eq!(totals[name], *value, "{name}");
    }
    let users = [&totals["users"][0], &totals["users"][1]];
    assert_eq!(users.map(|user| user["clocked"].clone()), ["18.50", "32.00"]);
    assert_eq!(users.map(|user| user["utilisation"].clone()), ["20.3", "2.3"]);
}

#[test]
fn a_row_may_be_about_a_customer_or_a_ticket() {
    let by = |by: By| asked(&example(|_| ()), Asked { by, ..Asked::default() }).unwrap();
    let report = by(By::Customer);
    // The page of a ticket of one entry was not read.
    assert_eq!(
        rows(&report, ["user", "customer", "customer_id", "logged", "clocked", "notes"]),
        [
            json!(["Ash", "Larch & Sons", 1, "2.50", null, ["15 min twice"]]),
            json!(["Ash", "Larch & Sons", 1, "1.50", null, []]),
            json!(["Ash", "Larch & Sons", 1, "0.00", null, ["running since 09:00"]]),
            json!(["Birch", "", null, "0.50", null, []]),
            json!(["Birch", "Larch & Sons", 1, "0.00", null, []]),
        ]
    );
    let whole = of(&example(|_| ())).totals_json();
    assert_eq!(report.totals_json(), whole);
    let report = by(By::Ticket);
    assert_eq!(rows(&report, ["ticket", "ticket_id"])[0], json!(["4", 71]));
    assert_eq!(rows(&report, ["mend"])[0], json!(["syncro timer list 4"]));
    let keys = report.rows[0].json("syncro");
    let keys: BTreeSet<&str> = keys.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS.into_iter().collect());
    let mine = Asked { user: Some(UserId(2)), ..Asked::default() };
    let mine = asked(&example(|_| ()), mine).unwrap();
    assert_eq!(mine.rows.len(), 4);
    let part = asked(&example(|_| ()), Asked { is_part: true, ..Asked::default() }).unwrap();
    assert_eq!(rows(&part, ["clocked", "utilisation"])[0], json!([null, null]));
    assert_eq!(part.rows.len(), 4);
}

/// The hours of a clock with a lunch, and how many of them are billable.
#[test]
fn a_lunch_is_no_work() {
    let with = |logs: Value| {
        of(&example(|account| {
            account["timelogs"] = logs.clone();
            let timers = account["tickets"][0]["ticket_timers"].as_array_mut().unwrap();
            timers.truncate(1);
            timers[0]["start_time"] = json!("2026-11-24T09:00:00Z");
            timers[0]["end_time"] = json!("2026-11-24T15:00:00Z");
            account["tickets"][0]["line_items"] = json!([]);
        }))
    };
    let log = |from: &str, to: &str, lunch: Value| {
        let at = |hour: &str| format!("2026-11-24T{hour}:00.000Z");
        json!({"id": 1, "user_id": 1, "in_at": at(from), "out_at": at(to), "lunch": lunch})
    };
    let lunch = log("12:00", "12:30", json!(true));
    let whole = log("09:00", "17:00", Value::Null);
    let halves = [log("09:00", "12:00", json!(false)), log("12:30", "17:00", json!(false))];
    for logs in [
        json!([whole, lunch]),
        json!([lunch, whole]),
        json!(halves),
        json!([halves[0], lunch, halves[1]]),
        // What is there twice counts once.
        json!([whole, lunch, halves[1]]),
    ] {
        let report = with(logs);
        assert_eq!(rows(&report, ["clocked", "utilisation"])[0], json!(["7.50", "80.0"]));
    }
}

#[test]
fn what_is_forgotten_is_said() {
    let report = of(&example(|account| {
        account["timelogs"][2]["out_at"] = Value::Null;
        account["tickets"][0]["ticket_timers"][2]["end_time"] = Value::Null;
        account["tickets"][0]["ticket_timers"][2]["recorded"] = json!(false);
        account["tickets"][0]["ticket_timers"][2]["ticket_line_item_id"] = Value::Null;
        account["timelogs"].as_array_mut().unwrap().remove(3);
    }));
    let told = rows(&report, ["running", "clocked", "utilisation", "at_least", "notes"]);
    assert_eq!(
        told[1],
        json!(["26.00", "0.00", null, ["clocked"], ["running since 10:00", "not clocked out"]])
    );
    // Who has not clocked in, and worked, has a business day.
    let worked = json!(["3.00", "8.00", "0.0", [], ["running since 09:00", "not clocked in"]]);
    assert_eq!(told[2], worked);
    assert!(report.rows[1].is_finding());
}

/// Time with a pause in it is no proof of anything being there twice.
#[test]
fn a_pause_is_no_overlap() {
    let notes = |active: u64| {
        let report = of(&example(|account| {
            let timer = &mut account["tickets"][0]["ticket_timers"][1];
            timer["start_time"] = json!("2026-11-24T09:30:00.000Z");
            timer["active_duration"] = json!(active);
        }));
        rows(&report, ["notes"])[0][0][0].clone()
    };
    assert_eq!(notes(4500), "30 min twice");
    assert_eq!(notes(3600), "15 min twice");
    assert_eq!(notes(2700), "no entry 11:30-12:00");
}

/// Each field that the report rests on: under another name, the example comes to something else.
#[test]
fn no_field_is_there_in_vain() {
    let by = Asked { by: By::Ticket, ..Asked::default() };
    let whole = |account: &Value| {
        Some([all(&asked(account, Asked::default())?), all(&asked(account, by)?)])
    };
    let right = whole(&example(|_| ()));
    for (part, field) in [
        ("/tickets", "number"),
        ("/tickets", "customer_id"),
        ("/tickets", "customer_business_then_name"),
        ("/tickets", "line_items"),
        ("/tickets", "ticket_timers"),
        ("/tickets/0/ticket_timers", "user_id"),
        ("/tickets/0/ticket_timers", "start_time"),
        ("/tickets/0/ticket_timers", "end_time"),
        ("/tickets/0/ticket_timers", "recorded"),
        ("/tickets/0/ticket_timers", "billable"),
        ("/tickets/0/ticket_timers", "ticket_line_item_id"),
        ("/tickets/0/ticket_timers", "active_duration"),
        ("/tickets/0/ticket_timers", "billable_override"),
        ("/tickets/0/line_items", "user_id"),
        ("/tickets/0/line_items", "product_id"),
        ("/tickets/0/line_items", "product_category"),
        ("/tickets/0/line_items", "quantity"),
        ("/tickets/0/line_items", "created_at"),
        ("/tickets/0/line_items", "converted"),
        ("/ticket_timers", "user_id"),
        ("/ticket_timers", "start_time"),
        ("/ticket_timers", "end_time"),
        ("/timelogs", "user_id"),
        ("/timelogs", "in_at"),
        ("/timelogs", "out_at"),
        ("/timelogs", "lunch"),
    ] {
        let renamed = example(|account| {
            for record in account.pointer_mut(part).unwrap().as_array_mut().unwrap() {
                let record = record.as_object_mut().unwrap();
                let value = record.remove(field).unwrap();
                record.insert(format!("{field}_then"), value);
            }
        });
        assert_ne!(whole(&renamed), right, "{part} {field}");
    }
    let counted = |time: Value| {
        let account = example(|account| {
            let timer = &mut account["tickets"][0]["ticket_timers"][1];
            timer["billable_time"] = time.clone();
        });
        of(&account).totals_json()["charged"].clone()
    };
    assert_eq!(counted(json!(1800)), "1.50");
}

/// What cannot be understood is left out with the reason, and never passes for nothing.
#[test]
fn what_cannot_be_read_is_left_out() {
    for (place, why) in [
        ("/tickets/0/ticket_timers/0/start_time", why::TIMER),
        ("/tickets/0/ticket_timers/0/end_time", why::TIMER),
        ("/tickets/0/ticket_timers/0/user_id", why::TIMER),
        ("/tickets/0/ticket_timers/0/recorded", why::TIMER),
        ("/tickets/0/ticket_timers/0/billable", why::TIMER),
        ("/ticket_timers/0/start_time", why::TIMER),
        ("/tickets/0/line_items/0/user_id", why::LABOR),
        ("/tickets/0/line_items/0/created_at", why::LABOR),
        ("/tickets/0/line_items/0/quantity", why::LABOR),
        ("/tickets/0/line_items/4/product_id", why::PRODUCT),
        ("/timelogs/0/user_id", why::LOG),
        ("/timelogs/0/in_at", why::LOG),
        ("/timelogs/0/out_at", why::LOG),
        ("/timelogs/1/lunch", why::LOG),
    ] {
        let account = example(|account| {
            *account.pointer_mut(place).unwrap() = json!({"is": "unclear"});
        });
        let report = of(&account);
        assert_eq!(report.left_out.counts(), [(why, 1)], "{place}");
        let is_log = why == why::LOG;
        let misses =
            report.totals_json()["at_least"].as_array().unwrap().contains(&json!("logged"));
        assert_eq!(misses, !is_log, "{place}");
        if is_log && !place.ends_with("user_id") {
            assert_eq!(rows(&report, ["utilisation", "clocked"])[0][0], Value::Null, "{place}");
        }
    }
    let gone = example(|account| {
        drop(account["tickets"][0].as_object_mut().unwrap().remove("line_items"));
    });
    assert_eq!(of(&gone).left_out.counts(), [(why::PARTS, 1)]);
}

/// A row that may miss an entry says so, and no other does.
#[test]
fn a_row_that_may_miss_something_says_so() {
    let lower = |place: &str, by: By| {
        let account = example(|account| {
            *account.pointer_mut(place).unwrap() = json!({"is": "unclear"});
        });
        let report = asked(&account, Asked { by, ..Asked::default() }).unwrap();
        let rows = rows(&report, ["user", "day", "at_least"]).into_iter();
        let rows = rows.filter(|row| row[2].as_array().unwrap().contains(&json!("logged")));
        rows.map(|row| json!([row[0], row[1]])).collect::<Vec<_>>()
    };
    let tuesday = vec![json!(["Ash", "2026-11-24"])];
    assert_eq!(lower("/tickets/0/ticket_timers/0/recorded", By::Day), tuesday);
    assert_eq!(lower("/tickets/0/line_items/0/quantity", By::Day), tuesday);
    assert_eq!(lower("/tickets/0/ticket_timers/0/recorded", By::Ticket), tuesday);
    // Whose it is, or when it was, nobody knows.
    assert_eq!(lower("/tickets/0/ticket_timers/0/user_id", By::Day).len(), 2);
    assert_eq!(lower("/tickets/0/ticket_timers/0/start_time", By::Day).len(), 3);
}

/// What is left open is found whatever rows are about, and what belongs to nobody is no part of anybody's time.
#[test]
fn what_is_open_is_found_by_all_rows_and_what_is_nobodys_is_not_used() {
    let open = example(|account| account["timelogs"][2]["out_at"] = Value::Null);
    for by in [By::Day, By::Customer, By::Ticket] {
        let report = asked(&open, Asked { by, ..Asked::default() }).unwrap();
        let notes = rows(&report, ["notes"]);
        let said = notes.iter().flat_map(|row| row[0].as_array().unwrap());
        assert_eq!(said.filter(|note| **note == "not clocked out").count(), 1, "{by:?}");
        assert!(report.rows.iter().filter(|row| row.is_finding()).count() >= 2, "{by:?}");
    }
    let used = |user: Value| {
        let account =
            example(|account| account["tickets"][0]["line_items"][0]["user_id"] = user.clone());
        of(&account).totals_json()
    };
    let (theirs, nobodys) = (used(json!(1)), used(Value::Null));
    assert_eq!(theirs["lines_without_entry"], nobodys["lines_without_entry"]);
    assert_eq!((&theirs["utilisation"], &nobodys["utilisation"]), (&json!("8.9"), &json!("7.4")));
}

/// What the example comes to once its records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let mut account = example(|_| ());
    kept::change(&mut account, &[("tickets", "ticket")], change);
    let by = |by: By| asked(&account, Asked { by, ..Asked::default() }).unwrap();
    [By::Day, By::Ticket].map(|one| all(&by(one))).to_vec().into()
}
