//! `syncro move-appointment`, `syncro appointment add` and `syncro appointment cancel`.

use serde_json::{Value, json};

use crate::support::{TILL, TRAINEE, TestEnv, ticket_id};

/// An appointment at Quillfeather Books from this instant to that one.
fn visit(env: &TestEnv, start: &str, end: &str) -> String {
    let fields = json!({
        "summary": "Gift receipts",
        "ticket_id": ticket_id(TILL),
        "customer_id": 31_204_551,
        "start_at": start,
        "end_at": end,
        "user_id": TRAINEE,
        "do_not_email": true,
    });
    let (status, made) = env.account().call("POST", "/appointments", Some(&fields));
    assert_eq!(status, 201, "{made}");
    made["appointment"]["id"].to_string()
}

fn one(env: &TestEnv, id: &str) -> Value {
    env.account().get(&format!("/appointments/{id}"))["appointment"].take()
}

const MOVE: [&str; 4] = ["move-appointment", "31204551", "--date", "2027-03-17"];

#[test]
fn it_is_moved_with_its_length_weekday_and_zone() {
    let env = TestEnv::new();
    let id = visit(&env, "2027-03-17T15:00:00Z", "2027-03-17T15:40:00Z");
    let to = [&MOVE[..], &["--to", "2027-03-19 14:00"]].concat();
    let ran = env.run(&[&to[..], &["--dry-run"]].concat());
    for shown in ["Wed 2027-03-17 10:00", "Fri 2027-03-19 14:00", "CDT"] {
        assert!(ran.ends(0).stdout.contains(shown), "{shown}: {ran}");
    }
    env.run(&to).ends(2);
    assert!(env.writes().is_empty());
    env.run(&[&to[..], &["--yes"]].concat()).ends(0);
    let there = one(&env, &id);
    let at = |field: &str| there[field].as_str().unwrap()[..16].to_owned();
    assert_eq!(at("start_at"), "2027-03-19T19:00");
    assert_eq!(at("end_at"), "2027-03-19T19:40");
    let typed =
        ["move-appointment", "31204551", "--appointment", &id, "--yes", "--to", "2027-03-19 14:00"];
    env.run(&typed).is_so_already();
    env.run(&[&typed[..], &["--end", "15:30"]].concat()).ends(0);
    assert!(one(&env, &id)["end_at"].as_str().unwrap().starts_with("2027-03-19T20:30"));
}

#[test]
fn what_it_would_overlap_and_a_changed_clock_are_said() {
    let env = TestEnv::new();
    let id = visit(&env, "2027-03-17T15:00:00Z", "2027-03-17T16:00:00Z");
    let other = visit(&env, "2027-03-18T15:00:00Z", "2027-03-18T16:00:00Z");
    let to = |when: &str| {
        let typed = ["--appointment", &id, "--to", when, "--dry-run"];
        env.run(&[&MOVE[..2], &typed].concat())
    };
    let ran = to("2027-03-18 10:30");
    assert!(ran.ends(0).stdout.contains("overlap"), "{other}: {ran}");
    let ran = to("2027-03-18 12:00");
    assert!(!ran.ends(0).stdout.contains("overlap"), "{ran}");
    let (fall, plain) = (to("2027-11-07 01:30"), to("2027-11-08 01:30"));
    let notes = |text: &str| text.lines().filter(|line| line.contains("! ")).count();
    assert_eq!(notes(&fall.ends(0).stdout), 1, "{fall}");
    assert_eq!(notes(&plain.ends(0).stdout), 0, "{plain}");
}

#[test]
fn several_are_listed_and_none_is_moved() {
    let env = TestEnv::new();
    let first = visit(&env, "2027-03-17T15:00:00Z", "2027-03-17T16:00:00Z");
    let second = visit(&env, "2027-03-17T18:00:00Z", "2027-03-17T19:00:00Z");
    let to = ["--to", "2027-03-19 14:00", "--yes"];
    let ran = env.run(&[&MOVE[..], &to].concat());
    ran.ends(2).says(&first).says(&second).says("--appointment");
    let empty = ["move-appointment", "31204551", "--date", "2027-06-01"];
    env.run(&[&empty[..], &to].concat()).ends(3);
    env.run(&["move-appointment", "31204551", "--yes"]).ends(2);
    let past = ["--appointment", &first, "--to", "2026-03-02 14:00", "--yes"];
    env.run(&[&MOVE[..2], &past].concat()).ends(5).says("--past");
    let other = ["move-appointment", "31204655", "--appointment", &first];
    env.run(&[&other[..], &to].concat()).ends(5);
    assert!(env.writes().is_empty());
}

#[test]
fn one_is_added_and_cancelled() {
    let env = TestEnv::new();
    let add = ["appointment", "add", "32181", "--start", "2027-03-18 09:00"];
    let ran = env.run(&[&add[..], &["--dry-run"]].concat());
    for shown in ["Thu 2027-03-18 09:00", "not sent to the customer"] {
        assert!(ran.ends(0).stdout.contains(shown), "{shown}: {ran}");
    }
    env.run(&add).ends(2);
    assert!(env.writes().is_empty());
    let ran = env.run(&[&add[..], &["--yes", "--json"]].concat());
    let id = ran.ends(0).json().unwrap()["appointment"]["id"].to_string();
    let there = one(&env, &id);
    assert_eq!(there["ticket_id"], ticket_id(TILL));
    assert!(there["end_at"].as_str().unwrap().starts_with("2027-03-18T15:30"));
    env.run(&[&add[..], &["--yes"]].concat()).ends(5).says("--same-time");
    let past = ["appointment", "add", "32181", "--start", "2026-03-02 09:00", "--yes"];
    env.run(&past).ends(5).says("--past");
    env.run(&["appointment", "add", "99999", "--start", "fri 9:30", "--yes"]).ends(3);
    env.run(&["appointment", "cancel", &id]).ends(2);
    env.run(&["appointment", "cancel", "1", "--yes"]).ends(3);
    assert_eq!(env.writes().len(), 1);
    env.run(&["appointment", "cancel", &id, "--yes"]).ends(0);
    let path = format!("/appointments/{id}");
    assert_eq!(env.account().call("GET", &path, None).0, 404);
}

#[test]
fn an_all_day_visit_gets_a_time_only_with_an_end() {
    let env = TestEnv::new();
    let id = visit(&env, "2027-03-17T05:00:00Z", "2027-03-18T04:59:00Z");
    let fields = json!({
        "start_at": "2027-03-17T05:00:00Z", "end_at": "2027-03-18T04:59:00Z", "all_day": true,
    });
    let path = format!("/appointments/{id}");
    let (status, _) = env.account().call("PUT", &path, Some(&fields));
    assert_eq!(status, 200);
    let to = [&MOVE[..], &["--to", "2027-03-19 14:00"]].concat();
    env.run(&[&to[..], &["--yes"]].concat()).ends(2).says("takes the whole day").says("--end");
    assert!(env.writes().is_empty());
    let with = [&to[..], &["--end", "15:00"]].concat();
    let ran = env.run(&[&with[..], &["--dry-run"]].concat());
    for shown in
        ["Wed 2027-03-17, all day", "! it takes the whole day now; the new time changes that"]
    {
        assert!(ran.ends(0).stdout.contains(shown), "{shown}: {ran}");
    }
    let ran = env.run(&[&with[..], &["--yes", "--json"]].concat());
    let warnings = ran.ends(0).json().unwrap()["warnings"].to_string();
    assert!(warnings.contains("whole day"), "{warnings}");
    assert_eq!(env.writes()[0].body["all_day"], false);
    assert_eq!(one(&env, &id)["all_day"], false);
}

#[test]
fn json_says_what_a_move_or_a_new_one_overlaps() {
    let env = TestEnv::new();
    let id = visit(&env, "2027-03-17T15:00:00Z", "2027-03-17T16:00:00Z");
    visit(&env, "2027-03-18T15:00:00Z", "2027-03-18T16:00:00Z");
    let add = ["appointment", "add", "32181", "--start", "2027-03-18 10:30", "--owner", "me"];
    let to = ["--appointment", &id, "--to", "2027-03-18 10:30"];
    let to = [&MOVE[..2], &to].concat();
    for typed in [&add[..], &to] {
        for how in ["--dry-run", "--yes"] {
            let ran = env.run(&[typed, &["--json", how]].concat());
            let warnings = ran.ends(0).json().unwrap()["warnings"].to_string();
            assert!(warnings.contains("overlaps"), "{typed:?} {how}: {warnings}");
        }
    }
    let night = ["appointment", "add", "32181", "--start", "2027-11-07 01:30", "--dry-run"];
    let ran = env.run(&night);
    assert!(ran.ends(0).stdout.contains("01:30 CDT to 02:00 CST"), "{ran}");
}

#[cfg(unix)]
#[test]
fn a_person_picks_one_of_several_and_types_the_time() {
    let env = TestEnv::new();
    let first = visit(&env, "2027-03-17T15:00:00Z", "2027-03-17T16:00:00Z");
    let second = visit(&env, "2027-03-17T18:00:00Z", "2027-03-17T19:00:00Z");
    let mut terminal = env.terminal(&[&MOVE[..], &["--to", "2027-03-19 14:00"]].concat());
    let list = terminal.answer("[1-2]:", "2");
    assert!(list.contains("Wed 2027-03-17"), "{list}");
    let preview = terminal.expect("[y/N/p");
    for shown in ["Wed 2027-03-17 13:00", "Fri 2027-03-19 14:00"] {
        assert!(preview.contains(shown), "{shown}: {preview}");
    }
    terminal.reply("[y/N/p", "y");
    let (code, shown) = terminal.end();
    assert_eq!(code, 0, "{shown}");
    let start = |id: &str| {
        let start = one(&env, id)["start_at"].as_str().unwrap().to_owned();
        start.parse::<jiff::Timestamp>().unwrap()
    };
    assert_eq!(start(&first), "2027-03-17T15:00:00Z".parse().unwrap());
    assert_eq!(start(&second), "2027-03-19T19:00:00Z".parse().unwrap());
}
