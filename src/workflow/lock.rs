//! One command at a time on a ticket, and one that starts a timer: an operating-system lock on a small file, taken before the
//! last read and kept to the end. It goes with its process, however that ends. Other machines cannot be locked out.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::private;
use crate::write::Scope;

/// What a plan is about, kept for this process until it is dropped.
#[derive(Debug)]
#[must_use = "it is free again when this is dropped"]
pub struct Locks {
    _all: Vec<Lock>,
}

/// One file of them.
#[derive(Debug)]
struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of this name in the account at `host`; another process that has it `does` that.
    ///
    /// # Errors
    /// Exit 5 when another process has it, exit 10 when the folder cannot be written.
    fn take(state_dir: &Path, host: &str, (what, does): &(String, String)) -> Result<Self> {
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
                Err(Error::refused(format!("another syncro{who} is {does}"))
                    .nothing_written()
                    .hint("finish or cancel it there, then run this command again"))
            }
            Err(TryLockError::Error(error)) => Err(cannot(error)),
        }
    }
}

/// Keeps what a plan is about for this process until the locks are dropped. Whose timer is started is not known before the last
/// read, so that one at a time is started at all.
///
/// # Errors
/// Exit 5 when another process has one.
pub fn lock(ctx: &Context, scope: &Scope) -> Result<Locks> {
    let of_scope = (scope.lock_name(), format!("working on this {}", scope.noun()));
    let of_start = scope.starts_timer.then(|| ("timers".to_owned(), "starting a timer".to_owned()));
    let (dir, host) = (&ctx.settings().state_dir, ctx.host()?);
    let all = std::iter::once(of_scope).chain(of_start);
    let all = all.map(|one| Lock::take(dir, &host, &one)).collect::<Result<_>>()?;
    Ok(Locks { _all: all })
}
