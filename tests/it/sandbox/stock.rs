//! Customers' machines with their patches, and products.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Bench, QUILLFEATHER, REMOTE};

const DENTAL: i64 = 31_204_602;
/// TILL-2, of Quillfeather Books.
const ASSET: i64 = 12_390_017;
/// CHAIR-2-XRAY, of Brindlewood Dental, with many patches.
const XRAY: i64 = 12_390_017 + 4 * 31;
/// Labor that is sold and not taxed, and what is sold no longer.
const FLOPPY: i64 = 17_340_199;

async fn assets(bench: &Bench, asked: &str) -> Vec<Value> {
    let list = bench.get(&format!("/customer_assets?{asked}")).await;
    assert!(list["meta"]["total_pages"].is_number());
    list["assets"].as_array().unwrap().clone()
}

#[tokio::test]
async fn assets_come_in_pages_that_nobody_counts() {
    let bench = Bench::new();
    assert_eq!(assets(&bench, "").await.len(), 25);
    assert_eq!(assets(&bench, "page=2").await.len(), 4);
    assert!(assets(&bench, "page=3").await.is_empty());
    let own = assets(&bench, &format!("customer_id={DENTAL}")).await;
    assert_eq!(own.len(), 5);
    for asset in &own {
        assert_eq!(asset["customer"]["id"], DENTAL);
        assert!(asset["customer"].get("contacts").is_none());
        assert_eq!(asset["rmm_store"]["asset_id"], asset["id"]);
        assert!(!asset.to_string().contains("\"_"), "a private field is shown");
    }
    assert_eq!(assets(&bench, "query=srv-01").await.len(), 2);
    assert_eq!(assets(&bench, "query=lf-000203").await[0]["name"], "CHAIR-2-XRAY");
    assert_eq!(assets(&bench, "snmp_enabled=true").await.len(), 3);
    let types = bench.get("/settings").await["assets"]["asset_types"].take();
    let server = types.as_array().unwrap().iter().find(|one| one["name"] == "Server");
    let servers = assets(&bench, &format!("asset_type_id={}", server.unwrap()["id"])).await;
    assert_eq!(servers.len(), 3);
    assert!(servers.iter().all(|one| one["asset_type"] == "Server"));
    let elsewhere = assets(&bench, "query=counter").await;
    assert_eq!(elsewhere[0]["address"]["name"], "Dispensary");
}

#[tokio::test]
async fn an_asset_keeps_properties_only_when_it_is_changed() {
    let bench = Bench::new();
    let (status, made) = bench
        .post(
            "/customer_assets",
            json!({
                "name": "TILL-3", "asset_type_name": "Desktop", "customer_id": QUILLFEATHER,
                "asset_serial": "LF-000119", "properties": {"OS": "11", "Room": "shop"},
            }),
        )
        .await;
    assert_eq!(status, 200);
    let asset = &made["asset"];
    assert_eq!(asset["properties"], json!({}), "ignored when it is made");
    assert_eq!((&asset["name"], &asset["asset_type"]), (&json!("TILL-3"), &json!("Desktop")));
    assert_eq!(asset["customer"]["id"], QUILLFEATHER);

    let path = format!("/customer_assets/{}", asset["id"]);
    let (_, kept) = bench.put(&path, json!({"properties": {"OS": "11", "Room": "shop"}})).await;
    assert_eq!(kept["asset"]["properties"], json!({"OS": "11", "Room": "shop"}));
    let (_, more) =
        bench.put(&path, json!({"name": "TILL-3B", "properties": {"Room": "store"}})).await;
    assert_eq!(more["asset"]["properties"], json!({"OS": "11", "Room": "store"}));
    assert_eq!(more["asset"]["asset_serial"], "LF-000119");
    assert_eq!(bench.get(&path).await["asset"], more["asset"]);
    let gone = bench.try_send(Method::DELETE, &path, None).await.unwrap();
    assert_eq!(gone, (404, String::new()), "there is no such call");
    assert_eq!(bench.status(&path).await, 200);
}

#[tokio::test]
async fn an_asset_needs_a_name_and_a_type_that_there_is() {
    let bench = Bench::new();
    for wrong in [
        json!({"asset_type_name": "Desktop"}),
        json!({"name": "TILL-3"}),
        json!({"name": "TILL-3", "asset_type_id": 4}),
        json!({"name": "TILL-3", "asset_type_name": "Loom"}),
        json!({"name": "TILL-3", "asset_type_name": "Desktop", "customer_id": 4}),
    ] {
        let (status, refused) = bench.post("/customer_assets", wrong.clone()).await;
        assert_eq!(status, 422, "{wrong}");
        assert_eq!(refused["success"], false);
        assert!(refused["message"][0].is_string());
        assert_eq!(refused["params"], wrong);
    }
    let path = format!("/customer_assets/{ASSET}");
    let (status, refused) = bench.put(&path, json!({"name": ""})).await;
    assert_eq!(status, 422);
    assert!(refused.get("params").is_none());
    assert_eq!(bench.get(&path).await["asset"]["name"], "TILL-2");
    assert_eq!(assets(&bench, "page=2").await.len(), 4, "none was made");
    assert_eq!(bench.put("/customer_assets/4", json!({"name": "x"})).await.0, 404);
}

#[tokio::test]
async fn patches_are_installed_or_available_in_pages() {
    let bench = Bench::new();
    let path = format!("/customer_assets/{XRAY}/patches");
    let first = bench.get(&path).await;
    assert_eq!(
        first["available_patches_meta"],
        json!({"total_pages": 2, "page": 1, "total_entries": 54, "per_page": 50})
    );
    assert_eq!(first["available_patches"].as_array().unwrap().len(), 50);
    let second = bench.get(&format!("{path}?page=2")).await;
    assert_eq!(second["available_patches"].as_array().unwrap().len(), 4);
    assert_eq!(first["installed_patches"].as_array().unwrap().len(), 2);
    assert_eq!(first["installed_patches"][0]["status"], "Recently Installed");
    let statuses: Vec<&Value> = first["available_patches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|patch| &patch["status"])
        .collect();
    for status in ["Missing Patches", "Failed Patches", "Rejected Patches"] {
        assert!(statuses.contains(&&json!(status)), "{status}");
    }
    let other = bench.get("/customer_assets/12400000/patches").await;
    assert_eq!(other["installed_patches"], json!([]));
    let (status, refused) = bench.send(Method::GET, "/customer_assets/4/patches", None).await;
    assert_eq!(status, 404);
    assert!(refused["error"].is_string(), "not empty, this once");
}

#[tokio::test]
async fn products_are_filtered_and_found_by_their_codes() {
    let bench = Bench::new();
    let count = async |asked: &str| {
        let list = bench.get(&format!("/products?{asked}")).await;
        assert!(list["meta"].get("total_entries").is_none());
        list["products"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 15);
    assert_eq!(count("query=monitor").await, 2);
    assert_eq!(count("name=KEYBOARD").await, 2);
    assert_eq!(count("sku=MON-27").await, 1);
    assert_eq!(count("upc_code=0761100000315").await, 1);
    assert_eq!(count(&format!("id[]={REMOTE}&id[]=17340022")).await, 2);
    assert_eq!(count(&format!("id_not={REMOTE}")).await, 14);
    assert_eq!(count("query=floppy").await, 0, "what is disabled is not listed");
    let categories = bench.get("/products/categories").await["categories"].take();
    assert_eq!(categories[0]["name"], "Labor");
    assert_eq!(count(&format!("category_id={}", categories[0]["id"])).await, 5);
    let sorted = bench.get("/products?sort=price_retail%20DESC").await;
    assert_eq!(sorted["products"][0]["name"], "Monitor 27 in");

    let scanned = bench.get("/products/barcode?barcode=0761100000414").await;
    assert_eq!(scanned["product"]["name"], "Battery, 12 V");
    assert!(scanned["product"].get("product_skus").is_none());
    assert_eq!(bench.status("/products/barcode?barcode=1").await, 404);
    assert_eq!(bench.status("/products/barcode").await, 404);
}

#[tokio::test]
async fn a_product_falls_back_to_defaults_that_a_put_leaves_out() {
    let bench = Bench::new();
    let (status, refused) = bench.post("/products", json!({"price_retail": 5})).await;
    assert_eq!(status, 422);
    assert_eq!(refused["message"], json!(["Name can't be blank", "Description can't be blank"]));
    let (status, made) = bench
        .post(
            "/products",
            json!({
                "name": "Webcam", "description": "Webcam on a stand", "price_retail": "59.5",
                "maintain_stock": true, "serialized": true, "category_ids": [71_003],
            }),
        )
        .await;
    let product = &made["product"];
    assert_eq!(status, 200);
    assert_eq!(product["price_retail"].to_string(), "59.5");
    assert_eq!((&product["taxable"], &product["disabled"]), (&json!(true), &json!(false)));
    assert_eq!(product["product_category"], "Parts");
    for none in ["created_at", "product_skus"] {
        assert!(product.get(none).is_none(), "{none}");
    }
    let path = format!("/products/{}", product["id"]);
    let (_, moved) = bench.put(&path, json!({"price_retail": 60})).await;
    assert_eq!(moved["product"]["price_retail"].to_string(), "60.0");
    assert_eq!(moved["product"]["maintain_stock"], false, "a default comes back");
    assert_eq!(moved["product"]["serialized"], true, "not to this one");
    assert_eq!(moved["product"]["name"], "Webcam");

    let labor = format!("/products/{REMOTE}");
    let (_, kept) = bench.put(&labor, json!({"notes": "x", "taxable": false})).await;
    assert_eq!(kept["product"]["taxable"], false);
    let (_, moved) = bench.put(&labor, json!({"notes": "y"})).await;
    assert_eq!(moved["product"]["taxable"], true, "labor is taxed all of a sudden");
    let floppy = format!("/products/{FLOPPY}");
    assert_eq!(bench.get(&floppy).await["product"]["disabled"], true);
    bench.put(&floppy, json!({"notes": "x"})).await;
    assert_eq!(bench.get("/products?query=floppy").await["products"][0]["id"], FLOPPY);
    assert_eq!(bench.put(&labor, json!({"name": " "})).await.0, 422);
    assert_eq!(bench.put("/products/4", json!({"notes": "x"})).await.0, 404);
}
