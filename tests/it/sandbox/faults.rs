//! Each fault: what the client gets to see, and whether the request was applied.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::{BILLABLE, Bench, QUILLFEATHER, until};

/// Posts a comment under the fault; returns the answer and how many comments there are then.
async fn comment_under(kind: &str) -> (super::Answer, usize) {
    let bench = Bench::with(&[&format!("comment={kind}")]);
    let answer = bench.comment("faulty").await;
    let count = bench.comments_called("faulty").await;
    assert_eq!(bench.comment("after").await.unwrap().0, 200, "only the first is struck");
    (answer, count)
}

#[tokio::test]
async fn connections_end_without_an_answer() {
    for (kind, count) in
        [("close-before", 0), ("close-after", 1), ("reset-before", 0), ("reset-after", 1)]
    {
        let (answer, landed) = comment_under(kind).await;
        assert!(answer.is_err(), "{kind}");
        assert_eq!(landed, count, "{kind}");
    }
}

#[test]
fn a_reset_is_more_than_a_close() {
    for (kind, reset) in [("close-after", false), ("reset-after", true)] {
        let bench = Bench::with(&[&format!("me={kind}")]);
        let read = ask_raw(&bench).1;
        match read {
            Ok(()) => assert!(!reset, "{kind}"),
            Err(error) => {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
                assert!(reset, "{kind}");
            }
        }
    }
}

#[tokio::test]
async fn answers_come_with_a_status_of_failure() {
    for (kind, status, count) in [
        ("500-before", 500, 0),
        ("500-after", 500, 1),
        ("502-before", 502, 0),
        ("502-after", 502, 1),
        ("503-before", 503, 0),
        ("503-after", 503, 1),
        ("504-after", 504, 1),
        ("302-before", 302, 0),
        ("302-after", 302, 1),
        ("307-before", 307, 0),
        ("308-before", 308, 0),
        ("400", 400, 0),
        ("400-html", 400, 0),
        ("401", 401, 0),
        ("403", 403, 0),
        ("404", 404, 0),
        ("404-html", 404, 0),
        ("409", 409, 0),
        ("422", 422, 0),
        ("429", 429, 0),
        ("429:7", 429, 0),
        ("429-date:7", 429, 0),
        ("429-html", 429, 0),
    ] {
        let (answer, landed) = comment_under(kind).await;
        let (got, text) = answer.unwrap();
        assert_eq!((got, landed), (status, count), "{kind}");
        let page = kind.contains("html") || kind.starts_with("502") || kind.starts_with("30");
        assert_eq!(text.starts_with("<!DOCTYPE html>"), page, "{kind}: {text}");
        assert_eq!(text.is_empty(), kind == "404", "{kind}");
    }
}

#[tokio::test]
async fn answers_are_200_and_worth_nothing() {
    for (kind, count) in [
        ("garbled", 1),
        ("empty", 1),
        ("null", 1),
        ("nulls", 1),
        ("foreign", 1),
        ("html-before", 0),
        ("html-after", 1),
    ] {
        let (answer, landed) = comment_under(kind).await;
        let (status, text) = answer.unwrap();
        assert_eq!((status, landed), (200, count), "{kind}");
        let parsed = serde_json::from_str::<Value>(&text);
        match kind {
            "null" => assert_eq!(parsed.unwrap(), Value::Null),
            "nulls" => assert_eq!(parsed.unwrap()["comment"]["id"], Value::Null),
            "foreign" => assert!(parsed.unwrap().get("comment").is_none()),
            "empty" => assert_eq!(text, ""),
            _ => assert!(parsed.is_err(), "{kind}"),
        }
    }
    let (answer, landed) = comment_under("truncated").await;
    assert!(answer.is_err(), "the length was longer than the body");
    assert_eq!(landed, 1);
}

/// Asks for `/me` without any library, and returns the text and how the reading ended.
fn ask_raw(bench: &Bench) -> (String, std::io::Result<()>) {
    let address = bench.server.base_url();
    let address = address.trim_start_matches("http://").trim_end_matches("/api/v1");
    let mut socket = TcpStream::connect(address).unwrap();
    let key = syncro::sandbox::KEY;
    let request =
        format!("GET /api/v1/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n");
    socket.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    let ended = socket.read_to_end(&mut bytes).map(|_| ());
    (String::from_utf8(bytes).unwrap(), ended)
}

#[test]
fn a_truncated_answer_arrives_in_part() {
    let bench = Bench::with(&["me=truncated"]);
    let (text, _) = ask_raw(&bench);
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    assert!(text.contains("\"user_email\""), "{text}");
    assert!(!text.contains("permissions"), "{text}");
}

#[tokio::test]
async fn another_records_id_comes_back() {
    let bench =
        Bench::with(&["comment=wrong-id", "line=wrong-id", "ticket=wrong-id", "find=wrong-id"]);
    let (_, text) = bench.comment("mine").await.unwrap();
    let wrong: Value = serde_json::from_str(&text).unwrap();
    assert_ne!(wrong["comment"]["subject"], "mine");
    let line = bench.line(32_181, "1", "120").await;
    let other = bench.get(&format!("/tickets/{BILLABLE}")).await;
    assert_ne!(other["ticket"]["id"], BILLABLE);
    assert_ne!(other["ticket"]["number"], 32_181);
    let found = bench.get("/tickets?number=32181").await;
    assert_ne!(found["tickets"][0]["number"], 32_181);
    let ticket = bench.ticket(32_181).await;
    assert_eq!(ticket["line_items"].as_array().unwrap().len(), 1);
    assert_ne!(ticket["line_items"][0]["id"], line["id"]);
    assert_eq!(bench.comments_called("mine").await, 1);
}

#[tokio::test]
async fn hangs_never_answer() {
    for (kind, count) in [("hang-before", 0), ("hang-after", 1)] {
        let bench = Bench::with(&[&format!("comment={kind}")]);
        let (hung, ()) = tokio::join!(
            tokio::time::timeout(Duration::from_millis(80), bench.comment("hung")),
            until(|| async { bench.log().len() == 1 }),
        );
        assert!(hung.is_err(), "{kind}");
        assert_eq!(bench.comments_called("hung").await, count, "{kind}");
    }
}

#[tokio::test]
async fn late_requests_are_applied_after_the_client_has_lost_hope() {
    let bench = Bench::with(&["comment=late:300", "comment@2=late-hang:60"]);
    assert!(bench.comment("late").await.is_err());
    assert_eq!(bench.comments_called("late").await, 0);
    assert_eq!(bench.log()[0]["applied"], true, "what will be applied counts");
    until(|| async { bench.comments_called("late").await == 1 }).await;
    let pending = tokio::time::timeout(Duration::from_millis(200), bench.comment("late")).await;
    assert!(pending.is_err());
    until(|| async { bench.comments_called("late").await == 2 }).await;
}

#[tokio::test]
async fn slow_answers_are_right_ones() {
    let bench = Bench::with(&["comment=slow:60"]);
    let before = Instant::now();
    assert_eq!(bench.comment("slow").await.unwrap().0, 200);
    assert!(before.elapsed() >= Duration::from_millis(60));
    assert_eq!(bench.comments_called("slow").await, 1);
}

#[tokio::test]
async fn lagging_reads_show_it_later() {
    let bench = Bench::with(&["comment=lag:1500", "ticket-update=lag:1500"]);
    assert_eq!(bench.comment("lagging").await.unwrap().0, 200);
    assert_eq!(bench.comments_called("lagging").await, 0);
    until(|| async { bench.comments_called("lagging").await == 1 }).await;
    bench.put(&format!("/tickets/{BILLABLE}"), json!({"status": "Resolved"})).await;
    assert_eq!(bench.ticket(32_181).await["status"], "In Progress");
    until(|| async { bench.ticket(32_181).await["status"] == "Resolved" }).await;
}

#[tokio::test]
async fn redirects_point_to_the_same_host() {
    let bench = Bench::with(&["comment=307-before", "me=302-before"]);
    let key = syncro::sandbox::KEY;
    let path = format!("/tickets/{BILLABLE}/comment");
    let moved = bench
        .client
        .post(bench.url(&path))
        .query(&[("api_key", key)])
        .json(&json!({"subject": "s", "body": "b"}))
        .send()
        .await
        .unwrap();
    let place = moved.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(place, format!("{}?api_key={key}", bench.url(&path)));
    let moved = bench.client.get(bench.url("/me")).bearer_auth(key).send().await.unwrap();
    let place = moved.headers()["location"].to_str().unwrap().to_owned();
    let page = bench.client.get(place).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Sign in"));
}

#[tokio::test]
async fn a_429_names_its_time_in_every_way() {
    let bench = Bench::with(&["me=429", "me@2=429:7", "me@3=429-date:7"]);
    let mut said = Vec::new();
    for _ in 0..3 {
        let response = bench.client.get(bench.url("/me")).bearer_auth(syncro::sandbox::KEY);
        let response = response.send().await.unwrap();
        assert_eq!(response.status(), 429);
        let header = response.headers().get("retry-after").cloned();
        said.push(header.map(|value| value.to_str().unwrap().to_owned()));
    }
    assert_eq!(said[0], None);
    assert_eq!(said[1].as_deref(), Some("7"));
    assert!(said[2].as_deref().unwrap().ends_with(" GMT"));
}

#[tokio::test]
async fn errors_come_in_seven_shapes() {
    let mut shapes = Vec::new();
    for shape in 1..=7 {
        let (answer, _) = comment_under(&format!("422:{shape}")).await;
        shapes.push(serde_json::from_str::<Value>(&answer.unwrap().1).unwrap());
    }
    assert!(shapes[0]["error"].is_string());
    assert!(shapes[1]["errors"].is_string());
    assert!(shapes[2]["errors"][0].is_string());
    assert!(shapes[3]["errors"]["base"][0].is_string());
    assert!(shapes[4]["errors"][0]["message"].is_string());
    assert!(shapes[5]["message"][0].is_string());
    assert_eq!(shapes[6]["success"], false);
}

#[tokio::test]
async fn writes_go_wrong_in_ways_of_their_own() {
    let (answer, landed) = comment_under("twice").await;
    assert_eq!((answer.unwrap().0, landed), (200, 2));
    let bench = Bench::with(&["line=lost-price"]);
    assert_eq!(bench.line(32_181, "1", "120").await["retail_cents"], 0);

    let invoices = |bench: &Bench| {
        let url = bench.url(&format!("/invoices?ticket_id={BILLABLE}"));
        let request = bench.client.get(url).bearer_auth(syncro::sandbox::KEY);
        async move {
            let text = request.send().await.unwrap().text().await.unwrap();
            let list: Value = serde_json::from_str(&text).unwrap();
            list["invoices"].as_array().unwrap().clone()
        }
    };
    let bench = Bench::with(&["invoice-create=stolen"]);
    bench.line(32_181, "1", "120").await;
    assert_eq!(bench.invoice(32_181).await["line_items"], json!([]));
    let both = invoices(&bench).await;
    assert_eq!(both.len(), 2);
    assert_eq!((&both[1]["total"], &both[1]["user_id"]), (&json!("120.0"), &json!(81_207)));

    let bench = Bench::with(&["invoice-create=empty-invoice"]);
    bench.line(32_181, "1", "120").await;
    assert_eq!(bench.invoice(32_181).await["line_items"], json!([]));
    assert_eq!(bench.ticket(32_181).await["line_items"][0]["converted"], false);

    let bench = Bench::with(&["invoice-create=zero-invoice"]);
    bench.line(32_180, "1", "120").await;
    let zero = bench.invoice(32_180).await;
    assert_eq!(zero["line_items"].as_array().unwrap().len(), 1);
    assert_eq!(zero["total"], "0.0");
    assert_eq!(bench.prepaid(32_180).await, "12.5");
}

#[tokio::test]
async fn the_colleague_comes_between() {
    let bench = Bench::with(&[
        "comment=then-colleague:comment",
        "comment@2=then-colleague:line",
        "comment@3=then-colleague:same-line",
        "find=then-colleague:status",
        "line=then-colleague:timer",
        "me=then-colleague:invoice",
    ]);
    bench.comment("ours").await.unwrap();
    let ticket = bench.ticket(32_181).await;
    let last = ticket["comments"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["subject"], &last["user_id"]), (&json!("ours"), &json!(81_207)));
    assert_eq!(bench.comments_called("ours").await, 2);

    bench.comment("then a line").await.unwrap();
    bench.comment("then the same").await.unwrap();
    let lines = bench.ticket(32_181).await["line_items"].take();
    assert_eq!(lines.as_array().unwrap().len(), 2);
    assert_eq!(lines[0]["retail_cents"], lines[1]["retail_cents"]);
    assert_ne!(lines[0]["id"], lines[1]["id"]);

    let found = bench.get("/tickets?number=32181").await;
    assert_eq!(found["tickets"][0]["status"], "In Progress", "the answer came before");
    bench.line(32_181, "1", "120").await;
    let ticket = bench.ticket(32_181).await;
    assert_eq!(ticket["status"], "Waiting on Customer");
    assert!(ticket["ticket_timers"][0]["end_time"].is_null());
    bench.get("/me").await;
    let invoice = bench.get("/invoices/67412").await["invoice"].take();
    assert_eq!(
        (&invoice["customer_id"], &invoice["user_id"]),
        (&json!(QUILLFEATHER), &json!(81_207))
    );
    assert_eq!(invoice["line_items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn the_server_can_be_away_for_a_while() {
    let bench = Bench::with(&["comment=unreachable:120"]);
    bench.get("/me").await;
    let gone = Instant::now();
    assert_eq!(bench.comment("last words").await.unwrap().0, 200);
    let refused = bench.try_send(Method::GET, "/me", None).await;
    assert!(refused.unwrap_err().is_connect());
    until(|| async { bench.try_send(Method::GET, "/me", None).await.is_ok() }).await;
    assert!(gone.elapsed() >= Duration::from_millis(120));
    assert_eq!(bench.comments_called("last words").await, 1);
}

#[tokio::test]
async fn reads_can_be_struck_as_well() {
    let bench = Bench::with(&["read@*=503-before", "write=409"]);
    assert_eq!(bench.status("/me").await, 503);
    assert_eq!(bench.status("/settings").await, 503);
    assert_eq!(bench.comment("x").await.unwrap().0, 409);
    assert_eq!(bench.comment("x").await.unwrap().0, 200);
}
