//! What `init`, `config` and `logout` start from: the file that is there or will be, and what it says so far. Unlike
//! `resolve`, it takes a file that is missing, or that lacks account and key.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::environment::Environment;
use super::file::{File, Layer};
use super::layers::Layers;
use super::lock::FileLock;
use super::resolve::{assemble, config_file, expanded, host, read_file};
use super::source::nearest;
use super::subdomain::Account;
use super::{KeySource, LaborType, Overrides, Settings, change, keys, store};
use crate::api::ApiKey;
use crate::error::{Error, Result};
use crate::hosts;

/// A configuration before it is set up.
#[derive(Debug, Clone)]
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
    /// Kept to the end by whoever asks nothing between reading and writing.
    lock: Option<Arc<FileLock>>,
}

/// Whom key and texts go to, as a configuration says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recipients {
    /// The host that the key is sent to.
    pub key: Option<String>,
    /// The hosts beyond this machine that texts are sent to for a draft.
    pub drafts: Vec<String>,
}

impl Existing {
    /// Finds the file that the flags, the environment or the platform name, and reads it if it is there.
    ///
    /// # Errors
    /// Exit 10 when it is a folder, cannot be read, or is no configuration: `init` mends none.
    pub fn find(overrides: &Overrides, environment: &Environment) -> Result<Self> {
        let path = place(overrides, environment)?;
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
        let found = Self {
            path,
            text,
            profile: None,
            layer: Layer::default(),
            has_own_key: true,
            lock: None,
        };
        found.of(profile.as_deref())
    }

    /// The same file, for one of its profiles or for none.
    ///
    /// # Errors
    /// Exit 10 when it is no configuration.
    pub fn of(&self, profile: Option<&str>) -> Result<Self> {
        let file = self.file();
        let file =
            file.map_err(|error| error.hint("fix that first, or use another file with --config"))?;
        let over = profile.and_then(|name| file.profile(name).ok().cloned());
        let has_own_key = profile.is_none() || over.as_ref().is_some_and(|over| over.key.is_some());
        let layer = file.base.overlaid(over.unwrap_or_default());
        let profile = profile.map(str::to_owned);
        Ok(Self { profile, layer, has_own_key, ..self.clone() })
    }

    /// The same file for nobody in particular, and for each profile that has a key of its own.
    ///
    /// # Errors
    /// None after [`Existing::find`].
    pub fn with_keys(&self) -> Result<Vec<Self>> {
        let file = self.file()?;
        let own = file.profiles.iter().filter(|(_, layer)| layer.key.is_some());
        let names = own.map(|(name, _)| Some(name.as_str()));
        std::iter::once(None).chain(names).map(|name| self.of(name)).collect()
    }

    /// The same, where a file or a profile that is named must be there.
    ///
    /// # Errors
    /// As for [`Existing::find`], and exit 10 when one is not there.
    pub fn there(overrides: &Overrides, environment: &Environment) -> Result<Self> {
        config_file(overrides, environment)?;
        let found = Self::find(overrides, environment)?;
        if let Some(profile) = &found.profile {
            found.file()?.profile(profile)?;
        }
        Ok(found)
    }

    /// The same for whoever changes it: nobody else does until then, where `is_sure` says that nobody is asked.
    ///
    /// # Errors
    /// As for [`Existing::there`], and exit 5 while another process writes it.
    pub fn to_change(
        overrides: &Overrides,
        environment: &Environment,
        is_sure: bool,
    ) -> Result<Self> {
        let lock = match is_sure {
            true => FileLock::take(&place(overrides, environment)?)?.map(Arc::new),
            false => None,
        };
        Ok(Self { lock, ..Self::there(overrides, environment)? })
    }

    /// What errors call the file.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn file(&self) -> Result<File> {
        self.text
            .as_ref()
            .map_or_else(|| Ok(File::default()), |text| File::read(&self.name(), text))
    }

    /// What it says, with what lies above and below it.
    ///
    /// # Errors
    /// None after [`Existing::find`].
    pub fn layers(&self, environment: &Environment) -> Result<Layers> {
        let text = self.text.as_deref().unwrap_or_default();
        Layers::read(&self.name(), text, self.profile.as_deref(), environment)
    }

    /// Its text with one setting changed, or taken out; in the profile, if one is chosen.
    ///
    /// # Errors
    /// Exit 10 when it would be no configuration then; the error names no file.
    pub fn changed(&self, key: &str, new: Option<toml_edit::Value>) -> Result<String> {
        change::changed(self.text.as_deref(), self.profile.as_deref(), key, new)
    }

    /// The same with another text.
    #[must_use]
    pub fn with(&self, text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..self.clone() }
    }

    /// Writes another text in its place, if it is still as it was read.
    ///
    /// # Errors
    /// Exit 5 when it is not, 10 when it cannot be written.
    pub fn write(&self, text: &str) -> Result<()> {
        let _lock = match self.lock {
            Some(_) => None,
            None => FileLock::take(&self.path)?,
        };
        let now = self.path.exists().then(|| read_file(&self.path)).transpose()?;
        if now != self.text {
            return Err(Error::refused(format!("{} has changed meanwhile", self.name()))
                .nothing_written()
                .hint("run the command again to see the changes"));
        }
        store::write_configuration(&self.path, text)
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
        match self.stored_key(environment)? {
            KeySource::File(path) => Some(path),
            _ => None,
        }
    }

    /// The stored key of the profile, or of the file where none is chosen; not that of the environment.
    #[must_use]
    pub fn stored_key(&self, environment: &Environment) -> Option<KeySource> {
        let key = self.layer.key.clone().filter(|_| self.has_own_key)?;
        Some(expanded(key, environment, self.path.parent()))
    }

    /// The profiles that have a key that is kept there, or have it as the file's own; nothing for the file itself.
    ///
    /// # Errors
    /// None after [`Existing::find`].
    pub fn others_with(
        &self,
        key: &KeySource,
        environment: &Environment,
    ) -> Result<Vec<Option<String>>> {
        let file = self.file()?;
        let is_there = |layer: &Layer| {
            let other = layer.key.clone().map(|key| expanded(key, environment, self.path.parent()));
            match (key, other) {
                (KeySource::File(one), Some(KeySource::File(other))) => *one == other,
                (KeySource::Keyring(one), Some(KeySource::Keyring(other))) => *one == other,
                _ => false,
            }
        };
        let is_of_file = self.profile.is_none() || is_there(&file.base);
        let base = (self.profile.is_some() && is_of_file).then_some(None);
        let is_its = |layer: &Layer| is_there(layer) || (is_of_file && layer.key.is_none());
        let profiles = file
            .profiles
            .iter()
            .filter(|(name, layer)| self.profile.as_ref() != Some(name) && is_its(layer));
        Ok(base.into_iter().chain(profiles.map(|(name, _)| Some(name.clone()))).collect())
    }

    /// Whom key and texts go to.
    ///
    /// # Errors
    /// None after [`Existing::find`].
    pub fn recipients(&self) -> Result<Recipients> {
        let file = self.file()?;
        let over = self.profile.as_deref().and_then(|name| file.profile(name).ok().cloned());
        let layer = file.base.overlaid(over.unwrap_or_default());
        let account = layer.account.and_then(|account| account.base().ok());
        let urls = layer.draft_urls.unwrap_or_default();
        let far = urls.iter().filter(|url| !hosts::is_here(url));
        Ok(Recipients {
            key: account.as_ref().map(hosts::name),
            drafts: far.map(hosts::name).collect(),
        })
    }

    /// That a file is there which a setting is to name.
    ///
    /// # Errors
    /// Exit 2, with what may have been meant.
    pub fn has_file(&self, key: &str, typed: &str, environment: &Environment) -> Result<()> {
        let path = environment.folders.expand(typed, self.path.parent());
        if path.is_file() {
            return Ok(());
        }
        let error = Error::usage(format!("{key}: there is no file {}", path.display()));
        let here = std::path::absolute(typed).ok().filter(|here| here.is_file());
        let near = || {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let entries = std::fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
            let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            let names: Vec<String> = names.collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Some(path.with_file_name(nearest(path.file_name()?.to_str()?, &names)?))
        };
        Err(match here.or_else(near) {
            Some(near) => error.hint(format!("did you mean {}?", near.display())),
            None => error,
        })
    }

    /// Settings for what sends nothing: without the key, and perhaps without an account.
    ///
    /// # Errors
    /// Exit 10 when there is no folder for the state.
    pub fn offline(&self, environment: &Environment) -> Result<Settings> {
        let mut settings = assemble(self.layer.clone(), environment, self.path.parent())?;
        settings.profile.clone_from(&self.profile);
        settings.base = host(&self.layer, environment, false).ok();
        Ok(settings)
    }

    /// Settings with which the account can be asked before the file is written.
    ///
    /// # Errors
    /// Exit 10 when there is no folder for the pacing.
    pub fn settings(&self, environment: &Environment, base: Url, key: ApiKey) -> Result<Settings> {
        let mut settings = self.offline(environment)?;
        settings.base = Some(base);
        settings.key = KeySource::Given(key);
        settings.extra_ca.clone_from(&environment.ssl_cert_file);
        Ok(settings)
    }
}

/// The file that the flags, the environment or the platform name.
fn place(overrides: &Overrides, environment: &Environment) -> Result<PathBuf> {
    let named = overrides.config.clone().or_else(|| environment.config.clone());
    named.or_else(|| environment.folders.default_config()).ok_or_else(|| {
        Error::configuration("no folder for the configuration").hint("use --config FILE")
    })
}

/// A key as it was typed or handed over: the first line of a text in UTF-8, or UTF-16 as PowerShell writes it.
///
/// # Errors
/// Why it is no key, to follow what it came from.
pub fn key_of(bytes: &[u8]) -> Result<ApiKey, &'static str> {
    keys::text_line(bytes).and_then(|line| keys::checked(&line))
}
