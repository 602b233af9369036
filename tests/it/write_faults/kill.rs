//! Killed at a write: with the intent just noted, and with the request at the server before its answer.

use std::fmt;

use super::case::{Command, Does};
use super::check::{self, Doubt};
use super::strike::{dropped, finished};
use crate::support::{Problems, Setup, until};

/// When the process is ended.
#[derive(Clone, Copy, Debug)]
enum When {
    /// The intent is in the journal; whether the request has left is anybody's guess.
    Intent,
    /// The server has the request and does nothing with it.
    Asked,
    /// The server has done it and says nothing.
    Applied,
}

/// One end at one step of one command.
pub(super) struct Kill<'c> {
    command: &'c Command,
    step: usize,
    when: When,
}

impl fmt::Display for Kill<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.command.case.steps[self.step].name;
        write!(f, "{}, {step}, {:?}", self.command.case.name, self.when)
    }
}

/// Every end of every step of these commands.
pub(super) fn all(commands: &[Command]) -> Vec<Kill<'_>> {
    let mut all = Vec::new();
    for command in commands {
        for step in 0..command.case.steps.len() {
            let kill = |when| Kill {
                command,
                step,
                when,
            };
            all.extend([When::Intent, When::Asked, When::Applied].map(kill));
        }
    }
    all
}

impl Kill<'_> {
    pub(super) fn check(&self, problems: &mut Problems) {
        let kind = match self.when {
            When::Intent => "slow:300",
            When::Asked => "hang-before",
            When::Applied => "hang-after",
        };
        let stage = self.command.stage(&Setup {
            faults: vec![format!("{}={kind}", self.command.case.target(self.step))],
            timeout: "60",
            ..Setup::default()
        });
        let running = stage.spawn();
        match self.when {
            When::Intent => until("the intent is in the journal", || {
                let wanted = format!("intent {}", self.step);
                let plans = stage.env.journal();
                plans.iter().any(|plan| plan.story().contains(&wanted))
            }),
            When::Asked | When::Applied => stage.env.until_logged(|line| line.fault.is_some()),
        }
        let ran = running.kill();
        problems.same("the code of a killed run", ran.code, -1);
        let pending = stage.pending();
        problems.same("pending plans", pending.len(), 1);
        if self.command.case.steps[self.step].does == Does::Unseen {
            return dropped(&stage, &pending, problems);
        }
        let refused = stage.run();
        // A record that is gone is found no more; a ticket's plan is met before anything is looked for.
        let gone = self.command.case.steps[self.step].does == Does::Removes;
        problems.unless(
            refused.code == 5 && refused.stderr.contains("syncro resume")
                || gone && refused.code == 3,
            || format!("the same command while it is pending: {}", refused.brief()),
        );
        finished(&stage, &stage.resume(), problems);
        check::sent_at_most(&stage, 2, problems);
    }
}

/// Nothing is in doubt before the first write: a killed gathering leaves no plan.
pub(super) fn gathering(command: &Command, problems: &mut Problems) {
    let stage = command.stage(&Setup {
        faults: vec!["read=hang-before".to_owned()],
        timeout: "60",
        ..Setup::default()
    });
    let running = stage.spawn();
    stage.env.until_logged(|line| line.fault.is_some());
    problems.same("the code of a killed run", running.kill().code, -1);
    problems.unless(stage.pending().is_empty(), || {
        "a plan is pending".to_owned()
    });
    let then = stage.run();
    check::run(&stage, &then, Doubt::Nowhere, problems);
    finished(&stage, &then, problems);
}
