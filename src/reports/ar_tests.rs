//! The worked example of the report, what becomes of it when a field is another or not there, and many made-up accounts
//! of which it is known what is owed.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::*;
use crate::api::resources::payments::Payment;
use crate::reports::kept;

const EXAMPLE: &str = include_str!("fixtures/ar.json");
const TODAY: Date = date(2026, 11, 26);

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

/// The invoices of an account with their payments, and its payments.
fn read(account: &Value) -> (Vec<Record<Invoice>>, Received) {
    let payments = account["payments"].as_array().unwrap().iter();
    let payments: Vec<Record<Payment>> =
        payments.map(|raw| Record::of_part(raw.clone(), &kept::PAYMENT).unwrap()).collect();
    let received = Received::among(&payments, &TimeZone::UTC);
    let invoices = account["invoices"].as_array().unwrap().iter();
    let mut invoices: Vec<Record<Invoice>> =
        invoices.map(|raw| Record::of_part(raw.clone(), &kept::INVOICE).unwrap()).collect();
    invoices.iter_mut().for_each(|one| received.give(&mut one.view));
    (invoices, received)
}

fn of(invoices: &[Record<Invoice>], received: &Received) -> Report {
    let input = Input { invoices, received, customer: None, today: TODAY };
    report(&input, LeftOut::default())
}

fn alone(account: &Value) -> Report {
    let (invoices, received) = read(account);
    of(&invoices, &received)
}

fn left_out(report: &Report) -> Value {
    report.left_out.json()
}

/// Both invoices of the payment that is for two are read, each from its own page.
#[test]
fn the_worked_example() {
    let (mut invoices, received) = read(&example());
    let pages: Vec<u64> = undecided(&invoices).map(|invoice| invoice.id.0).collect();
    assert_eq!(pages, [105, 106]);
    // Until then nobody can tell what is open on them.
    let before = of(&invoices, &received);
    let not_due = json!({"why": why::NO_DUE, "count": 1});
    assert_eq!(left_out(&before), json!([not_due, {"why": why::OPEN, "count": 2}]));
    assert_eq!((before.totals.open.json(), before.totals.open.misses), (json!("325.50"), true));
    for (invoice, part) in invoices.iter_mut().skip(4).zip(["50.0", "40.0"]) {
        let mut page = invoice.raw.clone();
        page["payments"] = json!([{"id": 502, "success": true, "amount": part}]);
        invoice.view = Record::<Invoice>::read(page).unwrap().view;
    }
    let report = of(&invoices, &received);
    let row = report.rows[0].json("syncro");
    let right = json!({
        "customer": "Larch & Sons", "customer_id": 1, "current": "125.50", "d1_30": "0.00",
        "d31_60": "200.00", "d61_90": "20.00", "over_90": "70.00", "open": "415.50",
        "oldest_due": "2026-08-01", "last_payment": "2026-10-28",
        "invoices": ["905", "906", "901", "903", "904"],
        "mend": "syncro report ar --customer 1 --invoices", "at_least": [],
    });
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    let totals = json!({
        "current": "125.50", "d1_30": "0.00", "d31_60": "200.00", "d61_90": "20.00",
        "over_90": "70.00", "open": "415.50", "credits": "0.00", "drafts": "0.00", "at_least": [],
    });
    assert_eq!(report.totals_json(), totals);
    assert_eq!(left_out(&report), json!([not_due]));
    let singly: Vec<Value> =
        report.singly().iter().map(|(row, owed)| row.one_json(owed, "syncro")).collect();
    let right = json!({
        "customer": "Larch & Sons", "customer_id": 1, "ticket_id": null, "invoice": "901",
        "invoice_id": 101, "due": "2026-10-01", "days": 56, "total": "300.00", "open": "200.00",
        "last_payment": "2026-10-28", "mend": "syncro invoice email 901",
    });
    assert_eq!(singly[2], right);
    let keys: Vec<&str> = singly[2].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, SINGLY);
    assert_eq!((&singly[3]["days"], &singly[4]["days"]), (&json!(0), &json!(null)));
    assert_eq!(singly[3]["mend"], "syncro invoice show 903");
}

/// Each field that the sums rest on: under another name, the example comes to something else.
#[test]
fn no_field_is_there_in_vain() {
    let all = |report: &Report| {
        let rows: Vec<Value> = report.rows.iter().map(|row| row.json("syncro")).collect();
        json!([rows, report.totals_json(), left_out(report)])
    };
    let paid = || {
        let mut example = example();
        example["invoices"][2]["is_paid"] = json!(true);
        example["payments"][1]["applied_at"] = json!("2026-10-29T00:00:00.000Z");
        example["payments"][2]["success"] = json!(false);
        example["payments"][2]["invoice_ids"] = json!([104]);
        example
    };
    let right = all(&alone(&paid()));
    for (part, field) in [
        ("invoices", "customer_id"),
        ("invoices", "customer_business_then_name"),
        ("invoices", "total"),
        ("invoices", "is_paid"),
        ("invoices", "due_date"),
        ("payments", "payment_amount"),
        ("payments", "invoice_ids"),
        ("payments", "success"),
        ("payments", "applied_at"),
        ("payments", "customer"),
    ] {
        let mut account = paid();
        for one in account[part].as_array_mut().unwrap() {
            let one = one.as_object_mut().unwrap();
            let value = one.remove(field).unwrap();
            one.insert(format!("{field}_"), value);
        }
        assert_ne!(all(&alone(&account)), right, "{part}.{field}");
    }
}

/// One invoice of $300.00 and one payment of $100.00 for it, each with a change: what is open, and what is left out.
#[test]
fn what_cannot_be_read_is_never_nothing() {
    let (invoice, payment) = ("invoices", "payments");
    for (part, fields, open, why) in [
        (invoice, json!({}), "200.00", ""),
        (invoice, json!({"total": "95,50"}), "0.00", why::OPEN),
        (invoice, json!({"total": null}), "0.00", why::OPEN),
        (invoice, json!({"is_paid": "perhaps"}), "0.00", why::OPEN),
        (invoice, json!({"due_date": "soon"}), "0.00", why::DUE),
        (invoice, json!({"due_date": null}), "200.00", why::NO_DUE),
        // What the account says by itself counts.
        (invoice, json!({"balance_due": 80}), "80.00", ""),
        (invoice, json!({"balance_due": "80,25"}), "0.00", why::OPEN),
        (invoice, json!({"balance_due": 0}), "0.00", ""),
        (invoice, json!({"is_paid": true}), "0.00", ""),
        (invoice, json!({"status": "draft"}), "0.00", ""),
        (payment, json!({"success": false}), "300.00", ""),
        (payment, json!({"success": null}), "200.00", ""),
        (payment, json!({"success": "perhaps"}), "0.00", why::OPEN),
        (payment, json!({"payment_amount": "1,5"}), "0.00", why::OPEN),
        (payment, json!({"payment_amount": null}), "0.00", why::OPEN),
        (payment, json!({"payment_amount": "300.00"}), "0.00", ""),
        (payment, json!({"payment_amount": "400.00"}), "0.00", ""),
        (payment, json!({"invoice_ids": []}), "300.00", ""),
        (payment, json!({"invoice_ids": [null]}), "300.00", ""),
        (payment, json!({"invoice_ids": [101, null]}), "200.00", ""),
        (payment, json!({"invoice_ids": [101, 7]}), "0.00", why::OPEN),
        // One of which nobody knows what it is for may be for any of the customer's, or anybody's.
        (payment, json!({"invoice_ids": null}), "0.00", why::OPEN),
        (payment, json!({"invoice_ids": ["one"]}), "0.00", why::OPEN),
        (payment, json!({"invoice_ids": null, "customer": null}), "0.00", why::OPEN),
        (payment, json!({"invoice_ids": null, "customer": {"id": 2}}), "300.00", ""),
        (payment, json!({"invoice_ids": null, "success": false}), "300.00", ""),
        (payment, json!({"applied_at": "soon"}), "200.00", why::PAID_ON),
    ] {
        let mut account = example();
        let only = |part: &str, account: &mut Value| {
            account[part] = json!([account[part][0]]);
        };
        only(invoice, &mut account);
        only(payment, &mut account);
        account[part][0].as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let report = alone(&account);
        assert_eq!(report.totals.open.json(), open, "{part} {fields}");
        let right = match why {
            "" => json!([]),
            why => json!([{"why": why, "count": 1}]),
        };
        assert_eq!(left_out(&report), right, "{part} {fields}");
        // What is only not known of it is in the sums.
        let is_missed = [why::OPEN, why::DUE].contains(&why);
        assert_eq!(report.totals.open.misses, is_missed, "{part} {fields}");
        assert_eq!(report.rows.is_empty(), open == "0.00", "{part} {fields}");
    }
}

/// Nobody owes a credit: it lessens no sum, and is told apart.
#[test]
fn a_credit_is_told_apart() {
    let mut account = example();
    let mut credit = account["invoices"][0].clone();
    credit.as_object_mut().unwrap().extend(
        json!({"id": 201, "number": "950", "total": "-96.79"}).as_object().unwrap().clone(),
    );
    let mut alone_with_it = account.clone();
    account["invoices"].as_array_mut().unwrap().push(credit.clone());
    let (with, without) = (alone(&account), alone(&example()));
    assert_eq!(with.totals, without.totals);
    assert_eq!(with.totals_json()["credits"], "96.79");
    // Somebody with nothing else is no row, and a credit that was paid out gives nothing back.
    alone_with_it["invoices"] = json!([credit]);
    let report = alone(&alone_with_it);
    assert!(report.rows.is_empty() && report.left_out.is_empty());
    assert_eq!(report.totals_json()["credits"], "96.79");
    alone_with_it["invoices"][0]["is_paid"] = json!(true);
    alone_with_it["invoices"][0]["balance_due"] = json!("0.0");
    assert_eq!(alone(&alone_with_it).totals_json()["credits"], "0.00");
}

/// Customers without a name and invoices without a customer are there, apart from each other.
#[test]
fn who_has_no_name_is_known_by_the_id() {
    let account = |customers: &[(Value, &str)]| {
        let mut account = example();
        account["payments"] = json!([]);
        let invoice = account["invoices"][0].clone();
        let of = |(id, name): &(Value, &str)| {
            let mut invoice = invoice.clone();
            (invoice["customer_id"], invoice["customer_business_then_name"]) =
                (id.clone(), json!(name));
            invoice
        };
        account["invoices"] = customers.iter().map(of).collect();
        account
    };
    let all = account(&[
        (json!(7), ""),
        (json!(7), "Larch"),
        (json!(8), ""),
        (json!(null), "Ash"),
        (json!("nine"), "Yew"),
        (json!(null), "Ash"),
    ]);
    let report = alone(&all);
    let rows: Vec<Value> = report
        .rows
        .iter()
        .map(|row| {
            let row = row.json("syncro");
            json!([row["customer"], row["customer_id"], row["open"]])
        })
        .collect();
    let right = [
        json!(["Ash", null, "600.00"]),
        json!(["Larch", 7, "600.00"]),
        json!(["Yew", null, "300.00"]),
        json!(["", 8, "300.00"]),
    ];
    assert_eq!(rows, right);
    assert_eq!(report.rows[0].json("syncro")["mend"], "syncro report ar --invoices");
    // Where one customer's are asked for, one of nobody may be theirs.
    let (invoices, received) = read(&account(&[(json!(7), "Larch"), (json!(null), "Larch")]));
    let customer = Some(CustomerId(7));
    let input = Input { invoices: &invoices, received: &received, customer, today: TODAY };
    let report = super::report(&input, LeftOut::default());
    assert_eq!(left_out(&report), json!([{"why": why::WHOSE, "count": 1}]));
    assert_eq!(
        (report.totals.open.json(), report.rows[0].sums.open.misses),
        (json!("300.00"), true)
    );
}

/// Sums that no number holds are lower bounds.
#[test]
fn what_is_beyond_all_bounds_is_at_least_so_much() {
    let mut account = example();
    account["payments"] = json!([]);
    let mut invoice = account["invoices"][0].clone();
    invoice["total"] = json!("79228162514264337593543950335");
    account["invoices"] = json!([invoice, invoice]);
    let report = alone(&account);
    assert!(report.totals.open.misses && report.rows[0].sums.open.misses);
    assert_eq!(report.totals_json()["at_least"], json!(["d31_60", "open"]));
}

/// A generator that needs no seed: the same numbers each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, most: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// What is known of a made-up account, in whole cents.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ledger {
    /// By customer, and by how late it is.
    open: BTreeMap<u64, [u64; 5]>,
    credits: u64,
    drafts: u64,
    unclear: usize,
    undated: usize,
    last: BTreeMap<u64, Date>,
}

fn dollars(cents: u64) -> Value {
    json!(format!("{}.{:02}", cents / 100, cents % 100))
}

/// So many days from today to the due date, and the place among the ages: said without reckoning with dates.
fn lateness(numbers: &mut Numbers) -> (i64, usize) {
    let place = usize::try_from(numbers.below(5)).unwrap();
    let (from, to) = [(-40, 0), (1, 30), (31, 60), (61, 90), (91, 500)][place];
    let edge = numbers.below(4);
    let days = match edge {
        0 => from,
        1 => to,
        _ => from + i64::try_from(numbers.below(u64::try_from(to - from + 1).unwrap())).unwrap(),
    };
    (days, place)
}

/// An account with some invoices and their payments, and what is owed there.
fn made_up(numbers: &mut Numbers) -> (Value, Ledger) {
    let (mut account, mut ledger) = (example(), Ledger::default());
    let (blank, paid) = (account["invoices"][0].clone(), account["payments"][0].clone());
    let (mut invoices, mut payments) = (Vec::new(), Vec::new());
    for id in 1..=numbers.below(30) {
        let customer = 1 + numbers.below(6);
        let total = 1 + numbers.below(90_000);
        let (days, mut place) = lateness(numbers);
        let mut one = blank.clone();
        (one["id"], one["number"]) = (json!(id), json!(id.to_string()));
        (one["customer_id"], one["total"]) = (json!(customer), dollars(total));
        one["due_date"] = json!(format!("{}T00:00:00.000Z", TODAY - days.days()));
        let mut received = 0;
        let mut pay = |numbers: &mut Numbers, cents: u64, success: Value, ids: Value| {
            let mut payment = paid.clone();
            let day = TODAY - i64::try_from(numbers.below(300)).unwrap().days();
            (payment["payment_amount"], payment["success"]) = (dollars(cents), success.clone());
            (payment["invoice_ids"], payment["customer"]["id"]) = (ids, json!(customer));
            payment["applied_at"] = json!(format!("{day}T00:00:00.000Z"));
            payments.push(payment);
            if success != json!(false) {
                let last = ledger.last.entry(customer).or_insert(day);
                *last = day.max(*last);
            }
        };
        for _ in 0..numbers.below(3) {
            let part = 1 + numbers.below(total);
            match numbers.below(4) {
                0 => pay(numbers, part, json!(false), json!([id])),
                1 => pay(numbers, part, json!(true), json!([null])),
                2 => {
                    pay(numbers, part, json!(null), json!([id]));
                    received += part;
                }
                _ => {
                    pay(numbers, part, json!(true), json!([id]));
                    received += part;
                }
            }
        }
        let mut open = total.saturating_sub(received);
        match numbers.below(14) {
            0 => (one["is_paid"], open) = (json!(true), 0),
            1 => (one["total"], open) = (json!("0.0"), 0),
            2 if received == 0 => {
                one["total"] = json!(format!("-{}", dollars(total).as_str().unwrap()));
                ledger.credits += total;
                open = 0;
            }
            3 => {
                one["status"] = json!("draft");
                ledger.drafts += total;
                open = 0;
            }
            4 => {
                one["total"] = json!("12,5");
                ledger.unclear += 1;
                open = 0;
            }
            5 => {
                pay(numbers, 5, json!(true), json!([id, 900]));
                ledger.unclear += 1;
                open = 0;
            }
            6 => {
                open = numbers.below(total);
                one["balance_due"] = dollars(open);
            }
            7 => {
                one["due_date"] = json!(null);
                place = 0;
                ledger.undated += usize::from(open > 0);
            }
            _ => {}
        }
        if open > 0 {
            ledger.open.entry(customer).or_default()[place] += open;
        }
        invoices.push(one);
    }
    ledger.last.retain(|customer, _| ledger.open.contains_key(customer));
    (account["invoices"], account["payments"]) = (json!(invoices), json!(payments));
    (account, ledger)
}

fn cents(sum: AtLeast) -> u64 {
    (sum.known * Decimal::ONE_HUNDRED).normalize().to_string().parse().unwrap()
}

#[test]
fn of_a_thousand_accounts_it_is_known_what_is_owed() {
    let mut numbers = Numbers(11);
    let (mut rows, mut left) = (0, 0);
    for case in 0..1_000 {
        let (account, ledger) = made_up(&mut numbers);
        let report = alone(&account);
        let count = |why: Why| {
            let counts = report.left_out.counts();
            counts.iter().find(|(one, _)| *one == why).map_or(0, |(_, count)| *count)
        };
        let of = |row: &Row| (row.whose.id.unwrap().0, row.sums.ages.map(cents));
        let paid = |row: &Row| Some((row.whose.id.unwrap().0, row.last_payment?));
        let found = Ledger {
            open: report.rows.iter().map(of).collect(),
            credits: cents(report.credits),
            drafts: cents(report.drafts),
            unclear: count(why::OPEN),
            undated: count(why::NO_DUE),
            last: report.rows.iter().filter_map(paid).collect(),
        };
        assert_eq!(found, ledger, "{case}: {account}");
        let sums = |ages: &[u64; 5]| ages.iter().sum::<u64>();
        let all: u64 = ledger.open.values().map(sums).sum();
        assert_eq!(cents(report.totals.open), all, "{case}");
        let ages = report.totals.ages.iter().map(|sum| cents(*sum)).sum::<u64>();
        assert_eq!(ages, all, "{case}");
        for row in &report.rows {
            assert_eq!(
                cents(row.sums.open),
                sums(&ledger.open[&row.whose.id.unwrap().0]),
                "{case}"
            );
        }
        assert_eq!(report.totals.open.misses, ledger.unclear > 0, "{case}");
        let falls =
            report.rows.windows(2).all(|two| two[0].sums.open.known >= two[1].sums.open.known);
        assert!(falls, "{case}");
        rows += report.rows.len();
        left += ledger.unclear;
    }
    assert!(rows > 3_000 && left > 1_000, "{rows} {left}");
}

/// What the example comes to once its records are changed.
pub(in crate::reports) fn shown(change: &kept::Change<'_>) -> Value {
    let mut account = example();
    kept::change(&mut account, &[("invoices", "invoice"), ("payments", "payment")], change);
    let report = alone(&account);
    let rows: Vec<Value> = report.rows.iter().map(|row| row.json("")).collect();
    let singly: Vec<Value> =
        report.singly().into_iter().map(|(row, owed)| row.one_json(owed, "")).collect();
    json!([rows, singly, report.totals_json(), left_out(&report)])
}
