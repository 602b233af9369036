//! The check of an invoice, told by servers of every kind.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::billing::discount::Discount;
use crate::billing::expected::ExpectedLine;

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Two hours at 120 and one trip at 45; `balance` hours are there, of which up to two are covered.
fn expected(balance: &str) -> ExpectedInvoice {
    let line = |product, quantity, price| ExpectedLine {
        product_id: Some(ProductId(product)),
        quantity: decimal(quantity),
        price: decimal(price),
        prepaid: product == 1,
        ..ExpectedLine::default()
    };
    let covered_hours = decimal(balance).min(Decimal::TWO);
    ExpectedInvoice {
        lines: vec![line(1, "2", "120"), line(2, "1", "45")],
        balance: decimal(balance),
        covered_hours,
        covered_amount: covered_hours * decimal("120"),
    }
}

fn check(balance: &str, subtotal: &str, after: &str, hours: &str) -> Verdict {
    let found: Invoice = serde_json::from_value(json!({
        "id": 7, "number": "8", "subtotal": subtotal,
        "line_items": [
            { "product_id": 1, "quantity": hours },
            { "product_id": 2, "quantity": 1 },
        ],
    }))
    .unwrap();
    invoice(&expected(balance), &found, decimal(after))
}

fn right(debited: &str) -> Verdict {
    Verdict::Right(decimal(debited))
}

#[test]
fn as_planned_with_or_without_the_block() {
    assert_eq!(check("0", "285.00", "0", "2"), right("0"));
    assert_eq!(check("5", "285.00", "5", "2.0"), right("0"));
    assert_eq!(check("5", "45.00", "3", "2"), right("2"));
    assert_eq!(check("0.5", "225.00", "0", "2"), right("0.5"));
    // A cent a line is the server's own rounding.
    assert_eq!(check("0", "285.02", "0", "2"), right("0"));
}

#[test]
fn a_lost_price_is_not_a_covered_one() {
    assert_eq!(check("0", "0.00", "0", "2"), Verdict::LostPrice);
    assert_eq!(check("5", "0.00", "5", "2"), Verdict::LostPrice);
    assert!(matches!(check("0", "285.03", "0", "2"), Verdict::Wrong(_)));
    assert!(matches!(check("5", "45.00", "3", "1.5"), Verdict::Wrong(_)));
}

#[test]
fn another_balance_fails_with_the_numbers() {
    // Two hours are not to pay for, one is debited; all is to pay for, and two are debited all the same.
    for (subtotal, after) in [("45.00", "4"), ("285.00", "3"), ("165.00", "5"), ("285.00", "6")] {
        let Verdict::Wrong(text) = check("5", subtotal, after, "2") else {
            unreachable!("{subtotal} and {after} do not fit")
        };
        assert!(text.contains(&format!("${subtotal}")), "{text}");
        assert!(text.contains("$285.00") && text.contains('5'), "{text}");
    }
    let Verdict::Wrong(text) = check("5", "45.00", "4", "2") else { unreachable!("it is wrong") };
    assert!(text.contains("from 5 to 4"), "{text}");
}

#[test]
fn lines_that_others_took_leave_it_empty() {
    let empty: Invoice = serde_json::from_value(json!({
        "id": 7, "number": "8", "subtotal": "0.0", "line_items": [],
    }))
    .unwrap();
    assert_eq!(invoice(&expected("0"), &empty, Decimal::ZERO), Verdict::Empty);
}

/// What a server may make of the lines, the block and the prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Server {
    /// Covers nothing.
    Plain,
    /// Covers lines in their order.
    Covers,
    /// Covers them in the opposite order.
    Backwards,
    /// Covers hours and debits none.
    Undebited,
    /// Covers hours and debits a part of them.
    HalfDebited,
    /// Debits hours that are to pay for as well.
    OverDebited,
    /// Covers lines that the block must not cover.
    Exempt,
}

/// Hours and amount that `balance` covers of `lines`.
fn taken<'l>(
    balance: Decimal,
    lines: impl Iterator<Item = &'l ExpectedLine>,
) -> (Decimal, Decimal) {
    let (mut hours, mut amount) = (Decimal::ZERO, Decimal::ZERO);
    for line in lines {
        let part = line.quantity.min(balance - hours);
        hours += part;
        amount += money::amount(part, line.price);
    }
    (hours, amount)
}

fn answered(server: Server, expected: &ExpectedInvoice) -> (Decimal, Decimal) {
    let hours = || expected.lines.iter().filter(|line| line.prepaid);
    let others = || expected.lines.iter().filter(|line| !line.prepaid);
    let balance = expected.balance;
    let (in_order, amount) = taken(balance, hours());
    let (debited, off) = match server {
        Server::Plain => (Decimal::ZERO, Decimal::ZERO),
        Server::Covers => (in_order, amount),
        Server::Backwards => taken(balance, hours().rev()),
        Server::Undebited => (Decimal::ZERO, amount),
        Server::HalfDebited => (in_order / Decimal::TWO, amount),
        Server::OverDebited => (in_order, Decimal::ZERO),
        Server::Exempt => (Decimal::ZERO, taken(balance, others()).1),
    };
    (expected.subtotal() - off, balance - debited)
}

const SERVERS: [Server; 7] = [
    Server::Plain,
    Server::Covers,
    Server::Backwards,
    Server::Undebited,
    Server::HalfDebited,
    Server::OverDebited,
    Server::Exempt,
];

proptest! {
    /// No price is twice another, so half the hours are never worth the whole amount; and all amounts are far above
    /// the cents that may differ.
    #[test]
    fn a_price_is_lost_or_it_is_not(
        lines in prop::collection::vec((25i64..500, 10_000i64..19_900, any::<bool>()), 1..6),
        balance in prop_oneof![Just(0i64), 25i64..2_000],
    ) {
        let lines: Vec<ExpectedLine> = lines
            .into_iter()
            .zip(1..)
            .map(|((quantity, price, prepaid), product)| ExpectedLine {
                product_id: Some(ProductId(product)),
                quantity: Decimal::new(quantity, 2),
                price: Decimal::new(price, 2),
                prepaid,
                ..ExpectedLine::default()
            })
            .collect();
        let balance = Decimal::new(balance, 2);
        let (covered_hours, covered_amount) =
            taken(balance, lines.iter().filter(|line| line.prepaid));
        let expected = ExpectedInvoice { lines, balance, covered_hours, covered_amount };
        let items: Vec<_> = expected
            .lines
            .iter()
            .map(|line| json!({"product_id": line.product_id, "quantity": line.quantity}))
            .collect();
        for server in SERVERS {
            let (subtotal, after) = answered(server, &expected);
            let found: Invoice = serde_json::from_value(json!({
                "id": 7, "number": "8", "subtotal": subtotal, "line_items": items,
            })).unwrap();
            let plain = (subtotal, after) == (expected.subtotal(), balance);
            let fair = matches!(server, Server::Plain | Server::Covers | Server::Backwards);
            let verdict = invoice(&expected, &found, after);
            let is_right = matches!(verdict, Verdict::Right(_));
            prop_assert_eq!(is_right, fair || plain, "{:?}: {:?}", server, verdict);
            if let Verdict::Wrong(text) = verdict {
                prop_assert!(text.contains(&money::display(subtotal)), "{}", text);
            }
        }
    }
}

#[test]
fn a_discount_is_part_of_what_is_right() {
    let line = |discount| ExpectedLine {
        product_id: Some(ProductId(1)),
        quantity: decimal("2"),
        price: decimal("120"),
        discount,
        prepaid: true,
        ..ExpectedLine::default()
    };
    for (discount, subtotal, after, is_right) in [
        (Discount::Percent(decimal("10")), "216.00", "5", true),
        (Discount::Percent(decimal("10")), "240.00", "5", false),
        (Discount::Percent(decimal("10")), "0.00", "3", true),
        (Discount::Percent(decimal("10")), "108.00", "4", true),
        (Discount::Percent(decimal("10")), "120.00", "4", false),
        (Discount::Dollars(decimal("40")), "200.00", "5", true),
        // What is left keeps its share of the discount, or all of it.
        (Discount::Dollars(decimal("40")), "100.00", "4", true),
        (Discount::Dollars(decimal("40")), "80.00", "4", true),
        (Discount::Dollars(decimal("40")), "120.00", "4", false),
        (Discount::Percent(decimal("100")), "0.00", "5", true),
    ] {
        let expected = ExpectedInvoice {
            lines: vec![line(discount)],
            balance: decimal("5"),
            ..ExpectedInvoice::default()
        };
        let found: Invoice = serde_json::from_value(json!({
            "id": 7, "number": "8", "subtotal": subtotal,
            "line_items": [{"product_id": 1, "quantity": "2.0"}],
        }))
        .unwrap();
        let verdict = invoice(&expected, &found, decimal(after));
        let found = matches!(verdict, Verdict::Right(_));
        assert_eq!(found, is_right, "{discount:?} {subtotal} {after}: {verdict:?}");
    }
}

#[test]
fn nothing_is_called_a_lost_price_while_lines_have_prices() {
    let found: Invoice = serde_json::from_value(json!({
        "id": 7, "number": "8", "subtotal": "0.00", "line_items": [
            {"product_id": 1, "quantity": 2, "price": "120.0", "discount_percent": 100},
            {"product_id": 2, "quantity": 1, "price": "0.0"},
        ],
    }))
    .unwrap();
    let verdict = invoice(&expected("0"), &found, Decimal::ZERO);
    assert!(matches!(verdict, Verdict::Wrong(_)), "{verdict:?}");
}

#[test]
fn lines_that_name_no_product_are_known_by_what_they_show() {
    let mut plan = expected("0");
    (plan.lines[0].name, plan.lines[1].name) = ("Remote".to_owned(), "Travel".to_owned());
    // Name, quantity and price of each line.
    for (first, second, is_right) in [
        (json!(["Remote", 2, 120]), json!(["Travel", 1, 45]), true),
        (json!(["Travel", 1, 45]), json!(["Remote", 2, 120]), true),
        (json!(["", 1, 45]), json!(["", 2, 120]), true),
        (json!(["", 2, null]), json!(["", 1, null]), true),
        (json!(["Remote", 2, 135]), json!(["Travel", 1, 15]), false),
        (json!(["Remote", 1, 240]), json!(["Travel", 2, "22.5"]), false),
        (json!(["", 2, 135]), json!(["", 1, 15]), false),
        (json!(["", 1, 45]), json!(["", 1, 240]), false),
        (json!(["Spare part", 2, 135]), json!(["Travel", 1, 15]), false),
    ] {
        let line =
            |one: &serde_json::Value| json!({"item": one[0], "quantity": one[1], "price": one[2]});
        let found: Invoice = serde_json::from_value(json!({
            "id": 7, "number": "8", "subtotal": "285.0",
            "line_items": [line(&first), line(&second)],
        }))
        .unwrap();
        let verdict = invoice(&plan, &found, Decimal::ZERO);
        let passes = matches!(verdict, Verdict::Right(_));
        assert_eq!(passes, is_right, "{first} {second}: {verdict:?}");
    }
}

/// What a server does with the lines, told by the lines of its invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// Covers nothing.
    Plain,
    /// Covers what it may in the order of the lines.
    Covers,
    /// In the opposite order.
    Backwards,
    /// Covers, and debits none of it.
    Undebited,
    /// Covers, and debits a quarter of an hour more.
    OverDebited,
    /// Covers nothing, and debits.
    DebitsOnly,
    /// Covers as it should, and loses the price of a line that is to pay for.
    LosesPrice,
    /// Covers a line that the block must not cover, and debits it.
    OtherProduct,
    /// Covers such a line as well, and does not debit it.
    OtherProductToo,
}

const TOLD: [Told; 9] = [
    Told::Plain,
    Told::Covers,
    Told::Backwards,
    Told::Undebited,
    Told::OverDebited,
    Told::DebitsOnly,
    Told::LosesPrice,
    Told::OtherProduct,
    Told::OtherProductToo,
];

/// Hours that are taken of each line when the lines of these places are covered.
fn covered(lines: &[ExpectedLine], order: &[usize], balance: Decimal) -> Vec<Decimal> {
    let mut taken = vec![Decimal::ZERO; lines.len()];
    let mut left = balance;
    for place in order {
        taken[*place] = lines[*place].quantity.min(left);
        left -= taken[*place];
    }
    taken
}

/// The invoice of such a server and the balance after it; and whether that is right.
fn told(server: Told, expected: &ExpectedInvoice) -> (serde_json::Value, Decimal, bool) {
    let lines = &expected.lines;
    let places = |may: bool| -> Vec<usize> {
        let all = 0..lines.len();
        all.filter(|place| lines[*place].may_be_covered() == may).collect()
    };
    let (mut order, exempt) = (places(true), places(false));
    match server {
        Told::Plain | Told::DebitsOnly => order.clear(),
        Told::Backwards => order.reverse(),
        Told::OtherProduct => order = exempt.iter().copied().take(1).collect(),
        _ => {}
    }
    let mut taken = covered(lines, &order, expected.balance);
    let mut debited: Decimal = taken.iter().sum();
    let mut is_right = true;
    match server {
        Told::Undebited => (is_right, debited) = (debited.is_zero(), Decimal::ZERO),
        Told::OverDebited => (is_right, debited) = (false, debited + Decimal::new(25, 2)),
        Told::DebitsOnly => (is_right, debited) = (expected.balance.is_zero(), expected.balance),
        Told::OtherProduct => is_right = debited.is_zero(),
        Told::OtherProductToo => {
            if let Some(place) = exempt.first() {
                (is_right, taken[*place]) = (false, lines[*place].quantity);
            }
        }
        _ => {}
    }
    let mut items = Vec::new();
    let mut subtotal = Decimal::ZERO;
    for (line, taken) in lines.iter().zip(taken) {
        let left = line.quantity - taken;
        let loses = server == Told::LosesPrice && is_right && !left.is_zero();
        is_right = is_right && !loses;
        let parts = [(taken, true), (left, loses)];
        for (quantity, is_free) in parts.into_iter().filter(|(quantity, _)| !quantity.is_zero()) {
            let price = if is_free { Decimal::ZERO } else { line.price };
            let percent = match line.discount {
                Discount::Percent(percent) => json!(percent),
                _ => json!(null),
            };
            subtotal += line.discount.amount(quantity, price);
            items.push(json!({
                "product_id": line.product_id, "quantity": quantity, "price": price,
                "discount_percent": percent,
            }));
        }
    }
    let invoice = json!({"id": 7, "number": "8", "subtotal": subtotal, "line_items": items});
    (invoice, expected.balance - debited, is_right)
}

proptest! {
    /// Whatever the lines, the balance, the exemptions and the server: right or wrong, and no third answer.
    #[test]
    fn the_lines_tell_right_from_wrong(
        lines in prop::collection::vec((25i64..500, 10_000i64..19_900, 0u8..3, 0u8..3), 1..6),
        balance in prop_oneof![Just(0i64), 25i64..2_000],
    ) {
        let lines: Vec<ExpectedLine> = lines
            .into_iter()
            .zip(1..)
            .map(|((quantity, price, kind, percent), product)| ExpectedLine {
                product_id: Some(ProductId(product)),
                name: format!("Labor {product}"),
                quantity: Decimal::new(quantity, 2),
                price: Decimal::new(price, 2),
                discount: match percent {
                    0 => Discount::None,
                    percent => Discount::Percent(Decimal::from(percent * 15)),
                },
                prepaid: kind == 1,
                unknown: kind == 2,
            })
            .collect();
        let balance = Decimal::new(balance, 2);
        let expected = ExpectedInvoice { lines, balance, ..ExpectedInvoice::default() };
        for server in TOLD {
            let (found, after, is_right) = told(server, &expected);
            let mut found: Invoice = serde_json::from_value(found).unwrap();
            // By the products of the lines, and where they name none by their names.
            for _ in 0..2 {
                let verdict = invoice(&expected, &found, after);
                let passes = matches!(verdict, Verdict::Right(_));
                prop_assert_eq!(passes, is_right, "{:?}: {:?} {:?}", server, verdict, expected);
                for line in &mut found.line_items {
                    line.item = line.product_id.take().map_or_else(String::new, |id| format!("Labor {id}"));
                }
            }
        }
    }
}
