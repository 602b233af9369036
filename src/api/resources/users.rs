//! Users: whom a key belongs to, and the colleagues.

use serde::Deserialize;
use serde_json::Value;

use crate::api::ids::UserId;
use crate::api::request::Get;
use crate::api::{decode, fields};
use crate::names;

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
        names::same(&self.user_email, wanted) || names::same(&self.user_name, wanted)
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
    /// The pairs, as they come.
    #[serde(deserialize_with = "fields::list")]
    pub users: Vec<Value>,
}

impl Users {
    /// Those that can be read.
    #[must_use]
    pub fn known(&self) -> Vec<(UserId, String)> {
        self.users.iter().filter_map(|user| decode::read(user).ok()).collect()
    }
}

/// `GET /users`: ids and full names, no mail addresses.
#[must_use]
pub fn all() -> Get<Users> {
    Get::new("/users", None)
}
