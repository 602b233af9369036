//! What a shell completes with after a sync: the records that changed last, and tickets that are open, however old.

use rusqlite::params_from_iter;
use serde_json::Value;

use super::kinds::Kind;
use super::narrowed::Narrowed;
use super::store::Store;
use crate::error::Result;
use crate::names;

impl Store {
    /// The records of a kind that changed last, `most` of them; of tickets, as many that are open beside those.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn latest(&self, kind: Kind, most: usize, closed: &[String]) -> Result<Vec<Value>> {
        let read = || -> rusqlite::Result<Vec<Value>> {
            let Narrowed { test, values, .. } = Narrowed::enabled(kind);
            let sql = format!(
                "SELECT rowid, state FROM rec WHERE {test} AND gone IS NULL \
                 ORDER BY updated_at DESC, id DESC"
            );
            let mut all = self.db().prepare(&sql)?;
            let mut rows = all.query(params_from_iter(values))?;
            let sql = "SELECT json FROM rec WHERE rowid = ?";
            let mut one = self.db().prepare(sql)?;
            let (mut records, mut read, mut open) = (Vec::new(), 0, 0);
            while let Some(row) = rows.next()? {
                let state: Option<String> = row.get(1)?;
                let is_open = kind == Kind::Tickets
                    && !state.is_some_and(|state| names::is_among(&state, closed));
                open += usize::from(is_open);
                read += 1;
                let place = if is_open { open } else { read };
                if place <= most {
                    let json: String = one.query_row([row.get::<_, i64>(0)?], |row| row.get(0))?;
                    records.push(serde_json::from_str(&json).unwrap_or_default());
                }
            }
            Ok(records)
        };
        read().map_err(|error| self.told(error))
    }
}
