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

fn told(title: &str, lines: &[Line]) -> (usize, usize) {
    let (before, all) = (trips(gathering(lines)), trips(lines));
    println!(
        "{title}: {} requests in {all} dependent trips, {} of them before the first write in {before}",
        lines.len(),
        gathering(lines).len(),
    );
    for line in lines {
        println!("    {:>7} .. {:>7} us  {}", line.started_us, line.ended_us, line.what());
    }
    (before, all)
}

#[test]
fn a_bill_waits_as_little_as_it_can() {
    // Each answer takes a while, so that what travels side by side is seen to.
    let env = TestEnv::with(&["any@*=slow:60"]);
    env.run(&bill(&["--yes"])).ends(0);
    let first = env.log();
    let (before, all) = told("first bill", &first);
    assert!(before <= 2, "{before} trips before the first write");
    assert!(all <= 9, "{all} trips");
    assert!(first.len() <= 22, "{} requests", first.len());
    assert_eq!(env.state(TILL).ours(), BILLED);
}

#[test]
fn a_known_ticket_costs_a_trip_less() {
    let env = TestEnv::with(&["any@*=slow:60"]);
    env.run(&["ticket", "32181"]).ends(0);
    let seen = env.log().len();
    env.run(&bill(&["--dry-run"])).ends(0);
    let log = env.log();
    let (before, all) = told("preview of a known ticket", &log[seen..]);
    assert_eq!((before, all), (1, 1));
    let seen = log.len();
    env.run(&bill(&["--yes"])).ends(0);
    let log = env.log();
    let (before, all) = told("bill of a known ticket", &log[seen..]);
    assert_eq!(before, 1);
    assert!(all <= 8, "{all} trips");
}

/// Two writes more and the looks that they rest on: an entry is seen before it is charged, its line before it is invoiced.
#[test]
fn logged_time_costs_four_trips_more() {
    let env = TestEnv::with(&["any@*=slow:60"]);
    env.run(&bill(&["--log-time", "--yes"])).ends(0);
    let log = env.log();
    let (before, all) = told("bill with logged time", &log);
    assert!(before <= 2, "{before} trips before the first write");
    assert!(all <= 12, "{all} trips");
    assert!(log.len() <= 25, "{} requests", log.len());
    assert_eq!(env.state(TILL).ours(), BILLED);
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
