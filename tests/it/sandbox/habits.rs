//! The server's habits, endpoint by endpoint.

use reqwest::Method;
use serde_json::{Value, json};
use syncro::sandbox::COLLEAGUE_KEY;

use super::{BILLABLE, Bench, QUILLFEATHER, REMOTE, send, ticket_id};

#[tokio::test]
async fn a_key_says_who_acts_and_comes_either_way() {
    let bench = Bench::new();
    let me = bench.get("/me").await;
    assert_eq!(me["user_email"], "robin@lanternfish.example");
    assert!(me["user_token"].is_string());
    let bearer =
        bench.client.get(bench.url("/me")).bearer_auth(COLLEAGUE_KEY).send().await.unwrap();
    assert!(bearer.headers().contains_key("date"));
    assert!(bearer.text().await.unwrap().contains("Mika"));
    let (status, text) =
        send(&bench.client, "wrong", Method::GET, bench.url("/me"), None).await.unwrap();
    assert_eq!(status, 401);
    assert!(serde_json::from_str::<Value>(&text).unwrap()["error"].is_string());
}

#[tokio::test]
async fn what_is_unknown_is_an_empty_404() {
    let bench = Bench::new();
    for path in [
        "/nothing",
        "/tickets/1",
        "/tickets/1/comments",
        "/customers/1",
        "/products/1",
        "/invoices/1",
        "/tickets/9999999999999999999999",
    ] {
        let answer = bench.try_send(Method::GET, path, None).await.unwrap();
        assert_eq!(answer, (404, String::new()), "{path}");
    }
    let body = json!({"subject": "s", "body": "b"});
    let answer = bench.try_send(Method::POST, "/tickets/1/comment", Some(body)).await;
    assert_eq!(answer.unwrap(), (404, String::new()));
}

#[tokio::test]
async fn a_write_without_its_content_type_is_a_400_page() {
    let bench = Bench::new();
    let response = bench
        .client
        .post(bench.url(&format!("/tickets/{BILLABLE}/comment")))
        .bearer_auth(syncro::sandbox::KEY)
        .body(r#"{"subject": "s", "body": "b"}"#)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 400);
    assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(bench.comments_called("s").await, 0);
}

#[tokio::test]
async fn lists_have_pages_filters_and_no_opinion_on_unknown_parameters() {
    let bench = Bench::new();
    let first = bench.get("/tickets").await;
    let second = bench.get("/tickets?page=2").await;
    assert_eq!(first["tickets"].as_array().unwrap().len(), 25);
    assert_eq!(first["tickets"][0]["number"], 32_181);
    assert_eq!(first["meta"], json!({"total_pages": 2, "page": 1}));
    assert_eq!(second["tickets"].as_array().unwrap().len(), 17);
    assert_eq!(bench.get("/tickets?page=3").await["tickets"], json!([]));

    let open = bench.get("/tickets?status=Not%20Closed").await;
    assert_eq!(open["meta"]["total_pages"], 2);
    let found = bench.get("/tickets?number=32181").await;
    assert_eq!(found["tickets"][0]["id"], BILLABLE);
    assert_eq!(found["tickets"].as_array().unwrap().len(), 1);
    let of_customer = bench.get(&format!("/tickets?customer_id={QUILLFEATHER}")).await;
    for ticket in of_customer["tickets"].as_array().unwrap() {
        assert_eq!(ticket["customer_id"], QUILLFEATHER);
    }
    assert_eq!(bench.get("/tickets?nonsense=1").await["tickets"].as_array().unwrap().len(), 25);
    let searched = bench.get("/tickets?query=gift%20receipts").await;
    assert_eq!(searched["tickets"][0]["number"], 32_181);
}

#[tokio::test]
async fn a_ticket_carries_what_hangs_on_it_but_only_its_first_comment() {
    let bench = Bench::new();
    let ticket = bench.get(&format!("/tickets/{BILLABLE}")).await["ticket"].take();
    assert_eq!(ticket["comments"].as_array().unwrap().len(), 1);
    assert_eq!(ticket["comments"][0]["subject"], "Initial Issue");
    assert_eq!(ticket["customer"]["prepay_hours"], "0.0");
    assert!(ticket["customer"]["online_profile_url"].as_str().unwrap().contains("portal_key="));
    assert!(ticket["contact"]["email"].is_string());
    assert_eq!(ticket["user"]["full_name"], "Robin Ashgrove");
    assert_eq!(bench.ticket(32_181).await["comments"].as_array().unwrap().len(), 4);
    assert!(bench.ticket(32_180).await["appointments"][0]["id"].as_i64().unwrap() > 5_560_000_000);
    let timer = &bench.ticket(32_175).await["ticket_timers"][0];
    assert!(timer["end_time"].is_null());
    assert!(bench.ticket(32_173).await["customer"]["no_email"].as_bool().unwrap());
    assert!(bench.ticket(32_172).await["subject"].as_str().unwrap().contains('\u{1b}'));
    assert_eq!(bench.ticket(32_171).await["9lives"], true);
    let text = bench.get("/tickets").await.to_string() + &ticket.to_string();
    assert!(!text.contains("\"_"), "a private field is shown");
}

#[tokio::test]
async fn comments_come_ten_a_page_either_way_round() {
    let bench = Bench::new();
    let path = format!("/tickets/{}/comments", ticket_id(32_174));
    let first = bench.get(&path).await;
    assert_eq!(first["comments"].as_array().unwrap().len(), 10);
    assert_eq!(
        first["meta"],
        json!({"total_pages": 4, "page": 1, "total_entries": 37, "per_page": 10})
    );
    assert_eq!(first["comments"][0]["subject"], "Initial Issue");
    let all = bench.get(&format!("{path}?per_page=100&sort_direction=DESC")).await;
    assert_eq!(all["comments"].as_array().unwrap().len(), 37);
    assert_eq!(all["comments"][36]["subject"], "Initial Issue");
}

#[tokio::test]
async fn a_comment_is_flat_and_says_nothing_of_its_mail() {
    let bench = Bench::new();
    let path = format!("/tickets/{BILLABLE}/comment");
    let (status, refused) =
        bench.post(&path, json!({"comment": {"subject": "s", "body": "b"}})).await;
    assert_eq!(status, 422);
    assert_eq!(refused["success"], false);
    assert!(refused["message"][0].as_str().unwrap().contains("Body can't be blank"));

    let (_, made) = bench
        .post(
            &path,
            json!({"subject": "s", "body": "a<br>b &amp; c", "product_id": 1, "minutes_spent": 5}),
        )
        .await;
    let comment = &made["comment"];
    assert_eq!(comment["tech"], "Robin Ashgrove");
    assert_eq!(comment["body"], "a\nb & c");
    assert_eq!(comment["hidden"], false);
    for dropped in ["do_not_email", "product_id", "minutes_spent"] {
        assert!(comment.get(dropped).is_none());
    }
    let original = bench
        .get(&format!("/tickets/{BILLABLE}/comments?comment_format=original&sort_direction=DESC"))
        .await;
    assert_eq!(original["comments"][0]["body"], "a<br>b &amp; c");

    let mails = || {
        let state = std::fs::read(bench.dir.path().join("state").join("state.json")).unwrap();
        let state: Value = serde_json::from_slice(&state).unwrap();
        state["tables"]["mailed"].as_object().map_or(0, serde_json::Map::len)
    };
    assert_eq!(mails(), 1);
    bench.post(&path, json!({"subject": "s", "body": "b", "do_not_email": true})).await;
    bench.post(&path, json!({"subject": "s", "body": "b", "hidden": true})).await;
    let no_address = format!("/tickets/{}/comment", ticket_id(32_173));
    bench.post(&no_address, json!({"subject": "s", "body": "b"})).await;
    assert_eq!(mails(), 1);
}

#[tokio::test]
async fn a_ticket_changes_only_to_statuses_it_knows() {
    let bench = Bench::new();
    let path = format!("/tickets/{BILLABLE}");
    let (status, refused) = bench.put(&path, json!({"status": "Done"})).await;
    assert_eq!(status, 422);
    assert!(refused["errors"]["status"][0].is_string());
    let known = bench.get("/tickets/settings").await;
    assert!(known["ticket_status_list"].as_array().unwrap().contains(&json!("Resolved")));
    let (status, changed) = bench.put(&path, json!({"status": "Resolved"})).await;
    assert_eq!(status, 200);
    assert_eq!(changed["ticket"]["status"], "Resolved");
    assert!(changed["ticket"]["resolved_at"].as_str().unwrap().ends_with('Z'));
    let (_, opened) =
        bench.put(&path, json!({"status": "In Progress", "priority": "1 High"})).await;
    assert!(opened["ticket"]["resolved_at"].is_null());
    assert_eq!(opened["ticket"]["priority"], "1 High");
}

#[tokio::test]
async fn a_line_needs_its_texts_and_keeps_one_price_only() {
    let bench = Bench::new();
    let path = format!("/tickets/{BILLABLE}/add_line_item");
    let (status, refused) = bench.post(&path, json!({"product_id": REMOTE})).await;
    assert_eq!(status, 422);
    assert!(refused["errors"].as_str().unwrap().contains("Description can't be blank"));
    let unknown = json!({"name": "n", "description": "d", "product_id": 4});
    assert_eq!(bench.post(&path, unknown).await.0, 422);

    let (_, line) = bench
        .post(&path, json!({"name": "n", "description": "d", "price": "80", "rate": 80, "price_cents": 8000}))
        .await;
    assert_eq!(line["retail_cents"], 0);
    assert_eq!(line["taxable"], true);
    assert_eq!(line["quantity"], "1.0");
    assert_eq!(line["converted"], false);
    let line = bench.line(32_181, "0.5", "81.53").await;
    assert_eq!(line["quantity"], "0.5");
    assert_eq!(line["retail_cents"], 8153);
    assert_eq!(line["price_retail"].to_string(), "81.53");
    assert_eq!(line["taxable"], false);
    assert!(line["id"].as_i64().unwrap() > i64::from(u32::MAX) / 2);
}

#[tokio::test]
async fn a_line_is_changed_and_removed() {
    let bench = Bench::new();
    let id = bench.line(32_181, "1", "0").await["id"].take();
    let path = |verb: &str| format!("/tickets/{BILLABLE}/{verb}_line_item");
    let (_, changed) = bench
        .put(
            &path("update"),
            json!({"ticket_line_item_id": id, "price_retail": 120, "taxable": false}),
        )
        .await;
    assert_eq!(changed["ticket_line_item"]["retail_cents"], 12_000);
    assert_eq!(changed["ticket_line_item"]["taxable"], false);
    let (_, moved) = bench.put(&path("update"), json!({"ticket_line_item_id": id})).await;
    assert_eq!(moved["ticket_line_item"]["taxable"], true, "a default comes back");
    let body = json!({ "ticket_line_item_id": id });
    let (_, removed) = bench.post(&path("remove"), body.clone()).await;
    assert_eq!(removed, json!({"success": true, "message": ""}));
    assert_eq!(bench.post(&path("remove"), body).await.0, 404);
    assert_eq!(bench.ticket(32_181).await["line_items"], json!([]));
}

#[tokio::test]
async fn the_lists_of_words_have_their_own_shapes() {
    let bench = Bench::new();
    let users = bench.get("/users").await;
    assert_eq!(users["users"][1], json!([81_204, "Robin Ashgrove"]));
    let settings = bench.get("/settings").await;
    assert!(settings["ticket"]["problem_types"].is_array());
    assert!(settings["ticket"]["priorities"].as_array().unwrap().contains(&json!("2 Normal")));
    assert_eq!(settings["locale"]["time_zone"], "America/Chicago");

    let appointments = bench.get("/appointments").await;
    assert!(appointments.get("meta").is_none());
    assert!(appointments["appointments"][0]["appointment"]["start_at"].is_string());
    assert_eq!(bench.get("/appointments?page=2").await["appointments"], json!([]));
    let some = bench.get("/appointments?date_from=2026-03-19&date_to=2026-03-19").await;
    let of_the_story = |one: &&Value| one["appointment"]["id"].as_i64().unwrap() < 5_560_900_006;
    let some = some["appointments"].as_array().unwrap();
    assert_eq!(some.iter().filter(of_the_story).count(), 2);

    let found = bench.get("/customers/autocomplete?query=brindlewood").await;
    assert_eq!(found["customers"].as_array().unwrap().len(), 2);
    assert!(bench.get("/customers?query=quill").await["meta"]["total_entries"].is_number());
    let product = bench.get(&format!("/products/{REMOTE}")).await;
    assert_eq!(product["product"]["price_retail"].to_string(), "120.0");
    let free = bench.get("/products?query=warranty").await;
    assert_eq!(free["products"][0]["price_retail"].to_string(), "0.0");
}

#[tokio::test]
async fn the_configuration_goes_with_the_account() {
    let bench = Bench::new();
    let config: toml::Table = syncro::sandbox::config().parse().unwrap();
    assert_eq!(config["user"].as_str(), bench.get("/me").await["user_email"].as_str());
    for (name, labor) in config["labor"].as_table().unwrap() {
        let path = format!("/products/{}", labor["product_id"]);
        assert_eq!(bench.status(&path).await, 200, "{name}");
    }
    let statuses = bench.get("/tickets/settings").await["ticket_status_list"].take();
    let after = config["tickets"]["after_bill"].as_str().unwrap();
    assert!(statuses.as_array().unwrap().contains(&json!(after)));
}
