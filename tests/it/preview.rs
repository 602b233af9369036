//! The `preview` of a dry run: what the terminal shows, as a value.

use serde_json::{Value, json};

use crate::support::{BILL, Ran, TestEnv};

fn preview(ran: &Ran) -> Value {
    let answer = ran.ends(0).json().unwrap();
    assert_eq!(answer["outcome"], "dry_run");
    answer["preview"].clone()
}

#[test]
fn a_bill_is_a_value_and_the_terminals_text_says_the_same() {
    let env = TestEnv::new();
    let shown = preview(&env.run(&[&BILL[..], &["--dry-run", "--json"]].concat()));
    let customer = json!({"id": 31_204_551, "name": "Quillfeather Books"});
    assert_eq!(shown["customer"], customer);
    assert_eq!(shown["ticket"]["number"].to_string().trim_matches('"'), "32181");
    assert_eq!(shown["ticket"]["status"], "In Progress");
    let email = shown["email"].as_array().unwrap();
    assert_eq!(email.len(), 1);
    assert_eq!(email[0]["kind"], "comment");
    let line = json!({
        "name": "Labor - Remote", "quantity": "0.5", "price": "120.00", "amount": "60.00",
        "taxable": false, "source": "new",
    });
    assert_eq!(shown["lines"], json!([line]));
    assert_eq!(shown["subtotal"], "60.00");
    assert_eq!(shown["prepaid"], Value::Null);
    assert_eq!(shown["status"], json!({"from": "In Progress", "to": "Invoiced"}));
    assert_eq!(shown["guards"], json!([]));
    let text = env.run(&[&BILL[..], &["--dry-run"]].concat());
    let text = &text.ends(0).stdout;
    for said in [
        &shown["title"],
        &shown["attributed_to"],
        &shown["customer"]["name"],
        &shown["ticket"]["subject"],
        &email[0]["to"],
        &shown["lines"][0]["name"],
        &shown["lines"][0]["amount"],
        &shown["subtotal"],
    ] {
        let said = said.as_str().unwrap();
        assert!(!said.is_empty() && text.contains(said), "{said}: {text}");
    }
}

#[test]
fn a_line_that_waits_is_told_from_a_new_one() {
    let env = TestEnv::new();
    let shown = preview(&env.run(&["invoice", "create", "32178", "--dry-run", "--json"]));
    let lines = shown["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line["source"] == "ticket"), "{shown}");
    assert_eq!(shown["subtotal"], "134.50");
}

#[test]
fn guards_are_named_with_their_flags() {
    let env = TestEnv::new();
    let mut args = BILL.to_vec();
    args[1] = "32176";
    let shown = preview(&env.run(&[&args[..], &["--dry-run", "--json"]].concat()));
    let guards = shown["guards"].as_array().unwrap();
    let again = guards.iter().find(|guard| guard["key"] == "again").unwrap();
    assert_eq!(again["flag"], "--again");
    assert!(again["text"].as_str().unwrap().contains("already invoiced"), "{shown}");
}

#[test]
fn what_no_member_says_is_a_row() {
    let env = TestEnv::new();
    let args = ["update", "32181", "--priority", "high", "--dry-run", "--json"];
    let shown = preview(&env.run(&args));
    let rows = shown["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["label"] == "Change"), "{shown}");
    assert_eq!(shown["status"], Value::Null);
}
