//! A fault at a write: what the run comes to, and that it comes to its end afterwards.

use std::fmt;

use super::case::{Command, Stage};
use super::check::{self, Doubt};
use super::fault::{self, End, Fault};
use crate::support::{Problems, Ran, Setup, until};

/// One fault at one step of one command.
pub(super) struct Strike<'c> {
    command: &'c Command,
    step: usize,
    fault: &'static Fault,
    end: End,
}

impl fmt::Display for Strike<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let step = self.command.case.steps[self.step].name;
        let (name, fault) = (self.command.case.name, self.fault());
        write!(f, "{name}, {step}, {fault} ({:?})", self.end)
    }
}

/// The faults of every step of these commands, those that take long first.
pub(super) fn all(commands: &[Command]) -> Vec<Strike<'_>> {
    let mut all = Vec::new();
    for command in commands {
        for (step, of) in command.case.steps.iter().enumerate() {
            for (turn, fault) in fault::of_place(command.case.turn() + step).enumerate() {
                let end = fault.end(of.does, step == 0);
                let end = end.filter(|_| !command.case.is_without(fault.kind));
                let strike = end.map(|end| Strike { command, step, fault, end });
                all.extend(strike.map(|strike| (turn, strike)));
            }
        }
    }
    all.sort_by_key(|(turn, _)| *turn);
    all.into_iter().map(|(_, strike)| strike).collect()
}

impl Strike<'_> {
    fn fault(&self) -> String {
        let case = &self.command.case;
        let target = match self.fault.always {
            true => case.target_from(self.step),
            false => case.target(self.step),
        };
        format!("{target}={}", self.fault.kind)
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let mut stage = self.command.stage(&Setup {
            faults: vec![self.fault()],
            timeout: self.fault.timeout(),
            resend_after: self.fault.resend_after(),
            ..Setup::default()
        });
        let ran = stage.run();
        let struck = stage.log().iter().any(|line| line.fault.is_some());
        problems.unless(struck, || format!("it was not struck: {}", ran.brief()));
        let (end, code) = self.end.settled(ran.code);
        problems.unless(ran.code == code, || format!("wanted exit {code}: {}", ran.brief()));
        if end == End::Doubled {
            return self.doubled(&stage, &ran, problems);
        }
        check::run(&stage, &ran, Doubt::At(self.step), problems);
        if !self.fault.lets_again() {
            check::sent_at_most(&stage, 1, problems);
        }
        let pending = stage.pending();
        let is_pending = matches!(end, End::Resumed(_) | End::Dropped);
        problems.same("whether a plan is pending", !pending.is_empty(), is_pending);
        if self.fault.must_heal() {
            stage.env.restart(&[]);
        }
        match end {
            End::Done | End::DoneOrDropped | End::DoneOrResumed(_) | End::Doubled => {}
            End::Resumed(_) => finished(&stage, &stage.resume(), problems),
            End::Again(_) => {
                problems.same("steps that landed", landed(&stage), vec![0]);
                finished(&stage, &stage.run(), problems);
            }
            End::Dropped => {
                // Only then does what comes afterwards differ by nothing but what `resume` does.
                if self.fault.lands_late() {
                    until("it has landed late", || !stage.changes().lines.is_empty());
                }
                dropped(&stage, &pending, problems);
            }
        }
    }

    /// Two new records where one was sent: said, with both ids, and nothing more is sent.
    fn doubled(&self, stage: &Stage<'_>, ran: &Ran, problems: &mut Problems) {
        let changes = stage.changes();
        let whole = &self.command.whole().made;
        let named = changes.made.iter().any(|(table, ids)| {
            ids.len() > whole.get(table).map_or(0, |ids| ids.len())
                && ids.iter().all(|id| ran.stderr.contains(&id.to_string()))
        });
        problems.unless(named, || format!("{:?} are not named: {ran}", changes.made));
        let outcome = ran.json().unwrap_or_default()["outcome"].clone();
        problems.same("the outcome", outcome.as_str(), Some("failed"));
        check::sent_at_most(stage, 1, problems);
        let sent = stage.writes().len();
        let then = stage.resume();
        problems.unless(then.code == 1, || format!("resume: {}", then.brief()));
        problems.same("writes after resume", stage.writes().len(), sent);
        problems.unless(!stage.pending().is_empty(), || "it was closed".to_owned());
    }
}

fn landed(stage: &Stage<'_>) -> Vec<usize> {
    stage.command.after_steps(&stage.changes())
}

/// What follows on a server that is well again must bring it to its end.
pub(super) fn finished(stage: &Stage<'_>, then: &Ran, problems: &mut Problems) {
    problems.unless(then.code == 0, || format!("afterwards: {}", then.brief()));
    let outcome = then.json().unwrap_or_default()["outcome"].clone();
    problems.same("the outcome afterwards", outcome.as_str(), Some("done"));
    check::run(stage, then, Doubt::Nowhere, problems);
    problems.unless(stage.pending().is_empty(), || {
        let plans = stage.env.journal();
        let stories: Vec<_> = plans.iter().map(|plan| plan.story()).collect();
        format!("still pending: {stories:?}")
    });
}

/// What nobody can tell is shown by `resume`, never sent again, and dropped when asked for.
pub(super) fn dropped(stage: &Stage<'_>, pending: &[String], problems: &mut Problems) {
    let (sent, before) = (stage.writes().len(), stage.changes().lines);
    let then = stage.resume();
    problems.unless(then.code == 6, || format!("resume: {}", then.brief()));
    let after = stage.writes().len();
    if sent == 0 && after == 1 {
        // What a killed run had sent arrives late; it was the one sending.
        problems.unless(stage.pending().len() == 1, || "it is pending no more".to_owned());
    } else {
        problems.same("writes after resume", after, sent);
        problems.same("the account after resume", stage.changes().lines, before);
    }
    for id in pending {
        let ran = stage.env.run(&["resume", "--discard", id, "--yes"]);
        problems.unless(ran.code == 0, || format!("--discard: {}", ran.brief()));
    }
    problems.unless(stage.pending().is_empty(), || "it is still pending".to_owned());
}
