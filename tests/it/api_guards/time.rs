//! Appointments and timer entries through `api`.

use super::{body, done, refused, shown};
use crate::support::{TILL, TestEnv, ticket_id};

#[test]
fn appointments_show_when_they_are_and_what_they_overlap() {
    let env = TestEnv::new();
    let (id, visit) = (ticket_id(TILL).to_string(), "appointments/5560900001");
    let begins = env.account().get(&format!("/{visit}"))["appointment"]["start_at"].clone();
    let start = format!("start_at={}", begins.as_str().unwrap());
    let on = format!("ticket_id={id}");
    let past = "start_at=2020-01-06T10:00:00Z";
    let new = |start: &str| -> Vec<String> {
        [
            "POST",
            "appointments",
            "-F",
            &on,
            "-F",
            start,
            "-F",
            "summary=Till",
            "-F",
            "user_id=81204",
        ]
        .map(str::to_owned)
        .to_vec()
    };
    let args = new(past);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    refused(&env, &args, 5, "--past");
    let args = new(&start);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    shown(&env, &args, &["#32181", "Quillfeather Books", "overlaps \"New order tablet\""]);
    refused(&env, &["PUT", visit, "-F", past], 5, "--past");
    shown(
        &env,
        &["PUT", "appointments/5560900000", "-F", &start],
        &["From", "overlaps \"New order tablet\""],
    );
    shown(&env, &["DELETE", visit], &["New order tablet", "Cancel"]);
    let same = format!("ticket_id={}", ticket_id(32_179));
    let args = ["POST", "appointments", "-F", &same, "-F", &start, "-F", "summary=x"];
    refused(&env, &args, 5, "--same-time");
    done(&env, &["DELETE", visit]);
}

#[test]
fn time_is_guarded_as_by_timer() {
    let env = TestEnv::new();
    let verb = |ticket: i64, verb: &str| format!("tickets/{ticket}/{verb}");
    let entry = |method: &str, ticket: i64, path: &str, timer: u64, more: &[&str]| {
        let timer = format!("timer_entry_id={timer}");
        let path = verb(ticket, path);
        let args = [&[method, &path, "-F", &timer], more].concat();
        let args: Vec<String> = args.into_iter().map(str::to_owned).collect();
        args
    };
    for (args, code, says) in [
        (entry("POST", 108_442_730, "delete_timer_entry", 48_700_001, &[]), 5, "--charged-timer"),
        (
            entry("PUT", 108_442_730, "update_timer_entry", 48_700_001, &["-F", "notes=x"]),
            5,
            "--charged-timer",
        ),
        (entry("POST", 108_442_730, "charge_timer_entry", 48_700_001, &[]), 5, "already charged"),
        (entry("POST", 108_443_591, "charge_timer_entry", 48_700_000, &[]), 5, "is running"),
        (entry("POST", 108_443_058, "charge_timer_entry", 48_700_002, &[]), 5, "--zero"),
        (entry("POST", 108_443_058, "delete_timer_entry", 1, &[]), 3, "no timer entry"),
    ] {
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        refused(&env, &args, code, says);
    }
    let path = verb(108_443_304, "timer_entry");
    let timers = env.account().get("/tickets/108443304")["ticket"]["ticket_timers"].take();
    let start = format!("start_at={}", timers[0]["start_time"].as_str().unwrap());
    let new =
        |more: &[&'static str]| [&["POST", path.as_str(), "-f", start.as_str()], more].concat();
    refused(&env, &new(&["-F", "duration_minutes=10"]), 5, "--overlap");
    refused(&env, &new(&["-F", "duration_minutes=6000", "--overlap"]), 5, "--large");
    let running = verb(108_443_591, "timer_entry");
    let args = ["POST", &running, "-F", "start_at=2026-03-17T14:00:00Z"];
    refused(&env, &args, 5, "--timer-running");
    let args = entry("PUT", 108_443_181, "update_timer_entry", 48_700_005, &["-F", "notes=y"]);
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    done(&env, &args);
    // Left out, it would become the time of the key's owner.
    assert_eq!(body(&env)["user_id"], 81_207);
}
