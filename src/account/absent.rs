//! Lists that the account does not have, remembered for a day: where one is missing, the older way is taken without asking
//! again. That it has answered one is remembered for longer: it does not lose it by one odd answer.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use super::cache::{self, CacheFile};
use crate::api::AbsentLists;

/// So long is a list believed to be there that has answered: over holidays.
const THERE_FOR: Duration = Duration::from_secs(7 * 24 * 60 * 60);

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
        paths.retain(|path, asked_at| match path.ends_with(THERE) {
            true => cache::is_within(*asked_at, THERE_FOR),
            false => cache::is_young(*asked_at),
        });
        paths
    }

    fn keep(&self, mut paths: BTreeMap<String, Timestamp>, path: String) {
        paths.insert(path, Timestamp::now());
        self.file.write(&paths);
    }
}

/// What ends the name under which it is kept that a list has answered: no path has it.
const THERE: char = '?';

fn there(path: &str) -> String {
    format!("/{}{THERE}", path.trim_matches('/'))
}

impl AbsentLists for Absent {
    fn has(&self, path: &str) -> bool {
        self.paths().contains_key(path)
    }

    fn remember(&self, path: &str) {
        self.keep(self.paths(), path.to_owned());
    }

    fn has_answered(&self, path: &str) -> bool {
        self.has(&there(path))
    }

    fn answered(&self, path: &str) {
        let (mut paths, there) = (self.paths(), there(path));
        let was_missing = paths.remove(path).is_some();
        // Once a day is often enough to write it down.
        let is_known = paths.get(&there).is_some_and(|at| cache::is_young(*at));
        if was_missing || !is_known {
            self.keep(paths, there);
        }
    }
}
