//! Customers, their phones and their contacts: lists that have pages, and writes with habits.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Bench, QUILLFEATHER};

/// Stonecrop Opticians, the first customer outside the story.
const STONECROP: i64 = 31_205_003;
/// Wren & Otter, who wants text messages.
const WREN: i64 = 31_205_003 + 3 * 17;
const CONTACT: i64 = QUILLFEATHER - 23_400_000;

fn names(list: &Value) -> Vec<&str> {
    let customers = list["customers"].as_array().unwrap().iter();
    customers.map(|one| one["business_then_name"].as_str().unwrap()).collect()
}

async fn found(bench: &Bench, asked: &str) -> Vec<String> {
    let list = bench.get(&format!("/customers?{asked}")).await;
    names(&list).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn customers_come_in_pages_without_the_disabled() {
    let bench = Bench::new();
    let first = bench.get("/customers").await;
    assert_eq!(
        first["meta"],
        json!({"total_pages": 3, "page": 1, "total_entries": 65, "per_page": 25})
    );
    assert_eq!(names(&first).len(), 25);
    assert_eq!(names(&bench.get("/customers?page=3").await).len(), 15);
    let all = bench.get("/customers?include_disabled=true").await;
    assert_eq!(all["meta"]["total_entries"], 67);
    assert_eq!(first["customers"][0]["prepay_hours"], "0.0");
    let contacts = first["customers"][0]["contacts"].as_array().unwrap();
    assert_eq!(contacts.len(), 3);
    assert!(!first.to_string().contains("\"_"), "a private field is shown");
}

#[tokio::test]
async fn customers_are_filtered_by_what_the_server_knows() {
    let bench = Bench::new();
    assert_eq!(found(&bench, "query=wren%20otter").await, ["Wren & Otter", "WREN & OTTER"]);
    assert_eq!(found(&bench, "business_name=stonecrop%20opt").await.len(), 2);
    assert_eq!(found(&bench, "lastname=quenby&firstname=mar").await.len(), 2);
    assert_eq!(
        found(&bench, "email=SHARED@pettigrew.example").await,
        ["Pettigrew Joinery", "Pettigrew Roofing"]
    );
    assert!(found(&bench, "email=pettigrew.example").await.is_empty());
    let two = format!("id[]={QUILLFEATHER}&id[]={STONECROP}");
    assert_eq!(found(&bench, &two).await, ["Quillfeather Books", "Stonecrop Opticians"]);
    assert_eq!(
        found(&bench, &format!("{two}&not_id={QUILLFEATHER}")).await,
        ["Stonecrop Opticians"]
    );
    let up = found(&bench, "query=stonecrop&sort=business_name%20ASC").await;
    let down = found(&bench, "query=stonecrop&sort=business_name%20DESC").await;
    assert_eq!(up, ["Stonecrop", "Stonecrop Opticians", "Stonecrop Opticians Ltd"]);
    assert_eq!(down, up.iter().rev().cloned().collect::<Vec<_>>());
    assert_eq!(found(&bench, "nonsense=1").await.len(), 25);
    for hard in ["1881", "..%2FEscape%20%26%20Sons", "CON"] {
        assert!(!found(&bench, &format!("query={hard}")).await.is_empty(), "{hard}");
    }
    let quick = bench.get("/customers/autocomplete?query=a").await;
    assert_eq!(quick["customers"].as_array().unwrap().len(), 10);
    assert!(quick.get("meta").is_none());
}

#[tokio::test]
async fn a_customer_is_made_once_for_each_post_and_is_the_latest() {
    let bench = Bench::new();
    let body = json!({
        "business_name": "Fennel Deli", "firstname": "Ida", "lastname": "Fennel",
        "email": "ida@fennel.example", "phone": "555-0400", "mobile": "555-0401",
        "get_sms": true, "properties": {"Route": "South"}, "get_billing": true, "disabled": true,
    });
    let (status, made) = bench.post("/customers", body.clone()).await;
    let customer = &made["customer"];
    assert_eq!(status, 200);
    assert_eq!(customer["fullname"], "Ida Fennel");
    assert_eq!(customer["business_and_full_name"], "Fennel Deli - Ida Fennel");
    assert_eq!(customer["business_then_name"], "Fennel Deli");
    assert_eq!((&customer["get_sms"], &customer["disabled"]), (&json!(true), &json!(false)));
    assert_eq!(customer["properties"]["Route"], "South");
    assert_eq!(customer["prepay_hours"], "0.0");
    assert!(customer.get("get_billing").is_none(), "dropped without a word");
    let (_, again) = bench.post("/customers", body).await;
    assert_ne!(again["customer"]["id"], customer["id"]);
    assert_eq!(found(&bench, "query=fennel").await.len(), 2);
    assert_eq!(bench.get("/customers/latest").await["customer"]["id"], again["customer"]["id"]);
    let phones = bench.get(&format!("/customers/{}/phones", customer["id"])).await;
    assert_eq!(phones["phones"][0]["label"], "Mobile");
    assert_eq!(phones["phones"][1]["number"], "5550400");

    let (_, person) =
        bench.post("/customers", json!({"firstname": "Ida", "lastname": "Fennel"})).await;
    assert_eq!(person["customer"]["business_then_name"], "Ida Fennel");
    assert_eq!(person["customer"]["email"], Value::Null);
}

#[tokio::test]
async fn a_customer_needs_a_name_and_an_address_that_is_one() {
    let bench = Bench::new();
    for nameless in [
        json!({}),
        json!({"firstname": "Ida", "email": "ida@fennel.example"}),
        json!({"business_name": "  "}),
    ] {
        let (status, refused) = bench.post("/customers", nameless.clone()).await;
        assert_eq!(status, 422);
        assert_eq!(refused["success"], false);
        assert!(refused["message"][0].is_string());
        assert_eq!(refused["params"], nameless);
    }
    let wrong = json!({"business_name": "Fennel Deli", "email": "not an address"});
    let (status, refused) = bench.post("/customers", wrong).await;
    assert_eq!(status, 422);
    assert_eq!(refused["message"].as_array().unwrap().len(), 2);
    let path = format!("/customers/{WREN}");
    let (status, refused) = bench.put(&path, json!({"email": "not an address"})).await;
    assert_eq!(status, 422);
    assert!(refused.get("params").is_none());
    let nameless = json!({"business_name": "", "lastname": ""});
    assert_eq!(bench.put(&path, nameless).await.0, 422);
    assert_eq!(bench.get("/customers").await["meta"]["total_entries"], 65);
    assert_eq!(bench.get(&path).await["customer"]["business_name"], "Wren & Otter");
}

#[tokio::test]
async fn a_change_of_a_customer_moves_one_boolean_that_was_left_out() {
    let bench = Bench::new();
    let path = format!("/customers/{WREN}");
    let before = bench.get(&path).await["customer"].take();
    assert_eq!(before["get_sms"], true);
    let (status, kept) =
        bench.put(&path, json!({"phone": "555-0402", "get_sms": true, "no_email": true})).await;
    assert_eq!(status, 200);
    let mut expected = before.clone();
    for (field, value) in [("phone", json!("5550402")), ("no_email", json!(true))] {
        expected[field] = value;
    }
    expected["updated_at"] = kept["customer"]["updated_at"].clone();
    assert_eq!(kept["customer"], expected, "nothing else moves");
    assert_ne!(kept["customer"]["updated_at"], before["updated_at"]);

    let (_, moved) = bench.put(&path, json!({"business_name": "Wren & Co"})).await;
    assert_eq!(moved["customer"]["get_sms"], false, "a default comes back");
    assert_eq!(moved["customer"]["no_email"], true);
    assert_eq!(moved["customer"]["business_then_name"], "Wren & Co");
    assert_eq!(moved["customer"]["business_and_full_name"], "Wren & Co - Cosima Wren");
    let books = format!("/customers/{QUILLFEATHER}");
    bench.put(&books, json!({"business_name": "Quill"})).await;
    let ticket = bench.ticket(32_181).await;
    assert_eq!(ticket["customer_business_then_name"], "Quill");

    bench.put(&path, json!({"disabled": true})).await;
    assert!(found(&bench, "query=cosima").await.is_empty());
    assert_eq!(found(&bench, "query=cosima&include_disabled=true").await.len(), 1);
    let quick = bench.get("/customers/autocomplete?query=cosima").await;
    assert_eq!(quick["customers"], json!([]));
    assert_eq!(bench.get(&path).await["customer"]["disabled"], true);
    let path = "/customers/1";
    assert_eq!(bench.put(path, json!({"phone": "1"})).await.0, 404);
}

#[tokio::test]
async fn a_customer_is_deleted_with_its_people() {
    let bench = Bench::new();
    let path = format!("/customers/{WREN}");
    let (status, gone) = bench.send(Method::DELETE, &path, None).await;
    assert_eq!(status, 200);
    assert!(gone["message"].is_string());
    for path in [path, format!("/customers/{WREN}/phones")] {
        let again = bench.try_send(Method::GET, &path, None).await.unwrap();
        assert_eq!(again, (404, String::new()));
    }
    let people = bench.get(&format!("/contacts?customer_id={WREN}")).await;
    assert_eq!(people["contacts"], json!([]));
    let path = format!("/customers/{WREN}");
    assert_eq!(bench.send(Method::DELETE, &path, None).await.0, 404);
}

#[tokio::test]
async fn phones_are_flat_and_belong_to_one_customer() {
    let bench = Bench::new();
    let path = format!("/customers/{QUILLFEATHER}/phones");
    let before = bench.get(&path).await;
    assert_eq!(before["phones"][0]["number"], "5550151");
    assert!(before.get("meta").is_none());
    let (status, refused) = bench.post(&path, json!({"label": "Shop", "number": ""})).await;
    assert_eq!(status, 422);
    assert_eq!(refused["message"], json!(["Number can't be blank"]));
    let (status, made) = bench.post(&path, json!({"number": "555-0403", "extension": "7"})).await;
    assert_eq!(status, 200);
    assert_eq!(made["label"], Value::Null);
    assert_eq!(made["customer_id"], QUILLFEATHER);
    let one = format!("{path}/{}", made["id"]);
    assert_eq!(bench.put(&one, json!({"number": " "})).await.0, 422);
    let (_, changed) = bench.put(&one, json!({"label": "Shop"})).await;
    assert_eq!((&changed["label"], &changed["number"]), (&json!("Shop"), &json!("5550403")));
    let listed = bench.get(&path).await;
    assert_eq!(listed["phones"][0]["id"], made["id"], "the newest first");
    let foreign = format!("/customers/{STONECROP}/phones/{}", made["id"]);
    assert_eq!(bench.put(&foreign, json!({"label": "x"})).await.0, 404);
    assert_eq!(bench.send(Method::DELETE, &foreign, None).await.0, 404);
    let gone = bench.try_send(Method::DELETE, &one, None).await.unwrap();
    assert_eq!(gone, (200, String::new()), "nothing is said");
    assert_eq!(bench.get(&path).await, before);
    assert_eq!(bench.send(Method::DELETE, &one, None).await.0, 404);
}

#[tokio::test]
async fn contacts_come_fifty_a_page() {
    let bench = Bench::new();
    let first = bench.get("/contacts").await;
    let total = first["meta"]["total_entries"].as_u64().unwrap();
    assert_eq!(
        first["meta"],
        json!({"total_pages": 2, "page": 1, "total_entries": total, "per_page": 50})
    );
    let second = bench.get("/contacts?page=2").await;
    let rest = second["contacts"].as_array().unwrap().len();
    assert_eq!(u64::try_from(50 + rest).unwrap(), total);
    let own = bench.get(&format!("/contacts?customer_id={QUILLFEATHER}")).await;
    let own = own["contacts"].as_array().unwrap();
    assert_eq!(own.len(), 3);
    for contact in own {
        assert_eq!(contact["customer_id"], QUILLFEATHER);
    }
    let one = bench.get(&format!("/contacts/{CONTACT}")).await;
    assert_eq!(one["name"], "Imelda Quill");
    assert_eq!(one["properties"]["title"], "Office manager");
    for field in ["address1", "vendor_id", "extension", "latitude"] {
        assert_eq!(one[field], Value::Null);
    }
}

#[tokio::test]
async fn a_contact_is_flat_and_keeps_its_title_among_the_properties() {
    let bench = Bench::new();
    let body = json!({
        "customer_id": WREN, "name": "Tess Otter", "email": "tess@wrenotter.example",
        "title": "Bookkeeper",
    });
    let (status, made) = bench.post("/contacts", body.clone()).await;
    assert_eq!(status, 200);
    assert_eq!(made["name"], "Tess Otter");
    assert_eq!(made["properties"], json!({"title": "Bookkeeper"}));
    assert!(made.get("title").is_none());
    assert_eq!(made["opt_out"], false);
    let (_, again) = bench.post("/contacts", body).await;
    assert_ne!(again["id"], made["id"], "nothing refuses a second one");

    let path = format!("/contacts/{}", made["id"]);
    let (_, titled) =
        bench.put(&path, json!({"properties": {"title": "Bookkeeper"}, "title": "Queen"})).await;
    assert_eq!(titled["properties"], json!({"title": "Queen"}));
    let (_, moved) = bench.put(&path, json!({"opt_out": true, "properties": {"room": "3"}})).await;
    assert_eq!(moved["properties"], json!({"title": "Queen"}), "no write takes them");
    assert_eq!((&moved["opt_out"], &moved["name"]), (&json!(true), &json!("Tess Otter")));
    let (_, kept) = bench.put(&path, json!({"phone": "555-0404"})).await;
    assert_eq!(kept["opt_out"], true);
    let customer = bench.get(&format!("/customers/{WREN}")).await["customer"].take();
    assert_eq!(customer["contacts"].as_array().unwrap().len(), 3);

    let (status, gone) = bench.send(Method::DELETE, &path, None).await;
    assert!(status == 200 && gone["message"].is_string(), "{gone}");
    for method in [Method::GET, Method::DELETE] {
        let again = bench.try_send(method, &path, None).await.unwrap();
        assert_eq!(again, (404, String::new()));
    }
}

#[tokio::test]
async fn a_contact_is_refused_with_the_record_that_was_not_made() {
    let bench = Bench::new();
    let before = bench.get("/contacts").await["meta"].take();
    let wrong = json!({"customer_id": WREN, "name": "Tess", "email": "xxx"});
    let (status, refused) = bench.post("/contacts", wrong).await;
    assert_eq!(status, 422);
    assert!(refused["errors"].as_str().unwrap().starts_with("Email"));
    assert_eq!(refused["record"]["id"], Value::Null);
    assert_eq!(refused["record"]["email"], "xxx");
    let (status, refused) = bench.post("/contacts", json!({"name": "Tess"})).await;
    assert_eq!((status, &refused["errors"]), (422, &json!("Customer can't be blank")));
    let (status, refused) =
        bench.post("/contacts", json!({"name": "Tess", "customer_id": 4})).await;
    assert_eq!(status, 404);
    assert!(refused["message"].is_string());
    assert_eq!(bench.get("/contacts").await["meta"], before);

    let path = format!("/contacts/{CONTACT}");
    for wrong in [
        json!({"customer_id": null}),
        json!({"customer_id": 4}),
        json!({"name": ""}),
        json!({"email": "x y"}),
    ] {
        let (status, refused) = bench.put(&path, wrong).await;
        assert_eq!(status, 422);
        assert_eq!(refused["record"]["name"], "Imelda Quill");
        assert!(refused["errors"].is_string());
    }
    assert_eq!(bench.get(&path).await["email"], "imelda@quillfeather.example");
}
