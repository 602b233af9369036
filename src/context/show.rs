//! What a command gets that only shows: the account itself, or with `--offline` what is kept of it. Whatever plans, guards or
//! writes takes [`Context::reader`], which never reads what is kept, and which a command does not get that is offline.

use jiff::Timestamp;

use super::Context;
use crate::api::Reader;
use crate::error::Result;

impl Context {
    /// The reader of a command that shows what it reads, and does nothing else with it.
    ///
    /// # Errors
    /// As for [`Context::reader`]; offline exit 3 where nothing is kept of the account.
    pub fn reader_to_show(&self) -> Result<Reader> {
        #[cfg(feature = "offline")]
        if self.run.offline {
            return self.reader_of_kept();
        }
        self.reader()
    }

    /// Whether what is shown is what is kept, and nothing is asked.
    #[must_use]
    pub const fn is_offline(&self) -> bool {
        self.run.offline
    }

    /// When that was read which has been shown of what is kept: the server's clock at the oldest reading.
    #[must_use]
    pub fn mirrored_at(&self) -> Option<Timestamp> {
        self.kept.get()?.as_of()
    }

    /// From when on closed records are among what has been shown of what is kept; nothing where all of them are.
    #[must_use]
    pub fn mirrored_from(&self) -> Option<Timestamp> {
        self.kept.get()?.closed_from()
    }
}
