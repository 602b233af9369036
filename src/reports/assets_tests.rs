//! The worked example of the report, and what becomes of it when a field is another or not there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde_json::{Value, json};

use super::*;

const EXAMPLE: &str = include_str!("fixtures/assets.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// The report of these assets on 2026-11-26 at eight.
fn of(assets: &Value) -> Report {
    let assets = assets.as_array().unwrap().iter().cloned();
    let assets: Vec<_> = assets.map(|raw| Record::read(raw).unwrap()).collect();
    report(&assets, "2026-11-26T08:00:00Z".parse().unwrap(), LeftOut::default())
}

fn found(report: &Report) -> Vec<(&str, &str)> {
    report.rows.iter().map(|row| (row.finding.name(), &*row.asset.view.name)).collect()
}

const ALL: [(&str, &str); 5] = [
    ("disabled-customer", "B-1"),
    ("same-serial", "C-1"),
    ("same-serial", "A-1"),
    ("not-seen", "A-3"),
    ("no-contact", "A-2"),
];

#[test]
fn the_worked_example() {
    let report = of(&example());
    assert_eq!(found(&report), ALL);
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    let row = report.rows[1].json("syncro");
    let right = json!({
        "customer": "Elm", "customer_id": 3, "asset": "C-1", "asset_id": 5, "type": "Desktop",
        "serial": "sn-0001 ", "contact": 7, "seen": "2026-10-27T08:00:00Z",
        "finding": "same-serial", "same_as": [1], "mend": "syncro asset show 5",
    });
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    let totals = json!({
        "findings": 5,
        "by_finding": {"disabled-customer": 1, "same-serial": 2, "not-seen": 1, "no-contact": 1},
    });
    assert_eq!(report.totals_json(), totals);
}

/// A field that a finding rests on, unreadable or under another name: no finding by guess, and it is said.
#[test]
fn what_cannot_be_read_is_left_out() {
    for (place, gone, why) in [
        ("/3/customer/disabled", "disabled-customer", why::DISABLED),
        ("/4/asset_serial", "same-serial", why::SERIAL),
        ("/2/rmm_store/updated_at", "not-seen", why::SEEN),
        ("/2/rmm_store", "not-seen", why::SEEN),
        ("/1/contact_id", "no-contact", why::CONTACT),
    ] {
        let (above, field) = place.rsplit_once('/').unwrap();
        for unclear in [Some(json!({"is": "unclear"})), None] {
            let mut assets = example();
            let record = assets.pointer_mut(above).unwrap().as_object_mut().unwrap();
            record.remove(field);
            record.extend(unclear.clone().map(|unclear| (field.to_owned(), unclear)));
            let report = of(&assets);
            let right: Vec<_> = ALL.into_iter().filter(|(finding, _)| *finding != gone).collect();
            assert_eq!(found(&report), right, "{place} {unclear:?}");
            assert_eq!(report.left_out.counts(), [(why, 1)], "{place} {unclear:?}");
        }
    }
    for unclear in [None, Some(json!("nobody"))] {
        let mut assets = example();
        let record = assets[1].as_object_mut().unwrap();
        record.remove("customer");
        record.remove("customer_id");
        record.extend(unclear.map(|unclear| ("customer_id".to_owned(), unclear)));
        let report = of(&assets);
        assert_eq!(found(&report), ALL[..4]);
        assert_eq!(report.left_out.counts(), [(why::ASSET_OF, 1)]);
    }
    // A customer that does not come with its asset is not known to be one still, nor by which name.
    let mut assets = example();
    assets[1].as_object_mut().unwrap().remove("customer");
    let report = of(&assets);
    assert_eq!(found(&report), ALL);
    assert_eq!(report.left_out.counts(), [(why::DISABLED, 1), (why::NAME, 1)]);
}

#[test]
fn what_stands_in_place_of_a_serial_number_is_none() {
    for serial in [
        "To be filled by O.E.M.",
        "TO BE  FILLED BY O.E.M.",
        "none",
        "N/A",
        "0000000",
        "123",
        "------",
        "",
    ] {
        let mut assets = example();
        for place in 0..5 {
            assets[place]["asset_serial"] = json!(serial);
        }
        assert_eq!(of(&assets).count(Finding::SameSerial), 0, "{serial}");
    }
}
