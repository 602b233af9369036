//! Reads through the public door: retries, pages, unwrapping, what each odd answer becomes, and that the key shows
//! nowhere.

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
    let get = Get::<Thing>::new("/things/7", Some("thing")).with("q", "a b").fresh();
    let record = reader.get(get).await.unwrap();
    assert_eq!(record.id, 7);
    assert_eq!(record.raw, json!({"id": 7, "more": "kept"}));
    assert_eq!(reader.server_date(), "2026-11-02T10:00:30Z".parse().ok());
    assert_eq!(bench.seen.lines(), ["GET /things/7?q=a+b&api_key=*** Ok(200)"]);
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
        (page(404, "Proxy"), "GET /things/7: answered 404 with an HTML page titled \"Proxy\""),
        (json_error(401), "GET /things/7: not authorized (401): no"),
        (
            page(403, "Blocked"),
            "GET /things/7: not authorized (403): an HTML page titled \"Blocked\"",
        ),
        (json_error(422), "GET /things/7 was refused (422): no"),
        (page(400, "Bad"), "GET /things/7: answered 400 with an HTML page titled \"Bad\""),
        (page(200, "Log in - Syncro"), "GET /things/7: answered 200 with Syncro's login page"),
        (raw(""), "GET /things/7: answered 200 with an empty answer"),
        (raw("null"), "GET /things/7: answered null instead of \"thing\""),
        (raw("{}"), "GET /things/7: the answer has no \"thing\""),
        (raw("{\"thing\": null}"), "GET /things/7: \"thing\" is null"),
        (
            raw("{\"thing\": {\"id\": \"x\"}}"),
            "GET /things/7: id cannot be read: invalid type: string \"x\", expected u64",
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

/// A list of `total` things, `per` a page.
struct Pages {
    ids: Vec<u64>,
    per: usize,
    meta: bool,
    /// Whether `page` is obeyed.
    obeys: bool,
    slow: bool,
}

impl Pages {
    fn new(total: u64, per: usize) -> Self {
        Self { ids: (1..=total).collect(), per, meta: true, obeys: true, slow: false }
    }
}

impl Respond for Pages {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        let asked = request
            .url
            .query_pairs()
            .find(|(name, _)| name == "page")
            .map_or(1, |(_, page)| page.parse().unwrap());
        let page = if self.obeys { asked } else { 1_usize };
        let things: Vec<Value> = self
            .ids
            .iter()
            .skip((page - 1) * self.per)
            .take(self.per)
            .map(|id| json!({ "id": id }))
            .collect();
        let mut body = json!({ "things": things });
        if self.meta {
            body["meta"] = json!({
                "total_pages": self.ids.len().div_ceil(self.per),
                "page": page,
                "total_entries": self.ids.len(),
            });
        }
        let template = ResponseTemplate::new(200).set_body_json(body);
        if self.slow { template.set_delay(Duration::from_millis(200)) } else { template }
    }
}

async fn pages(pages: Pages) -> Bench {
    let bench = Bench::new().await;
    Mock::given(path("/api/v1/things")).respond_with(pages).mount(&bench.server).await;
    bench
}

fn ids(listing: &Listing<Thing>) -> Vec<u64> {
    listing.items.iter().map(|thing| thing.id).collect()
}

#[tokio::test]
async fn all_pages_come_in_order_and_the_rest_side_by_side() {
    let mut list = Pages::new(70, 10);
    list.slow = true;
    let bench = pages(list).await;
    let began = Instant::now();
    let listing = bench.list().await;
    assert_eq!(ids(&listing), (1..=70).collect::<Vec<_>>());
    assert_eq!((listing.total, listing.complete), (Some(70), true));
    assert_eq!(bench.hits().await, 7);
    // Two round trips of 200 ms, not seven.
    assert!(began.elapsed() < Duration::from_millis(1000), "{:?}", began.elapsed());
}

#[tokio::test]
async fn without_meta_it_goes_on_until_an_empty_page() {
    let mut list = Pages::new(45, 25);
    list.meta = false;
    let bench = pages(list).await;
    let listing = bench.list().await;
    assert_eq!(listing.items.len(), 45);
    assert!(listing.complete);
    assert_eq!(bench.hits().await, 3);
}

#[tokio::test]
async fn without_meta_a_repeated_page_is_the_end() {
    let mut list = Pages::new(20, 25);
    list.meta = false;
    list.obeys = false;
    let bench = pages(list).await;
    let listing = bench.list().await;
    assert_eq!(listing.items.len(), 20);
    assert!(listing.complete);
    assert_eq!(bench.hits().await, 2);
}

#[tokio::test]
async fn a_server_that_ignores_the_page_is_not_asked_for_all_of_them() {
    let mut list = Pages::new(500, 10);
    list.obeys = false;
    let bench = pages(list).await;
    let listing = bench.list().await;
    assert_eq!(listing.items.len(), 10);
    assert!(!listing.complete);
    assert!(bench.hits().await <= 7);
}

#[tokio::test]
async fn records_that_move_between_pages_come_once() {
    let mut list = Pages::new(0, 3);
    list.ids = vec![1, 2, 3, 3, 4, 5, 5, 6];
    let bench = pages(list).await;
    assert_eq!(ids(&bench.list().await), [1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn enough_is_enough() {
    let bench = pages(Pages::new(800, 25)).await;
    let list = List::<Thing>::new("/things", "things").enough(30);
    let listing = bench.reader().all(list).await.unwrap();
    assert_eq!(listing.items.len(), 50);
    assert_eq!((listing.total, listing.complete), (Some(800), false));
    assert_eq!(bench.hits().await, 2);
}

#[tokio::test]
async fn what_is_enough_is_counted_in_what_is_kept() {
    let bench = pages(Pages::new(800, 25)).await;
    let list = || List::<Thing>::new("/things", "things").enough(3);
    let rare = |thing: &Thing| thing.id.is_multiple_of(100);
    let listing = bench.reader().matching(list(), rare).await.unwrap();
    assert_eq!(ids(&listing), [100, 200, 300]);
    assert_eq!((listing.dropped, listing.complete), (322, false));
    assert_eq!(bench.hits().await, 13);
    let none = bench.reader().matching(list(), |_| false).await.unwrap();
    assert_eq!((ids(&none), none.complete), (Vec::new(), true));
}

#[tokio::test]
async fn there_are_at_least_as_many_as_full_pages_hold() {
    let bench = pages(Pages::new(790, 25)).await;
    let list = || List::<Thing>::new("/things", "things");
    let some = bench.reader().all(list().enough(30)).await.unwrap();
    assert_eq!((some.at_least, some.complete), (776, false));
    assert_eq!(bench.list().await.at_least, 790);

    let mut bare = Pages::new(60, 25);
    bare.meta = false;
    let bench = pages(bare).await;
    // Whether there is more shows on the page after what is enough.
    let some = bench.reader().all(list().enough(50)).await.unwrap();
    assert_eq!((some.items.len(), some.complete), (60, false));
    assert_eq!(bench.hits().await, 3);
}

#[tokio::test]
async fn a_list_that_is_too_long_is_left_after_its_first_page() {
    let bench = pages(Pages::new(100, 25)).await;
    let list = |pages| List::<Thing>::new("/things", "things").unless_longer_than(pages);
    let whole = bench.reader().all(list(4)).await.unwrap();
    assert_eq!((whole.items.len(), whole.complete), (100, true));
    let first = bench.reader().all(list(3)).await.unwrap();
    assert_eq!((first.items.len(), first.complete), (25, false));
    assert_eq!(bench.hits().await, 5);
}

#[tokio::test]
async fn some_objects_come_bare_or_wrapped() {
    let bench = Bench::new().await;
    for (at, body) in [
        ("wrapped", json!({"thing": {"id": 7}})),
        ("bare", json!({"id": 7, "more": "kept"})),
        ("null", json!({"thing": null})),
        ("nothing", json!(null)),
        ("foreign", json!({"error": "no"})),
    ] {
        Mock::given(path(format!("/api/v1/{at}")))
            .respond_with(ResponseTemplate::new(200).set_body_json(body))
            .mount(&bench.server)
            .await;
    }
    let get = |at: &str| Get::<Thing>::new(format!("/{at}"), Some("thing")).bare_too();
    for at in ["wrapped", "bare"] {
        assert_eq!(bench.reader().get(get(at)).await.unwrap().id, 7, "{at}");
    }
    for at in ["null", "nothing", "foreign"] {
        let error = bench.reader().get(get(at)).await.unwrap_err();
        assert!(matches!(error, Error::Foreign { .. }), "{at}: {error}");
    }
    let strict = Get::<Thing>::new("/bare", Some("thing"));
    assert!(bench.reader().get(strict).await.is_err());
}

#[tokio::test]
async fn wrapped_elements_and_pairs_are_understood() {
    let body = json!({"appointments": [{"appointment": {"id": 5_560_000_001_u64}}], "users": [[1, "Ann"], [2, "Bo"]]});
    let bench = Bench::with(ResponseTemplate::new(200).set_body_json(body)).await;
    let list = List::<Thing>::new("/appointments", "appointments").unwrapping("appointment");
    let listing = bench.reader().all(list).await.unwrap();
    assert_eq!(ids(&listing), [5_560_000_001]);
    let list = List::<(u64, String)>::new("/users", "users");
    let listing = bench.reader().all(list).await.unwrap();
    assert_eq!(listing.items.len(), 2);
    assert_eq!(listing.items[1].view, (2, "Bo".to_owned()));
}

#[tokio::test]
async fn one_broken_page_breaks_the_list_and_names_the_record() {
    let bench = Bench::new().await;
    Mock::given(query_param_is_missing("page"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(
                json!({"things": [{"id": 1}], "meta": {"total_pages": "2", "page": 1}}),
            ),
        )
        .mount(&bench.server)
        .await;
    Mock::given(query_param("page", "2"))
        .respond_with(ResponseTemplate::new(200).set_body_json(
            json!({"things": [{"id": 2}, {"id": null}], "meta": {"total_pages": 2, "page": 2}}),
        ))
        .mount(&bench.server)
        .await;
    let list = List::<Thing>::new("/things", "things");
    let error = bench.reader().all(list).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "GET /things: things[2].id cannot be read: invalid type: null, expected u64"
    );
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
