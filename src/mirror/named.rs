//! Tickets by what people remember of them: words of the subject, the customer's name or mail address, an asset's name or
//! serial number.

use std::collections::HashSet;

use rusqlite::params;
use serde_json::Value;

use super::kinds::Kind;
use super::store::Store;
use crate::error::Result;

/// Shorter words are in no index of three letters.
const LETTERS: usize = 3;

/// Of so many records that fit the tickets are looked up, or of as many as tickets are wanted.
const FITTING: usize = 200;

impl Store {
    /// The tickets that these words name, the latest changed first: `most` of them, and whether there may be more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn tickets_named(&self, words: &str, most: usize) -> Result<(Vec<Value>, bool)> {
        let words: Vec<&str> = words.split_whitespace().collect();
        if words.is_empty() {
            return Ok((Vec::new(), false));
        }
        let limit = FITTING.max(most);
        // One more shows that there are more.
        let found = self.fitting(&words, limit.saturating_add(1)).and_then(|mut fitting| {
            let is_cut = fitting.len() > limit;
            fitting.truncate(limit);
            let mut found = self.tickets_of(&fitting, most.saturating_add(1))?;
            let more = is_cut || found.len() > most;
            found.truncate(most);
            Ok((found, more))
        });
        found.map_err(|error| self.told(error))
    }

    /// The records whose names have all these words, the latest kept first: kind, id and customer. Customers and assets are
    /// read after tickets, of which a common word names more than are looked up, and which the server finds by itself.
    fn fitting(
        &self,
        words: &[&str],
        most: usize,
    ) -> rusqlite::Result<Vec<(String, i64, Option<i64>)>> {
        let is_short = words.iter().any(|word| word.chars().count() < LETTERS);
        let (test, values): (String, Vec<String>) = match is_short {
            true => (
                vec!["names LIKE ? ESCAPE '\\'"; words.len()].join(" AND "),
                words.iter().map(|word| format!("%{}%", escaped(word))).collect(),
            ),
            false => {
                let phrases = words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\"")));
                ("fts_names MATCH ?".to_owned(), vec![phrases.collect::<Vec<_>>().join(" ")])
            }
        };
        let sql = format!(
            "SELECT r.kind, r.id, r.customer_id FROM fts_names JOIN rec r ON r.rowid = fts_names.rowid \
             WHERE {test} ORDER BY fts_names.rowid DESC LIMIT {}",
            limit(most)
        );
        let mut statement = self.db().prepare(&sql)?;
        let rows = statement.query_map(rusqlite::params_from_iter(values), |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        rows.collect()
    }

    fn tickets_of(
        &self,
        fitting: &[(String, i64, Option<i64>)],
        most: usize,
    ) -> rusqlite::Result<Vec<Value>> {
        let mut found: Vec<(Option<String>, i64, Value)> = Vec::new();
        let mut known = HashSet::new();
        for (kind, id, customer) in fitting {
            let (test, value) = match Kind::named(kind) {
                Some(Kind::Tickets) => ("t.id = ?1", *id),
                Some(Kind::Customers) => ("t.customer_id = ?1", *id),
                // The ticket's own page says which assets it is about; an asset is its customer's.
                Some(Kind::Assets) => (
                    "t.customer_id IS ?3 AND EXISTS (SELECT 1 FROM rec d, json_each(d.json, '$.assets') a \
                     WHERE d.kind = 'details' AND d.id = t.id AND a.value ->> 'id' = ?1)",
                    *id,
                ),
                _ => continue,
            };
            let sql = format!(
                "SELECT t.updated_at, t.id, t.json FROM rec t WHERE t.kind = 'tickets' AND t.gone IS NULL \
                 AND {test} AND ?3 IS ?3 ORDER BY t.updated_at DESC LIMIT ?2"
            );
            let mut statement = self.db().prepare(&sql)?;
            let rows = statement.query_map(params![value, limit(most), customer], |row| {
                let json: String = row.get(2)?;
                Ok((row.get(0)?, row.get(1)?, serde_json::from_str(&json).unwrap_or_default()))
            })?;
            for row in rows {
                let row: (Option<String>, i64, Value) = row?;
                if known.insert(row.1) {
                    found.push(row);
                }
            }
        }
        found.sort_by(|one, other| (&other.0, other.1).cmp(&(&one.0, one.1)));
        found.truncate(most);
        Ok(found.into_iter().map(|(_, _, ticket)| ticket).collect())
    }
}

/// As many as the library can count.
fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// A word whose signs mean nothing to `LIKE`.
fn escaped(word: &str) -> String {
    let mut out = String::new();
    for letter in word.chars() {
        if "%_\\".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}
