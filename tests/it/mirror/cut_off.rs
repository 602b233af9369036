//! A sync that was ended anywhere: the next one continues, and has what one has that nobody disturbed. At which requests
//! it is ended is counted, so that it is whatever the machine has to do. The longer test is made by
//! `cargo test --locked --test it mirror::cut_off -- --ignored --nocapture`.

use std::fs::File;
use std::io::Read;
use std::time::Duration;

use serde_json::Value;

use super::{Records, records, synced};
use crate::support::{Setup, TestEnv};

/// How often it is ended, and in the longer test.
const ENDS: usize = 24;
const MANY_ENDS: usize = 200;

/// From one end to the next there are at most so many requests.
const APART: usize = 40;

/// So many microseconds after the last answer it is ended: it takes that in, makes the next request, or waits.
const LATER: u64 = 6000;

/// The records without what the server counts anew each second.
fn still(mut records: Records) -> Records {
    records.values_mut().for_each(stop);
    records
}

fn stop(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.remove("elapsed_seconds");
            members.values_mut().for_each(stop);
        }
        Value::Array(items) => items.iter_mut().for_each(stop),
        _ => {}
    }
}

/// How many requests there have been, read on in their log from where it was read before.
struct Count {
    log: File,
    requests: usize,
}

impl Count {
    fn now(&mut self) -> usize {
        let mut more = Vec::new();
        self.log.read_to_end(&mut more).unwrap();
        self.requests += more.iter().filter(|byte| **byte == b'\n').count();
        self.requests
    }
}

/// Ends one again and again, and compares what there is in the end with what there is without that.
fn ends(times: usize) {
    // Short pages: there is much to be ended between. Who waits for an answer does so longer than that takes.
    let setup = Setup { list_page: 3, slipped: true, timeout: "60", ..Setup::default() };
    let whole = TestEnv::of(setup.clone());
    synced(&whole, &[]);
    let undisturbed = whole.log().len();

    let mut dice = fastrand::Rng::with_seed(200);
    let mut last = 0;
    let instants: Vec<usize> = (0..times)
        .map(|_| {
            last += dice.usize(1..=APART);
            last
        })
        .collect();
    // These requests have no answer: none that makes one comes to its end before it is ended.
    let faults = instants.iter().map(|at| format!("any@{at}=hang-before")).collect();
    let env = TestEnv::of(Setup { faults, ..setup });
    let log = File::open(env.dir().join("requests.jsonl")).unwrap();
    let mut count = Count { log, requests: 0 };
    let mut ended = 0;
    while let Some(at) = instants.iter().find(|at| **at > count.requests) {
        let before = count.requests;
        let running = env.spawn(&["sync"]);
        let later = Duration::from_micros(dice.u64(..LATER));
        // Not before it has begun: one that is ended earlier would be so again and again.
        let has_come = || count.now() > before && count.requests + 1 >= *at;
        let ran = running.kill_when(has_come, later);
        assert!([0, -1].contains(&ran.code), "{ran}");
        ended += usize::from(ran.code == -1);
        count.now();
    }
    synced(&env, &[]);
    let asked = env.log().len();
    println!("ended {ended} times: {asked} requests, {undisturbed} undisturbed");
    assert!(ended >= times, "{ended}");
    assert_eq!(still(records(&env)), still(records(&whole)));
    // What was read is not read again but for the page in hand and the first words of each run.
    assert!(asked <= undisturbed + ended * 25, "{asked} for {undisturbed}");
}

#[test]
fn ended_anywhere_it_continues_and_has_the_same_records() {
    ends(ENDS);
}

#[test]
#[ignore = "takes a minute: the shorter one does the same less often"]
fn ended_two_hundred_times_it_continues_and_has_the_same_records() {
    ends(MANY_ENDS);
}
