//! The one room that owns the terminal: data to stdout, talk to stderr, prompts, progress, Ctrl-C. Everybody else hands
//! text in. It decides where text goes, never what it says.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

mod editor;
pub mod interrupt;
pub mod json;
mod modes;
mod progress;
mod prompts;
mod secret;
mod streams;

pub use editor::{Edited, SCISSORS, with_instructions};
pub use interrupt::Interrupts;
pub use prompts::Answer;

use prompts::Keyboard;
use streams::{Screen, Terminal};

/// The global flags that concern the terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UiFlags {
    /// `--json`.
    pub json: bool,
    /// `--quiet`: no notes, no progress.
    pub quiet: bool,
    /// `--verbose`: a line a request.
    pub verbose: bool,
    /// `--no-color`.
    pub no_color: bool,
    /// `--yes`.
    pub yes: bool,
}

/// The terminal, or the pipes that stand for it. Cheap to clone; may be used from any thread.
#[derive(Clone)]
pub struct Ui(Arc<Inner>);

struct Inner {
    flags: UiFlags,
    terminal: Terminal,
    screen: Mutex<Screen>,
    keyboard: Box<dyn Keyboard>,
    modal: AtomicU8,
}

/// What has the terminal's attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Modal {
    Nothing = 0,
    Prompt = 1,
    /// Another program, which handles Ctrl-C itself.
    Editor = 2,
}

impl Ui {
    /// The process's own terminal.
    #[must_use]
    pub fn new(flags: UiFlags) -> Self {
        let terminal = Terminal::of_process();
        let screen = Screen::of_process(flags.no_color);
        Self::from_parts(flags, terminal, screen, Box::new(prompts::Keys))
    }

    fn from_parts(
        flags: UiFlags,
        terminal: Terminal,
        screen: Screen,
        keyboard: Box<dyn Keyboard>,
    ) -> Self {
        Self(Arc::new(Inner {
            flags,
            terminal,
            screen: Mutex::new(screen),
            keyboard,
            modal: AtomicU8::new(Modal::Nothing as u8),
        }))
    }

    /// The flags it was made with.
    #[must_use]
    pub fn flags(&self) -> UiFlags {
        self.0.flags
    }

    /// Whether a person can be asked: stdin and stderr both are terminals.
    #[must_use]
    pub fn is_interactive(&self) -> bool {
        self.0.terminal.stdin && self.0.terminal.stderr
    }

    /// The columns of stdout; `None` when it is no terminal and nothing is to be cut.
    #[must_use]
    pub fn width(&self) -> Option<usize> {
        self.0.terminal.stdout
    }

    /// The columns of stderr, for previews; `None` when it is no terminal.
    #[must_use]
    pub fn preview_width(&self) -> Option<usize> {
        self.0.terminal.stderr.then_some(self.0.terminal.columns)
    }

    /// Whether what goes to stdout may be styled.
    #[must_use]
    pub fn colour(&self) -> bool {
        self.screen().out_colour
    }

    /// Whether what goes to stderr may be styled.
    #[must_use]
    pub fn preview_colour(&self) -> bool {
        self.screen().err_colour
    }

    fn screen(&self) -> MutexGuard<'_, Screen> {
        // A panic while writing leaves half a line at worst.
        self.0.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn modal(&self) -> Modal {
        match self.0.modal.load(Ordering::SeqCst) {
            1 => Modal::Prompt,
            2 => Modal::Editor,
            _ => Modal::Nothing,
        }
    }

    /// Marks the terminal as taken until the guard is dropped.
    fn enter(&self, modal: Modal) -> ModalGuard<'_> {
        self.clear_status();
        self.0.modal.store(modal as u8, Ordering::SeqCst);
        ModalGuard(self)
    }
}

struct ModalGuard<'a>(&'a Ui);

impl Drop for ModalGuard<'_> {
    fn drop(&mut self) {
        let modal = &self.0.0.modal;
        modal.store(Modal::Nothing as u8, Ordering::SeqCst);
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! A terminal in memory, for tests of any room: what was shown can be read, answers are scripted.

    use std::io::{self, Write};

    use super::prompts::Scripted;
    use super::*;

    /// What was written.
    #[derive(Clone, Default)]
    pub(crate) struct Captured(Arc<Mutex<Vec<u8>>>);

    impl Captured {
        /// As text.
        pub(crate) fn text(&self) -> String {
            let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8_lossy(&bytes).into_owned()
        }
    }

    impl Write for Captured {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// A `Ui` with 80 columns on both streams, or with pipes, that answers prompts from `answers`.
    pub(crate) fn ui(
        flags: UiFlags,
        on_terminal: bool,
        answers: &[&str],
    ) -> (Ui, Captured, Captured) {
        let (out, err) = (Captured::default(), Captured::default());
        let terminal = Terminal {
            stdin: on_terminal,
            stdout: on_terminal.then_some(80),
            stderr: on_terminal,
            columns: 80,
        };
        let screen = Screen::new(Box::new(out.clone()), Box::new(err.clone()), false, false);
        let keyboard = Box::new(Scripted::new(answers));
        (Ui::from_parts(flags, terminal, screen, keyboard), out, err)
    }

    /// A `Ui` whose stdout fails with `kind`.
    pub(crate) fn ui_with_broken_stdout(kind: io::ErrorKind) -> Ui {
        struct Broken(io::ErrorKind);
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(self.0.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(self.0.into())
            }
        }
        let terminal = Terminal { stdin: false, stdout: None, stderr: false, columns: 80 };
        let screen = Screen::new(Box::new(Broken(kind)), Box::new(io::sink()), false, false);
        let keyboard = Box::new(Scripted::new(&[]));
        Ui::from_parts(UiFlags::default(), terminal, screen, keyboard)
    }
}
