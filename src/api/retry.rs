//! When a read is tried again, and after how long: pure decisions. Writes have no path to this file.

use std::time::Duration;

/// No read is tried more often.
pub(super) const TRIES: u32 = 4;

/// Tries and the pauses between them together take about this long; waits that a 429 or the pacing asks for are extra.
const PATIENCE: Duration = Duration::from_secs(30);

/// The longest pause after the first failure; it doubles with each.
const FIRST: Duration = Duration::from_millis(500);

/// The longest pause of all.
const LONGEST: Duration = Duration::from_secs(8);

/// The shortest: a server that is being restarted gains nothing from an instant repetition.
const SHORTEST: Duration = Duration::from_millis(50);

/// How long to pause after `tries` failures that took `spent` together; `None` to give up.
///
/// The pause is anything up to its limit, as `jitter` (any number) decides, so that processes that failed together do
/// not come back together.
pub(super) fn pause(tries: u32, spent: Duration, jitter: u64) -> Option<Duration> {
    if tries >= TRIES {
        return None;
    }
    let limit = FIRST.saturating_mul(1 << tries.saturating_sub(1)).min(LONGEST);
    let span = u64::try_from((limit - SHORTEST).as_millis()).unwrap_or(0);
    let pause = SHORTEST + Duration::from_millis(jitter % (span + 1));
    (spent + pause < PATIENCE).then_some(pause)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_ends_after_four_tries_or_half_a_minute() {
        assert!(pause(3, Duration::ZERO, 0).is_some());
        assert!(pause(4, Duration::ZERO, 0).is_none());
        assert!(pause(1, Duration::from_secs(30), 0).is_none());
    }

    proptest! {
        #[test]
        fn pauses_are_spread_and_bounded(tries in 1..TRIES, jitter: u64) {
            let pause = pause(tries, Duration::ZERO, jitter).unwrap();
            prop_assert!(pause >= SHORTEST);
            prop_assert!(pause <= FIRST * (1 << (tries - 1)));
        }
    }
}
