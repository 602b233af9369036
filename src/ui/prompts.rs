//! Questions, on stderr, answered with Enter; never when stdin or stderr is no terminal. All block: from async code call
//! them inside `spawn_blocking`. Keys are read one by one, so that Ctrl-C at a prompt is an answer and not a signal.

use std::io;

use console::{Key, Term};

use super::{Modal, Ui};
use crate::error::{Error, Kind, Result};
use crate::render::{sanitise, wrap};

/// What a person says to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Yes,
    /// Send nothing.
    No,
    /// Show the exact payloads first.
    Payloads,
}

/// Where lines come from: the terminal, or a test.
pub(super) trait Keyboard: Send + Sync {
    /// Forgets what was typed before the question was there.
    fn forget(&self);
    /// Reads one line, telling `screen` what to show of it; `prompt` is repeated where a line must be redrawn.
    fn line(&self, prompt: &str, screen: &mut dyn FnMut(&str)) -> Result<String>;
}

impl Ui {
    /// Asks whether a plan is to be carried out: `y`, `n` or Enter for no, `p` for the payloads.
    ///
    /// # Errors
    /// Interrupted at Ctrl-C; usage when there is no terminal.
    pub fn ask_yes(&self, question: &str) -> Result<Answer> {
        self.choose(question, "[y/N/p]", |word| match word {
            "y" | "yes" => Some(Answer::Yes),
            "" | "n" | "no" => Some(Answer::No),
            "p" | "payloads" => Some(Answer::Payloads),
            _ => None,
        })
    }

    /// Asks a question whose answer is no unless a person says yes.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`].
    pub fn ask_question(&self, question: &str) -> Result<bool> {
        self.choose(question, "[y/N]", |word| match word {
            "y" | "yes" => Some(true),
            "" | "n" | "no" => Some(false),
            _ => None,
        })
    }

    /// Asks until `check` accepts what was typed; Enter alone gives the default, if there is one.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`].
    pub fn input<T>(
        &self,
        prompt: &str,
        default: Option<&str>,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T> {
        let _modal = self.begin()?;
        let prompt = match default {
            Some(default) => sanitise::one_line(&format!("{prompt} [{default}]:")),
            None => sanitise::one_line(&format!("{prompt}:")),
        };
        loop {
            let typed = self.line(&prompt)?;
            let typed = match (typed.trim(), default) {
                ("", Some(default)) => default,
                (typed, _) => typed,
            };
            match check(typed) {
                Ok(value) => return Ok(value),
                Err(why) => self.preview(&sanitise::one_line(&why)),
            }
        }
    }

    /// Lets a person choose one of `items` by its number; returns its index.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`]; cancelled at an empty answer: there is no default among several customers.
    pub fn select(&self, prompt: &str, items: &[String]) -> Result<usize> {
        let _modal = self.begin()?;
        let digits = items.len().to_string().len();
        let room = self.0.terminal.columns.saturating_sub(digits + 4);
        let mut list = String::new();
        for (at, item) in items.iter().enumerate() {
            let item = wrap::cut(&sanitise::one_line(item), room);
            list.push_str(&format!("  {:>digits$}) {item}\n", at + 1));
        }
        self.preview(&list);
        let prompt = sanitise::one_line(&format!("{prompt} [1-{}]:", items.len()));
        loop {
            self.0.keyboard.forget();
            let typed = self.line(&prompt)?;
            let typed = typed.trim().trim_end_matches(')');
            if typed.is_empty() {
                return Err(Error::new(Kind::Cancelled, "nothing was chosen"));
            }
            match typed.parse::<usize>() {
                Ok(number) if (1..=items.len()).contains(&number) => return Ok(number - 1),
                _ => self.preview(&format!("type a number from 1 to {}", items.len())),
            }
        }
    }

    fn choose<T>(
        &self,
        question: &str,
        choices: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let _modal = self.begin()?;
        let prompt = sanitise::one_line(&format!("{question} {choices}"));
        loop {
            // Each time: of several lines pasted at once, the second must not answer what the first did not.
            self.0.keyboard.forget();
            let typed = self.line(&prompt)?.trim().to_lowercase();
            if let Some(answer) = read(&typed) {
                return Ok(answer);
            }
        }
    }

    fn begin(&self) -> Result<super::ModalGuard<'_>> {
        if self.is_interactive() {
            Ok(self.enter(Modal::Prompt))
        } else {
            Err(Error::usage("there is no terminal to ask on"))
        }
    }

    fn line(&self, prompt: &str) -> Result<String> {
        let mut show = |text: &str| self.screen().write_err(text);
        show(&format!("{prompt} "));
        let line = self.0.keyboard.line(prompt, &mut show);
        show("\n");
        line
    }
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

    fn line(&self, prompt: &str, screen: &mut dyn FnMut(&str)) -> Result<String> {
        let term = Term::stderr();
        let mut line = Line::default();
        loop {
            let columns = usize::from(term.size().1).max(1);
            match term.read_key_raw().map(|key| line.key(key)) {
                Ok(Step::Show(text)) => screen(&text),
                Ok(Step::Redraw) => {
                    // A terminal does not step back over its edge: what is left is shown afresh.
                    let width = wrap::columns(prompt) + 1 + wrap::columns(&line.text);
                    if width + 2 < columns {
                        screen(&format!("\r{prompt} {}  \u{8}\u{8}", line.text));
                    } else {
                        screen(&format!("\n{prompt} {}", line.text));
                    }
                }
                Ok(Step::Nothing) => {}
                Ok(Step::Done) => return Ok(line.text),
                Ok(Step::Interrupted) => return Err(interrupted()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    return Err(interrupted());
                }
                // The terminal has gone: nobody said yes.
                Err(_) => {
                    return Err(Error::new(
                        Kind::Cancelled,
                        "the terminal was closed at a prompt",
                    ));
                }
            }
        }
    }
}

fn interrupted() -> Error {
    Error::new(
        Kind::Interrupted,
        "interrupted at a prompt; nothing more was sent",
    )
}

/// A line being typed.
#[derive(Default)]
struct Line {
    text: String,
}

/// What a key does to it.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Show(String),
    Redraw,
    Nothing,
    Done,
    Interrupted,
}

impl Line {
    fn key(&mut self, key: Key) -> Step {
        match key {
            Key::Enter => Step::Done,
            Key::CtrlC | Key::Char('\u{3}') => Step::Interrupted,
            // End of input on an empty line is a way out, as in every shell.
            Key::Char('\u{4}') if self.text.is_empty() => Step::Interrupted,
            Key::Backspace => {
                let narrow = self.text.ends_with(|c: char| c.is_ascii());
                match self.text.pop() {
                    Some(_) if narrow => Step::Show("\u{8} \u{8}".to_owned()),
                    Some(_) => Step::Redraw,
                    None => Step::Nothing,
                }
            }
            Key::Char('\u{15}') => {
                let columns = wrap::columns(&std::mem::take(&mut self.text));
                Step::Show("\u{8} \u{8}".repeat(columns))
            }
            Key::Char(c) if !sanitise::is_unsafe(c) && c != '\n' => {
                let c = if c == '\t' { ' ' } else { c };
                self.text.push(c);
                Step::Show(c.to_string())
            }
            _ => Step::Nothing,
        }
    }
}

/// Answers prepared by a test.
#[cfg(test)]
pub(super) struct Scripted(std::sync::Mutex<std::collections::VecDeque<String>>);

#[cfg(test)]
impl Scripted {
    pub(super) fn new(answers: &[&str]) -> Self {
        Self(std::sync::Mutex::new(
            answers.iter().map(ToString::to_string).collect(),
        ))
    }
}

#[cfg(test)]
impl Keyboard for Scripted {
    fn forget(&self) {}

    fn line(&self, _prompt: &str, screen: &mut dyn FnMut(&str)) -> Result<String> {
        let mut answers = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        match answers.pop_front() {
            Some(answer) if answer == "^C" => Err(interrupted()),
            Some(answer) => {
                screen(&answer);
                Ok(answer)
            }
            None => Err(Error::new(
                Kind::Cancelled,
                "the terminal was closed at a prompt",
            )),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::{UiFlags, testing};
    use super::*;

    fn answered(answers: &[&str]) -> (Ui, testing::Captured) {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, answers);
        (ui, err)
    }

    #[test]
    fn only_a_yes_is_a_yes() {
        for (typed, answer) in [
            ("y", Answer::Yes),
            (" YES ", Answer::Yes),
            ("", Answer::No),
            ("n", Answer::No),
            ("p", Answer::Payloads),
        ] {
            assert_eq!(answered(&[typed]).0.ask_yes("Send?").unwrap(), answer);
        }
        let (ui, err) = answered(&["yy", "maybe", "j", "y"]);
        assert_eq!(ui.ask_yes("Send?").unwrap(), Answer::Yes);
        assert_eq!(err.text().matches("Send? [y/N/p] ").count(), 4);
    }

    #[test]
    fn questions_default_to_no_and_know_no_payloads() {
        assert!(!answered(&[""]).0.ask_question("Bill again?").unwrap());
        assert!(
            answered(&["p", "yes"])
                .0
                .ask_question("Bill again?")
                .unwrap()
        );
    }

    #[test]
    fn ctrl_c_and_a_lost_terminal_are_no_answers() {
        let error = answered(&["^C"]).0.ask_yes("Send?").unwrap_err();
        assert_eq!(error.kind, Kind::Interrupted);
        let error = answered(&[]).0.ask_yes("Send?").unwrap_err();
        assert_eq!(error.kind, Kind::Cancelled);
    }

    #[test]
    fn without_a_terminal_nothing_is_asked() {
        let (ui, _, err) = testing::ui(UiFlags::default(), false, &["y"]);
        assert_eq!(ui.ask_yes("Send?").unwrap_err().kind, Kind::Usage);
        assert_eq!(err.text(), "");
    }

    #[test]
    fn input_asks_again_until_it_fits() {
        let (ui, err) = answered(&["x", "30"]);
        let minutes = ui.input("Minutes", None, |typed| {
            typed
                .parse::<u32>()
                .map_err(|_| "type whole minutes".to_owned())
        });
        assert_eq!(minutes.unwrap(), 30);
        assert_eq!(err.text(), "Minutes: x\ntype whole minutes\nMinutes: 30\n");
        let (ui, _) = answered(&[""]);
        let text = ui.input("Subject", Some("Update"), |typed| Ok(typed.to_owned()));
        assert_eq!(text.unwrap(), "Update");
    }

    #[test]
    fn selection_is_by_number() {
        let items = ["Nordlys Bakeri (4711)", "Nordlys\u{1b}[2J Kafe (4712)"].map(str::to_owned);
        let (ui, err) = answered(&["0", "3", "2"]);
        assert_eq!(ui.select("Which customer?", &items).unwrap(), 1);
        assert!(err.text().starts_with(
            "  1) Nordlys Bakeri (4711)\n  2) Nordlys Kafe (4712)\nWhich customer? [1-2]: "
        ));
        let error = answered(&[""]).0.select("Which?", &items).unwrap_err();
        assert_eq!(error.kind, Kind::Cancelled);
    }

    #[test]
    fn keys_edit_the_line() {
        let mut line = Line::default();
        for key in "yé".chars().map(Key::Char) {
            line.key(key);
        }
        assert_eq!(line.key(Key::Backspace), Step::Redraw);
        assert_eq!(line.key(Key::ArrowLeft), Step::Nothing);
        assert_eq!(line.key(Key::Char('\u{202e}')), Step::Nothing);
        assert_eq!(line.text, "y");
        assert_eq!(
            line.key(Key::Char('\u{15}')),
            Step::Show("\u{8} \u{8}".to_owned())
        );
        assert_eq!(line.key(Key::Backspace), Step::Nothing);
        assert_eq!(line.key(Key::CtrlC), Step::Interrupted);
        assert_eq!(line.key(Key::Char('\u{4}')), Step::Interrupted);
    }
}
