//! What is stored otherwise than it was sent is no success, however the server answers.

use serde_json::json;

use super::names;
use crate::support::{Altered, TILL, TestEnv, money};

#[tokio::test]
async fn a_payment_stored_with_another_amount_is_said() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |what, body| {
        if what == "POST /payments" {
            body["amount_cents"] = 20.into();
            body["apply_payments"] = json!({"1652300000": 20});
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let pay = ["payment", "add", "67409", "--amount", "20", "--method", "Check", "--yes", "--json"];
    let ran = env.run_with(&pay, &there);
    let invoice = json!({"id": 1_652_300_000_u64});
    let paid = env.account().paid(&invoice);
    assert_eq!(paid.len(), 1, "{ran}");
    assert_eq!(money(&paid[0]["payment_amount"]).to_string(), "0.2");
    assert_eq!(server.asked("POST /payments").await, 1, "{ran}");
    ran.ends(1);
    names(&ran, "20");
    names(&ran, "0.2");
}

#[tokio::test]
async fn a_line_stored_of_another_product_is_said() {
    for kind in
        [["--labor", "remote", "--minutes", "30"], ["--product", "17340021", "--quantity", "1"]]
    {
        let env = TestEnv::new();
        let server = Altered::of(env.account(), |what, body| {
            if what.ends_with("/add_line_item") {
                body["product_id"] = 17_340_023.into();
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let start = ["line", "add", "32181", "--description", "The spool"];
        let ran = env.run_with(&[&start[..], &kind, &["--yes", "--json"]].concat(), &there);
        let lines = env.state(TILL).lines;
        assert_eq!(lines.len(), 1, "{ran}");
        assert_eq!(lines[0]["product_id"], 17_340_023, "{ran}");
        ran.ends(1);
        names(&ran, "product");
    }
}
