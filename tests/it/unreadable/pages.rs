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
    for typed in [
        "appointment list --date 2027-03-17".to_owned(),
        "appointment list --date 2027-03-17 --customer 31204551".to_owned(),
        format!("appointment show {id}"),
        format!("appointment cancel {id} --dry-run"),
        "ticket 32181".to_owned(),
        format!("{MOVE} --to 2027-03-19~14:00 --end 15:00 --dry-run"),
    ] {
        let ran = run(&env, &server, &typed);
        assert!(ran.ends(0).stdout.contains(raw), "{typed}: {ran}");
    }
    // What is kept of it, or found by it, is known of none.
    for typed in [
        format!("{MOVE} --to 3pm --end 15:30 --yes"),
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
    assert!(shown.contains("\"maybe\"") && shown.contains("the open amount is unclear"), "{page}");
    assert!(!shown.contains("received"), "{page}");
    let list = run(&env, &server, "payment list --customer 31204551");
    let shown = &list.ends(0).stdout;
    assert!(shown.contains("\"maybe\"") && shown.contains("$0.00 received excluding"), "{list}");
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
