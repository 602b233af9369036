//! What was said: comments that have words, from the index of all of them.

use rusqlite::params;
use serde_json::Value;

use super::store::Store;
use crate::error::Result;

/// So many words are looked for; a pasted page has more, and means nothing by them.
const WORDS: usize = 32;

/// More that fit are not counted: it would take longer than finding them.
pub const COUNTED: i64 = 1000;

/// A comment that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The comment, as the API has it, but for what is never kept.
    pub comment: Value,
    /// Its ticket, in the same way; nothing where that is not kept.
    pub ticket: Option<Value>,
}

impl Store {
    /// The comments in which all these words are, or words that begin with them, the newest first: `most` of them, and
    /// how many there are, counted no further than [`COUNTED`]. Case and accents do not matter.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn said(&self, words: &str, most: usize) -> Result<(Vec<Said>, u64)> {
        let Some(query) = query(words) else {
            return Ok((Vec::new(), 0));
        };
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let found = self.found(&query, most).map_err(|error| self.told(error))?;
        let shown = u64::try_from(found.len()).unwrap_or(u64::MAX);
        let sql = "SELECT count(*) FROM (SELECT 1 FROM fts_said WHERE fts_said MATCH ? LIMIT ?)";
        let values = params![query, COUNTED + 1];
        let count = self.db().query_row(sql, values, |row| row.get::<_, i64>(0));
        let count = count.map_err(|error| self.told(error))?.unsigned_abs();
        Ok((found, count.max(shown)))
    }

    fn found(&self, query: &str, most: i64) -> rusqlite::Result<Vec<Said>> {
        let sql = "SELECT c.json, c.ticket_id, t.json FROM fts_said f \
                   JOIN rec c ON c.kind = 'comments' AND c.id = f.rowid \
                   LEFT JOIN rec t ON t.kind = 'tickets' AND t.id = c.ticket_id \
                   WHERE fts_said MATCH ? ORDER BY f.rowid DESC LIMIT ?";
        let mut statement = self.db().prepare(sql)?;
        let rows = statement.query_map(params![query, most], |row| {
            let read = |text: String| serde_json::from_str(&text).unwrap_or_default();
            let mut comment: Value = read(row.get(0)?);
            // One that came with its ticket does not say which that is.
            if comment["ticket_id"].is_null() {
                comment["ticket_id"] = row.get::<_, Option<i64>>(1)?.into();
            }
            Ok(Said { comment, ticket: row.get::<_, Option<String>>(2)?.map(read) })
        })?;
        rows.collect()
    }
}

/// The words as the index takes them; nothing where there is none.
fn query(words: &str) -> Option<String> {
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<String> = words.take(WORDS).map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_is_a_command_to_the_index() {
        for (typed, asked) in [
            ("gift receipts", Some("\"gift\"* \"receipts\"*")),
            (
                "NEAR(a b) OR subject:x* -\"y\"",
                Some("\"NEAR\"* \"a\"* \"b\"* \"OR\"* \"subject\"* \"x\"* \"y\"*"),
            ),
            ("--  \"", None),
            ("", None),
        ] {
            assert_eq!(query(typed).as_deref(), asked, "{typed}");
        }
    }
}
