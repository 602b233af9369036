//! A sync that was ended anywhere: the next one continues, and has what one has that nobody disturbed.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Records, records, synced};
use crate::support::{Setup, TestEnv};

/// How often it is ended.
const ENDS: u32 = 24;

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

#[test]
fn ended_anywhere_it_continues_and_has_the_same_records() {
    // Short pages: there is much to be ended between.
    let setup = Setup { list_page: 3, slipped: true, ..Setup::default() };
    let whole = TestEnv::of(setup.clone());
    let began = Instant::now();
    synced(&whole, &[]);
    let takes = began.elapsed();
    let undisturbed = whole.log().len();

    let env = TestEnv::of(setup);
    let mut ended = 0;
    for turn in 0..ENDS {
        let at = takes * (turn % 8 + 1) / 24 + Duration::from_millis(7);
        let ran = env.spawn(&["sync"]).kill_after(at);
        ended += u32::from(ran.code == -1);
    }
    synced(&env, &[]);
    let asked = env.log().len();
    println!("ended {ended} times: {asked} requests, {undisturbed} undisturbed");
    assert!(ended >= ENDS / 3, "{ended}");
    assert_eq!(still(records(&env)), still(records(&whole)));
    // What was read is not read again but for the page in hand and the first words of each run.
    let again = usize::try_from(ended).unwrap() * 25;
    assert!(asked <= undisturbed + again, "{asked} for {undisturbed}");
}
