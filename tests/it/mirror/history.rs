//! Years of work: how many requests a first sync of them takes, and one after it.

use std::path::PathBuf;

use syncro::sandbox::{Options, Server, start};

use super::pages::{BESIDE, IDLE, LISTS};
use super::{count, records};
use crate::support::{Account, TestEnv};

/// So many tickets, with what belongs to them.
const TICKETS: u32 = 240;

/// A server of an account with years of work, and the file in which it notes its requests.
fn busy(env: &TestEnv) -> (Server, PathBuf) {
    let log = env.dir().join("busy.jsonl");
    let options = Options {
        history: TICKETS,
        rate: "1000000/1".parse().unwrap(),
        log: Some(log.clone()),
        ..Options::new(env.dir().join("busy"))
    };
    (start(options).unwrap(), log)
}

#[test]
fn a_first_sync_asks_for_pages_and_tickets_and_an_idle_one_for_little() {
    let env = TestEnv::new();
    let (server, log) = busy(&env);
    let base = [("SYNCRO_BASE_URL", server.base_url())];
    let base: Vec<(&str, &str)> =
        base.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let requests = || std::fs::read_to_string(&log).unwrap().lines().count();
    env.run_with(&["sync"], &base).ends(0);
    let first = requests();
    let kept = records(&env);
    let tickets = count(&kept, "tickets");
    assert!(tickets > usize::try_from(TICKETS).unwrap() + 30, "{tickets}");
    assert_eq!(count(&kept, "details"), tickets);
    assert!(count(&kept, "comments") > usize::try_from(TICKETS).unwrap() * 4);

    env.run_with(&["sync"], &base).ends(0);
    let idle = requests() - first;
    let account = Account::new(&server.base_url(), syncro::sandbox::KEY);
    let pages = |list: &&str| account.get(list)["meta"]["total_pages"].as_u64().unwrap_or(1).max(1);
    let pages: u64 = LISTS.iter().map(pages).sum();
    let most = usize::try_from(pages).unwrap() + tickets + BESIDE;
    println!(
        "{tickets} tickets: {first} requests at first, at most {most}; {idle} when nothing has changed"
    );
    assert!(first <= most, "{first} for {most}");
    assert!(idle <= IDLE, "{idle}");
}
