//! Where the server does as the specification has it, and as accounts were seen to do.

use reqwest::Method;
use serde_json::{Value, json};
use syncro::sandbox::KEY;

use super::{BILLABLE, Bench, QUILLFEATHER};

const CONTACT: i64 = QUILLFEATHER - 23_400_000;

#[tokio::test]
async fn the_key_comes_in_any_of_its_ways() {
    let bench = Bench::new();
    let ask = |header: Option<String>, query: &str| {
        let mut request = bench.client.get(bench.url(&format!("/me{query}")));
        if let Some(header) = header {
            request = request.header("Authorization", header);
        }
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(ask(None, &format!("?api_key={KEY}")).await, 200);
    for scheme in ["", "Bearer ", "bearer ", "BEARER "] {
        assert_eq!(ask(Some(format!("{scheme}{KEY}")), "").await, 200, "{scheme}");
        assert_eq!(ask(Some(format!("{scheme}another")), "").await, 401, "{scheme}");
    }
    assert_eq!(ask(Some(format!("Basic {KEY}")), "").await, 401);
}

#[tokio::test]
async fn what_is_not_offered_says_so() {
    let bench = Bench::new();
    for (method, path) in [
        (Method::GET, "/leads"),
        (Method::POST, "/wiki_pages"),
        (Method::DELETE, "/wiki_pages/17"),
        (Method::GET, "/customer_assets/chat_information_by_ids"),
    ] {
        let (status, said) = bench.send(method.clone(), path, Some(json!({}))).await;
        assert_eq!(status, 501, "{method} {path}");
        let error = said["error"].as_str().unwrap();
        assert!(error.contains(&format!("{method} {path}")), "{error}");
    }
    for path in ["/nonsense", "/leads/1/2", "/tickets/1/nonsense"] {
        let answer = bench.try_send(Method::GET, path, None).await.unwrap();
        assert_eq!(answer, (404, String::new()), "{path}");
    }
    let logged = bench.log();
    assert!(logged.iter().all(|line| line["applied"] == false));
}

#[tokio::test]
async fn removals_answer_in_words() {
    let bench = Bench::new();
    let gone = |path: String| {
        let bench = &bench;
        async move { bench.send(Method::DELETE, &path, None).await }
    };
    let (status, said) = gone("/appointments/5560900000".to_owned()).await;
    assert!(status == 200 && said["message"].is_string(), "{said}");
    let (status, said) = gone(format!("/contacts/{CONTACT}")).await;
    assert!(status == 200 && said["message"].is_string(), "{said}");
    assert_eq!(gone("/contracts/310021".to_owned()).await, (200, json!({"success": true})));
}

#[tokio::test]
async fn a_contact_has_its_title_among_the_properties() {
    let bench = Bench::new();
    let body = json!({"customer_id": QUILLFEATHER, "name": "Tess Otter", "title": "Buyer"});
    let (status, made) = bench.post("/contacts", body).await;
    assert_eq!((status, &made["properties"]), (200, &json!({"title": "Buyer"})));
    let path = format!("/contacts/{}", made["id"]);
    let (_, same) = bench.put(&path, json!({"properties": {"title": "Driver", "desk": "2"}})).await;
    assert_eq!(same["properties"], made["properties"], "neither PUT nor POST has them");
    let (_, changed) = bench.put(&path, json!({"title": "Chief"})).await;
    assert_eq!(changed["properties"], json!({"title": "Chief"}));
    assert!(changed.get("title").is_none());
    let (_, kept) = bench.put(&path, json!({"notes": "Ring twice"})).await;
    assert_eq!(kept["properties"], changed["properties"]);
}

#[tokio::test]
async fn customers_have_digits_and_addresses_and_machines_a_meta() {
    let bench = Bench::new();
    let body = json!({"business_name": "Fennel Deli", "phone": "(555) 111-2222", "mobile": "ask"});
    let (_, made) = bench.post("/customers", body).await;
    let customer = &made["customer"];
    assert_eq!((&customer["phone"], &customer["mobile"]), (&json!("5551112222"), &json!("ask")));
    assert_eq!(customer["addresses"], json!([]));
    let phones = format!("/customers/{}/phones", customer["id"]);
    assert_eq!(bench.get(&phones).await["phones"][1]["number"], "5551112222");
    let saltmarsh = bench.get("/customers/31205462").await["customer"].take();
    assert_eq!(saltmarsh["addresses"][0]["name"], "Dispensary");
    let list = bench.get("/customer_assets?customer_id=31205462").await;
    assert_eq!(list["meta"], json!({"total_pages": 1, "page": 1}));
    assert_eq!(list["assets"][0]["address"], saltmarsh["addresses"][0]);
}

#[tokio::test]
async fn amounts_beyond_reckoning_are_refused() {
    let bench = Bench::new();
    let line = |field: &str, amount: Value| json!({"name": "n", "description": "d", "item": "i", "price_retail": 5, field: amount});
    for path in
        [format!("/tickets/{BILLABLE}/add_line_item"), "/invoices/1652300000/line_items".to_owned()]
    {
        for field in ["quantity", "price", "price_retail", "price_cost", "cost", "discount_percent"]
        {
            for amount in
                [json!("7e28"), json!("9".repeat(40)), json!(-100_000_000), json!("1e400")]
            {
                let (status, said) = bench.post(&path, line(field, amount.clone())).await;
                let refused = status == 422 && said["errors"][0].is_string();
                assert!(refused, "{path} {field} {amount}: {status} {said}");
            }
        }
    }
    for cents in [json!("9".repeat(30)), json!(0), json!(-5)] {
        let body = json!({"invoice_id": 1_652_300_000_i64, "amount_cents": cents});
        assert_eq!(bench.post("/payments", body).await.0, 422);
    }
    let before = bench.get("/invoices/67409").await;
    assert_eq!(before["invoice"]["subtotal"], "90.0");
    assert_eq!(bench.ticket(32_181).await["line_items"], json!([]));
}
