//! Writes on line items, by value.

use serde_json::json;

use super::*;
use crate::operations::example::{Office, request, ticket, with_customer};
use crate::operations::sold::product_ref;

/// A ticket with an open line and an invoiced one.
fn seen() -> Snapshot {
    let line = |id: u64, converted: bool| {
        json!({
            "id": id, "name": "Labor - Remote", "description": "Spool", "quantity": "0.5",
            "price_retail": "120.0", "taxable": false, "converted": converted, "product_id": 21,
        })
    };
    let product = |seen: Snapshot, id: u64| {
        let product = json!({"id": id, "name": "Labor - Remote", "disabled": false});
        seen.with_record(product_ref(ProductId(id)), Some(product))
    };
    let seen = with_customer(ticket(json!({"line_items": [line(1, false), line(2, true)]})));
    [21, 22].into_iter().fold(seen, product)
}

fn proposed(method: Method, verb: &str, body: &Value) -> Result<Proposed> {
    let request = request(method, &format!("/tickets/1/{verb}"), body.clone());
    Office::new().propose(&request, &seen(), &[])
}

#[test]
fn what_stands_against_a_line_is_found() {
    let cases = [
        (json!({"product_id": 21, "quantity": 0.5, "price_retail": 9}), "same-line"),
        (json!({"product_id": "21", "quantity": "0.50", "price_retail": 9}), "same-line"),
        (json!({"name": "Labor  - Remote ", "quantity": 0.5, "price_retail": 9}), "same-line"),
        (json!({"product_id": 21, "quantity": 1, "price_retail": 9}), ""),
        (json!({"product_id": 22, "quantity": 0.5, "price_retail": 9}), ""),
        (json!({"product_id": 22}), "zero"),
        (json!({"product_id": 22, "price_retail": 5, "quantity": 0}), "zero"),
        (json!({"product_id": 22, "price_retail": 9999}), "large"),
        (json!({"product_id": 22, "price_retail": 1, "quantity": 1e8}), "large"),
        (json!({"product_id": 21, "price_retail": 0, "quantity": 0.5}), "same-line zero"),
    ];
    for (body, flags) in cases {
        let found = proposed(Method::Post, "add_line_item", &body).unwrap().findings;
        let found: Vec<&str> = found.iter().filter_map(|found| found.guard.flag()).collect();
        assert_eq!(found.join(" "), flags, "{body}");
    }
    let endless = json!({"product_id": 22, "price_retail": 1, "quantity": 1e20});
    assert!(proposed(Method::Post, "add_line_item", &endless).is_err());
    let cases = [
        (json!({ID: 1, "quantity": 1}), ""),
        (json!({ID: 2, "quantity": 1}), "invoiced-line"),
        (json!({ID: 1, "price_retail": 0}), "zero"),
        (json!({ID: 2, "price_retail": "0.00"}), "invoiced-line zero"),
        (json!({ID: 1, "quantity": 999}), "large"),
        (json!({ID: 1, "price_retail": 99_999}), "large"),
        (json!({ID: 1, "name": "Labor"}), ""),
    ];
    for (body, flags) in cases {
        let found = proposed(Method::Put, "update_line_item", &body).unwrap().findings;
        let found: Vec<&str> = found.iter().filter_map(|found| found.guard.flag()).collect();
        assert_eq!(found.join(" "), flags, "{body}");
    }
}

/// A product that is no longer sold, and a customer who is none any more, as the ticket carries it.
#[test]
fn what_is_disabled_is_asked_about() {
    let product = |disabled: bool| json!({"id": 21, "name": "Remote", "disabled": disabled});
    let whose =
        |id: u64| json!({"customer": {"id": id, "business_name": "Books", "disabled": true}});
    let body = json!({"product_id": "21", "price_retail": 5});
    let add = request(Method::Post, "/tickets/1/add_line_item", body);
    let cases = [
        (ticket(json!({})), product(false), None),
        (ticket(json!({})), product(true), Some("the product, Remote (id 21), is disabled")),
        (ticket(whose(2)), product(false), Some("the customer, Books, is disabled")),
        (ticket(whose(9)), product(false), None),
    ];
    for (seen, product, says) in cases {
        let seen = seen.with_record(product_ref(ProductId(21)), Some(product));
        let found = Office::new().propose(&add, &seen, &[]).unwrap().findings;
        let found = found.first().map(|found| (found.guard, found.text.as_str()));
        assert_eq!(found, says.map(|text| (Guard::Disabled, text)));
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let cases = [
        (Method::Patch, "update_line_item", json!({ID: 9, "quantity": 1}), 3),
        (Method::Put, "update_line_item", json!({ID: 1, "price_retail": "1,5"}), 2),
        (Method::Put, "update_line_item", json!({ID: 1, "quantity": "many"}), 2),
        (Method::Post, "remove_line_item", json!({ID: 9}), 3),
        (Method::Post, "add_line_item", json!({"price_retail": "five"}), 2),
    ];
    for (method, verb, body, code) in cases {
        let error = proposed(method, verb, &body).unwrap_err();
        assert_eq!(error.kind.exit_code(), code, "{verb} {body}: {error:?}");
    }
    for body in [json!({ID: 1, "quantity": "0.50"}), json!({ID: 1, "price_retail": 120})] {
        let so = proposed(Method::Put, "update_line_item", &body).unwrap();
        assert!(so.step.effect.changes_nothing(), "{body}");
    }
}

#[test]
fn a_change_rests_on_what_it_sends_along() {
    let body = json!({ID: 1, "price_retail": 95, "quantity": 2});
    let proposed = proposed(Method::Put, "update_line_item", &body).unwrap();
    let sent = proposed.step.request.body.unwrap();
    assert_eq!(sent["taxable"], false);
    let changes = proposed.step.effect.changes();
    let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    assert_eq!(paths, ["quantity", "price_retail"]);
    let rests_on = serde_json::to_string(&proposed.step.preconditions).unwrap();
    assert!(rests_on.contains("taxable") && rests_on.contains("converted"), "{rests_on}");
    assert!(proposed.whose.is_some());
}
