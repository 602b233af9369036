//! One line of `syncro doctor`: what was looked at, how it is, and what to do; as text and as JSON.

use serde_json::{Value, json};

use crate::error::{Error, Kind};
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
    pub(super) hint: Option<String>,
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
        Self { name: name.into(), state, message: message.into(), hint: None }
    }

    /// A problem in the words of the error that it would stop a command with.
    pub(super) fn of_error(name: impl Into<String>, error: &Error) -> Self {
        let hint = match (error.hints.as_slice(), error.kind) {
            ([], Kind::Configuration) => {
                "correct it; config.example.toml shows every setting".to_owned()
            }
            ([], Kind::Unavailable) => {
                "try again later; the problem is on Syncro's side".to_owned()
            }
            ([], _) => "`--verbose` shows each request".to_owned(),
            (hints, _) => hints.join("; "),
        };
        Self::problem(name, &error.message).hint(hint)
    }

    pub(super) fn is_problem(&self) -> bool {
        self.state == State::Problem
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// `{"checks": [...]}`.
pub(super) fn json(checks: &[Check]) -> Value {
    let checks: Vec<Value> = checks
        .iter()
        .map(|check| {
            json!({
                "name": check.name,
                "state": check.state.name(),
                "message": check.message,
                "hint": check.hint,
            })
        })
        .collect();
    json!({ "checks": checks })
}

/// A line for each, and its hint below it.
pub(super) fn text(checks: &[Check], width: Option<usize>, colour: bool) -> String {
    let columns = [Column::id(""), Column::id(""), Column::prose("")];
    let mut table = Table::new(columns).without_header();
    for check in checks {
        let style = match check.state {
            State::Ok => GOOD,
            State::Warning => ATTENTION,
            State::Problem => BAD,
        };
        let hint = check.hint.as_ref().map(|hint| format!("-> {hint}"));
        table.row([
            Cell::styled(check.state.name(), style),
            Cell::from(&check.name),
            Cell::lines([&check.message].into_iter().chain(&hint)),
        ]);
    }
    table.render(width, colour)
}
