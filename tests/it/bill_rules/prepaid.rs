//! Prepaid hours: which product they become, what is covered, and which check of the invoice is right.

use super::*;

#[test]
fn emergency_for_a_prepaid_customer_is_the_base_at_half_again() {
    let env = TestEnv::new();
    billed(&env, 32_180, "60", "emergency", &[]).ends(0);
    let state = env.state(32_180);
    let line = state.my_lines()[0];
    assert_eq!(
        (&line["product_id"], money(&line["quantity"])),
        (&json!(ONSITE), Decimal::new(15, 1))
    );
    assert_eq!(state.my_lines().len(), 1, "never both products for the same hours");
    assert_eq!(money(&state.ticket["customer"]["prepay_hours"]), Decimal::from(11));
    assert_eq!(subtotal(&state), Decimal::ZERO);
    assert_eq!(state.status(), "Invoiced");
}

#[test]
fn emergency_without_prepaid_hours_stays_emergency() {
    let env = TestEnv::new();
    billed(&env, TILL, "60", "emergency", &[]).ends(0);
    let line = env.state(TILL).my_lines()[0].clone();
    assert_eq!((&line["product_id"], money(&line["quantity"])), (&json!(17_340_023), Decimal::ONE));
}

#[test]
fn a_block_that_is_too_small_covers_what_it_can() {
    let env = TestEnv::new();
    billed(&env, 32_179, "1h", "remote", &[]).ends(0);
    let state = env.state(32_179);
    assert_eq!(subtotal(&state), Decimal::from(60));
    assert_eq!(money(&state.ticket["customer"]["prepay_hours"]), Decimal::ZERO);
    assert_eq!(state.my_lines().len(), 1);
}

/// The hour is not to pay for and the block is whole: $175.00 are lost, whatever else is on the invoice.
#[test]
fn hours_that_are_covered_without_a_debit_are_a_lost_price() {
    for (number, before) in [(32_180, Decimal::new(125, 1)), (32_179, Decimal::new(5, 1))] {
        for more in [&[][..], &["--add", "travel"], &["--add", "project=30m"]] {
            let env = TestEnv::with(&["invoice-create=undebited"]);
            let ran = billed(&env, number, "60", "onsite", more);
            ran.ends(1);
            let json = ran.json().unwrap();
            assert_eq!(json["outcome"], "failed", "{more:?}: {ran}");
            let state = env.state(number);
            assert_eq!(money(&state.ticket["customer"]["prepay_hours"]), before);
            assert_ne!(state.status(), "Invoiced", "{more:?}: {ran}");
            if !more.is_empty() || number == 32_179 {
                // With the numbers: what it is, what it should be, and the hours.
                let is = subtotal(&state).round_dp(2).to_string();
                ran.says(&is).says(&before.to_string()).says("was planned");
            }
        }
    }
}

/// The configuration says that the block covers project labor, and the server knows better.
#[test]
fn a_block_that_covers_another_product_than_predicted_is_right() {
    let env = TestEnv::of(Setup {
        replace: vec![("17340026\nprepaid = false", "17340026".to_owned())],
        ..Setup::default()
    });
    billed(&env, 32_179, "30", "project", &["--add", "remote=30m"]).ends(0);
    let state = env.state(32_179);
    assert_eq!(money(&state.ticket["customer"]["prepay_hours"]), Decimal::ZERO);
    assert_eq!(state.status(), "Invoiced");
    assert!(subtotal(&state) > Decimal::ZERO);
}

#[test]
fn project_labor_leaves_the_block_alone() {
    let env = TestEnv::new();
    billed(&env, 32_180, "1h", "project", &[]).ends(0);
    let state = env.state(32_180);
    assert_eq!(money(&state.ticket["customer"]["prepay_hours"]), Decimal::new(125, 1));
    assert!(subtotal(&state) > Decimal::ZERO);
}

/// What becomes of the hours of an invoice that is deleted, no answer of the API says: they are named.
#[test]
fn the_hours_of_a_deleted_invoice_are_named() {
    let env = TestEnv::new();
    let deleting = |number: i64, labor: &str| {
        billed(&env, number, "60", labor, &[]).ends(0);
        let invoice = env.state(number).invoices[0]["number"].as_str().unwrap().to_owned();
        let ran = env.run(&["invoice", "delete", &invoice, "--dry-run"]);
        ran.ends(0).stdout.clone()
    };
    let hours = "1.5 h may have come off the prepaid block; check it afterwards";
    let shown = deleting(32_180, "emergency");
    assert!(shown.contains(hours), "{shown}");
    let shown = deleting(TILL, "remote");
    assert!(!shown.contains("prepaid block"), "{shown}");
}
