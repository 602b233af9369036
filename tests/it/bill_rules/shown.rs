//! The invoice that was made, as its own page shows it: what does not agree with the plan is said, what cannot be read is not
//! taken for missing, and neither is repaired on a guess.

use super::*;
use crate::support::{Account, Altered};

/// The invoice of the ticket that is billed, in an answer about it; nothing in any other answer.
fn made<'a>(account: &Account, what: &str, answer: &'a mut Value) -> Option<&'a mut Value> {
    made_of(account, TILL, what, answer)
}

/// The same of another ticket.
fn made_of<'a>(
    account: &Account,
    number: i64,
    what: &str,
    answer: &'a mut Value,
) -> Option<&'a mut Value> {
    let invoice = answer.get_mut("invoice").filter(|_| what.starts_with("GET /invoices/"))?;
    let known = account.ticket(number).invoices;
    known.iter().any(|one| one["id"] == invoice["id"]).then_some(invoice)
}

/// How a page differs from what was stored, and what is said of it.
type Shown = (&'static str, fn(&mut Value), &'static str);

/// Whose invoice is made otherwise, how, and the warnings of it.
type Warned = (i64, fn(&mut Value), Value);

/// The lines of an invoice without their products, each as `change` leaves it; of those two the prices are changed round.
fn nameless(one: &mut Value, change: fn(&mut Value)) {
    let lines = one["line_items"].as_array_mut().unwrap();
    for line in lines.iter_mut() {
        line.as_object_mut().unwrap().shift_remove("product_id");
        change(line);
    }
}

fn changed_round(one: &mut Value) {
    let lines = one["line_items"].as_array_mut().unwrap();
    let prices: Vec<Value> = lines.iter().map(|line| line["price"].clone()).collect();
    assert_eq!(lines.len(), 2);
    (lines[0]["price"], lines[1]["price"]) = (prices[1].clone(), prices[0].clone());
}

const SHOWN: [Shown; 10] = [
    ("lines null", |one| one["line_items"] = Value::Null, "cannot read the invoice"),
    (
        "no word of lines",
        |one| drop(one.as_object_mut().unwrap().shift_remove("line_items")),
        "cannot read the invoice",
    ),
    ("no lines", |one| one["line_items"] = json!([]), "it shows no lines, though its subtotal is"),
    ("another customer's", |one| one["customer_id"] = json!(31_205_530), "customer"),
    (
        "another customer's, in the other form",
        |one| {
            one["customer_id"] = Value::Null;
            one["customer"] = json!({"id": 31_205_530});
        },
        "customer",
    ),
    ("another ticket's", |one| one["ticket_id"] = json!(1), "ticket"),
    ("a total of its own", |one| one["total"] = json!("85.00"), "its total is $85.00"),
    ("other amounts of the same sum", changed_round, "was planned"),
    (
        "the same without products",
        |one| {
            nameless(one, |_| ());
            changed_round(one);
        },
        "Labor - Remote comes to $150.00, but $120.00 was planned",
    ),
    (
        "other prices of the same sum, and neither products nor names",
        |one| {
            nameless(one, |line| (line["item"], line["name"]) = (json!(""), json!(null)));
            (one["line_items"][0]["price"], one["line_items"][1]["price"]) =
                (json!("180.0"), json!("90.0"));
        },
        "no line was planned like 1 x  @ $180.00 = $180.00",
    ),
];

#[tokio::test]
async fn an_invoice_that_shows_something_else_is_neither_right_nor_repaired() {
    for (name, change, said) in SHOWN {
        let env = TestEnv::new();
        let server = Altered::telling(env.account(), move |account, what, answer| {
            if let Some(invoice) = made(account, what, answer) {
                change(invoice);
            }
        })
        .await;
        let args = ["bill", "32181", "-t", "1h", "-l", "remote", "--add", "onsite=1h", "-m"];
        let more = [MESSAGE, "--no-email", "--yes", "--repair"];
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&[&args[..], &more].concat(), &there);
        ran.ends(1).says(said);
        assert!(!ran.stderr.contains("checked;"), "{name}: {ran}");
        assert!(env.writes().iter().all(|line| line.method != "DELETE"), "{name}: {ran}");
        let state = env.state(TILL);
        assert_eq!(state.invoices.len(), 1, "{name}");
        assert_ne!(state.status(), "Invoiced", "{name}: {ran}");
    }
}

/// Lines that name no product are known by their names and numbers; a tax that nobody was shown is
/// said, and none of taxable lines is not: their customer may be exempt.
#[tokio::test]
async fn an_invoice_is_known_by_what_its_lines_show_and_another_tax_is_said() {
    let unplanned = json!(["the invoice has $9.00 of tax, but none was planned"]);
    let cases: [Warned; 5] = [
        (TILL, |one| nameless(one, |_| ()), json!([])),
        (TILL, |one| nameless(one, |line| line["item"] = json!("")), json!([])),
        (
            TILL,
            |one| nameless(one, |line| (line["item"], line["name"]) = (json!(""), json!(""))),
            json!([]),
        ),
        (TILL, |one| (one["tax"], one["total"]) = (json!("9.00"), json!("279.00")), unplanned),
        (
            32_178,
            |one| (one["tax"], one["total"]) = (json!("0.0"), one["subtotal"].clone()),
            json!([]),
        ),
    ];
    for (number, change, warnings) in cases {
        let env = TestEnv::new();
        let server = Altered::telling(env.account(), move |account, what, answer| {
            if let Some(invoice) = made_of(account, number, what, answer) {
                change(invoice);
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let args = ["bill", "32181", "-t", "1h", "-l", "remote", "--add", "onsite=1h", "-m"];
        let bill = [&args[..], &[MESSAGE, "--no-email", "--yes", "--json"]].concat();
        let ran = match number {
            TILL => env.run_with(&bill, &there),
            _ => env.run_with(&["invoice", "create", "32178", "--yes", "--json"], &there),
        };
        assert_eq!(ran.ends(0).json().unwrap()["warnings"], warnings, "{ran}");
    }
}

/// That the block cannot be read is not that it is empty.
#[tokio::test]
async fn prepaid_hours_that_cannot_be_read_afterwards_are_not_debited() {
    let env = TestEnv::new();
    let server = Altered::telling(env.account(), |account, what, answer| {
        let is_billed = || !account.ticket(32_179).invoices.is_empty();
        if what.starts_with("GET /customers/") && is_billed() {
            answer["customer"]["prepay_hours"] = json!("n/a");
        }
    })
    .await;
    let args = ["bill", "32179", "-t", "30", "-l", "onsite", "-m", MESSAGE, "--no-email", "--yes"];
    let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
    ran.ends(6).says("cannot read prepay_hours \"n/a\" of the customer");
    assert_ne!(env.state(32_179).status(), "Invoiced");
}
