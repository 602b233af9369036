//! The worked example of the report, what becomes of it when a field is another or not there, and the hours that count.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::*;
use crate::reports::kept;

const EXAMPLE: &str = include_str!("fixtures/stale.json");

/// The example, changed.
fn example(change: impl Fn(&mut Value)) -> Value {
    let mut account = serde_json::from_str(EXAMPLE).unwrap();
    change(&mut account);
    account
}

/// The report of an account at that hour of 2026-11-26.
fn of(account: &Value, hours: Option<&BusinessHours>, quiet_for: u64) -> Report {
    let all = |part: &str| account[part].as_array().unwrap().clone();
    let talk = |raw: Value| {
        let theirs = all("comments").into_iter().filter(|one| one["ticket_id"] == raw["id"]);
        let comments: Vec<_> =
            theirs.map(|one| Record::of_part(one, &kept::COMMENT).unwrap()).collect();
        Talk { ticket: Record::of_part(raw, &kept::OPEN).unwrap(), words: Ok(Words::of(&comments)) }
    };
    let talks: Vec<Talk> = all("tickets").into_iter().map(talk).collect();
    let now = date(2026, 11, 26).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    report(&Input { talks: &talks, hours, quiet_for, now: &now }, LeftOut::default())
}

/// Its rows, each with these members.
fn rows<const N: usize>(report: &Report, members: [&str; N]) -> Vec<Value> {
    let now = date(2026, 11, 26).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    let row = |row: &Row| {
        let json = row.json("syncro", &now);
        members.map(|name| json[name].clone()).to_vec().into()
    };
    report.rows.iter().map(row).collect()
}

#[test]
fn the_worked_example() {
    let report = of(&example(|_| ()), None, 0);
    let told = ["ticket", "ball", "quiet_hours", "mend"];
    assert_eq!(
        rows(&report, told),
        [
            json!(["901", "ours", "50.00", "syncro comment 901"]),
            json!(["903", "ours", "24.00", "syncro comment 903"]),
            json!(["902", "theirs", "50.00", "syncro ticket 902"]),
        ]
    );
    let (early, late) = ("2026-11-20T08:00:00Z", "2026-11-24T10:00:00Z");
    assert_eq!(
        rows(&report, ["customer_last", "we_last", "any_last"]),
        [
            json!([late, early, late]),
            // Our word was private: the customer still waits.
            json!(["2026-11-25T08:00:00Z", null, "2026-11-25T12:00:00Z"]),
            json!([early, late, late]),
        ]
    );
    assert_eq!(report.totals_json(), json!({"tickets": 3, "ours": 2}));
    assert!(report.left_out.is_empty());
    let now = date(2026, 11, 26).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    let row = report.rows[0].json("syncro", &now);
    let members: Vec<&String> = row.as_object().unwrap().keys().collect();
    assert!(members.iter().all(|name| MEMBERS.contains(&name.as_str())), "{members:?}");
    assert_eq!(members.len(), MEMBERS.len());
}

#[test]
fn only_what_has_been_quiet_for_so_long() {
    let quiet = |seconds: u64| of(&example(|_| ()), None, seconds).rows.len();
    assert_eq!([0, 24 * 3600, 24 * 3600 + 1, 50 * 3600, 50 * 3600 + 1].map(quiet), [3, 3, 2, 2, 0]);
}

#[test]
fn only_hours_of_work_are_quiet_where_the_account_has_them() {
    let week = ["Mon", "Tue", "Wed", "Thu", "Fri"].map(|day| (day, "09:00", "17:00", Some(false)));
    let free = ["Sat", "Sun"].map(|day| (day, "", "", Some(true)));
    let hours = BusinessHours::new(TimeZone::UTC, week.into_iter().chain(free)).unwrap();
    let at = |moment: &str| {
        let account = example(|account| {
            account["comments"] = json!([]);
            account["tickets"].as_array_mut().unwrap().truncate(1);
            account["tickets"][0]["created_at"] = json!(moment);
        });
        rows(&of(&account, Some(&hours), 0), ["ball", "quiet_hours"])
    };
    // Nobody has said anything: what counts is when it was opened. From Friday afternoon to Thursday noon.
    assert_eq!(at("2026-11-20T16:00:00.000Z"), [json!(["ours", "28.00"])]);
    assert_eq!(at("2026-11-26T11:30:00.000Z"), [json!(["ours", "0.50"])]);
}

/// Each field that the report rests on decides something, and one that cannot be read leaves its ticket out.
#[test]
fn what_cannot_be_read_is_left_out_and_what_is_renamed_is_missed() {
    let whole = rows(&of(&example(|_| ()), None, 0), MEMBERS);
    for (list, at, field) in [
        ("comments", 1, "created_at"),
        ("comments", 3, "user_id"),
        ("comments", 5, "hidden"),
        ("tickets", 2, "customer_reply"),
        ("tickets", 0, "status"),
        ("tickets", 0, "customer_id"),
    ] {
        let renamed = example(|account| {
            let record = account[list][at].as_object_mut().unwrap();
            let value = record.remove(field).unwrap();
            record.insert(format!("{field}_then"), value);
        });
        assert_ne!(rows(&of(&renamed, None, 0), MEMBERS), whole, "{list} {field}");
    }
    for (list, at, field, why) in [
        ("comments", 1, "created_at", why::COMMENT),
        ("comments", 3, "user_id", why::COMMENT),
        ("comments", 3, "hidden", why::COMMENT),
        ("tickets", 2, "customer_reply", why::REPLY),
        ("tickets", 0, "status", why::STATUS),
    ] {
        let unclear = if field == "status" { Value::Null } else { json!({"is": "unclear"}) };
        let account = example(|account| account[list][at][field] = unclear.clone());
        let report = of(&account, None, 0);
        assert_eq!(report.left_out.counts(), [(why, 1)], "{field}");
        assert_eq!(report.rows.len(), 2, "{field}");
    }
    let sla = |breached: Value, soon: Value| {
        let account = example(|account| {
            account["tickets"][0]["sla_breached"] = breached.clone();
            account["tickets"][0]["sla_breaching_soon"] = soon.clone();
        });
        of(&account, None, 0).rows[0].sla()
    };
    assert_eq!(sla(json!("true"), json!(null)), Sla::Breached);
    assert_eq!(sla(json!(false), json!(true)), Sla::Soon);
    assert_eq!(sla(json!("perhaps"), json!(true)), Sla::Unclear);
    assert_eq!(sla(json!(null), json!(null)), Sla::Kept);
}

/// What the example comes to once its records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let mut account = example(|_| ());
    kept::change(&mut account, &[("tickets", "open"), ("comments", "comment")], change);
    let report = of(&account, None, 0);
    let now = date(2026, 11, 26).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    let rows: Vec<Value> = report.rows.iter().map(|row| row.json("", &now)).collect();
    json!([rows, report.totals_json(), report.left_out.json()])
}
