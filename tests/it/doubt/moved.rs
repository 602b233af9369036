//! Every write on a ticket rests on whose ticket it is: what was meant for one customer is not written to another's ticket,
//! whoever says yes.

use serde_json::{Value, json};

use super::{cut, names, pending, resume_stops, sent, turned_away};
use crate::support::{Altered, OTHER, Setup, TILL, TestEnv, ticket_id, until};

/// A write, the fault that cuts it off, and the one that makes it wait.
struct Write {
    op: &'static str,
    args: &'static [&'static str],
}

const WRITES: [Write; 12] = [
    Write { op: "ticket-update", args: &["update", "32181", "Resolved"] },
    Write { op: "ticket-update", args: &["update", "32181", "--subject", "The spool"] },
    Write { op: "ticket-update", args: &["update", "32181", "--contact", "joss"] },
    Write { op: "ticket-update", args: &["update", "32181", "--priority", "high"] },
    Write { op: "ticket-update", args: &["close", "32181", "--no-comment", "--no-log"] },
    Write { op: "ticket-delete", args: &["delete", "32181", "--number", "32181"] },
    Write { op: "line", args: &["line", "add", "32181", "--labor", "remote", "--minutes", "30"] },
    Write { op: "timer-add", args: &["timer", "start", "32181"] },
    Write {
        op: "timer-add",
        args: &["timer", "add", "32181", "--minutes", "30", "--start", "2026-03-17 10:00"],
    },
    Write {
        op: "appointment-create",
        args: &["appointment", "add", "32181", "--start", "2027-03-17 09:00"],
    },
    Write { op: "comment", args: &["comment", "32181", "The spool", "--hidden"] },
    Write {
        op: "ticket-update",
        args: &["api", "PUT", "tickets/108443837", "-f", "subject=The spool"],
    },
];

/// All that is said on the ticket itself, but whose it is.
fn figures(env: &TestEnv) -> Value {
    let state = env.state(TILL);
    let mut ticket = state.ticket.clone();
    for name in ["updated_at", "customer", "contact", "customer_business_then_name"] {
        ticket[name].take();
    }
    json!([ticket, state.comments, state.lines])
}

#[test]
fn a_ticket_that_moves_between_a_cut_and_its_resume_is_left_alone() {
    for Write { op, args } in WRITES {
        let env = cut(&[format!("{op}=close-before")], args);
        env.colleague().hand_over(ticket_id(TILL));
        let before = figures(&env);
        resume_stops(&env, "customer");
        assert_eq!(figures(&env), before, "{args:?}");
    }
}

#[test]
fn a_ticket_that_moves_while_a_write_waits_is_left_alone() {
    for Write { op, args } in WRITES {
        let env = TestEnv::with(&[&format!("{op}@1=429:1")]);
        let running = env.spawn(&[args, &["--yes", "--json"]].concat());
        env.until_logged(|line| line.fault.is_some());
        env.colleague().hand_over(ticket_id(TILL));
        let before = figures(&env);
        let ran = running.wait();
        ran.ends(5);
        names(&ran, "customer");
        // Nothing is to be mended first.
        ran.says("run the command again to plan");
        assert!(!ran.stderr.contains("fix the cause"), "{ran}");
        assert_eq!(env.writes().len(), 1, "{ran}");
        assert_eq!(figures(&env), before, "{args:?}: {ran}");
    }
}

/// A person who says yes to the preview has not said yes to another customer.
#[cfg(unix)]
#[test]
fn a_ticket_that_moves_after_its_preview_is_left_alone() {
    for args in [["update", "32181", "Resolved"], ["update", "32181", "--priority=high"]] {
        let env = TestEnv::new();
        let mut terminal = env.terminal(&args);
        terminal.expect("[y/N/p");
        env.colleague().hand_over(ticket_id(TILL));
        terminal.say("y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 5, "{shown}");
        assert!(env.writes().is_empty(), "{shown}");
    }
}

/// What moves the ticket itself is not in its own way.
#[test]
fn a_move_that_has_landed_is_finished() {
    let customer = ["update", "32181", "--customer", "31204602"];
    for (fault, puts) in [("close-before", 2), ("close-after", 1), ("late:800", 1)] {
        let env = TestEnv::with(&[&format!("ticket-update@1={fault}")]);
        let first = env.run(&[&customer[..], &["--yes", "--json"]].concat());
        assert!([0, 6].contains(&first.code), "{fault}: {first}");
        if fault == "late:800" {
            until("it has landed", || env.state(TILL).ticket["customer_id"] == OTHER.0);
        }
        let ran = super::resume(&env);
        ran.ends(0);
        assert_eq!(sent(&env, "PUT"), puts, "{fault}: {ran}");
        assert_eq!(env.state(TILL).ticket["customer_id"], OTHER.0, "{fault}: {ran}");
        assert_eq!(pending(&env), 0);
    }
}

/// An answer about another ticket than was asked for is no ground for a write, nor is its id.
#[test]
fn an_answer_about_another_record_is_not_followed() {
    for (path, args) in [
        ("ticket", &["update", "32181", "Resolved"][..]),
        ("ticket", &["comment", "32181", "The spool"]),
        ("customer", &["comment", "32181", "The spool"]),
        ("customer", &["customer", "update", "31204551", "--phone", "555-0199"]),
        ("contact", &["contact", "update", "7804551", "--phone", "555-0199"]),
        ("asset", &["asset", "update", "12400000", "--property", "OS=Windows 11"]),
        ("invoice", &["invoice", "update", "67409", "--note", "Thanks"]),
        ("appointment", &["appointment", "cancel", "5200000"]),
    ] {
        let env = TestEnv::with(&[&format!("{path}@*=wrong-id")]);
        let ran = env.run(&[args, &["--yes", "--json"]].concat());
        assert!([3, 8].contains(&ran.code), "{path}: {ran}");
        assert!(env.writes().is_empty(), "{path}: {ran}");
    }
}

/// The hours that the preview counted on.
#[test]
fn a_block_that_changes_between_a_cut_and_its_resume_stops_the_bill() {
    let bill = ["bill", "32180", "--minutes", "60", "--labor", "onsite", "-m", "Rejoined"];
    for op in ["comment", "line", "invoice-create"] {
        for hours in ["1", "12.5"] {
            let env = cut(&[format!("{op}=close-before")], &bill);
            debit(&env, hours);
            resume_stops(&env, "prepaid hours");
            assert!(env.state(32_180).my_invoices().is_empty(), "{op}, {hours}");
        }
    }
}

/// The colleague bills the same customer for another ticket.
fn debit(env: &TestEnv, hours: &str) {
    let colleague = env.colleague();
    let ticket = json!({"customer_id": OTHER.0, "subject": "Another matter", "user_id": null});
    let id = colleague.write("POST", "/tickets", &ticket)["ticket"]["id"].clone();
    let line = json!({
        "product_id": 17_340_021, "name": "Labor - Remote", "description": "Another matter",
        "quantity": hours, "price_retail": "120", "taxable": false,
    });
    colleague.write("POST", &format!("/tickets/{id}/add_line_item"), &line);
    let invoice = json!({"ticket_id": id, "customer_id": OTHER.0, "category": "Standard"});
    colleague.write("POST", "/invoices", &invoice);
}

/// What is stored elsewhere than it was sent is said.
#[tokio::test]
async fn a_ticket_that_is_stored_as_another_customers_is_said() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |what, body| {
        if what.starts_with("PUT /tickets/") {
            body["customer_id"] = OTHER.0.into();
        }
    })
    .await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let ran = env.run_with(&["update", "32181", "Resolved", "--yes"], &there);
    ran.says("customer_id");
}

/// What was read a moment ago counts as now, so that a change of that moment costs no reading: only what is older than
/// `fresh_seconds` is read again before the first write, and then all that the plan rests on.
#[test]
fn what_was_read_a_moment_ago_is_not_read_again() {
    for (setup, is_old) in [(Setup::default(), false), (Setup::stale(), true)] {
        let env = TestEnv::of(setup);
        env.run(&["comment", "32181", "Parts are here", "--yes"]).ends(0);
        let log = env.log();
        let before = log.iter().take_while(|line| line.method == "GET");
        let customer = before.filter(|line| line.path.ends_with("/customers/31204551"));
        assert_eq!(customer.count() > 1, is_old);
    }
}

/// A plan that would stop at a later step is not begun, where its preview has become old by the first one.
#[test]
fn a_price_that_changes_while_the_comment_waits_keeps_it_unsent() {
    let faults = vec!["comment@1=429:1".to_owned()];
    let env = TestEnv::of(Setup { faults, fresh: "0.2", ..Setup::default() });
    let running = env.spawn(&crate::support::bill(&["--yes", "--json"]));
    env.until_logged(|line| line.fault.is_some());
    let dearer = json!({"price_retail": 130, "taxable": false});
    env.colleague().write("PUT", "/products/17340021", &dearer);
    let ran = running.wait();
    ran.ends(5);
    names(&ran, "price");
    assert_eq!(sent(&env, "POST comment"), 1, "{ran}");
    assert_eq!(env.state(TILL).ours(), crate::support::UNBILLED, "{ran}");
}

#[test]
fn a_products_tax_that_a_line_shows_is_a_ground_of_it() {
    let env = cut(&turned_away("line"), &["line", "add", "32181", "--product", "17340101"]);
    env.colleague().write("PUT", "/products/17340101", &json!({"taxable": false}));
    resume_stops(&env, "taxable");
    // Labor is taxed as its type says.
    let labor = ["line", "add", "32181", "--labor", "remote", "--minutes", "30"];
    let env = cut(&turned_away("line"), &labor);
    env.colleague().write("PUT", "/products/17340021", &json!({"taxable": true}));
    super::resume(&env).ends(0);
}
