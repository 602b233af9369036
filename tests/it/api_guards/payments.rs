//! Payments that are deleted through `api`: what they are, what they leave open, and the question about that.

#[cfg(unix)]
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::{invoice, refused};
use crate::support::{Altered, Setup, TestEnv};

const OPEN: u64 = 1_652_300_000;
const PAID: u64 = 1_652_300_001;

/// A payment of this customer for invoices, each with its cents, and its path.
fn paid(env: &TestEnv, shares: &Value) -> String {
    let cents: i64 = shares.as_object().unwrap().values().filter_map(Value::as_i64).sum();
    let body = json!({
        "customer_id": 31_204_671, "amount_cents": if cents == 0 { 700 } else { cents },
        "payment_method": "Check", "apply_payments": shares,
    });
    format!("payments/{}", env.account().write("POST", "/payments", &body)["payment"]["id"])
}

/// What it is and what it pays is shown, in the words of a change of one; and it is asked about, since nothing brings it back.
#[test]
fn a_payment_that_is_deleted_shows_what_is_open_then() {
    let of_open = json!({ OPEN.to_string(): 5000 });
    let (env, path) = TestEnv::prepared(Setup::default(), |env| paid(env, &of_open));
    let shown = env.account().get(&format!("/invoices/{PAID}"))["invoice"]["payments"].clone();
    let of_paid = format!("payments/{}", shown[0]["id"]);
    for (path, says) in [
        (&path, &["$50.00 by Check", "invoice #67409, leaving $90.00 open"][..]),
        (&of_paid, &["$244.87 by Credit Card", "invoice #67410, leaving $244.87 open"]),
    ] {
        let plan = env.run(&["api", "DELETE", path, "--dry-run"]);
        let undone = "Syncro documents no way to change or delete a payment: it may refuse this";
        let asked = "a payment that came in is deleted: what it pays is open again";
        for says in says.iter().chain(&["Mossgate Veterinary (id 31204671)", undone, asked]) {
            assert!(plan.ends(0).stdout.contains(says), "{says}: {plan}");
        }
        refused(&env, &["DELETE", path], 5, "--paid");
    }
    refused(&env, &["DELETE", "payments/1"], 3, "payments/1");
}

/// The question says what it is about.
#[cfg(unix)]
#[test]
fn the_question_names_the_payment_that_is_deleted() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["api", "DELETE", "payments/61200000", "--paid"]);
    let asked = terminal.expect("[y/N");
    let stakes = "Delete the payment of $244.87 by Credit Card for invoice #67410";
    assert!(asked.contains(stakes), "{asked}");
    terminal.say("n");
    assert_eq!(terminal.end().0, 9);
    assert!(env.writes().is_empty());
}

/// A payment for several invoices may have gone to either, and one for none pays nothing.
#[test]
fn a_payment_for_several_invoices_leaves_at_most_what_it_was() {
    let both = json!({ OPEN.to_string(): 3000, PAID.to_string(): 1000 });
    let (env, both) = TestEnv::prepared(Setup::default(), |env| paid(env, &both));
    let plan = env.run(&["api", "DELETE", &both, "--dry-run"]);
    for says in ["$40.00 by Check", "#67409, leaving at most $90.00 open", "Mossgate Veterinary"] {
        assert!(plan.ends(0).stdout.contains(says), "{says}: {plan}");
    }
    assert!(plan.stdout.contains("#67410, leaving at most $40.00 open"), "{plan}");
    let (env, none) = TestEnv::prepared(Setup::default(), |env| paid(env, &json!({})));
    let plan = env.run(&["api", "DELETE", &none, "--dry-run"]);
    assert!(plan.ends(0).stdout.contains("$7.00 by Check"), "{plan}");
    assert!(plan.stdout.contains("Mossgate Veterinary (id 31204671)"), "{plan}");
    assert!(!plan.stdout.contains("leaving"), "{plan}");
}

/// What failed pays nothing, so that nobody need be asked; what cannot be read is not taken for that.
#[tokio::test]
async fn a_failed_payment_is_deleted_as_one() {
    let env = TestEnv::new();
    let open = invoice(&env, "67409");
    let path = "payments/61200000";
    let deleted = async |change: Value| {
        let server = Altered::telling(env.account(), move |_, what, answer| {
            if what == "GET /payments/61200000" {
                for (name, value) in change.as_object().unwrap() {
                    answer["payment"][name] = value.clone();
                }
            }
        })
        .await;
        let args = ["api", "DELETE", path, "--dry-run"];
        env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())])
    };
    let plan = deleted(json!({"success": false})).await;
    assert!(plan.ends(0).stdout.contains("this is a failed payment: it pays nothing"), "{plan}");
    assert!(
        !plan.stdout.contains("what it pays is open") && !plan.stdout.contains("leaving"),
        "{plan}"
    );
    deleted(json!({"success": "perhaps"})).await.ends(5).says("cannot read");
    deleted(json!({"payment_amount": "12,5"})).await.ends(5).says("cannot read");
    // Its invoice may be gone.
    let gone = deleted(json!({"invoice_ids": [1]})).await;
    assert!(gone.ends(0).stdout.contains("invoice id:1"), "{gone} {open}");
}

/// A payment may be for an invoice of somebody else, or for one of which nobody can tell what is open: it is deleted where
/// somebody says so, knowing that.
#[tokio::test]
async fn a_payment_whose_invoice_cannot_be_judged_is_deleted_once_that_is_said() {
    let whole = "a payment that came in is deleted: what it pays is open again";
    let (page, of_it) = (format!("GET /invoices/{PAID}"), "GET /payments/61200000".to_owned());
    let both = json!([OPEN, PAID]);
    for (what, at, value, says) in [
        (&of_it, "/payment/customer/id", json!(31_204_602), "not to customer 31204602"),
        (&page, "/invoice/balance_due", json!("80,25"), "no clear open amount"),
        (&page, "/invoice/total", json!("n/a"), "cannot read total"),
        (&page, "/invoice/payments/0/amount", json!("1,5"), "cannot read amount"),
        (&of_it, "/payment/invoice_ids", both, "leaving at most $90.00 open"),
    ] {
        let env = TestEnv::new();
        let what = what.clone();
        let server = Altered::telling(env.account(), move |_, asked, answer| {
            if asked == what {
                let (inside, name) = at.rsplit_once('/').unwrap();
                answer.pointer_mut(inside).unwrap()[name] = value.clone();
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let delete = ["api", "DELETE", "payments/61200000"];
        let shown = env.run_with(&[&delete[..], &["--dry-run"]].concat(), &there);
        assert!(shown.ends(0).stdout.contains(says), "{says}: {shown}");
        assert!(shown.stdout.contains(whole), "{shown}");
        env.run_with(&[&delete[..], &["--yes"]].concat(), &there).ends(5).says("--paid");
        assert_eq!(server.asked("DELETE /payments/61200000").await, 0, "{says}");
        env.run_with(&[&delete[..], &["--yes", "--paid"]].concat(), &there).ends(3);
        assert_eq!(server.asked("DELETE /payments/61200000").await, 1, "{says}");
    }
}

/// The account's payment methods are those of each look, the one before the sending too: one that went while the preview waited
/// for its answer is not sent.
#[cfg(unix)]
#[tokio::test]
async fn a_payment_method_that_is_gone_by_the_answer_is_not_sent() {
    let (env, is_gone) = (TestEnv::of(Setup::stale()), Arc::new(AtomicBool::new(false)));
    let gone = Arc::clone(&is_gone);
    let server = Altered::telling(env.account(), move |_, what, answer| {
        if what == "GET /payment_methods" && gone.load(Ordering::SeqCst) {
            let methods = answer["payment_methods"].as_array_mut().unwrap();
            methods.retain(|method| method["name"] != "Check");
        }
    })
    .await;
    let add = ["payment", "add", "67409", "--amount", "1", "--method", "Check"];
    let mut terminal = env.terminal_with(&add, &[("SYNCRO_BASE_URL", &*server.base())]);
    terminal.expect("[y/N");
    is_gone.store(true, Ordering::SeqCst);
    terminal.say("y");
    let (code, shown) = terminal.end();
    assert!(code == 2 && shown.contains("there is no payment method \"Check\""), "{code}: {shown}");
    assert!(env.writes().is_empty(), "{shown}");
}

/// What is open is at most that much where a payment is shared: only what is open in any case is not asked about.
#[tokio::test]
async fn a_payment_that_may_be_too_much_is_asked_about() {
    let (env, path) =
        TestEnv::prepared(Setup::default(), |env| paid(env, &json!({ OPEN.to_string(): 3000 })));
    let what = format!("GET /invoices/{OPEN}");
    let server = Altered::telling(env.account(), move |_, asked, answer| {
        let invoice = answer.get_mut("invoice").filter(|_| asked == what);
        let payments = invoice.and_then(|invoice| invoice["payments"].as_array_mut());
        for payment in payments.into_iter().flatten() {
            payment["invoice_ids"] = json!([OPEN, PAID]);
        }
    })
    .await;
    assert!(path.starts_with("payments/"));
    let total = env.account().get(&format!("/invoices/{OPEN}"))["invoice"]["total"].take();
    let total: rust_decimal::Decimal = total.as_str().unwrap().parse().unwrap();
    let least = total - rust_decimal::Decimal::from(30);
    let add = |amount: &str, more: &[&str]| {
        let args = ["payment", "add", "67409", "--method", "Check"];
        let amount: &[&str] = match amount {
            "" => &["--full"],
            amount => &["--amount", amount],
        };
        let args = [&args[..], amount, more].concat();
        env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())])
    };
    let before = env.writes().len();
    for amount in ["", &total.to_string(), &(least + rust_decimal::Decimal::ONE).to_string()] {
        let ran = add(amount, &["--yes"]);
        ran.ends(5).says("may be more than the open amount of at most").says("--over");
        assert_eq!(env.writes().len(), before, "{ran}");
    }
    let all = add("", &["--dry-run"]);
    assert!(all.ends(0).stdout.contains("nothing, or more is paid than was open"), "{all}");
    add(&least.to_string(), &["--yes"]).ends(0);
}
