//! What a command gets of the mirror: where it is. It is not opened here, and nothing that writes to the account can.

use std::io;

use super::Context;
use crate::error::{Error, Result};
use crate::mirror::{Budget, Place};

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
        Ok(self.transport()?.mark(salt, &self.base_name()?))
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
