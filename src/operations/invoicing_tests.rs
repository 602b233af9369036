//! What stands against an invoice, and what it must say.

use serde_json::{Value, json};

use super::super::example::{Office, request, ticket, with_customer};
use super::*;
use crate::api::Method;
use crate::api::resources::invoices;
use crate::write::Request;

fn line(id: u64, quantity: &str, price: &str, more: &Value) -> Value {
    let mut line = json!({
        "id": id, "name": "Remote", "quantity": quantity, "price_retail": price, "taxable": id == 2,
        "converted": false,
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        line[name] = value.clone();
    }
    line
}

/// What was read of a ticket with these lines and invoices.
fn seen(lines: &[Value], invoices: &[Value]) -> Snapshot {
    let timer = json!({"id": 4, "start_time": "2026-03-17T12:00:00Z", "end_time": null});
    let timers = if lines.len() > 2 { vec![timer] } else { Vec::new() };
    let ticket = ticket(json!({"line_items": lines, "ticket_timers": timers}));
    with_customer(ticket).with_collection(Collection::INVOICES, invoices.to_vec())
}

fn create(more: &Value) -> Request {
    let mut body = json!({"ticket_id": 1});
    for (name, value) in more.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    request(Method::Post, "/invoices", body)
}

#[test]
fn what_stands_against_an_invoice() {
    let one = || line(1, "0.5", "120", &json!({}));
    let free = || line(3, "1", "0", &json!({}));
    let gone = || line(2, "1", "45", &json!({"converted": true}));
    let paid = json!({"id": 9, "number": "77", "total": "45.0", "is_paid": true, "ticket_id": 1});
    let odd = json!({"line_items": []});
    let dear = || line(5, "1", "5000.01", &json!({}));
    let cases: [(Snapshot, Value, &[Guard]); 8] = [
        (seen(&[dear()], &[]), json!({}), &[Guard::Large]),
        (seen(&[one()], &[]), json!({}), &[]),
        (seen(&[one()], &[]), json!({"customer_id": "2", "note": "Thanks"}), &[]),
        (seen(&[one(), gone()], std::slice::from_ref(&paid)), json!({}), &[Guard::Again]),
        (seen(&[one(), free()], &[]), json!({}), &[Guard::Zero]),
        (seen(&[one(), gone(), gone()], &[]), json!({}), &[Guard::TimerRunning]),
        (seen(&[], &[paid]), odd.clone(), &[Guard::Again, Guard::Zero]),
        (seen(&[one()], &[]), odd, &[]),
    ];
    for (seen, more, guards) in cases {
        let proposed = Office::new().propose(&create(&more), &seen, &[]).unwrap();
        let found: Vec<Guard> = proposed.findings.iter().map(|one| one.guard).collect();
        assert_eq!(found, guards, "{more}: {:?}", proposed.findings);
    }
    for (seen, more, says) in [
        (seen(&[gone()], &[]), json!({}), "ticket #100 has no uninvoiced line items"),
        (
            seen(&[one()], &[]),
            json!({"customer_id": 3}),
            "ticket #100 belongs to customer 2, not to",
        ),
        (ticket(json!({"customer_id": null})), json!({}), "ticket #100 has no customer"),
        (Snapshot::default(), json!({}), "there is no ticket 1"),
    ] {
        let error = Office::new().propose(&create(&more), &seen, &[]).unwrap_err();
        assert!(error.message.starts_with(says), "{}", error.message);
    }
}

#[test]
fn what_it_must_say_follows_from_what_waits_and_what_the_plan_adds() {
    let seen = seen(&[line(1, "0.5", "120", &json!({})), line(2, "2", "10", &json!({}))], &[]);
    let made = Effect::created(Collection::LINES).like([
        Field::new("name", "Travel"),
        Field::new("product_id", 7),
        Field::new("quantity", 1),
        Field::new("price_retail", "45.00"),
        Field::new("taxable", false),
    ]);
    let add = request(Method::Post, "/tickets/1/add_line_item", json!({}));
    let before = [Step::new("line_item", "", add, made)];
    let request: Request = invoices::create(TicketId(1), crate::api::ids::CustomerId(2)).into();
    let proposed = Office::new().propose(&request, &seen, &before).unwrap();
    let expected = proposed.step.effect.expected_invoice().unwrap();
    let lines: Vec<String> = expected.lines.iter().map(ExpectedLine::says).collect();
    assert_eq!(
        lines,
        [
            "0.5 x Remote @ $120.00 = $60.00",
            "2 x Remote @ $10.00 = $20.00",
            "1 x Travel @ $45.00 = $45.00"
        ]
    );
    let shown = proposed.sheet.text();
    assert!(shown.contains("$125.00 (3 lines), tax: set by Syncro on $20.00 taxable"), "{shown}");
    assert_eq!(shown.matches("already on the ticket").count(), 2, "{shown}");
    let rests_on = proposed.step.contents().unwrap();
    assert_eq!(rests_on.lines.len(), 2);
}
