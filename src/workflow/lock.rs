//! One command at a time on a ticket, and one that writes time of a user: an operating-system lock on a small file, taken before
//! the last read and kept to the end. It goes with its process, however that ends. Other machines cannot be locked out.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::private;
use crate::write::{Confirmed, Precondition, Scope};

/// What a plan is about, kept for this process until it is dropped.
#[derive(Debug)]
#[must_use = "it is free again when this is dropped"]
pub struct Locks {
    _all: Vec<Lock>,
}

/// One file of them. While it is held it says by whom; when it was given back it says when.
#[derive(Debug)]
struct Lock {
    file: File,
    /// What it said before it was taken.
    before: String,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where that cannot be said, it says by whom it was held, which is as good as now.
        let _unsaid = says(&mut self.file, &Timestamp::now().to_string());
    }
}

fn says(file: &mut File, text: &str) -> std::io::Result<()> {
    // At no moment does it say nothing, which would be that nobody has held it.
    file.seek(SeekFrom::Start(0))?;
    file.write_all(text.as_bytes())?;
    let end = file.stream_position()?;
    file.set_len(end)
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
        private::make_inner_folder(&dir).and_then(|()| private::unlink(&path)).map_err(cannot)?;
        let mut options = OpenOptions::new();
        private::file(options.read(true).write(true).create(true).truncate(false));
        let mut file = options.open(&path).map_err(cannot)?;
        match file.try_lock() {
            Ok(()) => {
                let mut before = String::new();
                file.read_to_string(&mut before).map_err(cannot)?;
                says(&mut file, &std::process::id().to_string()).map_err(cannot)?;
                Ok(Self { file, before })
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

impl Lock {
    /// Whether another process may have had it since that moment: one that was killed has not said until when.
    fn was_held_since(&self, at: Timestamp) -> bool {
        let until = self.before.trim();
        !until.is_empty() && until.parse::<Timestamp>().map_or(true, |until| until >= at)
    }
}

/// How often it is tried whether another process has written.
const PAUSE: Duration = Duration::from_millis(20);

/// Keeps what a plan is about for this process until the locks are dropped.
///
/// # Errors
/// Exit 5 when another process has one.
pub fn lock(ctx: &Context, scope: &Scope) -> Result<Locks> {
    let of_scope = (scope.lock_name(), format!("working on this {}", scope.noun()));
    let lock = Lock::take(&ctx.settings().state_dir, &ctx.host()?, &of_scope)?;
    Ok(Locks { _all: vec![lock] })
}

/// Keeps the time of those users for this process on whose other time a plan rests, once it is confirmed: its preview does
/// not hold it, only a question about an answer in doubt may. Where another process has written such time since all was
/// read, all is read once more. It has a while to end.
///
/// # Errors
/// Exit 5 when another process has it for long.
pub async fn lock_time(ctx: &Context, confirmed: Confirmed) -> Result<(Locks, Confirmed)> {
    let plan = confirmed.plan();
    let read_at = SignedDuration::try_from(confirmed.gathered_at().elapsed());
    let read_at = read_at.ok().and_then(|age| Timestamp::now().checked_sub(age).ok());
    let (dir, host) = (&ctx.settings().state_dir, ctx.host()?);
    let grounds = plan.steps.iter().flat_map(|step| &step.preconditions);
    let users: BTreeSet<_> = grounds.filter_map(Precondition::whose_time).collect();
    let (mut all, until) = (Vec::new(), Instant::now() + ctx.settings().write.timeout);
    for user in users {
        let one = (format!("time-of-{user}"), "writing time of the same user".to_owned());
        all.push(loop {
            match Lock::take(dir, &host, &one) {
                Err(error) if error.kind == Kind::Refused && Instant::now() < until => {
                    ctx.ui().status("another syncro writes time of the same user; waiting ...");
                    tokio::time::sleep(PAUSE).await;
                }
                taken => break taken?,
            }
        });
    }
    let is_old = all.iter().any(|lock| read_at.is_none_or(|at| lock.was_held_since(at)));
    Ok((Locks { _all: all }, if is_old { confirmed.to_be_read_again() } else { confirmed }))
}
