//! Ten thousand tickets, of which five hundred are not in order: all of these are found, and none is invented.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::{Code, Level};
use super::{Raw, World, no_charge, stopped};
use crate::reports::kept;

/// A generator that needs no seed: the same numbers each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn price(&mut self) -> String {
        format!("{}.{:02}", 1 + self.below(300), self.below(100))
    }
}

/// A ticket in order, of one kind or another. Customer 1 has no block, 2 has one, 3 has a recurring invoice that takes.
fn in_order(id: u64, numbers: &mut Numbers) -> Raw {
    let price = numbers.price();
    let charged = json!({"recorded": true, "active_duration": 1800});
    let raw = match numbers.below(8) {
        0 => Raw::of(id, "In Progress").line("1.0", &price, false).timer(&stopped()),
        1 => Raw::of(id, "New").timer(&json!({"end_time": null})),
        2 => Raw::of(id, "Closed").timer(&json!({"billable": false, "active_duration": 600})),
        3 => Raw::of(id, "Resolved").line("1.0", &price, true).timer(&charged),
        4 => Raw::of(id, "Invoiced").line("1.0", &price, true),
        5 | 6 => {
            let raw = Raw::of(id, "Invoiced").line("1.0", &price, true).timer(&charged);
            raw.invoice(&price, &price, &[])
        }
        _ => Raw::of(id, "Closed"),
    };
    let mut raw = raw;
    raw.ticket["customer_id"] = json!(1 + numbers.below(2));
    raw
}

/// A ticket with that fault.
fn with_fault(id: u64, code: Code, numbers: &mut Numbers) -> Raw {
    let price = numbers.price();
    let mut raw = match code {
        Code::InvoicedNothing => Raw::of(id, "Invoiced"),
        Code::InvoicedLeft => Raw::of(id, "Invoiced").line("1.0", &price, false),
        Code::ClosedUnbilled if numbers.below(2) == 0 => Raw::of(id, "Closed").timer(&stopped()),
        Code::ClosedUnbilled => Raw::of(id, "Resolved").line("2.0", &price, false),
        Code::ZeroInvoice | Code::ZeroPrepaid => {
            Raw::of(id, "Invoiced").line("1.5", "0.0", true).invoice("0.0", "0.0", &[no_charge()])
        }
        Code::Twice => {
            let raw = Raw::of(id, "Invoiced").line("1.0", &price, true);
            raw.invoice(&price, &price, &[]).invoice(&price, &price, &[])
        }
        Code::OpenInvoiced => {
            Raw::of(id, "In Progress").line("1.0", &price, true).invoice(&price, &price, &[])
        }
        Code::Unequal => {
            let raw = Raw::of(id, "Invoiced").line("1.0", &price, true).line("1.0", "9.5", true);
            raw.invoice(&price, &price, &[])
        }
        Code::WaitsRecurring => Raw::of(id, "Invoiced").line("1.0", &price, false),
    };
    let customer = match code {
        Code::ZeroPrepaid => 2,
        Code::WaitsRecurring => 3,
        _ => 1,
    };
    raw.ticket["customer_id"] = json!(customer);
    raw
}

#[test]
fn of_ten_thousand_tickets_the_five_hundred_are_found_and_no_others() {
    let world = World::taking(&json!({"customer_id": 3}));
    let mut numbers = Numbers(7);
    let (mut planted, mut cases) = (BTreeSet::new(), Vec::new());
    for id in 0..10_000_u64 {
        let raw = match id % 20 {
            13 => {
                let code = Code::ALL[usize::try_from(id / 20 % 9).unwrap()];
                planted.insert((id, code));
                with_fault(id, code, &mut numbers)
            }
            _ => in_order(id, &mut numbers),
        };
        cases.push(raw.case());
    }
    assert_eq!(planted.len(), 500);
    let report = world.report(&cases);
    let found: Vec<(u64, Code)> =
        report.rows.iter().map(|row| (row.ticket.id.0, row.code)).collect();
    assert_eq!(found.len(), 500, "none twice");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), planted);
    assert!(report.left_out.is_empty());
    let counts = Level::ALL.into_iter().flat_map(|level| report.counts(level));
    assert_eq!(counts.map(|(_, count)| count).sum::<usize>(), 500);
}

/// What the examples come to once their records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let examples = super::examples().into_iter().map(|(_, world, mut raw, ..)| {
        change("ticket", &mut raw.ticket);
        raw.invoices.iter_mut().for_each(|one| change("invoice", one));
        let report = world.report(&[raw.case()]);
        let rows: Vec<Value> = report.rows.iter().map(|row| row.json("")).collect();
        json!([rows, report.totals_json(), report.left_out.json()])
    });
    examples.collect()
}
