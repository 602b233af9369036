//! Invoices of which an answer leaves out what tells that they are there already: an estimate's own, and when it was made.

use serde_json::{Value, json};
use syncro::sandbox::KEY;

use crate::support::{Account, Altered, Setup, TILL, TestEnv, ticket_id};

/// Where no answer says what an estimate became, its invoice tells: of its ticket, too, and whatever its age is called.
#[tokio::test]
async fn an_estimate_that_does_not_name_its_invoice_becomes_one() {
    for created in [None, Some(json!(null)), Some(json!("1970-01-01T00:00:00Z"))] {
        let (env, _) = TestEnv::prepared(Setup::default(), |env| {
            let of = json!({"ticket_id": ticket_id(TILL)});
            env.account().write("PUT", "/estimates/9120011", &of)
        });
        let server = Altered::telling(Account::new(env.base(), KEY), move |_, what, answer| {
            if what.starts_with("GET /estimates") {
                answer["estimate"].as_object_mut().map(|one| one.remove("invoice_id"));
            }
            undated(answer, created.as_ref());
        })
        .await;
        let convert = "estimates/9120011/convert_to_invoice";
        let args = ["api", "POST", convert, "--yes"];
        let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
        run(&args).ends(0);
        run(&args).ends(5).says("--again").says("of $480.00 was made for this customer");
        assert_eq!(env.writes().len(), 1);
        run(&[&args[..], &["--again"]].concat()).ends(0);
    }
}

/// All invoices of an answer with that for the moment at which they were made.
fn undated(answer: &mut Value, created: Option<&Value>) {
    let Some(created) = created else { return };
    let is_object = |one: &&mut Value| one.is_object();
    for name in ["invoice", "invoices"] {
        match answer.get_mut(name) {
            Some(Value::Array(all)) => {
                all.iter_mut().for_each(|one| one["created_at"] = created.clone());
            }
            one => one.into_iter().filter(is_object).for_each(|one| {
                one["created_at"] = created.clone();
            }),
        }
    }
}

/// One whose age nobody can tell may be of today.
#[tokio::test]
async fn an_invoice_of_unknown_age_may_be_of_today() {
    for created in [json!(null), json!("1970-01-01T00:00:00Z"), json!("11/29/2026 1:46 AM")] {
        let env = TestEnv::new();
        let server = Altered::telling(Account::new(env.base(), KEY), move |_, _, answer| {
            undated(answer, Some(&created));
        })
        .await;
        let args = ["api", "POST", "invoices", "-F", "customer_id=31204602", "--zero", "--yes"];
        let run = |args: &[&str]| env.run_with(args, &[("SYNCRO_BASE_URL", &*server.base())]);
        run(&args).ends(0);
        run(&args).ends(5).says("--again").says("was made for this customer");
        assert_eq!(env.writes().len(), 1);
        run(&[&args[..], &["--again"]].concat()).ends(0);
    }
}
