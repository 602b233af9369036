//! Two records alike in one plan, and a journal that does not tell all of it any more: there are two at the end.

use serde_json::Value;

use super::{pending, resume};
#[cfg(unix)]
use crate::support::bill;
use crate::support::{Fate, PlanFile, TestEnv};

const ADA: &str = "Ada Finch <ada@bluebird.example>";

const CREATE: [&str; 9] = [
    "customer",
    "create",
    "Bluebird Bakery",
    "--contact",
    ADA,
    "--contact",
    ADA,
    "--yes",
    "--json",
];

fn plan(env: &TestEnv) -> PlanFile {
    let mut plans = env.journal();
    assert_eq!(plans.len(), 1);
    plans.remove(0)
}

/// How many contacts the new customer has.
fn contacts(env: &TestEnv) -> usize {
    let found = env.account().get("/customers?business_name=Bluebird%20Bakery");
    let customers = found["customers"].as_array().unwrap().clone();
    let ours = customers.into_iter().filter(|one| one["business_name"] == CREATE[2]);
    let [customer] = &ours.collect::<Vec<_>>()[..] else {
        unreachable!("one customer: {found}");
    };
    let contacts = env.account().contacts_named(&customer["id"], "Ada Finch");
    contacts.len()
}

fn is_news(record: &Value, step: i64) -> bool {
    let about = record["record"] == "answered" || record["record"] == "checked";
    about && record["step"] == step
}

#[test]
fn of_two_alike_nothing_known_of_the_first_makes_no_third() {
    let env = TestEnv::with(&["contact-create@2=close-after"]);
    let ran = env.run(&CREATE);
    assert_eq!(contacts(&env), 2, "{ran}");
    plan(&env).rewrite(|record| match record {
        _ if is_news(record, 1) => Fate::Damaged,
        _ if is_news(record, 2) || record["record"] == "closed" => Fate::Dropped,
        _ => Fate::Kept,
    });
    let damaged = plan(&env);
    assert!(!damaged.is_closed(), "{:?}", damaged.story());
    let ran = resume(&env);
    assert_eq!(contacts(&env), 2, "{ran}");
    ran.ends(0);
    assert_eq!(pending(&env), 0, "{ran}");
}

/// Cut off after the second's intent: the one that the first has made is not a second.
#[test]
fn of_two_alike_the_first_is_not_said_to_be_there_twice() {
    let env = TestEnv::new();
    env.run(&CREATE).ends(0);
    plan(&env).rewrite(|record| {
        let late = record["record"] == "checked" && record["step"] != 0;
        match late || is_news(record, 2) || record["record"] == "closed" {
            true => Fate::Dropped,
            false => Fate::Kept,
        }
    });
    assert_eq!(plan(&env).story().last().unwrap(), "intent 2");
    let ran = env.run(&["resume"]);
    let said = format!("{}{}", ran.stdout, ran.stderr);
    assert!(!said.contains("more than once"), "{ran}");
    let ran = resume(&env);
    assert_eq!(contacts(&env), 2, "{ran}");
    ran.ends(0);
}

/// One that cannot even be opened, as that of another user of the machine, is not nothing, and there is a way past it.
#[cfg(unix)]
#[test]
fn a_plan_that_cannot_be_opened_is_not_nothing() {
    let env = super::cut(&["line=close-before"], &bill(&[]));
    let plan = env.journal().remove(0);
    std::fs::remove_file(&plan.path).unwrap();
    std::os::unix::fs::symlink(&plan.path, &plan.path).unwrap();
    let (sent, id) = (env.writes().len(), plan.id());
    let way = format!("resume --discard {id}");
    for args in [&["resume"][..], &["resume", "--yes"], &["resume", &id, "--yes"]] {
        env.run(args).ends(10).says(&format!("cannot read plan {id}")).says(&way);
    }
    let again = bill(&["--same-comment", "--yes"]);
    env.run(&again).ends(5).says(&format!("cannot read plan {id}")).says(&way);
    assert_eq!(env.writes().len(), sent);
    env.run(&["resume", "--discard", &id, "--yes"]).ends(0).says("is set aside");
    env.run(&again).ends(0);
}
