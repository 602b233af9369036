//! The worked examples, each a row; what cannot be read; and whatever else a ticket may have.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

#[path = "drift_many_tests.rs"]
pub(in crate::reports) mod many;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::*;
use crate::billing::quantity::Rounding;
use crate::billing::uninvoiced::Unmarked;
use crate::config::Unit;
use crate::reports::kept;

const SHAPES: &str = include_str!("fixtures/shapes.json");

/// A record in the shape of the API's example, with these members of its own.
fn shape(name: &str, own: &Value) -> Value {
    let mut shapes: Value = serde_json::from_str(SHAPES).unwrap();
    let mut record = shapes[name].take();
    record.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    record
}

/// A ticket and its invoices, in JSON: what a test changes.
#[derive(Debug, Clone)]
struct Raw {
    ticket: Value,
    invoices: Vec<Value>,
}

impl Raw {
    fn of(id: u64, status: &str) -> Self {
        let ticket = json!({"id": id, "number": id + 1000, "status": status});
        Self { ticket: shape("ticket", &ticket), invoices: Vec::new() }
    }

    fn line(mut self, quantity: &str, price: &str, converted: bool) -> Self {
        let id = self.ticket["line_items"].as_array().unwrap().len();
        let price: Value = serde_json::from_str(price).unwrap();
        let line =
            json!({"id": id, "quantity": quantity, "price_retail": price, "converted": converted});
        self.ticket["line_items"].as_array_mut().unwrap().push(shape("line", &line));
        self
    }

    fn timer(mut self, own: &Value) -> Self {
        self.ticket["ticket_timers"].as_array_mut().unwrap().push(shape("timer", own));
        self
    }

    fn invoice(mut self, subtotal: &str, total: &str, lines: &[Value]) -> Self {
        let id = self.invoices.len();
        let own = json!({
            "id": id, "number": (4444 + id).to_string(), "subtotal": subtotal, "total": total,
            "ticket_id": self.ticket["id"],
        });
        let mut invoice = shape("invoice", &own);
        invoice["line_items"] = lines.iter().map(|line| shape("invoice_line", line)).collect();
        self.invoices.push(invoice);
        self
    }

    fn case(&self) -> Case {
        let read = |raw: &Value| Record::of_part(raw.clone(), &kept::INVOICE).unwrap();
        Case {
            seen: Seen {
                ticket: Record::of_part(self.ticket.clone(), &kept::TICKET).unwrap(),
                unmarked: Ok(Unmarked::new()),
            },
            invoices: Ok(self.invoices.iter().map(read).collect()),
        }
    }
}

/// A labor type that is meant to cost nothing.
fn free(product: u64) -> LaborType {
    LaborType {
        key: "warranty".to_owned(),
        product_id: ProductId(product),
        name: None,
        rate: Some(Decimal::ZERO),
        unit: Unit::Hour,
        taxable: false,
        prepaid: false,
        rounding: Rounding::default(),
        when_prepaid: None,
    }
}

/// What the account around the tickets is.
struct World {
    takes: Takes,
    prices: BTreeMap<ProductId, Decimal>,
    prepaid: BTreeMap<CustomerId, Option<Decimal>>,
    labor: Vec<LaborType>,
}

impl World {
    fn new() -> Self {
        Self {
            takes: Takes::among(&[]),
            prices: BTreeMap::from([(ProductId(55), Decimal::from(120))]),
            prepaid: BTreeMap::from([
                (CustomerId(1), None),
                (CustomerId(2), Some(Decimal::from(4))),
            ]),
            labor: vec![free(77)],
        }
    }

    fn taking(schedule: &Value) -> Self {
        let schedule = Record::of_part(shape("schedule", schedule), &kept::SCHEDULE).unwrap();
        Self { takes: Takes::among(&[schedule]), ..Self::new() }
    }

    fn report(&self, cases: &[Case]) -> Report {
        let closed = ["Resolved", "Invoiced", "Closed"].map(str::to_owned);
        let input = Input {
            cases,
            takes: &self.takes,
            prices: &self.prices,
            prepaid: &self.prepaid,
            closed: &closed,
            after_bill: Some("Invoiced"),
            labor_types: &self.labor,
            labor: Some("remote"),
            zone: &TimeZone::UTC,
        };
        report(&input, LeftOut::default())
    }

    /// The findings of one ticket: code, amount, hours.
    fn found(&self, raw: &Raw) -> Vec<(&'static str, Value, Value)> {
        let report = self.report(&[raw.case()]);
        let row = |row: &Row| {
            let json = row.json("syncro");
            (row.code.name(), json["amount"].clone(), json["hours"].clone())
        };
        report.rows.iter().map(row).collect()
    }
}

fn stopped() -> Value {
    json!({"active_duration": 3600, "billable_time": null, "billable_override": null})
}

fn no_charge() -> Value {
    json!({"quantity": "1.5", "price": "0.0", "product_id": 55})
}

/// The worked examples of the specification, by their names there.
fn examples() -> Vec<(&'static str, World, Raw, &'static str, Value, &'static str)> {
    let invoiced = || Raw::of(71, "Invoiced");
    let world = World::new;
    let none = || json!(null);
    let prepaid = |mut raw: Raw| {
        raw.ticket["customer_id"] = json!(2);
        raw
    };
    let free = json!({"quantity": "1.0", "price": "0.0", "product_id": 77});
    let mut rests_on_free = invoiced().line("1.0", "0.0", true).invoice("0.0", "0.0", &[free]);
    rests_on_free.ticket["line_items"][0]["product_id"] = json!(77);
    let zero =
        || Raw::of(71, "Invoiced").line("1.5", "0.0", true).invoice("0.0", "0.0", &[no_charge()]);
    let lines = || invoiced().line("1.0", "45.0", true).line("1.0", "89.5", true);
    vec![
        ("T1", world(), invoiced(), "invoiced-nothing", none(), "0.00"),
        ("T2", world(), invoiced().line("0.5", "120.0", true), "", none(), ""),
        (
            "T3",
            world(),
            invoiced().line("0.5", "120.0", false),
            "invoiced-left",
            json!("60.00"),
            "0.00",
        ),
        (
            "T4",
            World::taking(&json!({})),
            invoiced().line("0.5", "120.0", false),
            "waits-recurring",
            json!("60.00"),
            "0.00",
        ),
        (
            "T5",
            world(),
            Raw::of(71, "Resolved").timer(&stopped()),
            "closed-unbilled",
            json!("0.00"),
            "1.00",
        ),
        (
            "T6",
            world(),
            Raw::of(71, "In Progress").invoice("81.53", "81.53", &[]),
            "open-invoiced",
            json!("81.53"),
            "0.00",
        ),
        ("T7", world(), zero(), "zero-invoice", json!("180.00"), "0.00"),
        ("T8", world(), prepaid(zero()), "zero-prepaid", json!("180.00"), "0.00"),
        (
            "T9",
            world(),
            invoiced().invoice("60.0", "60.0", &[]).invoice("60.0", "60.0", &[]),
            "twice",
            json!("120.00"),
            "0.00",
        ),
        ("T10", world(), lines().invoice("134.49", "134.49", &[]), "", none(), ""),
        (
            "T10 apart",
            world(),
            lines().invoice("89.50", "89.50", &[]),
            "unequal",
            json!("45.00"),
            "0.00",
        ),
        ("T10 prepaid", world(), prepaid(lines().invoice("89.50", "89.50", &[])), "", none(), ""),
        ("T11", world(), rests_on_free, "", none(), ""),
    ]
}

#[test]
fn the_worked_examples() {
    for (name, world, raw, code, amount, hours) in examples() {
        let found = world.found(&raw);
        let right = if code.is_empty() { Vec::new() } else { vec![(code, amount, json!(hours))] };
        assert_eq!(found, right, "{name}");
    }
    let (_, world, raw, ..) = examples().remove(3);
    let row = world.report(&[raw.case()]).rows[0].json("syncro");
    assert_eq!((&row["schedule"], &row["next_run"]), (&json!("Care"), &json!("2026-12-01")));
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
}

/// A recurring invoice takes lines, and no time; what is billed leaves no time behind.
#[test]
fn what_is_taken_is_no_loss_and_time_is() {
    let world = || World::taking(&json!({}));
    let line = |status| Raw::of(71, status).line("0.5", "120.0", false);
    let mut sold = stopped();
    sold["product_id"] = json!(55);
    let invoiced =
        || Raw::of(71, "Invoiced").line("1.0", "60.0", true).invoice("60.0", "60.0", &[]);
    let waits = |hours| ("waits-recurring", json!("60.00"), json!(hours), "");
    let none = || json!("0.00");
    for (world, raw, right) in [
        (world(), line("Resolved"), vec![waits("0.00")]),
        (
            world(),
            line("Resolved").timer(&sold),
            vec![("closed-unbilled", none(), json!("1.00"), "timer charge 1071 1"), waits("1.00")],
        ),
        (
            world(),
            line("Invoiced").timer(&sold),
            vec![("invoiced-left", none(), json!("1.00"), "timer charge 1071 1"), waits("1.00")],
        ),
        (
            World::new(),
            invoiced().timer(&sold),
            vec![("invoiced-left", none(), json!("1.00"), "bill 1071 --from-timers")],
        ),
        (
            World::new(),
            invoiced().timer(&stopped()),
            vec![(
                "invoiced-left",
                none(),
                json!("1.00"),
                "bill 1071 --from-timers --labor remote",
            )],
        ),
        (
            World::new(),
            invoiced().timer(&json!({"billable": false, "active_duration": 60})),
            vec![],
        ),
    ] {
        let report = world.report(&[raw.case()]);
        let found = report.rows.iter().map(|row| {
            let json = row.json("");
            let mend = json["mend"].as_str().unwrap_or_default().trim().to_owned();
            (row.code.name(), json["amount"].clone(), json["hours"].clone(), mend)
        });
        let right = right
            .into_iter()
            .map(|(code, amount, hours, mend)| (code, amount, hours, mend.to_owned()));
        assert_eq!(found.collect::<Vec<_>>(), right.collect::<Vec<_>>());
    }
}

/// The mends carry the ticket's number.
#[test]
fn each_finding_has_its_command() {
    for (name, world, raw, code, ..) in examples().into_iter().filter(|one| !one.3.is_empty()) {
        let row = world.report(&[raw.case()]).rows[0].json("syncro");
        let mend = match code {
            "invoiced-nothing" => "syncro bill 1071",
            "invoiced-left" => "syncro invoice create 1071",
            "closed-unbilled" => "syncro bill 1071 --from-timers --labor remote",
            "open-invoiced" => "syncro update 1071 Invoiced",
            "waits-recurring" => "",
            _ => "syncro ticket 1071",
        };
        assert_eq!(row["mend"].as_str().unwrap_or_default(), mend, "{name}");
    }
}

/// Each field that a finding rests on: under another name, it is another finding, or the ticket is left out.
#[test]
fn no_field_is_there_in_vain() {
    let fields: [(&str, &str, &str); 17] = [
        ("T1", "", "status"),
        ("T2", "line_items", "converted"),
        ("T3", "line_items", "quantity"),
        ("T4", "", "customer_id"),
        ("T5", "ticket_timers", "end_time"),
        ("T5", "ticket_timers", "active_duration"),
        ("T6", "invoice", "total"),
        ("T7", "invoice", "subtotal"),
        ("T7", "invoice", "line_items"),
        ("T7", "invoice line", "quantity"),
        ("T7", "invoice line", "price"),
        ("T7", "invoice line", "product_id"),
        ("T8", "", "customer_id"),
        ("T9", "invoice", "total"),
        ("T10", "invoice", "subtotal"),
        ("T10 apart", "line_items", "quantity"),
        ("T3", "", "line_items"),
    ];
    for (name, part, field) in fields {
        let (_, world, mut raw, ..) = examples().into_iter().find(|one| one.0 == name).unwrap();
        if name == "T5" {
            // Of half an hour between its ends, a whole one is counted.
            raw.ticket["ticket_timers"][0]["start_time"] = json!("2026-11-20T14:11:15.000Z");
        }
        let before = world.report(&[raw.case()]);
        let renamed = |object: &mut Value| {
            let value = object.as_object_mut().unwrap().remove(field).unwrap();
            object[format!("{field}_")] = value;
        };
        match part {
            "" => renamed(&mut raw.ticket),
            "invoice" => raw.invoices.iter_mut().for_each(renamed),
            "invoice line" => renamed(&mut raw.invoices[0]["line_items"][0]),
            part => raw.ticket[part].as_array_mut().unwrap().iter_mut().for_each(renamed),
        }
        let after = world.report(&[raw.case()]);
        let all = |report: &Report| {
            let rows: Vec<Value> = report.rows.iter().map(|row| row.json("syncro")).collect();
            json!([rows, report.left_out.json()])
        };
        assert_ne!(all(&before), all(&after), "{name} {part}.{field}");
    }
}

/// Where one part is not known, nothing is said of the ticket: neither a finding nor that there is none.
#[test]
fn what_is_not_known_is_left_out() {
    let example = |name: &str| examples().into_iter().find(|one| one.0 == name).unwrap();
    let changed = |name: &str, change: &dyn Fn(&mut Raw)| {
        let (_, world, mut raw, ..) = example(name);
        change(&mut raw);
        (world, raw)
    };
    let line = |field: &'static str, value: Value| {
        move |raw: &mut Raw| raw.ticket["line_items"][0][field] = value.clone()
    };
    let invoice = |field: &'static str, value: Value| {
        move |raw: &mut Raw| raw.invoices[0][field] = value.clone()
    };
    let timer = |field: &'static str, value: Value| {
        move |raw: &mut Raw| raw.ticket["ticket_timers"][0][field] = value.clone()
    };
    for ((world, raw), why) in [
        (changed("T3", &line("converted", json!("perhaps"))), why::LINE),
        (changed("T5", &timer("recorded", json!("perhaps"))), why::TIMER),
        (changed("T6", &invoice("total", json!("81,5"))), why::MONEY),
        (changed("T9", &invoice("subtotal", json!(null))), why::MONEY),
        (
            changed("T7", &|raw| raw.invoices[0]["line_items"][0]["price"] = json!("0,0")),
            why::MONEY,
        ),
        (
            changed("T7", &|raw| raw.invoices[0]["line_items"][0]["product_id"] = json!(56)),
            why::PRODUCT,
        ),
        (changed("T7", &|raw| raw.ticket["customer_id"] = json!(3)), why::PREPAID),
        (changed("T10 apart", &line("price_retail", json!("45,0"))), why::MONEY),
        (changed("T10 apart", &|raw| raw.ticket["customer_id"] = json!(3)), why::PREPAID),
        (changed("T1", &|raw| raw.ticket["status"] = json!(null)), why::STATUS),
        (changed("T1", &|raw| raw.ticket["ticket_timers"] = json!(null)), why::PARTS),
    ] {
        let report = world.report(&[raw.case()]);
        assert!(report.rows.is_empty(), "{why}: {report:?}");
        assert_eq!(report.left_out.json(), json!([{"why": why, "count": 1}]));
        assert!(report.losses().misses, "{why}");
    }
    // An unreadable price makes the sum a lower bound.
    let (world, raw) = changed("T3", &line("price_retail", json!("95,50")));
    let report = world.report(&[raw.line("1.0", "10.0", false).case()]);
    let row = report.rows[0].json("syncro");
    assert_eq!((&row["amount"], &row["at_least"]), (&json!("10.00"), &json!(["amount"])));
    assert!(report.losses().misses);
    // So does one that is too large for a sum.
    let (world, raw) = changed("T9", &|raw| {
        raw.invoices.iter_mut().for_each(|one| one["total"] = json!(Decimal::MAX.to_string()));
    });
    let report = world.report(&[raw.case()]);
    assert_eq!((report.rows.len(), report.rows[0].code), (1, Code::Twice));
    let amount = Some(AtLeast { known: Decimal::MAX, misses: true });
    assert_eq!(report.rows[0].amount, amount);
    // Its invoices could not be read: it is not one without an invoice.
    for (unread, why) in [("invoices", why::INVOICES), ("unmarked", why::INVOICE)] {
        let (_, world, raw, ..) = example("T1");
        let mut case = raw.case();
        match unread {
            "invoices" => case.invoices = Err(why),
            _ => case.seen.unmarked = Err(why),
        }
        let report = world.report(&[case]);
        assert!(report.rows.is_empty(), "{unread}");
        assert_eq!(report.left_out.json(), json!([{"why": why, "count": 1}]));
    }
    // Who takes what waits is not known.
    for schedule in [json!({"customer_id": null}), json!({"paused": "perhaps"})] {
        let (_, _, raw, ..) = example("T3");
        let report = World::taking(&schedule).report(&[raw.case()]);
        assert!(report.rows.is_empty() && report.left_out.counts() == [(why::SCHEDULES, 1)]);
    }
}

proptest::proptest! {
    /// Whatever a ticket has: no two losses that exclude each other, and each amount is invoiced, lost, or waits.
    #[test]
    fn all_of_it_is_lost_or_invoiced_or_waits(
        status in 0..4_usize,
        lines in proptest::collection::vec((1..400_u32, proptest::bool::ANY), 0..5),
        timers in proptest::collection::vec(0..4_usize, 0..4),
        invoices in proptest::collection::vec(0..2_usize, 0..3),
        takes in proptest::bool::ANY,
    ) {
        let status = ["In Progress", "Resolved", "Invoiced", "Closed"][status];
        let mut raw = Raw::of(71, status);
        for (price, converted) in &lines {
            raw = raw.line("1.0", &price.to_string(), *converted);
        }
        for timer in &timers {
            raw = raw.timer(&[
                stopped(),
                json!({"end_time": null}),
                json!({"recorded": true}),
                json!({"billable": false, "active_duration": 60}),
            ][*timer]);
        }
        for invoice in &invoices {
            raw = raw.invoice(["0.0", "60.0"][*invoice], ["0.0", "60.0"][*invoice], &[]);
        }
        let world = if takes { World::taking(&json!({})) } else { World::new() };
        let report = world.report(&[raw.case()]);
        proptest::prop_assert!(report.left_out.is_empty());
        let codes: Vec<Code> = report.rows.iter().map(|row| row.code).collect();
        let exclusive = [Code::InvoicedNothing, Code::InvoicedLeft, Code::ClosedUnbilled];
        let lost: Vec<&Code> = codes.iter().filter(|code| exclusive.contains(code)).collect();
        proptest::prop_assert!(lost.len() <= 1, "{:?}", codes);
        proptest::prop_assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
        let sum = |wanted: bool| -> u32 {
            lines.iter().filter(|(_, converted)| *converted == wanted).map(|(price, _)| price).sum()
        };
        let amount = |code: &Code| {
            let row = report.rows.iter().find(|row| row.code == *code).unwrap();
            row.amount.map(|amount| amount.known).unwrap_or_default()
        };
        let lost: Decimal = lost.into_iter().map(amount).sum();
        // What is not lost waits: on an open ticket, or for a recurring invoice.
        let waits = match status {
            "In Progress" => sum(false),
            _ if takes => sum(false),
            _ => 0,
        };
        let all: u32 = lines.iter().map(|(price, _)| price).sum();
        // The time that waits is lost with all else, once.
        let owed = timers.iter().filter(|timer| **timer == 0).count();
        let owed = if status == "In Progress" { 0 } else { owed };
        proptest::prop_assert_eq!(report.hours().known, Decimal::from(owed));
        proptest::prop_assert_eq!(lost + Decimal::from(sum(true) + waits), Decimal::from(all));
    }
}
