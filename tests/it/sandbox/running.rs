//! Keeping state, sharing it, starting over, the rate limit and the log.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use syncro::sandbox::{COLLEAGUE_KEY, Options, reset, start};

use super::{BILLABLE, Bench, client, send, until};

#[tokio::test]
async fn the_state_outlives_the_server_until_it_is_reset() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep").join("er");
    let server = start(Options::new(&path)).unwrap();
    let url = format!("{}/tickets/{BILLABLE}", server.base_url());
    let body = json!({"status": "Resolved"});
    send(&client(), syncro::sandbox::KEY, Method::PUT, url, Some(body)).await.unwrap();
    drop(server);

    let server = start(Options::new(&path)).unwrap();
    let url = format!("{}/tickets/{BILLABLE}", server.base_url());
    let status = || async {
        let got = send(&client(), syncro::sandbox::KEY, Method::GET, url.clone(), None).await;
        let ticket: Value = serde_json::from_str(&got.unwrap().1).unwrap();
        ticket["ticket"]["status"].as_str().unwrap().to_owned()
    };
    assert_eq!(status().await, "Resolved");
    reset(&path, false).unwrap();
    assert_eq!(status().await, "In Progress");

    std::fs::write(path.join("state.json"), "{ not json").unwrap();
    assert_eq!(status().await, "In Progress");
    let aside = std::fs::read_to_string(path.join("state.damaged-1.json")).unwrap();
    assert_eq!(aside, "{ not json");
}

#[tokio::test]
async fn a_stopped_server_lets_go_of_its_port() {
    let bench = Bench::new();
    let url = bench.url("/me");
    let Bench { server, client, dir, .. } = bench;
    drop(server);
    let refused = send(&client, syncro::sandbox::KEY, Method::GET, url, None).await;
    assert!(refused.unwrap_err().is_connect());
    drop(dir);
}

#[tokio::test]
async fn two_servers_on_one_folder_are_one_account() {
    let bench = Bench::new();
    let other = start(Options::new(bench.dir.path().join("state"))).unwrap();
    let path = format!("/tickets/{BILLABLE}/comment");
    let mut ids = Vec::new();
    for turn in 0..10 {
        let body = json!({"subject": "turn", "body": "b", "do_not_email": true});
        let base = if turn % 2 == 0 { bench.server.base_url() } else { other.base_url() };
        let (_, text) =
            send(&bench.client, COLLEAGUE_KEY, Method::POST, format!("{base}{path}"), Some(body))
                .await
                .unwrap();
        let made: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(made["comment"]["tech"], "Mika Thornquist");
        ids.push(made["comment"]["id"].as_i64().unwrap());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 10);
    assert_eq!(bench.comments_called("turn").await, 10);
}

#[tokio::test]
async fn writes_from_two_sides_at_once_all_land() {
    let bench = Bench::new();
    let other = start(Options::new(bench.dir.path().join("state"))).unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for turn in 0..20 {
        let base = if turn % 2 == 0 { bench.server.base_url() } else { other.base_url() };
        let (client, url) = (bench.client.clone(), format!("{base}/tickets/{BILLABLE}/comment"));
        tasks.spawn(async move {
            let body = json!({"subject": "rush", "body": "b", "do_not_email": true});
            send(&client, syncro::sandbox::KEY, Method::POST, url, Some(body)).await.unwrap().0
        });
    }
    while let Some(status) = tasks.join_next().await {
        assert_eq!(status.unwrap(), 200);
    }
    assert_eq!(bench.comments_called("rush").await, 20);
}

#[tokio::test]
async fn over_the_limit_there_is_a_429_that_says_when() {
    let bench = Bench::options(|options| options.rate = "3/0.3s".parse().unwrap());
    for _ in 0..3 {
        assert_eq!(bench.status("/me").await, 200);
    }
    let response = bench.client.get(bench.url("/me")).send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert_eq!(response.headers()["retry-after"], "1");
    let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    assert!(body["error"].as_str().unwrap().starts_with("Rate limit exceeded"));
    until(|| async { bench.status("/me").await == 200 }).await;
}

#[tokio::test]
async fn the_size_of_a_page_can_be_chosen() {
    let bench = Bench::options(|options| options.list_page = 5);
    let list = bench.get("/tickets").await;
    assert_eq!(list["tickets"].as_array().unwrap().len(), 5);
    assert_eq!(list["meta"]["total_pages"], 9);
}

#[tokio::test]
async fn the_log_has_a_line_for_each_request_and_no_key() {
    let bench = Bench::with(&["comment@2=500-after"]);
    bench.get("/tickets?number=32181&page=1").await;
    bench.comment("logged").await.unwrap();
    bench.comment("logged").await.unwrap();
    bench.post(&format!("/tickets/{BILLABLE}/comment"), json!({})).await;
    let log = bench.log();
    assert_eq!(log.len(), 4);
    assert_eq!(log[0]["method"], "GET");
    assert_eq!(log[0]["path"], "/api/v1/tickets");
    assert_eq!(log[0]["query"], "number=32181&page=1&api_key=***");
    assert_eq!(log[0]["user"], 81_204);
    assert_eq!(log[0]["applied"], false);
    assert_eq!(
        (&log[1]["n"], &log[1]["status"], &log[1]["applied"]),
        (&json!(2), &json!(200), &json!(true))
    );
    assert_eq!(log[1]["body"]["subject"], "logged");
    assert_eq!(log[1]["conn"], log[0]["conn"]);
    assert_eq!((&log[2]["status"], &log[2]["applied"]), (&json!(500), &json!(true)));
    assert_eq!(log[2]["fault"], "comment@2=500-after");
    assert_eq!((&log[3]["status"], &log[3]["applied"]), (&json!(422), &json!(false)));
    assert!(log[0]["ended_us"].as_u64().unwrap() >= log[0]["started_us"].as_u64().unwrap());
    assert!(!format!("{log:?}").contains(syncro::sandbox::KEY));
}

#[tokio::test]
async fn a_hang_is_logged_when_it_starts_and_a_leaving_client_too() {
    let bench = Bench::with(&["comment=hang-after", "comment@2=slow:60000"]);
    for turn in 1..=2 {
        let body = json!({"subject": "hung", "body": "b"});
        let request = bench
            .client
            .post(bench.url(&format!("/tickets/{BILLABLE}/comment")))
            .bearer_auth(syncro::sandbox::KEY)
            .header("Cache-Control", "no-cache")
            .json(&body)
            .timeout(Duration::from_millis(100));
        assert!(request.send().await.unwrap_err().is_timeout());
        until(|| async { bench.log().len() == turn }).await;
        let line = bench.log().pop().unwrap();
        assert_eq!(line["status"], Value::Null);
        assert_eq!(line["applied"], true);
        assert_eq!(line["cache_control"], "no-cache");
    }
    assert_eq!(bench.comments_called("hung").await, 2);
}
