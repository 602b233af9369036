//! What is wanted of a sync, how far it is, and what came of it: values.

use jiff::Timestamp;
use serde::Serialize;

use super::kinds::Kind;
use super::store::Put;

/// What is to be read.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Everything anew, from its first page to its last.
    pub full: bool,
    /// Only these kinds.
    pub only: Option<Vec<Kind>>,
    /// What is closed and has not changed since is not kept; nothing for what was so before, at first 24 months.
    pub since: Option<Timestamp>,
    /// What is closed and has not changed since is dropped.
    pub keep: Option<Timestamp>,
    /// Whether patches are read, asset by asset.
    pub patches: bool,
    /// Statuses that count as closed.
    pub closed: Vec<String>,
    /// Whether the texts of comments are kept.
    pub bodies: bool,
}

impl Wishes {
    /// Whether a kind is to be read.
    pub(super) fn want(&self, kind: Kind) -> bool {
        let is_named = |only: &Vec<Kind>| only.contains(&kind);
        match kind {
            Kind::Patches => self.patches || self.only.as_ref().is_some_and(is_named),
            _ => self.only.as_ref().is_none_or(is_named),
        }
    }
}

/// How far a sync is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// What is being read.
    pub kind: Kind,
    /// Pages or tickets that are here.
    pub read: u64,
    /// How many there are.
    pub of: u64,
    /// How long the rest of them takes at least.
    pub left: std::time::Duration,
}

/// Watches a sync.
pub trait Watch {
    /// Called before each request whose place among others is known.
    fn step(&self, step: &Step);
}

/// What became of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcome {
    /// Which.
    pub kind: &'static str,
    /// Records that were not there before.
    pub new: u64,
    /// Those that had other contents.
    pub changed: u64,
    /// Those that are gone.
    pub gone: u64,
    /// Requests.
    pub requests: usize,
    /// Why it was not read, or not wholly.
    pub left_out: Option<String>,
    /// Whether that is a failure, and not how the account or the key is.
    pub failed: bool,
}

/// What became of the records of a page.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) new: u64,
    pub(super) changed: u64,
    pub(super) gone: u64,
}

impl Counts {
    pub(super) const fn add(&mut self, put: Put) {
        match put {
            Put::New => self.new += 1,
            Put::Changed => self.changed += 1,
            Put::Same => {}
        }
    }
}

impl Outcome {
    pub(super) const fn of(kind: Kind) -> Self {
        let kind = kind.name();
        Self { kind, new: 0, changed: 0, gone: 0, requests: 0, left_out: None, failed: false }
    }

    pub(super) const fn count(&mut self, put: Put) {
        let mut counts = Counts { new: 0, changed: 0, gone: 0 };
        counts.add(put);
        self.add(counts);
    }

    pub(super) const fn add(&mut self, counts: Counts) {
        self.new += counts.new;
        self.changed += counts.changed;
        self.gone += counts.gone;
    }
}
