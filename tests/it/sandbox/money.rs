//! What is owed and paid: payments, invoices that are changed, and what goes out by mail.

use reqwest::Method;
use serde_json::{Value, json};

use super::{BILLABLE, Bench, QUILLFEATHER, REMOTE, ticket_id};

const MOSSGATE: i64 = 31_204_671;
const DENTAL: i64 = 31_204_602;

impl Bench {
    async fn of_number(&self, number: &str) -> Value {
        self.get(&format!("/invoices/{number}")).await["invoice"].take()
    }

    /// The rows of a table that is no part of the API.
    fn rows(&self, table: &str) -> Vec<Value> {
        self.table(table).values().cloned().collect()
    }
}

/// What goes to one invoice, as a payment says it.
fn pays(id: &Value, cents: i64) -> Value {
    let mut shares = json!({});
    shares[id.to_string()] = json!(cents);
    shares
}

#[tokio::test]
async fn payments_are_listed_with_their_customers() {
    let bench = Bench::new();
    let list = bench.get("/payments").await;
    assert_eq!(list["meta"], json!({"total_pages": 1, "page": 1}));
    let all = list["payments"].as_array().unwrap();
    assert_eq!(all.len(), 17);
    let card = all.iter().find(|one| one["customer"]["id"] == MOSSGATE).unwrap();
    assert_eq!(card["payment_method"], "Credit Card");
    assert_eq!(card["payment_amount"].to_string(), "244.87");
    assert_eq!(bench.get(&format!("/payments/{}", card["id"])).await["payment"], *card);
    let count = async |query: &str| {
        let found = bench.get(&format!("/payments?query={query}")).await;
        found["payments"].as_array().unwrap().len()
    };
    assert_eq!(count("kestrel").await, 1);
    assert_eq!(count("credit%20card").await, 3);
    let loose = bench.get("/payments?query=7731").await["payments"][0].take();
    assert_eq!(loose["invoice_ids"], json!([null]), "it pays nothing yet");
    let both = bench.get("/payments?query=kestrel").await["payments"][0].take();
    assert_eq!(both["invoice_ids"].as_array().unwrap().len(), 2);
    assert!(!list.to_string().contains("\"_"), "a private field is shown");
    let methods = bench.get("/payment_methods").await["payment_methods"].take();
    let names: Vec<&Value> = methods.as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(names.contains(&&json!("Check")));
    assert!(methods[0]["id"].is_number());
}

#[tokio::test]
async fn a_payment_takes_cents_and_answers_in_dollars() {
    let bench = Bench::new();
    let open = bench.of_number("67409").await;
    assert_eq!((&open["total"], &open["is_paid"]), (&json!("90.0"), &json!(false)));
    let first = json!({
        "customer_id": MOSSGATE, "amount_cents": 4_025, "payment_method": "Check",
        "ref_num": "881", "apply_payments": pays(&open["id"], 4_025),
    });
    let (status, made) = bench.post("/payments", first).await;
    let payment = &made["payment"];
    assert_eq!(status, 200);
    assert_eq!(payment["payment_amount"].to_string(), "40.25");
    assert_eq!(payment["invoice_ids"], json!([open["id"]]));
    assert_eq!(payment["tickets"], json!([{"id": ticket_id(32_177)}]));
    assert_eq!((&payment["payment_method"], &payment["ref_num"]), (&json!("Check"), &json!("881")));
    assert!(payment.get("customer").is_none());
    let partly = bench.of_number("67409").await;
    assert_eq!((&partly["is_paid"], &partly["verified_paid"]), (&json!(false), &json!(false)));
    assert_eq!(partly["payments"][0]["amount"], "40.25");

    // All of it goes to an invoice that is named by itself.
    let rest = json!({"invoice_id": open["id"], "amount_cents": 4_975});
    let (_, made) = bench.post("/payments", rest.clone()).await;
    assert_eq!(made["payment"]["payment_method"], Value::Null);
    let paid = bench.of_number("67409").await;
    assert_eq!((&paid["is_paid"], &paid["verified_paid"]), (&json!(true), &json!(true)));
    assert_eq!(paid["total"], "90.0");
    let amounts: Vec<&Value> =
        paid["payments"].as_array().unwrap().iter().map(|p| &p["amount"]).collect();
    assert_eq!(amounts, [&json!("40.25"), &json!("49.75")]);
    let shown = bench.get(&format!("/payments/{}", made["payment"]["id"])).await;
    assert_eq!(shown["payment"]["customer"]["id"], MOSSGATE);

    assert_eq!(bench.post("/payments", rest).await.0, 200, "nobody keeps you from paying twice");
    assert_eq!(bench.of_number("67409").await["payments"].as_array().unwrap().len(), 3);
    let path = format!("/payments/{}", made["payment"]["id"]);
    let gone = bench.try_send(Method::DELETE, &path, None).await.unwrap();
    assert_eq!(gone, (404, String::new()), "there is no such call");
    assert_eq!(bench.status(&path).await, 200);
}

#[tokio::test]
async fn a_payment_is_spread_as_it_says() {
    let bench = Bench::new();
    let first = bench.of_number("66909").await;
    let second = bench.of_number("66916").await;
    assert_eq!(first["customer_id"], second["customer_id"]);
    let mut shares = pays(&first["id"], 31_250);
    shares[second["id"].to_string()] = json!(10_000);
    let body = json!({"amount_cents": 50_000, "payment_method": "Cash", "apply_payments": shares});
    let (_, made) = bench.post("/payments", body).await;
    assert_eq!(made["payment"]["invoice_ids"], json!([first["id"], second["id"]]));
    assert_eq!(bench.of_number("66909").await["is_paid"], true);
    let partly = bench.of_number("66916").await;
    assert_eq!(
        (&partly["is_paid"], &partly["payments"][0]["amount"]),
        (&json!(false), &json!("100.0"))
    );
    let path = format!("/invoices/{}", second["id"]);
    assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 200);
    assert_eq!(bench.status(&path).await, 200, "money has come in for it");
}

#[tokio::test]
async fn a_payment_is_refused_for_what_does_not_add_up() {
    let bench = Bench::new();
    let open = bench.of_number("67409").await["id"].take();
    for wrong in [
        json!({"invoice_id": open}),
        json!({"invoice_id": open, "amount_cents": 0}),
        json!({"invoice_id": open, "amount_cents": "40.25"}),
        json!({"invoice_id": open, "amount_cents": 100, "payment_method": "check"}),
        json!({"invoice_id": open, "amount_cents": 100, "payment_method": "Barter"}),
        json!({"invoice_id": 4, "amount_cents": 100}),
        json!({"amount_cents": 100}),
        json!({"customer_id": QUILLFEATHER, "invoice_id": open, "amount_cents": 100}),
        json!({"amount_cents": 100, "apply_payments": {"67409": 100}}),
        json!({"amount_cents": 100, "apply_payments": pays(&open, 101)}),
        json!({"amount_cents": 100, "apply_payments": pays(&open, -1)}),
    ] {
        let (status, refused) = bench.post("/payments", wrong.clone()).await;
        assert_eq!(status, 422, "{wrong}");
        assert!(refused.is_object());
    }
    assert_eq!(bench.rows("payments").len(), 17);
    assert_eq!(bench.of_number("67409").await["payments"], json!([]));
}

#[tokio::test]
async fn invoices_are_listed_paid_or_not_and_without_lines() {
    let bench = Bench::new();
    let count = async |asked: &str| {
        let list = bench.get(&format!("/invoices?{asked}")).await;
        let all = list["invoices"].as_array().unwrap().clone();
        assert!(all.iter().all(|one| one.get("line_items").is_none()));
        all.len()
    };
    assert_eq!(count("").await, 25);
    assert_eq!(count("page=2").await, 3);
    assert_eq!(count("paid=true").await, 16);
    assert_eq!(count("unpaid=true").await, 12);
    assert_eq!(count(&format!("ticket_id={}", ticket_id(32_177))).await, 1);
    assert_eq!(count("since_updated_at=2026-03-14").await, 3);
    let overdue = bench.get("/invoices?unpaid=true").await["invoices"].take();
    let late = |one: &&Value| one["due_date"].as_str().unwrap() < "2026-03-17";
    assert_eq!(overdue.as_array().unwrap().iter().filter(late).count(), 10);
}

#[tokio::test]
async fn an_invoice_is_changed_by_its_id() {
    let bench = Bench::new();
    let before = bench.of_number("67409").await;
    let path = format!("/invoices/{}", before["id"]);
    let (status, changed) = bench
        .put(
            &path,
            json!({
                "due_date": "2026-04-17", "po_number": "PO-9", "note": "Thank you",
                "contact_id": MOSSGATE - 23_400_000, "total": "1.0", "is_paid": true,
            }),
        )
        .await;
    assert_eq!(status, 200);
    let invoice = &changed["invoice"];
    assert!(invoice.get("line_items").is_none());
    assert_eq!(invoice["due_date"], "2026-04-17T00:00:00.000Z");
    assert_eq!((&invoice["po_number"], &invoice["note"]), (&json!("PO-9"), &json!("Thank you")));
    assert_eq!((&invoice["total"], &invoice["is_paid"]), (&json!("90.0"), &json!(false)));
    assert_eq!((&invoice["date"], &invoice["number"]), (&before["date"], &before["number"]));
    for wrong in [
        json!({"due_date": "soon"}),
        json!({"contact_id": 4}),
        json!({"customer_id": 4}),
        json!({"number": ""}),
    ] {
        assert_eq!(bench.put(&path, wrong.clone()).await.0, 422, "{wrong}");
    }
    assert_eq!(
        bench.put("/invoices/67409", json!({"note": "x"})).await.0,
        404,
        "a number is no id"
    );
    // A number that is another's id is that other one.
    bench.put("/invoices/67402", json!({"note": "Wrong one"})).await;
    assert_eq!(bench.get("/invoices/67402").await["invoice"]["number"], "1188");
    let (_, renumbered) = bench.put(&path, json!({"number": "A-1"})).await;
    assert_eq!(renumbered["invoice"]["number"], "A-1");
    assert_eq!(bench.of_number("A-1").await["id"], before["id"]);
    assert_eq!(bench.status("/invoices/67409").await, 404);

    bench.line(32_181, "1", "120").await;
    let (_, made) = bench
        .post(
            "/invoices",
            json!({
                "ticket_id": BILLABLE, "customer_id": QUILLFEATHER, "number": "A-2",
                "date": "2026-03-01", "due_date": "2026-03-31", "po_number": "PO-10",
            }),
        )
        .await;
    let made = &made["invoice"];
    assert_eq!((&made["number"], &made["po_number"]), (&json!("A-2"), &json!("PO-10")));
    assert_eq!(made["date"], "2026-03-01T00:00:00.000Z");
    assert_eq!(made["due_date"], "2026-03-31T00:00:00.000Z");
}

#[tokio::test]
async fn lines_of_an_invoice_are_changed_in_place() {
    let bench = Bench::new();
    // Tax is 6 % here.
    let invoice = bench.of_number("67409").await;
    let path = format!("/invoices/{}/line_items", invoice["id"]);
    assert_eq!(bench.post(&path, json!({"price": 5})).await.0, 422);
    let (status, made) = bench
        .post(&path, json!({"item": "Cable", "name": "Left there", "price": 10.5, "quantity": 2}))
        .await;
    assert_eq!(status, 200);
    let line = &made["line_item"];
    assert_eq!(
        (&line["price"], &line["quantity"], &line["taxable"]),
        (&json!("10.5"), &json!("2.0"), &json!(true))
    );
    assert_eq!(line["invoice_id"], invoice["id"]);
    let more = bench.of_number("67409").await;
    assert_eq!(
        (&more["subtotal"], &more["tax"], &more["total"]),
        (&json!("111.0"), &json!("1.26"), &json!("112.26"))
    );

    let one = format!("{path}/{}", line["id"]);
    let (_, cheaper) = bench.put(&one, json!({"price": 10, "taxable": false})).await;
    assert_eq!(cheaper["line_item"]["taxable"], false);
    assert_eq!(bench.of_number("67409").await["total"], "110.0");
    let (_, moved) = bench.put(&one, json!({"name": "Left on the desk"})).await;
    assert_eq!(moved["line_item"]["taxable"], true, "a default comes back");
    assert_eq!(bench.put(&one, json!({"item": ""})).await.0, 422);
    let (_, sold) = bench.post(&path, json!({"product_id": REMOTE})).await;
    assert_eq!(
        (&sold["line_item"]["item"], &sold["line_item"]["price"]),
        (&json!("Labor - Remote"), &json!("120.0"))
    );
    let listed = bench.get(&format!("/line_items?invoice_id={}", invoice["id"])).await;
    assert_eq!(listed["line_items"].as_array().unwrap().len(), 3);
    assert_eq!(listed["meta"]["per_page"], 100);
    for gone in [line, &sold["line_item"]] {
        let path = format!("{path}/{}", gone["id"]);
        let answer = bench.try_send(Method::DELETE, &path, None).await.unwrap();
        assert_eq!(answer, (200, String::new()), "nothing is said");
        assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 404);
    }
    let again = bench.of_number("67409").await;
    assert_eq!(
        (&again["line_items"], &again["total"]),
        (&invoice["line_items"], &invoice["total"])
    );
    assert_eq!(bench.post("/invoices/4/line_items", json!({"item": "x"})).await.0, 404);
}

#[tokio::test]
async fn a_paid_invoice_keeps_its_lines_whatever_is_answered() {
    let bench = Bench::new();
    let paid = bench.of_number("67410").await;
    let path = format!("/invoices/{}/line_items", paid["id"]);
    let one = format!("{path}/{}", paid["line_items"][0]["id"]);
    assert_eq!(bench.post(&path, json!({"item": "Cable"})).await.0, 422);
    assert_eq!(bench.put(&one, json!({"price": 1})).await.0, 200);
    assert_eq!(bench.send(Method::DELETE, &one, None).await.0, 200);
    assert_eq!(bench.of_number("67410").await, paid);
}

#[tokio::test]
async fn a_line_taken_off_an_invoice_frees_its_own_and_the_hours() {
    let bench = Bench::new();
    let mine = bench.line(32_179, "1.25", "120").await;
    let invoice = bench.invoice(32_179).await;
    assert_eq!(bench.prepaid(32_179).await, "0.0");
    let lines = invoice["line_items"].as_array().unwrap();
    for (line, hours, open) in [(&lines[1], "0.0", false), (&lines[0], "0.5", true)] {
        let path = format!("/invoices/{}/line_items/{}", invoice["id"], line["id"]);
        assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 200);
        assert_eq!(bench.prepaid(32_179).await, hours);
        let ticket = bench.ticket(32_179).await;
        assert_eq!(ticket["line_items"][0]["id"], mine["id"]);
        assert_eq!(ticket["line_items"][0]["converted"], !open);
    }
    let path = format!("/invoices/{}", invoice["id"]);
    bench.send(Method::DELETE, &path, None).await;
    assert_eq!(bench.prepaid(32_179).await, "0.5", "given back once only");
}

#[tokio::test]
async fn lines_are_listed_of_invoices_and_of_estimates() {
    let bench = Bench::new();
    let count = async |asked: &str| {
        let list = bench.get(&format!("/line_items?{asked}")).await;
        list["meta"]["total_entries"].as_u64().unwrap()
    };
    let (all, invoiced, offered) = (
        count("").await,
        count("invoice_id_not_null=true").await,
        count("estimate_id_not_null=true").await,
    );
    assert_eq!(offered, 3);
    assert_eq!(invoiced + offered, all);
    let estimate = bench.get("/estimates").await["estimates"][0]["id"].take();
    assert_eq!(count(&format!("estimate_id={estimate}")).await, 1);
}

#[tokio::test]
async fn an_invoice_goes_out_and_nothing_shows_it() {
    let bench = Bench::new();
    let before = bench.of_number("67409").await;
    let path = |verb: &str| format!("/invoices/{}/{verb}", before["id"]);
    let (status, said) = bench.post(&path("email"), json!({})).await;
    assert_eq!(status, 200);
    assert!(said["message"].is_string());
    assert_eq!(bench.rows("mailed")[0]["to"], "ruaridh@mossgate-vets.example");
    assert_eq!(bench.rows("mailed")[0]["invoice_id"], before["id"]);
    let contact = json!({"contact_id": MOSSGATE - 23_400_000 + 1});
    bench.put(&format!("/invoices/{}", before["id"]), contact).await;
    let copies = json!({"invoice_cc_emails": "books@mossgate-vets.example"});
    bench.put(&format!("/customers/{MOSSGATE}"), copies).await;
    bench.post(&path("email"), json!({})).await;
    let to: Vec<Value> = bench.rows("mailed").iter().map(|mail| mail["to"].clone()).collect();
    assert_eq!(
        to[1..],
        [json!("ruaridh@mossgate-vets.example"), json!("books@mossgate-vets.example")]
    );

    // Osprey Lane has no address.
    let nobody = bench.of_number("66951").await;
    let (status, same) = bench.post(&format!("/invoices/{}/email", nobody["id"]), json!({})).await;
    assert_eq!((status, same), (200, said));
    assert_eq!(bench.rows("mailed").len(), 3);

    assert_eq!(bench.post(&path("print"), json!({})).await.0, 200);
    assert_eq!(bench.rows("printed").len(), 1);
    let mut now = bench.of_number("67409").await;
    for field in ["contact_id", "updated_at", "customer"] {
        now[field] = before[field].clone();
    }
    assert_eq!(now, before);
    for verb in ["email", "print"] {
        assert_eq!(bench.post(&format!("/invoices/67409/{verb}"), json!({})).await.0, 404);
    }
    let ticket = bench.get(&path("ticket")).await["ticket"].take();
    assert_eq!(ticket["number"], 32_177);
    assert_eq!(bench.status(&format!("/invoices/{}/ticket", nobody["id"])).await, 404);
}

#[tokio::test]
async fn estimates_are_practised_on() {
    let bench = Bench::new();
    let list = bench.get("/estimates").await;
    assert_eq!(list["meta"], json!({"total_pages": 1, "page": 1}));
    assert_eq!(list["estimates"].as_array().unwrap().len(), 3);
    let declined = bench.get("/estimates?status=declined").await;
    assert_eq!(declined["estimates"][0]["total"], "1200.0");
    let (status, refused) = bench.post("/estimates", json!({"name": "Cameras"})).await;
    assert_eq!(status, 422);
    assert_eq!(
        refused,
        json!({"customer_id": ["can't be blank"], "date": ["can't be blank"]}),
        "the fields, with nothing around them"
    );
    let body = json!({
        "customer_id": DENTAL, "date": "2026-03-17", "name": "Cameras", "number": "E9",
        "line_items": [{"item": "Camera", "name": "Front door", "price": 80, "taxable": false}],
    });
    let (_, made) = bench.post("/estimates", body).await;
    assert_eq!(made["estimate"]["total"], "0.0", "lines are added one by one");
    assert_eq!(made["estimate"]["employee"], "Robin Ashgrove");
    let path = format!("/estimates/{}", made["estimate"]["id"]);
    let camera = json!({"item": "Camera", "name": "Front door", "price": 80, "taxable": false});
    let (_, first) = bench.post(&format!("{path}/line_items"), camera).await;
    assert_eq!(first["estimate"]["total"], "80.0");
    let by_number = bench.get("/estimates/0?number=E9").await;
    assert_eq!(by_number["estimate"]["id"], made["estimate"]["id"]);
    let (_, line) = bench
        .post(&format!("{path}/line_items"), json!({"item": "Cable", "name": "Cable", "price": 20}))
        .await;
    assert_eq!(line["estimate"]["total"], "100.0");
    assert!(line["line_item"].get("estimate_id").is_none());
    let line = format!("{path}/line_items/{}", line["line_item"]["id"]);
    bench.put(&line, json!({"price": 25})).await;
    assert_eq!(bench.get(&path).await["estimate"]["total"], "105.0");
    let (_, fewer) = bench.send(Method::DELETE, &line, None).await;
    assert_eq!(fewer["estimate"]["total"], "80.0");
    let (_, approved) = bench.put(&path, json!({"status": "Approved"})).await;
    assert_eq!(approved["estimate"]["status"], "Approved");
    assert_eq!(bench.put(&path, json!({"date": null})).await.0, 422);

    let (_, invoice) = bench.post(&format!("{path}/convert_to_invoice"), json!({})).await;
    assert_eq!(invoice["invoice"]["total"], "80.0");
    let shown = bench.get(&format!("/invoices/{}", invoice["invoice"]["id"])).await;
    assert_eq!(shown["invoice"]["line_items"][0]["item"], "Camera");
    assert_eq!(bench.get(&path).await["estimate"]["invoice_id"], invoice["invoice"]["id"]);
    bench.post(&format!("{path}/email"), json!({})).await;
    assert_eq!(bench.rows("mailed").len(), 1);
    assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 200);
    assert_eq!(bench.status(&path).await, 404);
}

#[tokio::test]
async fn contracts_are_flat_and_null_when_gone() {
    let bench = Bench::new();
    let list = bench.get("/contracts").await;
    assert_eq!(
        list["meta"],
        json!({"total_pages": 1, "page": 1, "total_entries": 2, "per_page": 50})
    );
    let (status, refused) = bench.post("/contracts", json!({"name": "Care"})).await;
    assert_eq!((status, &refused["errors"]), (422, &json!("Customer can't be blank")));
    assert_eq!(refused["record"]["id"], Value::Null);
    let (_, made) = bench.post("/contracts", json!({"customer_id": DENTAL, "name": "Care"})).await;
    assert_eq!((&made["name"], &made["status"]), (&json!("Care"), &json!("Opportunity")));
    let path = format!("/contracts/{}", made["id"]);
    let (_, changed) = bench.put(&path, json!({"status": "Won"})).await;
    assert_eq!((&changed["status"], &changed["name"]), (&json!("Won"), &json!("Care")));
    assert_eq!(bench.put(&path, json!({"customer_id": null})).await.0, 422);
    assert_eq!(bench.get(&path).await, changed);
    let gone = bench.send(Method::DELETE, &path, None).await;
    assert_eq!(gone, (200, json!({"success": true})));
    let after = bench.try_send(Method::GET, &path, None).await.unwrap();
    assert_eq!(after, (200, "null".to_owned()));
    assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 404);
}

#[tokio::test]
async fn alerts_have_two_names_and_are_resolved_by_a_delete() {
    let bench = Bench::new();
    let count = async |asked: &str| {
        let list = bench.get(&format!("/rmm_alerts?{asked}")).await;
        list["rmm_alerts"].as_array().unwrap().len()
    };
    assert_eq!((count("").await, count("status=resolved").await), (2, 1));
    assert_eq!(count("status=all").await, 3);
    let body = json!({"customer_id": DENTAL, "asset_id": 12_390_079, "description": "Hot"});
    let (status, made) = bench.post("/rmm_alerts", body).await;
    assert_eq!((status, &made["success"]), (201, &json!(true)));
    assert_eq!(made["alert"]["computer_name"], "CHAIR-1");
    assert!(made["alert"]["id"].as_i64().unwrap() > i64::from(i32::MAX));
    let path = format!("/rmm_alerts/{}", made["alert"]["id"]);
    let shown = bench.get(&path).await;
    assert_eq!(shown["rmm_alert"]["description"], "Hot");
    assert!(shown["rmm_alert"].get("account_id").is_none());
    let mute = |span: &str| format!("{path}/mute?mute_for={span}");
    assert_eq!(bench.post(&mute("forever"), json!({})).await.1, json!({"success": "true"}));
    assert_eq!(bench.post(&mute("a-while"), json!({})).await.0, 422);
    let (_, gone) = bench.send(Method::DELETE, &path, None).await;
    assert_eq!(gone, json!({"success": "true"}));
    assert_eq!(bench.get(&path).await["rmm_alert"]["resolved"], true);
    assert_eq!(bench.status("/rmm_alerts/4").await, 404);
}
