//! An appointment or an invoice is emailed to whom its preview and its question name, and to nobody else.

use serde_json::{Value, json};

use super::{cut, resume_stops, till, turned_away};
use crate::support::{OTHER, Ran, TestEnv};

const VISIT: [&str; 6] = ["appointment", "add", "32181", "--start", "2027-03-18 09:00", "--mail"];

/// The same through `api`, flat and in the member of its own name.
const FLAT: [&str; 12] = [
    "api",
    "POST",
    "appointments",
    "-F",
    "ticket_id=108443837",
    "-F",
    "email_customer=true",
    "-f",
    "summary=Visit",
    "-f",
    "start_at=2027-03-18T09:00:00-05:00",
    "--same-time",
];
const WRAPPED: [&str; 12] = [
    "api",
    "POST",
    "appointments",
    "-F",
    "appointment[ticket_id]=108443837",
    "-F",
    "appointment[email_customer]=true",
    "-f",
    "appointment[summary]=Visit",
    "-f",
    "appointment[start_at]=2027-03-18T09:00:00-05:00",
    "--same-time",
];

const IMELDA: &str = "imelda@quillfeather.example";
const JOSS: &str = "joss@quillfeather.example";
const CASPER: &str = "casper@brindlewood-dental.example";

fn yes(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[args, &["--yes", "--json"]].concat())
}

/// Whom a dry run says that it emails.
fn named(env: &TestEnv, args: &[&str]) -> Value {
    let ran = env.run(&[args, &["--dry-run", "--json"]].concat());
    ran.ends(0).json().unwrap()["preview"]["email"].take()
}

/// Whom the practice server has emailed.
fn mailed(env: &TestEnv) -> Vec<String> {
    let state = std::fs::read(env.dir().join("account/state.json")).unwrap();
    let mut state: Value = serde_json::from_slice(&state).unwrap();
    let mails = state["tables"]["mailed"].take();
    let mails = mails.as_object().into_iter().flat_map(|all| all.values());
    mails.map(|mail| mail["to"].as_str().unwrap().to_owned()).collect()
}

fn appointment(addresses: &[&str]) -> Value {
    addresses.iter().map(|to| json!({"to": to, "kind": "appointment"})).collect()
}

/// The till's ticket, with another contact.
fn with_contact(contact: i64) -> TestEnv {
    let env = TestEnv::new();
    env.account().write("PUT", &till(), &json!({"contact_id": contact}));
    env
}

/// Either may be who Syncro means by the customer, and either is named.
#[test]
fn an_appointment_names_everybody_who_may_get_it() {
    let env = with_contact(7_804_552);
    for args in [&VISIT[..], &FLAT, &WRAPPED] {
        assert_eq!(named(&env, args), appointment(&[JOSS, IMELDA]), "{args:?}");
    }
    let ran = yes(&env, &VISIT);
    ran.ends(0);
    let to = mailed(&env);
    assert!(to.len() == 1 && [JOSS, IMELDA].contains(&&*to[0]), "{to:?}: {ran}");
    // Who has the customer's own address is one.
    let env = TestEnv::new();
    for args in [&VISIT[..], &FLAT, &WRAPPED] {
        assert_eq!(named(&env, args), appointment(&[IMELDA]), "{args:?}");
    }
    let new = ["create", "31204551", "Blank", "--start", "2027-03-18 09:00"];
    let new = [&new[..], &["--mail-appointment", "--contact", "7804552"]].concat();
    assert_eq!(named(&env, &new), appointment(&[JOSS, IMELDA]));
    // Of a customer without a ticket, there is no other.
    let of = ["api", "POST", "appointments", "-F", "customer_id=31204551", "-f", "summary=Visit"];
    let of = [&of[..], &FLAT[9..11], &["-F", "email_customer=true"]].concat();
    assert_eq!(named(&env, &of), appointment(&[IMELDA]));
}

#[cfg(unix)]
#[test]
fn the_question_names_everybody_who_may_get_an_appointment() {
    let env = with_contact(7_804_552);
    let mut terminal = env.terminal(&VISIT);
    let shown = terminal.expect("[y/N/p");
    let (_, question) = shown.rsplit_once("Email the appointment to ").unwrap();
    assert!(question.contains(JOSS) && question.contains(IMELDA), "{shown}");
    terminal.reply("[y/N/p", "");
    assert_eq!(terminal.end().0, 9);
}

#[test]
fn an_appointment_on_a_ticket_is_no_other_customers() {
    let env = TestEnv::new();
    let flat = [&FLAT[..], &["-F", "customer_id=31204602"]].concat();
    let wrapped = [&WRAPPED[..], &["-F", "appointment[customer_id]=31204602"]].concat();
    for args in [&flat, &wrapped] {
        let ran = yes(&env, args);
        ran.ends(5).says("belongs to customer 31204551, not to customer 31204602");
        assert!(env.writes().is_empty(), "{ran}");
    }
    let own = [&FLAT[..], &["-F", "customer_id=31204551"]].concat();
    yes(&env, &own).ends(0);
    assert_eq!(mailed(&env), [IMELDA]);
    // Nor is it given to one by a change that is emailed, without that one being named.
    let id = env.account().ticket(crate::support::TILL).ticket["appointments"][0]["id"].to_string();
    let path = format!("appointments/{id}");
    let put = ["api", "PUT", &path, "-f", "start_at=2027-03-18T09:00:00-05:00"];
    let put = [&put[..], &["-F", "customer_id=31204602", "-F", "email_customer=true"]].concat();
    let all = named(&env, &put).to_string();
    assert!(all.contains(CASPER), "{all}");
    yes(&env, &put).ends(5).says("--other-contact").says(IMELDA);
}

#[cfg(unix)]
#[test]
fn a_ticket_that_moves_while_its_emailed_appointment_is_asked_about_gets_none() {
    for setup in [crate::support::Setup::default(), crate::support::Setup::stale()] {
        let env = TestEnv::of(setup);
        let mut terminal = env.terminal(&VISIT);
        terminal.expect("[y/N/p");
        let moved = json!({"customer_id": OTHER.0, "contact_id": null});
        env.colleague().write("PUT", &till(), &moved);
        terminal.reply("[y/N/p", "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 5, "{shown}");
        assert!(env.writes().is_empty() && mailed(&env).is_empty(), "{shown}");
    }
}

#[test]
fn another_customers_contact_is_asked_about_before_an_email() {
    let env = with_contact(OTHER.1);
    for args in [&VISIT[..], &FLAT, &WRAPPED] {
        yes(&env, args).ends(5).says("--other-contact").says(CASPER);
    }
    let invoice = json!({"contact_id": OTHER.1});
    env.account().write("PUT", "/invoices/1652300000", &invoice);
    let before = env.writes().len();
    for args in [&["invoice", "email", "67409"][..], &["api", "POST", "invoices/1652300000/email"]]
    {
        yes(&env, args).ends(5).says("--other-contact").says("7804602 of invoice #67409");
    }
    assert_eq!(env.writes().len(), before);
    yes(&env, &[&VISIT[..], &["--other-contact"]].concat()).ends(0);
    yes(&env, &["invoice", "email", "67409", "--other-contact"]).ends(0);
}

/// Syncro mails the customer, whatever contact an invoice names.
#[test]
fn an_invoice_goes_to_the_customers_own_address() {
    let env = TestEnv::new();
    env.account().write("PUT", "/invoices/1652300000", &json!({"contact_id": 7_804_672}));
    let email = ["invoice", "email", "67409"];
    let named = named(&env, &email);
    yes(&env, &email).ends(0);
    assert_eq!(named, json!([{"to": mailed(&env)[0], "kind": "invoice"}]));
}

#[test]
fn an_appointment_for_which_there_is_no_address_says_so() {
    let env = TestEnv::new();
    let visit = ["appointment", "add", "32173", "--start", "2027-03-18 09:00", "--mail"];
    let ran = env.run(&[&visit[..], &["--dry-run"]].concat());
    assert!(ran.ends(0).stdout.contains("not emailed: no address"), "{ran}");
    assert_eq!(named(&env, &visit), json!([]));
    // Whoever gets one meanwhile was not asked about.
    let env = cut(&turned_away("appointment-create"), &visit);
    let customer = env.account().ticket(32_173).ticket["customer_id"].to_string();
    let address = json!({"email": "new@else.example", "no_email": false});
    env.colleague().write("PUT", &format!("/customers/{customer}"), &address);
    resume_stops(&env, "email");
}
