//! Where the mirrors are: a folder of the state folder that only its owner can enter. A file is called by an account's
//! address and key under a salt that is kept beside it, so that its name tells neither and another key begins anew.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::private;

/// The file of the salt.
const SALT: &str = "salt";

/// The folder of the mirrors.
#[derive(Debug, Clone)]
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// The one below a state folder. Nothing is made yet.
    #[must_use]
    pub fn new(state_dir: &Path) -> Self {
        Self { folder: state_dir.join("mirror") }
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The salt; nothing where no mirror was ever made.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn salt(&self) -> io::Result<Option<Vec<u8>>> {
        private::no_link(&self.folder)?;
        let mut salt = Vec::new();
        let mut options = OpenOptions::new();
        match private::file(options.read(true)).open(self.folder.join(SALT)) {
            Ok(mut file) => file.read_to_end(&mut salt)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        // One that a full disk cut short names nothing.
        Ok(Some(salt).filter(|salt| salt.len() == SALT_BYTES))
    }

    /// The salt, made where there is none.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn salted(&self) -> io::Result<Vec<u8>> {
        if let Some(salt) = self.salt()? {
            return Ok(salt);
        }
        private::make_inner_folder(&self.folder)?;
        let mut salt = vec![0; SALT_BYTES];
        let random = SystemRandom::new();
        random
            .fill(&mut salt)
            .map_err(|_| io::Error::other("this system has no random numbers"))?;
        // Put in place whole: of two that make one, both use the one that is there in the end.
        let fresh = self.folder.join(format!("{SALT}.{}.tmp", std::process::id()));
        private::anew(&fresh, &salt)?;
        fs::rename(&fresh, self.folder.join(SALT))?;
        private::sync_folder(&self.folder)?;
        self.salt()?.ok_or_else(|| io::Error::other("the salt cannot be read back"))
    }

    /// The file of that name.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.db"))
    }

    /// Whether there is a mirror of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        fs::symlink_metadata(self.file(name)).is_ok_and(|there| there.is_file())
    }

    /// Makes the file of that name, unless it is there: the library would make one that others can read.
    pub(super) fn make(&self, name: &str) -> io::Result<PathBuf> {
        private::make_inner_folder(&self.folder)?;
        let path = self.file(name);
        let mut options = OpenOptions::new();
        private::file(options.write(true).create(true).truncate(false)).open(&path)?;
        Ok(path)
    }

    /// The only writer of the file of that name, until it is dropped; nothing where there is another one. What is there can
    /// be read by its owner alone then.
    pub(super) fn lock(&self, name: &str) -> io::Result<Option<File>> {
        private::make_inner_folder(&self.folder)?;
        private::close(&self.folder);
        self.files()?.iter().for_each(|path| private::close(path));
        let mut options = OpenOptions::new();
        private::file(options.write(true).create(true).truncate(false));
        let mut file = options.open(self.folder.join(format!("{name}.lock")))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        file.set_len(0)?;
        writeln!(file, "{}", std::process::id())?;
        Ok(Some(file))
    }

    /// Puts a broken file aside and says where it is; what belongs to it goes.
    pub(super) fn set_aside(&self, name: &str) -> io::Result<PathBuf> {
        let aside = self.folder.join(format!("{name}.broken"));
        fs::rename(self.file(name), &aside)?;
        for end in ["wal", "shm"] {
            removed(&self.folder.join(format!("{name}.db-{end}")))?;
        }
        Ok(aside)
    }

    /// Removes all mirrors, broken ones and the salt with them, and says how many files there were. The salt goes first:
    /// without it a sync that runs stops, and is waited for.
    ///
    /// # Errors
    /// Those of the file system, and of a sync that does not stop; what was removed before stays removed.
    pub fn forget(&self) -> io::Result<usize> {
        private::no_link(&self.folder)?;
        let salts = usize::from(removed(&self.folder.join(SALT))?);
        for lock in
            self.files()?.iter().filter(|path| path.extension().is_some_and(|end| end == "lock"))
        {
            until_free(lock)?;
        }
        let files = self.files()?;
        for path in &files {
            removed(path)?;
        }
        match fs::remove_dir(&self.folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(salts + files.len()),
        }
    }

    /// The files that are there.
    fn files(&self) -> io::Result<Vec<PathBuf>> {
        match fs::read_dir(&self.folder) {
            Ok(entries) => entries.map(|entry| entry.map(|entry| entry.path())).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

/// Comes to an end when a mirror is to be removed.
pub(super) async fn forgotten(mirror: &Path) {
    let salt = mirror.with_file_name(SALT);
    while !matches!(fs::exists(&salt), Ok(false)) {
        tokio::time::sleep(GLANCE).await;
    }
}

/// Waits until nobody holds a lock.
fn until_free(lock: &Path) -> io::Result<()> {
    let file = private::file(OpenOptions::new().write(true)).open(lock)?;
    let until = Instant::now() + PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(GLANCE),
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::other("a sync is running, and does not stop"));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// Removes a file, and says whether it was there.
fn removed(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}

/// Another process is waited for so long.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// So often it is looked whether something is there.
const GLANCE: Duration = Duration::from_millis(100);

/// As long as what the name is made with.
const SALT_BYTES: usize = 32;
