//! What a command refuses, asks and says is refused, asked and said where `api` sends the same: figures, and whom a comment
//! reaches.

use serde_json::{Value, json};

use super::{refused, shown, ticket};
use crate::support::{TILL, TestEnv};

/// Money in parts of a cent or beyond all bounds, and quantities likewise, are no figures of any record.
#[test]
fn figures_that_no_command_sends_are_not_sent() {
    let env = TestEnv::new();
    let line = format!("{}/add_line_item", ticket(TILL));
    let add = ["POST", &line, "-f", "name=x", "-f", "description=x", "-F", "taxable=false"];
    let huge = "70000000000000000000000000000";
    let cases: [(&[&str], &[&str], &str); 9] = [
        (&add, &["price_retail=HUGE", "quantity=HUGE"], "is not less than a billion"),
        (&add, &["price_retail=5", "quantity=0.12345678"], "has more than four decimals"),
        (&add, &["retail_cents=HUGE", "quantity=1"], "is not less than a billion"),
        (&["PUT", "contracts/310021"], &["contract_amount=HUGE"], "is not less than a billion"),
        (&["PUT", "contracts/310021"], &["contract_amount=1.005"], "is not in whole cents"),
        (&["PUT", "products/17340025"], &["price_retail=33.333"], "is not in whole cents"),
        (&["PUT", "products/17340025"], &["price_retail=-5"], "use 0.00 or more"),
        (&["PUT", "products/17340025"], &["product[price_cost]=-5"], "use 0.00 or more"),
        (&["PUT", "products/17340025"], &["price_retail=33,3"], "is no number"),
    ];
    for (args, fields, says) in cases {
        let fields = fields.iter().map(|field| field.replace("HUGE", huge)).collect::<Vec<_>>();
        let fields = fields.iter().flat_map(|field| ["-F", field.as_str()]);
        let typed: Vec<&str> = args.iter().copied().chain(fields).chain(["--large"]).collect();
        refused(&env, &typed, 2, says);
    }
    // What people keep in their own fields is no figure.
    let asset = ["PUT", "customer_assets/12390017", "-f", "properties[price]=12,50"];
    shown(&env, &asset, &["price"]);
}

/// What the customer gets beside a private comment is said, and guarded as what is public.
#[test]
fn a_text_message_of_a_private_comment_is_no_secret() {
    let path = format!("{}/comment", ticket(TILL));
    let typed = ["POST", &path, "-f", "subject=Up", "-f", "body=Done", "-F", "hidden=true"];
    let typed =
        [&typed[..], &["-F", "do_not_email=true", "-f", "sms_body=It is up again"]].concat();
    let env = TestEnv::new();
    let plan = env.run(&[&["api"], &typed[..], &["--dry-run"]].concat());
    assert!(plan.ends(0).stdout.contains("the customer gets its text message"), "{plan}");
    assert!(!plan.stdout.contains("the customer cannot see it"), "{plan}");
    shown(&env, &typed[..typed.len() - 2], &["the customer cannot see it"]);
    env.account().write("PUT", &format!("/{}", ticket(TILL)), &json!({"customer_id": 31_204_602}));
    refused(&env, &typed, 5, "another customer would get the text message");
    env.account().write("PUT", "/customers/31204602", &json!({"disabled": true}));
    refused(&env, &typed, 5, "--disabled");
}

/// A ticket's first comments reach whom a comment of their own would.
#[test]
fn comments_that_a_new_ticket_brings_along_are_judged_as_comments() {
    let env = TestEnv::new();
    let file = env.dir().join("body.json");
    let new = |more: Value| {
        let mut body = json!({
            "customer_id": 31_204_551, "subject": "Blank", "contact_id": 7_804_551,
        });
        body["comments_attributes"] = more;
        std::fs::write(&file, body.to_string()).unwrap();
    };
    let typed = ["POST", "tickets", "--input", file.to_str().unwrap()];
    let public = json!({"subject": "Initial Issue", "body": "It is blank"});
    let secret = json!({"subject": "Initial Issue", "body": "password: hunter-two"});
    new(json!([public]));
    shown(&env, &typed, &["emailed to imelda@quillfeather.example", "| It is blank"]);
    for (comments, code, says) in [
        (json!([public, secret]), 5, "--allow-secrets"),
        (json!({"0": secret}), 5, "--allow-secrets"),
        (json!("hello"), 2, "comments_attributes is not a list of comments"),
    ] {
        new(comments);
        refused(&env, &typed, code, says);
    }
    let contact = json!({"name": "Imelda Quill", "opt_out": true});
    env.account().write("PUT", "/contacts/7804551", &contact);
    new(json!([public]));
    refused(&env, &typed, 5, "--opted-out");
    let mut hidden = json!({"subject": "Initial Issue", "body": "It is blank", "hidden": true});
    // Syncro may email it all the same.
    new(json!([hidden]));
    refused(&env, &typed, 5, "--opted-out");
    hidden["do_not_email"] = json!(true);
    new(json!([hidden]));
    shown(&env, &typed, &["private: the customer cannot see it"]);
}

/// A schedule that emails a customer who wants no email, also where that is turned on later.
#[test]
fn a_schedule_that_emails_is_asked_about() {
    let env = TestEnv::new();
    let fields = json!({
        "customer_id": 31_204_551, "name": "Care", "frequency": "Monthly", "next_run": "2027-03-01",
    });
    let (env, path) = {
        let made = env.account().write("POST", "/schedules", &fields);
        env.account().write("PUT", "/customers/31204551", &json!({"no_email": true}));
        let path = format!("schedules/{}", made["schedule"]["id"]);
        (env, path)
    };
    let put = ["PUT", &path, "-F", "email_customer=true"];
    let ran = env.run(&[&["api"], &put[..], &["--yes"]].concat());
    ran.ends(5).says("--opted-out");
}
