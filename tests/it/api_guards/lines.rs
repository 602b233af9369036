//! Lines that a body brings along, and what else a body may hold that no guard would look at.

use serde_json::{Value, json};

use super::{refused, run, shown, ticket};
use crate::support::{TILL, TestEnv};

/// A request with a body of any form.
fn with(env: &TestEnv, method: &str, path: &str, body: &Value) -> Vec<String> {
    let file = env.dir().join("body.json");
    std::fs::write(&file, body.to_string()).unwrap();
    let file = file.display().to_string();
    [method, path, "--input", &file].map(str::to_owned).to_vec()
}

#[track_caller]
fn refuses(env: &TestEnv, method: &str, path: &str, body: &Value, code: i32, says: &str) {
    let typed = with(env, method, path, body);
    let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
    refused(env, &typed, code, says);
}

/// The sum of an invoice says nothing of its lines.
#[test]
fn each_line_of_a_new_invoice_is_guarded() {
    let env = TestEnv::new();
    let toner = json!({"item": "Toner", "price": "45.00"});
    let line = |more: Value| {
        let mut line = json!({"item": "Mast", "price": "1.00"});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    let hours = json!({"product_id": 17_340_021, "quantity": 13, "price": "1.00"});
    for (one, code, says) in [
        (line(json!({"price": 0})), 5, "--zero"),
        (line(json!({"price": 9999})), 5, "--large"),
        (line(hours), 5, "13 hours on one line"),
        (json!({"item": "Drive", "product_id": 17_340_021}), 2, "price of a line item is missing"),
        (line(json!({"taxable": "maybe"})), 2, "is neither true nor false"),
        (line(json!({"name": 5})), 2, "name is not a text"),
    ] {
        let body = json!({"customer_id": 31_204_602, "line_items": [toner, one]});
        refuses(&env, "POST", "invoices", &body, code, says);
    }
    let credit = json!([line(json!({"price": 9999})), line(json!({"price": -9950}))]);
    let body = json!({"customer_id": 31_204_602, "line_items": credit});
    refuses(&env, "POST", "invoices", &body, 5, "--large");
    let unread = json!({"customer_id": 31_204_602, "lines": [toner]});
    refuses(&env, "POST", "invoices", &unread, 2, "lines is not a field of an invoice");
}

/// Syncro is known to ignore lines of a new estimate and of a new schedule; they are guarded for the day on which it does not.
#[test]
fn each_line_of_a_new_estimate_or_schedule_is_guarded() {
    let env = TestEnv::new();
    for (path, member, name, price) in [
        ("estimates", "line_items", "item", "price"),
        ("schedules", "lines", "name", "price_retail"),
    ] {
        let line = |amount: Value, more: Value| {
            let mut line = json!({name: "Mast", price: amount, "taxable": false});
            line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            line
        };
        let body = |lines: Value| {
            json!({"customer_id": 31_204_602, "name": "Masts", "date": "2027-03-01",
                "frequency": "Monthly", "next_run": "2027-03-01", member: lines})
        };
        let product = json!({name: "Drive", "product_id": 17_340_021});
        let hours = json!({"product_id": 17_340_021, "quantity": 13});
        for (lines, code, says) in [
            (json!([line(json!(1), json!({})), line(json!(0), json!({}))]), 5, "--zero"),
            (json!([line(json!(9999), json!({}))]), 5, "--large"),
            (json!([line(json!(3000), json!({})), line(json!(3000), json!({}))]), 5, "--large"),
            (json!([line(json!(5), json!({})), line(json!(-5), json!({}))]), 5, "--zero"),
            (json!([line(json!(1), hours)]), 5, "13 hours on one line"),
            (json!([line(json!("1.005"), json!({}))]), 2, "whole cents"),
            (json!([line(json!(1), json!({"quantity": "0.33333"}))]), 2, "four decimals"),
            (json!([product]), 2, "of a line item is missing"),
        ] {
            refuses(&env, "POST", path, &body(lines), code, says);
        }
        let two = line(json!("45.00"), json!({"quantity": 2}));
        let typed = with(&env, "POST", path, &body(json!([two])));
        let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
        shown(&env, &typed, &["2 x Mast @ $45.00 = $90.00, not taxed", "Syncro ignores"]);
    }
}

/// Its amounts would pass every guard.
#[test]
fn lines_are_no_part_of_a_change() {
    let env = TestEnv::new();
    let line = json!([{"id": 1, "item": "Mast", "name": "Mast", "price": "9999"}]);
    for (path, way) in [
        ("invoices/1652300001", "POST invoices/ID/line_items"),
        ("estimates/9120011", "POST estimates/ID/line_items"),
        ("schedules/88100", "POST schedules/ID/line_items"),
        ("tickets/108443837", "POST tickets/ID/add_line_item"),
    ] {
        let own = path.split('/').next().unwrap().trim_end_matches('s');
        for name in ["line_items", "lines"] {
            for body in [
                json!({ name: line }),
                json!({ name: [] }),
                json!({ own: {name: line} }),
                json!({"line_item": {name: line}}),
            ] {
                for method in ["PUT", "PATCH"] {
                    let says = format!("{name} is not part of a change");
                    refuses(&env, method, path, &body, 2, &says);
                    refuses(&env, method, path, &body, 2, way);
                }
            }
        }
    }
    assert_eq!(env.log().len(), 0);
}

/// A field of the account's own may be called as a list of lines is.
#[test]
fn what_is_called_lines_elsewhere_is_a_field_like_others() {
    let env = TestEnv::new();
    let body = json!({"properties": {"Model": "X", "lines": "3"}});
    let typed = with(&env, "PUT", &ticket(TILL), &body);
    let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
    shown(&env, &typed, &["Model", "lines"]);
    let fields = json!({
        "customer_id": 31_204_618, "name": "Watch", "frequency": "Monthly", "next_run": "2027-03-01",
        "lines": "3",
    });
    refuses(&env, "POST", "schedules", &fields, 2, r#"[{\"name\": "#);
}

/// It would be in the preview, in the answer of `--json` and in the journal.
#[test]
fn card_data_is_not_sent() {
    let env = TestEnv::new();
    let pay = json!({"customer_id": 31_204_602, "amount_cents": 100, "payment_method": "Check"});
    let (number, code) = ("4111111111111111", "987");
    for card in [
        json!({"credit_card_number": number}),
        json!({"cvv": 987}),
        json!({"payment": {"CVV": code}}),
        json!({"payment[credit_card_number]": number}),
        json!({"cards": [{"card_number": number}]}),
    ] {
        let mut body = pay.clone();
        body.as_object_mut().unwrap().extend(card.as_object().unwrap().clone());
        for path in ["payments", "payment_profiles", "customers"] {
            let typed = with(&env, "POST", path, &body);
            let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
            let ran = run(&env, &[&typed[..], &["--unknown-path"]].concat());
            ran.ends(2).says("is card data").says("Syncro's web page");
            let shown = format!("{}{}", ran.stdout, ran.stderr);
            assert!(!shown.contains(number) && !shown.contains(code), "{ran}");
        }
    }
    let query = format!("payments?credit_card_number={number}");
    let ran = run(&env, &["POST", &query, "-F", "amount_cents=100"]);
    ran.ends(2).says("is card data");
    assert!(!ran.stderr.contains(number), "{ran}");
    assert!(env.journal().is_empty());
    assert_eq!(env.log().len(), 0);
}

/// What is said in a form, or in two, that the guards do not read.
#[test]
fn what_no_guard_reads_is_not_sent() {
    let env = TestEnv::new();
    let path = ticket(TILL);
    let (comment, add) = (format!("{path}/comment"), format!("{path}/add_line_item"));
    let line = |more: Value| {
        let mut line = json!({"name": "Mast", "description": "Steel", "price_retail": 45});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        line
    };
    let secret = "Password: Hunter2x";
    let said = |name: &str, value: Value| json!({"subject": "Up", "body": "Done", name: value});
    let invoiced = json!({"status": ["Invoiced"]});
    for (method, path, body, says) in [
        ("POST", &comment, said("comment", json!({"body": secret})), "comment is not a text"),
        ("POST", &comment, said("comment[body]", json!(secret)), "comment[body] is not a text"),
        ("PUT", &path, invoiced.clone(), "status is not a text"),
        ("PUT", &path, json!({ "ticket": invoiced }), "status is not a text"),
        ("PUT", &path, json!({"priority": {"0": "Urgent"}}), "priority is not a text"),
        ("POST", &add, line(json!({"taxable": "maybe"})), "neither true nor false"),
        ("POST", &add, line(json!({"price": 40})), "price 40 and price_retail 45 are different"),
    ] {
        refuses(&env, method, path, &body, 2, says);
    }
    let cents = json!({"name": "Mast", "description": "Steel", "price": 45, "retail_cents": 4000});
    refuses(&env, "POST", &add, &cents, 2, "price 45 and retail_cents 4000 are different");
}
