//! One command of the matrix: what is typed, what must be there before, and its writes in order; and what a run of it
//! without any fault teaches, which all runs with faults are measured by.

use std::fmt;

use crate::support::{Changes, Line, Picture, Ran, Setup, TestEnv};
#[cfg(unix)]
use crate::support::{Running, Terminal};

/// What a script adds to every command.
const CONFIRMED: [&str; 2] = ["--yes", "--json"];

/// What a write does, as far as a look can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// One new record, or several.
    Makes,
    /// Other values of a record that is there.
    Sets,
    /// A record less.
    Removes,
    /// Nothing that a GET shows: a mail, a print.
    Unseen,
}

/// One write.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) name: &'static str,
    op: &'static str,
    pub(super) does: Does,
}

/// One command.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) name: &'static str,
    args: Vec<&'static str>,
    prepare: Option<fn(&TestEnv) -> Vec<String>>,
    pub(super) steps: Vec<Step>,
    volatile: Vec<&'static str>,
    without: Vec<&'static str>,
}

impl Case {
    /// A command of these arguments; `--yes --json` is added to them.
    pub(super) fn new(name: &'static str, args: &[&'static str]) -> Self {
        Self {
            name,
            args: args.to_vec(),
            prepare: None,
            steps: Vec::new(),
            volatile: Vec::new(),
            without: Vec::new(),
        }
    }

    /// Its next write: the step's name in `--json`, the operation as faults name it, and what it does. The operation
    /// `write` stands for one that faults have no name for.
    pub(super) fn step(mut self, name: &'static str, op: &'static str, does: Does) -> Self {
        self.steps.push(Step { name, op, does });
        self
    }

    /// What must be there before: requests through `env.account()`, or commands through `env.run`, none of which any
    /// fault strikes. What it returns stands for `{0}`, `{1}` ... in the arguments.
    pub(super) fn after(mut self, prepare: fn(&TestEnv) -> Vec<String>) -> Self {
        self.prepare = Some(prepare);
        self
    }

    /// A field of the account that differs from run to run, other than ids and instants of the run.
    #[allow(dead_code, reason = "for whoever needs it")]
    pub(super) fn volatile(mut self, field: &'static str) -> Self {
        self.volatile.push(field);
        self
    }

    /// A fault that this command is not tried with; say why beside it.
    #[allow(dead_code, reason = "for whoever needs it")]
    pub(super) fn without(mut self, kind: &'static str) -> Self {
        self.without.push(kind);
        self
    }

    pub(super) fn is_without(&self, kind: &str) -> bool {
        self.without.contains(&kind)
    }

    /// A number of its own, by which commands differ in the faults that not all of them meet.
    pub(super) fn turn(&self) -> usize {
        self.name.bytes().map(usize::from).sum()
    }

    /// How a fault names the write of step `index`.
    pub(super) fn target(&self, index: usize) -> String {
        let op = self.steps[index].op;
        if op == "write" {
            return format!("write@{}", index + 1);
        }
        let before = self.steps[..=index].iter();
        format!("{op}@{}", before.filter(|step| step.op == op).count())
    }

    /// The same for every such request from that one on.
    pub(super) fn target_from(&self, index: usize) -> String {
        format!("{}+", self.target(index))
    }
}

/// A command whose run without faults is known.
pub(super) struct Command {
    pub(super) case: Case,
    /// What the account has more after none, the first, the first two ... of the steps.
    pub(super) after: Vec<Changes>,
    /// How many reads the run has made.
    pub(super) reads: usize,
    /// The place of each write among all requests.
    pub(super) places: Vec<usize>,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.case.name)
    }
}

impl Command {
    /// Runs it without faults, and once to each of its steps.
    pub(super) fn learn(case: Case) -> Self {
        let mut command = Self { case, after: Vec::new(), reads: 0, places: Vec::new() };
        let name = command.case.name;
        let stage = command.stage(&Setup::default());
        let nothing = stage.changes();
        let ran = stage.run();
        assert_eq!(ran.code, 0, "{name} without faults: {ran}");
        let done = stage.changes();
        let json = ran.json().unwrap();
        assert_eq!(json["outcome"], "done", "{name}: {ran}");
        let writes = json["writes"].as_array().unwrap().iter();
        let steps: Vec<&str> = writes.map(|write| write["step"].as_str().unwrap()).collect();
        let named: Vec<&str> = command.case.steps.iter().map(|step| step.name).collect();
        assert_eq!(steps, named, "{name}: the writes that it makes");
        let log = stage.log();
        let places: Vec<usize> = (1..)
            .zip(&log)
            .filter(|(_, line)| line.method != "GET")
            .map(|(place, _)| place)
            .collect();
        assert_eq!(places.len(), named.len(), "{name}: its writes: {log:#?}");
        let mut after = vec![nothing];
        for index in 1..named.len() {
            let fault = format!("{}=422:1", command.case.target(index));
            let stage = command.stage(&Setup { faults: vec![fault.clone()], ..Setup::default() });
            let ran = stage.run();
            assert_eq!(ran.code, 5, "{name}, {fault}: {ran}");
            after.push(stage.changes());
        }
        after.push(done);
        command.reads = log.len() - places.len();
        command.after = after;
        command.places = places;
        command
    }

    /// What the whole command changes.
    pub(super) fn whole(&self) -> &Changes {
        &self.after[self.case.steps.len()]
    }

    /// After how many of its steps the account may look like that.
    pub(super) fn after_steps(&self, changes: &Changes) -> Vec<usize> {
        let states = self.after.iter().enumerate();
        states.filter(|(_, state)| state.lines == changes.lines).map(|(count, _)| count).collect()
    }

    /// A fresh account, prepared, and from now on with the faults of `setup`.
    pub(super) fn stage(&self, setup: &Setup) -> Stage<'_> {
        let (env, found) = TestEnv::prepared(setup.clone(), |env| {
            self.case.prepare.map_or_else(Vec::new, |prepare| prepare(env))
        });
        let fill = |arg: &&str| {
            let values = found.iter().enumerate();
            values.fold((*arg).to_owned(), |arg, (place, value)| {
                arg.replace(&format!("{{{place}}}"), value)
            })
        };
        let args = self.case.args.iter().chain(&CONFIRMED);
        Stage { args: args.map(fill).collect(), before: env.picture(), command: self, env }
    }
}

/// One account with the command about to run on it.
pub(super) struct Stage<'c> {
    pub(super) command: &'c Command,
    pub(super) env: TestEnv,
    args: Vec<String>,
    before: Picture,
}

impl Stage<'_> {
    fn args(&self) -> Vec<&str> {
        self.args.iter().map(String::as_str).collect()
    }

    /// Runs the command to its end.
    pub(super) fn run(&self) -> Ran {
        self.env.run(&self.args())
    }

    /// The command on a terminal, with nothing confirmed.
    #[cfg(unix)]
    pub(super) fn terminal(&self) -> Terminal {
        let mut args = self.args();
        args.truncate(args.len() - CONFIRMED.len());
        self.env.terminal(&args)
    }

    /// Starts the command.
    #[cfg(unix)]
    pub(super) fn spawn(&self) -> Running {
        self.env.spawn(&self.args())
    }

    /// `resume` of whatever is pending.
    pub(super) fn resume(&self) -> Ran {
        self.env.run(&["resume", "--yes", "--json"])
    }

    /// What the account has more than before.
    pub(super) fn changes(&self) -> Changes {
        let volatile = &self.command.case.volatile;
        self.env.picture().since(&self.before, volatile)
    }

    /// The requests that a fault could have struck.
    pub(super) fn log(&self) -> Vec<Line> {
        self.env.log()
    }

    /// Those that were to change something.
    pub(super) fn writes(&self) -> Vec<Line> {
        let mut lines = self.log();
        lines.retain(|line| line.method != "GET");
        lines
    }

    /// The plans of which something was sent and that nobody has closed.
    pub(super) fn pending(&self) -> Vec<String> {
        let plans = self.env.journal();
        let open = plans.iter().filter(|plan| !plan.is_closed());
        open.filter(|plan| plan.records.iter().any(|one| one["record"] == "intent"))
            .map(|plan| plan.id())
            .collect()
    }
}
