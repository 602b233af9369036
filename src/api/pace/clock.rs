//! The clock of the window: microseconds since the machine's start. All processes read the same one, and setting the
//! machine's time does not move it. After a restart it begins anew, so that older stamps lie in the future.

use rustix::time::{ClockId, clock_gettime};

/// Also counts the time that the machine sleeps.
#[cfg(any(target_os = "linux", target_os = "android"))]
const CLOCK: ClockId = ClockId::Boottime;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
const CLOCK: ClockId = ClockId::Monotonic;

/// Now.
pub(super) fn now() -> u64 {
    let since_start = clock_gettime(CLOCK);
    let seconds = u64::try_from(since_start.tv_sec).unwrap_or_default();
    let nanos = u64::try_from(since_start.tv_nsec).unwrap_or_default();
    seconds.saturating_mul(1_000_000).saturating_add(nanos / 1_000)
}
