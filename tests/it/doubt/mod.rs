//! What others do between two looks of a command that was cut off or has to wait: what a confirmed step rests on is looked
//! at again just before it is sent, nothing of theirs is taken for ours, and nothing of theirs keeps ours from being
//! finished.

mod changes;
mod clocks;
mod damaged;
mod disabled;
mod emailed;
mod gone;
mod hand;
mod moved;
mod others;
mod payments;
mod previewed;
mod recipient;
mod removals;
mod resumed;
mod stored;

use serde_json::Value;

use crate::support::{Ran, Setup, TILL, TestEnv, ticket_id};

/// The bookshop whose ticket [`TILL`] is.
const BOOKS: i64 = 31_204_551;

/// A command that these faults cut off, so that its plan is pending.
#[track_caller]
fn cut(faults: &[impl AsRef<str>], args: &[&str]) -> TestEnv {
    let faults = faults.iter().map(|fault| fault.as_ref().to_owned());
    let env = TestEnv::of(Setup { faults: faults.collect(), ..Setup::default() });
    cut_in(&env, args);
    env
}

#[track_caller]
fn cut_in(env: &TestEnv, args: &[&str]) {
    let before = pending(env);
    let ran = env.run(&[args, &["--yes", "--json"]].concat());
    assert_ne!(ran.code, 0, "it was not cut off: {ran}");
    assert_eq!(pending(env), before + 1, "{ran}");
}

/// The faults by which the operation is refused for want of a free place as often as one run tries it: it is known not to
/// have landed.
fn turned_away(op: &str) -> Vec<String> {
    let each = (1..=4).map(|time| format!("{op}@{time}=429:0"));
    each.collect()
}

/// How many plans are.
fn pending(env: &TestEnv) -> usize {
    let plans = env.journal();
    plans.iter().filter(|plan| !plan.is_closed()).count()
}

/// How often that was sent: `POST comment`, `DELETE 1`.
fn sent(env: &TestEnv, what: &str) -> usize {
    let writes = env.writes();
    let such = writes.iter().filter(|line| line.what().starts_with(what));
    such.count()
}

fn resume(env: &TestEnv) -> Ran {
    env.run(&["resume", "--yes", "--json"])
}

/// Resumes, which must send nothing, and say that it is another account by now than the one that was confirmed: `why` is
/// part of the error.
#[track_caller]
fn resume_stops(env: &TestEnv, why: &str) {
    let before = env.writes().len();
    let ran = resume(env);
    let since: Vec<String> = env.writes()[before..].iter().map(|line| line.asked()).collect();
    assert!(since.is_empty(), "{since:?} was sent: {ran}");
    ran.ends(5);
    names(&ran, why);
}

/// The error is about that.
#[track_caller]
fn names(ran: &Ran, what: &str) {
    let message = ran.error()["message"].to_string().to_lowercase();
    assert!(message.contains(what), "`{what}` is not said: {ran}");
}

/// Where the ticket that most of this is about lies.
fn till() -> String {
    format!("/tickets/{}", ticket_id(TILL))
}

/// How many of the ticket's comments say that.
fn saying(env: &TestEnv, ticket: &Value, text: &str) -> usize {
    let path = format!("/tickets/{ticket}/comments");
    let comments = env.account().get(&path)["comments"].take();
    let bodies = comments.as_array().unwrap().iter();
    bodies.filter(|one| one["body"] == text).count()
}
