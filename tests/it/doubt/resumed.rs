//! What `resume` takes for settled, what it stops at before it asks, and whose plans it takes.

#[cfg(unix)]
mod asked;

use serde_json::{Value, json};

use super::{cut_in, pending, till};
use crate::support::{Account, Altered, Setup, TILL, TestEnv, bill};

/// Which way the tax of a line has changed is said.
#[test]
fn a_line_that_is_taxed_otherwise_says_which() {
    for is_taxed in [true, false] {
        let setup = Setup { faults: vec!["invoice-create=422".to_owned()], ..Setup::default() };
        let tax = |account: &Account, line: &Value, is_taxed: bool| {
            let path = format!("{}/update_line_item", till());
            let body = json!({ "ticket_line_item_id": line, "taxable": is_taxed });
            account.write("PUT", &path, &body);
        };
        let (env, line) = TestEnv::prepared(setup, |env| {
            let line = env.account().line(TILL, "1", "60", "Port")["id"].clone();
            tax(&env.account(), &line, !is_taxed);
            line
        });
        env.run(&bill(&["--yes"])).ends(5);
        tax(&env.colleague(), &line, is_taxed);
        let says = if is_taxed { "is taxable now" } else { "is no longer taxable" };
        let says = format!("line item {line} (Labor - Remote) {says}");
        env.run(&["resume", "--yes"]).ends(5).says(&says);
    }
}

/// A discount that somebody gives a line of ours is in no amount that anybody confirmed.
#[tokio::test]
async fn a_line_that_somebody_has_discounted_is_not_invoiced() {
    for discount in [("line_discount_percent", json!(10)), ("discount_dollars", json!("5.0"))] {
        let env = TestEnv::with(&["invoice-create=422"]);
        env.run(&bill(&["--yes"])).ends(5);
        let sent = env.writes().len();
        let ticket = format!("GET {}", till());
        let server = Altered::telling(
            Account::new(env.base(), syncro::sandbox::KEY),
            move |_, what, answer| {
                if what == ticket {
                    answer["ticket"]["line_items"][0][discount.0] = discount.1.clone();
                }
            },
        )
        .await;
        let id = env.journal()[0].id();
        env.journal()[0].forge(env.base(), &server.base());
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&["resume", &id, "--yes"], &there);
        ran.ends(5).says("was right when it was checked").says("instead of $60.00");
        assert_eq!(env.writes().len(), sent, "{ran}");
    }
}

/// A plan of an older build does not say which line a charge has made: what that comes to is looked at all the same.
#[tokio::test]
async fn a_charged_line_without_its_mark_is_looked_at() {
    for is_marked in [true, false] {
        let env = TestEnv::with(&["timer-charge=lost-product", "line-update=422"]);
        env.run(&bill(&["--log-time", "--yes"])).ends(5);
        let ticket = format!("GET {}", till());
        let account = Account::new(env.base(), syncro::sandbox::KEY);
        let server = Altered::telling(account, move |_, what, answer| {
            let lines = answer.pointer_mut("/ticket/line_items").and_then(Value::as_array_mut);
            for line in lines.into_iter().flatten().filter(|_| what == ticket) {
                line["line_discount_percent"] = json!(10);
            }
        })
        .await;
        let plan = &env.journal()[0];
        plan.forge(env.base(), &server.base());
        if !is_marked {
            plan.forge("\"upc_code\"],\"charged\":true", "\"upc_code\"]");
        }
        let there = [("SYNCRO_BASE_URL", &*server.base())];
        let ran = env.run_with(&["resume", &plan.id(), "--yes"], &there);
        ran.ends(1).says("comes to $54.00 instead of $60.00");
        assert_eq!(env.state(TILL).ours(), (1, 1, 0, "In Progress"), "{is_marked}: {ran}");
    }
}

/// Plans of another account are none of this one's: they are named, and keep nothing from being finished.
#[test]
fn plans_of_another_account_are_named_and_left() {
    let env = TestEnv::with(&["line@1=close-before", "comment@2=close-before"]);
    env.run(&bill(&["--yes"])).ends(6);
    let theirs = env.journal()[0].clone();
    theirs.forge("\"owner_name\":\"Robin Ashgrove\"", "\"owner_name\":\"Kim Gone\"");
    let owner = &theirs.records[0]["plan"]["account"]["owner"];
    theirs.forge(&format!("\"owner\":{owner}"), "\"owner\":99");
    cut_in(&env, &["comment", "32173", "Groups of this year"]);
    let named = format!("plan {} belongs to", theirs.id());
    let discard =
        format!("if nobody has that key any more: syncro resume --discard {}", theirs.id());
    let ran = env.run(&["resume", "--yes", "--json"]);
    ran.ends(0).says(&named).says("Kim Gone").says("stays pending").says(&discard);
    assert_eq!(ran.json().unwrap()["outcome"], "done", "{ran}");
    assert_eq!((pending(&env), env.state(TILL).ours()), (1, (1, 0, 0, "In Progress")));
    // Where it is the only one, or the one that is meant, it is no notice; and its key may be gone for good.
    let id = theirs.id();
    for args in [&["resume", "--yes"][..], &["resume", &id, "--yes"], &["resume", &id]] {
        let ran = env.run(args);
        ran.ends(5).says(&named).says(&discard);
    }
    // Nor does the ticket wait for it for ever.
    env.run(&bill(&["--yes", "--same-comment"])).ends(5).says(&id);
    env.run(&["resume", "--discard", &id, "--yes"]).ends(0);
    env.run(&bill(&["--yes", "--same-comment"])).ends(0);
    assert_eq!(env.state(TILL).ours(), (2, 1, 1, "Invoiced"));
}

/// What is left cannot be looked at: a look says so, shows the plan, and ends as any other.
#[test]
fn a_look_that_fails_shows_the_plan_and_says_why() {
    let env = TestEnv::with(&["invoice-create=422"]);
    env.run(&bill(&["--yes"])).ends(5);
    assert_eq!(env.colleague().call("DELETE", &till(), None).0, 200);
    let (sent, id) = (env.writes().len(), env.journal()[0].id());
    for (args, code, word) in [
        (&["resume", "--dry-run"][..], 0, "dry_run"),
        (&["resume", "--dry-run", "--yes"], 0, "dry_run"),
        (&["resume"], 6, "unconfirmed"),
    ] {
        let ran = env.run(&[args, &["--json"]].concat());
        ran.ends(code).says("warning: the records of plan").says("no longer exist");
        ran.says(&format!("plan {id}, started"));
        assert_eq!(ran.json().unwrap()["outcome"], word, "{ran}");
    }
    env.run(&["resume", "--yes"]).ends(3).says("no longer exist");
    assert_eq!(env.writes().len(), sent);
}
