//! Labor that costs nothing because it is meant to.

use rust_decimal::Decimal;

use super::{billed, refused};
use crate::support::{Setup, TILL, TestEnv, money};

/// An office whose labor type of this product has one more setting.
fn labor_with(product: &'static str, setting: &str) -> TestEnv {
    let replace = vec![(product, format!("{product}\n{setting}"))];
    TestEnv::of(Setup { replace, ..Setup::default() })
}

#[test]
fn labor_that_is_meant_to_be_free_is_billed_as_it_is() {
    for free in ["rate = \"0.00\"", "free = true"] {
        let env = labor_with("17340021", free);
        let ran = billed(&env, TILL, "30", "remote", &[]);
        ran.ends(0);
        let state = env.state(TILL);
        assert_eq!(money(&state.lines[0]["price_retail"]), Decimal::ZERO, "{ran}");
        assert_eq!(money(&state.invoices[0]["subtotal"]), Decimal::ZERO, "{ran}");
        // It may wait as well; another product for nothing is still asked about.
        env.account().line(TILL, "1", "0", "Shown to the trainee");
        env.run(&["invoice", "create", "32181", "--again", "--yes"]).ends(0);
    }
    let env = labor_with("17340022", "free = true");
    env.account().line(TILL, "1", "0", "Left by somebody");
    let ran = env.run(&["invoice", "create", "32181", "--yes", "--json"]);
    refused(&env, &ran, "--zero");
}
