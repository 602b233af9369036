//! Time logs: when people came to work and left. Not every account has them, and without a permission a key sees those of
//! its owner only.

use jiff::Timestamp;
use serde::Deserialize;

use crate::api::fields::{self, Unread};
use crate::api::folder::TIMELOGS;
use crate::api::ids::UserId;
use crate::api::request::List;

/// A time log: work, or a lunch.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Timelog {
    /// Whose it is.
    #[serde(default, deserialize_with = "fields::id")]
    pub user_id: Option<UserId>,
    /// When it began.
    #[serde(default, deserialize_with = "fields::instant")]
    pub in_at: Option<Timestamp>,
    /// When it ended; none while it goes on.
    #[serde(default, deserialize_with = "fields::instant")]
    pub out_at: Option<Timestamp>,
    /// Whether it is a lunch.
    #[serde(default, deserialize_with = "fields::flag")]
    pub lunch: bool,
    /// The fields that are there and cannot be understood.
    #[serde(default)]
    pub unreadable: Unread,
}

impl Timelog {
    /// The fields that say whose time it is, and how long.
    pub const TIME: [&str; 4] = ["user_id", "in_at", "out_at", "lunch"];
}

/// `GET /timelogs`: all that the key may see, or a user's. It cannot be asked for days.
#[must_use]
pub fn of(user: Option<UserId>) -> List<Timelog> {
    let is_theirs = move |log: &Timelog| match log.user_id {
        Some(id) => Some(Some(id) == user),
        None => log.unreadable.among(&["user_id"]).is_none().then_some(false),
    };
    TIMELOGS.list().filter("user_id", user, is_theirs)
}
