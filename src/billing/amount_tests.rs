//! Ten thousand tickets with discounts, tax, prepaid hours, credits, failed and shared payments, against a calculation of
//! this test's own in whole numbers: not a cent off.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::balance;
use super::check::{self, Verdict};
use super::expected::{self, ExpectedInvoice, ExpectedLine};
use crate::api::Record;
use crate::api::resources::invoices::Invoice;
use crate::api::resources::line_items::LineItem;

/// A line: ten-thousandths of a piece, cents, and what is taken off.
#[derive(Debug, Clone)]
struct Line {
    quantity: i128,
    price: i128,
    off: Off,
    is_taxed: bool,
    is_prepaid: bool,
    /// How the server writes its numbers.
    style: u8,
}

#[derive(Debug, Clone, Copy)]
enum Off {
    Nothing,
    /// Hundredths of a percent.
    Percent(i128),
    /// A thousandth part of the line, in cents.
    Cents(i128),
}

/// How much of a discount as an amount is left on a line that a block covers in part: that is the server's affair.
#[derive(Debug, Clone, Copy)]
enum Rest {
    Share,
    All,
}

#[derive(Debug, Clone)]
struct Payment {
    cents: i128,
    /// Whether it went through, failed, or nothing is said.
    success: Option<bool>,
    is_shared: bool,
}

/// To whole cents from so many of them in a cent, half away from zero.
fn rounded(amount: i128, in_a_cent: i128) -> i128 {
    let half = in_a_cent / 2;
    let up = if amount < 0 { amount - half } else { amount + half };
    up / in_a_cent
}

impl Line {
    /// Cents that `quantity` of it comes to.
    fn cents(&self, quantity: i128) -> i128 {
        let full = quantity * self.price;
        match self.off {
            Off::Nothing => rounded(full, 10_000),
            Off::Percent(percent) => rounded(full * (10_000 - percent), 100_000_000),
            Off::Cents(_) => rounded(full - self.off_cents() * 10_000, 10_000),
        }
    }

    /// A discount as an amount is some part of a line that costs something.
    fn off_cents(&self) -> i128 {
        match self.off {
            Off::Cents(part) => (self.quantity * self.price / 10_000).max(0) * part / 1_000,
            _ => 0,
        }
    }

    /// Cents that a block takes off when it covers so much of it: of a discount as an amount, its share.
    fn covered(&self, taken: i128) -> i128 {
        match self.off {
            Off::Cents(_) if taken != 0 => {
                let whole = self.quantity * self.price - self.off_cents() * 10_000;
                rounded(whole * taken, self.quantity * 10_000)
            }
            _ => self.cents(taken),
        }
    }

    /// Cents that are taken off what a block leaves of it: of a discount as an amount its share, or all of it, as far as
    /// what is left costs that.
    fn off_rest(&self, taken: i128, rest: Rest) -> i128 {
        let left = self.quantity - taken;
        match rest {
            _ if taken == 0 => self.off_cents(),
            Rest::Share => rounded(self.off_cents() * left, self.quantity),
            Rest::All => self.off_cents().min(left * self.price / 10_000),
        }
    }

    /// Cents that what a block leaves of it comes to.
    fn rest(&self, taken: i128, rest: Rest) -> i128 {
        let left = self.quantity - taken;
        match self.off {
            Off::Cents(_) => {
                rounded(left * self.price - self.off_rest(taken, rest) * 10_000, 10_000)
            }
            _ => self.cents(left),
        }
    }

    fn json(&self, id: usize) -> Value {
        let price = decimal(self.price, 2);
        let (retail, in_cents) = match self.style {
            0 => (json!(price.to_string()), json!(null)),
            1 => (json!(price), json!(null)),
            _ => (json!(null), json!(i64::try_from(self.price).unwrap())),
        };
        let percent = match self.off {
            Off::Percent(percent) => json!(decimal(percent, 2)),
            _ => json!(null),
        };
        let dollars = match self.off {
            Off::Cents(_) => json!(decimal(self.off_cents(), 2).to_string()),
            _ => json!(null),
        };
        json!({
            "id": id, "product_id": id, "quantity": decimal(self.quantity, 4).to_string(),
            "price_retail": retail, "retail_cents": in_cents, "taxable": self.is_taxed,
            "line_discount_percent": percent, "discount_dollars": dollars,
        })
    }
}

fn decimal(number: i128, scale: u32) -> Decimal {
    Decimal::from_i128_with_scale(number, scale)
}

fn line() -> impl Strategy<Value = Line> {
    let off = prop_oneof![
        Just(Off::Nothing),
        (1i128..=10_000).prop_map(Off::Percent),
        (1i128..=1_000).prop_map(Off::Cents),
    ];
    let quantity = prop_oneof![1i128..200_000, Just(10_000), -30_000i128..0];
    (quantity, 0i128..50_000, off, any::<bool>(), any::<bool>(), 0u8..3).prop_map(
        |(quantity, price, off, is_taxed, is_prepaid, style)| Line {
            quantity,
            price,
            off,
            is_taxed,
            is_prepaid: is_prepaid && quantity > 0,
            style,
        },
    )
}

fn payment() -> impl Strategy<Value = Payment> {
    let success = prop_oneof![Just(Some(true)), Just(Some(false)), Just(None)];
    (-5_000i128..50_000, success, any::<bool>()).prop_map(|(cents, success, is_shared)| Payment {
        cents,
        success,
        is_shared,
    })
}

fn expected(lines: &[Line], balance: Decimal) -> ExpectedInvoice {
    let lines = lines.iter().enumerate().map(|(id, line)| {
        let read = Record::<LineItem>::read(line.json(id)).unwrap();
        ExpectedLine {
            product_id: read.product_id,
            name: String::new(),
            quantity: read.quantity.unwrap(),
            price: read.price().unwrap(),
            discount: read.discount().unwrap(),
            prepaid: line.is_prepaid,
            unknown: false,
        }
    });
    ExpectedInvoice { lines: lines.collect(), balance, ..ExpectedInvoice::default() }
}

/// Its lines on an invoice: what the block covers at $0.00, the rest at its price.
fn invoice_lines(lines: &[Line], taken: &[i128], rest: Rest) -> Vec<Value> {
    let mut items = Vec::new();
    for (id, (line, taken)) in lines.iter().zip(taken).enumerate() {
        let mut item = line.json(id);
        item["discount_percent"] = item["line_discount_percent"].take();
        item["price"] = json!(decimal(line.price, 2));
        if let Off::Cents(_) = line.off {
            item["discount_dollars"] = json!(decimal(line.off_rest(*taken, rest), 2));
        }
        for (quantity, price) in
            [(*taken, json!("0.0")), (line.quantity - taken, item["price"].clone())]
        {
            if quantity != 0 {
                let mut part = item.clone();
                (part["quantity"], part["price"]) = (json!(decimal(quantity, 4)), price);
                items.push(part);
            }
        }
    }
    items
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn not_a_cent_is_off(
        lines in prop::collection::vec(line(), 1..6),
        payments in prop::collection::vec(payment(), 0..4),
        balance in prop_oneof![Just(0i128), 1i128..400_000],
        tax_rate in 0i128..2_500,
        says_due in any::<bool>(),
    ) {
        // Each line, and their sum.
        let mut subtotal = 0;
        for (id, line) in lines.iter().enumerate() {
            let read = Record::<LineItem>::read(line.json(id)).unwrap();
            let amount = line.cents(line.quantity);
            prop_assert_eq!(read.amount(), Some(decimal(amount, 2)), "{:?}", line);
            subtotal += amount;
        }
        let plan = expected(&lines, decimal(balance, 4));
        prop_assert_eq!(plan.subtotal(), decimal(subtotal, 2));

        // What a block covers, in order.
        let mut left = balance;
        let taken: Vec<i128> = lines
            .iter()
            .map(|line| {
                let taken = if line.is_prepaid { line.quantity.min(left) } else { 0 };
                left -= taken;
                taken
            })
            .collect();
        let covered = lines.iter().zip(&taken).filter(|(_, taken)| **taken != 0);
        let covered: i128 = covered.map(|(line, taken)| line.covered(*taken)).sum();
        let debiting = plan.lines.iter().filter(|line| line.prepaid);
        let found = expected::covered(plan.balance, debiting);
        prop_assert_eq!(found, (decimal(balance - left, 4), decimal(covered, 2)));

        // The invoice of a server that covers them, and of one that does not.
        let none = vec![0; lines.len()];
        for (taken, rest) in [(taken.clone(), Rest::Share), (taken, Rest::All), (none, Rest::All)] {
            let hours: i128 = taken.iter().sum();
            let items = invoice_lines(&lines, &taken, rest);
            let parts = lines.iter().zip(&taken).map(|(line, taken)| (line, line.rest(*taken, rest)));
            let (mut sum, mut taxed) = (0, 0);
            for (line, cents) in parts {
                sum += cents;
                taxed += if line.is_taxed { cents } else { 0 };
            }
            let tax = rounded(taxed * tax_rate, 10_000);
            let total = sum + tax;
            let counted: i128 = payments
                .iter()
                .filter(|one| one.success != Some(false) && !one.is_shared)
                .map(|one| one.cents)
                .sum();
            let open = total - counted;
            let paid: Vec<Value> = payments
                .iter()
                .map(|one| {
                    let ids = if one.is_shared { json!([7, 8]) } else { json!([7, null]) };
                    json!({"payment_amount": decimal(one.cents, 2), "success": one.success, "invoice_ids": ids})
                })
                .collect();
            let raw = json!({
                "id": 7, "number": "7", "subtotal": decimal(sum, 2).to_string(), "tax": decimal(tax, 2),
                "total": decimal(total, 2).to_string(), "is_paid": false, "line_items": items,
                "payments": paid, "balance_due": if says_due { json!(decimal(open, 2)) } else { json!(null) },
            });
            let invoice = Record::<Invoice>::read(raw).unwrap();
            prop_assert_eq!(balance::open(&invoice), Some(decimal(open, 2)));
            let shared = payments.iter().any(|one| one.success != Some(false) && one.is_shared);
            prop_assert_eq!(balance::rests_on_shared(&invoice), shared && !says_due);

            let after = decimal(balance - hours, 4);
            let verdict = check::invoice(&plan, &invoice, after);
            prop_assert_eq!(&verdict, &Verdict::Right(decimal(hours, 4)), "{:?}", plan);
            // Beyond a cent a line nothing is right; with hours that were covered, `check_tests` tells which.
            if hours != 0 {
                continue;
            }
            let mut wrong = invoice.view.clone();
            let cents = i128::try_from(plan.lines.len().max(wrong.line_items.len())).unwrap() * 2 + 1;
            wrong.subtotal = Some(decimal(sum + cents, 2));
            let verdict = check::invoice(&plan, &wrong, after);
            prop_assert!(!matches!(verdict, Verdict::Right(_)), "{:?}", plan);
        }
    }
}
