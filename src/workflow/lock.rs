//! One command at a time on a ticket: an operating-system lock on a small file, taken before the last read and kept to
//! the end. It goes with its process, however that ends. Other machines cannot be locked out.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::private;
use crate::write::Scope;

/// A ticket kept for this process until it is dropped.
#[derive(Debug)]
#[must_use = "the ticket is free again when this is dropped"]
pub struct TicketLock {
    _file: File,
}

impl TicketLock {
    /// Takes the lock on what a plan is about, in the account at `host`.
    ///
    /// # Errors
    /// Exit 5 when another process has it, exit 10 when the folder cannot be written.
    pub fn take(state_dir: &Path, host: &str, scope: &Scope) -> Result<Self> {
        let (what, noun) = (scope.lock_name(), scope.noun());
        let dir = state_dir.join("locks");
        let name: String = format!("{host}-{what}")
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let path = dir.join(format!("{name}.lock"));
        let cannot = |error: std::io::Error| {
            Error::configuration(format!("cannot take the lock {}: {error}", path.display()))
                .hint("make the state folder writable, or set SYNCRO_STATE_DIR")
        };
        private::make_folder(&dir).and_then(|()| private::unlink(&path)).map_err(cannot)?;
        let mut options = OpenOptions::new();
        private::file(options.read(true).write(true).create(true).truncate(false));
        let mut file = options.open(&path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {
                // Who holds it, for the other's message; the lock itself needs no content.
                let note = file
                    .set_len(0)
                    .and_then(|()| file.seek(SeekFrom::Start(0)))
                    .and_then(|_| write!(file, "{}", std::process::id()));
                note.map_err(cannot)?;
                Ok(Self { _file: file })
            }
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // On Windows a locked file cannot be read by others; the message does without.
                let who = match file.read_to_string(&mut holder) {
                    Ok(_) if !holder.is_empty() => format!(" (process {})", holder.trim()),
                    _ => String::new(),
                };
                Err(Error::refused(format!("another syncro{who} is working on this {noun}"))
                    .nothing_written()
                    .hint("finish or cancel it there, then run this command again"))
            }
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }
}

/// Keeps what a plan is about for this process until the lock is dropped.
///
/// # Errors
/// Exit 5 when another process has it.
pub fn lock(ctx: &Context, scope: &Scope) -> Result<TicketLock> {
    TicketLock::take(&ctx.settings().state_dir, &ctx.host()?, scope)
}
