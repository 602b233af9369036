//! The worked example of the report, and what becomes of it when a field is another or not there: each is a row below.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::api::ids::Number;
use crate::billing::uninvoiced::Unmarked;
use crate::reports::kept;

const EXAMPLE: &str = include_str!("fixtures/uninvoiced.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn seen(ticket: Value) -> Seen {
    Seen { ticket: Record::of_part(ticket, &kept::TICKET).unwrap(), unmarked: Ok(Unmarked::new()) }
}

fn prices() -> Prices {
    Prices { by: BTreeMap::from([(ProductId(55), Decimal::new(1200, 1))]), default: None }
}

/// The report of tickets on 2026-11-26 at noon.
fn of(seen: &[Seen], takes: &Takes, prices: &Prices) -> Report {
    let as_of = "2026-11-26T12:00:00Z".parse().unwrap();
    let (labor, zone) = (Some("remote"), &TimeZone::UTC);
    report(&Input { seen, takes, prices, labor, as_of, zone }, LeftOut::default())
}

fn alone(ticket: Value) -> Report {
    of(&[seen(ticket)], &Takes::among(&[]), &prices())
}

fn schedule(fields: Value) -> Value {
    let mut schedule = json!({
        "id": 1, "account_id": 1, "customer_id": 1, "email_customer": false, "frequency": "Monthly",
        "name": "Care", "next_run": "2026-12-01T00:00:00.000Z", "snail_mail": false, "charge_mop": false,
        "subtotal": 0, "invoice_unbilled_ticket_charges": true, "paused": false,
        "last_invoice_paid": null, "lines": [],
    });
    schedule.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    schedule
}

#[test]
fn the_worked_example() {
    let report = alone(example());
    let row = report.rows[0].json("syncro");
    let right = json!({
        "customer": "Larch & Sons", "customer_id": 1, "ticket": "4", "ticket_id": 71, "hours": "3.00",
        "hours_unmarked": "0.17", "hours_running": "1.00", "lines": 2, "amount": "108.30",
        "value": "240.00", "oldest": "2026-11-20", "takes": false, "subject": "Printer is silent",
        "status": "In Progress", "timer_ids": [1, 2, 6, 5], "line_ids": [11, 13],
        "mend": "syncro bill 4 --from-timers --labor remote", "at_least": ["value"],
    });
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    let totals = report.totals_json();
    for (name, value) in [
        ("hours", json!("3.00")),
        ("hours_unmarked", json!("0.17")),
        ("running", json!(1)),
        ("amount", json!("108.30")),
        ("value", json!("240.00")),
        ("value_is_lower_bound", json!(true)),
    ] {
        assert_eq!(totals[name], value, "{name}");
        let of_customer = &totals["customers"][0];
        assert!(name == "running" || of_customer[name] == value, "{name}: {of_customer}");
    }
    assert_eq!(report.left_out.json(), json!([]));
}

/// Each field that the sums rest on: under another name, the example comes to something else.
#[test]
fn no_field_is_there_in_vain() {
    // What was set counts before what was counted.
    let example = || {
        let mut example = example();
        example["ticket_timers"][0]["billable_time"] = json!(3600);
        example
    };
    let right = alone(example());
    assert_eq!(right.totals.hours.json(), "3.00");
    let mut counted = example();
    counted["ticket_timers"][0]["billable_override"] = json!(null);
    counted["ticket_timers"][0]["billable_time"] = json!(5400);
    assert_eq!(alone(counted).totals.hours.json(), "2.50");
    let all = |report: &Report| {
        let rows: Vec<Value> = report.rows.iter().map(|row| row.json("syncro")).collect();
        json!([rows, report.totals_json(), report.left_out.json()])
    };
    let fields = [
        ("", "number"),
        ("", "customer_id"),
        ("", "customer_business_then_name"),
        ("", "subject"),
        ("", "status"),
        ("", "line_items"),
        ("", "ticket_timers"),
        ("ticket_timers", "start_time"),
        ("ticket_timers", "end_time"),
        ("ticket_timers", "recorded"),
        ("ticket_timers", "billable"),
        ("ticket_timers", "product_id"),
        ("ticket_timers", "ticket_line_item_id"),
        ("ticket_timers", "active_duration"),
        ("ticket_timers", "billable_override"),
        ("line_items", "quantity"),
        ("line_items", "converted"),
    ];
    for (part, field) in fields {
        let mut ticket = example();
        let renamed = |object: &mut Value| {
            let object = object.as_object_mut().unwrap();
            let value = object.remove(field).unwrap();
            object.insert(format!("{field}_"), value);
        };
        match part {
            "" => renamed(&mut ticket),
            part => ticket[part].as_array_mut().unwrap().iter_mut().for_each(renamed),
        }
        if let Ok(ticket) = Record::read(ticket) {
            let seen = Seen { ticket, unmarked: Ok(Unmarked::new()) };
            let found = of(&[seen], &Takes::among(&[]), &prices());
            assert_ne!(all(&found), all(&right), "{part}.{field}");
        }
    }
}

/// What a change of the example comes to: hours, amount, value, the lower bounds, and what is left out.
#[test]
fn what_cannot_be_read_is_never_nothing() {
    const T: &str = "ticket_timers";
    const L: &str = "line_items";
    let all = &["hours", "hours_unmarked", "hours_running", "amount", "value"][..];
    let two = &["amount", "value"][..];
    for (part, at, field, is, [hours, amount, value], at_least, why) in [
        (T, 0, "recorded", json!("perhaps"), ["1.00", "108.30", "0.00"], all, why::TIMER),
        (T, 0, "billable", json!("perhaps"), ["1.00", "108.30", "0.00"], all, why::TIMER),
        (T, 0, "billable_override", json!("1,5"), ["1.00", "108.30", "0.00"], all, why::TIMER),
        (T, 1, "end_time", json!("noon"), ["2.00", "108.30", "240.00"], all, why::TIMER),
        (T, 1, "start_time", json!(null), ["2.00", "108.30", "240.00"], all, why::TIMER),
        (T, 3, "ticket_line_item_id", json!("nine"), ["3.00", "108.30", "240.00"], all, why::TIMER),
        (L, 0, "converted", json!("perhaps"), ["3.00", "33.30", "240.00"], all, why::LINE),
        (L, 0, "price_retail", json!("95,50"), ["3.00", "33.30", "240.00"], two, ""),
        (L, 0, "quantity", json!("half"), ["3.00", "33.30", "240.00"], two, ""),
        (L, 0, "line_discount_percent", json!("?"), ["3.00", "33.30", "240.00"], two, ""),
        // A discount is part of every amount.
        (L, 0, "line_discount_percent", json!(10), ["3.00", "100.80", "240.00"], &["value"], ""),
    ] {
        let mut ticket = example();
        ticket[part][at][field] = is;
        let report = alone(ticket);
        let totals = report.totals_json();
        let found = json!([totals["hours"], totals["amount"], totals["value"], totals["at_least"]]);
        assert_eq!(found, json!([hours, amount, value, at_least]), "{report:?}");
        let left_out = match why {
            "" => json!([]),
            why => json!([{"why": why, "count": 1}]),
        };
        assert_eq!(report.left_out.json(), left_out);
        let customer = &totals["customers"][0]["at_least"];
        assert_eq!(*customer, json!(at_least), "{totals}");
    }
}

#[test]
fn a_ticket_that_could_not_be_judged_is_left_out_and_its_customers_sums_are_lower_bounds() {
    let mut other = example();
    (other["id"], other["number"]) = (json!(72), json!(5));
    let unread = Seen { unmarked: Err(why::INVOICES), ..seen(other.clone()) };
    let mut bare = example();
    (bare["id"], bare["number"]) = (json!(73), json!(6));
    bare.as_object_mut().unwrap().remove("line_items");
    for (second, why) in [(unread, why::INVOICES), (seen(bare), why::PARTS)] {
        let report = of(&[seen(example()), second], &Takes::among(&[]), &prices());
        assert_eq!(report.rows.len(), 1);
        assert_eq!(report.left_out.json(), json!([{"why": why, "count": 1}]));
        let totals = report.totals_json();
        let every = json!(["hours", "hours_unmarked", "hours_running", "amount", "value"]);
        assert_eq!(totals["at_least"], every);
        assert_eq!(totals["customers"][0]["at_least"], every);
    }
    // Another customer's sums are whole.
    other["customer_id"] = json!(2);
    let unread = Seen { unmarked: Err(why::INVOICES), ..seen(other) };
    let report = of(&[seen(example()), unread], &Takes::among(&[]), &prices());
    assert_eq!(report.totals_json()["customers"][0]["at_least"], json!(["value"]));
    assert_eq!(report.totals_json()["at_least"].as_array().unwrap().len(), 5);
}

#[test]
fn a_line_on_an_invoice_waits_no_more_and_a_default_product_gives_a_price() {
    let on_one = Unmarked::from([(LineItemId(11), Number("77".to_owned()))]);
    let marked = Seen { unmarked: Ok(on_one), ..seen(example()) };
    let report = of(&[marked], &Takes::among(&[]), &prices());
    assert_eq!(report.totals.amount.json(), "33.30");
    let with_default = Prices { default: Some(ProductId(55)), ..prices() };
    let report = of(&[seen(example())], &Takes::among(&[]), &with_default);
    assert_eq!((report.totals.value.json(), report.totals.value.misses), (json!("360.00"), false));
}

/// What is to be done rests on what waits and on who takes it.
#[test]
fn the_command_that_mends() {
    let only = |part: &str, places: &[usize]| {
        let mut ticket = example();
        let all = ticket[part].clone();
        (ticket["line_items"], ticket["ticket_timers"]) = (json!([]), json!([]));
        ticket[part] = places.iter().map(|at| all[*at].clone()).collect();
        ticket
    };
    let takes = |fields: Value| Takes::among(&[Record::read(schedule(fields)).unwrap()]);
    let (yes, no) = (takes(json!({})), Takes::among(&[]));
    let both = {
        let mut ticket = example();
        ticket["ticket_timers"][0]["end_time"] = json!("noon");
        ticket
    };
    for (ticket, takes, mend, known) in [
        (only("line_items", &[0]), &no, Some("syncro invoice create 4"), json!(false)),
        (only("line_items", &[0]), &yes, None, json!(true)),
        (
            only("line_items", &[0]),
            &takes(json!({"paused": true})),
            Some("syncro invoice create 4"),
            json!(false),
        ),
        (
            only("line_items", &[0]),
            &takes(json!({"customer_id": 2})),
            Some("syncro invoice create 4"),
            json!(false),
        ),
        (
            only("line_items", &[0]),
            &takes(json!({"invoice_unbilled_ticket_charges": false, "customer_id": null})),
            Some("syncro invoice create 4"),
            json!(false),
        ),
        // Nobody can tell: it may be taken.
        (
            only("line_items", &[0]),
            &takes(json!({"paused": "perhaps"})),
            Some("syncro ticket 4"),
            json!(null),
        ),
        (
            only("line_items", &[0]),
            &takes(json!({"customer_id": null})),
            Some("syncro ticket 4"),
            json!(null),
        ),
        (
            only("line_items", &[0]),
            &takes(json!({"invoice_unbilled_ticket_charges": null})),
            Some("syncro ticket 4"),
            json!(null),
        ),
        (only("line_items", &[0]), &Takes::unknown(), Some("syncro ticket 4"), json!(null)),
        (only("ticket_timers", &[0]), &no, Some("syncro bill 4 --from-timers"), json!(false)),
        (only("ticket_timers", &[0]), &yes, Some("syncro timer charge 4 1"), json!(true)),
        (only("ticket_timers", &[4]), &no, Some("syncro timer stop 4 5"), json!(false)),
        (only("ticket_timers", &[5]), &no, Some("syncro timer list 4"), json!(false)),
        (both, &no, Some("syncro ticket 4"), json!(false)),
    ] {
        let report = of(&[seen(ticket)], takes, &prices());
        let row = report.rows[0].json("syncro");
        assert_eq!((&row["mend"], &row["takes"]), (&json!(mend), &known), "{row}");
        let unknown = json!([{"why": why::SCHEDULES, "count": 1}]);
        assert_eq!(report.left_out.json() == unknown, known.is_null(), "{row}");
        assert!(!known.is_null() || !report.totals.amount.misses, "{row}");
    }
    for (number, typed) in
        [(json!("4; date"), "id:71"), (json!(""), "id:71"), (json!("32181"), "32181")]
    {
        let mut ticket = only("line_items", &[0]);
        ticket["number"] = number;
        let report = alone(ticket);
        assert_eq!(report.rows[0].json("syncro")["mend"], format!("syncro invoice create {typed}"));
    }
    // What is charged and invoiced is no row.
    assert!(alone(only("ticket_timers", &[2, 3])).rows.is_empty());
    assert!(alone(only("line_items", &[1])).rows.is_empty());
}

/// What the example comes to once its records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let mut ticket = example();
    change("ticket", &mut ticket);
    let report = alone(ticket);
    let rows: Vec<Value> = report.rows.iter().map(|row| row.json("")).collect();
    json!([rows, report.totals_json(), report.left_out.json()])
}
