//! `api` on paths that a command knows: the command's own preview, questions and looks, whatever way the path is typed.

mod documents;
mod drafts;
mod known;
mod lines;
mod live;
mod money;
mod office;
mod payments;
mod products;
mod spelling;
mod time;
mod unsaid;

use serde_json::{Value, json};

use crate::support::{Ran, TILL, TestEnv, ticket_id};

fn run(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[&["api"], args, &["--yes", "--json"]].concat())
}

/// Refused with this code before anything was sent, and nothing is pending.
#[track_caller]
fn refused(env: &TestEnv, args: &[&str], code: i32, says: &str) {
    let ran = run(env, args);
    ran.ends(code).says(says);
    assert!(env.writes().is_empty(), "{ran}");
    assert!(env.journal().iter().all(|plan| plan.is_closed()), "{ran}");
}

#[track_caller]
fn done(env: &TestEnv, args: &[&str]) -> Value {
    let json = run(env, args).ends(0).json().unwrap();
    assert_eq!(json["outcome"], "done", "{args:?}");
    json
}

/// What would be shown, of which nothing is sent.
#[track_caller]
fn shown(env: &TestEnv, args: &[&str], texts: &[&str]) {
    let ran = env.run(&[&["api"], args, &["--dry-run"]].concat());
    for text in texts {
        assert!(ran.ends(0).stdout.contains(text), "{text}: {ran}");
    }
    assert!(env.writes().is_empty(), "{ran}");
}

/// The body of the only write.
#[track_caller]
fn body(env: &TestEnv) -> Value {
    let [write] = &env.writes()[..] else {
        unreachable!("one write: {:?}", env.writes());
    };
    write.body.clone()
}

fn ticket(number: i64) -> String {
    format!("tickets/{}", ticket_id(number))
}

/// The id of the invoice with that number.
fn invoice(env: &TestEnv, number: &str) -> String {
    env.account().get(&format!("/invoices/{number}"))["invoice"]["id"].to_string()
}

#[test]
fn a_ticket_is_deleted_by_its_number_only() {
    let env = TestEnv::new();
    let path = ticket(32_166);
    shown(&env, &["DELETE", &path], &["#32166", "Customer", "permanently", "DELETE /tickets/"]);
    refused(&env, &["DELETE", &path], 2, "--number 32166");
    refused(&env, &["DELETE", &path, "--number", "32165"], 2, "does not match ticket");
    // An id is what the path has said already.
    let id = format!("id:{}", ticket_id(32_166));
    refused(&env, &["DELETE", &path, "--number", &id], 2, "--number");
    refused(&env, &["DELETE", "tickets/1", "--number", "1"], 3, "404");
    let billed = ticket(32_176);
    refused(&env, &["DELETE", &billed, "--number", "32176"], 5, "--invoiced");
    done(&env, &["DELETE", &path, "--number", "32166"]);
    // With the override it is asked for, and refused by the server itself.
    run(&env, &["DELETE", &billed, "--number", "32176", "--invoiced"]).ends(5);
    assert_eq!(env.writes().len(), 2);
    assert_eq!(env.account().call("GET", &format!("/{path}"), None).0, 404);
}

#[cfg(unix)]
#[test]
fn on_a_terminal_the_number_is_typed() {
    for (typed, code) in [("32165", 9), ("32166", 0)] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&["api", "DELETE", &ticket(32_166)]);
        let before = terminal.expect("Type the ticket number");
        assert!(before.contains("#32166 Osprey Lane Nursery School"), "{before}");
        terminal.say(typed);
        if code == 0 {
            terminal.answer("[y/N/p", "y");
        }
        let (ended, shown) = terminal.end();
        assert_eq!(ended, code, "{shown}");
        assert_eq!(env.writes().len(), usize::from(code == 0));
    }
}

#[test]
fn no_way_of_typing_a_path_leads_around_its_guards() {
    let env = TestEnv::new();
    for path in [
        "tickets/108443222.json",
        "tickets/10844322%32",
        "tickets/108443222-x",
        "tickets/+108443222",
        "ticket%73/108443222",
        "invoices/67410-1",
    ] {
        refused(&env, &["DELETE", path], 2, "path");
    }
    // A known write has its fields in the body, where its guards look.
    let paid = invoice(&env, "67410");
    let path = format!(
        "payments?amount_cents=100&customer_id=31204671&payment_method=Check&invoice_id={paid}"
    );
    refused(&env, &["POST", &path], 2, "query");
    let odd = ["POST", "tickets/108443222?_method=delete"];
    refused(&env, &odd, 2, "_method");
    let cents = ["POST", "payments", "-F", "amount_cents=0.5"];
    refused(&env, &cents, 2, "not a whole number");
    // More than `bill` would send is no way around what it asks.
    for (ticket, more, says) in [
        (32_176, "hardwarecost=1", "--again"),
        (TILL, "hardwarecost=1", "--zero"),
        (32_176, "date=2026-03-17", "no uninvoiced line items"),
        (TILL, "date=2026-03-17", "no uninvoiced line items"),
    ] {
        let ticket = format!("ticket_id={}", ticket_id(ticket));
        refused(&env, &["POST", "invoices", "-F", &ticket, "-F", more], 5, says);
    }
}

#[test]
fn a_ticket_that_is_changed_is_named_with_old_and_new() {
    let env = TestEnv::new();
    let path = ticket(TILL);
    let put = |more: &[&'static str]| [&["PUT", path.as_str()], more].concat();
    shown(
        &env,
        &put(&["-F", "priority=1 High", "-F", "user_id=81207"]),
        &[
            "#32181 Till will not print",
            "Quillfeather Books",
            "2 Normal -> 1 High",
            "Robin Ashgrove -> ",
            "customer_reply",
        ],
    );
    for (field, code, says) in [
        ("status=Resolvd", 2, "Resolved"),
        ("status=resolved", 2, ", not "),
        ("status=", 2, "no blank status"),
        ("status= ", 2, "no blank status"),
        ("status=null", 2, "no blank status"),
        ("ticket[status]=", 2, "no blank status"),
        ("contact_id=7804671", 3, "no contact"),
        ("customer_id=1", 3, "no customer"),
        ("user_id=1", 3, "no user"),
    ] {
        refused(&env, &put(&["-F", field]), code, says);
    }
    done(&env, &put(&["-F", "priority=1 High"]));
    assert_eq!(body(&env), json!({"priority": "1 High", "customer_reply": false}));
}

#[test]
fn what_no_command_knows_is_sent_once_and_says_so() {
    let env = TestEnv::new();
    let alert = ["POST", "rmm_alerts", "-F", "customer_id=31204551", "-f", "description=Loud"];
    shown(&env, &alert, &["unknown endpoint"]);
    run(&env, &[&alert[..], &["--unknown-path"]].concat()).ends(0);
    assert_eq!(env.writes().len(), 1);
}

/// Nobody knows which of the two the server takes.
#[test]
fn one_thing_that_is_said_in_two_ways_is_said_alike() {
    let env = TestEnv::new();
    let pay = ["POST", "payments", "-F", "amount_cents=8750", "-f", "payment_method=Check"];
    let pay = [&pay[..], &["-F", "invoice_id=1652217604"]].concat();
    let line = format!("{}/add_line_item", ticket(TILL));
    let line = ["POST", line.as_str(), "-f", "name=x", "-f", "description=x", "-F", "quantity=1"];
    let line = [&line[..], &["-F", "price_retail=45"]].concat();
    let time = format!("{}/timer_entry", ticket(TILL));
    let start = "start_at=2026-03-17T09:00:00-05:00";
    let time = ["POST", time.as_str(), "-f", start, "-F", "duration_minutes=30"];
    for (typed, more, says) in [
        (&pay[..], "amount=8750", "amount 8750 and amount_cents 8750 are different amounts"),
        (&line, "retail_cents=4000", "price_retail 45 and retail_cents 4000"),
        (&time, "end_at=2026-03-17T10:00:00-05:00", "are different ends"),
    ] {
        refused(&env, &[typed, &["-F", more]].concat(), 2, says);
    }
    shown(&env, &[&line[..], &["-F", "retail_cents=4500"]].concat(), &["$45.00"]);
}

/// What a guard cannot judge, or would judge by less than what is sent, is not sent.
#[test]
fn nothing_passes_a_guard_by_its_spelling() {
    let pay = ["api", "POST", "payments", "-F", "amount_cents=8750", "-f", "payment_method=Check"];
    let line = ["api", "POST", "tickets/108443837/add_line_item", "-f", "name=x"];
    let line = [&line[..], &["-f", "description=x", "-F", "quantity=1"]].concat();
    let comment = ["api", "POST", "tickets/108443837/comment", "-f", "subject=Up"];
    let comment = [&comment[..], &["-f", "body=Password: Hunter2x"]].concat();
    let env = TestEnv::new();
    let beside = env.dir().join("beside.json");
    let body = r#"{"comments_attributes": [{"subject": "Up", "body": "Hello"}]}"#;
    std::fs::write(&beside, body).unwrap();
    let beside = ["api", "PUT", "tickets/108443837", "--input", beside.to_str().unwrap()];
    let cases: [(&[&str], &[&str], i32, &str); 8] = [
        (&pay, &["-F", "customer_id=31204602", "-f", "invoice_number=66965"], 2, "invoice_id"),
        (&pay, &["-f", "invoice_id=1652217604x"], 2, "invoice_id"),
        (&pay, &["-f", "invoice_id=1652217604.0"], 2, "invoice_id"),
        (&beside, &[], 2, "comments_attributes is not part of a change"),
        (&line, &["-f", "price_retail=1,234.50"], 2, "price_retail"),
        (&comment, &["-f", "hidden=true "], 5, "--allow-secrets"),
        (&["line", "update", "32178", "2964400000"], &["--quantity", "0"], 5, "--zero"),
        (&["line", "add", "32181", "--product", "17340101"], &["--price", "-99999"], 5, "--large"),
    ];
    for (typed, more, exit, says) in cases {
        env.run(&[typed, more, &["--yes"]].concat()).ends(exit).says(says);
    }
    assert!(env.writes().is_empty());
}
