//! Lines of free text, edited with the usual keys. rustyline is given the terminal itself and not stdout, which may be a
//! pipe; it is built at the first such prompt.

use std::borrow::Cow;
use std::cell::RefCell;

use rustyline::completion::Completer;
use rustyline::config::BellStyle;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::{History as _, MemHistory};
use rustyline::validate::Validator;
use rustyline::{Behavior, Config, Context, Editor, Helper};

use super::keyboard::{Check, Keys, Question, closed, interrupted, until_taken};
use super::modes::Modes;
use crate::error::{Error, Result};
use crate::render::sanitise;

/// Terminals without the sequences that editing needs.
const TOO_SIMPLE: [&str; 3] = ["dumb", "cons25", "emacs"];

type Line = Editor<Typed, MemHistory>;

/// What stands in the line, for the case that it is left unfinished. It is shown without what a terminal would obey.
#[derive(Default)]
struct Typed(RefCell<String>);

impl Helper for Typed {}
impl Validator for Typed {}

impl Completer for Typed {
    type Candidate = String;
}

impl Hinter for Typed {
    type Hint = String;

    fn hint(&self, line: &str, _pos: usize, _ctx: &Context<'_>) -> Option<String> {
        self.0.replace(line.to_owned());
        None
    }
}

impl Highlighter for Typed {
    fn highlight<'l>(&self, line: &'l str, _pos: usize) -> Cow<'l, str> {
        Cow::Owned(sanitise::text(line))
    }
}

/// The editor, where the terminal can be had and is good for it.
fn editor(past: &[String]) -> Option<Line> {
    let term = std::env::var("TERM").unwrap_or_default().to_lowercase();
    if TOO_SIMPLE.contains(&term.as_str()) {
        return None;
    }
    // Where it cannot be opened, rustyline would take stdout.
    #[cfg(unix)]
    std::fs::OpenOptions::new().read(true).write(true).open("/dev/tty").ok()?;
    let config = Config::builder().behavior(Behavior::PreferTerm).bell_style(BellStyle::None);
    let config = config.build();
    let mut history = MemHistory::with_config(&config);
    for line in past {
        history.add(line).unwrap_or_default();
    }
    let mut editor = Editor::with_history(config, history).ok()?;
    editor.set_helper(Some(Typed::default()));
    Some(editor)
}

impl Keys {
    /// Asks until `check` takes the line; nothing where this terminal has no such editor. one that is left
    /// leaves what was typed so far in `unfinished`.
    pub(super) fn read_line(
        question: &Question,
        past: &[String],
        check: &mut Check<'_>,
        screen: &mut dyn FnMut(&str),
        unfinished: &mut String,
    ) -> Option<Result<()>> {
        let _modes = Modes::keys();
        let mut editor = editor(past)?;
        let prompt = question.line("");
        let mut read = |_: &mut dyn FnMut(&str)| match editor.readline(&prompt) {
            Ok(typed) => {
                // What does not do can be called back and mended.
                editor.add_history_entry(&typed).unwrap_or_default();
                question.taken(Some(typed))
            }
            Err(why) => {
                *unfinished = editor.helper().map(|typed| typed.0.take()).unwrap_or_default();
                Err(match why {
                    ReadlineError::Interrupted => interrupted(),
                    ReadlineError::Eof => Error::cancelled(),
                    _ => closed(),
                })
            }
        };
        Some(until_taken(&mut read, check, screen))
    }
}
