//! What stands against a line of an invoice, an estimate or a schedule, by value.

use serde_json::json;

use super::super::example::{Office, request, with_customer};
use super::*;
use crate::api::Folder;
use crate::api::folder::{ESTIMATES, INVOICES, SCHEDULES};

/// A document of each kind with a line of an hour at $95.
fn seen(folder: Folder, more: &Value) -> (Snapshot, &'static Form) {
    let form = FORMS.iter().find(|form| form.folder == folder).unwrap();
    let mut raw = json!({"id": 9, "number": "77", "name": "Care", "customer_id": 2});
    for (name, value) in more.as_object().into_iter().flatten() {
        raw[name] = value.clone();
    }
    let line = json!({
        "id": 5, form.name: "Labor", form.text: "Spool", form.price: "95.0", "quantity": "1.0",
        "product_id": 21, "taxable": false,
    });
    let seen = with_customer(Snapshot::default())
        .with_record(form.on.record(RecordId::Id(9)), Some(raw))
        .with_collection(Collection::lines_on(form.on, RecordId::Id(9)), vec![line]);
    (seen, form)
}

#[test]
fn what_stands_against_a_line_of_a_document() {
    let plain = json!({});
    let paid = json!({"is_paid": true});
    let converted = json!({"invoice_id": 3});
    for folder in [INVOICES, ESTIMATES, SCHEDULES] {
        let (_, form) = seen(folder, &plain);
        let line = |quantity: &str, price: &str, text: &str| json!({form.name: "Labor", form.text: text, form.price: price, "quantity": quantity});
        let only = |fields: &[(&str, &str)]| -> Value {
            fields.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
        };
        let (post, put) = (Method::Post, Method::Put);
        let cases: [(Method, Value, &Value, &[Guard]); 10] = [
            (post, line("2", "95", "Spool"), &plain, &[]),
            (post, line("1", "9", " Spool"), &plain, &[Guard::SameLine]),
            (post, line("1", "9", "Toner"), &plain, &[]),
            (post, line("2", "0", "Toner"), &plain, &[Guard::Zero]),
            (post, line("2", "9999", "Toner"), &plain, &[Guard::Large]),
            (put, only(&[("quantity", "2")]), &plain, &[]),
            (put, only(&[(form.price, "0")]), &plain, &[Guard::Zero]),
            (put, only(&[("quantity", "999")]), &plain, &[Guard::Large]),
            (put, only(&[(form.text, "Toner")]), &paid, &[Guard::Paid]),
            (Method::Delete, json!({}), &paid, &[Guard::Paid]),
        ];
        for (method, body, more, guards) in cases {
            let path = format!("/{}/9/line_items", folder.name());
            let path = if method == post { path } else { format!("{path}/5") };
            let request = request(method, &path, body.clone());
            let proposed = Office::new().propose(&request, &seen(folder, more).0, &[]).unwrap();
            let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
            assert_eq!(found, guards, "{path} {body}");
            if method == put && !body[form.text].is_string() {
                let sent = proposed.step.request.body.unwrap();
                assert_eq!(sent["taxable"], false, "{path} {body}");
            }
        }
    }
    let remove = request(Method::Delete, "/estimates/9/line_items/5", json!({}));
    let proposed = Office::new().propose(&remove, &seen(ESTIMATES, &converted).0, &[]).unwrap();
    assert_eq!(proposed.findings[0].guard, Guard::Again);
    assert_eq!(proposed.title, "Remove a line item from estimate 77");
    for (method, path, body, code) in [
        (Method::Put, "/invoices/9/line_items/6", json!({"quantity": 1}), 3),
        (Method::Post, "/invoices/9/line_items", json!({"price": "1.005"}), 2),
        (Method::Post, "/invoices/9/line_items", json!({"quantity": "1,5"}), 2),
    ] {
        let request = request(method, path, body.clone());
        let error = Office::new().propose(&request, &seen(INVOICES, &plain).0, &[]);
        assert_eq!(error.unwrap_err().kind.exit_code(), code, "{path} {body}");
    }
}
