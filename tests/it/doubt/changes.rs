//! A change of one field sends others along as they were: what a colleague has made of those since is not undone.

use serde_json::{Value, json};

use super::{cut_in, resume_stops, till};
use crate::support::{Account, TILL, TRAINEE, TestEnv, ticket_id};

const PHONE: [&str; 5] = ["customer", "update", "31204551", "--phone", "555-0199"];

/// Cuts the command off, lets the colleague write that, and then nothing more may be sent, and the record stays.
#[track_caller]
fn stays(env: &TestEnv, args: &[&str], deed: (&str, Value), look: fn(&Account) -> Value) {
    cut_in(env, args);
    let before = look(&env.account());
    env.colleague().write("PUT", deed.0, &deed.1);
    let theirs = look(&env.account());
    assert_ne!(before, theirs, "the colleague has changed nothing");
    resume_stops(env, "preview");
    assert_eq!(look(&env.account()), theirs);
}

fn customer(account: &Account) -> Value {
    let customer = account.get("/customers/31204551")["customer"].take();
    json!([customer["no_email"], customer["opt_out"], customer["phone"]])
}

#[test]
fn who_wants_no_mail_gets_none() {
    for flags in [
        json!({"no_email": true}),
        json!({"opt_out": true}),
        json!({"no_email": true, "opt_out": true}),
    ] {
        let env = TestEnv::with(&["customer-update=close-before"]);
        stays(&env, &PHONE, ("/customers/31204551", flags), customer);
    }
}

#[test]
fn who_wants_no_mail_while_a_change_waits_gets_none() {
    let env = TestEnv::with(&["customer-update@1=429:3"]);
    let running = env.spawn(&[&PHONE[..], &["--yes", "--json"]].concat());
    env.until_logged(|line| line.fault.is_some());
    let flag = json!({"no_email": true});
    env.colleague().write("PUT", "/customers/31204551", &flag);
    let ran = running.wait();
    assert_eq!(env.writes().len(), 1, "{ran}");
    assert_eq!(customer(&env.account())[0], true, "{ran}");
    ran.ends(5);
}

#[test]
fn a_timers_other_fields_stay_a_colleagues() {
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(32_168));
    for field in [
        json!({"duration_minutes": 90}),
        json!({"start_at": "2026-03-20T10:00:00Z", "duration_minutes": 45}),
        json!({"product_id": 17_340_022}),
    ] {
        let env = TestEnv::with(&["timer-update=close-before"]);
        let id = env.account().timers(32_168)[0]["id"].clone();
        let mut body = field;
        body["timer_entry_id"] = id.clone();
        // Otherwise it becomes the colleague's own.
        body["user_id"] = TRAINEE.into();
        let notes = ["timer", "update", "32168", &id.to_string(), "--notes", "A new port"];
        stays(&env, &notes, (&path, body), |account| {
            let timer = &account.timers(32_168)[0];
            json!([timer["start_time"], timer["end_time"], timer["product_id"], timer["notes"]])
        });
    }
}

#[test]
fn a_line_made_taxable_meanwhile_stays_so() {
    let env = TestEnv::with(&["line-update=close-before"]);
    let id = env.account().line(TILL, "2", "120", "The spool")["id"].clone();
    let quantity = ["line", "update", "32181", &id.to_string(), "--quantity", "3"];
    let path = format!("{}/update_line_item", till());
    let taxed = json!({"ticket_line_item_id": id, "taxable": true});
    stays(&env, &quantity, (&path, taxed), |account| {
        let line = &account.ticket(TILL).lines[0];
        json!([line["taxable"], line["quantity"]])
    });
}

#[test]
fn an_assets_other_properties_stay_a_colleagues() {
    let env = TestEnv::with(&["asset-update=close-before"]);
    let asset = "/customer_assets/12400000";
    let properties = |room: &str| json!({"properties": {"Room": room, "OS": "Windows 10"}});
    env.colleague().write("PUT", asset, &properties("Shop"));
    let system = ["asset", "update", "12400000", "--property", "OS=Windows 11"];
    stays(&env, &system, (asset, properties("Cellar")), |account| {
        account.get("/customer_assets/12400000")["asset"]["properties"].take()
    });
}
