//! Timers clocked, stopped, charged and removed, and the lines that come of them, as the server does it.

use reqwest::Method;
use serde_json::{Value, json};
use syncro::sandbox::COLLEAGUE_KEY;

use super::{BILLABLE, Bench, REMOTE, send, ticket_id};

fn path(verb: &str) -> String {
    format!("/tickets/{BILLABLE}/{verb}")
}

async fn all(bench: &Bench, query: &str) -> Vec<Value> {
    let list = bench.get(&format!("/ticket_timers{query}")).await;
    list["ticket_timers"].as_array().unwrap().clone()
}

/// Clocks so many minutes on the ticket and returns the timer.
async fn clock(bench: &Bench, more: Value) -> Value {
    let mut body = json!({"start_at": "2026-03-17T13:00:00Z"});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let (status, timer) = bench.post(&path("timer_entry"), body).await;
    assert_eq!(status, 200, "{timer}");
    timer
}

#[tokio::test]
async fn a_timer_runs_unless_it_is_told_its_end() {
    let bench = Bench::new();
    let (status, refused) = bench.post(&path("timer_entry"), json!({"notes": "n"})).await;
    assert_eq!(status, 422);
    assert!(refused["error"].is_string());
    let mut running = clock(&bench, json!({})).await;
    assert_eq!(running["start_time"], "2026-03-17T13:00:00.000Z");
    for (field, value) in [
        ("end_time", Value::Null),
        ("active_duration", Value::Null),
        ("recorded", json!(false)),
        ("billable", json!(true)),
        ("user_id", json!(81_204)),
        ("ticket_id", json!(BILLABLE)),
        ("product_id", Value::Null),
    ] {
        assert_eq!(running[field], value, "{field}");
    }
    let ended = clock(&bench, json!({"end_at": "2026-03-17T13:20:00Z", "user_id": 81_207})).await;
    assert_eq!((&ended["active_duration"], &ended["user_id"]), (&json!(1200), &json!(81_207)));
    let body = json!({"duration_minutes": 45, "notes": "n", "product_id": REMOTE});
    let timer = clock(&bench, body).await;
    assert_eq!(timer["end_time"], "2026-03-17T13:45:00.000Z");
    assert_eq!((&timer["notes"], &timer["product_id"]), (&json!("n"), &json!(REMOTE)));
    let on_ticket = bench.ticket(32_181).await["ticket_timers"].take();
    // A running timer counts its seconds: the later look may show more of them, and nothing else.
    let [then, now] = [&running, &on_ticket[0]].map(|one| one["elapsed_seconds"].as_u64().unwrap());
    assert!((then..then + 60).contains(&now), "{then} {now}");
    running["elapsed_seconds"] = json!(now);
    assert_eq!(on_ticket, json!([running, ended, timer]));
}

#[tokio::test]
async fn a_timer_is_stopped_by_a_duration_only() {
    let bench = Bench::new();
    let id = clock(&bench, json!({"user_id": 81_207})).await["id"].take();
    let update = |mut more: Value| {
        more["timer_entry_id"] = id.clone();
        let bench = &bench;
        async move { bench.put(&path("update_timer_entry"), more).await.1 }
    };
    let same = update(json!({"end_at": "2026-03-17T14:00:00Z", "user_id": 81_207})).await;
    assert!(same["end_time"].is_null());
    assert_eq!(same["user_id"], 81_207);
    let stopped = update(json!({"duration_minutes": 30, "user_id": 81_207})).await;
    assert_eq!(stopped["end_time"], "2026-03-17T13:30:00.000Z");
    assert_eq!(stopped["active_duration"], 1800);
    let later =
        update(json!({"start_at": "2026-03-17T12:30:00Z", "notes": "n", "product_id": REMOTE}))
            .await;
    assert_eq!(later["end_time"], "2026-03-17T13:30:00.000Z");
    assert_eq!(later["active_duration"], 3600);
    assert_eq!((&later["notes"], &later["product_id"]), (&json!("n"), &json!(REMOTE)));
    assert_eq!(later["user_id"], 81_204, "who is left out becomes the key's owner");

    let body = json!({"timer_entry_id": id});
    let elsewhere = format!("/tickets/{}/delete_timer_entry", ticket_id(32_180));
    assert_eq!(bench.post(&elsewhere, body.clone()).await.0, 404);
    let (_, gone) = bench.post(&path("delete_timer_entry"), body.clone()).await;
    assert_eq!(gone, json!({"success": true}));
    assert_eq!(bench.post(&path("delete_timer_entry"), body.clone()).await.0, 404);
    assert_eq!(bench.put(&path("update_timer_entry"), body).await.0, 404);
    assert_eq!(bench.ticket(32_181).await["ticket_timers"], json!([]));
}

#[tokio::test]
async fn charging_makes_a_line_each_time() {
    let bench = Bench::new();
    let body = json!({"duration_minutes": 50, "notes": "Layout", "product_id": REMOTE});
    let id = clock(&bench, body).await["id"].take();
    let body = json!({ "timer_entry_id": id });
    let (status, charged) = bench.post(&path("charge_timer_entry"), body.clone()).await;
    assert_eq!(status, 200);
    assert_eq!((&charged["id"], &charged["recorded"]), (&id, &json!(true)));
    let line = bench.ticket(32_181).await["line_items"][0].take();
    assert_eq!(charged["ticket_line_item_id"], line["id"]);
    for (field, value) in [
        ("name", json!("Labor - Remote")),
        ("description", json!("Layout")),
        ("product_id", json!(REMOTE)),
        ("quantity", json!("0.83")),
        ("retail_cents", json!(12_000)),
        ("taxable", json!(false)),
        ("converted", json!(false)),
    ] {
        assert_eq!(line[field], value, "{field}");
    }
    let (_, again) = bench.post(&path("charge_timer_entry"), body.clone()).await;
    let lines = bench.ticket(32_181).await["line_items"].take();
    assert_eq!(lines.as_array().unwrap().len(), 2);
    assert_eq!(again["ticket_line_item_id"], lines[1]["id"]);
    bench.post(&path("delete_timer_entry"), body).await;
    assert_eq!(bench.ticket(32_181).await["line_items"], lines, "the lines stay");
}

#[tokio::test]
async fn what_is_charged_can_lack_its_product() {
    let bench = Bench::with(&["timer-charge@2=lost-product", "timer-charge@3=lost-price"]);
    let charge = |more: Value| {
        let bench = &bench;
        async move {
            let id = clock(bench, more).await["id"].take();
            let body = json!({ "timer_entry_id": id });
            let (_, charged) = bench.post(&path("charge_timer_entry"), body).await;
            let lines = bench.ticket(32_181).await["line_items"].take();
            let line = lines.as_array().unwrap().last().unwrap().clone();
            assert_eq!(charged["ticket_line_item_id"], line["id"]);
            line
        }
    };
    let sold = json!({"duration_minutes": 30, "product_id": REMOTE});
    let none = charge(json!({"duration_minutes": 30})).await;
    let lost = charge(sold.clone()).await;
    for line in [none, lost] {
        assert_eq!((&line["product_id"], &line["retail_cents"]), (&Value::Null, &json!(0)));
        assert_eq!((&line["name"], &line["quantity"]), (&json!("Labor"), &json!("0.5")));
    }
    let free = charge(sold.clone()).await;
    assert_eq!((&free["product_id"], &free["retail_cents"]), (&json!(REMOTE), &json!(0)));
    assert_eq!(charge(sold).await["retail_cents"], 12_000);
    charge(json!({"product_id": REMOTE})).await;
    let timers = bench.ticket(32_181).await["ticket_timers"].take();
    assert!(timers[4]["end_time"].is_string(), "charging stops it");
}

#[tokio::test]
async fn the_list_has_the_timers_of_all_tickets() {
    let bench = Bench::new();
    let there = all(&bench, "").await;
    let of = |number: i64| {
        let id = ticket_id(number);
        there.iter().filter(move |timer| timer["ticket_id"] == id).collect::<Vec<_>>()
    };
    let waits = |timer: &&Value| timer["recorded"] == false && timer["end_time"].is_string();
    assert_eq!(of(32_168).into_iter().filter(waits).count(), 1);
    assert_eq!(of(32_168)[0]["product_id"], REMOTE);
    assert_eq!(of(32_165).into_iter().filter(waits).count(), 2);
    assert_eq!(of(32_162)[0]["product_id"], Value::Null);
    assert!(of(32_159)[0]["end_time"].is_null());
    let charged = of(32_154)[0];
    let lines = bench.ticket(32_154).await["line_items"].take();
    assert_eq!(charged["recorded"], true);
    assert_eq!(charged["ticket_line_item_id"], lines[0]["id"]);
    assert_eq!((&lines[0]["quantity"], &lines[0]["retail_cents"]), (&json!("0.5"), &json!(12_000)));

    clock(&bench, json!({})).await;
    let newest = all(&bench, "").await[0].clone();
    assert_eq!(newest["ticket_id"], BILLABLE);
    let made = newest["created_at"].as_str().unwrap();
    let older = all(&bench, &format!("?created_at_lt={made}")).await;
    assert_eq!(older.len(), there.len());
    assert_eq!(all(&bench, &format!("?created_at_gt={made}")).await, Vec::<Value>::new());
    assert_eq!(all(&bench, "?created_at_gt=2026-03-18").await.len(), there.len());
    assert_eq!(all(&bench, "?ticket_id=1").await.len(), there.len() + 1);
    let small = Bench::options(|options| options.list_page = 3);
    let first = small.get("/ticket_timers").await;
    assert_eq!(first["meta"], json!({"total_pages": 3, "page": 1}));
    assert_eq!(all(&small, "?page=3").await.len(), 1);
}

#[tokio::test]
async fn one_word_of_a_timer_is_changed_by_its_address() {
    let bench = Bench::new();
    let id = clock(&bench, json!({})).await["id"].take();
    let patch = |query: &'static str| {
        let path = format!("/ticket_timers/{id}{query}");
        let bench = &bench;
        async move { bench.send(Method::PATCH, &path, None).await }
    };
    let (status, changed) = patch("?billable=true").await;
    assert_eq!((status, &changed["ticket_timer"]["billable"]), (200, &json!(true)));
    assert_eq!(bench.ticket(32_181).await["ticket_timers"][0]["billable"], true);
    for wrong in ["", "?billable=perhaps"] {
        let (status, refused) = patch(wrong).await;
        assert_eq!(status, 422, "{wrong}");
        assert!(refused["errors"][0].is_string());
    }
    assert_eq!(patch("?billable=false").await.1["ticket_timer"]["billable"], false);
    let unknown = bench.try_send(Method::PATCH, "/ticket_timers/5?billable=true", None).await;
    assert_eq!(unknown.unwrap(), (404, String::new()));
}

#[tokio::test]
async fn an_invoiced_line_is_removed_like_any_other() {
    let bench = Bench::new();
    let line = bench.line(32_181, "1", "120").await["id"].take();
    let invoice = bench.invoice(32_181).await;
    let body = json!({ "ticket_line_item_id": line });
    let elsewhere = format!("/tickets/{}/remove_line_item", ticket_id(32_180));
    assert_eq!(bench.post(&elsewhere, body.clone()).await.0, 404);
    let (status, removed) = bench.post(&path("remove_line_item"), body).await;
    assert_eq!((status, removed), (200, json!({"success": true, "message": ""})));
    assert_eq!(bench.ticket(32_181).await["line_items"], json!([]));
    let kept = bench.get(&format!("/invoices/{}", invoice["id"])).await["invoice"].take();
    assert_eq!(kept["total"], "120.0");
    assert_eq!(kept["line_items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_line_keeps_its_texts_and_changes_its_figures() {
    let bench = Bench::new();
    let line = bench.line(32_181, "1", "120").await;
    let update = |mut more: Value| {
        more["ticket_line_item_id"] = line["id"].clone();
        let bench = &bench;
        async move { bench.put(&path("update_line_item"), more).await }
    };
    let (status, refused) = update(json!({"description": ""})).await;
    assert_eq!(status, 422);
    assert!(refused["errors"].as_str().unwrap().contains("Description can't be blank"));
    let sent = json!({"quantity": 0.25, "price": 5, "product_id": null, "taxable": false});
    let (_, changed) = update(sent).await;
    let changed = &changed["ticket_line_item"];
    assert_eq!((&changed["quantity"], &changed["retail_cents"]), (&json!("0.25"), &json!(12_000)));
    assert_eq!((&changed["product_id"], &changed["name"]), (&Value::Null, &line["name"]));
    assert_eq!(update(json!({"product_id": 4})).await.0, 422);
}

#[tokio::test]
async fn the_colleague_clocks_under_the_own_name() {
    let bench = Bench::new();
    let body = json!({"start_at": "2026-03-17 08:00"});
    let url = bench.url(&path("timer_entry"));
    let (_, text) =
        send(&bench.client, COLLEAGUE_KEY, Method::POST, url, Some(body)).await.unwrap();
    let timer: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(timer["user_id"], 81_207);
    assert_eq!(timer["start_time"], "2026-03-17T13:00:00.000Z", "eight o'clock in Chicago");
}
