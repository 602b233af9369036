//! No at the last question: Enter, a No and Ctrl-C leave the account as it is and nothing behind.

use std::fmt;

use super::case::Command;
use crate::support::{CTRL_C, Problems, Setup};

/// What a person does at the question.
const ANSWERS: [(&str, i32); 3] = [("\r", 9), ("n\r", 9), (CTRL_C, 130)];

/// One such answer to one command.
pub(super) struct No<'c> {
    command: &'c Command,
    typed: &'static str,
    code: i32,
}

impl fmt::Display for No<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:?} at its question", self.command, self.typed)
    }
}

/// Every answer to every command.
pub(super) fn all(commands: &[Command]) -> Vec<No<'_>> {
    let answered = |command| ANSWERS.map(|(typed, code)| No { command, typed, code });
    commands.iter().flat_map(answered).collect()
}

impl No<'_> {
    pub(super) fn check(&self, problems: &mut Problems) {
        let stage = self.command.stage(&Setup::default());
        let mut terminal = stage.terminal();
        if self.command.case.name == "create" {
            // The form comes first.
            terminal.answer("Enter to continue:", "");
        }
        terminal.expect("[y/N/p");
        terminal.send(self.typed);
        let (code, shown) = terminal.end();
        problems
            .unless(code == self.code, || format!("wanted exit {}: {code}\n{shown}", self.code));
        problems.unless(stage.writes().is_empty(), || format!("it wrote: {:?}", stage.writes()));
        problems.same("the account", stage.changes().lines, Vec::new());
        problems.unless(stage.env.journal().is_empty(), || "it left a plan".to_owned());
    }
}
