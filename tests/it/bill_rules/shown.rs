//! The invoice that was made, as its own page shows it: what does not agree with the plan is said, what cannot be read is not
//! taken for missing, and neither is repaired on a guess.

use super::*;
use crate::support::{Account, Altered};

/// The invoice of the ticket that is billed, in an answer about it; nothing in any other answer.
fn made<'a>(account: &Account, what: &str, answer: &'a mut Value) -> Option<&'a mut Value> {
    let invoice = answer.get_mut("invoice").filter(|_| what.starts_with("GET /invoices/"))?;
    let known = account.ticket(TILL).invoices;
    known.iter().any(|one| one["id"] == invoice["id"]).then_some(invoice)
}

/// How a page differs from what was stored, and what is said of it.
type Shown = (&'static str, fn(&mut Value), &'static str);

const SHOWN: [Shown; 8] = [
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
    (
        "other amounts of the same sum",
        |one| {
            let lines = one["line_items"].as_array_mut().unwrap();
            let prices: Vec<Value> = lines.iter().map(|line| line["price"].clone()).collect();
            assert_eq!(lines.len(), 2);
            (lines[0]["price"], lines[1]["price"]) = (prices[1].clone(), prices[0].clone());
        },
        "was planned",
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
