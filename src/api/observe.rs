//! What the API room tells whoever watches: each request made, each wait and why. The room knows no terminal.

use std::time::Duration;

/// One request, as `--verbose` shows it. The key is not in it.
#[derive(Debug, Clone)]
pub struct RequestLine {
    /// The method.
    pub method: &'static str,
    /// Path below the base, and query, the key redacted.
    pub target: String,
    /// The status, or why there is none.
    pub outcome: Result<u16, String>,
    /// From sending to the last byte of the answer.
    pub took: Duration,
}

/// Why a request is not going out yet.
#[derive(Debug, Clone)]
pub enum Wait {
    /// The account's rate limit is used up by this machine's own requests.
    Pace {
        /// How long, as far as is known.
        wait: Duration,
        /// Requests in the window.
        limit: u32,
        /// The window.
        per: Duration,
    },
    /// The server said 429.
    RateLimited {
        /// How long.
        wait: Duration,
    },
    /// A read failed and is tried again.
    Retry {
        /// How long.
        wait: Duration,
        /// The try that comes next, from 2.
        next: u32,
        /// The last try there will be.
        of: u32,
        /// Why the last one failed.
        cause: String,
    },
}

impl Wait {
    /// How long it is expected to take.
    #[must_use]
    pub const fn duration(&self) -> Duration {
        match self {
            Self::Pace { wait, .. } | Self::RateLimited { wait } | Self::Retry { wait, .. } => {
                *wait
            }
        }
    }
}

/// How far the reading of a long list is.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Its path.
    pub what: String,
    /// Pages that are here.
    pub read: u64,
    /// Pages that are to be read.
    pub of: u64,
}

/// Watches the traffic. Called from within requests: must not block for long.
pub trait Observer: Send + Sync {
    /// A request ended.
    fn request(&self, line: &RequestLine);
    /// A wait begins; called again when its expected length changes.
    fn waiting(&self, wait: &Wait);
    /// A read goes out; `what` is its path. Returns after how long it is [`Observer::slow`], if anybody wants to know.
    fn asking(&self, _what: &str) -> Option<Duration> {
        None
    }
    /// One that went out is taking long.
    fn slow(&self) {}
    /// One that went out has been answered, or given up.
    fn answered(&self, _what: &str) {}
    /// A long list is being read; called with each page, once it has taken a while.
    fn reading(&self, _progress: &Progress) {}
    /// The wait, or the reading, is over.
    fn resumed(&self);
    /// Something is amiss that does not stop the work; one sentence without a full stop.
    fn warning(&self, _text: &str) {}
}

/// Watches nothing.
#[derive(Debug, Clone, Copy)]
pub struct Unobserved;

impl Observer for Unobserved {
    fn request(&self, _: &RequestLine) {}
    fn waiting(&self, _: &Wait) {}
    fn resumed(&self) {}
}
