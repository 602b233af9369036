//! The reading half of the API: GETs, retried, paged, unwrapped. It cannot write.

use std::sync::Arc;

use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::request::{Get, List, Record};
use super::transport::Transport;

/// A whole list, and whether it is complete.
#[derive(Debug, Clone)]
pub struct Listing<T> {
    /// The records, repeated ids dropped, in the server's order.
    pub items: Vec<Record<T>>,
    /// What the server says there are in all, when it says so.
    pub total: Option<u64>,
}

/// Reads; cheap to clone.
#[derive(Clone)]
pub struct Reader {
    #[expect(dead_code, reason = "stub")]
    transport: Arc<Transport>,
}

impl Reader {
    /// A reader over `transport`.
    #[must_use]
    pub const fn new(transport: Arc<Transport>) -> Self {
        Self { transport }
    }

    /// Reads one object.
    ///
    /// # Errors
    /// See [`Error`]; retries are used up by then.
    pub async fn get<T: DeserializeOwned>(&self, _get: Get<T>) -> Result<Record<T>, Error> {
        Err(Error::Setup("stub".into()))
    }

    /// Reads a whole list: page one, then the rest side by side.
    ///
    /// # Errors
    /// See [`Error`]; one page that cannot be read fails the list, since half a list proves no absence.
    pub async fn all<T: DeserializeOwned>(&self, _list: List<T>) -> Result<Listing<T>, Error> {
        Err(Error::Setup("stub".into()))
    }

    /// The server's clock at its latest answer, from its `Date` header.
    #[must_use]
    pub fn server_date(&self) -> Option<Timestamp> {
        None
    }
}
