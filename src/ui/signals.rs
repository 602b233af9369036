//! Which thread hears signals. A line is read by a thread of its own, and only that one's reading ends when somebody
//! interrupts the program from outside, or when the window gets another size: while it reads, the others are deaf. A
//! console of Windows makes Ctrl-C an event that ends no reading at all.

use super::{Interrupts, Ui, interrupted};
use crate::error::Result;

/// Undoes what was changed when it is dropped.
#[derive(Debug)]
#[must_use = "the change is undone when this is dropped"]
pub struct Until(fn());

impl Drop for Until {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// Makes this thread deaf for as long as the value lives.
pub fn deaf() -> Until {
    ignore();
    Until(hear)
}

/// Has this thread hear while it does something.
pub fn hearing<T>(work: impl FnOnce() -> T) -> T {
    hear();
    let _deaf_again = Until(ignore);
    work()
}

/// Makes this thread deaf. Best effort: a signal that another thread hears is counted there.
#[cfg(unix)]
pub fn ignore() {
    signals().thread_block().unwrap_or_default();
}

#[cfg(unix)]
fn hear() {
    signals().thread_unblock().unwrap_or_default();
}

#[cfg(unix)]
fn signals() -> nix::sys::signal::SigSet {
    use nix::sys::signal::Signal::{SIGINT, SIGWINCH};
    [SIGINT, SIGWINCH].into_iter().collect()
}

/// What `reading` comes to, unless a Ctrl-C comes first that it cannot hear. Its thread goes on waiting for a key then, and
/// ends with the program.
///
/// # Errors
/// Interrupted.
pub async fn unless_interrupted<T>(
    reading: impl Future<Output = T>,
    ui: &Ui,
    interrupts: &Interrupts,
) -> Result<T> {
    if cfg!(unix) { Ok(reading.await) } else { first_of(reading, ui, interrupts).await }
}

async fn first_of<T>(
    reading: impl Future<Output = T>,
    ui: &Ui,
    interrupts: &Interrupts,
) -> Result<T> {
    tokio::select! {
        biased;
        answer = reading => Ok(answer),
        () = interrupts.wait() => {
            // The question's line is still open.
            ui.preview("");
            Err(interrupted())
        }
    }
}

/// Elsewhere a thread has no signals to be deaf to.
#[cfg(not(unix))]
pub fn ignore() {}

#[cfg(not(unix))]
fn hear() {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::future::{pending, ready};
    use std::time::Duration;

    use tokio::time::timeout;

    use super::super::interrupt::counted::interrupts;
    use super::super::{UiFlags, testing};
    use super::*;
    use crate::error::Kind;

    const SOON: Duration = Duration::from_millis(20);

    #[tokio::test(flavor = "current_thread")]
    async fn ctrl_c_ends_a_wait_for_a_key_that_never_comes() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, count) = interrupts();
        let _hold = interrupts.hold("");
        assert_eq!(first_of(ready("y"), &ui, &interrupts).await.unwrap(), "y");
        let never = || first_of(pending::<&str>(), &ui, &interrupts);
        assert!(timeout(SOON, never()).await.is_err());
        count.send_replace(1);
        let error = timeout(SOON, never()).await.unwrap().unwrap_err();
        assert_eq!((error.kind, err.text().as_str()), (Kind::Interrupted, "\n"));
    }

    #[cfg(unix)]
    #[tokio::test(flavor = "current_thread")]
    async fn where_the_reading_hears_it_its_own_end_is_awaited() {
        let (ui, _, err) = testing::ui(UiFlags::default(), true, &[]);
        let (interrupts, count) = interrupts();
        count.send_replace(1);
        assert_eq!(unless_interrupted(ready("left"), &ui, &interrupts).await.unwrap(), "left");
        let waited = unless_interrupted(pending::<&str>(), &ui, &interrupts);
        assert!(timeout(SOON, waited).await.is_err());
        assert_eq!(err.text(), "");
    }
}
