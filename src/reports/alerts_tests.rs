//! The worked example of the report, and what becomes of it when a field is another or not there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde_json::{Value, json};

use super::*;

const EXAMPLE: &str = include_str!("fixtures/alerts.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// The report of these alerts at noon of 2026-11-26, with a window of 30 days.
fn of(alerts: &Value, customer: Option<u64>) -> Report {
    let alerts = alerts.as_array().unwrap().iter().cloned();
    let alerts: Vec<_> = alerts.map(|raw| Record::read(raw).unwrap()).collect();
    let first: Timestamp = "2026-10-27T00:00:00Z".parse().unwrap();
    let input = Input {
        alerts: &alerts,
        is_in: &|at| at >= first,
        customer: customer.map(CustomerId),
        now: "2026-11-26T12:00:00Z".parse().unwrap(),
    };
    report(&input, LeftOut::default())
}

/// The rows, each with these members.
fn rows<const N: usize>(report: &Report, members: [&str; N]) -> Vec<Value> {
    let row = |row: &Row| {
        let json = row.json("syncro");
        members.map(|name| json[name].clone()).to_vec().into()
    };
    report.rows.iter().map(row).collect()
}

const COUNTS: [&str; 5] = ["asset", "count", "open", "repeats", "orphans"];

fn all() -> Vec<Value> {
    vec![
        json!(["SRV-1", 3, 1, 1, 1]),
        // What is open is there, however old it is; what is over, only from the window.
        json!(["DESK", 0, 1, 0, 1]),
        // One without an asset is known by the computer's name.
        json!(["till ", 2, 1, 0, 0]),
    ]
}

#[test]
fn the_worked_example() {
    let mut report = of(&example(), None);
    report.name(&[(1, "Larch"), (2, "Ash")].map(|(id, n)| (CustomerId(id), n.to_owned())).into());
    assert_eq!(rows(&report, COUNTS), all());
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    let right = json!({
        "customer": "Larch", "customer_id": 1, "asset": "SRV-1", "asset_id": 71,
        "description": "Low disk space", "count": 3, "open": 1, "repeats": 1, "orphans": 1,
        "first": "2026-11-20T06:00:00Z", "last": "2026-11-25T06:00:00Z",
        "mend": "syncro api GET rmm_alerts/3",
    });
    let row = report.rows[0].json("syncro");
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    assert_eq!(report.totals_json(), json!({"count": 5, "open": 3, "repeats": 1, "orphans": 2}));
    assert_eq!(report.found(), 2);
    let theirs = of(&example(), Some(2));
    assert_eq!(rows(&theirs, COUNTS), all()[1..]);
    // Which is in both lists counts once.
    let mut alerts = example();
    let twice = alerts.as_array().unwrap().clone();
    alerts.as_array_mut().unwrap().extend(twice);
    assert_eq!(rows(&of(&alerts, None), COUNTS), all());
}

/// A field that a row rests on, unreadable or under another name: nothing by guess, and it is said.
#[test]
fn what_cannot_be_read_is_left_out() {
    let (less, fewer) = (json!(["SRV-1", 2, 0, 0, 0]), json!(["SRV-1", 3, 1, 1, 0]));
    for (field, right, why) in [
        ("created_at", &less, why::ALERT),
        ("resolved", &less, why::ALERT),
        ("description", &less, why::ALERT),
        ("computer_name", &less, why::ALERT),
        ("asset_id", &less, why::ALERT),
        ("ticket_number", &fewer, why::ALERT_TICKET),
    ] {
        for unclear in [Some(json!({"is": "unclear"})), None] {
            let mut alerts = example();
            let record = alerts[2].as_object_mut().unwrap();
            record.remove(field);
            record.extend(unclear.clone().map(|unclear| (field.to_owned(), unclear)));
            let report = of(&alerts, None);
            let row = rows(&report, COUNTS).into_iter().find(|row| row[0] == "SRV-1").unwrap();
            assert_eq!(&row, right, "{field} {unclear:?}");
            assert_eq!(report.left_out.counts(), [(why, 1)], "{field} {unclear:?}");
        }
    }
    // Whose it is decides nothing, unless one customer is asked about; that it is not known is said.
    for nobody in [Value::Null, json!(0)] {
        let mut alerts = example();
        alerts[2]["customer_id"] = nobody;
        let mut report = of(&alerts, None);
        let names = [(1, "Larch"), (2, "Ash")].map(|(id, n)| (CustomerId(id), n.to_owned()));
        report.name(&names.into());
        assert_eq!(report.left_out.counts(), [(why::ALERT_OF, 1)]);
        assert_eq!(report.sum(|row| row.orphans), 2);
        assert_eq!(of(&alerts, Some(1)).left_out.counts(), [(why::ALERT_OF, 1)]);
    }
}

#[test]
fn a_ticket_or_less_than_a_day_is_no_orphan() {
    let mut alerts = example();
    alerts[2]["ticket_number"] = json!(901);
    assert_eq!(rows(&of(&alerts, None), COUNTS)[1], json!(["SRV-1", 3, 1, 1, 0]));
    alerts[2]["ticket_number"] = json!(" ");
    assert_eq!(rows(&of(&alerts, None), COUNTS)[0], all()[0]);
    alerts[4]["created_at"] = json!("2026-11-25T12:00:00.000Z");
    assert_eq!(of(&alerts, None).sum(|row| row.orphans), 3);
}

#[test]
fn alerts_repeat_where_three_come_within_a_week() {
    let days = |days: &[i64]| {
        let first: Timestamp = "2026-11-01T06:00:00Z".parse().unwrap();
        let at = |day: &i64| first.checked_add(SignedDuration::from_hours(24 * day)).unwrap();
        repeats(&days.iter().map(at).collect::<Vec<_>>())
    };
    for (moments, count) in [
        (&[][..], 0),
        (&[0, 1], 0),
        (&[0, 1, 7], 1),
        (&[0, 1, 8], 0),
        (&[0, 4, 8, 9, 10], 1),
        (&[0, 1, 2, 3, 4, 5, 6], 1),
        (&[0, 1, 2, 10, 11, 12], 2),
    ] {
        assert_eq!(days(moments), count, "{moments:?}");
    }
}
