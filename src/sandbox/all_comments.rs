//! The comments of all tickets.

use std::cmp::Reverse;

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::listing::page;
use super::reply::Reply;
use super::state::{State, Table};
use super::value::{Record, integer, parse_instant, text};
use super::{comments, tickets};

/// `GET /ticket_comments`: those of all tickets, ticket by ticket, the newest of each first. Nearly all that is asked for is
/// about the tickets.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let limit = |side: &str| call.asked(&format!("comment_created_{side}")).and_then(parse_instant);
    let is_wanted = |comment: &&Record| {
        let at = parse_instant(text(comment, "created_at"));
        let ticket = integer(comment, "ticket_id");
        let ticket = ticket.and_then(|id| state.get(Table::Tickets, id));
        call.asked_id("ticket_id").is_none_or(|id| integer(comment, "ticket_id") == Some(id))
            && ticket.is_some_and(|ticket| tickets::wanted(state, call, ticket))
            && limit("after").is_none_or(|after| at > Some(after))
            && limit("before").is_none_or(|before| at < Some(before))
    };
    let mut found: Vec<&Record> = state.all(Table::Comments).filter(is_wanted).collect();
    sorting::sort_by_key(&mut found, |comment| {
        let newest = Reverse((parse_instant(text(comment, "created_at")), integer(comment, "id")));
        (integer(comment, "ticket_id"), newest)
    });
    let asked = call.asked("per_page").and_then(|count| count.parse().ok());
    let per_page =
        asked.filter(|count| *count > 0).unwrap_or(call.list_page).min(comments::MOST_PER_PAGE);
    let (found, mut meta) = page(call, found, per_page);
    meta.remove("total_entries");
    let format = call.asked("comment_format");
    let shown: Vec<Value> =
        found.into_iter().map(|comment| comments::shown(state, comment, format)).collect();
    Reply::ok(json!({"comments": shown, "meta": meta}))
}
