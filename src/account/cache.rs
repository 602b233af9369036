//! Small JSON files in the state folder that spare requests. None of them is needed: one that is missing, broken or of
//! another shape is an empty one, and one that cannot be written is done without.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::private;

/// So long is what may change believed.
const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether what was read then is believed still.
pub(super) fn is_young(read_at: Timestamp) -> bool {
    is_within(read_at, KEPT_FOR)
}

/// Whether that was not longer ago.
pub(super) fn is_within(read_at: Timestamp, longest: Duration) -> bool {
    let age = Timestamp::now().duration_since(read_at);
    !age.is_negative() && age.unsigned_abs() < longest
}

/// Removes the files called `what`, whosever they are, and says how many there were.
///
/// # Errors
/// Those of the file system; that there is none is no error.
pub(super) fn remove_all(state_dir: &Path, what: &str) -> io::Result<usize> {
    let entries = match fs::read_dir(state_dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        entries => entries?,
    };
    let mut files = 0;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.strip_prefix(what).is_some_and(|rest| rest.starts_with('-')) {
            fs::remove_file(path)?;
            files += 1;
        }
    }
    Ok(files)
}

/// One such file.
#[derive(Debug, Clone)]
pub(super) struct CacheFile {
    path: PathBuf,
    /// Whether what is learned is not kept: it may be old.
    is_unkept: bool,
}

impl CacheFile {
    /// The file called `what` for `whose` (a host, perhaps a profile) in `state_dir`.
    pub(super) fn new(state_dir: &Path, what: &str, whose: &str) -> Self {
        let whose: String = whose
            .chars()
            .map(|c| match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '.' => c,
                _ => '-',
            })
            .collect();
        Self { path: state_dir.join(format!("{what}-{whose}.json")), is_unkept: false }
    }

    /// The same, into which nothing is written.
    pub(super) fn unkept(self) -> Self {
        Self { is_unkept: true, ..self }
    }

    /// What it holds.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let bytes = fs::read(&self.path).ok()?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Puts `value` in the place of what it held.
    pub(super) fn write<T: Serialize>(&self, value: &T) {
        if self.is_unkept {
            return;
        }
        let Ok(json) = serde_json::to_vec(value) else {
            return;
        };
        // Renamed into place, so that a second process never reads half a file.
        let fresh = self.path.with_extension(format!("{}.tmp", std::process::id()));
        let parent = self.path.parent().unwrap_or_else(|| Path::new("."));
        let written = private::make_folder(parent)
            .and_then(|()| private::anew(&fresh, &json))
            .and_then(|()| fs::rename(&fresh, &self.path));
        if written.is_err() {
            fs::remove_file(&fresh).unwrap_or_default();
        }
    }
}
