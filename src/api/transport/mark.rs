//! What the mirror of an account is called, which depends on the key: it does not leave this room.

use super::Transport;

impl Transport {
    /// A name for what is kept of the account called `base` as this connection's key sees it; see `ApiKey::mark`.
    #[must_use]
    pub fn mark(&self, salt: &[u8], base: &str) -> String {
        self.connection.key.mark(salt, base)
    }
}
