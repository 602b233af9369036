//! The object that a bill or `resume` prints while plans are pending or in doubt.

use super::*;

/// Another ticket's bill.
const OTHER: [&str; 11] = [
    "bill",
    "32173",
    "--minutes",
    "15",
    "--labor",
    "remote",
    "-m",
    "Groups of this year",
    "--description",
    "Groups",
    "--yes",
];

#[test]
fn two_plans_make_one_object() {
    let env = TestEnv::with(&["line@1=close-before", "line@2=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    env.run(&OTHER).ends(6);
    // Only looked at, shown, finished: one object each time.
    for (args, code) in [
        (&["resume", "--json"][..], 6),
        (&["resume", "--dry-run", "--json"], 0),
        (&["resume", "--yes", "--json"], 0),
    ] {
        let ran = env.run(args);
        ran.ends(code);
        let json = object(&ran);
        let plans = json["plans"].as_array().unwrap();
        assert_eq!(plans.len(), 2, "{ran}");
        assert_ne!(plans[0]["plan"], plans[1]["plan"], "{ran}");
        let writes = plans.iter().map(|plan| fates(plan).len()).sum::<usize>();
        assert_eq!(fates(&json).len(), writes, "{ran}");
        assert_eq!(json["outcome"] == "done", args.contains(&"--yes"), "{ran}");
    }
}

#[test]
fn one_plan_of_two_that_is_refused_is_in_the_object_too() {
    let env = TestEnv::with(&["line@1=close-before", "line@2=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    env.run(&OTHER).ends(6);
    env.colleague().line(TILL, "1", "85", "Something else");
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(5);
    let json = object(&ran);
    let plans = json["plans"].as_array().unwrap();
    assert_eq!(plans.len(), 2, "{ran}");
    // Plans begun within the same second are in no certain order.
    let mut words: Vec<&str> = plans.iter().map(|plan| plan["outcome"].as_str().unwrap()).collect();
    words.sort_unstable();
    assert_eq!(words, ["done", "failed"], "{ran}");
    assert_eq!(json["outcome"], "failed", "{ran}");
    assert_eq!(env.state(TILL).invoices.len(), 0);
    assert_eq!(env.state(32_173).invoices.len(), 1);
}

#[test]
fn each_refusal_of_resume_is_one_object() {
    let lost = || {
        let env = TestEnv::with(&["line=close-before"]);
        env.run(&bill(&["--yes"])).ends(6);
        env
    };
    let once = |env: &TestEnv, code: i32| {
        let ran = env.run(&["resume", "--yes", "--json"]);
        ran.ends(code);
        let json = object(&ran);
        assert_ne!(json["outcome"], "done", "{ran}");
        assert_eq!(fates(&json).len(), 4, "{ran}");
    };
    // Somebody else's line, a look that fails, a plan of yesterday, another lost answer.
    let env = lost();
    env.colleague().line(TILL, "1", "85", "Something else");
    once(&env, 5);
    let mut env = lost();
    env.restart(&["ticket@*=500-before".to_owned()]);
    once(&env, 6);
    env.restart(&["line=close-before".to_owned()]);
    once(&env, 6);
    let plan = env.journal().remove(0);
    let made = plan.records[0]["plan"]["made_at"].as_str().unwrap();
    plan.forge(made, "2026-01-14T09:30:00Z");
    once(&env, 5);
}

#[test]
fn what_only_a_look_has_found_is_adopted() {
    let env = killed_at(&["comment=hang-after"], "comment=hang-after", &["--yes"]);
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(0);
    assert_eq!(fates(&object(&ran)), ["adopted", "done", "done", "done"], "{ran}");
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn what_an_earlier_run_has_checked_is_in_the_object() {
    let fault = "ticket-update=hang-before";
    let env = killed_at(&[fault], fault, &["--yes"]);
    assert!(pending(&env).story().contains(&"checked 2".to_owned()));
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(0);
    let (json, state) = (object(&ran), env.state(TILL));
    assert_eq!(json["invoice"]["id"], state.invoices[0]["id"], "{ran}");
    assert!(json["comment"]["body"].as_str().unwrap().contains(MESSAGE));
    let lines = json["line_items"].as_array().unwrap();
    assert_eq!(lines.len(), 1, "{ran}");
    assert_eq!(lines[0]["id"], state.lines[0]["id"], "{ran}");
    assert_eq!(state.ours(), BILLED);
}
