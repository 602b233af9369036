//! The journal: one file a plan, written before anything is sent, so that the next run knows what this one did even
//! if the power goes in between. Lines are checksummed and synced; a torn last line is dropped, which leaves the state
//! before it: an intent that was not wholly written was not sent, and any other lost record means a look.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::plan::{Plan, PlanId};
use super::reasons::Warning;
use super::state::{Clock, StepState};
use super::step::Request;
pub use super::story::{Entry, Known, Unread};
use super::story::{FORMAT, Story, line, parse, read, without_secrets};
use crate::error::{Error, Result};
use crate::private;

/// How long closed plans are kept.
const KEEP: Duration = Duration::from_secs(30 * 24 * 3600);

/// The journal's folder.
#[derive(Debug, Clone)]
pub struct Journals {
    dir: PathBuf,
}

/// A plan's open file, locked for this process.
#[derive(Debug)]
pub struct Journal {
    file: File,
    path: PathBuf,
}

/// A story, or why it cannot be told.
#[derive(Debug)]
pub enum Found {
    /// A plan that is not closed.
    Pending(Box<Story>),
    /// Another process is carrying it out right now.
    Busy(PlanId),
    /// A file that this version cannot read.
    Unreadable {
        /// Which.
        id: PlanId,
        /// Why.
        why: Unread,
    },
}

/// The last line, if it is whole; closing lines are short.
fn last_entry(file: &mut File) -> Option<Entry> {
    const TAIL: u64 = 1024;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).ok()?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail).ok()?;
    parse(tail.split_inclusive(|byte| *byte == b'\n').next_back()?)
}

/// Why the journal cannot be used.
#[derive(Debug)]
pub enum JournalError {
    /// The disk does not let this be done with a file or folder.
    Io(Doing, PathBuf, io::Error),
    /// There is no plan of this name.
    NoPlan(PlanId),
    /// A plan's file cannot be understood.
    Unread(PlanId, Unread),
}

/// What is done with a file or folder of the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It is made.
    Make,
    /// It is opened.
    Open,
    /// It is locked.
    Lock,
    /// It is read.
    Read,
    /// It is written.
    Write,
    /// It is flushed to the disk.
    Sync,
    /// It is renamed.
    SetAside,
}

/// The same as the command's failure.
fn cannot(doing: Doing, path: &Path, error: io::Error) -> Error {
    JournalError::Io(doing, path.to_owned(), error).into()
}

impl Journals {
    /// The journal in `state_dir`. Nothing is made before it is needed.
    pub fn new(state_dir: &Path) -> Self {
        Self { dir: state_dir.join("journal") }
    }

    fn path(&self, id: &PlanId) -> PathBuf {
        self.dir.join(format!("{id}.jsonl"))
    }

    /// Writes `plan` down, synced together with its folder, and keeps it locked. The folder too, since a file that has no
    /// name after a power cut is no journal: its intents would be lost, and the next run would send again.
    ///
    /// # Errors
    /// Exit 10: nothing may be sent then.
    pub fn begin(&self, plan: &Plan) -> Result<Journal> {
        // The parent is where a new folder's own entry lives.
        let made = private::make_inner_folder(&self.dir)
            .and_then(|()| self.dir.parent().map_or(Ok(()), private::sync_folder));
        made.map_err(|error| cannot(Doing::Make, &self.dir, error))?;
        self.forget_old();
        let path = self.path(&plan.id);
        let open =
            private::file(OpenOptions::new().read(true).append(true).create_new(true)).open(&path);
        let file = open.map_err(|error| cannot(Doing::Write, &path, error))?;
        file.lock().map_err(|error| cannot(Doing::Lock, &path, error))?;
        let mut journal = Journal { file, path };
        journal.note(&Entry::Planned { format: FORMAT, plan: Box::new(plan.clone()) })?;
        private::sync_folder(&self.dir).map_err(|error| cannot(Doing::Sync, &self.dir, error))?;
        Ok(journal)
    }

    /// Opens the journal of a plan to go on with it; `None` when another process has it.
    ///
    /// # Errors
    /// Exit 10 when it cannot be opened, read or understood.
    pub fn reopen(&self, id: &PlanId) -> Result<Option<(Journal, Story)>> {
        let path = self.path(id);
        let open = private::file(OpenOptions::new().read(true).write(true)).open(&path);
        let mut file = open.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => JournalError::NoPlan(id.clone()).into(),
            _ => cannot(Doing::Open, &path, error),
        })?;
        if file.try_lock().is_err() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| cannot(Doing::Read, &path, error))?;
        let (story, sound) = read(&bytes).map_err(|why| JournalError::Unread(id.clone(), why))?;
        // A torn tail would swallow the next line.
        let mend = file.set_len(sound).and_then(|()| file.seek(SeekFrom::End(0)));
        mend.map_err(|error| cannot(Doing::Write, &path, error))?;
        Ok(Some((Journal { file, path }, story)))
    }

    /// Whether the plan's file is there but tells nothing.
    pub fn is_unreadable(&self, id: &PlanId) -> bool {
        match fs::read(self.path(id)) {
            Ok(bytes) => read(&bytes).is_err(),
            Err(error) => error.kind() != io::ErrorKind::NotFound,
        }
    }

    /// Puts a file that cannot be read out of the way, under a name that is no plan's.
    ///
    /// # Errors
    /// Exit 3 when there is none of this name, exit 10 when it cannot be renamed.
    pub fn set_aside(&self, id: &PlanId) -> Result<()> {
        let path = self.path(id);
        fs::rename(&path, path.with_extension("discarded"))
            .map_err(|error| cannot(Doing::SetAside, &path, error))
    }

    /// All plans that are not closed, oldest first.
    ///
    /// # Errors
    /// Exit 10 when the folder cannot be read.
    pub fn pending(&self) -> Result<Vec<Found>> {
        let entries = match private::no_link(&self.dir).and_then(|()| fs::read_dir(&self.dir)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(cannot(Doing::Read, &self.dir, error)),
        };
        let mut ids: Vec<PlanId> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".jsonl").map(|id| PlanId(id.to_owned())))
            .collect();
        ids.sort();
        let (mut found, mut superseded) = (Vec::new(), Vec::new());
        for id in ids {
            let (one, replaced) = self.glance(id);
            found.extend(one);
            superseded.extend(replaced);
        }
        found.retain(
            |one| !matches!(one, Found::Pending(story) if superseded.contains(&story.plan.id)),
        );
        Ok(found)
    }

    /// When a request was last sent to an account, or may have been, if that is no longer ago than `within`. Of a file that
    /// cannot be read nothing is known.
    pub fn last_sent(
        &self,
        base: &str,
        request: &Request,
        now: Clock,
        within: Duration,
    ) -> Option<Timestamp> {
        let entries = fs::read_dir(&self.dir).ok()?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let plans = paths.filter(|path| path.extension().is_some_and(|end| end == "jsonl"));
        let stories = plans.filter_map(|path| Some(read(&fs::read(path).ok()?).ok()?.0));
        let sent = stories.filter(|story| {
            let mut steps = story.plan.steps.iter().zip(&story.states);
            story.plan.account.base == base
                && now.since(story.last) <= within
                && steps.any(|(step, state)| {
                    request.repeats(&step.request) && *state != StepState::NotSent
                })
        });
        sent.map(|story| story.last.server.unwrap_or(story.last.here)).max()
    }

    /// What a file tells, unless its plan is closed or was never begun; and the plan that it replaced. Closed plans are told
    /// by their last line, so that a month of them costs next to nothing.
    fn glance(&self, id: PlanId) -> (Option<Found>, Option<PlanId>) {
        let mut file = match File::open(self.path(&id)) {
            Ok(file) => file,
            // Somebody has put it away since the folder was read.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return (None, None),
            // It may be another user's: what cannot be opened is not nothing.
            Err(error) => {
                return (Some(Found::Unreadable { id, why: Unread::Io(error.to_string()) }), None);
            }
        };
        // A shared lock is refused while its process lives; our own handle is closed before anyone appends.
        if file.try_lock_shared().is_err() {
            return (Some(Found::Busy(id)), None);
        }
        if let Some(Entry::Closed { supersedes, .. }) = last_entry(&mut file) {
            return (None, supersedes);
        }
        let mut bytes = Vec::new();
        let whole = file.seek(SeekFrom::Start(0)).and_then(|_| file.read_to_end(&mut bytes));
        if let Err(error) = whole {
            return (Some(Found::Unreadable { id, why: Unread::Io(error.to_string()) }), None);
        }
        match read(&bytes) {
            // A file that ends before its first line is whole: the plan was never begun, so nothing was sent.
            Err(Unread::Empty) => (None, None),
            Err(why) => (Some(Found::Unreadable { id, why }), None),
            Ok((story, _)) if story.closed.is_some() || !story.is_unfinished() => (None, None),
            Ok((story, _)) => {
                let replaced = story.plan.supersedes.clone();
                (Some(Found::Pending(Box::new(story))), replaced)
            }
        }
    }

    /// Removes plans older than a month that are closed or never sent anything. Never fatal: old files harm nobody.
    fn forget_old(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return;
        };
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            let is_old = fs::metadata(&path)
                .and_then(|meta| meta.modified())
                .is_ok_and(|at| at.elapsed().is_ok_and(|age| age > KEEP));
            let is_closed = is_old
                && fs::read(&path).is_ok_and(|bytes| {
                    read(&bytes).is_ok_and(|(story, _)| story.closed.is_some() || !story.begun)
                });
            if is_closed {
                fs::remove_file(&path).unwrap_or_default();
            }
        }
    }
}

impl Journal {
    /// Appends one line and flushes it to the disk, before whatever the line speaks of happens or is relied on.
    ///
    /// # Errors
    /// Exit 10. Whoever has already sent something makes an exit 6 of it.
    pub fn note(&mut self, entry: &Entry) -> Result<()> {
        let json = serde_json::to_string(entry)
            .map_err(|error| cannot(Doing::Write, &self.path, io::Error::other(error)))?;
        let line = line(&json);
        self.file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data())
            .map_err(|error| cannot(Doing::Write, &self.path, error))
    }

    /// Notes the last line of a plan, and cuts the secrets out of its file, which stays for a month and that nobody resumes
    /// any more. The new file takes the old one's place at once: whatever happens meanwhile, one of the two is whole. A plan
    /// that was never begun keeps them until it is forgotten. Says where they stay, where they cannot be cut out of it.
    ///
    /// # Errors
    /// Exit 10 where it is not closed.
    pub fn close(mut self, last: &Entry) -> Result<Option<Warning>> {
        self.note(last)?;
        let path = self.path.clone();
        Ok(self.cut().err().map(|_| Warning::KeepsSecrets(path)))
    }

    fn cut(mut self) -> io::Result<()> {
        let mut bytes = Vec::new();
        self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.read_to_end(&mut bytes))?;
        // Not every file system of Windows lets the place of a file be taken that is open. It is closed by its last line, and
        // nobody goes on with it.
        drop(self.file);
        let Some(cut) = without_secrets(&bytes) else {
            return Ok(());
        };
        let fresh = self.path.with_extension("cut");
        let mut file = private::file(OpenOptions::new().write(true).create(true).truncate(true))
            .open(&fresh)?;
        file.write_all(&cut)?;
        file.sync_data()?;
        fs::rename(&fresh, &self.path)?;
        // Or a power cut brings the old one back.
        self.path.parent().map_or(Ok(()), private::sync_folder)
    }
}
