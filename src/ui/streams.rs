//! stdout and stderr behind one lock: the answer, and the talk beside it. A closed pipe is a quiet end, so that a plan
//! that was carried out still ends with its own exit code.

use std::io::{self, Read};
use std::sync::PoisonError;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use super::{Ui, json as escaping};
use crate::error::{Error, Result};
use crate::render::{sanitise, wrap};

impl Ui {
    /// Writes the answer, or a part of it, to stdout; a line feed is added if it ends without one.
    ///
    /// # Errors
    /// When stdout cannot be written, a full disk behind it say. A reader that has gone is no error.
    pub fn stdout(&self, text: &str) -> Result<()> {
        if self.follows_page(text) {
            Ok(())
        } else if text.is_empty() || text.ends_with('\n') {
            self.screen().write_out(text)
        } else {
            self.screen().write_out(&format!("{text}\n"))
        }
    }

    /// Writes `value` to stdout as JSON, two spaces a level.
    ///
    /// # Errors
    /// As for [`Ui::stdout`].
    pub fn json(&self, value: &Value) -> Result<()> {
        self.stdout(&escaping::pretty(value, self.is_ascii_only()))
    }

    /// Whether JSON on stdout is ASCII. Elsewhere pipes carry UTF-8; on Windows whoever reads one guesses a code page.
    #[must_use]
    pub fn is_ascii_only(&self) -> bool {
        cfg!(windows) && self.width().is_none()
    }

    /// What is piped in, or typed until its end, at most `most` bytes.
    ///
    /// # Errors
    /// Usage, when it cannot be read or is larger.
    pub fn standard_input(&self, most: u64) -> Result<Vec<u8>> {
        if self.0.terminal.stdin {
            let end = if cfg!(windows) { "Ctrl-Z" } else { "Ctrl-D" };
            self.note(&format!(
                "reading the text from the terminal; press {end} on a new line to finish"
            ));
        }
        let mut bytes = Vec::new();
        let read = io::stdin().lock().take(most + 1).read_to_end(&mut bytes);
        read.map_err(|error| {
            Error::usage(format!("cannot read standard input: {}", error.kind()))
        })?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > most) {
            return Err(Error::usage("standard input is too large for a text"));
        }
        Ok(bytes)
    }

    /// Says something that may be missed; silent with `--quiet`.
    pub fn note(&self, text: &str) {
        if !self.flags().quiet {
            self.say("", Style::new(), text);
        }
    }

    /// Warns.
    pub fn warn(&self, text: &str) {
        self.0.warned.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
        self.say("warning: ", AnsiColor::Yellow.on_default().bold(), text);
    }

    /// All that it has warned of.
    #[must_use]
    pub fn warned(&self) -> Vec<String> {
        self.0.warned.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells why the command failed and what to type next; with `--json` as one line of JSON.
    pub fn error(&self, error: &Error) {
        if self.flags().json {
            let ascii = cfg!(windows) && !self.0.terminal.stderr;
            let line = escaping::compact(&error_value(error), ascii);
            self.screen().write_err(&format!("{line}\n"));
            return;
        }
        self.say("error: ", AnsiColor::Red.on_default().bold(), &error.to_string());
        for hint in error.hints_with(wrap::HELD) {
            self.say("hint: ", AnsiColor::Cyan.on_default().bold(), &hint);
        }
    }

    /// Shows a text that a renderer made, styles and all, on stderr; `--quiet` does not silence it.
    pub fn preview(&self, text: &str) {
        let end = if text.ends_with('\n') { "" } else { "\n" };
        self.screen().write_err(&format!("{text}{end}"));
    }

    /// One message to stderr, its further lines indented, whatever the server put into it made harmless; on a terminal it is
    /// wrapped at words.
    pub(super) fn say(&self, label: &str, style: Style, text: &str) {
        let text = sanitise::text(text);
        let text = wrap::message(text.trim_end(), self.preview_width(), label.len());
        let mut screen = self.screen();
        let label = if screen.err_colour && !label.is_empty() {
            format!("{style}{label}{style:#}")
        } else {
            label.to_owned()
        };
        screen.write_err(&format!("{label}{text}\n"));
    }
}

/// An error as `--json` shows it.
fn error_value(error: &Error) -> Value {
    let hint = (!error.hints.is_empty()).then(|| error.hint_lines().collect::<Vec<_>>().join("\n"));
    json!({
        "error": {
            "kind": error.kind.name(),
            "message": error.to_string(),
            "hint": hint,
            "status": error.status,
        }
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::super::{UiFlags, testing};
    use super::*;

    fn sample() -> Error {
        Error::refused("GET /x was refused (422): \u{1b}[31mno\u{1b}[0m\nand why")
            .hint("try y")
            .hint("or z")
            .status(422)
    }

    #[test]
    fn answers_and_talk_go_apart() {
        let (ui, out, err) = testing::ui(UiFlags::default(), false, &[]);
        ui.stdout("answer").unwrap();
        ui.note("note");
        ui.warn("careful");
        ui.error(&sample());
        assert_eq!(out.text(), "answer\n");
        assert_eq!(
            err.text(),
            "note\nwarning: careful\nerror: GET /x was refused (422): no\n  and why\nhint: try y\nhint: or z\n"
        );
    }

    #[test]
    fn quiet_silences_notes_only() {
        let flags = UiFlags { quiet: true, ..UiFlags::default() };
        let (ui, _, err) = testing::ui(flags, false, &[]);
        ui.note("note");
        ui.preview("preview");
        ui.warn("careful");
        assert_eq!(err.text(), "preview\nwarning: careful\n");
    }

    #[test]
    fn errors_as_json_are_one_line() {
        let flags = UiFlags { json: true, ..UiFlags::default() };
        let (ui, out, err) = testing::ui(flags, false, &[]);
        ui.error(&sample());
        assert_eq!(out.text(), "");
        assert_eq!(err.text().lines().count(), 1);
        let value: Value = serde_json::from_str(&err.text()).unwrap();
        assert_eq!(value["error"]["kind"], "refused");
        assert_eq!(value["error"]["hint"], "try y\nor z");
        assert_eq!(value["error"]["status"], 422);
        ui.error(&Error::usage("no"));
        assert!(err.text().ends_with("\"hint\":null,\"status\":null}}\n"));
    }

    #[test]
    fn a_closed_pipe_is_a_quiet_end_and_a_full_disk_is_not() {
        let ui = testing::ui_with_broken_stdout(io::ErrorKind::BrokenPipe);
        assert!(ui.stdout("x").is_ok() && ui.json(&json!([1])).is_ok());
        let ui = testing::ui_with_broken_stdout(io::ErrorKind::StorageFull);
        assert_eq!(ui.stdout("x").unwrap_err().kind.exit_code(), 1);
    }
}
