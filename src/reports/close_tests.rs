//! The lines of a month, each with its answer, and what becomes of them when a record is of another month or unreadable.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::billing::uninvoiced::Unmarked;
use crate::reports::kept;
use crate::reports::uninvoiced::Prices;
use crate::reports::{Seen, Takes};

const EXAMPLE: &str = include_str!("fixtures/close.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn read<T: serde::de::DeserializeOwned>(account: &Value, part: &str) -> Vec<Record<T>> {
    let kept: &[&str] = match part {
        "tickets" => &kept::TICKET,
        "invoices" => &kept::INVOICE,
        "schedules" => &kept::SCHEDULE,
        "payments" => &kept::PAYMENT,
        _ => &kept::CUSTOMER,
    };
    let all = account[part].as_array().unwrap().iter().cloned();
    all.map(|raw| Record::of_part(raw, kept).unwrap()).collect()
}

/// The report of October 2026 on 2026-11-26.
fn of(account: &Value) -> Report {
    let zone = &TimeZone::UTC;
    let seen = |ticket| Seen { ticket, unmarked: Ok(Unmarked::new()) };
    let mut seen: Vec<Seen> = read(account, "tickets").into_iter().map(seen).collect();
    let invoices: Vec<Record<Invoice>> = read(account, "invoices");
    let schedules: Vec<Record<Schedule>> = read(account, "schedules");
    let payments: Vec<Record<Payment>> = read(account, "payments");
    let (takes, prepaid) = (Takes::among(&[]), BTreeMap::new());
    let case = |seen: &Seen| drift::Case { seen: seen.clone(), invoices: Ok(Vec::new()) };
    let drift = drift::report(
        &drift::Input {
            cases: &seen.iter().map(case).collect::<Vec<_>>(),
            takes: &takes,
            prices: &BTreeMap::new(),
            prepaid: &prepaid,
            closed: &["Resolved".to_owned()],
            after_bill: Some("Invoiced"),
            labor_types: &[],
            labor: Some("remote"),
            zone,
        },
        LeftOut::default(),
    );
    seen.iter_mut().for_each(|seen| leave_later(seen, date(2026, 10, 31), zone));
    let prices = Prices { by: BTreeMap::new(), default: None };
    let as_of = "2026-11-26T12:00:00Z".parse().unwrap();
    let uninvoiced = uninvoiced::report(
        &uninvoiced::Input {
            seen: &seen,
            takes: &takes,
            prices: &prices,
            labor: Some("remote"),
            as_of,
            zone,
        },
        LeftOut::default(),
    );
    let prepaid = prepaid::report(
        &prepaid::Input {
            customers: &read(account, "customers"),
            invoices: &[],
            tickets: &seen,
            products: &BTreeMap::new(),
            labor_types: &[],
            low: rust_decimal::Decimal::TWO,
            today: date(2026, 11, 26),
            zone,
        },
        LeftOut::default(),
    );
    let input = Input {
        last: date(2026, 10, 31),
        today: date(2026, 11, 26),
        zone,
        since: None,
        drift: &drift,
        uninvoiced: &uninvoiced,
        prepaid: &prepaid,
        unpaid: Ok(&invoices),
        schedules: Ok(&schedules),
        payments: Ok(&payments),
    };
    report(&input, &LeftOut::default())
}

/// Its lines: what was asked, the answer, how many, what they come to.
fn lines(report: &Report) -> Vec<Value> {
    let rows = report.rows.iter().map(|row| row.json("syncro"));
    rows.map(|row| json!([row["check"], row["state"], row["count"], row["amount"]])).collect()
}

/// The worked example: one of each in October, and one of each that is of November or no finding.
#[test]
fn the_worked_example() {
    let report = of(&example());
    let right = [
        json!(["drift", "loss", 1, "60.00"]),
        json!(["uninvoiced", "look", 2, "60.00"]),
        json!(["running", "look", 1, null]),
        json!(["prepaid-over", "look", 1, null]),
        json!(["unpaid-zero", "look", 1, null]),
        json!(["recurring", "look", 1, "155.00"]),
        json!(["payments", "look", 1, "45.00"]),
    ];
    assert_eq!(lines(&report), right);
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    assert_eq!((report.found(), report.state()), (7, State::Loss));
    let row = report.rows[4].json("syncro");
    let opens = "syncro invoice list --unpaid --until 2026-10-31";
    assert_eq!(row["report"], opens);
    assert_eq!(row.as_object().unwrap().keys().collect::<Vec<_>>(), MEMBERS);
    assert_eq!(report.totals_json(), json!({"state": "loss"}));
}

#[test]
fn where_nothing_is_found_all_is_well() {
    let none =
        json!({"tickets": [], "invoices": [], "schedules": [], "payments": [], "customers": []});
    let report = of(&none);
    assert_eq!((report.found(), report.state()), (0, State::Ok));
    assert_eq!(report.rows.len(), 7);
}

/// What cannot be read is no well: its line is to be looked at.
#[test]
fn a_line_that_rests_on_something_unreadable_is_not_fine() {
    let rests = [
        ("tickets", "line_items", "drift"),
        ("tickets", "line_items", "uninvoiced"),
        ("tickets", "ticket_timers", "running"),
        ("invoices", "total", "unpaid-zero"),
        ("schedules", "paused", "recurring"),
        ("schedules", "next_run", "recurring"),
        ("payments", "invoice_ids", "payments"),
        ("customers", "prepay_hours", "prepaid-over"),
    ];
    for (part, field, check) in rests {
        let mut account = json!({"tickets": [], "invoices": [], "schedules": [], "payments": [], "customers": []});
        account[part] = json!([example()[part][0]]);
        match part {
            // A page that does not list them.
            "tickets" => drop(account[part][0].as_object_mut().unwrap().remove(field)),
            _ => account[part][0][field] = json!({"is": "unclear"}),
        }
        let report = of(&account);
        let row = report.rows.iter().find(|row| row.check == check).unwrap();
        assert_eq!((row.state, row.count), (State::Look, 0), "{part}.{field}: {report:?}");
        assert!(!report.left_out.is_empty(), "{part}.{field}");
    }
}

/// A field under another name is another finding, or none.
#[test]
fn no_field_is_there_in_vain() {
    let right = lines(&of(&example()));
    for (part, field) in [
        ("tickets", "status"),
        ("tickets", "line_items"),
        ("tickets", "ticket_timers"),
        ("invoices", "total"),
        ("invoices", "date"),
        ("schedules", "paused"),
        ("schedules", "next_run"),
        ("schedules", "subtotal"),
        ("payments", "applied_at"),
        ("payments", "payment_amount"),
        ("payments", "success"),
        ("payments", "invoice_ids"),
        ("customers", "prepay_hours"),
    ] {
        let mut account = example();
        for one in account[part].as_array_mut().unwrap() {
            let record = one.as_object_mut().unwrap();
            let value = record.remove(field).unwrap();
            record.insert(format!("{field}_"), value);
        }
        assert_ne!(lines(&of(&account)), right, "{part}.{field}");
    }
}

/// What the example comes to once its records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let mut account = example();
    let parts = [
        ("tickets", "ticket"),
        ("invoices", "invoice"),
        ("schedules", "schedule"),
        ("payments", "payment"),
        ("customers", "customer"),
    ];
    kept::change(&mut account, &parts, change);
    let report = of(&account);
    json!([lines(&report), report.left_out.json()])
}
