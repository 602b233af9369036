//! The practice server: its habits, its faults, and that it keeps what it was told.

mod appointments;
mod billing;
mod customers;
mod desk_faults;
mod faults;
mod habits;
mod money;
mod office_faults;
mod present;
mod running;
mod specification;
mod stock;
mod tickets;
mod timers;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Once;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};
use syncro::sandbox::{KEY, Options, Server, start};

use crate::support::{FIRST_DAY, folder};

const BILLABLE: i64 = 108_443_837;
const QUILLFEATHER: i64 = 31_204_551;
const REMOTE: i64 = 17_340_021;

/// What came back: nothing (`Err`) when the connection ended without an answer.
type Answer = Result<(u16, String), reqwest::Error>;

/// A server with a folder of its own, and a client for it.
struct Bench {
    dir: tempfile::TempDir,
    server: Server,
    client: reqwest::Client,
}

fn client() -> reqwest::Client {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        let _installed = rustls::crypto::ring::default_provider().install_default();
    });
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .build()
        .unwrap()
}

/// The id of the ticket with that number.
fn ticket_id(number: i64) -> i64 {
    BILLABLE - (32_181 - number) * 41
}

impl Bench {
    fn new() -> Self {
        Self::with(&[])
    }

    fn with(faults: &[&str]) -> Self {
        Self::options(|options| {
            options.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        })
    }

    fn options(change: impl FnOnce(&mut Options)) -> Self {
        let dir = folder();
        let mut options = Options::new(dir.path().join("state"));
        options.log = Some(dir.path().join("requests.jsonl"));
        options.first_day = FIRST_DAY.parse().ok();
        change(&mut options);
        Self { server: start(options).unwrap(), dir, client: client() }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.base_url())
    }

    async fn try_send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        send(&self.client, KEY, method, self.url(path), body).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
        let (status, text) = self.try_send(method, path, body).await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn get(&self, path: &str) -> Value {
        let (status, value) = self.send(Method::GET, path, None).await;
        assert_eq!(status, 200, "GET {path}");
        value
    }

    async fn status(&self, path: &str) -> u16 {
        self.send(Method::GET, path, None).await.0
    }

    async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.send(Method::PUT, path, Some(body)).await
    }

    async fn ticket(&self, number: i64) -> Value {
        let path = format!("/tickets/{}?all_comments=true", ticket_id(number));
        self.get(&path).await["ticket"].take()
    }

    /// How many comments with this subject ticket 32181 has.
    async fn comments_called(&self, subject: &str) -> usize {
        self.ticket(32_181).await["comments"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|comment| comment["subject"] == subject)
            .count()
    }

    async fn comment(&self, subject: &str) -> Answer {
        let body = json!({"subject": subject, "body": "one<br>two", "do_not_email": true});
        let path = format!("/tickets/{BILLABLE}/comment");
        self.try_send(Method::POST, &path, Some(body)).await
    }

    /// Adds an hour of remote labor to the ticket and returns the line.
    async fn line(&self, number: i64, quantity: &str, price: &str) -> Value {
        let (status, line) = self
            .post(
                &format!("/tickets/{}/add_line_item", ticket_id(number)),
                json!({
                    "product_id": REMOTE, "name": "Labor - Remote", "description": "Work done",
                    "quantity": quantity, "price_retail": price, "taxable": false,
                }),
            )
            .await;
        assert_eq!(status, 200);
        line
    }

    /// Invoices the ticket and returns the invoice with its lines.
    async fn invoice(&self, number: i64) -> Value {
        let customer = self.ticket(number).await["customer_id"].take();
        let (status, made) = self
            .post(
                "/invoices",
                json!({"ticket_id": ticket_id(number), "customer_id": customer, "category": "Standard"}),
            )
            .await;
        assert_eq!(status, 200);
        assert!(made["invoice"].get("line_items").is_none());
        self.get(&format!("/invoices/{}", made["invoice"]["id"])).await["invoice"].take()
    }

    async fn prepaid(&self, number: i64) -> Value {
        self.ticket(number).await["customer"]["prepay_hours"].take()
    }

    /// The records of a table by id, as the server keeps them.
    fn table(&self, name: &str) -> Map<String, Value> {
        #[derive(serde::Deserialize)]
        struct State {
            tables: BTreeMap<String, Box<RawValue>>,
        }
        let text = std::fs::read(self.dir.path().join("state").join("state.json")).unwrap();
        let state: State = serde_json::from_slice(&text).unwrap();
        let rows = state.tables.get(name).map(|rows| rows.get());
        serde_json::from_str(rows.unwrap_or("{}")).unwrap()
    }

    fn log(&self) -> Vec<Value> {
        lines(&self.dir.path().join("requests.jsonl"))
    }
}

fn lines(path: &Path) -> Vec<Value> {
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

async fn send(
    client: &reqwest::Client,
    key: &str,
    method: Method,
    url: String,
    body: Option<Value>,
) -> Answer {
    let mut request = client.request(method, url).query(&[("api_key", key)]);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let response = request.timeout(Duration::from_secs(5)).send().await?;
    let status = response.status().as_u16();
    Ok((status, response.text().await?))
}

/// Looks again and again until it is so, for a quarter of a minute at most.
async fn until<F: Future<Output = bool>>(mut so: impl FnMut() -> F) {
    let deadline = Instant::now() + Duration::from_secs(15);
    while !so().await {
        assert!(Instant::now() < deadline, "it never came to be");
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
}
