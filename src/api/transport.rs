//! The one file that names the HTTP library: builds the client, adds the key, sends, and says what came of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::key::ApiKey;
use super::observe::Observer;
use super::pace::Pace;

/// How the key travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// `?api_key=…`, the default.
    Query,
    /// `Authorization: Bearer …`.
    Bearer,
}

/// Everything that a connection to one account needs.
#[derive(Debug, Clone)]
pub struct Connection {
    /// `https://acme.syncromsp.com/api/v1`, without a slash at its end.
    pub base: Url,
    /// The key.
    pub key: ApiKey,
    /// How the key travels.
    pub auth: Auth,
    /// A further certificate authority to trust.
    pub ca_file: Option<PathBuf>,
    /// `SSL_CERT_FILE`, added to the system's store.
    pub extra_ca: Option<PathBuf>,
    /// The limit of one request.
    pub timeout: Duration,
    /// Where the shared request window is kept, and how large it is.
    pub pace: Pace,
}

/// A connection pool with its pacing; cheap to share.
pub struct Transport {
    #[expect(dead_code, reason = "stub")]
    connection: Connection,
    #[expect(dead_code, reason = "stub")]
    observer: Arc<dyn Observer>,
}

impl Transport {
    /// Builds the client. No request is made.
    ///
    /// # Errors
    /// When a CA file cannot be read.
    pub fn new(connection: Connection, observer: Arc<dyn Observer>) -> Result<Self, super::Error> {
        Ok(Self {
            connection,
            observer,
        })
    }
}
