//! Spellings of a request by which a guard could be led to judge something else than what the server gets.

use serde_json::{Value, json};

use super::{refused, run, shown, ticket};
use crate::support::{Setup, TILL, TestEnv, ticket_id};

const SECRET: &str = "body=Password: Hunter2x";

/// Fields as they are typed, and a file with a body where one cannot be typed.
fn typed<'a>(request: [&'a str; 2], fields: &[&'a str]) -> Vec<&'a str> {
    let fields = fields.iter().flat_map(|field| ["-F", *field]);
    request.into_iter().chain(fields).collect()
}

/// A server may take a value of the query in place of the body's, so that it would hide the comment from the guard, or not
/// hide it at all.
#[test]
fn a_known_write_has_no_query() {
    let env = TestEnv::new();
    let id = ticket_id(TILL);
    for (method, path, says) in [
        ("POST", format!("tickets/{id}/comment?hidden=true"), "-F hidden=true"),
        ("PUT", format!("tickets/{id}?customer_id=31204602"), "-F customer_id=31204602"),
        ("POST", "payments?invoice_id=1652300001".to_owned(), "-F invoice_id=1652300001"),
        ("POST", "invoices?ticket_id=108443837".to_owned(), "-F ticket_id=108443837"),
        ("DELETE", "contacts/7804553?x=1".to_owned(), "query"),
    ] {
        refused(&env, &typed([method, &path], &["subject=Up", SECRET]), 2, says);
    }
}

#[test]
fn a_payment_for_no_invoice_is_asked_about_as_well() {
    let env = TestEnv::new();
    let pay = |cents: &'static str, more: &[&'static str]| {
        let fields = [cents, "customer_id=31204551", "payment_method=Check"];
        [&typed(["POST", "payments"], &fields)[..], more].concat()
    };
    refused(&env, &pay("amount_cents=99999900", &[]), 5, "--large");
    run(&env, &pay("amount_cents=12000", &[])).ends(0);
    run(&env, &pay("amount_cents=12000", &[])).ends(5).says("--same-payment");
    run(&env, &pay("amount_cents=12100", &[])).ends(0);
    run(&env, &pay("amount_cents=12000", &["--same-payment"])).ends(0);
    assert_eq!(env.writes().len(), 3);
}

#[test]
fn a_contact_is_the_same_by_both_names() {
    let env = TestEnv::new();
    let fields = ["customer_id=31204551", "firstname=Imelda ", "lastname=quill"];
    refused(&env, &typed(["POST", "contacts"], &fields), 5, "--same-contact");
}

#[test]
fn a_comment_is_shown_as_it_is_sent() {
    let env = TestEnv::new();
    let path = format!("{}/comment", ticket(TILL));
    shown(&env, &typed(["POST", &path], &["subject=Up", "body=4711"]), &["  | 4711"]);
    refused(&env, &typed(["POST", &path], &["subject=Up", "body[a]=Password: x1"]), 2, "body");
    // A text message is read however the comment is hidden.
    let sms = ["subject=Up", "body=Done", "hidden=true", "sms_body=Password: Hunter2x"];
    refused(&env, &typed(["POST", &path], &sms), 5, "--allow-secrets");
    let list = ["summary=x", "start_at=2036-03-19T14:00:00Z", "location[]=Password: Hunter2x"];
    refused(&env, &typed(["POST", "appointments"], &list), 5, "--allow-secrets");
}

/// What is one record's is not guarded as a list, and what is inside another name is not guarded at all.
#[test]
fn a_known_path_is_not_made_an_unknown_one_by_its_body() {
    let env = TestEnv::new();
    let path = ticket(TILL);
    let charge = format!("{path}/charge_timer_entry");
    for (path, fields, says) in [
        ("invoices", &["ticket_id[]=108443796", "customer_id=31204602"][..], "ticket_id is one"),
        ("invoices", &["ticket_id[a]=108443796", "customer_id=31204602"], "ticket_id is one"),
        ("ticket_timers", &["ticket_id[]=108443796"], "ticket_id is one"),
        ("ticket_blueprints/1/apply", &["customer_id[]=31204602"], "customer_id is one"),
        ("payments", &["customer_id[]=31204602", "amount_cents=100"], "customer_id is one"),
        (&charge, &["timer_entry_id[]=1"], "timer_entry_id is one"),
        ("invoices", &["invoice[ticket_id]=108443796", "customer_id=31204602"], "not inside"),
        ("payments", &["payment[invoice_id]=1652300001", "amount_cents=100"], "not inside"),
        ("contacts", &["contact[name]=Ada", "customer_id=31204602"], "not inside"),
    ] {
        let typed = [&typed(["POST", path], fields)[..], &["--unknown-path"]].concat();
        refused(&env, &typed, 2, says);
    }
}

#[test]
fn an_invoice_stays_with_whom_it_is_for() {
    let env = TestEnv::new();
    let path = "invoices/1652300000";
    for (field, code, says) in [
        ("customer_id=31204551", 5, "belongs to customer 31204671"),
        ("invoice[customer_id]=31204551", 5, "belongs to customer 31204671"),
        ("customer_id=", 5, "belongs to customer 31204671"),
        ("ticket_id=108443837", 5, "another ticket"),
        ("contact_id=7804551", 3, "no contact 7804551"),
    ] {
        refused(&env, &typed(["PUT", path], &[field, "note=Thanks"]), code, says);
    }
    let (env, _) = TestEnv::prepared(Setup::default(), |env| {
        env.account().line(TILL, "0.5", "120", "Gift layout copied")
    });
    let new = ["ticket_id=108443837", "contact_id=7804671"];
    refused(&env, &typed(["POST", "invoices"], &new), 3, "no contact 7804671");
}

/// Without its zone nobody knows whether it is past, or at the time of another.
#[test]
fn a_time_has_its_zone() {
    let env = TestEnv::new();
    let (on, new) = (format!("ticket_id={}", ticket_id(TILL)), ["POST", "appointments"]);
    for field in ["start_at=2020-01-06 10:00", "start_at=2036-01-06T10:00:00", "start_at=soon"] {
        refused(&env, &typed(new, &[&on, field, "summary=Till"]), 2, "start_at");
        refused(&env, &typed(["PUT", "appointments/5560900001"], &[field]), 2, "start_at");
        let path = format!("{}/timer_entry", ticket(TILL));
        refused(&env, &typed(["POST", &path], &[field, "duration_minutes=9000"]), 2, "start_at");
    }
    let ends = ["start_at=2036-01-06T10:00:00Z", "end_at=2036-01-06 11:00", "summary=Till"];
    refused(&env, &typed(new, &ends), 2, "end_at");
}

#[test]
fn a_price_has_whole_cents() {
    let env = TestEnv::new();
    let add = ["name=Cable", "description=x", "price_retail=33.333"];
    let path = format!("{}/add_line_item", ticket(TILL));
    refused(&env, &typed(["POST", &path], &add), 2, "whole cents");
    let change = ["ticket_line_item_id=2964400001", "price_retail=0.001"];
    let path = "tickets/108443714/update_line_item";
    refused(&env, &typed(["PUT", path], &change), 2, "whole cents");
    let same = ["name=Cable", "description=x", "taxable=false", "price_retail=33.330"];
    let path = format!("{}/add_line_item", ticket(TILL));
    run(&env, &typed(["POST", &path], &same)).ends(0);
}

/// What is near to a path that is known would do the same without its guards.
#[test]
fn what_is_nearly_a_known_path_is_not_sent() {
    let env = TestEnv::new();
    let line = "ticket_line_item_id=2964400003";
    for (method, verb, field) in [
        ("POST", "remove_line_item", "ticket_line_item_id=2964400003x"),
        ("POST", "remove_line_item", "id=2964400003"),
        ("DELETE", "remove_line_item", line),
        ("POST", "update_line_item", line),
        ("PUT", "add_line_item", "name=x"),
        ("POST", "add_line_items", "name=x"),
        ("POST", "comments", SECRET),
        ("PATCH", "ticket_timers", "billable=false"),
        ("POST", "delete_timer_entry", "timer_entry_id=48700001x"),
        ("POST", "timer_entry", "notes=x"),
    ] {
        let path = format!("tickets/108443632/{verb}");
        refused(&env, &typed([method, &path], &[field]), 2, verb);
    }
    let inside = ["PUT", "tickets/108443632", "-F", "line_items_attributes[]=x"];
    refused(&env, &inside, 2, "line_items_attributes");
}

/// A server may read lines in a form that no guard does.
#[test]
fn lines_are_a_list_of_objects() {
    let env = TestEnv::new();
    let line = json!({"item": "Mast", "name": "Mast", "price": "9999", "product_id": 17_340_199});
    let file = env.dir().join("body.json");
    for (lines, value) in [
        ("line_items", json!({"0": line})),
        ("line_items", line.clone()),
        ("line_items", json!("Mast")),
        ("line_items", json!([line, "Mast"])),
        ("line_items", json!([[line]])),
        ("lines", json!({"0": line})),
        ("line_items_attributes", json!([line])),
        ("lines_attributes", json!({"0": line})),
        ("line_item", json!([line])),
    ] {
        for (method, path) in [
            ("POST", "invoices"),
            ("PUT", "invoices/1652300001"),
            ("POST", "estimates"),
            ("PUT", "estimates/9120011"),
            ("POST", "schedules"),
            ("POST", "invoices/1652300001/line_items"),
            ("POST", "tickets"),
        ] {
            let mut body = json!({"customer_id": 31_204_602, "name": "Care", "item": "Care"});
            body[lines] = value.clone();
            std::fs::write(&file, body.to_string()).unwrap();
            let args = [method, path, "--input", file.to_str().unwrap()];
            refused(&env, &args, 2, &format!("{lines} is not "));
        }
    }
    for (wrapper, name, path) in [
        ("schedule_line_item", "price_retail", "schedules/1/line_items/2"),
        ("line_item", "discount_percent", "invoices/1652300001/line_items/1"),
        ("ticket_line_item", "quantity", "tickets/108443714/update_line_item"),
    ] {
        let field = format!("{wrapper}[{name}]=9999");
        let says = format!("{name} is inside {wrapper}");
        refused(&env, &["PUT", path, "-F", &field], 2, &says);
    }
    assert_eq!(env.log().len(), 0);
}

#[test]
fn a_charge_is_compared_with_the_lines_that_are_there() {
    let (env, timer) = TestEnv::prepared(Setup::default(), |env| {
        let account = env.account();
        let start = json!("2026-03-17T09:00:00Z");
        let time = json!({"start_at": start, "duration_minutes": 30, "product_id": 17_340_021, "notes": "Spool"});
        let timer = account.clock(TILL, &time);
        let path = format!("/{}/add_line_item", ticket(TILL));
        let line = json!({"name": "Labor - Remote", "description": "Spool", "quantity": 0.5, "price_retail": 120, "product_id": 17_340_021});
        account.write("POST", &path, &line);
        timer["id"].to_string()
    });
    let path = format!("{}/charge_timer_entry", ticket(TILL));
    let which = format!("timer_entry_id={timer}");
    refused(&env, &typed(["POST", &path], &[&which]), 5, "--same-line");
    run(&env, &[&typed(["POST", &path], &[&which])[..], &["--same-line"]].concat()).ends(0);
}

/// The customer reads it as one, however it is split.
#[test]
fn a_credential_is_seen_through_its_markup() {
    let env = TestEnv::new();
    let path = format!("{}/comment", ticket(TILL));
    let file = env.dir().join("body.json");
    for body in [
        "pass<b>word</b>: Hunter2x",
        "Password:<br>Hunter2x",
        "Password:\nHunter2x",
        "<p>Password:</p>\n<p><code>Hunter2x</code></p>",
        "Pass&#119;ord&#58; Hunter2x",
        "Pass\u{200b}word: Hunter2x",
        "Password\n: Hunter2x",
    ] {
        let fields: Value = json!({"subject": "Up", "body": body});
        std::fs::write(&file, fields.to_string()).unwrap();
        let args = ["POST", &path, "--input", file.to_str().unwrap()];
        refused(&env, &args, 5, "--allow-secrets");
    }
}
