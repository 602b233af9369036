//! What a page or a list shows of a field that cannot be understood: as it came, never as if it were not there, or one of the
//! values that it might have.

use serde_json::{Value, json};

use crate::support::{Altered, Ran, TRAINEE, TestEnv, ticket_id};

/// Has every record of an answer that `is_meant` say `value` in `field`.
fn tell(answer: &mut Value, is_meant: fn(&Value) -> bool, field: &str, value: &Value) {
    if is_meant(answer) {
        answer[field] = value.clone();
    }
    match answer {
        Value::Array(all) => all.iter_mut().for_each(|one| tell(one, is_meant, field, value)),
        Value::Object(all) => {
            all.values_mut().for_each(|one| tell(one, is_meant, field, value));
        }
        _ => {}
    }
}

/// The account, that field of the records that are meant saying so.
async fn saying(
    env: &TestEnv,
    is_meant: fn(&Value) -> bool,
    field: &'static str,
    value: Value,
) -> Altered {
    Altered::telling(env.account(), move |_, what, answer| {
        if what.starts_with("GET ") {
            tell(answer, is_meant, field, &value);
        }
    })
    .await
}

fn run(env: &TestEnv, server: &Altered, typed: &str) -> Ran {
    let args: Vec<String> = typed.split(' ').map(|word| word.replace('~', " ")).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    env.run_with(&args, &[("SYNCRO_BASE_URL", &*server.base())])
}

fn is_visit(record: &Value) -> bool {
    record["summary"] == "Till visit"
}

/// A visit of three hours, on a day within the next two weeks of the account.
fn visit(env: &TestEnv) -> String {
    let fields = json!({
        "summary": "Till visit", "ticket_id": ticket_id(32_181), "customer_id": 31_204_551,
        "start_at": "2027-03-17T15:00:00Z", "end_at": "2027-03-17T18:00:00Z", "user_id": TRAINEE,
        "do_not_email": true,
    });
    let (status, made) = env.account().call("POST", "/appointments", Some(&fields));
    assert_eq!(status, 201, "{made}");
    made["appointment"]["id"].to_string()
}

const MOVE: &str = "move-appointment 31204551 --date 2027-03-17";

#[tokio::test]
async fn an_appointment_whose_start_cannot_be_read_is_not_absent() {
    let env = TestEnv::new();
    let id = visit(&env);
    let server = saying(&env, is_visit, "start_at", json!("soon")).await;
    let raw = "start_at \"soon\"";
    let by_id = format!("move-appointment 31204551 --appointment {id}");
    for typed in [
        "appointment list --date 2027-03-17".to_owned(),
        "appointment list --date 2027-03-17 --customer 31204551".to_owned(),
        format!("appointment show {id}"),
        format!("appointment cancel {id} --dry-run"),
        "ticket 32181".to_owned(),
        format!("{by_id} --to 2027-03-19~14:00 --end 15:00 --dry-run"),
    ] {
        let ran = run(&env, &server, &typed);
        assert!(ran.ends(0).stdout.contains(raw), "{typed}: {ran}");
    }
    // What is kept of it, or found by it, is known of none.
    for typed in [
        format!("{by_id} --to 3pm --end 15:30 --yes"),
        format!("{MOVE} --to 2027-03-19~14:00 --end 15:00 --yes"),
        "appointment cancel 2027-03-17 --yes".to_owned(),
        format!("{MOVE} --appointment 2027-03-17 --to 2027-03-19~14:00 --end 15:00 --yes"),
    ] {
        run(&env, &server, &typed).ends(5).says(raw);
    }
    // It may be in the way of another one.
    let add =
        format!("appointment add 32181 --start 2027-03-17~09:00 --assignee {TRAINEE} --dry-run");
    let ran = run(&env, &server, &add);
    let says = format!("may overlap \"Till visit\": cannot read {raw}");
    assert!(ran.ends(0).stdout.contains(&says), "{ran}");
    assert!(env.writes().is_empty());
}

/// Three hours became one.
#[tokio::test]
async fn a_length_that_cannot_be_read_is_not_guessed() {
    let env = TestEnv::new();
    let id = visit(&env);
    for (field, raw) in [("end_at", "end_at \"soon\""), ("all_day", "all_day \"soon\"")] {
        let server = saying(&env, is_visit, field, json!("soon")).await;
        let to = format!("{MOVE} --to 2027-03-19~14:00");
        let why = format!("cannot read {raw} of appointment {id}, so it has no duration to keep");
        run(&env, &server, &format!("{to} --yes")).ends(2).says(&why).says("--end");
        let ran = run(&env, &server, &format!("{to} --end 17:00 --dry-run"));
        assert!(ran.ends(0).stdout.contains("14:00 CDT to 17:00"), "{ran}");
        assert!(ran.stdout.contains(raw), "{ran}");
    }
    assert!(env.writes().is_empty());
}

fn is_comment(record: &Value) -> bool {
    record.get("hidden").is_some()
}

#[tokio::test]
async fn a_comment_that_may_be_private_is_not_shown_as_public() {
    let env = TestEnv::new();
    let server = saying(&env, is_comment, "hidden", json!("perhaps")).await;
    let ran = run(&env, &server, "ticket 32181");
    assert!(ran.ends(0).stdout.contains("  private?"), "{ran}");
    assert!(!ran.stdout.contains("  public"), "{ran}");
    let ran = run(&env, &server, "tickets --details");
    assert!(ran.ends(0).stdout.contains("(private?)"), "{ran}");
}

fn is_product(record: &Value) -> bool {
    record.get("price_retail").is_some()
}

#[tokio::test]
async fn a_price_that_cannot_be_read_is_not_none() {
    let env = TestEnv::new();
    let server = saying(&env, is_product, "price_retail", json!("95,50")).await;
    let ran = run(&env, &server, "doctor");
    let text = format!("{}{}", ran.stdout, ran.stderr);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("cannot read price_retail \"95,50\" of"), "{ran}");
    assert!(!flat.contains("has no price"), "{ran}");
}

fn is_payment(record: &Value) -> bool {
    record.get("payment_method").is_some()
}

#[tokio::test]
async fn a_payment_that_may_have_failed_has_not_come_in() {
    let env = TestEnv::new();
    let server = saying(&env, is_payment, "success", json!("maybe")).await;
    let page = run(&env, &server, "invoice show 66930");
    let shown = &page.ends(0).stdout;
    assert!(shown.contains("\"maybe\""), "{page}");
    let state = "at most $187.50 due; without payments that cannot be read";
    assert!(shown.contains(state), "{page}");
    assert!(!shown.contains("received"), "{page}");
    let list = run(&env, &server, "payment list --customer 31204551");
    let shown = &list.ends(0).stdout;
    assert!(shown.contains("\"maybe\""), "{list}");
    #[cfg(unix)]
    {
        let typed = ["payment", "list", "--customer", "31204551"];
        let there = server.base();
        let (code, shown) = env.terminal_with(&typed, &[("SYNCRO_BASE_URL", &*there)]).end();
        assert!(code == 0 && shown.contains("$0.00 received"), "{shown}");
    }
}

#[tokio::test]
async fn the_day_of_a_payment_that_cannot_be_read_is_not_the_day_of_its_entry() {
    let env = TestEnv::new();
    let server = saying(&env, is_payment, "applied_at", json!("soon")).await;
    let list = run(&env, &server, "payment list --customer 31204551");
    assert!(list.ends(0).stdout.contains("\"soon\""), "{list}");
    let page = run(&env, &server, "invoice show 66930");
    assert!(page.ends(0).stdout.contains("\"soon\""), "{page}");
}

fn is_timer(record: &Value) -> bool {
    record.get("recorded").is_some() && record.get("start_time").is_some()
}

#[tokio::test]
async fn time_that_may_not_be_billed_or_may_be_charged_is_told() {
    let env = TestEnv::new();
    let server = saying(&env, is_timer, "billable", json!("maybe")).await;
    for typed in ["timer list 32168", "ticket 32168"] {
        let page = run(&env, &server, typed);
        assert!(page.ends(0).stdout.contains("not charged, billable \"maybe\""), "{page}");
    }
    let server = saying(&env, is_timer, "recorded", json!("perhaps")).await;
    let says = "timer entry 48700003 may be not charged yet: cannot read recorded \"perhaps\"";
    for typed in ["close 32168 --no-comment", "update 32168 Resolved", "delete 32168"] {
        let plan = run(&env, &server, &format!("{typed} --dry-run"));
        let shown = plan.ends(0).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(shown.contains(says), "{typed}: {plan}");
    }
}

fn is_invoice(record: &Value) -> bool {
    record.get("is_paid").is_some()
}

fn is_ticket(record: &Value) -> bool {
    record.get("subject").is_some() && record.get("number").is_some()
}

fn is_customer(record: &Value) -> bool {
    record.get("business_then_name").is_some()
}

fn is_contact(record: &Value) -> bool {
    record.get("opt_out").is_some()
}

#[tokio::test]
async fn a_field_that_cannot_be_read_is_on_its_page() {
    type IsIt = fn(&Value) -> bool;
    let rows: [(IsIt, &str, &str, &str); 8] = [
        (is_invoice, "due_date", "invoice show 66930", "\"soon\""),
        (is_invoice, "date", "invoice show 66930", "\"soon\""),
        (is_invoice, "due_date", "invoice list --unpaid", "\"soon\""),
        (is_ticket, "created_at", "ticket 32181", "\"soon\""),
        (is_ticket, "created_at", "tickets", "\"soon\""),
        (is_customer, "disabled", "customer show 31204551", "disabled \"soon\""),
        (is_customer, "disabled", "customers quillfeather", "disabled \"soon\""),
        (is_customer, "prepay_hours", "customers brindlewood --details", "\"soon\""),
    ];
    for (is_meant, field, typed, raw) in rows {
        let env = TestEnv::new();
        let server = saying(&env, is_meant, field, json!("soon")).await;
        let page = run(&env, &server, typed);
        assert!(page.ends(0).stdout.contains(raw), "{field}: {typed}: {page}");
    }
    let env = TestEnv::new();
    let contacts = env.account().get("/contacts?customer_id=31204551");
    let id = contacts["contacts"][0]["id"].to_string();
    let server = saying(&env, is_contact, "opt_out", json!("soon")).await;
    let page = run(&env, &server, &format!("contact show {id}"));
    assert!(page.ends(0).stdout.contains("(opt_out \"soon\")"), "{page}");
}

/// One reading of what waits: the ticket's page and the list of its lines.
#[test]
fn a_line_that_an_invoice_has_without_its_mark_waits_on_neither_page() {
    let env = TestEnv::with(&["invoice-create=unmarked"]);
    env.account().line(32_181, "0.5", "120", "As agreed");
    env.account().invoice(32_181);
    let list = env.run(&["line", "list", "32181"]);
    let shown = &list.ends(0).stdout;
    assert!(shown.contains("Nothing uninvoiced"), "{list}");
    let page = env.run(&["ticket", "32181"]);
    assert!(page.ends(0).stdout.contains("nothing uninvoiced"), "{page}");
}

/// Row 22, for what was paid too much: it is nobody's debt.
#[tokio::test]
async fn an_overpaid_invoice_is_not_overdue() {
    let env = TestEnv::new();
    let server = Altered::telling(env.account(), |_, what, answer| {
        if what.starts_with("GET ") {
            tell(answer, |one| one["number"] == "66930", "is_paid", &json!(false));
            let overpaid = |one: &mut Value| {
                one["balance_due"] = json!(-20);
                one["due_date"] = json!("2026-02-01");
            };
            match answer.get_mut("invoice") {
                Some(one) => overpaid(one),
                None => answer["invoices"]
                    .as_array_mut()
                    .into_iter()
                    .flatten()
                    .filter(|one| one["number"] == "66930")
                    .for_each(overpaid),
            }
        }
    })
    .await;
    for typed in ["invoice show 66930", "invoice list --customer 31204551"] {
        let ran = run(&env, &server, typed);
        let shown = &ran.ends(0).stdout;
        assert!(shown.contains("overpaid"), "{typed}: {ran}");
        for wrong in ["overdue", "-$20.00", "$-20.00"] {
            assert!(!shown.contains(wrong), "{typed}: {ran}");
        }
    }
    let page = run(&env, &server, "invoice show 66930");
    assert!(page.stdout.contains("overpaid; $207.50 received, $20.00 too much"), "{page}");
}
