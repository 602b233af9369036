//! Where the lines of answers come from: the terminal's keys, which dialoguer reads for a choice and rustyline for free
//! text, or a test.

use std::{fmt, io};

use console::{Key, Term};
use dialoguer::Input;
use dialoguer::theme::Theme;

use super::modes::Modes;
use crate::error::{Error, Kind, Result};
use crate::render::{sanitise, wrap};

/// What stands before the cursor.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) label: String,
    pub(super) default: Option<String>,
    pub(super) end: &'static str,
    /// What Ctrl-D in an empty line answers; where it answers nothing, the question is left.
    pub(super) left: Option<&'static str>,
}

/// Ctrl-D as the terminal sends it.
const CTRL_D: char = '\u{4}';

/// Takes a line or says why it does not do.
pub(super) type Check<'a> = dyn FnMut(&str) -> Result<(), String> + 'a;

/// Where the next line comes from, the default where it is empty; what stays of it goes to `screen`.
pub(super) type Read<'a> = dyn FnMut(&mut dyn FnMut(&str)) -> Result<String> + 'a;

/// Reads lines until `check` takes one, and says why one does not do.
pub(super) fn until_taken(
    read: &mut Read<'_>,
    check: &mut Check<'_>,
    screen: &mut dyn FnMut(&str),
) -> Result<()> {
    loop {
        let typed = read(screen)?;
        match check(&typed) {
            Ok(()) => return Ok(()),
            Err(why) => screen(&format!("{why}\n")),
        }
    }
}

/// Where lines come from: the terminal, or a test.
pub(super) trait Keyboard: Send + Sync {
    /// Forgets what was typed before the question was there.
    fn forget(&self);
    /// Asks until `check` takes the line; Enter alone is the default, if there is one, else an empty line. What stays
    /// of it goes to `screen`.
    fn ask(
        &self,
        question: &Question,
        check: &mut Check<'_>,
        screen: &mut dyn FnMut(&str),
    ) -> Result<()>;
    /// The same for free text, with the usual keys; `past` is what was typed before, and Ctrl-C leaves what stands in
    /// the line in `unfinished`.
    fn line(
        &self,
        question: &Question,
        past: &[String],
        check: &mut Check<'_>,
        screen: &mut dyn FnMut(&str),
        unfinished: &mut String,
    ) -> Result<()>;
    /// A line of which nothing is shown; `ask` writes the question.
    fn hidden(&self, ask: &mut dyn FnMut()) -> Result<String>;
}

/// The terminal's own keys.
pub(super) struct Keys;

impl Keyboard for Keys {
    #[cfg(unix)]
    fn forget(&self) {
        // Best effort: what cannot be forgotten still needs Enter behind it.
        rustix::termios::tcflush(io::stdin(), rustix::termios::QueueSelector::IFlush)
            .unwrap_or_default();
    }

    #[cfg(not(unix))]
    fn forget(&self) {}

    fn ask(
        &self,
        question: &Question,
        check: &mut Check<'_>,
        screen: &mut dyn FnMut(&str),
    ) -> Result<()> {
        let _modes = Modes::raw();
        let term = Term::stderr();
        let mut read = |screen: &mut dyn FnMut(&str)| {
            let typed = typed(&term, question).map_err(|error| {
                // Where there is no terminal any more there is nothing to put in order.
                term.show_cursor().unwrap_or_default();
                match error.kind() {
                    io::ErrorKind::Interrupted => interrupted(),
                    _ => closed(),
                }
            });
            let typed = typed.and_then(|typed| question.taken(typed));
            let typed = typed.inspect_err(|_| screen("\n"))?;
            let shown = question.answered(&typed, usize::from(term.size().1));
            screen(&format!("{}\n", sanitise::text(&shown).trim_end()));
            Ok(typed)
        };
        until_taken(&mut read, check, screen)
    }

    fn line(
        &self,
        question: &Question,
        past: &[String],
        check: &mut Check<'_>,
        screen: &mut dyn FnMut(&str),
        unfinished: &mut String,
    ) -> Result<()> {
        let asked = Self::read_line(question, past, check, screen, unfinished);
        asked.unwrap_or_else(|| self.ask(question, check, screen))
    }

    fn hidden(&self, ask: &mut dyn FnMut()) -> Result<String> {
        Self::read_hidden(ask)
    }
}

/// What is typed up to Enter; nothing for Ctrl-D in an empty line. dialoguer knows no such key, so the first one is read
/// before it is called. The last row of the question is left without text.
fn typed(term: &Term, question: &Question) -> io::Result<Option<String>> {
    let line = question.line("");
    term.write_str(&line)?;
    let first = loop {
        match term.read_key()? {
            Key::Enter => break None,
            Key::Char(CTRL_D) => {
                term.clear_line()?;
                return Ok(None);
            }
            Key::Char(first) if !first.is_control() => break Some(first),
            _ => {}
        }
    };
    let Some(first) = first else {
        term.clear_line()?;
        return Ok(Some(String::new()));
    };
    let (_, rows) = last_row(&line, usize::from(term.size().1));
    term.clear_line()?;
    term.clear_last_lines(rows)?;
    let input = Input::<String>::with_theme(question)
        .with_prompt(&question.label)
        .with_initial_text(first)
        .allow_empty(true)
        // Below: of a line longer than the terminal, dialoguer takes only the last row away.
        .report(false);
    match input.interact_text_on(term) {
        Ok(typed) => Ok(Some(typed)),
        Err(dialoguer::Error::IO(error)) => Err(error),
    }
}

impl Question {
    /// What stands on the screen while `typed` is typed.
    pub(super) fn line(&self, typed: &str) -> String {
        let (label, end) = (&self.label, self.end);
        match &self.default {
            Some(default) => format!("{label} [{default}]{end} {typed}"),
            None => format!("{label}{end} {typed}"),
        }
    }

    /// The answer that a line is; nothing for Ctrl-D in an empty one.
    pub(super) fn taken(&self, typed: Option<String>) -> Result<String> {
        match (typed, &self.default, self.left) {
            (None, _, Some(answer)) => Ok(answer.to_owned()),
            (None, _, None) => Err(Error::cancelled()),
            (Some(typed), Some(default), _) if typed.is_empty() => Ok(default.clone()),
            (Some(typed), ..) => Ok(typed),
        }
    }

    /// What to write where the cursor's row has been cleared, so that question and answer stand there once: all of it,
    /// or where the rows above still stand, the last row.
    fn answered(&self, typed: &str, columns: usize) -> String {
        let is_default = self.default.as_deref() == Some(typed);
        let line = self.line(if is_default { "" } else { typed });
        let (last, _) = last_row(&line, columns);
        if last == 0 {
            format!("{}{} {typed}", self.label, self.end)
        } else {
            line[last..].to_owned()
        }
    }
}

/// Where in `line` the last of its rows begins on a terminal of so many columns, and how many are above it.
fn last_row(line: &str, columns: usize) -> (usize, usize) {
    let (mut start, mut used, mut rows) = (0, 0, 0);
    for (at, c) in line.char_indices() {
        let width = wrap::columns(c.encode_utf8(&mut [0; 4]));
        if used > 0 && used + width > columns {
            start = at;
            used = 0;
            rows += 1;
        }
        used += width;
    }
    (start, rows)
}

/// No colours, no marks.
impl Theme for Question {
    fn format_input_prompt(
        &self,
        f: &mut dyn fmt::Write,
        _prompt: &str,
        _default: Option<&str>,
    ) -> fmt::Result {
        f.write_str(&self.line(""))
    }
}

/// Ctrl-C at a prompt.
pub fn interrupted() -> Error {
    Error::new(Kind::Interrupted, "interrupted at a prompt").nothing_sent()
}

/// The terminal has gone: nobody said yes.
pub(super) fn closed() -> Error {
    Error::cancelled_as("the terminal was closed at a prompt")
}

/// Answers prepared by a test.
#[cfg(test)]
pub(super) struct Scripted(std::sync::Mutex<std::collections::VecDeque<String>>);

#[cfg(test)]
impl Scripted {
    pub(super) fn new(answers: &[&str]) -> Self {
        Self(std::sync::Mutex::new(answers.iter().map(ToString::to_string).collect()))
    }
}

#[cfg(test)]
impl Keyboard for Scripted {
    fn forget(&self) {}

    fn ask(
        &self,
        question: &Question,
        check: &mut Check<'_>,
        screen: &mut dyn FnMut(&str),
    ) -> Result<()> {
        let mut read = |screen: &mut dyn FnMut(&str)| {
            let mut answers = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            let answer = answers.pop_front().ok_or_else(closed)?;
            screen(&format!("{}\n", question.line(&answer)));
            match answer.as_str() {
                "^C" => Err(interrupted()),
                "^D" => question.taken(None),
                _ => question.taken(Some(answer)),
            }
        };
        until_taken(&mut read, check, screen)
    }

    fn line(
        &self,
        question: &Question,
        _past: &[String],
        check: &mut Check<'_>,
        screen: &mut dyn FnMut(&str),
        _unfinished: &mut String,
    ) -> Result<()> {
        self.ask(question, check, screen)
    }

    fn hidden(&self, ask: &mut dyn FnMut()) -> Result<String> {
        ask();
        let mut answers = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        answers.pop_front().ok_or_else(closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_and_answer_stay_once() {
        let mut question =
            Question { label: "Comment".to_owned(), default: None, end: ":", left: None };
        assert_eq!(question.line("x"), "Comment: x");
        assert_eq!(question.answered("done", 20), "Comment: done");
        // A full row is not a second one.
        assert_eq!(question.answered("12345678901", 20), "Comment: 12345678901");
        assert_eq!(question.answered("123456789012", 20), "2");
        // A wide character does not stand across an edge.
        assert_eq!(question.answered("1234567890日", 20), "日");
        question.default = Some("Replaced it".to_owned());
        assert_eq!(question.line(""), "Comment [Replaced it]: ");
        assert_eq!(question.answered("Replaced it", 80), "Comment: Replaced it");
        assert_eq!(question.answered("Replaced it", 15), "ed it]: ");
    }

    #[test]
    fn no_terminal_is_too_narrow() {
        for columns in 0..4 {
            assert!(last_row("日本 x", columns).0 < 8);
        }
        assert_eq!(last_row("", 0), (0, 0));
        assert_eq!(last_row("12345", 2), (4, 2));
    }
}
