//! How much of the rate window a sync may use: a share of it, and only while nobody waits. Commands that people wait for
//! go first.

use std::time::Duration;

use url::Url;

use crate::api::Pace;

/// How often a full window is looked at again.
const LOOK: Duration = Duration::from_millis(200);

/// A share of the rate window of one API host.
#[derive(Debug, Clone)]
pub struct Budget {
    pace: Pace,
    base: Url,
    timeout: Duration,
    share: usize,
}

impl Budget {
    /// So many requests of the window for the host of `base`, whose requests end after `timeout` at the latest.
    #[must_use]
    pub fn new(pace: Pace, base: Url, timeout: Duration, share: usize) -> Self {
        Self { pace, base, timeout, share: share.max(1) }
    }

    /// Waits until fewer requests than that count, whoever made them, and nobody waits for room.
    pub(super) async fn room(&self) {
        loop {
            match self.pace.usage(&self.base, self.timeout) {
                Ok(usage)
                    if usage.blocked.is_some() || usage.waiting > 0 || usage.used >= self.share => {
                }
                // What cannot be read is paced by whoever sends.
                Ok(_) | Err(_) => return,
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// How long so many more requests take, once the window is full.
    pub(super) fn takes(&self, requests: u64) -> Duration {
        let share = u32::try_from(self.share).unwrap_or(u32::MAX);
        let each = self.pace.per.checked_div(share).unwrap_or_default();
        each.saturating_mul(u32::try_from(requests).unwrap_or(u32::MAX))
    }
}
