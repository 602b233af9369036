//! Lists that an account may not have: Syncro gets newer ones. That one is missing is remembered by whoever keeps such
//! things, so that it is not asked for again at once.

use std::fmt;

/// Which lists an account does not have, by their paths.
pub trait AbsentLists: fmt::Debug + Send + Sync {
    /// Whether it was missing a while ago.
    fn has(&self, path: &str) -> bool;

    /// Keeps that it is missing.
    fn remember(&self, path: &str);
}
