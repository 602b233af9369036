//! The worked example of the report, and what becomes of it when a field is another or not there.
#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use serde_json::{Value, json};

use super::*;

const EXAMPLE: &str = include_str!("fixtures/duplicates.json");

fn example() -> Value {
    serde_json::from_str(EXAMPLE).unwrap()
}

fn of(account: &Value, customer: Option<u64>) -> Report {
    let customers = account["customers"].as_array().unwrap().clone();
    let contacts = account["contacts"].as_array().unwrap().clone();
    let customers: Vec<_> = customers.into_iter().map(|raw| Record::read(raw).unwrap()).collect();
    let contacts: Vec<_> = contacts.into_iter().map(|raw| Record::read(raw).unwrap()).collect();
    let customer = customer.map(CustomerId);
    let input = Input { customers: &customers, contacts: &contacts, customer };
    report(&input, LeftOut::default())
}

/// Who is alike, and why.
fn found(report: &Report) -> Vec<(Vec<u64>, String)> {
    let ids = |row: &Row| row.members.iter().map(|one| one.id).collect();
    report.rows.iter().map(|row| (ids(row), row.reasons())).collect()
}

fn all() -> Vec<(Vec<u64>, String)> {
    let rows = [([1, 2], "name"), ([3, 4], "email"), ([5, 6], "phone"), ([11, 12], "email")];
    rows.map(|(ids, why)| (ids.to_vec(), why.to_owned())).to_vec()
}

#[test]
fn the_worked_example() {
    let report = of(&example(), None);
    assert_eq!(found(&report), all());
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    let right = json!({
        "customer": "Caf\u{e9} Larch", "customer_id": 1, "kind": "customers",
        "names": ["Caf\u{e9} Larch", "CAFE LARCH, Ltd."], "ids": [1, 2],
        "customers": ["Caf\u{e9} Larch", "CAFE LARCH, Ltd."], "because": "name",
        "shared": ["Caf\u{e9} Larch"], "mend": "syncro customer show 2",
    });
    let row = report.rows[0].json("syncro");
    assert_eq!(row, right);
    let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, MEMBERS);
    let contacts = report.rows[3].json("syncro");
    assert_eq!(contacts["names"], json!(["Gil Oak", "Gilbert Oak"]));
    assert_eq!(contacts["customers"], json!(["Caf\u{e9} Larch", "Ash Roofing"]));
    assert_eq!(
        (&contacts["customer_id"], &contacts["mend"]),
        (&json!(1), &json!("syncro contact show 12"))
    );
    assert_eq!(
        report.totals_json(),
        json!({"pairs": 4, "groups": {"customers": 3, "contacts": 1}})
    );
}

#[test]
fn what_the_same_ones_share_is_in_one_row_and_three_are_three_pairs() {
    let mut account = example();
    account["customers"][1]["email"] = json!("ANN@larch.example");
    account["customers"][1]["mobile"] = json!("555 010 0101");
    account["customers"][4]["email"] = json!("office@ash.example");
    let report = of(&account, None);
    assert!(found(&report).contains(&(vec![1, 2], "name, email, phone".to_owned())), "{report:?}");
    assert!(found(&report).contains(&(vec![3, 4, 5], "email".to_owned())), "{report:?}");
    assert_eq!(report.totals_json()["pairs"], 1 + 3 + 1 + 1);
    // A customer's own two numbers are nobody else's.
    let mut account = example();
    account["customers"][0]["mobile"] = json!("5550100101");
    assert_eq!(found(&of(&account, None)), all());
    // What one customer is alike with.
    assert_eq!(found(&of(&example(), Some(3))), [all()[1].clone(), all()[3].clone()]);
    assert_eq!(found(&of(&example(), Some(99))), []);
}

/// A field that a row rests on, unreadable or under another name: no row by guess, and it is said.
#[test]
fn what_cannot_be_read_is_left_out() {
    for (list, at, fields, gone, why) in [
        ("customers", 1, &["business_then_name", "business_name", "fullname"][..], 0, why::UNNAMED),
        ("customers", 3, &["email"], 1, why::REACHED),
        ("customers", 4, &["phone"], 2, why::REACHED),
        ("customers", 5, &["mobile"], 2, why::REACHED),
        ("contacts", 1, &["email"], 3, why::REACHED),
        ("contacts", 1, &["customer_id"], 3, why::CONTACT_OF),
    ] {
        for is_there in [true, false] {
            let mut account = example();
            let record = account[list][at].as_object_mut().unwrap();
            for field in fields {
                record.remove(*field);
                // A reference that is there in another form is read.
                if is_there && *field != "customer_id" {
                    record.insert((*field).to_owned(), json!({"is": "unclear"}));
                }
            }
            let report = of(&account, None);
            let mut right = all();
            right.remove(gone);
            assert_eq!(found(&report), right, "{list} {fields:?}");
            assert_eq!(report.left_out.counts(), [(why, 1)], "{list} {fields:?}");
        }
    }
    // Nothing is not unreadable.
    let mut account = example();
    account["customers"][3]["email"] = Value::Null;
    account["contacts"][1]["customer_id"] = Value::Null;
    let report = of(&account, None);
    assert_eq!((found(&report).len(), report.left_out.is_empty()), (2, true));
}

#[test]
fn only_who_is_a_customer_still_is_alike() {
    let mut account = example();
    account["customers"][6]["disabled"] = json!(false);
    let report = of(&account, None);
    let right =
        [(vec![1, 2, 7], "name"), (vec![1, 7], "name, email, phone"), (vec![13, 14, 15], "email")];
    for (ids, why) in right {
        assert!(found(&report).contains(&(ids, why.to_owned())), "{report:?}");
    }
    // Two of the three are in a row of their own, and one pair all the same.
    let pairs = report.totals_json()["pairs"].as_u64().unwrap();
    let customers = report.rows.iter().filter(|row| row.kind == Kind::Customers).count();
    assert_eq!((pairs, customers), (3 + 2 + 3 + 1, 4), "{report:?}");
}

/// Whoever may be disabled is no duplicate, and that is said; nor are their contacts.
#[test]
fn whoever_may_be_disabled_is_left_out() {
    let mut account = example();
    account["customers"][1]["disabled"] = json!({"is": "unclear"});
    account["customers"][3]["disabled"] = json!("perhaps");
    let report = of(&account, None);
    assert_eq!(found(&report), [all()[2].clone(), all()[3].clone()]);
    assert_eq!(report.left_out.counts(), [(why::GIVEN_UP, 2)]);
}

/// A number is the same with its country's code and without.
#[test]
fn a_number_with_its_countrys_code_is_the_same() {
    let mut account = example();
    account["customers"][4]["phone"] = json!("+1 (555) 010-0199");
    account["customers"][5]["mobile"] = json!("555.010.0199");
    let report = of(&account, None);
    assert!(found(&report).contains(&(vec![5, 6], "phone".to_owned())), "{report:?}");
    account["customers"][2]["phone"] = json!("+44 5550100199");
    let report = of(&account, None);
    assert!(!found(&report).iter().any(|(_, why)| why == "phone"), "{report:?}");
}
