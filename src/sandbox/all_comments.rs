//! The comments of all tickets.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::sorting;

use super::call::Call;
use super::listing::{page, place};
use super::reply::Reply;
use super::state::{State, Table};
use super::value::{Record, integer, parse_instant, text};
use super::{comments, tickets};

/// `GET /ticket_comments`: those of all tickets, ticket by ticket, the newest of each first. Nearly all that is asked for is
/// about the tickets.
pub(super) fn list(state: &State, call: &Call) -> Reply {
    let limit = |side: &str| call.asked(&format!("comment_created_{side}")).and_then(parse_instant);
    let (after, before, only) = (limit("after"), limit("before"), call.asked_id("ticket_id"));
    let at = |comment: &Record| parse_instant(text(comment, "created_at"));
    // A ticket is judged once, however many comments it has.
    let mut judged: BTreeMap<i64, bool> = BTreeMap::new();
    let mut is_wanted = |comment: &&Record| {
        let ticket = integer(comment, "ticket_id");
        let Some(id) = ticket.filter(|id| only.is_none_or(|only| only == *id)) else {
            return false;
        };
        let judge = || {
            let ticket = state.get(Table::Tickets, id);
            ticket.is_some_and(|ticket| tickets::wanted(state, call, ticket))
        };
        *judged.entry(id).or_insert_with(judge)
            && after.is_none_or(|after| at(comment) > Some(after))
            && before.is_none_or(|before| at(comment) < Some(before))
    };
    let mut found: Vec<&Record> =
        state.all(Table::Comments).filter(|comment| is_wanted(comment)).collect();
    let ticket = |comment: &Record| integer(comment, "ticket_id");
    sorting::sort_by_key(&mut found, |comment| ticket(comment));
    let asked = call.asked("per_page").and_then(|count| count.parse().ok());
    let per_page =
        asked.filter(|count| *count > 0).unwrap_or(call.list_page).min(comments::MOST_PER_PAGE);
    // The newest first, of the tickets on this page: of many thousands each date would take its time.
    let place = place(call, per_page);
    let first = found.get(place.start).map_or(0, |first| ticket(first).unwrap_or_default());
    let end = place.end.min(found.len());
    let last = end.checked_sub(1).and_then(|last| ticket(found.get(last)?)).unwrap_or_default();
    let begins = found.partition_point(|comment| ticket(comment) < Some(first));
    let ends = found.partition_point(|comment| ticket(comment) <= Some(last));
    if let Some(shown) = found.get_mut(begins..ends) {
        sorting::sort_by_key(shown, |comment| {
            (ticket(comment), Reverse((at(comment), integer(comment, "id"))))
        });
    }
    let (found, mut meta) = page(call, found, per_page);
    meta.remove("total_entries");
    let format = call.asked("comment_format");
    let shown: Vec<Value> =
        found.into_iter().map(|comment| comments::shown(state, comment, format)).collect();
    Reply::ok(json!({"comments": shown, "meta": meta}))
}
