//! The rate limit: so many requests in any span of so much time, counted per server.
//!
//! Answering a refused request is left to `serve.rs`.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Limit on the requests in any span of `per`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The number of requests that the window holds.
    pub requests: usize,
    /// The length of the window.
    pub per: Duration,
}

impl Default for Rate {
    fn default() -> Self {
        Self { requests: 180, per: Duration::from_secs(60) }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let per = Decimal::new(i64::try_from(self.per.as_millis()).unwrap_or(i64::MAX), 3);
        write!(f, "{}/{}s", self.requests, per.normalize())
    }
}

/// A rate that was not written as `REQUESTS/SECONDS`.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a rate: write REQUESTS/SECONDS, such as 180/60 or 60/0.5s")]
pub struct RateError(String);

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(written: &str) -> Result<Self, RateError> {
        let read = || {
            let (requests, per) = written.split_once('/')?;
            let requests = requests.trim().parse().ok().filter(|&count| count > 0)?;
            let seconds = Decimal::from_str(per.trim().trim_end_matches('s')).ok()?;
            let millis = seconds.checked_mul(Decimal::ONE_THOUSAND)?.to_u64()?;
            (millis > 0).then_some(Self { requests, per: Duration::from_millis(millis) })
        };
        read().ok_or_else(|| RateError(written.to_owned()))
    }
}

/// The requests of the last while.
#[derive(Debug, Default)]
pub(super) struct Window {
    answered: VecDeque<Instant>,
}

impl Window {
    /// Takes a place in the window, or returns how long until one is free.
    ///
    /// Refused requests take no place, so that a client that keeps knocking recovers all the same.
    pub(super) fn enter(&mut self, rate: Rate, now: Instant) -> Result<(), Duration> {
        while self
            .answered
            .front()
            .is_some_and(|first| now.saturating_duration_since(*first) >= rate.per)
        {
            self.answered.pop_front();
        }
        match self.answered.front() {
            Some(first) if self.answered.len() >= rate.requests => {
                Err(rate.per.saturating_sub(now.saturating_duration_since(*first)))
            }
            _ => {
                self.answered.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn rates_are_read_without_floating_point() {
        let rate: Rate = "60/0.5s".parse().unwrap();
        assert_eq!(rate.per, Duration::from_millis(500));
        assert_eq!("60/1".parse::<Rate>().unwrap().per, Duration::from_secs(1));
        for wrong in ["", "60", "0/1", "5/0", "x/1", "5/-1", "1/79228162514264337593543950335"] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
        assert_eq!(rate.to_string(), "60/0.5s");
    }

    #[test]
    fn a_full_window_says_how_long_to_wait() {
        let rate: Rate = "2/10".parse().unwrap();
        let start = Instant::now();
        let mut window = Window::default();
        assert!(window.enter(rate, start).is_ok());
        assert!(window.enter(rate, start + Duration::from_secs(4)).is_ok());
        assert_eq!(window.enter(rate, start + Duration::from_secs(6)), Err(Duration::from_secs(4)));
        assert!(window.enter(rate, start + Duration::from_secs(10)).is_ok());
    }
}
