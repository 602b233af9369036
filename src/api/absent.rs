//! Lists that an account may not have: Syncro gets newer ones. That one is missing, or that the account has records of it
//! all the same, is remembered by whoever keeps such things, so that it is not asked for again at once.

use std::fmt;

/// Which lists an account does not have, by their paths.
pub trait AbsentLists: fmt::Debug + Send + Sync {
    /// Whether that was remembered a while ago.
    fn has(&self, path: &str) -> bool;

    /// Keeps that the list of this path is missing, or of one that ends in `/`, that there are records below it.
    fn remember(&self, path: &str);

    /// Whether the account has answered the list of this path, and not long ago.
    fn has_answered(&self, path: &str) -> bool;

    /// Keeps that it has: it is not missing.
    fn answered(&self, path: &str);
}
