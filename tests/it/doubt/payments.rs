//! Payments beside one another: each is told from those for another invoice and those of another customer.

use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use syncro::sandbox::KEY;

use super::{cut_in, pending, resume, sent};
use crate::support::{Account, Altered, OTHER, Ran, Setup, TILL, TestEnv, until};

/// Another ticket of the customer whose [`TILL`] is.
const CATALOGUE: i64 = 32_170;

/// Two unpaid invoices of one customer, each of a ticket of its own.
fn two_invoices(env: &TestEnv) -> [Value; 2] {
    [TILL, CATALOGUE].map(|ticket| {
        env.account().line(ticket, "0.5", "120", "As agreed");
        env.account().invoice(ticket)["invoice"].take()
    })
}

/// Twenty dollars for it.
fn pay(invoice: &Value) -> [&str; 9] {
    let number = invoice["number"].as_str().unwrap();
    ["payment", "add", number, "--amount", "20", "--method", "Check", "--yes", "--json"]
}

#[track_caller]
fn reported(ran: &Ran) -> Value {
    let json = ran.json().unwrap_or_default();
    let id = json["payment"]["id"].clone();
    assert!(id.is_number(), "{ran}");
    id
}

#[test]
fn an_equal_payment_for_another_invoice_is_not_ours() {
    let env = TestEnv::with(&["payment-create=close-before"]);
    let [ours, theirs] = two_invoices(&env);
    cut_in(&env, &pay(&ours)[..7]);
    env.colleague().pay(&theirs);
    let ran = resume(&env);
    let (of_ours, of_theirs) = (env.account().paid(&ours), env.account().paid(&theirs));
    assert_eq!((of_ours.len(), of_theirs.len()), (1, 1), "{ran}");
    ran.ends(0);
    assert_eq!(reported(&ran), of_ours[0]["id"], "{ran}");
}

#[test]
fn an_equal_payment_for_another_invoice_is_no_second_one() {
    let env = TestEnv::with(&["payment-create=slow:1500"]);
    let [ours, theirs] = two_invoices(&env);
    let running = env.spawn(&pay(&ours));
    until("ours is there", || !env.account().paid(&ours).is_empty());
    env.colleague().pay(&theirs);
    let ran = running.wait();
    assert_eq!(env.account().paid(&ours).len(), 1, "{ran}");
    ran.ends(0);
    assert_eq!(reported(&ran), env.account().paid(&ours)[0]["id"], "{ran}");
}

#[test]
fn two_of_ours_at_once_do_not_disturb_each_other() {
    let env = TestEnv::with(&["payment-create@*=slow:1000"]);
    let invoices = two_invoices(&env);
    let running = invoices.each_ref().map(|one| env.spawn(&pay(one)));
    for (ran, invoice) in running.map(crate::support::Running::wait).iter().zip(&invoices) {
        ran.ends(0);
        let paid = env.account().paid(invoice);
        assert_eq!(paid.len(), 1, "{ran}");
        assert_eq!(reported(ran), paid[0]["id"], "{ran}");
    }
    assert_eq!(pending(&env), 0);
}

#[test]
fn another_customers_payment_keeps_nothing_from_being_finished() {
    let env = TestEnv::with(&["payment-create=close-before"]);
    let [ours, _] = two_invoices(&env);
    let new = json!({"customer_id": OTHER.0, "category": "Standard"});
    let theirs = env.colleague().write("POST", "/invoices", &new)["invoice"].take();
    cut_in(&env, &pay(&ours)[..7]);
    env.colleague().pay(&theirs);
    assert_eq!(env.account().paid(&theirs).len(), 1);
    let ran = resume(&env);
    let paid = env.account().paid(&ours);
    assert_eq!(paid.len(), 1, "{ran}");
    ran.ends(0);
    assert_eq!(reported(&ran), paid[0]["id"], "{ran}");
}

/// A server that has the newest payment on its last page, and answers with the first one instead, shows no absence: what was
/// sent may be on it.
#[tokio::test]
async fn a_last_page_that_repeats_the_first_shows_no_absence() {
    let env = TestEnv::of(Setup { list_page: 1, ..Setup::default() });
    let [ours, _] = two_invoices(&env);
    let sent = AtomicBool::new(false);
    let server = Altered::telling(Account::new(env.base(), KEY), move |account, what, answer| {
        if what == "POST /payments" {
            sent.store(true, Ordering::Relaxed);
            *answer = json!({"widgets": []});
        }
        if what == "GET /payments" && sent.load(Ordering::Relaxed) {
            let oldest = answer["meta"]["total_pages"].as_u64().unwrap();
            let page = account.get(&format!("/payments?page={oldest}"));
            answer["payments"] = page["payments"].clone();
        }
    })
    .await;
    let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
    run(&pay(&ours)).ends(6);
    let ran = run(&["resume", "--yes", "--json"]);
    assert_eq!(env.account().paid(&ours).len(), 1, "{ran}");
    ran.ends(6).says("was not returned");
    assert_eq!(pending(&env), 1);
}

/// A card that is declined leaves a payment that failed, whatever the status of the answer.
#[test]
fn a_payment_that_failed_is_not_done() {
    let api = [
        "api",
        "POST",
        "payments",
        "-F",
        "amount_cents=2000",
        "-F",
        "invoice_id=1652300000",
        "-f",
        "payment_method=Check",
    ];
    let add = ["payment", "add", "67409", "--amount", "20", "--method", "Check"];
    for typed in [&add[..], &api] {
        let env = TestEnv::with(&["payment-create=declined"]);
        let ran = env.run(&[typed, &["--yes", "--json"]].concat());
        ran.ends(1).says("the payment failed: card declined").says("payment add` again");
        assert_eq!(ran.json().unwrap()["writes"][0]["outcome"], "failed", "{ran}");
        // It stays what it is, so that nothing waits for it.
        resume(&env).ends(0).says("no pending plans");
        assert_eq!((env.writes().len(), pending(&env)), (1, 0));
        env.run(&[typed, &["--yes", "--json"]].concat()).ends(0);
    }
}

#[test]
fn a_failed_payment_is_not_taken_for_ours_after_a_lost_answer() {
    let env = TestEnv::with(&["payment-create=close-before", "payment-create@2=declined"]);
    let [ours, _] = two_invoices(&env);
    cut_in(&env, &pay(&ours)[..7]);
    Account::new(env.base(), KEY).pay(&ours);
    resume(&env).ends(5).says("possibly written");
    // Whose it is, no answer has told.
    assert_eq!((env.account().paid(&ours).len(), pending(&env)), (1, 1));
}

/// Of one that failed and one that went through nobody can tell which is ours, whichever came first.
#[test]
fn a_failed_payment_beside_a_good_one_is_one_of_two() {
    for declined in [2, 3] {
        let declined = format!("payment-create@{declined}=declined");
        let env = TestEnv::with(&["payment-create=close-before", &declined]);
        let [ours, _] = two_invoices(&env);
        cut_in(&env, &pay(&ours)[..7]);
        let account = Account::new(env.base(), KEY);
        account.pay(&ours);
        account.pay(&ours);
        let ran = resume(&env);
        ran.ends(1);
        for paid in env.account().paid(&ours) {
            ran.says(&paid["id"].to_string());
        }
        assert_eq!(env.writes().len(), 3, "{declined}: {ran}");
    }
}

/// Whether it failed, nobody can tell.
#[test]
fn a_payment_that_may_have_failed_is_not_confirmed() {
    let env = TestEnv::with(&["payments@*=spelled:unclear-flags"]);
    let [ours, _] = two_invoices(&env);
    let ran = env.run(&pay(&ours)[..8]);
    ran.ends(6).says("cannot read success \"perhaps\" of the payment");
    assert_eq!((env.account().paid(&ours).len(), pending(&env)), (1, 1), "{ran}");
}

/// A payment of which nobody can tell whether it was made says nothing of what else is made for its customer; of another
/// payment it does.
#[test]
fn a_payment_in_doubt_is_in_the_way_of_payments_alone() {
    let env = TestEnv::with(&["payment-create=500-before"]);
    let customer = format!("customer_id={}", OTHER.0);
    let post = |path: &str, more: &[&str]| {
        env.run(&[&["api", "POST", path, "-F", &customer, "--yes"][..], more].concat())
    };
    let twenty = ["-F", "amount_cents=2000", "-f", "payment_method=Check"];
    post("payments", &twenty).ends(6);
    post("invoices", &["--zero"]).ends(0);
    env.run(&["contact", "create", &OTHER.0.to_string(), "Ada Quist", "--yes"]).ends(0);
    post("payments", &twenty).ends(5).says("is not finished");
    let disable = ["customer", "disable", &OTHER.0.to_string(), "--open-work", "--yes"];
    env.run(&disable).ends(5).says("is not finished");
    assert_eq!((pending(&env), sent(&env, "POST payments")), (1, 1));
}
