//! Lists that an account may not have. Syncro gets newer ones, and where one is missing, the older way is taken for a day
//! without asking again.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::cache::{self, CacheFile};
use crate::api::{Error, List, Listing, Reader};

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

    /// The list, or `None` where the account does not have it: then the older way is the caller's. Only for a path that names
    /// no record: below one, a 404 may mean the record.
    ///
    /// # Errors
    /// As for [`Reader::all`], but for a 404.
    pub async fn list<T: DeserializeOwned>(
        &self,
        reader: &Reader,
        list: List<T>,
    ) -> Result<Option<Listing<T>>, Error> {
        if self.has(list.path()) {
            return Ok(None);
        }
        let path = list.path().to_owned();
        match reader.all(list).await {
            Ok(listing) => Ok(Some(listing)),
            // A server without the path answers with a page of its own, or with nothing.
            Err(Error::NotFound { .. } | Error::Foreign { status: Some(404), .. }) => {
                self.remember(path);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn has(&self, path: &str) -> bool {
        self.paths().contains_key(path)
    }

    fn paths(&self) -> BTreeMap<String, Timestamp> {
        let mut paths: BTreeMap<String, Timestamp> = self.file.read().unwrap_or_default();
        paths.retain(|_, asked_at| cache::is_young(*asked_at));
        paths
    }

    fn remember(&self, path: String) {
        let mut paths = self.paths();
        paths.insert(path, Timestamp::now());
        self.file.write(&paths);
    }
}
