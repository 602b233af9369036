//! The environment, read once and as a value, so that tests bring their own. Empty variables count as unset.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use super::paths::Folders;
use crate::error::{Error, Result};

/// What the environment says, as typed.
#[derive(Clone, Default)]
pub struct Environment {
    /// `SYNCRO_API_KEY`; not shown by `Debug`.
    pub api_key: Option<String>,
    /// `SYNCRO_SUBDOMAIN`.
    pub subdomain: Option<String>,
    /// `SYNCRO_BASE_URL`.
    pub base_url: Option<String>,
    /// `SYNCRO_CONFIG`.
    pub config: Option<PathBuf>,
    /// `SYNCRO_PROFILE`.
    pub profile: Option<String>,
    /// `SYNCRO_STATE_DIR`.
    pub state_dir: Option<PathBuf>,
    /// `SYNCRO_SANDBOX`.
    pub sandbox: bool,
    /// Whether the system's keyring may be used: not with `SYNCRO_KEYRING=0`.
    pub keyring: bool,
    /// `SSL_CERT_FILE`.
    pub ssl_cert_file: Option<PathBuf>,
    /// The platform's folders.
    pub folders: Folders,
}

impl Environment {
    /// This process's environment.
    ///
    /// # Errors
    /// Exit 10 when a variable is not text, or `SYNCRO_SANDBOX` is neither a yes nor a no.
    pub fn of_process() -> Result<Self> {
        Self::from_lookup(|name| std::env::var_os(name), Folders::platform())
    }

    /// The environment that `lookup` answers for.
    ///
    /// # Errors
    /// As for [`Environment::of_process`].
    pub fn from_lookup(
        lookup: impl Fn(&str) -> Option<OsString>,
        folders: Folders,
    ) -> Result<Self> {
        let raw = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let text = |name: &str| {
            raw(name)
                .map(|value| {
                    value
                        .into_string()
                        .map_err(|_| Error::configuration(format!("{name} is not valid text")))
                })
                .transpose()
        };
        let path = |name: &str| raw(name).map(PathBuf::from);
        let flag = |name: &str, wrong: &'static str| {
            let word = text(name)?;
            word.map(|word| yes_or_no(&word).ok_or_else(|| Error::configuration(wrong))).transpose()
        };
        Ok(Self {
            api_key: text("SYNCRO_API_KEY")?,
            subdomain: text("SYNCRO_SUBDOMAIN")?,
            base_url: text("SYNCRO_BASE_URL")?,
            config: path("SYNCRO_CONFIG"),
            profile: text("SYNCRO_PROFILE")?,
            state_dir: path("SYNCRO_STATE_DIR"),
            sandbox: flag("SYNCRO_SANDBOX", SANDBOX)?.unwrap_or(false),
            keyring: flag("SYNCRO_KEYRING", KEYRING)?.unwrap_or(true),
            ssl_cert_file: path("SSL_CERT_FILE"),
            folders,
        })
    }
}

/// A word that is neither is refused: read as a no, it would send practice to the live account.
const SANDBOX: &str = "SYNCRO_SANDBOX must be 1 (practice) or 0 (the live account)";

/// Read as a yes, it would leave a key where nobody wants it.
const KEYRING: &str =
    "SYNCRO_KEYRING must be 1 (the system's keyring may be used) or 0 (it may not)";

/// A flag; nothing for a word that is neither.
fn yes_or_no(word: &str) -> Option<bool> {
    match word.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("api_key", &self.api_key.as_ref().map(|_| "***"))
            .field("subdomain", &self.subdomain)
            .field("config", &self.config)
            .field("profile", &self.profile)
            .field("state_dir", &self.state_dir)
            .field("sandbox", &self.sandbox)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    fn of(pairs: &[(&str, &str)]) -> Result<Environment> {
        Environment::from_lookup(
            |name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value))
            },
            Folders::default(),
        )
    }

    #[test]
    fn empty_is_unset_and_debug_hides_the_key() {
        let environment =
            of(&[("SYNCRO_API_KEY", "T-secret"), ("SYNCRO_SUBDOMAIN", ""), ("SYNCRO_SANDBOX", "")])
                .unwrap();
        assert_eq!(environment.subdomain, None);
        assert!(!environment.sandbox);
        assert!(!format!("{environment:?}").contains("secret"));
    }

    #[test]
    fn an_unclear_flag_is_refused() {
        assert!(of(&[("SYNCRO_SANDBOX", "1")]).unwrap().sandbox);
        assert!(!of(&[("SYNCRO_SANDBOX", "0")]).unwrap().sandbox);
        assert!(of(&[]).unwrap().keyring && of(&[("SYNCRO_KEYRING", "yes")]).unwrap().keyring);
        assert!(!of(&[("SYNCRO_KEYRING", "0")]).unwrap().keyring);
        for name in ["SYNCRO_SANDBOX", "SYNCRO_KEYRING"] {
            assert!(of(&[(name, "maybe")]).unwrap_err().message.starts_with(name));
        }
    }
}
