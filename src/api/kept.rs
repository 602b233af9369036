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

    /// The server's clock at the oldest reading of what has been answered; nothing where that is nothing yet.
    fn as_of(&self) -> Option<Timestamp>;

    /// From when on what is closed is kept of what has been answered; nothing where all of it is.
    fn closed_from(&self) -> Option<Timestamp>;
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
