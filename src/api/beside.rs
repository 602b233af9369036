//! A read that travels beside the first one of a process, whichever that is, and costs no trip of its own.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OnceCell;

use super::error::Error;
use super::resources::settings::AccountSettings;

/// Nobody waits longer for it: what it says is of use and not needed.
const PATIENCE: Duration = Duration::from_secs(3);

/// Is told what came of it.
type Keep = dyn Fn(&Result<AccountSettings, Error>) + Send + Sync;

/// The reading of them: the reader waits for it, and so it cannot name the reader's own futures.
pub(super) type Reading<'r> =
    Pin<Box<dyn Future<Output = Result<AccountSettings, Error>> + Send + 'r>>;

/// The account's settings, read once beside the first read that is made.
#[derive(Clone)]
pub struct Beside {
    /// Nothing where they could not be read.
    settings: Arc<OnceCell<Option<AccountSettings>>>,
    keep: Arc<Keep>,
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beside").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Beside {
    /// One that tells `keep` what came of it, before the read that it travels beside is answered.
    pub fn new(keep: impl Fn(&Result<AccountSettings, Error>) + Send + Sync + 'static) -> Self {
        Self { settings: Arc::default(), keep: Arc::new(keep) }
    }

    /// The settings, read as `reading` does unless they have been.
    pub(super) async fn read(&self, reading: Reading<'_>) -> Option<&AccountSettings> {
        let read = || async {
            let found = tokio::time::timeout(PATIENCE, reading).await.ok()?;
            (self.keep)(&found);
            found.ok()
        };
        self.settings.get_or_init(read).await.as_ref()
    }
}
