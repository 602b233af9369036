//! Timers that are started, paused and stopped where they run, and schedules.

use serde_json::{Value, json};

use super::{done, refused, run, shown};
use crate::support::{Setup, TILL, TestEnv, ticket_id};

/// A timer of ours that runs on the till's ticket, by its path.
fn running(env: &TestEnv) -> String {
    let body = json!({"ticket_id": ticket_id(TILL), "product_id": 17_340_021, "notes": "Spool"});
    let (status, made) = env.account().call("POST", "/ticket_timers", Some(&body));
    assert_eq!(status, 201, "{made}");
    format!("ticket_timers/{}", made["ticket_timer"]["id"])
}

/// As if it had begun then: what a moment's time comes to is asked about.
fn ran_for_half_an_hour(env: &TestEnv, path: &str) {
    let id: u64 = path.rsplit('/').next().unwrap().parse().unwrap();
    let start = jiff::Timestamp::now() - jiff::SignedDuration::from_mins(30);
    let path = format!("/tickets/{}/update_timer_entry", ticket_id(TILL));
    let moved = json!({"timer_entry_id": id, "start_at": start.to_string()});
    env.account().write("PUT", &path, &moved);
}

fn timer(env: &TestEnv, path: &str) -> Value {
    let mut all = env.account().get("/ticket_timers")["ticket_timers"].take();
    let id: i64 = path.rsplit('/').next().unwrap().parse().unwrap();
    let mut all = all.as_array_mut().unwrap().drain(..);
    all.find(|timer| timer["id"] == id).unwrap()
}

#[test]
fn a_timer_is_started_once_and_goes_on_after_a_pause() {
    let env = TestEnv::new();
    let ticket = format!("ticket_id={}", ticket_id(TILL));
    let begin = ["POST", "ticket_timers", "-F", ticket.as_str(), "-F", "notes=Spool"];
    shown(&env, &begin, &["#32181", "running from now on", "Spool"]);
    refused(&env, &["POST", "ticket_timers", "-F", "ticket_id=1"], 3, "404");
    done(&env, &begin);
    let timers = env.account().timers(TILL);
    assert_eq!((timers.len(), timers[0]["end_time"].is_null()), (1, true), "{timers:?}");
    let path = format!("ticket_timers/{}", timers[0]["id"]);
    let does = |verb: &str| format!("{path}/{verb}");
    run(&env, &["POST", &does("start")]).ends(5).says("is running");
    done(&env, &["POST", &does("pause")]);
    assert_eq!(timer(&env, &path)["status"], "status_paused");
    run(&env, &["POST", &does("pause")]).ends(5).says("is paused");
    done(&env, &begin);
    assert_eq!(timer(&env, &path)["status"], "status_running");
    assert_eq!(env.account().timers(TILL).len(), 1);
    done(&env, &["POST", &does("stop")]);
    let ran = run(&env, &["POST", &does("stop")]);
    ran.ends(5).says("is stopped");
    assert_eq!(timer(&env, &path)["status"], "status_stopped");
    assert!(env.state(TILL).lines.is_empty(), "{ran}");
    run(&env, &["POST", "ticket_timers/1/stop"]).ends(3).says("no timer entry 1");
}

/// Where the account charges, one new line is expected, looked for and never made twice.
#[test]
fn a_stop_that_charges_makes_one_line() {
    for (fault, made) in [("charges", 1), ("close-after", 0)] {
        let setup = Setup {
            faults: vec!["settings@*=charges".to_owned(), format!("timer-stop={fault}")],
            ..Setup::default()
        };
        let (env, path) = TestEnv::prepared(setup, |env| {
            let path = running(env);
            ran_for_half_an_hour(env, &path);
            path
        });
        let stop = format!("{path}/stop");
        shown(&env, &["POST", &stop], &["Labor - Remote", "charges stopped timers"]);
        let ran = run(&env, &["POST", &stop]);
        ran.ends(0);
        let lines = env.state(TILL).lines;
        assert_eq!(lines.len(), made, "{fault}: {ran}");
        assert_eq!(env.writes().len(), 1, "{ran}");
    }
}

/// Marking time as billable or not is a write like others, in the body or in the address.
#[test]
fn a_timer_is_marked_as_billable_or_not() {
    let env = TestEnv::new();
    let path = "ticket_timers/48700003";
    let in_path = format!("{path}?billable=false");
    let free = ["PATCH", path, "-F", "billable=false"];
    let rows = ["timer entry 48700003", "billable yes -> no", "#32168"];
    shown(&env, &free, &rows);
    shown(&env, &["PATCH", &in_path], &rows);
    for (more, says) in [
        (&["-F", "billable=no"][..], "true or false"),
        (&[], "billable alone"),
        (&["-F", "billable=false", "-F", "notes=Spool"], "billable alone"),
    ] {
        refused(&env, &[&["PATCH", path], more].concat(), 2, says);
    }
    refused(&env, &["PATCH", "ticket_timers/1", "-F", "billable=false"], 3, "no timer entry 1");
    refused(
        &env,
        &["PATCH", "ticket_timers/48700001", "-F", "billable=false"],
        5,
        "--charged-timer",
    );
    done(&env, &free);
    assert_eq!(timer(&env, path)["billable"], false);
    run(&env, &free).is_so_already();
    done(&env, &["PATCH", &format!("{path}?billable=true")]);
    assert_eq!((&timer(&env, path)["billable"], env.writes().len()), (&json!(true), 2));
}

/// What is near to such a write would do the same without its guards.
#[test]
fn what_is_near_to_a_write_of_a_timer_or_a_script_is_none() {
    let env = TestEnv::new();
    for args in [
        &["POST", "ticket_timers/abc/stop"][..],
        &["POST", "ticket_timers/48700003/halt"],
        &["POST", "ticket_timers", "-F", "notes=Spool"],
        &["PATCH", "ticket_timers/abc", "-F", "billable=false"],
        &["POST", "rmm/public_scripts/abc/schedule", "-F", "script_id=7"],
        &["POST", "rmm/public_scripts/5560/run", "-F", "script_id=7"],
        &["POST", "ticket_blueprints/7301/apply"],
        &["POST", "ticket_blueprints/abc/apply", "-F", "customer_id=31204551"],
    ] {
        refused(&env, &[args, &["--unknown-path", "--no-undo"]].concat(), 2, "is no known write");
    }
}

#[test]
fn a_schedule_is_made_changed_and_removed_by_its_name() {
    let env = TestEnv::new();
    let fields = ["customer_id=31204551", "name=Care, monthly", "frequency=Monthly"];
    let mut create = vec!["POST", "schedules", "-F", "next_run=2027-03-01"];
    create.extend(fields.iter().flat_map(|field| ["-F", *field]));
    shown(&env, &create, &["Create a schedule of Quillfeather Books", "Care, monthly", "Monthly"]);
    let json = done(&env, &create);
    let path = format!("schedules/{}", json["schedule"]["id"]);
    let add = format!("{path}/line_items");
    let line = |price: &'static str| ["POST", add.as_str(), "-F", "name=Care", "-F", price];
    run(&env, &line("price_retail=0")).ends(5).says("--zero");
    done(&env, &line("price_retail=45"));
    run(&env, &line("price_retail=50")).ends(5).says("--same-line");
    let shows = env.account().get(&format!("/{path}"))["schedule"].take();
    assert_eq!(shows["subtotal"], 45.0, "{shows}");
    let one = format!("{path}/line_items/{}", shows["lines"][0]["id"]);
    done(&env, &["PUT", &one, "-F", "quantity=2"]);
    done(&env, &["PUT", &path, "-F", "paused=true"]);
    done(&env, &["DELETE", &one]);
    run(&env, &["DELETE", &path]).ends(2).says("--name");
    done(&env, &["DELETE", &path, "--name", "Care, monthly"]);
    assert_eq!(env.account().call("GET", &format!("/{path}"), None).0, 404);
}

/// The older names of adding and removing a line, and a price in cents, have the guards of the newer ones.
#[test]
fn older_names_and_cents_of_a_schedule_are_guarded_alike() {
    let (env, path) = TestEnv::prepared(Setup::default(), |env| {
        let fields = json!({
            "customer_id": 31_204_551, "name": "Care, monthly", "frequency": "Monthly",
            "next_run": "2027-03-01",
        });
        let (_, made) = env.account().call("POST", "/schedules", Some(&fields));
        format!("schedules/{}", made["schedule"]["id"])
    });
    let lines = || env.account().get(&format!("/{path}"))["schedule"]["lines"].take();
    let (old, new) = (format!("{path}/add_line_item"), format!("{path}/line_items"));
    let line = |price: &'static str| ["POST", old.as_str(), "-F", "name=Care", "-F", price];
    for (price, code, says) in [
        ("retail_cents=0", 5, "--zero"),
        ("retail_cents=600000", 5, "--large"),
        ("retail_cents=1,5", 2, "retail_cents"),
    ] {
        refused(&env, &line(price), code, says);
    }
    let both = [&line("retail_cents=4500")[..], &["-F", "price_retail=40"]].concat();
    refused(&env, &both, 2, "different amounts");
    shown(&env, &line("retail_cents=4500"), &["$45.00"]);
    done(&env, &line("retail_cents=4500"));
    let one = lines()[0].clone();
    assert_eq!((&one["retail_cents"], lines().as_array().unwrap().len()), (&json!(4500), 1));
    let change = format!("{new}/{}", one["id"]);
    run(&env, &["PUT", &change, "-F", "retail_cents=0"]).ends(5).says("--zero");
    done(&env, &["PUT", &change, "-F", "retail_cents=5000"]);
    assert_eq!(lines()[0]["price_retail"], 50.0);
    let remove = format!("{path}/remove_line_item");
    run(&env, &["POST", &remove]).ends(2).says("schedule_line_item_id");
    let line = format!("schedule_line_item_id={}", one["id"]);
    done(&env, &["POST", &remove, "-F", &line]);
    assert!(lines().as_array().unwrap().is_empty());
}
