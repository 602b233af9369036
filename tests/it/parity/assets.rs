//! The writes of assets.

use super::{Verb, check, check_finding, rows, write};
use crate::support::TestEnv;

const CUSTOMER: &str = "31204551";
const ASSET: &str = "12390327";

const NEW: [Verb; 3] = [
    Verb {
        typed: &["asset", "create", CUSTOMER, "TILL-3", "--type", "desktop", "--serial", "QF-0031"],
        reads: 5,
        flag: None,
        row: "Type Desktop",
    },
    Verb {
        typed: &["asset", "create", CUSTOMER, "till-1", "--type", "Desktop"],
        reads: 5,
        flag: Some("--same-asset"),
        row: "Name till-1",
    },
    Verb {
        typed: &[
            "asset",
            "create",
            CUSTOMER,
            "TILL-9",
            "--type",
            "Desktop",
            "--serial",
            "lf-000117",
        ],
        reads: 5,
        flag: Some("--same-asset"),
        row: "Customer Quillfeather Books (id 31204551)",
    },
];

const KNOWN: [Verb; 2] = [
    Verb {
        typed: &["asset", "update", ASSET, "--serial", "SV-0091"],
        reads: 3,
        flag: None,
        row: "Customer Harrow & Finch Accounting (id 31204655)",
    },
    Verb {
        typed: &["asset", "update", ASSET, "--property", "Rack=2", "--property", "Backup=nightly"],
        reads: 3,
        flag: None,
        row: "Change Rack 1 -> 2",
    },
];

#[test]
fn a_verb_and_its_request_through_api_are_one_write() {
    // The types are read by the verb alone, which takes a part of a name.
    check_finding(2, &NEW);
    check(&KNOWN);
}

#[test]
fn properties_are_sent_as_a_whole_and_as_typed() {
    let env = TestEnv::new();
    let typed = ["asset", "update", ASSET, "--property", "Rack=2"];
    let json = env.run(&[&typed[..], &["--dry-run", "--json"]].concat()).ends(0).json().unwrap();
    let properties = &write(&json)["body"]["properties"];
    assert_eq!((&properties["Rack"], &properties["Backup"]), (&"2".into(), &"nightly".into()));
    // `api` leaves out what was left out, and says so.
    let path = format!("customer_assets/{ASSET}");
    let ran = env.run(&["api", "PUT", &path, "-f", "properties[Rack]=2", "--dry-run"]);
    let rows = rows(ran.ends(0));
    let lost = |row: &String| row.starts_with("! properties may be replaced as a whole");
    assert!(rows.iter().any(lost), "{rows:?}");
    // A POST ignores them.
    let fields = ["-F", "customer_id=31204551", "-f", "name=TILL-3", "-f", "properties[Rack]=2"];
    let typed = [&["api", "POST", "customer_assets"][..], &fields, &["--dry-run"]].concat();
    let rows = self::rows(env.run(&typed).ends(0));
    let ignored = "! Syncro ignores properties when an asset is created".to_owned();
    assert!(rows.contains(&ignored), "{rows:?}");
}

#[test]
fn an_asset_and_its_properties_are_one_plan() {
    let env = TestEnv::new();
    let typed = ["asset", "create", CUSTOMER, "TILL-3", "--property", "OS=Windows 11"];
    let ran = env.run(&[&typed[..], &["--dry-run"]].concat());
    ran.ends(0);
    assert!(ran.stdout.starts_with("Create an asset of Quillfeather Books\n"), "{ran}");
    assert_eq!(rows(&ran)[2..], ["Name TILL-3", "OS Windows 11"]);
    assert_eq!(env.log().len(), 3);
    // A token stands only for what an earlier step makes.
    let token = ["-f", "customer_id={customer.id}", "-f", "name=Ada"];
    let typed = [&["api", "POST", "contacts"][..], &token, &["--dry-run"]].concat();
    env.run(&typed).ends(2).says("{customer.id} is the id of no record");
}
