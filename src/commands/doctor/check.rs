//! One line of `syncro doctor`: what was looked at, how it is, and what to do; as text and as JSON.

use serde_json::{Value, json};

use crate::error::{Error, Hint, Kind};
use crate::render::{ATTENTION, BAD, Cell, Column, GOOD, Table};

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Ok,
    /// It works, and should be looked at.
    Warning,
    /// Something will not work.
    Problem,
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// What was found of one thing.
#[derive(Debug, Clone)]
pub(super) struct Check {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) message: String,
    /// What to do.
    pub(super) hints: Vec<Hint>,
}

impl Check {
    pub(super) fn ok(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, State::Ok, message)
    }

    pub(super) fn warning(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, State::Warning, message)
    }

    pub(super) fn problem(name: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(name, State::Problem, message)
    }

    fn new(name: impl Into<String>, state: State, message: impl Into<String>) -> Self {
        Self { name: name.into(), state, message: message.into(), hints: Vec::new() }
    }

    /// A problem in the words of the error that it would stop a command with.
    pub(super) fn of_error(name: impl Into<String>, error: &Error) -> Self {
        let problem = Self::problem(name, error.to_string());
        match error.kind {
            _ if !error.hints.is_empty() => Self { hints: error.hints.clone(), ..problem },
            Kind::Configuration => {
                problem.hint("correct it; config.example.toml shows every setting")
            }
            Kind::Unavailable => problem.hint("try again later; the problem is on Syncro's side"),
            _ => problem.hint("`--verbose` shows each request"),
        }
    }

    pub(super) fn is_problem(&self) -> bool {
        self.state == State::Problem
    }

    pub(super) fn hint(mut self, hint: impl Into<Hint>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// As [`Error::next`].
    pub(super) fn next(self, line: impl Into<String>, to: &str) -> Self {
        self.hint(Hint::run(line, to))
    }

    /// All that there is to do, for a program that is called `program`.
    fn advice(&self, program: &str) -> Option<String> {
        let hints: Vec<String> = self.hints.iter().map(|hint| hint.shown(program, " ")).collect();
        (!hints.is_empty()).then(|| hints.join("; "))
    }
}

/// `{"checks": [...]}`.
pub(super) fn json(checks: &[Check], program: &str) -> Value {
    let checks: Vec<Value> = checks
        .iter()
        .map(|check| {
            json!({
                "name": check.name,
                "state": check.state.name(),
                "message": check.message,
                "hint": check.advice(program),
            })
        })
        .collect();
    json!({ "checks": checks })
}

/// A line for each, and its hint below it.
pub(super) fn text(checks: &[Check], program: &str, width: Option<usize>, colour: bool) -> String {
    let columns = [Column::id(""), Column::id(""), Column::prose("")];
    let mut table = Table::new(columns).without_header();
    for check in checks {
        let style = match check.state {
            State::Ok => GOOD,
            State::Warning => ATTENTION,
            State::Problem => BAD,
        };
        let hint = check.advice(program).map(|hint| format!("-> {hint}"));
        table.row([
            Cell::styled(check.state.name(), style),
            Cell::from(&check.name),
            Cell::lines([&check.message].into_iter().chain(&hint)),
        ]);
    }
    table.render(width, colour)
}
