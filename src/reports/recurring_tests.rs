//! The worked example of the report, and what becomes of it when a field is another or not there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::reports::kept;

const EXAMPLE: &str = include_str!("fixtures/recurring.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// The report of an account on 2026-11-26.
fn of(account: &Value) -> Report {
    let schedules = account["schedules"].as_array().unwrap().iter().cloned();
    let schedules: Vec<_> =
        schedules.map(|raw| Record::of_part(raw, &kept::SCHEDULE).unwrap()).collect();
    let assets = account["assets"].as_array().unwrap().iter().cloned();
    let assets: Vec<Record<Asset>> =
        assets.map(|raw| Record::of_part(raw, &kept::ASSET).unwrap()).collect();
    let assets = counted(&schedules).into_iter().map(|id| (id, Ok(assets.clone()))).collect();
    let types = [(7, "Desktop"), (8, "Server")];
    let types = types.map(|(id, name)| (AssetTypeId(id), name.to_owned())).into_iter().collect();
    let input =
        Input { schedules: &schedules, assets: &assets, types: &types, today: date(2026, 11, 26) };
    let mut report = report(&input, LeftOut::default());
    report.name(&[(1, "Larch"), (2, "Ash")].map(|(id, n)| (CustomerId(id), n.to_owned())).into());
    report
}

/// The findings of it.
fn found(report: &Report) -> Vec<(&str, &str)> {
    report.rows.iter().map(|row| (row.finding.name(), &*row.schedule.view.name)).collect()
}

const ALL: [(&str, &str); 4] =
    [("did-not-run", "Late"), ("zero", "Nothing"), ("miscounted", "Counts"), ("paused", "Rests")];

#[test]
fn the_worked_example() {
    let report = of(&example());
    assert_eq!(found(&report), ALL);
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    let row = report.rows[2].json("syncro");
    let right = json!({
        "customer": "Ash", "customer_id": 2, "schedule": "Counts", "schedule_id": 16,
        "frequency": "Monthly", "next_run": "2026-12-01", "paused": false, "subtotal": "155.00",
        "takes": false, "finding": "miscounted", "line": "Desktops", "line_id": 61, "fixed": "1", "counted": 2,
        "mend": "syncro api PUT schedules/16/line_items/61 -F quantity=2",
    });
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    let mends: Vec<String> =
        report.rows.iter().filter_map(Row::mend).map(|mend| mend.line("syncro")).collect();
    assert_eq!(mends[0], "syncro api GET schedules/11");
    assert_eq!(mends[3], "syncro api GET schedules/15");
    let totals = json!({
        "findings": 4,
        "by_finding": {"did-not-run": 1, "zero": 1, "miscounted": 1, "paused": 1},
    });
    assert_eq!(report.totals_json(), totals);
}

/// A field that a finding rests on, unreadable or under another name: no finding by guess, and it is said.
#[test]
fn what_cannot_be_read_is_left_out() {
    let cases = [
        ("/schedules/0/paused", "did-not-run", why::PAUSED),
        ("/schedules/0/next_run", "did-not-run", why::RUNS),
        ("/schedules/2/subtotal", "zero", why::RECURS),
        ("/schedules/2/invoice_unbilled_ticket_charges", "zero", why::SCHEDULES),
        ("/schedules/5/lines/0/quantity", "miscounted", why::RECURS),
        ("/schedules/5/lines/0/asset_type_id", "miscounted", why::RECURS),
        ("/schedules/5/lines/0/id", "miscounted", why::RECURS),
        ("/schedules/5/lines", "miscounted", why::RECURS),
        ("/schedules/5/lines/0/recurring_type_id", "miscounted", why::RECURS),
        ("/schedules/5/lines/0/one_time_charge", "miscounted", why::RECURS),
        ("/schedules/5/lines/0/device_ids", "miscounted", why::RECURS),
        ("/assets/0/asset_type", "miscounted", why::ASSETS),
        ("/schedules/4/paused", "paused", why::PAUSED),
    ];
    for (place, gone, why) in cases {
        for spelled in [json!({"is": "unclear"}), Value::Null] {
            let mut account = example();
            *account.pointer_mut(place).unwrap() = spelled.clone();
            // A line that is for no assets is none to count; one of no kind is what is typed.
            let says_nothing =
                ["asset_type_id", "recurring_type_id", "one_time_charge", "device_ids"];
            if spelled.is_null() && says_nothing.iter().any(|name| place.ends_with(name)) {
                assert_eq!(of(&account).left_out.counts(), []);
                continue;
            }
            let report = of(&account);
            let right: Vec<_> = ALL.into_iter().filter(|(code, _)| *code != gone).collect();
            assert_eq!(found(&report), right, "{place} {spelled}");
            assert_eq!(report.left_out.counts(), [(why, 1)], "{place} {spelled}");
        }
    }
    // What is charged once, names its devices, or counts by itself is another thing.
    for (field, value, found) in [
        ("one_time_charge", json!(true), 3),
        ("device_ids", json!([1]), 3),
        ("recurring_type_id", json!(4), 3),
        ("recurring_type_id", json!(1), 4),
    ] {
        let mut account = example();
        account["schedules"][5]["lines"][0][field] = value;
        let report = of(&account);
        assert_eq!((report.rows.len(), report.left_out.is_empty()), (found, true), "{field}");
    }
    let mut account = example();
    account["schedules"][5]["lines"][0].as_object_mut().unwrap().remove("recurring_type_id");
    assert_eq!(of(&account).left_out.counts(), [(why::RECURS, 1)]);
    let mut account = example();
    account["schedules"][5]["lines"][0]["asset_type_id"] = json!(9);
    assert_eq!(of(&account).left_out.counts(), [(why::ASSET_TYPE, 1)]);
    // Whose it is decides nothing but for assets; that it is not known is said.
    for (at, findings, whys) in
        [(0, 4, vec![(why::SCHEDULE_OF, 1)]), (5, 3, vec![(why::SCHEDULE_OF, 1)])]
    {
        let mut account = example();
        account["schedules"][at]["customer_id"] = Value::Null;
        let report = of(&account);
        assert_eq!(report.rows.len(), findings, "{at}");
        assert_eq!(report.left_out.counts(), whys, "{at}");
    }
}

/// What the example comes to once its records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let mut account = example();
    kept::change(&mut account, &[("schedules", "schedule"), ("assets", "asset")], change);
    let report = of(&account);
    let rows: Vec<Value> = report.rows.iter().map(|row| row.json("")).collect();
    json!([rows, report.totals_json(), report.left_out.json()])
}
