//! `syncro asset list`, `syncro asset show` and `syncro asset patches`.

use serde_json::{Value, json};

use super::{Stub, array, each, first_columns, paths};
use crate::support::TestEnv;

#[test]
fn a_list_by_customer_or_by_words() {
    let env = TestEnv::new();
    let names = |more: &[&str]| {
        each(&array(&env.run(&[&["asset", "list", "--json"], more].concat())), "name")
    };
    assert_eq!(names(&["till"]), ["TILL-2", "TILL-GARDEN", "TILL-1"]);
    let books = names(&["--customer", "Quillfeather Books"]);
    assert!(books.contains(&"STOCKROOM".to_owned()) && !books.contains(&"CHAIR-1".to_owned()));
    assert_eq!(names(&["till", "--customer", "31204551"]), ["TILL-2", "TILL-1"]);
    assert_eq!(names(&["LF-000204"]), ["FRONT-DESK"]);
    env.run(&["asset", "list", "zeppelin"]).ends(0).says("no matching assets");
    let rows = env.run(&["asset", "list", "--customer", "Brindlewood Dental"]);
    rows.ends(0);
    assert!(rows.stdout.contains("CHAIR-2-XRAY  Desktop  LF-000203  Brindlewood Dental"), "{rows}");
}

#[test]
fn all_pages_are_read_and_the_end_is_known() {
    let env = super::short_pages();
    let all = array(&env.run(&["asset", "list", "--all", "--json"]));
    let mut ids = each(&all, "id");
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), all.len() > 20), (all.len(), true));
    let five = env.run(&["asset", "list", "--limit", "5"]);
    five.ends(0).says("showing");
    assert_eq!(first_columns(&five).len(), 5);
    let exactly = env.run(&["asset", "list", "--limit", &all.len().to_string()]);
    assert!(!exactly.ends(0).stderr.contains("showing"), "{exactly}");
}

#[test]
fn one_is_found_by_id_name_or_serial_number_with_its_properties() {
    let env = TestEnv::new();
    let page = env.run(&["asset", "show", "12390327"]);
    page.ends(0);
    for text in [
        "SRV-01\n",
        "SV-0090",
        "Harrow & Finch Accounting (31204655)",
        "Rack    1",
        "Backup  nightly",
    ] {
        assert!(page.stdout.contains(text), "{text}: {page}");
    }
    for typed in [
        &["asset", "show", "id:12390327"][..],
        &["asset", "show", "sv-0090"],
        &["asset", "show", "SRV-01", "--customer", "Harrow"],
    ] {
        assert_eq!(env.run(typed).ends(0).stdout, page.stdout, "{typed:?}");
    }
    let json = env.run(&["asset", "show", "SV-0090", "--json"]).ends(0).json().unwrap();
    assert_eq!(json, env.account().get("/customer_assets/12390327")["asset"]);
}

#[test]
fn a_name_of_several_is_shown_and_an_exact_one_beats_longer_ones() {
    let env = TestEnv::new();
    let ran = env.run(&["asset", "show", "srv-01"]);
    ran.ends(2)
        .says("SRV-01 (id 12390327, Harrow & Finch Accounting)")
        .says("SRV-01 (id 12390358, Northlight Architects")
        .says("--customer");
    // CHAIR-2-XRAY has it, too.
    let exact = env.run(&["asset", "show", "chair-2", "--json"]).ends(0).json().unwrap();
    assert_eq!(exact["name"], "CHAIR-2");
}

#[cfg(unix)]
#[test]
fn on_a_terminal_one_of_several_is_picked() {
    let env = TestEnv::new();
    let mut terminal = env.terminal(&["asset", "show", "srv-01"]);
    terminal.answer("Which one? [1-2, Enter cancels]:", "2");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("SV-0107"), "{shown}");
}

#[test]
fn missing_and_failed_patches_come_first() {
    let env = TestEnv::new();
    let ran = env.run(&["asset", "patches", "CASE-FILES"]);
    ran.ends(0);
    let states: Vec<String> = first_columns(&ran);
    let first = |state: &str| states.iter().position(|one| one == state).unwrap();
    assert!(first("Missing") < first("Failed") && first("Failed") < first("Rejected"), "{ran}");
    assert!(first("Rejected") < first("Recently"), "{ran}");
    assert!(ran.stdout.contains("The disk was full"), "{ran}");
    assert!(ran.stdout.contains("4 Missing, 2 Failed, 2 Rejected"), "{ran}");
    let cut = env.run(&["asset", "patches", "CASE-FILES", "--limit", "3", "--json"]);
    assert_eq!(each(&array(&cut), "status"), ["Missing Patches"; 3]);
    cut.says("showing 3 of 12");
    env.run(&["asset", "patches", "TILL-1"]).ends(0).says("no patches");
}

#[test]
fn patches_are_proved_by_the_asset_read_beside_them() {
    let env = TestEnv::new();
    env.run(&["asset", "patches", "12390699", "--json"]).ends(0);
    assert_eq!(
        paths(&env),
        ["GET customer_assets/12390699", "GET customer_assets/12390699/patches"]
    );
}

#[tokio::test]
async fn all_pages_of_patches_are_read_and_what_is_kept_back_is_told() {
    let patch =
        |kb: u64| json!({"kb": format!("KB{kb}"), "title": "Update", "status": "Missing Patches"});
    let page = |page: u64, patches: &[Value]| {
        json!({
            "available_patches": patches, "installed_patches": [],
            "available_patches_meta": {"page": page, "total_pages": "2", "total_entries": 4},
        })
    };
    // A server that answers page one whatever it is asked.
    let stub = Stub::new(&[
        ("/customer_assets/7", json!({"asset": {"id": 7, "name": "TILL"}})),
        ("/customer_assets/7/patches", page(1, &[patch(1), patch(2)])),
    ])
    .await;
    let ran = stub.run(&["asset", "patches", "7", "--json"]);
    assert_eq!(each(&array(&ran), "kb"), ["KB1", "KB2"]);
    ran.says("the server reports 2 more patches than it returns");

    let env = super::short_pages();
    let path = "/customer_assets/12390699/patches";
    let account = env.account().get(path);
    let total = account["available_patches_meta"]["total_entries"].as_u64().unwrap();
    let installed = account["installed_patches"].as_array().unwrap().len();
    let shown = array(&env.run(&["asset", "patches", "CASE-FILES", "--all", "--json"]));
    assert_eq!(shown.len(), usize::try_from(total).unwrap() + installed);
}

#[tokio::test]
async fn a_server_that_ignores_customer_and_query_is_filtered_here() {
    let assets = json!([
        {"id": 1, "name": "TILL-1", "customer_id": 5, "properties": {"notes": ["by the door"]}},
        {"id": 2, "name": "TILL-2", "customer": {"id": 6, "business_then_name": "Harrow"}},
        {"id": 3, "name": "LAMP", "customer_id": 5},
    ]);
    let stub = Stub::new(&[
        ("/customer_assets", json!({"assets": assets})),
        ("/customers/5", json!({"customer": {"id": 5, "business_then_name": "Copperkettle"}})),
    ])
    .await;
    for (more, wanted) in [
        (&["--customer", "5"][..], &["1", "3"][..]),
        (&["till"], &["1", "2"]),
        (&["door"], &["1"]),
        (&["harrow"], &["2"]),
        (&["till", "--customer", "5"], &["1"]),
    ] {
        let ran = stub.run(&[&["asset", "list", "--json"], more].concat());
        assert_eq!(each(&array(&ran), "id"), wanted, "{more:?}");
    }
}
