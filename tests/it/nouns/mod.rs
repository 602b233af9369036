//! The nouns' reading verbs: what they answer, what they leave out and say so, whom they find by name or number, and what
//! they ask the server for.

mod appointments;
mod assets;
mod contacts;
mod invoices;
mod lines;
mod payments;
mod products;
mod timers;

use serde_json::{Value, json};
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{Ran, TestEnv};

/// What the account's customers carry in their addresses.
const SECRET: &str = "not-a-secret";

/// An account where the program remembers nothing and every page of a list is short.
fn short_pages() -> TestEnv {
    TestEnv::of(crate::support::Setup { list_page: 5, ..Default::default() })
}

/// A server that gives each path one answer, whatever it is asked besides, and 404 to everything else.
struct Stub {
    server: MockServer,
    env: TestEnv,
}

impl Stub {
    async fn new(answers: &[(&str, Value)]) -> Self {
        let server = MockServer::start().await;
        for (at, answer) in answers {
            let template = ResponseTemplate::new(200).set_body_json(answer);
            Mock::given(path(format!("/api/v1{at}"))).respond_with(template).mount(&server).await;
        }
        Mock::given(any())
            .respond_with(ResponseTemplate::new(404))
            .with_priority(u8::MAX)
            .mount(&server)
            .await;
        let env = TestEnv::new();
        env.knows_account_at(&format!("{}/api/v1", server.uri()));
        Self { server, env }
    }

    fn run(&self, args: &[&str]) -> Ran {
        let base = format!("{}/api/v1", self.server.uri());
        self.env.run_with(args, &[("SYNCRO_BASE_URL", &base)])
    }

    /// Every request, with what it asked for.
    async fn asked(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap();
        requests
            .iter()
            .map(|request| {
                let url = &request.url;
                let pairs = url.query_pairs().filter(|(name, _)| name != "api_key");
                let pairs: Vec<String> =
                    pairs.map(|(name, value)| format!("{name}={value}")).collect();
                let path = url.path().trim_start_matches("/api/v1");
                format!("{path}?{}", pairs.join("&"))
            })
            .collect()
    }
}

/// What the program asked the practice server for: paths in order, without their queries.
fn paths(env: &TestEnv) -> Vec<String> {
    let mut paths: Vec<String> = env.log().iter().map(|line| line.what()).collect();
    paths.sort();
    paths
}

/// The array that a list prints under `--json`.
#[track_caller]
fn array(ran: &Ran) -> Vec<Value> {
    let json = ran.ends(0).json();
    let Some(Value::Array(items)) = json else {
        unreachable!("no array: {ran}");
    };
    items
}

/// The values of a member, as text.
fn each(items: &[Value], name: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    items.iter().map(|item| text(&item[name])).collect()
}

/// All lines of the answer but the head, each without what lies behind its first column.
fn first_columns(ran: &Ran) -> Vec<String> {
    let words = ran.stdout.lines().skip(1);
    words.map(|line| line.split_whitespace().next().unwrap_or_default().to_owned()).collect()
}

/// Every list and every page of the nouns, on the practice account.
const READS: [&[&str]; 18] = [
    &["line", "list", "32178"],
    &["timer", "list", "32175"],
    &["timer", "list"],
    &["invoice", "list"],
    &["invoice", "show", "67410"],
    &["payment", "list"],
    &["appointment", "list", "--date", "2026-03-01..2026-04-30"],
    &["appointment", "show", "5560900000"],
    &["contact", "list"],
    &["contact", "list", "--customer", "Quillfeather Books"],
    &["contact", "show", "7804551"],
    &["asset", "list"],
    &["asset", "show", "12390327"],
    &["asset", "patches", "12390699"],
    &["product", "list"],
    &["product", "list", "labor"],
    &["product", "show", "17340021"],
    &["product", "show", "SSD 1 TB"],
];

#[test]
fn no_page_shows_a_portal_key_and_json_keeps_it() {
    let env = TestEnv::new();
    for read in READS {
        let ran = env.run(read);
        ran.ends(0);
        assert!(!ran.stdout.is_empty(), "{read:?}");
        assert!(!ran.stdout.contains(SECRET), "{ran}");
        let json = env.run(&[read, &["--json"]].concat());
        assert!(json.ends(0).json().is_some(), "{json}");
    }
    for read in [
        &["invoice", "show", "67410"][..],
        &["asset", "show", "12390327"],
        &["appointment", "show", "5560900000"],
    ] {
        let json = env.run(&[read, &["--json"]].concat());
        assert!(json.stdout.contains(SECRET), "{json}");
    }
}

#[test]
fn what_is_not_there_is_exit_3_and_says_where_to_look() {
    let env = TestEnv::new();
    for (typed, listed) in [
        (&["line", "list", "99999"][..], "number"),
        (&["timer", "list", "99999"], "number"),
        (&["invoice", "show", "99999"], "`syncro invoice list`"),
        (&["invoice", "show", "id:99999"], "`syncro invoice list`"),
        (&["invoice", "list", "--ticket", "99999"], "number"),
        (&["invoice", "list", "--ticket", "id:99999"], "number"),
        (&["appointment", "list", "--ticket", "id:99999"], "number"),
        (&["invoice", "list", "--customer", "nobody"], "customers"),
        (&["payment", "show", "99999"], "`syncro payment list`"),
        (&["appointment", "show", "99999"], "`syncro appointment list`"),
        (&["contact", "show", "99999"], "`syncro contact list`"),
        (&["contact", "show", "nobody"], "`syncro contact list`"),
        (&["asset", "show", "99999"], "`syncro asset list`"),
        (&["asset", "show", "id:99999"], "`syncro asset list`"),
        (&["asset", "show", "nothing"], "`syncro asset list`"),
        (&["asset", "patches", "99999"], "`syncro asset list`"),
        (&["product", "show", "99999"], "`syncro product list`"),
        (&["product", "show", "id:99999"], "`syncro product list`"),
        (&["product", "show", "nothing"], "`syncro product list`"),
    ] {
        let ran = env.run(typed);
        ran.ends(3).says(listed);
        assert!(ran.stdout.is_empty(), "{ran}");
        let json = env.run(&[typed, &["--json"]].concat());
        assert_eq!(json.ends(3).error()["kind"], "not_found");
        assert!(json.stdout.is_empty(), "{json}");
    }
}

#[test]
fn what_cannot_be_meant_is_exit_2_before_any_request() {
    let env = TestEnv::new();
    for typed in [
        &["invoice", "show", "../tickets"][..],
        &["invoice", "show", "67410?x=1"],
        &["invoice", "list", "--paid", "--unpaid"],
        &["invoice", "list", "--since", "sometime"],
        &["invoice", "list", "--limit", "0"],
        &["invoice", "list", "--limit", "5", "--all"],
        &["payment", "show", "id:cash"],
        &["payment", "list", "--since", "2026-02-30"],
        &["appointment", "show", "id:soon"],
        &["appointment", "list", "--date", "sometime"],
        &["appointment", "list", "--mine", "--owner", "Mika"],
        &["asset", "show", "id:x"],
        &["product", "show", ""],
    ] {
        let ran = env.run(typed);
        ran.ends(2);
        assert!(ran.stdout.is_empty(), "{ran}");
    }
    assert_eq!(env.log().len(), 0);
}

#[cfg(unix)]
#[test]
fn no_row_is_wider_than_the_terminal() {
    use unicode_width::UnicodeWidthStr as _;

    let env = TestEnv::new();
    for read in READS {
        let (code, shown) = env.terminal_of(80, read).end();
        assert_eq!(code, 0, "{shown}");
        for line in shown.lines() {
            assert!(line.width() <= 80, "{read:?}: {line}");
        }
    }
}

#[tokio::test]
async fn fields_that_nobody_has_described_survive_in_json() {
    let odd = json!({"sky": ["overcast", null, 4.50], "9lives": true});
    let with = |mut raw: Value| {
        raw["weather"] = odd.clone();
        raw
    };
    let contact = with(json!({"id": 7, "name": "Ada", "customer_id": 5, "properties": null}));
    let asset = with(json!({"id": 7, "name": "TILL", "properties": {"a": {"b": [1]}}}));
    let product = with(json!({"id": 7, "name": "Cable", "price_retail": 6.250}));
    let payment = with(json!({"id": 7, "payment_amount": 100, "invoice_ids": [null]}));
    let invoice = with(json!({"id": 7, "number": "7", "total": "1.0", "payments": [3]}));
    let appointment = with(json!({"id": 7, "start_at": "2026-05-05T10:00:00Z", "user_ids": null}));
    let patch = with(json!({"kb": null, "title": "Driver", "status": "Missing Patches"}));
    let stub = Stub::new(&[
        ("/contacts", json!({"contacts": [contact], "meta": {"total_pages": 1, "page": 1}})),
        ("/contacts/7", contact.clone()),
        ("/customer_assets", json!({"assets": [asset], "meta": {"total_pages": 1, "page": 1}})),
        ("/customer_assets/7", json!({"asset": asset})),
        (
            "/customer_assets/7/patches",
            json!({"available_patches": [], "installed_patches": [patch]}),
        ),
        ("/products", json!({"products": [product], "meta": {"total_pages": 1, "page": 1}})),
        ("/products/7", json!({"product": product})),
        ("/payments", json!({"payments": [payment], "meta": {"total_pages": 1, "page": 1}})),
        ("/payments/7", json!({"payment": payment})),
        ("/invoices", json!({"invoices": [invoice], "meta": {"total_pages": 1, "page": 1}})),
        ("/invoices/7", json!({"invoice": invoice})),
        ("/appointments", json!({"appointments": [{"appointment": appointment}]})),
        ("/appointments/7", appointment.clone()),
    ])
    .await;
    for (typed, wanted) in [
        (&["contact", "list"][..], json!([contact])),
        (&["contact", "show", "ada"], contact.clone()),
        (&["asset", "list"], json!([asset])),
        (&["asset", "show", "till"], asset.clone()),
        (&["asset", "patches", "7"], json!([patch])),
        (&["product", "list"], json!([product])),
        (&["product", "show", "7"], product.clone()),
        (&["payment", "list"], json!([payment])),
        (&["payment", "show", "7"], payment.clone()),
        (&["invoice", "list"], json!([invoice])),
        (&["invoice", "show", "7"], invoice.clone()),
        (&["appointment", "list", "--date", "2026-05-05"], json!([appointment])),
        (&["appointment", "show", "7"], appointment.clone()),
    ] {
        let ran = stub.run(&[typed, &["--json"]].concat());
        assert_eq!(ran.ends(0).json().unwrap(), wanted, "{typed:?}");
        // And none of it is too odd for a page.
        stub.run(typed).ends(0);
    }
}
