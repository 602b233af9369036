//! A fault at a read: while the command gathers, before a write, or in a check. Never a false "done", never a write
//! too many, and a right end afterwards.

use std::fmt;

use super::case::Command;
use super::check::{self, Doubt};
use super::strike::finished;
use crate::support::{Problems, Setup};

/// What strikes reads, the quick ones to strike for good.
const FOR_GOOD: [&str; 3] = ["html-before", "foreign", "401"];
const ONCE: [&str; 5] = ["500-before", "truncated", "nulls", "close-before", "null"];

/// Some reads of one command, struck.
pub(super) struct Reading<'c> {
    command: &'c Command,
    faults: Vec<String>,
}

impl fmt::Display for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.command.case.name, self.faults.join(" "))
    }
}

/// Each read of each command, once and from there on for good; one of each twice in a row.
pub(super) fn all(commands: &[Command]) -> Vec<Reading<'_>> {
    let mut all = Vec::new();
    for command in commands {
        let turn = command.case.turn();
        let mut push = |faults| all.push(Reading { command, faults });
        for read in 1..=command.reads {
            let kind = FOR_GOOD[(turn + read) % FOR_GOOD.len()];
            push(vec![format!("read@{read}+={kind}")]);
            let kind = ONCE[(turn + read) % ONCE.len()];
            push(vec![format!("read@{read}={kind}")]);
        }
        let read = 1 + turn % command.reads;
        let twice = [read, read + 1].map(|read| format!("read@{read}=500-before"));
        push(twice.to_vec());
    }
    all
}

impl Reading<'_> {
    pub(super) fn check(&self, problems: &mut Problems) {
        let mut stage =
            self.command.stage(&Setup { faults: self.faults.clone(), ..Setup::default() });
        let ran = stage.run();
        let struck = stage.log().iter().any(|line| line.fault.is_some());
        problems.unless(struck, || format!("it was not struck: {}", ran.brief()));
        check::run(&stage, &ran, Doubt::Anywhere, problems);
        check::sent_at_most(&stage, 1, problems);
        let codes: &[i32] = match stage.writes().is_empty() {
            true => &[4, 5, 8],
            false => &[0, 4, 6, 8],
        };
        problems.unless(codes.contains(&ran.code), || {
            format!("wanted one of {codes:?}: {}", ran.brief())
        });
        let pending = !stage.pending().is_empty();
        if ran.code == 0 {
            return problems.same("whether a plan is pending", pending, false);
        }
        problems.unless(!ran.error()["message"].is_null(), || {
            format!("no error object: {}", ran.brief())
        });
        stage.env.restart(&[]);
        let then = if pending { stage.resume() } else { stage.run() };
        finished(&stage, &then, problems);
        check::sent_at_most(&stage, 1, problems);
    }
}
