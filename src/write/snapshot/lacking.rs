//! Whether a look has seen nothing of a list, and why.

use super::Snapshot;
use super::lack::Lack;
use crate::write::collection::Collection;

impl Snapshot {
    /// Whether the account has no such list, as the look has found.
    pub fn has_no_such(&self, collection: &Collection) -> bool {
        self.lack(collection) == Some(Lack::None)
    }

    /// Whether the list could not be read: it may have anything.
    pub fn is_blind_to(&self, collection: &Collection) -> bool {
        self.lack(collection) == Some(Lack::Unread)
    }

    /// Whether nothing of it was seen, for either reason.
    pub fn shows_none(&self, collection: &Collection) -> bool {
        self.lack(collection).is_some()
    }

    fn lack(&self, collection: &Collection) -> Option<Lack> {
        self.collections.get(collection)?.lack
    }
}
