//! `syncro product list` and `syncro product show`.

use serde_json::json;

use super::{Stub, array, each, paths};
use crate::support::TestEnv;

#[test]
fn a_list_has_price_cost_and_tax() {
    let env = TestEnv::new();
    let ran = env.run(&["product", "list", "labor"]);
    ran.ends(0);
    assert!(ran.stdout.contains("17340021  Labor - Remote     $120.00"), "{ran}");
    assert!(!ran.stdout.contains("SSD"), "{ran}");
    let ssd = env.run(&["product", "list", "ssd"]);
    let row = ssd.ends(0).stdout.lines().nth(1).unwrap();
    assert!(row.contains("$89.50") && row.contains("yes"), "{ssd}");
    let json = array(&env.run(&["product", "list", "--all", "--json"]));
    assert!(json.len() > 10 && json[0]["price_retail"].is_number());
    env.run(&["product", "list", "zeppelin"]).ends(0).says("no matching products");
}

#[test]
fn a_cut_list_says_so_and_pages_are_read_as_needed() {
    let env = super::short_pages();
    let seven = env.run(&["product", "list", "--limit", "7", "--json"]);
    assert_eq!(array(&seven).len(), 7);
    seven.says("showing 7 of at least");
    assert_eq!(env.log().len(), 2);
    let all = array(&env.run(&["product", "list", "--all", "--json"]));
    assert_eq!(each(&array(&seven), "id"), each(&all, "id")[..7]);
}

#[test]
fn one_is_found_by_id_or_name_with_its_labor_type() {
    let env = TestEnv::new();
    let page = env.run(&["product", "show", "17340021"]);
    page.ends(0);
    for text in [
        "Labor - Remote\n",
        "Price      $120.00",
        "Labor type remote",
        "Taxable    no",
        "Disabled   no",
    ] {
        assert!(page.stdout.contains(text), "{text}: {page}");
    }
    assert_eq!(paths(&env), ["GET products/17340021"]);
    for typed in ["id:17340021", "labor - remote", "remote"] {
        assert_eq!(env.run(&["product", "show", typed]).ends(0).stdout, page.stdout, "{typed}");
    }
    // No longer sold: by its id alone.
    let gone = env.run(&["product", "show", "17340199"]);
    assert!(gone.ends(0).stdout.contains("no longer sold"), "{gone}");
    let several = env.run(&["product", "show", "labor"]);
    several.ends(2).says("Labor - Onsite (id 17340022, $150.00)");
    let json = env.run(&["product", "show", "SSD 1 TB", "--json"]).ends(0).json().unwrap();
    assert_eq!(json, env.account().get("/products/17340101")["product"]);
}

#[tokio::test]
async fn a_server_that_ignores_the_query_is_filtered_here() {
    let products = json!([
        {"id": 1, "name": "Labor - Remote", "price_retail": "120.0", "taxable": null},
        {"id": 2, "name": "Cable", "description": "For labor", "price_retail": null},
        {"id": 3, "name": "Lamp", "category_path": "Parts;Light"},
    ]);
    let stub = Stub::new(&[
        ("/products", json!({"products": products, "meta": {"total_pages": 1, "page": 1}})),
        ("/products/1", json!({"product": products[0]})),
        ("/products/9", json!({"product": products[0]})),
    ])
    .await;
    for (query, wanted) in [("labor", &["1", "2"][..]), ("light", &["3"]), ("labor remote", &["1"])]
    {
        let ran = stub.run(&["product", "list", query, "--json"]);
        assert_eq!(each(&array(&ran), "id"), wanted, "{query}");
    }
    let shown = stub.run(&["product", "show", "labor", "--json"]);
    assert_eq!(shown.ends(0).json().unwrap()["id"], 1);
    // An answer that is another product's says nothing of this one.
    stub.run(&["product", "show", "id:9"]).ends(8);
}
