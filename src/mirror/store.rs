//! The mirror's file: records, what is known of each kind, and the indexes of names and of what was said. What is written
//! together is one transaction, so that the file is whole whenever the program ends.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension as _, Transaction, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::kinds::Kind;
use super::place::{PATIENCE, Place};
use super::row::{Row, moment};
use crate::error::{Error, Kind as Failure, Result};

/// What makes a file of each version of one of the version before.
const MIGRATIONS: [&str; 1] = [include_str!("schema.sql")];

/// An open mirror.
pub struct Store {
    db: Connection,
    path: PathBuf,
    /// Held as long as this may write.
    _lock: Option<File>,
}

/// What became of a record that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It was not there, or was gone.
    New,
    /// It was there, with other contents.
    Changed,
    /// It was there as it is.
    Same,
}

/// What is known of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Which.
    pub kind: &'static str,
    /// How many records there are.
    pub records: u64,
    /// How many are known to be gone.
    pub gone: u64,
    /// The server's clock when it was read last, to its end.
    pub read_at: Option<Timestamp>,
    /// The same when it was last seen whether anything was deleted.
    pub swept_at: Option<Timestamp>,
    /// The next page of a run that was cut off.
    pub unfinished: Option<u64>,
}

impl Store {
    /// Opens the mirror of that name for writing, and makes it where there is none. One that is broken is put aside, and
    /// where it is now is returned.
    ///
    /// # Errors
    /// Exit 5 while another process writes it, exit 10 for one that a newer program has made.
    pub fn open(place: &Place, name: &str) -> Result<(Self, Option<PathBuf>)> {
        let lock = place.lock(name).map_err(|error| unusable(place.folder(), &error))?;
        let Some(lock) = lock else {
            return Err(Error::refused("another `sync` of this account is running")
                .hint("wait until it is done"));
        };
        let path = place.make(name).map_err(|error| unusable(place.folder(), &error))?;
        match Self::attempt(&path, true) {
            Ok(store) => Ok((Self { _lock: Some(lock), ..store }, None)),
            Err(Trouble::Broken(_)) => {
                let remade = place.set_aside(name).and_then(|aside| Ok((place.make(name)?, aside)));
                let (path, aside) = remade.map_err(|error| unusable(place.folder(), &error))?;
                let store = Self::attempt(&path, true).map_err(|trouble| trouble.told(&path))?;
                Ok((Self { _lock: Some(lock), ..store }, Some(aside)))
            }
            Err(trouble) => Err(trouble.told(&path)),
        }
    }

    /// Opens the mirror of that name to read it; nothing where there is none, or one that was not begun.
    ///
    /// # Errors
    /// Exit 10 for one that a newer program has made, exit 1 for one that cannot be read.
    pub fn look(place: &Place, name: &str) -> Result<Option<Self>> {
        if !place.has(name) {
            return Ok(None);
        }
        let path = place.file(name);
        match Self::attempt(&path, false) {
            Ok(store) => Ok(Some(store)),
            Err(Trouble::Older(0)) => Ok(None),
            Err(trouble) => Err(trouble.told(&path)),
        }
    }

    fn attempt(path: &Path, writes: bool) -> Result<Self, Trouble> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut db = Connection::open_with_flags(path, flags)?;
        db.busy_timeout(PATIENCE)?;
        // Contents that were deleted are overwritten, in the file as in the indexes.
        db.pragma_update(None, "secure_delete", true)?;
        db.pragma_update(None, "synchronous", "NORMAL")?;
        let version: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
        if version > known {
            return Err(Trouble::Newer(version));
        }
        if writes {
            let _mode: String =
                db.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
            let check: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if check != "ok" {
                return Err(Trouble::Broken(check));
            }
            migrate(&mut db, version)?;
        } else if version < known {
            return Err(Trouble::Older(version));
        }
        Ok(Self { db, path: path.to_owned(), _lock: None })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its connection, for what only reads.
    pub(super) const fn db(&self) -> &Connection {
        &self.db
    }

    /// What an error of the library comes to.
    pub(super) fn told(&self, error: rusqlite::Error) -> Error {
        Trouble::from(error).told(&self.path)
    }

    /// Does all of `work`, or nothing of it.
    pub(super) fn together<R>(
        &mut self,
        work: impl FnOnce(&Pen<'_>) -> rusqlite::Result<R>,
    ) -> Result<R> {
        let path = &self.path;
        let told = |error| Trouble::from(error).told(path);
        let pen = Pen(self.db.transaction().map_err(told)?);
        let result = work(&pen).map_err(told)?;
        pen.0.commit().map_err(told)?;
        Ok(result)
    }

    /// Puts what was written lately into the file itself: what it had before is nowhere then. Says whether it could; not while
    /// another process reads, which is not waited for.
    pub(super) fn checkpoint(&self) -> Result<bool> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let at_once = self.db.busy_timeout(Duration::ZERO);
        let busy = at_once.and_then(|()| self.db.query_row(sql, [], |row| row.get(0)));
        let busy = self.db.busy_timeout(PATIENCE).and(busy);
        busy.map(|busy: i64| busy == 0).map_err(|error| self.told(error))
    }

    /// What is known of an account or a kind; nothing where it is not known, or cannot be read.
    pub(super) fn known<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>> {
        known(&self.db, key).map_err(|error| self.told(error))
    }

    /// Whether any record of a kind is there.
    pub(super) fn has_any(&self, kind: Kind) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM rec WHERE kind = ? AND gone IS NULL)";
        self.db.query_row(sql, [kind.name()], |row| row.get(0)).map_err(|error| self.told(error))
    }

    /// How the kinds stand.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn status(&self) -> Result<Vec<Status>> {
        Kind::ALL.into_iter().map(|kind| self.status_of(kind)).collect()
    }

    fn status_of(&self, kind: Kind) -> Result<Status> {
        let sql =
            "SELECT count(*) FILTER (WHERE gone IS NULL), count(gone) FROM rec WHERE kind = ?";
        let counts = self.db.query_row(sql, [kind.name()], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))
        });
        let (records, gone) = counts.map_err(|error| self.told(error))?;
        let run: Option<serde_json::Value> = self.known(&key(kind, RUN))?;
        Ok(Status {
            kind: kind.name(),
            records: records.unsigned_abs(),
            gone: gone.unsigned_abs(),
            read_at: self.known(&key(kind, READ))?,
            swept_at: self.provenance(&[kind])?.map(|of| of.swept),
            unfinished: run.and_then(|run| run["page"].as_u64()),
        })
    }
}

/// Where the server's clock stood at the first page of the last run of a kind that came to its end.
pub(super) const READ: &str = "read";
/// The same of the last run that read the whole list.
pub(super) const SWEPT: &str = "swept";
/// A run that has not come to its end.
pub(super) const RUN: &str = "run";
/// From when on records of a kind are kept.
pub(super) const HORIZON: &str = "horizon";
/// Whose key it is.
pub(super) const ME: &str = "me";
/// Why a kind is not read.
pub(super) const LACKS: &str = "lacks";
/// That texts of comments are still to come back.
pub(super) const TEXTS: &str = "comments.lack_texts";
/// By which rules all is kept.
pub(super) const RULES: &str = "rules";
/// That what they cut down may still be in the file.
pub(super) const UNSETTLED: &str = "unsettled";

/// Under which name something is known of a kind.
pub(super) fn key(kind: Kind, what: &str) -> String {
    format!("{}.{what}", kind.name())
}

/// What is known under that name.
fn known<T: DeserializeOwned>(db: &Connection, key: &str) -> rusqlite::Result<Option<T>> {
    let sql = "SELECT value FROM meta WHERE key = ?";
    let found: Option<String> = db.query_row(sql, [key], |row| row.get(0)).optional()?;
    Ok(found.and_then(|text| serde_json::from_str(&text).ok()))
}

/// What writes in one transaction.
pub(super) struct Pen<'a>(Transaction<'a>);

impl Pen<'_> {
    /// Its connection.
    pub(super) fn db(&self) -> &Connection {
        &self.0
    }

    /// As [`Store::known`].
    pub(super) fn known<T: DeserializeOwned>(&self, key: &str) -> rusqlite::Result<Option<T>> {
        known(&self.0, key)
    }

    /// Keeps what is known.
    pub(super) fn know<T: Serialize>(&self, key: &str, value: &T) -> rusqlite::Result<()> {
        let text = serde_json::to_string(value)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        self.0.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", params![key, text]).map(drop)
    }

    /// Knows it no more.
    pub(super) fn unlearn(&self, key: &str) -> rusqlite::Result<()> {
        self.0.execute("DELETE FROM meta WHERE key = ?", [key]).map(drop)
    }

    /// Whether a record of this kind and id is there.
    pub(super) fn has(&self, kind: Kind, id: i64) -> rusqlite::Result<bool> {
        let sql = "SELECT 1 FROM rec WHERE kind = ? AND id = ?";
        Ok(self.0.query_row(sql, params![kind.name(), id], |_| Ok(())).optional()?.is_some())
    }

    /// Keeps a record in the place of what was kept of it. One that came as a part of another record only takes the place
    /// of what is older: a part may have fewer fields.
    pub(super) fn put(&self, row: &Row, seen: Timestamp, is_part: bool) -> rusqlite::Result<Put> {
        let sql = "SELECT rowid, json, updated_at, gone FROM rec WHERE kind = ? AND id = ?";
        let found = self.0.query_row(sql, params![row.kind.name(), row.id], |found| {
            let same_json = found.get_ref(1)?.as_str()? == row.json;
            let same_age = found.get::<_, Option<String>>(2)? == row.updated_at;
            let is_gone = found.get::<_, Option<String>>(3)?.is_some();
            let is_same = if is_part { same_json || same_age } else { same_json && same_age };
            Ok((found.get::<_, i64>(0)?, is_same, is_gone))
        });
        let seen = moment(seen);
        let (place, put) = match found.optional()? {
            Some((place, true, false)) => {
                self.0.execute("UPDATE rec SET seen = ? WHERE rowid = ?", params![seen, place])?;
                return Ok(Put::Same);
            }
            Some((place, _, is_gone)) => {
                self.unindex(place, row.kind, row.id)?;
                (place, if is_gone { Put::New } else { Put::Changed })
            }
            None => {
                let sql = "INSERT INTO rec (kind, id, json, seen) VALUES (?, ?, '', '')";
                self.0.execute(sql, params![row.kind.name(), row.id])?;
                (self.0.last_insert_rowid(), Put::New)
            }
        };
        let sql = "UPDATE rec SET number = ?, customer_id = ?, ticket_id = ?, user_id = ?, updated_at = ?, \
                   state = ?, json = ?, seen = ?, gone = NULL WHERE rowid = ?";
        let Row { number, customer_id, ticket_id, user_id, updated_at, state, json, .. } = row;
        let values =
            params![number, customer_id, ticket_id, user_id, updated_at, state, json, seen, place];
        self.0.execute(sql, values)?;
        self.index(place, row)?;
        Ok(put)
    }

    pub(super) fn index(&self, place: i64, row: &Row) -> rusqlite::Result<()> {
        if !row.names.is_empty() {
            let sql = "INSERT INTO fts_names (rowid, names) VALUES (?, ?)";
            self.0.execute(sql, params![place, row.names])?;
        }
        if let Some((subject, body)) = &row.said {
            let sql = "INSERT INTO fts_said (rowid, subject, body) VALUES (?, ?, ?)";
            self.0.execute(sql, params![row.id, subject, body])?;
        }
        Ok(())
    }

    pub(super) fn unindex(&self, place: i64, kind: Kind, id: i64) -> rusqlite::Result<()> {
        match kind {
            Kind::Comments => self.0.execute("DELETE FROM fts_said WHERE rowid = ?", [id]),
            _ => self.0.execute("DELETE FROM fts_names WHERE rowid = ?", [place]),
        }
        .map(drop)
    }

    /// The run under way has seen a record. Says whether it has for the first time.
    pub(super) fn sweep(&self, kind: Kind, id: i64) -> rusqlite::Result<bool> {
        let sql = "INSERT OR IGNORE INTO swept VALUES (?, ?)";
        Ok(self.0.execute(sql, params![kind.name(), id])? > 0)
    }

    /// A run begins that reads all, or its end has come.
    pub(super) fn forget_sweep(&self, kind: Kind) -> rusqlite::Result<()> {
        self.0.execute("DELETE FROM swept WHERE kind = ?", [kind.name()]).map(drop)
    }

    /// How many records the sweep under way has seen.
    pub(super) fn swept(&self, kind: Kind) -> rusqlite::Result<u64> {
        let sql = "SELECT count(*) FROM swept WHERE kind = ?";
        self.0.query_row(sql, [kind.name()], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
    }

    /// The records of a kind that a sweep has not seen are gone.
    pub(super) fn gone_unswept(&self, kind: Kind, at: Timestamp) -> rusqlite::Result<u64> {
        let sql = "SELECT id FROM rec WHERE kind = ?1 AND gone IS NULL \
                   AND id NOT IN (SELECT id FROM swept WHERE kind = ?1)";
        self.all_gone(kind, &self.ids(sql, params![kind.name()])?, at)
    }

    /// The records of a kind on a ticket that are not among these are gone.
    pub(super) fn gone_beside(
        &self,
        kind: Kind,
        ticket: i64,
        there: &[i64],
        at: Timestamp,
    ) -> rusqlite::Result<u64> {
        let sql = "SELECT id FROM rec WHERE kind = ? AND ticket_id = ? AND gone IS NULL";
        let mut ids = self.ids(sql, params![kind.name(), ticket])?;
        ids.retain(|id| !there.contains(id));
        self.all_gone(kind, &ids, at)
    }

    /// The records of a kind are gone of which the other one has none of that id.
    pub(super) fn gone_without(
        &self,
        kind: Kind,
        of: Kind,
        at: Timestamp,
    ) -> rusqlite::Result<u64> {
        let sql = "SELECT id FROM rec WHERE kind = ? AND gone IS NULL \
                   AND id NOT IN (SELECT id FROM rec WHERE kind = ? AND gone IS NULL)";
        self.all_gone(kind, &self.ids(sql, params![kind.name(), of.name()])?, at)
    }

    pub(super) fn ids(
        &self,
        sql: &str,
        values: &[&dyn rusqlite::ToSql],
    ) -> rusqlite::Result<Vec<i64>> {
        let mut statement = self.0.prepare(sql)?;
        statement.query_map(values, |row| row.get(0))?.collect()
    }

    fn all_gone(&self, kind: Kind, ids: &[i64], at: Timestamp) -> rusqlite::Result<u64> {
        for id in ids {
            self.gone(kind, *id, at)?;
        }
        Ok(u64::try_from(ids.len()).unwrap_or(u64::MAX))
    }

    /// A record is gone, and what is part of it.
    pub(super) fn gone(&self, kind: Kind, id: i64, at: Timestamp) -> rusqlite::Result<()> {
        let sql =
            "UPDATE rec SET gone = ? WHERE kind = ? AND id = ? AND gone IS NULL RETURNING rowid";
        let place: Option<i64> = self
            .0
            .query_row(sql, params![moment(at), kind.name(), id], |row| row.get(0))
            .optional()?;
        place.map_or(Ok(()), |place| self.unindex(place, kind, id))?;
        if kind == Kind::Tickets {
            self.gone(Kind::Details, id, at)?;
            for part in [Kind::Comments, Kind::Timers] {
                self.gone_beside(part, id, &[], at)?;
            }
        }
        Ok(())
    }
}

/// Makes the file one of the newest version, a version a transaction.
fn migrate(db: &mut Connection, version: i64) -> Result<(), Trouble> {
    let from = usize::try_from(version).unwrap_or_default();
    for (index, sql) in MIGRATIONS.iter().enumerate().skip(from) {
        let change = db.transaction()?;
        change.execute_batch(sql)?;
        change.pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or_default())?;
        change.commit()?;
    }
    Ok(())
}

/// Why a file cannot be used.
enum Trouble {
    /// A newer program has made it.
    Newer(i64),
    /// An older one has; of version 0 there is nothing in it yet.
    Older(i64),
    /// It is no such file, or a damaged one.
    Broken(String),
    /// Anything else: a full disk, say.
    Failed(rusqlite::Error),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Broken(error.to_string())
            }
            _ => Self::Failed(error),
        }
    }
}

impl Trouble {
    fn told(self, path: &Path) -> Error {
        let path = path.display();
        match self {
            Self::Newer(version) => Error::configuration(format!(
                "the mirror {path} is of version {version}, which a newer syncro has made"
            ))
            .next("sync --forget", "remove it, and begin a new one"),
            Self::Older(_) => {
                Error::new(Failure::Failure, format!("the mirror {path} is of an older syncro"))
                    .next("sync", "bring it up to date")
            }
            Self::Broken(why) => {
                Error::new(Failure::Failure, format!("the mirror {path} is broken: {why}"))
                    .next("sync", "put it aside, and begin a new one")
            }
            Self::Failed(why) => {
                Error::new(Failure::Failure, format!("cannot use the mirror {path}: {why}"))
            }
        }
    }
}

/// What the file system has against the mirror's folder.
fn unusable(folder: &Path, error: &io::Error) -> Error {
    Error::configuration(format!("cannot use the mirror's folder {}: {error}", folder.display()))
}
