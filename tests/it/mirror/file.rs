//! The mirror's file: whose it is, who can read it, and what becomes of one that cannot be used.

use super::{count, file, open, records, synced, syncs};
use crate::support::{Setup, TILL, TestEnv, files, until};

#[cfg(unix)]
#[test]
fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let env = TestEnv::new();
    synced(&env, &["--only", "users"]);
    // As long as somebody reads, what was written lately is beside it.
    let db = open(&env);
    let users = "SELECT count(*) FROM rec";
    let transaction = db.unchecked_transaction().unwrap();
    let _: i64 = transaction.query_row(users, [], |row| row.get(0)).unwrap();
    synced(&env, &[]);
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = env.state_dir().join("mirror");
    assert_eq!(mode(&folder), 0o700);
    let found = files(&folder);
    for path in &found {
        assert_eq!(mode(path), 0o600, "{}", path.display());
    }
    let names: Vec<String> = found.iter().map(|path| path.display().to_string()).collect();
    for end in [".db", ".db-wal", ".db-shm", "salt"] {
        assert!(names.iter().any(|name| name.ends_with(end)), "{names:?}");
    }
    // Rights that others were given are taken from them.
    let give = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    give(&folder, 0o755);
    found.iter().for_each(|path| give(path, 0o644));
    synced(&env, &["--only", "users"]);
    assert_eq!(mode(&folder), 0o700);
    for path in files(&folder) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn each_key_and_address_has_its_own() {
    let env = TestEnv::new();
    synced(&env, &["--only", "users"]);
    let name = file(&env).file_stem().unwrap().to_str().unwrap().to_owned();
    assert!(name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
    let key = [("SYNCRO_API_KEY", syncro::sandbox::COLLEAGUE_KEY)];
    env.run_with(&["sync", "--only", "users"], &key).ends(0);
    let folder = env.state_dir().join("mirror");
    let mut found = files(&folder);
    found.retain(|path| path.extension().is_some_and(|end| end == "db"));
    assert_eq!(found.len(), 2, "{found:?}");
    // Where the other key's is, nobody has asked.
    env.run(&["sync", "--status"]).ends(0);
}

#[test]
fn one_of_a_newer_program_is_left_alone() {
    let env = TestEnv::new();
    synced(&env, &["--only", "users"]);
    open(&env).pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(file(&env)).unwrap();
    for args in [&["sync"][..], &["sync", "--status"]] {
        let ran = env.run(args);
        ran.ends(10).says("is of version 99, which a newer syncro has made").says("sync --forget");
    }
    assert_eq!(std::fs::read(file(&env)).unwrap(), before);
}

#[test]
fn a_broken_one_is_put_aside_and_begun_anew() {
    let env = TestEnv::new();
    synced(&env, &["--only", "users"]);
    let users = count(&records(&env), "users");
    let path = file(&env);
    for broken in [b"no database".to_vec(), {
        let mut half = std::fs::read(&path).unwrap();
        half.truncate(half.len() / 2);
        half
    }] {
        std::fs::write(&path, broken).unwrap();
        let ran = syncs(&env, &["--only", "users"]);
        ran.says("the mirror was broken; it is now ").says("and a new one was begun");
        assert_eq!(count(&records(&env), "users"), users);
        assert!(path.with_extension("broken").is_file());
    }
}

#[test]
fn one_that_was_not_begun_is_none() {
    let env = TestEnv::new();
    synced(&env, &["--only", "users"]);
    std::fs::write(file(&env), "").unwrap();
    env.run(&["sync", "--status"]).ends(3).says("nothing is kept of this account");
    env.run(&["tickets", "--offline"]).ends(3).says("nothing of this account is in the mirror");
    let ran = syncs(&env, &["--only", "users"]);
    assert!(!ran.stderr.contains("broken") && count(&records(&env), "users") > 1, "{ran}");
}

#[test]
fn one_that_is_removed_while_it_is_written_is_gone() {
    let mut env = TestEnv::of(Setup { timeout: "60", ..Setup::default() });
    synced(&env, &[]);
    env.restart(&["read@5=slow:20000".to_owned()]);
    let before = env.log().len();
    let running = env.spawn(&["sync", "--full"]);
    until("it waits for the slow answer", || env.log().len() >= before + 4);
    std::thread::sleep(std::time::Duration::from_millis(300));
    let begun = std::time::Instant::now();
    let ran = env.run(&["sync", "--forget"]);
    assert!(ran.ends(0).stdout.starts_with("removed "), "{ran}");
    let ran = running.wait();
    ran.ends(5).says("the mirror was removed while this ran").says("run `syncro sync`");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert!(!env.state_dir().join("mirror").exists());
    let left = files(&env.state_dir());
    assert!(!left.iter().any(|path| path.to_string_lossy().contains("known-")), "{left:?}");
}

#[test]
fn two_syncs_of_an_account_do_not_run_at_once() {
    let env = TestEnv::new();
    synced(&env, &["--only", "users"]);
    let lock =
        std::fs::File::options().write(true).open(file(&env).with_extension("lock")).unwrap();
    lock.lock().unwrap();
    let ran = env.run(&["sync"]);
    ran.ends(5).says("another `sync` of this account is running");
    drop(lock);
    synced(&env, &["--only", "users"]);
}

#[test]
fn its_state_is_told_and_it_is_removed_whole() {
    let env = TestEnv::new();
    env.run(&["sync", "--status"]).ends(3).says("nothing is kept of this account");
    assert!(!env.state_dir().join("mirror").exists());
    synced(&env, &["--only", "users,customers"]);
    let log = env.log().len();
    let ran = env.run(&["sync", "--status"]);
    ran.ends(0);
    assert!(ran.stdout.contains("\ntickets    0 records, not read yet\n"), "{ran}");
    assert!(ran.stdout.contains(" records, as of "), "{ran}");
    let json = env.run(&["sync", "--status", "--json"]).json().unwrap();
    assert_eq!(json["kinds"][1]["kind"], "users");
    assert!(json["kinds"][1]["records"].as_u64() > Some(1));
    assert!(json["kinds"][1]["read_at"].is_string());

    env.run(&["sync", "--forget", "--dry-run"]).ends(0).says("would remove");
    assert!(file(&env).is_file());
    let ran = env.run(&["sync", "--forget"]);
    assert!(ran.ends(0).stdout.starts_with("removed "), "{ran}");
    assert!(!env.state_dir().join("mirror").exists());
    assert_eq!(env.run(&["sync", "--forget"]).ends(0).stdout, "nothing was kept\n");
    assert_eq!(env.log().len(), log);
}

#[test]
fn others_have_the_larger_part_of_the_rate_limit() {
    let env = with_twenty(Setup { per: "2", ..Setup::default() });
    synced(&env, &["--only", "customers,contacts,assets,products,payments,invoices"]);
    half_of_them_within(&env, 2_000_000);
}

#[test]
fn so_they_have_while_all_comments_of_a_ticket_are_read() {
    let faults = vec!["all-comments@*=404".to_owned()];
    let env = with_twenty(Setup { per: "2", faults, ..Setup::default() });
    let account = env.account();
    // Of a hundred each, its pages are eight more.
    for number in 0..850 {
        account.comment(TILL, "Update", &format!("Receipt roll {number} is in"));
    }
    synced(&env, &["--only", "comments,tickets,details", "--since", "2026-03-16"]);
    half_of_them_within(&env, 2_000_000);
}

/// Twenty requests may be made in a window.
fn with_twenty(setup: Setup) -> TestEnv {
    let env = TestEnv::of(setup);
    let config = std::fs::read_to_string(env.config_file()).unwrap();
    let config = config.replace("requests = 100000", "requests = 20");
    std::fs::write(env.config_file(), config).unwrap();
    env
}

/// Any such window has half of twenty requests at most.
fn half_of_them_within(env: &TestEnv, window: u64) {
    let mut starts: Vec<u64> = env.log().iter().map(|line| line.started_us).collect();
    starts.sort_unstable();
    assert!(starts.len() > 10, "{}", starts.len());
    for (index, start) in starts.iter().enumerate() {
        let within = starts[index..].iter().filter(|other| *other - start < window).count();
        assert!(within <= 10, "{within} from {index} on");
    }
}
