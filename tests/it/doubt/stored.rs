//! What is stored otherwise than it was sent is no success, however the server answers.

use serde_json::json;

use super::{names, pending};
use crate::support::{Altered, TILL, TestEnv, money};

#[tokio::test]
async fn a_payment_stored_with_another_amount_is_said() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |what, body| {
        if what == "POST /payments" {
            body["amount_cents"] = 20.into();
            body["apply_payments"] = json!({"1652300000": 20});
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let pay = ["payment", "add", "67409", "--amount", "20", "--method", "Check", "--yes", "--json"];
    let ran = env.run_with(&pay, &there);
    let invoice = json!({"id": 1_652_300_000_u64});
    let paid = env.account().paid(&invoice);
    assert_eq!(paid.len(), 1, "{ran}");
    assert_eq!(money(&paid[0]["payment_amount"]).to_string(), "0.2");
    assert_eq!(server.asked("POST /payments").await, 1, "{ran}");
    ran.ends(1);
    names(&ran, "20");
    names(&ran, "0.2");
}

/// What of customers and contacts a server may store in a form of its own, or not at all, stops nothing.
#[tokio::test]
async fn a_customer_stored_in_another_form_is_made_with_its_contacts() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |what, body| {
        if what == "POST /customers" {
            body["phone"] = "555.111.2222".into();
            body.as_object_mut().unwrap().remove("no_email");
        }
        if what == "POST /contacts" {
            body["phone"] = json!(null);
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ran = env.run_with(
        &[
            "customer",
            "create",
            "Bluebird Bakery",
            "--phone",
            "(555) 111-2222",
            "--no-email",
            "--contact",
            "Ada Finch <ada@bluebird.example> 555 0134",
            "--yes",
            "--json",
        ],
        &there,
    );
    let json = ran.ends(0).json().unwrap();
    let warnings: Vec<&str> =
        json["warnings"].as_array().unwrap().iter().filter_map(|one| one.as_str()).collect();
    assert_eq!(
        warnings,
        ["emails stopped is no, but yes was sent", "phone is nothing, but 555 0134 was sent"],
        "{ran}"
    );
    assert_eq!(server.asked("POST /contacts").await, 1);
    assert_eq!(pending(&env), 0, "{ran}");
}

/// What Syncro shows otherwise of a change is told. Where all of it shows as it was before, it is known that nothing was
/// stored, which is no success and leaves no doubt; where a record does not show it at all, nobody knows.
#[tokio::test]
async fn what_is_not_stored_of_a_change_is_a_warning() {
    for (typed, says, code) in [
        (&["contact", "disable", "7804551"][..], "did not store email opt-out", 1),
        (&["contact", "update", "7804551", "--title", "Owner"], "did not store title", 1),
        (
            &["contact", "update", "7804551", "--title", "Owner", "--name", "Imelda Finch"],
            "title is Office manager, but Owner",
            0,
        ),
        (&["customer", "disable", "31205530", "--open-work"], "did not store disabled", 1),
    ] {
        let env = TestEnv::new();
        let server = Altered::of(env.account(), |what, body| {
            if what.starts_with("PUT /") {
                let body = body.as_object_mut().unwrap();
                for name in ["opt_out", "disabled", "title"] {
                    body.remove(name);
                }
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&[typed, &["--yes", "--json"]].concat(), &there);
        let json = ran.ends(code).json().unwrap();
        let warned = json["warnings"].to_string().contains(says);
        assert!(warned || ran.stderr.contains(says), "{ran}");
        // No field was typed that could be left out.
        if code == 1 {
            ran.says("this account does not store it for the API: set it on the record's page");
        }
        assert_eq!(pending(&env), usize::from(code == 6), "{ran}");
    }
}

/// Such a field may have been taken.
#[tokio::test]
async fn what_a_record_never_shows_stays_in_doubt() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| {}).await;
    let shown = json!({"id": 7_804_551, "customer_id": 31_204_551, "name": "Imelda Quill"});
    server.answering(("GET", "/contacts/7804551"), 200, &shown).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ran = env.run_with(&["contact", "disable", "7804551", "--yes", "--json"], &there);
    ran.ends(6).says("does not show the change");
    assert_eq!(pending(&env), 1, "{ran}");
}

/// Of fields that no command knows, one may be stored and another not: the change was made, and what is missing is told.
#[tokio::test]
async fn a_change_of_which_a_part_is_stored_is_done_with_a_warning() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |what, body| {
        if what == "PUT /products/17340101" {
            body.as_object_mut().unwrap().remove("product_category");
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let fields = ["-f", "description=A spool of paper", "-f", "product_category=Paper"];
    let typed = ["api", "PUT", "products/17340101", "--yes", "--json"];
    let ran = env.run_with(&[&typed[..], &fields].concat(), &there);
    let warnings = ran.ends(0).json().unwrap()["warnings"].to_string();
    assert!(warnings.contains("product_category is"), "{ran}");
    assert!(warnings.contains("but Paper was sent"), "{ran}");
    assert_eq!((pending(&env), server.asked("PUT /products/17340101").await), (0, 1), "{ran}");
}

/// Names, addresses of email and whose a record is stay what they were sent as, or it is wrong.
#[tokio::test]
async fn what_a_record_is_known_by_is_stored_as_it_was_sent() {
    for (name, value) in [("name", "Ada F."), ("email", "ada@other.example")] {
        let env = TestEnv::new();
        let server = Altered::of(env.account(), |what, body| {
            if what == "POST /contacts" && body["name"] == "Ada Finch" {
                let (name, value) = match body["notes"].as_str() {
                    Some("name") => ("name", "Ada F."),
                    _ => ("email", "ada@other.example"),
                };
                body[name] = value.into();
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(
            &[
                "contact",
                "create",
                "31204551",
                "Ada Finch",
                "--email",
                "ada@bluebird.example",
                "--notes",
                name,
                "--yes",
                "--json",
            ],
            &there,
        );
        assert!([1, 6].contains(&ran.code), "{value}: {ran}");
    }
}

#[tokio::test]
async fn a_line_stored_of_another_product_is_said() {
    for kind in
        [["--labor", "remote", "--minutes", "30"], ["--product", "17340021", "--quantity", "1"]]
    {
        let env = TestEnv::new();
        let server = Altered::of(env.account(), |what, body| {
            if what.ends_with("/add_line_item") {
                body["product_id"] = 17_340_023.into();
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let start = ["line", "add", "32181", "--description", "The spool"];
        let ran = env.run_with(&[&start[..], &kind, &["--yes", "--json"]].concat(), &there);
        let lines = env.state(TILL).lines;
        assert_eq!(lines.len(), 1, "{ran}");
        assert_eq!(lines[0]["product_id"], 17_340_023, "{ran}");
        ran.ends(1);
        names(&ran, "product");
    }
}
