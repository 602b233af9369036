//! One writer of a configuration at a time: a lock beside the file, from its reading to the renaming of what takes its
//! place. It goes with its process, however that ends, and its file with it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// Another writer is waited for no longer.
const WAIT: Duration = Duration::from_secs(10);

/// It is looked at so often.
const LOOK: Duration = Duration::from_millis(5);

/// A file that nobody else writes until this is dropped.
#[derive(Debug)]
pub(super) struct FileLock {
    _file: File,
    #[cfg(unix)]
    path: PathBuf,
}

impl FileLock {
    /// Takes the lock on a file. Where its folder is not there yet, nobody can have written one.
    ///
    /// # Errors
    /// Exit 5 when another process has it for long, exit 10 when the folder cannot be written.
    pub(super) fn take(target: &Path) -> Result<Option<Self>> {
        let path = beside(target);
        let since = Instant::now();
        loop {
            match Self::attempt(&path) {
                Ok(Some(lock)) => return Ok(Some(lock)),
                Ok(None) if since.elapsed() > WAIT => {
                    let name = target.display();
                    return Err(Error::refused(format!("another syncro is writing {name}"))
                        .nothing_written()
                        .hint("finish it there, then run this command again"));
                }
                Ok(None) => sleep(LOOK),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => {
                    let why = super::keys::in_words(error.kind());
                    let name = path.display();
                    return Err(Error::configuration(format!("cannot lock {name}: {why}"))
                        .nothing_written());
                }
            }
        }
    }

    /// The lock, unless somebody has it. A file that was removed while it was waited for is nobody's lock.
    #[cfg(unix)]
    fn attempt(path: &Path) -> io::Result<Option<Self>> {
        use std::fs::{TryLockError, symlink_metadata};
        use std::os::unix::fs::MetadataExt as _;

        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = crate::private::file(&mut options).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let held = file.metadata()?;
        let is_there = symlink_metadata(path)
            .is_ok_and(|there| (there.dev(), there.ino()) == (held.dev(), held.ino()));
        Ok(is_there.then(|| Self { _file: file, path: path.to_owned() }))
    }

    /// The lock, unless somebody has it: a file that nobody else can open, and that the system removes.
    #[cfg(windows)]
    fn attempt(path: &Path) -> io::Result<Option<Self>> {
        use std::os::windows::fs::OpenOptionsExt as _;

        const DELETE_ON_CLOSE: u32 = 0x0400_0000;
        const SHARING_VIOLATION: i32 = 32;
        const ACCESS_DENIED: i32 = 5;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        match options.share_mode(0).custom_flags(DELETE_ON_CLOSE).open(path) {
            Ok(file) => Ok(Some(Self { _file: file })),
            // Denied, too, while the one before is being removed.
            Err(error)
                if matches!(error.raw_os_error(), Some(SHARING_VIOLATION | ACCESS_DENIED)) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(unix)]
impl Drop for FileLock {
    fn drop(&mut self) {
        // While it is locked: whoever waits for it sees that it is gone.
        std::fs::remove_file(&self.path).unwrap_or_default();
    }
}

/// The lock of a file, where the file itself is.
fn beside(target: &Path) -> PathBuf {
    let target = std::fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    let name = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
    target.with_file_name(format!(".{name}.lock"))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        let path = beside(&file);
        let lock = FileLock::take(&file).unwrap().unwrap();
        assert!(FileLock::attempt(&path).unwrap().is_none());
        drop(lock);
        assert!(!path.exists());
        let lock = FileLock::attempt(&path).unwrap();
        assert!(lock.is_some());
        drop(lock);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        assert!(FileLock::take(&folder.path().join("gone/config.toml")).unwrap().is_none());
    }
}
