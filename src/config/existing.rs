//! What `init` starts from: the file that is there or will be, and what it says so far. Unlike `resolve`, it takes a file
//! that is missing, or that lacks account and key.

use std::path::PathBuf;

use url::Url;

use super::environment::Environment;
use super::file::{File, Layer};
use super::resolve::{assemble, expanded, read_file};
use super::subdomain::Account;
use super::{KeySource, LaborType, Overrides, Settings, keys};
use crate::api::ApiKey;
use crate::error::{Error, Result};

/// A configuration before it is set up.
#[derive(Debug)]
pub struct Existing {
    /// The file, which need not be there.
    pub path: PathBuf,
    /// Its text, if it is.
    pub text: Option<String>,
    /// `[profiles.NAME]`, if one is to be set up; it need not be there.
    pub profile: Option<String>,
    layer: Layer,
    /// Whether the key so far is the one that is set up, and not that of the whole file under a profile.
    has_own_key: bool,
}

impl Existing {
    /// Finds the file that the flags, the environment or the platform name, and reads it if it is there.
    ///
    /// # Errors
    /// Exit 10 when it is a folder, cannot be read, or is no configuration: `init` mends none.
    pub fn find(overrides: &Overrides, environment: &Environment) -> Result<Self> {
        let path = overrides
            .config
            .clone()
            .or_else(|| environment.config.clone())
            .or_else(|| environment.folders.default_config())
            .ok_or_else(|| {
                Error::configuration("no folder for the configuration").hint("use --config FILE")
            })?;
        if path.is_dir() {
            let shown = path.display();
            return Err(Error::configuration(format!(
                "{shown} is a folder, not a configuration file"
            ))
            .hint(format!("use a file in it: {}", path.join("config.toml").display())));
        }
        let profile = overrides
            .profile
            .clone()
            .or_else(|| environment.profile.clone())
            .filter(|name| !name.is_empty());
        let text = path.exists().then(|| read_file(&path)).transpose()?;
        let (mut layer, mut has_own_key) = (Layer::default(), profile.is_none());
        if let Some(text) = &text {
            let file = File::read(&path.display().to_string(), text)
                .map_err(|error| error.hint("fix that first, or use another file with --config"))?;
            let over = profile.as_deref().and_then(|name| file.profile(name).ok().cloned());
            has_own_key |= over.as_ref().is_some_and(|over| over.key.is_some());
            layer = file.base.overlaid(over.unwrap_or_default());
        }
        Ok(Self { path, text, profile, layer, has_own_key })
    }

    /// The account so far.
    #[must_use]
    pub const fn account(&self) -> Option<&Account> {
        self.layer.account.as_ref()
    }

    /// The user so far.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.layer.user.as_deref()
    }

    /// Whether there is a time zone already.
    #[must_use]
    pub const fn has_timezone(&self) -> bool {
        self.layer.timezone.is_some()
    }

    /// Whether there is a folder of session logs already.
    #[must_use]
    pub const fn has_session_logs(&self) -> bool {
        self.layer.session_logs.is_some()
    }

    /// The labor types so far.
    pub fn labor(&self) -> impl Iterator<Item = &LaborType> {
        self.layer.labor.iter().map(|labor| &labor.meaning)
    }

    /// The key so far, which is sent to the account that the file names and to no other host.
    #[must_use]
    pub fn key_for(&self, account: &Account, environment: &Environment) -> Option<KeySource> {
        let is_its_host = environment.base_url.is_none() && self.account() == Some(account);
        let key = self.layer.key.clone().filter(|_| is_its_host)?;
        Some(expanded(key, environment, self.path.parent()))
    }

    /// The file that the key has been in so far, if it has been in one: a profile's own, for a profile.
    #[must_use]
    pub fn key_file(&self, environment: &Environment) -> Option<PathBuf> {
        let key = self.layer.key.clone().filter(|_| self.has_own_key)?;
        match expanded(key, environment, self.path.parent()) {
            KeySource::File(path) => Some(path),
            _ => None,
        }
    }

    /// Settings with which the account can be asked before the file is written.
    ///
    /// # Errors
    /// Exit 10 when there is no folder for the pacing.
    pub fn settings(&self, environment: &Environment, base: Url, key: ApiKey) -> Result<Settings> {
        let mut settings = assemble(self.layer.clone(), environment, self.path.parent())?;
        settings.profile.clone_from(&self.profile);
        settings.base = Some(base);
        settings.key = KeySource::Given(key);
        settings.extra_ca.clone_from(&environment.ssl_cert_file);
        Ok(settings)
    }
}

/// A key as it was typed or handed over: the first line of a text in UTF-8, or UTF-16 as PowerShell writes it.
///
/// # Errors
/// Why it is no key, to follow what it came from.
pub fn key_of(bytes: &[u8]) -> Result<ApiKey, &'static str> {
    keys::text_line(bytes).and_then(|line| keys::checked(&line))
}
