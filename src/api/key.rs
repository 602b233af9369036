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

    /// A name for what is kept of the account at `base` for this key: 16 hexadecimal digits that tell nothing of either to
    /// whoever has not the `salt`, and nobody finds a key by them.
    #[cfg(feature = "offline")]
    pub(crate) fn mark(&self, salt: &[u8], base: &str) -> String {
        use ring::hmac;
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, salt));
        // No address and no key has a zero byte.
        [base.as_bytes(), &[0], self.0.expose_secret().as_bytes()]
            .iter()
            .for_each(|part| context.update(part));
        context.sign().as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
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

#[cfg(feature = "offline")]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_that_of_key_base_and_salt() {
        let mark = |salt: &[u8], base: &str, key: &str| ApiKey::new(key).mark(salt, base);
        let one = mark(b"salt", "https://a.example/", "fake-key-one");
        assert_eq!(one.len(), 16);
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_eq!(one, mark(b"salt", "https://a.example/", " fake-key-one "));
        for other in [
            mark(b"other", "https://a.example/", "fake-key-one"),
            mark(b"salt", "https://b.example/", "fake-key-one"),
            mark(b"salt", "https://a.example/", "fake-key-two"),
        ] {
            assert_ne!(one, other);
        }
    }
}
