//! What others make beside ours neither counts as a second of ours nor keeps ours from being finished, and what is
//! running is not nothing.

use serde_json::json;

use super::{BOOKS, cut, pending, resume, till};
use crate::support::{Setup, TILL, TRAINEE, TestEnv, until};

#[test]
fn a_colleagues_ticket_of_the_same_subject_is_no_second_one() {
    let env = TestEnv::with(&["ticket-create=slow:1500"]);
    let args = [
        "create",
        "31204671",
        "Label printer jams",
        "--description",
        "Since noon.",
        "--yes",
        "--json",
    ];
    let tickets = || env.account().tickets_about(31_204_671, args[2]);
    let running = env.spawn(&args);
    until("ours is there", || !tickets().is_empty());
    let ours = tickets()[0]["id"].clone();
    let body = json!({"customer_id": 31_204_671, "subject": args[2], "user_id": 81_207});
    let theirs = env.colleague().write("POST", "/tickets", &body)["ticket"].take();
    assert!(theirs["creator_name_or_email"].is_string(), "{theirs}");
    let ran = running.wait();
    ran.ends(0);
    let json = ran.json().unwrap_or_default();
    assert_eq!(json["ticket"]["id"], ours, "{ran}");
    assert_eq!(super::saying(&env, &ours, args[4]), 1, "{ran}");
    assert_eq!(super::saying(&env, &theirs["id"], args[4]), 0, "{ran}");
}

#[test]
fn a_colleagues_timer_keeps_ours_from_nothing() {
    let env = cut(&["timer-add=close-before"], &["timer", "start", "32181"]);
    let theirs = json!({"start_at": "2026-03-17T15:00:00Z", "notes": "Their own"});
    let colleague = env.colleague().clock(TILL, &theirs);
    assert_ne!(colleague["user_id"], TRAINEE, "{colleague}");
    let ran = resume(&env);
    let timers = env.account().timers(TILL);
    let ours = timers.iter().filter(|timer| timer["user_id"] == TRAINEE);
    assert_eq!((timers.len(), ours.count()), (2, 1), "{ran}");
    ran.ends(0);
}

/// What is turned away at the limit of requests has not landed: the very same that comes in the wait is somebody else's, even
/// in one's own name. It is neither taken for ours nor made a second time.
#[test]
fn the_same_made_by_others_in_a_wait_is_not_ours() {
    let ticket = till();
    let line = json!({
        "product_id": 17_340_021, "name": "Labor - Remote", "description": "Port", "quantity": "0.5",
        "price_retail": 120, "taxable": false,
    });
    let cases = [
        (
            "contact-create",
            &["contact", "create", "31204551", "Ada Finch"][..],
            ("/contacts".to_owned(), json!({"customer_id": BOOKS, "name": "Ada Finch"})),
        ),
        (
            "asset-create",
            &["asset", "create", "31204551", "TILL-3", "--type", "Desktop"],
            (
                "/customer_assets".to_owned(),
                json!({"customer_id": BOOKS, "name": "TILL-3", "asset_type_name": "Desktop"}),
            ),
        ),
        (
            "comment",
            &["comment", "32181", "As agreed"],
            (
                format!("{ticket}/comment"),
                json!({"subject": "Update", "body": "As agreed", "hidden": false}),
            ),
        ),
        (
            "line",
            &[
                "line",
                "add",
                "32181",
                "--labor",
                "remote",
                "--minutes",
                "30",
                "--description",
                "Port",
            ],
            (format!("{ticket}/add_line_item"), line),
        ),
    ];
    for (op, args, (path, body)) in cases {
        let env = TestEnv::with(&[&format!("{op}@1=429:1")]);
        let running = env.spawn(&[args, &["--yes", "--json"]].concat());
        env.until_logged(|line| line.fault.is_some());
        let (status, theirs) = env.account().call("POST", &path, Some(&body));
        assert!((200..300).contains(&status), "{path}: {theirs}");
        let ran = running.wait();
        ran.ends(5).says("since the preview");
        assert_eq!((env.writes().len(), pending(&env)), (1, 0), "{ran}");
        let json = ran.json().unwrap();
        assert_eq!((&json["outcome"], &json["writes"][0]["id"]), (&json!("failed"), &json!(null)));
    }
}

#[test]
fn what_is_running_is_not_nothing() {
    let env = TestEnv::of(Setup {
        faults: vec!["comment=hang-after".to_owned()],
        timeout: "60",
        ..Setup::default()
    });
    let running = env.spawn(&["comment", "32181", "Hello there", "--yes"]);
    env.until_logged(|line| line.fault.is_some());
    let id = env.journal()[0].id();
    for args in [
        &["resume"][..],
        &["resume", "--yes", "--json"],
        &["resume", &id],
        &["resume", &id, "--yes", "--json"],
    ] {
        let ran = env.run(args);
        assert!(!ran.stderr.contains("no pending plans"), "{args:?}: {ran}");
        ran.ends(5).says("another syncro");
    }
    assert_eq!(env.writes().len(), 1);
    assert_eq!(running.kill().code, -1);
    resume(&env).ends(0);
    assert_eq!((env.state(TILL).said("Hello there"), pending(&env)), (1, 0));
}

#[test]
fn an_alert_is_deleted_once_and_done() {
    let env = TestEnv::new();
    let alert = env.account().get("/rmm_alerts")["rmm_alerts"][0]["id"].clone();
    let path = format!("/rmm_alerts/{alert}");
    let ran = env.run(&["api", "DELETE", &path, "--yes", "--json"]);
    ran.ends(0);
    assert_eq!((env.writes().len(), pending(&env)), (1, 0), "{ran}");
}
