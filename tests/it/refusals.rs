//! What the API refuses in any of its documented ways is refused; what is in doubt stands in its own way alone; and what
//! the specification says in two ways is read in both.

use serde_json::{Value, json};

use crate::support::{Altered, TestEnv};

/// A server that passes everything on as it is.
async fn server(env: &TestEnv) -> Altered {
    Altered::of(env.account(), |_, _| ()).await
}

#[tokio::test]
async fn a_documented_refusal_is_one_whatever_its_shape() {
    let refusals = [
        (422, json!({"date": ["can't be blank"]}), "date: can't be blank"),
        (422, json!({"error": ["Name is missing", "Day is odd"]}), "Name is missing; Day is odd"),
        (422, json!({"record": {"id": null}, "errors": "Name is missing"}), "Name is missing"),
        (
            422,
            json!({"success": false, "errors": {"visits": {"end_at": ["is odd"]}}}),
            "end_at: is odd",
        ),
        (400, json!({"message": ["Vendor is missing"]}), "Vendor is missing"),
        (409, json!({"error": "It is locked"}), "It is locked"),
    ];
    for (status, answer, words) in refusals {
        let env = TestEnv::new();
        let server = server(&env).await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        server.answering(("POST", "/vendors"), status, &answer).await;
        server.answering(("PUT", "/tickets/108443837"), status, &answer).await;
        for args in [
            &["api", "POST", "vendors", "-f", "name=", "--unknown-path", "--yes", "--json"][..],
            &["update", "32181", "--priority", "1 High", "--yes", "--json"],
        ] {
            let ran = env.run_with(args, &there);
            ran.ends(5).says(words);
            let written = ran.json().unwrap_or_default();
            assert_eq!(written["writes"][0]["outcome"], "failed", "{ran}");
            // Nothing is left in doubt.
            env.run_with(&["resume"], &there).ends(0);
        }
    }
}

#[tokio::test]
async fn doubt_about_one_path_stands_in_no_other_way() {
    let env = TestEnv::new();
    let server = server(&env).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let run = |args: &[&str]| {
        let known = ["--unknown-path", "--yes"];
        env.run_with(&[&["api"], args, &known[..]].concat(), &there)
    };
    server.answering(("POST", "/vendors"), 500, &Value::Null).await;
    server.answering(("POST", "/leads"), 200, &json!({"lead": {"id": 1}})).await;
    server.answering(("PUT", "/vendors"), 200, &json!({"vendor": {"id": 1}})).await;
    run(&["POST", "vendors", "-f", "name=x"]).ends(6);
    // The same path is what is in doubt, whatever its query says.
    run(&["POST", "vendors", "-f", "name=y"]).ends(5).says("is not finished");
    run(&["POST", "vendors?name=y"]).ends(5).says("is not finished");
    for args in [&["POST", "leads", "-f", "name=x"][..], &["PUT", "vendors", "-f", "name=x"]] {
        let ran = run(args);
        assert!(!ran.stderr.contains("is not finished"), "{ran}");
    }
    assert_eq!(server.asked("POST /vendors").await, 1);
    assert_eq!(server.asked("POST /leads").await, 1);
    env.run_with(&["update", "32181", "--priority", "1 High", "--yes"], &there).ends(0);
}

#[tokio::test]
async fn an_invoice_is_read_flat_or_wrapped() {
    let env = TestEnv::new();
    let server = server(&env).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let shown = env.run(&["invoice", "show", "67409"]);
    let json = env.run(&["invoice", "show", "67409", "--json"]).json().unwrap_or_default();
    let flat = json.get("invoice").unwrap_or(&json).clone();
    let id = format!("/invoices/{}", flat["id"]);
    for path in ["/invoices/67409", &id] {
        server.answering(("GET", path), 200, &flat).await;
    }
    let there_too = env.run_with(&["invoice", "show", "67409"], &there);
    assert_eq!(there_too.ends(0).page(), shown.page());
    let pay = ["payment", "add", "67409", "--full", "--method", "Check", "--yes"];
    env.run_with(&pay, &there).ends(0);
}

#[test]
fn a_put_of_a_contact_or_an_asset_has_its_name() {
    let env = TestEnv::new();
    for (args, name) in [
        (&["contact", "update", "Imelda Quill", "--phone", "555-0199"][..], "Imelda Quill"),
        (&["contact", "update", "Imelda Quill", "--title", "Owner"], "Imelda Quill"),
        (&["contact", "update", "Imelda Quill", "--name", "Imelda Q."], "Imelda Q."),
        (&["contact", "disable", "Imelda Quill"], "Imelda Quill"),
        (&["asset", "update", "TILL-1", "--serial", "S-1"], "TILL-1"),
        (&["asset", "update", "TILL-1", "--property", "Shelf=3"], "TILL-1"),
    ] {
        let ran = env.run(&[args, &["--dry-run", "--json"]].concat());
        let plan = ran.ends(0).json().unwrap_or_default();
        assert_eq!(plan["writes"][0]["body"]["name"], name, "{args:?}: {ran}");
    }
    let make =
        ["asset", "create", "31204551", "TILL-9", "--type", "Desktop", "--property", "Shelf=3"];
    let plan = env.run(&[&make[..], &["--dry-run", "--json"]].concat()).json().unwrap_or_default();
    assert_eq!(plan["writes"][1]["body"]["name"], "TILL-9", "{plan}");
}

/// A CDN, a proxy or a login page answers in the API's place, with whatever status.
#[test]
fn a_page_of_something_in_between_is_not_syncros_word() {
    for fault in ["403-html", "503-html", "404-html", "html-before"] {
        let env = TestEnv::with(&[&format!("read@*={fault}")]);
        let ran = env.run(&["ticket", "32181"]);
        ran.ends(8).says("from something in between, not Syncro's answer");
        assert!(!ran.stderr.contains("permission"), "{ran}");
    }
    let env = TestEnv::with(&["comment=403-html"]);
    let ran = env.run(&["comment", "32181", "It is done", "--yes"]);
    ran.ends(6).says("\"Just a moment...\" from something in between, not Syncro's answer");
}

#[test]
fn an_error_in_the_place_of_what_was_asked_for_is_the_servers_word() {
    let env = TestEnv::with(&["read@*=200-error", "me@*=200-error"]);
    for args in [
        &["tickets"][..],
        &["ticket", "32181"],
        &["customers", "quill"],
        &["contact", "show", "7804551"],
        &["invoice", "show", "67410"],
        &["whoami"],
    ] {
        env.run(args).ends(5).says("Subscription expired");
    }
}
