//! Pacing across processes: a sliding window of requests in a small locked file, one per API host.

use std::path::PathBuf;
use std::time::Duration;

/// The window's file and size.
#[derive(Debug, Clone)]
pub struct Pace {
    /// The folder of the window files.
    pub dir: PathBuf,
    /// Requests that fit in the window.
    pub requests: u32,
    /// The window's length.
    pub per: Duration,
}
