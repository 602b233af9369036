//! Reads through the public door: retries, pages, unwrapping, what each odd answer becomes, and that the key shows
//! nowhere.

mod pages;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use syncro::api::{
    ApiKey, Auth, Connection, Error, Get, List, Listing, Observer, Pace, Reader, RequestLine,
    Transport, Wait,
};
use url::Url;
use wiremock::matchers::{any, header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, Respond, ResponseTemplate};

const KEY: &str = "fake-key-do-not-use";

#[derive(Debug, Deserialize)]
struct Thing {
    id: u64,
}

/// Remembers what it is told.
#[derive(Default)]
pub(crate) struct Seen(Mutex<Vec<String>>);

impl Seen {
    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn note(&self, text: String) {
        self.0.lock().unwrap().push(text);
    }
}

impl Observer for Seen {
    fn request(&self, line: &RequestLine) {
        self.note(format!("{} {} {:?}", line.method, line.target, line.outcome));
    }
    fn waiting(&self, wait: &Wait) {
        self.note(format!("{wait:?}"));
    }
    fn resumed(&self) {
        self.note("resumed".to_owned());
    }
}

pub(crate) fn connection(base: &str, dir: &Path) -> Connection {
    Connection {
        base: Url::parse(base).unwrap(),
        key: ApiKey::new(KEY),
        auth: Auth::Query,
        ca_file: None,
        extra_ca: None,
        timeout: Duration::from_secs(5),
        pace: Pace { dir: dir.to_owned(), requests: 1000, per: Duration::from_secs(60) },
    }
}

struct Bench {
    server: MockServer,
    seen: Arc<Seen>,
    dir: tempfile::TempDir,
    auth: Auth,
}

impl Bench {
    async fn new() -> Self {
        Self {
            server: MockServer::start().await,
            seen: Arc::new(Seen::default()),
            dir: tempfile::tempdir().unwrap(),
            auth: Auth::Query,
        }
    }

    /// Answers every request with the same.
    async fn with(template: ResponseTemplate) -> Self {
        let bench = Self::new().await;
        Mock::given(any()).respond_with(template).mount(&bench.server).await;
        bench
    }

    fn reader(&self) -> Reader {
        let mut connection = connection(&format!("{}/api/v1", self.server.uri()), self.dir.path());
        connection.auth = self.auth;
        let observer = Arc::clone(&self.seen) as Arc<dyn Observer>;
        Reader::new(Arc::new(Transport::new(connection, observer).unwrap()))
    }

    async fn get(&self) -> Result<u64, Error> {
        let got = self.reader().get(Get::<Thing>::new("/things/7", Some("thing"))).await;
        if let Err(error) = &got {
            let said = format!("{error} {error:?} {:?}", self.seen.lines());
            assert!(!said.contains(KEY), "{said}");
        }
        got.map(|thing| thing.id)
    }

    async fn list(&self) -> Listing<Thing> {
        self.reader().all(List::new("/things", "things")).await.unwrap()
    }

    async fn hits(&self) -> usize {
        self.server.received_requests().await.unwrap().len()
    }
}

fn thing() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"thing": {"id": 7, "more": "kept"}}))
}

fn page(status: u16, title: &str) -> ResponseTemplate {
    let body = format!("<html><title>{title}</title></html>");
    ResponseTemplate::new(status).set_body_raw(body, "text/html")
}

#[tokio::test]
async fn one_object_is_unwrapped_and_kept_whole() {
    let bench = Bench::new().await;
    Mock::given(method("GET"))
        .and(path("/api/v1/things/7"))
        .and(query_param("api_key", KEY))
        .and(query_param("q", "a b"))
        .and(header("accept", "application/json"))
        .and(header("cache-control", "no-cache"))
        .respond_with(thing().insert_header("date", "Mon, 02 Nov 2026 10:00:30 GMT"))
        .expect(1)
        .mount(&bench.server)
        .await;
    let reader = bench.reader();
    let get = Get::<Thing>::new("/things/7", Some("thing")).asking("q", "a b").fresh();
    let record = reader.get(get).await.unwrap();
    assert_eq!(record.id, 7);
    assert_eq!(record.raw, json!({"id": 7, "more": "kept"}));
    assert_eq!(reader.server_date(), "2026-11-02T10:00:30Z".parse().ok());
    assert_eq!(bench.seen.lines(), ["GET /things/7?api_key=***&q=a+b Ok(200)"]);
}

#[tokio::test]
async fn a_bearer_key_is_in_no_address() {
    let mut bench = Bench::new().await;
    bench.auth = Auth::Bearer;
    Mock::given(header("authorization", format!("Bearer {KEY}").as_str()))
        .and(query_param_is_missing("api_key"))
        .respond_with(thing())
        .mount(&bench.server)
        .await;
    assert_eq!(bench.get().await.unwrap(), 7);
    assert_eq!(bench.seen.lines(), ["GET /things/7 Ok(200)"]);
}

#[tokio::test]
async fn failures_of_the_server_are_retried_and_then_told() {
    let bench = Bench::new().await;
    Mock::given(any())
        .respond_with(page(502, "Bad Gateway"))
        .up_to_n_times(2)
        .mount(&bench.server)
        .await;
    Mock::given(any()).respond_with(thing()).mount(&bench.server).await;
    assert_eq!(bench.get().await.unwrap(), 7);
    assert_eq!(bench.hits().await, 3);
    let lines = bench.seen.lines();
    assert!(lines[1].starts_with("Retry"), "{lines:?}");
    assert!(lines[1].contains("Bad Gateway"), "{lines:?}");
    assert_eq!(lines[2], "resumed");

    let bench = Bench::with(page(502, "Bad Gateway")).await;
    let error = bench.get().await.unwrap_err();
    assert!(matches!(error, Error::Unavailable { status: Some(502), tries: 4, .. }));
    assert_eq!(bench.hits().await, 4);
}

#[tokio::test]
async fn once_is_once() {
    for status in [500, 429] {
        let bench = Bench::with(ResponseTemplate::new(status)).await;
        let get = Get::<Thing>::new("/things/7", Some("thing")).once();
        assert!(bench.reader().get(get).await.is_err());
        assert_eq!(bench.hits().await, 1);
    }
}

#[tokio::test]
async fn a_rate_limit_is_waited_for_as_told() {
    let bench = Bench::new().await;
    Mock::given(any())
        .respond_with(
            ResponseTemplate::new(429)
                .insert_header("retry-after", "1")
                .set_body_json(json!({"error": "Rate limit exceeded"})),
        )
        .up_to_n_times(1)
        .mount(&bench.server)
        .await;
    Mock::given(any()).respond_with(thing()).mount(&bench.server).await;
    let began = Instant::now();
    assert_eq!(bench.get().await.unwrap(), 7);
    assert!(began.elapsed() >= Duration::from_millis(990));
    let lines = bench.seen.lines();
    assert!(lines.iter().any(|line| line.starts_with("RateLimited")), "{lines:?}");
}

#[tokio::test]
async fn a_date_to_come_back_at_is_one_of_the_servers_clock() {
    let there = |seconds: i64| {
        let at = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1);
        (at + jiff::SignedDuration::from_secs(seconds))
            .strftime("%a, %d %b %Y %H:%M:%S GMT")
            .to_string()
    };
    for (date, back, least, most) in [(0, 2, 1, 2), (-7200, -7198, 1, 2), (0, -60, 0, 0)] {
        let bench = Bench::new().await;
        let limited = ResponseTemplate::new(429)
            .insert_header("date", there(date).as_str())
            .insert_header("retry-after", there(back).as_str())
            .set_body_json(json!({"error": "Rate limit exceeded"}));
        Mock::given(any()).respond_with(limited).up_to_n_times(1).mount(&bench.server).await;
        Mock::given(any()).respond_with(thing()).mount(&bench.server).await;
        let began = Instant::now();
        let answer = tokio::time::timeout(Duration::from_secs(10), bench.get()).await;
        assert_eq!(answer.unwrap().unwrap(), 7);
        let waited = began.elapsed().as_secs();
        assert!((least..=most).contains(&waited), "{waited} s for {back}");
    }
}

#[tokio::test]
async fn a_rate_limit_that_does_not_end_is_given_up() {
    let limited = ResponseTemplate::new(429)
        .insert_header("retry-after", "0")
        .set_body_json(json!({"error": "Rate limit exceeded"}));
    let bench = Bench::with(limited).await;
    let error = bench.get().await.unwrap_err();
    assert!(matches!(error, Error::RateLimited { tries: 4, .. }), "{error}");
    assert_eq!(bench.hits().await, 4);
}

#[tokio::test]
async fn each_odd_answer_is_told_apart_and_not_retried() {
    let json_error = |status| ResponseTemplate::new(status).set_body_json(json!({"error": "no"}));
    let raw =
        |body: &str| ResponseTemplate::new(200).set_body_raw(body.to_owned(), "application/json");
    for (template, expected) in [
        (ResponseTemplate::new(404), "GET /things/7 was not found (404)"),
        (json_error(404), "GET /things/7 was not found (404)"),
        (
            page(404, "Proxy"),
            "GET /things/7: answered 404 with an HTML page titled \"Proxy\" from something in between, not Syncro's answer",
        ),
        (json_error(401), "GET /things/7: not authorized (401): no"),
        (
            page(403, "Blocked"),
            "GET /things/7: answered 403 with an HTML page titled \"Blocked\" from something in between, not Syncro's answer",
        ),
        (json_error(422), "GET /things/7 was refused (422): no"),
        (
            page(400, "Bad"),
            "GET /things/7: answered 400 with an HTML page titled \"Bad\" from something in between, not Syncro's answer",
        ),
        (
            ResponseTemplate::new(403).set_body_string("error code: 1020"),
            "GET /things/7: answered 403 with an answer that is not JSON (expected value at line 1 column 1)",
        ),
        (
            raw("{\"error\": \"Subscription expired\"}"),
            "GET /things/7 was refused (200): Subscription expired",
        ),
        (page(200, "Log in - Syncro"), "GET /things/7: answered 200 with Syncro's login page"),
        (raw(""), "GET /things/7: answered 200 with an empty answer"),
        (raw("null"), "GET /things/7: answered null instead of \"thing\""),
        (raw("{}"), "GET /things/7: the answer has no \"thing\""),
        (raw("{\"thing\": null}"), "GET /things/7: \"thing\" is null"),
        (
            raw("{\"thing\": {\"id\": \"x\"}}"),
            "GET /things/7: id cannot be read: \"x\" instead of a whole number that is not negative",
        ),
        (raw("{\"thing\": {}}"), "GET /things/7: the answer cannot be read: missing field `id`"),
        (
            ResponseTemplate::new(302)
                .insert_header("location", "https://login.example/in?back=fake-key-do-not-use"),
            "GET /things/7: answered 302, redirected to host login.example",
        ),
        (
            ResponseTemplate::new(302).insert_header("location", "/users/sign_in?x=1"),
            "GET /things/7: answered 302, redirected to the path /users/sign_in",
        ),
    ] {
        let bench = Bench::with(template).await;
        assert_eq!(bench.get().await.unwrap_err().to_string(), expected);
        assert_eq!(bench.hits().await, 1, "{expected}");
    }
}

#[tokio::test]
async fn tokens_are_null_and_an_echoed_key_is_gone() {
    let body = json!({"thing": {"id": 7, "user_token": "secret", "url": format!("https://x/?api_key={KEY}")}});
    let bench = Bench::with(ResponseTemplate::new(200).set_body_json(body)).await;
    let get = Get::<Value>::new("/things/7", Some("thing"));
    let record = bench.reader().get(get).await.unwrap();
    assert_eq!(record.raw, json!({"id": 7, "user_token": null, "url": "https://x/?api_key=[key]"}));
}

#[tokio::test]
async fn a_ca_file_that_cannot_be_used_is_named_with_the_reason() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("office-ca.pem");
    let setup = |text: Option<&str>| {
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let mut connection = connection("https://acme.syncromsp.com/api/v1", dir.path());
        connection.ca_file = Some(file.clone());
        let observer = Arc::new(Seen::default());
        Transport::new(connection, observer).err().unwrap().to_string()
    };
    let missing = setup(None);
    assert!(missing.contains("office-ca.pem cannot be read: "), "{missing}");
    assert!(setup(Some("")).ends_with("office-ca.pem holds no certificate"));
    let noise = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(setup(Some(noise)).contains("office-ca.pem cannot be used: certificate 1"));
}

#[tokio::test]
async fn a_key_goes_to_no_plain_http_host() {
    for (base, fine) in [
        ("http://acme.syncromsp.com/api/v1", false),
        ("http://127.0.0.1.evil.example/api/v1", false),
        ("http://localhost.evil.example/api/v1", false),
        ("http://10.0.0.1/api/v1", false),
        ("ftp://127.0.0.1/api/v1", false),
        ("https://user:pass@acme.syncromsp.com/api/v1", false),
        ("https://acme.syncromsp.com/api/v1", true),
        ("http://localhost:8080/api/v1", true),
        ("http://127.8.0.1:8080/api/v1", true),
        ("http://[::1]:8080/api/v1", true),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let made = Transport::new(connection(base, dir.path()), Arc::new(Seen::default()));
        assert_eq!(made.is_ok(), fine, "{base}");
    }
}
