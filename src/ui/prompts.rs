//! Questions, on stderr, answered with Enter; never when stdin or stderr is no terminal. All block: from async code call
//! them inside `spawn_blocking`. Who reads the keys is told in `keyboard`, what counts as an answer here.

use std::sync::PoisonError;

use super::keyboard::{Question, closed};
use super::terminal::{Modal, ModalGuard, Ui};
use crate::error::{Error, Result};
use crate::render::{sanitise, wrap};

/// Columns that a prompt leaves for a short answer.
const ANSWER: usize = 8;

/// What the answers to a plan do.
const CHOICES: &str = "  \
  y  write this
  N  write nothing; Enter alone is the same
  p  show all of the text and the exact requests, then ask again
";

/// The same of a plan with a text that may be edited.
const EDITS: &str = "  e  open the text in the editor, then preview it and ask again\n";

/// What `?` alone is answered with where one word is as good as another.
const LINE: &str =
    "type it and Enter; the arrow keys edit the line and call back earlier ones, Ctrl-C leaves";

/// The same where a text is written.
const TEXT: &str = "type the text and Enter; a paste with line breaks is one text, Enter alone opens the editor, Ctrl-C leaves";

/// What Ctrl-D answers where nothing is lost by a no.
const NO: Option<&str> = Some("n");

/// The question itself: what may be typed here?
pub const HELP: &str = "?";

/// What a person says to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Go on.
    Yes,
    /// Send nothing.
    No,
    /// Show the exact payloads first.
    Payloads,
    /// Edit the text first.
    Edit,
}

impl Ui {
    /// Asks whether a plan is to be carried out: `y`, `n` or Enter for no, `p` for the payloads, and where it has a
    /// text that `edits` says may be edited, `e`; `?` says what they do.
    ///
    /// # Errors
    /// Interrupted at Ctrl-C; usage when there is no terminal.
    pub fn ask_yes(&self, question: &str, edits: bool) -> Result<Answer> {
        let (choices, words) = match edits {
            true => ("[y/N/p/e]", "y, n, p, e or ?"),
            false => ("[y/N/p]", "y, n, p or ?"),
        };
        let label = sanitise::one_line(&format!("{question} {choices}"));
        loop {
            let label = self.last_row(&label, false);
            let answer = self.choose(&label, words, NO, |word| match word {
                "y" | "yes" => Some(Some(Answer::Yes)),
                "" | "n" | "no" => Some(Some(Answer::No)),
                "p" | "payloads" => Some(Some(Answer::Payloads)),
                "e" | "edit" if edits => Some(Some(Answer::Edit)),
                "?" | "h" | "help" => Some(None),
                _ => None,
            })?;
            match answer {
                Some(answer) => return Ok(answer),
                None if edits => self.preview(&format!("{CHOICES}{EDITS}")),
                None => self.preview(CHOICES),
            }
        }
    }

    /// Asks a question whose answer is no unless a person says yes.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`].
    pub fn ask_question(&self, question: &str) -> Result<bool> {
        self.yes_or_no(question, false)
    }

    /// Asks a question whose answer is yes unless a person says no: a no loses what a yes does not.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`]; cancelled for Ctrl-D.
    pub fn ask_unless(&self, question: &str) -> Result<bool> {
        self.yes_or_no(question, true)
    }

    fn yes_or_no(&self, question: &str, default: bool) -> Result<bool> {
        let (choices, left) = if default { ("[Y/n]", None) } else { ("[y/N]", NO) };
        let label = sanitise::one_line(&format!("{question} {choices}"));
        self.choose(&self.last_row(&label, true), "y or n", left, |word| match word {
            "y" | "yes" => Some(true),
            "n" | "no" => Some(false),
            "" => Some(default),
            _ => None,
        })
    }

    /// Asks for a line until `check` accepts what was typed; Enter alone gives the default, if there is one.
    ///
    /// # Errors
    /// As for [`Ui::ask_yes`]; cancelled for Ctrl-D on an empty line.
    pub fn input<T>(
        &self,
        prompt: &str,
        default: Option<&str>,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T> {
        self.one_line(None, prompt, default, check)
    }

    /// The same, and what was typed at prompts of this kind before can be called back.
    ///
    /// # Errors
    /// As for [`Ui::input`].
    pub fn recalled<T>(
        &self,
        kind: &str,
        prompt: &str,
        default: Option<&str>,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T> {
        self.one_line(Some(kind), prompt, default, check)
    }

    /// Asks for a text: a paste with line breaks is one. What was typed at prompts of this kind before can be called
    /// back.
    ///
    /// # Errors
    /// As for [`Ui::input`].
    pub fn prose(&self, kind: &str, prompt: &str) -> Result<String> {
        let question =
            Question { label: sanitise::one_line(prompt), default: None, end: ":", left: None };
        self.line(Some(kind), &question, |typed| match typed.trim() {
            HELP => Err(TEXT.to_owned()),
            typed => Ok(typed.to_owned()),
        })
    }

    fn one_line<T>(
        &self,
        kind: Option<&str>,
        prompt: &str,
        default: Option<&str>,
        check: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T> {
        let question = Question {
            label: sanitise::one_line(prompt),
            default: default.map(sanitise::one_line),
            end: ":",
            left: None,
        };
        self.line(kind, &question, |typed| {
            let typed = typed.trim().replace('\n', " ");
            match (typed.as_str(), default) {
                ("", Some(default)) => check(default),
                // A value in error says best what may be typed.
                (HELP, None) => Err(check(HELP).err().unwrap_or_else(|| LINE.to_owned())),
                (HELP, Some(default)) => {
                    let why = check(HELP).err().unwrap_or_else(|| LINE.to_owned());
                    Err(format!("{why}; Enter alone takes {default}"))
                }
                // As it is shown, on one line.
                (typed, Some(default)) if Some(typed) == question.default.as_deref() => {
                    check(default)
                }
                (typed, _) => check(typed),
            }
        })
    }

    fn choose<T>(
        &self,
        question: &str,
        words: &str,
        left: Option<&'static str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        let _modal = self.begin()?;
        let question =
            Question { label: sanitise::one_line(question), default: None, end: "", left };
        self.0.keyboard.forget();
        self.ask(&question, |typed| {
            read(&typed.trim().to_lowercase()).ok_or_else(|| {
                // Of several lines pasted at once, the second must not answer what the first did not.
                self.0.keyboard.forget();
                format!("unknown answer: type {words} and Enter")
            })
        })
    }

    /// Writes all of a question but its last row, with room for an answer there: a prompt of several rows is not redrawn as
    /// one. Where it `has_end`, the end of what is asked stands beside
    /// what may be answered.
    fn last_row(&self, question: &str, has_end: bool) -> String {
        let room = self.0.terminal.columns.saturating_sub(ANSWER);
        let rows = wrap::page(question, Some(room));
        let Some((above, last)) = rows.trim_end().rsplit_once('\n') else {
            return question.to_owned();
        };
        if wrap::columns(question) <= room {
            return question.to_owned();
        }
        let (above, last) = match (above.rsplit_once(' '), last.trim_start()) {
            (Some((above, word)), last) if has_end && !last.contains(' ') => {
                (above, format!("{word} {last}"))
            }
            (_, last) => (above, last.to_owned()),
        };
        self.preview(&format!("{above}\n"));
        last
    }

    /// Nothing else talks until this is dropped.
    ///
    /// # Errors
    /// When there is no terminal.
    pub(super) fn begin(&self) -> Result<ModalGuard<'_>> {
        if self.is_interactive() {
            Ok(self.enter(Modal::Prompt))
        } else {
            Err(Error::usage("cannot ask without a terminal"))
        }
    }

    /// An answer that `check` accepts, asked for until there is one.
    pub(super) fn ask<T>(
        &self,
        question: &Question,
        mut check: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T> {
        let mut value = None;
        let mut checked = |typed: &str| {
            value = Some(check(&seen(typed)).map_err(|why| self.said(&why))?);
            Ok(())
        };
        let mut show = |text: &str| self.screen().write_err(text);
        self.0.keyboard.ask(question, &mut checked, &mut show)?;
        value.ok_or_else(closed)
    }

    /// What is wrong with an answer, as it is shown.
    fn said(&self, why: &str) -> String {
        wrap::message(&sanitise::one_line(why), self.preview_width(), 0)
    }

    /// A line of free text that `check` accepts; one of a kind that is remembered is.
    fn line<T>(
        &self,
        kind: Option<&str>,
        question: &Question,
        mut check: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T> {
        let _modal = self.begin()?;
        let history = self.0.history.get().zip(kind);
        let past = history.map(|(history, kind)| history.of(kind)).unwrap_or_default();
        let mut value = None;
        let mut checked = |typed: &str| {
            let typed = seen(typed);
            value = Some(check(&typed).map_err(|why| self.said(&why))?);
            // What was proposed need not be called back.
            if let Some((history, kind)) = history
                && Some(&typed) != question.default.as_ref()
            {
                history.add(kind, typed.trim());
            }
            Ok(())
        };
        let mut show = |text: &str| self.screen().write_err(text);
        let mut unfinished = String::new();
        let keyboard = &self.0.keyboard;
        let asked = keyboard.line(question, &past, &mut checked, &mut show, &mut unfinished);
        *self.0.unfinished.lock().unwrap_or_else(PoisonError::into_inner) = seen(&unfinished);
        asked?;
        value.ok_or_else(closed)
    }
}

/// What was typed, without what nobody sees: that is not part of an answer.
fn seen(typed: &str) -> String {
    typed.chars().filter(|&c| !sanitise::is_unsafe(c)).collect()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::{UiFlags, testing};
    use super::*;
    use crate::error::Kind;

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
            assert_eq!(answered(&[typed]).0.ask_yes("Send?", false).unwrap(), answer);
        }
        let (ui, err) = answered(&["yy", "maybe", "j", "y"]);
        assert_eq!(ui.ask_yes("Send?", false).unwrap(), Answer::Yes);
        assert_eq!(err.text().matches("Send? [y/N/p] ").count(), 4);
    }

    #[test]
    fn a_question_mark_explains_the_answers_that_there_are() {
        for (edits, lines) in [(true, 4), (false, 3)] {
            let (ui, err) = answered(&["?", "y"]);
            assert_eq!(ui.ask_yes("Send?", edits).unwrap(), Answer::Yes);
            let shown = err.text();
            let explained = shown.lines().filter(|line| line.starts_with("  ")).count();
            assert_eq!(explained, lines, "{shown}");
            assert_eq!(shown.contains("  e  open the text"), edits, "{shown}");
            assert_eq!(shown.matches("Send? [y/N/p").count(), 2, "{shown}");
        }
    }

    #[test]
    fn only_a_text_can_be_edited() {
        assert_eq!(answered(&["e"]).0.ask_yes("Send?", true).unwrap(), Answer::Edit);
        assert_eq!(answered(&["e", "n"]).0.ask_yes("Send?", false).unwrap(), Answer::No);
    }

    #[test]
    fn questions_default_to_no_and_know_no_payloads() {
        assert!(!answered(&[""]).0.ask_question("Bill again?").unwrap());
        assert!(answered(&["p", "yes"]).0.ask_question("Bill again?").unwrap());
    }

    #[test]
    fn what_a_no_would_lose_is_lost_by_nothing_else() {
        for (typed, answer) in [("", true), ("y", true), ("n", false), (" No ", false)] {
            let (ui, err) = answered(&[typed]);
            assert_eq!(ui.ask_unless("Use it?").unwrap(), answer, "{typed}");
            assert!(err.text().starts_with("Use it? [Y/n] "), "{}", err.text());
        }
        let error = answered(&["^D"]).0.ask_unless("Use it?").unwrap_err();
        assert_eq!(error.kind, Kind::Cancelled);
    }

    #[test]
    fn ctrl_d_is_a_no_where_there_is_one_and_leaves_elsewhere() {
        assert_eq!(answered(&["^D"]).0.ask_yes("Send?", false).unwrap(), Answer::No);
        assert_eq!(answered(&["?", "^D"]).0.ask_yes("Send?", true).unwrap(), Answer::No);
        assert!(!answered(&["^D"]).0.ask_question("Bill again?").unwrap());
        let error = answered(&["^D"]).0.input("Minutes", None, |_| Ok(())).unwrap_err();
        assert_eq!(error.kind, Kind::Cancelled);
        assert_eq!(error.to_string(), Error::cancelled().to_string());
    }

    #[test]
    fn ctrl_c_and_a_lost_terminal_are_no_answers() {
        let error = answered(&["^C"]).0.ask_yes("Send?", false).unwrap_err();
        assert_eq!(error.kind, Kind::Interrupted);
        let error = answered(&[]).0.ask_yes("Send?", false).unwrap_err();
        assert_eq!(error.kind, Kind::Cancelled);
    }

    #[test]
    fn without_a_terminal_nothing_is_asked() {
        let (ui, _, err) = testing::ui(UiFlags::default(), false, &["y"]);
        assert_eq!(ui.ask_yes("Send?", false).unwrap_err().kind, Kind::Usage);
        assert_eq!(err.text(), "");
    }

    #[test]
    fn a_question_mark_alone_is_answered_everywhere_and_asked_again() {
        let flat = |err: &testing::Captured| err.text().replace("\n  ", " ");
        let (ui, err) = answered(&["?", "x", "30"]);
        let number = |typed: &str| typed.parse::<u32>().map_err(|_| "type minutes".to_owned());
        assert_eq!(ui.input("Minutes", None, number).unwrap(), 30);
        assert_eq!(err.text().matches("type minutes\n").count(), 2);
        let (ui, err) = answered(&["?", "Till?"]);
        let any = |typed: &str| Ok(typed.to_owned());
        assert_eq!(ui.input("Subject", Some("Till"), any).unwrap(), "Till?");
        assert!(flat(&err).contains(LINE) && flat(&err).contains("Enter alone takes Till\n"));
        let (ui, err) = answered(&["?", "??"]);
        assert_eq!(ui.prose("comment", "Comment").unwrap(), "??");
        assert!(flat(&err).contains(TEXT));
    }

    #[test]
    fn input_asks_again_until_it_fits() {
        let (ui, err) = answered(&["x", "30"]);
        let minutes = ui.input("Minutes", None, |typed| {
            typed.parse::<u32>().map_err(|_| "type whole minutes".to_owned())
        });
        assert_eq!(minutes.unwrap(), 30);
        assert_eq!(err.text(), "Minutes: x\ntype whole minutes\nMinutes: 30\n");
        let (ui, _) = answered(&[""]);
        let text = ui.input("Subject", Some("Update"), |typed| Ok(typed.to_owned()));
        assert_eq!(text.unwrap(), "Update");
    }

    #[test]
    fn an_empty_answer_is_checked_and_a_default_is_given_as_it_is() {
        let text = answered(&[""]).0.input("Comment", None, |typed| {
            assert_eq!(typed, "");
            Ok("editor")
        });
        assert_eq!(text.unwrap(), "editor");
        for typed in ["", "  ", "two words"] {
            let (ui, _) = answered(&[typed]);
            let text = ui.input("Text", Some("two  words"), |typed| Ok(typed.to_owned()));
            assert_eq!(text.unwrap(), "two  words");
        }
    }

    #[test]
    fn what_nobody_sees_is_not_part_of_an_answer() {
        let (ui, err) = answered(&["y\u{202e}"]);
        assert_eq!(ui.ask_yes("Send\u{1b}[2J it?", false).unwrap(), Answer::Yes);
        assert!(err.text().starts_with("Send it? [y/N/p] y"));
        let (ui, _) = answered(&["a\u{9b}31m\u{4}b"]);
        let text = ui.input("Text", None, |typed| Ok(typed.to_owned()));
        assert_eq!(text.unwrap(), "a31mb");
    }
}
