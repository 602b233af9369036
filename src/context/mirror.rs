//! What a command gets of the mirror: where it is, and with `--offline` a reader of it. Nothing that writes to the account
//! can open it.

use std::io;
use std::sync::Arc;

use super::Context;
use crate::api::{Kept, Observer, Reader};
use crate::error::{Error, Kind, Result};
use crate::mirror::{Answers, Budget, Place, Store};

impl Context {
    /// The folder of the mirrors.
    #[must_use]
    pub fn mirrors(&self) -> Place {
        Place::new(&self.settings.state_dir)
    }

    /// What this account's mirror is called; nothing where no mirror was ever made.
    ///
    /// # Errors
    /// Exit 10 when key or address are missing or wrong, or the folder cannot be read.
    pub fn mirror(&self) -> Result<Option<String>> {
        let salt = self.mirrors().salt().map_err(|error| self.no_mirrors(&error))?;
        salt.map(|salt| self.called(&salt)).transpose()
    }

    /// The same, and it may be made.
    ///
    /// # Errors
    /// As for [`Context::mirror`].
    pub fn mirror_to_write(&self) -> Result<String> {
        let salt = self.mirrors().salted().map_err(|error| self.no_mirrors(&error))?;
        self.called(&salt)
    }

    fn called(&self, salt: &[u8]) -> Result<String> {
        let base = self.base_name()?;
        match self.run.offline {
            true => Ok(self.settings.key.read()?.mark(salt, &base)),
            // The key may come from a program, which is run once.
            false => Ok(self.transport()?.mark(salt, &base)),
        }
    }

    /// The mirror, opened to answer reads in the server's place.
    ///
    /// # Errors
    /// Exit 3 where there is none; exit 10 when key or address are missing or wrong.
    fn kept(&self) -> Result<&Arc<dyn Kept>> {
        if let Some(kept) = self.kept.get() {
            return Ok(kept);
        }
        let name = self.mirror()?;
        let store = name.map(|name| Store::look(&self.mirrors(), &name)).transpose()?.flatten();
        let Some(store) = store else {
            return Err(Error::new(Kind::NotFound, "nothing of this account is in the mirror")
                .next("sync", "copy it"));
        };
        let kept: Arc<dyn Kept> =
            Arc::new(Answers::new(store, self.settings.tickets.closed.clone())?);
        Ok(self.kept.get_or_init(|| kept))
    }

    /// A reader of what is kept. What the command needs of the account's settings is read with its first read.
    ///
    /// # Errors
    /// As for [`Context::kept`].
    pub(super) fn reader_of_kept(&self) -> Result<Reader> {
        let kept = Arc::clone(self.kept()?);
        let observer: Arc<dyn Observer> = Arc::new(self.ui.clone());
        let reader = Reader::of_kept(kept, observer);
        let facts = self.account_facts()?;
        Ok(if self.run.needs_facts { facts.beside(reader) } else { reader })
    }

    /// What a sync may use of the rate window.
    ///
    /// # Errors
    /// As for [`Context::base`].
    pub fn sync_budget(&self) -> Result<Budget> {
        let settings = &self.settings;
        let share = settings.mirror.requests(settings.rate.requests);
        Ok(Budget::new(self.pace(), self.base()?, settings.write.timeout, share))
    }

    fn no_mirrors(&self, error: &io::Error) -> Error {
        let folder = self.mirrors();
        let folder = folder.folder().display();
        Error::configuration(format!("cannot use the mirror's folder {folder}: {error}"))
    }
}
