//! What a practice server is started with.

use std::path::PathBuf;

use jiff::civil::Date;

use super::fault::Fault;
use super::rate::Rate;
use super::seed::First;

/// Options of a practice server.
#[derive(Clone, Debug)]
pub struct Options {
    /// The folder of the state; servers that share it share the account.
    pub dir: PathBuf,
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// Faults to strike requests with.
    pub faults: Vec<Fault>,
    /// Limit on requests in a window of time.
    pub rate: Rate,
    /// Log file: one line of JSON for each request.
    pub log: Option<PathBuf>,
    /// Entries on a page of a list; comments have their own size.
    pub list_page: usize,
    /// The first day of a new account, around which its records lie: the last working day, unless a test wants its
    /// dates to be always the same.
    pub first_day: Option<Date>,
    /// Whether a new account has one case of each finding of the reports.
    pub slipped: bool,
    /// How many tickets of the years before a new account has.
    pub history: u32,
}

impl Options {
    /// Returns the server's ordinary behaviour, on any free port.
    ///
    /// For tests, `SYNCRO_SANDBOX_TODAY` names the first day, as `2026-03-17`; an unreadable value is ignored.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: dir.into(),
            port: 0,
            faults: Vec::new(),
            rate: Rate::default(),
            log: None,
            list_page: 25,
            slipped: false,
            history: 0,
            first_day: std::env::var("SYNCRO_SANDBOX_TODAY").ok().and_then(|day| day.parse().ok()),
        }
    }

    /// What a new account is like.
    pub(super) const fn first(&self) -> First {
        First { day: self.first_day, slipped: self.slipped, history: self.history }
    }
}
