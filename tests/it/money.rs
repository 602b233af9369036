//! `invoice` and `payment`: what their writes answer and send, each question in a script, and that nothing is mailed or
//! paid twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::support::{Account, Asked, Deaf, Ran, Setup, TILL, TestEnv, money};

fn run(env: &TestEnv, args: &[&str]) -> Ran {
    env.run(&[args, &["--yes", "--json"]].concat())
}

/// Refused with this code before anything was sent.
#[track_caller]
fn refused(env: &TestEnv, ran: &Ran, code: i32, says: &str) {
    ran.ends(code).says(says);
    assert!(env.writes().is_empty(), "{ran}");
}

#[track_caller]
fn done(ran: &Ran) -> Value {
    let json = ran.ends(0).json().unwrap();
    assert_eq!(json["outcome"], "done", "{ran}");
    json
}

/// An account in which half an hour, $60.00, waits on the till's ticket.
fn waiting(faults: &[&str]) -> TestEnv {
    let setup = Setup {
        faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
        ..Setup::default()
    };
    TestEnv::prepared(setup, |env| env.account().line(TILL, "0.5", "120", "Gift layout copied")).0
}

/// The invoice with that number.
fn invoice(env: &TestEnv, number: &str) -> Value {
    env.account().get(&format!("/invoices/{number}"))["invoice"].take()
}

#[test]
fn an_invoice_is_made_of_what_waits() {
    let env = waiting(&[]);
    let ran = env.run(&["invoice", "create", "32181", "--yes"]);
    ran.ends(0);
    assert!(ran.stdout.contains("$60.00"), "{ran}");
    let invoices = env.state(TILL).invoices;
    assert_eq!(invoices.len(), 1);
    assert_eq!(money(&invoices[0]["subtotal"]), Decimal::from(60));
    assert_eq!(env.state(TILL).status(), "In Progress");
    // What has been taken is not taken again.
    run(&env, &["invoice", "create", "32181", "--again"]).ends(5).says("no uninvoiced line items");
    env.account().line(TILL, "0.25", "120", "Printed one more");
    run(&env, &["invoice", "create", "32181"]).ends(5).says("--again");
    assert_eq!(env.writes().len(), 1);
    done(&run(&env, &["invoice", "create", "32181", "--again"]));
    assert_eq!(env.state(TILL).invoices.len(), 2);
}

#[test]
fn an_invoice_of_the_wrong_amount_is_said_and_mended() {
    let env = waiting(&["invoice-create=zero-invoice"]);
    let ran = run(&env, &["invoice", "create", "32181"]);
    ran.ends(1);
    let env = waiting(&["invoice-create@1=zero-invoice"]);
    run(&env, &["invoice", "create", "32181", "--repair"]).ends(0);
    let invoices = env.state(TILL).invoices;
    assert_eq!(invoices.len(), 1);
    assert_eq!(money(&invoices[0]["subtotal"]), Decimal::from(60));
}

#[test]
fn invoices_are_refused_before_anything_is_sent() {
    let env = TestEnv::new();
    for (args, code, says) in [
        (&["invoice", "create", "32181"][..], 5, "no uninvoiced line items"),
        (&["invoice", "create", "99999"], 3, "99999"),
        (&["invoice", "update", "67409"], 2, "--due"),
        (&["invoice", "update", "67409", "--due", "sometime"], 2, "--due"),
        (&["invoice", "update", "67410", "--note", "Thanks"], 5, "--paid"),
        (&["invoice", "update", "99999", "--note", "Thanks"], 3, "99999"),
        (&["invoice", "email", "67410"], 5, "--paid"),
        (&["invoice", "email", "67411"], 5, "--zero"),
        (&["invoice", "email", "99999"], 3, "99999"),
        (&["invoice", "delete", "67410"], 5, "fully or partly paid"),
        (&["invoice", "delete", "66930"], 5, "fully or partly paid"),
        (&["invoice", "delete", "99999"], 3, "99999"),
    ] {
        refused(&env, &run(&env, args), code, says);
    }
    let ran = env.run(&["invoice", "delete", "67409"]);
    refused(&env, &ran, 2, "--yes");
    let env = TestEnv::prepared(Setup::default(), |env| {
        env.account().line(TILL, "0.5", "0", "For nothing")
    })
    .0;
    let ran = run(&env, &["invoice", "create", "32181"]);
    refused(&env, &ran, 5, "--zero");
}

#[test]
fn an_invoice_is_changed_and_deleted() {
    let env = TestEnv::new();
    let args = ["invoice", "update", "67409", "--due", "2027-06-30", "--po-number", "PO-1187"];
    let json = done(&run(&env, &args));
    assert_eq!(json["invoice"]["po_number"], "PO-1187");
    assert_eq!(json["invoice"]["due_date"].as_str().unwrap()[..10], *"2027-06-30");
    run(&env, &args).is_so_already();
    assert_eq!(env.writes().len(), 1);
    let id = invoice(&env, "67409")["id"].to_string();
    done(&run(&env, &["invoice", "delete", "67409", "--keep-status"]));
    assert_eq!(env.account().call("GET", &format!("/invoices/{id}"), None).0, 404);
    // The answer is 200, and a GET still shows it.
    let env = TestEnv::with(&["invoice-delete=lag:60000"]);
    run(&env, &["invoice", "delete", "67409", "--keep-status"]).ends(6);
}

/// Ticket 32177 is Invoiced by this invoice alone.
#[test]
fn a_ticket_is_not_left_invoiced_without_an_invoice() {
    let env = TestEnv::new();
    let delete = ["invoice", "delete", "67409"];
    let ran = run(&env, &delete);
    refused(&env, &ran, 5, "icket #32177 stays Invoiced without an invoice");
    ran.says("--keep-status");
    let plan = env.run(&[&delete[..], &["--dry-run"]].concat());
    assert!(plan.ends(0).stdout.contains("#32177 Fridge sensor alarms by mail"), "{plan}");
    let both = run(&env, &[&delete[..], &["--status", "New", "--keep-status"]].concat());
    refused(&env, &both, 2, "contradict");
    let typed = run(&env, &[&delete[..], &["--status", "Progres"]].concat());
    refused(&env, &typed, 2, "In Progress");
    done(&run(&env, &[&delete[..], &["--status", "in progress"]].concat()));
    assert_eq!(env.state(32_177).status(), "In Progress");
    assert!(env.state(32_177).invoices.is_empty());
    let methods: Vec<String> = env.writes().iter().map(|line| line.method.clone()).collect();
    assert_eq!(methods, ["DELETE", "PUT"]);
    // Another invoice is left; another status needs no word.
    let env = TestEnv::new();
    env.account().line(32_177, "0.5", "120", "Looked at it again");
    env.account().invoice(32_177);
    done(&run(&env, &delete));
    assert_eq!(env.state(32_177).status(), "Invoiced");
    let env = waiting(&[]);
    let number = env.account().invoice(TILL)["invoice"]["number"].as_str().unwrap().to_owned();
    done(&run(&env, &["invoice", "delete", &number]));
    assert_eq!(env.state(TILL).status(), "In Progress");
}

/// So is the line alone, which waits again: nothing else would say that it is no longer invoiced.
#[test]
fn a_ticket_is_not_left_invoiced_without_a_line() {
    let env = TestEnv::new();
    let read = invoice(&env, "67409");
    let path = format!("invoices/{}/line_items/{}", read["id"], read["line_items"][0]["id"]);
    let delete = ["api", "DELETE", &path];
    let ran = run(&env, &delete);
    refused(&env, &ran, 5, "icket #32177 stays Invoiced though this line may wait");
    ran.says("--keep-status");
    let plan = env.run(&[&delete[..], &["--dry-run"]].concat());
    assert!(plan.ends(0).stdout.contains("#32177 Fridge sensor alarms by mail"), "{plan}");
    done(&run(&env, &[&delete[..], &["--keep-status"]].concat()));
    // A ticket in another status needs no word, and an invoice without a ticket has none.
    let env = waiting(&[]);
    let made = env.account().invoice(TILL)["invoice"].take();
    let read = env.account().get(&format!("/invoices/{}", made["id"]))["invoice"].take();
    let path = format!("invoices/{}/line_items/{}", read["id"], read["line_items"][0]["id"]);
    done(&run(&env, &["api", "DELETE", &path]));
    assert_eq!(env.state(TILL).status(), "In Progress");
}

#[test]
fn a_mail_says_to_whom_and_how_much_and_goes_out_once() {
    let env = TestEnv::with(&["invoice-email=close-after"]);
    let plan = env.run(&["invoice", "email", "67409", "--dry-run"]);
    plan.ends(0);
    assert!(plan.stdout.contains("ruaridh@mossgate-vets.example"), "{plan}");
    assert!(plan.stdout.contains("$90.00"), "{plan}");
    assert!(env.writes().is_empty());
    let ran = env.run(&["invoice", "email", "67409", "--yes"]);
    ran.ends(6).says("ruaridh@mossgate-vets.example").says("$90.00");
    assert_eq!(env.writes().len(), 1);
    let pending = env.journal()[0].id();
    env.run(&["resume", "--yes"]).ends(6).says(&pending);
    run(&env, &["invoice", "email", "67409"]).ends(5).says("syncro resume");
    assert_eq!(env.writes().len(), 1);
    env.run(&["resume", "--discard", &pending, "--yes"]).ends(0);
    assert_eq!(env.writes().len(), 1);
    // It may have gone out, so that another one is asked about.
    run(&env, &["invoice", "email", "67409"]).ends(5).says("--again");
    done(&run(&env, &["invoice", "email", "67409", "--again"]));
    // Whoever may not be mailed is not, unless somebody says so.
    let setup = Setup::default();
    let (env, _) = TestEnv::prepared(setup, |env| {
        let no = json!({"no_email": true});
        env.account().write("PUT", "/customers/31204671", &no)
    });
    let ran = run(&env, &["invoice", "email", "67409"]);
    refused(&env, &ran, 5, "--opted-out");
}

#[test]
fn a_payment_is_counted_in_cents() {
    let env = TestEnv::of(Setup { list_page: 5, ..Setup::default() });
    let args = ["payment", "add", "66930", "--amount", "0.29", "--method", "cash", "--ref", "R-7"];
    let ran = env.run(&[&args[..], &["--yes"]].concat());
    ran.ends(0).says("$137.50").says("$137.21");
    assert!(ran.stdout.contains("$0.29 by Cash"), "{ran}");
    let id = invoice(&env, "66930")["id"].to_string();
    let body = &env.writes()[0].body;
    assert_eq!(body["amount_cents"], 29);
    assert_eq!(body["payment_method"], "Cash");
    assert_eq!(body["apply_payments"], json!({ id.as_str(): 29 }));
    let json = done(&run(&env, &["payment", "add", "66930", "--full", "--method", "Check"]));
    assert_eq!(env.writes()[1].body["amount_cents"], 13_721);
    assert_eq!(money(&json["payment"]["payment_amount"]).to_string(), "137.21");
    assert_eq!(invoice(&env, "66930")["is_paid"], true);
    run(&env, &["payment", "add", "66930", "--full", "--method", "Check"])
        .ends(5)
        .says("no open amount");
    assert_eq!(env.writes().len(), 2);
}

#[test]
fn a_payment_is_refused_before_anything_is_sent() {
    let env = TestEnv::new();
    let add = |more: &[&str]| {
        let method = if more.contains(&"--method") { &[][..] } else { &["--method", "Cash"] };
        run(&env, &[&["payment", "add"], more, method].concat())
    };
    for (more, code, says) in [
        (&["66930"][..], 2, "--amount"),
        (&["66930", "--amount", "1", "--full"], 2, "--full"),
        (&["66930", "--amount", "1.005"], 2, "1.005"),
        (&["66930", "--amount", "0"], 2, "0"),
        (&["66930", "--amount=-5"], 2, "5"),
        (&["66930", "--full", "--method", "Chek"], 2, "Check"),
        (&["99999", "--full"], 3, "99999"),
        (&["66930", "--amount", "137.51"], 5, "--over"),
        (&["66930", "--amount", "50"], 5, "--same-payment"),
        (&["67410", "--amount", "1"], 5, "--again"),
        (&["67410", "--full"], 5, "no open amount"),
    ] {
        refused(&env, &add(more), code, says);
    }
    let ran = env.run(&["payment", "add", "66930", "--full", "--method", "Cash"]);
    refused(&env, &ran, 2, "--yes");
    done(&add(&["66930", "--amount", "50", "--same-payment"]));
}

/// That an invoice is paid is one question, that more is paid than is open is another one.
#[test]
fn money_for_a_paid_invoice_needs_both_answers() {
    let env = TestEnv::new();
    let id = invoice(&env, "67410")["id"].to_string();
    let add = ["payment", "add", "67410", "--amount", "4000", "--method", "Check"];
    let post =
        ["api", "POST", "payments", "-F", "amount_cents=400000", "-F", &format!("invoice_id={id}")];
    for args in [&add[..], &post] {
        let try_with = |more: &[&str]| run(&env, &[args, more].concat());
        try_with(&[])
            .ends(5)
            .says("already paid")
            .says("Nothing is open on")
            .says("--again --over");
        try_with(&["--again"]).ends(5).says("Nothing is open on invoice #67410").says("--over");
        try_with(&["--over"]).ends(5).says("Invoice #67410 is already paid").says("--again");
    }
    assert!(env.writes().is_empty());
    done(&run(&env, &[&add[..], &["--again", "--over"]].concat()));
}

/// Whatever is open by the time of the answer is previewed and asked about, before that much is paid.
#[cfg(unix)]
#[test]
fn the_whole_open_amount_is_that_of_the_answer() {
    for setup in [Setup::default(), Setup::stale()] {
        let env = TestEnv::of(setup);
        let of = invoice(&env, "66930");
        let mut terminal =
            env.terminal(&["payment", "add", "66930", "--full", "--method", "Check"]);
        terminal.expect("Add the payment of $137.50 by Check");
        env.colleague().pay(&of);
        terminal.answer("[y/N/p]", "y");
        terminal.expect("Add the payment of $117.50 by Check");
        terminal.answer("[y/N/p]", "y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 0, "{shown}");
        assert!(!shown.contains("more than the open amount"), "{shown}");
        let sent: Vec<Value> =
            env.writes().iter().map(|line| line.body["amount_cents"].clone()).collect();
        assert_eq!(sent, [11_750], "{shown}");
        assert_eq!(invoice(&env, "66930")["is_paid"], true);
        // What was paid meanwhile is nobody's any more.
        let of = invoice(&env, "67409");
        let mut terminal =
            env.terminal(&["payment", "add", "67409", "--full", "--method", "Check"]);
        terminal.expect("[y/N/p]");
        let body = json!({"amount_cents": 9000, "invoice_id": of["id"], "payment_method": "Check"});
        env.colleague().write("POST", "/payments", &body);
        terminal.say("y");
        let (code, shown) = terminal.end();
        assert_eq!(code, 5, "{shown}");
        assert!(shown.contains("no open amount"), "{shown}");
        assert_eq!(env.writes().len(), 1);
    }
}

/// Has twenty dollars of invoice #66930 paid once it was read twice: when it was looked up, and for the preview.
fn paid_after_the_preview(account: &Account, path: &str, asked: &Asked) -> (u16, Value) {
    static READ: AtomicUsize = AtomicUsize::new(0);
    let query = asked.iter().map(|(name, value)| format!("{name}={value}"));
    let query = query.collect::<Vec<_>>().join("&");
    let (status, answer) = account.call("GET", &format!("{path}?{query}"), None);
    let of = &answer["invoice"];
    if of["number"] == "66930" && READ.fetch_add(1, Ordering::Relaxed) == 1 {
        account.pay(of);
    }
    (status, answer)
}

#[tokio::test]
async fn a_script_does_not_pay_another_amount_than_it_was_shown() {
    let env = TestEnv::of(Setup::stale());
    let server = Deaf::of(env.account(), paid_after_the_preview).await;
    let add = ["payment", "add", "66930", "--full", "--method", "Check", "--yes"];
    let ran = env.run_with(&add, &[("SYNCRO_BASE_URL", &server.base())]);
    ran.ends(5).says("$137.50").says("changed");
    assert!(env.writes().is_empty(), "{ran}");
    env.run(&add).ends(0).says("$117.50");
}

/// The server takes an invoice's number for an id and the other way round: 67402 is one's number and another's id.
#[test]
fn a_number_that_is_anothers_id_writes_to_the_right_invoice() {
    let env = TestEnv::new();
    let shown = env.run(&["invoice", "show", "67402", "--json"]);
    let right = shown.ends(0).json().unwrap()["id"].as_u64().unwrap();
    assert_ne!(right, 67_402);
    let commands = [
        &["invoice", "update", "67402", "--note", "Thank you", "--paid"][..],
        &["invoice", "email", "67402", "--paid"],
        &["payment", "add", "67402", "--amount", "1", "--method", "Check", "--again", "--over"],
    ];
    for args in commands {
        let ran = run(&env, args);
        done(&ran);
        let sent = env.writes().pop().unwrap();
        let to_it = sent.path.contains(&right.to_string())
            || sent.body["apply_payments"].get(right.to_string()).is_some();
        assert!(to_it, "{args:?} went to {} {}", sent.path, sent.body);
    }
    let sent = env.writes().len();
    run(&env, &["invoice", "delete", "67402"]).ends(5).says("paid");
    assert_eq!(env.writes().len(), sent);
}
