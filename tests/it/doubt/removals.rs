//! A removal that was cut off rests on what its guards saw: what has come to hang on the record since keeps it.

use serde_json::json;

use super::{BOOKS, cut, cut_in, resume_stops, till};
use crate::support::{TILL, TestEnv};

/// The ticket whose timer waits to be charged.
const TERMINAL: i64 = 32_168;

#[test]
fn a_timer_charged_meanwhile_stays() {
    let env = TestEnv::with(&["timer-delete=close-before"]);
    let timer = env.account().timers(TERMINAL)[0]["id"].clone();
    cut_in(&env, &["timer", "delete", "32168", &timer.to_string()]);
    let path = format!("/tickets/{}/charge_timer_entry", crate::support::ticket_id(TERMINAL));
    let charge = json!({ "timer_entry_id": timer });
    env.colleague().write("POST", &path, &charge);
    resume_stops(&env, "charged");
    let timers = env.account().timers(TERMINAL);
    assert_eq!((timers.len(), &timers[0]["recorded"]), (1, &true.into()));
}

#[test]
fn a_contact_put_on_an_open_ticket_stays() {
    let env = TestEnv::with(&["contact-delete=close-before"]);
    let new = json!({"customer_id": BOOKS, "name": "Wren Saltby"});
    let contact = env.account().write("POST", "/contacts", &new)["id"].clone();
    cut_in(&env, &["contact", "delete", &contact.to_string()]);
    let put = json!({ "contact_id": contact });
    env.colleague().write("PUT", &till(), &put);
    resume_stops(&env, "ticket");
    env.account().get(&format!("/contacts/{contact}"));
}

#[test]
fn a_customer_with_new_work_is_not_disabled() {
    let env = TestEnv::with(&["customer-update=close-before"]);
    let new = json!({"business_name": "Copper Kettle Tea"});
    let customer = env.account().write("POST", "/customers", &new)["customer"]["id"].clone();
    cut_in(&env, &["customer", "disable", &customer.to_string()]);
    let ticket = json!({"customer_id": customer, "subject": "The scales do not tare"});
    env.colleague().write("POST", "/tickets", &ticket);
    resume_stops(&env, "ticket");
    let now = env.account().get(&format!("/customers/{customer}"));
    assert_eq!(now["customer"]["disabled"], false);
}

#[test]
fn a_ticket_invoiced_meanwhile_stays() {
    let delete = ["delete", "32181", "--number", "32181"];
    let env = cut(&["ticket-delete=close-before"], &delete);
    env.colleague().line(TILL, "2", "120", "The spool");
    env.colleague().invoice(TILL);
    resume_stops(&env, "invoice");
    assert_eq!(env.state(TILL).invoices.len(), 1);
}

/// What is not found may be what a plan that was cut off was deleting, however it was typed.
#[test]
fn what_is_not_found_may_have_been_deleted() {
    let env = TestEnv::with(&["contact-delete=close-before"]);
    let new = json!({"customer_id": BOOKS, "name": "Wren Saltby"});
    let contact = env.account().write("POST", "/contacts", &new)["id"].to_string();
    cut_in(&env, &["contact", "delete", &contact]);
    env.colleague().call("DELETE", &format!("/contacts/{contact}"), None);
    let path = format!("/contacts/{contact}");
    let longer = format!("{contact}1");
    for (typed, is_it) in [
        (&["contact", "show", &contact][..], true),
        (&["contact", "show", "Wren Saltby"], true),
        (&["api", "GET", &path], true),
        // Its id is in this one, and it is another.
        (&["contact", "show", &longer], false),
    ] {
        let ran = env.run(typed);
        ran.ends(3);
        assert_eq!(ran.stderr.contains("is not finished"), is_it, "{ran}");
    }
}
