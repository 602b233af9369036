//! One request, read as far as it can be without knowing what it is for.
//!
//! Which handler it goes to is left to `routes.rs`.

use jiff::Timestamp;

use super::kind::Kind;
use super::state::{State, Table};
use super::value::{Record, text};

/// One request.
#[derive(Clone, Debug, Default)]
pub(super) struct Call {
    pub(super) method: String,
    /// The path below the prefix, without its slashes.
    pub(super) path: Vec<String>,
    pub(super) query: Vec<(String, String)>,
    pub(super) body: Record,
    /// True when the body was declared as JSON and is JSON.
    pub(super) readable: bool,
    /// Owner of the key.
    pub(super) user: i64,
    pub(super) now: Timestamp,
    /// Entries on a page of a list.
    pub(super) list_page: usize,
    /// Fault that strikes this request, for the handlers that act on it.
    pub(super) fault: Option<Kind>,
}

impl Call {
    /// Returns a query parameter; the last one counts if it was given twice.
    pub(super) fn asked(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .rev()
            .find(|(known, value)| known == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// Returns a query parameter that is an id.
    pub(super) fn asked_id(&self, name: &str) -> Option<i64> {
        self.asked(name)?.parse().ok()
    }

    /// Returns the parts of the path.
    pub(super) fn segments(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// Returns true when the request may change something.
    pub(super) fn writes(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }

    /// Returns the name of the key's owner.
    pub(super) fn user_name<'a>(&self, state: &'a State) -> &'a str {
        state.get(Table::Users, self.user).map_or("", |user| text(user, "full_name"))
    }
}
