//! The faults again, on every write to customers, what they have and what they owe: what the
//! client gets to see, and how often the write landed.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Bench, QUILLFEATHER, REMOTE, until};

const CONTACT: i64 = QUILLFEATHER - 23_400_000;
/// TILL-2, of Quillfeather Books.
const ASSET: i64 = 12_390_017;
/// An open one of Larkspur Brewery.
const INVOICE: i64 = 1_652_204_118 + 18 * 613;

/// One write, and where the table is in which it shows.
struct Write {
    op: &'static str,
    method: Method,
    path: String,
    body: Option<Value>,
    table: &'static str,
    /// Whether two of it make two records.
    makes: bool,
}

fn write(
    op: &'static str,
    method: Method,
    path: String,
    body: Value,
    table: &'static str,
    makes: bool,
) -> Write {
    Write { op, method, path, body: (!body.is_null()).then_some(body), table, makes }
}

/// Customers with all that is theirs, products and invoices.
fn writes() -> Vec<Write> {
    of_customers().into_iter().chain(of_sales()).collect()
}

fn of_customers() -> Vec<Write> {
    let customer = format!("/customers/{QUILLFEATHER}");
    let contact = format!("/contacts/{CONTACT}");
    let phones = format!("{customer}/phones");
    vec![
        write(
            "customer-create",
            Method::POST,
            "/customers".to_owned(),
            json!({"business_name": "Fennel Deli", "phone": "555-0400"}),
            "customers",
            true,
        ),
        write(
            "customer-update",
            Method::PUT,
            customer.clone(),
            json!({"notes": "Ring twice"}),
            "customers",
            false,
        ),
        write("phone", Method::POST, phones, json!({"number": "555-0400"}), "phones", true),
        write(
            "asset-create",
            Method::POST,
            "/customer_assets".to_owned(),
            json!({"name": "TILL-3", "asset_type_name": "Desktop", "customer_id": QUILLFEATHER}),
            "assets",
            true,
        ),
        write(
            "asset-update",
            Method::PUT,
            format!("/customer_assets/{ASSET}"),
            json!({"asset_serial": "LF-1"}),
            "assets",
            false,
        ),
        write(
            "contact-create",
            Method::POST,
            "/contacts".to_owned(),
            json!({"customer_id": QUILLFEATHER, "name": "Tess Otter"}),
            "contacts",
            true,
        ),
        write(
            "contact-update",
            Method::PUT,
            contact.clone(),
            json!({"notes": "Ring twice"}),
            "contacts",
            false,
        ),
        write("contact-delete", Method::DELETE, contact, Value::Null, "contacts", false),
        write("customer-delete", Method::DELETE, customer, Value::Null, "customers", false),
    ]
}

fn of_sales() -> Vec<Write> {
    vec![
        write(
            "product-write",
            Method::POST,
            "/products".to_owned(),
            json!({"name": "Webcam", "description": "Webcam", "price_retail": 60}),
            "products",
            true,
        ),
        write(
            "payment-create",
            Method::POST,
            "/payments".to_owned(),
            json!({"invoice_id": INVOICE, "amount_cents": 12_345, "payment_method": "Check"}),
            "payments",
            true,
        ),
        write(
            "invoice-update",
            Method::PUT,
            format!("/invoices/{INVOICE}"),
            json!({"note": "Thank you"}),
            "invoices",
            false,
        ),
        write(
            "invoice-email",
            Method::POST,
            format!("/invoices/{INVOICE}/email"),
            json!({}),
            "mailed",
            true,
        ),
        write(
            "invoice-print",
            Method::POST,
            format!("/invoices/{INVOICE}/print"),
            json!({}),
            "printed",
            true,
        ),
        write(
            "invoice-line",
            Method::POST,
            format!("/invoices/{INVOICE}/line_items"),
            json!({"item": "Cable", "name": "Cable", "price": 5}),
            "invoice_lines",
            true,
        ),
    ]
}

/// The records of the table by id, as the server keeps them.
fn table(bench: &Bench, name: &str) -> serde_json::Map<String, Value> {
    let state = std::fs::read(bench.dir.path().join("state").join("state.json")).unwrap();
    let mut state: Value = serde_json::from_slice(&state).unwrap();
    match state["tables"][name].take() {
        Value::Object(rows) => rows,
        _ => serde_json::Map::new(),
    }
}

impl Write {
    async fn send(&self, bench: &Bench) -> Answer {
        bench.try_send(self.method.clone(), &self.path, self.body.clone()).await
    }

    /// How many records of the table are others than those.
    fn moved(&self, bench: &Bench, before: &serde_json::Map<String, Value>) -> usize {
        let now = table(bench, self.table);
        let new = now.iter().filter(|(id, row)| before.get(*id) != Some(row));
        let gone = before.keys().filter(|id| !now.contains_key(*id));
        new.count() + gone.count()
    }
}

/// A server on which every one of the writes is struck.
fn struck(kind: &str) -> Bench {
    let faults: Vec<String> = writes().iter().map(|write| format!("{}={kind}", write.op)).collect();
    let faults: Vec<&str> = faults.iter().map(String::as_str).collect();
    Bench::with(&faults)
}

/// Does each write under the fault, and hands over what it came to.
async fn under(kind: &str, look: impl Fn(&Write, Answer, usize)) {
    let bench = struck(kind);
    for write in writes() {
        let before = table(&bench, write.table);
        let answer = write.send(&bench).await;
        let moved = write.moved(&bench, &before);
        let log = bench.log();
        let entry = log.last().unwrap();
        assert!(entry["fault"].is_string(), "{} is not struck", write.op);
        assert_eq!(entry["applied"], moved > 0, "{}={kind}", write.op);
        look(&write, answer, moved);
    }
}

#[tokio::test]
async fn office_writes_end_without_an_answer() {
    for (kind, landed) in [
        ("close-before", 0),
        ("close-after", 1),
        ("reset-before", 0),
        ("reset-after", 1),
        ("truncated", 1),
    ] {
        under(kind, |write, answer, moved| {
            assert!(answer.is_err(), "{}={kind}", write.op);
            assert_eq!(moved, landed, "{}={kind}", write.op);
        })
        .await;
    }
}

#[tokio::test]
async fn office_writes_are_answered_with_a_failure() {
    for (kind, status, landed) in [
        ("500-before", 500, 0),
        ("500-after", 500, 1),
        ("502-after", 502, 1),
        ("504-after", 504, 1),
        ("302-after", 302, 1),
        ("307-before", 307, 0),
        ("400", 400, 0),
        ("404", 404, 0),
        ("422", 422, 0),
        ("429:7", 429, 0),
        ("429-html", 429, 0),
        ("html-before", 200, 0),
        ("html-after", 200, 1),
    ] {
        under(kind, |write, answer, moved| {
            let got = answer.unwrap().0;
            assert_eq!((got, moved), (status, landed), "{}={kind}", write.op);
        })
        .await;
    }
}

#[tokio::test]
async fn office_writes_are_answered_with_nothing_of_worth() {
    for kind in ["garbled", "empty", "null", "nulls", "foreign"] {
        under(kind, |write, answer, moved| {
            let (status, text) = answer.unwrap();
            assert_eq!((status, moved), (200, 1), "{}={kind}", write.op);
            let parsed = serde_json::from_str::<Value>(&text);
            match kind {
                "garbled" | "empty" => assert!(parsed.is_err(), "{}: {text}", write.op),
                "null" => assert_eq!(parsed.unwrap(), Value::Null),
                "foreign" => assert!(parsed.unwrap()["widgets"].is_array()),
                _ => assert!(!text.contains('5'), "{}: {text}", write.op),
            }
        })
        .await;
    }
}

#[tokio::test]
async fn office_writes_land_twice_or_after_the_colleagues() {
    for kind in ["twice", "stolen"] {
        under(kind, |write, answer, moved| {
            let expected = if write.makes { 2 } else { 1 };
            assert_eq!(moved, expected, "{}={kind}", write.op);
            let late = kind == "stolen" && write.method == Method::DELETE;
            assert_eq!(answer.unwrap().0, if late { 404 } else { 200 });
        })
        .await;
    }
}

#[tokio::test]
async fn office_writes_are_answered_with_anothers_id() {
    let bench = struck("wrong-id");
    for write in writes() {
        // These say nothing of a record.
        if write.method == Method::DELETE || ["mailed", "printed"].contains(&write.table) {
            continue;
        }
        let (_, text) = write.send(&bench).await.unwrap();
        let (_, right) = write.send(&bench).await.unwrap();
        let id = |text: &str| {
            let answer: Value = serde_json::from_str(text).unwrap();
            let inner = answer.as_object().unwrap().values().next().unwrap();
            let record = if inner.is_object() { inner } else { &answer };
            record["id"].as_i64().unwrap()
        };
        let known = table(&bench, write.table);
        assert!(known.contains_key(&id(&text).to_string()), "{}", write.op);
        assert_ne!(id(&text), id(&right), "{}", write.op);
        if write.makes {
            let newest = known.keys().filter_map(|id| id.parse::<i64>().ok()).max();
            assert!(Some(id(&text) + 1) < newest, "{}", write.op);
        }
    }
}

#[tokio::test]
async fn office_writes_hang_come_late_or_lag() {
    let (hanging, late, lagging) = (struck("hang-after"), struck("late:150"), struck("lag:250"));
    for (count, write) in (1..).zip(writes()) {
        let before = table(&hanging, write.table);
        // It may take its time to get there; what came hangs.
        let hung = async {
            until(|| async { hanging.log().len() == count }).await;
            tokio::time::sleep(Duration::from_millis(80)).await;
        };
        let is_answered = tokio::select! {
            _ = write.send(&hanging) => true,
            () = hung => false,
        };
        assert!(!is_answered, "{}", write.op);
        assert_eq!(write.moved(&hanging, &before), 1, "{}", write.op);

        let before = table(&late, write.table);
        assert!(write.send(&late).await.is_err(), "{}", write.op);
        assert_eq!(write.moved(&late, &before), 0, "{}", write.op);
        until(|| async { write.moved(&late, &before) == 1 }).await;

        let before = table(&lagging, write.table);
        assert_eq!(write.send(&lagging).await.unwrap().0, 200, "{}", write.op);
        assert_eq!(write.moved(&lagging, &before), 1, "{}", write.op);
    }
}

#[tokio::test]
async fn office_reads_do_not_show_what_lags() {
    let bench = Bench::with(&["customer-create=lag:1500", "contact-delete=lag:1500"]);
    let total = async || bench.get("/customers").await["meta"]["total_entries"].clone();
    let before = total().await;
    bench.post("/customers", json!({"business_name": "Fennel Deli"})).await;
    assert_eq!(total().await, before);
    until(|| async { total().await != before }).await;

    let path = format!("/contacts/{CONTACT}");
    bench.send(Method::DELETE, &path, None).await;
    assert_eq!(bench.status(&path).await, 200);
    until(|| async { bench.status(&path).await == 404 }).await;
}

#[tokio::test]
async fn office_reads_are_struck_by_names_of_their_own() {
    for (op, path) in [
        ("customers", "/customers".to_owned()),
        ("customers", "/customers/autocomplete?query=q".to_owned()),
        ("customers", "/customers/latest".to_owned()),
        ("customer", format!("/customers/{QUILLFEATHER}")),
        ("phones", format!("/customers/{QUILLFEATHER}/phones")),
        ("contacts", "/contacts".to_owned()),
        ("contact", format!("/contacts/{CONTACT}")),
        ("assets", "/customer_assets".to_owned()),
        ("asset", format!("/customer_assets/{ASSET}")),
        ("payments", "/payments".to_owned()),
        ("payment", "/payments/61200000".to_owned()),
        ("products", "/products".to_owned()),
        ("product", format!("/products/{REMOTE}")),
    ] {
        let bench = Bench::with(&[&format!("{op}=503-before"), &format!("{op}@2=wrong-id")]);
        assert_eq!(bench.status(&path).await, 503, "{op} {path}");
        let wrong = bench.get(&path).await;
        assert_ne!(wrong, bench.get(&path).await, "{op} {path}");
    }
}
