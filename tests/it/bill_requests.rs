//! What a bill costs: requests, and how many of them have to wait for one another.

use crate::support::{BILLED, Line, TILL, TestEnv, bill};

/// The longest chain of requests of which each began after the one before had ended.
fn trips(lines: &[Line]) -> usize {
    let mut longest: Vec<usize> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let before = lines[..index].iter().zip(&longest);
        let waited = before.filter(|(other, _)| other.ended_us <= line.started_us);
        longest.push(1 + waited.map(|(_, trips)| *trips).max().unwrap_or(0));
    }
    longest.into_iter().max().unwrap_or(0)
}

/// The requests before the first write.
fn gathering(lines: &[Line]) -> &[Line] {
    let first = lines.iter().position(|line| line.method != "GET");
    &lines[..first.unwrap_or(lines.len())]
}

/// How many trips a run takes before its first write, and in all. A busy machine can only make a chain longer, by a request
/// that begins late: the shortest of a few runs counts, as soon as one is within `most`.
fn told(title: &str, most: (usize, usize), run: impl Fn() -> Vec<Line>) -> Vec<Line> {
    let mut tries = 0..4;
    loop {
        tries.next();
        let lines = run();
        let (before, all) = (trips(gathering(&lines)), trips(&lines));
        println!(
            "{title}: {} requests in {all} dependent trips, {} of them before the first write in {before}",
            lines.len(),
            gathering(&lines).len(),
        );
        for line in &lines {
            println!("    {:>7} .. {:>7} us  {}", line.started_us, line.ended_us, line.what());
        }
        if (1..=most.0).contains(&before) && all <= most.1 {
            return lines;
        }
        assert!(!tries.is_empty(), "{title}: {before} trips before the first write, {all} in all");
    }
}

/// Each answer takes a while, so that what travels side by side is seen to.
const SLOW: [&str; 1] = ["any@*=slow:60"];

#[test]
fn a_bill_waits_as_little_as_it_can() {
    let log = told("first bill", (2, 9), || {
        let env = TestEnv::with(&SLOW);
        env.run(&bill(&["--yes"])).ends(0);
        assert_eq!(env.state(TILL).ours(), BILLED);
        env.log()
    });
    assert!(log.len() <= 22, "{} requests", log.len());
}

#[test]
fn a_known_ticket_costs_a_trip_less() {
    let known = |args: &[&'static str]| -> Vec<Line> {
        let env = TestEnv::with(&SLOW);
        env.run(&["ticket", "32181"]).ends(0);
        let seen = env.log().len();
        env.run(&bill(args)).ends(0);
        env.log().split_off(seen)
    };
    told("preview of a known ticket", (1, 1), || known(&["--dry-run"]));
    told("bill of a known ticket", (1, 8), || known(&["--yes"]));
}

/// Two writes more and the looks that they rest on: an entry is seen before it is charged, its line before it is invoiced.
#[test]
fn logged_time_costs_four_trips_more() {
    let log = told("bill with logged time", (2, 12), || {
        let env = TestEnv::with(&SLOW);
        env.run(&bill(&["--log-time", "--yes"])).ends(0);
        assert_eq!(env.state(TILL).ours(), BILLED);
        env.log()
    });
    assert!(log.len() <= 25, "{} requests", log.len());
}

#[test]
fn a_remembered_id_that_is_anothers_is_asked_for_again() {
    let env = TestEnv::new();
    env.run(&["ticket", "32181"]).ends(0);
    let known = std::fs::read_dir(env.state_dir()).unwrap().map(|entry| entry.unwrap().path());
    let known =
        known.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("tickets-"));
    for path in known {
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, text.replace("108443837", "108443796")).unwrap();
    }
    env.run(&bill(&["--yes"])).ends(0);
    assert_eq!(env.state(TILL).ours(), BILLED);
    assert_eq!(env.state(32_180).lines.len(), 0);
}

#[test]
fn looks_ask_caches_not_to_answer() {
    let env = TestEnv::new();
    env.run(&bill(&["--yes"])).ends(0);
    let log = env.log();
    let after = log.iter().skip(gathering(&log).len()).filter(|line| line.method == "GET");
    for line in after {
        assert_eq!(line.cache_control.as_deref(), Some("no-cache"), "{}", line.what());
    }
}
