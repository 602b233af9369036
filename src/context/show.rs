//! What a command gets that only shows: the account itself, or with `--offline` what is kept of it. Whatever plans, guards or
//! writes takes [`Context::reader`], which never reads what is kept, and which a command does not get that is offline.

use jiff::Timestamp;

use super::Context;
use crate::api::{Provenance, Reader};
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

    /// What is known of what has been shown of what is kept.
    #[must_use]
    pub fn provenance(&self) -> Option<Provenance> {
        self.kept.get()?.provenance()
    }

    /// From when on closed records are among it; nothing where all of them are.
    #[must_use]
    pub fn mirrored_from(&self) -> Option<Timestamp> {
        self.provenance()?.closed_from
    }
}
