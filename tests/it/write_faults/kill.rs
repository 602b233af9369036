//! Killed at a write: with the intent just noted, and with the request at the server before its answer.

use std::fmt;

use super::case::{Command, Does, Stage, Step};
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
    /// The same, and what the journal says of it was damaged afterwards.
    Damaged,
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
            let kill = |when| Kill { command, step, when };
            all.extend([When::Intent, When::Asked, When::Applied, When::Damaged].map(kill));
        }
    }
    all
}

impl Kill<'_> {
    pub(super) fn check(&self, problems: &mut Problems) {
        let kind = match self.when {
            When::Intent => "slow:300",
            When::Asked => "hang-before",
            When::Applied | When::Damaged => "hang-after",
        };
        let mut stage = self.command.stage(&Setup {
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
            When::Asked | When::Applied | When::Damaged => {
                stage.env.until_logged(|line| line.fault.is_some());
            }
        }
        let ran = running.kill();
        problems.same("the code of a killed run", ran.code, -1);
        let pending = stage.pending();
        problems.same("pending plans", pending.len(), 1);
        if matches!(self.when, When::Damaged) {
            return self.damaged(&mut stage, &pending, problems);
        }
        if self.command.case.steps[self.step].does == Does::Unseen {
            return dropped(&stage, &pending, problems);
        }
        let refused = stage.run();
        // A record that is gone is found no more; a ticket's plan is met before anything is looked for.
        let removes = |step: &Step| step.does == Does::Removes;
        let steps = &self.command.case.steps;
        let right = match refused.code {
            3 => steps[..=self.step].iter().any(removes),
            code => code == 5 && !steps[..self.step].iter().any(removes),
        };
        problems.unless(right && refused.stderr.contains("syncro resume"), || {
            format!("the same command while it is pending: {}", refused.brief())
        });
        for kind in self.darknesses() {
            self.in_the_dark(&mut stage, kind, problems);
        }
        let mut most = 2;
        if matches!(self.when, When::Asked) {
            self.struck_again(&mut stage, problems);
            most = 3;
        }
        stage.env.restart(&[]);
        if !stage.pending().is_empty() {
            finished(&stage, &stage.resume(), problems);
        }
        check::sent_at_most(&stage, most, problems);
        let changes = stage.changes();
        check::whole(self.command, &changes, &ran, problems);
    }

    /// What was sent of the plan is known no more: all that no GET had shown is looked for, and brought to its end.
    fn damaged(&self, stage: &mut Stage<'_>, pending: &[String], problems: &mut Problems) {
        let plan = stage.env.journal().remove(0);
        let mut bytes = std::fs::read(&plan.path).unwrap();
        let intent = bytes.len() - 10;
        bytes[intent] ^= 1;
        std::fs::write(&plan.path, bytes).unwrap();
        stage.env.restart(&[]);
        if self.command.case.steps.iter().any(|step| step.does == Does::Unseen) {
            return dropped(stage, pending, problems);
        }
        finished(stage, &stage.resume(), problems);
        check::sent_at_most(stage, 1, problems);
    }

    fn turn(&self) -> usize {
        self.command.case.turn() + self.step + self.when as usize
    }

    /// What the looks of `resume` are answered with. That there is no such record is what the look after a removal is to
    /// find out.
    fn darknesses(&self) -> Vec<&'static str> {
        let kinds = ["nulls", "foreign", "null", "html-before", "404"];
        match (self.command.case.steps[self.step].does, self.when) {
            (Does::Removes, When::Asked) => kinds[..4].to_vec(),
            (Does::Removes, _) => vec![kinds[self.turn() % 4]],
            (Does::Makes, When::Applied) => vec![kinds[0], kinds[1 + self.turn() % 4]],
            _ => vec![kinds[self.turn() % 5]],
        }
    }

    /// A look that is answered with something else shows nothing: neither that it is there nor that it is not.
    fn in_the_dark(&self, stage: &mut Stage<'_>, kind: &str, problems: &mut Problems) {
        // The first read is that of the key's owner.
        stage.env.restart(&[format!("read@2+={kind}")]);
        let sent = stage.writes().len();
        let before = stage.changes().lines;
        let ran = stage.resume();
        let what = format!("resume, its looks answered with {kind}");
        problems.unless([5, 6].contains(&ran.code), || format!("{what}: {}", ran.brief()));
        problems.same(&format!("writes of {what}"), stage.writes().len(), sent);
        problems.same("the account after it", stage.changes().lines, before);
        check::run(stage, &ran, Doubt::Anywhere, problems);
    }

    /// The second sending fares no better than the first.
    fn struck_again(&self, stage: &mut Stage<'_>, problems: &mut Problems) {
        let kinds = ["close-after", "close-before", "422", "429:0", "500-after", "html-before"];
        let kind = kinds[self.turn() % kinds.len()];
        stage.env.restart(&[format!("write@1={kind}")]);
        let ran = stage.resume();
        problems.unless([0, 5, 6].contains(&ran.code), || {
            format!("resume with {kind}: {}", ran.brief())
        });
        check::run(stage, &ran, Doubt::At(self.step), problems);
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
    problems.unless(stage.pending().is_empty(), || "a plan is pending".to_owned());
    let then = stage.run();
    check::run(&stage, &then, Doubt::Nowhere, problems);
    finished(&stage, &then, problems);
}
