//! `syncro move-appointment`, `syncro appointment add` and `syncro appointment cancel`.

use serde_json::{Value, json};

use crate::support::{Setup, TILL, TRAINEE, TestEnv, ticket_id};

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

/// What is not said stays as it is, and another day stands out.
#[test]
fn a_time_keeps_the_day_and_a_day_keeps_the_time() {
    let env = TestEnv::new();
    visit(&env, "2027-03-17T15:00:00Z", "2027-03-17T15:40:00Z");
    for (to, shown) in [
        ("3pm", "To          Wed 2027-03-17 15:00 CDT to 15:40\n"),
        ("3/18/2027", "To          Thu 2027-03-18 10:00 CDT to 10:40 (another day)\n"),
        ("19.3.2027 14:00", "To          Fri 2027-03-19 14:00 CDT to 14:40 (another day)\n"),
    ] {
        let ran = env.run(&[&MOVE[..], &["--to", to, "--dry-run"]].concat());
        assert!(ran.ends(0).stdout.contains(shown), "{to}: {ran}");
    }
    let tomorrow = env.run(&[&MOVE[..], &["--to", "tomorrow", "--dry-run"]].concat());
    assert!(tomorrow.ends(0).stdout.contains("10:00 C"), "{tomorrow}");
    assert!(tomorrow.stdout.contains("(another day)"), "{tomorrow}");
    let wrong = [&MOVE[..], &["--to", "3pm", "--end", "14:00", "--dry-run"]].concat();
    env.run(&wrong).ends(2).says("is not after the start");
}

/// Where only the account tells which figure is the month, it is asked; where it does not say so, nothing is guessed.
#[test]
fn the_accounts_dates_decide_what_could_be_two_days() {
    let listed = |setup: Setup| {
        let env = TestEnv::of(setup);
        let ran = env.run(&["appointment", "list", "--date", "5/6/2026"]);
        (ran, env.log().len())
    };
    let first = |faults: &[&str]| listed(Setup::first(faults));
    for (fault, day) in [("currency:rand", "2026-05-06"), ("dates:day-first", "2026-06-05")] {
        let (ran, _) = first(&[&format!("settings@*={fault}")]);
        ran.ends(0).says(day);
    }
    let (open, _) = first(&["settings@*=dates:year-first"]);
    open.ends(2).says("ambiguous day \"5/6/2026\"").says("2026-05-23");
    let (unsaid, requests) = listed(Setup::default());
    unsaid.ends(2).says("ambiguous day \"5/6/2026\"");
    assert_eq!(requests, 0);
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
    let list = terminal.answer("[1-2, Enter cancels]:", "2");
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

/// An appointment that is called like a day is found by that name, and where the day has others, all are named.
#[test]
fn a_name_that_is_a_day_as_well_is_a_name_first() {
    let env = TestEnv::new();
    let tomorrow = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let end = tomorrow + jiff::SignedDuration::from_mins(30);
    let called = |name: &str| {
        let id = visit(&env, &tomorrow.to_string(), &end.to_string());
        let there = one(&env, &id);
        let called = json!({
            "summary": name, "start_at": there["start_at"], "end_at": there["end_at"],
        });
        env.account().write("PUT", &format!("/appointments/{id}"), &called);
        id
    };
    for name in ["1 May 2031", "Friday backup"] {
        let id = called(name);
        let ran = env.run(&["appointment", "show", &name.to_lowercase(), "--json"]);
        assert_eq!(ran.ends(0).json().unwrap()["id"].to_string(), id, "{ran}");
    }
    // The day alone, by what nobody is called.
    let of_the_day = visit(&env, "2031-05-01T15:00:00Z", "2031-05-01T16:00:00Z");
    let ran = env.run(&["appointment", "show", "2031-05-01", "--json"]);
    assert_eq!(ran.ends(0).json().unwrap()["id"].to_string(), of_the_day, "{ran}");
    let both = env.run(&["appointment", "cancel", "1 may 2031", "--yes"]);
    both.ends(2).says("2 appointments match").says(&of_the_day).says("1 May 2031");
    assert!(env.writes().is_empty());
}

/// `1:30` is 01:30, which nobody means for a visit of the day: it is marked, wherever a start is typed.
#[test]
fn a_time_of_the_night_is_marked() {
    let env = TestEnv::new();
    let id = visit(&env, "2027-03-18T15:00:00-05:00", "2027-03-18T15:40:00-05:00");
    let mark = "01:30 is at night; for the afternoon, use 1:30pm";
    let night = visit(&env, "2027-03-20T02:00:00-05:00", "2027-03-20T02:40:00-05:00");
    let to = |id: &str, when: &str| {
        let typed = ["--appointment", id, "--to", when, "--dry-run"];
        env.run(&[&MOVE[..2], &typed].concat()).ends(0).stdout.clone()
    };
    for when in ["1:30", "2027-03-19 1:30"] {
        let shown = to(&id, when);
        assert!(shown.contains(mark) && shown.contains("01:30 CDT to 02:10"), "{when}: {shown}");
    }
    for when in ["1:30pm", "13:30", "9:30", "1:30am", "01:30", "2027-03-19T01:30"] {
        let shown = to(&id, when);
        assert!(!shown.contains("at night"), "{when}: {shown}");
    }
    // What is at night already may stay there.
    let shown = to(&night, "1:30");
    assert!(!shown.contains("at night") && shown.contains("01:30 CDT"), "{shown}");
    let add = ["appointment", "add", "32181", "--start", "2027-03-19 1:30", "--dry-run"];
    assert!(env.run(&add).ends(0).stdout.contains(mark));
    let json = env.run(&[&add[..], &["--json"]].concat()).ends(0).json().unwrap();
    assert_eq!(json["warnings"][0], mark, "{json}");
    let create = ["create", "quillfeather", "Switch", "--description", "x"];
    let create = [&create[..], &["--start", "2027-03-19 1:30", "--dry-run"]].concat();
    assert!(env.run(&create).ends(0).stdout.contains(mark));
}
