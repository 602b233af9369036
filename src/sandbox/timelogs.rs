//! When people came to work and left. A lunch is an entry of its own, within the time between.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::listing::{page, same_id};
use super::reply::Reply;
use super::state::{State, Table};
use super::value::{Record, integer, parse_instant, public, text};

/// `GET /timelogs`: the latest first, without `meta`.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let mut found: Vec<&Record> =
        state.all(Table::Timelogs).filter(|log| same_id(call, log, "user_id")).collect();
    sorting::sort_by_key(&mut found, |log| Reverse(parse_instant(text(log, "in_at"))));
    let (found, _) = page(call, found, call.list_page);
    let logs: Vec<Value> = found.into_iter().map(|log| Value::Object(public(log))).collect();
    Reply::ok(json!({ "timelogs": logs }))
}

/// `GET /timelogs/last`: that of the key's owner, where no user is named.
pub(super) fn last(state: &State, call: &Call) -> Reply {
    let user = call.asked("user_id").and_then(|user| user.parse().ok()).unwrap_or(call.user);
    let theirs = state.all(Table::Timelogs).filter(|log| integer(log, "user_id") == Some(user));
    let last = theirs.max_by_key(|log| parse_instant(text(log, "in_at")));
    Reply::flat(last.map(public))
}
