//! The worked example of the report, what becomes of it when a field is another or not there, and many made-up accounts.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::billing::quantity::Rounding;
use crate::billing::uninvoiced::Unmarked;
use crate::config::Unit;
use crate::reports::kept;

const EXAMPLE: &str = include_str!("fixtures/prepaid.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// Project labor takes nothing from a block.
fn project() -> LaborType {
    LaborType {
        key: "project".to_owned(),
        product_id: ProductId(56),
        name: None,
        rate: None,
        unit: Unit::Hour,
        taxable: false,
        prepaid: false,
        rounding: Rounding::default(),
        when_prepaid: None,
    }
}

/// The report of an account on 2026-11-26.
fn of(account: &Value) -> Report {
    let all = |part: &str| account[part].as_array().unwrap().clone();
    let seen = |raw: Value| Seen {
        ticket: Record::of_part(raw, &kept::TICKET).unwrap(),
        unmarked: Ok(Unmarked::new()),
    };
    let customers: Vec<_> = all("customers")
        .into_iter()
        .map(|raw| Record::of_part(raw, &kept::CUSTOMER).unwrap())
        .collect();
    let invoices: Vec<_> = all("invoices")
        .into_iter()
        .map(|raw| Record::of_part(raw, &kept::INVOICE).unwrap())
        .collect();
    let tickets: Vec<Seen> = all("tickets").into_iter().map(seen).collect();
    let products: Vec<Record<Product>> = all("products")
        .into_iter()
        .map(|raw| Record::of_part(raw, &kept::PRODUCT).unwrap())
        .collect();
    let products: BTreeMap<ProductId, Record<Product>> =
        products.into_iter().map(|one| (one.id, one)).collect();
    let input = Input {
        customers: &customers,
        invoices: &invoices,
        tickets: &tickets,
        products: &products,
        labor_types: &[project()],
        low: Decimal::TWO,
        today: date(2026, 11, 26),
        zone: &TimeZone::UTC,
    };
    report(&input, LeftOut::default())
}

#[test]
fn the_worked_example() {
    let report = of(&example());
    let row = report.rows[0].json("syncro");
    let right = json!({
        "customer": "Larch & Sons", "customer_id": 1, "left": "4.00", "waiting": "4.50",
        "after": "-0.50", "burned_30": "2.00", "burned_90": "6.00", "bought_90": "10.00",
        "weeks": "8.6", "flag": "over", "mend": "syncro report uninvoiced --customer 1",
        "at_least": [],
    });
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    assert_eq!(report.rows.len(), 1, "no block, and an empty one that nobody uses, are no rows");
    assert_eq!(report.totals_json(), json!({"low": 0, "over": 1}));
    assert_eq!(report.left_out.json(), json!([{"why": "prepay_hours unreadable", "count": 1}]));
}

/// Each field that the sums rest on: under another name, the example comes to something else.
#[test]
fn no_field_is_there_in_vain() {
    let all = |report: &Report| {
        let rows: Vec<Value> = report.rows.iter().map(|row| row.json("syncro")).collect();
        json!([rows, report.totals_json(), report.left_out.json()])
    };
    let right = all(&of(&example()));
    for (part, inner, field) in [
        ("customers", "", "prepay_hours"),
        ("invoices", "", "customer_id"),
        ("invoices", "", "date"),
        ("invoices", "line_items", "product_id"),
        ("invoices", "line_items", "quantity"),
        ("invoices", "line_items", "price"),
        ("products", "", "product_category"),
        ("products", "", "price_retail"),
        ("tickets", "", "customer_id"),
        ("tickets", "ticket_timers", "active_duration"),
        ("tickets", "line_items", "quantity"),
        ("tickets", "line_items", "product_id"),
        ("tickets", "line_items", "converted"),
    ] {
        let mut account = example();
        let rename = |object: &mut Value| {
            let object = object.as_object_mut().unwrap();
            if let Some(value) = object.remove(field) {
                object.insert(format!("{field}_"), value);
            }
        };
        for one in account[part].as_array_mut().unwrap() {
            match inner {
                "" => rename(one),
                inner => one[inner].as_array_mut().unwrap().iter_mut().for_each(rename),
            }
        }
        assert_ne!(all(&of(&account)), right, "{part}.{inner}.{field}");
    }
}

/// What a change of the example comes to: left over, burned, weeks, the flag, and what is left out.
#[test]
fn what_cannot_be_read_is_never_nothing() {
    let (c, i, t, p) = ("customers", "invoices", "tickets", "products");
    for (path, is, [after, burned, weeks, flag], why) in [
        (
            (c, 0, "prepay_hours"),
            json!("9.0"),
            [json!("4.50"), json!("6.00"), json!("19.3"), json!(null)],
            "",
        ),
        (
            (c, 0, "prepay_hours"),
            json!("6.0"),
            [json!("1.50"), json!("6.00"), json!("12.9"), json!("low")],
            "",
        ),
        (
            (c, 0, "prepay_hours"),
            json!("0.0"),
            [json!("-4.50"), json!("6.00"), json!("0.0"), json!("over")],
            "",
        ),
        // Made too long ago; of a day that nobody can read.
        (
            (i, 0, "date"),
            json!("2026-08-27"),
            [json!("-0.50"), json!("2.00"), json!("25.7"), json!("over")],
            "",
        ),
        (
            (i, 0, "date"),
            json!("soon"),
            [json!(null), json!("2.00"), json!(null), json!("over")],
            why::INVOICED_ON,
        ),
        (
            (p, 0, "price_retail"),
            json!("95,50"),
            [json!(null), json!("0.00"), json!(null), json!("over")],
            why::PRODUCT,
        ),
        (
            (p, 0, "price_retail"),
            json!(0),
            [json!("-0.50"), json!("0.00"), json!(null), json!("over")],
            "",
        ),
        (
            (p, 0, "id"),
            json!(99),
            [json!(null), json!("0.00"), json!(null), json!("low")],
            why::PRODUCT,
        ),
        (
            (t, 0, "ticket_timers"),
            json!(null),
            [json!(null), json!("6.00"), json!(null), json!(null)],
            why::PARTS,
        ),
    ] {
        let mut account = example();
        account["customers"].as_array_mut().unwrap().truncate(1);
        let (part, at, field) = path;
        account[part][at][field] = is.clone();
        let report = of(&account);
        let row = report.rows[0].json("syncro");
        let found = [&row["after"], &row["burned_90"], &row["weeks"], &row["flag"]];
        let right = [&after, &burned, &weeks, &flag];
        // What is only not known makes no flag better.
        assert_eq!((found[0], found[1], found[2]), (right[0], right[1], right[2]), "{path:?} {is}");
        assert!(found[3] == right[3], "{path:?} {is}: {row}");
        let left_out = report.left_out.counts();
        assert_eq!(left_out.is_empty(), why.is_empty(), "{path:?} {is}: {left_out:?}");
        assert!(left_out.iter().all(|(one, _)| *one == why), "{path:?} {is}: {left_out:?}");
        assert_eq!(row["at_least"].as_array().unwrap().is_empty(), why.is_empty(), "{row}");
    }
}

/// What the example comes to once its records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let mut account = example();
    let parts = [
        ("tickets", "ticket"),
        ("invoices", "invoice"),
        ("customers", "customer"),
        ("products", "product"),
    ];
    kept::change(&mut account, &parts, change);
    let report = of(&account);
    let rows: Vec<Value> = report.rows.iter().map(|row| row.json("")).collect();
    json!([rows, report.totals_json(), report.left_out.json()])
}
