//! What lines, invoices and payments come to: discounts, credits, failed and shared payments, parts of a cent, on pages,
//! in previews and in what is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rust_decimal::Decimal;
use serde_json::{Value, json};
use syncro::sandbox::KEY;

use crate::support::{Account, Altered, MESSAGE, TILL, TestEnv, bill, money, ticket_id};

/// Its line of one and a half hours has a discount of ten percent: $202.50.
const DISCOUNTED: i64 = 32_152;

#[test]
fn a_discount_is_part_of_every_amount() {
    let env = TestEnv::new();
    let page = env.run(&["ticket", "32152"]);
    assert!(page.ends(0).stdout.contains("$202.50 uninvoiced in 1 line"), "{page}");
    let list = env.run(&["line", "list", "32152"]);
    assert!(list.ends(0).stdout.contains("$150.00 less 10%  $202.50"), "{list}");
    let bill = ["bill", "32152", "--minutes", "15", "--labor", "onsite", "-m", MESSAGE];
    let plan = env.run(&[&bill[..], &["--dry-run"]].concat());
    plan.ends(0);
    for text in ["1.5 x Labor - Onsite @ $150.00 less 10% = $202.50", "$240.00 (2 lines)"] {
        assert!(plan.stdout.contains(text), "{text}: {plan}");
    }
    let ran = env.run(&[&bill[..], &["--yes", "--json"]].concat());
    assert_eq!(ran.ends(0).json().unwrap()["outcome"], "done", "{ran}");
    let state = env.state(DISCOUNTED);
    assert_eq!(money(&state.invoices[0]["subtotal"]), Decimal::from(240));
    assert_eq!(state.status(), "Invoiced");
    let number = state.invoices[0]["number"].as_str().unwrap().to_owned();
    let shown = env.run(&["invoice", "show", &number]);
    assert!(shown.ends(0).stdout.contains("$150.00 less 10%  $202.50"), "{shown}");
    assert!(!shown.stdout.contains("check the discounts"), "{shown}");
}

/// Two discounts that contradict each other are said, and nothing is planned by either.
#[tokio::test]
async fn a_discount_that_nobody_can_explain_is_said_and_bills_nothing() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| ()).await;
    let path = format!("/tickets/{}", ticket_id(DISCOUNTED));
    let mut answer = env.account().get(&path);
    answer["ticket"]["line_items"][0]["discount_dollars"] = json!("75.00");
    server.answering(("GET", &path), 200, &answer).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let page = env.run_with(&["line", "list", "32152"], &there);
    assert!(page.ends(0).stdout.contains("unclear"), "{page}");
    let bill = ["bill", "32152", "--minutes", "15", "--labor", "onsite", "-m", MESSAGE, "--yes"];
    for args in [&bill[..], &["invoice", "create", "32152", "--yes"]] {
        let ran = env.run_with(args, &there);
        ran.ends(5)
            .says("the discount of line item")
            .says("is unclear")
            .says("nothing was written");
    }
    assert!(env.writes().is_empty() && env.journal().is_empty());
}

#[test]
fn changing_a_discounted_line_shows_what_it_comes_to() {
    let env = TestEnv::new();
    let line = env.state(DISCOUNTED).lines[0]["id"].to_string();
    let args = ["line", "update", "32152", &line, "--quantity", "2", "--dry-run"];
    let plan = env.run(&args);
    let text = "2 x Labor - Onsite @ $150.00 less 10% = $270.00";
    assert!(plan.ends(0).stdout.contains(text), "{plan}");
}

#[test]
fn a_failed_payment_pays_nothing() {
    let env = TestEnv::new();
    let show = env.run(&["invoice", "show", "66902"]);
    assert!(show.ends(0).stdout.contains("failed") && !show.stdout.contains("due\n"), "{show}");
    let add = ["payment", "add", "66902", "--full", "--method", "Check"];
    let plan = env.run(&[&add[..], &["--dry-run"]].concat());
    assert!(plan.ends(0).stdout.contains("$225.00, unpaid"), "{plan}");
    env.run(&[&add[..], &["--yes"]].concat()).ends(0);
    assert_eq!(env.writes()[0].body["amount_cents"], 22_500);
}

#[test]
fn a_credit_is_never_overdue() {
    let env = TestEnv::new();
    let list = env.run(&["invoice", "list", "--all"]);
    let row = list.ends(0).stdout.lines().find(|row| row.starts_with("#66944")).unwrap();
    assert!(row.contains("-$105.99  credit") && !row.contains("overdue"), "{row}");
    let show = env.run(&["invoice", "show", "66944"]);
    assert!(show.ends(0).stdout.contains("Invoice #66944  credit  -$105.99"), "{show}");
    assert!(!show.stdout.contains("overdue") && !show.stdout.contains("unpaid"), "{show}");
    let add = ["payment", "add", "66944", "--method", "Check", "--yes"];
    env.run(&[&add[..], &["--full"]].concat()).ends(5).says("no open amount");
    env.run(&[&add[..], &["--amount", "1"]].concat()).ends(5).says("--over");
    assert!(env.writes().is_empty());
}

#[test]
fn parts_of_a_cent_are_refused_before_they_are_lost() {
    let env = TestEnv::new();
    let path = format!("tickets/{}/add_line_item", ticket_id(TILL));
    let ran = env.run(&[
        "api",
        "POST",
        &path,
        "-f",
        "name=Screw",
        "-f",
        "description=Screws",
        "-F",
        "quantity=1000",
        "-F",
        "price_retail=0.0125",
        "-F",
        "taxable=false",
        "--yes",
    ]);
    ran.ends(2).says("price_retail 0.0125 is not in whole cents");
    assert!(env.writes().is_empty());
}

/// Syncro has taken the line and says that it has not.
#[test]
fn what_an_invoice_has_is_not_uninvoiced() {
    let env = TestEnv::with(&["invoice-create=unmarked"]);
    env.run(&bill(&["--yes", "--json"])).ends(0);
    let state = env.state(TILL);
    assert_eq!(state.lines[0]["converted"], false);
    let number = state.invoices[0]["number"].as_str().unwrap();
    let page = env.run(&["ticket", "32181"]);
    assert!(page.ends(0).stdout.contains("nothing uninvoiced"), "{page}");
    assert!(page.stdout.contains(&format!("no   #{number}    Labor - Remote")), "{page}");
    let again = env.run(&["invoice", "create", "32181", "--again", "--yes"]);
    again.ends(5).says("no uninvoiced line items");
    // A second bill is for what is new, and says what it leaves out.
    let more = ["--minutes", "15", "--labor", "onsite", "-m", "Looked at it again", "--again"];
    let ran = env.run(&[&["bill", "32181"], &more[..], &["--yes", "--json"]].concat());
    ran.ends(0).says(&format!("is on invoice #{number}"));
    let state = env.state(TILL);
    assert_eq!(state.invoices.len(), 2);
    let mut sums: Vec<Decimal> = state.invoices.iter().map(|one| money(&one["subtotal"])).collect();
    sums.sort();
    assert_eq!(sums, [Decimal::new(375, 1), Decimal::from(60)]);
}

/// Its list entry names no payments: of $187.50, $50.00 are paid.
#[test]
fn what_is_open_is_the_same_in_lists_and_on_pages() {
    let env = TestEnv::new();
    for (args, open) in [
        (&["invoice", "show", "66930"][..], "$137.50 due"),
        (&["customer", "show", "quill"], "$187.50 in total, $137.50 open"),
    ] {
        let ran = env.run(args);
        assert!(ran.ends(0).stdout.contains(open), "{open}: {ran}");
    }
    let json = env.run(&["invoice", "list", "--customer", "quill", "--unpaid", "--json"]);
    assert!(json.ends(0).json().unwrap()[0].get("payments").is_none(), "{json}");
}

#[cfg(unix)]
#[test]
fn an_open_amount_that_nobody_knows_is_at_most_so_much() {
    let list = ["invoice", "list", "--customer", "quill", "--unpaid"];
    for (faults, says) in [
        (&[][..], "$187.50 in total, $137.50 open"),
        (&["invoice@*=404"], "$187.50 in total, at most $187.50 open"),
    ] {
        let env = TestEnv::with(faults);
        let (code, shown) = env.terminal(&list).end();
        assert!(code == 0 && shown.contains(says), "{says}: {shown}");
    }
}

/// Nobody owes a credit: it is in no list of what is unpaid, and keeps no customer from being disabled.
#[test]
fn a_credit_is_owed_by_nobody() {
    let env = TestEnv::new();
    let credit = env.account().get("/invoices/66944")["invoice"].take();
    let customer = credit["customer_id"].to_string();
    let page = env.run(&["customer", "show", &customer, "--json"]).ends(0).json().unwrap();
    let unpaid = page["unpaid_invoices"].as_array().unwrap();
    assert!(unpaid.iter().all(|one| one["id"] != credit["id"]), "{page}");
    env.run(&["customer", "disable", &customer, "--yes"]).ends(0);
}

/// The API takes no credit for a draft, nor a draft of one for published.
#[test]
fn a_credit_becomes_no_draft() {
    let env = TestEnv::new();
    let credit = env.account().get("/invoices/66944")["invoice"].take();
    for verb in ["convert_to_draft", "publish"] {
        let path = format!("invoices/{}/{verb}", credit["id"]);
        env.run(&["api", "POST", &path, "--yes"]).ends(5).says("#66944 is a credit");
        assert!(env.writes().is_empty());
        assert_eq!(env.account().call("POST", &format!("/{path}"), None).0, 422);
    }
}

const TONER: [&str; 8] =
    ["-f", "name=Toner", "-f", "description=Black", "-F", "quantity=1", "-F", "taxable=false"];

/// What was previewed of a new line is what it comes to: a server may drop the discount.
#[tokio::test]
async fn the_discount_of_a_new_line_is_checked() {
    let env = TestEnv::new();
    let path = format!("tickets/{}/add_line_item", ticket_id(TILL));
    let less = ["-F", "price_retail=100", "-F", "line_discount_percent=10"];
    let add = [&["api", "POST", &path], &TONER[..], &less].concat();
    let plan = env.run(&[&add[..], &["--dry-run", "--json"]].concat()).ends(0).json().unwrap();
    assert_eq!(money(&plan["preview"]["lines"][0]["amount"]), Decimal::from(90), "{plan}");
    let ran = env.run(&[&add[..], &["--yes"]].concat());
    ran.ends(1).says("the line item comes to $100.00 instead of $90.00");

    let env = TestEnv::new();
    let add = [&["api", "POST", LINES_OF_INVOICE], &TONER[..], &["-f", "item=Toner"], &INVOICED];
    let add = [&add.concat()[..], &["--yes"]].concat();
    let drops = Altered::of(env.account(), |what, body| {
        if what.ends_with("/line_items") {
            body.as_object_mut().unwrap().remove("line_discount_percent");
        }
    })
    .await;
    let ran = env.run_with(&add, &[("SYNCRO_BASE_URL", &*drops.base())]);
    ran.ends(1).says("comes to $100.00 instead of $90.00");
    env.run(&add).ends(5).says("--same-line");
    TestEnv::new().run(&add).ends(0);
}

/// What an account takes off a line of its own accord is seen at that line: nothing is invoiced, and nothing is called right.
#[tokio::test]
async fn a_discount_that_nobody_sent_stops_at_its_line() {
    let logged = bill(&["--log-time", "--yes"]);
    let clocked = ["bill", "32168", "--from-timers", "-m", MESSAGE, "--yes"];
    let added = bill(&["--yes"]);
    let charged = ["timer", "charge", "32168", "--yes"];
    let lost = "timer-charge=lost-price";
    let ten = ("line_discount_percent", json!(10));
    for (args, fault, (field, off), number, says, sends) in [
        (&logged[..], None, ten.clone(), TILL, "comes to $54.00 instead of $60.00", 3),
        (&logged, None, ("discount_dollars", json!("5.0")), TILL, "comes to $55.00", 3),
        (&logged, None, ("discount_dollars", json!("5,0")), TILL, "unclear discount", 3),
        // Off nothing, nothing is taken: the line has its price first.
        (&logged, Some(lost), ten.clone(), TILL, "comes to $54.00 instead of $60.00", 4),
        (&clocked, None, ten.clone(), 32_168, "comes to $81.00 instead of $90.00", 2),
        (&charged, None, ten.clone(), 32_168, "comes to $81.00 instead of $90.00", 1),
        (&added, None, ten.clone(), TILL, "comes to $54.00 instead of $60.00", 2),
    ] {
        let env = TestEnv::with(fault.as_slice());
        let is_off = Arc::new(AtomicBool::new(true));
        let (ticket, takes) = (format!("GET /tickets/{}", ticket_id(number)), is_off.clone());
        let account = Account::new(env.base(), KEY);
        let server = Altered::telling(account, move |_, what, answer| {
            if what == ticket && takes.load(Ordering::Relaxed) {
                let lines = answer["ticket"]["line_items"].as_array_mut();
                lines.into_iter().flatten().for_each(|line| line[field] = off.clone());
            }
        })
        .await;
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(args, &there);
        ran.ends(1).says(says).says("not written: ").says("fix it in Syncro");
        assert_eq!(env.writes().len(), sends, "{ran}");
        assert!(env.state(number).invoices.is_empty(), "{ran}");
        // Once somebody has taken it back, what is left is done.
        is_off.store(false, Ordering::Relaxed);
        let invoices = usize::from(args.contains(&"bill"));
        env.run_with(&["resume", "--yes"], &there).ends(0);
        assert_eq!(env.state(number).invoices.len(), invoices);
    }
}

/// A line that does not say how many it has, or what one costs, is neither right nor wrong.
#[tokio::test]
async fn the_discount_of_a_line_that_cannot_be_read_is_unclear() {
    let of_ticket = format!("tickets/{}/add_line_item", ticket_id(TILL));
    let of_ticket = (&*of_ticket, "price_retail=100", "ticket");
    let of_invoice = (LINES_OF_INVOICE, "item=Toner", "invoice");
    for (field, said, (path, more, of)) in [
        ("quantity", json!("n/a"), of_ticket),
        ("quantity", Value::Null, of_ticket),
        ("price", json!("n/a"), of_invoice),
        ("quantity", Value::Null, of_invoice),
    ] {
        let env = TestEnv::new();
        let shown = format!("{field} \"{}\"", said.as_str().unwrap_or("null"));
        let server = Altered::telling(env.account(), move |_, _, answer| {
            let lines = answer.pointer_mut(&format!("/{of}/line_items"));
            let lines = lines.and_then(Value::as_array_mut).into_iter().flatten();
            for line in lines.filter(|line| line.to_string().contains("Toner")) {
                line[field] = said.clone();
            }
        })
        .await;
        let of_line = ["name=Toner", "description=Black", more];
        let mut args = vec!["api", "POST", path, "--yes", "--zero"];
        args.extend(of_line.iter().flat_map(|field| ["-F", field]));
        args.extend(["-F", "line_discount_percent=10"]);
        let ran = env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())]);
        ran.ends(6).says(&format!("cannot read {shown} of the"));
    }
}

/// Of an unpaid invoice.
const LINES_OF_INVOICE: &str = "invoices/1652300000/line_items";
const INVOICED: [&str; 4] = ["-F", "price=100", "-F", "line_discount_percent=10"];

/// What a change makes of a line has to do with the discount that is there.
#[test]
fn a_discount_beside_another_is_no_discount() {
    let env = TestEnv::new();
    let line = json!({"item": "Toner", "name": "Black", "quantity": 1, "price": "100", "taxable": false, "line_discount_percent": 10});
    let made = env.account().write("POST", &format!("/{LINES_OF_INVOICE}"), &line);
    let path = format!("{LINES_OF_INVOICE}/{}", made["line_item"]["id"]);
    let put = |more: &[&str]| env.run(&[&["api", "PUT", &path, "--yes"], more].concat());
    let three = ["-F", "discount_dollars=3"];
    put(&three).ends(5).says("the discount of the line would be unclear").says("discount_percent");
    put(&["-F", "discount_dollars=3.005"]).ends(2).says("is not in whole cents");
    assert!(env.writes().is_empty());
    let ran = put(&[&three[..], &["-F", "line_discount_percent=0"]].concat());
    ran.ends(0).says("less $3.00 = $97.00");
    let more = put(&["-F", "quantity=2"]);
    more.ends(0).says("less $3.00 = $197.00");
}

/// An invoice that is marked as paid, and says what is due of it, is neither paid nor open without a word.
#[tokio::test]
async fn an_invoice_that_says_paid_and_due_is_said_to_say_both() {
    let env = TestEnv::with(&["invoices@*=unfiltered"]);
    let server = Altered::telling(Account::new(env.base(), KEY), |_, _, answer| {
        let one = answer.get_mut("invoice").into_iter().filter(|one| one["number"] == "67409");
        one.for_each(|one| (one["is_paid"], one["balance_due"]) = (json!(true), json!("80.25")));
        let listed = answer.get_mut("invoices").and_then(Value::as_array_mut);
        let mut listed = listed.into_iter().flatten();
        for one in listed.by_ref().filter(|one| one["number"] == "67409") {
            (one["is_paid"], one["balance_due"]) = (json!(true), json!(80.25));
        }
    })
    .await;
    let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
    let page = run(&["invoice", "show", "67409"]);
    let state = "marked paid; $9.75 received, $80.25 due";
    assert!(page.ends(0).stdout.contains(state), "{page}");
    for more in [&["--all"][..], &["--paid", "--all"], &["--unpaid", "--all"]] {
        let list = run(&[&["invoice", "list"], more].concat());
        let row = list.ends(0).stdout.lines().find(|line| line.starts_with("#67409"));
        let row = row.unwrap();
        assert!(row.contains("marked paid") && row.ends_with("$80.25"), "{more:?}: {list}");
    }
    let owed = run(&["report", "ar"]);
    owed.ends(0).says("an invoice is marked as paid and has a balance due");
    assert!(!owed.stdout.contains("67409"), "{owed}");
    let both = "nvoice #67409 is marked paid, but $80.25 is open";
    let pay = ["payment", "add", "67409", "--full", "--method", "Check", "--yes"];
    run(&pay).ends(5).says(both).says("--again");
    run(&["invoice", "email", "67409", "--yes"]).ends(5).says(both).says("--paid");
    let id = env.account().get("/invoices/67409")["invoice"]["id"].to_string();
    let lines = format!("invoices/{id}/line_items");
    let line = ["api", "POST", &lines, "-f", "item=Cable", "-f", "name=Two", "-F", "price=24"];
    run(&[&line[..], &["--yes"]].concat()).ends(5).says(both).says("--paid");
    assert!(env.writes().is_empty());
    let ran = run(&[&pay[..], &["--again"]].concat());
    ran.ends(0).says("$90.00, marked paid, but $80.25 is open");
}

/// One of which nobody can read what is due is not plainly paid, either.
#[tokio::test]
async fn an_invoice_that_says_paid_and_unreadably_due_is_not_plainly_paid() {
    let env = TestEnv::with(&["invoices@*=unfiltered"]);
    let server = Altered::telling(Account::new(env.base(), KEY), |_, _, answer| {
        let listed = answer.get("invoices").and_then(Value::as_array).map_or(0, Vec::len);
        let places = (0..listed).map(|at| format!("/invoices/{at}"));
        for place in places.chain(["/invoice".to_owned()]) {
            let one = answer.pointer_mut(&place).filter(|one| one["number"] == "67409");
            if let Some(one) = one {
                (one["is_paid"], one["balance_due"]) = (json!(true), json!("80,25"));
            }
        }
    })
    .await;
    let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
    let page = run(&["invoice", "show", "67409"]);
    assert!(page.ends(0).stdout.contains("marked paid; the open amount is unclear"), "{page}");
    for more in [&["--all"][..], &["--paid", "--all"], &["--unpaid", "--all"]] {
        let list = run(&[&["invoice", "list"], more].concat());
        let row = list.ends(0).stdout.lines().find(|line| line.starts_with("#67409"));
        let row = row.unwrap();
        assert!(row.contains("marked paid") && row.ends_with('?'), "{more:?}: {list}");
    }
    let owed = run(&["report", "ar"]);
    owed.ends(0).says("what is open on an invoice is not clear");
    let both = "nvoice #67409 is marked paid, but what is open is not known";
    run(&["invoice", "email", "67409", "--yes"]).ends(5).says(both).says("--paid");
    assert!(env.writes().is_empty());
}

/// A page that leaves out a list is no page of a ticket or an invoice that has none.
#[tokio::test]
async fn what_a_page_leaves_out_is_not_taken_for_nothing() {
    let env = TestEnv::new();
    let server = Altered::of(env.account(), |_, _| ()).await;
    let there = [("SYNCRO_BASE_URL", &*server.base())];
    let path = format!("/tickets/{}", ticket_id(32_168));
    let mut ticket = env.account().get(&path);
    ticket["ticket"].as_object_mut().unwrap().remove("ticket_timers");
    server.answering(("GET", &path), 200, &ticket).await;
    let no_timers = "Syncro does not show the timers of ticket #32168";
    env.run_with(&["timer", "list", "32168"], &there).ends(8).says(no_timers);
    let bill = ["bill", "32168", "-t", "30", "-l", "remote", "-m", MESSAGE, "--yes"];
    env.run_with(&bill, &there).ends(5).says(no_timers).says("--leave-timers");
    let from_timers = ["bill", "32168", "--from-timers", "-m", MESSAGE, "--yes"];
    env.run_with(&from_timers, &there).ends(5).says(no_timers);

    let mut invoice = env.account().get("/invoices/67409");
    for name in ["payments", "balance_due"] {
        invoice["invoice"].as_object_mut().unwrap().remove(name);
    }
    for path in ["/invoices/67409", "/invoices/1652300000"] {
        server.answering(("GET", path), 200, &invoice).await;
    }
    let neither = "shows neither what is open nor its payments";
    let pay = ["payment", "add", "67409", "--full", "--method", "Check", "--yes"];
    for typed in [&pay[..], &["invoice", "delete", "67409", "--yes"]] {
        env.run_with(typed, &there).ends(5).says(neither);
    }
    assert!(env.writes().is_empty());
}
