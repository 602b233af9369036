//! A customer who is disabled between the preview and the sending: what a guard asks about, the request rests on.
#![cfg(unix)]

use serde_json::{Value, json};

use super::BOOKS;
use crate::support::{Altered, Setup, TILL, TestEnv, ticket_id};

const PROMPT: &str = "[y/N/p";

/// The dental office, which has nothing to do with the till.
const DENTAL: i64 = 31_204_602;

fn disable(env: &TestEnv, customer: i64) {
    env.colleague().write("PUT", &format!("/customers/{customer}"), &json!({"disabled": true}));
}

/// A visit to the bookshop, appointment 5560900021, and the number of the till's invoice.
fn prepare(env: &TestEnv) -> String {
    let visit = json!({
        "summary": "Gift receipts", "ticket_id": ticket_id(TILL), "customer_id": BOOKS,
        "start_at": "2027-03-17T15:00:00Z", "end_at": "2027-03-17T16:00:00Z", "do_not_email": true,
    });
    let (status, made) = env.account().call("POST", "/appointments", Some(&visit));
    assert_eq!(status, 201, "{made}");
    env.account().line(TILL, "0.5", "120", "As agreed");
    env.account().invoice(TILL)["invoice"]["number"].as_str().unwrap().to_owned()
}

/// The account, but that no appointment says whether its customer is disabled.
async fn hiding(env: &TestEnv) -> Altered {
    Altered::telling(env.account(), |_, _, answer| {
        let listed = answer.get("appointments").and_then(Value::as_array).map_or(0, Vec::len);
        let places = (0..listed).map(|at| format!("/appointments/{at}/appointment/customer"));
        for place in places.chain(["/appointment/customer".to_owned()]) {
            let whose = answer.pointer_mut(&place).and_then(Value::as_object_mut);
            whose.into_iter().for_each(|whose| drop(whose.remove("disabled")));
        }
    })
    .await
}

/// A key that may not read customers changes an appointment that does not say whether its customer is disabled: what nobody
/// can show stands against nothing.
#[tokio::test]
async fn what_cannot_be_shown_refuses_no_change() {
    let (env, _) = TestEnv::prepared(Setup::default(), prepare);
    let server = hiding(&env).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let to = "start_at=2027-03-18T10:00:00-05:00";
    let put = ["api", "PUT", "appointments/5560900021", "-f", to, "--yes"];
    let customer = format!("/customers/{BOOKS}");
    let moved = ["move-appointment", "quillfeather", "--appointment", "5560900021"];
    let moved = [&moved[..], &["--to", "2027-03-19 09:00", "--yes"]].concat();
    // Who may be read is asked about.
    disable(&env, BOOKS);
    env.run_with(&put, &there).ends(5).says("--disabled");
    server.answering(("GET", &customer), 403, &json!({"error": "Not authorized"})).await;
    env.run_with(&put, &there).ends(0);
    env.account().write("PUT", &customer, &json!({"disabled": false}));
    env.run_with(&moved, &there).ends(0);
    // What cannot be read for another reason is no leave.
    let server = hiding(&env).await;
    server.answering(("GET", &customer), 500, &json!({"error": "Sorry"})).await;
    let put = ["api", "PUT", "appointments/5560900021", "-f", "start_at=2027-03-20T10:00:00-05:00"];
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    env.run_with(&[&put[..], &["--yes"]].concat(), &there).ends(8);
}

#[test]
fn whoever_is_disabled_after_the_preview_is_asked_about_again() {
    for (typed, customer, sent) in [
        ("update 32181 --customer 31204602 --contact none", DENTAL, "ticket-update"),
        ("invoice email {}", BOOKS, "invoice-email"),
        ("appointment add 32181 --start 2027-03-18~09:00", BOOKS, "appointment-create"),
        (
            "api POST appointments -F customer_id=31204551 -f summary=Visit -f start_at=2027-03-18T10:00:00-05:00",
            BOOKS,
            "appointment-create",
        ),
        (
            "move-appointment 31204551 --appointment 5560900021 --to 2027-03-18~09:00",
            BOOKS,
            "appointment-update",
        ),
    ] {
        let (env, invoice) = TestEnv::prepared(Setup::default(), prepare);
        let typed = typed.replace("{}", &invoice);
        let args: Vec<String> = typed.split(' ').map(|word| word.replace('~', " ")).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        // On a terminal, where the answer comes at once.
        let mut terminal = env.terminal(&args);
        terminal.expect(PROMPT);
        disable(&env, customer);
        terminal.reply(PROMPT, "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 5, "{typed}: {shown}");
        assert!(shown.contains("disabled is now yes"), "{typed}: {shown}");
        assert!(env.writes().is_empty(), "{typed}: {shown}");
        // Nobody is asked of one that was disabled before, and said to be meant; its flag lets it pass.
        let run = |more: &[&str]| env.run(&[&args[..], &["--yes"], more].concat());
        run(&[]).ends(5).says("--disabled");
        run(&["--disabled"]).ends(0);
        assert_eq!(env.writes().len(), 1, "{sent}");
    }
}
