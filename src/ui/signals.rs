//! Which thread hears signals. A line is read by a thread of its own, and only that one's reading ends when somebody
//! interrupts the program from outside, or when the window gets another size: while it reads, the others are deaf.

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

/// Elsewhere a reading console hears by itself.
#[cfg(not(unix))]
pub fn ignore() {}

#[cfg(not(unix))]
fn hear() {}
