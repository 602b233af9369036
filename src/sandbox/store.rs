//! The state on disk: one JSON file, shared by all servers that are given the same folder.
//!
//! Every visit holds an OS lock, so that two terminals practising at once see each other's
//! writes; a process that dies lets go of it. `revision` is bumped before the file is replaced,
//! so that a server knows when its copy is stale without reading the whole file again.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;

use super::options::Options;
use super::seed::{self, First};
use super::state::State;
use crate::private;

const STATE: &str = "state.json";
const LOCK: &str = "state.lock";

#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    revision: u64,
    length: u64,
    modified: Option<SystemTime>,
}

/// The folder of the state and the copy last read from it.
#[derive(Debug)]
pub(super) struct Store {
    dir: PathBuf,
    lock: File,
    known: Option<Stamp>,
    state: State,
    /// Given to a new account.
    first: First,
}

impl Store {
    /// Opens the folder, making it and the first day's state where they are missing.
    pub(super) fn open(dir: &Path, first: First) -> io::Result<Self> {
        private::make_folder(dir)?;
        private::unlink(&dir.join(LOCK))?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let lock = private::file(&mut options).open(dir.join(LOCK))?;
        let mut store =
            Self { dir: dir.to_owned(), lock, known: None, state: State::default(), first };
        store.visit(|_| ())?;
        Ok(store)
    }

    /// Lends the current state, and writes it back if it was changed.
    pub(super) fn visit<T>(&mut self, work: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        self.lock.lock()?;
        let done = self.visit_locked(work);
        // Unlocking also happens when the file is closed, so a failure here loses nothing.
        let _unlocked = self.lock.unlock();
        done
    }

    fn visit_locked<T>(&mut self, work: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        let revision = self.revision()?;
        if self.known.is_none() || self.known != self.stamp(revision) {
            self.read(revision)?;
        }
        let done = work(&mut self.state);
        if self.state.take_changed() {
            self.write(revision)?;
        }
        Ok(done)
    }

    /// Puts the first day's state back.
    fn start_over(&mut self) -> io::Result<()> {
        self.lock.lock()?;
        self.state = seed::first_day(Timestamp::now(), self.first);
        self.state.take_changed();
        let done = self.revision().and_then(|revision| self.write(revision));
        let _unlocked = self.lock.unlock();
        done
    }

    fn read(&mut self, revision: u64) -> io::Result<()> {
        let path = self.dir.join(STATE);
        let found = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        let older = std::mem::take(&mut self.state);
        let sound =
            found.as_deref().and_then(|text| State::read(text, older).ok()).filter(State::is_sound);
        if let Some(state) = sound {
            self.state = state;
            self.known = self.stamp(revision);
            return Ok(());
        }
        if found.is_some() {
            fs::rename(&path, self.aside())?;
        }
        self.state = seed::first_day(Timestamp::now(), self.first);
        self.state.take_changed();
        self.write(revision)
    }

    /// Returns a name that is free for a damaged state file.
    fn aside(&self) -> PathBuf {
        let mut count = 1_u32;
        loop {
            let path = self.dir.join(format!("state.damaged-{count}.json"));
            if !path.exists() {
                return path;
            }
            count += 1;
        }
    }

    fn write(&mut self, revision: u64) -> io::Result<()> {
        let revision = revision + 1;
        self.known = None;
        self.lock.seek(SeekFrom::Start(0))?;
        self.lock.write_all(format!("{revision:020}").as_bytes())?;
        let bytes = self.state.spell()?;
        let new = self.dir.join("state.new");
        private::anew(&new, &bytes)?;
        fs::rename(&new, self.dir.join(STATE))?;
        self.known = self.stamp(revision);
        Ok(())
    }

    fn revision(&mut self) -> io::Result<u64> {
        let mut digits = String::new();
        self.lock.seek(SeekFrom::Start(0))?;
        self.lock.read_to_string(&mut digits)?;
        Ok(digits.trim().parse().unwrap_or(0))
    }

    /// Returns how the file looks from outside; nothing when it is not there.
    fn stamp(&self, revision: u64) -> Option<Stamp> {
        let metadata = fs::metadata(self.dir.join(STATE)).ok()?;
        Some(Stamp { revision, length: metadata.len(), modified: metadata.modified().ok() })
    }
}

/// Puts the practice account back to its first day; with `slipped`, one case of each finding of the reports is in it.
///
/// Servers that are running on the folder see it with their next request.
pub fn reset(dir: &Path, slipped: bool) -> io::Result<()> {
    Store::open(dir, Options { slipped, ..Options::new(dir) }.first())?.start_over()
}
