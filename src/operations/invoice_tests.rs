//! What is done to an invoice, by value.

use serde_json::json;

use super::super::example::{Office, request, with_customer};
use super::*;
use crate::write::Request;

fn seen(more: &Value) -> Snapshot {
    let mut invoice = json!({
        "id": 9, "number": "77", "customer_id": 2, "total": "45.0", "is_paid": false, "payments": [],
        "line_items": [{"name": "Travel"}], "note": "Thanks",
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        invoice[name] = value.clone();
    }
    with_customer(Snapshot::default())
        .with_record(Noun::Invoice.record(InvoiceId(9)), Some(invoice))
}

fn writes() -> [Request; 3] {
    [
        request(Method::Put, "/invoices/9", json!({"note": "Thank you", "po_number": "7"})),
        request(Method::Post, "/invoices/9/email", json!({})),
        Request { body: None, ..request(Method::Delete, "/invoices/9", json!({})) },
    ]
}

#[test]
fn what_stands_against_a_write_to_an_invoice() {
    let (paid, part) = (json!({"is_paid": true}), json!({"payments": [{"id": 1}]}));
    let free = json!({"total": "0.0"});
    let refused = "invoice #77 is fully or partly paid; nothing was written";
    for (more, update, email, delete) in [
        (&json!({}), &[][..], &[][..], None),
        (&paid, &[Guard::Paid], &[Guard::Paid], Some(refused)),
        (&part, &[], &[], Some(refused)),
        (&free, &[], &[Guard::Zero], None),
    ] {
        let seen = seen(more);
        let propose = |request: &Request| Office::new().propose(request, &seen, &[]);
        let [put, post, del] = writes();
        for (request, guards) in [(put, update), (post, email)] {
            let findings = propose(&request).unwrap().findings;
            let found: Vec<Guard> = findings.iter().map(|one| one.guard).collect();
            assert_eq!(found, guards, "{more} {}", request.path);
        }
        let error = propose(&del).err().map(|error| error.to_string());
        assert_eq!(error.as_deref(), delete, "{more}");
    }
}

#[test]
fn what_each_shows_and_rests_on() {
    let says = [
        ("Change invoice #77", "Change    order number nothing -> 7", 2),
        ("Email invoice #77", "Email     to office@books.example", 3),
        ("Delete invoice #77", "Delete    invoice #77 with 1 line; it can be invoiced again", 1),
    ];
    for (request, (title, row, rests_on)) in writes().iter().zip(says) {
        let proposed = Office::new().propose(request, &seen(&json!({})), &[]).unwrap();
        let shown = proposed.sheet.text();
        assert_eq!(proposed.title, title);
        assert!(shown.contains(row) && shown.contains("$45.00, unpaid"), "{shown}");
        assert_eq!(proposed.step.preconditions.len(), rests_on, "{title}");
    }
    let change = |seen: &Snapshot| Office::new().propose(&writes()[0], seen, &[]);
    let so = seen(&json!({"note": "Thank you", "po_number": "7"}));
    assert!(change(&so).unwrap().step.effect.changes_nothing());
    let nobodys = seen(&json!({"customer_id": null}));
    for (seen, says) in [
        (nobodys, "invoice #77 has no customer; nothing was written"),
        (Snapshot::default(), "there is no invoice 9; nothing was written"),
    ] {
        assert_eq!(change(&seen).unwrap_err().to_string(), says);
    }
}
