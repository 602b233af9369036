//! The worked example of the report, and what becomes of it when a field is another or not there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde_json::{Value, json};

use super::*;

const EXAMPLE: &str = include_str!("fixtures/patches.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// The report of an account, of whose pages so many are read of each asset.
fn of(account: &Value, read: u64) -> Report {
    let looked = |raw: &Value| {
        let asset: Record<Asset> = Record::read(raw.clone()).unwrap();
        let pages = account["pages"][asset.id.to_string()].as_array().unwrap().iter();
        let mut pages = pages.map(|page| Record::<Patches>::read(page.clone()).unwrap());
        let mut patches = pages.next().unwrap();
        let last = patches.pages().min(read);
        (2..=last).zip(pages).for_each(|(number, page)| patches.view.add(number, page.view));
        Looked { asset, patches: Ok(Some(patches)) }
    };
    let looked: Vec<_> = account["assets"].as_array().unwrap().iter().map(looked).collect();
    report(&looked, &TimeZone::UTC, LeftOut::default())
}

const COUNTS: [&str; 6] = ["asset", "missing", "failed", "rejected", "critical", "security"];

fn rows<const N: usize>(report: &Report, members: [&str; N]) -> Vec<Value> {
    let row = |row: &Row| {
        let json = row.json("syncro");
        members.map(|name| json[name].clone()).to_vec().into()
    };
    report.rows.iter().map(row).collect()
}

#[test]
fn the_worked_example() {
    let report = of(&example(), 2);
    assert_eq!(
        rows(&report, COUNTS),
        [json!(["A-1", 1, 1, 1, 1, 1]), json!(["A-2", 0, 0, 0, 0, 0])]
    );
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    let right = json!({
        "customer": "Larch", "customer_id": 1, "asset": "A-1", "asset_id": 71, "missing": 1,
        "failed": 1, "rejected": 1, "critical": 1, "security": 1, "oldest": "2026-11-14",
        "looked_at": true, "mend": "syncro asset patches 71",
    });
    let row = report.rows[0].json("syncro");
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    let unseen = rows(&report, ["asset", "looked_at", "oldest", "mend"])[1].clone();
    assert_eq!(unseen, json!(["A-2", false, null, "syncro asset show 72"]));
    let totals = json!({"assets": 3, "missing": 1, "failed": 1, "rejected": 1, "not_looked_at": 1});
    assert_eq!((report.totals_json(), report.found()), (totals, 2));
}

/// A field that a row rests on, unreadable or under another name: nothing by guess, and it is said.
#[test]
fn what_cannot_be_read_is_left_out() {
    let all = json!(["A-1", 1, 1, 1, 1, 1]);
    for (place, right) in [
        ("0/available_patches/0/status", json!(["A-1", 0, 1, 1, 1, 0])),
        ("0/available_patches/1/status", json!(["A-1", 1, 0, 1, 0, 1])),
        ("1/available_patches/0/status", json!(["A-1", 1, 1, 0, 1, 1])),
        ("0/available_patches/0/category", json!(["A-1", 1, 1, 1, 1, 0])),
        ("0/available_patches/1/category", json!(["A-1", 1, 1, 1, 0, 1])),
    ] {
        let (above, field) = place.rsplit_once('/').unwrap();
        for unclear in [Some(json!({"is": "unclear"})), None] {
            let mut account = example();
            let patch = account.pointer_mut(&format!("/pages/71/{above}")).unwrap();
            patch.as_object_mut().unwrap().remove(field);
            patch.as_object_mut().unwrap().extend(unclear.map(|is| (field.to_owned(), is)));
            let report = of(&account, 2);
            assert_eq!(rows(&report, COUNTS)[0], right, "{place}");
            assert_eq!(report.left_out.counts(), [(why::PATCH, 1)], "{place}");
        }
    }
    // One of which the date cannot be read is missing all the same; one without, too.
    for (date, left_out) in [(json!("soon"), 1), (Value::Null, 0)] {
        let mut account = example();
        account["pages"]["71"][0]["available_patches"][1]["attempted_installation"] = date;
        let report = of(&account, 2);
        assert_eq!(rows(&report, COUNTS)[0], all);
        assert_eq!(rows(&report, ["oldest"])[0], json!(["2026-11-15"]));
        assert_eq!(report.left_out.counts().len(), left_out);
    }
    // Nor is what the server counts and does not give.
    let report = of(&example(), 1);
    assert_eq!(rows(&report, COUNTS)[0], json!(["A-1", 1, 1, 0, 1, 1]));
    assert_eq!(report.left_out.counts(), [(why::PATCHES, 1)]);
    // An asset of which only what is installed is known lacks nobody knows what.
    let mut account = example();
    account["pages"]["71"][0].as_object_mut().unwrap().remove("available_patches");
    let report = of(&account, 1);
    assert_eq!(rows(&report, ["asset"]), [json!(["A-2"])]);
    assert_eq!(report.left_out.counts(), [(why::PATCHES, 1)]);
}

#[test]
fn what_is_refused_is_not_to_be_installed() {
    let mut account = example();
    account["pages"]["71"][0]["available_patches"] = json!([]);
    account["pages"]["71"][0]["available_patches_meta"]["total_entries"] = json!(1);
    account["pages"]["72"][0]["available_patches"] = json!([]);
    let report = of(&account, 2);
    assert_eq!(rows(&report, COUNTS), [json!(["A-1", 0, 0, 1, 0, 0])]);
    assert_eq!(report.found(), 0);
}
