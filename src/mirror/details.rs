//! Tickets as their own pages have them: which are due, and what is kept of one. Lines, timers, assets and attachments are
//! nowhere else.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::kinds::Kind;
use super::row::{Row, moment};
use super::store::{Put, Store};
use crate::error::Result;
use crate::names;

/// What is not closed, or has been for a short while, is read again after so long: whether a new line or timer moves a
/// ticket's `updated_at`, nobody has promised.
pub(super) const OLD: SignedDuration = SignedDuration::from_hours(12);

/// A ticket that was closed longer ago is left alone.
pub(super) const SETTLED: SignedDuration = SignedDuration::from_hours(45 * 24);

/// The tickets whose own pages are due, or all of them, the latest changed first: with it when the list says that each changed.
pub(super) fn due(
    store: &Store,
    now: Timestamp,
    closed: &[String],
    all: bool,
) -> Result<Vec<(i64, Option<String>)>> {
    let before = |span| moment(now.checked_sub(span).unwrap_or(Timestamp::MIN));
    let sql = "SELECT t.id, t.updated_at, t.state, \
               d.id IS NULL OR d.gone IS NOT NULL OR d.updated_at IS NOT t.updated_at, \
               t.updated_at > ?2 \
               FROM rec t LEFT JOIN rec d ON d.kind = 'details' AND d.id = t.id \
               WHERE t.kind = 'tickets' AND t.gone IS NULL AND \
               (d.id IS NULL OR d.gone IS NOT NULL OR d.updated_at IS NOT t.updated_at OR d.seen < ?1) \
               ORDER BY t.updated_at DESC, t.id DESC";
    let read = |row: &rusqlite::Row<'_>| {
        let state: Option<String> = row.get(2)?;
        let is_open = !state.is_some_and(|state| closed.iter().any(|one| names::same(one, &state)));
        let is_due =
            all || row.get(3)? || is_open || row.get::<_, Option<bool>>(4)?.unwrap_or(true);
        Ok(is_due.then_some((row.get(0)?, row.get(1)?)))
    };
    let found = store.db().prepare(sql).and_then(|mut statement| {
        let rows = statement.query_map(
            [before(if all { SignedDuration::ZERO } else { OLD }), before(SETTLED)],
            read,
        )?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    });
    Ok(found.map_err(|error| store.told(error))?.into_iter().flatten().collect())
}

/// Keeps a ticket's own page, which its list says changed at that time, and what is part of it.
pub(super) fn keep(
    store: &mut Store,
    mut page: Value,
    (id, changed): (i64, Option<String>),
    seen: Timestamp,
    bodies: bool,
) -> Result<Put> {
    let comments = part(&mut page, "comments");
    let timers = page["ticket_timers"].as_array().cloned();
    let Some(row) = Row::of(Kind::Details, page, bodies) else {
        return Ok(Put::Same);
    };
    // When the list will say so again, nothing has changed.
    let row = Row { id, updated_at: changed, ..row };
    store.together(|pen| {
        for comment in comments.into_iter().flatten() {
            if let Some(row) = Row::on_ticket(Kind::Comments, comment, id, bodies) {
                pen.put(&row, seen, true)?;
            }
        }
        if let Some(timers) = timers {
            let rows =
                timers.into_iter().map(|timer| Row::on_ticket(Kind::Timers, timer, id, bodies));
            let rows: Option<Vec<Row>> = rows.collect();
            for row in rows.iter().flatten() {
                pen.put(row, seen, true)?;
            }
            // One without an id may be any of them.
            if let Some(rows) = rows {
                let there: Vec<i64> = rows.iter().map(|row| row.id).collect();
                pen.gone_beside(Kind::Timers, id, &there, seen)?;
            }
        }
        pen.put(&row, seen, false)
    })
}

/// A list that is kept apart from the record that it came with.
pub(super) fn part(record: &mut Value, name: &str) -> Option<Vec<Value>> {
    match record.as_object_mut()?.shift_remove(name)? {
        Value::Array(items) => Some(items),
        _ => None,
    }
}
