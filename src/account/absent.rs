//! Lists that the account does not have, remembered for a day: where one is missing, the older way is taken without asking
//! again.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;

use super::cache::{self, CacheFile};
use crate::api::AbsentLists;

/// Paths that were answered 404, and when, per account and profile, in a small file.
#[derive(Debug, Clone)]
pub struct Absent {
    file: CacheFile,
}

impl Absent {
    /// The memory for `whose` (a host, perhaps a profile) in `state_dir`.
    #[must_use]
    pub fn new(state_dir: &Path, whose: &str) -> Self {
        Self { file: CacheFile::new(state_dir, "absent", whose) }
    }

    fn paths(&self) -> BTreeMap<String, Timestamp> {
        let mut paths: BTreeMap<String, Timestamp> = self.file.read().unwrap_or_default();
        paths.retain(|_, asked_at| cache::is_young(*asked_at));
        paths
    }
}

impl AbsentLists for Absent {
    fn has(&self, path: &str) -> bool {
        self.paths().contains_key(path)
    }

    fn remember(&self, path: &str) {
        let mut paths = self.paths();
        paths.insert(path.to_owned(), Timestamp::now());
        self.file.write(&paths);
    }
}
