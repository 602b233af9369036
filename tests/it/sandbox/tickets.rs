//! Tickets made, changed, found and removed, as the server does it.

use reqwest::Method;
use serde_json::{Value, json};
use syncro::sandbox::COLLEAGUE_KEY;

use super::{BILLABLE, Bench, QUILLFEATHER, REMOTE, send, ticket_id};

const TILL_CONTACT: i64 = QUILLFEATHER - 23_400_000;

fn numbers(list: &Value) -> Vec<i64> {
    let tickets = list["tickets"].as_array().unwrap();
    let number = |ticket: &Value| ticket["number"].as_i64().unwrap();
    tickets.iter().map(number).collect()
}

#[tokio::test]
async fn a_new_ticket_has_what_was_sent_and_is_shown_like_any_other() {
    let bench = Bench::new();
    let asset = bench.ticket(32_181).await["assets"][0]["id"].take();
    let (status, made) = bench
        .post(
            "/tickets",
            json!({
                "customer_id": QUILLFEATHER,
                "subject": "Scanner at till 2",
                "problem_type": "Hardware",
                "status": "Scheduled",
                "priority": "1 High",
                "user_id": 81_204,
                "due_date": "2026-07-01",
                "contact_id": TILL_CONTACT,
                "address_id": 4_411,
                "ticket_type_id": 20_418,
                "asset_ids": [asset, 4],
                "start_at": "2026-07-01T15:00:00Z",
                "end_at": "2026-07-01 11:30",
                "tag_list": ["till", "loan"],
                "properties": {"Shelf": "3"},
                "line_items": [{"name": "n", "description": "d", "price_retail": 5}],
                "comments_attributes": [
                    {"subject": "Initial Issue", "body": "It beeps.<br>Twice.", "do_not_email": true},
                ],
            }),
        )
        .await;
    assert_eq!(status, 200, "{made}");
    let ticket = &made["ticket"];
    assert_eq!(ticket["number"], 32_182);
    assert!(ticket["id"].as_i64().unwrap() > BILLABLE);
    for (field, value) in [
        ("subject", json!("Scanner at till 2")),
        ("problem_type", json!("Hardware")),
        ("status", json!("Scheduled")),
        ("priority", json!("1 High")),
        ("user_id", json!(81_204)),
        ("customer_business_then_name", json!("Quillfeather Books")),
        // Midnight in Chicago.
        ("due_date", json!("2026-07-01T05:00:00.000Z")),
        ("start_at", json!("2026-07-01T15:00:00.000Z")),
        ("end_at", json!("2026-07-01T16:30:00.000Z")),
        ("contact_id", json!(TILL_CONTACT)),
        ("address_id", json!(4_411)),
        ("ticket_type_id", json!(20_418)),
        ("tag_list", json!(["till", "loan"])),
        ("properties", json!({"Shelf": "3"})),
        ("line_items", json!([])),
        ("resolved_at", Value::Null),
    ] {
        assert_eq!(ticket[field], value, "{field}");
    }
    assert_eq!(ticket["asset_ids"], json!([asset]), "what there is no asset for is dropped");
    assert_eq!(ticket["assets"][0]["name"], "TILL-1");
    assert_eq!(ticket["contact"]["id"], TILL_CONTACT);
    assert_eq!(ticket["user"]["full_name"], "Robin Ashgrove");
    assert_eq!(ticket["ticket_type"]["name"], "Project");
    assert_eq!(ticket["comments"][0]["body"], "It beeps.\nTwice.");
    assert_eq!(ticket["comments"][0]["tech"], "Robin Ashgrove");

    let got = bench.get(&format!("/tickets/{}", ticket["id"])).await;
    assert_eq!(got, made);
    let listed = bench.get("/tickets").await["tickets"][0].take();
    assert_eq!(listed["number"], 32_182);
    assert_eq!(listed["creator_name_or_email"], "Robin Ashgrove");
}

#[tokio::test]
async fn little_is_needed_and_nobody_is_assigned_who_is_not_named() {
    let bench = Bench::new();
    let body = json!({"customer_id": QUILLFEATHER.to_string(), "subject": "Lamp"});
    let (_, made) = bench.post("/tickets", body.clone()).await;
    let ticket = &made["ticket"];
    assert_eq!(ticket["user_id"], Value::Null);
    assert_eq!(ticket["user"], Value::Null);
    assert_eq!(ticket["status"], "New");
    assert_eq!(ticket["comments"], json!([]));
    assert!(ticket["due_date"].is_string(), "the server has its own idea");
    let url = bench.url("/tickets");
    let theirs = send(&bench.client, COLLEAGUE_KEY, Method::POST, url, Some(body)).await;
    let theirs: Value = serde_json::from_str(&theirs.unwrap().1).unwrap();
    assert_eq!(theirs["ticket"]["number"], 32_183);
    assert_eq!(theirs["ticket"]["creator_name_or_email"], "Mika Thornquist");
    let both = bench.get(&format!("/tickets?customer_id={QUILLFEATHER}&query=lamp")).await;
    assert_eq!(numbers(&both), [32_183, 32_182]);
}

#[tokio::test]
async fn a_ticket_needs_a_customer_a_subject_and_words_that_exist() {
    let bench = Bench::new();
    let (status, refused) = bench.post("/tickets", json!({"subject": "s"})).await;
    assert_eq!(status, 422);
    assert!(refused["error"].is_string());
    for subject in [json!({}), json!({"subject": " "})] {
        let mut body = json!({ "customer_id": QUILLFEATHER });
        body.as_object_mut().unwrap().extend(subject.as_object().unwrap().clone());
        let (status, refused) = bench.post("/tickets", body).await;
        assert_eq!(status, 422);
        assert_eq!(refused["message"], json!(["Subject can't be blank"]));
    }
    for wrong in [
        json!({"customer_id": 5}),
        json!({"status": "Done"}),
        json!({"user_id": 5}),
        json!({"contact_id": 5}),
        json!({"ticket_type_id": 5}),
        json!({"comments_attributes": [{"subject": "Initial Issue"}]}),
    ] {
        let mut body = json!({"customer_id": QUILLFEATHER, "subject": "s"});
        body.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        let (status, refused) = bench.post("/tickets", body.clone()).await;
        assert_eq!(status, 422, "{wrong}: {refused}");
        let path = format!("/tickets/{BILLABLE}");
        assert_eq!(bench.put(&path, wrong.clone()).await.0, 422, "{wrong}");
    }
    let newest = bench.get("/tickets").await;
    assert_eq!(newest["tickets"][0]["number"], 32_181, "nothing was made");
}

#[tokio::test]
async fn a_put_changes_what_it_names_and_one_boolean_that_it_does_not() {
    let bench = Bench::new();
    let path = format!("/tickets/{}", ticket_id(32_174));
    let before = bench.get(&path).await["ticket"].take();
    assert_eq!(before["customer_reply"], true);
    let sent = json!({
        "priority": "3 Low", "user_id": 81_207, "due_date": "2026-08-01T12:00:00Z",
        "tag_list": "plans, slow", "problem_type": "Network", "ticket_type_id": "20419",
    });
    let (_, changed) = bench.put(&path, sent).await;
    let after = &changed["ticket"];
    assert_eq!(after["user"]["full_name"], "Mika Thornquist");
    assert_eq!(after["due_date"], "2026-08-01T12:00:00.000Z");
    assert_eq!(after["ticket_type"]["name"], "Maintenance");
    assert_eq!(after["tag_list"], json!(["plans", "slow"]));
    let moved: Vec<&str> = before
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, old)| after[name.as_str()] != **old)
        .map(|(name, _)| name.as_str())
        .collect();
    let wanted = [
        "due_date",
        "problem_type",
        "ticket_type_id",
        "ticket_type_name",
        "user_id",
        "updated_at",
        "priority",
        "tag_list",
        "customer_reply",
        "user",
        "ticket_type",
    ];
    for name in &moved {
        assert!(wanted.contains(name), "{name} moved");
    }
    assert_eq!(moved.len(), wanted.len(), "{moved:?}");

    bench.put(&path, json!({"customer_reply": true})).await;
    let (_, kept) = bench.put(&path, json!({"user_id": null, "customer_reply": true})).await;
    assert_eq!(kept["ticket"]["customer_reply"], true);
    assert_eq!(kept["ticket"]["user"], Value::Null);
    let (_, moved) = bench.put(&path, json!({"customer_id": QUILLFEATHER})).await;
    assert_eq!(moved["ticket"]["customer"]["id"], QUILLFEATHER);
    assert_eq!(moved["ticket"]["customer_business_then_name"], "Quillfeather Books");
}

#[tokio::test]
async fn assets_and_comments_can_come_with_a_put() {
    let bench = Bench::new();
    let path = format!("/tickets/{BILLABLE}");
    let before = bench.ticket(32_181).await;
    let asset = before["asset_ids"].clone();
    assert_eq!(asset.as_array().unwrap().len(), 1);
    let (_, bare) = bench.put(&path, json!({"asset_ids": []})).await;
    assert_eq!(bare["ticket"]["assets"], json!([]));
    let (_, again) = bench.put(&path, json!({"asset_ids": asset})).await;
    assert_eq!(again["ticket"]["assets"].as_array().unwrap().len(), 1);
    let comment = json!({"subject": "with the put", "body": "b", "hidden": true});
    bench.put(&path, json!({"comments_attributes": [comment]})).await;
    assert_eq!(bench.comments_called("with the put").await, 1);
}

#[tokio::test]
async fn a_deleted_ticket_takes_everything_with_it_but_not_its_number() {
    let bench = Bench::new();
    let (_, made) = bench
        .post("/tickets", json!({"customer_id": QUILLFEATHER, "subject": "Short-lived"}))
        .await;
    let id = &made["ticket"]["id"];
    let path = format!("/tickets/{id}");
    let body = json!({"subject": "s", "body": "b", "do_not_email": true});
    bench.post(&format!("{path}/comment"), body).await;
    let line = json!({"name": "n", "description": "d", "product_id": REMOTE});
    bench.post(&format!("{path}/add_line_item"), line).await;
    let timer = json!({"start_at": "2026-03-17T13:00:00Z"});
    bench.post(&format!("{path}/timer_entry"), timer).await;
    let timers = |list: Value| list["ticket_timers"].to_string();
    assert!(timers(bench.get("/ticket_timers").await).contains(&id.to_string()));

    let (status, gone) = bench.send(Method::DELETE, &path, None).await;
    assert_eq!(status, 200);
    assert!(gone["message"].is_string());
    for method in [Method::GET, Method::DELETE] {
        let answer = bench.try_send(method, &path, None).await.unwrap();
        assert_eq!(answer, (404, String::new()));
    }
    assert!(!timers(bench.get("/ticket_timers").await).contains(&id.to_string()));
    let found = bench.get("/tickets?number=32182").await;
    assert_eq!(found["tickets"], json!([]));
    let state = std::fs::read_to_string(bench.dir.path().join("state").join("state.json")).unwrap();
    let state: Value = serde_json::from_str(&state).unwrap();
    assert!(!state["tables"].to_string().contains(&format!("\"ticket_id\":{id}")));

    let (_, next) =
        bench.post("/tickets", json!({"customer_id": QUILLFEATHER, "subject": "Next"})).await;
    assert_eq!(next["ticket"]["number"], 32_183);
}

#[tokio::test]
async fn an_invoiced_ticket_stays() {
    let bench = Bench::new();
    let path = format!("/tickets/{}", ticket_id(32_177));
    let (status, refused) = bench.send(Method::DELETE, &path, None).await;
    assert_eq!(status, 422);
    assert!(refused["message"][0].is_string());
    assert_eq!(bench.ticket(32_177).await["line_items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn paper_and_files_leave_what_they_leave() {
    let bench = Bench::new();
    let path = |verb: &str| format!("/tickets/{BILLABLE}/{verb}");
    let answer = bench.try_send(Method::POST, &path("print"), Some(json!({}))).await.unwrap();
    assert_eq!(answer, (200, String::new()));
    let (status, refused) = bench.post(&path("attach_file_url"), json!({})).await;
    assert_eq!(status, 422);
    assert!(refused["error"].is_string());
    let file = json!({"files": [{"url": "https://files.example/a.png", "filename": "a.png"}]});
    let (status, said) = bench.post(&path("attach_file_url"), file).await;
    assert_eq!(status, 200);
    assert!(said["message"].is_string());
    let hung = bench.ticket(32_181).await["attachments"][0].take();
    assert_eq!(hung["file_name"], "a.png");
    let body = json!({"attachment_id": hung["id"]});
    let (_, gone) = bench.post(&path("delete_attachment"), body.clone()).await;
    assert_eq!(gone, json!({"success": true}));
    assert_eq!(bench.post(&path("delete_attachment"), body).await.0, 404);
    assert_eq!(bench.ticket(32_181).await["attachments"], json!([]));
}

#[tokio::test]
async fn the_list_knows_its_filters_and_comes_by_number() {
    let bench = Bench::new();
    let list = |query: String| {
        let bench = &bench;
        async move { bench.get(&format!("/tickets?{query}")).await["tickets"].take() }
    };
    let all = numbers(&bench.get("/tickets").await);
    assert!(all.is_sorted_by(|newer, older| newer > older), "{all:?}");
    let contact = list(format!("contact_id={TILL_CONTACT}")).await;
    assert!(contact.as_array().unwrap().iter().all(|one| one["contact_id"] == TILL_CONTACT));
    assert!(!contact.as_array().unwrap().is_empty());
    for (query, field) in [("mine=true", 81_204), ("user_id=81207", 81_207)] {
        let found = list(query.to_owned()).await;
        let found = found.as_array().unwrap();
        assert!(found.len() > 3 && found.iter().all(|one| one["user_id"] == field), "{query}");
    }
    for closed in list("status=Not%20Closed".to_owned()).await.as_array().unwrap() {
        assert!(!["Closed", "Resolved", "Invoiced"].contains(&closed["status"].as_str().unwrap()));
    }
    let scheduled = list("status=Scheduled".to_owned()).await;
    assert!(scheduled.as_array().unwrap().iter().all(|one| one["status"] == "Scheduled"));

    assert_eq!(list("since_updated_at=2099-01-01".to_owned()).await, json!([]));
    assert_eq!(list("resolved_after=2026-03-17".to_owned()).await, json!([]));
    bench.put(&format!("/tickets/{BILLABLE}"), json!({"status": "Resolved"})).await;
    let resolved = list("resolved_after=2026-03-17".to_owned()).await;
    assert_eq!(resolved[0]["number"], 32_181);
    assert_eq!(resolved.as_array().unwrap().len(), 1);
    let updated = list("since_updated_at=2026-03-18".to_owned()).await;
    assert_eq!(updated.as_array().unwrap().len(), 1);
    assert_eq!(list("created_after=2026-03-18".to_owned()).await, json!([]));
    let unknown = list("assignee=81204&sort=subject".to_owned()).await;
    assert_eq!(unknown.as_array().unwrap().len(), 25, "what it does not know is ignored");
}

#[tokio::test]
async fn the_search_finds_customers_and_tickets_in_wrappings() {
    let bench = Bench::new();
    let found = bench.get("/search?query=quillfeather").await;
    assert!(found["quick_result"].is_null() && found["error"].is_null());
    let results = found["results"].as_array().unwrap();
    let of = |kind: &str| {
        let is = |one: &&Value| one["table"]["_type"] == kind;
        results.iter().filter(is).collect::<Vec<_>>()
    };
    let customer = of("customer")[0]["table"].clone();
    assert_eq!(customer["_id"], QUILLFEATHER);
    assert_eq!(customer["_source"]["table"]["business_name"], "Quillfeather Books");
    assert!(of("ticket").len() > 2, "{found}");
    let receipts = bench.get("/search?query=gift%20receipts").await;
    let ticket = &receipts["results"][0]["table"];
    assert_eq!((&ticket["_id"], &ticket["_index"]), (&json!(BILLABLE), &json!("tickets")));
    assert_eq!(ticket["_source"]["table"]["number"], 32_181);
    let none = bench.get("/search?query=no-such-thing").await;
    assert_eq!(none["results"], json!([]));
}

#[tokio::test]
async fn the_words_of_the_account_come_with_their_ids() {
    let bench = Bench::new();
    let words = bench.get("/tickets/settings").await;
    let named = |list: &str, name: &str| {
        let found = words[list].as_array().unwrap().iter().find(|one| one["name"] == name);
        found.unwrap()["id"].clone()
    };
    assert_eq!(named("ticket_types", "Project"), 20_418);
    assert_eq!(named("appointment_types", "Onsite visit"), 61_301);
    assert_eq!(named("users", "Mika Thornquist"), 81_207);
    let user = bench.get("/users/81207").await;
    assert_eq!(user["user"]["email"], "mika@lanternfish.example");
    assert_eq!(bench.status("/users/1").await, 404);
    assert_eq!(bench.get("/settings").await["locale"]["currency_symbol"], "$");
}

#[tokio::test]
async fn open_tickets_have_names_that_do_not_fit_into_ascii() {
    let bench = Bench::new();
    let mut open = Vec::new();
    for page in 1..=2 {
        let path = format!("/tickets?status=Not%20Closed&page={page}");
        open.extend(bench.get(&path).await["tickets"].as_array().unwrap().clone());
    }
    let statuses = |is: fn(char) -> bool| {
        let shown =
            |one: &Value| format!("{}{}", one["subject"], one["customer_business_then_name"]);
        let some = open.iter().filter(|one| shown(one).contains(is));
        some.map(|one| one["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let accents = statuses(|c| ('\u{c0}'..='\u{17f}').contains(&c));
    let wide = statuses(|c| ('\u{3040}'..='\u{9fff}').contains(&c));
    let leftwards = statuses(|c| ('\u{590}'..='\u{6ff}').contains(&c));
    assert_eq!(accents, ["Waiting on Customer"]);
    assert!(wide.contains(&"In Progress".to_owned()), "{wide:?}");
    assert_eq!(leftwards, ["New"]);
}
