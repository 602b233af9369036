//! The API key as a type that cannot be printed. Only the transport reads it, and what stores it for the next run.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// The account's API key. `Debug` and `Display` show nothing of it, nor does any error.
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Takes a key, without white space around it.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(SecretString::from(key.trim().to_owned()))
    }

    /// The key itself, for the transport and the key's store alone.
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}
