//! The terminal's modes while a question is open. Between two keys the line is the system's own, which would end the
//! program at Ctrl-C with the question still open, and would show what nobody should see.

use std::convert::Infallible;
use std::panic;
#[cfg(unix)]
use std::sync::Mutex;

#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// Puts the terminal back as it was when it is dropped.
#[must_use = "the modes are put back when this is dropped"]
pub(super) struct Modes(());

/// The terminal's modes before the question that is open.
#[cfg(unix)]
static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

#[cfg(unix)]
impl Modes {
    /// Ctrl-C comes as a key.
    pub(super) fn keys() -> Self {
        Self::without(LocalModes::ISIG, OptionalActions::Now)
    }

    /// Ctrl-C and Ctrl-D come as keys, also between two of them; only who reads them shows them.
    pub(super) fn raw() -> Self {
        let modes = LocalModes::ISIG | LocalModes::ECHO | LocalModes::ICANON;
        Self::without(modes, OptionalActions::Now)
    }

    /// Ctrl-C comes as a key, and nothing is shown; what was typed before is dropped.
    pub(super) fn unseen() -> Self {
        let modes = LocalModes::ISIG | LocalModes::ECHO | LocalModes::ICANON;
        Self::without(modes, OptionalActions::Flush)
    }

    fn without(modes: LocalModes, when: OptionalActions) -> Self {
        if let Ok(before) = tcgetattr(std::io::stdin()) {
            let mut changed = before.clone();
            changed.local_modes.remove(modes);
            if let Ok(mut kept) = BEFORE.lock() {
                *kept = Some(before);
            }
            // A terminal that does not let itself be changed is read as it is.
            tcsetattr(std::io::stdin(), when, &changed).unwrap_or_default();
        }
        Self(())
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        put_back();
    }
}

/// Has a panic leave the terminal in order and end the process, which `end` does. Nothing is unwound in a release build,
/// and an image of the process's memory would hold the key; what it was about to write, the journal knows.
pub fn end_on_panic(end: fn() -> Infallible) {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |what| {
        tell(what);
        put_back();
        match end() {}
    }));
}

/// Puts the terminal back as it was before the question that is open, if one is.
fn put_back() {
    #[cfg(unix)]
    if let Some(before) = BEFORE.try_lock().ok().and_then(|mut kept| kept.take()) {
        // Where there is no terminal any more there is nothing to put in order.
        tcsetattr(std::io::stdin(), OptionalActions::Now, &before).unwrap_or_default();
    }
}

/// Elsewhere the console shows no keys by itself.
#[cfg(not(unix))]
impl Modes {
    pub(super) const fn keys() -> Self {
        Self(())
    }

    pub(super) const fn raw() -> Self {
        Self(())
    }

    pub(super) const fn unseen() -> Self {
        Self(())
    }
}
