//! `syncro contact list` and `syncro contact show`.

use serde_json::json;

use super::{Stub, array, each, first_columns, paths};
use crate::support::TestEnv;

#[test]
fn a_list_is_cut_with_its_true_total_and_all_is_all() {
    let env = TestEnv::new();
    let ran = env.run(&["contact", "list"]);
    ran.ends(0);
    assert_eq!(first_columns(&ran).len(), 30);
    let all = array(&env.run(&["contact", "list", "--all", "--json"]));
    ran.says(&format!("showing 30 of {}; --all for the rest", all.len()));
    let mut ids = each(&all, "id");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all.len());
    let total = &env.account().get("/contacts")["meta"]["total_entries"];
    assert_eq!(total, all.len());
}

#[test]
fn a_customers_contacts_with_their_titles() {
    let env = TestEnv::new();
    let ran = env.run(&["contact", "list", "--customer", "Quillfeather Books"]);
    ran.ends(0);
    for text in ["Imelda Quill", "Office manager", "Joss Pennock", "Shop assistant"] {
        assert!(ran.stdout.contains(text), "{text}: {ran}");
    }
    let json = array(&env.run(&["contact", "list", "--customer", "31204551", "--json"]));
    assert!(json.iter().all(|contact| contact["customer_id"] == 31_204_551));
    assert_eq!(json.len(), first_columns(&ran).len());
}

#[test]
fn one_is_found_by_id_name_part_of_it_or_mail() {
    let env = TestEnv::new();
    let page = env.run(&["contact", "show", "7804551"]);
    page.ends(0);
    for text in [
        "Imelda Quill\n",
        "Office manager",
        "Quillfeather Books (31204551)",
        "imelda@quillfeather.example",
    ] {
        assert!(page.stdout.contains(text), "{text}: {page}");
    }
    for typed in [
        &["contact", "show", "id:7804551"][..],
        &["contact", "show", "imelda QUILL"],
        &["contact", "show", "imelda@quillfeather.example"],
        &["contact", "show", "imelda", "--customer", "Quillfeather Books"],
    ] {
        assert_eq!(env.run(typed).ends(0).stdout, page.stdout, "{typed:?}");
    }
    let json = env.run(&["contact", "show", "Imelda Quill", "--json"]).ends(0).json().unwrap();
    assert_eq!(json["properties"]["title"], "Office manager");
    env.run(&["contact", "show", "7804551", "--customer", "Brindlewood Dental"])
        .ends(3)
        .says("belongs to another customer");
}

#[test]
fn a_name_of_several_is_shown_and_an_exact_one_beats_them() {
    let env = TestEnv::new();
    let ran = env.run(&["contact", "show", "quill"]);
    ran.ends(2).says("--customer");
    for text in ["Imelda Quill (id 7804551", "Bea Quill (id 7804553"] {
        ran.says(text);
    }
    assert!(ran.stdout.is_empty(), "{ran}");
    let exact = env.run(&["contact", "show", "bea quill", "--json"]).ends(0).json().unwrap();
    assert_eq!(exact["id"], 7_804_553);
}

#[test]
fn an_id_costs_one_request_and_the_customers_name_another() {
    let env = TestEnv::new();
    env.run(&["contact", "show", "7804551", "--json"]).ends(0);
    assert_eq!(paths(&env), ["GET contacts/7804551"]);
    env.run(&["contact", "show", "7804551"]).ends(0);
    assert_eq!(env.log().len(), 3);
}

#[tokio::test]
async fn a_server_that_ignores_the_customer_is_filtered_here() {
    let contacts = json!([
        {"id": 1, "name": "Ada Quist", "customer_id": 5},
        {"id": 2, "name": "Ada Fosse", "customer_id": "6"},
        {"id": 3, "name": "Bo", "customer_id": null},
    ]);
    let stub = Stub::new(&[
        ("/contacts", json!({"contacts": contacts, "meta": {"total_pages": 1, "page": 1, "total_entries": 3}})),
        ("/contacts/1", json!({"contact": contacts[0]})),
        ("/customers/5", json!({"customer": {"id": 5, "business_then_name": "Copperkettle"}})),
    ])
    .await;
    let list = stub.run(&["contact", "list", "--customer", "5", "--json"]);
    assert_eq!(each(&array(&list), "id"), ["1"]);
    assert!(!list.stderr.contains("showing"), "{list}");
    let shown = stub.run(&["contact", "show", "ada", "--customer", "5", "--json"]);
    assert_eq!(shown.ends(0).json().unwrap()["id"], 1);
    let asked = stub.asked().await.join(" ");
    assert!(asked.contains("/contacts?customer_id=5"), "{asked}");
}
