//! The request log: one line of JSON for each request, for tests and for the curious.
//!
//! Keys never get into it. A line is written when the answer is ready, when a hang begins, or
//! when the client has left.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde_json::{Value, json};

use crate::private;

/// The log of one server; without a file it keeps nothing.
#[derive(Debug)]
pub(super) struct Log {
    started: Instant,
    file: Option<Mutex<File>>,
}

impl Log {
    pub(super) fn open(path: Option<&Path>) -> io::Result<Arc<Self>> {
        let file = match path {
            Some(path) => {
                if let Some(folder) = path.parent() {
                    private::make_folder(folder)?;
                }
                let mut options = OpenOptions::new();
                let opened = private::file(options.create(true).append(true)).open(path);
                let file = opened.map_err(|error| {
                    let what = format!("cannot write the log {}: {error}", path.display());
                    io::Error::new(error.kind(), what)
                })?;
                Some(Mutex::new(file))
            }
            None => None,
        };
        Ok(Arc::new(Self { started: Instant::now(), file }))
    }

    fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// One request's line, written once: by `finish`, or when it is dropped.
#[derive(Debug)]
pub(super) struct Entry {
    log: Arc<Log>,
    started: u64,
    written: bool,
    pub(super) number: u64,
    pub(super) connection: u64,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) user: Option<i64>,
    pub(super) status: Option<u16>,
    pub(super) fault: Option<String>,
    pub(super) applied: bool,
    pub(super) body: Value,
    pub(super) cache_control: Option<String>,
}

impl Entry {
    pub(super) fn new(log: &Arc<Log>, number: u64, connection: u64) -> Self {
        Self {
            log: Arc::clone(log),
            started: log.micros(),
            written: false,
            number,
            connection,
            method: String::new(),
            path: String::new(),
            query: String::new(),
            user: None,
            status: None,
            fault: None,
            applied: false,
            body: Value::Null,
            cache_control: None,
        }
    }

    /// Writes the line, with one call, so that lines never mix.
    pub(super) fn finish(&mut self) {
        if std::mem::replace(&mut self.written, true) {
            return;
        }
        let Some(file) = &self.log.file else {
            return;
        };
        let line = json!({
            "n": self.number,
            "started_us": self.started,
            "ended_us": self.log.micros(),
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "user": self.user,
            "status": self.status,
            "fault": self.fault,
            "applied": self.applied,
            "body": self.body,
            "cache_control": self.cache_control,
            "conn": self.connection,
        });
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        // A log that cannot be written must not change what the server answers.
        let _written = file.write_all(format!("{line}\n").as_bytes()).and_then(|()| file.flush());
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.finish();
    }
}
