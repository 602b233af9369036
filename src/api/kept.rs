//! What answers reads in the server's place: what is kept of an account on this machine. The room knows how to ask, and
//! not who keeps it.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::ask::Ask;
use super::error::Error;
use super::observe::Observer;
use super::part::Part;
use super::transport::Transport;

/// What is kept of an account.
pub trait Kept: Send + Sync {
    /// The body that the server has for this, as it was when it was kept; never one that has more records than are asked for.
    ///
    /// # Errors
    /// [`Error::NotKept`] for a record that is not there, [`Error::NotMirrored`] for what is not kept at all.
    fn answer(&self, asked: &Asked<'_>) -> Result<Value, Error>;

    /// What is known of all that has been answered; nothing where that is nothing yet.
    fn provenance(&self) -> Option<Provenance>;
}

/// How old an answer is that was kept, and what of the account it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provenance {
    /// The server's clock when the oldest part was read.
    pub as_of: Timestamp,
    /// The same when it was last seen whether anything was deleted.
    pub swept: Timestamp,
    /// Whether older records may have changed since then as well.
    pub lacks_changes: bool,
    /// Whether texts of comments are not kept, or have not all come back since they are.
    pub lacks_texts: bool,
    /// From when on what is closed is kept; nothing where all of it is.
    pub closed_from: Option<Timestamp>,
    /// What a sync is told, so that it reads the oldest part again; mostly nothing.
    pub again: &'static str,
}

impl Provenance {
    /// From when on what was deleted may be in it; nothing where it is as the account was.
    #[must_use]
    pub fn deleted_since(&self) -> Option<Timestamp> {
        (self.swept < self.as_of).then_some(self.swept)
    }

    /// What is known of an answer that was made of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let older = if other.as_of < self.as_of { other } else { self };
        Self {
            swept: self.swept.min(other.swept),
            lacks_changes: self.lacks_changes || other.lacks_changes,
            lacks_texts: self.lacks_texts || other.lacks_texts,
            closed_from: self.closed_from.max(other.closed_from),
            ..older
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The path below the base.
    pub path: &'a str,
    /// What the query says.
    pub query: Vec<Param<'a>>,
    /// What of each record is enough; all of it without one.
    pub part: Option<Part>,
}

/// A parameter of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Param<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What it says.
    pub value: &'a str,
    /// Whether the reader leaves out what it does not want of the answer by itself.
    pub is_fitted: bool,
}

impl Ask {
    /// The same for whoever answers from what is kept.
    pub(super) fn asked(&self) -> Asked<'_> {
        let query = self.query.iter().map(|(name, value)| Param {
            name,
            value,
            is_fitted: self.fitted.contains(name),
        });
        // What is wanted of a list is judged by the whole of a record.
        let part = self.part.filter(|_| !self.is_judged);
        Asked { path: &self.path, query: query.collect(), part }
    }
}

impl Asked<'_> {
    /// Method and path, for messages.
    #[must_use]
    pub fn what(&self) -> String {
        format!("GET {}", self.path)
    }
}

/// Where a reader reads.
#[derive(Clone)]
pub(super) enum Source {
    /// At the server.
    Server(Arc<Transport>),
    /// Among what is kept; nothing is sent.
    Kept(Arc<dyn Kept>, Arc<dyn Observer>),
}

impl Source {
    /// Whoever watches.
    pub(super) fn observer(&self) -> &dyn Observer {
        match self {
            Self::Server(transport) => transport.observer(),
            Self::Kept(_, observer) => observer.as_ref(),
        }
    }

    /// The way to the server, where there is one.
    pub(super) fn server(&self) -> Option<&Arc<Transport>> {
        match self {
            Self::Server(transport) => Some(transport),
            Self::Kept(..) => None,
        }
    }
}
