//! Users: whom a key belongs to, and the colleagues.

use serde::Deserialize;

use crate::api::fields;
use crate::api::ids::UserId;
use crate::api::request::Get;

/// The key's owner, to whom everything done with it is attributed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Me {
    /// Who.
    pub user_id: UserId,
    /// First and last name.
    #[serde(default, deserialize_with = "fields::text")]
    pub user_name: String,
    /// The log-in.
    #[serde(default, deserialize_with = "fields::text")]
    pub user_email: String,
}

impl Me {
    /// Whether `wanted` means this user: the login or the name, whatever its case.
    #[must_use]
    pub fn is_named(&self, wanted: &str) -> bool {
        let is = |actual: &str| actual.trim().eq_ignore_ascii_case(wanted.trim());
        is(&self.user_email) || is(&self.user_name)
    }
}

/// `GET /me`; its `user_token` is nulled before anyone sees it.
#[must_use]
pub fn me() -> Get<Me> {
    Get::new("/me", None)
}

/// All users, as pairs of id and name.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Users {
    /// The pairs.
    #[serde(deserialize_with = "fields::list")]
    pub users: Vec<(UserId, String)>,
}

/// `GET /users`: ids and full names, no mail addresses.
#[must_use]
pub fn all() -> Get<Users> {
    Get::new("/users", None)
}
