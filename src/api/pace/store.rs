//! The window's file: opened, locked, read, changed, written and let go in one short transaction. The lock is the
//! operating system's, so that it ends with the process that held it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use url::Url;

use super::window::Window;
use crate::private;

/// A file larger than this is not ours, or broken.
const LARGEST: u64 = 1 << 20;

/// Room for what a file usually holds, so that it is read at once.
const USUAL: usize = 1 << 13;

/// Between two tries for the lock; a transaction takes less.
const NAP: Duration = Duration::from_micros(200);

/// Files of local servers that were not touched for this long belong to none.
const LEFT_BEHIND: Duration = Duration::from_secs(3600);

/// Why a transaction did not happen.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Another process holds the lock.
    Busy,
    /// The file cannot be used at all.
    Broken(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Broken(error)
    }
}

/// The window's file of one API host.
#[derive(Debug)]
pub(super) struct Store {
    path: PathBuf,
}

impl Store {
    /// The file for `base`'s host and port below `dir`; made at its first use.
    pub(super) fn new(dir: &Path, base: &Url) -> Self {
        let host = base.host_str().unwrap_or_default();
        let port = base.port_or_known_default().unwrap_or_default();
        Self { path: dir.join(format!("pace-{}-{port}", sanitised(host))) }
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Changes the window under the lock, waiting for it no longer than `patience`.
    pub(super) fn transact<R>(
        &self,
        patience: Duration,
        change: impl FnOnce(&mut Window) -> R,
    ) -> Result<(R, Window), Trouble> {
        let mut file = self.open()?;
        lock(&file, patience)?;
        let mut bytes = Vec::with_capacity(USUAL);
        let read = (&file).take(LARGEST).read_to_end(&mut bytes)?;
        let mut window = Window::decode(&String::from_utf8_lossy(&bytes));
        let result = change(&mut window);
        let text = window.encode();
        // Written first and cut afterwards: a process killed in between leaves old lines, which are skipped or
        // count as requests that were made, and never an empty window.
        file.rewind()?;
        file.write_all(text.as_bytes())?;
        if text.len() < read {
            file.set_len(u64::try_from(text.len()).unwrap_or(LARGEST))?;
        }
        // Closing it lets go as well, so a failure here loses nothing.
        let _unlocked = file.unlock();
        Ok((result, window))
    }

    /// The window as it is; an empty one where there is no file.
    pub(super) fn peek(&self) -> io::Result<Window> {
        let open = |()| File::open(&self.path);
        let file = match self.path.parent().map_or(Ok(()), private::no_link).and_then(open) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Window::default()),
            opened => opened?,
        };
        let mut bytes = Vec::with_capacity(USUAL);
        // Half a line is skipped like any other that cannot be read.
        file.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(Window::decode(&String::from_utf8_lossy(&bytes)))
    }

    /// Opens the file, making it and its folder when they are not there.
    fn open(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        private::file(options.read(true).write(true));
        let dir = self.path.parent();
        dir.map_or(Ok(()), private::no_link)?;
        private::unlink(&self.path)?;
        match options.open(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                dir.map_or(Ok(()), private::make_inner_folder)?;
                let made = options.create(true).open(&self.path)?;
                if let Some(dir) = dir {
                    sweep(dir, made.metadata()?.modified()?);
                }
                Ok(made)
            }
            opened => opened,
        }
    }
}

/// A host as part of a file name on every system.
fn sanitised(host: &str) -> String {
    host.chars()
        .map(|c| match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || c == '.' || c == '-' => c,
            _ => '_',
        })
        .collect()
}

/// Takes the lock. It is never waited for inside the operating system, where a suspended process that holds it would
/// suspend this one too.
fn lock(file: &File, patience: Duration) -> Result<(), Trouble> {
    let asked = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error.into()),
            Err(TryLockError::WouldBlock) if asked.elapsed() >= patience => {
                return Err(Trouble::Busy);
            }
            Err(TryLockError::WouldBlock) => thread::sleep(NAP),
        }
    }
}

/// Removes what practice servers left behind, each of which had a port of its own. What time it is the file system says,
/// which has stamped the files.
fn sweep(dir: &Path, now: SystemTime) {
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let local = ["pace-127.", "pace-localhost-", "pace-___1_-"]
            .iter()
            .any(|start| name.to_string_lossy().starts_with(start));
        let age = entry
            .metadata()
            .and_then(|data| data.modified())
            .ok()
            .and_then(|modified| now.duration_since(modified).ok());
        if local && age.is_some_and(|age| age > LEFT_BEHIND) {
            // One that cannot be removed is in nobody's way.
            drop(fs::remove_file(entry.path()));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn store(dir: &Path) -> Store {
        Store::new(dir, &Url::parse("https://acme.syncromsp.com/api/v1").unwrap())
    }

    #[test]
    fn each_host_and_port_has_a_file_with_a_plain_name() {
        let name = |base: &str| {
            let store = Store::new(Path::new(""), &Url::parse(base).unwrap());
            store.path().to_string_lossy().into_owned()
        };
        assert_eq!(name("https://Acme.syncromsp.com/api/v1"), "pace-acme.syncromsp.com-443");
        assert_eq!(name("http://[::1]:8080/api/v1"), "pace-___1_-8080");
    }

    #[test]
    fn what_is_written_is_read_again_even_when_it_shrinks() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(&dir.path().join("not/yet"));
        let patience = Duration::ZERO;
        store.transact(patience, |w| w.block(u64::MAX)).unwrap();
        store.transact(patience, |w| w.answered(7, 3)).unwrap();
        let ((), before) = store.transact(patience, |_| ()).unwrap();
        store.transact(patience, |w| w.forget(7)).unwrap();
        let ((), after) = store.transact(patience, |_| ()).unwrap();
        assert!(before.encode().contains("slot 7 3 3"));
        assert!(!after.encode().contains("slot"));
    }

    #[test]
    fn a_broken_file_is_rebuilt() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        fs::write(store.path(), [0xff, 0xfe, 0, 10, 13].repeat(500)).unwrap();
        store.transact(Duration::ZERO, |w| w.answered(7, 3)).unwrap();
        let text = fs::read_to_string(store.path()).unwrap();
        assert_eq!(text, "syncro-pace 2\nslot 7 3 3\n");
    }

    #[test]
    fn a_held_lock_is_busy_and_not_a_hang() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        store.transact(Duration::ZERO, |_| ()).unwrap();
        let holder = File::open(store.path()).unwrap();
        holder.lock().unwrap();
        assert!(matches!(store.transact(Duration::from_millis(5), |_| ()), Err(Trouble::Busy)));
    }

    #[test]
    fn old_files_of_local_servers_are_swept() {
        let dir = tempfile::tempdir().unwrap();
        let old = SystemTime::now() - LEFT_BEHIND * 2;
        for name in ["pace-127.0.0.1-5", "pace-acme.syncromsp.com-443"] {
            let file = File::create(dir.path().join(name)).unwrap();
            file.set_modified(old).unwrap();
        }
        File::create(dir.path().join("pace-127.0.0.1-6")).unwrap();
        sweep(dir.path(), SystemTime::now());
        let mut left: Vec<_> =
            fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["pace-127.0.0.1-6", "pace-acme.syncromsp.com-443"]);
    }
}
