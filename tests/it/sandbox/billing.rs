//! From lines to invoices: amounts, tax, the prepaid block, and taking an invoice back.

use reqwest::Method;
use serde_json::json;

use super::{BILLABLE, Bench, QUILLFEATHER, ticket_id};

#[tokio::test]
async fn an_invoice_takes_the_open_lines_once() {
    let bench = Bench::new();
    bench.line(32_181, "0.5", "120").await;
    let invoice = bench.invoice(32_181).await;
    assert_eq!(invoice["number"], "67412");
    assert_eq!(invoice["subtotal"], "60.0");
    assert_eq!(invoice["total"], "60.0");
    assert_eq!(invoice["line_items"][0]["quantity"], "0.5");
    assert_eq!(invoice["customer"]["id"], QUILLFEATHER);
    assert_eq!(bench.ticket(32_181).await["line_items"][0]["converted"], true);
    let again = bench.invoice(32_181).await;
    assert_eq!(again["line_items"], json!([]));
    assert_eq!(again["total"], "0.0");
    let listed = bench.get(&format!("/invoices?ticket_id={BILLABLE}")).await;
    assert_eq!(listed["invoices"].as_array().unwrap().len(), 2);
    assert!(listed["invoices"][0].get("line_items").is_none());
}

#[tokio::test]
async fn waiting_lines_come_along_and_parts_are_taxed() {
    let bench = Bench::new();
    bench.line(32_178, "0.25", "150.50").await;
    let invoice = bench.invoice(32_178).await;
    // 45.00 + 89.50 + 37.63; 8.25 % of 89.50 is 7.38375.
    assert_eq!(invoice["subtotal"], "172.13");
    assert_eq!(invoice["tax"], "7.38");
    assert_eq!(invoice["total"], "179.51");
    assert_eq!(invoice["line_items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_block_is_debited_by_hours_and_given_back() {
    let bench = Bench::new();
    bench.line(32_180, "1.5", "120").await;
    let invoice = bench.invoice(32_180).await;
    assert_eq!(invoice["total"], "0.0");
    assert_eq!(invoice["line_items"][0]["price"], "0.0");
    assert_eq!(invoice["line_items"][0]["quantity"], "1.5");
    assert_eq!(bench.prepaid(32_180).await, "11.0");
    let path = format!("/invoices/{}", invoice["id"]);
    bench.send(Method::DELETE, &path, None).await;
    assert_eq!(bench.prepaid(32_180).await, "12.5");
    assert_eq!(bench.status(&path).await, 404);
}

#[tokio::test]
async fn a_block_too_small_splits_the_line() {
    let bench = Bench::new();
    bench.line(32_179, "1.25", "120").await;
    let invoice = bench.invoice(32_179).await;
    let lines = invoice["line_items"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!((&lines[0]["quantity"], &lines[0]["price"]), (&json!("0.5"), &json!("0.0")));
    assert_eq!((&lines[1]["quantity"], &lines[1]["price"]), (&json!("0.75"), &json!("120.0")));
    assert_eq!(invoice["subtotal"], "90.0");
    assert_eq!(bench.prepaid(32_179).await, "0.0");
}

#[tokio::test]
async fn project_labor_leaves_the_block_alone() {
    let bench = Bench::new();
    let path = format!("/tickets/{}/add_line_item", ticket_id(32_180));
    let line = json!({
        "product_id": 17_340_026, "name": "Labor - Project", "description": "Plan",
        "quantity": "2", "price_retail": 140, "taxable": false,
    });
    bench.post(&path, line).await;
    assert_eq!(bench.invoice(32_180).await["total"], "280.0");
    assert_eq!(bench.prepaid(32_180).await, "12.5");
}

#[tokio::test]
async fn deleting_frees_the_lines_of_an_unpaid_invoice_only() {
    let bench = Bench::new();
    let lost = bench.ticket(32_170).await["line_items"][0]["id"].take();
    let zero = bench.get("/invoices/67411").await["invoice"].take();
    assert_eq!(zero["total"], "0.0");
    // The way out of a lost price: reprice, delete, look, invoice again.
    let reprice = json!({"ticket_line_item_id": lost, "price_retail": 120, "taxable": false});
    let path = format!("/tickets/{}/update_line_item", ticket_id(32_170));
    assert_eq!(bench.put(&path, reprice).await.0, 200);
    let path = format!("/invoices/{}", zero["id"]);
    assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 200);
    assert_eq!(bench.status(&path).await, 404);
    assert_eq!(bench.invoice(32_170).await["total"], "180.0");

    let paid = bench.get("/invoices/67410").await["invoice"].take();
    assert_eq!(paid["is_paid"], true);
    assert_eq!(paid["payments"].as_array().unwrap().len(), 1);
    let path = format!("/invoices/{}", paid["id"]);
    assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 200);
    assert_eq!(bench.status(&path).await, 200);
    for nothing in ["/invoices/5", "/invoices/67409"] {
        assert_eq!(bench.send(Method::DELETE, nothing, None).await.0, 200);
    }
    assert_eq!(bench.status("/invoices/67409").await, 200, "a number is no id");
}

#[tokio::test]
async fn an_invoice_is_found_by_id_before_number() {
    let bench = Bench::new();
    let by_number = bench.get("/invoices/67409").await["invoice"].take();
    assert_eq!(by_number["ticket_id"], ticket_id(32_177));
    let shadowed = bench.get("/invoices/67402").await["invoice"].take();
    assert_eq!(shadowed["number"], "1188");
    let listed = bench.get(&format!("/invoices?ticket_id={}", ticket_id(32_150))).await;
    assert_eq!(listed["invoices"][0]["number"], "67402");
}

#[tokio::test]
async fn an_invoice_needs_its_own_customer() {
    let bench = Bench::new();
    let (status, _) = bench.post("/invoices", json!({ "ticket_id": BILLABLE })).await;
    assert_eq!(status, 422);
    let (status, _) =
        bench.post("/invoices", json!({"ticket_id": BILLABLE, "customer_id": 31_204_602})).await;
    assert_eq!(status, 422);
    assert_eq!(bench.status("/invoices/67412").await, 404);
}
