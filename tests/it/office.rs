//! `customer`, `contact`, `asset`: what their writes answer and send, what stops them, and that a plan of several records
//! comes to its end.

use serde_json::{Value, json};

use crate::support::{Ran, TestEnv};

const QUILLFEATHER: &str = "31204551";

fn run(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[args, &["--yes", "--json"]].concat())
}

/// Refused with this code before anything was sent.
#[track_caller]
fn refused(env: &TestEnv, ran: &Ran, code: i32, says: &str) {
    ran.ends(code).says(says);
    assert!(env.writes().is_empty(), "{ran}");
}

#[track_caller]
fn done(ran: &Ran) -> Value {
    let json = ran.ends(0).json().unwrap();
    assert_eq!(json["outcome"], "done", "{ran}");
    json
}

/// The contacts of a customer, by their names.
fn contacts(env: &TestEnv, customer: &Value) -> Vec<String> {
    let path = format!("/contacts?customer_id={customer}");
    let all = env.account().get(&path)["contacts"].take();
    let mut names: Vec<String> = all
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["customer_id"] == *customer)
        .map(|one| one["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

const BLUEBIRD: [&str; 9] = [
    "customer",
    "create",
    "Bluebird Bakery",
    "--email",
    "hello@bluebird.example",
    "--contact",
    "Ada Finch <ada@bluebird.example> 555-0134",
    "--contact",
    "Tomas Reed",
];

#[test]
fn a_customer_and_its_contacts_are_one_plan() {
    let env = TestEnv::new();
    let ran = env.run(&[&BLUEBIRD[..], &["--yes"]].concat());
    ran.ends(0).says("Bluebird Bakery").says("Tomas Reed");
    assert!(ran.stdout.contains("Bluebird Bakery"), "{ran}");
    let writes = env.writes();
    assert_eq!(writes.len(), 3);
    let id = writes[1].body["customer_id"].clone();
    assert_eq!(writes[2].body["customer_id"], id);
    assert_eq!(writes[1].body["name"], "Ada Finch");
    assert_eq!(writes[1].body["email"], "ada@bluebird.example");
    assert_eq!(writes[1].body["phone"], "555-0134");
    assert_eq!(writes[2].body["name"], "Tomas Reed");
    let made = env.account().get(&format!("/customers/{id}"))["customer"].take();
    assert_eq!(made["business_name"], "Bluebird Bakery");
    assert_eq!(contacts(&env, &id), ["Ada Finch", "Tomas Reed"]);
}

#[test]
fn a_contact_that_failed_is_made_by_resume() {
    let mut env = TestEnv::with(&["contact-create@2=500-before"]);
    let ran = run(&env, &BLUEBIRD);
    ran.ends(6);
    let json = ran.json().unwrap();
    assert_eq!(json["writes"][1]["outcome"], "done", "{ran}");
    assert_ne!(json["writes"][2]["outcome"], "done", "{ran}");
    env.restart(&[]);
    let json = done(&env.run(&["resume", "--yes", "--json"]));
    let id = json["customer"]["id"].clone();
    assert_eq!(contacts(&env, &id), ["Ada Finch", "Tomas Reed"]);
    let creates = env.writes();
    let customers = creates.iter().filter(|line| line.path.ends_with("/customers"));
    assert_eq!(customers.count(), 1);
}

#[test]
fn a_customer_that_is_there_stops_another_one() {
    for (typed, why) in [
        (&["QUILLFEATHER  books"][..], "31204551"),
        (&["quillfeather bindery (CLOSED)"], "disabled"),
        (&["Bluebird Bakery", "--email", "IMELDA@quillfeather.example"], "mail address"),
    ] {
        let env = TestEnv::new();
        let args = [&["customer", "create"], typed].concat();
        let ran = run(&env, &args);
        refused(&env, &ran, 5, "--same-customer");
        ran.says(why);
        let more = [&args[..], &["--same-customer"]].concat();
        done(&run(&env, &more));
    }
}

#[test]
fn customers_are_refused_before_anything_is_sent() {
    let env = TestEnv::new();
    for (args, code, says) in [
        (&["customer", "create"][..], 2, "NAME"),
        (&["customer", "create", "  "], 2, "name"),
        (&["customer", "create", "A", "--email", "nobody"], 2, "mail"),
        (&["customer", "create", "A", "--contact", "Ada <x"], 2, ">"),
        (&["customer", "update", QUILLFEATHER], 2, "--phone"),
        (&["customer", "update", "99999", "--phone", "1"], 3, "customer"),
        (&["customer", "disable", QUILLFEATHER], 5, "--open-work"),
        (&["contact", "create", QUILLFEATHER, " "], 2, "name"),
        (&["contact", "create", "99999", "Ada Finch"], 3, "customer"),
        (&["contact", "update", "7804551"], 2, "--phone"),
        (&["contact", "update", "99999", "--phone", "1"], 3, "contact"),
        (&["contact", "delete", "99999"], 3, "contact"),
        (&["contact", "disable", "99999"], 3, "contact"),
        (&["asset", "create", QUILLFEATHER, " "], 2, "name"),
        (&["asset", "create", "99999", "TILL-3"], 3, "customer"),
        (&["asset", "create", QUILLFEATHER, "A", "--property", "=1"], 2, "needs a name"),
        (&["asset", "update", "12400000"], 2, "--serial"),
        (&["asset", "update", "99999", "--serial", "1"], 3, "asset"),
    ] {
        refused(&env, &run(&env, args), code, says);
    }
    let so: [&[&str]; 3] = [
        &["customer", "update", QUILLFEATHER, "--phone", "555-0151"],
        &["contact", "update", "7804551", "--title", "Office manager"],
        &["asset", "update", "12400000", "--serial", "LF-000117"],
    ];
    for args in so {
        run(&env, args).is_so_already();
    }
    // Nobody can confirm, and nobody is asked.
    let ran = env.run(&["customer", "create", "Bluebird Bakery"]);
    refused(&env, &ran, 2, "--yes");
    let ran =
        env.run(&["asset", "create", QUILLFEATHER, "TILL-3", "--type", "Desktop", "--dry-run"]);
    ran.ends(0);
    assert!(ran.stdout.contains("TILL-3"), "{ran}");
    assert!(env.writes().is_empty());
}

/// People name the properties of an account.
#[test]
fn a_property_has_any_name() {
    let env = TestEnv::new();
    for name in ["IMEI No.", ".", "a.b.c", "Größe [cm]", "1=1 no"] {
        let key = name.split('=').next().unwrap();
        let args = ["asset", "update", "12400000", "--property", &format!("{name}=358")];
        let json = done(&run(&env, &args));
        let value = if key == name { "358" } else { "1 no=358" };
        assert_eq!(json["asset"]["properties"][key], value, "{json}");
        run(&env, &args).is_so_already();
    }
    let kept = env.account().get("/customer_assets/12400000");
    assert_eq!(kept["asset"]["properties"].as_object().unwrap().len(), 5, "{kept}");
}

#[test]
fn a_telephone_number_is_the_same_by_its_digits() {
    let env = TestEnv::new();
    let typed = [&BLUEBIRD[..], &["--phone", "(555) 111-2222"]].concat();
    let json = done(&run(&env, &typed));
    assert_eq!(json["customer"]["phone"], "5551112222");
    assert_eq!(env.writes().len(), 3, "the contacts are made, too");
    let id = json["customer"]["id"].to_string();
    let again = run(&env, &["customer", "update", &id, "--phone", "555 111 2222"]);
    again.is_so_already();
    let json = done(&run(&env, &["customer", "update", &id, "--phone", "555-111-2223"]));
    assert_eq!(json["customer"]["phone"], "5551112223");
}

#[test]
fn what_a_put_would_set_back_is_sent_along() {
    let env = TestEnv::new();
    let path = format!("/customers/{QUILLFEATHER}");
    env.account().write("PUT", &path, &json!({"get_sms": true}));
    let args = ["customer", "update", QUILLFEATHER, "--phone", "555-0199"];
    let json = done(&run(&env, &args));
    assert_eq!(json["customer"]["phone"], "5550199");
    let now = env.account().get(&path)["customer"].take();
    assert_eq!((&now["phone"], &now["get_sms"]), (&json!("5550199"), &json!(true)));
    let json = done(&run(&env, &["customer", "disable", QUILLFEATHER, "--open-work"]));
    assert_eq!(json["customer"]["disabled"], true);
    let now = env.account().get(&path)["customer"].take();
    assert_eq!((&now["disabled"], &now["get_sms"]), (&json!(true), &json!(true)));
}

#[test]
fn a_contact_that_is_there_stops_another_one() {
    for (typed, why) in [
        (&["imelda QUILL"][..], "name"),
        (&["Ada Finch", "--email", "IMELDA@quillfeather.example"], "mail address"),
    ] {
        let env = TestEnv::new();
        let args = [&["contact", "create", QUILLFEATHER], typed].concat();
        let ran = run(&env, &args);
        refused(&env, &ran, 5, "--same-contact");
        ran.says(why).says("7804551");
        let more = [&args[..], &["--same-contact"]].concat();
        done(&run(&env, &more));
    }
}

#[test]
fn a_title_lives_beside_the_other_properties() {
    let env = TestEnv::new();
    let args = ["contact", "create", QUILLFEATHER, "Ada Finch", "--title", "Bookseller"];
    let json = done(&run(&env, &args));
    assert_eq!(json["contact"]["properties"]["title"], "Bookseller");
    let path = "/contacts/7804656";
    env.account().write("PUT", path, &json!({"opt_out": true}));
    done(&run(&env, &["contact", "update", "7804656", "--title", "Owner"]));
    for write in env.writes() {
        assert!(write.body["title"].is_string() && write.body["properties"].is_null(), "{write:?}");
    }
    let now = env.account().get(path);
    assert_eq!(now["properties"], json!({"title": "Owner", "Floor": "2"}));
    assert_eq!(now["opt_out"], true);
}

#[test]
fn a_contact_is_kept_from_mail_and_deleted() {
    let env = TestEnv::new();
    let json = done(&run(&env, &["contact", "disable", "Bea Quill"]));
    assert_eq!(json["contact"]["opt_out"], true);
    let again = run(&env, &["contact", "disable", "Bea Quill"]);
    again.is_so_already();
    done(&run(&env, &["contact", "delete", "Bea Quill"]));
    assert_eq!(env.account().call("GET", "/contacts/7804553", None).0, 404);
    assert_eq!(env.writes().len(), 2);
}

#[test]
fn a_contact_is_deleted_when_a_get_says_so() {
    // The answer is 200, and a GET still shows it.
    let env = TestEnv::with(&["contact-delete=lag:60000"]);
    let ran = run(&env, &["contact", "delete", "7804553"]);
    ran.ends(6);
    assert_eq!(ran.json().unwrap()["outcome"], "unconfirmed", "{ran}");
}

#[test]
fn properties_of_an_asset_go_in_by_a_second_call() {
    let env = TestEnv::new();
    let args = [
        "asset",
        "create",
        QUILLFEATHER,
        "TILL-3",
        "--type",
        "Desktop",
        "--property",
        "OS=Windows 11",
    ];
    let json = done(&run(&env, &args));
    let writes = env.writes();
    assert_eq!(writes.len(), 2);
    assert!(writes[0].body.get("properties").is_none());
    assert_eq!(writes[1].body["properties"], json!({"OS": "Windows 11"}));
    let id = json["writes"][0]["id"].to_string();
    let now = env.account().get(&format!("/customer_assets/{id}"))["asset"].take();
    assert_eq!(now["properties"]["OS"], "Windows 11");
    done(&run(&env, &["asset", "update", &id, "--property", "Shelf=3"]));
    let now = env.account().get(&format!("/customer_assets/{id}"))["asset"].take();
    assert_eq!(now["properties"]["OS"], "Windows 11");
    assert_eq!(now["properties"]["Shelf"], "3");
    for typed in [&["till-3"][..], &["TILL-9", "--serial", "lf-000117"]] {
        let args = [&["asset", "create", QUILLFEATHER], typed].concat();
        run(&env, &args).ends(5).says("--same-asset");
    }
    assert_eq!(env.writes().len(), 3);
}
