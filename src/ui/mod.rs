//! The one room that owns the terminal: data to stdout, talk to stderr, prompts, progress, Ctrl-C. Everybody else hands
//! text in. It decides where text goes, never what it says.

mod browser;
mod decode;
mod editor;
pub mod interrupt;
pub mod json;
mod keyboard;
mod line;
mod lists;
mod modes;
mod pager;
mod progress;
mod prompts;
mod reads;
mod screen;
mod secret;
pub mod signals;
mod streams;
mod terminal;
mod words;

pub use decode::decoded;
pub use editor::{Edited, SCISSORS, above_the_cut, with_instructions};
pub use interrupt::Interrupts;
pub use keyboard::interrupted;
pub use lists::Picked;
pub use modes::end_on_panic;
pub use prompts::{Answer, HELP};
pub use terminal::{Ui, UiFlags};

#[cfg(test)]
pub(crate) mod testing {
    //! A terminal in memory, for tests of any room: what was shown can be read, answers are scripted.

    use std::io::{self, Write};
    use std::sync::{Arc, Mutex, PoisonError};

    use super::keyboard::Scripted;
    use super::screen::{Screen, Terminal};
    use super::{Ui, UiFlags};

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
            rows: on_terminal.then_some(24),
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
        let terminal =
            Terminal { stdin: false, stdout: None, stderr: false, columns: 80, rows: None };
        let screen = Screen::new(Box::new(Broken(kind)), Box::new(io::sink()), false, false);
        let keyboard = Box::new(Scripted::new(&[]));
        Ui::from_parts(UiFlags::default(), terminal, screen, keyboard)
    }
}
