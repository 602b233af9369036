//! Accounts that charge new time by themselves, and such as round charged time in a way of their own: what has become of
//! the time is said, and no line is taken for somebody else's.

use super::*;

/// The warnings of a write.
fn warnings(ran: &Ran) -> Vec<String> {
    let json = ran.json().unwrap();
    let all = json["warnings"].as_array().unwrap().iter();
    all.map(|warning| warning.as_str().unwrap().to_owned()).collect()
}

#[test]
fn time_that_is_charged_at_once_is_said() {
    let env = TestEnv::with(&["timer=charged"]);
    let time = ["--minutes", "30", "--start", "2026-03-17 09:10", "--labor", "remote"];
    let ran = timer(&env, "add", TILL, &time);
    ran.ends(0);
    let (timers, lines) = (env.account().timers(TILL), env.state(TILL).lines);
    assert_eq!((timers.len(), lines.len(), env.writes().len()), (1, 1, 1), "{ran}");
    let (entry, line) = (&timers[0]["id"], &lines[0]["id"]);
    let says = format!(
        "Syncro charged timer entry {entry} at once: line item {line}: 0.5 x Labor - Remote @ $120.00 = $60.00"
    );
    assert_eq!(warnings(&ran), [says]);
    // It is charged once and for all.
    timer(&env, "charge", TILL, &[]).ends(5);
    let env = TestEnv::new();
    assert!(warnings(&timer(&env, "add", TILL, &time)).is_empty());
}

#[test]
fn time_that_is_rounded_in_the_accounts_way_is_said() {
    let eight = json!({
        "start_at": "2026-03-17T02:00:00Z", "duration_minutes": 8, "product_id": REMOTE, "notes": "Spool",
    });
    for (faults, said) in [(&["timer-charge=rounded-up"][..], true), (&[], false)] {
        let env = TestEnv::with(faults);
        env.account().clock(TILL, &eight);
        let ran = timer(&env, "charge", TILL, &[]);
        ran.ends(0);
        let entry = &env.account().timers(TILL)[0]["id"];
        let says = format!("Syncro charged timer entry {entry} as 0.25 hours, not 0.1333");
        let warnings = warnings(&ran);
        assert_eq!(warnings.first(), said.then_some(&says));
        assert!(warnings.iter().skip(1).all(|one| one.contains("kept Syncro's rounding")), "{ran}");
        let lines = env.state(TILL).lines;
        let hours: Vec<_> = lines.iter().map(|line| money(&line["quantity"])).collect();
        assert_eq!(hours, [if said { "0.25" } else { "0.1333" }.parse().unwrap()]);
    }
}
