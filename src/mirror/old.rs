//! What is closed and older than is wanted is dropped: tickets with what is theirs, paid invoices, and old lines of invoices
//! that are not here. From when on there is all of it is known from then on.

use jiff::Timestamp;

use super::kinds::Kind;
use super::row::moment;
use super::store::{HORIZON, Pen, READ, key};
use crate::names;

impl Pen<'_> {
    /// Drops what is closed and has not changed since `before`, and says how many tickets and invoices that were.
    pub(super) fn drop_closed(
        &self,
        before: Timestamp,
        closed: &[String],
    ) -> rusqlite::Result<usize> {
        for kind in Kind::ALL.into_iter().filter(|kind| kind.has_horizon() || *kind == Kind::Lines)
        {
            self.begins_at(kind, before)?;
        }
        let before = moment(before);
        let sql = "SELECT id, state FROM rec WHERE kind = 'tickets' AND updated_at < ?";
        let mut statement = self.db().prepare(sql)?;
        let tickets: Vec<(i64, Option<String>)> = statement
            .query_map([&before], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let is_closed = |state: &String| closed.iter().any(|one| names::same(one, state));
        let tickets =
            tickets.into_iter().filter(|(_, state)| state.as_ref().is_some_and(is_closed));
        let mut dropped = 0;
        for (id, _) in tickets {
            for (kind, by) in [
                (Kind::Tickets, "id"),
                (Kind::Details, "id"),
                (Kind::Comments, "ticket_id"),
                (Kind::Timers, "ticket_id"),
            ] {
                self.drop_where(kind, &format!("{by} = {id}"))?;
            }
            dropped += 1;
        }
        // What is not clearly paid stays.
        let paid = format!("updated_at < '{before}' AND json ->> '$.is_paid' IN (1, '1', 'true')");
        dropped += self.drop_where(Kind::Invoices, &paid)?;
        // Without invoices nobody knows whose a line is; a young one may be of an invoice that is still to be read.
        if self.known::<Timestamp>(&key(Kind::Invoices, READ))?.is_some() {
            let there = "SELECT id FROM rec WHERE kind = 'invoices'";
            let of_none = format!(
                "updated_at < '{before}' AND CAST(json ->> '$.invoice_id' AS INTEGER) NOT IN ({there})"
            );
            self.drop_where(Kind::Lines, &of_none)?;
        }
        Ok(dropped)
    }

    /// Of what there is of a kind, all is kept from then on at the earliest.
    fn begins_at(&self, kind: Kind, before: Timestamp) -> rusqlite::Result<()> {
        let horizon: Option<Timestamp> = self.known(&key(kind, HORIZON))?;
        let is_read = self.known::<Timestamp>(&key(kind, READ))?.is_some();
        match is_read && horizon.is_none_or(|horizon| horizon < before) {
            true => self.know(&key(kind, HORIZON), &before),
            false => Ok(()),
        }
    }

    /// Drops the records of a kind that a test is true of; no value of the server's is in it.
    fn drop_where(&self, kind: Kind, test: &str) -> rusqlite::Result<usize> {
        let sql = format!("SELECT rowid, id FROM rec WHERE kind = ? AND {test}");
        let mut statement = self.db().prepare(&sql)?;
        let found: Vec<(i64, i64)> = statement
            .query_map([kind.name()], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        for (place, id) in &found {
            self.unindex(*place, kind, *id)?;
            self.db().execute("DELETE FROM rec WHERE rowid = ?", [place])?;
        }
        Ok(found.len())
    }
}
