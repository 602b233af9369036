//! What must not be seen: a secret typed at a prompt that shows nothing of it, or handed over on stdin by a script.

use std::io;

use console::{Key, Term};

use super::keyboard::{Keys, closed, interrupted};
use super::modes::Modes;
use super::terminal::{Modal, Ui};
use crate::error::{Error, Result};
use crate::render::sanitise;

/// More than this is nobody's secret.
const LONGEST: usize = 64 << 10;

impl Ui {
    /// Asks for a line that is not shown while it is typed, until `check` takes it.
    ///
    /// # Errors
    /// Interrupted at Ctrl-C; cancelled when the terminal has gone; usage when there is none.
    pub fn secret<T>(&self, prompt: &str, check: impl Fn(&str) -> Result<T, String>) -> Result<T> {
        if !self.is_interactive() {
            return Err(Error::usage("cannot ask without a terminal"));
        }
        let _modal = self.enter(Modal::Prompt);
        let prompt = sanitise::one_line(prompt);
        loop {
            let mut ask = || self.screen().write_err(&format!("{prompt}: "));
            let typed = self.0.keyboard.hidden(&mut ask);
            self.screen().write_err("\n");
            match check(typed?.trim()) {
                Ok(value) => return Ok(value),
                Err(why) => self.preview(&sanitise::one_line(&why)),
            }
        }
    }

    /// All that a script hands over on stdin.
    ///
    /// # Errors
    /// Usage when stdin is a terminal, where it would be seen; or when it cannot be read.
    pub fn piped(&self) -> Result<Vec<u8>> {
        if self.0.terminal.stdin {
            return Err(Error::usage(
                "stdin is a terminal, so the key would be visible as you type",
            ));
        }
        self.standard_input(u64::try_from(LONGEST).unwrap_or(u64::MAX))
    }
}

impl Keys {
    /// A line, key by key, none of which is shown. Asked for once that is so: an early answer would be seen, or lost.
    pub(super) fn read_hidden(ask: &mut dyn FnMut()) -> Result<String> {
        let _modes = Modes::unseen();
        ask();
        let term = Term::stderr();
        let mut typed = String::new();
        loop {
            match term.read_key() {
                Ok(Key::Enter) => return Ok(typed),
                Ok(Key::Backspace | Key::Char('\u{8}')) => {
                    typed.pop();
                }
                Ok(Key::Char(letter)) if typed.len() < LONGEST => typed.push(letter),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    return Err(interrupted());
                }
                Err(_) => return Err(closed()),
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::{UiFlags, testing};

    #[test]
    fn nothing_of_it_is_shown() {
        let (ui, out, err) = testing::ui(UiFlags::default(), true, &["bad", " T1-secret "]);
        let taken = ui.secret("API key", |typed| match typed {
            "T1-secret" => Ok(typed.len()),
            _ => Err("that is no key".to_owned()),
        });
        assert_eq!(taken.unwrap(), 9);
        assert_eq!(err.text(), "API key: \nthat is no key\nAPI key: \n");
        assert_eq!(out.text(), "");
    }

    #[test]
    fn without_a_terminal_nothing_is_asked() {
        let (ui, _, err) = testing::ui(UiFlags::default(), false, &["T1"]);
        assert!(ui.secret("API key", |_| Ok(())).is_err());
        assert_eq!(err.text(), "");
        let (ui, _, _) = testing::ui(UiFlags::default(), true, &[]);
        assert!(ui.piped().unwrap_err().message.contains("terminal"));
    }
}
