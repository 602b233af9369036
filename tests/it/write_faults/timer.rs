//! `syncro timer`.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::case::Case;
use super::case::Does::{Makes, Removes, Sets};
use super::matrix;
use crate::support::{TILL, TestEnv, ticket_id};

/// Three quarters of an hour that wait to be charged.
const TERMINAL: i64 = 32_168;

fn waiting(env: &TestEnv) -> Vec<String> {
    vec![env.account().timers(TERMINAL)[0]["id"].to_string()]
}

/// A timer that has run for some minutes, and will for a while have run for as many.
fn running(env: &TestEnv) -> Vec<String> {
    let start = Timestamp::now() - SignedDuration::from_secs(190);
    let start = start.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    env.account().clock(TILL, &json!({"start_at": start, "notes": "Gift layout"}));
    Vec::new()
}

/// A timer of ours that runs, in an account that shows so.
fn runs_live(env: &TestEnv) -> Vec<String> {
    let body = json!({"ticket_id": ticket_id(TILL), "notes": "Spool"});
    let (_, made) = env.account().call("POST", "/ticket_timers", Some(&body));
    vec![made["ticket_timer"]["id"].to_string()]
}

/// One that is paused.
fn paused(env: &TestEnv) -> Vec<String> {
    let made = runs_live(env);
    env.account().write("POST", &format!("/ticket_timers/{}/pause", made[0]), &json!({}));
    made
}

#[test]
fn live_timers() {
    matrix(
        "live timers",
        vec![
            Case::new("timer pause", &["timer", "pause", "32181"])
                .after(runs_live)
                .volatile("_counted")
                .step("timer", "timer-pause", Sets),
            Case::new("timer resume", &["timer", "resume", "32181"])
                .after(paused)
                .volatile("_counted")
                .step("timer", "timer-start", Sets),
            // Answered 404, either is stopped in the older way or refused: `timers::stops`.
            Case::new("timer stop of a live one", &["timer", "stop", "32181"])
                .after(runs_live)
                .volatile("active_duration")
                .volatile("_counted")
                .without("404")
                .step("timer", "timer-stop", Sets),
            Case::new("timer stop of a paused one", &["timer", "stop", "32181"])
                .after(paused)
                .volatile("active_duration")
                .volatile("_counted")
                .without("404")
                .step("timer", "timer-stop", Sets),
            Case::new(
                "close --stop-timer",
                &["close", "32181", "-m", "Gift receipts print", "--stop-timer"],
            )
            .after(runs_live)
            .volatile("active_duration")
            .volatile("_counted")
            .without("404")
            .step("timer", "timer-stop", Sets)
            .step("comment", "comment", Makes)
            .step("status", "ticket-update", Sets),
        ],
    );
}

#[test]
fn timer() {
    matrix(
        "timer",
        vec![
            Case::new("timer start", &["timer", "start", "32181", "--labor", "remote"])
                // A second of the present, which may be a whole minute.
                .volatile("start_time")
                .step("timer", "timer-add", Makes),
            Case::new("timer stop", &["timer", "stop", "32181"])
                .after(running)
                .volatile("end_time")
                .step("stop_timer", "timer-update", Sets),
            Case::new(
                "timer add",
                &[
                    "timer",
                    "add",
                    "32181",
                    "--minutes",
                    "30",
                    "--start",
                    "2026-03-17 08:00",
                    "--notes",
                    "Spool",
                ],
            )
            .step("timer", "timer-add", Makes),
            Case::new(
                "timer update",
                &["timer", "update", "32168", "{0}", "--minutes", "50", "--notes", "And the port"],
            )
            .after(waiting)
            .step("update_timer", "timer-update", Sets),
            // Without a product of its own, so that there is something to mend.
            Case::new("timer charge", &["timer", "charge", "32162", "--labor", "remote"])
                .step("charge", "timer-charge", Makes)
                .step("mend", "line-update", Sets),
            // Two at once: the second step of each name refers to the second line.
            Case::new("timer charge --all", &["timer", "charge", "32165", "--all"])
                // Two lines are what it makes, so a doubled one is not told from them by their number.
                .without("twice")
                .step("charge", "timer-charge", Makes)
                .step("mend", "line-update", Sets)
                .step("charge", "timer-charge", Makes)
                .step("mend", "line-update", Sets),
            Case::new("timer delete", &["timer", "delete", "32168", "{0}"]).after(waiting).step(
                "delete_timer",
                "timer-delete",
                Removes,
            ),
        ],
    );
}
