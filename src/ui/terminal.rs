//! The terminal as a value that can be handed around: what it is, its flags, and what has its attention.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::keyboard::{Keyboard, Keys};
use super::reads::Reads;
use super::screen::{Screen, Terminal};
use crate::history::History;

/// The global flags that concern the terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
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
    /// `--no-pager`.
    pub no_pager: bool,
}

/// The terminal, or the pipes that stand for it. Cheap to clone; may be used from any thread.
#[derive(Clone)]
pub struct Ui(pub(super) Arc<Inner>);

pub(super) struct Inner {
    flags: UiFlags,
    pub(super) terminal: Terminal,
    screen: Mutex<Screen>,
    pub(super) warned: Mutex<Vec<String>>,
    pub(super) keyboard: Box<dyn Keyboard>,
    pub(super) history: OnceLock<History>,
    pub(super) unfinished: Mutex<String>,
    modal: AtomicU8,
    pub(super) reads: Mutex<Reads>,
    /// What is shown at the end, through a pager perhaps.
    pub(super) page: Mutex<String>,
    /// The exit code that a signal asks for, once one came that ends programs.
    pub(super) ending: OnceLock<u8>,
}

/// What has the terminal's attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Modal {
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
        Self::from_parts(flags, terminal, screen, Box::new(Keys))
    }

    pub(super) fn from_parts(
        flags: UiFlags,
        terminal: Terminal,
        screen: Screen,
        keyboard: Box<dyn Keyboard>,
    ) -> Self {
        Self(Arc::new(Inner {
            flags,
            terminal,
            screen: Mutex::new(screen),
            warned: Mutex::default(),
            keyboard,
            history: OnceLock::new(),
            unfinished: Mutex::default(),
            modal: AtomicU8::new(Modal::Nothing as u8),
            reads: Mutex::default(),
            page: Mutex::default(),
            ending: OnceLock::new(),
        }))
    }

    /// The exit code that the end of this program has by the signal that asked for it, where that was not Ctrl-C.
    #[must_use]
    pub fn ended_by(&self) -> Option<u8> {
        self.0.ending.get().copied()
    }

    /// Has lines that are typed as free text remembered from now on.
    pub fn remember(&self, history: History) {
        self.0.history.get_or_init(|| history);
    }

    /// What stood in the line when a prompt for free text was left with Ctrl-C, once.
    #[must_use]
    pub fn unfinished(&self) -> String {
        std::mem::take(&mut self.0.unfinished.lock().unwrap_or_else(PoisonError::into_inner))
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

    /// Whether who reads stdout sees stderr beside it: both are the terminal.
    #[must_use]
    pub fn is_one_screen(&self) -> bool {
        self.0.terminal.stdout.is_some() && self.0.terminal.stderr
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

    /// Whether an address on stdout may be a link: who takes no colors takes none.
    #[must_use]
    pub fn links(&self) -> bool {
        self.width().is_some() && self.colour()
    }

    /// Whether what goes to stderr may be styled.
    #[must_use]
    pub fn preview_colour(&self) -> bool {
        self.screen().err_colour
    }

    pub(super) fn screen(&self) -> MutexGuard<'_, Screen> {
        // A panic while writing leaves half a line at worst.
        self.0.screen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn modal(&self) -> Modal {
        match self.0.modal.load(Ordering::SeqCst) {
            1 => Modal::Prompt,
            2 => Modal::Editor,
            _ => Modal::Nothing,
        }
    }

    /// Marks the terminal as taken until the guard is dropped.
    pub(super) fn enter(&self, modal: Modal) -> ModalGuard<'_> {
        self.clear_status();
        self.0.modal.store(modal as u8, Ordering::SeqCst);
        ModalGuard(self)
    }
}

pub(super) struct ModalGuard<'a>(&'a Ui);

impl Drop for ModalGuard<'_> {
    fn drop(&mut self) {
        let modal = &self.0.0.modal;
        modal.store(Modal::Nothing as u8, Ordering::SeqCst);
    }
}
