//! Labor types that round time up: the preview and the line say so, and `--exact` bills the time as it is.

use super::money;
use crate::support::{Setup, TILL, TestEnv};

/// Remote labor has a minimum, onsite labor is counted in steps, and so is emergency labor.
fn office() -> TestEnv {
    let more = |id: &'static str, line: &str| (id, format!("{id}\n{line}"));
    TestEnv::of(Setup {
        replace: vec![
            more("17340021", "minimum = \"60m\""),
            more("17340022", "increment = \"15m\""),
            more("17340023", "minimum = \"30m\"\nincrement = \"15m\""),
        ],
        ..Setup::default()
    })
}

#[test]
fn time_is_rounded_up_visibly_and_exact_overrules_it() {
    let minimum = "10 min -> 60 min, minimum";
    let steps = "16 min -> 30 min, in steps of 15 min";
    for (labor, minutes, more, quantity, note) in [
        ("remote", "10", "", "1", minimum),
        ("remote", "90", "", "1.5", ""),
        ("remote", "10", "--exact", "0.1667", ""),
        ("onsite", "16", "", "0.5", steps),
        ("onsite", "30", "", "0.5", ""),
        ("onsite", "16", "--exact", "0.2667", ""),
    ] {
        for start in [&["bill", "32181", "--no-comment"][..], &["line", "add", "32181"]] {
            let env = office();
            let args = ["--labor", labor, "--minutes", minutes, "--description", "Port", "--yes"];
            let more: Vec<&str> = more.split_whitespace().collect();
            let ran = env.run(&[start, &args, &more].concat());
            ran.ends(0).says(note);
            assert_eq!(
                ran.stderr.contains(" -> "),
                !note.is_empty() || start[0] == "bill",
                "{ran}"
            );
            let line = &env.state(TILL).lines[0];
            assert_eq!(money(&line["quantity"]), quantity.parse().unwrap(), "{ran}");
        }
    }
}

/// The rounding is that of what was asked for; the multiplier comes after it.
#[test]
fn prepaid_emergency_is_rounded_before_it_is_multiplied() {
    for (more, quantity) in [(&[][..], "0.75"), (&["--exact"], "0.25")] {
        let env = office();
        let args = ["bill", "32180", "--labor", "emergency", "--minutes", "10", "--yes"];
        let ran =
            env.run(&[&args[..], &["--no-comment", "--description", "Switch"], more].concat());
        ran.ends(0);
        assert_eq!(
            money(&env.state(32_180).lines[0]["quantity"]),
            quantity.parse().unwrap(),
            "{ran}"
        );
    }
}

#[test]
fn clocked_time_is_rounded_up_too() {
    for command in
        [&["bill", "32168", "--from-timers", "--no-comment"][..], &["timer", "charge", "32168"]]
    {
        for (more, quantity) in [(&[][..], "1"), (&["--exact"], "0.75")] {
            let env = office();
            let ran = env.run(&[command, &["--yes"], more].concat());
            ran.ends(0);
            assert_eq!(ran.stderr.contains("45 min -> 60 min, minimum"), more.is_empty(), "{ran}");
            assert_eq!(money(&env.state(32_168).lines[0]["quantity"]), quantity.parse().unwrap());
        }
    }
}
